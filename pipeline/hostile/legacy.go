package hostile

import (
	"bytes"

	cfb "guidang/extractors/compound"
)

// record is one record of an old workbook.
func record(id uint16, body ...byte) []byte {
	b := le.AppendUint16(nil, id)
	return append(le.AppendUint16(b, uint16(len(body))), body...) //nolint:gosec // short
}

// compound is a file of Microsoft's old container.
func compound(streams ...*cfb.Node) []byte {
	return cfb.Write(&cfb.Node{Children: streams})
}

// book is an old workbook's stream: its beginning, then anything.
func book(records ...[]byte) []byte {
	return join(append([][]byte{record(0x809, 0, 6, 5, 0, 0xbb, 0x0d, 0xcc, 7, 0, 0, 0, 0, 6, 0, 0, 0)}, records...)...)
}

// legacy are the binary formats of the nineties.
func legacy() []File {
	bad := []string{"quarantined corrupt", "quarantined truncated", "partial corrupt", "partial truncated", "indexed"}
	return []File{
		{Class: "old workbook whose sheet is its own beginning", Name: "legacy/loop.xls", Want: bad, Make: fixed(func() []byte {
			sheet := record(0x85, 0, 0, 0, 0, 0, 0, 4, 0, 'l', 'o', 'o', 'p') // BOUNDSHEET at 0
			return compound(cfb.NewStream("Workbook", book(bytes.Repeat(sheet, 2000), record(0x0a))))
		})},
		{Class: "string table of an old workbook that claims 4 billion strings", Name: "legacy/sst.xls", Want: bad, Make: fixed(func() []byte {
			sst := record(0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 1, 'x')
			return compound(cfb.NewStream("Workbook", book(sst, bytes.Repeat(record(0x3c, 0), 10_000), record(0x0a))))
		})},
		{Class: "records of no length, without end", Name: "legacy/empty-records.xls", Want: bad, Make: fixed(func() []byte {
			return compound(cfb.NewStream("Workbook", book(make([]byte, 2<<20))))
		})},
		{Class: "substreams of an old workbook 50,000 deep", Name: "legacy/deep.xls", Want: append(bad, "partial too-deep", "quarantined too-deep"), Make: fixed(func() []byte {
			return compound(cfb.NewStream("Workbook", book(bytes.Repeat(book(), 50_000))))
		})},
		{Class: "compound file whose sectors go in a circle", Name: "legacy/circle.xls", Want: bad, Make: fixed(func() []byte { return circular(compound(cfb.NewStream("Workbook", book(make([]byte, 40_000))))) })},
		{Class: "compound file whose directory goes in a circle", Name: "legacy/tree.msg", Want: append(bad, "skipped unsupported"), Make: fixed(tree)},
		{Class: "compound file that claims 4 billion sectors", Name: "legacy/sectors.doc", Want: []string{"final"}, Make: fixed(func() []byte {
			c := compound(cfb.NewStream("WordDocument", make([]byte, 9000)))
			le.PutUint32(c[44:], 0xFFFFFFF0) // sectors of the allocation table
			le.PutUint32(c[72:], 0xFFFFFFF0) // and of its own table
			return c
		})},
		{Class: "Outlook item with a property of 2 GB", Name: "legacy/lying.msg", Want: append(bad, "skipped unsupported"), Make: fixed(func() []byte {
			props := append(make([]byte, 32), 0x1f, 0, 0x37, 0, 6, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0)
			return compound(cfb.NewStream("__properties_version1.0", props), cfb.NewStream("__substg1.0_0037001F", []byte("x\x00")), cfb.NewStorage("__nameid_version1.0"))
		})},
		{Class: "winmail.dat with lying lengths", Name: "legacy/winmail.dat", Want: append(bad, "skipped unsupported"), Make: fixed(func() []byte {
			return join([]byte("\x78\x9f\x3e\x22\x01\x00\x01"), []byte("\x06\x90\x08\x00\xff\xff\xff\x7f"), noise(11, 900))
		})},
		{Class: "groups of RTF 100,000 deep", Name: "legacy/deep.rtf", Want: []string{"indexed", "partial too-deep", "partial corrupt", "partial truncated"}, Finds: "富文本开头",
			Make: text(`{\rtf1\ansi\uc1 {\u23500?\u25991?\u26412?\u24320?\u22836?}` + repeat(`{\b `, 100_000) + "x")},
		{Class: "RTF that says its binary data is 2 GB", Name: "legacy/bin.rtf", Want: []string{"indexed", "partial truncated", "partial corrupt"},
			Make: text(`{\rtf1\ansi before {\*\objdata \bin2147483647 ` + repeat("0", 1000) + `} after}`)},
		{Class: "noise that begins like a compound file", Name: "legacy/noise.doc", Want: []string{"final"}, Make: fixed(func() []byte { return join([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), noise(12, 60_000)) })},
	}
}

// circular makes each sector of the allocation table follow itself.
func circular(c []byte) []byte {
	at := int(le.Uint32(c[76:])+1) * 512 // the first sector of the table
	for n := range 100 {
		if i := at + 4*n; i+4 <= len(c) && le.Uint32(c[i:]) < 0xFFFFFFF0 {
			le.PutUint32(c[i:], uint32(n))
		}
	}
	return c
}

// tree makes every entry of the directory its own sibling and child.
func tree() []byte {
	c := compound(cfb.NewStream("__properties_version1.0", make([]byte, 64)), cfb.NewStream("__substg1.0_0037001F", []byte("t\x00")))
	at := int(le.Uint32(c[48:])+1) * 512
	for n := range 3 {
		e := c[at+128*n:]
		for _, field := range []int{68, 72, 76} {
			le.PutUint32(e[field:], uint32(n))
		}
	}
	return c
}
