package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/charset"
)

// plant makes files below a new folder; a name that ends in "/" is a folder.
func plant(t testing.TB, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, n := range names {
		path := filepath.Join(root, filepath.FromSlash(n))
		dir := filepath.Dir(path)
		if strings.HasSuffix(n, "/") {
			dir = path
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(n, "/") {
			continue
		}
		if err := os.WriteFile(path, []byte(n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func walkAll(t testing.TB, f *Folder) []Entry {
	t.Helper()
	var out []Entry
	if err := f.Walk(context.Background(), func(e Entry) error {
		out = append(out, e)
		return nil
	}); err != nil {
		t.Fatalf("Walk: %v", err)
	}
	return out
}

func locators(entries []Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Locator)
	}
	return out
}

func equal(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func TestWalkOrder(t *testing.T) {
	t.Parallel()
	// "a-b" and "a.txt" stand between "a" and "a/": of the folder a only its
	// children are entries, of the folder a! too.
	root := plant(t, "a/x", "a-b", "a.txt", "a0", "a!/x", "b!", "B", "é", "客户/合同.docx", "客户.docx", "empty/")
	equal(t, "order", locators(walkAll(t, NewFolder(FolderOptions{Path: root}))),
		[]string{"B", "a%21/x", "a-b", "a.txt", "a/x", "a0", "b!", "é", "客户.docx", "客户/合同.docx"})
}

// TestWalkOrderProperty walks random trees of awkward names: locators ascend
// strictly, every file is there once, and each is opened again by its locator.
func TestWalkOrderProperty(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	letters := []string{"a", "b", "A", ".", "-", "!", "%", " ", "~", "\x01", "合", "同", "\xba\xcf", "\xff", "é", "0", "%2", "\u0085"}
	for round := range 15 {
		root := t.TempDir()
		want := 0
		var grow func(dir string, depth int)
		grow = func(dir string, depth int) {
			for range 1 + r.IntN(8) {
				name := ""
				for range 1 + r.IntN(3) {
					name += letters[r.IntN(len(letters))]
				}
				path := filepath.Join(dir, name)
				if _, err := os.Lstat(path); err == nil || name == "." || name == ".." {
					continue
				}
				if depth < 4 && r.IntN(2) == 0 {
					if err := os.Mkdir(path, 0o755); err != nil {
						t.Skipf("the file system takes no such names: %v", err)
					}
					grow(path, depth+1)
					continue
				}
				if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
					t.Skipf("the file system takes no such names: %v", err)
				}
				want++
			}
		}
		grow(root, 0)
		f := NewFolder(FolderOptions{Path: root})
		got := walkAll(t, f)
		if len(got) != want {
			t.Errorf("round %d: %d entries of %d files", round, len(got), want)
		}
		for i, e := range got {
			if i > 0 && got[i-1].Locator >= e.Locator {
				t.Errorf("round %d: %q comes before %q", round, got[i-1].Locator, e.Locator)
			}
			file, err := f.Open(context.Background(), e.Locator)
			if err != nil {
				t.Errorf("round %d: %v", round, err)
				continue
			}
			text, err := io.ReadAll(io.NewSectionReader(file, 0, e.Size))
			steps, splitErr := splitLocator(e.Locator)
			if want := filepath.Join(append([]string{root}, steps...)...); err != nil || splitErr != nil || string(text) != want {
				t.Errorf("round %d: %q opens %q, %v", round, e.Locator, text, err)
			}
			_ = file.Close()
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, locator, name string }{
		{"合同.docx", "合同.docx", "合同.docx"},
		{"\xba\xcf\xcd\xac.docx", "%BA%CF\u036c.docx", "合同.docx"}, // GBK; CD AC happens to be UTF-8
		{"\xd4\xc2\xb1\xa8\xa3\xa8\xb6\xfe\xa3\xa9", "%D4\u00b1%A8%A3%A8%B6%FE%A3%A9", "月报（二）"},
		{"\x98\x39\xd0\x35.txt", "%989%D05.txt", "\U0002B927.txt"}, // four bytes of GB18030
		{"caf\xe9.txt", "caf%E9.txt", "caf\uFFFD.txt"},             // Latin-1: not clean as GB18030
		{"合\xe5", "合%E5", "合\uFFFD"},                               // UTF-8 cut off in a character
		{"100%.xls", "100%25.xls", "100%.xls"},
		{"a\nb", "a%0Ab", "a\nb"},
		{"plain!", "plain!", "plain!"},
	} {
		if got := escapeName(c.raw, false); got != c.locator {
			t.Errorf("escapeName(%q) = %q, want %q", c.raw, got, c.locator)
		}
		if got := charset.FileName(c.raw); got != c.name {
			t.Errorf("FileName(%q) = %q, want %q", c.raw, got, c.name)
		}
	}
}

func TestWalkGBK(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	dir := filepath.Join(root, "\xbf\xcd\xbb\xa7") // 客户
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Skipf("the file system takes no such names: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "\xba\xcf\xcd\xac.docx"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := NewFolder(FolderOptions{Path: root})
	got := walkAll(t, f)
	if len(got) != 1 || got[0].Locator != "%BF\u037b%A7/%BA%CF\u036c.docx" || got[0].Name != "合同.docx" {
		t.Fatalf("got %+v", got)
	}
	file, err := f.Open(context.Background(), got[0].Locator)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	// A person writes globs as they read the names.
	got = walkAll(t, NewFolder(FolderOptions{Path: root, Skip: []string{"客户/合同*"}}))
	if len(got) != 1 || got[0].Rule != ruleUser {
		t.Errorf("glob on a GBK name: %+v", got)
	}
}

func TestWalkEntry(t *testing.T) {
	t.Parallel()
	root := plant(t, "子/纪要.txt")
	when := time.Unix(1_700_000_000, 123_456_789)
	if err := os.Chtimes(filepath.Join(root, "子/纪要.txt"), when, when); err != nil {
		t.Fatal(err)
	}
	got := walkAll(t, NewFolder(FolderOptions{Path: root}))
	if len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	e := got[0]
	if e.Size != int64(len("子/纪要.txt")) || !e.Modified.Equal(when) || e.Name != "纪要.txt" || e.Rule != "" || e.Err != nil {
		t.Errorf("got %+v", e)
	}
	if runtime.GOOS == "linux" && e.Inode == 0 {
		t.Error("no inode")
	}
}

func TestWalkLinksAndPipes(t *testing.T) {
	t.Parallel()
	root := plant(t, "real/file.txt", "z.txt")
	outside := plant(t, "secret.txt")
	for from, to := range map[string]string{"link.txt": "z.txt", "real/up": "..", "broken": "nowhere", "out": outside} {
		if err := os.Symlink(to, filepath.Join(root, from)); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	if err := fifo(filepath.Join(root, "pipe")); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	f := NewFolder(FolderOptions{Path: root})
	rules := map[string]string{}
	for _, e := range walkAll(t, f) {
		rules[e.Locator] = e.Rule
	}
	want := map[string]string{"broken": ruleSymlink, "link.txt": ruleSymlink, "out": ruleSymlink, "pipe": ruleSpecial, "real/file.txt": "", "real/up": ruleSymlink, "z.txt": ""}
	if fmt.Sprint(rules) != fmt.Sprint(want) {
		t.Errorf("got %v\nwant %v", rules, want)
	}
	for _, l := range []string{"link.txt", "broken", "out/secret.txt", "real/up/z.txt", "pipe", "real", ".", "..", "../" + filepath.Base(outside) + "/secret.txt",
		"real/../z.txt", "/etc/passwd", "", "real//file.txt", "%2E%2E/x", "real%2Ffile.txt", "z.txt%00", "z.txt!/inner", outside} {
		if file, err := f.Open(context.Background(), l); err == nil {
			_ = file.Close()
			t.Errorf("Open(%q) opens something", l)
		}
	}
	if _, err := f.Open(context.Background(), "missing/x.txt"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing item: %v", err)
	}
}

func TestWalkSingleFile(t *testing.T) {
	t.Parallel()
	root := plant(t, "会议 100%.mp3", "other.txt")
	f := NewFolder(FolderOptions{Name: "one", Path: filepath.Join(root, "会议 100%.mp3"), Skip: []string{"*.mp3"}, Entries: 5})
	got := walkAll(t, f)
	if len(got) != 1 || got[0].Locator != "会议 100%25.mp3" || got[0].Name != "会议 100%.mp3" || got[0].Rule != "" || got[0].Size == 0 {
		t.Fatalf("got %+v", got)
	}
	file, err := f.Open(context.Background(), got[0].Locator)
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	if _, err := f.Open(context.Background(), "other.txt"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a neighbour: %v", err)
	}
}

func TestWalkExclude(t *testing.T) {
	t.Parallel()
	root := plant(t, "data/ledger.db", "data2/x", "sub/data/y", "sub/z")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(root, "sub", "data"), link); err != nil {
		t.Skip(err)
	}
	got := locators(walkAll(t, NewFolder(FolderOptions{Path: root, Exclude: []string{filepath.Join(root, "data")}})))
	equal(t, "by path", got, []string{"data2/x", "sub/data/y", "sub/z"})
	if runtime.GOOS == "linux" {
		got = locators(walkAll(t, NewFolder(FolderOptions{Path: root, Exclude: []string{filepath.Join(root, "data"), link}})))
		equal(t, "by a link", got, []string{"data2/x", "sub/z"})
	}
}

func TestWalkStops(t *testing.T) {
	t.Parallel()
	root := plant(t, "a", "b/c", "b/d", "e")
	stop := errors.New("enough")
	seen := 0
	err := NewFolder(FolderOptions{Path: root}).Walk(context.Background(), func(e Entry) error {
		seen++
		if e.Locator == "b/c" {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || seen != 2 {
		t.Errorf("%d entries, %v", seen, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := NewFolder(FolderOptions{Path: root}).Walk(ctx, func(Entry) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWalkTooDeep(t *testing.T) {
	t.Parallel()
	root := plant(t, strings.Repeat("d/", maxDepth+3)+"x", "z")
	got := walkAll(t, NewFolder(FolderOptions{Path: root}))
	if len(got) != 2 || !errors.Is(got[0].Err, errTooDeep) || got[1].Locator != "z" {
		t.Errorf("got %d entries, first %+v", len(got), got[0].Err)
	}
}

func BenchmarkWalk(b *testing.B) {
	var names []string
	for i := range 50 {
		for j := range 100 {
			names = append(names, fmt.Sprintf("客户%02d/资料/会议纪要_%04d.docx", i, j))
		}
	}
	root := plant(b, names...)
	f := NewFolder(FolderOptions{Path: root})
	b.ResetTimer()
	b.ReportAllocs()
	for b.Loop() {
		if n := len(walkAll(b, f)); n != len(names) {
			b.Fatal(n)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"合同", "\xba\xcf", "a!", "%", "%2", "%41", "\u0085", "!", "..!", "\xc2", "\xc2\x85x"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, name string, dir bool) {
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
			return
		}
		key := escapeName(name, dir)
		if !dir && key != documentEscape(name) {
			t.Errorf("escapeName(%q) = %q, EscapeStep gives %q", name, key, documentEscape(name))
		}
		locator := key
		if dir {
			locator += "/x"
		}
		steps, err := splitLocator(locator)
		if err != nil || steps[0] != name {
			t.Errorf("%q is written %q and read %q, %v", name, locator, steps, err)
		}
		if shown := charset.FileName(name); shown != strings.ToValidUTF8(shown, "") {
			t.Errorf("FileName(%q) = %q", name, shown)
		}
	})
}
