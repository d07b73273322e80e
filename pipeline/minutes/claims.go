package minutes

import (
	"slices"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// Cues: what a sentence must hold to be more than a point.
var (
	// 决定 decides where people do it; that A 决定了 B is how things are.
	decisionCue = re(`(?i)(?:我们|咱们?|大家|双方|各方|会议|会上|公司|领导|小组|团队|部门|组里|最后|最终|现在|今天|一致|共同|讨论后?)(?:就|也|都|才|先|又|一致|共同|已经?|暂时|还是|最后|最终)*决定|(?:^|[，。：:、那就])决定(?:[^了着性权是于因]|$)|决定(?:是|如下|事项)|(?:^|[^限])定下来|(?:^|[^奠制限特稳一规固认锁设肯注否鉴判约拟决确])定了|就这么(?:定|办|做)|一致同意|(?:大家|我们|双方|各方|全体)都同意|达成一致|敲定|拍板|评审通过|验收通过|通过验收|确定(?:为|采用|用)|(?:^|，|我们)确定了|(?:^|，|我们的?|会议的?|最后的?|最终的?)结论是|` +
		jointHan + `|` +
		`we(?:'ve| have| had)? (?:all )?(?:decided|agreed)|\bi(?:'ve| have)? decided|agreed (?:to|on|that)|(?:it's|is|that's|it is) (?:decided|settled|approved|agreed)|we'll go with|let's go with|we(?:'re| are) going with|decision (?:is|was) (?:to|that|we)\b|we go (?:live|with)`)
	undecided = re(`(?i)没有?(?:决定|定下来|定了|同意|确定)|不同意|未(?:决定|确定)|还没(?:有)?(?:定|决定)|(?:要|能|得|需要|何时|什么时候|才能?)定(?:下来|了)?|决定不了|(?:来|再|去|要|需要|怎么|如何|谁|你|由.{1,6}|自己)决定|决定(?:于|性|因素|权)|(?:这个|什么|个|的)决定|决定了?.{0,8}(?:重要|价值|高度|命运|程度|上限|意义|前途|一生)|(?:会|可能|可以|能够?|往往|是)决定|(?:已经|刚|当时|当年|那时|那会|年初|年底|\d年)我?们?就?决定|决定(?:人|一个人|你|他|那个|不了)|决定.{0,24}(?:的时候|那时)|把.{1,6}确定为|取决|` +
		`(?:last|previous|earlier) meeting|(?:haven't|hadn't) (?:decided|agreed)|not (?:decided|agreed|yet decided)|didn't (?:decide|agree)|(?:can|should|must|need to|have to|want to) decide`)
	// conditional, before the cue, makes a decision something that may come.
	conditional = re(`(?i)既然|如果|假如|要是|\bif\b|\bwhether\b|\bunless\b`)
	riskCue     = re(`(?i)风险|隐患|严重(?:的)?(?:缺陷|问题|故障)|来不及|延期|延误|赶不上|担心|(?:有|是|成为?了?|遇到|出现|存在).{0,10}瓶颈|瓶颈(?:在|是|就是|主要)|有可能.{0,8}(?:失败|出问题|超支)|\brisks?\b|\bblockers?\b|\bdelays?\b|\bconcerns?\b|\bconcerned (?:that|about)|\bworried|\bbottleneck|\b(?:one|it|this|that) is (?:serious|critical)(?:[:.,;]|$)|\b(?:serious|critical) (?:[a-z]+ )?(?:problems?|issues?|bugs?|defects?|faults?|incidents?|outages?|errors?|flaws?|shortages?)\b`)
	// What names a risk and says that there is none or was one, or names a trade.
	noRisk = re(`(?i)(?:没有|无|不存在|零|抗)(?:什么|任何)?(?:风险|隐患|瓶颈)|(?:抵御|防范|规避|承受|分散|化解).{0,6}风险|高风险的?高收益|(?:不用|不必|无需|别)(?:再|太)?担心|(?:提到|说到|谈到|讲到|所说).{0,8}(?:风险|隐患|瓶颈)|(?:原来|原先|本来)以为|过去.{0,4}担心|风险(?:程度|意识|收益|越小|越低|可控|不大|很小|很低|降低|管理|控制|投资|评估|偏好|评级|资产)|(?:已经?|全部|都)?(?:关闭|解决|修复|排除|消除)了?(?:$|，|。)|` +
		`(?:当时|当初|曾经?|去年|那时候?).{0,12}(?:风险|担心|延期|延误|来不及|赶不上|瓶颈)|\b(?:was|were|had been) (?:a bit |very |really |quite |so )?(?:worried|concerned|afraid)\b|\bno risks?\b|\b(?:was|were) (?:\w+ ){0,3}(?:concerns?|risks?)\b|\bif\b.{0,40}\bconcern|\btake (?:a|the) risk\b|\brisk (?:management|free)\b`)
	actionCue = re(`(?i)我(?:来|去|会|负责|今天|明天|后天|下周|这周|本周|周[一二三四五六日])|由.{1,8}(?:负责|来|提供|牵头|整理|确认)|负责|麻烦|请|交给|` +
		`(?:在|于|到|).{1,12}(?:之前|以前|前|底前|内)(?:.{0,14})(?:完成|提交|给|发|交|写|做|提供|上线|确认|更新|整理|回复|出)|` +
		`\bi'll\b|\bi will\b|\bwe(?:'ll| will) (?:send|prepare|finish|update|check|provide|deliver|fix|write|review|test)|\bwill (?:send|prepare|finish|update|check|provide|deliver|fix|write|review|confirm|pay|report|work on|do|make|call|ask|test|present|talk|move|add|create)\b|\bplease\b|\bi (?:need|want) you to\b|\bi(?:'d| would) like you to\b|\b(?:can|could) you\b|\baction item`)
	selfCue = re(`(?i)我(?:来|去|会|负责|今天|明天|后天|下周|这周|本周|周[一二三四五六日])(?:吧|就|再)?|\bi'll\b|\bi will\b`)
	taskHan = re(`完成|提交|发(?:给|出|送|一)|给(?:你|您|大家|出|客户|正式)|写|做|整理|更新|联系|确认|准备|安排|提供|修改|改|检查|测试|部署|上线|回复|汇报|跟进|落实|评估|培训|采购|签|付|报|出(?:一|具|方案|报告|第)|补|开发?票|换|导出|交|负责|上报|调整|迁移|排查|修复|对接|解决|归档|交付`)
	// What sounds like a promise and is none: habits, conditions, stories.
	noTask = re(`(?i)如果|假如|我会觉得|我会认为|我会想|我来说|我去年|我去过|请问|想请|邀请|有请|请大家(?:看|想)|比如|比方|我来(?:补充|讲|谈|介绍|分享|回答|总结|问|主持)|补充(?:一|两|几)[点句下]|负责[的人任制]|我(?:现在|一直).{0,12}负责|` +
		`\b(?:i'll|i will|we'll|we will) (?:just |now |first |quickly )*(?:say|think|see|guess|be|tell you|show|explain|finish (?:this|up|off)|just finish|start|begin|talk|go|give you|present|introduce|skip|read|ask you|come back|hand|try to|keep it|move)\b|\bwill talk to you\b|\bplease (?:welcome|note|see)\b`)
	questionCue = re(`[？?]\s*$|(?:吗|呢)[。！]?$`)
	pendingCue  = re(`(?i)还没(?:有)?(?:答复|定|确定|结论|决定|回复|想好)|没有(?:答复|定下来|结论)|未定|待定|待确认|不确定(?:$|，|。|，|要|是|能|有|什么|哪|何)|(?:还|并|也|都|我们?|他们?|^|，)不清楚|回头再?(?:说|确认|定|答复|商量)|需要再?确认|再(?:确认|商量)|` +
		`\bto be (?:decided|confirmed|clarified)|\btbd\b|\b(?:we(?:'re| are)|it's|is|are) (?:still |yet )?not (?:yet )?(?:sure|decided|known)\b|\bnot (?:sure|decided) yet\b|\bnot clear (?:yet|whether|if|who|when)|\bwe (?:still |really )?(?:don't|do not) know\b|\bdon't know yet\b|\b(?:nobody|no one) knows\b|\bstill (?:open|unclear)|\bunclear (?:whether|if|who|when)|\bopen question|\bno answer\b|\bunresolved`)
	nextCue = re(`(?i)下次(?:会议|会|例会|评审|碰头)|下一次(?:会议|会|例会)|下周(?:例会|同一时间)|再(?:开|碰)(?:一次)?(?:会|头)|\bnext meeting\b|\bmeet again\b|\bnext (?:review|call)\b`)
)

// Beyond these nobody reads.
const (
	mostClaims    = 30
	mostQuestions = 10
	// share of the talk from which on a topic has to have a point
	coveredShare = 0.03
)

// claims sorts sentences by their cues; the best of the rest are key points, so
// that every topic has one.
func (m *Minutes) claims(t *document.Transcript, all []clause, h *whole, low bool) {
	used := map[int]bool{} // sentences that are said already
	for i, c := range all {
		text := c.text
		if utf8.RuneCountInString(text) > longClaim && h.han {
			text = around(text)
		}
		if !h.han {
			text = capital(text)
		}
		if i > 0 && all[i-1].utterance == c.utterance && c.size <= 9 && pointsBack().MatchString(c.text) {
			// What it points at was said just before.
			text = all[i-1].text + pick(lang(h.han), "", " ") + text
			if !h.han {
				text = capital(text)
			}
		}
		claim := Claim{Text: text, Evidence: []int{c.id}}
		asks := questionCue().MatchString(c.text)
		switch {
		case nextCue().MatchString(c.text) && !asks && m.NextMeeting == nil && m.meeting(c, text):
			used[i] = true
		case decided(text) && !asks && c.size >= 5 && !emptyDecision().MatchString(text):
			m.Decisions = append(m.Decisions, claim)
			used[i] = true
			m.within(c, text)
		case !asks && c.size >= 5 && m.accepted(t, c, text):
			used[i] = true
		case (actionCue().MatchString(c.text) || named(c.text)) && !asks && !noTask().MatchString(c.text) && c.size >= 5 && m.actions(c, text):
			used[i] = true
		case pendingCue().MatchString(c.text) && c.size >= 6 && (h.han || !danglingEn().MatchString(c.text)) && len(m.OpenQuestions) < mostQuestions:
			m.OpenQuestions = append(m.OpenQuestions, claim)
			used[i] = true
		case riskCue().MatchString(c.text) && !noRisk().MatchString(c.text) && !asks && (!pointsBack().MatchString(c.text) || text != c.text && h.han || !h.han) && (c.size >= 6 || i+1 < len(all) && all[i+1].utterance == c.utterance):
			if c.size < 8 && i+1 < len(all) && all[i+1].utterance == c.utterance {
				claim.Text += pick(lang(h.han), "", " ") + all[i+1].text // "I see one risk." says nothing without what follows
				used[i+1] = true
			}
			used[i] = true
			if n := len(m.Risks); n > 0 && i > 0 && used[i-1] && slices.Equal(m.Risks[n-1].Evidence, claim.Evidence) && !h.han && strings.HasSuffix(m.Risks[n-1].Text, all[i-1].text) {
				m.Risks[n-1].Text += " " + claim.Text // "A delay there would hurt" goes with what it is about
				break
			}
			m.Risks = append(m.Risks, claim)
		case asks && c.size >= 6 && !tagged().MatchString(c.text) && deferred(t, c):
			m.OpenQuestions = append(m.OpenQuestions, Claim{Text: text, Evidence: []int{c.id, t.Utterances[c.utterance+1].ID}})
			used[i] = true
		}
	}
	m.Decisions, m.Risks, m.OpenQuestions, m.Actions = fold(m.Decisions), fold(m.Risks), fold(m.OpenQuestions), foldActions(m.Actions)
	m.Decisions = m.Decisions[:min(len(m.Decisions), mostClaims)]
	m.Actions = m.Actions[:min(len(m.Actions), mostClaims)]
	m.Risks = m.Risks[:min(len(m.Risks), mostClaims)]
	m.OpenQuestions = m.OpenQuestions[:min(len(m.OpenQuestions), mostQuestions)]
	m.choosePoints(t, h, used, low)
}

// decided tells whether a sentence says that something was decided.
func decided(s string) bool {
	at := decisionCue().FindStringIndex(s)
	return at != nil && !undecided().MatchString(s) && !conditional().MatchString(s[:at[1]]) // a cue may begin one character early
}

// emptyDecision says that there is one, and not what.
var emptyDecision = re(`(?i)^(?:this is|that is|that's|here is) what we\b|\bdecided (?:everything|more or less|it|that)\W*$|最后决定(?:一件事)?[，。]?$`)

// pointsBack are sentences that say nothing without the one before.
var pointsBack = re(`(?i)^(?:这个|那个|这|那)(?:风险|问题|事|件事|项)|^(?:that|this|it|they) (?:is|was|would|will|are|were|costs?|takes?)\b|^i(?:'ll| will) .*\b(?:it|them|that|this)\b`)

var habit = re(`(?i)每(?:个?月|周|天|年|个?星期|季度)|\bevery (?:day|week|month|year|quarter)\b`)

// deed is something that is done after the meeting.
var deed = re(`(?i)(?:我(?:来|去|会|负责|今天)|请|麻烦|由|让).{0,12}(?:完成|提交|发(?:给|出|送)|写|整理|更新|联系|确认|准备|安排|提供|修改|改|检查|测试|部署|回复|汇报|跟进|落实|评估|采购|签|付|补|导出|催|修复|排查|协调|负责)|负责|` +
	`\b(?:send|prepare|finish|update|check|provide|deliver|fix|write|review|confirm|pay|report|work on|call|ask|test|add|create|look (?:into|up)|find out|e-?mail|arrange|organi[sz]e|draft|schedule|contact|talk to|share|upload|order|book|tell|replace)\b`)

// longClaim is the length in characters from which on only the clauses around
// the cue are taken.
const longClaim = 60

// around takes from a rambling Chinese sentence the clause with the cue and those
// beside it.
func around(s string) string {
	parts := strings.Split(s, "，")
	for i, p := range parts {
		if decisionCue().MatchString(p) || riskCue().MatchString(p) || actionCue().MatchString(p) {
			return strings.Join(parts[max(0, i-1):min(len(parts), i+3)], "，")
		}
	}
	return s
}

// choosePoints takes the headline, a line for each topic and the key points, all of
// them different.
func (m *Minutes) choosePoints(t *document.Transcript, h *whole, used map[int]bool, low bool) {
	free := func(u *unit) bool {
		return !used[u.clause] && !questionCue().MatchString(u.text) && !procedure().MatchString(u.text) && !pointsBack().MatchString(u.text)
	}
	stands := func(u *unit) bool { return free(u) && h.complete(u.at) }
	m.headline(h, used)
	talk, total := make([]int, len(h.topics)), 0
	place := map[int]int{}
	for i := range t.Utterances {
		place[t.Utterances[i].ID] = i
	}
	for k, topic := range h.topics {
		for _, u := range t.Utterances[place[topic.First] : place[topic.Last]+1] {
			talk[k] += length(u.Text)
			total += length(u.Text)
		}
		i := h.best(k, stands)
		for _, ok := range []func(*unit) bool{free, func(*unit) bool { return true }} {
			if i < 0 {
				i = h.best(k, ok)
			}
		}
		if i < 0 { // nothing readable: the first that was said stands for it
			for j := range h.units {
				if h.topicOf[j] == k {
					i = j
					break
				}
			}
		}
		if i < 0 {
			continue
		}
		m.Topics[k].Summary, m.Topics[k].Evidence = h.line(i), []int{h.units[i].id}
		used[h.units[i].clause] = true
		if m.Topics[k].Title == "" {
			m.Topics[k].Title = cut(h.line(i), 20)
		}
	}
	m.Topics = slices.DeleteFunc(m.Topics, func(t Topic) bool { return t.Summary == "" })
	var said []string // what the minutes say already
	for _, d := range m.Decisions {
		said = append(said, d.Text)
	}
	for _, a := range m.Actions {
		said = append(said, a.Text)
	}
	for _, topic := range m.Topics {
		said = append(said, topic.Summary)
	}
	var points []int
	for k := range h.topics {
		want := 1 + 8*talk[k]/max(total, 1) // a topic of half the talk has five
		if float64(talk[k]) < coveredShare*float64(total) || low && want > 1 {
			want = b2i(float64(talk[k]) >= coveredShare*float64(total))
		}
		before, most := len(points), 2*want+4 // tries
		ok := stands
		for range most {
			if want == 0 {
				break
			}
			i := h.best(k, ok)
			if i < 0 && len(points) == before {
				ok = free // a broken point is better than none
				i = h.best(k, ok)
			}
			if i < 0 {
				break
			}
			used[h.units[i].clause] = true
			line := h.line(i)
			if slices.ContainsFunc(said, func(s string) bool { return repeats(s, line) }) {
				continue
			}
			points, said = append(points, i), append(said, line)
			want--
		}
	}
	slices.Sort(points)
	for _, i := range points {
		m.KeyPoints = append(m.KeyPoints, Claim{Text: h.line(i), Evidence: []int{h.units[i].id}})
	}
}

// procedure is talk about the meeting itself, or about the screen.
var procedure = re(`(?i)^(?:我先说|先说|再说|下面说|最后确认|散会|谢谢|大家好|大家下午好|大家上午好|欢迎|各位)|听得到吗|看得到吗|能听到|共享屏幕|下一页|` +
	`^(?:let's|let us) (?:start|begin|move|go)|^(?:good (?:morning|afternoon)|hello|hi\b|thank|welcome|that(?: is|'s) all)|\bcan you (?:hear|see)\b|\bnext slide\b|\bmy presentation\b|\bopen (?:it|my)\b`)

// agendaCue opens a meeting with what it is about.
var agendaCue = re(`(?i)(?:今天|今日|这次|本次|此次|咱们|我们)(?:的)?.{0,10}(?:主要)?(?:讨论|议题|主题|议程|聊|探讨|评审|汇报|过一下)|会议(?:的)?(?:目的|主题|议题|内容)|` +
	`\btoday (?:we|i)\b|\b(?:goal|purpose|aim|topic|agenda|subject) (?:of|for|is)\b|\bwe (?:are here|will (?:discuss|talk|look))|\bthis meeting\b`)

// headline is what the meeting was about, in its own words: the sentence that
// opens it with its subject, else the best decision, else the sentence that says most of
// all. A person's promise is none.
func (m *Minutes) headline(h *whole, used map[int]bool) {
	early := func(u *unit) bool { return u.clause <= max(8, len(h.units)/20) && agendaCue().MatchString(u.text) }
	i := h.best(-1, early)
	if i < 0 && len(m.Decisions) > 0 {
		m.Headline = cut(m.Decisions[0].Text, 60)
		return
	}
	if i < 0 {
		i = h.best(-1, func(u *unit) bool {
			return !selfCue().MatchString(u.text) && !questionCue().MatchString(u.text) && h.complete(u.at)
		})
	}
	if i < 0 {
		i = h.best(-1, func(*unit) bool { return true })
	}
	if i >= 0 {
		m.Headline = cut(h.line(i), 60)
		used[h.units[i].clause] = true
	}
}

// deferred tells whether a question was left open: nobody answered it, or only
// that he does not know.
func deferred(t *document.Transcript, c clause) bool {
	i := c.utterance + 1
	if i >= len(t.Utterances) || t.Utterances[i].Speaker == c.speaker {
		return false
	}
	first := sentences(t.Utterances[i].Text)[0]
	return pendingCue().MatchString(first) || unknown().MatchString(first)
}

var (
	// unknown answers a question, and is a filler anywhere else: "five, I don't know, maybe six".
	unknown = re(`(?i)^\W*(?:well,? |um,? )?i(?:'m| am)? (?:really )?(?:don't know|not sure)\b`)
	// tagged asks for assent and not for an answer.
	tagged = re(`(?i)\b(?:right|you know|okay|ok|huh|yeah|isn't it|don't you think)\W*$`)
)

// meeting takes a sentence for the next meeting if it names a day.
func (m *Minutes) meeting(c clause, text string) bool {
	phrase, due := m.due(c.text)
	if phrase == "" {
		return false
	}
	m.NextMeeting = &Action{Text: text, DueText: phrase, Due: due, Evidence: []int{c.id}}
	return true
}

// action takes a sentence for an action if somebody is to do something: it says
// who, or by when.
func (m *Minutes) action(c clause, text string) bool {
	phrase, due := m.due(c.text)
	owner := m.owner(c)
	han := hanCount(c.text) > 0
	if owner == "" && (phrase == "今天" || phrase == "今日") {
		return false // what happens now, and is nobody's task
	}
	if han && !taskHan().MatchString(c.text) || phrase == "" && (owner == "" || c.size < 8 || !han && c.size > 40) {
		return false
	}
	if due == nil && habit().MatchString(c.text) {
		return false // 每月3号之前交给财务 is how things are, and nobody's task
	}
	// Without a day, or with no more than "today", a promise has to name a deed: people
	// say 我去讲 and "I'll come to that" all the time.
	if (phrase == "" || phrase == "今天" || phrase == "今日") && (c.size > 60 || !deed().MatchString(c.text)) {
		return false
	}
	for i := range m.Actions {
		// The one who was asked says yes: one action, with both as evidence.
		a := &m.Actions[i]
		if a.Due != nil && due != nil && *a.Due == *due && c.id-a.Evidence[len(a.Evidence)-1] <= 2 && c.id != a.Evidence[0] && (a.Owner == owner || a.Owner == "" || owner == "") && alike(a.Text, c.text) {
			a.Owner = or(a.Owner, owner)
			a.Evidence = append(a.Evidence, c.id)
			return true
		}
	}
	m.Actions = append(m.Actions, Action{Text: text, Owner: owner, DueText: phrase, Due: due, Evidence: []int{c.id}})
	return true
}

// actions takes the two actions of 林经理周五之前提交变更单，我下周一给评估 apart.
func (m *Minutes) actions(c clause, text string) bool {
	var parts []string
	for p := range strings.SplitSeq(strings.TrimRight(text, "。；"), "，") {
		if phrase, _ := m.due(p); phrase != "" && taskHan().MatchString(p) {
			parts = append(parts, p)
		}
	}
	if len(parts) == 1 && c.size > longAction/2 && named(parts[0]) {
		c.text, c.size = parts[0], length(parts[0]) // 第三期款是58.8万元，刘芳这周开发票，…
		return m.action(c, parts[0])
	}
	if len(parts) < 2 {
		return m.action(c, text)
	}
	taken := false
	for _, p := range parts {
		one := c
		one.text, one.size = p, length(p)
		taken = m.action(one, p) || taken
	}
	return taken
}

// longAction is the length in characters up to which an action in a decision is
// given with all of the sentence.
const longAction = 60

// within takes the action out of a decision that names one: 评审通过，孙倩9月5日之前出第三版.
func (m *Minutes) within(c clause, text string) {
	parts := strings.Split(strings.TrimRight(text, "。；."), "，")
	for i := range parts {
		for n := 1; n <= 2 && i+n <= len(parts); n++ { // 由高颖负责，明年2月底之前换完 needs both
			p := strings.Join(parts[i:i+n], "，")
			one := c
			one.text, one.size = p, length(p)
			if phrase, _ := m.due(p); phrase != "" && m.owner(one) != "" && actionCue().MatchString(p) {
				if utf8.RuneCountInString(text) <= longAction {
					p = text // with what is to be done
				}
				if m.action(one, p) {
					return
				}
			}
		}
	}
}

func alike(a, b string) bool {
	x, y := grams(a), grams(b)
	n := 0
	for _, g := range x {
		n += b2i(slices.Contains(y, g))
	}
	return n*4 >= min(len(x), len(y)) && n > 0
}

func lang(han bool) string {
	if han {
		return "zh"
	}
	return "en"
}
