package pipeline

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// inPieces cuts a mail's lines into pieces, as a mailer that sends large mails so
// does (RFC 2046 5.2.2.2). Only the last says how many there are.
func inPieces(id, whole string, n int) (out []string) {
	head, body, _ := strings.Cut(whole, "\n\n")
	lines := strings.SplitAfter(body, "\n")
	for i := range n {
		part := strings.Join(lines[i*len(lines)/n:(i+1)*len(lines)/n], "")
		total := ""
		if i == n-1 {
			total = fmt.Sprintf("; total=%d", n)
		}
		p := fmt.Sprintf("From: zhang@example.com\nTo: li@example.com\nSubject: 分段 %d\nDate: Tue, 5 Mar 2024 10:00:00 +0800\nMessage-ID: <%s-%d@example.com>\nMIME-Version: 1.0\nContent-Type: message/partial; id=\"%s\"; number=%d%s\n\n", i+1, id, i+1, id, i+1, total)
		if i == 0 {
			p += head + "\n\n"
		}
		out = append(out, p+part)
	}
	return out
}

// long is a mail whose attachment is only whole when all of it is.
var long = "Subject: 整封报告\nMessage-ID: <whole@example.com>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n第一部分说明验收安排。\n" +
	strings.Repeat("本页其余部分留空\n", 20) + "中间部分说明付款节点。\n" + strings.Repeat("本页其余部分留空\n", 20) + "最后部分说明质保期限。\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; filename=list.txt\n\n" + "服务器 十二台\n交换机 三台\n--b--\n"

func writePieces(o *office, folder string, which ...int) {
	for _, n := range which {
		o.write(fmt.Sprintf("%s/%d.host:2,S", folder, n), inPieces("long@example.com", long, 3)[n-1])
	}
}

// A mail whose pieces lie in files of their own is joined when the last of them
// comes, is found as one, and stays when pieces leave.
func TestPiecesAreJoined(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writePieces(o, "张伟/cur", 1, 3)
	o.ingest()
	if got := o.find("验收安排"); !slices.Equal(got, []string{"张伟/cur/1.host:2,S"}) {
		t.Errorf("before the last piece came, its beginning is found at %q", got)
	}
	writePieces(o, "张伟/cur", 2)
	o.ingest()
	whole := "张伟/cur/1.host:2,S!/joined"
	for _, word := range []string{"验收安排", "付款节点", "质保期限"} {
		if got := o.find(word); !slices.Equal(got, []string{whole}) {
			t.Errorf("%s is found at %q", word, got)
		}
	}
	if got := o.find("交换机"); !slices.Equal(got, []string{whole + "!/attachment:1:list.txt"}) {
		t.Errorf("the attachment is found at %q", got)
	}
	states := o.states()
	for n := 1; n <= 3; n++ {
		if at := fmt.Sprintf("张伟/cur/%d.host:2,S", n); states[at] != "part-of" {
			t.Errorf("%s is %s", at, states[at])
		}
	}
	v, err := o.a.Show(t.Context(), whole, nil)
	if err != nil || v.Title != "整封报告" || v.Read != document.Full || len(v.Forms) != 3 || v.Thread != 1 {
		t.Fatalf("the whole: %+v, %v", v, err)
	}
	piece, err := o.a.Show(t.Context(), "张伟/cur/2.host:2,S", nil)
	if err != nil || len(piece.Forms) != 3 || !piece.Forms[0].Main || piece.Forms[0].Document != v.ID {
		t.Errorf("a piece: %+v, %v", piece.Forms, err)
	}
	o.clean("joined")
	before := o.dump()
	if account := o.ingest(); len(account.Changed) != 0 || o.dump() != before {
		t.Errorf("the second run changes %v", account.Changed)
	}
	at := newOffice(t)
	at.source = o.source
	at.ingest()
	if d := at.dump(); d != before {
		t.Errorf("at once it is otherwise:\n%s", firstDifference(d, before))
	}
	// Pieces go away; the mail stays and can be read.
	o.remove("张伟/cur/2.host:2,S")
	o.remove("张伟/cur/1.host:2,S")
	o.ingest()
	if got := o.find("付款节点"); !slices.Equal(got, []string{whole}) {
		t.Errorf("after a piece went away it is found at %q", got)
	}
	original, _, _, err := o.a.Original(t.Context(), v.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.NewSectionReader(original, 0, original.Size()))
	_ = original.Close()
	if _, body, _ := strings.Cut(long, "\n\n"); err != nil || !strings.HasSuffix(string(text), "\n\n"+body) || strings.Contains(string(text), "message/partial") {
		t.Errorf("its original is %q, %v", text, err)
	}
	o.clean("after pieces went away")
}

// Pieces in two mailboxes make the mail twice; who may see one mailbox finds his.
func TestPiecesOfTwoMailboxes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writePieces(o, "a/cur", 1, 2, 3)
	o.write("b/box.mbox", boxOf(inPieces("long@example.com", long, 3)...))
	o.write("c/box.mbox", boxOf(inPieces("other@example.com", strings.ReplaceAll(long, "验收", "投产"), 2)...))
	o.write("d/3.eml", inPieces("lost@example.com", strings.ReplaceAll(long, "验收", "培训"), 3)[2])
	o.ingest()
	states := o.states()
	counts := map[string]int{}
	for at, state := range states {
		if !strings.Contains(at, "attachment:") {
			counts[state]++
		}
	}
	// The pieces in a's Maildir and b's mailbox are the same mails.
	if want := map[string]int{"part-of": 5, "duplicate-of": 4, "indexed": 5}; !maps.Equal(counts, want) {
		t.Errorf("states %v, want %v: %v", counts, want, states)
	}
	for word, want := range map[string]int{"验收安排": 1, "投产安排": 1} {
		if got := o.find(word); len(got) != want {
			t.Errorf("%s is found at %q", word, got)
		}
	}
	if got := o.find("投产安排"); len(got) != 1 || !strings.HasSuffix(got[0], ":joined") {
		t.Errorf("what a mailbox's reader has joined is found at %q", got)
	}
	o.clean("two mailboxes")
	before := o.dump()
	if account := o.ingest(); len(account.Changed) != 0 || o.dump() != before {
		t.Errorf("the second run changes %v", account.Changed)
	}
}

// A piece that is seen by somebody who does not see the whole stays for itself.
func TestPiecesAndRights(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	writePieces(o, "a", 1, 2, 3)
	writePieces(o, "b", 1)
	for _, folder := range []string{"a", "b"} {
		if _, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{filepath.Join(o.source, folder)}}); err != nil {
			t.Fatal(err)
		}
	}
	see := func(folder, word string) (out []string) {
		r, err := o.a.Search(t.Context(), index.Request{Text: word, Unfolded: true}, []string{Scope(filepath.Join(o.source, folder))})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			out = append(out, h.Locator)
		}
		return out
	}
	if got := see("b", "验收安排"); !slices.Equal(got, []string{"1.host:2,S"}) {
		t.Errorf("who has the first piece only sees %q", got)
	}
	if got := see("b", "付款节点"); len(got) != 0 {
		t.Errorf("who has the first piece only sees %q of the whole", got)
	}
	if got := see("a", "交换机"); !slices.Equal(got, []string{"1.host:2,S!/joined!/attachment:1:list.txt"}) {
		t.Errorf("who has all sees %q", got)
	}
}

// What claims to be a piece of itself, or holds pieces in pieces, ends.
func TestPiecesWithinPieces(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	inner := inPieces("inner@example.com", long, 2)
	for n, outer := range []string{"one@example.com", "two@example.com"} {
		for k, p := range inPieces(outer, inner[n], 2) {
			o.write(fmt.Sprintf("m/%d-%d.eml", n, k), p)
		}
	}
	deep := "Subject: 深处\n\n尽头在此。\n"
	for n := range 40 {
		deep = fmt.Sprintf("From: a@example.com\nDate: Tue, 5 Mar 2024 10:00:00 +0800\nContent-Type: message/partial; id=\"deep%d@x\"; number=1; total=1\n\n", n) + deep
	}
	o.write("m/deep.eml", deep)
	o.ingest()
	if got := o.find("付款节点"); !slices.Equal(got, []string{"m/0-0.eml!/joined!/joined"}) {
		t.Errorf("a piece of pieces is found at %q", got)
	}
	o.clean("pieces in pieces")
	before := o.dump()
	if account := o.ingest(); len(account.Changed) != 0 || o.dump() != before {
		t.Errorf("the second run changes %v", account.Changed)
	}
}

func TestWholesOf(t *testing.T) {
	t.Parallel()
	at := func(id int64, locator string, number, total int) *ledger.PieceAt {
		return &ledger.PieceAt{Piece: ledger.Piece{Content: id, Number: number, Total: total}, Locator: locator, Size: 100, Canonical: true}
	}
	many := []*ledger.PieceAt{}
	for n := range int64(10_000) {
		many = append(many, at(n+1, "m/"+fmt.Sprint(n), int(n+1), 10_000))
	}
	huge := at(2, "a/2", 2, 2)
	huge.Size = maxWhole
	twin := at(1, "a/1", 1, 0)
	twin.Canonical = false
	for _, c := range []struct {
		name   string
		group  []*ledger.PieceAt
		joined map[int64]bool
		want   [][]int64
	}{
		{"whole", []*ledger.PieceAt{at(1, "a/1", 1, 0), at(2, "a/2", 2, 0), at(3, "a/3", 3, 3)}, nil, [][]int64{{1, 2, 3}}},
		{"one alone", []*ledger.PieceAt{at(1, "a/1", 1, 1)}, nil, [][]int64{{1}}},
		{"no total", []*ledger.PieceAt{at(1, "a/1", 1, 0), at(2, "a/2", 2, 0)}, nil, nil},
		{"one is missing", []*ledger.PieceAt{at(1, "a/1", 1, 3), at(3, "a/3", 3, 3)}, nil, nil},
		{"without the first", []*ledger.PieceAt{at(2, "a/2", 2, 2)}, nil, nil},
		{"joined before", []*ledger.PieceAt{at(1, "a/1", 1, 0), at(2, "a/2", 2, 2)}, map[int64]bool{1: true}, nil},
		{"two mailboxes", []*ledger.PieceAt{at(1, "a/1", 1, 0), at(4, "b/1", 1, 0), at(2, "a/2", 2, 2), at(5, "b/2", 2, 2)}, nil, [][]int64{{1, 2}, {4, 5}}},
		{"the rest lies elsewhere", []*ledger.PieceAt{at(1, "cur/1", 1, 0), at(2, "new/2", 2, 2)}, nil, [][]int64{{1, 2}}},
		{"a total that lies elsewhere", []*ledger.PieceAt{at(1, "a/1", 1, 0), at(2, "a/2", 2, 2), at(9, "b/9", 9, 9)}, nil, [][]int64{{1, 2}}},
		{"a total that lies here", []*ledger.PieceAt{at(1, "a/1", 1, 0), at(2, "a/2", 2, 2), at(9, "a/9", 3, 9)}, nil, nil},
		{"a number beyond the total", []*ledger.PieceAt{at(1, "a/1", 1, 2), at(2, "a/2", 2, 0), at(9, "a/9", 9, 0)}, nil, [][]int64{{1, 2}}},
		{"a total beyond all bounds", []*ledger.PieceAt{at(1, "a/1", 1, 1<<60)}, nil, nil},
		{"too large together", []*ledger.PieceAt{at(1, "a/1", 1, 0), huge}, nil, nil},
		{"a copy of the first", []*ledger.PieceAt{twin, at(2, "a/2", 2, 2)}, nil, nil},
	} {
		var got [][]int64
		for _, m := range wholesOf(c.group, c.joined) {
			var ids []int64
			for _, p := range m.pieces {
				ids = append(ids, p.Content)
			}
			got = append(got, ids)
		}
		if !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := wholesOf(many, nil); len(got) != 1 || len(got[0].pieces) != len(many) {
		t.Errorf("of 10,000 pieces %d mails", len(got))
	}
	for n := range many {
		many[n].Number, many[n].Total = 1, 1
	}
	if got := wholesOf(many, nil); len(got) != maxFirsts {
		t.Errorf("of 10,000 first pieces %d mails", len(got))
	}
}

func TestUncircle(t *testing.T) {
	t.Parallel()
	now := map[int64]int64{1: 2, 2: 3, 3: 1, 4: 1, 5: 6}
	uncircle(now)
	if want := map[int64]int64{2: 3, 3: 1, 4: 1, 5: 6}; !maps.Equal(now, want) {
		t.Errorf("%v, want %v", now, want)
	}
}
