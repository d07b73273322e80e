package han

import "testing"

func TestSimplify(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"請不吝點贊訂閱":       "请不吝点赞订阅",
		"這個專案很著名，看著不錯":  "这个专案很著名，看着不错",
		"著名的客户":         "著名的客户", // simplified already: nothing is touched
		"乾隆年間的乾糧":       "乾隆年间的干粮",
		"在瞭望台瞭解進度":      "在瞭望台了解进度",
		"SaaS 平臺的裏程碑":   "SaaS 平台的里程碑",
		"plain English": "plain English",
		"":              "",
	} {
		if got := Simplify(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	t.Parallel()
	for r := rune(0x3400); r <= 0x9fff; r++ {
		if once := Fold(r); Fold(once) != once {
			t.Errorf("%c folds to %c and that to %c", r, once, Fold(once))
		}
	}
}
