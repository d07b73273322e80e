//go:build unix

package sandbox

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// channel is a child's end of the line to its parent.
type channel struct{ c *line }

// line is a socket read by blocking calls, which wake a child in half the time
// that the poller takes. Descriptors arrive beside the bytes.
type line struct {
	fd    int
	files []int
}

// channelFD is the descriptor under which a child finds its end.
const channelFD = 3

func openChannel() (channel, error) {
	if _, err := unix.Getpeername(channelFD); err != nil {
		return channel{}, err
	}
	unix.CloseOnExec(channelFD)
	return channel{&line{fd: channelFD}}, nil
}

// Read implements io.Reader.
func (c channel) Read(p []byte) (int, error) {
	oob := make([]byte, unix.CmsgSpace(4))
	for {
		n, oobn, _, _, err := unix.Recvmsg(c.c.fd, p, oob, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if oobn > 0 {
			if all, err := unix.ParseSocketControlMessage(oob[:oobn]); err == nil && len(all) == 1 {
				if fds, err := unix.ParseUnixRights(&all[0]); err == nil {
					c.c.files = append(c.c.files, fds...)
				}
			}
		}
		if n == 0 {
			return 0, io.EOF
		}
		return n, nil
	}
}

// Write implements io.Writer.
func (c channel) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, err := unix.Write(c.c.fd, p[done:])
		if err != nil && !errors.Is(err, unix.EINTR) {
			return done, err
		}
		done += max(n, 0)
	}
	return done, nil
}

// file is the next descriptor that came along.
func (c channel) file() (closable, error) {
	if len(c.c.files) == 0 {
		return nil, errFrame
	}
	fd := c.c.files[0]
	c.c.files = c.c.files[1:]
	return os.NewFile(uintptr(fd), "original"), nil
}

// link is the parent's end.
type link struct{ *net.UnixConn }

// connect gives a command its line and starts it.
func connect(cmd *exec.Cmd, start func(*exec.Cmd) error) (*link, error) {
	fds, err := socketPair()
	if err != nil {
		return nil, err
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "child"), os.NewFile(uintptr(fds[1]), "parent")
	defer theirs.Close()
	defer ours.Close() // FileConn takes a copy
	conn, err := net.FileConn(ours)
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = []*os.File{theirs}
	if err := start(cmd); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &link{conn.(*net.UnixConn)}, nil //nolint:forcetypeassert // the pair is of this kind
}

func socketPair() ([2]int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fds[0])
		unix.CloseOnExec(fds[1])
	}
	return fds, err
}

// sendWith sends bytes and a file beside the first of them.
func (l *link) sendWith(p []byte, f syscall.Conn) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	n := 0
	control := raw.Control(func(fd uintptr) {
		n, _, err = l.WriteMsgUnix(p, unix.UnixRights(int(fd)), nil)
	})
	if err = errors.Join(control, err); err != nil {
		return err
	}
	_, err = l.Write(p[n:])
	return err
}

const passesFiles = true
