// Package recording knows what a recording is (duration, codec, channels) from
// its bytes alone, and reads the transcripts that lie beside recordings: which
// file belongs to which, and what it says.
package recording

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"guidang/extractors/document"
)

// Formats returns the recordings and transcripts, in order of detection. The
// plain-text transcript is not among them: it is told by content alone and
// stands right before plain text (see TranscriptText).
func Formats() []document.Format {
	return []document.Format{Wav, MP3, MP4, Flac, Ogg, AMR, Silk, AAC, ASF, Matroska, AVI, VTT, SRT, TranscriptJSON}
}

// Which tells the kind of recording that some bytes are, nil if they are none.
func Which(in *document.Input) *document.Format {
	for _, f := range Formats() {
		if f.Kind == document.KindRecording && f.Detect(in) {
			return &f
		}
	}
	return nil
}

// SoundTracks says how many sound tracks a recording has: programs that record calls
// and screens give the microphone and each of the others a track of its own.
func SoundTracks(ctx context.Context, in *document.Input) int {
	var s sound
	var err error
	switch doc := (&document.Document{Fields: map[string]string{}}); {
	case isMP4(in):
		s, err = probeMP4(ctx, in, doc)
	case isMatroska(in):
		s, err = probeMatroska(ctx, in, doc)
	}
	if err != nil { // whoever decodes it will say what is wrong
		return 1
	}
	return max(s.tracks, 1)
}

// sound is what the bytes of a recording say about it.
type sound struct {
	duration   float64 // seconds; 0: not known
	codec      string
	channels   int
	tracks     int // of sound, where the container may hold several
	sampleRate int
	bitrate    int // bits a second
	video      bool
	title, by  string // tags
	created    string // RFC 3339 or a day, from the container's own clock or a tag
	tagged     bool   // created is a tag's
	estimated  bool   // the duration follows from an average, not from a count
}

// format makes a recording's Format from what finds out about its bytes.
func format(name, mediaType string, detect func(*document.Input) bool,
	probe func(ctx context.Context, in *document.Input, doc *document.Document) (sound, error)) document.Format {
	return document.Format{
		Name: name, Version: 2, Kind: document.KindRecording, MediaType: mediaType,
		Detect: detect,
		Read: func(ctx context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
			doc := &document.Document{Kind: document.KindRecording, Read: document.Full, Fields: map[string]string{}}
			s, err := probe(ctx, in, doc)
			if err != nil {
				return nil, fmt.Errorf("read the recording %q: %w", in.Name, err)
			}
			s.describe(doc)
			if hours := in.Limits.WithDefaults().Hours; s.duration > float64(hours)*3600 {
				doc.Lose(document.Partial, document.TooLarge, fmt.Sprintf("it is longer than %d hours and is not transcribed", hours))
			}
			return doc, nil
		},
	}
}

func (s *sound) describe(doc *document.Document) {
	number := func(field string, n int) {
		if n > 0 {
			doc.Fields[field] = strconv.Itoa(n)
		}
	}
	if s.duration > 0 {
		doc.Fields["duration_seconds"] = strconv.FormatFloat(math.Round(s.duration*1000)/1000, 'f', -1, 64)
		if s.estimated {
			doc.Warn("duration-estimated", "the duration follows from the bit rate, not from a count of frames")
		}
	} else if doc.Read == document.Full {
		doc.Lose(document.Partial, document.Corrupt, "no sound was found in it")
	}
	if s.codec != "" {
		doc.Fields["codec"] = s.codec
	}
	number("channels", s.channels)
	number("sample_rate", s.sampleRate)
	number("bitrate", s.bitrate)
	if s.video {
		doc.Fields["video"] = "true"
	}
	if s.title != "" {
		doc.Title = s.title
	}
	if s.by != "" {
		doc.People = append(doc.People, document.Person{Role: "author", Name: s.by})
	}
	if s.created != "" {
		doc.Date = s.created
	}
}
