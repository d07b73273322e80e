package bag

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rewrite copies a package file by file; change may give other bytes (nil: as
// they are), another name, or an empty one to leave the file out.
func rewrite(t testing.TB, b []byte, change func(name string) (newName string, body []byte), more ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(name string, body []byte) {
		to, err := w.Create(name)
		if err == nil {
			_, err = to.Write(body)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		name, body := change(f.Name)
		switch {
		case name == "":
		case body != nil:
			add(name, body)
		case name == f.Name:
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		default:
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			add(name, body)
		}
	}
	for _, name := range more {
		add(name, []byte("more of "+name))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func namesOf(t testing.TB, b []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range z.File {
		out = append(out, f.Name)
	}
	return out
}

// Two hundred packages, each with one file changed, added, renamed or removed:
// every one is found, named, and nothing else is said. GUIDANG_RECORDS=4600 makes
// packages of 10,000 files.
func TestTamperings(t *testing.T) {
	t.Parallel()
	records, err := strconv.Atoi(os.Getenv("GUIDANG_RECORDS"))
	if err != nil {
		records = 60
	}
	b, _ := packageOf(t, records, false)
	all := namesOf(t, b)
	base := "PRJ-2025-007-20260331/"
	rng := rand.New(rand.NewPCG(7, 9))
	found := 0
	for i := range 200 {
		victim := all[rng.IntN(len(all))]
		rel := strings.TrimPrefix(victim, base)
		kind := []string{Changed, Added, Renamed, Removed}[i%4]
		same := func(name string) (string, []byte) { return name, nil }
		want := Difference{Kind: kind, Path: rel}
		var bad []byte
		switch kind {
		case Changed:
			body := []byte(contentOf(t, b, victim))
			if len(body) == 0 {
				body = []byte{' '}
			} else {
				body[rng.IntN(len(body))] ^= 1 << rng.IntN(8)
			}
			bad = rewrite(t, b, func(name string) (string, []byte) {
				if name == victim {
					return name, body
				}
				return name, nil
			})
		case Added:
			name := fmt.Sprintf("%s%s_%d", base, []string{"data/originals/SRS/more", "data/more", "more"}[rng.IntN(3)], i)
			want.Path = strings.TrimPrefix(name, base)
			bad = rewrite(t, b, same, name)
		case Renamed:
			want.To = rel + "x"
			bad = rewrite(t, b, func(name string) (string, []byte) {
				if name == victim {
					return name + "x", nil
				}
				return name, nil
			})
		case Removed:
			bad = rewrite(t, b, func(name string) (string, []byte) {
				if name == victim {
					return "", nil
				}
				return name, nil
			})
		}
		v := verify(t, bad)
		tag := !strings.HasPrefix(rel, payload)
		if !v.Valid && (tag && kind != Added || slices.ContainsFunc(v.Differences, func(d Difference) bool { return d.Kind == want.Kind && d.Path == want.Path && d.To == want.To }) && len(v.Differences) == 1) {
			found++
			continue
		}
		t.Errorf("%s %s: %+v", kind, rel, v.Differences)
	}
	if found != 200 {
		t.Errorf("%d of 200 were found", found)
	}
	t.Logf("%d of 200 tamperings found among %d files", found, len(all))
}

func contentOf(t testing.TB, b []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A bit of the zip file itself that flips is found wherever it stands, except in
// what says nothing: times, versions, and the flag of names.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	b, _ := packageOf(t, 6, false)
	rng := rand.New(rand.NewPCG(1, 2))
	missed := 0
	for range 300 {
		bad := bytes.Clone(b)
		bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
		if verify(t, bad).Valid {
			missed++
		}
	}
	if missed > 60 {
		t.Errorf("%d of 300 flipped bits were missed", missed)
	}
}

// Every tag file is covered, the tag manifest too, though nothing else covers
// it.
func TestTagFiles(t *testing.T) {
	t.Parallel()
	b, _ := packageOf(t, 5, false)
	for _, name := range []string{"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"} {
		full := "PRJ-2025-007-20260331/" + name
		for what, body := range map[string][]byte{"more": []byte(contentOf(t, b, full) + "\n"), "empty": {}} {
			bad := rewrite(t, b, func(n string) (string, []byte) {
				if n == full {
					return n, body
				}
				return n, nil
			})
			if v := verify(t, bad); v.Valid {
				t.Errorf("%s with %s passes", name, what)
			}
		}
	}
}

// Bags of others are checked too: sha512, line ends of Windows, names that are
// encoded, no tag manifest.
func TestBagsOfOthers(t *testing.T) {
	t.Parallel()
	sum := "ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db27ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff" // of "test"
	b := zipOf(t, "bag/bagit.txt", "BagIt-Version: 0.97\r\nTag-File-Character-Encoding: UTF-8\r\n", "bag/data/50%.txt", "test", "bag/manifest-sha512.txt", sum+" *./data/50%25.txt\r\n")
	v := verify(t, b)
	if v.Files != 1 || len(v.Differences) != 1 || v.Differences[0] != (Difference{Removed, tagManifestName, "", "without it nothing can be said of the manifest"}) {
		t.Errorf("%+v", v)
	}
}

func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(parts); i += 2 {
		to, err := w.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(to, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostile(t *testing.T) {
	t.Parallel()
	good, _ := packageOf(t, 4, false)
	base := "PRJ-2025-007-20260331/"
	same := func(name string) (string, []byte) { return name, nil }
	patched := func(old, with string, last bool) []byte {
		b := bytes.Clone(good)
		i := bytes.Index(b, []byte(old))
		if last {
			i = bytes.LastIndex(b, []byte(old))
		}
		copy(b[i:], with)
		return b
	}
	for name, c := range map[string]struct {
		file []byte
		kind string
	}{
		"traversal":        {rewrite(t, good, same, base+"data/../../../etc/cron.d/x"), Unsafe},
		"absolute":         {rewrite(t, good, same, "/etc/passwd"), Unsafe},
		"backslash":        {rewrite(t, good, same, base+`data\..\..\x`), Unsafe},
		"second name":      {rewrite(t, good, same, base+"data/index.html"), Added},
		"name by case":     {rewrite(t, good, same, base+"data/INDEX.html"), Unsafe},
		"hidden direction": {rewrite(t, good, same, base+"data/gpj.\u202eexe"), Unsafe},
		"beside the bag":   {rewrite(t, good, same, "setup.exe"), Added},
		"fetch":            {rewrite(t, good, same, base+"fetch.txt"), Malformed},
		"appended":         {append(bytes.Clone(good), "#!/bin/sh"...), Unsafe},
		"prepended":        {append([]byte("#!/bin/sh"), good...), Unsafe},
		"cut":              {good[:len(good)/2], Malformed},
		"nothing":          {nil, Malformed},
		"no bag":           {zipOf(t, "a.txt", "a"), Malformed},
		"two names":        {patched("data/index.html", "data/index.htmX", false), Unsafe}, // its own header says another name than the list
		"empty zip":        {zipOf(t), Malformed},
	} {
		v := verify(t, c.file)
		if v.Valid || !slices.ContainsFunc(v.Differences, func(d Difference) bool { return d.Kind == c.kind }) {
			t.Errorf("%s: %+v", name, v.Differences)
		}
		for _, d := range v.Differences {
			if strings.ContainsAny(d.Path, "\u202e\n") {
				t.Errorf("%s: %q is printed as it stands", name, d.Path)
			}
		}
	}
}

// Files that overlap, as a bomb's do: one kernel of bytes listed many times.
func TestOverlap(t *testing.T) {
	t.Parallel()
	b := zipOf(t, "b/a", strings.Repeat("x", 100), "b/b", strings.Repeat("x", 100))
	second := bytes.LastIndex(b, []byte("PK\x01\x02"))
	copy(b[second+42:], []byte{0, 0, 0, 0}) // its header is the first one's
	v := verify(t, b)
	if !slices.ContainsFunc(v.Differences, func(d Difference) bool { return d.Kind == Unsafe && strings.Contains(d.Detail, "overlap") }) {
		t.Errorf("%+v", v.Differences)
	}
}

func FuzzVerify(f *testing.F) {
	good, _ := packageOf(f, 2, false)
	f.Add(good)
	f.Add(zipOf(f, "b/bagit.txt", declaration, "b/data/a", "a", "b/manifest-sha256.txt", "00 data/a\n"))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := Verify(context.Background(), bytes.NewReader(b), int64(len(b))); err != nil {
			t.Errorf("bytes in memory gave an error: %v", err)
		}
	})
}
