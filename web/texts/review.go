package texts

// review are the texts of the quarterly review.
var review = []text{
	{"review.title", "Quarterly review", "季度复核"},
	{"review.page", "as a page", "导出网页"},
	{"review.book", "as a workbook", "导出表格"},
	{"review.said", "Noted: %s findings.", "已记录 %s 项确认。"},
	{"review.open", "%s to be confirmed", "待确认 %s 项"},
	{"review.nobody", "Of no customer", "未归属"},
	{"review.what", "What", "类别"},
	{"review.project", "Project", "项目"},
	{"review.subject", "Subject", "事项"},
	{"review.day", "Day", "日期"},
	{"review.detail", "Detail", "说明"},
	{"review.responsible", "Responsible", "责任人"},
	{"review.confirmed", "Confirmed", "确认"},
	{"review.who", "Your name", "确认人"},
	{"review.note", "Note", "备注"},
	{"review.as.seen", "Seen", "已知悉"},
	{"review.as.done", "Done", "已处理"},
	{"review.as.not-applicable", "Not applicable", "不适用"},
	{"review.help", "What is seen or done is asked again next quarter if it is still so; what does not apply is not.", "已知悉或已处理的事项，若下季度仍存在会再次询问；不适用的不再询问。"},
	{"review.none", "Nothing has to be confirmed", "没有需要确认的事项"},
	{"review.required", "Required documents", "应有文件"},
	{"review.told", "told %s", "%s 已通知"},
}
