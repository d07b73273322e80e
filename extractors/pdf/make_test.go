package pdf

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"guidang/extractors/document"
)

// maker writes small PDFs: objects from 1, the first one the catalog.
type maker struct {
	objects []string
	trailer string
	encrypt []byte // a key: strings and streams are encrypted with it
}

// add appends an object and returns its number.
func (m *maker) add(body string) int {
	m.objects = append(m.objects, body)
	return len(m.objects)
}

func (m *maker) stream(dict, data string) int {
	if m.encrypt != nil {
		data = m.crypt(len(m.objects)+1, data)
	}
	return m.add(fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

func (m *maker) crypt(object int, data string) string {
	key := append(append([]byte{}, m.encrypt...), byte(object), byte(object>>8), byte(object>>16), 0, 0)
	sum := md5.Sum(key)
	c, _ := rc4.NewCipher(sum[:10])
	out := []byte(data)
	c.XORKeyStream(out, out)
	return string(out)
}

func (m *maker) bytes() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(m.objects))
	for i, o := range m.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(m.objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", len(m.objects)+1, m.trailer, start)
	return b.Bytes()
}

// page is a page of a made file.
type page struct{ content, resources, extra string }

// makePDF makes a file of pages. Fonts F1 (Helvetica), G1 (GBK-EUC-H, not
// embedded) and U1 (UniGB-UCS2-H) are there.
func makePDF(m *maker, pages ...page) []byte {
	m.add("<</Type/Catalog/Pages 2 0 R>>")
	m.add("")
	return withPages(m, pages...)
}

// withPages adds the pages to a file whose catalog and page list are objects 1
// and 2.
func withPages(m *maker, pages ...page) []byte {
	f1 := m.add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	cid := func(order, encoding string) int {
		d := m.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>/DW 1000>>", order))
		return m.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/STSong-Light-%s/Encoding/%s/DescendantFonts[%d 0 R]>>", encoding, encoding, d))
	}
	g1, u1 := cid("GB1", "GBK-EUC-H"), cid("GB1", "UniGB-UCS2-H")
	var kids []string
	for _, p := range pages {
		c := m.stream("", p.content)
		n := m.add(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 %d 0 R/G1 %d 0 R/U1 %d 0 R>>%s>>%s>>", c, f1, g1, u1, p.resources, p.extra))
		kids = append(kids, fmt.Sprintf("%d 0 R", n))
	}
	m.objects[1] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pages), strings.Join(kids, " "))
	return m.bytes()
}

// show writes lines of hex-encoded bytes in a font.
func show(font string, lines ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "BT /%s 12 Tf 50 780 Td 16 TL\n", font)
	for _, l := range lines {
		fmt.Fprintf(&b, "<%x> Tj T*\n", l)
	}
	return b.String() + "ET\n"
}

func utf16be(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return string(b)
}

// encrypted sets a user password by the standard handler, revision 3 with 40
// bits (ISO 32000-1, 7.6.3.3).
func encrypted(m *maker, password string) {
	pad := "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"
	padded := []byte((password + pad)[:32])
	id := "0123456789abcdef"
	owner := md5.Sum(padded)
	c, _ := rc4.NewCipher(owner[:5])
	o := append([]byte{}, padded...)
	c.XORKeyStream(o, o)
	key := md5.Sum([]byte(string(padded) + string(o) + "\xfc\xff\xff\xff" + id))
	c, _ = rc4.NewCipher(key[:5])
	u := []byte(pad)
	c.XORKeyStream(u, u)
	m.encrypt = key[:5]
	m.trailer += fmt.Sprintf("/ID[<%x><%x>]/Encrypt<</Filter/Standard/V 1/R 2/O<%x>/U<%x>/P -4>>", id, id, o, u)
}

func input(name string, data []byte) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func read(t *testing.T, f document.Format, in *document.Input) (*document.Document, []*document.Child) {
	t.Helper()
	var children []*document.Child
	doc, err := f.Read(context.Background(), in, func(c *document.Child) error {
		children = append(children, c)
		return nil
	})
	if err != nil {
		t.Fatalf("read %s: %v", in.Name, err)
	}
	return doc, children
}
