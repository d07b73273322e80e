package minutes

import (
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
	"guidang/pipeline/terms"
)

// reading is the state between the lines of written minutes.
type reading struct {
	m       *Minutes
	t       *document.Transcript
	now     part
	columns []string // of a table of actions
	table   bool     // the columns' table goes on
	parts   map[part]bool
	named   bool
	date    string
	summary []string
	topic   string  // a heading within the points that has no line yet
	last    *string // the words of the claim that was taken last, until the next
	over    bool    // a mail's writer takes his leave
	deep    bool    // the line stands below another
	title   string  // of the document
	subject string  // as a field of the form names it
}

// add takes a line. One that holds several keys (时间：…    地点：…, or a row of a
// form's table) is taken apart.
func (r *reading) add(text string, heading bool) {
	text = strings.ReplaceAll(text, "\u00a0", " ")
	r.deep = strings.HasPrefix(text, "  ") || strings.HasPrefix(text, "\t")
	text = strings.TrimSpace(text)
	if strings.Trim(text, "-=_*—|.: ") == "" {
		return
	}
	if strings.HasPrefix(text, "|") && strings.Count(text, "|") > 2 { // a row of Markdown
		cells := strings.Split(strings.Trim(text, "| "), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		text = strings.Join(cells, "\t")
	}
	r.t.Utterances = append(r.t.Utterances, document.Utterance{ID: len(r.t.Utterances) + 1, Text: text})
	if r.date == "" && (len(r.t.Utterances) <= titleLines+2 || r.now == partTime) {
		r.dated(text)
	}
	if bare := strings.TrimLeft(text, "# "); len(r.t.Utterances) <= titleLines && (bare == r.title || r.title == "" && len(bare) < titleBytes && writtenTitle().MatchString(bare)) {
		r.title = bare // a plain text has no other
		return
	}
	if g := attending().FindStringSubmatch(text); g != nil {
		r.parts[partAttendees] = true
		r.attend(brackets().ReplaceAllString(g[1], ""))
		return
	}
	// A line that is wrapped goes on.
	if r.deep && r.last != nil && !heading && !bullet().MatchString(text) && !strings.Contains(text, "\t") {
		*r.last += pick(lang(hanCount(*r.last) > 0), "", " ") + text
		return
	}
	r.last = nil
	var pieces []string
	if !heading && !r.table {
		for _, p := range keyInLine().Split(text, -1) {
			p = strings.TrimSpace(p)
			kind, rest := partOf(bullet().ReplaceAllString(p, ""))
			opens := kind != partNone && rest != p && (rest != "" || strings.Contains(text, "\t"))
			switch {
			case p == "":
			case opens && rest == "":
				pieces = append(pieces, p+"\t")
			case opens || len(pieces) == 0:
				pieces = append(pieces, p)
			case strings.HasSuffix(pieces[len(pieces)-1], "\t"):
				pieces[len(pieces)-1] += p
			default:
				pieces = nil
			}
			if pieces == nil {
				break
			}
		}
	}
	if len(pieces) < 2 {
		r.line(text, heading)
		return
	}
	for _, p := range pieces {
		r.line(p, false)
	}
}

// dated takes the day of the meeting.
func (r *reading) dated(text string) {
	d := blanks().ReplaceAllString(anyDate().FindString(text), "")
	if d == "" && fullDate().MatchString(text) && hanCount(text) == 0 {
		d = text // May 6, 2025
	}
	if _, due := Due(d, ""); due != nil {
		r.date = *due
	}
}

func (r *reading) line(text string, heading bool) {
	id := []int{len(r.t.Utterances)}
	text = ownCites().ReplaceAllString(text, "$1")
	bare := strings.TrimSpace(strings.TrimSuffix(bullet().ReplaceAllString(text, ""), "**"))
	listed := bare != text
	cells := strings.Split(text, "\t")
	if len(cells) > 2 && rowHead().MatchString(text) && headTask().MatchString(text) {
		r.open(partActions)
		r.columns, r.table = cells, true
		return
	}
	// A row of which only the task is filled in has one cell.
	p, rest := partOf(bare)
	alone := !heading && !listed && p == partNone && utf8.RuneCountInString(text) <= longClaim && !strings.ContainsAny(text, "。：:") && len(r.columns) > 0 && headTask().MatchString(r.columns[0])
	if r.table && (len(cells) > 1 || alone) {
		r.action(text, id)
		return
	}
	if r.table {
		r.table, r.columns, r.now = false, nil, partPoints
	}
	// A short line or a heading that names a part opens it; so does a key with its
	// value.
	if p != partNone && (heading || rest != bare || utf8.RuneCountInString(bare) <= headerLength) {
		inline := rest != "" && rest != bare
		before := r.now
		r.open(p)
		if !inline {
			return
		}
		r.take(rest, id, true)
		if listed || p == partTime || p == partPlace || p == partOther || p == partSubject {
			r.now = before // 1. 决定：… is one line of a list, and the next is on its own
			if before == partNone || before == partTime || before == partAttendees {
				r.now = partNone
			}
		}
		return
	}
	if heading || listed && utf8.RuneCountInString(bare) <= 15 && !strings.ContainsAny(bare, "，。；,;:：.") && r.header() && (r.now == partNone || r.now == partPoints || r.now == partAttendees) {
		if r.header() {
			r.now, r.topic = partPoints, bare
		}
		return
	}
	r.take(bare, id, listed)
}

// header tells whether who was there or when it was is known: what follows is
// what was said.
func (r *reading) header() bool {
	return r.parts[partAttendees] || r.parts[partTime] || r.named && r.date != "" || len(r.parts) > 1
}

func (r *reading) open(p part) {
	r.now, r.columns, r.table, r.topic = p, nil, false, ""
	r.parts[p] = true
}

// take puts a line where the part says.
func (r *reading) take(bare string, id []int, listed bool) {
	if greeting().MatchString(bare) {
		r.now = partNone
		r.over = r.over || signing().MatchString(bare)
		return
	}
	if r.over {
		return
	}
	switch r.now {
	case partTime:
		if r.dated(bare); r.date != "" || !listed {
			r.now = partNone
		}
	case partSubject:
		r.subject = or(r.subject, bare)
		r.now = partNone
	case partPlace, partOther:
		r.now = partNone
	case partAttendees:
		bare = handles().ReplaceAllString(brackets().ReplaceAllString(bare, ""), "")
		words := strings.Count(bare, " ") + utf8.RuneCountInString(bare)/maxHanName*b2i(hanCount(bare) > 0)
		if listed && words > maxNameWords && !strings.ContainsAny(bare, "、,，") || strings.ContainsAny(bare, "。") {
			r.now = partNone // the list of people is over
			r.sort(bare, id)
			return
		}
		r.attend(bare)
	case partTopics:
		if r.deep {
			r.sort(bare, id)
			return
		}
		bare = stamp().ReplaceAllString(bare, "")
		r.m.Topics = append(r.m.Topics, Topic{Title: cut(bare, 40), Summary: bare, First: id[0], Last: id[0], Evidence: id})
		r.last = &r.m.Topics[len(r.m.Topics)-1].Summary
	case partDecisions:
		r.m.Decisions = r.keep(r.m.Decisions, bare, id)
	case partActions:
		r.action(bare, id)
	case partRisks:
		r.m.Risks = r.keep(r.m.Risks, bare, id)
	case partOpen:
		r.m.OpenQuestions = r.keep(r.m.OpenQuestions, bare, id)
	case partSummary:
		r.summary = append(r.summary, bare)
	case partNext:
		if r.m.NextMeeting == nil {
			r.m.NextMeeting = &Action{Text: bare, Evidence: id}
		}
	case partNone, partPoints:
		if r.header() && (r.now == partPoints || listed || utf8.RuneCountInString(bare) >= headerLength) && !chaired().MatchString(bare) {
			r.sort(bare, id)
		}
	}
}

// keep appends a claim, whose words may go on in the next line.
func (r *reading) keep(list []Claim, text string, id []int) []Claim {
	list = append(list, Claim{Text: text, Evidence: id})
	r.last = &list[len(list)-1].Text
	return list
}

// A line of the list of people has at most so many words, or characters of Han
// for each: 安澜物流信息中心 高颖 is one.
const (
	maxNameWords = 5
	maxHanName   = 5
)

// attend takes the people of a line: 甲方：张三（经理）、李四.
func (r *reading) attend(bare string) {
	names := listMark().Split(bare, -1)
	if hanNames().MatchString(bare) {
		names = strings.Fields(bare)
	}
	for _, name := range names {
		if _, after, ok := strings.Cut(strings.ReplaceAll(name, "：", ":"), ":"); ok {
			name = after
		}
		name = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(name), "等"))
		if name != "" && utf8.RuneCountInString(name) <= 40 {
			r.m.Attendees = append(r.m.Attendees, Attendee{Name: name})
		}
	}
}

// sort tells by its words what a line is that no heading says it of.
func (r *reading) sort(bare string, id []int) {
	if r.topic != "" {
		r.m.Topics = append(r.m.Topics, Topic{Title: cut(r.topic, 40), Summary: bare, First: id[0], Last: id[0], Evidence: id})
		r.topic = ""
	}
	phrase, _ := r.m.due(narrow(bare))
	owner := r.ownerOf(bare)
	han := hanCount(bare) > 0
	task := han && taskHan().MatchString(bare) || !han && (actionCue().MatchString(bare) || deed().MatchString(bare))
	switch {
	case phrase != "" && (charged().MatchString(bare) || task && strings.Contains(phrase, "前")), owner != "" && (phrase != "" || task) && !decided(bare):
		r.action(bare, id)
	case decided(bare) || resolved().MatchString(bare) && !undecided().MatchString(bare):
		r.m.Decisions = r.keep(r.m.Decisions, bare, id)
	case riskCue().MatchString(bare):
		r.m.Risks = r.keep(r.m.Risks, bare, id)
	case pendingCue().MatchString(bare) || questionCue().MatchString(bare):
		r.m.OpenQuestions = r.keep(r.m.OpenQuestions, bare, id)
	default:
		r.m.KeyPoints = r.keep(r.m.KeyPoints, bare, id)
	}
}

// resolved is how a decision is written down, where nobody would say it so.
var resolved = re(`^(?:同意|批准|通过|确定|明确|决定|会议(?:同意|决定|确定|明确|要求))|[，,](?:同意|批准|不再|统一)|(?i:\b(?:it was (?:agreed|decided|resolved)|agreed|approved|resolved)\b)`)

// companyTail ends what is no person and yet given things to do.
var companyTail = re(`(?:软件|科技|公司|集团|信息|方|部|组|中心)$`)

// charged is how written minutes give something to do.
var charged = re(`由\p{Han}{2,4}(?:负责|牵头|跟进|落实)|会议要求`)

// ownerOf is the name that a written line begins with or gives as responsible.
func (r *reading) ownerOf(text string) string {
	if g := keyOwner().FindStringSubmatch(text); g != nil {
		return g[1]
	}
	if g := atOwner().FindStringSubmatch(text); g != nil {
		return g[1]
	}
	if g := leadOwner().FindStringSubmatch(text); g != nil && (terms.Surname(g[1]) || companyTail().MatchString(g[1])) {
		return g[1]
	}
	for _, a := range r.m.Attendees {
		if len(a.Name) > 3 && strings.HasPrefix(text, a.Name) {
			return a.Name
		}
	}
	return ""
}

// partOf finds what a line opens, and what stands behind the colon or in the
// next cell.
func partOf(line string) (part, string) {
	// A name fills its line or ends at a mark, so most lines of prose need no look
	// at thirteen forms: a third of what mails cost.
	end := strings.IndexAny(line, ":：\t")
	if end < 0 {
		end = len(line)
	}
	if end > longestName {
		return partNone, line
	}
	low := strings.ToLower(line)
	if first, _ := utf8.DecodeRuneInString(low); !partBegins()[first] {
		return partNone, line
	}
	for _, n := range partNames {
		m := n.form().FindString(low)
		if m == "" || len(low) != len(line) {
			continue
		}
		rest := strings.TrimSpace(line[len(m):])
		if rest == "" || rest == ":" || rest == "：" {
			return n.part, ""
		}
		for _, mark := range []string{":", "：", "\t"} {
			if cut, ok := strings.CutPrefix(strings.TrimLeft(line[len(m):], " *"), mark); ok {
				return n.part, strings.TrimSpace(strings.TrimLeft(cut, "*"))
			}
		}
	}
	return partNone, line
}

// longestName is more than any form of partNames takes, in bytes.
const longestName = 60

// action reads a row of a table by the names of its columns, or a line: 孙倩：8月6日前完成访谈.
func (r *reading) action(text string, id []int) {
	cells := strings.Split(text, "\t")
	if len(cells) > 1 && rowHead().MatchString(text) && len(r.columns) == 0 {
		r.columns, r.table = cells, true
		return
	}
	a := Action{Text: text, Evidence: id}
	if len(r.columns) > 0 {
		a = r.row(cells)
		a.Evidence = id
		if a.Text == "" {
			return
		}
		r.m.Actions = append(r.m.Actions, a)
		return
	}
	if g := keyOwner().FindStringSubmatch(a.Text); g != nil {
		a.Owner, a.Text = g[1], strings.Replace(a.Text, g[0], "", 1)
	}
	if g := keyDue().FindStringSubmatch(a.Text); g != nil {
		a.DueText, a.Text = strings.TrimSpace(g[1]), strings.Replace(a.Text, g[0], "", 1)
	}
	a.Text = strings.Trim(a.Text, "（() ）")
	if g := colonOwner().FindStringSubmatch(a.Text); g != nil && a.Owner == "" {
		a.Owner, a.Text = g[1], g[2]
	} else if a.Owner == "" {
		a.Owner = r.ownerOf(a.Text)
	}
	if a.Owner != "" {
		a.Text = strings.Replace(a.Text, "@"+a.Owner, "", 1)
	}
	if a.Text = strings.TrimSpace(a.Text); a.Text != "" {
		r.m.Actions = append(r.m.Actions, a)
		r.last = &r.m.Actions[len(r.m.Actions)-1].Text
	}
}

func (r *reading) row(cells []string) (a Action) {
	for i, cell := range cells {
		if i >= len(r.columns) {
			break
		}
		cell = strings.TrimSpace(cell)
		switch head := r.columns[i]; {
		case rowHead().MatchString(head):
			a.Owner = cell
		case headDue().MatchString(head) && !headState().MatchString(head):
			a.DueText = cell
		case headTask().MatchString(head) && a.Text == "":
			a.Text = cell
		}
	}
	return a
}
