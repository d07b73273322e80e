package pdf

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestTidy(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("本合同由甲乙双方签订", 2)
	tests := []struct{ name, in, want string }{
		{"line ends", "a\r\nb\rc", "a\nb\nc"},
		{"a broken word", "require\ufffe\r\nments", "requirements"},
		{"a full Chinese line goes on", long + "合\r\n同金额为三十五万元", long + "合同金额为三十五万元"},
		{"a sentence's end stays", long + "。\n第二条", long + "。\n第二条"},
		{"short cells stay", "甲方\n乙方\n" + long, "甲方\n乙方\n" + long},
		{"control characters", "a\x00b\x01", "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tidy(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"D:20240305103000+08'00'": "2024-03-05T10:30:00+08:00",
		"D:20240305103000Z":       "2024-03-05T10:30:00Z",
		"D:20240305103000":        "2024-03-05",
		"20240305":                "2024-03-05",
		"D:20241305":              "",
		"D:00000101":              "",
		"2024年3月5日":               "",
		"":                        "",
	} {
		if got := date(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestRecode(t *testing.T) {
	t.Parallel()
	raw, _ := simplifiedchinese.GBK.NewEncoder().String("技术协议")
	var latin []rune
	for _, b := range []byte(raw) {
		latin = append(latin, rune(b))
	}
	for in, want := range map[string]string{string(latin): "技术协议", "Übersicht für Zürich": "Übersicht für Zürich", "合同": "合同", "plain": "plain"} {
		if got := recode(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	if got := ranges([]int{1, 2, 3, 7, 9, 10}); got != "1-3,7,9-10" {
		t.Error(got)
	}
}

func TestUnspoken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		strings.Repeat("\x15\x16 \x17a\x18b ", 10):                                  true,
		"1RUPDO\x03WH[W\x03RI\x03JO\\SKV\x03WKDW\x03DUH\x03QXPEHUV\x03\x03\x03\x03": true,
		strings.Repeat("ordinary text, with tabs\tand lines\r\n", 4):                false,
		strings.Repeat("a word that is bro\x02\nken ", 4):                           false,
		"\x01\x01\x01": false,
	} {
		if got := unspoken(text) != ""; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestGarbled(t *testing.T) {
	t.Parallel()
	glyphs := strings.Builder{} // what glyph numbers look like as characters
	for i := range 200 {
		glyphs.WriteRune(rune(0x4e00 + i*97%20000))
	}
	for name, tt := range map[string]struct {
		text string
		want bool
	}{
		"a contract":         {strings.Repeat("甲方应于本合同签订后十个工作日内向乙方支付合同总金额的百分之三十作为首付款。", 4), false},
		"traditional":        {strings.Repeat("本公司確認收到貴公司之採購訂單，並將於三個工作天內安排發貨及開具發票。", 4), false},
		"a list of names":    {strings.Repeat("王伟 李娜 张敏 刘洋 陈静 杨磊 赵艳 黄勇 周杰 吴涛 徐鹏 孙丽 胡军 朱琳 高峰 ", 4), false},
		"Japanese":           {strings.Repeat("本契約書は甲乙双方の合意に基づき締結されるものとし、当事者は誠実に履行する。", 4), false},
		"private characters": {strings.Repeat("\ue001\ue002", 20), true},
		"glyphs as Han":      {glyphs.String(), true},
		"few of them":        {glyphs.String()[:60], false},
	} {
		if got := garbled(tt.text) != ""; got != tt.want {
			t.Errorf("%s: garbled %v", name, got)
		}
	}
}
