package ledgertest

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/pipeline/ledger"
)

// byHand writes what people decide and reads it back, newest last.
func byHand(t *testing.T, l ledger.Ledger) {
	ctx := t.Context()
	var one, two int64
	day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	err := l.Update(ctx, func(tx ledger.Tx) error {
		for n, name := range []string{"a.mp3", "b.docx"} {
			i, c := item(name), content(name)
			i.Todo = false
			if _, err := tx.AddContent(c); err != nil {
				return err
			}
			i.Content = c.ID
			if err := tx.AddItem(i); err != nil {
				return err
			}
			c.Canonical, c.Minutes, c.Tags = i.ID, "made", `["规则"]`
			if err := tx.SetContent(c); err != nil {
				return err
			}
			if n == 0 {
				one = c.ID
			} else {
				two = c.ID
			}
		}
		for n, h := range []ledger.HandTag{{Tag: "急"}, {Tag: "规则"}, {Tag: "急", Set: true}} {
			h.Content, h.Who, h.At = one, "王芳", day.Add(time.Duration(n)*time.Hour)
			if err := tx.AddHandTag(h); err != nil {
				return err
			}
		}
		for _, done := range []bool{true, false} {
			if err := tx.AddActionMark(ledger.ActionMark{Content: one, Key: "k", Text: "发报告", Evidence: "[3]", Done: done, Who: "李娜", At: day}); err != nil {
				return err
			}
		}
		for _, text := range []string{`{"headline":"1"}`, `{"headline":"2"}`} {
			if err := tx.AddEdit(ledger.Edit{Content: one, Minutes: text, Base: "made", Who: "王芳", At: day}); err != nil {
				return err
			}
		}
		if err := tx.SetWritten(map[int64]int64{one: two}); err != nil {
			return err
		}
		return tx.SetWritten(map[int64]int64{two: one})
	})
	if err != nil {
		t.Fatal(err)
	}
	tags, err := l.HandTags(ctx, one)
	if err != nil || len(tags) != 3 || tags[0].Set || !tags[2].Set || !tags[1].At.Equal(day.Add(time.Hour)) || tags[0].Who != "王芳" {
		t.Errorf("hand tags %+v, %v", tags, err)
	}
	if got := ledger.TagsNow([]string{"规则", "验收通过"}, tags); !slices.Equal(got, []string{"验收通过", "急"}) {
		t.Errorf("tags now %v", got)
	}
	for content, want := range map[int64]int{one: 2, two: 0, 0: 2} {
		marks, err := l.ActionMarks(ctx, content)
		if err != nil || len(marks) != want || want > 0 && (!marks[0].Done || marks[1].Done || marks[1].Evidence != "[3]") {
			t.Errorf("marks of %d: %+v, %v", content, marks, err)
		}
	}
	edits, err := l.Edits(ctx, one)
	if err != nil || len(edits) != 2 || edits[0].Minutes != `{"headline":"1"}` || edits[0].ID >= edits[1].ID {
		t.Errorf("edits %+v, %v", edits, err)
	}
	last, err := l.LastEdits(ctx)
	if err != nil || len(last) != 1 || last[one].Minutes != `{"headline":"2"}` || last[one].Base != "made" {
		t.Errorf("last edits %+v, %v", last, err)
	}
	written, err := l.Written(ctx)
	if err != nil || len(written) != 1 || written[two] != one {
		t.Errorf("written %v, %v", written, err)
	}
	with, err := l.WithMinutes(ctx)
	if err != nil || len(with) != 2 || with[0].ID != one {
		t.Errorf("with minutes %v, %v", with, err)
	}
	var out bytes.Buffer
	if err := l.Dump(ctx, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"by_hand":{"tags":["+急","-规则"],"done":[],"edits":2}`) {
		t.Errorf("dump without what people decided: %s", out.String())
	}
}
