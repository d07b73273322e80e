package pipeline

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

const customerList = `客户,别名,邮件域名,项目编号,项目名称,合同编号,联系人,邮箱,状态
华信制造股份有限公司,华信制造；华信,huaxin.example,PROJ-20230901,仓储管理系统,HT-2023-0815,张建国,zhang@huaxin.example,已结项
华信制造股份有限公司,,,PROJ-20250801,订单管理系统,HT-2025-0725,,,执行中
Harbour & Pine Retail Ltd.,Harbour & Pine；HP,harbourpine.example,PROJ-20240612,Customer Portal,MSA-2024-017,,,运维中
`

// list writes a list of customers beside the source.
func (o *office) list(text string) string {
	o.t.Helper()
	path := filepath.Join(filepath.Dir(o.source), "客户名册.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		o.t.Fatal(err)
	}
	return path
}

func (o *office) bring(text string) *Import {
	o.t.Helper()
	in, err := o.a.ImportCustomers(o.t.Context(), o.list(text), false, false)
	if err != nil {
		o.t.Fatal(err)
	}
	return in
}

// belongs is whose a document is: "customer project standing", each.
func (o *office) belongs(locator string) string {
	o.t.Helper()
	v, err := o.a.Show(o.t.Context(), locator, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, b := range v.Belongs {
		out = append(out, strings.TrimSpace(string([]rune(b.Customer)[:2])+" "+b.Project+" "+string(b.Standing)))
	}
	return strings.Join(out, "; ")
}

// of finds documents by customer and project, in order.
func (o *office) of(r index.Request) string {
	o.t.Helper()
	res, err := o.a.Search(o.t.Context(), r, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, h := range res.Hits {
		out = append(out, h.Locator)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func writeCustomers(o *office) {
	o.write("客户/华信/PROJ-20230901 仓储/说明.txt", "第一版说明。")
	o.write("存档/说明.txt", "合同编号：HT-2025-0725\n甲方：华信制造股份有限公司\n乙方：远航软件有限公司")
	o.write("存档/提到华信.md", "随便写写")
	o.write("存档/食谱.txt", "红烧肉要小火。")
	o.write("mail.mbox", boxOf(
		post("a", "", "zhang@huaxin.example", "接口联调", "Tue, 5 Mar 2024 10:00:00 +0800", "请确认。"),
		post("b", "a", "li@yuanhang.example", "Re: 接口联调", "Wed, 6 Mar 2024 10:00:00 +0800", "可以。"),
		post("c", "", "news@vendor.example", "优惠", "Thu, 7 Mar 2024 10:00:00 +0800", "云服务器限时优惠。")))
}

func TestDocumentsFindTheirCustomers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeCustomers(o)
	o.ingest()
	if got := o.belongs("存档/说明.txt"); got != "" {
		t.Errorf("without a list it is %s's", got)
	}
	in := o.bring(customerList)
	if in.CustomersAdded != 2 || in.ProjectsAdded != 3 || len(in.Conflicts) != 0 || in.Assigned == nil {
		t.Fatalf("import %+v", in.Report)
	}
	for locator, want := range map[string]string{
		"客户/华信/PROJ-20230901 仓储/说明.txt": "华信 PROJ-20230901 sure",
		"存档/说明.txt":                     "华信 PROJ-20250801 sure",
		"存档/提到华信.md":                    "华信  doubtful",
		"存档/食谱.txt":                     "",
		o.find("请确认")[0]:                "华信  sure",
		o.find("可以")[0]:                 "华信  sure", // by its thread
		o.find("限时优惠")[0]:               "",
	} {
		if got := o.belongs(locator); got != want {
			t.Errorf("%s is %q, want %q", locator, got, want)
		}
	}
	// The index has followed, by name, alias, number, contract and operator.
	want := o.of(index.Request{Customers: []string{"华信制造股份有限公司"}})
	if n := strings.Count(want, " "); n < 4 || strings.Contains(want, "食谱") {
		t.Errorf("of the customer: %s", want)
	}
	for _, r := range []index.Request{{Customers: []string{"华信"}}, {Text: "customer:华信制造"}, {Text: "客户:华信制造股份有限公司"}} {
		if got := o.of(r); got != want {
			t.Errorf("%+v finds %s, want %s", r, got, want)
		}
	}
	for _, r := range []index.Request{{Projects: []string{"PROJ-20250801"}}, {Projects: []string{"HT-2025-0725"}}, {Text: "project:proj-20250801"}} {
		if got := o.of(r); got != "存档/说明.txt" {
			t.Errorf("%+v finds %s", r, got)
		}
	}
	again := o.bring(customerList)
	if again.Assigned != nil || again.CustomersChanged+again.ProjectsChanged+again.CustomersAdded != 0 {
		t.Errorf("the same list again: %+v, %+v", again.Report, again.Assigned)
	}
	account, err := o.a.Assign(t.Context())
	if err != nil || account.Changed != 0 || account.Looked != 0 {
		t.Errorf("assigning again: %+v, %v", account, err)
	}
	o.clean("after assigning")
	before := o.dump()
	o.restart()
	o.ingest()
	if after := o.dump(); after != before {
		t.Errorf("doing it again changed the dump:\n%s\n---\n%s", before, after)
	}
	// What arrives later is assigned by the run that brings it.
	o.write("存档/补充.txt", "HT-2025-0725-B1 补充协议，甲方：华信制造股份有限公司")
	o.ingest()
	if got := o.belongs("存档/补充.txt"); got != "华信 PROJ-20250801 sure" {
		t.Errorf("a new file is %q", got)
	}
}

// Two archives of the same files and the same list are the same, whichever came
// first.
func TestAssignmentsDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	one, two := newOffice(t), newOffice(t)
	two.source = one.source
	writeCustomers(one)
	one.ingest()
	one.bring(customerList)
	lines := strings.Split(strings.TrimSpace(customerList), "\n")
	slices.Reverse(lines[1:])
	if _, err := two.a.ImportCustomers(t.Context(), two.list(strings.Join([]string{lines[0], lines[1]}, "\n")+"\n"), false, false); err != nil {
		t.Fatal(err)
	}
	two.ingest()
	two.bring(customerList)
	if a, b := one.dump(), two.dump(); a != b {
		t.Errorf("the dumps differ:\n%s\n---\n%s", a, b)
	}
}

// A changed list assigns everything again with neither sources nor originals at
// hand; only for new words are the kept texts searched.
func TestReassigningOpensNoFile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeCustomers(o)
	o.ingest()
	o.bring(customerList)
	hide := func(dir string) func() {
		t.Helper()
		if err := os.Rename(dir, dir+".away"); err != nil {
			t.Fatal(err)
		}
		return func() {
			if err := os.Rename(dir+".away", dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	source, store := hide(o.source), hide(filepath.Join(o.a.dir, "store"))
	for _, c := range []struct {
		name   string
		change func(*ledger.Customer)
		looked int
		want   string
	}{
		{"a new word", func(c *ledger.Customer) { c.Aliases = append(c.Aliases, "红烧肉") }, 8, "华信  doubtful"},
		{"another domain", func(c *ledger.Customer) { c.Domains = []string{"hx.example"} }, 0, "华信  doubtful"},
		{"a word less", func(c *ledger.Customer) { c.Aliases = c.Aliases[:2] }, 0, ""},
		{"a word that hid another", func(c *ledger.Customer) { c.Aliases = c.Aliases[1:] }, 8, ""},
	} {
		customer, err := o.a.Customer(t.Context(), "华信", nil)
		if err != nil {
			t.Fatal(err)
		}
		c.change(customer.Customer)
		if err := o.a.ledger.Update(t.Context(), func(tx ledger.Tx) error { return tx.PutCustomer(customer.Customer) }); err != nil {
			t.Fatal(err)
		}
		if account, err := o.a.Assign(t.Context()); err != nil || account.Looked != c.looked {
			t.Fatalf("%s: %+v, %v", c.name, account, err)
		}
		if got := o.belongs("存档/食谱.txt"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	source()
	store()
	after := o.dump()
	var all []int64
	err := o.a.ledger.EachFeatures(t.Context(), func(f *ledger.Features) error {
		all = append(all, f.Content)
		return nil
	})
	if err == nil {
		err = o.a.ledger.Update(t.Context(), func(tx ledger.Tx) error { return tx.KeepFeatures(all, "of no list") })
	}
	if err != nil {
		t.Fatal(err)
	}
	if account, err := o.a.Assign(t.Context()); err != nil || account.Looked != len(all) || account.Changed != 0 {
		t.Fatalf("%+v, %v", account, err)
	}
	if again := o.dump(); again != after {
		t.Errorf("looking for new words alone gives\n%s\nlooking for all\n%s", after, again)
	}
}

func TestWhatAPersonSaidStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeCustomers(o)
	o.ingest()
	o.bring(customerList)
	say := func(s Saying) {
		t.Helper()
		s.Who = "何嘉"
		if _, err := o.a.Say(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	doubts, next, err := o.a.Queue(t.Context(), "", 10)
	if err != nil || next != "" || len(doubts) != 1 || doubts[0].Locator != "存档/提到华信.md" || doubts[0].Folder != "存档" || doubts[0].Belongs[0].Evidence[0].Rule != "title" {
		t.Fatalf("queue %+v, %v", doubts, err)
	}
	say(Saying{Documents: []string{doubts[0].Document}, Customer: "HP", Belongs: true})
	say(Saying{Documents: []string{"存档/说明.txt"}, Project: "HT-2025-0725"})
	say(Saying{Documents: []string{o.find("请确认")[0]}, Project: "PROJ-20250801", Belongs: true})
	want := map[string]string{
		"存档/提到华信.md":     "Ha  confirmed",
		"存档/说明.txt":      "华信  sure",
		o.find("请确认")[0]: "华信 PROJ-20250801 confirmed",
	}
	check := func(when string) {
		t.Helper()
		for locator, whose := range want {
			if got := o.belongs(locator); got != whose {
				t.Errorf("%s: %s is %q, want %q", when, locator, got, whose)
			}
		}
	}
	check("at once")
	if _, err := o.a.Assign(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("after rules")
	if got := o.belongs(o.find("可以")[0]); got != "华信 PROJ-20250801 sure" {
		t.Errorf("the answer is %q: the thread follows", got)
	}
	// A whole folder; what was said of one document in it counts before that.
	say(Saying{Folder: "存档", Project: "PROJ-20240612", Belongs: true})
	want["存档/食谱.txt"] = "Ha PROJ-20240612 confirmed"
	want["存档/提到华信.md"] = "Ha PROJ-20240612 confirmed"
	want["存档/说明.txt"] = "Ha PROJ-20240612 confirmed; 华信  sure"
	check("the folder")
	o.write("存档/后来.txt", "后来放进去的。")
	o.ingest()
	want["存档/后来.txt"] = "Ha PROJ-20240612 confirmed"
	say(Saying{Documents: []string{"存档/食谱.txt"}, Belongs: true}) // nobody's
	want["存档/食谱.txt"] = ""
	o.restart()
	o.bring(strings.Replace(customerList, "华信制造；华信", "华信制造；华信；食谱", 1))
	check("after another list")
	for _, s := range []Saying{{Documents: []string{"nowhere"}, Customer: "HP"}, {Folder: "nowhere", Customer: "HP"}, {Documents: []string{"存档/说明.txt"}, Customer: "nobody"}, {Documents: []string{"存档/说明.txt"}, Customer: "HP", Project: "PROJ-20250801"}} {
		if _, err := o.a.Say(t.Context(), s); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%+v: %v, want ErrNotFound", s, err)
		}
	}
}

// A right to a customer shows what is the customer's, wherever it was found, and
// nothing else.
func TestRightsByCustomer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeCustomers(o)
	o.ingest()
	o.bring(customerList)
	scopes := []string{ProjectScope("PROJ-20250801")}
	res, err := o.a.Search(t.Context(), index.Request{}, scopes)
	if err != nil || len(res.Hits) != 1 || res.Hits[0].Locator != "存档/说明.txt" || res.Hits[0].Project != "PROJ-20250801" {
		t.Errorf("search: %+v, %v", res, err)
	}
	v, err := o.a.Show(t.Context(), "存档/说明.txt", scopes)
	if err != nil || v.Belongs[0].Evidence != nil {
		t.Errorf("shown with evidence: %+v, %v", v, err)
	}
	original, _, _, err := o.a.Original(t.Context(), "存档/说明.txt", scopes)
	if err != nil {
		t.Fatal(err)
	}
	_ = original.Close()
	for _, locator := range []string{"存档/食谱.txt", "存档/提到华信.md", "客户/华信/PROJ-20230901 仓储/说明.txt"} {
		if _, err := o.a.Show(t.Context(), locator, scopes); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", locator, err)
		}
	}
	if all, err := o.a.Customers(t.Context(), scopes); err != nil || len(all) != 1 || len(all[0].Projects) != 1 || all[0].Documents != 0 {
		t.Errorf("customers %+v, %v", all, err)
	}
	if _, err := o.a.Card(t.Context(), "HP", scopes); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a card: %v", err)
	}
}

func TestCards(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("华信制造/周会 2025-08-20.vtt", talk)
	o.write("mail.mbox", boxOf(post("a", "", "zhang@huaxin.example", "联调", "Tue, 5 Mar 2024 10:00:00 +0800", "请确认。\n\n--\n张建国 信息科主任\n华信制造股份有限公司\n电话 0571-5550-1234")))
	o.ingest()
	o.bring(customerList)
	c, err := o.a.Card(t.Context(), "华信", nil)
	if err != nil || c.Name != "华信制造股份有限公司" || len(c.Projects) != 2 || c.Documents != 2 || len(c.Promised) == 0 || c.Promised[0].Date != "2025-08-20" {
		t.Fatalf("card %+v, %v", c, err)
	}
	if len(c.People) != 1 || c.People[0].Name != "张建国" || c.People[0].Title != "信息科主任" || c.People[0].Phone == "" || c.People[0].Documents != 1 {
		t.Errorf("people %+v", c.People[0])
	}
	o.write("华信制造/软件维护合同.txt", "软件维护服务合同\n合同编号：HT-2023-0815\n甲方：华信制造股份有限公司\n乙方：远航软件有限公司\n服务期限：2025年1月1日至2025年12月31日\n维护费用：30,000元\n")
	o.ingest()
	if c, err = o.a.Card(t.Context(), "华信", nil); err != nil || len(c.Ending) != 1 || c.Ending[0].Ends != "2025-12-31" {
		t.Errorf("ending %+v, %v", c.Ending, err)
	}
	p, err := o.a.ProjectCard(t.Context(), "HT-2023-0815", nil)
	if err != nil || p.Key != "PROJ-20230901" || p.State != ledger.Closed {
		t.Errorf("project %+v, %v", p, err)
	}
	if _, err := o.a.ImportCustomers(t.Context(), o.list("水果,数量\n苹果,3\n梨,4\n"), false, false); !errors.Is(err, ErrNoList) {
		t.Errorf("a table of fruit: %v", err)
	}
}

// Without a list, customers are proposed from mails that go both ways.
func TestCustomersAreProposed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	to := func(mail, who string) string { return strings.Replace(mail, "To: all@example.com", "To: "+who, 1) }
	body := "进度如下。\n\n--\n张建国\n华信制造股份有限公司"
	o.write("mail.mbox", boxOf(
		to(post("a", "", "zhang@huaxin.example", "进度", "Tue, 5 Mar 2024 10:00:00 +0800", body), "li@yuanhang.example"),
		to(post("b", "a", "li@yuanhang.example", "Re: 进度", "Wed, 6 Mar 2024 10:00:00 +0800", "收到。"), "zhang@huaxin.example"),
		to(post("c", "", "li@yuanhang.example", "请假", "Wed, 6 Mar 2024 10:00:00 +0800", "请假一天。"), "wang@yuanhang.example"),
		to(post("d", "", "news@vendor.example", "优惠", "Thu, 7 Mar 2024 10:00:00 +0800", "限时优惠。"), "li@yuanhang.example")))
	o.write("华信制造/PROJ-20230901 仓储系统/a.txt", "a")
	o.write("华信制造/PROJ-20230901 仓储系统/b.txt", "b")
	o.ingest()
	list, err := o.a.ProposeCustomers(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("proposals %+v, %v", list, err)
	}
	p := list[0]
	if p.Name != "华信制造股份有限公司" || !slices.Equal(p.Domains, []string{"huaxin.example"}) || !slices.Equal(p.Aliases, []string{"华信制造"}) || len(p.Projects) != 1 || p.Projects[0].Number != "PROJ-20230901" || p.Projects[0].Name != "仓储系统" {
		t.Errorf("proposal %+v", p)
	}
	if _, err := o.a.AddCustomer(t.Context(), &ledger.Customer{Name: p.Name, Domains: p.Domains, Aliases: p.Aliases, Origin: ledger.FromArchive}, []ledger.Project{{Number: "PROJ-20230901", Name: "仓储系统"}}); err != nil {
		t.Fatal(err)
	}
	if got := o.belongs("华信制造/PROJ-20230901 仓储系统/a.txt"); got != "华信 PROJ-20230901 sure" {
		t.Errorf("with the proposal taken it is %q", got)
	}
	if list, err := o.a.ProposeCustomers(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("proposed again: %+v, %v", list, err)
	}
}
