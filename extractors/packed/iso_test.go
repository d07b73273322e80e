package packed

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
)

func TestIso(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("合同正文 contract ", 300)
	const file, link, pipe = 0x81a4, 0xa1ff, 0x11a4
	// A folder deeper than plain records allow: shown in b, lying in RR_MOVED.
	relocated := makeIso(true, []isoNode{
		{name: "B", rock: rockName("b", 0x41ed), kids: []isoNode{{name: "DEEP", rock: append(susp("CL", twice(1)), rockName("deep", file)...)}}},
		{name: "RR_MOVED", rock: rockName("rr_moved", 0x41ed), kids: []isoNode{
			{name: "DEEP", rock: append(susp("RE", ""), rockName("deep", 0x41ed)...), kids: []isoNode{{name: "X", body: body}}},
			{name: "ALONE", rock: append(susp("RE", ""), rockName("alone", 0x41ed)...), kids: []isoNode{{name: "Y", body: "y"}}},
		}}}, nil)
	pointed := func(data []byte, field, name string) []byte {
		at := bytes.Index(data, []byte(field))
		own := bytes.Index(data, isoRecordFor(name, 0, 0, 0, nil)[32:34]) // the folder's first file
		copy(data[at+4:], twice(uint32(own/isoSector)))
		return data
	}
	continued := makeIso(true, []isoNode{{name: "A.;1", body: body, rock: susp("CE", twice(18)+twice(100)+twice(40))}}, nil)
	copy(continued[18*isoSector+100:], append(susp("NM", "\x01很长的"), susp("NM", "\x00名字.txt")...))
	endless := makeIso(true, []isoNode{{name: "A.;1", body: body, rock: append(susp("NM", "\x00a.txt"), susp("CE", twice(18)+twice(100)+twice(28))...)}}, nil)
	copy(endless[18*isoSector+100:], susp("CE", twice(18)+twice(100)+twice(28)))
	cycle := makeIso(false, []isoNode{{name: "A.;1", body: "a"}, {name: "SUB", kids: []isoNode{{name: "B.;1", body: "b"}, {name: "UP", kids: []isoNode{}, at: 21}}}}, nil)
	copy(cycle[bytes.Index(cycle, []byte("\x02UP"))-30:], twice(binary.LittleEndian.Uint32(cycle[isoFirst+158:])))
	deep := []isoNode{{name: "X", body: "unreached"}}
	for range isoDepth + 3 {
		deep = []isoNode{{name: "Y", body: "y"}, {name: "D", kids: deep}}
	}
	damaged := makeIso(false, []isoNode{{name: "SUB", kids: []isoNode{{name: "B.;1", body: "b"}}}, {name: "A.;1", body: "a"}}, nil)
	copy(damaged[bytes.Index(damaged, []byte("B.;1"))-33:], bytes.Repeat([]byte{200, 7}, 100))
	unfinished := makeIso(false, []isoNode{{name: "A.;1", body: body, flags: isoMoreFlag}, {name: "B.;1", body: "b"}}, nil)
	noJoliet := makeIso(false, []isoNode{{name: "A.;1", body: "a"}}, []isoNode{{name: "好.txt", body: "x"}})
	copy(noJoliet[17*isoSector+158:], twice(16))
	udf := makeIso(false, []isoNode{{name: "README.TXT;1", body: "This disc contains a UDF file system"}}, nil)
	copy(udf[18*isoSector:], "\x00NSR03\x01")
	tests := []struct {
		name   string
		data   []byte
		want   []got
		reason document.Reason
		warned string
		limits func(*document.Limits)
	}{
		{name: "plain names", data: makeIso(false, []isoNode{{name: "README.;1", body: body}, {name: "SUB", kids: []isoNode{{name: "A.TXT;1", body: "a"}, {name: "EMPTY.TXT;1"}}}, {name: "Z.TXT;12", body: "z"}}, nil),
			want: []got{{"README", body, ""}, {"Z.TXT", "z", ""}, {"SUB/A.TXT", "a", ""}, {"SUB/EMPTY.TXT", "", ""}}},
		{name: "plain names in GBK", data: makeIso(false, []isoNode{{name: gbk("项目资料"), kids: []isoNode{{name: gbk("需求说明书.DOC;1"), body: body}, {name: gbk("会议纪要.TXT;1"), body: "b"}}}}, nil),
			want: []got{{"项目资料/需求说明书.DOC", body, ""}, {"项目资料/会议纪要.TXT", "b", ""}}},
		{name: "Joliet", data: makeIso(true, []isoNode{{name: "A", rock: rockName("rock", file)}}, []isoNode{{name: "项目资料", kids: []isoNode{{name: "需求说明书 第2版.docx;1", body: body}, {name: "𠮷.txt", body: "b"}}}}),
			want: []got{{"项目资料/需求说明书 第2版.docx", body, ""}, {"项目资料/𠮷.txt", "b", ""}}},
		{name: "Rock Ridge, links, devices", data: makeIso(true, []isoNode{{name: "A.;1", body: body, rock: rockName("合同 (最终).txt", file)},
			{name: "L", rock: append(rockName("link", link), susp("SL", "\x00\x00\x08\x00")...)}, {name: "P", rock: rockName("pipe", pipe)},
			{name: "Z", body: "xx", rock: append(rockName("zisofs", file), susp("ZF", "pz\x04\x0f"+twice(9))...)}}, nil),
			want: []got{{"合同 (最终).txt", body, ""}, {"link", "", document.Unsupported}, {"pipe", "", document.Unsupported}, {"zisofs", "", document.Unsupported}}, warned: "links-skipped"},
		{name: "Rock Ridge in GBK", data: makeIso(true, []isoNode{{name: "A.;1", body: body, rock: rockName(gbk("合同正文最终版.txt"), file)}}, nil), want: []got{{"合同正文最终版.txt", body, ""}}},
		{name: "a continued name", data: continued, want: []got{{"很长的名字.txt", body, ""}}},
		{name: "an endless continuation", data: endless, want: []got{{"a.txt", body, ""}}},
		{name: "a relocated folder", data: pointed(relocated, "CL\x0c\x01", "X"), want: []got{{"b/deep/X", body, ""}, {"rr_moved/alone/Y", "y", ""}}},
		{name: "many extents", data: makeIso(false, []isoNode{{name: "BIG.BIN;1", body: body, piece: 2 * isoSector}, {name: "C.;1", body: "c"}}, nil), want: []got{{"BIG.BIN", body, ""}, {"C", "c", ""}}},
		{name: "a last extent that is missing", data: unfinished, want: []got{{"A", body, document.Truncated}, {"B", "b", ""}}},
		{name: "equal names", data: makeIso(false, []isoNode{{name: "A.;1", body: "1"}, {name: "A.;1", body: "2"}}, nil), want: []got{{"A", "1", ""}, {"A#2", "2", ""}}},
		{name: "names that lead out", data: makeIso(true, []isoNode{{name: "A", body: "x", rock: rockName("../../etc/passwd", file)}, {name: "B", body: "y", rock: rockName("/root/x", file)}}, nil),
			want: []got{{"etc/passwd", "x", ""}, {"root/x", "y", ""}}, warned: "unsafe-names"},
		{name: "a claim of 4 GB", data: makeIso(false, []isoNode{{name: "A.;1", body: "a"}, {name: "B.;1", at: 19, size: 1<<32 - 1}}, nil)[:21*isoSector+300],
			reason: document.Truncated, limits: func(l *document.Limits) { l.Entries = 2 }, want: []got{{"A", "a", ""}, {"B", "*", document.Truncated}}},
		{name: "a place behind the end", data: makeIso(false, []isoNode{{name: "A.;1", body: "a"}, {name: "B.;1", at: 1 << 31, size: 5}}, nil), reason: document.Truncated, want: []got{{"A", "a", ""}, {"B", "", document.Truncated}}},
		{name: "a folder behind the end", data: makeIso(false, []isoNode{{name: "A.;1", body: "a"}, {name: "B", kids: []isoNode{}, at: 1 << 31}}, nil), reason: document.Truncated, want: []got{{"A", "a", ""}}},
		{name: "a folder whose length is a lie", data: makeIso(false, []isoNode{{name: "B", kids: []isoNode{{name: "B.;1", body: "b"}}, size: 1<<32 - 1}, {name: "A.;1", body: "a"}}, nil),
			reason: document.Corrupt, want: []got{{"A", "a", ""}, {"B/B", "b", ""}}},
		{name: "a folder in itself", data: cycle, reason: document.Corrupt, want: []got{{"A", "a", ""}, {"SUB/B", "b", ""}}},
		{name: "a damaged folder", data: damaged, reason: document.Corrupt, want: []got{{"A", "a", ""}}},
		{name: "Joliet's tree is lost", data: noJoliet, want: []got{{"A", "a", ""}}},
		{name: "UDF beside one file", data: udf, want: []got{{"README.TXT", "This disc contains a UDF file system", ""}}, reason: document.Unsupported},
		{name: "too many", data: makeIso(false, []isoNode{{name: "A.;1", body: "a"}, {name: "B.;1", body: "b"}, {name: "C.;1"}}, nil), limits: func(l *document.Limits) { l.Entries = 2 },
			want: []got{{"A", "a", ""}, {"B", "b", ""}}, reason: document.TooMany},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("a.iso", tt.data)
			if tt.limits != nil {
				tt.limits(&in.Limits)
			}
			doc, have := readAll(t, Iso, in)
			for i := range have {
				if i < len(tt.want) && tt.want[i].body == "*" {
					have[i].body = "*"
				}
			}
			if !slices.Equal(have, tt.want) {
				t.Errorf("got %.400q\nwant %.400q", have, tt.want)
			}
			if doc.Reason != tt.reason || !strings.Contains(fmt.Sprint(doc.Warnings), tt.warned) {
				t.Errorf("read %s, reason %q, %v", doc.Read, doc.Reason, doc.Warnings)
			}
		})
	}
	doc, have := readAll(t, Iso, input("a.iso", makeIso(false, deep, nil)))
	if doc.Reason != document.TooDeep || len(have) != isoDepth+1 {
		t.Errorf("deep: %d entries, reason %q", len(have), doc.Reason)
	}
}

func TestIsoDetails(t *testing.T) {
	t.Parallel()
	data := makeIso(false, nil, []isoNode{{name: "a", body: "a"}})
	doc, err := Iso.Read(context.Background(), input("a.iso", data), func(c *document.Child) error {
		if want := time.Date(2024, 3, 5, 2, 30, 0, 0, time.UTC); !c.Modified.Equal(want) || c.Size != 1 || c.Name != "a" {
			t.Errorf("%+v", c)
		}
		return nil
	})
	if err != nil || doc.Fields["label"] != "光盘 DISC" || doc.Fields["entries"] != "1" {
		t.Errorf("%v, error %v", doc.Fields, err)
	}
	for name, data := range map[string][]byte{"short": data[:isoFirst+100], "zeros": make([]byte, len(data)), "nothing": nil} {
		if Iso.Detect(input("a.iso", data)) {
			t.Errorf("%s is detected", name)
		}
	}
	none := makeIso(false, []isoNode{}, nil)
	if doc, have := readAll(t, Iso, input("a.iso", none)); len(have) != 0 || doc.Read != document.Full {
		t.Errorf("of an empty image %d, %s", len(have), doc.Read)
	}
}

// TestIsoOverlap: files that lie over each other unpack to no more than the ratio
// allows.
func TestIsoOverlap(t *testing.T) {
	t.Parallel()
	var nodes []isoNode
	for i := range 3000 {
		nodes = append(nodes, isoNode{name: fmt.Sprintf("F%04d.;1", i), at: 19, size: 300_000})
	}
	data := makeIso(false, append(nodes, isoNode{name: "Z", body: random(300_000)}), nil)
	in := input("a.iso", data)
	in.Limits.Ratio = 20
	_, have := readAll(t, Iso, in)
	total := 0
	for _, g := range have {
		total += len(g.body)
	}
	if last := have[len(have)-1]; len(have) != 3001 || total > ratioFree+20*len(data)+1<<20 || last.reason != document.Bomb {
		t.Errorf("%d members of %d bytes", len(have), total)
	}
}

// TestIsoMany: 60,000 files in 600 folders, with names in Chinese.
func TestIsoMany(t *testing.T) {
	t.Parallel()
	var folders []isoNode
	for i := range 600 {
		files := make([]isoNode, 0, 100)
		for j := range 100 {
			files = append(files, isoNode{name: fmt.Sprintf("合同%03d.txt;1", j), at: 19, size: 1})
		}
		folders = append(folders, isoNode{name: fmt.Sprintf("项目%03d", i), kids: files})
	}
	m := &isoMaker{b: make([]byte, 20*isoSector), joliet: true}
	m.descriptor(17, 2, m.tree(folders, true))
	m.joliet = false
	m.descriptor(16, 1, m.tree(nil, true))
	n, last := 0, ""
	doc, err := Iso.Read(context.Background(), input("a.iso", m.b), func(c *document.Child) error {
		n, last = n+1, c.Step
		return nil
	})
	if err != nil || n != 60_000 || last != "项目599/合同099.txt" || doc.Read != document.Full {
		t.Errorf("%d files, last %q, %v, error %v", n, last, doc, err)
	}
}

// TestIsoPaths: short records in a folder with a long path cost no more memory
// than paths may have together.
func TestIsoPaths(t *testing.T) {
	t.Parallel()
	var nodes []isoNode
	for i := range 20_000 {
		nodes = append(nodes, isoNode{name: fmt.Sprintf("F%05d", i), at: 19, size: 1})
	}
	for range 20 {
		nodes = []isoNode{{name: strings.Repeat("D", 200), kids: nodes}}
	}
	in, paths := input("a.iso", makeIso(false, nodes, nil)), 0
	doc, err := Iso.Read(context.Background(), in, func(c *document.Child) error { paths += len(c.Step); return nil })
	if err != nil || doc.Reason != document.TooMany || paths > isoAllPaths || paths < isoAllPaths/2 {
		t.Errorf("%d bytes of paths, %v, error %v", paths, doc, err)
	}
}

// TestIsoExtents: a file of too many pieces is told, not put together.
func TestIsoExtents(t *testing.T) {
	t.Parallel()
	// One sector of records, each of a piece, named as often as it takes by a folder that claims more.
	one := isoRecordFor("A", 18, 1, isoMoreFlag, nil)
	sector := bytes.Repeat(one, isoSector/len(one))
	sector = append(sector, make([]byte, isoSector-len(sector))...)
	own := append(isoRecordFor("\x00", 20, 3000*isoSector, 2, nil), make([]byte, isoSector-34)...)
	m := &isoMaker{b: make([]byte, 20*isoSector)}
	m.b = append(append(m.b, own...), bytes.Repeat(sector, 2999)...)
	m.descriptor(16, 1, isoRecordFor("\x00", 20, 3000*isoSector, 2, nil))
	if _, have := readAll(t, Iso, input("a.iso", m.b)); len(have) != 1 || have[0].reason != document.Unsupported {
		t.Errorf("%d files", len(have))
	}
}

func FuzzIso(f *testing.F) {
	// The zeros before the descriptors are left out, so that changes meet something.
	for _, data := range [][]byte{
		makeIso(false, []isoNode{{name: "A.;1", body: "a"}, {name: "SUB", kids: []isoNode{{name: gbk("合同.;1"), body: "b", piece: 1}}}}, nil),
		makeIso(true, []isoNode{{name: "A.;1", body: "a", rock: append(rockName("合同", 0x81a4), susp("CE", twice(18)+twice(0)+twice(99))...)}}, nil),
		makeIso(false, nil, []isoNode{{name: "项目", kids: []isoNode{{name: "合同.txt", body: "b"}}}}),
	} {
		f.Add(data[isoFirst:])
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, Iso, append(make([]byte, isoFirst), data...)) })
}
