package sandbox

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Frames are a kind, a length of four bytes and as many bytes. A child answers a
// request by frames until frameEnd; the parent speaks only when it is asked.
const (
	// From the parent.
	frameSetup   = 'S' // once, JSON settings
	frameRead    = 'r' // a request
	frameOpen    = 'o' // a request with a step
	frameVerdict = 'v' // on a child: verdictSkip, …
	frameBytes   = 'b' // on frameAt
	frameWarmed  = 'w' // on frameWarm: 1 if it is there

	// From the child.
	frameReady  = 'H' // once, after confining itself: JSON measures
	frameFormat = 'F' // a reader begins
	frameChild  = 'C' // metadata and bytes of what lay inside
	frameChunk  = 'K' // more bytes of a large one
	frameLast   = 'E' // no more bytes of it
	frameBroken = 'B' // its bytes ended in an error
	frameAt     = 'A' // asks for bytes of the original
	frameWarm   = 'W' // asks for the compiled engine
	frameDone   = 'D' // a Result
	frameLeave  = 'L' // an original and its children are done
	frameNone   = 'N' // open: no such child
	frameFault  = 'X' // a request could not be served
	frameEnd    = 'Z' // the request is done
)

// How an original's bytes are handed over.
const (
	bytesInline = iota // in the frame
	bytesFile          // as an open descriptor beside the frame
	bytesAsked         // by frameAt
	bytesOwn           // the child has them
)

const (
	verdictSkip = iota
	verdictRead // and how, as above
)

// An answer costs two switches between processes, 50 to 100 µs on a virtual
// machine. So a verdict to read may grant some of the next small children to be
// read without asking, while nearly all are wanted: 10,000 mails then took 7 %
// more than without a sandbox, and 25 % when each was asked for. The first one
// that is not wanted ends the credit, because a mailbox that grows by a mail a
// night is known but for that mail.
const (
	firstCredit = 4
	maxCredit   = 32
	creditBytes = 256 << 10
)

// What a child's content is.
const (
	contentNone = iota
	contentInline
	contentStream
	contentBroken // inline up to where they ended in an error
	contentAhead  // inline, and being read already
)

const (
	inlineBytes = 8 << 20 // larger children are streamed
	chunkBytes  = 256 << 10
	headerBytes = 5
	smallFrame  = 1 << 20 // allocated as announced; larger ones grow as they come
)

var errFrame = errors.New("a frame that does not belong here")

// appendFrame begins a frame; closeFrame fills in its length.
func appendFrame(b []byte, kind byte) []byte { return append(b, kind, 0, 0, 0, 0) }

func closeFrame(b []byte, start int) []byte {
	binary.LittleEndian.PutUint32(b[start+1:], uint32(len(b)-start-headerBytes)) //nolint:gosec // bounded by limits far below 4 GiB
	return b
}

// frame makes a whole frame.
func frame(kind byte, payload ...byte) []byte {
	return closeFrame(append(appendFrame(nil, kind), payload...), 0)
}

// readFrame reads one frame of at most limit bytes. No memory is taken on the
// word of the sender.
func readFrame(r *bufio.Reader, limit int64) (kind byte, payload []byte, err error) {
	var head [headerBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := int64(binary.LittleEndian.Uint32(head[1:]))
	if n > limit {
		return head[0], nil, fmt.Errorf("%w: %q of %d bytes, at most %d are allowed", errFrame, head[0], n, limit)
	}
	payload = make([]byte, min(n, smallFrame))
	_, err = io.ReadFull(r, payload)
	for err == nil && int64(len(payload)) < n {
		have := len(payload)
		payload = append(make([]byte, 0, min(n, 4*int64(have))), payload...)
		payload = payload[:cap(payload)]
		_, err = io.ReadFull(r, payload[have:])
	}
	if err != nil {
		return head[0], nil, fmt.Errorf("frame %q of %d bytes: %w", head[0], n, io.ErrUnexpectedEOF)
	}
	return head[0], payload, nil
}
