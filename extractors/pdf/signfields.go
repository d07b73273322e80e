package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"

	"guidang/extractors/document"
)

// Bounds of what is unpacked to find empty signature fields.
const (
	maxPacked     = 4 << 20  // of one stream of objects
	maxPackedAll  = 32 << 20 // of a file
	maxPackedDict = 512      // bytes of its dictionary, behind and before /ObjStm
)

var (
	packedType   = regexp.MustCompile(`/Type\s*/ObjStm\b`)
	packedFirst  = regexp.MustCompile(`/First\s+(\d{1,9})\b`)
	packedStream = regexp.MustCompile(`>>\s*stream\r?\n`)
	objectHead   = regexp.MustCompile(`(\d{1,10})\s+\d{1,5}\s+obj\b`)
)

// fieldSet are the signature fields of a file by the numbers of their objects: a
// file that is signed after it was made holds the field twice, empty and signed.
type fieldSet struct {
	seen     map[int]bool
	unnamed  int // whose object's number is not seen
	unpacked int64
}

// add adds a field at some place of a window.
func (f *fieldSet) add(window []byte, at int) {
	before := window[max(0, at-signOverlap/2):at]
	heads := objectHead.FindAllSubmatch(before, -1)
	if len(heads) == 0 {
		f.unnamed++
		return
	}
	f.number(heads[len(heads)-1][1])
}

func (f *fieldSet) number(digits []byte) {
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		f.unnamed++
		return
	}
	f.seen[n] = true
}

// packed looks into a stream of objects whose dictionary has /ObjStm at some
// place of a window that begins at from in the file (ISO 32000-1, 7.5.7). One
// that cannot be unpacked, because it is damaged or encrypted, says nothing.
func (f *fieldSet) packed(in *document.Input, window []byte, at int, from int64) {
	dict := window[max(0, at-maxPackedDict):min(len(window), at+maxPackedDict)]
	begin := packedStream.FindIndex(window[at:min(len(window), at+maxPackedDict)])
	first := packedFirst.FindSubmatch(dict)
	if begin == nil || first == nil || f.unpacked >= maxPackedAll {
		return
	}
	start := from + int64(at+begin[1])
	z, err := zlib.NewReader(io.NewSectionReader(in.Bytes, start, in.Size-start))
	if err != nil {
		return
	}
	defer z.Close()
	// What came before a damage is looked at all the same.
	body, _ := io.ReadAll(io.LimitReader(z, maxPacked))
	f.unpacked += int64(len(body))
	head, err := strconv.Atoi(string(first[1]))
	if err != nil || head > len(body) {
		return
	}
	places := bytes.Fields(body[:head])
	for _, m := range sigField.FindAllIndex(body[head:], -1) {
		var owner []byte
		for i := 0; i+1 < len(places); i += 2 {
			if offset, err := strconv.Atoi(string(places[i+1])); err == nil && offset <= m[0] {
				owner = places[i]
			}
		}
		f.number(owner)
	}
}
