package packed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// conform holds a format to the contract of document.Format on one archive of
// which every member can be read.
func conform(t *testing.T, f document.Format, name string, data []byte, passwords ...string) {
	t.Helper()
	open := func() *document.Input {
		in := input(name, data)
		in.Passwords = passwords
		return in
	}
	ctx := context.Background()
	if !f.Detect(open()) {
		t.Fatalf("%s is not detected as %s", name, f.Name)
	}
	var all []got
	ordinal := 0
	steps := map[string]bool{}
	if _, err := f.Read(ctx, open(), func(c *document.Child) error {
		if ordinal++; c.Ordinal != ordinal || steps[c.Step] || c.Name == "" {
			t.Errorf("child %d: %+v", ordinal, c)
		}
		steps[c.Step] = true
		g := take(c)
		if g.reason != "" && g.reason != document.Unsupported {
			t.Errorf("%s: %s", g.step, g.reason)
		}
		all = append(all, g)
		return nil
	}); err != nil || len(all) == 0 {
		t.Fatalf("%d children, error %v", len(all), err)
	}
	for _, want := range all {
		c, err := f.Open(ctx, open(), want.step)
		if err != nil {
			t.Errorf("open %s: %v", want.step, err)
		} else if have := take(c); have != want {
			t.Errorf("open %s: %d bytes, reason %q, want %d", want.step, len(have.body), have.reason, len(want.body))
		}
	}
	if _, err := f.Open(ctx, open(), "no such step"); !errors.Is(err, document.ErrNoChild) {
		t.Errorf("a step that does not exist: %v", err)
	}
	// Members that nobody reads change nothing for the others.
	last := all[len(all)-1]
	if _, err := f.Read(ctx, open(), func(c *document.Child) error {
		if c.Step == last.step {
			if have := take(c); have != last {
				t.Errorf("read alone, %s has %d bytes, reason %q", have.step, len(have.body), have.reason)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	if f.Cut != nil {
		ranges, err := f.Cut(ctx, open(), 2)
		var parts []got
		for _, r := range ranges {
			in := open()
			in.Range = r
			if _, err := f.Read(ctx, in, func(c *document.Child) error {
				parts = append(parts, take(c))
				return nil
			}); err != nil {
				t.Error(err)
			}
		}
		if err != nil || len(parts) != len(all) {
			t.Errorf("%d ranges give %d children, want %d, error %v", len(ranges), len(parts), len(all), err)
		}
	}
	if doc, err := f.Read(ctx, open(), nil); err != nil || doc == nil {
		t.Errorf("without emit: %v, %v", doc, err)
	}
	stop := errors.New("stop")
	if _, err := f.Read(ctx, open(), func(*document.Child) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("emit's error became %v", err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.Read(ended, open(), func(*document.Child) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context gives %v", err)
	}
	disk := errors.New("disk gone")
	in := open()
	in.Bytes = failing{disk}
	if _, err := f.Read(ctx, in, func(c *document.Child) error { _ = take(c); return nil }); !errors.Is(err, disk) {
		t.Errorf("a failing disk gives %v", err)
	}
	// Whatever is cut off, nothing panics or hangs, and every loss has a reason.
	for _, n := range []int{len(data) - 1, len(data) * 3 / 4, len(data) / 2, len(data) / 4, 40, 9} {
		doc, err := f.Read(ctx, input(name, data[:min(n, len(data))]), func(c *document.Child) error { _ = take(c); return nil })
		if err != nil || doc.Read != document.Full && doc.Reason == "" {
			t.Errorf("cut to %d bytes: %+v, error %v", n, doc, err)
		}
	}
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestConformance(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("合同正文 contract ", 3000)
	plain := makeTar(t, tarFile{name: "项目/a.txt", body: body}, tarFile{name: "b", body: "b"}, tarFile{name: "空"}, tarFile{name: "c", body: body})
	rar5 := makeRar5(rarOptionsOf{}, rarFileOf{name: "项目/a.txt", body: body}, rarFileOf{name: "b", body: "b"}, rarFileOf{name: "c", body: body})
	tests := []struct {
		name      string
		format    document.Format
		data      []byte
		passwords []string
	}{
		{"a.zip", Zip, pack(t, file{name: "项目/a.txt", body: body, method: 8}, file{name: "b", body: "b"}, file{name: "c", body: body}), nil},
		{"a.tar", Tar, plain, nil},
		{"a.iso", Iso, makeIso(false, nil, []isoNode{{name: "项目", kids: []isoNode{{name: "a.txt;1", body: body}, {name: "空"}}}, {name: "b", body: "b"}, {name: "c", body: body, piece: 2048}}), nil},
		{"a.txt.gz", Gzip, packStream(t, "gzip", []byte(body)), nil},
		{"a.txt.xz", Xz, packStream(t, "xz", []byte(body)), nil},
		{"a.txt.zst", Zstd, packStream(t, "zstd", []byte(body)), nil},
		{"a.txt.lz4", Lz4, packStream(t, "lz4", []byte(body)), nil},
		{"a.txt.bz2", Bzip2, packStream(t, "bzip2", nil), nil},
		{"a.tgz", Gzip, packStream(t, "gzip", plain), nil},
		{"a.txz", Xz, packStream(t, "xz", plain), nil},
		{"a.tar.zst", Zstd, packStream(t, "zstd", plain), nil},
		{"a.rar", Rar, rar5, nil},
		{"a.rar", Rar, makeRar4(rarOptionsOf{}, rarFileOf{name: "a.txt", body: body}, rarFileOf{name: "b", body: "b"}), nil},
		{"a.rar", Rar, makeRar5(rarOptionsOf{solid: true}, rarFileOf{name: "a", body: body}, rarFileOf{name: "b", body: "b"}), nil},
		{"a.exe", Rar, append([]byte("MZ"+strings.Repeat("program ", 500)), rar5...), nil},
		{"lzma2.7z", SevenZip, fixture(t, "lzma2.7z"), nil},
		{"lzma.7z", SevenZip, fixture(t, "lzma.7z"), nil},
		{"ppmd.7z", SevenZip, fixture(t, "ppmd.7z"), nil},
		{"bzip2.7z", SevenZip, fixture(t, "bzip2.7z"), nil},
		{"bcj2.7z", SevenZip, fixture(t, "bcj2.7z"), nil},
		{"password.7z", SevenZip, fixture(t, "password.7z"), []string{"falsch", "密码"}},
		{"hidden.7z", SevenZip, fixture(t, "hidden.7z"), []string{"falsch", "密码"}},
		{"a.exe", SevenZip, append([]byte("MZ"+strings.Repeat("program 7z\xbc\xaf\x27\x1c ", 500)), fixture(t, "lzma.7z")...), nil},
	}
	for _, tt := range tests {
		t.Run(tt.format.Name+" "+tt.name, func(t *testing.T) {
			t.Parallel()
			conform(t, tt.format, tt.name, tt.data, tt.passwords...)
		})
	}
}

// TestEndedWhileRead: a context that ends while a member is read ends the read.
func TestEndedWhileRead(t *testing.T) {
	t.Parallel()
	zeros := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for _, tt := range []struct {
		format document.Format
		data   []byte
	}{
		{Zip, pack(t, file{name: "a", body: string(zeros), method: 8})},
		{Gzip, packStream(t, "gzip", zeros)},
		{Zstd, packStream(t, "zstd", zeros)},
		{Xz, packStream(t, "xz", zeros)},
		{Tar, makeTar(t, tarFile{name: "a", body: string(zeros)})},
		{Rar, makeRar5(rarOptionsOf{}, rarFileOf{name: "a", body: string(zeros)})},
		{Iso, makeIso(false, []isoNode{{name: "A", body: string(zeros)}}, nil)},
	} {
		t.Run(tt.format.Name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(context.Background())
			_, err := tt.format.Read(ctx, input("a", tt.data), func(c *document.Child) error {
				if _, err := io.CopyN(io.Discard, c.Content, 1000); err != nil {
					t.Error(err)
				}
				cancel()
				if _, err := io.Copy(io.Discard, c.Content); !errors.Is(err, context.Canceled) {
					t.Errorf("the member's end: %v", err)
				}
				return nil
			})
			_ = err // a reader may end with it or after the last member
		})
	}
}
