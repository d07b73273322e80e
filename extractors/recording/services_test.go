package recording

import (
	"testing"

	"guidang/extractors/document"
)

// TestServices reads what meeting services export, each written after a real
// one's layout.
func TestServices(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, in, want string }{
		{"腾讯会议", "a.txt", "会议主题：需求评审\n会议时间：2024/03/05 10:30-11:30\n参会人：王伟、李雷\n\n王伟(00:00:01): 开始吧\n\n李雷(00:00:05): 好\n\n王伟(00:01:10): 结束\n", "1 1-5 王伟: 开始吧\n2 5-70 李雷: 好\n3 70-72 王伟: 结束\n"},
		{"飞书妙记", "a.txt", "周会\n2024年3月5日 上午 10:30|58分钟 12秒\n\n关键词:\n合同、验收\n\n文字记录:\n王伟 00:01\n开始吧\n\n说话人 2 00:05\n好\n\n王伟 01:10\n结束\n", "1 1-5 王伟: 开始吧\n2 5-70 说话人 2: 好\n3 70-72 王伟: 结束\n"},
		{"通义听悟", "a.txt", "发言人1  00:01\n开始吧\n\n发言人2  00:05\n好\n\n发言人1  01:10\n结束\n", "1 1-5 发言人1: 开始吧\n2 5-70 发言人2: 好\n3 70-72 发言人1: 结束\n"},
		{"讯飞听见", "a.txt", "说话人1 [00:00:01]\n开始吧\n说话人2 [00:00:05]\n好\n说话人1 [00:01:10]\n结束\n", "1 1-5 说话人1: 开始吧\n2 5-70 说话人2: 好\n3 70-72 说话人1: 结束\n"},
		{"钉钉闪记", "a.txt", "王伟 | 10:30:01\n开始吧\n李雷 | 10:30:05\n好\n王伟 | 10:31:10\n结束\n", "1 0-4 王伟: 开始吧\n2 4-69 李雷: 好\n3 69-71 王伟: 结束\n"},
		{"企业微信", "a.txt", "王伟 10:30:01\n开始吧\n李雷 10:30:05\n好\n王伟 10:31:10\n结束\n", "1 0-4 王伟: 开始吧\n2 4-69 李雷: 好\n3 69-71 王伟: 结束\n"},
		{"Zoom captions", "a.txt", "[Wang Wei] 10:30:01\nLet us begin.\n\n[Li Lei] 10:30:05\nFine.\n\n[Wang Wei] 10:31:10\nDone.\n", "1 0-4 Wang Wei: Let us begin.\n2 4-69 Li Lei: Fine.\n3 69-71 Wang Wei: Done.\n"},
		{"Otter", "a.txt", "Wang Wei  0:01  \nLet us begin.\n\nLi Lei  0:05  \nFine.\n\nWang Wei  1:10  \nDone.\n\nTranscribed by https://otter.ai\n", "1 1-5 Wang Wei: Let us begin.\n2 5-70 Li Lei: Fine.\n3 70-72 Wang Wei: Done.\n"},
		{"Google Meet", "a.md", "# Weekly (2024-03-05 10:30) - Transcript\n## Attendees\nWang Wei, Li Lei\n\n### 00:00:00\n\n**Wang Wei:** Let us begin.\n**Li Lei:** Fine.\n\n### 00:00:20\n\n**Wang Wei:** Done.\n", "1 0-14.4 Wang Wei: Let us begin.\n2 14.4-20 Li Lei: Fine.\n3 20-21 Wang Wei: Done.\n"},
		{"Markdown", "a.md", "**王伟** 00:00:01\n开始吧\n\n**李雷** 00:00:05\n好\n\n**王伟** 00:01:10\n结束\n", "1 1-5 王伟: 开始吧\n2 5-70 李雷: 好\n3 70-72 王伟: 结束\n"},
		{"Feishu's JSON", "a.json", `{"data":{"paragraphs":[{"speaker":{"user_name":"王伟"},"start_time":"1000","stop_time":"2000","sentences":[{"text":"开始吧，","start_time":"1000","end_time":"1500"},{"text":"各位。","start_time":"1500","end_time":"2000"}]},{"speaker":{"user_name":"李雷"},"start_time":"905000","sentences":[{"text":"好","start_time":"905000","end_time":"906000"}]}]}}`, "1 1-2 王伟: 开始吧，各位。\n2 905-906 李雷: 好\n"},
		{"Tingwu's JSON", "a.json", `{"TaskId":"x","Transcription":{"AudioInfo":{"Size":1},"Paragraphs":[{"ParagraphId":"1","SpeakerId":"1","Words":[{"Id":10,"Start":1000,"End":1500,"Text":"开始"},{"Id":20,"Start":1500,"End":2000,"Text":"吧"}]},{"ParagraphId":"2","SpeakerId":"2","Words":[{"Start":5000,"End":5500,"Text":"好"}]}]}}`, "1 1-2 1: 开始吧\n2 5-5.5 2: 好\n"},
		{"iFlytek's JSON", "a.json", `{"ok":0,"data":"[{\"bg\":\"1000\",\"ed\":\"2000\",\"onebest\":\"开始吧\",\"speaker\":\"1\"},{\"bg\":\"905000\",\"ed\":\"906000\",\"onebest\":\"好\",\"speaker\":\"2\"}]"}`, "1 1-2 1: 开始吧\n2 905-906 2: 好\n"},
		{"FunASR's JSON", "a.json", `[{"key":"a","text":"开始吧好","sentence_info":[{"text":"开始吧","start":880,"end":5195,"spk":0},{"text":"好","start":905195,"end":906000,"spk":1}]}]`, "1 0.88-5.195 0: 开始吧\n2 905.195-906 1: 好\n"},
		{"diarized JSON", "a.json", `{"text":"x","segments":[{"id":"a","type":"transcript.text.segment","start":0.5,"end":1.5,"speaker":"A","text":" hello"}]}`, "1 0.5-1.5 A: hello\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			detected := ""
			for _, f := range append(Formats(), TranscriptText) {
				if f.Detect(input(tt.file, []byte(tt.in))) {
					detected = f.Name
					break
				}
			}
			if detected == "" {
				t.Error("not detected")
			}
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

func TestNoTalk(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an agenda":  "日程\n09:00\n主讲：王伟\n地点：一号楼\n内容：需求\n10:00\n主讲：李雷\n地点：二号楼\n内容：设计\n",
		"a data set": `{"segments":[{"start":"2024-03-05","text":"x","value":1}]}`,
		"settings":   `{"sentences":1,"start":5,"text":"x"}`,
		"a list":     `[{"name":"王伟","start":"x","text":""}]`,
	} {
		if tr, ok := ParseTranscript("a.txt", []byte(text)); ok {
			t.Errorf("%s is taken for talk: %s", name, show(tr.Utterances))
		}
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	doc := &document.Document{Kind: document.KindDocument, Title: "周会", Read: document.Full, People: []document.Person{{Role: "author", Name: "王伟"}}}
	doc.AddText(document.Position{Page: 1}, "", "周会\n智能纪要\n张三 10:30 提出三点。\n结论：可以。")
	doc.AddText(document.Position{Page: 1}, "文字记录", "王伟 00:00:01\n开始吧\n李雷 00:00:05\n好\n")
	doc.AddText(document.Position{Page: 2}, "", "王伟 00:01:10\n结束")
	Recognise(doc)
	if doc.Kind != document.KindTranscript || doc.Transcript == nil || len(doc.Transcript.Utterances) != 3 || len(doc.People) != 3 || doc.Sections[0].Position.Start == nil {
		t.Errorf("%+v", doc)
	}
	for name, text := range map[string]string{
		"a letter":  "您好：\n请查收附件。\n此致\n敬礼\n",
		"a plan":    "9:00 开场\n10:00 讨论\n11:00 结束\n",
		"a minutes": "会议纪要\n时间：2024-03-05 10:30\n地点：三楼\n参会：王伟、李雷\n一、决定\n1. 合同可以签。\n2. 周五前提交计划。\n",
	} {
		doc := &document.Document{Kind: document.KindDocument}
		doc.AddText(document.Position{Page: 1}, "", text)
		Recognise(doc)
		if doc.Kind != document.KindDocument || doc.Transcript != nil {
			t.Errorf("%s is taken for talk", name)
		}
	}
}
