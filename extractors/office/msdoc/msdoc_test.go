package msdoc_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"guidang/extractors/offcrypto"
	"guidang/extractors/offcrypto/offcryptotest"
	"guidang/extractors/office/msdoc"
	"guidang/extractors/office/msdoc/msdoctest"
)

func input(d msdoctest.Doc, passwords ...string) msdoc.Input {
	main, table := d.Streams()
	return msdoc.Input{Main: main, Tables: map[string][]byte{"1Table": table}, Limit: 1 << 20, Passwords: passwords}
}

// shown writes a reading down.
func shown(t *msdoc.Text) string {
	var b strings.Builder
	for _, s := range t.Stories {
		fmt.Fprintf(&b, "[%s]\n", s.Part)
		for _, l := range s.Lines {
			if l.Level != 0 {
				fmt.Fprintf(&b, "#%d ", l.Level)
			}
			b.WriteString(l.Text + "\n")
		}
	}
	for _, l := range t.Deleted {
		b.WriteString("- " + l + "\n")
	}
	for _, l := range t.Links {
		b.WriteString("-> " + l + "\n")
	}
	return b.String()
}

func read(t *testing.T, in msdoc.Input) *msdoc.Text {
	t.Helper()
	text, err := msdoc.Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// at finds a text among the stories, counted in characters.
func at(d msdoctest.Doc, what string, props ...byte) msdoctest.Run {
	all := strings.Join(d.Stories[:], "")
	i := strings.Index(all, what)
	n, size := i, len(what)
	if !d.Old {
		n, size = len([]rune(all[:i])), len([]rune(what))
	}
	return msdoctest.Run{From: n, To: n + size, Props: props}
}

// contract has what a contract of those years has: headings, a table, a field, a
// link, tracked changes, notes, headers, comments.
func contract() msdoctest.Doc {
	d := msdoctest.Doc{Stories: [8]string{
		"系统开发合同\r第一条 金额\r合同总金额为\x13 =SUM(A1) \x14350,000\x15元\x1e含税，详见\x13HYPERLINK \"http://huaxin.example/a\"\x14附件\x15。旧条款：三十日。新条款：十五日。\r" +
			"期次\x07比例\x07\x07首期\x0b款\x0730%\x07\x07\x13 XE \"词条\"\x15结束\x02\f第二页\r",
		"\x02 见补充协议。\r", "", "", "\x05价格要再谈\r\x05同意\r", "尾注在此\r", "文本框里的话\r", "",
	}}
	d.Chars = []msdoctest.Run{at(d, "旧条款：三十日。", 0x00, 0x08, 1), at(d, "新条款：十五日。", 0x01, 0x08, 1)}
	cell, row := []byte{0x16, 0x24, 1}, []byte{0x16, 0x24, 1, 0x17, 0x24, 1}
	title, heading := at(d, "系统开发合同\r"), at(d, "第一条 金额\r")
	title.Style, heading.Style = 2, 1
	d.Paras = []msdoctest.Run{title, heading}
	for _, s := range []string{"期次\x07", "比例\x07", "首期\x0b款\x07", "30%\x07"} {
		d.Paras = append(d.Paras, at(d, s, cell...))
	}
	for _, s := range []string{"比例\x07\x07", "30%\x07\x07"} {
		end := at(d, s, row...)
		end.From = end.To - 1
		d.Paras = append(d.Paras, end)
	}
	d.Tables = map[int][]byte{1: styleSheet()}
	d.Tables[4], d.Tables[5], d.Tables[36] = comments("王伟", "李娜")
	return d
}

func pack(parts ...any) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		_ = binary.Write(&b, binary.LittleEndian, p)
	}
	return b.Bytes()
}

func wide(s string) (out []uint16) {
	for _, r := range s {
		out = append(out, uint16(r))
	}
	return out
}

// styleSheet has Normal, heading 1 and the title.
func styleSheet() []byte {
	std := func(id int, base uint16) []byte {
		body := pack(uint16(id), uint16(1)|base<<4, uint16(1), uint16(0), uint16(0), uint16(2), wide("名字"), uint16(0), uint16(2), uint16(0))
		return append(pack(uint16(len(body))), body...)
	}
	return slices.Concat(pack(uint16(18), uint16(3), uint16(10), make([]byte, 14)), std(0, 0xfff), std(1, 0), std(62, 0))
}

// comments are the tables of the two comments of contract.
func comments(names ...string) (refs, places, owners []byte) {
	refs = pack(uint32(1), uint32(2), uint32(9))
	for i := range names {
		refs = append(refs, pack(make([]byte, 20), uint16(i), make([]byte, 8))...)
	}
	for _, n := range names {
		owners = append(owners, pack(uint16(len([]rune(n))), wide(n))...)
	}
	return refs, pack(uint32(0), uint32(7), uint32(10), uint32(10)), owners
}

const contractShown = `[body]
#-1 系统开发合同
#1 第一条 金额
合同总金额为350,000元-含税，详见附件。新条款：十五日。
期次	比例
首期 款	30%
结束
第二页
[footnotes]
 见补充协议。
[comments]
王伟: 价格要再谈
李娜: 同意
[endnotes]
尾注在此
[textboxes]
文本框里的话
- 旧条款：三十日。
-> http://huaxin.example/a
`

// TestContract reads the same document in one piece and, as a document that was
// saved fast, in many that lie in another order, some of one byte and some of two.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, pieces := range []int{1, 3, 17} {
		d := contract()
		d.Pieces = pieces
		text := read(t, input(d))
		if got := shown(text); got != contractShown || text.Insertions != 1 || text.Deletions != 1 || text.Version != 8 {
			t.Errorf("%d pieces: %d insertions, %d deletions, got\n%s", pieces, text.Insertions, text.Deletions, got)
		}
	}
}

// TestWord95 has characters of two bytes, as East Asian versions wrote them.
func TestWord95(t *testing.T) {
	t.Parallel()
	for _, pieces := range []int{1, 3} {
		text := read(t, input(msdoctest.Doc{Old: true, Wide: true, Pieces: pieces, Stories: [8]string{"項目驗收\r報告\r"}}))
		if got := shown(text); got != "[body]\n項目驗收\n報告\n" || text.Version != 7 {
			t.Errorf("%d pieces: version %d, got\n%s", pieces, text.Version, got)
		}
	}
}

// TestWord2 has a bare stream with a header of its own.
func TestWord2(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("项目验收报告\r客户已经签字。\r")
	main := make([]byte, 0x180)
	put := binary.LittleEndian
	put.PutUint16(main, 0xa5db)
	put.PutUint16(main[2:], 45)
	put.PutUint16(main[6:], 0x804)
	put.PutUint32(main[24:], uint32(len(main)))
	put.PutUint32(main[0x34:], uint32(len(gbk)))
	main = slices.Concat(main, []byte(gbk))
	put.PutUint32(main[28:], uint32(len(main)))
	text := read(t, msdoc.Input{Main: main, Limit: 1 << 20})
	if shown(text) != "[body]\n项目验收报告\n客户已经签字。\n" || text.Version != 2 || text.Salvaged {
		t.Errorf("version %d, got\n%s", text.Version, shown(text))
	}
	main[10] |= 4 // saved fast
	if text := read(t, msdoc.Input{Main: main, Limit: 1 << 20}); !text.Salvaged {
		t.Error("pieces that were not put in order are not told")
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	d := msdoctest.Doc{Stories: [8]string{"正文\r", "", "分隔\r\r机密\r第一页脚\r机密\r"}}
	d.Tables = map[int][]byte{11: pack(uint32(0), uint32(3), uint32(3), uint32(3), uint32(3), uint32(3), uint32(3), uint32(4), uint32(7), uint32(7), uint32(12), uint32(12), uint32(12), uint32(15), uint32(15))}
	if got := shown(read(t, input(d))); got != "[body]\n正文\n[header]\n机密\n[footer]\n第一页脚\n" {
		t.Errorf("got\n%s", got)
	}
}

// TestWord6: text of one byte in the code page of the language, of the font, and
// of neither.
func TestWord6(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("项目验收报告\r合同金额\x07三十五万\x07\x07客户已经签字盖章。\r")
	big5, _ := traditionalchinese.Big5.NewEncoder().String("專案驗收報告\r客戶已經簽字蓋章。\r")
	fonts := []byte{0, 0}
	for _, name := range []string{"Arial\x00", "Times Cyr\x00"} {
		fonts = append(fonts, pack(byte(len(name)+5), byte(0), uint16(400), byte(0), byte(0), []byte(name))...)
	}
	cyrillic := msdoctest.Doc{Old: true, LID: 0x409, Stories: [8]string{"caf\xe9 \xef\xf0\xe8\xe2\xe5\xf2\r"}, Tables: map[int][]byte{15: fonts}}
	cyrillic.Chars = []msdoctest.Run{at(cyrillic, "\xef\xf0\xe8\xe2\xe5\xf2", 99, 24, 0, 93, 1, 0)} // the size of a font is of two bytes
	tests := []struct {
		name string
		doc  msdoctest.Doc
		want string
	}{
		{"GBK by the language", msdoctest.Doc{Old: true, LID: 0x804, Stories: [8]string{gbk}}, "[body]\n项目验收报告\n合同金额\t三十五万\n客户已经签字盖章。\n"},
		{"GBK under an English header", msdoctest.Doc{Old: true, LID: 0x409, Stories: [8]string{gbk}}, "[body]\n项目验收报告\n合同金额\t三十五万\n客户已经签字盖章。\n"},
		{"Big5, in pieces", msdoctest.Doc{Old: true, LID: 0x404, Pieces: 2, Stories: [8]string{big5 + big5}}, "[body]\n專案驗收報告\n客戶已經簽字蓋章。\n專案驗收報告\n客戶已經簽字蓋章。\n"},
		{"a font's name", cyrillic, "[body]\ncafé привет\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := read(t, input(tt.doc))
			if got := shown(text); got != tt.want || text.Version != 6 {
				t.Errorf("version %d, charset %s, got\n%s", text.Version, text.Charset, got)
			}
		})
	}
}

// encrypt encrypts a document's streams as Word does. bits 0 is RC4 with 40 bits,
// -1 the XOR of Word 95.
func encrypt(in msdoc.Input, password string, bits int) msdoc.Input {
	main, table := bytes.Clone(in.Main), bytes.Clone(in.Tables["1Table"])
	flags := binary.LittleEndian.Uint16(main[10:])
	if bits < 0 {
		mask := offcrypto.XORMask([]byte(password), 0x1234, offcrypto.TurnWord)
		binary.LittleEndian.PutUint16(main[10:], flags|0x100)
		binary.LittleEndian.PutUint32(main[14:], 0x1234|uint32(offcrypto.XORVerifier([]byte(password)))<<16)
		for i := 0x34; i < len(main); i++ {
			if x := main[i] ^ mask[i&15]; main[i] != 0 && x != 0 {
				main[i] = x
			}
		}
		return msdoc.Input{Main: main, Limit: in.Limit}
	}
	head, c := offcryptotest.Header(password, bits)
	// The header stands before the tables, so their places move.
	for k := range 93 {
		if binary.LittleEndian.Uint32(main[0x9a+8*k+4:]) > 0 {
			binary.LittleEndian.PutUint32(main[0x9a+8*k:], binary.LittleEndian.Uint32(main[0x9a+8*k:])+uint32(len(head)))
		}
	}
	binary.LittleEndian.PutUint16(main[10:], flags|0x100)
	binary.LittleEndian.PutUint32(main[14:], uint32(len(head)))
	table = append(bytes.Clone(head), table...)
	offcrypto.Apply(c, 512, 68, main[68:])
	offcrypto.Apply(c, 512, len(head), table[len(head):])
	return msdoc.Input{Main: main, Tables: map[string][]byte{"1Table": table}, Limit: in.Limit}
}

func TestEncrypted(t *testing.T) {
	t.Parallel()
	old := msdoctest.Doc{Old: true, LID: 0x409, Stories: [8]string{"A secret clause.\r"}}
	for _, tt := range []struct {
		name string
		doc  msdoctest.Doc
		bits int
		want string
	}{{"RC4", contract(), 0, contractShown}, {"CryptoAPI", contract(), 128, contractShown}, {"XOR", old, -1, "[body]\nA secret clause.\n"}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := encrypt(input(tt.doc), "guidang", tt.bits)
			for _, passwords := range [][]string{nil, {"wrong"}} {
				in.Passwords = passwords
				if _, err := msdoc.Read(context.Background(), in); !errors.Is(err, msdoc.ErrEncrypted) {
					t.Errorf("with %v: error %v", passwords, err)
				}
			}
			in.Passwords = []string{"wrong", "guidang"}
			if text := read(t, in); shown(text) != tt.want || !text.Decrypted {
				t.Errorf("got\n%s", shown(text))
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	lost := input(msdoctest.Doc{Stories: [8]string{"第一段\r第二段\r"}, Wide: true})
	lost.Tables = nil
	if text := read(t, lost); shown(text) != "[body]\n第一段\n第二段\n" || !text.Salvaged {
		t.Errorf("without tables: %+v\n%s", text, shown(text))
	}
	cut := input(msdoctest.Doc{Stories: [8]string{strings.Repeat("一段文字\r", 100)}, Wide: true})
	cut.Main = cut.Main[:1024+300]
	if text := read(t, cut); !text.Cut || !strings.HasPrefix(shown(text), "[body]\n一段文字\n") {
		t.Errorf("cut off: %+v", text)
	}
	open := read(t, input(msdoctest.Doc{Stories: [8]string{"前\x13没有结尾的域\r后\x14\r"}}))
	if shown(open) != "[body]\n前没有结尾的域\n后\n" {
		t.Errorf("a field without an end: %q", shown(open))
	}
	long := input(msdoctest.Doc{Stories: [8]string{strings.Repeat("文", 1000)}})
	long.Limit = 100
	if text := read(t, long); !text.TooLong {
		t.Error("a limit is told")
	}
	if _, err := msdoc.Read(context.Background(), msdoc.Input{Main: make([]byte, 2000)}); !errors.Is(err, msdoc.ErrNoText) {
		t.Errorf("error %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, d := range []msdoctest.Doc{contract(), {Old: true, LID: 0x804, Stories: [8]string{"abc\x07\x07\r"}}} {
		main, table := d.Streams()
		f.Add(main, table)
	}
	f.Fuzz(func(t *testing.T, main, table []byte) {
		text, err := msdoc.Read(context.Background(), msdoc.Input{Main: main, Tables: map[string][]byte{"1Table": table, "0Table": table}, Limit: 1 << 16, Passwords: []string{"x"}})
		if err != nil {
			return
		}
		n := 0
		for _, s := range text.Stories {
			for _, l := range s.Lines {
				n += len(l.Text)
			}
		}
		if n > 1<<20 {
			t.Errorf("%d bytes of text", n)
		}
	})
}
