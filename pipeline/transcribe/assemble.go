package transcribe

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline/han"
)

// assemble makes the transcript of what was heard. It depends on the answers
// alone: the same ones give the same bytes, in whatever order they came.
func (t *Transcriber) assemble(out *document.Transcript, parts []*heard) {
	pieces := join(parts)
	language := t.spoken(parts)
	keep := traditional(language) || slices.ContainsFunc(t.opt.Languages, traditional)
	for _, p := range pieces {
		if keep {
			continue
		}
		p.text = wideSigns(han.Simplify(p.text))
		for n := range p.words {
			p.words[n].Word = han.Simplify(p.words[n].Word)
		}
	}
	punctuate(pieces)
	prompt := t.prompt()
	if !keep {
		prompt = han.Simplify(prompt)
	}
	kept, dropped := check(pieces, prompt)
	out.Utterances, out.Dropped = utterances(kept), utterances(dropped)
	if len(dropped) == 0 {
		out.Dropped = nil
	}
	out.Language = language
	out.Engine = t.engine(parts)
	out.Quality, out.Confidence = quality(kept, len(dropped))
}

// spoken is the language of most of the talk.
func (t *Transcriber) spoken(parts []*heard) string {
	size := map[string]int{}
	best := ""
	for _, p := range parts {
		l := p.answer.Language
		if l == "" {
			l = recording.Language(p.answer.Text)
		}
		if size[l] += len(p.answer.Text); l != "" && size[l] > size[best] {
			best = l
		}
	}
	if len(t.opt.Languages) == 1 && (best == "" || strings.HasPrefix(t.opt.Languages[0], best)) {
		return t.opt.Languages[0]
	}
	return best
}

// engine names what made the transcript: the service that heard most of it.
func (t *Transcriber) engine(parts []*heard) *document.Engine {
	time := map[[2]string]int64{}
	var most [2]string
	var prints []string
	for _, p := range parts {
		key := [2]string{p.answer.Server, p.answer.Model}
		if time[key] += p.To - p.From; time[key] > time[most] || time[key] == time[most] && key[0] < most[0] {
			most = key
		}
		if f := t.fingerprint(p.answer.Model); !slices.Contains(prints, f) {
			prints = append(prints, f)
		}
	}
	slices.Sort(prints)
	sum := sha256.Sum256([]byte(strings.Join(append(prints, assembly), "\n")))
	return &document.Engine{Name: most[0], Model: most[1], Fingerprint: "speech:" + hex.EncodeToString(sum[:12])}
}

// assembly is raised when the same answers would make another transcript.
const assembly = "assembly-1"

// Levels of quality.
const (
	QualityLow  = "low"  // many errors are to be expected: 转写质量低
	QualityFair = "fair" // to be read with care
	QualityGood = "good"
)

// quality estimates a transcript from the engine's own confidence, weighted by
// time. An engine that gives none is judged by what the checks found alone.
func quality(kept []*piece, dropped int) (level string, confidence float64) {
	sum, time, flagged := 0.0, 0.0, 0
	for _, p := range kept {
		if p.confidence > 0 {
			d := max(p.end-p.start, 0.1)
			sum += p.confidence * d
			time += d
		}
		if len(p.flags) > 0 {
			flagged++
		}
	}
	bad := 4*flagged > len(kept) || dropped > len(kept)
	switch {
	case len(kept) == 0:
		return "", 0
	case time == 0 && bad:
		return QualityLow, 0
	case time == 0:
		return "", 0
	}
	confidence = round(sum / time)
	switch {
	case bad || confidence < lowConfidence:
		return QualityLow, confidence
	case confidence < goodConfidence:
		return QualityFair, confidence
	}
	return QualityGood, confidence
}

const (
	lowConfidence  = 0.6
	goodConfidence = 0.8
)

// wideSigns writes the signs of Chinese text full-width.
//
// QUIRK: Whisper mixes "," with "，" within one sentence (GB/T 15834 knows only the
// wide ones).
func wideSigns(text string) string {
	if !strings.ContainsAny(text, ",?!:;") {
		return text
	}
	runes := []rune(text)
	for n, r := range runes {
		at := strings.IndexRune(",?!:;", r)
		if at < 0 || n == 0 || !wide(runes[n-1]) || n+1 < len(runes) && !wide(runes[n+1]) && runes[n+1] != ' ' {
			continue
		}
		runes[n] = []rune("，？！：；")[at]
	}
	return strings.NewReplacer("， ", "，", "？ ", "？", "！ ", "！", "： ", "：", "； ", "；").Replace(string(runes))
}

const (
	shortPause = 0.25 // seconds between words: a comma
	longPause  = 0.7  // a full stop
)

// punctuate writes signs by the pauses, where an engine writes none at all: a
// page of Chinese without any cannot be read.
func punctuate(pieces []*piece) {
	size := 0.0
	for _, p := range pieces {
		if strings.ContainsAny(p.text, "，。！？、；,.!?;") {
			return
		}
		size += weight(p.text)
	}
	if size < 20 {
		return
	}
	for n, p := range pieces {
		chinese := recording.Language(p.text) == "zh"
		if chinese && len(p.words) > 1 {
			p.text = byPauses(p.words)
		}
		pause := longPause
		if n+1 < len(pieces) {
			pause = pieces[n+1].start - p.end
		}
		switch {
		case chinese && pause >= longPause:
			p.text += "。"
		case chinese:
			p.text += "，"
		case pause >= longPause:
			p.text += "."
		}
	}
}

func byPauses(words []word) string {
	text := ""
	for n, w := range words {
		if n > 0 {
			switch pause := w.Start - words[n-1].End; {
			case pause >= longPause:
				text += "。"
			case pause >= shortPause:
				text += "，"
			}
		}
		text = glue(text, strings.TrimSpace(w.Word))
	}
	return text
}
