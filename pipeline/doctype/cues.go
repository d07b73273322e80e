package doctype

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"guidang/extractors/document"
)

// cue is what a text of a type says, beside its name.
type cue struct {
	typ    document.Type
	weight float64
	words  string // any of these, separated by |, in folded form
}

// Where a cue is looked for.
//
// Labels and headings stand at the beginning of a line or a cell and say what a
// document is made of; they count more than the same words in prose.
var labelCues = []cue{
	{document.TypeContract, 2, "违约责任|违约金|争议解决|争议的解决|liability|limitation of liability|indemnification|governing law|term and termination|termination|breach"},
	{document.TypeContract, 2, "知识产权|保密条款|保密义务|保密|intellectual property|confidentiality"},
	{document.TypeContract, 1.5, "付款方式|合同金额|合同价款|价款与支付|合同总价|payment terms|fees and payment|fees"},
	{document.TypeContract, 1.5, "甲方|委托方|发包方|买方|需方|乙方|受托方|卖方|供方|承包方|customer|supplier|client|contractor|the parties"},
	{document.TypeContract, 1.5, "合同编号|协议编号|agreement no|contract no|contract number|agreement number"},
	{document.TypeContract, 1.5, "第一条|合同的生效|合同生效|不可抗力|force majeure"},
	{document.TypeSupplement, 4, "原合同|原协议|主合同|original agreement|original contract|principal agreement"},
	{document.TypeSupplement, 2, "补充内容|补充条款|变更条款|修改条款|amended terms"},
	{document.TypeMaintenance, 3, "维护内容|维护范围|服务期限|维护期限|维护费用|年度维护费|运维内容|维保期限|维保范围|服务级别|维护费|support period|support fees|annual fee|annual support fee|service hours|support hours"},
	{document.TypeMaintenance, 2, "响应时间|故障响应|故障分级|response times|response time|incident priorities|severity levels|service levels|service credits"},
	{document.TypeQuotation, 4, "报价有效期|报价日期|有效期至|报价人|报价总计|报价合计|报价单位|报价编号|quote no|quotation no|valid until|validity|quote date|prepared for|quote number"},
	{document.TypeQuotation, 2, "单价|数量|小计|人天单价|优惠|优惠价|unit price|qty|quantity|line total|discount|subtotal"},
	{document.TypeRequirements, 3, "功能需求|非功能需求|功能性需求|非功能性需求|性能需求|需求描述|需求编号|用户需求|业务需求|外部接口需求|functional requirements|non-functional requirements|nonfunctional requirements|external interface requirements|user requirements|business requirements|product requirements|requirement id"},
	{document.TypeRequirements, 1.5, "用例描述|用例图|参与者|业务规则|用户特点|运行环境|约束|假设和依赖|user stories|actors|use cases|assumptions and dependencies|user classes|acceptance criteria|product perspective|personas|out of scope|in scope"},
	{document.TypeDesign, 3, "总体架构|系统架构|架构设计|总体设计|模块设计|逻辑架构|物理架构|技术选型|模块划分|部署架构|类图|时序图|设计原则|设计目标|关键技术|技术路线|architecture|system architecture|component design|design decisions|module design|detailed design|design goals|design considerations|class diagram|sequence diagram|components|logical view"},
	{document.TypeInterface, 3, "请求参数|响应参数|返回参数|请求方式|请求地址|接口地址|请求示例|响应示例|返回示例|错误码|接口列表|返回值|入参|出参|接口描述|请求头|报文格式|request parameters|response parameters|endpoint|endpoints|request body|response body|error codes|example request|example response|query parameters|status codes|authentication|path parameters|http method"},
	{document.TypeDatabase, 4, "表名|字段名|字段名称|数据类型|主键|外键|是否为空|允许空|字段类型|表结构|列名|字段说明|索引设计|实体关系图|table name|column name|data type|primary key|foreign key|nullable|field name|columns|entity relationship diagram|indexes"},
	{document.TypeTestCases, 4, "用例编号|用例名称|前置条件|测试步骤|预期结果|期望结果|操作步骤与预期|用例id|测试用例编号|case id|test steps|expected result|expected results|precondition|preconditions|test case id|steps to execute"},
	{document.TypeTestReport, 3, "测试结论|测试结果|测试环境|测试范围|测试概述|通过率|用例执行情况|缺陷统计|测试总结|缺陷分析|test results|test summary|test environment|pass rate|defects found|test conclusion|results summary|tests run|tests passed|test scope|execution summary"},
	{document.TypeDefects, 4, "缺陷编号|严重程度|缺陷描述|缺陷状态|发现人|修复人|复现步骤|bug编号|问题编号|缺陷标题|解决方案与状态|问题描述|整改期限|defect id|severity|reported by|fixed in|steps to reproduce|bug id|issue id|assigned to|found by"},
	{document.TypeDeployment, 3, "回滚步骤|回滚方案|回退方案|部署步骤|上线步骤|部署环境|上线时间窗口|回滚条件|安装步骤|发布步骤|部署架构图|服务器清单|上线前检查|环境准备|启动服务|rollback|rollback steps|deployment steps|back-out plan|go-live checklist|release window|cutover steps|pre-deployment checks|smoke test|installation steps|backout|maintenance window|rollback criteria|prerequisites|post-deployment"},
	{document.TypeAcceptance, 4, "验收结论|验收意见|验收组成员|验收内容|验收日期|验收结果|验收标准与结果|验收项|遗留问题及处理|验收人员|验收组|验收范围|验收依据|acceptance result|acceptance criteria met|acceptance date|accepted by|items accepted|acceptance team|deliverables accepted|acceptance decision|outcome of acceptance"},
	{document.TypeMinutes, 4, "会议时间|会议地点|参会人员|与会人员|主持人|记录人|会议议题|会议决议|出席人员|参加人员|会议主题|会议内容|待办事项|缺席|参会人|attendees|agenda|action items|apologies|minutes taken by|chair|decisions|next meeting|present|absent|note taker"},
	{document.TypeChange, 4, "变更原因|变更内容|影响分析|变更编号|变更申请人|变更描述|变更影响|变更理由|变更类型|变更名称|申请变更|审批意见|对进度的影响|reason for change|change description|impact analysis|impact|change id|requested by|reason|approval|change request|impact on schedule|description of change|change no"},
	{document.TypeSurvey, 4, "调研对象|调研时间|调研目的|访谈对象|受访人|调研内容|问卷编号|被访人|被调研单位|调研方式|受访者|存在的问题与诉求|现状与痛点|interviewee|interviewees|respondent|respondents|survey date|questions|findings|pain points|interview date|interviewer|sample size|methodology"},
	{document.TypeManual, 3, "操作步骤|登录系统|常见问题|系统登录|功能介绍|操作说明|界面说明|系统菜单|快速入门|使用方法|getting started|logging in|troubleshooting|how to|frequently asked questions|faq|main screen|signing in|user interface|usage"},
	{document.TypeTraining, 4, "培训目标|培训对象|培训内容|培训时间|课程安排|培训讲师|签到|培训地点|课后练习|学习目标|考核方式|learning objectives|trainer|course outline|exercises|training schedule|participants signed|exercise 1|target audience|course objectives|lesson 1|module 1"},
	{document.TypeServiceRecord, 4, "故障现象|处理过程|处理结果|巡检项目|服务人员|故障原因|到场时间|服务时间|报修时间|巡检结果|处理措施|巡检日期|服务内容|客户确认|服务方式|巡检人|root cause|resolution|timeline|engineer|work performed|symptoms|time of arrival|corrective action|incidents|tickets closed|service date|preventive actions|time on site|checks performed|incident"},
	{document.TypeComplaint, 4, "投诉内容|投诉人|投诉时间|投诉事项|客户诉求|投诉编号|投诉对象|处理要求|复核意见|投诉方|complaint details|complainant|nature of complaint|desired outcome|grounds for complaint|date of complaint|complaint no|remedy sought"},
	{document.TypeInvoice, 5, "发票号码|发票代码|价税合计|购买方|销售方|开票日期|纳税人识别号|税额|税率|开票人|invoice no|invoice number|invoice date|amount due|bill to|invoice to|total due|vat no|payment due|due date|purchase order|balance due"},
	{document.TypeLetter, 3, "主送|抄送|签发人|印发|附件：|密级|主题词|发文机关|our ref|your ref|subject:|yours faithfully|yours sincerely"},
}

// phraseCues are looked for anywhere.
var phraseCues = []cue{
	{document.TypeContract, 2, "经协商一致|平等自愿|达成如下协议|订立本合同|签订本合同|自双方签字盖章之日起生效|一式四份|一式两份|一式贰份|一式肆份|双方各执|this agreement is made|enter into this agreement|in witness whereof|hereby agree|the parties agree|entire agreement|shall be governed by"},
	{document.TypeContract, 1, "甲乙双方|委托乙方|委托开发|本合同|本协议|hereinafter|this agreement"},
	{document.TypeSupplement, 4, "补充协议|本补充|对原合同|与原合同具有同等|原合同其他条款|原合同的补充|未作变更的条款|this amendment|this addendum|amends the agreement|all other terms remain|remain in full force|supplements the agreement|except as amended"},
	{document.TypeMaintenance, 3, "维护服务|运维服务|维保服务|年度维护|系统维护费|驻场运维|提供技术支持服务|7×24|7*24|maintenance services|support services|annual maintenance|support fee|maintenance fee"},
	{document.TypeQuotation, 3, "报价如下|以上报价|本报价|报价含税|报价有效|our quotation|this quotation|we are pleased to quote|this quote|this offer is valid|prices exclude vat|our price"},
	{document.TypeRequirements, 2, "系统应能|系统应当|系统应支持|系统需支持|用户可以|系统必须|需求规格|the system shall|the software shall|shall be able to|as a user|the system must|users must be able"},
	{document.TypeDesign, 2, "采用分层|微服务架构|采用b/s|前后端分离|设计模式|本设计|架构采用|分为三层|分层设计|the architecture|this design|is designed as|microservice|design pattern|layered architecture|we chose"},
	{document.TypeInterface, 2.5, "content-type|application/json|http://|/api/|\"code\":|post /|get /|请求报文|响应报文|webservice|restful|接口调用|回调地址|json格式"},
	{document.TypeDatabase, 3, "varchar|bigint|primary key|not null|create table|int(11)|datetime|decimal(|nvarchar"},
	{document.TypeTestCases, 2, "预期结果|预期：|点击登录按钮，|expected:|expected result|then the system|given the user"},
	{document.TypeTestReport, 2.5, "共执行用例|执行测试用例|测试用例通过|用例通过率|达到上线标准|测试结论|未通过用例|测试人员认为|平均响应时间|test cases were executed|test cases were run|tests passed|ready for release|pass rate|passed,"},
	{document.TypeDefects, 2, "已修复|待修复|已关闭|重新打开|无法复现|致命|fixed in|cannot reproduce|won't fix|reopened|critical|blocker"},
	{document.TypeDeployment, 2, "回滚|停止服务|备份数据库|docker|nginx|上线窗口|回退到|systemctl|roll back|back up the database|restart the service|release window|deploy"},
	{document.TypeAcceptance, 3, "通过验收|验收合格|同意验收|验收组认为|验收通过|验收小组|予以验收|符合合同要求|同意通过|passed acceptance|hereby accepts|accepts the|meets the acceptance|acceptance testing|has been accepted|signed off"},
	{document.TypeMinutes, 2.5, "会议决定|会议议定|会议由|会议讨论|会议明确|与会人员|与会各方|the meeting agreed|it was agreed|was agreed that|the meeting decided|joined the call|the meeting closed"},
	{document.TypeChange, 2.5, "变更申请|申请变更|本次变更|变更后|增加人日|需求变更单|this change|change adds|scope change|the change will|requested change"},
	{document.TypeSurvey, 2.5, "调研发现|受访者表示|经调研|被访谈|您认为|您的部门|请选择|访谈中|调研结果|respondents said|interviewees|we interviewed|how satisfied|please rate|told us that|how often do you"},
	{document.TypeManual, 2, "点击“|点击\"|点击菜单|单击|在弹出的|点击【|点击[|登录系统后|选择菜单|click the|click on|select the menu|press the|log in with|open the menu"},
	{document.TypeTraining, 2, "培训结束|本次培训|参训人员|学员|培训讲师|课程结束|本课程|after this course|trainees|in this session|participants will|by the end of this|this training"},
	{document.TypeServiceRecord, 2.5, "现场服务|恢复正常|故障已排除|巡检中|系统运行正常|已重启服务|工程师到|更换了|排查后|service was restored|restarted the|incident was|engineer on site|issue was resolved|root cause|system is healthy"},
	{document.TypeComplaint, 3, "投诉|强烈不满|要求贵公司|多次反映|严重影响我|给我方造成|表示不满|至今没有答复|要求赔偿|a complaint|unacceptable|very dissatisfied|we demand|extremely disappointed|not satisfied with|compensation for"},
	{document.TypeInvoice, 3, "增值税专用发票|增值税普通发票|价税合计|纳税人识别号|please pay|bank transfer|payment is due|remit"},
	{document.TypeLetter, 3, "特此通知|特此函告|特此函复|请遵照执行|此复|妥否，请批示|现通知如下|有关事项通知|请予支持|特此批复|函复如下|现函告|现批复如下|hereby notify|hereby notified|please be advised|you are hereby|this is to inform"},
}

// kindCues are what the form of a document says by itself.
var kindCues = map[document.Kind]cue{
	document.KindSlides: {document.TypeTraining, 1.5, ""},
}

// letterNumber is the number of an official letter; whoever writes one writes a
// letter.
var letterNumber = regexp.MustCompile(`[\p{Han}]{1,12} ?[〔\[(【﹝［{<《] ?(?:19|20)\d\d ?年?[〕\])】﹞］}>》] ?第? ?(\d{1,5}) ?号`)

// hasNumber says whether a 号 follows a figure, without which there is no
// letterNumber: most stand in 编号 and 账号.
func hasNumber(s string) bool {
	for {
		before, after, ok := strings.Cut(s, "号")
		if before = strings.TrimSuffix(before, " "); !ok {
			return false
		}
		if n := len(before); n > 0 && before[n-1] >= '0' && before[n-1] <= '9' {
			return true
		}
		s = after
	}
}

// compiled cues: their words, cut once.
var labelWords, phraseWords = cutCues(labelCues), cutCues(phraseCues)

type cutCue struct {
	typ    int
	weight float64
	words  []string
}

func cutCues(in []cue) (out []cutCue) {
	for _, c := range in {
		out = append(out, cutCue{indexOf(c.typ), c.weight, strings.Split(c.words, "|")})
	}
	return out
}

// labelsOf are the words that a text's lines and cells begin with, by what they
// are compared as.
func (t *text) labelsOf() map[string]bool {
	out := map[string]bool{}
	put := func(s string) {
		s = strings.Trim(s, " \t.·-*#:：()（）[]【】、,;|")
		s = strings.TrimSpace(strings.TrimLeft(s, "0123456789.一二三四五六七八九十第条章节 、)）"))
		if s != "" && len(s) < 60 {
			out[squeezed(s)] = true
		}
	}
	for i := range t.lines {
		l := &t.lines[i]
		f := l.folded
		put(f)
		if strings.HasPrefix(strings.TrimSpace(f), "第一条") {
			out["第一条"] = true
		}
		cells := strings.FieldsFunc(f, func(r rune) bool { return r == '\t' || r == '|' || r == ';' })
		if len(cells) > 40 {
			cells = cells[:40]
		}
		for _, c := range cells {
			if len(cells) > 1 {
				put(c)
			}
			if at := strings.IndexAny(c, ":"); at > 0 {
				put(c[:at])
			}
		}
		words := strings.Fields(f[:min(len(f), 200)])
		if len(words) > 30 {
			words = words[:30] // prose
		}
		for _, w := range words { // a label of a PDF's table stands before a blank
			if len(w) < 40 {
				put(w)
			}
		}
		// English labels have several words before a value.
		if len(words) > 2 && len(words) < 14 && f[0] < utf8.RuneSelf {
			for n := 2; n <= min(4, len(words)-1); n++ {
				put(strings.Join(words[:n], " "))
			}
		}
	}
	return out
}

// cues weighs what a text says for each type. A cue counts once, but a type that
// says several of its labels is surer: each further word of a cue adds a third.
func (t *text) cues(kind document.Kind) (score [types]float64) {
	var b strings.Builder
	for i := range t.lines {
		b.WriteString(t.lines[i].folded)
		b.WriteByte('\n')
	}
	t.flat = b.String()
	labels := t.labelsOf()
	count := func(list []cutCue, holds func(string) bool) {
		for _, c := range list {
			n := 0
			for _, w := range c.words {
				if holds(w) {
					n++
				}
			}
			if n > 0 {
				score[c.typ] += c.weight * (1 + 0.35*float64(min(n-1, 4)))
			}
		}
	}
	count(labelWords, func(w string) bool { return labels[w] })
	if kind != document.KindMail {
		count(phraseWords, func(w string) bool { return strings.Contains(t.flat, w) })
	}
	if c, ok := kindCues[kind]; ok {
		score[indexOf(c.typ)] += c.weight
	}
	if head := t.flat[:min(len(t.flat), 1500)]; hasNumber(head) && letterNumber.MatchString(head) {
		score[indexOf(document.TypeLetter)] += 8
	}
	if kind == document.KindSheet { // a list of contracts has their words in its head, and is none
		for _, typ := range []document.Type{document.TypeContract, document.TypeSupplement, document.TypeMaintenance, document.TypeInvoice} {
			score[indexOf(typ)] *= 0.3
		}
	}
	family(&score)
	long(&score, len(t.flat))
	return score
}

// family settles who of the contracts it is: a supplement and a maintenance
// contract say all that a contract says, and something of their own.
func family(score *[types]float64) {
	base := indexOf(document.TypeContract)
	for _, t := range []document.Type{document.TypeSupplement, document.TypeMaintenance} {
		i := indexOf(t)
		if score[i] >= 4 && score[base] > 2 {
			score[i] += score[base] / 2
		} else if score[i] > 0 {
			score[i] /= 2
		}
	}
}

// long takes back what a long text says of everything: a hundred pages hold a
// word of every type.
func long(score *[types]float64, size int) {
	if size < 20_000 {
		return
	}
	for i := range score {
		score[i] *= 0.8
	}
}
