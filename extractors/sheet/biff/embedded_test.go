package biff

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	name, _ := simplifiedchinese.GBK.NewEncoder().String("附件一.txt")
	object := pack(uint32(0), uint16(2), name, uint8(0), "C:\\a.txt\x00", uint32(0), uint32(11), "C:\\t\\a.txt\x00", uint32(5), "hello", "tail")
	b := open(t, compoundOf(file{"MBD0001/\x01Ole10Native", object}, file{"MBD0002/Workbook", everything().bytes()}, file{"Workbook", everything().bytes()}))
	var got []string
	if err := b.Files(func(f File) error { got = append(got, f.Storage+" "+f.Name+" "+string(f.Data[:5])); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0] != "MBD0001 附件一.txt hello" || !strings.HasPrefix(got[1], "MBD0002 MBD0002.xls ") {
		t.Errorf("got %q", got)
	}
	// A workbook within another file's storage makes no workbook of that file.
	other := compoundOf(file{"WordDocument", make([]byte, 100)}, file{"ObjectPool/Workbook", everything().bytes()})
	if Is(other[:512], bytes.NewReader(other), int64(len(other))) {
		t.Error("a document with an embedded workbook is taken for one")
	}
}

// TestEmbeddedDocuments: an older Office document within a workbook becomes a file
// that this and another reader open.
func TestEmbeddedDocuments(t *testing.T) {
	t.Parallel()
	inner := everything().bytes()
	big := bytes.Repeat([]byte("0123456789abcdef"), 1000)
	outer := compoundOf(file{"MBD0002/Workbook", inner}, file{"MBD0002/\x01CompObj", []byte("x")}, file{"MBD0003/WordDocument", big}, file{"MBD0001/Package", []byte("PK\x03\x04rest")}, file{"MBD0004/\x01Ole", []byte("x")}, file{"Workbook", inner})
	got := map[string]File{}
	var order []string
	if err := open(t, outer).Files(func(f File) error { got[f.Storage] = f; order = append(order, f.Name); return nil }); err != nil {
		t.Fatal(err)
	}
	if strings.Join(order, " ") != "Package MBD0002.xls MBD0003.doc" || string(got["MBD0001"].Data) != "PK\x03\x04rest" {
		t.Fatalf("got %q", order)
	}
	if text := shown(open(t, got["MBD0002"].Data)); text != everythingShown {
		t.Errorf("got\n%s", text)
	}
	for storage, want := range map[string]map[string][]byte{"MBD0002": {"Workbook": inner, "CompObj": []byte("x")}, "MBD0003": {"WordDocument": big}} {
		doc, err := mscfb.New(bytes.NewReader(got[storage].Data))
		if err != nil {
			t.Fatalf("%s: %v", storage, err)
		}
		found := 0
		for e, err := doc.Next(); err == nil; e, err = doc.Next() {
			data, err := io.ReadAll(e)
			if err != nil || !bytes.Equal(data, want[e.Name]) {
				t.Errorf("%s: %q has %d bytes, error %v", storage, e.Name, len(data), err)
			}
			found++
		}
		if found != len(want) {
			t.Errorf("%s: %d streams", storage, found)
		}
	}
}
