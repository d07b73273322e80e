package terms

import "testing"

func TestTitle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		talk bool
		head string // what counts as title at the beginning
		tail string // and at the end
	}{
		"first line":       {text: "供应商管理平台方案\n本文说明平台。", head: "供应商管理平台方案"},
		"blank lines":      {text: "\n\nRelease plan\nWe ship in May.", head: "\n\nRelease plan"},
		"behind the last":  {text: "提出了一种方法. 结果可靠。 飞行器控制器设计", tail: "飞行器控制器设计"},
		"a sentence":       {text: "各位好。\n请看附件。"},
		"a clause":         {text: "我来说，先看进度\n然后看风险"},
		"too long":         {text: "供应商管理平台的整体建设方案以及分年度的投资概算和效益评估的说明与各有关部门的书面意见汇总表以及历次会议的记录和各方确认的签字页扫描件清单\n完。"},
		"one line":         {text: "供应商管理平台方案"},
		"spoken lines":     {text: "我们看进度\n下周上线", talk: true},
		"signature's line": {text: "请查收。\n王强"},
		"broken":           {text: "\xff\xfe\xb8\n\xff"},
		"empty":            {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := titleOf(c.text, c.talk)
			if c.text[:got.head] != c.head || c.text[got.tail:] != c.tail {
				t.Errorf("title %q and %q, want %q and %q", c.text[:got.head], c.text[got.tail:], c.head, c.tail)
			}
		})
	}
}
