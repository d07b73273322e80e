package sound

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"guidang/extractors/document"
	"guidang/pipeline/sandbox"
)

// ChildCommand is the hidden command that makes a process a decoder.
const ChildCommand = "sound-child"

// IsChild says whether a command line asks for a decoder. It is looked at before
// anything else: a decoder reads no settings and opens nothing.
func IsChild(args []string) bool { return len(args) > 2 && args[len(args)-2] == ChildCommand }

// faultMark stands before a Fault on a child's standard error.
const faultMark = "\x00fault "

// fileFD is the descriptor under which a child finds the recording.
const fileFD = 3

// Child is the whole life of a decoder, from main to exit code.
func Child(args []string) int {
	var o order
	if err := json.Unmarshal([]byte(args[len(args)-1]), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if o.Native == "" {
		fmt.Fprintln(os.Stderr, become(o)) // returns only when it fails
		return 2
	}
	debug.SetMemoryLimit(o.Memory / 4 * 3)
	debug.SetMaxStack(64 << 20)
	sandbox.Confine(sandbox.Confinement{Memory: o.Memory, CPU: o.CPU})
	f := os.NewFile(fileFD, "recording")
	if f == nil {
		return 2
	}
	defer f.Close()
	if err := native(context.Background(), o, f, os.Stdout); err != nil {
		var fault *Fault
		if !errors.As(err, &fault) {
			return 1 // the parent is gone
		}
		text, _ := json.Marshal(fault)
		fmt.Fprint(os.Stderr, faultMark+string(text))
		return 1
	}
	return 0
}

// pcm is decoded sound.
type pcm interface {
	// format is known before the first sample.
	format() (rate, channels int)
	// read fills dst, whose length is a multiple of the channels, with samples
	// from -1 to 1, and returns how many; io.EOF or a *Fault at the end, after
	// which it is not called again.
	read(dst []float32) (int, error)
}

// native decodes with the decoders of this program. Its error is a *Fault or
// the writer's.
func native(ctx context.Context, o order, b io.ReaderAt, w io.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Fault{document.Corrupt, "its decoder could not go on"}
		}
	}()
	open := map[string]func(io.ReaderAt, int64) (pcm, error){"wav": openWav, "mp3": openMP3, "flac": openFlac}[o.Native]
	if open == nil {
		return &Fault{document.Unsupported, "no decoder of that name"}
	}
	p, err := open(b, o.Size)
	if err != nil {
		return err
	}
	rate, channels := p.format()
	if rate < 1000 || rate > 768_000 || channels < 1 || channels > 64 {
		return &Fault{document.Corrupt, fmt.Sprintf("its header names %d channels of %d samples a second", channels, rate)}
	}
	out := newConverter(rate, channels, o.Channels, bufio.NewWriterSize(w, 64<<10))
	buf := make([]float32, 4096/channels*channels)
	for {
		n, err := p.read(buf)
		if e := errors.Join(out.put(buf[:n/channels*channels]), ctx.Err()); e != nil {
			return e
		}
		if err != nil {
			if e := out.flush(); e != nil {
				return e
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}
