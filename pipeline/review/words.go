package review

// said is a word in Chinese and in English.
type said struct{ zh, en string }

// Say gives a word of reports in a language; what has none stands for itself.
// Pages and commands use it too, so that a finding has one name everywhere.
func Say(key string, english bool) string {
	w, ok := words[key]
	switch {
	case !ok:
		return key
	case english:
		return w.en
	}
	return w.zh
}

var words = map[string]said{
	"tell.subject": {"档案提醒：%d 项待处理（%s）", "Archive: %d things to look after (%s)"}, "tell.group": {"归档：%s 待处理事项", "Guidang: what is to be looked after in %s"},

	"title": {"季度复核", "Quarterly review"}, "made": {"生成时间", "made"}, "open": {"待确认", "to be confirmed"}, "none": {"没有需要确认的事项。", "Nothing has to be confirmed."},
	"customer": {"客户", "Customer"}, "project": {"项目", "Project"}, "sort": {"类别", "What"}, "subject": {"事项", "Subject"}, "day": {"日期", "Day"}, "detail": {"说明", "Detail"},
	"responsible": {"责任人", "Responsible"}, "confirmed": {"确认", "Confirmed"}, "documents": {"文档数", "Documents"}, "phase": {"阶段", "Phase"}, "state": {"状态", "State"},
	"complete": {"应有文件", "Required documents"}, "overview": {"客户与项目", "Customers and projects"}, "findings": {"复核事项", "Findings"}, "id": {"编号", "ID"}, "nobody": {"未归属", "Of no customer"},
	"who": {"确认人", "By"}, "when": {"确认时间", "At"}, "note": {"备注", "Note"}, "type": {"文件类型", "Type"}, "document": {"文档编号", "Document"}, "there": {"已有", "there"},

	"sort.missing": {"缺少文件", "missing document"}, "sort.unsigned": {"未签署", "not signed"}, "sort.cloud": {"仅有云链接", "only as a cloud link"}, "sort.expiring": {"合同即将到期", "contract about to end"},
	"sort.expired": {"合同已到期", "contract has ended"}, "sort.action": {"未完成待办", "open action"}, "sort.sensitive": {"敏感信息", "sensitive data"}, "sort.unassigned": {"未归属文档", "documents of nobody"},

	"standing.there": {"有", "there"}, "standing.missing": {"缺", "missing"}, "standing.unsigned": {"未签", "not signed"}, "standing.cloud": {"仅云链接", "only a link"},

	"decision.seen": {"已知悉", "seen"}, "decision.done": {"已处理", "done"}, "decision.not-applicable": {"不适用", "not applicable"},

	"type.contract": {"合同", "contract"}, "type.supplement": {"补充协议", "supplement"}, "type.quotation": {"报价单", "quotation"}, "type.survey": {"调研报告", "survey"}, "type.requirements": {"需求规格说明书", "requirements"},
	"type.design": {"设计文档", "design"}, "type.interface": {"接口文档", "interface"}, "type.database": {"数据库设计", "database design"}, "type.test-cases": {"测试用例", "test cases"}, "type.test-report": {"测试报告", "test report"},
	"type.defects": {"缺陷清单", "defect list"}, "type.deployment": {"部署方案", "deployment plan"}, "type.manual": {"操作手册", "manual"}, "type.training": {"培训材料", "training"}, "type.acceptance": {"验收报告", "acceptance report"},
	"type.minutes": {"会议纪要", "minutes"}, "type.change-request": {"变更单", "change request"}, "type.maintenance-contract": {"维护合同", "maintenance contract"}, "type.service-record": {"服务记录", "service record"},
	"type.complaint": {"投诉", "complaint"}, "type.invoice": {"发票", "invoice"}, "type.official-letter": {"公文", "official letter"}, "type.other": {"其他", "other"},

	"detail.identity-number": {"身份证号", "identity number"}, "detail.mobile-number": {"手机号", "mobile number"}, "detail.bank-card": {"银行卡号", "bank card"}, "detail.password": {"密码", "password"},
	"detail.unassigned": {"未归属", "of nobody"}, "detail.doubtful": {"其中存疑", "of these in doubt"},
	"detail.ends_on": {"到期", "ends"}, "detail.renews_on": {"续签", "renews"}, "detail.valid_until": {"有效期至", "valid until"},

	"state.running": {"进行中", "running"}, "state.delivered": {"已交付", "delivered"}, "state.in-service": {"运维中", "in service"}, "state.closed": {"已结束", "closed"},
	"phase.start": {"启动", "start"}, "phase.requirements": {"需求", "requirements"}, "phase.design": {"设计", "design"}, "phase.test": {"测试", "test"}, "phase.deployment": {"部署", "deployment"},
	"phase.acceptance": {"验收", "acceptance"}, "phase.service": {"运维", "service"},
}
