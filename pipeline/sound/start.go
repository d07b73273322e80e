package sound

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"guidang/extractors/document"
)

// order is what a decoder is told: one of three ways, and its limits.
type order struct {
	Native   string  `json:"native,omitempty"`  // decoder in this program
	Demuxer  string  `json:"demuxer,omitempty"` // of ffmpeg
	FFmpeg   string  `json:"ffmpeg,omitempty"`
	Program  Program `json:"program,omitzero"`
	Channels bool    `json:"channels,omitempty"`
	Tracks   int     `json:"tracks,omitempty"` // of sound, that ffmpeg takes together
	Size     int64   `json:"size"`
	Memory   int64   `json:"memory"`
	CPU      int     `json:"cpu"` // seconds
}

// Decoding takes 0.002 to 0.01 of a recording's time; a recording of an hour
// has at least 2 MB (AMR at 4.75 kbit/s), and video takes time by its bytes.
const (
	leastCPU = 120
	cpuPerMB = 10
)

// start starts a decoder and reads the beginning of what it says.
func (d *Decoder) start(ctx context.Context, o order, r Recording) (*Stream, error) {
	o.Channels, o.Size = r.Channels, r.Size
	o.Memory, o.CPU = d.o.Memory, leastCPU+int(r.Size>>20)*cpuPerMB
	ctx, cancel := context.WithCancel(ctx)
	var out io.Reader
	var end func() error
	var err error
	if o.Native != "" && (d.o.Command == nil || !takesFiles) {
		out, end = here(ctx, o, r.Bytes)
	} else {
		out, end, err = d.child(ctx, cancel, o, r.Bytes)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	s := &Stream{r: bufio.NewReaderSize(out, 64<<10), end: end, stop: cancel, most: int64(d.o.Hours) * 3600 * Rate}
	s.channels, err = readHeader(s.r)
	if err == nil {
		return s, nil
	}
	early := s.end()
	cancel()
	switch {
	case early != nil:
		return nil, early
	case errors.Is(err, io.EOF):
		return nil, &Fault{document.Empty, "there is no sound in it"}
	}
	return nil, err
}

// here decodes in this process.
func here(ctx context.Context, o order, b io.ReaderAt) (io.Reader, func() error) {
	r, w := io.Pipe()
	var wg sync.WaitGroup
	var fault error
	wg.Go(func() {
		fault = native(ctx, o, b, w)
		_ = w.Close()
	})
	context.AfterFunc(ctx, func() { _ = r.Close() })
	return r, func() error {
		wg.Wait()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fault
	}
}

// maxSaid is how much of what a decoder says of errors is kept.
const maxSaid = 16 << 10

// said is that.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Write(p[:max(min(len(p), maxSaid-s.b.Len()), 0)])
	return len(p), nil
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// child starts a process that decodes.
func (d *Decoder) child(ctx context.Context, cancel func(), o order, b io.ReaderAt) (io.Reader, func() error, error) {
	f, done, err := d.file(ctx, b, o.Size)
	if err != nil {
		return nil, nil, err
	}
	cmd, err := d.command(ctx, o, f)
	if err != nil {
		done()
		return nil, nil, err
	}
	words := &said{}
	cmd.Stderr = words
	out, theirs, err := os.Pipe()
	if err != nil {
		done()
		return nil, nil, err
	}
	cmd.Stdout = theirs
	apart(cmd)
	err = cmd.Start()
	_ = theirs.Close()
	if err != nil {
		done()
		return nil, nil, errors.Join(fmt.Errorf("start a decoder: %w", err), out.Close())
	}
	patient := &patience{f: out, limit: d.o.Stall, kill: cancel}
	return patient, func() error {
		_ = out.Close() // a decoder that still writes ends
		err := cmd.Wait()
		done()
		switch {
		case patient.stalled:
			return &Fault{document.TimeLimit, "its decoder said nothing for " + d.o.Stall.String()}
		case ctx.Err() != nil:
			return ctx.Err()
		}
		if f := verdict(o, err, cmd.ProcessState, words.String()); f != nil {
			d.o.Log.Debug("a decoder ended early", "reason", f.Why, "cause", f.Detail, "said", words.String())
			return f
		}
		return nil
	}, nil
}

// words are the program that decodes, where it is not this one, and its arguments.
func (o order) words(input string) []string {
	if len(o.Program.Command) > 0 {
		return o.Program.Command
	}
	return append([]string{o.FFmpeg}, ffmpegArgs(o, input)...)
}

// command is the process: this program, which confines itself first, or another
// alone where nothing can be confined.
func (d *Decoder) command(ctx context.Context, o order, f *os.File) (*exec.Cmd, error) {
	if d.o.Command == nil || !takesFiles {
		words := o.words(inputName(f))
		cmd := exec.CommandContext(ctx, words[0], words[1:]...) //nolint:gosec // a program that was looked for, fixed arguments
		cmd.Env = []string{}
		giveFile(cmd, f)
		return cmd, nil
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	args := append(append([]string{}, d.o.Command[1:]...), ChildCommand, string(text))
	cmd := exec.CommandContext(ctx, d.o.Command[0], args...) //nolint:gosec // this very program
	cmd.Env = []string{}
	giveFile(cmd, f)
	return cmd, nil
}

// file is the original as a file that a child can be given. Originals that are
// kept in chunks or on another machine are copied for as long as they are
// decoded: most containers of video have to be read from both ends.
func (d *Decoder) file(ctx context.Context, b io.ReaderAt, size int64) (f *os.File, done func(), err error) {
	if f, ok := b.(*os.File); ok {
		return f, func() {}, nil
	}
	f, err = os.CreateTemp(d.o.Dir, "guidang-sound-*")
	if err != nil {
		return nil, nil, err
	}
	done = func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	if _, err = io.Copy(f, &interrupted{ctx, io.NewSectionReader(b, 0, size)}); err != nil {
		done()
		return nil, nil, err
	}
	return f, done, nil
}

// interrupted is a reader that a context ends.
type interrupted struct {
	ctx context.Context //nolint:containedctx // it lives for one copy
	r   io.Reader
}

func (i *interrupted) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}

// patience reads what a decoder says, and ends it when it says nothing for
// long. Only waiting counts: whoever reads may take his time.
type patience struct {
	f       *os.File
	limit   time.Duration
	kill    func()
	stalled bool
}

func (p *patience) Read(b []byte) (int, error) {
	_ = p.f.SetReadDeadline(time.Now().Add(p.limit)) // where a pipe has none, computing time is the limit
	n, err := p.f.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		p.stalled = true
		p.kill()
	}
	return n, err
}

// verdict is what a decoder's end means; nil when it came to the recording's.
func verdict(o order, err error, state *os.ProcessState, words string) *Fault {
	if o.Native != "" {
		if at := strings.LastIndex(words, faultMark); at >= 0 {
			var f Fault
			if json.Unmarshal([]byte(words[at+len(faultMark):]), &f) == nil {
				return &f
			}
		}
	}
	if err == nil && o.Demuxer == "" {
		return nil
	}
	if err != nil && tooLong(state) {
		return &Fault{document.TimeLimit, "its decoder took more computing time than a recording of its size may"}
	}
	if strings.Contains(words, "out of memory") || strings.Contains(words, "Cannot allocate memory") {
		return &Fault{document.MemoryLimit, "its decoder took more memory than it may"}
	}
	if o.Native != "" || len(o.Program.Command) > 0 && err != nil {
		return &Fault{document.Crash, "its decoder crashed"}
	}
	return ffmpegVerdict(err, words)
}
