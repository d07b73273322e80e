package dossier

import (
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// sheet is a document as readers of workbooks give it.
func sheet(lines ...string) []*document.Document {
	rows := [2]int{1, len(lines)}
	return []*document.Document{{Sections: []document.Section{{Position: document.Position{Sheet: "客户", Rows: &rows}, Text: strings.Join(lines, "\n") + "\n"}}}}
}

func TestReadList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		docs []*document.Document
		want string // customer|aliases|domains|project|contracts|state of each row
	}{
		"named columns": {sheet("客户名册", "客户名称（必填） | 简称 | 邮件域名 | 项目编号 | 合同编号 | 项目状态", "客户名称（必填）: 华信制造; 简称: 华信; 邮件域名: @HuaXin.example、hx.example; 项目编号: PROJ-1; 合同编号: HT-1；HT-2; 项目状态: 进行中"),
			"华信制造|华信|huaxin.example hx.example|PROJ-1|HT-1 HT-2|running"},
		"English": {sheet("Customer | Also known as | Mail domains | Project number | Contract no. | Status", "Customer: Harbour & Pine; Also known as: HP; Mail domains: hp.example; Project number: P-9; Contract no.: MSA-1; Status: Closed"),
			"Harbour & Pine|HP|hp.example|P-9|MSA-1|closed"},
		"cells below left blank": {sheet("客户 | 项目编号 | 状态", "客户: 华信; 项目编号: A; 状态: 质保期", "项目编号: B; 状态: 某种说法"), "华信|||A||in-service\n华信|||B||"},
		"rows without names":     {sheet("客户 | 域名", "华信 | hx.example"), "华信||hx.example|||"},
		"a value with a colon":   {sheet("客户 | 备注 | 域名", "客户: 华信; 备注: 电话: 不通; 再打; 域名: hx.example"), "华信||hx.example|||"},
		"no list":                {sheet("名称 | 数量", "名称: 苹果; 数量: 3"), ""},
		"a column twice":         {sheet("客户 | 域名 | 域名", "客户: 华信; 域名: a.example; 域名: b.example"), "华信||a.example; 域名: b.example|||"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range ReadList(c.docs).Rows {
				got = append(got, strings.Join([]string{r.Customer.Name, strings.Join(r.Customer.Aliases, " "), strings.Join(r.Customer.Domains, " "), r.Project.Number, strings.Join(r.Project.Contracts, " "), string(r.Project.State)}, "|"))
			}
			if c.want == "华信||a.example; 域名: b.example|||" { // which cell is whose cannot be told: nothing is lost
				if len(got) != 1 || !strings.Contains(got[0], "a.example") {
					t.Errorf("got %q", got)
				}
				return
			}
			if strings.Join(got, "\n") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, "\n"), c.want)
			}
		})
	}
}

func TestMergeOverwritesNothingSilently(t *testing.T) {
	t.Parallel()
	b := &Book{Origin: ledger.FromList,
		Customers: []*ledger.Customer{{ID: 1, Name: "华信制造股份有限公司", Aliases: []string{"华信"}, Domains: []string{"hx.example"}, Industry: "制造"}, {ID: 2, Name: "安澜"}},
		Projects:  []*ledger.Project{{ID: 3, CustomerID: 1, Customer: "华信制造股份有限公司", Key: "P-1", Number: "P-1", Name: "仓储", Contracts: []string{"HT-1"}, State: ledger.Running}}}
	list := ReadList(sheet("客户 | 别名 | 邮件域名 | 行业 | 项目编号 | 项目名称 | 合同编号 | 状态 | 联系人 | 电话",
		"客户: 华信制造股份有限公司; 别名: 安澜; 邮件域名: qq.com; 行业: 机械; 项目编号: P-1; 项目名称: 仓库; 合同编号: HT-2; 状态: 已结项; 联系人: 张建国; 电话: 1",
		"客户: 华信; 项目编号: P-2; 合同编号: HT-1; 联系人: 张建国; 电话: 2", // by its alias; the contract is another project's
		"客户: 安澜; 邮件域名: hx.example; 项目编号: P-1"))
	r := b.Merge(list)
	var codes []string
	for _, c := range r.Conflicts {
		codes = append(codes, c.Code+" "+c.Field+" "+c.Kept+" "+c.Listed)
	}
	slices.Sort(codes)
	want := []string{"contract-taken contracts P-1 HT-1", "domain-public domains  qq.com", "domain-taken domains 华信制造股份有限公司 hx.example", "name-taken aliases 安澜 安澜", "number-taken number 华信制造股份有限公司 P-1",
		"value industry 制造 机械", "value phone 1 2", "value project 仓储 仓库", "value state running closed"}
	if !slices.Equal(codes, want) {
		t.Errorf("conflicts\n%s\nwant\n%s", strings.Join(codes, "\n"), strings.Join(want, "\n"))
	}
	if r.Conflicts[0].Row != 2 || r.Conflicts[0].Sheet != "客户" {
		t.Errorf("where: %+v", r.Conflicts[0])
	}
	c, p := b.Customers[0], b.Projects[0]
	if c.Industry != "制造" || p.State != ledger.Running || !slices.Equal(p.Contracts, []string{"HT-1", "HT-2"}) || len(c.Contacts) != 1 || r.CustomersAdded != 0 || r.ProjectsAdded != 1 || len(b.Projects) != 2 || b.Projects[1].Customer != c.Name {
		t.Errorf("%+v %+v %+v", c, p, r)
	}
	b.Overwrite = true
	b.Merge(list)
	if c.Industry != "机械" || p.State != ledger.Closed {
		t.Errorf("told to overwrite: %+v %+v", c, p)
	}
	if b.Merge(list); b.Changed(c) && c.Industry != "机械" {
		t.Error("the same list again changed something")
	}
}

func TestKeyOf(t *testing.T) {
	t.Parallel()
	if KeyOf("a", " P-1 ", "x") != "P-1" || KeyOf("华信", "", "订单 系统") != KeyOf("华信", "", "订单系统") || KeyOf("华信", "", "a") == KeyOf("安澜", "", "a") {
		t.Error("keys")
	}
}

func FuzzReadList(f *testing.F) {
	f.Add("客户 | 别名 | 域名\n客户: 华信; 别名: 华; 域名: hx.example")
	f.Add("Customer | Project number\nx | y\n; : ; ")
	f.Fuzz(func(_ *testing.T, text string) {
		l := ReadList(sheet(strings.Split(text, "\n")...))
		b := &Book{}
		b.Merge(l)
		Compile(b.Customers, b.Projects).Look([]Part{{Text: text}}, true)
	})
}
