package sound

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"guidang/extractors/document"
)

// TestMain lets the test binary be a decoder.
func TestMain(m *testing.M) {
	if IsChild(os.Args) {
		os.Exit(Child(os.Args))
	}
	os.Exit(m.Run())
}

// decoders are both ways to run: in this process, and in a child.
func decoders(t *testing.T, o Options) map[string]*Decoder {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	here, apart := o, o
	apart.Command = []string{self}
	return map[string]*Decoder{"here": New(here), "child": New(apart)}
}

// file writes bytes to a file, which is what a child is handed.
func file(t *testing.T, name string, data []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// all decodes a recording to its end.
func all(t *testing.T, d *Decoder, r Recording) ([]int16, *Stream, error) {
	t.Helper()
	s, err := d.Decode(context.Background(), r)
	if err != nil {
		return nil, nil, err
	}
	defer s.Close()
	data, err := io.ReadAll(s)
	if err != nil {
		return nil, s, err
	}
	out := make([]int16, len(data)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(data[2*i:]))
	}
	if n := int64(len(out) / s.Channels()); n != s.Samples() {
		t.Errorf("Samples says %d of %d", s.Samples(), n)
	}
	return out, s, nil
}

// tone is a sine at half of full scale.
func tone(hz float64, rate, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 0.5 * math.Sin(2*math.Pi*hz*float64(i)/float64(rate))
	}
	return out
}

// wave writes a wave file; each channel is a row. length is the data chunk's
// length as it stands in the header, -1 for the true one.
func wave(tag uint16, bits, rate int, length int64, rows ...[]float64) []byte {
	le := binary.LittleEndian
	var data []byte
	for i := range rows[0] {
		for _, row := range rows {
			v := row[i]
			switch {
			case tag == wavFloat && bits == 32:
				data = le.AppendUint32(data, math.Float32bits(float32(v)))
			case tag == wavFloat:
				data = le.AppendUint64(data, math.Float64bits(v))
			case tag == wavMuLaw || tag == wavALaw:
				data = append(data, nearest(logLaw(tag == wavALaw), v))
			case bits == 8:
				data = append(data, byte(math.Round(v*127)+128))
			case bits == 16:
				data = le.AppendUint16(data, uint16(int16(math.Round(v*32767))))
			case bits == 24:
				n := int32(math.Round(v * (1<<23 - 1)))
				data = append(data, byte(n), byte(n>>8), byte(n>>16))
			default:
				data = le.AppendUint32(data, uint32(int32(math.Round(v*(1<<31-1)))))
			}
		}
	}
	if length < 0 {
		length = int64(len(data))
	}
	b := append([]byte("RIFF\xff\xff\xff\xffWAVE"), "junk\x04\x00\x00\x00abcdfmt \x10\x00\x00\x00"...)
	b = le.AppendUint16(le.AppendUint16(b, tag), uint16(len(rows)))
	b = le.AppendUint32(le.AppendUint32(b, uint32(rate)), uint32(rate*len(rows)*bits/8))
	b = le.AppendUint16(le.AppendUint16(b, uint16(len(rows)*bits/8)), uint16(bits))
	b = le.AppendUint32(append(b, "data"...), uint32(length))
	return append(b, data...)
}

func nearest(table [256]float32, v float64) byte {
	best, at := 10.0, 0
	for i, t := range table {
		if d := math.Abs(float64(t) - v); d < best {
			best, at = d, i
		}
	}
	return byte(at)
}

// differs is the loudest difference to a tone, its edges left out, where
// resampling has nothing before or behind it.
func differs(got []int16, want []float64) float64 {
	worst := 0.0
	for i := 200; i < len(got)-200 && i < len(want)-200; i++ {
		worst = max(worst, math.Abs(float64(got[i])/32768-want[i]))
	}
	return worst
}

func TestWave(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		tag       uint16
		bits      int
		rate      int
		tolerance float64
	}{
		{"8 bits", wavPCM, 8, 16000, 0.01}, {"16 bits", wavPCM, 16, 16000, 0.0001}, {"24 bits", wavPCM, 24, 16000, 0.0001},
		{"32 bits", wavPCM, 32, 16000, 0.0001}, {"float", wavFloat, 32, 16000, 0.0001}, {"double", wavFloat, 64, 16000, 0.0001},
		{"A-law of a telephone", wavALaw, 8, 8000, 0.03}, {"µ-law of a telephone", wavMuLaw, 8, 8000, 0.03},
		{"a compact disc's rate", wavPCM, 16, 44100, 0.001}, {"a video's rate", wavPCM, 16, 48000, 0.001},
		{"an odd rate", wavPCM, 16, 11025, 0.001}, {"an odder rate", wavPCM, 16, 22051, 0.001}, {"a studio's rate", wavPCM, 24, 96000, 0.001},
	}
	for _, tt := range tests {
		data := wave(tt.tag, tt.bits, tt.rate, -1, tone(440, tt.rate, tt.rate), tone(440, tt.rate, tt.rate))
		for way, d := range decoders(t, Options{}) {
			if way == "child" && tt.bits != 16 {
				continue // processes cost the time of this suite
			}
			t.Run(tt.name+"/"+way, func(t *testing.T) {
				t.Parallel()
				got, s, err := all(t, d, Recording{Bytes: file(t, "a.wav", data), Size: int64(len(data)), Name: "a.wav"})
				if err != nil || s.Lost() != nil {
					t.Fatal(err, s.Lost())
				}
				if len(got) != Rate {
					t.Errorf("a second is %d samples", len(got))
				}
				if d := differs(got, tone(440, Rate, Rate)); d > tt.tolerance {
					t.Errorf("it differs by %.4f from what was recorded", d)
				}
			})
		}
	}
}

// TestWaveFoldsNothingBack plays what lies above half of our rate.
func TestWaveFoldsNothingBack(t *testing.T) {
	t.Parallel()
	data := wave(wavPCM, 16, 44100, -1, tone(11000, 44100, 44100))
	got, _, err := all(t, New(Options{}), Recording{Bytes: bytes.NewReader(data), Size: int64(len(data)), Name: "a.wav"})
	if err != nil {
		t.Fatal(err)
	}
	if d := differs(got, make([]float64, len(got))); d > 0.0003 {
		t.Errorf("a tone above the band is heard at %.5f", d)
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()
	left, right := tone(300, 48000, 48000), tone(700, 48000, 48000)
	data := wave(wavPCM, 16, 48000, -1, left, right)
	got, s, err := all(t, New(Options{}), Recording{Bytes: bytes.NewReader(data), Size: int64(len(data)), Channels: true})
	if err != nil || s.Channels() != 2 || s.Samples() != Rate {
		t.Fatalf("%v, %d channels, %d samples", err, s.Channels(), s.Samples())
	}
	for c, hz := range []float64{300, 700} {
		var one []int16
		for i := c; i < len(got); i += 2 {
			one = append(one, got[i])
		}
		if d := differs(one, tone(hz, Rate, Rate)); d > 0.001 {
			t.Errorf("channel %d differs by %.4f", c, d)
		}
	}
}

func TestWaveThatLies(t *testing.T) {
	t.Parallel()
	sound := tone(440, 16000, 16000)
	tests := []struct {
		name   string
		length int64
		cut    int // bytes that are missing at the end
		want   int
		lost   document.Reason
	}{
		{"claims nothing", 0, 0, 16000, ""},
		{"claims 4 GB", 0xffffffff, 0, 16000, ""},
		{"claims 4 GB less a little", 0xfffffff0, 1, 15999, ""},
		{"claims 100 MB", 100 << 20, 0, 16000, document.Truncated},
		{"cut off", 32000, 1001, 15499, document.Truncated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := wave(wavPCM, 16, 16000, tt.length, sound)
			data = data[:len(data)-tt.cut]
			got, s, err := all(t, New(Options{}), Recording{Bytes: bytes.NewReader(data), Size: int64(len(data))})
			if err != nil {
				t.Fatal(err)
			}
			why := document.Reason("")
			if s.Lost() != nil {
				why = s.Lost().Why
			}
			if len(got) != tt.want || why != tt.lost {
				t.Errorf("%d samples, lost by %q; want %d and %q", len(got), why, tt.want, tt.lost)
			}
		})
	}
}

func TestNothingToHear(t *testing.T) {
	t.Parallel()
	amr := append([]byte("#!AMR\n"), make([]byte, 64)...)
	tests := []struct {
		name string
		data []byte
		want document.Reason
	}{
		{"no recording", []byte("hello, this is text and no recording"), document.Unsupported},
		{"a wave file without samples", wave(wavPCM, 16, 16000, -1, nil), document.Empty},
		{"a wave file of nothing", []byte("RIFF\x04\x00\x00\x00WAVE"), document.Corrupt},
	}
	for _, tt := range tests {
		for way, d := range decoders(t, Options{}) {
			_, _, err := all(t, d, Recording{Bytes: file(t, "a", tt.data), Size: int64(len(tt.data)), Name: "a"})
			var f *Fault
			if !errors.As(err, &f) || f.Why != tt.want {
				t.Errorf("%s (%s): %v, want %s", tt.name, way, err, tt.want)
			}
		}
	}
	if _, _, err := all(t, New(Options{}), Recording{Bytes: bytes.NewReader(amr), Size: int64(len(amr)), Name: "a.amr"}); !errors.Is(err, ErrMissingTool) {
		t.Errorf("without ffmpeg: %v", err)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	data := wave(wavPCM, 8, 8000, -1, make([]float64, 8000*10))
	s, err := New(Options{Hours: 1}).Decode(context.Background(), Recording{Bytes: bytes.NewReader(data), Size: int64(len(data))})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.most != 3600*Rate {
		t.Errorf("%d samples at the utmost", s.most)
	}
	s.most = 5 * Rate
	if _, err := io.Copy(io.Discard, s); err != nil || s.Seconds() != 5 || s.Lost() == nil || s.Lost().Why != document.TooLarge {
		t.Errorf("%v, %g s, %v", err, s.Seconds(), s.Lost())
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	data := wave(wavPCM, 16, 48000, -1, make([]float64, 48000*60))
	for way, d := range decoders(t, Options{}) {
		ctx, cancel := context.WithCancel(context.Background())
		s, err := d.Decode(ctx, Recording{Bytes: file(t, "a.wav", data), Size: int64(len(data))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(s, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := io.Copy(io.Discard, s); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", way, err)
		}
		_ = s.Close()
		_ = s.Close()
	}
}

func at(path string) func() string { return func() string { return path } }

// TestProgram decodes by somebody else's program, here a shell that shows a wave
// file. It is told apart from one that is not there and one that fails.
func TestProgram(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		t.Skip("no shell here")
	}
	dir := t.TempDir()
	shown, script := filepath.Join(dir, "shown.wav"), filepath.Join(dir, "show")
	if err := errors.Join(os.WriteFile(shown, wave(wavPCM, 16, Rate, -1, tone(440, Rate, 3200)), 0o600),
		os.WriteFile(script, []byte("exec /bin/cat "+shown+"\n"), 0o600), os.WriteFile(script+"-half", []byte("/usr/bin/head -c 2000 "+shown+"; exit 1\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	note := []byte("\x02#!SILK_V3\x01\x00\x01")
	r := Recording{Bytes: file(t, "a.silk", note), Size: int64(len(note)), Name: "a.silk"}
	by := func(command ...string) func() Program {
		return func() Program { return Program{Command: command, Read: []string{"/bin", "/usr/bin", dir}} }
	}
	for way, d := range decoders(t, Options{Silk: by("/bin/sh", script)}) {
		got, s, err := all(t, d, r)
		if err != nil || s.Lost() != nil || len(got) != 3200 {
			t.Errorf("%s: %v, %d samples", way, err, len(got))
		}
	}
	if _, _, err := all(t, New(Options{}), r); !errors.Is(err, ErrMissingTool) || !errors.Is(err, ErrMissingSilk) {
		t.Errorf("without it: %v", err)
	}
	got, s, err := all(t, New(Options{Silk: by("/bin/sh", script+"-half")}), r)
	if err != nil || s.Lost() == nil || s.Lost().Why != document.Crash || len(got) == 0 {
		t.Errorf("one that fails: %v, %d samples", err, len(got))
	}
}

// TestStall runs a decoder that says nothing.
func TestStall(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sleep"); err != nil {
		t.Skip("no sleep here")
	}
	script := filepath.Join(t.TempDir(), "ffmpeg")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexec sleep 60\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	amr := append([]byte("#!AMR\n"), make([]byte, 64)...)
	_, _, err := all(t, New(Options{FFmpeg: at(script), Stall: 200 * time.Millisecond}), Recording{Bytes: file(t, "a.amr", amr), Size: int64(len(amr)), Name: "a.amr"})
	var f *Fault
	if !errors.As(err, &f) || f.Why != document.TimeLimit {
		t.Errorf("%v", err)
	}
}

// TestFFmpeg decodes what only ffmpeg knows: IMA ADPCM in a wave file, here
// blocks that say silence.
func TestFFmpeg(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	b := append([]byte("RIFF\xff\xff\xff\x00WAVE"), "fmt \x14\x00\x00\x00\x11\x00\x01\x00"...)
	b = le.AppendUint32(le.AppendUint32(b, 8000), 4064)
	b = append(b, "\x00\x01\x04\x00\x02\x00\xf9\x01data"...)
	b = le.AppendUint32(b, 256*16)
	b = append(b, make([]byte, 256*16)...)
	r := Recording{Bytes: bytes.NewReader(b), Size: int64(len(b)), Name: "a.wav"}
	if _, _, err := all(t, New(Options{}), r); !errors.Is(err, ErrMissingTool) {
		t.Errorf("without ffmpeg: %v", err)
	}
	ffmpeg := needFFmpeg(t)
	for way, d := range decoders(t, Options{FFmpeg: at(ffmpeg), Dir: t.TempDir()}) {
		got, s, err := all(t, d, r)
		if err != nil || s.Lost() != nil || s.Channels() != 1 || s.Samples() != 16*505*2 {
			t.Errorf("%s: %v, %v, %d samples", way, err, s.Lost(), len(got))
		}
	}
}

// needFFmpeg skips what this program does not decode by itself where the machine has no
// ffmpeg: tests have to pass with only Go installed.
func needFFmpeg(t *testing.T) string {
	t.Helper()
	ffmpeg := FindFFmpeg()
	if ffmpeg == "" {
		t.Skip("no ffmpeg on PATH, which this decodes with")
	}
	return ffmpeg
}

// TestTracks decodes a recording of two sound tracks, of which the second begins
// where the first ends: none may be lost, whether they are mixed or kept apart.
func TestTracks(t *testing.T) {
	t.Parallel()
	ffmpeg := needFFmpeg(t)
	dir := t.TempDir()
	for _, name := range []string{"call.mkv", "call.mp4"} {
		path := filepath.Join(dir, name)
		made := exec.CommandContext(t.Context(), ffmpeg, "-v", "error", "-f", "lavfi", "-i", "sine=f=400:d=1", "-f", "lavfi", "-i", "aevalsrc=if(lt(t\\,1)\\,0\\,0.1*sin(2*PI*900*t)):d=2",
			"-map", "0:a", "-map", "1:a", "-c:a", "aac", path)
		if out, err := made.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for way, d := range decoders(t, Options{FFmpeg: at(ffmpeg), Dir: t.TempDir()}) {
			for _, apart := range []bool{false, true} {
				r := Recording{Bytes: bytes.NewReader(b), Size: int64(len(b)), Name: name, Channels: apart}
				got, s, err := all(t, d, r)
				want := 1
				if apart {
					want = 2
				}
				if err != nil || s.Lost() != nil || s.Channels() != want {
					t.Fatalf("%s, %s, apart %v: %v, %v, %d channels", name, way, apart, err, s.Lost(), s.Channels())
				}
				// How loud each channel is in the middle of the first second and of the second one.
				var loud [2][2]int
				for second := range 2 {
					for n := range Rate / 2 {
						frame := (second*Rate + Rate/4 + n) * want
						for c := range want {
							loud[second][c] = max(loud[second][c], int(got[frame+c]))
						}
					}
				}
				if !apart && (loud[0][0] < 1000 || loud[1][0] < 1000) || apart && (loud[0][0] < 1000 || loud[0][1] > 300 || loud[1][0] > 300 || loud[1][1] < 1000) {
					t.Errorf("%s, %s, apart %v: loud %v", name, way, apart, loud)
				}
			}
		}
	}
}

func FuzzNative(f *testing.F) {
	f.Add("wav", wave(wavPCM, 16, 44100, -1, tone(440, 44100, 100)))
	f.Add("wav", wave(wavMuLaw, 8, 8000, 0, tone(440, 8000, 100), tone(440, 8000, 100)))
	f.Add("mp3", append([]byte{0xff, 0xfb, 0x90, 0}, make([]byte, 413)...))
	f.Add("flac", append([]byte("fLaC\x80\x00\x00\x22"), make([]byte, 60)...))
	f.Fuzz(func(t *testing.T, way string, data []byte) {
		var out bytes.Buffer
		err := native(context.Background(), order{Native: way, Size: int64(len(data))}, bytes.NewReader(data), &out)
		var fault *Fault
		if err != nil && !errors.As(err, &fault) {
			t.Fatal(err)
		}
		if out.Len() > 0 && (out.Len()-44)%2 != 0 {
			t.Fatalf("%d bytes", out.Len())
		}
	})
}
