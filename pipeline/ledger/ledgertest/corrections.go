package ledgertest

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// corrections are kept in their order, each content's apart.
func corrections(t *testing.T, l ledger.Ledger) {
	ctx := t.Context()
	at := time.Date(2024, 3, 5, 10, 30, 0, 0, time.UTC)
	c := &ledger.Content{Sum: sha256.Sum256([]byte("talk")), Kind: document.KindRecording, Then: ledger.Indexed}
	other := &ledger.Content{Sum: sha256.Sum256([]byte("other")), Kind: document.KindRecording, Then: ledger.Indexed}
	err := l.Update(ctx, func(tx ledger.Tx) error {
		for name, content := range map[string]*ledger.Content{"a.wav": c, "b.wav": other} {
			if _, err := tx.AddContent(content); err != nil {
				return err
			}
			item := &ledger.Item{Source: "s", Locator: name, Name: name, Content: content.ID, State: ledger.Indexed}
			if err := tx.AddItem(item); err != nil {
				return err
			}
			content.Canonical = item.ID
			if err := tx.SetContent(content); err != nil {
				return err
			}
		}
		for _, one := range []ledger.Correction{
			{Content: c.ID, Kind: ledger.OfText, Start: 1.234, Was: "要收", Now: "验收", Who: "王", At: at},
			{Content: c.ID, Kind: ledger.OfSpeaker, Was: "发言人1", Now: "李娜", Who: "王", At: at},
			{Content: other.ID, Kind: ledger.OfPart, Was: c.DocumentID(), Who: "王", At: at},
		} {
			if err := tx.Correct(&one); err != nil {
				return err
			}
			if one.ID == 0 {
				t.Error("a correction has no id")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.Corrections(ctx, c.ID)
	if err != nil || len(got) != 2 || got[0].Kind != ledger.OfText || got[0].Start != 1.234 || got[0].Now != "验收" || !got[0].At.Equal(at) || got[1].Was != "发言人1" {
		t.Errorf("corrections %+v, %v", got, err)
	}
	bonds, err := l.Bonds(ctx)
	if err != nil || len(bonds) != 1 || bonds[0].Content != other.ID {
		t.Errorf("bonds %+v, %v", bonds, err)
	}
	var dump bytes.Buffer
	if err := l.Dump(ctx, &dump); err != nil || !strings.Contains(dump.String(), `"corrections":[{"kind":"text","start":1.234,"was":"要收","now":"验收","who":"王","at":"2024-03-05T10:30:00Z"}`) {
		t.Errorf("%v: %s", err, dump.String())
	}
}
