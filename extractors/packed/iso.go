package packed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Iso reads images of discs: ISO 9660 with the names of Joliet, of Rock Ridge, or
// plain ones.
//
// The reader is our own. github.com/diskfs/go-diskfs v1.9.4 lists what genisoimage
// makes, but it takes as much memory as an image of 40 kB says that its path table
// has (4 GiB), panics where that is empty, follows a continuation that points to
// itself without end, gives a file of three extents as three files, nothing of a
// folder with one damaged record, and refuses images without dates (all tried).
var Iso = document.Format{
	Name: "iso", Version: 1, Kind: document.KindArchive, MediaType: "application/x-iso9660-image",
	Detect: func(in *document.Input) bool {
		if in.Size < isoFirst+isoSector {
			return false
		}
		var id [6]byte
		n, _ := in.Bytes.ReadAt(id[:], isoFirst)
		return n == len(id) && string(id[1:]) == "CD001"
	},
	Read: readIso, Cut: cutIso, Open: openIso,
}

// isoImage is an image whose files are listed.
type isoImage struct {
	*isoWalk

	in      *document.Input
	volumes isoVolumes
	budget  *budget
	fault   func() error // what was not the image's own

	specials, unsafe int
}

// listIso lists the files. A *failure says what is wrong with the image.
func listIso(ctx context.Context, in *document.Input) (*isoImage, error) {
	raw, fault := bytesOf(ctx, in)
	a := &isoImage{in: in, volumes: readIsoVolumes(raw), budget: newBudget(ctx, in.Limits), fault: fault}
	// Files may lie over each other, so all of them together come out of this much.
	a.budget.in = in.Size
	for _, v := range []*isoVolume{a.volumes.joliet, a.volumes.primary} {
		if v == nil {
			continue
		}
		w := newIsoWalk(raw, in.Size, v, in.Limits.WithDefaults().Entries)
		err := w.walk(ctx)
		if f := fault(); f != nil {
			err = f
		}
		if err != nil {
			return nil, fmt.Errorf("list the files of %q: %w", in.Name, err)
		}
		if a.isoWalk == nil || len(w.entries) > len(a.entries) {
			a.isoWalk = w
		}
		// Where folders of Joliet's are damaged, the others may still list more.
		if !w.bad && !w.short {
			break
		}
	}
	switch err := fault(); {
	case err != nil:
		return nil, fmt.Errorf("list the files of %q: %w", in.Name, err)
	case a.isoWalk == nil && in.Size < isoFirst+isoSector:
		return nil, &failure{document.Truncated, "it ends before its list of files"}
	case a.isoWalk == nil:
		return nil, &failure{document.Corrupt, "it has no descriptor of its files"}
	}
	a.nameAll()
	return a, nil
}

// nameAll decodes the names and makes them unique. QUIRK: 7.5.1 allows capital
// letters, digits and "_"; the wild has GBK and UTF-8, and so have Rock Ridge's,
// which name no charset.
func (a *isoImage) nameAll() {
	names := &nameCharset{}
	if !a.volume.joliet {
		for _, e := range a.entries {
			names.add(e.path)
		}
	}
	steps := newSteps(len(a.entries))
	for _, e := range a.entries {
		name := e.path
		if !a.volume.joliet {
			name = names.decode(name)
		}
		if leadsOut(name) {
			a.unsafe++
		}
		if e.special {
			a.specials++
		}
		e.step, e.path = steps.take(strings.TrimSuffix(tidy(name), "/")), ""
	}
}

// label is the volume's name.
func (a *isoImage) label() string {
	if a.volume.joliet {
		return strings.Trim(ucs2(a.volume.label), " \x00")
	}
	names := &nameCharset{}
	return strings.Trim(names.decode(a.volume.label), " \x00")
}

func (a *isoImage) tell(doc *document.Document) {
	doc.Fields["entries"] = strconv.Itoa(len(a.entries))
	if label := a.label(); label != "" {
		doc.Fields["label"] = label
	}
	read := document.Partial
	if len(a.entries) == 0 {
		read = document.None
	}
	if a.short {
		doc.Lose(read, document.Truncated, "it is cut off: files or folders lie behind its end")
	}
	if a.bad {
		doc.Lose(read, document.Corrupt, "some of its folders are damaged")
	}
	if a.loop {
		doc.Lose(read, document.Corrupt, "a folder lies in itself or in two places; it is listed once")
	}
	if a.deep {
		doc.Lose(read, document.TooDeep, fmt.Sprintf("folders below the %dth level are not listed", isoDepth))
	}
	if a.more {
		doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d entries are listed", len(a.entries)))
	}
	if a.volumes.udf && a.outside() {
		doc.Lose(document.Partial, document.Unsupported, "most of it belongs to a UDF file system, which is not read")
	}
	warnSpecial(doc, a.specials)
	warnUnsafe(doc, a.unsafe)
}

// outside says that most bytes belong to no file that is listed. Images with UDF
// mostly name the same files in both ways, and then nothing is lost; those of
// Windows hold a single file here that says so.
func (a *isoImage) outside() bool {
	listed := int64(0)
	for _, e := range a.entries {
		listed += padded(e.size) + 3*isoSector // its rest of a block, and what UDF says of it
	}
	return listed < a.in.Size/2
}

func (a *isoImage) child(e *isoEntry, ordinal int) *document.Child {
	c := &document.Child{Step: e.step, Name: path.Base(e.step), Ordinal: ordinal, Size: e.size, Modified: e.modified}
	if e.special || e.strange {
		c.Reason = document.Unsupported
		return c
	}
	if c.Reason = a.budget.refuses(e.size, e.size); c.Reason != "" {
		return c
	}
	var parts []io.Reader
	for _, x := range e.extents {
		there := max(min(x.size, a.size-x.at), 0)
		parts = append(parts, io.NewSectionReader(a.r, x.at, there))
		if there < x.size {
			break // what follows would stand in a wrong place
		}
	}
	if e.missing {
		parts = append(parts, lost{&failure{document.Truncated, "the member's last part is missing"}})
	}
	// Nothing is unpacked, so an error is the disk's or the context's.
	c.Content = &unpacked{r: io.MultiReader(parts...), budget: a.budget, size: e.size, why: func(err error) error { return err }}
	return c
}

// lost is a reader that has an error only.
type lost struct{ err error }

// Read is io.Reader.
func (f lost) Read([]byte) (int, error) { return 0, f.err }

func readIso(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	a, err := listIso(ctx, in)
	if named, ok := errors.AsType[*failure](err); ok {
		return document.Unreadable(document.KindArchive, named.reason, named.detail), nil
	}
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Kind: document.KindArchive, Read: document.Full, Fields: map[string]string{}}
	a.tell(doc)
	to := in.Range.To
	if to == 0 {
		to = int64(len(a.entries))
	}
	for i, e := range a.entries {
		if emit == nil || int64(i) < in.Range.From || int64(i) >= to {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := emit(a.child(e, i+1)); err != nil {
			return nil, err
		}
		if err := a.fault(); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// cutIso cuts by entry numbers, as cutZip does.
func cutIso(ctx context.Context, in *document.Input, per int) ([]document.Range, error) {
	a, err := listIso(ctx, in)
	if _, ok := errors.AsType[*failure](err); ok || err == nil && per <= 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return cutEntries(len(a.entries), per), nil
}

func openIso(ctx context.Context, in *document.Input, step string) (*document.Child, error) {
	a, err := listIso(ctx, in)
	if _, ok := errors.AsType[*failure](err); ok {
		return nil, document.ErrNoChild
	}
	if err != nil {
		return nil, err
	}
	for i, e := range a.entries {
		if e.step == step {
			return a.child(e, i+1), nil
		}
	}
	return nil, document.ErrNoChild
}
