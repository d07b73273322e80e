//go:build !light

package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/tetratelabs/wazero/sys"

	"guidang/extractors/document"
)

// session is the reading of one file, over as many instances as it takes: an
// instance that traps or is stopped is thrown away, and the next one goes on
// with the next page.
type session struct {
	pageTime time.Duration
	// stoppable instances can be stopped while they work; others are left alone, and
	// their process is killed when they take too long.
	stoppable bool
	in        *document.Input
	doc       *document.Document
	pages     *pages
	until     time.Time
	next      int // the page to go on with, from 0
	restarts  int
	told      bool // properties and bookmarks are done

	titles    map[int][]string // of bookmarks, by page
	bookmarks int
	strange   string // what is wrong with the text of the page just read
	chapter   string // the last bookmark that was passed

	inst    pdfium.Pdfium
	file    references.FPDF_DOCUMENT
	stopped atomic.Bool // by the time limit
}

// run reads with one instance. again asks for another one.
func (s *session) run(ctx context.Context, pool pdfium.Pool, emit func(*document.Child) error) (how outcome, again bool, err error) {
	inst, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return unstarted, false, ctx.Err()
	}
	s.inst = inst
	s.stopped.Store(false)
	// An instance is never used twice: making one takes 5 ms, and what it has
	// grown to is free again when it goes.
	defer func() { _ = inst.Close() }()
	release := context.AfterFunc(ctx, func() { _ = inst.Kill() })
	defer release()

	src := &source{SectionReader: s.in.Reader()}
	opened := s.timed(func() error { return s.open(src) })
	switch {
	case ctx.Err() != nil:
		return done, false, ctx.Err()
	case src.err != nil:
		return done, false, src.err
	case s.stopped.Load():
		s.doc.Lose(s.lost(), document.TimeLimit, "it could not be opened in time")
		return done, false, nil
	case errors.Is(opened, pdfiumerrors.ErrPassword), errors.Is(opened, pdfiumerrors.ErrSecurity):
		return locked, false, nil
	case opened != nil:
		return unopened, false, nil
	}
	again, err = s.readPages(ctx)
	if err == nil && src.err != nil {
		err = src.err
	}
	if err != nil || again {
		return done, again, err
	}
	return done, false, s.attachments(ctx, emit)
}

// timed stops the instance when f takes too long.
func (s *session) timed(f func() error) error { return s.within(0, f) }

// within also stops it when less time is left than it shall leave to others.
// That time runs slower than the clock on a busy machine, so it is asked anew.
func (s *session) within(leave time.Duration, f func() error) error {
	if !s.stoppable {
		return f()
	}
	inst, end, over := s.inst, time.Now().Add(s.pageTime), make(chan struct{})
	defer close(over)
	go func() {
		for {
			wait := time.Until(end)
			if s.in.Left != nil {
				wait = min(wait, s.in.Left()-leave)
			}
			if wait <= 0 {
				s.stopped.Store(true)
				_ = inst.Kill()
				return
			}
			select {
			case <-over:
				return
			case <-time.After(max(wait, 10*time.Millisecond)):
			}
		}
	}()
	return f()
}

// share is what a page leaves of the time to those behind it: half of it, so
// that one which hangs does not take them along.
func (s *session) share(pages int) time.Duration {
	if s.in.Left == nil || pages < 2 {
		return 0
	}
	return s.in.Left() / 2
}

// late says that there is no time for another page.
func (s *session) late() bool { return time.Now().After(s.until) || s.in.Late() }

// open opens the file, without a password and then with the listed ones.
func (s *session) open(src *source) error {
	var err error
	for _, password := range append([]string{""}, s.in.Passwords...) {
		req := &requests.OpenDocument{FileReader: src, FileReaderSize: s.in.Size}
		if password != "" {
			req.Password = &password
		}
		var d *responses.OpenDocument
		if d, err = s.inst.OpenDocument(req); err == nil {
			s.file = d.Document
			return nil
		}
		if !errors.Is(err, pdfiumerrors.ErrPassword) {
			return err
		}
	}
	return err
}

// lost is how little is left when a file stops its reader.
func (s *session) lost() document.Read {
	if len(s.doc.Sections) == 0 {
		return document.None
	}
	return document.Partial
}

func (s *session) readPages(ctx context.Context) (again bool, err error) {
	var count int
	failed := s.timed(func() error {
		c, err := s.inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: s.file})
		if err != nil {
			return err
		}
		count = c.PageCount
		if !s.told {
			s.describe()
			s.told = true
			if s.titles = s.outline(); s.bookmarks > 0 {
				s.doc.Fields["bookmarks"] = strconv.Itoa(s.bookmarks)
			}
		}
		return nil
	})
	if failed != nil {
		return s.trapped(ctx, "the page list")
	}
	s.doc.Fields["pages"] = strconv.Itoa(count)
	for s.next < count {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if s.next >= s.in.Limits.Pages {
			s.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d of %d pages were read", s.next, count))
			return false, nil
		}
		if s.late() {
			s.doc.Lose(s.lost(), document.TimeLimit, fmt.Sprintf("only the first %d of %d pages were read in time", s.next, count))
			return false, nil
		}
		n := s.next
		s.next++
		var text string
		var drawn bool
		failed := s.within(s.share(count-n), func() (err error) {
			text, drawn, err = s.page(n)
			return err
		})
		if failed != nil {
			if s.stopped.Load() || broken(failed) || ctx.Err() != nil {
				return s.trapped(ctx, fmt.Sprintf("page %d", n+1))
			}
			s.doc.Lose(document.Partial, document.Corrupt, fmt.Sprintf("page %d is damaged", n+1))
			continue
		}
		if !s.pages.add(n+1, s.heading(n), text, s.strange, drawn) {
			return false, nil
		}
	}
	return false, nil
}

// trapped tells why an instance is gone: stopped by the clock or by the caller,
// out of its memory, or broken. The next instance goes on behind the place.
func (s *session) trapped(ctx context.Context, where string) (again bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	switch {
	case s.stopped.Load() && s.late():
		s.doc.Lose(document.Partial, document.TimeLimit, where+" took what was left of the time")
		return false, nil
	case s.stopped.Load():
		s.doc.Lose(document.Partial, document.TimeLimit, where+" took too long")
	default:
		s.doc.Lose(document.Partial, document.Crash, where+" broke its reader")
	}
	return s.told, nil
}

// broken says that an error ended the instance, and not just the call.
func broken(err error) bool {
	var exit *sys.ExitError
	return errors.As(err, &exit) || strings.Contains(err.Error(), "wasm error") || strings.Contains(err.Error(), "closed")
}

func (s *session) describe() {
	describe(s.doc, func(key string) string {
		m, err := s.inst.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: s.file, Tag: key})
		if err != nil {
			return ""
		}
		return m.Value
	})
}

// attachments hands out embedded files.
func (s *session) attachments(ctx context.Context, emit func(*document.Child) error) error {
	if emit == nil {
		return nil
	}
	c, err := s.inst.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: s.file})
	if err != nil {
		return ctx.Err()
	}
	budget := s.in.Limits.Expanded
	for i := range c.AttachmentCount {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i >= s.in.Limits.Entries {
			s.doc.Lose(document.Partial, document.TooMany, fmt.Sprintf("only the first %d embedded files are listed", i))
			return nil
		}
		child := &document.Child{Ordinal: i + 1, Size: -1}
		var data []byte
		failed := s.timed(func() (err error) {
			child.Name, data, err = s.attachment(i)
			return err
		})
		child.Name = strings.ReplaceAll(child.Name, "\\", "/")
		child.Name = child.Name[strings.LastIndexByte(child.Name, '/')+1:]
		child.Step = fmt.Sprintf("attachment:%d:%s", i+1, child.Name)
		budget -= int64(len(data))
		switch {
		case failed != nil:
			child.Reason = document.Corrupt
			if s.stopped.Load() {
				child.Reason = document.TimeLimit
			}
		case budget < 0:
			child.Reason = document.TooLarge
		default:
			child.Content, child.Size = bytes.NewReader(data), int64(len(data))
		}
		if err := emit(child); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) attachment(i int) (name string, data []byte, err error) {
	a, err := s.inst.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: s.file, Index: i})
	if err != nil {
		return "", nil, err
	}
	if n, err := s.inst.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil {
		name = recode(n.Name)
	}
	f, err := s.inst.FPDFAttachment_GetFile(&requests.FPDFAttachment_GetFile{Attachment: a.Attachment})
	if err != nil {
		return name, nil, err
	}
	if f.Contents == nil {
		return name, nil, errPage
	}
	return name, f.Contents, nil
}
