package packed

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"
)

// Bounds on folders. 6.8.2.1 allows 8 levels; Joliet and Rock Ridge go deeper.
// Paths are bounded together too: a record of 40 bytes costs its folder's whole
// path, so 40 MB of records could cost 4 GB.
const (
	isoDepth    = 64
	isoPathMost = 4096
	isoAllPaths = 64 << 20
	isoExtents  = 1 << 16 // of one file; each may hold 4 GiB
)

// isoExtent is a piece of a file.
type isoExtent struct{ at, size int64 }

// isoEntry is a file of the image.
type isoEntry struct {
	path     string // as it stands; Joliet's in UTF-8
	step     string
	size     int64
	modified time.Time
	extents  []isoExtent
	special  bool // a link or a device
	strange  bool // stored in a way that is not read
	missing  bool // its last records are not there
}

// isoFolder is a folder that is still to be read.
type isoFolder struct {
	at, size int64 // size below 0: its own record tells
	path     string
	depth    int
}

// isoWalk lists the files of one tree of an image.
type isoWalk struct {
	r      io.ReaderAt
	size   int64
	volume *isoVolume
	rock   *isoRock
	limit  int

	entries []*isoEntry
	seen    map[int64]bool
	stack   []isoFolder
	moved   []isoFolder // those that Rock Ridge shows elsewhere
	left    int64       // bytes of folders that may still be read
	paths   int         // bytes of them

	short, bad, loop, deep, more bool
}

func newIsoWalk(r io.ReaderAt, size int64, v *isoVolume, limit int) *isoWalk {
	// The folders of a good image are no more than the image.
	w := &isoWalk{r: r, size: size, volume: v, limit: limit, seen: map[int64]bool{}, left: size + isoSector}
	if !v.joliet {
		w.rock = rockOf(r, v)
	}
	return w
}

// walk reads all folders, each place once: a folder that holds itself would have
// no end.
func (w *isoWalk) walk(ctx context.Context) error {
	w.stack = append(w.stack, isoFolder{at: w.volume.root.at, size: w.volume.root.size})
	for !w.more && len(w.stack)+len(w.moved) > 0 {
		if len(w.stack) == 0 {
			// What no record brought to its place stands where it lies.
			if f := w.moved[0]; !w.seen[f.at] {
				w.stack = append(w.stack, f)
			}
			w.moved = w.moved[1:]
			continue
		}
		f := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		switch {
		case w.seen[f.at]:
			w.loop = true
		case f.depth > isoDepth || len(f.path) > isoPathMost:
			w.deep = true
		case len(w.seen) >= w.limit:
			w.more = true
		default:
			w.seen[f.at] = true
			if err := w.folder(ctx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// isoRun is what is known while a folder's records are read.
type isoRun struct {
	isoFolder

	open    *isoEntry // the file that goes on in the next record
	name    string    // of its records
	damaged int       // sectors in a row
}

// folder reads the records of one folder.
func (w *isoWalk) folder(ctx context.Context, f isoFolder) error {
	b, first := make([]byte, isoSector), len(w.stack)
	run := &isoRun{isoFolder: f}
	for done := int64(0); (done < run.size || done == 0) && !w.more; done += isoSector {
		if err := ctx.Err(); err != nil {
			return err
		}
		if w.left -= isoSector; w.left < 0 {
			w.bad = true
			break
		}
		n, err := w.r.ReadAt(b, f.at+done)
		if err != nil && err != io.EOF {
			return err
		}
		w.short = w.short || n < isoSector
		if !w.records(run, b[:n], done == 0) || n < isoSector {
			break
		}
	}
	slices.Reverse(w.stack[first:]) // which gives back the last first
	return nil
}

// records takes the records of a sector: none crosses its end, and zeros fill the
// rest (6.8.1.1). False ends the folder.
func (w *isoWalk) records(run *isoRun, b []byte, first bool) bool {
	if first && len(b) > 0 && b[0] == 0 {
		w.bad = true
		return false
	}
	for at := 0; at < len(b) && b[at] != 0 && !w.more; {
		rec, ok := isoRecordOf(b[at:], w.volume.block)
		// The first record is the folder's own (6.8.2.2). Another one there is no
		// folder at all; one further on is the next folder's, and this one's length
		// is a lie.
		if own := ok && rec.name == "\x00"; own != (first && at == 0) {
			w.bad = true
			return false
		}
		if !ok {
			w.bad = true
			run.damaged++
			return run.damaged < 2
		}
		run.damaged = 0
		at += int(b[at])
		switch {
		case rec.name == "\x00":
			if run.size < 0 {
				run.size = rec.size
			}
		case rec.name == "\x01": // the folder above
		case run.open != nil && rec.name == run.name:
			w.extend(run.open, rec)
		default:
			run.open, run.name = w.record(run, rec), rec.name
		}
		if rec.flags&isoMoreFlag == 0 {
			run.open = nil
		}
	}
	return true
}

// record takes a record that begins something; nil: it is no file.
func (w *isoWalk) record(run *isoRun, rec isoRecord) *isoEntry {
	var rock rockFields
	if w.rock != nil {
		rock = w.rock.fields(rec.system)
	}
	path := run.path + w.name(rec, rock.name)
	if w.paths += len(path); w.paths > isoAllPaths || len(w.entries) >= w.limit {
		w.more = true
		return nil
	}
	f := isoFolder{at: rec.at, size: rec.size, path: path + "/", depth: run.depth + 1}
	switch {
	case rock.child > 0:
		f.at, f.size = rock.child, -1
		w.stack = append(w.stack, f)
		return nil
	case rec.flags&isoFolderFlag != 0 && rock.moved:
		w.moved = append(w.moved, f)
		return nil
	case rec.flags&isoFolderFlag != 0:
		w.stack = append(w.stack, f)
		return nil
	}
	e := &isoEntry{path: path, modified: rec.modified, special: rock.special(), strange: rec.woven || rock.packed}
	w.extend(e, rec)
	w.entries = append(w.entries, e)
	return e
}

// extend adds a record's piece to its file (6.5.1). What lies behind the image's
// end is known now, before anything is read.
func (w *isoWalk) extend(e *isoEntry, rec isoRecord) {
	e.missing = rec.flags&isoMoreFlag != 0
	if len(e.extents) == isoExtents {
		e.strange = true
		return
	}
	if rec.size > 0 && !e.special {
		e.extents = append(e.extents, isoExtent{rec.at, rec.size})
		e.size += rec.size
		w.short = w.short || rec.at+rec.size > w.size
	}
}

// name is a record's name for people, of which Rock Ridge knows a better one.
// ";1" is its version, and "." stands also where nothing comes behind it (7.5.1).
func (w *isoWalk) name(rec isoRecord, rock string) string {
	name := rock
	if name == "" {
		name = rec.name
		if w.volume.joliet {
			name = ucs2(name)
		}
		if i := strings.LastIndexByte(name, ';'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
			name = name[:i]
		}
		if !w.volume.joliet && len(name) > 1 {
			name = strings.TrimSuffix(name, ".")
		}
	}
	if name == "" {
		return "unnamed"
	}
	return name
}
