package packed

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func TestVolumeNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{
		"a.7z.001": 1, "合同.zip.012": 12, "a.tar.gz.002": 2, "a.z01": 1, "a.Z12": 12, "a.part3.rar": 3, "a.part01.exe": 1, "a.r00": 2, "a.R99": 101,
		"a.zip": 0, "a.rar": 0, "a.7z": 0, "report.2024.001": 0, "a.z1": 0, "a.part1.docx": 0, "a.mp4.001": 0,
	} {
		if have := volumeNumber(name); have != want {
			t.Errorf("%s is volume %d, want %d", name, have, want)
		}
	}
}

func TestVolumes(t *testing.T) {
	t.Parallel()
	noise := strings.Repeat("\x00\x91\xfe\x07", 500)
	data := pack(t, file{name: "a.txt", body: strings.Repeat("a", 4000)}, file{name: "b.txt", body: strings.Repeat("b", 4000)})
	// The last volume of a set as WinZip splits it: the directory names the volume
	// of each entry.
	last := append([]byte{}, data[bytes.LastIndex(data, []byte(sigLocal)):]...)
	first := bytes.Index(last, []byte(sigDirectory))
	second := bytes.LastIndex(last, []byte(sigDirectory))
	end := bytes.LastIndex(last, []byte(sigEnd))
	le := binary.LittleEndian
	le.PutUint16(last[second+34:], 1)
	le.PutUint32(last[second+42:], 0)
	le.PutUint16(last[end+4:], 1)
	le.PutUint16(last[end+6:], 1)
	le.PutUint32(last[end+16:], uint32(first))
	split := packStream(t, "gzip", makeTar(t, tarFile{name: "a", body: random(3000)}, tarFile{name: "b", body: random(3000)}))
	tests := []struct {
		file   string
		format document.Format
		data   []byte
		read   document.Read
		want   []got
	}{
		{"a.7z.002", Volume, []byte(noise), document.None, nil},
		{"a.z02", Volume, []byte(noise), document.None, nil},
		{"a.7z.001", SevenZip, fixture(t, "lzma2.7z")[:600], document.None, nil},
		{"a.zip.001", Zip, data[:6000], document.Partial, []got{{"a.txt", strings.Repeat("a", 4000), ""}, {"b.txt", "", document.Truncated}}},
		{"a.z01", Zip, append([]byte(sigDescriptor), data[:6000]...), document.Partial, []got{{"a.txt", strings.Repeat("a", 4000), ""}, {"b.txt", "", document.Truncated}}},
		{"a.zip", Zip, last, document.Partial, []got{{"a.txt", "", document.Truncated}, {"b.txt", strings.Repeat("b", 4000), ""}}},
		{"a.tar.gz.001", Gzip, split[:2000], document.Partial, []got{{"a", "", document.Truncated}}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			doc, have := readAll(t, tt.format, input(tt.file, tt.data))
			for i := range have {
				if have[i].reason != "" {
					have[i].body = "" // how far it came out does not matter here
				}
			}
			if fmt.Sprint(have) != fmt.Sprint(tt.want) || doc.Read != tt.read || doc.Reason != document.Truncated || !strings.Contains(fmt.Sprint(doc.Warnings), "one volume of a set") {
				t.Errorf("read %s, reason %q, %v, children %.300q", doc.Read, doc.Reason, doc.Warnings, have)
			}
		})
	}
	if Volume.Detect(input("notes.zip.002", []byte("plain text"))) {
		t.Error("text is no volume")
	}
}

func FuzzVolumeNames(f *testing.F) {
	f.Add("a.7z.001")
	f.Add("a.part99999.rar")
	f.Fuzz(func(t *testing.T, name string) {
		if n := volumeNumber(name); n < 0 || n > 10_000 {
			t.Errorf("%q is volume %d", name, n)
		}
	})
}
