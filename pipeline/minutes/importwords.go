package minutes

import "regexp"

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
	partSubject
	partOther
)

// partNames are headings and keys as people and meeting services write them, in
// both languages.
var partNames = []struct {
	form func() *regexp.Regexp
	part part
}{
	{re(`^(?:会议|召开|录制)?(?:时间|日期)|^(?:meeting )?(?:date(?: and time)?|time|when)\b`), partTime},
	{re(`^(?:会议)?地点|^会议室|^(?:place|location|where|venue)\b`), partPlace},
	{re(`^(?:参加|参会|与会|出席)(?:会议)?(?:人员?|者|名单|单位|方)?|^到会(?:人员)?|^参与人|^(?:attendees|participants|present|in attendance)\b`), partAttendees},
	{re(`^(?:智能)?章节(?:速览|纪要)?|^(?:会议|主要)?(?:议题|议程)(?:列表)?|^(?:agenda|topics)\b`), partTopics},
	{re(`^(?:会议|关键|重要)?(?:决定|决议|结论|决策|共识)(?:事项|内容|记录)?|^达成(?:的)?(?:一致|共识)|^(?:key )?(?:decisions?|resolutions?|agreed|agreements|conclusions?)(?: made)?\b`), partDecisions},
	{re(`^(?:行动(?:项|计划|事项)|(?:会议|智能)?待办(?:事项)?|任务(?:分工|清单|安排)|后续(?:工作|事项|行动|计划|安排|跟进)|下一步(?:工作|计划|安排|行动)?|工作(?:安排|布置)|跟进事项|会后任务|要办事项)|^(?:action (?:items?|points?)|actions?|next steps?|to-?dos?|tasks|follow-?ups?)\b`), partActions},
	{re(`^(?:主要|存在的?)?(?:风险(?:点|提示)?|问题(?:与|和|及)风险|风险(?:与|和|及)问题)|^(?:risks?(?: and issues)?|issues|blockers)\b`), partRisks},
	{re(`^(?:待定|未决|遗留|待解决|待确认|开放)(?:问题|事项)?|^(?:open (?:questions?|issues?|points?))\b`), partOpen},
	{re(`^(?:会议|全文)?(?:摘要|概要|概述|小结|总结)|^智能总结|^(?:meeting |executive )?(?:summary|overview|recap)\b`), partSummary},
	{re(`^下次(?:会议|例会)(?:时间)?|^下一次会议(?:时间)?|^next meeting\b`), partNext},
	{re(`^(?:会议|讨论|主要)?(?:内容|要点)|^讨论(?:情况|记录)?|^纪要(?:内容|正文)|^会议纪要|^发言总结|^(?:discussion|key (?:points|takeaways)|notes|minutes|chapters)\b`), partPoints},
	{re(`^(?:会议)?(?:名称|主题|标题)`), partSubject},
	{re(`^(?:会议)?(?:主持人?|召集人|记录人?|抄送|主送|发送|编号|编制|审核|审批|批准|项目(?:名称|编号)?|客户|名称|整理人?|缺席(?:人员)?|附件|关键词|签字|签到|请假|录制|链接)|^(?:chair|facilitator|recorder|minute taker|apologies|project|absent|regrets|cc|keywords|links?|recording|prepared by)\b`), partOther},
}

var (
	bullet     = re(`^(?:\[[ xX√✓]?\]\s*|[☐☑✅□☒]\s*|[-*•·●○▪◆■➢–]\s*|[（(]?\d{1,2}[)）.、．]\s*|[一二三四五六七八九十]{1,3}[、.．]\s*|[（(][一二三四五六七八九十]{1,3}[)）]\s*|[①-⑳]\s*|#{1,6}\s+|\*\*)+`)
	listMark   = re(`[、，,;；/\t]|\s{2,}| and `)
	rowHead    = re(`(?i)负责人|责任人|承办人|责任部门|跟进人|经办|owner|assignee|assigned|responsible|\bwho\b`)
	headTask   = re(`(?i)事项|任务|内容|工作|行动|措施|action|task|item|what|description`)
	headDue    = re(`(?i)日期|时间|期限|截止|时限|节点|due|deadline|date|when`)
	headState  = re(`(?i)状态|情况|备注|status|remark|note`)
	colonOwner = re(`^@?([\p{Han}]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\s*[:：]\s*(.+)$`)
	leadOwner  = re(`^@?(\p{Han}{2,4})\s*(?:于|在|须|需|应|将|负责|\s\d|\d{1,2}\s*月)`)
	// 12 月 10 日前 is written so that its numbers stand clear.
	wideDay    = re(`(\d)\s+([年月日号])`)
	wideNumber = re(`([年月于在])\s+(\d)`)
	atOwner    = re(`@(\p{Han}{2,4}|[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)`)
	keyOwner   = re(`(?i)[（(，,；;。\s]*(?:负责人|责任人|承办人|跟进人|owner|assignee)\s*[:：]\s*([^，,；;。）)\s]{1,30})`)
	keyDue     = re(`(?i)[（(，,；;。\s]*(?:(?:完成|截止|计划完成)?(?:时间|日期)|时限|期限|截止|due(?: date)?|deadline)\s*[:：]\s*([^，,；;。）)]{1,30})`)
	anyDate    = re(`(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}`)
	blanks     = re(`\s+`)
	keyInLine  = re(`\s{2,}|\t|[；;]\s*`)
	hanNames   = re(`^\p{Han}{2,4}(?: \p{Han}{2,4})+$`)
	handles    = re(`\s@\S+`)
	attending  = re(`(?:参加|出席)会议的(?:人员)?(?:有|为|包括)\s*[:：]?\s*([^。；;]+)`)
	stamp      = re(`^(?:\d{1,2}:)?\d{1,2}:\d\d\s+`)
	brackets   = re(`[（(][^）)]*[）)]`)
	// What Word and Markdown put behind a claim.
	ownCites = re(` \[\d+(?: \d+)*\](\t|$)`)
	signing  = re(`(?i)^(?:thanks?\b|best\b|regards|谢谢|此致|敬礼)`)
	chaired  = re(`^会议由.{2,8}主持|现将.{0,8}纪要如下`)
	greeting = re(`(?i)^(?:各位|大家好|你好|您好|hi\b|hello\b|dear\b|thanks?\b|best\b|regards|谢谢|此致|敬礼|以下是|附件是|请查收)`)
)
