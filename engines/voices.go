package engines

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
)

// Window is a second and a half of speech, or less, and what its voice is like.
type Window struct {
	Start float64   `json:"start"` // seconds
	End   float64   `json:"end"`
	Voice []float32 `json:"voice"` // of length 1; near another's where one person speaks
}

// Voices asks a running engine for the voices of a sound, as far as spans
// (start and end in seconds) say that somebody speaks; without spans the engine
// finds that out itself. name ends as files of the sound's format do.
func Voices(ctx context.Context, baseURL, key, name string, sound io.Reader, spans [][2]float64) ([]Window, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := writeVoices(form, name, sound, spans); err != nil {
		return nil, fmt.Errorf("voices: %w", err)
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, baseURL+"/audio/voices", &body)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", form.FormDataContentType())
	q.Header.Set("Authorization", "Bearer "+key)
	a, err := loopback.Do(q)
	if err != nil {
		return nil, fmt.Errorf("voices: %w", err)
	}
	defer a.Body.Close()
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("voices: the engine answers %s", a.Status)
	}
	var answer struct {
		Windows []struct {
			Start float64 `json:"start"`
			End   float64 `json:"end"`
			Voice string  `json:"voice"`
		} `json:"windows"`
	}
	if err := json.NewDecoder(io.LimitReader(a.Body, 256<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("voices: %w", err)
	}
	out := make([]Window, 0, len(answer.Windows))
	for _, w := range answer.Windows {
		raw, err := base64.StdEncoding.DecodeString(w.Voice)
		if err != nil || len(raw) == 0 || len(raw)%4 != 0 || len(out) > 0 && len(raw)/4 != len(out[0].Voice) {
			return nil, fmt.Errorf("voices: the engine answers with something else")
		}
		voice := make([]float32, len(raw)/4)
		for i := range voice {
			voice[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		out = append(out, Window{w.Start, w.End, voice})
	}
	return out, nil
}

func writeVoices(form *multipart.Writer, name string, sound io.Reader, spans [][2]float64) error {
	if spans != nil {
		list, err := json.Marshal(spans)
		if err != nil {
			return err
		}
		if len(list) > 60<<10 { // the engine bounds fields; whoever sends so many spans sends parts
			return fmt.Errorf("too many spans for one request: %d", len(spans))
		}
		if err := form.WriteField("spans", string(list)); err != nil {
			return err
		}
	}
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, sound); err != nil {
		return err
	}
	return form.Close()
}
