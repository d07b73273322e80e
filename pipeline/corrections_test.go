package pipeline

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

const spokenNames = "WEBVTT\n\n00:00.000 --> 00:01.000\n<v 发言人1>我们决定下周要收。\n\n00:01.000 --> 00:02.000\n<v 发言人2>好的，张三负责。\n\n00:02.000 --> 00:03.000\n<v 发言人1>散会。\n"

func TestCorrect(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("会议/周会.wav", soundFile(1))
	o.write("会议/周会.vtt", spokenNames)
	o.ingest()
	ctx := t.Context()
	hits := func(word string) int {
		t.Helper()
		r, err := o.a.Search(ctx, index.Request{Text: word, Kinds: []document.Kind{document.KindRecording}, Limit: 10}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Total
	}
	text := func(s string) *string { return &s }
	ref := idOf(o, "会议/周会.wav")
	if n := hits("验收"); n != 0 {
		t.Fatalf("%d hits before", n)
	}
	for _, with := range []Correction{
		{Utterance: 1, Text: text("我们决定下周验收。"), Who: "王"},
		{Speaker: "发言人1", Name: "李娜", Who: "王"},
		{Utterance: 2, Voice: text("张三"), Who: "王"},
		{Utterance: 3, Text: text("散会。"), Who: "王"}, // changes nothing
	} {
		if err := o.a.Correct(ctx, ref, nil, with); err != nil {
			t.Fatal(err)
		}
	}
	for _, with := range []Correction{{Utterance: 9, Text: text("x")}, {Speaker: "谁", Name: "x"}, {}} {
		if err := o.a.Correct(ctx, ref, nil, with); !errors.Is(err, ErrCorrection) {
			t.Errorf("%+v: %v", with, err)
		}
	}
	if err := o.a.Correct(ctx, ref, []string{}, Correction{Utterance: 1, Text: text("x")}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("by somebody without rights: %v", err)
	}
	check := func(when string) {
		t.Helper()
		v, err := o.a.Show(ctx, ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range v.Said.Utterances {
			got = append(got, u.Speaker+": "+u.Text+" "+strings.Join(u.Flags, ","))
		}
		want := []string{"李娜: 我们决定下周验收。 corrected", "张三: 好的，张三负责。 speaker-by-hand", "李娜: 散会。 "}
		if !slices.Equal(got, want) || len(v.Corrections) != 3 || v.Called["发言人1"] != "李娜" {
			t.Errorf("%s: %q, %+v", when, got, v.Corrections)
		}
		if len(v.Minutes.Attendees) == 0 || slices.ContainsFunc(v.People, func(p document.Person) bool { return p.Name == "发言人1" }) {
			t.Errorf("%s: attendees %+v, people %+v", when, v.Minutes.Attendees, v.People)
		}
	}
	check("at once")
	o.ingest() // makes the minutes again, and waits for the index
	check("after the next run")
	if n := hits("验收"); n != 1 {
		t.Errorf("%d hits for what was corrected", n)
	}
	if n := hits("李娜"); n != 1 {
		t.Errorf("%d hits for the name that was given", n)
	}
	// The way back.
	if err := o.a.Correct(ctx, ref, nil, Correction{Speaker: "发言人1"}); err != nil {
		t.Fatal(err)
	}
	v, err := o.a.Show(ctx, ref, nil)
	if err != nil || v.Said.Utterances[0].Speaker != "发言人1" || len(v.Called) != 0 {
		t.Errorf("%v: %+v", err, v.Said.Utterances[0])
	}
}

// TestCorrectedHoldsStill lays a layer over a transcript that was made anew.
func TestCorrectedHoldsStill(t *testing.T) {
	t.Parallel()
	layer := []ledger.Correction{{Kind: ledger.OfText, Start: 10, Was: "要收", Now: "验收"}, {Kind: ledger.OfText, Start: 10, Was: "要收", Now: "验收！"}, {Kind: ledger.OfVoice, Start: 20, Was: "好", Now: "甲"}}
	base := &document.Transcript{Utterances: []document.Utterance{{Start: 3, Text: "要收"}, {Start: 10.4, Text: "要收"}, {Start: 20, Text: "好的"}}}
	got := corrected(base, layer)
	if got.Utterances[0].Text != "要收" || got.Utterances[1].Text != "验收！" || got.Utterances[2].Speaker != "" || base.Utterances[1].Text != "要收" {
		t.Errorf("%+v", got.Utterances)
	}
	if layerName(layer) == layerName(layer[:2]) || layerName(nil) != "" {
		t.Error("layers have no names of their own")
	}
}

func TestSound(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("会议/周会.wav", soundFile(1))
	o.ingest()
	ref := idOf(o, "会议/周会.wav")
	for range 2 { // converted, then kept
		s, err := o.a.Sound(t.Context(), ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
		if err != nil || len(data) != waveHead+2*16000 || string(data[:4]) != "RIFF" {
			t.Errorf("%d bytes, %v", len(data), err)
		}
		_ = s.Close()
	}
	if _, err := o.a.Sound(t.Context(), ref, []string{}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("by somebody without rights: %v", err)
	}
}

// idOf is the document id of what lies at a locator.
func idOf(o *office, locator string) string {
	o.t.Helper()
	i, err := o.a.FindItem(o.t.Context(), locator)
	if err != nil {
		o.t.Fatal(err)
	}
	c, err := o.a.ledger.Content(o.t.Context(), i.Content)
	if err != nil {
		o.t.Fatal(err)
	}
	return c.DocumentID()
}
