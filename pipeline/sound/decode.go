package sound

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/recording"
)

// Rate is how many samples a second a Stream has.
const Rate = 16000

// ErrMissingTool says that a recording needs ffmpeg and there is none. What is
// missing is no fault of the recording: it waits.
var ErrMissingTool = errors.New("what decodes this kind of recording was not found")

// ErrMissingSilk is an ErrMissingTool for voice notes that are decoded by a
// package of the local engine alone.
var ErrMissingSilk = fmt.Errorf("%w: the decoder of Silk comes with the local engine", ErrMissingTool)

// A Fault is why a recording, or the rest of one, cannot be heard. It is
// permanent for these bytes.
type Fault struct {
	Why    document.Reason `json:"why"`
	Detail string          `json:"detail"`
}

func (f *Fault) Error() string { return f.Detail }

// Reason is why, in the archive's words.
func (f *Fault) Reason() document.Reason { return f.Why }

// Options are what a Decoder needs from outside.
type Options struct {
	// Command starts this program as a child; its first word is the program. Nil:
	// sound is decoded in this process and ffmpeg runs unconfined, which is for
	// tests and for systems without a sandbox.
	Command []string
	FFmpeg  func() string  // path, empty: there is none; asked at each decoding, for it may be installed meanwhile
	Silk    func() Program // decodes Silk; may be nil
	Memory  int64          // that a decoder may hold; 0: 512 MB
	Hours   int            // longest recording that is decoded; 0: 24
	Stall   time.Duration  // how long a decoder may say nothing; 0: a minute
	Dir     string         // for copies of originals that are no files; empty: the system's
	Log     *slog.Logger
}

// Program is a decoder of somebody else. It finds the recording open under
// descriptor 3 and writes a wave file of 16 kHz to its standard output. Without a
// Command it is not there.
type Program struct {
	Command []string `json:"command"`
	Read    []string `json:"read"` // files and folders that it reads and executes
}

// Decoder makes Streams. It is safe for concurrent use.
type Decoder struct{ o Options }

// New makes a Decoder.
func New(o Options) *Decoder {
	if o.Memory <= 0 {
		o.Memory = 512 << 20
	}
	if o.Hours <= 0 {
		o.Hours = 24
	}
	if o.Stall <= 0 {
		o.Stall = time.Minute
	}
	if o.FFmpeg == nil {
		o.FFmpeg = func() string { return "" }
	}
	if o.Silk == nil {
		o.Silk = func() Program { return Program{} }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Decoder{o}
}

// Recording is what is to be decoded.
type Recording struct {
	Bytes io.ReaderAt // kept open until the Stream is closed; an *os.File costs no copy
	Size  int64
	Name  string // for messages, and where the bytes leave their kind open

	Channels bool // keep up to eight channels, or sound tracks, apart instead of mixing them
}

// Decode begins to decode a recording. The error is ErrMissingTool, a *Fault
// when there is no sound in it, the context's, or the system's. The Stream must
// be closed; the context ends it too.
func (d *Decoder) Decode(ctx context.Context, r Recording) (*Stream, error) {
	in := &document.Input{Name: r.Name, Bytes: r.Bytes, Size: r.Size, Limits: document.Limits{}.WithDefaults()}
	f := recording.Which(in)
	if f == nil {
		return nil, &Fault{document.Unsupported, "it is no recording that is known"}
	}
	s, err := d.begin(ctx, f.Name, recording.SoundTracks(ctx, in), r)
	if err != nil {
		return nil, fmt.Errorf("decode %q: %w", r.Name, err)
	}
	return s, nil
}

// begin takes the ways to decode a format in their order, until one gives sound.
func (d *Decoder) begin(ctx context.Context, format string, tracks int, r Recording) (*Stream, error) {
	w, ffmpeg := ways[format], d.o.FFmpeg()
	if w.native != "" && tracks == 1 && (w.first || ffmpeg == "") {
		s, err := d.start(ctx, order{Native: w.native}, r)
		var f *Fault
		switch {
		case err == nil, !errors.As(err, &f), f.Why == document.Empty:
			return s, err
		case ffmpeg == "" && f.Why != document.Unsupported:
			return nil, err
		}
		// What only ffmpeg knows, or what it may make something of.
	}
	switch {
	case w.silk && takesFiles:
		p := d.o.Silk()
		if len(p.Command) == 0 {
			return nil, ErrMissingSilk
		}
		return d.start(ctx, order{Program: p}, r)
	case w.demuxer == "":
		return nil, &Fault{document.Unsupported, "no decoder for this kind of recording is known"}
	case ffmpeg == "":
		return nil, ErrMissingTool
	}
	return d.start(ctx, order{Demuxer: w.demuxer, FFmpeg: ffmpeg, Tracks: min(tracks, maxChannels)}, r)
}
