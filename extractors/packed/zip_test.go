package packed

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

// file is a member to be packed.
type file struct {
	name   string
	body   string
	method uint16
	change func(h *zip.FileHeader)
}

func pack(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: f.method, Modified: time.Date(2024, 3, 5, 10, 30, 0, 0, time.UTC)}
		if f.change != nil {
			f.change(h)
		}
		p, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write([]byte(f.body))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// got is what a child gave.
type got struct {
	step, body string
	reason     document.Reason
}

func take(c *document.Child) got {
	g := got{step: c.Step, reason: c.Reason}
	if c.Content != nil {
		b, err := io.ReadAll(c.Content)
		g.body = string(b)
		if named, ok := errors.AsType[*failure](err); ok {
			g.reason = named.reason
		} else if err != nil {
			g.reason = document.Reason(err.Error())
		}
	}
	return g
}

func readAll(t testing.TB, f document.Format, in *document.Input) (*document.Document, []got) {
	t.Helper()
	if !f.Detect(in) {
		t.Errorf("%s is not detected as %s", in.Name, f.Name)
	}
	var out []got
	doc, err := f.Read(context.Background(), in, func(c *document.Child) error {
		out = append(out, take(c))
		return nil
	})
	if err != nil {
		t.Fatalf("read %s: %v", in.Name, err)
	}
	return doc, out
}

func gbk(s string) string {
	out, _ := simplifiedchinese.GBK.NewEncoder().String(s)
	return out
}

// unicodeField is an Info-ZIP Unicode path for a raw name.
func unicodeField(raw, name string) []byte {
	b := []byte{0x75, 0x70, 0, 0, 1}
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(raw)))
	b = append(b, name...)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)-4))
	return b
}

func TestNames(t *testing.T) {
	t.Parallel()
	raw := func(h *zip.FileHeader) { h.NonUTF8 = true }
	tests := []struct {
		name  string
		files []file
		want  []string
	}{
		{"UTF-8", []file{{name: "2023/合同.txt"}, {name: "readme.md"}}, []string{"2023/合同.txt", "readme.md"}},
		{"GBK without the flag", []file{{name: gbk("项目资料/需求说明书.doc"), change: raw}, {name: gbk("项目资料/报价.xls"), change: raw}}, []string{"项目资料/需求说明书.doc", "项目资料/报价.xls"}},
		{"GBK that is UTF-8 by chance", []file{{name: gbk("图.txt"), change: raw}, {name: gbk("项目资料/需求说明书.doc"), change: raw}}, []string{"图.txt", "项目资料/需求说明书.doc"}},
		{"UTF-8 without the flag", []file{{name: "会议纪要.txt", change: raw}}, []string{"会议纪要.txt"}},
		{"a Unicode path", []file{{name: "?.txt", change: func(h *zip.FileHeader) { h.Extra = unicodeField("?.txt", "真名.txt") }}}, []string{"真名.txt"}},
		{"a Unicode path of another name", []file{{name: "real.txt", change: func(h *zip.FileHeader) { h.Extra = unicodeField("old.txt", "old-name.txt") }}}, []string{"real.txt"}},
		{"equal names", []file{{name: "a.txt"}, {name: "a.txt"}, {name: "a.txt#2"}, {name: "a.txt"}}, []string{"a.txt", "a.txt#2", "a.txt#2#2", "a.txt#3"}},
		{"backslashes, roots and ways out", []file{{name: `目录\子\a.txt`}, {name: "../../etc/passwd"}, {name: "/root.txt"}, {name: `C:\x\b.txt`}}, []string{"目录/子/a.txt", "etc/passwd", "root.txt", "x/b.txt"}},
		{"folders are no children", []file{{name: "d/"}, {name: "d/a"}, {name: `e\`}}, []string{"d/a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, children := readAll(t, Zip, input("a.zip", pack(t, tt.files...)))
			var steps []string
			for _, c := range children {
				steps = append(steps, c.step)
			}
			if strings.Join(steps, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("steps %q, want %q", steps, tt.want)
			}
			if doc.Fields["entries"] != fmt.Sprint(len(tt.want)) || doc.Read != document.Full {
				t.Errorf("fields %v, read %s", doc.Fields, doc.Read)
			}
		})
	}
}

func TestContent(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("合同正文 contract ", 500)
	files := []file{{name: "stored", body: body}, {name: "deflated", body: body, method: zip.Deflate}, {name: "empty"}}
	data := pack(t, files...)
	whole := []got{{"stored", body, ""}, {"deflated", body, ""}, {"empty", "", ""}}
	same := func(t *testing.T, have []got) {
		t.Helper()
		if fmt.Sprint(have) != fmt.Sprint(whole) {
			t.Errorf("got %.300v", have)
		}
	}
	t.Run("whole", func(t *testing.T) {
		t.Parallel()
		_, children := readAll(t, Zip, input("a.zip", data))
		same(t, children)
	})
	t.Run("foreign bytes in front", func(t *testing.T) {
		t.Parallel()
		_, children := readAll(t, Zip, input("a.exe", append(bytes.Repeat([]byte("MZ stub "), 100), data...)))
		same(t, children)
	})
	t.Run("foreign bytes behind", func(t *testing.T) {
		t.Parallel()
		_, children := readAll(t, Zip, input("a.zip", append(append([]byte{}, data...), "<html>gateway</html>"...)))
		same(t, children)
	})
	t.Run("in ranges", func(t *testing.T) {
		t.Parallel()
		ranges, err := Zip.Cut(context.Background(), input("a.zip", data), 2)
		if err != nil || len(ranges) != 2 {
			t.Fatalf("ranges %v, error %v", ranges, err)
		}
		var children []got
		for _, r := range ranges {
			in := input("a.zip", data)
			in.Range = r
			_, part := readAll(t, Zip, in)
			children = append(children, part...)
		}
		same(t, children)
	})
	t.Run("by step", func(t *testing.T) {
		t.Parallel()
		for i, w := range whole {
			c, err := Zip.Open(context.Background(), input("a.zip", data), w.step)
			if err != nil || take(c) != w || c.Ordinal != i+1 {
				t.Errorf("%s: %v", w.step, err)
			}
		}
		if _, err := Zip.Open(context.Background(), input("a.zip", data), "none"); !errors.Is(err, document.ErrNoChild) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("without a directory", func(t *testing.T) {
		t.Parallel()
		doc, children := readAll(t, Zip, input("a.zip", data[:bytes.Index(data, []byte(sigDirectory))]))
		same(t, children)
		if doc.Read != document.Partial || doc.Reason != document.Truncated {
			t.Errorf("read %s, reason %q", doc.Read, doc.Reason)
		}
	})
	t.Run("cut off in a member", func(t *testing.T) {
		t.Parallel()
		_, children := readAll(t, Zip, input("a.zip", data[:bytes.Index(data, []byte("deflated"))+60]))
		if len(children) != 2 || children[0] != whole[0] || children[1].reason != document.Truncated {
			t.Errorf("got %.300v", children)
		}
	})
}

func TestReasons(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", 2000)
	broken := pack(t, file{name: "bad", body: "some content"}, file{name: "good", body: text})
	broken[bytes.Index(broken, []byte("some content"))] ^= 1
	patched := func(data []byte, sig string, at int, value uint16) []byte {
		for i := 0; ; i++ {
			k := bytes.Index(data[i:], []byte(sig))
			if k < 0 {
				return data
			}
			i += k
			binary.LittleEndian.PutUint16(data[i+at:], value)
		}
	}
	tests := []struct {
		name   string
		data   []byte
		limits func(l *document.Limits)
		want   []document.Reason
		doc    document.Reason
	}{
		{name: "a wrong check sum", data: broken, want: []document.Reason{document.Corrupt, ""}},
		{name: "an unknown method", data: patched(pack(t, file{name: "a", body: text}), sigDirectory, 10, 14), want: []document.Reason{document.Unsupported}},
		{name: "encrypted without a password", data: patched(pack(t, file{name: "a", body: text}), sigDirectory, 8, 1), want: []document.Reason{document.Encrypted}},
		{name: "a symbolic link", data: pack(t, file{name: "link", body: "/etc/passwd", change: func(h *zip.FileHeader) { h.CreatorVersion = 3 << 8; h.ExternalAttrs = 0xa1ff << 16 }}), want: []document.Reason{document.Unsupported}},
		{name: "a member that is a bomb", data: pack(t, file{name: "zeros", body: strings.Repeat("\x00", 20<<20), method: zip.Deflate}, file{name: "good", body: text}), want: []document.Reason{document.Bomb, ""}},
		{name: "too many entries", data: pack(t, file{name: "a"}, file{name: "b"}, file{name: "c"}), limits: func(l *document.Limits) { l.Entries = 2 }, want: []document.Reason{"", ""}, doc: document.TooMany},
		{name: "too much in all", data: pack(t, file{name: "a", body: text}, file{name: "b", body: text}, file{name: "c", body: "c"}), limits: func(l *document.Limits) { l.Expanded = 3000 }, want: []document.Reason{"", document.TooLarge, ""}},
		{name: "nothing behind the signature", data: []byte(sigLocal + strings.Repeat("junk", 50)), doc: document.Corrupt},
		{name: "an empty archive", data: pack(t)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("a.zip", tt.data)
			if tt.limits != nil {
				tt.limits(&in.Limits)
			}
			doc, children := readAll(t, Zip, in)
			var have []document.Reason
			for _, c := range children {
				have = append(have, c.reason)
			}
			if fmt.Sprint(have) != fmt.Sprint(tt.want) || doc.Reason != tt.doc {
				t.Errorf("reasons %q, want %q; document %q, want %q", have, tt.want, doc.Reason, tt.doc)
			}
		})
	}
}

func TestLyingSize(t *testing.T) {
	t.Parallel()
	// The directory says 10 bytes; 50 MB come out.
	data := pack(t, file{name: "a", body: strings.Repeat("\x00", 50<<20), method: zip.Deflate})
	at := bytes.Index(data, []byte(sigDirectory))
	binary.LittleEndian.PutUint32(data[at+24:], 10)
	_, children := readAll(t, Zip, input("a.zip", data))
	if len(children) != 1 || children[0].reason != document.Bomb || len(children[0].body) > 30<<20 {
		t.Errorf("reason %q after %d bytes", children[0].reason, len(children[0].body))
	}
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	data := pack(t, file{name: "a", body: strings.Repeat("x", 3000)}, file{name: "b", body: strings.Repeat("y", 3000)})
	second := bytes.LastIndex(data, []byte(sigDirectory))
	binary.LittleEndian.PutUint32(data[second+42:], 0) // b lies where a lies
	doc, children := readAll(t, Zip, input("a.zip", data))
	if doc.Reason != document.Bomb || doc.Read != document.None || len(children) != 0 {
		t.Errorf("read %s, reason %q, %d children", doc.Read, doc.Reason, len(children))
	}
}

func TestHugeClaims(t *testing.T) {
	t.Parallel()
	// A zip64 end record claims 2^60 entries.
	data := pack(t, file{name: "a", body: "a"})
	end := bytes.LastIndex(data, []byte(sigEnd))
	le := binary.LittleEndian
	start := uint64(bytes.Index(data, []byte(sigDirectory)))
	r := le.AppendUint64([]byte(sigEnd64), 44)
	r = append(r, make([]byte, 12)...)
	r = le.AppendUint64(le.AppendUint64(r, 1<<60), 1<<60)
	r = le.AppendUint64(le.AppendUint64(r, uint64(end)-start), start)
	r = le.AppendUint64(append(append(r, sigLocator64...), 0, 0, 0, 0), uint64(end))
	r = append(r, 1, 0, 0, 0)
	data = append(append(append([]byte{}, data[:end]...), r...), data[end:]...)
	_, children := readAll(t, Zip, input("a.zip", data))
	if len(children) != 1 || children[0].body != "a" {
		t.Errorf("children %v", children)
	}
}

func TestForeignPackages(t *testing.T) {
	t.Parallel()
	if Zip.Detect(input("a.ods", pack(t, file{name: "mimetype", body: "application/vnd.oasis.opendocument.spreadsheet"}))) {
		t.Error("an OpenDocument file is read as an archive")
	}
	if Zip.Detect(input("a.zip", []byte("Rar!\x1a\x07\x00"))) {
		t.Error("a rar named .zip is read as a zip")
	}
}

func TestReadAtFails(t *testing.T) {
	t.Parallel()
	data := pack(t, file{name: "a", body: "a"})
	disk := errors.New("disk gone")
	in := input("a.zip", data)
	in.Bytes = failing{disk}
	if _, err := Zip.Read(context.Background(), in, nil); !errors.Is(err, disk) {
		t.Errorf("error %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func FuzzZip(f *testing.F) {
	whole := pack(f, file{name: gbk("项目/a.txt"), body: "abc", change: func(h *zip.FileHeader) { h.NonUTF8 = true }}, file{name: "b", body: strings.Repeat("b", 99), method: zip.Deflate})
	f.Add(whole)
	f.Add(whole[:len(whole)-30])
	f.Add([]byte(sigEnd + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.zip", data)
		in.Limits.Expanded, in.Limits.Entries = 32<<20, 1000
		in.Passwords = []string{"a"}
		steps := map[string]bool{}
		doc, err := Zip.Read(context.Background(), in, func(c *document.Child) error {
			if steps[c.Step] || c.Content == nil && c.Reason == "" {
				t.Fatalf("child %+v", c)
			}
			steps[c.Step] = true
			if c.Content != nil {
				_, _ = io.Copy(io.Discard, c.Content)
			}
			return nil
		})
		if err != nil || doc == nil {
			t.Fatalf("document %v, error %v", doc, err)
		}
	})
}

// deflated is body packed.
func deflated(body string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed)
	_, _ = w.Write([]byte(body))
	_ = w.Close()
	return b.Bytes()
}
