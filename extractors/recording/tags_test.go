package recording

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

// id3Tag is a tag of one version; flags are those of its head.
func id3Tag(version, flags byte, frames ...[]byte) []byte {
	body := bytes.Join(frames, nil)
	if flags&0x80 != 0 && version < 4 {
		body = bytes.ReplaceAll(body, []byte{0xff}, []byte{0xff, 0})
	}
	tag := id3(len(body) + 20)
	tag[3], tag[5] = version, flags
	copy(tag[10:], body)
	return tag
}

// id3Frame is a frame of version 2.3 and, below 128 bytes, of 2.4.
func id3Frame(id string, encoding byte, text string) []byte {
	size := binary.BigEndian.AppendUint32([]byte(id), uint32(len(text)+1))
	if len(id) == 3 {
		size = append([]byte(id), size[4:]...)
	} else {
		size = append(size, 0, 0)
	}
	return append(append(size, encoding), text...)
}

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, c := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return string(b)
}

func gbk(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// comments is a list of tags as FLAC, Vorbis and Opus have it.
func comments(lines ...string) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(append(le.AppendUint32(nil, 4), "test"...), uint32(len(lines)))
	for _, l := range lines {
		b = append(le.AppendUint32(b, uint32(len(l))), l...)
	}
	return b
}

// oggPage is a page of one packet, or of the part of it that is not its end.
func oggPage(packet []byte, more bool) []byte {
	lacing := bytes.Repeat([]byte{255}, len(packet)/255)
	if !more {
		lacing = append(lacing, byte(len(packet)%255))
	}
	h := append([]byte("OggS\x00\x00"), make([]byte, 20)...)
	return append(append(append(h, byte(len(lacing))), lacing...), packet...)
}

func taggedOgg(packet []byte) []byte {
	head := oggPage([]byte("OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00"), false)
	cut := min(255*20, len(packet)/255*255)
	last := oggPage(nil, false)
	binary.LittleEndian.PutUint64(last[6:], 96312)
	return bytes.Join([][]byte{head, oggPage(packet[:cut], true), oggPage(packet[cut:], false), last}, nil)
}

func movieOf(parts ...[]byte) []byte {
	return append(box("ftyp", []byte("M4A \x00\x00\x00\x00")), box("moov", parts...)...)
}

func itunes(kind string, value string) []byte {
	return box(kind, box("data", []byte{0, 0, 0, 1, 0, 0, 0, 0}, []byte(value)))
}

type tagTest struct {
	format          document.Format
	data            []byte
	title, by, date string
}

func tagTests(t testing.TB) map[string]tagTest {
	t.Helper()
	wave := func(chunks ...[]byte) []byte {
		return riff(append(append([][]byte{pcm(1, 16000)}, chunks...), chunk("data", 320, make([]byte, 320)))...)
	}
	list := func(kind, value string) []byte {
		return chunk(kind, uint32(len(value)), []byte(value+strings.Repeat("\x00", len(value)&1)))
	}
	info := func(parts ...[]byte) []byte {
		b := append([]byte("INFO"), bytes.Join(parts, nil)...)
		return chunk("LIST", uint32(len(b)), b)
	}
	v1 := make([]byte, 128)
	copy(v1, "TAG"+gbk(t, "项目启动会"))
	copy(v1[33:], gbk(t, "李娜"))
	bext := make([]byte, 602)
	copy(bext, "Kick-off")
	copy(bext[320:], "2024-03-0510:30:00")
	metaKeys := box("keys", make([]byte, 4), []byte{0, 0, 0, 2}, box("mdta", []byte("com.apple.quicktime.title")), box("mdta", []byte("com.apple.quicktime.creationdate")))
	key := func(n byte, value string) []byte { return itunes("\x00\x00\x00"+string(rune(n)), value) }
	long := comments("METADATA_BLOCK_PICTURE="+strings.Repeat("A", 20_000), "title=周会", "ARTIST=王强", "DATE=2024-03-05")
	old := id3Tag(4, 0, append(binary.BigEndian.AppendUint32([]byte("TIT2"), 201), append([]byte{0, 0, 3}, strings.Repeat("x", 200)...)...), id3Frame("TPE1", 3, "王强"))
	meeting := []byte("需求评审会")
	return map[string]tagTest{
		"2.3, UTF-16":              {MP3, append(id3Tag(3, 0, id3Frame("TIT2", 1, utf16LE("需求评审会")), id3Frame("TPE1", 1, utf16LE("王强")), id3Frame("TYER", 0, "2024"), id3Frame("TDAT", 0, "0503")), mp3Frames(9)...), "需求评审会", "王强", "2024-03-05"},
		"2.3, shifted":             {MP3, append(id3Tag(3, 0x80, id3Frame("TIT2", 1, utf16LE("需求评审会")), id3Frame("TPE1", 1, utf16LE("王强"))), mp3Frames(9)...), "需求评审会", "王强", ""},
		"2.3, GBK called Latin":    {MP3, append(id3Tag(3, 0, id3Frame("TIT2", 0, gbk(t, "华信制造项目周例会")), id3Frame("TPE1", 0, gbk(t, "李娜"))), mp3Frames(9)...), "华信制造项目周例会", "李娜", ""},
		"2.3, Latin":               {MP3, append(id3Tag(3, 0, id3Frame("TIT2", 0, "R\xe9union d'\xe9quipe")), mp3Frames(9)...), "Réunion d'équipe", "", ""},
		"2.4":                      {MP3, append(id3Tag(4, 0, id3Frame("APIC", 0, "x"), id3Frame("TIT2", 3, "周会\x00第二"), id3Frame("TDRC", 3, "2024-03-05T10:30:00")), mp3Frames(9)...), "周会", "", "2024-03-05"},
		"2.4, lengths of iTunes":   {MP3, append(old, mp3Frames(9)...), strings.Repeat("x", 200), "王强", ""},
		"2.2":                      {MP3, append(id3Tag(2, 0, id3Frame("TT2", 0, "Weekly"), id3Frame("TP1", 0, "Anna"), id3Frame("TYE", 0, "2024")), mp3Frames(9)...), "Weekly", "Anna", ""},
		"the year alone":           {MP3, append(id3Tag(4, 0, id3Frame("TDRC", 3, "2019")), mp3Frames(9)...), "", "", ""},
		"version 1":                {MP3, append(mp3Frames(9), v1...), "项目启动会", "李娜", ""},
		"iTunes list":              {MP4, movieOf(mvhd(1000), box("udta", box("meta", make([]byte, 4), handler("mdir"), box("ilst", itunes("covr", "x"), itunes("\xa9nam", "周会"), itunes("\xa9ART", "王强"), itunes("\xa9day", "2023"))))), "周会", "王强", "2024-03-05T06:00:00Z"},
		"iTunes list, converted":   {MP4, movieOf(mvhd(1000), box("udta", box("meta", make([]byte, 4), handler("mdir"), box("ilst", itunes("\xa9day", "2022-11-09T14:00:00+08:00"))))), "", "", "2022-11-09T14:00:00+08:00"},
		"the same day":             {MP4, movieOf(mvhd(1000), box("udta", box("meta", make([]byte, 4), handler("mdir"), box("ilst", itunes("\xa9day", "2024-03-05"))))), "", "", "2024-03-05T06:00:00Z"},
		"QuickTime keys":           {MP4, movieOf(box("meta", handler("mdta"), metaKeys, box("ilst", key(1, "现场演示"), key(2, "2024-03-04T16:30:00+0800"))), mvhd(1000)), "现场演示", "", "2024-03-04T16:30:00+08:00"},
		"QuickTime user data":      {MP4, movieOf(mvhd(1000), box("udta", box("\xa9nam", []byte{0, byte(len(meeting)), 0x15, 0xc7}, meeting), make([]byte, 4))), "需求评审会", "", "2024-03-05T06:00:00Z"},
		"telephone":                {MP4, movieOf(mvhd(1000), box("udta", box("titl", make([]byte, 6), meeting, []byte{0}))), "需求评审会", "", "2024-03-05T06:00:00Z"},
		"flac":                     {Flac, taggedFlac(comments("TITLE=周会", "artist=Anna", "DATE=2024/3/5")), "周会", "Anna", "2024-03-05"},
		"flac, GBK":                {Flac, taggedFlac(comments("TITLE=" + gbk(t, "华信制造项目周例会"))), "华信制造项目周例会", "", ""},
		"opus, over several pages": {Ogg, taggedOgg(append([]byte("OpusTags"), long...)), "周会", "王强", "2024-03-05"},
		"wave, INFO":               {Wav, wave(info(list("INAM", gbk(t, "华信制造项目周例会")), list("ICRD", "2024-03-05"))), "华信制造项目周例会", "", "2024-03-05"},
		"wave, broadcast":          {Wav, wave(chunk("bext", 602, bext)), "Kick-off", "", "2024-03-05"},
	}
}

// taggedFlac is a stream of which the tags are the last block.
func taggedFlac(tags []byte) []byte {
	b := flac(44100, 2, 44100)[:4+4+34]
	b[4] = 0
	b = append(b, 0x84, byte(len(tags)>>16), byte(len(tags)>>8), byte(len(tags)))
	return append(b, tags...)
}

func TestTagsOf(t *testing.T) {
	t.Parallel()
	for name, tt := range tagTests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := read(t, tt.format, input("a.bin", tt.data))
			by := ""
			if len(doc.People) > 0 {
				by = doc.People[0].Name
			}
			if doc.Title != tt.title || by != tt.by || doc.Date != tt.date {
				t.Errorf("title %q, by %q, date %q", doc.Title, by, doc.Date)
			}
			for cut := range min(len(tt.data), 300) { // damage is no reason to fail
				read(t, tt.format, input("a.bin", tt.data[:cut]))
			}
		})
	}
}
