package pipeline

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/mail"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
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
	if len(o.find("请确认价格")) != 1 || len(v.Occurrences) != 4 || v.Thread != 3 {
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
	for _, c := range []struct {
		scopes []string
		under  int
	}{{nil, 1}, {[]string{"source:nowhere"}, -1}} {
		r, err := o.a.Search(t.Context(), index.Request{Text: "合同已经发出"}, c.scopes)
		if err != nil || len(r.Hits) != min(c.under+1, 1) || c.under > 0 && (r.Total != 2 || len(r.Hits[0].Under) != c.under || r.Hits[0].Under[0].Relation != index.Copy) {
			t.Errorf("folded for %v: %+v, %v", c.scopes, r, err)
		}
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
		for line := range strings.SplitSeq(o.dump(), "\n") {
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
	if err != nil || all.Total != 3 || len(all.Mails) != 3 || all.Mails[0].Title != "报价" || all.Mails[1].Title != "回复：报价" {
		t.Fatalf("the whole thread: %+v, %v", all, err)
	}
	if part, err := o.a.Conversation(t.Context(), all.Mails[0].ID, nil, 1, 2); err != nil || part.Total != 3 || len(part.Mails) != 2 || part.Mails[0].Title != "回复：报价" {
		t.Errorf("a part of it: %+v, %v", part, err)
	}
	// The copy with the list's footer is told with the mail that it is of.
	if same := all.Mails[2].Same; len(same) != 1 || same[0].How != VariantShortened && same[0].How != VariantAdded || len(same[0].Occurrences) != 1 {
		t.Errorf("under one Message-ID: %+v", same)
	}
	if other, err := o.a.Conversation(t.Context(), all.Mails[2].Same[0].Document, nil, 0, 100); err != nil || other.Total != 3 || other.Mails[2].ID != all.Mails[2].Same[0].Document {
		t.Errorf("the thread of the other: %+v, %v", other, err)
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

// withFile is a mail with an attachment that is not encoded: its line ends are
// the mailbox's.
var withFile = "From: zhang@example.com\nTo: li@example.com\nSubject: 清单\nDate: Tue, 5 Mar 2024 10:00:00 +0800\nMessage-ID: <list0@example.com>\nMIME-Version: 1.0\n" +
	"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=utf-8\n\n见附件清单。\n--x\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; filename=list.txt\n\n第一项 服务器\n第二项 交换机\n--x--\n"

// A copy that appears later at a smaller place takes the name over; what lies in
// the mail is read from it then, and is the same.
func TestTheSmallestCopyIsCanonical(t *testing.T) {
	t.Parallel()
	o, whole := newOffice(t), newOffice(t)
	whole.source = o.source
	o.write("m/box.mbox", boxOf(offer, "X-Mozilla-Status: 0009\n"+withFile))
	o.ingest()
	o.write("a/copy.eml", strings.ReplaceAll(withFile, "\n", "\r\n"))
	o.ingest()
	whole.ingest()
	if a, b := o.dump(), whole.dump(); a != b {
		t.Errorf("later and at once differ:\n%s\n---\n%s", a, b)
	}
	if got := o.find("交换机"); len(got) != 1 || got[0] != "a/copy.eml!/attachment:1:list.txt" {
		t.Fatalf("the attachment is found at %q", got)
	}
	original, _, _, err := o.a.Original(t.Context(), "a/copy.eml!/attachment:1:list.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.NewSectionReader(original, 0, original.Size()))
	_ = original.Close()
	if err != nil || string(text) != "第一项 服务器\n第二项 交换机" {
		t.Errorf("the attachment is %q, %v", text, err)
	}
	o.clean("after the name was taken over")
	// And back: the copy goes away.
	o.remove("a/copy.eml")
	o.ingest()
	if got := o.find("交换机"); len(got) != 1 || !strings.HasPrefix(got[0], "m/box.mbox!/mail:") {
		t.Errorf("the attachment is found at %q", got)
	}
	o.clean("after the copy went away")
}

// A mail program writes its state into its files; the mail stays what it is.
func TestAChangeOfStateIsNoNewMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("mh/inbox/1", offer)
	o.write("other/1", answer)
	o.ingest()
	before, err := o.a.Show(t.Context(), "mh/inbox/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	o.write("mh/inbox/1", "Status: RO\nX-Status: F\n"+offer)
	account := o.ingest()
	after, err := o.a.Show(t.Context(), "mh/inbox/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if account.Found != 2 || after.ID != before.ID || after.SHA256 == before.SHA256 || strings.Join(after.Occurrences[0].Flags, " ") != "flagged read" {
		t.Errorf("%d items, %s then %s, flags %v", account.Found, before.ID, after.ID, after.Occurrences[0].Flags)
	}
	o.clean("after a change of state")
}

// What the store lost of a mail is found out for every copy, and healed from where
// the copy lies.
func TestDamagedCopyIsHealed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.eml", strings.ReplaceAll(offer, "\n", "\r\n"))
	o.write("b.eml", offer)
	o.ingest()
	i, err := o.a.FindItem(t.Context(), "a.eml")
	if err != nil {
		t.Fatal(err)
	}
	sum := store.Sum(i.Bytes).String()
	removed := 0
	err = filepath.WalkDir(filepath.Join(o.cfg.Data, "store"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(strings.ReplaceAll(path, string(filepath.Separator), ""), sum) || err == nil && d.Name() == sum {
			removed++
			return os.Remove(path)
		}
		return err
	})
	if err != nil || removed != 1 {
		t.Fatalf("%d files removed, %v", removed, err)
	}
	r, err := o.a.Reconcile(t.Context(), true)
	if err != nil || r.Store.Checked != 2 || r.Store.Missing != 1 || r.Repaired != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	o.clean("after healing")
}

func TestWhatAThreadCameTo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("1.eml", "Message-ID: <one@a.example>\r\nFrom: =?utf-8?B?5p2O5paH5Y2a?= <li@a.example>\r\nTo: z@b.example\r\nDate: Thu, 03 Jul 2025 10:00:00 +0800\r\nSubject: offer of July\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n我下周三之前提交报价单。\r\n")
	o.write("2.eml", "Message-ID: <two@b.example>\r\nIn-Reply-To: <one@a.example>\r\nFrom: z@b.example\r\nTo: li@a.example\r\nDate: Fri, 04 Jul 2025 10:00:00 +0800\r\nSubject: Re: offer of July\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n同意分三期付款。\r\n\r\n> 我下周三之前提交报价单。\r\n")
	o.ingest()
	th, err := o.a.Conversation(t.Context(), "2.eml", nil, 0, 40)
	if err != nil || th.Said == nil || len(th.Said.Actions) != 1 || len(th.Said.Decisions) != 1 {
		t.Fatalf("%+v, %v", th, err)
	}
	if a := th.Said.Actions[0]; a.Owner != "李文博" || *a.Due != "2025-07-09" || th.Letters[a.Evidence[0]-1].Writer != "李文博" {
		t.Errorf("%+v of %+v", a, th.Letters)
	}
	if th, err = o.a.Conversation(t.Context(), "2.eml", nil, 1, 40); err != nil || th.Said != nil {
		t.Errorf("with a later part: %+v, %v", th.Said, err)
	}
}
