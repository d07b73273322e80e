package doctype

import (
	"regexp"
	"strings"
	"unicode"

	"guidang/extractors/document"
)

// named is what a document of a type is called.
type named struct {
	words  string // separated by blanks; _ stands for a blank
	typ    document.Type
	weight float64
}

// titles are the words by which documents call themselves. In Chinese the last
// word of a name is what the thing is (合同评审会议纪要 are minutes), in English
// the last word before "of", "for" or "to".
var titles = []named{
	{"补充协议 补充合同 补充协议书 变更协议 附加协议 补充条款 合同变更协议 addendum amendment supplemental_agreement supplementary_agreement contract_amendment variation_agreement", document.TypeSupplement, sureTitle},
	{"维护合同 维保合同 运维合同 维护协议 维保协议 运维协议 运维服务合同 运维服务协议 维护服务合同 维护服务协议 技术支持合同 技术支持协议 技术支持服务合同 技术支持服务协议 软件技术支持服务协议 运行维护服务合同 售后服务协议 售后服务合同 年度服务合同 维保服务合同 系统维护合同 维保服务协议", document.TypeMaintenance, sureTitle},
	{"maintenance_agreement maintenance_contract support_agreement support_contract service_level_agreement sla support_and_maintenance_agreement support_and_maintenance maintenance_services_agreement managed_services_agreement service_levels", document.TypeMaintenance, sureTitle},
	{"合同 合同书 协议书 开发合同 采购合同 服务合同 技术开发合同 技术服务合同 委托开发合同 销售合同 软件合同 委托书 承揽合同 框架协议 合作协议 合同正文 合同扫描件 合同签字页", document.TypeContract, sureTitle},
	{"协议", document.TypeContract, 8},
	{"签字页 盖章页 签署页 signature_page", document.TypeContract, 7},
	{"contract agreement msa master_services_agreement services_agreement development_agreement license_agreement sow statement_of_work agreement_final contract_signed purchase_agreement", document.TypeContract, sureTitle},
	{"报价单 报价书 报价函 报价表 报价方案 报价明细 报价 价格清单 价格表 投标报价 报价文件 费用估算 费用测算 预算报价", document.TypeQuotation, sureTitle},
	{"quotation quote price_quote price_offer price_list commercial_offer commercial_proposal cost_estimate pricing estimate proforma", document.TypeQuotation, sureTitle},
	{"offer proposal", document.TypeQuotation, vagueTitle},
	{"调研报告 需求调研 调研提纲 调研问卷 调研表 调研记录 调查问卷 问卷 访谈记录 访谈提纲 需求访谈记录 用户访谈 现状调研 满意度调查 满意度调查表 调查表 现场调研 需求调研报告 需求调研表 用户调研 踏勘记录 调研", document.TypeSurvey, sureTitle},
	{"survey questionnaire interview_notes site_survey user_survey survey_report survey_results satisfaction_survey interview_record discovery_report user_interviews interview_summary", document.TypeSurvey, sureTitle},
	{"需求规格说明书 需求说明书 需求规格说明 需求说明 需求分析 需求分析报告 需求文档 需求规格 需求规格书 软件需求 需求书 需求清单 用户需求书 功能需求 业务需求 业务需求书 产品需求文档 srs prd 功能清单 功能规格 需求分析说明书 需求确认书 用户需求 需求分析文档 用例文档 用例规约", document.TypeRequirements, sureTitle},
	{"requirements requirements_specification requirement_specification software_requirements functional_specification functional_requirements business_requirements user_requirements brd frd fsd requirements_document user_stories product_requirements product_requirements_document product_backlog use_case_specification use_cases", document.TypeRequirements, sureTitle},
	{"需求", document.TypeRequirements, vagueTitle},
	{"数据库设计 数据库设计说明书 数据库设计文档 表结构 数据库表结构 数据字典 库表设计 数据库说明 数据模型 数据结构设计 数据库说明书 数据库文档 表结构说明 er图 数据库结构 数据库表设计 库表结构", document.TypeDatabase, sureTitle},
	{"database_design data_dictionary database_schema data_model schema database_specification table_definitions db_design entity_relationship_model database database_documentation", document.TypeDatabase, sureTitle},
	{"接口文档 接口说明书 接口说明 接口规范 接口设计 接口约定 接口清单 接口协议 接口定义 api文档 对接文档 接口规格说明书 接口设计说明书 对接方案 接口设计文档 接口手册 报文规范 api接口文档 api接口 接口对接文档 接口列表", document.TypeInterface, sureTitle},
	{"api_documentation api_reference api_specification api_spec interface_specification interface_control_document icd interface_design integration_specification api_guide interface_agreement interface_description api_docs api api_design rest_api web_service_specification", document.TypeInterface, sureTitle},
	{"接口", document.TypeInterface, vagueTitle},
	{"概要设计 概要设计说明书 详细设计 详细设计说明书 系统设计 系统设计说明书 架构设计 架构设计说明书 总体设计 设计说明书 设计文档 设计说明 技术方案 总体方案 系统架构 设计方案 技术设计 原型设计 软件设计 技术架构 概设 详设 系统设计文档 架构文档 设计书 技术方案书 软件设计说明书 总体架构设计 架构说明 体系结构 体系结构设计 体系结构文档 软件体系结构 设计报告 界面设计 实现说明 设计草案", document.TypeDesign, sureTitle},
	{"design_document design_specification detailed_design architecture system_design architecture_document high_level_design low_level_design hld lld sdd software_design technical_design solution_design architecture_overview design technical_architecture software_architecture design_description system_architecture", document.TypeDesign, sureTitle},
	{"测试用例 测试用例集 用例表 测试用例文档 用例清单 测试脚本 测试案例 测试场景 用例库 用例集", document.TypeTestCases, sureTitle},
	{"test_cases test_case test_scripts test_scenarios test_suite test_script uat_cases uat_scripts test_case_specification", document.TypeTestCases, sureTitle},
	{"测试报告 测试总结报告 测试总结 压测报告 性能测试报告 测试结果 测试分析报告 系统测试报告 集成测试报告 安全测试报告 回归测试报告 压力测试报告 性能测试 验收测试报告 单元测试报告 用户测试报告 渗透测试报告 测评报告 测试结果报告 测试计划与报告", document.TypeTestReport, sureTitle},
	{"test_report test_summary test_results test_summary_report performance_test_report uat_report regression_report load_test_results penetration_test_report test_result load_test_report testing_report", document.TypeTestReport, sureTitle},
	{"缺陷清单 缺陷列表 缺陷跟踪表 缺陷报告 缺陷记录 bug清单 bug列表 bug单 问题清单 遗留问题 遗留问题清单 问题跟踪表 问题列表 缺陷统计 缺陷台账 缺陷表 bug记录 问题台账 缺陷跟踪", document.TypeDefects, sureTitle},
	{"defect_list defect_log bug_list bug_report bug_log issue_list issue_log defects defect_register known_issues open_defects issue_tracker defect_report snag_list punch_list bug_tracker", document.TypeDefects, sureTitle},
	{"部署方案 部署文档 部署手册 部署计划 上线方案 上线计划 回滚方案 回退方案 发布方案 发布计划 割接方案 安装手册 安装部署手册 部署说明 部署指南 上线部署方案 上线实施方案 安装说明 安装文档 切换方案 上线回退方案 部署与回滚方案 安装部署文档 安装指南 上线步骤 实施方案 部署实施方案 部署", document.TypeDeployment, sureTitle},
	{"deployment_plan deployment_guide rollback_plan release_plan cutover_plan go-live_plan go_live_plan runbook installation_guide deployment release_checklist release_runbook installation_manual deployment_runbook cutover_runbook deployment_checklist rollback_procedure release_procedure deployment_manual installation_instructions deployment_instructions deployment_documentation", document.TypeDeployment, sureTitle},
	{"操作手册 用户手册 使用手册 使用说明 使用说明书 用户指南 操作指南 操作说明 操作说明书 管理员手册 用户操作手册 使用指南 系统手册 维护手册 用户使用手册 运维手册 管理手册 快速入门 操作规程 使用文档 用户说明书", document.TypeManual, sureTitle},
	{"user_manual user_guide operating_manual administrator_guide admin_guide handbook operations_manual reference_manual manual quick_start_guide quick_start how-to_guide admin_manual operator_guide administration_guide end_user_guide quick_reference_guide", document.TypeManual, sureTitle},
	{"guide 手册", document.TypeManual, vagueTitle},
	{"培训材料 培训教材 培训计划 培训方案 培训课件 培训ppt 培训签到表 培训记录 培训资料 培训大纲 操作培训 用户培训 使用培训 培训手册 培训总结 培训 课件 培训讲义 培训通知", document.TypeTraining, sureTitle},
	{"training training_material training_materials training_plan training_slides training_course training_manual training_workbook course_material training_record training_attendance training_agenda training_handout workshop_slides training_deck training_session", document.TypeTraining, sureTitle},
	{"验收报告 验收单 验收书 验收证书 终验报告 初验报告 验收表 验收意见 验收意见书 验收确认书 竣工验收报告 终验 初验 上线确认书 上线确认单 试运行上线确认书 验收申请 验收结论 交付确认单 完工确认单 验收记录 签收单 验收文档 终验证书 交付验收单 验收", document.TypeAcceptance, sureTitle},
	{"acceptance_report acceptance_certificate sign-off sign_off signoff uat_sign-off acceptance_form completion_certificate acceptance acceptance_record delivery_acceptance certificate_of_acceptance user_acceptance_certificate final_acceptance uatsignoff acceptance_sign-off certificate_of_completion acceptance_protocol", document.TypeAcceptance, sureTitle},
	{"会议纪要 会议记录 纪要 例会纪要 评审会纪要 启动会纪要 会谈纪要 会议备忘录 会议备忘 讨论纪要 沟通会纪要 周会纪要 会议总结 例会记录 周会记录 评审纪要 会议内容", document.TypeMinutes, sureTitle},
	{"minutes meeting_minutes meeting_notes minutes_of_meeting mom meeting_record meeting_summary kick-off_notes call_notes meeting_memo", document.TypeMinutes, sureTitle},
	{"启动会 评审会 例会 周会 meeting kick-off", document.TypeMinutes, 3},
	{"需求变更单 变更单 变更申请单 变更申请 变更申请表 变更请求 需求变更 变更通知单 变更记录 变更审批表 变更说明 变更确认单 变更清单 需求变更申请表 需求变更申请 变更台账 需求变更记录 合同变更申请 变更控制单 变更报告", document.TypeChange, sureTitle},
	{"change_request change_order change_log change_requests change_control_form request_for_change rfc scope_change change_form change_register change_notice variation_request change_proposal", document.TypeChange, sureTitle},
	{"服务记录 服务单 服务报告 巡检报告 巡检记录 维护记录 维护报告 运维报告 运维月报 故障报告 故障处理报告 故障记录 故障分析报告 现场服务单 现场服务记录 工单 服务工单 运维日志 实施日志 售后服务单 维修记录 服务月报 技术服务单 上门服务单 维护日志 运维记录 服务确认单 服务台账 巡检表 售后记录 处理记录 月度服务报告", document.TypeServiceRecord, sureTitle},
	{"service_report service_record incident_report root_cause_analysis rca maintenance_log service_log support_ticket maintenance_record service_ticket field_service_report health_check_report post-mortem postmortem maintenance_report visit_report incident_log site_visit_report monthly_service_report work_order inspection_report", document.TypeServiceRecord, sureTitle},
	{"投诉 投诉信 投诉函 投诉单 投诉记录 客户投诉 客诉 投诉处理单 投诉登记表 投诉书 客诉单 投诉处理记录 意见反映 投诉受理单 客户投诉单", document.TypeComplaint, sureTitle},
	{"complaint complaints complaint_letter letter_of_complaint customer_complaint formal_complaint grievance complaint_form complaint_record escalation complaint_log", document.TypeComplaint, sureTitle},
	{"发票 电子发票 增值税发票 增值税专用发票 增值税普通发票 专用发票 普通发票 形式发票 开票资料 发票扫描件 收据", document.TypeInvoice, sureTitle},
	{"invoice tax_invoice vat_invoice credit_note commercial_invoice bill receipt invoices", document.TypeInvoice, sureTitle},
	{"通知 函 公函 复函 批复 请示 决定 通报 公告 通告 意见函 商请函 告知函 联系函 工作联系单 工作函 的通知 的函 的批复 的请示 的意见 的复函 的通报", document.TypeLetter, 8},
	{"official_letter official_notice circular notice memorandum formal_notice letter_of_notice directive notification_letter official_reply", document.TypeLetter, 8},
	{"测试计划 测试方案 项目计划 项目周报 周报 月报 日报 工作总结 项目总结 年度总结 制度 规定 管理办法 简历 日程 通讯录 客户名册 联系表 台账 登记表 test_plan project_plan weekly_report monthly_report status_report resume curriculum_vitae readme license changelog release_notes policy newsletter agenda roadmap contact_list 可行性研究报告 可行性分析报告 可行性报告 项目管理计划 管理计划 开发准则 开发计划 规范 流程 验收流程 验收标准 验收清单 验收检查表 验收准备清单 检查清单 核对清单 checklist acceptance_checklist acceptance_criteria 目录 模板说明 付款计划 工时 合同台账 合同登记表 客户资料 组织结构图 付款 project_charter 项目章程 需求跟踪矩阵 业务流程 商业计划书 论文 用户协议 隐私协议 许可协议 保密协议 privacy_policy terms_of_service code_of_conduct contributing account_notes contract_payments payment_schedule payment_plan job_description 职位描述 岗位说明 price_history contract_register", document.TypeOther, sureTitle},
}

// title is one entry of the table as it is looked for.
type title struct {
	typ    int
	weight float64
}

// byName is the table by words.
var byName, longestName = func() (map[string]title, int) {
	out, longest := map[string]title{}, 0
	for _, n := range titles {
		for w := range strings.FieldsSeq(n.words) {
			w = strings.ReplaceAll(w, "_", " ")
			out[w] = title{indexOf(n.typ), n.weight}
			longest = max(longest, len(w))
		}
	}
	return out, longest
}()

// called tells what a title or a name says that its document is. Of the parts of
// a file name the surest counts (会议纪要_20250801_启动会); within a part the last
// of the words that the table knows.
func called(s string) (typ int, weight float64, ok bool) {
	for part := range strings.SplitSeq(spaced(s), between) {
		t, w, found := calledPart(strings.TrimSpace(part))
		if found && w >= weight {
			typ, weight, ok = t, w, true
		}
	}
	return typ, weight, ok
}

// calledPart reads one part. "Service report for May" says what it is before the
// "for"; only where that says nothing the rest is looked at.
func calledPart(s string) (typ int, weight float64, ok bool) {
	head := s
	for _, of := range []string{" of ", " for ", " to ", " regarding ", " re ", " concerning ", " - ", " with ", " between ", " on ", " about ", " from ", ": "} {
		if at := strings.Index(head, of); at > 0 {
			head = head[:at]
		}
	}
	if head != s {
		if typ, weight, ok = lastName(strings.TrimSpace(head)); ok {
			return typ, weight, ok
		}
	}
	return lastName(s)
}

// lastName finds the name that ends last.
func lastName(s string) (typ int, weight float64, ok bool) {
	for end := len(s); end > 0; end-- {
		if end < len(s) && s[end]&0xc0 == 0x80 {
			continue
		}
		for from := max(0, end-longestName); from < end; from++ {
			if s[from]&0xc0 == 0x80 {
				continue
			}
			t, known := byName[s[from:end]]
			if !known || !wordAt(s, from, end) {
				continue
			}
			return t.typ, t.weight * sureness(s[end:]), true
		}
	}
	return 0, 0, false
}

// sureness is how much a name is worth that something follows: 验收通过后的安排 is no
// acceptance. Numbers, versions and dates have been taken away.
func sureness(after string) float64 {
	switch n := len([]rune(strings.TrimSpace(after))); {
	case n == 0:
		return 1
	case n <= 2:
		return 0.8
	case n <= 6:
		return 0.45
	case n <= 12:
		return 0.3
	}
	return 0.2
}

// wordAt says that a name stands alone: Latin words do not begin or end within
// one. A Chinese name may follow anything.
func wordAt(s string, from, end int) bool {
	latin := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }
	return (!latin(from) || !latin(from-1)) && (!latin(end-1) || !latin(end))
}

// marks of a version or a state that stand behind a name.
var marks = strings.NewReplacer("最终版", " ", "最终", " ", "终稿", " ", "定稿", " ", "初稿", " ", "草稿", " ", "修订版", " ", "修订", " ", "盖章版", " ", "签字版", " ", "送审稿", " ", "征求意见稿", " ",
	"副本", " ", "扫描件", " ", "最新版", " ", "最新", " ", "评审稿", " ", "正式版", " ", "已盖章", " ", "已签", " ", "模板", " ", "恢复", " ")

// spaced brings a name into words: MeetingMinutes and meeting_minutes are
// meeting minutes, and dates, versions and numbers are gone.
func spaced(s string) string {
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "")
	}
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])) {
			b.WriteByte(' ')
		}
		if strings.ContainsRune("_·.，,、;；|/\\()（）[]【】《》〈〉<>\"“”‘’'—–:：!！?？#*~+=&\t", r) {
			b.WriteString(between)
			continue
		}
		b.WriteRune(r)
	}
	folded, _ := fold(b.String())
	folded = numbered.ReplaceAllString(marks.Replace(folded), "${1}"+between)
	var parts []string
	for part := range strings.SplitSeq(folded, between) {
		var words []string
		for w := range strings.FieldsSeq(part) {
			if !isNumber(w) {
				words = append(words, w)
			}
		}
		parts = append(parts, plain(strings.Join(words, " ")))
	}
	return strings.Join(parts, between)
}

// between stands between the parts of a name.
const between = "\x01"

// numbered is a number right behind a Chinese name: 登记表2022, 说明书v0.5.
var numbered = regexp.MustCompile(`(\p{Han})v?\d[\d.]*`)

// isNumber holds for what counts or dates: 20250801, v2, ht-2025-0725, w34, no.
func isNumber(w string) bool {
	digits := 0
	for _, r := range w {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '-', r >= 'a' && r <= 'z', strings.ContainsRune("年月日号第版", r):
		default:
			return false
		}
	}
	return digits > 0
}
