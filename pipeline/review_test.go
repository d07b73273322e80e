package pipeline

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/ledger"
	"guidang/pipeline/review"
)

// reviewed is an office with one project of one customer.
func reviewed(t *testing.T) (*office, *ledger.Project) {
	t.Helper()
	o := newOffice(t)
	for name, text := range map[string]string{
		"华信/软件开发合同.txt": "软件开发合同\n合同编号：HT-2025-001\n甲方：华信制造\n乙方：远航软件\n合同总金额：350000元\n本合同自签订之日起生效。\n终止日期：2026年5月31日\n甲方（盖章）：________  乙方（盖章）：________\n日期：    年  月  日\n",
		"华信/来信.eml":     "From: zhang@example.com\r\nSubject: =?utf-8?B?5ZGo5oql?=\r\nDate: Mon, 4 Mar 2024 09:00:00 +0800\r\n\r\n附件请查收。身份证号：11010519491231002X\r\n",
		"别处/无主.txt":     "没有人认领的文件，内容普通。\n",
		"周会.vtt":        "WEBVTT\n\n00:00:00.000 --> 00:00:06.000\n<v 张伟>我们决定上线。\n\n00:00:06.000 --> 00:00:12.000\n<v 李娜>好的，我负责在2026年2月10日之前提交测试报告。\n",
	} {
		o.write(name, text)
	}
	o.ingest()
	p := &ledger.Project{Key: "PROJ-1", Number: "PROJ-1", Name: "订单系统", Phase: "启动", Responsible: "何嘉"}
	err := o.a.ledger.Update(t.Context(), func(tx ledger.Tx) error {
		c := &ledger.Customer{Name: "华信制造"}
		if err := tx.PutCustomer(c); err != nil {
			return err
		}
		p.CustomerID = c.ID
		if err := tx.PutProject(p); err != nil {
			return err
		}
		for _, name := range []string{"华信/软件开发合同.txt", "华信/来信.eml", "周会.vtt"} {
			i, err := tx.At(o.source, name)
			if err != nil {
				return err
			}
			if err := tx.SetAssignments(i.Content, []ledger.Assignment{{Customer: c.ID, Project: p.ID, Standing: ledger.Confirmed}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return o, p
}

func found(r *review.Report) string {
	var out []string
	for _, f := range r.Findings {
		line := string(f.Sort) + " " + f.Project + " " + string(f.Type) + " " + f.Day
		if f.Confirmed != nil {
			line += " " + string(f.Confirmed.Decision)
		}
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(out, "; ")
}

// A review finds what is unsigned, ends, was promised, must not get about and is
// nobody's; what a person says of it is kept.
func TestReview(t *testing.T) {
	t.Parallel()
	o, p := reviewed(t)
	r, err := o.a.Review(t.Context(), "2026q1", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "unsigned PROJ-1 contract; expiring PROJ-1 contract 2026-05-31; action PROJ-1 2026-02-10; sensitive PROJ-1; unassigned"
	if got := found(r); got != want {
		t.Fatalf("found %s, want %s", got, want)
	}
	if r.Findings[0].Responsible != "何嘉" || r.Findings[0].Document == "" || r.Findings[4].Detail != "unassigned 1, doubtful 0" || r.Open != 5 {
		t.Errorf("%+v", r.Findings)
	}
	for _, f := range r.Findings {
		if strings.Contains(f.Detail+f.Subject, "11010519491231002X") {
			t.Error("a review tells an identity number")
		}
	}
	ids := []string{r.Findings[0].ID, r.Findings[2].ID}
	if err := o.a.Confirm(t.Context(), "2026Q1", ids, review.Done, "何嘉", "已补签", nil); err != nil {
		t.Fatal(err)
	}
	if err := o.a.Confirm(t.Context(), "2026Q1", []string{"nonsense"}, review.Done, "何嘉", "", nil); !errors.Is(err, ErrNoFinding) {
		t.Errorf("a finding that there is not: %v", err)
	}
	// What was gathered is kept while nothing else happens, and not a moment longer.
	if r, err := o.a.Review(t.Context(), "2026Q1", nil); err != nil || r.Open != 3 {
		t.Errorf("after a confirmation: %s, %v", found(r), err)
	}
	i, err := o.a.ledger.At(t.Context(), o.source, "别处/无主.txt")
	if err != nil {
		t.Fatal(err)
	}
	whose := func(list ...ledger.Assignment) {
		if err := o.a.ledger.Update(t.Context(), func(tx ledger.Tx) error { return tx.SetAssignments(i.Content, list) }); err != nil {
			t.Fatal(err)
		}
	}
	whose(ledger.Assignment{Customer: p.CustomerID, Standing: ledger.Confirmed})
	if r, err := o.a.Review(t.Context(), "2026Q1", nil); err != nil || r.Open != 2 || strings.Contains(found(r), "unassigned") {
		t.Errorf("after an assignment: %s, %v", found(r), err)
	}
	whose()
	o.restart()
	r, err = o.a.Review(t.Context(), "2026Q1", nil)
	if err != nil || r.Open != 3 || r.Findings[0].Confirmed == nil || r.Findings[0].Confirmed.Note != "已补签" {
		t.Errorf("%s, %v", found(r), err)
	}
	if r, err := o.a.Review(t.Context(), "2026Q1", []string{}); err != nil || len(r.Findings)+len(r.Customers) != 0 {
		t.Errorf("somebody without rights sees %+v, %v", r, err)
	}
	all, err := o.a.Requirements(t.Context(), p, nil)
	if err != nil || len(all) != 2 || all[0].Type != document.TypeContract || all[0].State != review.NotSigned || all[1].State != review.There {
		t.Errorf("requirements %+v, %v", all, err)
	}
}

// Who is responsible is told of each finding once, the group only how much there
// is, and nobody of another domain.
func TestTell(t *testing.T) {
	t.Parallel()
	o, _ := reviewed(t)
	if _, err := o.a.Tell(t.Context(), false); !errors.Is(err, ErrNoWay) {
		t.Errorf("without a way: %v", err)
	}
	got := make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
	}))
	defer srv.Close()
	o.a.cfg.Notify = config.Notify{Webhook: srv.URL, Link: "http://archive.example"}
	told, err := o.a.Tell(t.Context(), false)
	if err != nil || len(told.People) != 1 || told.People[0].Name != "何嘉" || told.People[0].Findings == 0 || !told.People[0].Group {
		t.Fatalf("%+v, %v", told, err)
	}
	if said := <-got; !strings.Contains(said, fmt.Sprintf("何嘉: %d", told.People[0].Findings)) || strings.Contains(said, "华信") || !strings.Contains(said, "archive.example/review") {
		t.Errorf("the group is told %s", said)
	}
	if again, err := o.a.Tell(t.Context(), false); err != nil || len(again.People) != 0 {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	r, err := o.a.Review(t.Context(), "", nil)
	if err != nil || !slices.ContainsFunc(r.Findings, func(f review.Finding) bool { return f.Told != "" && f.Responsible == "何嘉" }) {
		t.Errorf("nothing is marked as told: %v", err)
	}
	err = o.a.ledger.Update(t.Context(), func(tx ledger.Tx) error {
		return tx.SetPeople([]*ledger.Person{
			{Key: "a", Name: "何嘉", Addresses: []string{"hejia@huaxin.example"}}, {Key: "b", Name: "何嘉", Addresses: []string{"x@163.com", "hejia@Own.example"}},
			{Key: "c", Name: "王伟", Addresses: []string{"ww1@own.example"}}, {Key: "d", Name: "王伟", Addresses: []string{"ww2@own.example"}},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"何嘉": "hejia@Own.example", "王伟": "", "无名": "", "李文博 <li@own.example>": "li@own.example", "z@huaxin.example": ""} {
		if got, err := o.a.addressOf(t.Context(), name, "归档 <archive@own.example>"); err != nil || got != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}
