package web

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"guidang/pipeline"
	"guidang/pipeline/dossier"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// withCustomers gives the sample archive two customers and a document in doubt.
func withCustomers(t *testing.T, name string) *fake {
	f := sample(t)
	day := "2024-09-06"
	p := pipeline.ProjectView{Project: &ledger.Project{Key: "PROJ-1", Number: "PROJ-1", Name: name + "系统", Customer: name, State: ledger.Running, Contracts: []string{"HT-1"}, Phase: name, Manager: name}, Documents: 7}
	f.cards = []*pipeline.Card{{
		CustomerView: pipeline.CustomerView{Customer: &ledger.Customer{Name: name, Aliases: []string{name + "制造"}, Domains: []string{"huaxin.example"}, Industry: name, Paper: "3-12", Responsible: name, Origin: ledger.FromList}, Documents: 9, Projects: []pipeline.ProjectView{p}},
		People:       []*ledger.Person{{Name: name + "人", Title: name, Phone: "010-5550-0001", Addresses: []string{"wang@huaxin.example"}}},
		Promised:     []pipeline.Promise{{Text: name + "决定", Evidence: []int{3}, Document: f.docs[3].view.ID, Meeting: name, Date: "2024-08-30"}},
		Actions:      []pipeline.ActionView{{Action: minutes.Action{Text: name + "待办", Owner: name, Due: &day, Evidence: []int{5}}, Document: f.docs[3].view.ID}},
		Ending:       []pipeline.Ending{{Document: f.docs[2].view.ID, Title: name + "合同", Type: "contract", Ends: "2024-12-31"}, {Document: f.docs[2].view.ID, Title: name, Renews: "2999-01-01"}},
		Doubtful:     1,
	}, {CustomerView: pipeline.CustomerView{Customer: &ledger.Customer{Name: "Harbour & Pine", Origin: ledger.ByHand}}}}
	f.doubts = []pipeline.Doubt{
		{Document: f.docs[0].view.ID, Title: name + "?", Kind: "mail", Date: day, Source: "邮箱", Locator: "mails/2024.mbox!/mail:18421", Folder: "mails/2024.mbox", Begins: name + "begins",
			Belongs: []pipeline.Belongs{{Customer: name, Project: "PROJ-1", Standing: ledger.Doubtful, Confidence: .7, Evidence: []ledger.Evidence{{Rule: "folder", Detail: name, Weight: 700}}},
				{Customer: "Harbour & Pine", Standing: ledger.Doubtful, Confidence: .5}}},
		{Document: f.docs[1].view.ID, Title: "second", Source: "共享盘", Locator: "a", Belongs: []pipeline.Belongs{{Customer: name, Standing: ledger.Doubtful, Confidence: .6}}},
	}
	f.docs[0].view.Belongs = f.doubts[0].Belongs
	f.proposals = []dossier.Proposal{{Name: name + "集团", Domains: []string{"x.example"}, Aliases: []string{name}, Projects: []dossier.ProposedProject{{Number: "PROJ-2", Name: name, Documents: 4}}, Documents: 12}}
	return f
}

func TestCustomerPages(t *testing.T) {
	t.Parallel()
	f := withCustomers(t, "华信")
	c := newClient(t, f, Options{})
	card := customerLink("华信")
	// A newcomer's way: the first page, the customers, the card.
	c.get("/").want(t, 200, `href="/customers"`)
	c.get("/customers").want(t, 200, `href="`+card+`"`, "PROJ-1", "执行中", "2 份文档等待确认归属", "Harbour &amp; Pine", "!加入名册")
	c.get(card).want(t, 200, "<h1><bdi>华信</bdi></h1>", "华信制造", "huaxin.example", "3-12", "wang@huaxin.example", "华信决定", "#u3", "华信待办", "2024-09-06", "已过", `href="/projects/PROJ-1"`, "华信合同", "2024-12-31", "到期 · 已过", "续签</span>", "时间线", "2024-09", "验收安排", `href="/?customer=%E5%8D%8E%E4%BF%A1`)
	c.get(card, "Accept-Language", "en").want(t, 200, "Timeline", "Decided and promised", "running")
	c.get("/projects/PROJ-1").want(t, 200, "<h1><bdi>华信系统</bdi></h1>", "HT-1", `href="`+card+`"`)
	for _, path := range []string{"/customers/nobody", "/projects/PROJ-9"} {
		c.get(path).want(t, http.StatusNotFound)
	}
	c.get("/api/customers").want(t, 200, `"name":"华信"`, `"documents":9`)
	c.get("/api/customers/"+url.PathEscape("华信")).want(t, 200, `"promised"`)
	c.get("/api/projects?customer="+url.QueryEscape("华信")).want(t, 200, `"key":"PROJ-1"`)
	c.get("/api/projects/PROJ-1").want(t, 200, `"contracts":["HT-1"]`)

	c.get("/customers?propose=1").want(t, 200, "华信集团", "加入名册", `value="PROJ-2 华信"`)
	c.do(http.MethodPost, "/customers", url.Values{"name": {"华信集团"}, "domain": {"x.example"}, "project": {"PROJ-2 华信"}}).want(t, http.StatusSeeOther)
	if len(f.taken) != 1 || f.taken[0].Name != "华信集团" || !slices.Equal(f.taken[0].Domains, []string{"x.example"}) || f.taken[0].Origin != ledger.FromArchive {
		t.Errorf("taken %+v", f.taken)
	}
}

func TestDoubtsAreDecided(t *testing.T) {
	t.Parallel()
	f := withCustomers(t, "华信")
	c := newClient(t, f, Options{})
	first, second := f.doubts[0], f.doubts[1]
	c.get("/assign").want(t, 200, "华信?", "华信begins", `data-key="1"`, `data-key="2"`, `data-key="0"`, `data-key="s"`, `data-key="f"`, `value="customer=%E5%8D%8E%E4%BF%A1&amp;project=PROJ-1"`, "文件夹", "70%", "second")
	c.get("/assign?after="+first.Document+"&done=1").want(t, 200, "已记录：1", "<h2 id=\"doubt\" class=\"asked\"><a href=\"/d/"+second.Document)
	c.get("/assign?after="+second.Document).want(t, 200, "没有待确认", "从头开始")
	for _, say := range []url.Values{
		{"say": {"customer=华信&project=PROJ-1"}, "document": {first.Document}},
		{"say": {"nobody"}, "document": {first.Document}, "customer": {"华信"}},
		{"say": {"other"}, "customer": {"Harbour & Pine"}, "document": {first.Document}},
		{"say": {"customer=华信"}, "document": {first.Document}, "whole": {"1"}, "source": {first.Source}, "folder": {first.Folder}},
		{"say": {"customer=华信&not=1"}, "document": {first.Document}},
	} {
		c.do(http.MethodPost, "/assign", say).want(t, http.StatusSeeOther)
	}
	want := []pipeline.Saying{
		{Documents: []string{first.Document}, Customer: "华信", Project: "PROJ-1", Belongs: true},
		{Documents: []string{first.Document}, Belongs: true},
		{Documents: []string{first.Document}, Customer: "Harbour & Pine", Belongs: true},
		{Source: "邮箱", Folder: "mails/2024.mbox", Customer: "华信", Belongs: true},
		{Documents: []string{first.Document}, Customer: "华信"},
	}
	for i, s := range f.said {
		s.Who = ""
		if !slices.Equal(s.Documents, want[i].Documents) || s.Customer != want[i].Customer || s.Project != want[i].Project || s.Folder != want[i].Folder || s.Source != want[i].Source || s.Belongs != want[i].Belongs {
			t.Errorf("%d: said %+v, want %+v", i, s, want[i])
		}
	}
	for _, say := range []url.Values{{}, {"say": {"other"}}, {"say": {"%zz"}}} {
		c.do(http.MethodPost, "/assign", say).want(t, http.StatusNotFound)
	}
	r := c.do(http.MethodPost, "/assign", url.Values{"say": {"nobody"}, "document": {first.Document}, "back": {"//evil.example"}}).want(t, http.StatusSeeOther)
	if r.Header.Get("Location") != "/" {
		t.Errorf("back to %q", r.Header.Get("Location"))
	}
	c.get("/d/"+first.Document).want(t, 200, "归属", `href="/customers/`, "待确认", "不是</button>")
}

// Those who may not see everything see no doubts, and customers of theirs alone.
func TestCustomersByRights(t *testing.T) {
	t.Parallel()
	f := withCustomers(t, "华信")
	c := newClient(t, f, Options{Scopes: []string{"source:邮箱", pipeline.CustomerScope("Harbour & Pine")}})
	c.get("/customers").want(t, 200, "Harbour", "!华信", "!等待确认", "!propose")
	c.get(customerLink("华信")).want(t, http.StatusNotFound)
	c.get("/projects/PROJ-1").want(t, http.StatusNotFound)
	c.get("/assign").want(t, http.StatusNotFound)
	c.get("/api/assign/queue").want(t, http.StatusNotFound)
	c.do(http.MethodPost, "/assign", url.Values{"say": {"nobody"}, "document": {f.doubts[0].Document}}).want(t, http.StatusNotFound)
	c.do(http.MethodPost, "/customers", url.Values{"name": {"x"}}).want(t, http.StatusNotFound)
	c.get("/d/"+f.docs[0].view.ID).want(t, 200, "!不是</button>")
}

func TestHostileCustomersStayText(t *testing.T) {
	t.Parallel()
	f := withCustomers(t, hostile)
	f.doubts[0].Kind, f.doubts[0].Locator, f.doubts[0].Folder = hostile, hostile+"!/"+hostile, hostile
	c := newClient(t, f, Options{})
	for _, path := range []string{"/customers", "/customers?propose=1", customerLink(hostile), "/projects/PROJ-1", "/assign", "/d/" + f.docs[0].view.ID} {
		for _, language := range []string{"zh", "en"} {
			r := c.get(path, "Accept-Language", language)
			if r.StatusCode != http.StatusOK {
				t.Errorf("%s: %d", path, r.StatusCode)
			}
			inlineCode(t, path, r.body)
			r.want(t, 200, "!<script>alert", "!%!")
		}
	}
}
