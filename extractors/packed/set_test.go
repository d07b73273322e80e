package packed

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func TestSet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		have string // what lies beside it
		want string
	}{
		{"合同.7z.001", "合同.7z.002 合同.7z.003 合同.7z.005", "合同.7z.001 合同.7z.002 合同.7z.003"},
		{"a.ZIP.0001", "a.ZIP.0002", "a.ZIP.0001 a.ZIP.0002"},
		{"a.tar.gz.001", "a.tar.gz.002", "a.tar.gz.001 a.tar.gz.002"},
		{"a.part1.rar", "a.part2.rar a.part3.rar", "a.part1.rar a.part2.rar a.part3.rar"},
		{"a.part01.exe", "a.part02.rar", "a.part01.exe a.part02.rar"},
		{"a.rar", "a.r00 a.r01", "a.rar a.r00 a.r01"},
		{"a.zip", "a.z01 a.z02", "a.z01 a.z02 a.zip"},
		{"A.ZIP", "A.Z01 a.z02", "A.Z01 A.ZIP"},
		{"a.7z.002", "a.7z.001 a.7z.003", ""},
		{"a.part2.rar", "a.part1.rar", ""},
		{"a.zip", "a.rar", ""},
		{"a.rar", "", ""},
		{"notes.001", "notes.002", ""},
	} {
		beside := strings.Fields(tt.have)
		got := Set(tt.name, func(n string) bool { return slices.Contains(beside, n) })
		if fmt.Sprint(got) != fmt.Sprint(strings.Fields(tt.want)) {
			t.Errorf("%s leads %q", tt.name, got)
		}
		for _, later := range got {
			if leads := Leaders(later); (later == tt.name) == slices.Contains(leads, tt.name) && later != tt.name {
				t.Errorf("%s belongs to %q", later, leads)
			}
		}
	}
	for name, want := range map[string]string{"a.7z.001": "a.7z", "a.part01.rar": "a.rar", "a.zip": "a.zip", "a.rar": "a.rar", "x.docx": "x.docx"} {
		if got := SetName(name); got != want {
			t.Errorf("joined, %s is %s", name, got)
		}
	}
}

// splitZip cuts a zip the way that Info-ZIP and WinZip do.
func splitZip(data []byte, size int) [][]byte {
	le := binary.LittleEndian
	whole := append([]byte(sigDescriptor), data...)
	end := bytes.LastIndex(whole, []byte(sigEnd))
	start := int(le.Uint32(whole[end+16:])) + 4
	for at := start; string(whole[at:at+4]) == sigDirectory; {
		place := int(le.Uint32(whole[at+42:])) + 4
		le.PutUint16(whole[at+34:], uint16(place/size))
		le.PutUint32(whole[at+42:], uint32(place%size))
		at += lenDirectory + int(le.Uint16(whole[at+28:])) + int(le.Uint16(whole[at+30:])) + int(le.Uint16(whole[at+32:]))
	}
	le.PutUint16(whole[end+4:], uint16((len(whole)-1)/size))
	le.PutUint16(whole[end+6:], uint16(start/size))
	le.PutUint32(whole[end+16:], uint32(start%size))
	return slices.Collect(slices.Chunk(whole, size))
}

func cutAt(data []byte, size int) [][]byte { return slices.Collect(slices.Chunk(data, size)) }

func joinedInput(name string, parts ...[]byte) *document.Input {
	var list []Part
	for _, p := range parts {
		list = append(list, Part{bytes.NewReader(p), int64(len(p))})
	}
	r, n := Join(list)
	return &document.Input{Name: SetName(name), Size: n, Bytes: r, Limits: document.Limits{}.WithDefaults(), Passwords: []string{"falsch", "密码"}}
}

func TestJoinedSets(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("合同正文 ", 400)
	part := func(n int) string { return body[n*1500 : (n+1)*1500] }
	if len(body) < 4500 {
		t.Fatal("too short to be split")
	}
	whole := part(0) + part(1) + part(2)
	a := func(n int) rarFileOf {
		f := rarFileOf{name: "合同/a.txt", body: part(n), size: 4500, before: n > 0, after: n < 2}
		if n == 2 {
			f.whole = whole
		}
		return f
	}
	b, c := rarFileOf{name: "b.txt", body: "b"}, rarFileOf{name: "c.txt", body: "c"}
	five := [][]byte{makeRar5(rarOptionsOf{volume: true, notLast: true}, b, a(0)), makeRar5(rarOptionsOf{volume: true, notLast: true, number: 1}, a(1)), makeRar5(rarOptionsOf{volume: true, number: 2}, a(2), c)}
	four := [][]byte{makeRar4(rarOptionsOf{volume: true, notLast: true}, b, a(0)), makeRar4(rarOptionsOf{volume: true, notLast: true, number: 1}, a(1)), makeRar4(rarOptionsOf{volume: true, number: 2}, a(2), c)}
	noEnd := [][]byte{makeRar4(rarOptionsOf{volume: true, noEnd: true}, b, a(0)), makeRar4(rarOptionsOf{volume: true, noEnd: true, number: 1}, a(1)), makeRar4(rarOptionsOf{volume: true, number: 2, noEnd: true}, a(2), c)}
	hidden := [][]byte{makeRar5(rarOptionsOf{volume: true, notLast: true, hidden: "密码"}, b), makeRar5(rarOptionsOf{volume: true, number: 1, hidden: "密码"}, c)}
	gotA, gotB, gotC := got{"合同/a.txt", whole, ""}, got{"b.txt", "b", ""}, got{"c.txt", "c", ""}

	var files []file
	var wantZip []got
	for n := range 6 {
		f := file{name: fmt.Sprintf("目录/第%d份.txt", n), body: random(900 * (n + 1)), method: zip.Deflate}
		files, wantZip = append(files, f), append(wantZip, got{f.name, f.body, ""})
	}
	zipped := pack(t, files...)
	seven := fixture(t, "lzma2.7z")
	_, wantSeven := readAll(t, SevenZip, input("a.7z", seven))
	tgz := packStream(t, "gzip", makeTar(t, tarFile{name: "a", body: random(3000)}, tarFile{name: "b", body: "b"}))
	tests := []struct {
		name   string
		file   string
		format document.Format
		parts  [][]byte
		want   []got
		read   document.Read
	}{
		{"RAR 5", "a.part1.rar", Rar, five, []got{gotB, gotA, gotC}, document.Full},
		{"RAR 5, the last is missing", "a.part1.rar", Rar, five[:2], []got{gotB, {"合同/a.txt", part(0) + part(1), document.Truncated}}, document.Partial},
		{"RAR 5, hidden headers", "a.part1.rar", Rar, hidden, []got{gotB, gotC}, document.Full},
		{"RAR 4", "a.rar", Rar, four, []got{gotB, gotA, gotC}, document.Full},
		{"RAR 4 without ends", "a.rar", Rar, noEnd, []got{gotB, gotA, gotC}, document.Full},
		{"7z", "a.7z.001", SevenZip, cutAt(seven, 100), wantSeven, document.Full},
		{"zip, cut", "a.zip.001", Zip, cutAt(zipped, 2000), wantZip, document.Full},
		{"zip, split", "a.zip", Zip, splitZip(zipped, 2000), wantZip, document.Full},
		{"zip, split into many", "a.zip", Zip, splitZip(zipped, 333), wantZip, document.Full},
		{"tar.gz", "a.tar.gz.001", Gzip, cutAt(tgz, 500), []got{{"a", random(3000), ""}, {"b", "b", ""}}, document.Full},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !Begins(tt.parts[0]) {
				t.Error("its beginning is not known")
			}
			doc, have := readAll(t, tt.format, joinedInput(tt.file, tt.parts...))
			if fmt.Sprint(have) != fmt.Sprint(tt.want) || doc.Read != tt.read {
				t.Errorf("read %s, reason %q, %v\ngot %.300q\nwant %.300q", doc.Read, doc.Reason, doc.Warnings, have, tt.want)
			}
			if tt.read == document.Full && strings.Contains(fmt.Sprint(doc.Warnings), alone) {
				t.Errorf("warnings %v", doc.Warnings)
			}
			for _, w := range tt.want {
				if w.reason != "" {
					continue
				}
				c, err := tt.format.Open(t.Context(), joinedInput(tt.file, tt.parts...), w.step)
				if err != nil {
					t.Fatalf("open %s: %v", w.step, err)
				}
				if g := take(c); fmt.Sprint(g) != fmt.Sprint(w) {
					t.Errorf("opened alone, %s is %.60q, %q", w.step, g.body, g.reason)
				}
			}
		})
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	r, n := Join([]Part{{strings.NewReader("ab"), 2}, {strings.NewReader(""), 0}, {strings.NewReader("cde"), 3}})
	for _, tt := range []struct {
		at   int64
		n    int
		want string
		err  error
	}{{0, 5, "abcde", nil}, {1, 2, "bc", nil}, {2, 9, "cde", io.EOF}, {5, 1, "", io.EOF}, {9, 1, "", io.EOF}} {
		b := make([]byte, tt.n)
		got, err := r.ReadAt(b, tt.at)
		if string(b[:got]) != tt.want || err != tt.err { //nolint:errorlint // io.ReaderAt's contract
			t.Errorf("%d bytes at %d: %q, %v", tt.n, tt.at, b[:got], err)
		}
	}
	if n != 5 {
		t.Errorf("%d bytes", n)
	}
	short, _ := Join([]Part{{strings.NewReader("a"), 2}, {strings.NewReader("b"), 1}})
	if got, err := short.ReadAt(make([]byte, 3), 0); err != io.ErrUnexpectedEOF || got != 1 { //nolint:errorlint // as above
		t.Errorf("of a part that shrank: %d, %v", got, err)
	}
}

func FuzzRarSet(f *testing.F) {
	one := makeRar5(rarOptionsOf{volume: true, notLast: true}, rarFileOf{name: "a", body: "abc", size: 6, after: true})
	two := makeRar5(rarOptionsOf{volume: true, number: 1}, rarFileOf{name: "a", body: "def", size: 6, before: true, whole: "abcdef"})
	f.Add(one, two)
	f.Add(makeRar4(rarOptionsOf{volume: true, notLast: true}, rarFileOf{name: "a", body: "abc", size: 6, after: true}), makeRar4(rarOptionsOf{volume: true, number: 1}, rarFileOf{name: "a", body: "def", size: 6, before: true}))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		fuzzed(t, Rar, append(resealRar(a), resealRar(b)...))
	})
}

func FuzzZipSet(f *testing.F) {
	for _, p := range [][]byte{pack(f, file{name: "a", body: "abc"}, file{name: "b", body: "b"})} {
		f.Add(slices.Concat(splitZip(p, 40)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, Zip, data) })
}
