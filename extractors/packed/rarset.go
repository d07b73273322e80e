package packed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"regexp"
)

// rarSetName is what the volumes of a joined set are called for the decoder, which
// makes the names of the others from the first one's.
const rarSetName = "archive.part1.rar"

// rarNextNames are the ways in which the decoder counts on from there.
var rarNextNames = regexp.MustCompile(`(?:part(\d+)\.rar|\.([r-z])(\d\d))$`)

// rarVolumes are the places where the volumes of a joined set begin. Every volume
// has a signature of its own, right behind the end block of the one before.
func rarVolumes(ctx context.Context, r io.ReaderAt, size int64) ([]int64, error) {
	var sig [8]byte
	if n, err := r.ReadAt(sig[:], 0); n < len(sig) {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return []int64{0}, nil
	}
	signature, read := sig[:7], readRar4
	if sig[6] == 1 {
		signature, read = sig[:8], readRar5
	}
	starts := []int64{0}
	for at := int64(len(signature)); at < size && len(starts) < setMost; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		next, done, err := rarVolumeEnd(ctx, r, at, size, signature, read)
		if err != nil || done {
			return starts, err
		}
		starts = append(starts, next)
		at = next + int64(len(signature))
	}
	return starts, nil
}

// rarVolumeEnd walks the blocks of one volume, to the signature of the next; done
// says that there is none.
func rarVolumeEnd(ctx context.Context, r io.ReaderAt, at, size int64, signature []byte, read func(io.ReaderAt, int64) *rarBlock) (next int64, done bool, err error) {
	for count, volume := 0, false; ; count++ {
		if count&0xff == 0 {
			if err := ctx.Err(); err != nil {
				return 0, false, err
			}
		}
		if signatureStands(r, at, signature) {
			return at, false, nil
		}
		k := read(r, at)
		modern := len(signature) == 8
		switch {
		case k == nil && volume, k != nil && modern && k.typ == 4, k != nil && !modern && k.typ == 0x73 && k.flags&0x80 != 0:
			// The headers are encrypted, or one is damaged: the next signature is looked for.
			next, err = signatureBehind(ctx, r, at, size, signature)
			return next, next < 0, err
		case k == nil:
			return 0, true, nil
		case modern && k.typ == 1:
			flags, _, _ := uvarint(k.body)
			volume = flags&1 != 0
		case !modern && k.typ == 0x73:
			volume = k.flags&1 != 0
		}
		if k.typ == 1 || k.typ == 0x73 {
			if !volume {
				return 0, true, nil
			}
		}
		if at += int64(len(k.b)) + k.data; at >= size {
			return 0, true, nil
		}
	}
}

func signatureStands(r io.ReaderAt, at int64, signature []byte) bool {
	b := make([]byte, len(signature))
	n, _ := r.ReadAt(b, at)
	return n == len(b) && bytes.Equal(b, signature)
}

// signatureBehind finds the next signature; -1 is none.
func signatureBehind(ctx context.Context, r io.ReaderAt, at, size int64, signature []byte) (int64, error) {
	buf := make([]byte, 256<<10)
	for at < size {
		if err := ctx.Err(); err != nil {
			return -1, err
		}
		n, err := r.ReadAt(buf, at)
		if i := bytes.Index(buf[:n], signature); i >= 0 {
			return at + int64(i), nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return -1, err
		}
		if n < len(signature) {
			break
		}
		at += int64(n - len(signature) + 1)
	}
	return -1, nil
}

// rarSet is the volumes of a joined set as the decoder opens them. The last one is
// seen through its patches, so that a file which goes on in a volume that is not
// there is shown as ending.
type rarSet struct {
	r      io.ReaderAt
	starts []int64
	last   rarView
}

// Open is fs.FS.
func (s rarSet) Open(name string) (fs.File, error) {
	i := -1
	if m := rarNextNames.FindStringSubmatch(name); m != nil {
		if i = number(m[1]) - 1; m[2] != "" {
			i = int(m[2][0]-'r')*100 + number(m[3]) + 1
		}
	}
	switch {
	case i < 0 || i >= len(s.starts):
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case i == len(s.starts)-1:
		return &rarFile{SectionReader: io.NewSectionReader(s.last, 0, s.last.length())}, nil
	}
	return &rarFile{SectionReader: io.NewSectionReader(s.r, s.starts[i], s.starts[i+1]-s.starts[i])}, nil
}

// scanRarSet walks the blocks of all volumes.
func scanRarSet(ctx context.Context, r io.ReaderAt, size int64, starts []int64, limit int) (*rarMap, rarSet, error) {
	var all *rarMap
	set := rarSet{r: r, starts: starts}
	for i, start := range starts {
		end := size
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		one := io.NewSectionReader(r, start, end-start)
		m, err := scanRar(ctx, one, end-start, limit)
		if err != nil {
			return nil, set, err
		}
		if i == 0 {
			all = m
		} else {
			all.files += m.files
			all.costly, all.damaged, all.locked = all.costly || m.costly, all.damaged || m.damaged, all.locked || m.locked
			all.goesOn = m.goesOn && (m.ended || m.cutLast) // without an end block only a file that is cut off tells
			all.cutLast, all.ended, all.end = m.cutLast, m.ended, m.end
			all.more = all.more || m.more || all.files > limit
		}
		if i == len(starts)-1 {
			view := *m
			view.patches = m.ends
			set.last = rarView{one, end - start, &view}
		}
	}
	return all, set, nil
}
