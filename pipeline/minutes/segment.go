package minutes

import (
	"math"

	"guidang/extractors/document"
)

// Words with which somebody leads over to what comes next.
var turningCue = re(`(?i)下一个|接下来|下面(?:我们|请|说|讲|看)|进入|最后(?:一个|请|我们)|第[一二三四五六七八九十两]个?(?:问题|话题|议题|环节|主题|部分)|(?:话题|议题|环节|主题)是|再说|说一下|讲一下|聊聊|谈谈|分享一下|介绍一下|想请|请问|有请|提问|` +
	`\bnext (?:topic|item|point|thing|question|up|one)|\bmove on|\blet's (?:move|start|talk|turn|begin|discuss|look|go (?:on|to))|\b(?:second|third|last|final) (?:topic|item|point|thing)|\babout the\b.{0,30}[.:]|\bagenda\b|\banother (?:topic|thing|issue|question)`)

// Knobs of the segmentation. On halves of VCSum's dev meetings everything near
// these values gives Pk 28 to 32; without the form of the turns it is 36.
const (
	cutPower   = 0.8 // the cost of a cut grows with the words of the meeting to this power
	cutCost    = 0.2
	turnCue    = 0.3 // part of that cost which a cue of turning takes off
	hostCue    = 0.3 // the same for one who leads the talk and takes it over
	shortTurn  = 0.3 // and what a turn of a few words adds
	fewCutsFor = 8   // utterances; a shorter meeting is one topic
)

// segments gives the first utterance of every topic: the cuts that make the
// words of each piece most probable by themselves (Utiyama and Isahara 2001),
// with a bonus where the one who leads the talk takes it over or says that
// something new comes.
func segments(t *document.Transcript, all []clause) []int {
	n := len(t.Utterances)
	if n < fewCutsFor {
		return []int{0}
	}
	// Words of the utterances, those only that are said in two and more.
	df := map[string]int{}
	for _, c := range all {
		for _, g := range c.grams {
			df[g]++
		}
	}
	ids := map[string]int{}
	words := make([][]int, n)
	total := 0
	for _, c := range all {
		for _, g := range c.grams {
			if df[g] < 2 || df[g]*4 > len(all) && len(all) > 40 {
				continue
			}
			id, ok := ids[g]
			if !ok {
				id = len(ids)
				ids[g] = id
			}
			words[c.utterance] = append(words[c.utterance], id)
			total++
		}
	}
	if total == 0 {
		return []int{0}
	}
	bonus := lead(t)
	vocabulary := float64(len(ids))
	penalty := cutCost * math.Pow(float64(total), cutPower)
	least := max(2, n/25)
	best := make([]float64, n+1)
	from := make([]int, n+1)
	for i := 1; i <= n; i++ {
		best[i] = math.Inf(1)
	}
	count := make([]float64, len(ids))
	for start := range n {
		if math.IsInf(best[start], 1) {
			continue
		}
		clear(count)
		length, logs := 0.0, 0.0
		for end := start + 1; end <= n; end++ {
			for _, w := range words[end-1] {
				// The sum of f·log f, kept as f grows.
				f := count[w]
				logs += (f+1)*math.Log(f+1+1) - f*math.Log(f+1)
				count[w]++
				length++
			}
			if end-start < least || end < n && n-end < least {
				continue
			}
			cost := best[start] + (length*math.Log(length+vocabulary) - logs)
			if end < n {
				cost += penalty * (1 - bonus[end])
			}
			if cost < best[end] {
				best[end], from[end] = cost, start
			}
		}
	}
	var cuts []int
	for i := n; i > 0; i = from[i] {
		cuts = append(cuts, from[i])
	}
	for i, j := 0, len(cuts)-1; i < j; i, j = i+1, j-1 {
		cuts[i], cuts[j] = cuts[j], cuts[i]
	}
	return cuts
}

// lead says how much the form of an utterance, without its words, speaks for a
// new topic.
func lead(t *document.Transcript) []float64 {
	turns := map[string]int{}
	chars := map[string]int{}
	for i, u := range t.Utterances {
		if i == 0 || t.Utterances[i-1].Speaker != u.Speaker {
			turns[u.Speaker]++
		}
		chars[u.Speaker] += length(u.Text)
	}
	host, most := "", 0
	for _, u := range t.Utterances { // in the order of the talk, so that it is the same on every run
		if turns[u.Speaker] > most {
			host, most = u.Speaker, turns[u.Speaker]
		}
	}
	out := make([]float64, len(t.Utterances))
	for i, u := range t.Utterances {
		if i == 0 {
			continue
		}
		if turningCue().MatchString(u.Text) {
			out[i] += turnCue
		}
		changed := t.Utterances[i-1].Speaker != u.Speaker
		if changed && u.Speaker == host && len(turns) > 1 && length(u.Text) > 20 {
			out[i] += hostCue
		}
		if length(u.Text) < 8 {
			out[i] -= shortTurn
		}
	}
	return out
}
