package pdf

import (
	"os"
	"path/filepath"
	"runtime"
)

// FontFolders are the folders in which the system keeps its fonts, as far as they are
// there. A page is drawn with them where the file does not hold its own: many Chinese
// ones count on SimSun being everywhere. They are read by confined processes, so only
// the system's own are taken, no person's.
func FontFolders() []string {
	var all []string
	switch runtime.GOOS {
	case "windows":
		if root := os.Getenv("SystemRoot"); root != "" {
			all = []string{filepath.Join(root, "Fonts")}
		}
	case "darwin":
		all = []string{"/System/Library/Fonts", "/Library/Fonts"}
	default:
		all = []string{"/usr/share/fonts", "/usr/local/share/fonts"}
	}
	var out []string
	for _, dir := range all {
		if info, err := os.Stat(dir); err == nil && info.IsDir() { //nolint:gosec // where Windows says that it lies
			out = append(out, dir)
		}
	}
	return out
}
