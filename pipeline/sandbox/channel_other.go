//go:build !unix

package sandbox

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// channel is a child's end of the line to its parent: its standard files,
// because no other descriptor reaches a new process here.
type channel struct{}

func openChannel() (channel, error) { return channel{}, nil }

// Read implements io.Reader.
func (channel) Read(p []byte) (int, error) { return os.Stdin.Read(p) }

// Write implements io.Writer.
func (channel) Write(p []byte) (int, error) { return os.Stdout.Write(p) }

func (channel) file() (closable, error) { return nil, errFrame }

// link is the parent's end.
type link struct {
	io.Reader
	io.WriteCloser
}

// connect gives a command its line and starts it.
func connect(cmd *exec.Cmd, start func(*exec.Cmd) error) (*link, error) {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = theirs
	defer theirs.Close()
	if err := start(cmd); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return &link{out, in}, nil
}

func (*link) sendWith([]byte, syscall.Conn) error { return errors.ErrUnsupported }

const passesFiles = false
