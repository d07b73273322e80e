package pst

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/mail/pst/psttest"
)

// recovered is how many mails come out with their own subject or text.
func recovered(t testing.TB, in *document.Input) (n int, doc *document.Document) {
	t.Helper()
	doc, err := PST.Read(context.Background(), in, func(c *document.Child) error {
		if c.Content == nil {
			return nil
		}
		data, err := io.ReadAll(c.Content)
		if bytes.Contains(data, []byte("X-MS-Message-Class: IPM.Note")) {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, doc
}

// pageOf is how long a layout's pages are.
var pageOf = map[string]int64{"ansi": ansi.page, "unicode": unicode.page, "unicode-4k": unicode4k.page}

// TestOnePercent damages one page in a hundred, in three ways, and wants nine mails
// in ten. The header, which is one page of all, is damaged in some of the copies.
func TestOnePercent(t *testing.T) {
	t.Parallel()
	const mails = 400
	for name, layout := range layouts {
		whole := archive(t, layout, mails)
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 11))
			data := bytes.Clone(whole)
			size := int(pageOf[name])
			pages := len(data) / size
			for range pages / 100 {
				p := data[r.IntN(pages)*size:][:size]
				switch seed % 3 {
				case 0:
					clear(p)
				case 1:
					for i := range p {
						p[i] = byte(r.Uint32())
					}
				case 2:
					for range 16 {
						p[r.IntN(size)] ^= byte(1 + r.IntN(255))
					}
				}
			}
			n, doc := recovered(t, input("a.pst", data))
			if n < mails*9/10 {
				t.Errorf("%s, copy %d: %d of %d mails were recovered; %v", name, seed, n, mails, doc.Warnings)
			}
			if doc.Read == document.Full && len(doc.Warnings) == 0 {
				t.Errorf("%s, copy %d: the damage is not told", name, seed)
			}
			// Two slices give what the whole does.
			first, second := input("a.pst", data), input("a.pst", data)
			first.Range, second.Range = document.Range{To: 65625}, document.Range{From: 65625, To: lastItem}
			one, _ := recovered(t, first)
			if two, _ := recovered(t, second); one+two != n {
				t.Errorf("%s, copy %d: its slices give %d and %d mails, the whole %d", name, seed, one, two, n)
			}
		}
	}
}

// TestLostTree loses the root of a tree, or the header.
func TestLostTree(t *testing.T) {
	t.Parallel()
	const mails = 300
	for name, layout := range layouts {
		whole := archive(t, layout, mails)
		h, _, err := readHeader(input("a.pst", whole))
		if err != nil {
			t.Fatal(err)
		}
		for what, at := range map[string]int64{"header": 0, "nodes": h.nodes.at, "blocks": h.blocks.at} {
			data := bytes.Clone(whole)
			clear(data[at : at+h.page])
			in := input("a.pst", data)
			if !PST.Detect(in) {
				t.Errorf("%s without its %s is not known", name, what)
			}
			if n, doc := recovered(t, in); n != mails || doc.Read != document.Partial {
				t.Errorf("%s without its %s: %d of %d mails, %s, %v", name, what, n, mails, doc.Read, doc.Warnings)
			}
			if ranges, err := PST.Cut(context.Background(), in, 50); err != nil || len(ranges) != 0 {
				t.Errorf("%s without its %s is cut: %v, %v", name, what, ranges, err)
			}
		}
	}
}

// TestTruncated cuts files off: what is left must come out.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for name, layout := range layouts {
		whole := archive(t, layout, 300)
		last := -1
		for _, part := range []int{100, 90, 60, 30, 5} {
			n, doc := recovered(t, input("a.pst", whole[:len(whole)*part/100]))
			if part < 100 && doc.Read == document.Full {
				t.Errorf("%s: %d %% of it are read as the whole: %v", name, part, doc.Warnings)
			}
			if last >= 0 && n > last {
				t.Errorf("%s: %d %% of it give %d mails, more than a longer part", name, part, n)
			}
			last = n
		}
	}
}

// TestQuirks reads files that say wrongly how they are.
func TestQuirks(t *testing.T) {
	t.Parallel()
	whole := psttest.Write(office(t, psttest.Unicode, psttest.Permute))
	t.Run("encoded but not said", func(t *testing.T) {
		t.Parallel()
		data := bytes.Clone(whole)
		data[0x201] = cryptNone
		resum(data)
		if doc, all := readAll(t, input("a.pst", data)); len(all) != 13 || doc.Read != document.Full || eml(t, all[0]).Title != "需求变更：订单批量导出" {
			t.Errorf("%d mails, %v", len(all), doc.Warnings)
		}
	})
	t.Run("checksums", func(t *testing.T) {
		t.Parallel()
		data := bytes.Clone(whole)
		data[0x10] ^= 1
		doc, all := readAll(t, input("a.pst", data))
		if len(all) != 13 || doc.Read != document.Full || len(doc.Warnings) != 2 || doc.Warnings[1].Code != "checksum" {
			t.Errorf("%d mails, %s, %v", len(all), doc.Read, doc.Warnings)
		}
	})
	t.Run("a damaged text", func(t *testing.T) {
		t.Parallel()
		data := bytes.Clone(whole)
		text := encoded("最迟九月十五日前交付")
		at := bytes.Index(data, text)
		if at < 0 {
			t.Fatal("the text is not in the file")
		}
		data[at] ^= 0xff
		doc, all := readAll(t, input("a.pst", data))
		if len(all) != 13 || doc.Warnings[len(doc.Warnings)-1].Code != "checksum" && doc.Read == document.Full {
			t.Errorf("%d mails, %s, %v", len(all), doc.Read, doc.Warnings)
		}
		if d := eml(t, all[2]); d.Read != document.Partial || d.Title != "范围说明" {
			t.Errorf("the damaged mail is %s, %q", d.Read, d.Title)
		}
		if d := eml(t, all[1]); d.Read != document.Full {
			t.Errorf("its neighbour is %s", d.Read)
		}
	})
	t.Run("encrypted by Windows", func(t *testing.T) {
		t.Parallel()
		data := bytes.Clone(whole)
		data[0x201] = cryptEDP
		if doc, all := readAll(t, input("a.pst", data)); len(all) != 0 || doc.Read != document.None || doc.Reason != document.Protected {
			t.Errorf("%d mails, %s, %s", len(all), doc.Read, doc.Reason)
		}
	})
	t.Run("nothing left", func(t *testing.T) {
		t.Parallel()
		data := append([]byte("!BDN\x00\x00\x00\x00SM"), make([]byte, 3000)...)
		if doc, _ := readAll(t, input("a.pst", data)); doc.Read != document.None || doc.Reason != document.Corrupt {
			t.Errorf("%s, %s", doc.Read, doc.Reason)
		}
	})
}

func encoded(s string) []byte {
	p := psttest.Text(0, s).Value
	permute(p)
	return p
}

func resum(data []byte) {
	binary.LittleEndian.PutUint32(data[4:], sum(data[8:8+471]))
	binary.LittleEndian.PutUint32(data[0x20C:], sum(data[8:8+516]))
}

// TestReaderFails tells an error of the reader below from a damaged file.
func TestReaderFails(t *testing.T) {
	t.Parallel()
	data := archive(t, psttest.Unicode, 50)
	for left := range 60 {
		in := input("a.pst", data)
		in.Bytes = &failing{r: bytes.NewReader(data), left: left}
		_, err := PST.Read(context.Background(), in, func(c *document.Child) error { return nil })
		if err == nil {
			t.Fatalf("after %d reads that went well the error is lost", left)
		}
	}
}

type failing struct {
	r    io.ReaderAt
	left int
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return f.r.ReadAt(p, at)
}

func FuzzRead(f *testing.F) {
	for _, layout := range layouts {
		box := office(f, layout, psttest.Permute)
		box.Folders[0].Messages = box.Folders[0].Messages[3:7]
		box.Folders = box.Folders[:2]
		box.Folders[0].Folders, box.Folders[0].Hidden = nil, nil
		data := psttest.Write(box)
		f.Add(bytes.TrimRight(data[:min(len(data), 200<<10)], "\xff\x00"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a.pst", data)
		in.Limits = document.Limits{Expanded: 64 << 20}.WithDefaults()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		var steps []string
		_, err := PST.Read(ctx, in, func(c *document.Child) error {
			if c.Content != nil {
				_, _ = io.Copy(io.Discard, c.Content)
			}
			steps = append(steps, c.Step)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := PST.Cut(ctx, in, 3); err != nil {
			t.Fatal(err)
		}
		for _, s := range steps[:min(len(steps), 5)] {
			if _, err := PST.Open(ctx, in, s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	})
}
