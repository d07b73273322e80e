package minutes

import (
	"crypto/sha256"
	"regexp"
	"strings"

	"guidang/extractors/document"
)

// importVersion is raised when the same document would be read otherwise.
const importVersion = "minutes-import-1"

// writtenTitle is what people call minutes that they wrote.
var writtenTitle = regexp.MustCompile(`(?i)会议纪要|会议记录|会纪要|例会纪要|纪要|\bminutes\b|meeting (?:notes|record|summary)`)

// part is what a heading opens.
type part int

const (
	partNone part = iota
	partTime
	partPlace
	partAttendees
	partTopics
	partDecisions
	partActions
	partRisks
	partOpen
	partPoints
	partSummary
	partNext
	partOther
)

// partNames are headings and keys as people write them, in both languages.
var partNames = []struct {
	form *regexp.Regexp
	part part
}{
	{re(`^(?:会议)?(?:时间|日期)|^(?:date|time|when)\b`), partTime},
	{re(`^(?:会议)?地点|^(?:place|location|where|venue)\b`), partPlace},
	{re(`^(?:参加|参会|与会|出席)(?:人员?|者|名单)?|^到会|^(?:attendees|participants|present)\b`), partAttendees},
	{re(`^(?:会议)?(?:议题|议程|主题)|^(?:agenda|topics)\b`), partTopics},
	{re(`^(?:会议)?(?:决定|决议|结论|决策)(?:事项)?|^(?:decisions?|resolutions?|agreed)\b`), partDecisions},
	{re(`^(?:行动项|行动计划|待办(?:事项)?|任务(?:分工|清单)?|后续(?:工作|事项|行动|计划)|下一步(?:工作|计划)?|工作安排|跟进事项)|^(?:action (?:items?|points?)|actions?|next steps?|to-?dos?|tasks)\b`), partActions},
	{re(`^(?:主要)?(?:风险|问题与风险|风险与问题)|^(?:risks?|issues)\b`), partRisks},
	{re(`^(?:待定|未决|遗留|待解决|开放)(?:问题|事项)?|^(?:open (?:questions?|issues?|points?))\b`), partOpen},
	{re(`^(?:会议)?(?:摘要|概要|概述|小结)|^(?:summary|overview)\b`), partSummary},
	{re(`^下次会议|^下一次会议|^next meeting\b`), partNext},
	{re(`^(?:会议)?(?:内容|要点|讨论(?:内容|要点)?|纪要内容|主要内容)|^(?:discussion|key points|notes)\b`), partPoints},
	{re(`^(?:主持人?|记录人?|抄送|发送|编号|项目|客户|整理人?|缺席|附件)|^(?:chair|recorder|minute taker|apologies|project|absent)\b`), partOther},
}

var (
	bullet     = regexp.MustCompile(`^(?:[-*•·●○▪◆■]\s*|[（(]?\d{1,2}[)）.、．]\s*|[一二三四五六七八九十]{1,3}[、.．]\s*|[①-⑳]\s*)+`)
	listMark   = regexp.MustCompile(`[、，,;；/\t]|\s{2,}| and `)
	rowHead    = regexp.MustCompile(`(?i)负责人|责任人|承办人|owner|assignee|responsible|\bwho\b`)
	headTask   = regexp.MustCompile(`(?i)事项|任务|内容|工作|行动|action|task|item|what`)
	headDue    = regexp.MustCompile(`(?i)日期|时间|期限|截止|完成|due|deadline|date|when`)
	colonOwner = regexp.MustCompile(`^([\p{Han}]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)[:：]\s*(.+)$`)
	anyDate    = regexp.MustCompile(`20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}`)
)

// Import reads minutes that people wrote into the same form, false when a
// document is none. Nothing is summarised: what it says of decisions and actions
// is taken as it stands. The transcript holds its lines, so that every claim
// points at the line that it comes from.
func Import(d *document.Document, opt Options) (*Minutes, *document.Transcript, bool) {
	t := &document.Transcript{Title: or(d.Title, opt.Title), Date: opt.Date, Language: d.Language, Source: "import"}
	type line struct {
		text    string
		heading bool
	}
	var lines []line
	for _, s := range d.Sections {
		if s.Heading != "" && s.Heading != strings.TrimSpace(s.Text) {
			lines = append(lines, line{s.Heading, true})
		}
		for l := range strings.SplitSeq(s.Text, "\n") {
			lines = append(lines, line{l, false})
		}
	}
	m := &Minutes{Topics: []Topic{}, KeyPoints: []Claim{}, Decisions: []Claim{}, Actions: []Action{}, Risks: []Claim{}, OpenQuestions: []Claim{}, Attendees: []Attendee{}, calendar: opt.Calendar}
	named := writtenTitle.MatchString(d.Title + "\n" + opt.Title)
	r := &reading{m: m, t: t}
	for i, l := range lines {
		text := strings.TrimSpace(strings.ReplaceAll(l.text, "\u00a0", " "))
		if text == "" {
			continue
		}
		named = named || i < 3 && writtenTitle.MatchString(text) && len(text) < 120
		t.Utterances = append(t.Utterances, document.Utterance{ID: len(t.Utterances) + 1, Text: text})
		r.line(text, l.heading)
	}
	if !named || len(r.parts) < 2 || len(m.Decisions)+len(m.Actions)+len(m.KeyPoints) == 0 {
		return nil, nil, false
	}
	if date := anyDate.FindString(r.time); date != "" {
		if _, due := Due(date, ""); due != nil {
			t.Date = *due
		}
	}
	if t.Date == "" && len(d.Date) >= 10 {
		t.Date = d.Date[:10]
	}
	m.Title, m.Date, m.Language = t.Title, t.Date, language(t, opt)
	for i := range m.Actions {
		a := &m.Actions[i]
		if a.DueText != "" {
			_, a.Due = m.due(a.DueText)
		} else {
			a.DueText, a.Due = m.due(a.Text)
		}
	}
	if m.NextMeeting != nil {
		m.NextMeeting.DueText, m.NextMeeting.Due = m.due(m.NextMeeting.Text)
	}
	m.Summary = strings.Join(r.summary, pick(m.Language, "", " "))
	switch {
	case len(r.summary) > 0:
		m.Headline = cut(r.summary[0], 60)
	case len(m.Decisions) > 0:
		m.Headline = cut(m.Decisions[0].Text, 60)
	default:
		m.Headline = m.Title
	}
	m.MadeBy = MadeBy{Method: "import", Fingerprint: document.ID(sha256.Sum256([]byte(importVersion)))}
	n := len(m.Decisions) + len(m.Actions) + len(m.KeyPoints) + len(m.Risks) + len(m.OpenQuestions) + len(m.Topics)
	m.Checks = Checks{Claims: n, Supported: n, Dropped: []Dropped{}}
	return m, t, true
}

// reading is the state between the lines of written minutes.
type reading struct {
	m       *Minutes
	t       *document.Transcript
	now     part
	columns []string // of a table of actions
	parts   map[part]bool
	time    string
	summary []string
}

func (r *reading) line(text string, heading bool) {
	id := []int{len(r.t.Utterances)}
	bare := bullet.ReplaceAllString(text, "")
	if p, rest := partOf(bare); p != partNone && (heading || rest != bare || len([]rune(bare)) <= 12) {
		r.now, r.columns = p, nil
		if r.parts == nil {
			r.parts = map[part]bool{}
		}
		r.parts[p] = true
		if rest == "" {
			return
		}
		bare = rest
	} else if heading {
		r.now = partPoints
		return
	}
	switch r.now { //nolint:exhaustive // the others keep nothing of a line
	case partTime:
		r.time += " " + bare
		r.now = partNone
	case partAttendees:
		for _, name := range listMark.Split(bare, -1) {
			if name = strings.TrimSpace(name); name != "" && len([]rune(name)) <= 40 {
				r.m.Attendees = append(r.m.Attendees, Attendee{Name: name})
			}
		}
	case partTopics:
		r.m.Topics = append(r.m.Topics, Topic{Title: cut(bare, 40), Summary: bare, First: id[0], Last: id[0], Evidence: id})
	case partDecisions:
		r.m.Decisions = append(r.m.Decisions, Claim{bare, id})
	case partActions:
		r.action(bare, id)
	case partRisks:
		r.m.Risks = append(r.m.Risks, Claim{bare, id})
	case partOpen:
		r.m.OpenQuestions = append(r.m.OpenQuestions, Claim{bare, id})
	case partPoints:
		r.m.KeyPoints = append(r.m.KeyPoints, Claim{bare, id})
	case partSummary:
		r.summary = append(r.summary, bare)
	case partNext:
		if r.m.NextMeeting == nil {
			r.m.NextMeeting = &Action{Text: bare, Evidence: id}
		}
	}
}

// partOf finds what a line opens, and what stands behind the colon or in the
// next cell.
func partOf(line string) (part, string) {
	low := strings.ToLower(line)
	for _, n := range partNames {
		m := n.form.FindString(low)
		if m == "" || len(low) != len(line) {
			continue
		}
		rest := strings.TrimSpace(line[len(m):])
		if rest == "" {
			return n.part, ""
		}
		for _, mark := range []string{":", "：", "\t"} {
			if cut, ok := strings.CutPrefix(strings.TrimLeft(line[len(m):], " "), mark); ok {
				return n.part, strings.TrimSpace(cut)
			}
		}
	}
	return partNone, line
}

// action reads a row of a table by the names of its columns, or a line: 孙倩：8月6日前完成访谈.
func (r *reading) action(text string, id []int) {
	cells := strings.Split(text, "\t")
	if len(cells) > 1 && rowHead.MatchString(text) {
		r.columns = cells
		return
	}
	a := Action{Text: text, Evidence: id}
	if len(cells) > 1 && len(r.columns) > 0 {
		a.Text = ""
		for i, cell := range cells {
			if i >= len(r.columns) {
				break
			}
			cell = strings.TrimSpace(cell)
			switch head := r.columns[i]; {
			case rowHead.MatchString(head):
				a.Owner = cell
			case headDue.MatchString(head) && !headTask.MatchString(head):
				a.DueText = cell
			case headTask.MatchString(head) && a.Text == "":
				a.Text = cell
			}
		}
		if a.Text == "" {
			return
		}
	} else if m := colonOwner.FindStringSubmatch(text); m != nil {
		a.Owner, a.Text = m[1], m[2]
	} else {
		a.Owner = r.m.owner(clause{text: text})
	}
	r.m.Actions = append(r.m.Actions, a)
}
