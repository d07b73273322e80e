package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"guidang/engines"
	"guidang/extractors/document"
	"guidang/pipeline/sound"
	"guidang/pipeline/speakers"
	"guidang/pipeline/transcribe"
)

// hearer makes transcripts of recordings, with who speaks where it can be told.
type hearer struct {
	decoder     *sound.Decoder
	transcriber *transcribe.Transcriber
	engine      SpeechEngine // tells voices apart
	engines     string       // its folder
	hours       int          // of a recording that are heard
	log         *slog.Logger
}

// listen transcribes a recording. People with a channel of their own are heard
// one by one; otherwise the whole is, and voices are told apart afterwards.
func (l *hearer) listen(ctx context.Context, r sound.Recording) (*transcribe.Heard, error) {
	if err := l.transcriber.Reachable(ctx); err != nil {
		return nil, err
	}
	channels, apart, err := l.apart(ctx, r)
	if err != nil {
		return nil, err
	}
	if len(apart) > 1 {
		return l.tracks(ctx, r, channels, apart)
	}
	got, err := l.transcriber.Transcribe(ctx, transcribe.Input{Name: r.Name, MaxHours: l.hours, Sound: func(ctx context.Context) (io.ReadCloser, error) {
		return decoded(l.decoder.Decode(ctx, r))
	}})
	if err != nil {
		return nil, err
	}
	// A transcript without names is better than none: what goes wrong here is told, and that is all.
	if err := l.voices(ctx, r, got.Transcript); err != nil && ctx.Err() == nil {
		l.log.Warn("who speaks in a recording cannot be told", "recording", r.Name, "error", err)
	}
	return got, ctx.Err()
}

// apart says which channels of a recording have a speaker of their own. What is
// wrong with its sound is told by hearing it.
func (l *hearer) apart(ctx context.Context, r sound.Recording) (channels int, apart []int, err error) {
	r.Channels = true
	s, err := l.decoder.Decode(ctx, r)
	if err != nil {
		return 0, nil, ctx.Err()
	}
	defer s.Close()
	apart, err = speakers.Apart(ctx, s, s.Channels())
	if err != nil {
		return 0, nil, ctx.Err()
	}
	return s.Channels(), apart, nil
}

// tracks hears each channel by itself.
func (l *hearer) tracks(ctx context.Context, r sound.Recording, channels int, apart []int) (*transcribe.Heard, error) {
	r.Channels = true
	var all []*transcribe.Heard
	for _, which := range apart {
		got, err := l.transcriber.Transcribe(ctx, transcribe.Input{Name: r.Name, MaxHours: l.hours, Sound: func(ctx context.Context) (io.ReadCloser, error) {
			s, err := decoded(l.decoder.Decode(ctx, r))
			if err != nil {
				return nil, err
			}
			return speakers.NewChannel(s, channels, which), nil
		}})
		if err != nil {
			return nil, err
		}
		all = append(all, got)
	}
	return transcribe.Merge(all, numbered), nil
}

// voices names the speakers of a transcript by their voices, where the engine can
// tell them apart and no service has named any.
func (l *hearer) voices(ctx context.Context, r sound.Recording, t *document.Transcript) error {
	if l.engine == nil || !engines.Speakers(l.engines) || len(t.Utterances) < 2 {
		return nil
	}
	for _, u := range t.Utterances {
		if u.Speaker != "" {
			return nil
		}
	}
	s, err := l.decoder.Decode(ctx, r)
	if err != nil {
		return err
	}
	defer s.Close()
	ask := func(ctx context.Context, wave io.Reader, spans [][2]float64) ([]engines.Window, error) {
		url, key, err := l.engine.Start(ctx)
		if err != nil {
			return nil, err
		}
		return engines.Voices(ctx, url, key, "piece.wav", wave, spans)
	}
	return speakers.ByVoice(ctx, ask, s, t, func(n int) string { return numbered(n, t.Language) })
}

// numbered calls a speaker by a number, in the language of the talk.
func numbered(n int, language string) string {
	if language == "" || strings.HasPrefix(language, "zh") || language == "yue" {
		return fmt.Sprintf("说话人 %d", n)
	}
	return fmt.Sprintf("Speaker %d", n)
}

// decoded gives a recording's sound as the transcriber wants it: damage is an
// error at its end.
func decoded(s *sound.Stream, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, err
	}
	return soundStream{s}, nil
}

type soundStream struct{ *sound.Stream }

// Read implements io.Reader.
func (s soundStream) Read(p []byte) (int, error) {
	n, err := s.Stream.Read(p)
	if lost := s.Lost(); errors.Is(err, io.EOF) && lost != nil {
		err = lost
	}
	return n, err
}
