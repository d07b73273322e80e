package outlook

import (
	"bytes"
	"io"
	"os"
)

// sinkMemory is how much of a written mail is held in memory; what is longer goes to
// a temporary file.
const sinkMemory = 8 << 20

// sink takes a mail while it is written. After an error it takes nothing more; the
// error is told at the end.
type sink struct {
	memory bytes.Buffer
	file   *os.File
	size   int64
	err    error
}

// Write implements io.Writer and never fails.
func (s *sink) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if s.err == nil {
		_, s.err = s.memory.Write(p)
	}
	if s.memory.Len() > sinkMemory {
		s.flush()
	}
	return len(p), nil
}

// WriteString writes a string.
func (s *sink) WriteString(p string) { _, _ = s.Write([]byte(p)) }

func (s *sink) flush() {
	if s.file == nil && s.err == nil {
		// Without a name from its beginning: nothing is left behind however this ends.
		if s.file, s.err = os.CreateTemp("", "guidang-mail-"); s.err == nil {
			s.err = os.Remove(s.file.Name())
		}
	}
	if s.err == nil {
		_, s.err = s.file.Write(s.memory.Bytes())
	}
	s.memory.Reset()
}

// reader gives what was written. It is valid until close.
func (s *sink) reader() (io.Reader, error) {
	if s.file == nil {
		return bytes.NewReader(s.memory.Bytes()), s.err
	}
	s.flush()
	return io.NewSectionReader(s.file, 0, s.size), s.err
}

func (s *sink) close() {
	if s.file != nil {
		_ = s.file.Close() // it has no name; closing only frees its room
	}
}
