package packed

import (
	"bytes"
	"context"
	"sort"

	"guidang/extractors/document"
)

// joinedMost is how far behind the end of an entry the next one is looked for: a
// descriptor of 24 bytes and its own extra field lie between.
const joinedMost = 1 << 20

// placeJoined gives the entries of a set's zip, joined, their places. APPNOTE 8.3
// begins the first volume of a set with a signature of its own, and counts offsets
// from the volume that an entry begins on. How long the volumes were is not kept:
// a volume begins as far before its first entry as that one's offset says.
func (d *directory) placeJoined(ctx context.Context, in *document.Input, p place) error {
	if p.disk == 0 || !bytes.HasPrefix(in.Head(), []byte(sigDescriptor+sigLocal)) {
		return nil
	}
	sorted := make([]*Entry, len(d.entries))
	copy(sorted, d.entries)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		return a.disk < b.disk || a.disk == b.disk && a.Offset < b.Offset
	})
	starts := map[uint16]int64{0: 0, p.first: p.base}
	end := int64(0) // of the entry before
	for _, e := range sorted {
		within := e.Offset - p.base
		start, known := starts[e.disk]
		if !known {
			at, err := findLocal(ctx, in, end, e.raw)
			if err != nil {
				return err
			}
			if at < within {
				continue // not there: it stays on another volume
			}
			start = at - within
			starts[e.disk] = start
		}
		if local, _ := localEntry(in, start+within); local == nil {
			continue
		}
		e.Offset, e.disk = start+within, p.disk
		end = e.Offset + lenLocal + int64(len(e.raw)) + e.Packed
	}
	return nil
}

// findLocal finds the local header of a name; -1 is none.
func findLocal(ctx context.Context, in *document.Input, from int64, name string) (int64, error) {
	for at := from; at < from+joinedMost; at += 4 {
		next, found, err := nextHeader(ctx, in, at)
		if err != nil {
			return -1, err
		}
		if !found {
			break
		}
		if e, _ := localEntry(in, next); e != nil && e.raw == name {
			return next, nil
		}
		at = next
	}
	return -1, nil
}
