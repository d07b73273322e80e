package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
)

// hostile is a format whose files say what their reader does: "hostile:" and a
// word. It does to a child what a broken parser or an attacker would.
var hostile = document.Format{
	Name: "hostile", Version: 3, Kind: document.KindText, MediaType: "text/x-hostile",
	Detect: func(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte("hostile:")) },
	Read: func(_ context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		data, _, err := in.All(1 << 20)
		if err != nil {
			return nil, err
		}
		word, _, _ := strings.Cut(strings.TrimPrefix(string(data), "hostile:"), "\n")
		word, arg, _ := strings.Cut(strings.TrimSpace(word), " ")
		doc := &document.Document{Fields: map[string]string{}}
		say := func(err error) (*document.Document, error) {
			doc.AddText(document.Position{Part: "body"}, "", fmt.Sprintf("%s: %v", word, err))
			return doc, nil
		}
		switch word {
		case "allocate":
			var all [][]byte
			for {
				b := make([]byte, 1<<20)
				for i := 0; i < len(b); i += 4096 {
					b[i] = 1
				}
				all = append(all, b) //nolint:staticcheck // kept, so that it is not given back
			}
		case "hold": // so many MB for a second
			n, err := strconv.Atoi(arg)
			b := make([]byte, n<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			time.Sleep(time.Second)
			return say(errors.Join(err, alive(b)))
		case "spin":
			for n := 0; ; n++ {
				if n < 0 {
					return nil, nil
				}
			}
		case "slow":
			for !in.Late() {
			}
			doc.Lose(document.Partial, document.TimeLimit, "slow")
			return say(nil)
		case "hang":
			select {}
		case "crash":
			go func() {
				var p *document.Document
				p.Title = "secret text"
			}()
			select {}
		case "recurse":
			return say(fmt.Errorf("%d", recurse(1)))
		case "exit":
			os.Exit(0)
		case "garbage":
			c, err := openChannel()
			if err == nil {
				_, err = c.Write([]byte("!!!!!!!!!!!!!!!!!!!!"))
			}
			return say(err)
		case "fork":
			_, err := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{Files: []*os.File{os.Stderr}})
			return say(err)
		case "socket":
			c, err := net.Dial("tcp", arg)
			if err == nil {
				_ = c.Close()
			}
			return say(err)
		case "write":
			return say(os.WriteFile(arg, []byte("x"), 0o600))
		case "read":
			_, err := os.ReadFile(arg)
			return say(err)
		case "scratch":
			return say(os.WriteFile(os.TempDir()+"/left", []byte("x"), 0o600))
		case "kill":
			p, err := os.FindProcess(os.Getppid())
			if err == nil {
				err = p.Signal(os.Kill)
			}
			return say(err)
		case "leave": // something behind that runs for so long
			d, err := time.ParseDuration(arg)
			for range 3 {
				go time.Sleep(d)
			}
			return say(err)
		case "panic":
			panic("secret text")
		}
		doc.AddText(document.Position{Line: 1}, "", string(data))
		return doc, nil
	},
}

// alive keeps bytes alive until here.
func alive(b []byte) error {
	runtime.KeepAlive(b)
	return nil
}

func recurse(n int) int {
	var pad [1024]byte
	pad[n%1024] = byte(n)
	return recurse(n+1) + int(pad[0]) //nolint:staticcheck // it shall not end
}

// box is a container: "box:" and lines "step=content"; a content of "<n" is n
// bytes of x. A line "!word" makes the container's own reader do that.
var box = document.Format{
	Name: "box", Version: 1, Kind: document.KindArchive, MediaType: "application/x-box",
	Detect: func(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte("box:\n")) },
	Read:   readBox,
	Cut: func(_ context.Context, in *document.Input, per int) ([]document.Range, error) {
		data, _, err := in.All(1 << 20)
		n := strings.Count(string(data), "\n") - 1
		var out []document.Range
		for from := 0; from < n; from += per {
			out = append(out, document.Range{From: int64(from), To: int64(min(n, from+per))})
		}
		return out, err
	},
}

func readBox(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
	data, _, err := in.All(1 << 20)
	if err != nil {
		return nil, err
	}
	doc := &document.Document{Fields: map[string]string{}}
	for n, text := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")[1:] {
		if in.Range.To > 0 && (int64(n) < in.Range.From || int64(n) >= in.Range.To) {
			continue
		}
		text = strings.ReplaceAll(text, "|", "\n") // nesting
		if word, ok := strings.CutPrefix(text, "!"); ok {
			sub := *in
			sub.Bytes = strings.NewReader("hostile:" + word)
			sub.Size = int64(len("hostile:" + word))
			if _, err := hostile.Read(ctx, &sub, nil); err != nil {
				return nil, err
			}
			continue
		}
		step, content, _ := strings.Cut(text, "=")
		c := &document.Child{Step: step, Name: step, Ordinal: n + 1, Size: -1}
		var size int64
		switch k, _ := fmt.Sscanf(content, "<%d", &size); {
		case content == "missing":
			c.Reason = document.Encrypted
		case content == "damaged":
			c.Content = io.MultiReader(strings.NewReader("some"), &failing{Reader: bytes.NewReader(nil), err: &broken{document.Truncated, "cut off"}})
		case content == "damaged-late":
			c.Content = io.MultiReader(io.LimitReader(xs{}, inlineBytes+5), &failing{Reader: bytes.NewReader(nil), err: &broken{document.Truncated, "cut off"}})
		case k == 1:
			c.Content = io.LimitReader(xs{}, size)
		default:
			c.Content, c.Shown = strings.NewReader(content), strings.HasPrefix(content, "shown")
		}
		if emit == nil {
			continue
		}
		if err := emit(c); err != nil {
			return nil, err
		}
	}
	doc.AddText(document.Position{Part: "body"}, "", "a box")
	return doc, nil
}

// xs is x without end.
type xs struct{}

func (xs) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func testFormats(_ string, engines bool) []document.Format {
	return []document.Format{box, hostile, engine(engines)}
}

// engine is a format that has to be compiled before children can read it.
func engine(compiled bool) document.Format {
	return document.Format{
		Name: warmFormat, Version: 1, Kind: document.KindText, MediaType: "text/x-engine",
		Detect: func(in *document.Input) bool { return bytes.HasPrefix(in.Head(), []byte("engine:")) },
		Read: func(context.Context, *document.Input, func(*document.Child) error) (*document.Document, error) {
			doc := &document.Document{Fields: map[string]string{}}
			doc.AddText(document.Position{Part: "body"}, "", fmt.Sprintf("compiled %v", compiled))
			return doc, nil
		},
	}
}

// seen is what a visitor was told, one line each.
type seen struct {
	lines *[]string
	path  string
	depth int
	limit document.Limits
	child func(c *document.Child) // may be nil
}

func (s *seen) Format(*document.Format) error { return nil }

func (s *seen) Child(_ context.Context, c *document.Child) (*Next, error) {
	path := document.JoinLocator(s.path, c.Step)
	if s.child != nil {
		s.child(c)
	}
	if c.Content == nil {
		*s.lines = append(*s.lines, path+" "+string(c.Reason))
		return nil, nil
	}
	data, err := io.ReadAll(c.Content)
	if err != nil {
		reason := document.Corrupt
		var named interface{ Reason() document.Reason }
		if errors.As(err, &named) {
			reason = named.Reason()
		}
		*s.lines = append(*s.lines, fmt.Sprintf("%s broken %s", path, reason))
		return nil, nil
	}
	if c.Shown || len(data) > inlineBytes && bytes.Equal(data[:1], []byte("x")) {
		*s.lines = append(*s.lines, fmt.Sprintf("%s %d bytes", path, len(data)))
		return nil, nil
	}
	in := &document.Input{Name: c.Name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Depth: s.depth + 1, Limits: s.limit}
	return &Next{Input: in, Visitor: &seen{lines: s.lines, path: path, depth: s.depth + 1, limit: s.limit, child: s.child}}, nil
}

func (s *seen) Done(_ context.Context, r *Result) error {
	line := s.path
	switch {
	case r.Fault != nil:
		line += " fault " + r.Fault.Error()
	case r.Known:
		line += " known"
	case len(r.Slices) > 0:
		line += fmt.Sprint(" slices ", r.Slices)
	case r.Document == nil:
		line += " unknown"
	default:
		line += fmt.Sprintf(" %s %s %s", r.Document.Kind, r.Document.Read, r.Document.Reason)
		for _, section := range r.Document.Sections {
			line += " " + section.Text
		}
	}
	*s.lines = append(*s.lines, strings.TrimSpace(line))
	return nil
}
