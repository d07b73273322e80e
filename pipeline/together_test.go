package pipeline

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/ledger"
)

// recorded is a wave file of so many seconds; n makes different ones.
func recorded(n byte, seconds int) string {
	one := soundFile(n)
	const head = 44
	return one[:head-4] + "\x00\x00\x00\x00" + strings.Repeat(one[head:], seconds)
}

func TestOneMeetingOneRecord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	files := map[string]string{
		"会议/2024-03-05 10.30 周会.wav":       recorded(1, 60),
		"会议/2024-03-05 10.30 周会_音频.wav":    recorded(2, 61),
		"会议/2024-03-05 10.30 周会 第二段.wav":   recorded(3, 60),
		"会议/2024-03-05 10.30 周会-文字记录.vtt":  spokenNames,
		"会议/2024-03-05 10.30 周会-智能纪要.txt":  "会议纪要\n一、合同可以签。\n",
		"会议/周会2.wav":                       recorded(4, 60),
		"2024-03-06 09.00.00 评审 123/a.wav": recorded(5, 30),
		"2024-03-06 09.00.00 评审 123/b.wav": recorded(6, 30),
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		o.write(name, files[name])
	}
	check := func(when string, want map[string]string) {
		t.Helper()
		o.ingest()
		got := o.states()
		for locator, state := range want {
			if got[locator] != state {
				t.Errorf("%s: %s is %q, want %q", when, locator, got[locator], state)
			}
		}
	}
	check("found by names and lengths", map[string]string{
		"会议/2024-03-05 10.30 周会.wav":      "part-of", // the other one is larger
		"会议/2024-03-05 10.30 周会_音频.wav":   "indexed",
		"会议/2024-03-05 10.30 周会-文字记录.vtt": "part-of",
		"会议/2024-03-05 10.30 周会-智能纪要.txt": "indexed",
		"会议/2024-03-05 10.30 周会 第二段.wav":  "waiting transcriber",
		"会议/周会2.wav":                      "waiting transcriber",
	})
	states := o.states()
	if both := states["2024-03-06 09.00.00 评审 123/a.wav"] + " " + states["2024-03-06 09.00.00 评审 123/b.wav"]; both != "part-of waiting transcriber" && both != "waiting transcriber part-of" {
		t.Errorf("a folder of one meeting: %s", both)
	}
	main, form := idOf(o, "会议/2024-03-05 10.30 周会_音频.wav"), idOf(o, "会议/2024-03-05 10.30 周会.wav")
	v, err := o.a.Show(t.Context(), main, nil)
	if err != nil || v.Said == nil || len(v.Together) != 4 || v.Together[0].ByHand {
		t.Fatalf("%v: %+v", err, v.Together)
	}
	dump := o.dump()
	o.ingest()
	if o.dump() != dump {
		t.Error("the next run changes something")
	}

	// A person parts what the names join, and joins what they do not.
	if err := o.a.Bind(t.Context(), main, form, false, "王", nil); err != nil {
		t.Fatal(err)
	}
	other := idOf(o, "会议/周会2.wav")
	if err := o.a.Bind(t.Context(), other, form, true, "王", nil); err != nil {
		t.Fatal(err)
	}
	if err := o.a.Bind(t.Context(), main, other, true, "王", []string{}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("by somebody without rights: %v", err)
	}
	check("after a person spoke", map[string]string{
		"会议/2024-03-05 10.30 周会_音频.wav": "indexed",
		"会议/2024-03-05 10.30 周会.wav":    "indexed", // it has the transcript's name
	})
	v, err = o.a.Show(t.Context(), form, nil)
	if err != nil || !slices.ContainsFunc(v.Together, func(x Together) bool { return x.Document == other && x.ByHand }) ||
		slices.ContainsFunc(v.Together, func(x Together) bool { return x.Document == main }) {
		t.Errorf("%v: %+v", err, v.Together)
	}
}
