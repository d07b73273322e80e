package web

import (
	"html/template"
	"net/http"
	"slices"
	"sort"
	"strconv"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline"
	"guidang/pipeline/index"
	"guidang/pipeline/minutes"
)

// meetingView is the minutes of a meeting.
type meetingView struct {
	*minutes.Minutes
	Headline template.HTML
	Summary  template.HTML
	Blocks   []claims
	Anchors  []string // of the passages that the minutes are found by

	ID   string // of the document
	Play string // address of the recording, empty if there is none to play
	Can  bool   // that it can be edited here
	from string // address of the page that has the utterances; empty: this one
}

// At is the address of an utterance.
func (v *meetingView) At(id int) string { return v.from + "#u" + strconv.Itoa(id) }

// written are minutes that somebody wrote of the meeting that is shown.
type writtenView struct {
	pipeline.Related
	Meeting *meetingView
}

// claims is one list of the minutes.
type claims struct {
	Key   string
	Lines []claim
}

// claim is something the minutes say. Every claim points at the utterances that
// say it, so that nobody has to believe it.
type claim struct {
	Title, Text         template.HTML
	Owner, Due, DueText string
	Evidence            []int
	At                  string // seconds of the first piece of evidence, for the player
	ByHand              bool   // a person wrote or changed it

	// Of an action item.
	Key    string
	Done   bool
	DoneBy string
	DoneAt string
}

// line is an utterance as the page shows it.
type line struct {
	document.Utterance
	Anchors []string // of the passages that begin here
	Text    template.HTML
	At      string // seconds, for the player
	Same    bool   // the speaker goes on
	Raw     string // the text without marks, for its form
	Edit    bool   // its form is open
	Form    string // where that goes
	Fixed   *correctedView
	Doubts  []string // what may be wrong with it, by the checks against the sound
}

// said is what was said in a meeting, nil when it is none.
func said(v *pipeline.View) *document.Transcript {
	t := v.Said
	if t == nil {
		t = v.Transcript
	}
	if t == nil || len(t.Utterances) == 0 {
		return nil
	}
	return t
}

// meeting puts the minutes in the order in which people read them: what was
// decided, who does what, then the rest.
func meeting(m *minutes.Minutes, t *document.Transcript, words []string) *meetingView {
	mark := func(s string) template.HTML { return highlighted(s, words) }
	starts := map[int]string{}
	if t != nil {
		for _, u := range t.Utterances {
			starts[u.ID] = strconv.FormatFloat(max(u.Start, 0), 'f', 2, 64)
		}
	}
	at := func(evidence []int) string {
		if len(evidence) == 0 {
			return ""
		}
		return starts[evidence[0]]
	}
	v := &meetingView{Minutes: m, Headline: mark(m.Headline), Summary: mark(m.Summary)}
	add := func(key string, lines []claim) {
		if len(lines) > 0 {
			v.Blocks = append(v.Blocks, claims{"minutes." + key, lines})
		}
	}
	plain := func(in []minutes.Claim) (out []claim) {
		for _, c := range in {
			out = append(out, claim{Text: mark(c.Text), Evidence: c.Evidence, At: at(c.Evidence), ByHand: c.ByHand})
		}
		return out
	}
	var actions, topics []claim
	for _, a := range m.Actions {
		c := claim{Text: mark(a.Text), Owner: a.Owner, DueText: a.DueText, Evidence: a.Evidence, At: at(a.Evidence), ByHand: a.ByHand, Key: a.Key()}
		if a.Due != nil {
			c.Due = *a.Due
		}
		actions = append(actions, c)
	}
	for _, t := range m.Topics {
		topics = append(topics, claim{Title: mark(t.Title), Text: mark(t.Summary), Evidence: t.Evidence, At: at(t.Evidence)})
	}
	add("decisions", plain(m.Decisions))
	add("actions", actions)
	add("key-points", plain(m.KeyPoints))
	add("topics", topics)
	add("risks", plain(m.Risks))
	add("questions", plain(m.OpenQuestions))
	if n := m.NextMeeting; n != nil {
		add("next", []claim{{Text: mark(n.Text), Evidence: n.Evidence, At: at(n.Evidence)}})
	}
	return v
}

// done fills in which action items are done.
func (v *meetingView) done(actions []pipeline.ActionView) {
	for _, block := range v.Blocks {
		for i := range block.Lines {
			for _, a := range actions {
				if a.Key == block.Lines[i].Key && a.Key != "" {
					block.Lines[i].Done, block.Lines[i].DoneBy, block.Lines[i].DoneAt = a.Done, a.DoneBy, a.DoneAt
				}
			}
		}
	}
}

// written are the minutes that a document itself is, nil if it is none. Its lines
// are no utterances of the page, so the claims have no links.
func written(v *pipeline.View) *minutes.Minutes {
	if v.Document == nil || said(v) != nil {
		return nil
	}
	m := v.Minutes
	if m == nil && (v.Kind == document.KindDocument || v.Kind == document.KindText || v.Kind == document.KindMail) {
		m, _, _ = minutes.Import(v.Document, minutes.Options{Title: v.Title})
	}
	return unlinked(m)
}

// unlinked are minutes without their evidence, whose lines are not on the page.
func unlinked(made *minutes.Minutes) *minutes.Minutes {
	if made == nil {
		return nil
	}
	one := *made
	m := &one
	m.Decisions, m.KeyPoints, m.Risks, m.OpenQuestions = slices.Clone(m.Decisions), slices.Clone(m.KeyPoints), slices.Clone(m.Risks), slices.Clone(m.OpenQuestions)
	m.Actions, m.Topics = slices.Clone(m.Actions), slices.Clone(m.Topics)
	for _, list := range [][]minutes.Claim{m.Decisions, m.KeyPoints, m.Risks, m.OpenQuestions} {
		for i := range list {
			list[i].Evidence = nil
		}
	}
	for i := range m.Actions {
		m.Actions[i].Evidence = nil
	}
	for i := range m.Topics {
		m.Topics[i].Evidence = nil
	}
	if m.NextMeeting != nil {
		next := *m.NextMeeting
		next.Evidence, m.NextMeeting = nil, &next
	}
	return m
}

// lines are the utterances with the anchors of the passages. A meeting is found
// by its minutes and by what was said: passages of the minutes lead to the
// minutes, whose claims lead on to what proves them, the others to the
// utterance where their time begins.
func lines(v *pipeline.View, words []string) (out []line, ofMinutes []string) {
	t := said(v)
	if t == nil {
		return nil, nil
	}
	out = make([]line, len(t.Utterances))
	for i, u := range t.Utterances {
		out[i] = line{Utterance: u, Text: highlighted(u.Text, words), At: strconv.FormatFloat(max(u.Start, 0), 'f', 2, 64),
			Same: i > 0 && u.Speaker == t.Utterances[i-1].Speaker}
	}
	first := 0 // passage of the transcript
	if v.Minutes != nil {
		first = len(index.Cut(minutes.Document(v.Minutes, t)))
	}
	for n, p := range index.Cut(meetingDocument(v, t)) {
		anchor := "p" + strconv.Itoa(n)
		if n < first {
			ofMinutes = append(ofMinutes, anchor)
			continue
		}
		i := 0
		if p.Position.Start != nil {
			start := *p.Position.Start
			// The last utterance that has begun by then; they stand in order of their
			// beginning.
			i = max(0, sort.Search(len(out), func(i int) bool { return out[i].Start > start+0.001 })-1)
		}
		out[i].Anchors = append(out[i].Anchors, anchor)
	}
	return out, ofMinutes
}

// meetingDocument is what a meeting was indexed by: its minutes first, then
// what was said. A transcript without minutes was indexed as it was read.
func meetingDocument(v *pipeline.View, t *document.Transcript) *document.Document {
	if v.Minutes == nil {
		return v.Document
	}
	d := minutes.Document(v.Minutes, t)
	d.Sections = append(d.Sections, recording.Sections(t)...)
	return d
}

// maxMeetings is how many meetings one page lists.
const maxMeetings = 50

// meetings lists recordings and transcripts, newest first: a search for
// nothing in particular among them.
func (s *Server) meetings(w http.ResponseWriter, r *http.Request) {
	q, _ := parseQuestion(r.URL.Query())
	q.Kinds = []string{string(document.KindRecording), string(document.KindTranscript)}
	q.Limit = maxMeetings
	res, err := s.archive.Search(r.Context(), q.request(), viewerOf(r.Context()).scopes)
	if err != nil {
		s.failed(w, r, "error.search", err)
		return
	}
	v := s.searchPage(s.language(r), q, res)
	// The links of paging lead to the search page; here they stay.
	base := func(offset int) string {
		u := q.with(func(q *question) { q.Kinds, q.Limit = nil, pageSize })
		u.Offset = offset
		return "/meetings" + u.path()[1:]
	}
	if v.Prev != "" {
		v.Prev = base(max(0, q.Offset-maxMeetings))
	}
	if v.Next != "" {
		v.Next = base(q.Offset + maxMeetings)
	}
	s.render(w, r, http.StatusOK, "meetings", "meetings.title", v)
}
