package terms

import (
	"fmt"
	"slices"
	"testing"
)

// archive are texts of an office in which one name stands everywhere.
func archive() []string {
	var texts []string
	for i := range 120 {
		texts = append(texts, fmt.Sprintf("归档软件。请查收第%d份报价单。Regards from Guidang about shipment %d.", i, i))
	}
	return texts
}

func TestLearn(t *testing.T) {
	t.Parallel()
	texts := archive()
	f, ok := Learn(3, texts)
	if !ok {
		t.Fatal("120 texts are too few")
	}
	slices.Reverse(texts)
	if back, _ := Learn(3, texts); back.String() != f.String() {
		t.Error("another order gives other frequencies")
	}
	again, err := ReadFrequencies(f.String())
	if err != nil || again.String() != f.String() || again.Number != 3 || again.Texts != 120 {
		t.Errorf("read back: %v, %v", again, err)
	}
	if _, ok := Learn(1, texts[:leastLearned-1]); ok {
		t.Error("a handful of texts tells something")
	}

	text := "归档软件\n归档软件与巡检机器人：巡检机器人每天巡检。Guidang wants shipment of a gearbox; the gearbox is heavy, Guidang pays."
	before, after := Extract(text, Options{Top: 20}), Extract(text, Options{Top: 20, Learned: f})
	for _, everywhere := range []string{"归档软件", "Guidang"} {
		if a, b := score(before, everywhere), score(after, everywhere); a == 0 || b >= a {
			t.Errorf("%s stands in every text and scores %v, before %v", everywhere, b, a)
		}
	}
	if after[0].Term != "巡检机器人" {
		t.Errorf("best is %v", after[0])
	}
	if Fingerprint(Options{}) == Fingerprint(Options{Learned: f}) {
		t.Error("learned frequencies do not enter the fingerprint")
	}
}

func score(list []Term, term string) float64 {
	for _, t := range list {
		if t.Term == term {
			return t.Score
		}
	}
	return 0
}

func TestBadFrequencies(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "x", "0 5\n", "1 5\nno tab\n", "1 5\n词\tx\n", "1 5\n词\t-1\n"} {
		if _, err := ReadFrequencies(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestLengthened: a character beside a word that the whole archive has makes no
// new term of it.
func TestLengthened(t *testing.T) {
	t.Parallel()
	var texts []string
	for i := range 60 {
		texts = append(texts, fmt.Sprintf("批量导出\n第%d期\n", i))
	}
	f, ok := Learn(1, texts)
	if !ok {
		t.Fatal("nothing learned")
	}
	if a, b, c := f.near("批量导出"), f.near("批量导出晚"), f.near("数据迁移"); a >= 0.5 || b != a || c != 1 {
		t.Errorf("%v, %v, %v", a, b, c)
	}
}
