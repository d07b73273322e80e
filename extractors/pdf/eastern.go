package pdf

import (
	"encoding/binary"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// mostFonts bounds how many files of fonts are looked at.
const mostFonts = 20_000

// EasternFonts are the files of fonts of the system that say that they have Chinese
// characters: with them the pages of files that hold no font of their own can be
// drawn.
func EasternFonts() []string { return easternFonts(FontFolders()) }

func easternFonts(folders []string) (out []string) {
	n := 0
	for _, dir := range folders {
		root, err := os.OpenRoot(dir)
		if err != nil {
			continue
		}
		_ = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil //nolint:nilerr // what cannot be read holds no font for us
			}
			switch strings.ToLower(path.Ext(name)) {
			case ".ttf", ".ttc", ".otf":
			default:
				return nil
			}
			if n++; n > mostFonts {
				return fs.SkipAll
			}
			if f, err := root.Open(name); err == nil {
				if chinese(f) {
					out = append(out, filepath.Join(dir, filepath.FromSlash(name)))
				}
				_ = f.Close()
			}
			return nil
		})
		_ = root.Close()
	}
	return out
}

// chinese says whether the first face of a font declares one of the code pages 936 and
// 950 (OpenType 1.9, OS/2, ulCodePageRange1).
func chinese(r io.ReaderAt) bool {
	at := func(offset int64, n int) []byte {
		b := make([]byte, n)
		if _, err := r.ReadAt(b, offset); err != nil {
			return nil
		}
		return b
	}
	face := int64(0)
	head := at(0, 16)
	if head == nil {
		return false
	}
	if string(head[:4]) == "ttcf" {
		face = int64(binary.BigEndian.Uint32(head[12:]))
		if head = at(face, 12); head == nil {
			return false
		}
	}
	for i := range int64(binary.BigEndian.Uint16(head[4:])) {
		entry := at(face+12+16*i, 16)
		if entry == nil {
			return false
		}
		if string(entry[:4]) == "OS/2" {
			pages := at(int64(binary.BigEndian.Uint32(entry[8:]))+78, 4)
			return pages != nil && binary.BigEndian.Uint32(pages)&(1<<18|1<<20) != 0
		}
	}
	return false
}
