package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

const (
	// maxDepth bounds the walk's recursion and the folders it holds open. Windows
	// shares end at 260 characters a path, so at 130 folders.
	maxDepth = 256

	// After the first error, and after this many more, the root is looked at: a
	// share that went away must not become a hundred thousand failed items.
	errorsPerCheck = 100
)

// walk is one pass over a folder.
type walk struct {
	f       *Folder
	ctx     context.Context //nolint:containedctx // lives as long as one call of Walk
	fn      func(Entry) error
	rootID  fileID
	exclude []fileID                   // folders, however they are reached
	named   map[string]map[string]bool // folder to the names in it that are excluded

	entries  int
	failed   int
	vanished bool
}

// place is a folder of the walk.
type place struct {
	folder  folder
	raw     string // its path
	locator string // of the folder with a "/", or "" for the root
	shown   string // the same for people, for globs
	signs   signs
	names   []child
	depth   int
}

// Walk implements Source. Files are looked at but never opened.
func (f *Folder) Walk(ctx context.Context, fn func(Entry) error) error {
	root, names, info, err := f.reach(ctx)
	switch {
	case err != nil:
		return err
	case root == nil:
		return f.single(info, fn)
	}
	w := &walk{f: f, ctx: ctx, fn: fn, rootID: root.id()}
	w.readExclude()
	p := &place{folder: root, raw: f.path, names: names}
	p.readSigns()
	err = w.folder(p)
	_ = root.close()
	if err == nil && (w.vanished || w.failed > 0 || w.entries == 0) {
		err = w.check()
	}
	return err
}

// single is the walk over a source that is one file. No rule of names is asked:
// whoever names a file means it.
func (f *Folder) single(info fs.FileInfo, fn func(Entry) error) error {
	name := filepath.Base(f.path)
	e := Entry{Locator: escapeName(name, false), Name: charset.FileName(name), Modified: info.ModTime(), Inode: idOf(info).inode}
	if info.Mode().IsRegular() {
		e.Size = info.Size()
	} else {
		e.Rule, e.Detail = ruleSpecial, info.Mode().Type().String()
	}
	return fn(e)
}

func (w *walk) readExclude() {
	w.named = map[string]map[string]bool{}
	for _, path := range w.f.o.Exclude {
		path = filepath.Clean(path)
		dir := filepath.Dir(path)
		if w.named[dir] == nil {
			w.named[dir] = map[string]bool{}
		}
		w.named[dir][filepath.Base(path)] = true
		if info, err := os.Stat(path); err == nil && info.IsDir() && idOf(info) != (fileID{}) {
			w.exclude = append(w.exclude, idOf(info))
		}
	}
}

// check ends the walk if the root is not what it was.
func (w *walk) check() error {
	if err := w.f.Check(w.ctx); err != nil {
		return err
	}
	if info, err := os.Stat(w.f.path); err == nil && idOf(info) != w.rootID && w.rootID != (fileID{}) {
		return w.f.unreachable(w.f.path+" became another folder during the walk; was something mounted or unmounted?", nil)
	}
	return nil
}

func (p *place) readSigns() {
	// Folders first: what a README means depends on a .git beside it.
	for _, c := range p.names {
		if c.kind == directory {
			p.signs.read(charset.FileName(c.name), true)
		}
	}
	for _, c := range p.names {
		if c.kind == plainFile {
			p.signs.read(charset.FileName(c.name), false)
		}
	}
}

// step is something to do while a folder is walked. A child folder gives two: at
// its bare name it is judged, and if it is left out or cannot be read that is
// its entry; at its name with a "/" it is entered. Names such as "a-b" and
// "a.txt" stand between "a" and "a/".
type step struct {
	key   string // escaped name, with "/" when a folder is entered
	child *inner // of a folder, shared by its two steps
	kind  kind
	enter bool
}

// inner is a child folder between its two steps; place is nil when it is not
// entered.
type inner struct{ place *place }

// steps orders what is in a folder by locator.
func (p *place) steps() []step {
	out := make([]step, 0, len(p.names)+8)
	for _, c := range p.names {
		key := escapeName(c.name, c.kind == directory)
		if c.kind != directory {
			out = append(out, step{key: key, kind: c.kind})
			continue
		}
		in := &inner{}
		out = append(out, step{key: key, kind: directory, child: in}, step{key: key + "/", kind: directory, child: in, enter: true})
	}
	slices.SortFunc(out, func(a, b step) int { return strings.Compare(a.key, b.key) })
	return out
}

// folder walks one folder. It does not close it.
func (w *walk) folder(p *place) error {
	steps := p.steps()
	p.names = nil
	excluded := w.named[p.raw]
	defer func() { // when the walk ends early
		for _, s := range steps {
			if s.child != nil && s.child.place != nil {
				_ = s.child.place.folder.close()
				s.child.place = nil
			}
		}
	}()
	for i, s := range steps {
		if i%64 == 0 {
			if err := w.ctx.Err(); err != nil {
				return err
			}
		}
		var err error
		switch {
		case s.enter:
			if s.child.place != nil {
				err = w.folder(s.child.place)
				_ = s.child.place.folder.close()
				s.child.place = nil
			}
		default:
			name := document.UnescapeStep(s.key)
			if excluded[name] {
				continue
			}
			if s.kind == directory {
				s.child.place, err = w.judge(p, s.key, name)
			} else {
				err = w.file(p, s.key, name)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// file gives the entry of anything that is not a folder.
func (w *walk) file(p *place, key, name string) error {
	e := Entry{Locator: p.locator + key, Name: charset.FileName(name)}
	st, err := p.folder.stat(name)
	if err != nil {
		return w.fail(e, err)
	}
	e.Modified, e.Inode = st.modified, st.inode
	if st.kind == plainFile {
		e.Size = st.size
	}
	switch v := w.user(p, e.Name, false); {
	case v.rule != "":
		e.Rule, e.Detail = v.rule, v.detail
	case st.kind == symlink:
		e.Rule, e.Detail = ruleSymlink, "symbolic links are not followed"
	case st.kind != plainFile:
		e.Rule, e.Detail = ruleSpecial, "a device, pipe or socket, or a folder that was a file a moment ago"
	default:
		v = fileRule(e.Name, st.size)
		e.Rule, e.Detail = v.rule, v.detail
	}
	return w.give(e)
}

// judge opens a child folder and decides whether it is entered. If it is not,
// its entry is given and the place is nil.
func (w *walk) judge(p *place, key, name string) (*place, error) {
	e := Entry{Locator: p.locator + key, Name: charset.FileName(name)}
	v := w.user(p, e.Name, true)
	if v.rule == "" {
		v = folderRule(e.Name, p.signs)
	}
	if v.rule == "" && !w.f.o.Trees && p.depth > 0 {
		v = p.signs.mixed(e.Name)
	}
	if v.rule != "" {
		return nil, w.leaveOut(p, e, name, v)
	}
	if p.depth >= maxDepth {
		return nil, w.fail(e, errTooDeep)
	}
	child, err := p.folder.folder(name)
	if err != nil {
		return nil, w.fail(e, err)
	}
	in := &place{folder: child, raw: p.raw + string(filepath.Separator) + name, locator: e.Locator + "/", shown: p.shown + e.Name + "/", depth: p.depth + 1}
	keep, err := w.enter(p, in, e, name)
	if !keep {
		_ = child.close()
		in = nil
	}
	return in, err
}

// enter reads the names in a folder and says whether it is walked.
func (w *walk) enter(p, in *place, e Entry, name string) (bool, error) {
	if len(w.exclude) > 0 && slices.Contains(w.exclude, in.folder.id()) {
		return false, nil
	}
	var err error
	if in.names, err = in.folder.children(); err != nil {
		return false, w.fail(e, err)
	}
	in.readSigns()
	if sign := in.signs.tree(); sign != "" && !w.f.o.Trees {
		return false, w.leaveOut(p, e, name, verdict{ruleTree, sign})
	}
	return true, nil
}

// leaveOut gives the one entry of a folder that is not entered.
func (w *walk) leaveOut(p *place, e Entry, name string, v verdict) error {
	st, err := p.folder.stat(name)
	if err != nil {
		return w.fail(e, err)
	}
	e.Modified, e.Inode, e.Rule, e.Detail = st.modified, st.inode, v.rule, v.detail
	if v.rule != ruleUser {
		e.Detail += " (a folder; nothing in it is walked)"
	}
	return w.give(e)
}

func (w *walk) user(p *place, name string, isFolder bool) verdict {
	for i := range w.f.globs {
		if g := &w.f.globs[i]; g.match(p.shown+name, isFolder) {
			return verdict{ruleUser, g.text}
		}
	}
	return verdict{}
}

// fail gives the entry of what cannot be looked at. What was deleted since its
// folder was listed is no entry: it is gone, unless the whole root is.
func (w *walk) fail(e Entry, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		w.vanished = true
		return nil
	}
	if w.failed%errorsPerCheck == 0 {
		if err := w.check(); err != nil {
			return err
		}
	}
	w.failed++
	e.Err = err
	return w.give(e)
}

func (w *walk) give(e Entry) error {
	w.entries++
	return w.fn(e)
}
