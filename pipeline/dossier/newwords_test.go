package dossier

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"guidang/pipeline/ledger"
)

// What a change leaves of kept features is what a look through the whole text for
// the new list gives. Lists and texts are made of few pieces, so that words lie
// within each other, overlap, and are another firm's.
func TestChangedListsGiveTheSameFeatures(t *testing.T) {
	t.Parallel()
	pieces := []string{"华信", "华信制造", "信制", "制造", "恒远", "恒远物流", "达软件", "有限公司", "与", "HP", "HP Retail", "retail", "HT-2025-0725", "2025", "订单系统", "甲方：", " ", "，", "系统上线"}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(n int, sep string) string {
		var out []string
		for range n {
			out = append(out, pieces[random.IntN(len(pieces))])
		}
		return strings.Join(out, sep)
	}
	list := func() *Words {
		var customers []*ledger.Customer
		var projects []*ledger.Project
		for i := range 1 + random.IntN(4) {
			c := &ledger.Customer{ID: int64(i + 1), Name: fmt.Sprintf("第%d%s", i, pick(1, ""))}
			for range random.IntN(4) {
				c.Aliases = append(c.Aliases, strings.TrimSpace(pick(1+random.IntN(2), "")))
			}
			customers = append(customers, c)
			projects = append(projects, &ledger.Project{ID: c.ID, CustomerID: c.ID, Key: c.Name, Name: pick(1, ""), Contracts: []string{fmt.Sprintf("HT-2025-07%d", 20+random.IntN(8))}})
		}
		return Compile(customers, projects)
	}
	untouched, dropped := 0, 0
	for n := range 3000 {
		before, after := list(), list()
		parts := []Part{{Heading: pick(2, ""), Text: pick(6, "") + "\n" + pick(6, "")}, {Text: pick(4, ""), Part: "quote"}}
		kept := before.Look(parts, true)
		change := after.Since(before.LookedFor())
		fewer, ok := change.Drop(kept)
		if !ok || change.Texts() && change.Touches(parts) {
			continue
		}
		untouched++
		if fewer {
			dropped++
		}
		if want := after.Look(parts, true); kept.String() != want.String() {
			t.Fatalf("%d: %v\nfrom %q\nto   %q\nkept %s\nwant %s", n, parts, before.LookedFor(), after.LookedFor(), kept, want)
		}
	}
	if untouched < 300 || dropped < 20 {
		t.Errorf("only %d texts were not looked through, %d of them lost a word: the test shows nothing", untouched, dropped)
	}
}

// Which changes of a list need the texts.
func TestWhatAChangeLooksFor(t *testing.T) {
	t.Parallel()
	of := func(aliases ...string) *Words {
		return Compile([]*ledger.Customer{{ID: 1, Name: "华信制造股份有限公司", Aliases: aliases}}, nil)
	}
	for _, c := range []struct {
		name          string
		before, after []string
		texts         bool
	}{
		{"the same", []string{"华信"}, []string{"华信"}, false},
		{"a word less", []string{"恒远", "HP"}, []string{"HP"}, false},
		{"a word less that hid another", []string{"华信达", "华信"}, []string{"华信"}, true},
		{"another word", []string{"恒远"}, []string{"HP"}, true},
	} {
		before := of(c.before...)
		change := of(c.after...).Since(before.LookedFor())
		if change.Texts() != c.texts {
			t.Errorf("%s: texts %v", c.name, change.Texts())
		}
	}
	full := &Features{Mentions: make([]Mention, maxMentions)}
	if _, ok := of().Since(of("HP").LookedFor()).Drop(full); ok {
		t.Error("features that were full are taken for known")
	}
	// A project's name that becomes a short name is looked for in another way.
	before := Compile([]*ledger.Customer{{ID: 1, Name: "甲公司"}}, []*ledger.Project{{ID: 1, CustomerID: 1, Key: "k", Name: "华信达"}})
	after := Compile([]*ledger.Customer{{ID: 1, Name: "甲公司", Aliases: []string{"华信达"}}}, nil)
	if slices.Equal(before.LookedFor(), after.LookedFor()) || before.Fingerprint() == after.Fingerprint() || !after.Since(before.LookedFor()).Texts() {
		t.Error("a word of another class is taken for the same")
	}
}
