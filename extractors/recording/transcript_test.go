package recording

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

// show writes utterances one a line.
func show(us []document.Utterance) string {
	var b strings.Builder
	for _, u := range us {
		fmt.Fprintf(&b, "%d %g-%g %s: %s\n", u.ID, u.Start, u.End, u.Speaker, u.Text)
	}
	return b.String()
}

func TestParseTranscript(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, in, want string }{
		{"WebVTT with voices", "a.vtt", "WEBVTT\n\nNOTE a note\n\n1\n00:00:01.000 --> 00:00:03.500 align:start\n<v 王伟>合同金额是三十五万。</v>\n\n00:04.000 --> 00:06.000\n<v Li Lei>Fine &amp; good.</v>\n",
			"1 1-3.5 王伟: 合同金额是三十五万。\n2 4-6 Li Lei: Fine & good.\n"},
		{"two voices in a cue", "a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 甲>好</v> <v 乙>行</v>\n", "1 1-2 甲: 好\n2 1-2 乙: 行\n"},
		{"SubRip", "a.srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\n第一句，\r\n接着。\r\n\r\n2\r\n00:00:02,000 --> 00:00:04,000\r\nHello <i>there</i>\r\n",
			"1 1-2 : 第一句，接着。\n2 2-4 : Hello there\n"},
		{"SubRip without blank lines", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n甲\n2\n00:00:03,000 --> 00:00:04,000\n乙\n", "1 1-2 : 甲\n2 3-4 : 乙\n"},
		{"names before colons", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n张三：进度如何？\n\n2\n00:00:03,000 --> 00:00:04,000\n李四：正常。\n", "1 1-2 张三: 进度如何？\n2 3-4 李四: 正常。\n"},
		{"one colon is no name", "a.srt", "1\n00:00:01,000 --> 00:00:02,000\n注意：开会\n\n2\n00:00:03,000 --> 00:00:04,000\n好的\n\n3\n00:00:05,000 --> 00:00:06,000\n再见\n", "1 1-2 : 注意：开会\n2 3-4 : 好的\n3 5-6 : 再见\n"},
		{"a sentence cut in two", "a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v 王>我们的合\n\n00:02.000 --> 00:03.000\n<v 王>同金额。\n", "1 1-3 王: 我们的合同金额。\n"},
		{"times in brackets", "a.txt", "[00:00:01] 张三: 开始吧\n[00:00:05] 李四: 好\n[00:01:10] 张三: 结束\n", "1 1-5 张三: 开始吧\n2 5-70 李四: 好\n3 70-72 张三: 结束\n"},
		{"name, time, text below", "a.txt", "项目周会\n2024-03-05\n\n张三 00:00:01\n开始吧\n\n李四 00:00:05\n好，\n我来说\n\n张三 00:01:10\n结束\n", "1 1-5 张三: 开始吧\n2 5-70 李四: 好，我来说\n3 70-72 张三: 结束\n"},
		{"name(time): text", "a.txt", "王伟(00:00:01): 一\n李雷(00:00:03): 二\n王伟(00:00:05): 三\n", "1 1-3 王伟: 一\n2 3-5 李雷: 二\n3 5-7 王伟: 三\n"},
		{"by the wall's clock", "a.txt", "[10:30:00] 张三: 开始\n[10:30:10] 李四: 好\n[10:30:20] 张三: 完\n", "1 0-10 张三: 开始\n2 10-20 李四: 好\n3 20-22 张三: 完\n"},
		{"our own JSON", "a.json", `{"title":"周会","date":"2024-03-05","utterances":[{"id":7,"start":1,"end":2,"speaker":"甲","text":"好"}]}`, "1 1-2 甲: 好\n"},
		{"a service's JSON", "a.json", `{"text":"all","segments":[{"start":0.5,"end":1,"text":" hello "},{"start":1,"end":2,"text":" "}]}`, "1 0.5-1 : hello\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tr, ok := ParseTranscript(tt.file, []byte(tt.in))
			if !ok {
				t.Fatal("not a transcript")
			}
			if got := show(tr.Utterances); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestNoTranscript(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an agenda":                     "10:30 开场\n11:00 讨论\n11:30 结束\n",
		"a log":                         "[10:30:00] INFO: started\n[10:30:01] ERROR: failed\n[10:30:02] INFO: done\n",
		"a log with levels in brackets": "[10:30:00] [info] started\n[10:30:01] [warn] low\n[10:30:02] [info] done\n",
		"prose":                         "我们在 10:30 开会，讨论了合同。\n\n结论：可以签。\n",
		"two turns":                     "[00:00:01] 张三: 好\n[00:00:02] 李四: 好\n",
		"broken":                        `{"utterances":[`,
		"backwards":                     "[00:03:00] 张三: 一\n[00:02:00] 李四: 二\n[00:01:00] 张三: 三\n",
		"empty cues":                    "WEBVTT\n\n00:01.000 --> 00:02.000\n\n",
	} {
		if tr, ok := ParseTranscript("a.txt", []byte(text)); ok {
			t.Errorf("%s is taken for a transcript: %s", name, show(tr.Utterances))
		}
	}
}

func TestTranscriptDetection(t *testing.T) {
	t.Parallel()
	srt := "1\n00:00:01,000 --> 00:00:02,000\n甲\n"
	wide, _ := simplifiedchinese.GB18030.NewEncoder().String("[00:00:01] 张三: 开始吧\n[00:00:05] 李四: 好\n[00:01:10] 张三: 结束\n")
	tests := []struct{ name, file, data, want string }{
		{"vtt by content", "a.txt", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", "vtt"},
		{"vtt with a mark", "a", "\ufeffWEBVTT - title\n", "vtt"},
		{"srt by content", "a.txt", srt, "srt"},
		{"srt by name", "a.srt", "\n\n" + srt, "srt"},
		{"json", "a.json", `{"segments":[{"start":0,"end":1,"text":"x"}]}`, "transcript-json"},
		{"other json", "a.json", `{"name":"x"}`, ""},
		{"talk in GB18030", "a.txt", wide, "transcript-txt"},
		{"a letter", "a.txt", "您好：\n请查收附件。\n此致\n敬礼\n", ""},
		{"a log by name", "a.log", "[00:00:01] a: b\n[00:00:02] a: b\n[00:00:03] a: b\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, f := range append(Formats(), TranscriptText) {
				if f.Detect(input(tt.file, []byte(tt.data))) {
					got = f.Name
					break
				}
			}
			if got != tt.want {
				t.Errorf("detected as %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTranscriptDocument(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("WEBVTT\n\n")
	for i := range 100 {
		fmt.Fprintf(&b, "00:%02d:%02d.000 --> 00:%02d:%02d.000\n<v %s>%s。\n\n", i/10, i%10*6, i/10, i%10*6+5, []string{"王伟", "李雷"}[i%2], strings.Repeat("讨论", 10))
	}
	doc := read(t, VTT, input("a.vtt", []byte(b.String())))
	if doc.Transcript == nil || len(doc.Transcript.Utterances) != 100 || doc.Language != "zh" || len(doc.People) != 2 {
		t.Fatalf("language %q, people %v", doc.Language, doc.People)
	}
	last := -1.0
	for _, s := range doc.Sections {
		if s.Position.Start == nil || *s.Position.Start <= last || !strings.HasPrefix(s.Text, "王伟: ") && !strings.HasPrefix(s.Text, "李雷: ") {
			t.Errorf("section %+v", s)
		}
		last = *s.Position.Start
	}
	if n := len(doc.Sections); n < 3 || n > 8 {
		t.Errorf("%d sections", n)
	}
}

// What is taken for talk and is none is a text, which needs no recording.
func TestTalkWithoutWords(t *testing.T) {
	t.Parallel()
	list := strings.Repeat("00:1f.2 SATA controller: Intel Corporation 8 Series [AHCI mode]\n00:1c.0 PCI bridge: Intel Corporation 8 Series\n", 20)
	doc := read(t, TranscriptText, input("lspci.txt", []byte(list)))
	if doc.Kind != document.KindText || doc.Transcript != nil || len(doc.Sections) != 1 {
		t.Errorf("kind %q, %d sections", doc.Kind, len(doc.Sections))
	}
}

func TestSidecar(t *testing.T) {
	t.Parallel()
	tests := []struct {
		recording  string
		candidates []string
		want       string
	}{
		{"周会.mp3", []string{"周会.txt", "周会.vtt", "其他.vtt"}, "周会.vtt"},
		{"周会.mp3", []string{"周会.mp3.srt"}, "周会.mp3.srt"},
		{"周会.mp3", []string{"周会-文字记录.txt"}, "周会-文字记录.txt"},
		{"周会.mp3", []string{"周会_转写结果.zh-cn.docx"}, "周会_转写结果.zh-cn.docx"},
		{"周会.mp3", []string{"周会纪要.txt"}, ""},
		{"a.mp4", []string{"a.en.vtt", "a.zh.vtt"}, "a.en.vtt"},
		{"a.mp4", []string{"a_enterprise.vtt"}, ""},
		{"Weekly.MP3", []string{"weekly.VTT"}, "weekly.VTT"},
		{"GMT20240305-023000_Recording_1920x1080.mp4", []string{"GMT20240305-023000_Recording.transcript.vtt"}, "GMT20240305-023000_Recording.transcript.vtt"},
		{"a.mp3", []string{"ab.vtt", "a.pdf", "a.mp3"}, ""},
		{"a.mp3", nil, ""},
	}
	for _, tt := range tests {
		if got, ok := Sidecar(tt.recording, tt.candidates); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s among %v: %q, want %q", tt.recording, tt.candidates, got, tt.want)
		}
	}
}

func TestDateFromName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"2024-03-05 10.30 周会.mp3":        "2024-03-05",
		"20240305_1030.m4a":              "2024-03-05",
		"GMT20240305-023000_Recording":   "2024-03-05T02:30:00Z",
		"华信2024年3月5日评审.wav":              "2024-03-05",
		"会议_2024.3.5.mp3":                "2024-03-05",
		"电话13820240305.mp3":              "",
		"2024-06-31.mp3":                 "",
		"第3次会议.mp3":                      "",
		"old/2023-01-02/新_2024-03-05.md": "2024-03-05",
	} {
		if got, ok := DateFromName(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func FuzzTranscript(f *testing.F) {
	f.Add("WEBVTT\n\n00:01.000 --> 00:02.000\n<v 甲>好</v>\n")
	f.Add("[00:00:01] 张三: 一\n[00:00:05] 李四: 二\n[00:01:10] 张三: 三\n")
	f.Add(`{"segments":[{"start":0,"end":1,"text":"x"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		in := input("a.txt", []byte(text))
		for _, format := range append(Formats(), TranscriptText) {
			format.Detect(in)
		}
		tr, ok := ParseTranscript("a.txt", []byte(text))
		if !ok {
			return
		}
		for i, u := range tr.Utterances {
			if u.ID != i+1 || u.End < u.Start && !strings.Contains(text, "{") {
				t.Fatalf("utterance %+v", u)
			}
		}
		Sections(tr)
	})
}
