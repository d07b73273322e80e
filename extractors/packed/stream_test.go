package packed

import (
	"context"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// streams are the codecs and what packs for them; bzip2 is not written by any
// library, so that its packed bytes are fixed.
var streams = []struct {
	kind, ext string
	format    document.Format
}{
	{"gzip", ".gz", Gzip}, {"xz", ".xz", Xz}, {"zstd", ".zst", Zstd}, {"lz4", ".lz4", Lz4}, {"bzip2", ".bz2", Bzip2},
}

func TestStreams(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("合同正文 contract ", 10)
	for _, s := range streams {
		t.Run(s.kind, func(t *testing.T) {
			t.Parallel()
			data := packStream(t, s.kind, []byte(body))
			var name string
			var g got
			read := func(file string, data []byte) *document.Document {
				in := input(file, data)
				if !s.format.Detect(in) {
					t.Fatalf("%s is not detected", file)
				}
				doc, err := s.format.Read(context.Background(), in, func(c *document.Child) error {
					name, g = c.Name, take(c)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				return doc
			}
			if doc := read("日志.log"+s.ext, data); g != (got{"content", body, ""}) || name != "日志.log" || doc.Read != document.Full {
				t.Errorf("%q: %+v, %+v", name, g, doc)
			}
			read("two"+s.ext, append(append([]byte{}, data...), data...))
			if g.body != body+body || g.reason != "" {
				t.Errorf("two streams joined: %d bytes, %q", len(g.body), g.reason)
			}
			g = got{}
			doc := read("a"+s.ext, data[:len(data)-5])
			if reason := g.reason + doc.Reason; reason != document.Truncated {
				t.Errorf("cut off: %q", reason)
			}
			damaged := append([]byte{}, data...)
			for i := len(data) / 2; i < len(data)/2+4; i++ {
				damaged[i] ^= 0xa5
			}
			g = got{}
			doc = read("a"+s.ext, damaged)
			if reason := g.reason + doc.Reason; reason != document.Corrupt && reason != document.Truncated {
				t.Errorf("damaged: %q, %d bytes", reason, len(g.body))
			}
		})
	}
}

func TestStreamBombs(t *testing.T) {
	t.Parallel()
	zeros := make([]byte, 40<<20)
	for _, s := range streams[:3] {
		t.Run(s.kind, func(t *testing.T) {
			t.Parallel()
			data := packStream(t, s.kind, zeros)
			n := int64(0)
			_, err := s.format.Read(context.Background(), input("a", data), func(c *document.Child) error {
				var err error
				n, err = io.Copy(io.Discard, c.Content)
				if f, ok := err.(*failure); !ok || f.reason != document.Bomb { //nolint:errorlint // the reader's own
					t.Errorf("error %v", err)
				}
				return nil
			})
			if err != nil || n > 30<<20 {
				t.Errorf("%d bytes, error %v", n, err)
			}
			inside := packStream(t, s.kind, makeTar(t, tarFile{name: "good", body: "good"}, tarFile{name: "zeros", body: string(zeros)}))
			doc, children := readAll(t, s.format, input("a.tar", inside))
			if len(children) != 2 || children[0].body != "good" || children[1].reason != document.Bomb || doc.Reason != document.Bomb {
				t.Errorf("a bomb in a tar: %d children, document %q", len(children), doc.Reason)
			}
		})
	}
}

// TestStreamClaims: a header asks for more memory than it may.
func TestStreamClaims(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	// An xz block header whose dictionary is 4 GiB.
	big := packStream(t, "xz", []byte("x"))
	at := 12
	size := int(big[at]+1) * 4
	if k := strings.Index(string(big[at:at+size]), "\x21\x01"); k < 0 {
		t.Fatal("no LZMA2 in the block's header")
	} else {
		big[at+k+2] = 40
	}
	le.PutUint32(big[at+size-4:], crc32.ChecksumIEEE(big[at:at+size-4]))
	// A zstd frame of a single byte whose window is 2 GiB.
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 9, 0, 0, 'x'}
	for _, tt := range []struct {
		format document.Format
		data   []byte
	}{{Xz, big}, {Zstd, frame}} {
		doc, children := readAll(t, tt.format, input("a", tt.data))
		reason := doc.Reason
		for _, c := range children {
			reason += c.reason
		}
		if reason != document.MemoryLimit {
			t.Errorf("%s: reason %q", tt.format.Name, reason)
		}
	}
}

// TestOldLocators: a ledger of version 1 names the tar in a tarball.
func TestOldLocators(t *testing.T) {
	t.Parallel()
	tar := makeTar(t, tarFile{name: "a", body: "a"})
	c, err := Gzip.Open(context.Background(), input("x.tgz", packStream(t, "gzip", tar)), "content")
	if err != nil {
		t.Fatal(err)
	}
	if g := take(c); g.body != string(tar) || c.Name != "x.tar" {
		t.Errorf("%q, %d bytes, %q", c.Name, len(g.body), g.reason)
	}
}

// TestNamesInStream: the names of a packed tar are told by all of them, also when
// the first is too short to tell.
func TestNamesInStream(t *testing.T) {
	t.Parallel()
	var tar []byte
	want := []string{"图.a", "项目资料/需求说明书.doc", "项目资料/验收报告.doc", "报价.xls"}
	for _, name := range want {
		tar = append(tar, rawTar(gbk(name), name)...)
	}
	_, children := readAll(t, Gzip, input("a.tgz", packStream(t, "gzip", append(tar, make([]byte, 1024)...))))
	if have := stepsOf(children); strings.Join(have, " ") != strings.Join(want, " ") {
		t.Errorf("names %q", have)
	}
}

func fuzzStream(f *testing.F, kind string, format document.Format) {
	f.Helper()
	f.Add(packStream(f, kind, []byte("hello hello hello")))
	f.Add(packStream(f, kind, makeTar(f, tarFile{name: "a", body: "abc"})))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, format, data) })
}

func FuzzBzip2(f *testing.F) { fuzzStream(f, "bzip2", Bzip2) }
func FuzzXz(f *testing.F)    { fuzzStream(f, "xz", Xz) }
func FuzzZstd(f *testing.F)  { fuzzStream(f, "zstd", Zstd) }
func FuzzLz4(f *testing.F)   { fuzzStream(f, "lz4", Lz4) }
