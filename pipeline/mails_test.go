package pipeline

import (
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/mail"
	"guidang/pipeline/ledger"
)

// post is a mail as it lies in a mailbox of one file.
func post(id, refers, from, subject, date, body string) string {
	head := "From: " + from + "\nTo: all@example.com\nSubject: " + subject + "\nDate: " + date + "\nMessage-ID: <" + id + "@example.com>\n"
	if refers != "" {
		head += "In-Reply-To: <" + refers + "@example.com>\n"
	}
	return head + "Content-Type: text/plain; charset=utf-8\n\n" + body + "\n"
}

func boxOf(mails ...string) string {
	var b strings.Builder
	for _, m := range mails {
		b.WriteString("From x@example.com Tue Mar  5 10:00:00 2024\n" + m + "\n")
	}
	return b.String()
}

var (
	offer     = post("offer0", "", "zhang@example.com", "报价", "Tue, 5 Mar 2024 10:00:00 +0800", "报价见附件，请确认价格。")
	answer    = post("answer1", "offer0", "li@example.com", "回复：报价", "Wed, 6 Mar 2024 10:00:00 +0800", "价格可以，请发合同。")
	contract  = post("contract2", "answer1", "zhang@example.com", "Re: 报价", "Thu, 7 Mar 2024 10:00:00 +0800", "合同已经发出。")
	withTrace = "Return-Path: <zhang@example.com>\nReceived: from a by b; Tue, 5 Mar 2024 10:00:01 +0800\nX-Mozilla-Status: 0001\n" + offer
	listed    = strings.Replace(contract, "合同已经发出。\n", "合同已经发出。\n_______\n邮件列表的页脚\n", 1)
)

func writeMails(o *office) {
	o.write("a/张伟/已发送.mbox", boxOf(offer, contract))
	o.write("a/李娜/收件箱.mbox", boxOf(withTrace, answer, listed))
	o.write("b/offer.eml", strings.ReplaceAll(offer, "\n", "\r\n"))
	o.write("b/Maildir/.&W6JiNw-/cur/17.host:2,FS", offer)
}

func TestCopiesOfOneMailAreOneDocument(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeMails(o)
	account := o.ingest()
	if !account.Closed {
		t.Errorf("the account does not close: %+v", account)
	}
	// Of the offer there are four copies, with bytes of three kinds.
	v, err := o.a.Show(t.Context(), o.find("请确认价格")[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(o.find("请确认价格")) != 1 || len(v.Occurrences) != 4 || v.Thread != 4 {
		t.Fatalf("found %q, at %+v, thread of %d", o.find("请确认价格"), v.Occurrences, v.Thread)
	}
	var places []string
	for _, p := range v.Occurrences {
		places = append(places, p.Mailbox+"|"+p.Folder+"|"+strings.Join(p.Flags, ",")+"|"+string(p.State))
	}
	want := []string{"张伟|已发送||indexed", "李娜|收件箱|read|duplicate-of", "Maildir|客户|flagged,read|duplicate-of", "|b||duplicate-of"}
	slices.Sort(places)
	slices.Sort(want)
	if !slices.Equal(places, want) {
		t.Errorf("places %q, want %q", places, want)
	}
	// The count of a mailbox adds up.
	boxed, err := o.a.Show(t.Context(), "a/李娜/收件箱.mbox", nil)
	if err != nil {
		t.Fatal(err)
	}
	if boxed.InnerTotal != 3 || !maps.Equal(boxed.InnerStates, map[ledger.State]int64{ledger.Indexed: 2, ledger.DuplicateOf: 1}) {
		t.Errorf("of %d mails: %v", boxed.InnerTotal, boxed.InnerStates)
	}
	// Every holder sees his own copy, byte by byte.
	for locator, want := range map[string]string{"b/offer.eml": strings.ReplaceAll(offer, "\n", "\r\n"), "b/Maildir/.&W6JiNw-/cur/17.host:2,FS": offer} {
		i, err := o.a.FindItem(t.Context(), locator)
		if err != nil {
			t.Fatal(err)
		}
		got, err := o.a.openItem(t.Context(), i)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(io.NewSectionReader(got, 0, got.Size()))
		if err != nil || string(text) != want {
			t.Errorf("%s: %d bytes of %d, %v", locator, len(text), len(want), err)
		}
		_ = got.Close()
	}
	o.clean("with copies")
}

func TestVariantsUnderOneID(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeMails(o)
	o.ingest()
	hits := o.find("合同已经发出")
	if len(hits) != 2 {
		t.Fatalf("two mails under one id are %q", hits)
	}
	how := map[string]string{}
	for _, h := range hits {
		v, err := o.a.Show(t.Context(), h, nil)
		if err != nil || len(v.Variants) != 1 {
			t.Fatalf("%s: variants %+v, %v", h, v, err)
		}
		how[strings.Split(h, "/")[1]] = v.Variants[0].How
	}
	if how["张伟"] != VariantAdded || how["李娜"] != VariantShortened {
		t.Errorf("the list's footer: %v", how)
	}
}

func TestThreadsDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	o, other := newOffice(t), newOffice(t)
	other.source = o.source
	writeMails(o)
	o.ingest()
	for _, part := range []string{"b", "a/李娜", "."} {
		if _, err := other.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{filepath.Join(o.source, part)}}); err != nil {
			t.Fatal(err)
		}
	}
	// The same mails from other sources first: the dump's lines of the common
	// source are the same but for whose duplicate they are.
	threads := func(o *office) []string {
		var out []string
		for _, line := range strings.Split(o.dump(), "\n") {
			if _, thread, ok := strings.Cut(line, `"thread":"`); ok {
				document := line[strings.Index(line, `"document":"`)+12:]
				out = append(out, document[:26]+" "+thread[:26])
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	if a, b := threads(o), threads(other); len(a) != 4 || !slices.Equal(a, b) {
		t.Errorf("threads %q and %q", a, b)
	}
}

// Somebody sees of a thread what he may see of the archive, and of a mail's copies
// his own.
func TestRightsInAThread(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writeMails(o)
	zhang, li := filepath.Join(o.source, "a", "张伟"), filepath.Join(o.source, "a", "李娜")
	if _, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{zhang, li}}); err != nil {
		t.Fatal(err)
	}
	all, err := o.a.Conversation(t.Context(), "收件箱.mbox!/mail:0", nil, 0, 100)
	if err != nil || all.Total != 4 || len(all.Mails) != 4 || all.Mails[0].Title != "报价" || all.Mails[1].Title != "回复：报价" {
		t.Fatalf("the whole thread: %+v, %v", all, err)
	}
	if part, err := o.a.Conversation(t.Context(), all.Mails[0].ID, nil, 1, 2); err != nil || part.Total != 4 || len(part.Mails) != 2 || part.Mails[0].Title != "回复：报价" {
		t.Errorf("a part of it: %+v, %v", part, err)
	}
	his := []string{Scope(zhang)}
	got, err := o.a.Conversation(t.Context(), all.Mails[0].ID, his, 0, 100)
	if err != nil || got.Total != 2 || len(got.Mails) != 2 {
		t.Fatalf("of his own mailbox: %+v, %v", got, err)
	}
	for _, m := range got.Mails {
		if len(m.Occurrences) != 1 || m.Occurrences[0].Source != zhang || len(m.Variants) != 0 {
			t.Errorf("%s tells of %+v, %+v", m.Title, m.Occurrences, m.Variants)
		}
	}
	if v, err := o.a.Show(t.Context(), all.Mails[0].ID, his); err != nil || v.Thread != 2 {
		t.Errorf("the mail alone: %+v, %v", v, err)
	}
	if _, err := o.a.Conversation(t.Context(), all.Mails[1].ID, his, 0, 100); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("by a mail that he may not see: %v", err)
	}
	if _, err := o.a.MailPart(t.Context(), all.Mails[1].ID, mail.StepHeader, his); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the header of such a mail: %v", err)
	}
	// li's copy has the trace of his server; zhang must not see it.
	for scope, want := range map[string]bool{Scope(zhang): false, Scope(li): true} {
		header, err := o.a.MailPart(t.Context(), all.Mails[0].ID, mail.StepHeader, []string{scope})
		if err != nil || strings.Contains(string(header), "Received:") != want {
			t.Errorf("%s reads %q, %v", scope, header, err)
		}
	}
}
