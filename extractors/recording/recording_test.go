package recording

import (
	"bytes"
	"context"
	"strconv"
	"testing"

	"guidang/extractors/document"
)

type recordingTest struct {
	name    string
	format  document.Format
	data    []byte
	seconds float64
	fields  map[string]string
	read    document.Read
	reason  document.Reason
}

func TestRecordings(t *testing.T) {
	t.Parallel()
	second := make([]byte, 16000*2)
	movie := func(parts ...[]byte) []byte {
		return append(box("ftyp", []byte("M4A \x00\x00\x00\x00")), bytes.Join(parts, nil)...)
	}
	track := box("trak", box("mdia", handler("soun"), box("minf", box("stbl", stsd()))))
	tests := []recordingTest{
		{name: "wave", format: Wav, data: riff(pcm(1, 16000), chunk("data", 32000, second)), seconds: 1, fields: map[string]string{"codec": "pcm", "channels": "1", "sample_rate": "16000"}, read: document.Full},
		{name: "wave with other chunks and an odd length", format: Wav, data: riff(chunk("LIST", 3, []byte("abc\x00")), pcm(2, 16000), chunk("data", 32000, second)), seconds: 0.5, read: document.Full},
		{name: "wave whose recorder was cut off", format: Wav, data: riff(pcm(1, 16000), chunk("data", 0, second)), seconds: 1, read: document.Full},
		{name: "wave that claims 4 GB", format: Wav, data: riff(pcm(1, 16000), chunk("data", 0xfffffff0, second)), seconds: 1, read: document.Full},
		{name: "wave with half of its sound", format: Wav, data: riff(pcm(1, 16000), chunk("data", 64000, second)), seconds: 1, read: document.Partial, reason: document.Truncated},
		{name: "wave without channels", format: Wav, data: riff(pcm(0, 0), chunk("data", 32000, second)), read: document.Partial, reason: document.Corrupt},
		{name: "mp3", format: MP3, data: mp3Frames(100), seconds: 100 * 1152 / 44100.0, fields: map[string]string{"codec": "mp3", "channels": "2", "sample_rate": "44100"}, read: document.Full},
		{name: "mp3 with two tags before and one behind", format: MP3, data: bytes.Join([][]byte{id3(300), id3(20), mp3Frames(10), append([]byte("TAG"), make([]byte, 125)...)}, nil), seconds: 10 * 1152 / 44100.0, read: document.Full},
		{name: "mp3 of variable rate", format: MP3, data: append(xing(50), mp3Frames(50)...), seconds: 50 * 1152 / 44100.0, read: document.Full},
		{name: "mp3 of variable rate, cut off", format: MP3, data: append(xing(5000), mp3Frames(9)...), seconds: 10 * 1152 / 44100.0, read: document.Partial, reason: document.Truncated},
		{name: "mp3 with a hole", format: MP3, data: bytes.Join([][]byte{mp3Frames(5), make([]byte, 999), mp3Frames(5)}, nil), seconds: 10 * 1152 / 44100.0, read: document.Full},
		{name: "mp3 that is only a tag", format: MP3, data: id3(50), read: document.None, reason: document.Truncated},
		{name: "m4a", format: MP4, data: movie(box("moov", mvhd(61500), track), box("mdat", make([]byte, 100))), seconds: 61.5, fields: map[string]string{"codec": "aac", "channels": "2", "sample_rate": "48000"}, read: document.Full},
		{name: "mp4 with pictures", format: MP4, data: movie(box("moov", mvhd(1000), track, box("trak", box("mdia", handler("vide"))))), seconds: 1, fields: map[string]string{"video": "true"}, read: document.Full},
		{name: "mp4 without an index", format: MP4, data: movie(box("mdat", make([]byte, 100))), read: document.Partial, reason: document.Truncated},
		{name: "mp4 with a box of no length", format: MP4, data: movie([]byte{0, 0, 0, 1, 'm', 'o', 'o', 'v', 0, 0, 0, 0, 0, 0, 0, 0}), read: document.Partial, reason: document.Truncated},
		{name: "flac", format: Flac, data: flac(44100, 2, 44100*3), seconds: 3, fields: map[string]string{"codec": "flac", "channels": "2"}, read: document.Full},
		{name: "flac of unknown length", format: Flac, data: flac(44100, 2, 0), read: document.Partial, reason: document.Corrupt},
		{name: "opus", format: Ogg, data: ogg(48000*2 + 312), seconds: 2, fields: map[string]string{"codec": "opus", "channels": "2"}, read: document.Full},
	}
	tests = append(tests, more()...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("会议.bin", tt.data)
			if !tt.format.Detect(in) {
				t.Error("not detected")
			}
			doc := read(t, tt.format, in)
			got, _ := strconv.ParseFloat(doc.Fields["duration_seconds"], 64)
			if got < tt.seconds-0.01 || got > tt.seconds+0.01 {
				t.Errorf("%v seconds, want %v", got, tt.seconds)
			}
			if doc.Read != tt.read || doc.Reason != tt.reason || doc.Kind != document.KindRecording {
				t.Errorf("read %s, reason %q, warnings %v", doc.Read, doc.Reason, doc.Warnings)
			}
			for k, v := range tt.fields {
				if doc.Fields[k] != v {
					t.Errorf("%s is %q, want %q", k, doc.Fields[k], v)
				}
			}
		})
	}
}

func TestRecordingDate(t *testing.T) {
	t.Parallel()
	doc := read(t, MP4, input("a.m4a", append(box("ftyp", []byte("M4A \x00\x00\x00\x00")), box("moov", mvhd(1000))...)))
	if doc.Date != "2024-03-05T06:00:00Z" {
		t.Errorf("date %q", doc.Date)
	}
}

func TestNoRecordings(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"two bytes of sync": append([]byte{0xff, 0xfb, 0x90, 0}, bytes.Repeat([]byte("text"), 500)...),
		"a picture":         append(box("ftyp", []byte("heic\x00\x00\x00\x00")), make([]byte, 100)...),
		"an empty file":     nil,
		"a text":            []byte("会议 10:30 开始"),
	} {
		for _, f := range Formats() {
			if f.Detect(input(name, data)) {
				t.Errorf("%s is taken for %s", name, f.Name)
			}
		}
	}
}

func FuzzRecording(f *testing.F) {
	f.Add(riff(pcm(1, 16000), chunk("data", 100, make([]byte, 100))))
	f.Add(append(xing(5), mp3Frames(3)...))
	f.Add(append(id3(10), mp3Frames(2)...))
	f.Add(append(box("ftyp", []byte("M4A \x00\x00\x00\x00")), box("moov", mvhd(1), box("trak", box("mdia", handler("soun"), box("minf", box("stbl", stsd())))))...))
	f.Add(flac(8000, 1, 5))
	f.Add(ogg(999))
	for _, tt := range more() {
		f.Add(tt.data)
	}
	for _, tt := range tagTests(f) {
		f.Add(tt.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := input("a", data)
		for _, format := range []document.Format{Wav, MP3, MP4, Flac, Ogg, AMR, Silk, AAC, ASF, Matroska, AVI} {
			format.Detect(in)
			doc, err := format.Read(context.Background(), in, nil)
			if err != nil || doc == nil {
				t.Fatalf("%s: document %v, error %v", format.Name, doc, err)
			}
		}
	})
}
