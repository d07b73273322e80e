package dossier

import (
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

func sampleWords() *Words {
	return Compile([]*ledger.Customer{
		{ID: 1, Name: "华信制造股份有限公司", Aliases: []string{"华信制造", "华信"}, Domains: []string{"huaxin.example"}},
		{ID: 2, Name: "华信恒远物流有限公司", Aliases: []string{"恒远"}, Domains: []string{"hengyuan.example", "qq.com"}, Contacts: []ledger.Contact{{Name: "王伟", Address: "wang@163.com"}}},
		{ID: 3, Name: "Harbour & Pine Retail Ltd.", Aliases: []string{"HP"}},
	}, []*ledger.Project{{ID: 1, CustomerID: 1, Key: "PROJ-20250801", Number: "PROJ-20250801", Name: "订单管理系统", Contracts: []string{"HT-2025-0725"}},
		{ID: 2, CustomerID: 2, Key: "P-2", Number: "P-2", Name: "运输平台"}, {ID: 3, CustomerID: 2, Key: "P-3", Number: "P-3", Name: "运输平台二期"}})
}

// What stands in a text, with its zone.
func TestLook(t *testing.T) {
	t.Parallel()
	w := sampleWords()
	far := strings.Repeat("这里写了很多别的事情。", 60) + "\n"
	for text, want := range map[string]string{
		"华信制造的仓库":                            "华信制造 h",
		"甲方：华信制造股份有限公司（盖章）":                  "华信制造股份有限公司 p",
		"Client: Harbour & Pine Retail Ltd.": "harbour & pine retail ltd. p",
		"客户要求华信尽快确认":                         "华信 h",
		"与华信达软件有限公司的合作":                      "", // another firm
		"华信与恒达软件有限公司的合作":                     "华信 h",
		"華信製造":                       "华信制造 h",
		"合同 HT20250725，HT_2025_0725": "ht20250725 h; ht_2025_0725 h",
		"补充协议 HT-2025-0725-B1":       "ht-2025-0725 h",
		"HT-2025-07251 是另一份":         "",
		"XHT-2025-0725":              "",
		"PROJ-20250801_SRS_v2.docx":  "proj-20250801 b", // a file, perhaps an example
		"运输平台二期上线":                   "运输平台二期 h",
		"the HP team, not httphp":    "hp h",
		far + "华信制造":                 "华信制造 b",
		"":                           "",
	} {
		var got []string
		for _, m := range w.Look([]Part{{Text: text}}, false).Mentions {
			got = append(got, m.Word+" "+string(m.Zone))
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%.60q: %q, want %q", text, s, want)
		}
	}
	f := w.Look([]Part{{Text: "联系 Zhang@HuaXin.example；甲方：某某科技有限公司，编号 HT-2024-0001"}}, false)
	if strings.Join(f.Addresses, " ") != "zhang@huaxin.example" || strings.Join(f.Orgs, " ") != "某某科技有限公司" || strings.Join(f.Numbers, " ") != "HT-2024-0001" {
		t.Errorf("features %+v", f)
	}
	if again := ParseFeatures(f.String()); again.String() != f.String() || ParseFeatures("{damaged").Mentions != nil {
		t.Error("features are not kept as they are")
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	w := sampleWords()
	for address, want := range map[string]int{"a@huaxin.example": 0, "a@mail.huaxin.example": 0, "wang@163.com": 1, "other@163.com": -1, "a@qq.com": -1, "a@nothuaxin.example": -1, "nobody": -1} {
		got := -1
		if c, _ := w.ofAddress(address); len(c) == 1 {
			got = c[0]
		}
		// Customers are ordered by name: Harbour & Pine, 华信制造, 华信恒远.
		if want >= 0 && (got < 0 || w.Customers[got].ID != int64(want+1)) || want < 0 && got >= 0 {
			t.Errorf("%s is customer %d, want %d", address, got, want)
		}
	}
}

// The fingerprint changes with what is looked for in texts, and with nothing else.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	customer := func() *ledger.Customer { return &ledger.Customer{ID: 1, Name: "华信制造"} }
	base := Compile([]*ledger.Customer{customer()}, nil).Fingerprint()
	other := customer()
	other.Domains, other.Industry, other.ID = []string{"x.example"}, "制造", 7
	if Compile([]*ledger.Customer{other}, nil).Fingerprint() != base {
		t.Error("a domain makes every text be read again")
	}
	other.Aliases = []string{"华信"}
	if Compile([]*ledger.Customer{other}, nil).Fingerprint() == base {
		t.Error("a new alias is not looked for")
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Signature{
		"--\n李文博 项目经理\n远航软件有限公司\n电话 010-5550-0123":                                {Name: "李文博", Title: "项目经理", Company: "远航软件有限公司", Phone: "010-5550-0123"},
		"Emily Zhang\nProject Manager | Yuanhang Software Ltd.\n+44 20 7946 0123": {Name: "Emily Zhang", Title: "Project Manager", Company: "Yuanhang Software Ltd.", Phone: "+44 20 7946 0123"},
		"张建国主任\nzhang@huaxin.example":                                             {Name: "张建国", Title: "主任", Address: "zhang@huaxin.example"},
		"发自我的 iPhone":                                                             {},
	} {
		got := ReadSignature(text)
		if got == nil {
			got = &Signature{}
		}
		if *got != want {
			t.Errorf("%q: %+v, want %+v", text, *got, want)
		}
	}
}

func FuzzSignature(f *testing.F) {
	f.Add("--\n李文博 项目经理\n电话 010-5550-0123")
	f.Fuzz(func(_ *testing.T, s string) { ReadSignature(s) })
}

func FuzzLook(f *testing.F) {
	f.Add("甲方：华信制造股份有限公司 HT-2025-0725 a@b.example")
	f.Add("\xff华信\xe5@@.@")
	w := sampleWords()
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range w.Look([]Part{{Part: "signature", Text: s}}, true).Mentions {
			if !strings.Contains(index.Normalise(strings.ReplaceAll(s, "\n", " ")), m.Word) && !strings.Contains(s, "\n") {
				t.Errorf("%q does not hold %q", s, m.Word)
			}
		}
	})
}
