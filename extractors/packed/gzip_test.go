package packed

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func gz(name, body string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name = name
	_, _ = w.Write([]byte(body))
	_ = w.Close()
	return b.Bytes()
}

func TestGzip(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("日志 log ", 1000)
	whole := gz("", body)
	tests := []struct {
		name, file, child string
		data              []byte
		body              string
		reason            document.Reason
	}{
		{"by its own name", "日志.log.gz", "日志.log", whole, body, ""},
		{"by the header", "x.gz", "real.log", gz("real.log", body), body, ""},
		{"a tarball", "a.tgz", "a.tar", whole, body, ""},
		{"two members", "a.gz", "a", append(gz("", "one "), gz("", "two")...), "one two", ""},
		{"zeros behind", "a.gz", "a", append(append([]byte{}, whole...), make([]byte, 300)...), body, ""},
		{"a wrong sum", "a.gz", "a", append(append([]byte{}, whole[:len(whole)-8]...), append([]byte{1, 2, 3, 4}, whole[len(whole)-4:]...)...), body, document.Corrupt},
		{"a bomb", "a.gz", "a", gz("", strings.Repeat("\x00", 30<<20)), "", document.Bomb},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var name string
			var g got
			_, err := Gzip.Read(context.Background(), input(tt.file, tt.data), func(c *document.Child) error {
				name, g = c.Name, take(c)
				return nil
			})
			if tt.reason == document.Bomb {
				g.body = "" // what came out before
			}
			if err != nil || name != tt.child || g.body != tt.body || g.reason != tt.reason || g.step != "content" {
				t.Errorf("name %q, reason %q, %d bytes, error %v", name, g.reason, len(g.body), err)
			}
		})
	}
	t.Run("cut off", func(t *testing.T) {
		t.Parallel()
		_, children := readAll(t, Gzip, input("a.gz", whole[:len(whole)-20]))
		if children[0].reason != document.Truncated {
			t.Errorf("reason %q", children[0].reason)
		}
	})
}

func FuzzGzip(f *testing.F) {
	f.Add(gz("a", "hello"))
	f.Add(append(gz("", "one"), gz("b", "two")...))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.gz", data)
		in.Limits.Expanded = 32 << 20
		if _, err := Gzip.Read(context.Background(), in, func(c *document.Child) error {
			if c.Content != nil {
				_, _ = io.Copy(io.Discard, c.Content)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
