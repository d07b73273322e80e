package doctype

import (
	"slices"
	"strings"

	"guidang/extractors/document"
)

// Names of details. They are an interface: pages, filters and other rooms use
// them.
const (
	PartyA           = "party_a" // who orders: 甲方, customer, buyer
	PartyB           = "party_b" // who delivers: 乙方, supplier, seller
	ContractNumber   = "contract_number"
	OriginalContract = "original_contract" // that a supplement changes
	ProjectNumber    = "project_number"
	Number           = "number" // of the document itself: change, quotation, invoice, ticket
	LetterNumber     = "letter_number"
	Amount           = "amount"
	Currency         = "currency"
	Date             = "date" // of what the document tells of
	SignedOn         = "signed_on"
	StartsOn         = "starts_on"
	EndsOn           = "ends_on"
	RenewsOn         = "renews_on"
	DueOn            = "due_on"
	ValidUntil       = "valid_until"
	Reason           = "reason"
	Impact           = "impact"
	Approver         = "approver"
	Requester        = "requester"
	Result           = "result"
	Signed           = "signed" // yes, partly or no
)

// Details lists all of them in the order in which they are shown.
func Details() []string {
	return []string{Number, LetterNumber, ContractNumber, OriginalContract, ProjectNumber, PartyA, PartyB, Amount, Currency, Date, SignedOn, StartsOn, EndsOn, RenewsOn,
		DueOn, ValidUntil, Requester, Reason, Impact, Approver, Result, Signed}
}

// labels are the words before a value, in folded form, by detail. Of several that
// a document has the first in this order counts.
var labels = map[string]string{
	PartyA: "甲方|委托方|委托人|委托单位|买方|需方|发包方|定作方|采购方|采购人|建设单位|客户名称|客户单位|客户|用户单位|用户名称|购买方名称|购买方|购方|购货单位|报价对象|致|主送|投诉单位|投诉方|投诉人|" +
		"customer|client|buyer|purchaser|party a|bill to|invoice to|prepared for|quotation for|complainant|to",
	PartyB: "乙方|受托方|受托人|卖方|供方|承包方|承揽方|供应商|承建单位|开发单位|服务单位|服务商|销售方名称|销售方|销货单位|报价单位|报价人|发文机关|" +
		"supplier|contractor|seller|vendor|service provider|provider|party b|from",
	ContractNumber:   "合同编号|合同号|合同号码|协议编号|协议号|补充协议编号|contract no.|contract no|contract number|contract ref|agreement no.|agreement no|agreement number|agreement ref|amendment no.|amendment no|agreement|contract",
	OriginalContract: "原合同编号|原合同号|原合同|主合同编号|主合同|原协议编号|原协议|original agreement no|original agreement|original contract no|original contract|principal agreement",
	ProjectNumber:    "项目编号|项目号|项目代号|project no.|project no|project number|project id|project code|project",
	Amount: "合同总金额|合同总价款|合同总价|合同金额|合同价款|协议金额|含税总价|优惠后总价|报价总计|报价合计|总报价|报价(含税)|价税合计|总金额|总价款|总价|变更费用|增加费用|费用总计|年度维护费|维护费用|服务费用|合计金额|合计|总计|费用|金额|" +
		"total contract value|contract value|contract price|contract sum|total price|total amount|amount due|total due|balance due|grand total|total fee|annual fee|annual support fee|support fee|additional fee|fixed fee|total|cost|fee|amount",
	SignedOn:   "签订日期|签约日期|签署日期|签订时间|签约时间|合同签订日期|订立日期|签署时间|date of agreement|date signed|signature date|signing date|signed on|agreement date|contract date|dated|effective date",
	StartsOn:   "生效日期|开始日期|服务开始日期|commencement date|start date|starts on",
	EndsOn:     "终止日期|到期日期|到期日|合同到期日|截止日期|结束日期|expiry date|end date|expires on|expiration date|ends on",
	RenewsOn:   "续签日期|续约日期|续费日期|续保日期|renewal date|renews on|next renewal",
	DueOn:      "交付日期|交货日期|交付时间|交货时间|完成日期|竣工日期|计划完成日期|要求完成日期|期望完成日期|完成时间|付款截止日期|付款期限|付款到期日|要求答复日期|答复期限|交付期限|due date|delivery date|delivery by|completion date|target date|payment due date|payment due|reply by|required by|complete by",
	ValidUntil: "报价有效期至|有效期至|报价有效期|有效期|valid until|valid through|validity|offer valid until|quote valid until",
	Reason:     "变更原因|变更理由|申请原因|变更背景|原因|reason for change|reason|justification|rationale|business justification",
	Impact:     "影响分析|变更影响|影响范围|影响评估|影响|impact analysis|impact assessment|impact",
	Approver:   "审批人|批准人|审核人|核准人|批准|approved by|approver|authorised by|authorized by",
	Requester:  "提出人|申请人|变更申请人|requested by|raised by|originator|requester",
	Result:     "验收结论|验收结果|验收意见|结论|acceptance result|acceptance decision|decision|outcome|result",
}

// numberLabels and dateLabels differ by type: every document has a number and a
// date, and what they are called tells whose.
var numberLabels = map[document.Type]string{
	document.TypeChange:        "变更编号|变更单号|变更单编号|申请单号|编号|change no.|change no|change id|change request no|change request number|change request|cr no|request no|reference",
	document.TypeInvoice:       "发票号码|发票号|invoice no.|invoice no|invoice number|invoice",
	document.TypeQuotation:     "报价编号|报价单号|报价单编号|编号|quotation no.|quotation no|quotation number|quote no.|quote no|quote number|quote ref|reference",
	document.TypeServiceRecord: "服务单号|工单号|工单编号|服务编号|巡检编号|编号|service no|ticket no.|ticket no|ticket number|ticket|incident no|incident|report no|job no",
	document.TypeComplaint:     "投诉编号|投诉单号|编号|complaint no.|complaint no|complaint number|reference|case no",
}

var dateLabels = map[document.Type]string{
	document.TypeAcceptance:    "验收日期|验收时间|日期|acceptance date|date of acceptance|accepted on|date",
	document.TypeMinutes:       "会议时间|会议日期|时间|日期|meeting date|date and time|date|held on|time",
	document.TypeChange:        "提出日期|申请日期|变更日期|提出时间|日期|date raised|date requested|request date|date",
	document.TypeInvoice:       "开票日期|发票日期|invoice date|date of issue|date",
	document.TypeQuotation:     "报价日期|报价时间|日期|quotation date|quote date|date of quotation|date",
	document.TypeServiceRecord: "服务日期|服务时间|巡检日期|到场时间|报修时间|维护日期|日期|service date|date of service|date of visit|visit date|date",
	document.TypeComplaint:     "投诉时间|投诉日期|日期|date of complaint|complaint date|date",
	document.TypeSurvey:        "调研日期|调研时间|访谈时间|访谈日期|日期|interview date|survey date|date",
	document.TypeTraining:      "培训时间|培训日期|日期|时间|training date|date",
	document.TypeTestReport:    "测试日期|测试时间|报告日期|日期|test date|report date|date",
	document.TypeLetter:        "发文日期|成文日期|日期|date",
}

// has is which details a type has. Every type may have the numbers of its
// project and contract.
var has = map[document.Type][]string{
	document.TypeContract:      {PartyA, PartyB, Amount, SignedOn, StartsOn, EndsOn, RenewsOn, DueOn, Signed},
	document.TypeMaintenance:   {PartyA, PartyB, Amount, SignedOn, StartsOn, EndsOn, RenewsOn, Signed},
	document.TypeSupplement:    {OriginalContract, PartyA, PartyB, Amount, SignedOn, DueOn, Signed},
	document.TypeQuotation:     {Number, PartyA, PartyB, Amount, Date, ValidUntil},
	document.TypeAcceptance:    {PartyA, PartyB, Amount, Date, Result, Signed},
	document.TypeMinutes:       {Date},
	document.TypeChange:        {Number, Date, Requester, Reason, Impact, Amount, Approver, DueOn},
	document.TypeInvoice:       {Number, PartyA, PartyB, Amount, Date, DueOn},
	document.TypeServiceRecord: {Number, PartyA, Date},
	document.TypeComplaint:     {Number, PartyA, Date, DueOn},
	document.TypeLetter:        {LetterNumber, PartyA, PartyB, Date},
	document.TypeSurvey:        {Date},
	document.TypeTraining:      {Date},
	document.TypeTestReport:    {Date},
}

// labelsFor gives the words before a detail of a type, best first.
func labelsFor(typ document.Type, detail string) []string {
	words := labels[detail]
	switch detail {
	case Number:
		words = numberLabels[typ]
	case Date:
		words = dateLabels[typ]
	}
	if words == "" {
		return nil
	}
	return strings.Split(words, "|")
}

// everyLabel is what ends a value that stands on one line with the next label.
var everyLabel = func() map[string]bool {
	out := map[string]bool{}
	put := func(words string) {
		for w := range strings.SplitSeq(words, "|") {
			out[w] = true
		}
	}
	for _, m := range []map[document.Type]string{numberLabels, dateLabels} {
		for _, words := range m {
			put(words)
		}
	}
	for _, words := range labels {
		put(words)
	}
	put("签订地点|签约地点|地址|电话|联系人|联系电话|邮箱|传真|开户行|账号|税号|优先级|变更名称|项目名称|合同名称|会议地点|地点|主持人|记录人|乙方地址|甲方地址|授权代表|法定代表人|address|phone|contact|attention|priority|title|status|project name|place|attendees|location")
	for _, short := range []string{"to", "from", "time", "fee", "cost", "total", "reason", "impact", "decision", "result", "agreement", "contract", "致", "时间", "原因", "影响"} {
		delete(out, short) // words of ordinary sentences
	}
	return out
}()

var longestLabel = func() int {
	n := 0
	for w := range everyLabel {
		n = max(n, len(w))
	}
	return n
}()

func hasDetail(typ document.Type, detail string) bool { return slices.Contains(has[typ], detail) }
