package store

import (
	"bufio"
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func sampleManifest() *manifest {
	return &manifest{sum: Sum{0xab}, size: 30, cut: cutLine(), chunks: []chunk{
		{sum: Sum{1}, off: 0, size: 10},
		{sum: Sum{2}, off: 10, size: 20},
	}}
}

func TestManifestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, m := range []*manifest{sampleManifest(), {sum: Sum{0xab}, cut: "x"}} {
		got, err := parseManifest(bufio.NewReader(bytes.NewReader(m.bytes())), m.sum)
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v, %v; want %+v", got, err, m)
		}
		size, err := manifestHead(bufio.NewReader(bytes.NewReader(m.bytes())), m.sum)
		if err != nil || size != m.size {
			t.Errorf("head: %d, %v", size, err)
		}
	}
}

func TestManifestThatIsDamaged(t *testing.T) {
	t.Parallel()
	good := string(sampleManifest().bytes())
	for name, change := range map[string][2]string{
		"chunk of no length":        {" 10\n", " 0\n"},
		"chunk of negative length":  {" 10\n", " -10\n"},
		"chunk longer than it all":  {" 20\n", " 21\n"},
		"chunk shorter":             {" 20\n", " 19\n"},
		"length out of range":       {" 20\n", " 99999999999999999999\n"},
		"number written otherwise":  {" 10\n", " 010\n"},
		"upper case":                {"\n01", "\n0A"},
		"a chunk too few":           {"\n02" + strings.Repeat("0", 62) + " 20", ""},
		"a wrong count":             {"end 2", "end 3"},
		"no line of how it was cut": {"cut ", "cot "},
		"an empty line":             {"\nend", "\n\nend"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if m, err := parseManifest(bufio.NewReader(strings.NewReader(bad)), Sum{0xab}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(sampleManifest().bytes())
	f.Add([]byte(manifestVersion + "\nsum \nsize 9223372036854775807\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(bufio.NewReader(bytes.NewReader(data)), Sum{0xab})
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("error of another kind: %v", err)
			}
			return
		}
		off := int64(0)
		for _, c := range m.chunks {
			if c.off != off || c.size <= 0 {
				t.Fatalf("chunk at %d of %d bytes, %d expected", c.off, c.size, off)
			}
			off += c.size
		}
		if off != m.size {
			t.Fatalf("chunks of %d bytes, size %d", off, m.size)
		}
		if !bytes.HasPrefix(data, m.bytes()) {
			t.Error("what was read is written differently")
		}
	})
}
