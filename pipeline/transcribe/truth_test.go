package transcribe

import (
	"slices"
	"strings"
	"testing"
)

// said is a piece of three seconds in which somebody speaks, unless changes says
// otherwise.
func spoken(text string, changes ...func(*piece)) *piece {
	p := &piece{start: 10, end: 13, text: text, voiced: 0.9, speaking: 2.7, confidence: 0.9}
	for _, c := range changes {
		c(p)
	}
	return p
}

func hollow(p *piece)    { p.voiced, p.speaking = 0.1, 0.3 }
func soundless(p *piece) { p.voiced, p.speaking = 0, 0 }
func noSpeechSaid(p *piece) {
	p.noSpeech, p.logProb = 0.8, -1.3
}
func steadily(p *piece) { p.steady = true }
func unheard(p *piece)  { p.hollow = true }
func slowly(p *piece)   { p.end, p.speaking = 20, 9 }
func unsure(p *piece)   { p.confidence = 0.3 }

func TestTruth(t *testing.T) {
	t.Parallel()
	const prompt = "以下是普通话的句子。归档、运输调度平台。"
	for name, c := range map[string]struct {
		p       *piece
		kept    string // "": taken out
		flag    string // "": none
		dropped bool   // something is kept in the record
	}{
		"talk":                       {spoken("我们决定下周五之前上线。"), "我们决定下周五之前上线。", "", false},
		"words on silence":           {spoken("我们决定下周五之前上线。", soundless), "", FlagSilence, true},
		"words on almost nothing":    {spoken("我们决定下周五之前上线。", hollow), "我们决定下周五之前上线。", FlagSilence, false},
		"the engine doubts it too":   {spoken("好的我们开始吧", hollow, noSpeechSaid), "", FlagSilence, true},
		"subtitles on silence":       {spoken("字幕由 Amara.org 社群提供", hollow), "", FlagStock, true},
		"subtitles over music":       {spoken("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", steadily), "", FlagStock, true},
		"subtitles over a song":      {spoken("字幕由 Amara.org 社群提供", unheard), "", FlagStock, true},
		"words over machines":        {spoken("我们决定下周五之前上线。", unheard), "我们决定下周五之前上线。", FlagSilence, false},
		"no speech, says Whisper":    {spoken("Thanks for watching!", noSpeechSaid), "", FlagStock, true},
		"a real 谢谢观看":                {spoken("谢谢观看。"), "谢谢观看。", FlagStock, false},
		"a real 谢谢":                  {spoken("谢谢大家，今天就到这里。"), "谢谢大家，今天就到这里。", "", false},
		"a sentence about subtitles": {spoken("字幕由市场部负责校对，下周三之前把第二期培训视频的全部字幕文件发给客户确认，再安排录制。", slowly), "字幕由市场部负责校对，下周三之前把第二期培训视频的全部字幕文件发给客户确认，再安排录制。", "", false},
		"the prompt itself":          {spoken("以下是普通话的句子。", hollow), "", FlagEcho, true},
		"the prompt, unsure":         {spoken("以下是普通话的句子", unsure), "", FlagEcho, true},
		"the glossary in talk":       {spoken("运输调度平台"), "运输调度平台", "", false},
		"a loop":                     {spoken("我们看一下" + strings.Repeat("这个接口", 30)), "我们看一下这个接口", FlagLoop, true},
		"a loop of English":          {spoken("and then " + strings.Repeat("the order ", 20)), "and then the order", FlagLoop, true},
		"laughing":                   {spoken("哈哈哈哈哈"), "哈哈哈哈哈", "", false},
		"agreeing":                   {spoken("对对对对"), "对对对对", "", false},
		"a big number":               {spoken("合同金额10000000元"), "合同金额10000000元", "", false},
		"too fast":                   {spoken(strings.Repeat("一二三四五六七", 1)+"八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北上下左右前后", func(p *piece) { p.speaking = 1 }), "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北上下左右前后", FlagSpeed, false},
		"unsure":                     {spoken("订单系统的批量导出", unsure), "订单系统的批量导出", FlagUnsure, false},
	} {
		kept, dropped := check([]*piece{c.p, spoken("好。")}, prompt)
		text := ""
		if len(kept) == 2 {
			text = kept[0].text
		}
		if text != c.kept || (len(dropped) > 0) != c.dropped {
			t.Errorf("%s: kept %q, %d taken out", name, text, len(dropped))
			continue
		}
		flags := c.p.flags
		if c.flag == "" && len(flags) > 0 || c.flag != "" && !slices.Contains(flags, c.flag) {
			t.Errorf("%s: flags %q, want %q", name, flags, c.flag)
		}
	}
}

func TestSameAgainAndAgain(t *testing.T) {
	t.Parallel()
	line := func(text string, n int) (out []*piece) {
		for range n {
			out = append(out, spoken(text))
		}
		return out
	}
	for _, c := range []struct {
		in            []*piece
		kept, dropped int
	}{
		{line("请大家看一下屏幕。", 2), 2, 0},
		{line("请大家看一下屏幕。", 5), 1, 4},
		{line("对。", 5), 5, 0},
		{line("对。", 8), 1, 7},
		{append(line("请大家看一下屏幕。", 3), line("好的。", 1)...), 2, 2},
	} {
		if kept, dropped := check(c.in, ""); len(kept) != c.kept || len(dropped) != c.dropped {
			t.Errorf("%d times %s: kept %d, taken out %d", len(c.in), c.in[0].text, len(kept), len(dropped))
		}
	}
}

func TestQuality(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pieces  []*piece
		dropped int
		want    string
	}{
		{nil, 0, ""},
		{[]*piece{spoken("好")}, 0, QualityGood},
		{[]*piece{spoken("好", func(p *piece) { p.confidence = 0.7 })}, 0, QualityFair},
		{[]*piece{spoken("好", unsure)}, 0, QualityLow},
		{[]*piece{spoken("好", func(p *piece) { p.confidence = 0 })}, 0, ""},
		{[]*piece{spoken("好", func(p *piece) { p.confidence, p.flags = 0, []string{FlagLoop} })}, 0, QualityLow},
		{[]*piece{spoken("好")}, 3, QualityLow},
	} {
		if got, _ := quality(c.pieces, c.dropped); got != c.want {
			t.Errorf("%+v: %q, want %q", c.pieces, got, c.want)
		}
	}
}

func TestSigns(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"我想问,在滨海新区有房": "我想问，在滨海新区有房", "好的, 我们开始": "好的，我们开始", "是吗?": "是吗？", "Hello, world": "Hello, world", "共1,000元": "共1,000元", "时间是10:30": "时间是10:30",
	} {
		if got := wideSigns(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
	pieces := []*piece{{start: 0, end: 2, text: "我们先看上周的进度再讨论这周的安排"}, {start: 2.3, end: 4, text: "然后是测试的情况"}, {start: 5, end: 6, text: "好"}}
	punctuate(pieces)
	if got := pieces[0].text + pieces[1].text + pieces[2].text; got != "我们先看上周的进度再讨论这周的安排，然后是测试的情况。好。" {
		t.Errorf("signs by pauses: %s", got)
	}
}

// A foreign language is heard once more, told what is spoken here.
func TestForeignLanguage(t *testing.T) {
	t.Parallel()
	tr := New(Options{Languages: []string{"zh", "en"}})
	h := &hearer{t: tr}
	for _, c := range []struct {
		a       answer
		foreign bool
		likely  string
	}{
		{answer{Language: "zh", Text: "好的"}, false, "zh"},
		{answer{Language: "en", Text: "all right"}, false, "en"},
		{answer{Language: "ko", Text: "네 알겠습니다"}, true, "zh"},
		{answer{Language: "cy", Text: "yn dda iawn"}, true, "en"},
		{answer{Language: "yue", Text: "好嘅"}, false, "zh"},
		{answer{Text: "好的"}, false, "zh"},
	} {
		if h.foreign(&c.a) != c.foreign || h.likely(&c.a) != c.likely {
			t.Errorf("%+v: foreign %v, likely %s", c.a, h.foreign(&c.a), h.likely(&c.a))
		}
	}
}

// Whatever a service answers gives a transcript or an error.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "plain text", `"a string"`, `{"text":"x"}`, `{"text":"x","segments":[{"start":0,"end":1,"text":"x","words":[{"word":"x","start":0,"end":1}]}]}`,
		`{"words":[{"word":"一","start":"0.5","end":1.0},{"word":"二","start":3,"end":3.2}]}`, `{"error":{"message":"no"}}`, `{"detail":[{"msg":"x"}]}`, "<!DOCTYPE html>", "[1]",
		`{"text":null,"segments":[{"start":-5,"end":1e308,"text":"x","speaker":3,"avg_logprob":"nan"}]}`, `{"segments":[{"start":5,"end":1,"text":"a"},{"start":0,"end":0,"text":"b"}],"language":"<|zh|>"}`,
	} {
		f.Add([]byte(seed))
	}
	tr := New(Options{Languages: []string{"zh", "en"}, Endpoints: []Endpoint{{URL: "http://a.example/v1"}}})
	f.Fuzz(func(t *testing.T, body []byte) {
		a, _, err := decode(body)
		if err != nil {
			return
		}
		one := &heard{part: part{To: 30 * Rate, Own: [2]int64{0, 25 * Rate}, Voice: []span{{Rate, 9 * Rate}, {12 * Rate, 28 * Rate}}}, answer: a}
		two := &heard{part: part{From: 20 * Rate, To: 50 * Rate, Own: [2]int64{25 * Rate, 50 * Rate}, Voice: []span{{21 * Rate, 40 * Rate}}}, answer: a}
		pieces := join([]*heard{one, two})
		kept, dropped := check(pieces, tr.prompt())
		for _, u := range append(utterances(kept), utterances(dropped)...) {
			if u.Start < 0 || u.End < u.Start || u.End > 50.3 || u.Text == "" {
				t.Errorf("an utterance %+v of %q", u, body)
			}
		}
	})
}
