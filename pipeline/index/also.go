package index

import "guidang/extractors/document"

// Also is what a query finds beside documents: what was decided and is to be
// done, and who is called so. Every list is short, the best first.
type Also struct {
	Decisions []Said  `json:"decisions,omitempty"`
	Actions   []Said  `json:"actions,omitempty"`
	People    []Named `json:"people,omitempty"`
	Customers []Named `json:"customers,omitempty"`
	Projects  []Named `json:"projects,omitempty"`
}

// Said is a decision or an action item of a meeting, with every word of the query.
type Said struct {
	Text     string `json:"text"`
	Owner    string `json:"owner,omitempty"`
	Due      string `json:"due,omitempty"` // YYYY-MM-DD
	Document string `json:"document"`      // the meeting's
	Meeting  string `json:"meeting"`       // its title
	Date     string `json:"date"`
	URL      string `json:"url"` // where it was said
}

// Named is a person, a customer or a project.
type Named struct {
	Name string `json:"name"`
	URL  string `json:"url"` // its page, or a search for it
}

// meetingsMost is how many meetings of an answer are looked into.
const meetingsMost = 20

// meetings are the first documents that may have minutes.
func (l *lookup) meetings(found []*match) (docs []string) {
	for _, m := range found {
		if len(docs) < meetingsMost && isMeeting(m.about.Kind) && !l.recalled[m.id.Document] {
			docs = append(docs, m.id.Document)
		}
	}
	return docs
}

func isMeeting(k document.Kind) bool {
	return k == document.KindRecording || k == document.KindTranscript || k == document.KindMinutes
}

// Holds says whether a text holds every word that was looked for.
func (r *Result) Holds(text string) bool {
	normal := Normalise(text)
	for _, n := range r.needles {
		if !n.inText(normal) {
			return false
		}
	}
	return len(r.needles) > 0
}
