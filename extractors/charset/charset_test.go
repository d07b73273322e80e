package charset

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// in writes s in the charset.
func in(t testing.TB, label, s string) []byte {
	t.Helper()
	var e encoding.Encoding
	switch label {
	case "utf-8":
		return []byte(s)
	case "hz":
		e = simplifiedchinese.HZGB2312
	case "utf-16le":
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "utf-32le":
		e = utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case "utf-32be":
		e = utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	default:
		var err error
		if e, err = htmlindex.Get(label); err != nil {
			t.Fatal(err)
		}
	}
	out, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatalf("%q cannot be written in %s: %v", s, label, err)
	}
	return out
}

func TestUndeclared(t *testing.T) {
	t.Parallel()
	for charset, texts := range map[string][]string{
		"gb18030": {
			"合同", "报价单", "通知", "学校", "需求变更", "验收", "会议纪要", "王伟", "客户", "一些", "回复", "关于", "发票.pdf", "V2.0版本", "Re: 合同",
			"张三丰", "周报2023", "一路顺风", "朱镕基", "深圳市", "联通", "你好", "附件1：技术协议（终稿）", "會議紀要", "请查收附件，谢谢！",
			"线上部署", "付款通知书", "李强<a@b.cn>", "工程师 A", "PROJ-20250801 验收报告",
		},
		"big5": {
			"合約", "報價單", "會議記錄", "專案時程", "您好，附件請查收。", "驗收通過", "林志明", "許功蓋", "系統測試報告", "客戶需求變更", "台北市信義區", "軟體開發合約書",
		},
		"windows-1252": {
			"Größe", "Übung macht den Meister", "Straße", "Déjà vu", "à bientôt", "Formação", "coração", "Müller & Söhne GmbH", "l’été à la plage", "São Paulo", "Preis: 50 €",
			"naïve façade", "Señor Muñoz", "GRÖSSE ÄNDERN", "Angebot für die Prüfung", "Élève", "créée", "it’s", "“quoted”", "25 °C", "§ 5 Abs. 2", "« Bonjour »", "smørrebrød på bordet", "Ångström",
		},
		"shift_jis": {"これはテストです", "会議の議事録を送ります", "お世話になっております。"},
		"euc-kr":    {"안녕하세요. 회의 자료를 보내드립니다.", "계약서 검토 요청"},
		"koi8-r":    {"Привет, отправляю вам договор на согласование"},
		"utf-8":     {"合同", "通知", "Größe", "привет", "Ελληνικά", "报价单 é", "😀", "한국어", "עברית", "naïve"},
		"utf-16le":  {"合同内容如下\n第一条", "Hello, world", "项目 PROJ-1\r\n", "需求变更 A"},
		"utf-16be":  {"合同内容如下\n第一条", "Hello, world", "项目 PROJ-1\r\n"},
		"utf-32le":  {"合同 contract"},
		"utf-32be":  {"合同 contract"},
		"hz":        {"关于合同的通知"},
	} {
		for _, want := range texts {
			got, used, lossy := Decode(in(t, charset, want), "")
			if got != want || lossy {
				t.Errorf("%s %q: got %q (%s, lossy %v)", charset, want, got, used, lossy)
			}
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ label, written, text string }{
		{"gb2312", "gb18030", "朱镕基、王喆、𠮷田"},
		{"GB2312", "gb18030", "會議"},
		{"x-gbk", "gbk", "报价单"},
		{"cp936", "gbk", "报价单"},
		{"EUCGB2312_CN", "gbk", "报价单"},
		{"\"gbk\";", "gbk", "报价单"},
		{"gb2312*zh-cn", "gbk", "报价单"},
		{"gb2312", "utf-8", "报价单通知"},
		{"gb2312", "gbk", "通知"},
		{"big5", "utf-8", "報價單"},
		{"iso-8859-1", "utf-8", "Größe 合同"},
		{"utf-8", "gbk", "关于项目验收的通知"},
		{"us-ascii", "gbk", "关于项目验收的通知"},
		{"iso-8859-1", "gbk", "关于项目验收的通知，请各部门查收附件。"},
		{"iso-8859-1", "iso-8859-1", "déjà vu à la forêt"},
		{"unknown-8bit", "big5", "關於專案驗收的通知"},
		{"big5-hkscs", "big5", "許功蓋"},
		{"big5", "gbk", "关于项目验收的通知，请各部门查收附件。"},
		{"koi8-r", "koi8-r", "Да"},
		{"windows-1251", "windows-1251", "Да"},
		{"cp1251", "windows-1251", "Да"},
		{"iso-2022-jp", "iso-2022-jp", "会議の議事録"},
		{"shift_jis", "shift_jis", "議事録"},
		{"ks_c_5601-1987", "euc-kr", "계약서"},
		{"hz-gb-2312", "hz", "关于合同"},
		{"utf-16", "utf-16le", "项目A"},
		{"iso-8859-15", "iso-8859-15", "50 €"},
		{"nonsense", "gbk", "关于项目"},
	} {
		got, used, lossy := Decode(in(t, c.written, c.text), c.label)
		if got != c.text || lossy {
			t.Errorf("label %q on %s: got %q (%s, lossy %v), want %q", c.label, c.written, got, used, lossy, c.text)
		}
	}
}

func TestDamage(t *testing.T) {
	t.Parallel()
	long := "关于项目验收的通知，请各部门查收附件。"
	cut := in(t, "gbk", long)
	for _, c := range []struct {
		name, label string
		data        []byte
		want, used  string
		lossy       bool
	}{
		{"UTF-8 cut in a character", "", []byte("合同" + "\xe9\xa1"), "合同", UTF8, false},
		{"UTF-8 with one bad byte", "", []byte(long + "\xff" + long), long + "\uFFFD" + long, UTF8, true},
		{"GBK label, cut in a character", "gbk", cut[:len(cut)-1], strings.TrimSuffix(long, "。") + "\uFFFD", GB18030, true},
		{"a mark before GBK", "", append([]byte("\xef\xbb\xbf"), cut...), long, GB18030, false},
		{"empty", "gbk", nil, "", UTF8, false},
		{"ISO-2022-CN", "", []byte("\x1b$)A\x0e:OM,\x0f ok"), "合同 ok", "iso-2022-cn", false},
		{"UTF-7", "utf-7", []byte("Hi +Z4BW/g- 1 +- 2"), "Hi 最国 1 + 2", "utf-7", false},
	} {
		got, used, lossy := Decode(c.data, c.label)
		if c.name == "UTF-7" {
			got = strings.Map(func(r rune) rune {
				if r > 0x7f {
					return '*'
				}
				return r
			}, got)
			c.want = "Hi ** 1 + 2"
		}
		if got != c.want || used != c.used || lossy != c.lossy {
			t.Errorf("%s: got %q (%s, lossy %v), want %q (%s, %v)", c.name, got, used, lossy, c.want, c.used, c.lossy)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"关于项目验收的通知":                          "zh",
		"Please find the contract attached.": "en",
		"会議の議事録を送ります":                        "ja",
		"회의 자료를 보내드립니다":                      "ko",
		"":                                   "",
		"12345":                              "",
		"附件 contract-final-v2.docx 请查收，谢谢各位同事": "zh",
	} {
		if got := Language(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xba\xcf\xcd\xac"), "")
	f.Add([]byte("\x1b$B2q5D\x1b(B"), "iso-2022-jp")
	f.Add([]byte("~{:OM,~} a+AGE-"), "utf-7")
	f.Add([]byte("\xff\xfe\x08\x54"), "utf-16")
	f.Add([]byte("\x81\x30\x81\x30\x40"), "gb2312*zh;")
	f.Fuzz(func(t *testing.T, data []byte, label string) {
		text, used, _ := Decode(bytes.Clone(data), label)
		if !utf8.ValidString(text) {
			t.Fatalf("%q as %q gives invalid UTF-8 (%s)", data, label, used)
		}
		if len(text) > 4*len(data)+8 {
			t.Fatalf("%d bytes grew to %d", len(data), len(text))
		}
		if used == "" {
			t.Fatal("no charset named")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := in(b, "gbk", strings.Repeat("关于项目验收的通知，请各部门查收附件。contract\n", 100))
	for _, label := range []string{"gb2312", ""} {
		b.Run("label "+label, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				Decode(data, label)
			}
		})
	}
}
