package ledgertest

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// papers are kept, found again, follow their items and are chained.
func papers(t *testing.T, l ledger.Ledger) {
	var ids []int64
	update(t, l, func(tx ledger.Tx) error {
		for _, name := range []string{"合同_v1.docx", "合同_v2.docx", "note.txt"} {
			_, c, err := read(tx, "b/"+name, name)
			if err != nil {
				return err
			}
			ids = append(ids, c.ID)
			if name == "note.txt" {
				continue
			}
			p := &ledger.Paper{Type: document.TypeContract, Kinds: []string{document.SensitiveMobile, document.SensitivePassword}, Locator: "b/" + name, Verdict: `{"type":"contract"}`, Findings: "[]", Sketch: []byte(name)}
			if err := tx.SetPaper(c.ID, p); err != nil {
				return err
			}
		}
		return tx.SetJudged("this")
	})
	if by, err := l.Judged(t.Context()); by != "this" || err != nil {
		t.Errorf("judged by %q, %v", by, err)
	}
	p, err := l.Paper(t.Context(), ids[0])
	if err != nil || p.Type != document.TypeContract || !slices.Equal(p.Kinds, []string{document.SensitiveMobile, document.SensitivePassword}) || !bytes.Equal(p.Sketch, []byte("合同_v1.docx")) {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := l.Paper(t.Context(), ids[2]); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("of a note: %v", err)
	}
	out, err := l.Outgoing(t.Context(), 0, 10)
	if err != nil || len(out) != 3 || out[0].Type != document.TypeContract || len(out[0].Kinds) != 2 || out[2].Type != "" {
		t.Errorf("to the index: %+v, %v", out, err)
	}
	unchained := func() bool {
		t.Helper()
		open, err := l.Unchained(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return open
	}
	if !unchained() {
		t.Error("new papers are said to be chained")
	}
	chain := []ledger.Version{{Content: ids[0], Chain: ids[0], Ordinal: 1, Label: "v1"}, {Content: ids[1], Chain: ids[0], Ordinal: 2, Previous: ids[0], Branch: true, Label: "v2"}}
	update(t, l, func(tx ledger.Tx) error { return tx.SetVersions(nil, chain) })
	first, second := documentOf(t, l, ids[0]), documentOf(t, l, ids[1])
	related, err := l.Relations(t.Context(), []string{first, second, documentOf(t, l, ids[2]), "no-such-document"})
	if a, b := related[first], related[second]; err != nil || len(related) != 2 || a.Chain == 0 || a.Chain != b.Chain || a.Ordinal != 1 || b.Ordinal != 2 || !b.Branch || a.Mail != "" {
		t.Errorf("related: %+v, %v", related, err)
	}
	if unchained() {
		t.Error("chained papers are said to be unchained")
	}
	for _, id := range ids[:2] {
		if got, err := l.Versions(t.Context(), id); err != nil || !slices.Equal(got, chain) {
			t.Errorf("versions %+v, %v", got, err)
		}
	}
	if got, err := l.Versions(t.Context(), ids[2]); err != nil || len(got) != 0 {
		t.Errorf("versions of a note: %+v, %v", got, err)
	}
	var dump strings.Builder
	if err := l.Dump(t.Context(), &dump); err != nil {
		t.Fatal(err)
	}
	if s := dump.String(); strings.Count(s, `"type":"contract"`) != 2 || strings.Count(s, `"versions_of"`) != 2 || !strings.Contains(s, `"version_ordinal":2`) {
		t.Error(s)
	}

	// Another copy at a smaller place becomes canonical: it has another name.
	update(t, l, func(tx ledger.Tx) error {
		if _, _, err := read(tx, "a/签字版.docx", "合同_v1.docx"); err != nil {
			return err
		}
		if err := tx.Unsettle(ids[0]); err != nil {
			return err
		}
		_, err := tx.Settle(10)
		return err
	})
	if moved, err := l.Moved(t.Context(), 10); err != nil || !slices.Equal(moved, ids[:1]) || !unchained() {
		t.Errorf("moved %v, %v", moved, err)
	}
	names := 0
	err = l.EachChainable(t.Context(), func(c *ledger.Chainable) error {
		names += len(c.Places)
		if c.Content == ids[0] && (len(c.Places) != 2 || c.Places[0].Name != "a/签字版.docx") {
			t.Errorf("places %+v", c.Places)
		}
		return nil
	})
	if err != nil || names != 3 {
		t.Errorf("%d names, %v", names, err)
	}

	// What is no paper any more leaves its chain behind to be made anew.
	update(t, l, func(tx ledger.Tx) error { return errors.Join(tx.SetVersions(nil, nil), tx.SetPaper(ids[1], nil)) })
	if !unchained() {
		t.Error("a chain that lost a paper is left as it was")
	}
	update(t, l, func(tx ledger.Tx) error { return tx.SetVersions(ids[:2], nil) })
	err = l.EachVersion(t.Context(), func(v ledger.Version) error {
		t.Errorf("%+v is still there", v)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func documentOf(t *testing.T, l ledger.Ledger, content int64) string {
	t.Helper()
	c, err := l.Content(t.Context(), content)
	if err != nil {
		t.Fatal(err)
	}
	return c.DocumentID()
}
