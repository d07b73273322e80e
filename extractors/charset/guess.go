package charset

import (
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// What a pair of bytes says for its charset. A right reading gives about 4.5 a
// character, a wrong one at most 2; invalid pairs weigh most.
const (
	isCommon  = 6
	isMark    = 3 // punctuation of the charset
	isForeign = 2 // common in the other way of writing Chinese
	isLevel1  = 1 // the charset's own choice of frequent characters
	isLevel2  = -1
	isRare    = -4
	isInvalid = -8
)

// preferGB is how much the mainland charset is ahead before anything is read: the
// archives are a mainland firm's. It decides only strings of one or two
// characters that no table knows.
const preferGB = 4

const sampleBytes = 8 << 10

// guess tells the charset by the frequency of characters. sure is true when the
// winner is far ahead, by enough text to overrule a label.
func guess(data []byte) (name string, sure bool) {
	for i, c := range data {
		if c >= 0x80 {
			data = data[max(i-1, 0):] // the letter before matters to Latin
			break
		}
	}
	data = data[:min(len(data), sampleBytes)]
	gb := scorePairs(data, gbScores(), true) + preferGB
	best, second := gb, -1<<30
	name = GB18030
	for _, c := range []struct {
		name  string
		score int
	}{
		{Big5, scorePairs(data, big5Scores(), false)},
		{EUCKR, scorePairs(data, koreanScores(), false)},
		{ShiftJS, scoreShiftJIS(data)},
		{EUCJP, scoreEUCJP(data)},
		{Latin, scoreLatin(data)},
		{"koi8-r", scoreLetters(data, commonKOI8, "")},
		{"windows-1251", scoreLetters(data, common1251, "")},
		{"windows-1253", scoreLetters(data, common1253, "\xa2\xb8\xb9\xba\xbc\xbe\xbf")},
		{"windows-1256", scoreLetters(data, common1256, "\xa1\xba\xbf")},
	} {
		switch {
		case c.score > best:
			best, second, name = c.score, best, c.name
		case c.score > second:
			second = c.score
		}
	}
	high := 0
	for _, c := range data {
		if c >= 0x80 {
			high++
		}
	}
	return name, high >= 6 && best*2 >= high*3 && best >= 2*second
}

// plausible is a short look that spares labelled Chinese the guess: three quarters
// of its time on a usual body.
func plausible(data []byte, name string) bool {
	data = data[:min(len(data), 1<<10)]
	high := 0
	for _, c := range data {
		if c >= 0x80 {
			high++
		}
	}
	switch name {
	case GB18030:
		return scorePairs(data, gbScores(), true)*4 >= high*5
	case Big5:
		return scorePairs(data, big5Scores(), false)*4 >= high*5
	}
	return high < 6
}

// scorePairs adds up the pairs of a two-byte charset.
func scorePairs(data []byte, scores *[1 << 16]int8, gb bool) int {
	score := 0
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c < 0x80 {
			continue
		}
		if i+1 == len(data) {
			break // cut off
		}
		next := data[i+1]
		if gb && next >= 0x30 && next <= 0x39 && i+3 < len(data) && data[i+2] >= 0x81 && data[i+3] >= 0x30 && data[i+3] <= 0x39 {
			i += 3 // four bytes, GB18030's own
			continue
		}
		s := scores[uint16(c)<<8|uint16(next)]
		score += int(s)
		if s != isInvalid {
			i++
		}
	}
	return score
}

var gbScores = sync.OnceValue(func() *[1 << 16]int8 {
	return pairScores(simplifiedchinese.GB18030, commonSimplified, func(lead, trail byte) int8 {
		switch {
		case lead == 0xa1 && trail >= 0xa1, lead == 0xa3 && trail >= 0xa1:
			return isMark
		case lead < 0xa1 || trail < 0xa1 || lead > 0xf7:
			return isRare
		case lead < 0xb0:
			return isLevel2
		case lead <= 0xd7:
			return isLevel1
		}
		return isLevel2
	})
})

var big5Scores = sync.OnceValue(func() *[1 << 16]int8 {
	return pairScores(traditionalchinese.Big5, commonTraditional, func(lead, trail byte) int8 {
		switch {
		case lead == 0xa1 && trail <= 0x7e:
			return isMark
		case lead >= 0xa4 && lead <= 0xc6:
			return isLevel1
		case lead >= 0xc9 && lead <= 0xf9:
			return isLevel2
		}
		return isRare
	})
})

var koreanScores = sync.OnceValue(func() *[1 << 16]int8 {
	return pairScores(korean.EUCKR, commonHangul, func(lead, trail byte) int8 {
		switch {
		case lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1:
			return isLevel1
		case lead < 0xa1 || trail < 0xa1 || lead >= 0xca:
			return isRare
		}
		return isLevel2
	})
})

// pairScores makes a charset's table: 24,000 lookups once, about 2 ms.
func pairScores(e encoding.Encoding, common string, level func(lead, trail byte) int8) *[1 << 16]int8 {
	frequent := make(map[rune]bool, len(common)/3)
	foreign := map[rune]bool{}
	if common == commonSimplified {
		for _, r := range commonTraditional {
			foreign[r] = true
		}
	}
	for _, r := range common {
		frequent[r] = true
	}
	t := new([1 << 16]int8)
	d := e.NewDecoder()
	var out [16]byte
	for lead := 0x80; lead <= 0xff; lead++ {
		for trail := range 0x100 {
			in := []byte{byte(lead), byte(trail)}
			d.Reset()
			n, read, err := d.Transform(out[:], in, true)
			r, size := utf8.DecodeRune(out[:n])
			s := int8(isInvalid)
			switch {
			case err != nil || read != 2 || r == utf8.RuneError || size != n || trail < 0x40:
			case r >= 0xe000 && r <= 0xf8ff:
				s = isRare
			case frequent[r]:
				s = isCommon
			case foreign[r]:
				s = isForeign
			default:
				s = level(byte(lead), byte(trail))
			}
			t[lead<<8|trail] = s
		}
	}
	return t
}

// scoreShiftJIS lives on kana, which every Japanese sentence has.
func scoreShiftJIS(data []byte) int {
	score := 0
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c < 0x80 {
			continue
		}
		if c >= 0xa1 && c <= 0xdf {
			score -= 2 // half-width kana: in mail never, in GBK read wrongly all over
			continue
		}
		if i+1 == len(data) {
			break
		}
		next := data[i+1]
		pair := int(c)<<8 | int(next)
		switch {
		case next < 0x40 || next == 0x7f || next > 0xfc || c == 0x80 || c == 0xa0 || c > 0xfc:
			score += isInvalid
			continue
		case pair >= 0x829f && pair <= 0x82f1, pair >= 0x8340 && pair <= 0x8396:
			score += 5
		case pair >= 0x8141 && pair <= 0x815b, pair >= 0x8169 && pair <= 0x8176:
			score += isMark
		case pair >= 0x889f && pair <= 0x9872:
			score += isLevel1
		case pair >= 0x989f && pair <= 0xeaa4:
			score += isLevel2
		default:
			score += isRare
		}
		i++
	}
	return score
}
