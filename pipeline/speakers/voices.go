package speakers

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"guidang/engines"
	"guidang/extractors/document"
)

const (
	// pieceSeconds of sound are sent to the engine at once: 10 MB.
	pieceSeconds = 300

	// An utterance shorter than this has too little of a voice.
	leastSeconds = 0.4
)

// Ask has the voices of a sound told: seconds of start and end of each utterance
// in it, from its beginning.
type Ask func(ctx context.Context, wave io.Reader, spans [][2]float64) ([]engines.Window, error)

// ByVoice names the speakers of a transcript by their voices: speaker gives the
// name of the n-th one, from 1. sound is that of the transcript, 16 kHz and one
// channel. Where one person speaks alone, nobody is named.
func ByVoice(ctx context.Context, ask Ask, sound io.Reader, t *document.Transcript, speaker func(n int) string) error {
	windows, err := windowsOf(ctx, ask, sound, t)
	if err != nil {
		return err
	}
	people := engines.People(windows, 0)
	if n := count(people); n < 2 {
		return nil
	}
	for i := range t.Utterances {
		u := &t.Utterances[i]
		if who := engines.Person(windows, people, u.Start, u.End); who >= 0 {
			u.Speaker = speaker(who + 1)
		}
	}
	return nil
}

func count(people []int) int {
	n := 0
	for _, p := range people {
		n = max(n, p+1)
	}
	return n
}

// windowsOf asks for the voices of all utterances, some minutes of sound at a
// time: a recording of four hours is never held whole.
func windowsOf(ctx context.Context, ask Ask, sound io.Reader, t *document.Transcript) ([]engines.Window, error) {
	var out []engines.Window
	buf := make([]byte, 44+pieceSeconds*rate*2)
	next := 0
	for at := 0.0; next < len(t.Utterances); at += pieceSeconds {
		n, err := io.ReadFull(sound, buf[44:])
		over := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !over {
			return nil, err
		}
		var spans [][2]float64
		for next < len(t.Utterances) && t.Utterances[next].Start < at+pieceSeconds {
			u := t.Utterances[next]
			if from, to := max(u.Start-at, 0), min(u.End-at, pieceSeconds); to-from >= leastSeconds {
				spans = append(spans, [2]float64{from, to})
			}
			if u.End > at+pieceSeconds {
				break // the rest of it lies in the next piece
			}
			next++
		}
		if len(spans) > 0 && n > 0 {
			waveHead(buf[:44], n)
			windows, err := ask(ctx, bytes.NewReader(buf[:44+n]), spans)
			if err != nil {
				return nil, fmt.Errorf("who speaks: %w", err)
			}
			for _, w := range windows {
				w.Start, w.End = w.Start+at, w.End+at
				out = append(out, w)
			}
		}
		if over {
			break
		}
	}
	return out, nil
}

// waveHead writes the header of plain sound.
func waveHead(b []byte, size int) {
	le := binary.LittleEndian
	copy(b, "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00")
	le.PutUint32(b[4:], uint32(size+36)) //nolint:gosec // minutes
	le.PutUint32(b[24:], rate)
	le.PutUint32(b[28:], rate*2)
	copy(b[32:], "\x02\x00\x10\x00data")
	le.PutUint32(b[40:], uint32(size)) //nolint:gosec // minutes
}
