package main

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"guidang/extractors/document"
)

// An interview in which each person has a channel is heard channel by channel.
func TestStereoInterview(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var pcm []byte
	for i := range 48 * 8000 { // by turns of twelve seconds
		at := float64(i) / 8000
		v := [2]float64{}
		if math.Mod(at, 0.5) < 0.3 && math.Mod(at, 12) > 0.5 {
			v[i/(12*8000)%2] = 9000 * math.Sin(2*math.Pi*(300+at)*at)
		}
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v[0])+int16(i*7919%23)))
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v[1])+int16(i*7919%29)))
	}
	head := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x10\x00data")
	binary.LittleEndian.PutUint32(head[4:], uint32(36+len(pcm)))
	path := filepath.Join(t.TempDir(), "2025-08-20 访谈.wav")
	if err := os.WriteFile(path, append(binary.LittleEndian.AppendUint32(head, uint32(len(pcm))), pcm...), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &speechService{}
	env := map[string]string{"GUIDANG_TRANSCRIBE_ENDPOINTS": s.start(t) + " model=m"}
	var tr document.Transcript
	commandIn(t, t.Context(), env, "transcribe", path, "--json").want(t, exitDone).decode(t, &tr)
	if tr.Duration != 48 || len(tr.Utterances) < 4 {
		t.Fatalf("%+v", tr)
	}
	for _, u := range tr.Utterances {
		want := "说话人 1"
		if int(u.Start/12)%2 == 1 {
			want = "说话人 2"
		}
		if u.Speaker != want {
			t.Errorf("%.1f s: %q", u.Start, u.Speaker)
		}
	}
	asked := s.asked
	commandIn(t, t.Context(), env, "transcribe", path, "--json").want(t, exitDone)
	if s.asked != asked {
		t.Error("the same parts were sent again")
	}
}
