package recording

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"time"

	"guidang/extractors/document"
)

// MP4 reads m4a, mp4 and mov (ISO/IEC 14496-12): duration, tracks and the time
// of recording out of the movie box.
var MP4 = format("mp4", "audio/mp4", isMP4, probeMP4)

func isMP4(in *document.Input) bool {
	h := in.Head()
	if len(h) < 12 || string(h[4:8]) != "ftyp" {
		return false
	}
	switch string(h[8:12]) { // pictures in the same container
	case "heic", "heix", "mif1", "msf1", "hevc", "avif", "avis":
		return false
	}
	return true
}

// maxBoxes bounds the walk; a broken file can state boxes without length.
const maxBoxes = 20_000

// mp4Walk visits boxes; only those that hold what is wanted are entered.
type mp4Walk struct {
	in    *document.Input
	s     sound
	boxes int
	media int64 // where mdat ends by its own word
	found bool
}

func probeMP4(ctx context.Context, in *document.Input, doc *document.Document) (sound, error) {
	w := &mp4Walk{in: in}
	if err := w.walk(ctx, 0, in.Size, 0); err != nil {
		return w.s, err
	}
	switch {
	case !w.found:
		doc.Lose(document.Partial, document.Truncated, "the file has no index of its contents: the recording was cut off")
	case w.media > in.Size:
		doc.Lose(document.Partial, document.Truncated, "the file is shorter than its index says")
	}
	if w.s.video {
		doc.MediaType = "video/mp4"
	}
	if w.s.duration > 0 {
		w.s.bitrate = int(float64(in.Size) * 8 / w.s.duration)
	}
	return w.s, nil
}

func (w *mp4Walk) walk(ctx context.Context, at, end int64, depth int) error {
	for at+8 <= end && w.boxes < maxBoxes && depth < 8 {
		w.boxes++
		if err := ctx.Err(); err != nil {
			return err
		}
		var h [16]byte
		n, err := w.in.Bytes.ReadAt(h[:min(int64(len(h)), end-at)], at)
		if n < 8 {
			if err != nil && err != io.EOF {
				return err
			}
			return nil
		}
		size, head := int64(binary.BigEndian.Uint32(h[:])), int64(8)
		kind := string(h[4:8])
		switch {
		case size == 0:
			size = end - at
		case size == 1 && n == 16:
			size, head = int64(binary.BigEndian.Uint64(h[8:])), 16 //nolint:gosec // a negative one ends the walk below
		}
		if size < head {
			return nil
		}
		stated := at + size
		stop := min(stated, end)
		switch kind {
		case "meta":
			if depth <= 2 { // of the movie, not of a track
				w.meta(at+head, stop)
			}
		case "\xa9nam", "\xa9ART", "\xa9aut", "\xa9day", "titl", "auth", "perf":
			w.user(kind, at+head, stop)
		case "moov", "trak", "mdia", "minf", "stbl", "udta":
			w.found = w.found || kind == "moov"
			if err := w.walk(ctx, at+head, stop, depth+1); err != nil {
				return err
			}
		case "mdat":
			w.media = max(w.media, stated)
		case "mvhd", "mdhd", "hdlr", "stsd":
			w.box(kind, at+head, stop)
		}
		if stated <= at {
			return nil
		}
		at = stated
	}
	return nil
}

// mp4Epoch is the container's time zero.
var mp4Epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)

func (w *mp4Walk) box(kind string, at, end int64) {
	b := make([]byte, min(max(end-at, 0), 128))
	n, _ := w.in.Bytes.ReadAt(b, at)
	b = b[:n]
	switch kind {
	case "mvhd":
		created, seconds := mp4Times(b)
		w.s.duration = seconds
		// QUIRK: most tools write zero, some the Unix epoch; neither is a date.
		if t := mp4Epoch.Add(time.Duration(created) * time.Second); !w.s.tagged && created > 0 && created < 1<<33 && t.Year() >= 1995 && t.Year() < 2100 { //nolint:gosec // below 1<<33 nothing overflows
			w.s.created = t.Format(time.RFC3339)
		}
	case "mdhd":
		// A movie header without duration stands in fragments; a track's may tell.
		if _, seconds := mp4Times(b); w.s.duration == 0 {
			w.s.duration = seconds
		}
	case "hdlr":
		if len(b) >= 12 {
			w.s.video = w.s.video || string(b[8:12]) == "vide"
			if string(b[8:12]) == "soun" {
				w.s.tracks++
			}
		}
	case "stsd":
		if len(b) < 16 {
			return
		}
		if name := mp4Codecs[string(bytes.TrimRight(b[12:16], " \x00"))]; name != "" && len(b) >= 16+28 {
			w.s.codec = name
			w.s.channels = int(binary.BigEndian.Uint16(b[16+16:]))
			w.s.sampleRate = int(binary.BigEndian.Uint32(b[16+24:]) >> 16)
		}
	}
}

var mp4Codecs = map[string]string{
	"mp4a": "aac", "alac": "alac", "samr": "amr_nb", "sawb": "amr_wb", "Opus": "opus", "fLaC": "flac",
	"ac-3": "ac3", ".mp3": "mp3", "sowt": "pcm", "twos": "pcm", "lpcm": "pcm", "ulaw": "pcm_mulaw", "alaw": "pcm_alaw",
}

// mp4Times reads creation time and duration of an mvhd or mdhd box.
func mp4Times(b []byte) (created uint64, seconds float64) {
	var scale uint32
	var units uint64
	switch {
	case len(b) >= 20 && b[0] == 0:
		created = uint64(binary.BigEndian.Uint32(b[4:]))
		scale, units = binary.BigEndian.Uint32(b[12:]), uint64(binary.BigEndian.Uint32(b[16:]))
		if units == 0xffffffff {
			units = 0
		}
	case len(b) >= 32 && b[0] == 1:
		created = binary.BigEndian.Uint64(b[4:])
		scale, units = binary.BigEndian.Uint32(b[20:]), binary.BigEndian.Uint64(b[24:])
		if units == 1<<64-1 {
			units = 0
		}
	}
	if scale == 0 {
		return created, 0
	}
	return created, float64(units) / float64(scale)
}
