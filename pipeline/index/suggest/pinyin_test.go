package suggest

import "testing"

func TestMatches(t *testing.T) {
	t.Parallel()
	r := newReader()
	for _, c := range []struct {
		name, letters string
		want          fit
	}{
		{"张伟", "zhangwei", whole}, {"张伟", "zw", initials}, {"张伟", "zhw", initials}, {"张伟", "zhang", begun}, {"张伟", "zhangw", initials},
		{"张伟", "zhan", initials}, {"张伟", "z", initials}, {"张伟", "zwei", initials}, {"张伟", "zhangweii", noFit}, {"张伟", "wei", noFit}, {"张伟", "", noFit},
		{"单晓", "shanxiao", whole}, {"曾国", "zengguo", whole}, {"曾国", "zg", initials}, {"吕布", "lvbu", whole}, {"吕布", "lubu", whole}, {"吕布", "lyubu", whole},
		{"重庆分公司", "chongqingfengongsi", whole}, {"重庆分公司", "cqfgs", initials}, {"重庆分公司", "chongqing", begun},
		{"欧阳 娜娜", "ouyangnana", whole}, {"欧阳·娜娜", "oynn", initials}, {"西安", "xian", whole}, {"安安安安安安安安", "anananananananan", whole},
		{"华信IT部", "huaxinitbu", whole}, {"Li Na", "lina", noFit},
	} {
		if got := r.of(c.name).matches(c.letters); got != c.want {
			t.Errorf("%s by %q: %d, want %d", c.name, c.letters, got, c.want)
		}
	}
}

func FuzzMatches(f *testing.F) {
	f.Add("张伟", "zhangwei")
	f.Add("单 于", "shanyu")
	f.Add("\xff\x00𠀀", "lv")
	f.Fuzz(func(t *testing.T, name, letters string) {
		r := newReader().of(name)
		got := r.matches(letters)
		if got == whole && len(letters) < len(r) {
			t.Errorf("%d letters are all syllables of %d characters", len(letters), len(r))
		}
	})
}
