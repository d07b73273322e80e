package recording

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"guidang/extractors/document"
)

// adtsFrames is n frames of AAC at 44,100 Hz, stereo, 107 bytes each.
func adtsFrames(n int) []byte {
	const size = 107
	return bytes.Repeat(append([]byte{0xff, 0xf1, 0x50, 0x80 | size>>11, size >> 3 & 0xff, size&7<<5 | 0x1f, 0xfc}, make([]byte, size-7)...), n)
}

func asfPart(id string, body []byte) []byte {
	return append(binary.LittleEndian.AppendUint64([]byte(id), uint64(len(body)+24)), body...)
}

// asf is a header of 61.5 s of sound, buffered for 1.5 s, made in 2024.
func asf(more ...[]byte) []byte {
	le := binary.LittleEndian
	file := make([]byte, 80)
	le.PutUint64(file[24:], uint64(time.Date(2024, 3, 5, 6, 0, 0, 0, time.UTC).Unix()-asfEpoch)*10_000_000)
	le.PutUint64(file[40:], 630_000_000)
	le.PutUint64(file[56:], 1500)
	stream := append([]byte(asfAudio), make([]byte, 38)...)
	stream = append(stream, "\x61\x01\x02\x00\x44\xac\x00\x00\x80\x3e\x00\x00\x04\x00\x10\x00\x00\x00"...)
	content := []byte("\x04\x00\x02\x00\x00\x00\x00\x00\x00\x00" + "\x68\x54\x1a\x4f\x8b\x73")
	objects := bytes.Join(append([][]byte{asfPart(asfFile, file), asfPart(asfStream, stream), asfPart(asfContent, content)}, more...), nil)
	head := binary.LittleEndian.AppendUint64([]byte(asfHeader), uint64(len(objects)+30))
	return append(append(head, 3, 0, 0, 0, 1, 2), objects...)
}

// ebml is an element; long ids and lengths of four bytes.
func ebml(id uint32, body ...[]byte) []byte {
	b := bytes.Join(body, nil)
	raw := binary.BigEndian.AppendUint32(nil, id)
	for len(raw) > 1 && raw[0] == 0 {
		raw = raw[1:]
	}
	return append(binary.BigEndian.AppendUint32(raw, uint32(len(b))|0x10000000), b...)
}

// webm is a recording of Opus; seconds 0 is what a browser leaves.
func webm(seconds float64, blocks ...[]byte) []byte {
	var info []byte
	if seconds > 0 {
		info = ebml(ebmlDuration, binary.BigEndian.AppendUint64(nil, math.Float64bits(seconds*1000)))
	}
	track := ebml(ebmlTrack, ebml(ebmlTrackType, []byte{2}), ebml(ebmlCodec, []byte("A_OPUS")),
		ebml(ebmlAudio, ebml(ebmlRate, binary.BigEndian.AppendUint32(nil, math.Float32bits(48000))), ebml(ebmlChannels, []byte{1})))
	head := ebml(0x1a45dfa3, ebml(0x4282, []byte("webm")))
	head = append(head, 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff) // a segment without length
	head = append(head, ebml(ebmlInfo, ebml(ebmlScale, []byte{0x0f, 0x42, 0x40}), info, ebml(ebmlTitle, []byte("周会")))...)
	return append(append(head, ebml(ebmlTracks, track)...), bytes.Join(blocks, nil)...)
}

func cluster(at, block byte) []byte {
	return ebml(ebmlCluster, ebml(ebmlTime, []byte{at, 0}), ebml(ebmlBlock, []byte{0x81, block, 0, 0, 'x'}))
}

// avi is a recording of 10 pictures a second for 60 s with 61 s of sound.
func avi() []byte {
	le := binary.LittleEndian
	avih := make([]byte, 56)
	le.PutUint32(avih, 100_000)
	le.PutUint32(avih[16:], 600)
	strh := func(kind string, length uint32) []byte {
		b := append([]byte(kind), make([]byte, 52)...)
		le.PutUint32(b[20:], 1)
		le.PutUint32(b[24:], 8000)
		le.PutUint32(b[32:], length)
		return chunk("strh", 56, b)
	}
	list := func(kind string, body ...[]byte) []byte {
		b := append([]byte(kind), bytes.Join(body, nil)...)
		return chunk("LIST", uint32(len(b)), b)
	}
	hdrl := list("hdrl", chunk("avih", 56, avih), list("strl", strh("vids", 600)), list("strl", strh("auds", 8000*61), pcm(1, 8000)[:0], chunk("strf", 16, pcm(1, 8000)[8:])))
	b := append([]byte("RIFF\xff\xff\xff\xffAVI "), hdrl...)
	return append(b, list("movi", make([]byte, 100))...)
}

// more are the recordings of telephones, of Windows and of browsers.
func more() []recordingTest {
	frame := append([]byte{0x3c}, make([]byte, 31)...) // AMR at 12.2 kbit/s
	wide := append([]byte{0x44}, make([]byte, 60)...)
	note := append([]byte("\x02#!SILK_V3"), bytes.Repeat([]byte("\x03\x00abc"), 50)...)
	return []recordingTest{
		{name: "amr", format: AMR, data: append([]byte("#!AMR\n"), bytes.Repeat(frame, 100)...), seconds: 2, fields: map[string]string{"codec": "amr_nb", "sample_rate": "8000"}, read: document.Full},
		{name: "amr with garbage within", format: AMR, data: bytes.Join([][]byte{[]byte("#!AMR\n"), bytes.Repeat(frame, 50), bytes.Repeat([]byte{0x60}, 9), bytes.Repeat(frame, 50)}, nil), seconds: 2, read: document.Full},
		{name: "amr, cut off", format: AMR, data: append([]byte("#!AMR\n"), bytes.Repeat(frame, 100)[:3199]...), seconds: 1.98, read: document.Full},
		{name: "amr of nothing", format: AMR, data: []byte("#!AMR\n"), read: document.Partial, reason: document.Corrupt},
		{name: "wide amr", format: AMR, data: append([]byte("#!AMR-WB\n"), bytes.Repeat(wide, 50)...), seconds: 1, fields: map[string]string{"codec": "amr_wb"}, read: document.Full},
		{name: "amr of several channels", format: AMR, data: append([]byte("#!AMR_MC1.0\n"), 0, 0, 0, 2), read: document.Partial, reason: document.Unsupported},
		{name: "voice note", format: Silk, data: note, seconds: 1, fields: map[string]string{"codec": "silk"}, read: document.Full},
		{name: "voice note with an end", format: Silk, data: append(note[1:len(note):len(note)], 0xff, 0xff, 1, 2), seconds: 1, read: document.Full},
		{name: "aac", format: AAC, data: adtsFrames(100), seconds: 100 * 1024 / 44100.0, fields: map[string]string{"codec": "aac", "channels": "2"}, read: document.Full},
		{name: "aac with a hole", format: AAC, data: bytes.Join([][]byte{adtsFrames(50), make([]byte, 999), adtsFrames(50)}, nil), seconds: 100 * 1024 / 44100.0, read: document.Full},
		{name: "wma", format: ASF, data: asf(), seconds: 61.5, fields: map[string]string{"codec": "wmav2", "channels": "2", "sample_rate": "44100"}, read: document.Full},
		{name: "wma under a licence", format: ASF, data: asf(asfPart(asfEncrypted, make([]byte, 16))), seconds: 61.5, read: document.Partial, reason: document.Encrypted},
		{name: "wma with an object of no length", format: ASF, data: asf(make([]byte, 24)), seconds: 61.5, read: document.Full},
		{name: "webm", format: Matroska, data: webm(90), seconds: 90, fields: map[string]string{"codec": "opus", "channels": "1", "sample_rate": "48000"}, read: document.Full},
		{name: "webm of a browser", format: Matroska, data: webm(0, cluster(0, 0), cluster(10, 1)), seconds: (10*256 + 256) / 1000.0, read: document.Full},
		{name: "webm of a browser, cut off", format: Matroska, data: webm(0, cluster(0, 0), cluster(10, 1)[:16]), seconds: 2.56, read: document.Full},
		{name: "webm of nothing", format: Matroska, data: webm(0), read: document.Partial, reason: document.Corrupt},
		{name: "avi", format: AVI, data: avi(), seconds: 61, fields: map[string]string{"codec": "pcm", "channels": "1", "video": "true"}, read: document.Full},
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	doc := read(t, ASF, input("a.wma", asf()))
	if doc.Title != "周会" || doc.Date != "2024-03-05T06:00:00Z" || len(doc.People) != 1 || doc.People[0].Name != "王" {
		t.Errorf("title %q, date %q, people %v", doc.Title, doc.Date, doc.People)
	}
	if doc := read(t, Matroska, input("a.webm", webm(1))); doc.Title != "周会" {
		t.Errorf("title %q", doc.Title)
	}
}

func TestTimeFromName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"2024-03-05 10.30 周会.m4a":                    "2024-03-05 10:30",
		"GMT20240305-023000_Recording_640x360.mp4":   "2024-03-05 02:30",
		"腾讯会议_20240305103000.mp4":                    "2024-03-05 10:30",
		"腾讯会议_2024-03-05 10_30_12.mp4":               "2024-03-05 10:30",
		"张总(13812345678)_20240305_1030.amr":          "2024-03-05 10:30",
		"张总(13812345678)_20240305103012.amr":         "2024-03-05 10:30",
		"Call recording 李工_240305_103000.m4a":        "2024-03-05 10:30",
		"新录音 2024年3月5日 下午3点30分.m4a":                  "2024-03-05 15:30",
		"2024-03-05 晚上8.05 评审.mp3":                   "2024-03-05 20:05",
		"2024-03-05 中午12:10.mp3":                     "2024-03-05 12:10",
		"合同_240305_1030.m4a":                         "",
		"周例会-20240305 1030-视频-1.mp4":                 "2024-03-05 10:30",
		"Meeting in General-20240305_103000-Meeting": "2024-03-05 10:30",
	} {
		got := ""
		if at, _, _, ok := TimeFromName(name, time.UTC); ok {
			got = at.Format("2006-01-02 15:04")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestSoundTracks(t *testing.T) {
	t.Parallel()
	trak := func(kind string) []byte {
		return box("trak", box("mdia", handler(kind), box("minf", box("stbl", stsd()))))
	}
	ftyp := box("ftyp", []byte("isom\x00\x00\x00\x00"))
	mkv := append(ebml(0x1a45dfa3, ebml(0x4282, []byte("matroska"))), 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	for _, kind := range []byte{1, 2, 2, 17} {
		mkv = append(mkv, ebml(ebmlTracks, ebml(ebmlTrack, ebml(ebmlTrackType, []byte{kind})))...)
	}
	for name, c := range map[string]struct {
		data []byte
		want int
	}{
		"film with two":  {append(slices.Clip(ftyp), box("moov", mvhd(1), trak("vide"), trak("soun"), trak("soun"))...), 2},
		"sound":          {append(slices.Clip(ftyp), box("moov", mvhd(1), trak("soun"))...), 1},
		"without index":  {ftyp, 1},
		"mkv with two":   {mkv, 2},
		"webm":           {webm(1), 1},
		"something else": {[]byte("RIFF"), 1},
	} {
		in := &document.Input{Name: "a", Bytes: bytes.NewReader(c.data), Size: int64(len(c.data)), Limits: document.Limits{}.WithDefaults()}
		if got := SoundTracks(t.Context(), in); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
