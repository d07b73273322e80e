package minutes

import (
	"math"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// topics cuts a meeting where the words of the utterances before and after
// differ most, at least six utterances or a twelfth of the talk apart.
func topics(t *document.Transcript, all []clause) []Topic {
	n := len(t.Utterances)
	bags := make([]map[string]float64, n)
	for _, c := range all {
		if bags[c.utterance] == nil {
			bags[c.utterance] = map[string]float64{}
		}
		for _, g := range c.grams {
			bags[c.utterance][g]++
		}
	}
	const block = 6
	gap := make([]float64, n) // likeness across the boundary before utterance i
	var sum, sq float64
	for i := 1; i < n; i++ {
		gap[i] = cosine(bags[max(0, i-block):i], bags[i:min(n, i+block)])
		sum, sq = sum+gap[i], sq+gap[i]*gap[i]
	}
	k := float64(max(n-1, 1))
	limit := sum/k - 0.5*math.Sqrt(math.Max(0, sq/k-sum/k*sum/k))
	apart := max(4, n/12)
	starts := []int{0}
	for i := 1; i < n; i++ {
		lowest := gap[i] < limit && i-starts[len(starts)-1] >= apart && n-i >= apart/2
		for j := max(1, i-apart/2); lowest && j < min(n, i+apart/2+1); j++ {
			lowest = gap[j] >= gap[i]
		}
		if lowest {
			starts = append(starts, i)
		}
	}
	out := []Topic{}
	at := 0
	for i, from := range starts {
		to := n
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		topic := Topic{First: t.Utterances[from].ID, Last: t.Utterances[to-1].ID}
		var text strings.Builder
		best := -1
		for ; at < len(all) && all[at].utterance < to; at++ {
			text.WriteString(all[at].text + "\n")
			if best < 0 || all[at].score > all[best].score {
				best = at
			}
		}
		if best >= 0 {
			topic.Summary, topic.Evidence = all[best].text, []int{all[best].id}
			topic.Title = title(text.String(), topic.Summary)
			out = append(out, topic)
		} else if len(out) > 0 {
			out[len(out)-1].Last = topic.Last
		}
	}
	return out
}

// title names a topic by its first key terms.
func title(text, otherwise string) string {
	var words []string
	for _, t := range terms.Extract(text, terms.Options{Top: 3}) {
		words = append(words, t.Term)
	}
	if len(words) == 0 {
		return cut(otherwise, 20)
	}
	if hanCount(text) > 0 {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

func cosine(a, b []map[string]float64) float64 {
	x, y := add(a), add(b)
	var dot, xx, yy float64
	for g, v := range x { // whole numbers: the order of adding changes nothing
		dot += v * y[g]
		xx += v * v
	}
	for _, v := range y {
		yy += v * v
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return dot / math.Sqrt(xx*yy)
}

func add(bags []map[string]float64) map[string]float64 {
	sum := map[string]float64{}
	for _, b := range bags {
		for g, v := range b {
			sum[g] += v
		}
	}
	return sum
}
