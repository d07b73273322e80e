package minutes

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

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

// partNames are headings and keys as people and meeting services write them, in
// both languages.
var partNames = []struct {
	form *regexp.Regexp
	part part
}{
	{re(`^(?:会议|召开)?(?:时间|日期)|^(?:meeting )?(?:date(?: and time)?|time|when)\b`), partTime},
	{re(`^(?:会议)?地点|^会议室|^(?:place|location|where|venue)\b`), partPlace},
	{re(`^(?:参加|参会|与会|出席)(?:会议)?(?:人员?|者|名单|单位|方)?|^到会(?:人员)?|^参与人|^(?:attendees|participants|present|in attendance)\b`), partAttendees},
	{re(`^(?:会议)?(?:议题|议程|主题)(?:列表)?|^(?:agenda|topics)\b`), partTopics},
	{re(`^(?:会议)?(?:决定|决议|结论|决策|共识)(?:事项|内容)?|^达成(?:的)?(?:一致|共识)|^(?:key )?(?:decisions?|resolutions?|agreed|agreements|conclusions?)(?: made)?\b`), partDecisions},
	{re(`^(?:行动(?:项|计划|事项)|(?:会议|智能)?待办(?:事项)?|任务(?:分工|清单|安排)|后续(?:工作|事项|行动|计划|安排|跟进)|下一步(?:工作|计划|安排|行动)?|工作(?:安排|布置)|跟进事项|会后任务|要办事项)|^(?:action (?:items?|points?)|actions?|next steps?|to-?dos?|tasks|follow-?ups?)\b`), partActions},
	{re(`^(?:主要|存在的?)?(?:风险(?:点|提示)?|问题(?:与|和|及)风险|风险(?:与|和|及)问题)|^(?:risks?(?: and issues)?|issues|blockers)\b`), partRisks},
	{re(`^(?:待定|未决|遗留|待解决|待确认|开放)(?:问题|事项)?|^(?:open (?:questions?|issues?|points?))\b`), partOpen},
	{re(`^(?:会议|全文)?(?:摘要|概要|概述|小结|总结)|^智能总结|^(?:meeting |executive )?(?:summary|overview|recap)\b`), partSummary},
	{re(`^下次(?:会议|例会)(?:时间)?|^下一次会议(?:时间)?|^next meeting\b`), partNext},
	{re(`^(?:会议|讨论|主要)?(?:内容|要点)|^讨论(?:情况|记录)?|^纪要(?:内容|正文)|^会议纪要|^(?:智能)?章节(?:速览|纪要)?|^发言总结|^(?:discussion|key (?:points|takeaways)|notes|minutes|chapters)\b`), partPoints},
	{re(`^(?:会议)?(?:主持人?|召集人|记录人?|抄送|主送|发送|编号|编制|审核|审批|批准|项目(?:名称|编号)?|客户|名称|整理人?|缺席(?:人员)?|附件|关键词|签字|签到|请假)|^会议名称|^(?:chair|facilitator|recorder|minute taker|apologies|project|absent|regrets|cc|keywords|subject|re|prepared by)\b`), partOther},
}

var (
	bullet     = regexp.MustCompile(`^(?:\[[ xX√✓]?\]\s*|[☐☑✅□☒]\s*|[-*•·●○▪◆■➢–]\s*|[（(]?\d{1,2}[)）.、．]\s*|[一二三四五六七八九十]{1,3}[、.．]\s*|[（(][一二三四五六七八九十]{1,3}[)）]\s*|[①-⑳]\s*|#{1,6}\s+|\*\*)+`)
	listMark   = regexp.MustCompile(`[、，,;；/\t]|\s{2,}| and `)
	rowHead    = regexp.MustCompile(`(?i)负责人|责任人|承办人|责任部门|跟进人|经办|owner|assignee|assigned|responsible|\bwho\b`)
	headTask   = regexp.MustCompile(`(?i)事项|任务|内容|工作|行动|措施|action|task|item|what|description`)
	headDue    = regexp.MustCompile(`(?i)日期|时间|期限|截止|时限|节点|due|deadline|date|when`)
	headState  = regexp.MustCompile(`(?i)状态|情况|备注|status|remark|note`)
	colonOwner = regexp.MustCompile(`^@?([\p{Han}]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\s*[:：]\s*(.+)$`)
	leadOwner  = regexp.MustCompile(`^@?(\p{Han}{2,3})\s+(?:于|在|须|需|应|将|\d)`)
	atOwner    = regexp.MustCompile(`@(\p{Han}{2,4}|[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)`)
	keyOwner   = regexp.MustCompile(`(?i)[（(，,；;。\s]*(?:负责人|责任人|承办人|跟进人|owner|assignee)\s*[:：]\s*([^，,；;。）)\s]{1,30})`)
	keyDue     = regexp.MustCompile(`(?i)[（(，,；;。\s]*(?:(?:完成|截止|计划完成)?(?:时间|日期)|时限|期限|截止|due(?: date)?|deadline)\s*[:：]\s*([^，,；;。）)]{1,30})`)
	anyDate    = regexp.MustCompile(`(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}`)
	blanks     = regexp.MustCompile(`\s+`)
	keyInLine  = regexp.MustCompile(`\s{2,}|\t|[；;]\s*`)
	brackets   = regexp.MustCompile(`[（(][^）)]*[）)]`)
	// What Word and Markdown put behind a claim.
	ownCites   = regexp.MustCompile(` \[\d+(?: \d+)*\](\t|$)`)
	greeting   = regexp.MustCompile(`(?i)^(?:各位|大家好|你好|您好|hi\b|hello\b|dear\b|thanks?\b|best\b|regards|谢谢|此致|敬礼|以下是|附件是|请查收)`)
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
	topic   string // a heading within the points that has no line yet
}

// add takes a line. One that holds several keys (时间：…    地点：…, or a row of a
// form's table) is taken apart.
func (r *reading) add(text string, heading bool) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " "))
	if strings.Trim(text, "-=_*—|. ") == "" {
		return
	}
	r.t.Utterances = append(r.t.Utterances, document.Utterance{ID: len(r.t.Utterances) + 1, Text: text})
	if r.date == "" && (len(r.t.Utterances) <= titleLines+2 || r.now == partTime) {
		r.dated(text)
	}
	var pieces []string
	if !heading && !r.table {
		for _, p := range keyInLine.Split(text, -1) {
			p = strings.TrimSpace(p)
			kind, rest := partOf(bullet.ReplaceAllString(p, ""))
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
	if d := anyDate.FindString(text); d != "" {
		if _, due := Due(blanks.ReplaceAllString(d, ""), ""); due != nil {
			r.date = *due
		}
	}
}

func (r *reading) line(text string, heading bool) {
	id := []int{len(r.t.Utterances)}
	text = ownCites.ReplaceAllString(text, "$1")
	bare := strings.TrimSpace(strings.TrimSuffix(bullet.ReplaceAllString(text, ""), "**"))
	listed := bare != text
	cells := strings.Split(text, "\t")
	if len(cells) > 2 && rowHead.MatchString(text) && headTask.MatchString(text) {
		r.open(partActions)
		r.columns, r.table = cells, true
		return
	}
	// A row of which only the task is filled in has one cell.
	p, _ := partOf(bare)
	alone := !heading && !listed && p == partNone && utf8.RuneCountInString(text) <= longClaim && !strings.ContainsAny(text, "。：:") && len(r.columns) > 0 && headTask.MatchString(r.columns[0])
	if r.table && (len(cells) > 1 || alone) {
		r.action(text, id)
		return
	}
	if r.table {
		r.table, r.columns, r.now = false, nil, partPoints
	}
	// A short line or a heading that names a part opens it; so does a key with its
	// value.
	if p, rest := partOf(bare); p != partNone && (heading || rest != bare || utf8.RuneCountInString(bare) <= headerLength) {
		inline := rest != "" && rest != bare
		before := r.now
		r.open(p)
		if !inline {
			return
		}
		r.take(rest, id, true)
		if listed || p == partTime || p == partPlace || p == partOther {
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
	switch r.now {
	case partTime:
		if r.dated(bare); r.date != "" || !listed {
			r.now = partNone
		}
	case partPlace, partOther:
		r.now = partNone
	case partAttendees:
		if listed && utf8.RuneCountInString(bare) > 20 && !strings.ContainsAny(bare, "、,") || strings.ContainsAny(bare, "。") {
			r.now = partNone // the list of people is over
			r.sort(bare, id)
			return
		}
		r.attend(bare)
	case partTopics:
		r.m.Topics = append(r.m.Topics, Topic{Title: cut(bare, 40), Summary: bare, First: id[0], Last: id[0], Evidence: id})
	case partDecisions:
		r.m.Decisions = append(r.m.Decisions, Claim{Text: bare, Evidence: id})
	case partActions:
		r.action(bare, id)
	case partRisks:
		r.m.Risks = append(r.m.Risks, Claim{Text: bare, Evidence: id})
	case partOpen:
		r.m.OpenQuestions = append(r.m.OpenQuestions, Claim{Text: bare, Evidence: id})
	case partSummary:
		r.summary = append(r.summary, bare)
	case partNext:
		if r.m.NextMeeting == nil {
			r.m.NextMeeting = &Action{Text: bare, Evidence: id}
		}
	case partNone, partPoints:
		if r.header() && (r.now == partPoints || listed || utf8.RuneCountInString(bare) >= headerLength) && !greeting.MatchString(bare) {
			r.sort(bare, id)
		}
	}
}

// attend takes the people of a line: 甲方：张三（经理）、李四.
func (r *reading) attend(bare string) {
	bare = brackets.ReplaceAllString(bare, "")
	for _, name := range listMark.Split(bare, -1) {
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
	phrase, _ := r.m.due(bare)
	owner := r.ownerOf(bare)
	han := hanCount(bare) > 0
	task := han && taskHan.MatchString(bare) || !han && (actionCue.MatchString(bare) || deed.MatchString(bare))
	switch {
	case owner != "" && (phrase != "" || task) && !decided(bare), phrase != "" && task && strings.Contains(bare, "前"):
		r.action(bare, id)
	case decided(bare) || resolved.MatchString(bare) && !undecided.MatchString(bare):
		r.m.Decisions = append(r.m.Decisions, Claim{Text: bare, Evidence: id})
	case riskCue.MatchString(bare):
		r.m.Risks = append(r.m.Risks, Claim{Text: bare, Evidence: id})
	case pendingCue.MatchString(bare) || questionCue.MatchString(bare):
		r.m.OpenQuestions = append(r.m.OpenQuestions, Claim{Text: bare, Evidence: id})
	default:
		r.m.KeyPoints = append(r.m.KeyPoints, Claim{Text: bare, Evidence: id})
	}
}

// resolved is how a decision is written down, where nobody would say it so.
var resolved = regexp.MustCompile(`^(?:同意|批准|通过|确定|明确|决定|会议(?:同意|决定|确定|明确|要求))|[，,](?:同意|批准|不再|统一)|(?i:\b(?:it was (?:agreed|decided|resolved)|agreed|approved|resolved)\b)`)

// ownerOf is the name that a written line begins with or gives as responsible.
func (r *reading) ownerOf(text string) string {
	if g := keyOwner.FindStringSubmatch(text); g != nil {
		return g[1]
	}
	if g := atOwner.FindStringSubmatch(text); g != nil {
		return g[1]
	}
	if g := leadOwner.FindStringSubmatch(text); g != nil {
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
	low := strings.ToLower(line)
	for _, n := range partNames {
		m := n.form.FindString(low)
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

// action reads a row of a table by the names of its columns, or a line: 孙倩：8月6日前完成访谈.
func (r *reading) action(text string, id []int) {
	cells := strings.Split(text, "\t")
	if len(cells) > 1 && rowHead.MatchString(text) && len(r.columns) == 0 {
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
	if g := keyOwner.FindStringSubmatch(a.Text); g != nil {
		a.Owner, a.Text = g[1], strings.Replace(a.Text, g[0], "", 1)
	}
	if g := keyDue.FindStringSubmatch(a.Text); g != nil {
		a.DueText, a.Text = strings.TrimSpace(g[1]), strings.Replace(a.Text, g[0], "", 1)
	}
	a.Text = strings.Trim(a.Text, "（() ）")
	if g := colonOwner.FindStringSubmatch(a.Text); g != nil && a.Owner == "" {
		a.Owner, a.Text = g[1], g[2]
	} else if a.Owner == "" {
		a.Owner = r.ownerOf(a.Text)
	}
	if a.Text = strings.TrimSpace(strings.TrimPrefix(a.Text, "@"+a.Owner)); a.Text != "" {
		r.m.Actions = append(r.m.Actions, a)
	}
}

func (r *reading) row(cells []string) (a Action) {
	for i, cell := range cells {
		if i >= len(r.columns) {
			break
		}
		cell = strings.TrimSpace(cell)
		switch head := r.columns[i]; {
		case rowHead.MatchString(head):
			a.Owner = cell
		case headDue.MatchString(head) && !headState.MatchString(head):
			a.DueText = cell
		case headTask.MatchString(head) && a.Text == "":
			a.Text = cell
		}
	}
	return a
}
