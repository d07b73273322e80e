package han

import "testing"

func TestFoldsIsWhatFoldChanges(t *testing.T) {
	t.Parallel()
	for r := rune(foldBits); r <= foldLast; r++ {
		b := string(r)
		if Folds(b[0], b[1], b[2]) != (Fold(r) != r) {
			t.Errorf("%c: %v", r, Folds(b[0], b[1], b[2]))
		}
	}
}
