package pipeline

import (
	"errors"
	"strings"
	"testing"

	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

func (o *office) proposals(text string, scopes []string) string {
	o.t.Helper()
	got, err := o.a.Suggest(o.t.Context(), text, scopes, 10)
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, s := range got {
		out = append(out, string(s.Kind)+" "+s.Text)
	}
	return strings.Join(out, "; ")
}

// Customers and projects are proposed by any of their names and by pinyin, to
// those who see something of them.
func TestProposalsOfDossiers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("秘密一.txt", "一份文件的内容")
	o.ingest()
	c, err := o.a.Find(t.Context(), "秘密一.txt")
	if err != nil {
		t.Fatal(err)
	}
	err = o.a.ledger.Update(t.Context(), func(tx ledger.Tx) error {
		customer := &ledger.Customer{Name: "华信科技有限公司", Aliases: []string{"Huaxin Tech"}, Origin: ledger.ByHand}
		other := &ledger.Customer{Name: "安澜物流", Origin: ledger.ByHand}
		if err := errors.Join(tx.PutCustomer(customer), tx.PutCustomer(other)); err != nil {
			return err
		}
		project := &ledger.Project{CustomerID: customer.ID, Key: "PROJ-20250801", Name: "订单管理系统", Origin: ledger.ByHand}
		if err := tx.PutProject(project); err != nil {
			return err
		}
		return tx.SetAssignments(c.ID, []ledger.Assignment{{Content: c.ID, Customer: customer.ID, Project: project.ID, Standing: ledger.Confirmed}, {Content: c.ID, Customer: other.ID, Standing: ledger.Sure}})
	})
	if err != nil {
		t.Fatal(err)
	}
	ofOne := []string{CustomerScope("华信科技有限公司")}
	for _, q := range []struct {
		text, want string
		scopes     []string
	}{
		{"hxkj", "customer 华信科技有限公司", nil}, {"huaxin te", "", nil}, {"Huaxin", "customer 华信科技有限公司", nil}, {"订单", "project PROJ-20250801", nil}, {"alwl", "customer 安澜物流", nil},
		{"hxkj", "customer 华信科技有限公司", ofOne}, {"alwl", "", ofOne}, {"订单", "project PROJ-20250801", ofOne}, {"秘密", "title 秘密一.txt", ofOne}, {"hxkj", "", []string{CustomerScope("安澜物流")}},
	} {
		if got := o.proposals(q.text, q.scopes); got != q.want {
			t.Errorf("%s for %v: %q, want %q", q.text, q.scopes, got, q.want)
		}
	}
}

func TestProposals(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("2024年度验收计划.txt", "本年度的验收安排如下。")
	o.write("a.eml", "From: =?utf-8?b?5byg5Lyf?= <zw@firm.example>\r\nSubject: Delivery dates\r\nDate: Tue, 05 Mar 2024 10:00:00 +0800\r\n\r\nThe delivery is on Friday.\r\n")
	o.ingest()
	for text, want := range map[string]string{"2024年度": "title 2024年度验收计划.txt", "zw": "person 张伟", "zhangwei": "person 张伟", "Deliv": "title Delivery dates"} {
		if got := o.proposals(text, nil); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
		if got := o.proposals(text, []string{"source:elsewhere"}); got != "" {
			t.Errorf("%s without the right: %q", text, got)
		}
	}
	for text, want := range map[string]int{"zhangwei": 1, "from:zw": 1, "from:zhang": 1, "to:zw": 0, "zw": 1} {
		res, err := o.a.Search(t.Context(), index.Request{Text: text}, nil)
		if err != nil || res.Total != want {
			t.Errorf("%s finds %d, want %d: %v", text, res.Total, want, err)
		}
	}
	res, err := o.a.Search(t.Context(), index.Request{Text: "Delivrey"}, nil)
	if err != nil || res.Total != 0 || res.DidYouMean != "delivery" {
		t.Errorf("a misspelt word: %+v %v", res, err)
	}
	if res, err = o.a.Search(t.Context(), index.Request{Text: "Delivrey"}, []string{"source:elsewhere"}); err != nil || res.DidYouMean != "" {
		t.Errorf("a misspelt word without the right: %+v %v", res, err)
	}
}
