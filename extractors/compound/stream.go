package compound

import (
	"errors"
	"io"
	"sort"
)

// Stream gives the bytes of a stream, as far as they are there. Whole tells
// whether that is all that the directory promised. Nothing is read yet but the
// tables, and nothing is kept but runs of neighbouring sectors.
func (f *File) Stream(e *Entry) (r *io.SectionReader, whole bool) {
	if e == nil || e.Storage || e.Size <= 0 {
		return io.NewSectionReader(&runs{}, 0, 0), e != nil && e.Size == 0
	}
	s := &runs{r: f.r}
	if e.Size < f.cutoff {
		f.miniRuns(s, e)
	} else {
		want := (e.Size + f.sector - 1) / f.sector
		n := int64(0)
		for at := e.start; int64(at) < f.sectors && n < min(want, f.sectors); n++ {
			from := (int64(at) + 1) * f.sector
			s.add(from, min(f.sector, f.size-from))
			if int64(at) >= int64(len(f.fat)) {
				break
			}
			at = f.fat[at]
		}
	}
	return io.NewSectionReader(s, 0, min(e.Size, s.length)), s.length >= e.Size
}

// miniRuns places a stream of the mini stream in the file.
func (f *File) miniRuns(s *runs, e *Entry) {
	per := f.sector / miniSize
	at := e.start
	for range (e.Size + miniSize - 1) / miniSize {
		sector := int64(at) / per
		if sector >= int64(len(f.short)) {
			return
		}
		from := (int64(f.short[sector])+1)*f.sector + int64(at)%per*miniSize
		if n := min(miniSize, f.size-from); n > 0 {
			s.add(from, n)
		}
		if int64(at) >= int64(len(f.mini)) {
			return
		}
		at = f.mini[at]
	}
}

// Bytes reads a stream of at most limit bytes into memory. Whole is false when
// something is missing or the stream is longer.
func (f *File) Bytes(e *Entry, limit int64) (data []byte, whole bool, err error) {
	r, whole := f.Stream(e)
	n := min(r.Size(), limit)
	data = make([]byte, n)
	got, err := r.ReadAt(data, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data[:got], whole && r.Size() <= limit && int64(got) == n, err
}

// run is a piece of a stream that lies together.
type run struct{ at, from, n int64 } // in the stream, in the file, bytes

// runs reads a stream by its pieces.
type runs struct {
	r      io.ReaderAt
	list   []run
	length int64
}

func (s *runs) add(from, n int64) {
	if n <= 0 {
		return
	}
	if last := len(s.list) - 1; last >= 0 && s.list[last].from+s.list[last].n == from {
		s.list[last].n += n
	} else {
		s.list = append(s.list, run{s.length, from, n})
	}
	s.length += n
}

// ReadAt reads from any place of the stream.
func (s *runs) ReadAt(p []byte, at int64) (int, error) {
	done := 0
	i := sort.Search(len(s.list), func(i int) bool { return s.list[i].at+s.list[i].n > at })
	for ; done < len(p) && i < len(s.list); i++ {
		r := s.list[i]
		skip := at + int64(done) - r.at
		want := min(int64(len(p)-done), r.n-skip)
		n, err := s.r.ReadAt(p[done:done+int(want)], r.from+skip)
		done += n
		if int64(n) < want {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return done, err
		}
	}
	if done < len(p) {
		return done, io.EOF
	}
	return done, nil
}
