package review

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/document"
)

func paper(typ document.Type, signed Signature) Paper {
	return Paper{Document: string(typ) + string(signed), Title: string(typ), Date: "2025-08-20", Type: typ, Signature: signed}
}

func states(list []Required) string {
	var out []string
	for _, r := range list {
		out = append(out, string(r.Type)+":"+string(r.State))
	}
	return strings.Join(out, " ")
}

func TestComplete(t *testing.T) {
	t.Parallel()
	cloud := paper(document.TypeRequirements, "")
	cloud.Cloud = true
	for name, c := range map[string]struct {
		project Project
		papers  []Paper
		want    string
	}{
		"begun, nothing there":         {Project{}, nil, "contract:missing minutes:missing"},
		"state alone":                  {Project{State: "running"}, []Paper{paper(document.TypeContract, Signed), paper(document.TypeMinutes, "")}, "contract:there minutes:there"},
		"phase in a person's words":    {Project{Kind: "定制软件开发", Phase: "二期需求调研"}, []Paper{paper(document.TypeContract, Unsigned), cloud}, "contract:unsigned minutes:missing survey:missing requirements:cloud"},
		"unsigned and signed copies":   {Project{Phase: "start"}, []Paper{paper(document.TypeContract, Unsigned), paper(document.TypeContract, Signed)}, "contract:there minutes:missing"},
		"further than its list says":   {Project{State: "running"}, []Paper{paper(document.TypeDesign, "")}, "contract:missing minutes:missing survey:missing requirements:missing design:there"},
		"one party's signature":        {Project{Phase: "start"}, []Paper{paper(document.TypeContract, Partly)}, "contract:unsigned minutes:missing"},
		"a scan says nothing of seals": {Project{Phase: "start"}, []Paper{paper(document.TypeContract, "")}, "contract:there minutes:missing"},
		"a change must be signed":      {Project{Phase: "start"}, []Paper{paper(document.TypeChange, Unsigned), paper(document.TypeChange, Signed)}, "contract:missing minutes:missing change-request:unsigned"},
		"support":                      {Project{Kind: "系统运维", State: "in-service"}, []Paper{paper(document.TypeMaintenance, Signed)}, "maintenance-contract:there service-record:missing"},
		"delivered": {Project{Kind: "development", State: "delivered"}, nil, "contract:missing minutes:missing survey:missing requirements:missing design:missing test-cases:missing test-report:missing " +
			"deployment:missing manual:missing training:missing acceptance:missing"},
		"in service in English": {Project{Kind: "software development", Phase: "Warranty"}, nil, "contract:missing minutes:missing survey:missing requirements:missing design:missing test-cases:missing test-report:missing " +
			"deployment:missing manual:missing training:missing acceptance:missing maintenance-contract:missing service-record:missing"},
	} {
		if got := states(DefaultTemplate().Complete(c.project, c.papers)); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

func TestTemplatesThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":         "",
		"no kinds":        "kinds: []",
		"a misspelt type": "kinds: [{kind: a, phases: [{phase: b, need: [{type: contrct}]}]}]",
		"a misspelt key":  "kinds: [{kind: a, phasen: []}]",
		"no such state":   "kinds: [{kind: a, phases: [{phase: b, states: [ended]}]}]",
	} {
		if _, err := ParseTemplate(strings.NewReader(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := LoadTemplate("/nowhere/at/all.yaml"); err == nil {
		t.Error("a file that is not there is taken")
	}
}

func TestQuarter(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{"2026-01-01": "2026Q1", "2026-03-31": "2026Q1", "2026-04-01": "2026Q2", "2025-12-31": "2025Q4"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := Quarter(at); got != want {
			t.Errorf("%s is in %s, want %s", day, got, want)
		}
		from, after, err := Span(want)
		if err != nil || at.Before(from) || !at.Before(after) {
			t.Errorf("%s spans %v to %v, %v", want, from, after, err)
		}
	}
	for _, bad := range []string{"", "2026", "2026Q5", "2026Q0", "26Q1", "Q1 2026", "2026Q12"} {
		if _, _, err := Span(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestExpiring(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	terms := []Term{
		{Document: "soon", Customer: "a", Ends: "2026-06-01"},
		{Document: "far", Customer: "b", Ends: "2027-06-01"},
		{Document: "ended", Customer: "c", Ends: "2026-02-01"},
		{Document: "followed", Customer: "d", Ends: "2026-02-01"},
		{Document: "follower", Customer: "d", Ends: "2027-02-01"},
		{Document: "long ago", Customer: "e", Ends: "2020-02-01"},
	}
	var got []string
	for _, f := range Expiring(terms, day) {
		got = append(got, f.Document+" "+string(f.Sort))
	}
	if want := []string{"soon expiring", "ended expired"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestConfirmations(t *testing.T) {
	t.Parallel()
	report := func(quarter string) *Report {
		return &Report{Quarter: quarter, Customers: []CustomerLine{{Name: "华信"}}, Findings: []Finding{
			{Sort: SortUnassigned, Subject: "12"}, {Sort: SortMissing, Customer: "华信", Project: "P-1", Type: document.TypeAcceptance}, {Sort: SortAction, Customer: "华信", Document: "d", Subject: "提交报告", Day: "2026-02-01"}}}
	}
	r := report("2026Q1")
	r.Finish(nil)
	if r.Open != 3 || r.Counts[SortMissing] != 1 || r.Customers[0].Open != 2 || r.Findings[0].Sort != SortMissing || r.Findings[2].Customer != "" {
		t.Fatalf("%+v", r)
	}
	missing, action := r.Findings[0].ID, r.Findings[1].ID
	if len(missing) != 16 || missing == action {
		t.Errorf("ids %s %s", missing, action)
	}
	said := map[string][]Confirmation{missing: {{Decision: NotApplicable, Quarter: "2026Q1", Who: "何嘉"}}, action: {{Decision: Seen, Quarter: "2026Q1", Who: "何嘉"}}}
	r = report("2026Q1")
	r.Finish(said)
	if r.Open != 1 || r.Findings[0].Confirmed.Who != "何嘉" {
		t.Errorf("%+v", r.Findings)
	}
	r = report("2026Q2") // what was only seen is asked again
	r.Finish(said)
	if r.Open != 2 || r.Findings[0].Confirmed == nil || r.Findings[1].Confirmed != nil {
		t.Errorf("%+v", r.Findings)
	}
	r = report("2025Q4") // said later
	r.Finish(said)
	if r.Open != 3 {
		t.Errorf("%+v", r.Findings)
	}
	said[missing] = append(said[missing], Confirmation{Decision: Seen, Quarter: "2026Q2"})
	r = report("2026Q3") // taken back
	r.Finish(said)
	if r.Findings[0].Confirmed != nil {
		t.Errorf("%+v", r.Findings)
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	r := &Report{Quarter: "2026Q1", Made: "2026-03-31T09:00:00Z", From: "2026-01-01", To: "2026-03-31",
		Customers: []CustomerLine{{Name: "华信<制造>", Responsible: "何嘉", Documents: 12, Projects: []ProjectLine{{Key: "P-1", Phase: "验收", Documents: 9, Required: []Required{{document.TypeContract, "start", There, nil}, {document.TypeAcceptance, "acceptance", NotSigned, nil}}, There: 1}}}},
		Findings:  []Finding{{Sort: SortUnsigned, Customer: "华信<制造>", Project: "P-1", Type: document.TypeAcceptance, Subject: "=1+1", Document: "abc"}, {Sort: SortSensitive, Subject: "名单.xlsx", Detail: "identity-number, mobile-number"}}}
	r.Finish(nil)
	r.Findings[0].Confirmed = &Confirmation{Decision: Done, Who: "何嘉", At: "2026-03-31T10:00:00Z", Note: "纸质已签"}
	for _, english := range []bool{false, true} {
		var page, book bytes.Buffer
		if err := r.HTML(&page, english); err != nil {
			t.Fatal(err)
		}
		if err := r.XLSX(&book, english); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&book)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows(Say("findings", english))
		if err != nil || len(rows) != 3 {
			t.Fatalf("%v %v", rows, err)
		}
		want := map[bool][]string{false: {"未签署", "已处理", "身份证号、手机号", "未归属"}, true: {"not signed", "done", "identity number, mobile number", "Of no customer"}}[english]
		for _, w := range append(want, "华信&lt;制造&gt;", "纸质已签", "=1&#43;1") {
			if !strings.Contains(page.String(), w) {
				t.Errorf("the page lacks %q:\n%s", w, page.String())
			}
		}
		if rows[1][4] != "=1+1" || rows[1][2] != want[0] || rows[2][6] != want[2] {
			t.Errorf("rows %v", rows)
		}
		if formula, err := f.GetCellFormula(Say("findings", english), "E2"); err != nil || formula != "" {
			t.Errorf("a text is a formula: %q, %v", formula, err)
		}
	}
}

// Every word that reports use is there in both languages.
func TestWords(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, s := range Sorts {
		keys = append(keys, "sort."+string(s))
	}
	for _, d := range Decisions {
		keys = append(keys, "decision."+string(d))
	}
	for _, typ := range document.Types {
		keys = append(keys, "type."+string(typ))
	}
	for _, s := range document.Sensitives {
		keys = append(keys, "detail."+s)
	}
	for _, k := range keys {
		if w := words[k]; w.zh == "" || w.en == "" {
			t.Errorf("%s has no words", k)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(string(defaultTemplate))
	f.Add("kinds: [{kind: a}]")
	f.Fuzz(func(t *testing.T, text string) {
		tpl, err := ParseTemplate(strings.NewReader(text))
		if err == nil {
			tpl.Complete(Project{Kind: "a", Phase: "b", State: "closed"}, []Paper{paper(document.TypeContract, Signed)})
		}
	})
}
