package sensitive

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// identity makes a number that is right by its check character and nobody's: the
// day of birth lies in 1901.
func identity(n int) string {
	body := fmt.Sprintf("110101190101%02d%03d", 1+n%28, n%1000)
	for _, c := range "0123456789X" {
		if Identity(body + string(c)) {
			return body + string(c)
		}
	}
	panic("no check character")
}

func card(begin string, length, n int) string {
	body := begin + fmt.Sprintf("%0*d", length-len(begin)-1, n)
	for c := '0'; c <= '9'; c++ {
		if Luhn(body + string(c)) {
			return body + string(c)
		}
	}
	panic("no check digit")
}

func kindsOf(s string) string {
	d := &document.Document{Sections: []document.Section{{Text: s}}}
	found, kinds := Find(d)
	for _, f := range found {
		if strings.Contains(f.Masked, s[f.From:f.To]) {
			return "not masked: " + f.Masked
		}
	}
	return strings.Join(kinds, " ")
}

func TestFind(t *testing.T) {
	t.Parallel()
	id, union, visa := identity(37), card("622202", 19, 1234567890), card("4", 16, 55512345678)
	for text, want := range map[string]string{
		"身份证号：" + id:                        document.SensitiveIdentity,
		"证件" + id + "，电话13800138001。":       document.SensitiveIdentity + " " + document.SensitiveMobile,
		id[:17] + "?":                       "",
		"身份证 " + id[:16] + "0" + id[17:]:    "",
		"手机 138-0013-8001":                  document.SensitiveMobile,
		"mobile +86 13800138001":            document.SensitiveMobile,
		"联系人：张三 13912345678 李四 13712345678": document.SensitiveMobile,
		"1380013800":                        "",
		"138001380012":                      "",
		"SN13800138001":                     "",
		"订单 20240613800138001":              "",
		"img_13800138001.jpg":               "",
		"010-5550-1234":                     "",
		"12345678901":                       "",
		"卡号 " + union:                       document.SensitiveCard,
		union[:18] + "x":                    "",
		"card " + visa:                      document.SensitiveCard,
		visa[:4] + " " + visa[4:8] + " " + visa[8:12] + " " + visa[12:]: document.SensitiveCard,
		"流水号 " + visa:                      "", // sixteen digits that only pass the check
		"密码：Abc@1234":                      document.SensitivePassword,
		"初始密码为 abc123，请尽快修改":               document.SensitivePassword,
		"用户名 admin，口令是123456":              document.SensitivePassword,
		"Password: hunter2!":               document.SensitivePassword,
		"the password is Tr0ub4dor":        document.SensitivePassword,
		"pwd=root1234":                     document.SensitivePassword,
		"密码：******":                        "",
		"密码请见附件":                           "",
		"密码为空时提示":                          "",
		"password is required":             "",
		"String password = getPassword();": "",
		"user.password=$1":                 "",
		"忘记密码：点击这里":                        "",
		"password":                         "",
		"":                                 "",
	} {
		if got := kindsOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	d := &document.Document{Sections: []document.Section{{Text: "无"}, {Position: document.Position{Page: 2}, Text: "电话 13912345678，密码: Xy12#9"}}}
	found, _ := Find(d)
	var got []string
	for _, f := range found {
		got = append(got, fmt.Sprintf("%s %d %d %s", f.Kind, f.Section, f.Position.Page, d.Sections[f.Section].Text[f.From:f.To]))
	}
	want := []string{"mobile-number 1 2 13912345678", "password 1 2 Xy12#9"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if found[0].Masked != "139****5678" || found[1].Masked != "******" {
		t.Errorf("masked as %s and %s", found[0].Masked, found[1].Masked)
	}
}

// Numbers of all kinds in sentences are found, and random digits hardly ever.
func TestMany(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		for kind, s := range map[string]string{
			document.SensitiveIdentity: identity(n), document.SensitiveMobile: fmt.Sprintf("1%d%09d", 3+n%7, rng.IntN(1e9)), document.SensitiveCard: card("6228", 19, rng.IntN(1e12)),
		} {
			if got := kindsOf("如下 " + s + " 请核对"); got != kind {
				t.Fatalf("%s %s: %q", kind, s, got)
			}
		}
	}
	wrong := 0
	for range 2000 {
		if kindsOf(fmt.Sprintf("编号 %018d", rng.Int64N(1e18))) != "" {
			wrong++
		}
	}
	if wrong > 4 {
		t.Errorf("%d of 2000 random numbers are taken for something", wrong)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"密码：Abc@1234", "13800138001 13912345678", "6222 0212 3456 7894 123", "11010119010101002X", "password=\xff\xfe123", "密码"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		found, _ := Find(&document.Document{Sections: []document.Section{{Text: s}}})
		end := 0
		for _, one := range found {
			if one.From < end || one.To <= one.From || one.To > len(s) {
				t.Fatalf("%d-%d after %d in %d bytes", one.From, one.To, end, len(s))
			}
			end = one.To
		}
	})
}
