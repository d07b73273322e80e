package minutes

import (
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// topics cuts a meeting and names the pieces.
func topics(t *document.Transcript, all []clause) []Topic {
	starts := segments(t, all)
	out := []Topic{}
	at := 0
	for i, from := range starts {
		to := len(t.Utterances)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		topic := Topic{First: t.Utterances[from].ID, Last: t.Utterances[to-1].ID}
		var text strings.Builder
		for ; at < len(all) && all[at].utterance < to; at++ {
			text.WriteString(all[at].text + "\n")
		}
		if text.Len() == 0 { // nobody said anything that says anything
			if len(out) > 0 {
				out[len(out)-1].Last = topic.Last
			}
			continue
		}
		if len(out) == 0 {
			topic.First = t.Utterances[0].ID
		}
		topic.Title = title(text.String())
		out = append(out, topic)
	}
	return out
}

// title names a topic by its first key terms.
func title(text string) string {
	var words []string
	for _, t := range terms.Extract(text, terms.Options{Top: 3}) {
		words = append(words, t.Term)
	}
	if hanCount(text) > 0 {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}
