package transcribe

import (
	"bytes"
	"compress/zlib"
	"strings"
	"unicode"

	"guidang/extractors/document"
)

// What is wrong with an utterance. The page and the minutes name these.
const (
	FlagSilence  = "silence"        // there is no voice where it is said to be
	FlagStock    = "stock-phrase"   // of the films and programmes that engines learned from
	FlagEcho     = "prompt-echo"    // it says what it was told before
	FlagLoop     = "loop"           // the same again and again; one copy is kept
	FlagRepeated = "repeated"       // more of itself than talk is
	FlagSpeed    = "too-fast"       // faster than anybody speaks
	FlagUnsure   = "low-confidence" // the engine was unsure
)

const (
	noVoice      = 0.2  // of its time: less is no evidence for words
	hardlyVoice  = 0.05 // less cannot have been talk
	noSpeech     = 0.6  // Whisper's own threshold, with logprob
	poorLogProb  = -1.0
	dense        = 2.4 // compression ratio
	denseBytes   = 40  // shorter texts compress to anything
	fastHan      = 12.0
	fastWords    = 7.0
	unsureBelow  = 0.45
	loopTimes    = 4 // a run of up to loopLetters in a row
	loopLetters  = 15
	sameTimes    = 3 // utterances with the same text in a row
	sameTimesAny = 6 // also short ones: 对, 对, 对 is talk, up to here
)

// check holds what was heard against the sound. kept is the transcript; dropped
// is what was taken out, with the reason, for the record.
func check(pieces []*piece, prompt string) (kept, dropped []*piece) {
	phrase := letters(prompt)
	for n, p := range pieces {
		if why := p.unsaid(phrase, n+1 == len(pieces)); why != "" {
			p.flag(why)
			dropped = append(dropped, p)
			continue
		}
		if short, was := collapse(p.text); was {
			whole := *p
			whole.flags = append([]string{}, p.flags...)
			whole.flag(FlagLoop)
			dropped = append(dropped, &whole)
			p.text = short
			p.flag(FlagLoop)
		} else if squeezed(p) > dense {
			p.flag(FlagRepeated)
		}
		if p.tooFast() {
			p.flag(FlagSpeed)
		}
		if p.confidence > 0 && p.confidence < unsureBelow || p.noSpeech > noSpeech && p.logProb < poorLogProb {
			p.flag(FlagUnsure)
		}
		kept = append(kept, p)
	}
	kept, again := same(kept)
	return kept, append(dropped, again...)
}

// unsaid says why a piece was never said, "" if it may have been. A text alone
// is never enough: people do say 谢谢观看. It takes the sound, or what the engine
// itself says of it.
func (p *piece) unsaid(prompt string, last bool) string {
	hollow := p.hollow || p.voiced < noVoice || p.noSpeech > noSpeech
	switch text := letters(p.text); {
	case p.voiced < hardlyVoice, p.noSpeech > noSpeech && p.logProb < poorLogProb && p.voiced < noVoice:
		return FlagSilence
	case stock(text) && (hollow || p.steady):
		return FlagStock
	case stock(text):
		// At the end of a recording, over the noise of people leaving, is where it
		// comes most often.
		if last && p.confidence > 0 && p.confidence < 0.6 {
			return FlagStock
		}
		p.flag(FlagStock)
	case echoes(text, prompt):
		if hollow || p.steady || p.confidence > 0 && p.confidence < unsureBelow || text == prompt {
			return FlagEcho
		}
		p.flag(FlagEcho)
	case p.voiced < noVoice, p.hollow:
		p.flag(FlagSilence)
	}
	return ""
}

// letters is a text by which it is compared: letters and digits, lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if !said(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// stockPhrases are what Whisper was trained to write where nobody speaks,
// without signs. Simplified; each was reported by users of several programs.
var stockPhrases = []string{
	"amaraorg", "字幕由", "字幕志愿者", "字幕组", "字幕制作", "明镜与点点", "明镜需要您的支持", "请不吝点赞", "点赞订阅转发打赏", "优优独播剧场", "由人人影视", "中文字幕", "谢谢观看", "感谢观看", "感谢您的观看", "谢谢收看", "谢谢大家收看",
	"下期再见", "请订阅", "记得订阅", "订阅我的频道", "李宗盛", "词曲", "作词作曲", "thanksforwatching", "thankyouforwatching", "subscribetomychannel", "pleasesubscribe", "likeandsubscribe", "castingwords", "subtitlesby",
	"transcriptionby", "captionsby", "speakingchinese", "speakingforeignlanguage", "seeyouinthenextvideo", "www", "opensubtitles", "mooji",
}

// stock says whether a whole utterance is such a phrase, with little around it.
func stock(text string) bool {
	n := len([]rune(text))
	for _, s := range stockPhrases {
		if m := len([]rune(s)); strings.Contains(text, s) && n <= 3*m+12 {
			return true
		}
	}
	return false
}

// echoes says whether an utterance is a good part of the prompt.
func echoes(text, prompt string) bool {
	n := len([]rune(text))
	return n >= 4 && prompt != "" && (strings.Contains(prompt, text) && n*2 >= len([]rune(prompt)) || len([]rune(prompt)) >= 6 && strings.Contains(text, prompt) && n <= 2*len([]rune(prompt)))
}

// collapse leaves one copy of what is said many times in a row, as an engine does
// that has lost its way.
func collapse(text string) (string, bool) {
	runes := []rune(text)
	out := runes[:0:0]
	found := false
	for at := 0; at < len(runes); {
		best, times := 0, 0
		for n := 1; n <= loopLetters && at+n*loopTimes <= len(runes); n++ {
			k := 1
			for at+(k+1)*n <= len(runes) && equal(runes[at:at+n], runes[at+k*n:at+(k+1)*n]) {
				k++
			}
			// 哈哈哈哈 and 1000000 are no loops, and laughing is no fault.
			if k >= loopTimes && (n > 1 || k >= 8) && k*n > best*times && strings.IndexFunc(string(runes[at:at+n]), unicode.IsLetter) >= 0 {
				best, times = n, k
			}
		}
		if times == 0 {
			out = append(out, runes[at])
			at++
			continue
		}
		found = true
		out = append(out, runes[at:at+best]...)
		at += best * times
	}
	if !found {
		return text, false
	}
	return strings.TrimSpace(string(out)), true
}

func equal(a, b []rune) bool {
	for n := range a {
		if a[n] != b[n] {
			return false
		}
	}
	return true
}

// squeezed is how much a text compresses; the engine's own figure, if it is
// worse.
func squeezed(p *piece) float64 {
	if len(p.text) < denseBytes {
		return 0
	}
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(p.text)); err != nil || w.Close() != nil {
		return 0
	}
	return max(float64(len(p.text))/float64(b.Len()), p.dense)
}

// tooFast says whether nobody speaks like that in the time in which there is a
// voice.
func (p *piece) tooFast() bool {
	han, words := 0, 0
	in := false
	for _, r := range p.text {
		l := spaced(r)
		if wide(r) && said(r) {
			han++
		}
		if l && !in {
			words++
		}
		in = l
	}
	time := max(p.speaking, 0.3)
	return float64(han)/fastHan+float64(words)/fastWords > time && han+words > 6
}

// same drops utterances that say the same as the one before, again and again.
func same(pieces []*piece) (kept, dropped []*piece) {
	for from := 0; from < len(pieces); {
		text := letters(pieces[from].text)
		to := from + 1
		for to < len(pieces) && letters(pieces[to].text) == text {
			to++
		}
		times := to - from
		long := weight(pieces[from].text) >= 5
		if times >= sameTimesAny || long && times >= sameTimes {
			pieces[from].flag(FlagLoop)
			for _, p := range pieces[from+1 : to] {
				p.flag(FlagLoop)
				dropped = append(dropped, p)
			}
			to, from = from+1, to
			kept = append(kept, pieces[to-1])
			continue
		}
		kept = append(kept, pieces[from:to]...)
		from = to
	}
	return kept, dropped
}

// utterances numbers pieces.
func utterances(pieces []*piece) []document.Utterance {
	out := make([]document.Utterance, 0, len(pieces))
	for n, p := range pieces {
		out = append(out, document.Utterance{ID: n + 1, Start: round(p.start), End: round(p.end), Speaker: p.speaker, Text: p.text, Confidence: round(p.confidence), Flags: p.flags})
	}
	return out
}
