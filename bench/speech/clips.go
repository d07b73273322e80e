package main

import (
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guidang/extractors/recording"
	"guidang/pipeline/sound"
)

const rate = sound.Rate

func seconds(samples int) float64 { return float64(samples) / rate }

// clip is a piece of talk of which is known what is said.
type clip struct {
	name, language, text string
	pcm                  []int16
	alone                string // what the engine hears in it alone
}

// gather reads all clips. Those with several languages or channels at once, or
// without a text, are left out.
func gather(ctx context.Context, o options) ([]clip, error) {
	var out []clip
	if o.clips != "" {
		f, err := os.Open(filepath.Join(o.clips, "refs.tsv"))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r := csv.NewReader(f)
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
		rows, err := r.ReadAll()
		if err != nil {
			return nil, err
		}
		for _, row := range rows[1:] {
			text := strings.TrimSpace(row[2])
			if row[1] != "zh" && row[1] != "en" || text == "" || strings.HasPrefix(text, "L:") || strings.HasSuffix(row[0], ".mp3") {
				continue
			}
			pcm, err := samples(ctx, filepath.Join(o.clips, row[0]))
			if err != nil {
				return nil, err
			}
			out = append(out, clip{name: row[0], language: row[1], text: text, pcm: pcm})
		}
	}
	if o.talks == "" {
		return out, nil
	}
	err := filepath.WalkDir(o.talks, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".vtt" {
			return err
		}
		more, err := cues(ctx, path)
		out = append(out, more...)
		return err
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("there are no clips")
	}
	return out, err
}

// cues makes clips of a recording beside which its text lies.
func cues(ctx context.Context, path string) ([]clip, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, ok := recording.ParseTranscript(path, data)
	if !ok {
		return nil, nil
	}
	pcm, err := samples(ctx, strings.TrimSuffix(path, ".vtt")+".mp3")
	if err != nil {
		return nil, err
	}
	var out []clip
	for _, u := range t.Utterances {
		from, to := int(u.Start*rate), min(int(u.End*rate), len(pcm))
		out = append(out, clip{name: fmt.Sprintf("%s %d", filepath.Base(path), u.ID), language: t.Language, text: u.Text, pcm: pcm[from:to]})
	}
	return out, nil
}

// samples decodes a file.
func samples(ctx context.Context, path string) ([]int16, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	s, err := sound.New(sound.Options{FFmpeg: func() string { return sound.FindFFmpeg() }}).Decode(ctx, sound.Recording{Bytes: f, Size: info.Size(), Name: path})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	data, err := io.ReadAll(s)
	if err != nil {
		return nil, err
	}
	out := make([]int16, len(data)/2)
	for n := range out {
		out[n] = int16(binary.LittleEndian.Uint16(data[2*n:]))
	}
	return out, nil
}

// wav is a file of samples.
func wav(pcm []int16) []byte {
	size := uint32(2 * len(pcm))
	out := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt "), 16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0)
	binary.LittleEndian.PutUint32(out[4:], size+36)
	out = binary.LittleEndian.AppendUint32(append(out, "data"...), size)
	for _, s := range pcm {
		out = binary.LittleEndian.AppendUint16(out, uint16(s))
	}
	return out
}
