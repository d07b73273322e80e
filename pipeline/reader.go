package pipeline

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"guidang/config"
	"guidang/engines"
	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/extractors/pdf"
	"guidang/pipeline/ledger"
	"guidang/pipeline/ocr"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/sound"
	"guidang/pipeline/store"
)

// program is this program's main package: only it can be started as a reader.
const program = "guidang/cmd/guidang"

// Sandboxed says whether originals are read in processes of their own. With
// auto they are, unless this package is part of another program (a test), which
// would start itself and not a reader.
func Sandboxed(cfg *config.Config) bool {
	if cfg.Sandbox != "auto" {
		return cfg.Sandbox == "on"
	}
	info, ok := debug.ReadBuildInfo()
	return ok && info.Path == program
}

// ReaderChild is the process that reads originals or decodes recordings, from
// main to exit code. ok is false when the command line asks for something else.
func ReaderChild(args []string) (code int, ok bool) {
	if sound.IsChild(args) {
		return sound.Child(args), true
	}
	if ocr.IsChild(args) {
		return ocr.Child(args), true
	}
	if !sandbox.IsChild(args) {
		return 0, false
	}
	return sandbox.Child(args, func(cache string, engines bool) []document.Format {
		return extractors.All(extractors.Options{CacheDir: cache, NoEngines: !engines})
	}, pdf.Warm), true
}

// expect tells readers that start slowly how many originals will come at least.
func (a *Archive) expect(originals int) {
	if p, ok := a.reader.(interface{ Prepare(originals int) }); ok {
		p.Prepare(originals)
	}
}

// userCache is where commands without a data directory keep what they can make again.
func userCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "guidang")
}

// newReader makes the reader of originals. dir is where scratch folders lie,
// cache where engines are compiled to, room whether there is room for them.
func newReader(cfg *config.Config, formats []document.Format, dir, cache string, workers int, log *slog.Logger, room func(int64) error) (sandbox.Reader, error) {
	if !Sandboxed(cfg) {
		return sandbox.Here{Formats: formats}, nil
	}
	if workers <= 0 {
		workers = runtime.NumCPU()
	}
	return sandbox.NewPool(sandbox.Options{Formats: formats, Dir: filepath.Join(dir, "readers"), Cache: cache, Before: filepath.Join(userCache(), "cache"), Workers: workers,
		Seconds: cfg.Reader.Seconds, Memory: cfg.Reader.Memory, Log: log, Room: room})
}

// Readers says what confines the processes that read originals, for `doctor`.
// It touches no data directory.
func Readers(cfg *config.Config) (active, missing []string, err error) {
	dir, err := os.MkdirTemp("", "guidang-*")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	pool, err := sandbox.NewPool(sandbox.Options{Dir: filepath.Join(dir, "readers"), Cache: filepath.Join(dir, "cache"), Workers: 1,
		Seconds: cfg.Reader.Seconds, Memory: cfg.Reader.Memory})
	if err != nil {
		return nil, nil, err
	}
	defer pool.Close()
	return pool.Measures()
}

// NewDecoder makes the decoder of recordings, in processes of their own where
// originals are read so. The system's ffmpeg goes before the local engine's; what
// is installed while this process runs is used at once.
func NewDecoder(cfg *config.Config, log *slog.Logger) (*sound.Decoder, error) {
	dir := EngineOptions(cfg, nil).Dir
	o := sound.Options{Memory: cfg.Reader.Memory, Hours: cfg.Limits.Hours, Log: log,
		FFmpeg: func() string { return sound.FindFFmpeg(engines.Decoder(dir, "ffmpeg")) },
		Silk: func() sound.Program {
			command, reads, err := engines.SilkDecoder(dir)
			if err != nil {
				log.Warn("the decoder of Silk cannot be started", "error", err)
			}
			return sound.Program{Command: command, Read: reads}
		}}
	if Sandboxed(cfg) {
		self, err := sandbox.Self()
		if err != nil {
			return nil, err
		}
		o.Command = []string{self}
	}
	return sound.New(o), nil
}

// bare takes off what lies around an open file, so that its descriptor can be
// handed to another process.
func bare(r io.ReaderAt) io.ReaderAt {
	for {
		switch b := r.(type) {
		case *inner:
			r = b.ReaderAt
		case *sourceFile:
			r = b.file
		case nopCloser:
			r = b.sized
		case *io.SectionReader:
			outer, off, _ := b.Outer()
			if off != 0 {
				return r
			}
			r = outer
		default:
			return r
		}
	}
}

// visit brings what is found in one original into its reading.
type visit struct {
	a     *Archive
	batch store.Batch
	r     *reading
	depth int
	seen  map[store.Sum]*reading // what was found before in the same original
	known map[int]ledger.Stamp   // what its container held before, by ordinal
}

// begin is a reading from its beginning, whatever an earlier attempt has found.
func (v *visit) begin() sandbox.Visitor {
	r := v.r
	r.format, r.doc, r.known, r.failed = nil, nil, false, ""
	if r.damaged == "" { // told by its container, once
		r.detail = ""
	}
	r.children, r.same, r.slices, r.passages, r.terms, r.tags, r.paper = nil, nil, nil, nil, nil, nil, nil
	v.seen = map[store.Sum]*reading{r.sum: r}
	return v
}

// Format implements sandbox.Visitor.
func (v *visit) Format(f *document.Format) error {
	v.r.format = f
	return nil
}

// Child implements sandbox.Visitor.
func (v *visit) Child(ctx context.Context, c *document.Child) (*sandbox.Next, error) {
	if v.same(c) {
		return nil, nil
	}
	r, data, err := v.a.takeChild(ctx, v.batch, v.r.item, c)
	if err != nil {
		return nil, err
	}
	v.r.children = append(v.r.children, r)
	if data == nil || r.item.Shown {
		return nil, nil
	}
	have, err := v.a.have(ctx, r)
	if err != nil || r.isKnown(have) {
		return nil, err
	}
	if v.depth < v.a.limits.Depth { // else it is not read here
		if r.twin = v.seen[r.sum]; r.twin != nil {
			r.known = true
			return nil, nil
		}
		v.seen[r.sum] = r
	}
	return &sandbox.Next{Input: v.a.input(r, data, v.depth+1), Visitor: &visit{a: v.a, batch: v.batch, r: r, depth: v.depth + 1, seen: v.seen}}, nil
}

// Done implements sandbox.Visitor.
func (v *visit) Done(_ context.Context, res *sandbox.Result) error {
	r := v.r
	r.format, r.known, r.slices, r.doc = res.Format, res.Known, res.Slices, res.Document
	r.judge()
	switch {
	case r.doc != nil && r.format == nil && ofPlace(r.doc.Reason):
		// That is said of its place and not of its bytes, which may lie elsewhere too.
		r.failed, r.detail, r.doc = r.doc.Reason, r.doc.Warnings[0].Detail, nil
	case res.Fault != nil:
		r.failed, r.detail = document.IO, res.Fault.Error()
	case r.doc != nil && r.format != nil && (len(r.slices) == 0 || len(r.doc.Sections) > 0):
		if r.doc.Kind == document.KindMail {
			if r.format.Name != mail.EML.Name { // of that it is told by its identity
				r.item.Marks = marked(mail.MarksOf(r.doc))
			}
			mail.Unmark(r.doc) // what belongs to this copy stands with its item
		}
		r.understand(v.a)
	}
	return nil
}

// ofPlace says whether an original was not even looked at, for what lies around
// it.
func ofPlace(r document.Reason) bool {
	return r == document.TooDeep || r == document.TooMany || r == document.TooLarge
}

// input is a reading's bytes as readers want them.
func (a *Archive) input(r *reading, data io.ReaderAt, depth int) *document.Input {
	name := r.item.Name
	if r.set != nil {
		name = r.set.name
	}
	return &document.Input{Name: name, Size: r.size, Bytes: bare(data), Depth: depth, Limits: a.limits, Passwords: a.passwords}
}
