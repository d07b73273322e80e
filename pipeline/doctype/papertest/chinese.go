package papertest

import "guidang/extractors/document"

// form is how papers of a type are written.
type form struct {
	names  []string // of files
	titles []string
	body   string
	fields []string // that have to be found, as name or name=fact
	sheet  bool
}

// dull are names that say nothing.
var dull = map[string][]string{
	"zh": {"新建 Microsoft Word 文档", "扫描件{n}", "文档1", "{date.c}", "发给客户的", "最新", "附件{n}", "微信图片_{date.c}", "{system}", "{who}改"},
	"en": {"Document1", "scan{n}", "final", "for {who2}", "New folder file", "{date.c}", "attachment {n}", "Untitled"},
}

const headHan = "[[合同编号|协议编号|合同号][：| ：|\t]{ht}\n<项目编号：{proj}\n>|项目编号 {proj} 合同编号 {ht}\n]"

const partiesHan = "[甲方：{a}\n乙方：{b}|甲方（委托方）：{a}\n乙方（受托方）：{b}|甲　方：{a}（以下简称“甲方”）\n乙　方：{b}（以下简称“乙方”）|买方：{a}\n卖方：{b}|委托方\t{a}\t受托方\t{b}|需方（甲方）：{a}\n供方（乙方）：{b}]\n"

const signHan = "[甲方（盖章）：{a} 乙方（盖章）：{b}\n[授权代表：|法定代表人：|代表签字：]{sign1} [授权代表：|代表签字：]{sign2}\n日期：{date.w} 日期：{date.w}|甲方代表（签字）：{sign1}\n乙方代表（签字）：{sign2}\n签署日期：{date.w}]\n"

var chineseForms = map[document.Type]form{
	document.TypeContract: {
		names:  []string{"{ht}_{system}开发合同", "{system}合同", "{a}{system}项目合同", "{proj}_Contract_{date.c}_v1", "软件采购合同-{a}"},
		titles: []string{"{system}开发合同", "技术开发（委托）合同", "软件采购合同", "{system}建设项目合同书"},
		body: headHan + partiesHan + "<签订地点：北京\n>[签订日期：{date.w}|签约日期 {date.w}|签订时间：{date.w}]\n" +
			"[甲乙双方本着平等互利的原则，就{system}的建设达成如下条款。|根据《中华人民共和国民法典》的规定，双方经友好协商，就甲方委托乙方建设{system}一事签订本合同。]\n" +
			"# [第一条 项目内容|一、标的|1 建设范围]\n乙方负责{system}的设计、编码、测试和上线支持，具体功能见附件一。\n" +
			"# [第二条 价款|二、合同价款与支付|2 费用]\n[本合同总金额为{amount.w}。|合同总价：{amount.w}|本项目合同金额（含税）为{amount.w}，甲方分三期支付。]\n合同签订后支付30%，上线后支付50%，余款于质保期满后付清。\n" +
			"# [第三条 工期|三、交付|3 进度]\n[交付日期：{due.w}|交付时间：{due.w}]\n" +
			"# [第四条 违约|四、违约责任|4 责任]\n乙方延期交付的，每日按未交付部分价款的千分之一赔偿甲方。\n<# 第五条 保密\n双方对对方的技术资料和经营信息负有保密义务，期限三年。\n>" +
			"# [其他|第六条 附则]\n[本合同一式四份，双方各执两份。|未尽事宜由双方另行约定，本合同自盖章之日起生效。]\n" + signHan,
		fields: []string{"contract_number=ht", "party_a=a", "party_b=b", "amount", "currency=cny", "signed_on=date", "due_on=due", "signed=signed"},
	},
	document.TypeSupplement: {
		names:  []string{"{sup}_补充协议", "{system}补充协议", "补充合同-{a}", "合同补充条款{date.c}"},
		titles: []string{"补充协议", "{system}开发合同补充协议", "合同补充协议（一）"},
		body: "[合同编号：{sup}|协议编号：{sup}|补充协议编号\t{sup}]\n[原合同编号：{ht}|原合同\t{ht}|主合同编号：{ht}]\n" + partiesHan + "[签订日期：{date.w}|签署日期：{date.w}]\n" +
			"[鉴于双方已签订上述合同，现就增加功能事宜补充约定如下。|经双方协商，对原合同作如下变更和补充：]\n# [一、变更内容|第一条 增加的工作]\n在{system}中增加批量导出和短信提醒。\n# [二、费用|第二条 价款调整]\n[增加费用：{amount.w}|变更费用为{amount.w}|本次增加的合同金额为{amount.w}。]\n# [三、其他|第三条 效力]\n[本协议与原合同具有同等法律效力，原合同其他条款不变。|本协议未约定的，按原合同执行。]\n" + signHan,
		fields: []string{"contract_number=sup", "original_contract=ht", "party_a=a", "party_b=b", "amount", "signed_on=date", "signed=signed"},
	},
	document.TypeMaintenance: {
		names:  []string{"{system}维护合同{date.c}", "运维服务合同_{a}", "{a}年度维保合同", "技术支持服务协议"},
		titles: []string{"{system}运行维护服务合同", "年度维护合同", "软件技术支持服务协议", "系统运维服务合同"},
		body: headHan + partiesHan + "[签订日期：{date.w}|签约时间：{date.w}]\n# [一、服务内容|第一条 维护范围]\n乙方为{system}提供故障处理、数据备份检查和季度巡检。\n# [二、期限|第二条 服务期限]\n[服务期限：{start.w}至{end.w}|维护期限：自{start.w}起至{end.w}止|本合同服务期自{start.w}至{end.w}。]\n" +
			"[合同期满前三十日双方均未提出异议的，本合同自动续期一年。|期满双方无书面异议则自动顺延一年。]\n# [三、费用|第三条 价款]\n[年度维护费：{amount.w}|维护费用为{amount.w}，分两次支付。|服务费用：{amount.w}]\n# [四、响应|第四条 服务响应]\n系统不可用时两小时内响应，八小时内恢复；一般问题次日处理。\n# 五、违约责任\n逾期未响应的，每次扣减年费的百分之一。\n" + signHan,
		fields: []string{"contract_number=ht", "party_a=a", "party_b=b", "amount", "signed_on=date", "starts_on=start", "ends_on=end", "renews_on=renew", "signed=signed"},
	},
	document.TypeQuotation: {
		names:  []string{"报价单_{a}_{date.c}", "{system}报价", "{bj}", "给{a}的价格v2"},
		titles: []string{"{system}报价单", "报价书", "{a}项目报价", "软件开发费用报价"},
		body: "[报价编号：{bj}|报价单号\t{bj}]\n[客户名称：{a}|报价对象：{a}|客户：{a}]\n[报价单位：{b}|供应商：{b}]\n[报价日期：{date.w}|日期：{date.w}]\n[有效期至：{valid.w}|报价有效期：30天|报价有效期至 {valid.w}]\n" +
			"序号\t模块\t人天\t单价\t小计\n1\t订单录入\t40\t1,500\t60,000\n2\t报表\t20\t1,500\t30,000\n[合计\t\t\t\t{plain}|总价：{amount.w}|报价（含税）：{amount.w}]\n[以上价格含6%增值税。|说明：本报价不含第三方软件许可。]\n<联系人：{who} 010-5550-0100\n>",
		fields: []string{"number=bj", "party_a=a", "party_b=b", "amount", "date", "valid_until=valid"},
	},
	document.TypeSurvey: {
		names:  []string{"{system}需求调研记录", "访谈记录_{who}", "用户调查问卷", "{a}现状调研报告"},
		titles: []string{"{system}需求调研报告", "用户访谈记录", "使用情况调查问卷", "{a}信息化现状调研"},
		body: "[调研时间：{date.w}|访谈时间：{date.w}]\n[调研对象：{a}仓储部、财务部|受访人：{who}（仓储主管）|访谈对象：{who}]\n[调研人：{who2}|记录：{who2}]\n# [一、现状|业务现状]\n目前入库单靠手工登记，月底由财务汇总，差错较多。\n# [二、问题|主要诉求|存在的问题]\n" +
			"[受访者表示高峰期扫码排队超过二十分钟。|大家希望能在手机上看到库存。|您对现有系统哪些地方不满意？请选择：速度慢、界面复杂、数据不准。]\n# [三、建议|小结]\n先解决扫码和盘点，再考虑与财务对接。\n",
		fields: []string{"date"},
	},
	document.TypeRequirements: {
		names:  []string{"{proj}_SRS_{date.c}_v1", "{system}需求规格说明书V1.2", "{system}需求文档", "业务需求书-{a}", "功能清单"},
		titles: []string{"{system}需求规格说明书", "{system}软件需求说明书", "产品需求文档", "{a}业务需求"},
		body: "<项目编号：{proj}\n>版本 1.2 编写人 {who}\n# [1 引言|一、前言|1. 编写目的]\n本文描述{system}要满足的业务要求，供开发和验收双方使用。\n# [2 总体描述|二、业务流程]\n客户下单后由销售审核，仓库发货，财务开票。\n# [3 功能需求|三、功能说明|3 系统功能]\n" +
			"3.1 订单录入：用户可以按模板批量录入订单，系统应能校验客户信用额度。\n3.2 审批：金额超过五万元的订单须经总监审批。\n3.3 查询：按客户、日期、状态组合查询，两秒内返回。\n# [4 非功能需求|四、性能与安全]\n并发用户不少于二百，数据每日备份。\n",
	},
	document.TypeDesign: {
		names:  []string{"{system}概要设计说明书V0.5", "详细设计_{system}", "{proj}_Design_{date.c}_v2", "{system}技术方案", "系统架构"},
		titles: []string{"{system}概要设计说明书", "{system}详细设计", "{system}总体技术方案", "系统架构设计"},
		body: "<项目编号：{proj}\n># [1 设计目标|一、概述]\n满足需求说明书的功能和性能要求，便于以后扩展。\n# [2 总体架构|二、系统结构]\n系统分为接入层、服务层和存储层，[服务之间用消息队列解耦。|采用前后端分离，网关统一鉴权。]\n# [3 模块设计|三、模块划分]\n订单模块负责状态流转，库存模块负责锁定与释放，通知模块异步发送。\n" +
			"# [4 关键流程|四、关键技术]\n下单时先预占库存，支付成功后扣减，超时由定时任务释放。\n# [5 部署|五、可靠性]\n两台应用服务器互为备份，缓存采用哨兵模式。\n",
	},
	document.TypeInterface: {
		names:  []string{"{system}接口文档", "接口说明_{date.c}", "与ERP对接方案", "API文档v3"},
		titles: []string{"{system}接口文档", "{system}对外接口说明书", "系统对接接口规范", "API接口文档"},
		body: "# [1 约定|一、通用说明]\n[所有接口使用HTTPS，数据格式为JSON，编码UTF-8。|双方通过中间库交换数据，每五分钟轮询一次。]\n# [2 接口列表|二、查询订单]\n[请求地址：/api/v1/orders\n请求方式：GET|地址 POST /order/query]\n" +
			"[请求参数|入参]\n参数名\t类型\t必填\t说明\norderNo\tstring\t是\t订单号\npageSize\tint\t否\t每页条数\n[返回参数|响应参数|出参]\ncode\tint\t0 表示成功\nmsg\tstring\t错误信息\n# [3 错误码|附录 返回码]\n1001 签名错误\n1002 订单不存在\n",
	},
	document.TypeDatabase: {
		names:  []string{"数据库设计_{system}", "{system}表结构", "数据字典{date.c}", "库表设计说明"},
		titles: []string{"{system}数据库设计说明书", "数据库表结构", "{system}数据字典", "数据模型设计"},
		body:   "# [1 概述|说明]\n数据库采用 MySQL 8，字符集 utf8mb4。\n# [2 表清单|表 t_order 订单表]\n[表名：t_order|表名\tt_order\t订单表]\n[字段名\t类型\t长度\t允许空\t说明|列名\t数据类型\t主键\t备注|字段\t类型\t是否为空\t默认值\t含义]\nid\tbigint\t20\t否\t主键\norder_no\tvarchar\t32\t否\t订单号\namount\tdecimal(12,2)\t\t是\t金额\ncreated_at\tdatetime\t\t否\t创建时间\n# [3 索引|表关系]\nuk_order_no 唯一索引；idx_created_at 普通索引。\n",
	},
	document.TypeTestCases: {
		names:  []string{"{system}测试用例", "用例_{date.c}", "功能测试用例集v2", "回归用例"},
		titles: []string{"{system}测试用例", "功能测试用例", "{system}用例清单", "系统测试用例集"},
		body:   "[用例编号\t用例名称\t前置条件\t测试步骤\t预期结果\t实际结果|编号\t模块\t步骤\t期望结果\t优先级|用例ID\t标题\t操作步骤\t预期结果\t是否通过]\nTC-001\t登录成功\t账号已创建\t1.输入账号密码 2.点击登录\t进入首页\nTC-002\t密码错误\t账号已创建\t输入错误密码\t提示密码错误，不进入系统\nTC-003\t导出超过五万行\t有六万条订单\t点击导出\t自动拆成两个文件\n",
	},
	document.TypeTestReport: {
		names:  []string{"{system}测试报告", "第一轮测试报告_{date.c}", "性能测试报告", "{proj}_TestReport_{date.c}_v1"},
		titles: []string{"{system}测试报告", "系统测试总结报告", "{system}性能测试报告", "第二轮测试报告"},
		body: "[测试日期：{date.w}|报告日期：{date.w}|测试时间：{date.w}]\n测试负责人：{who}\n# [1 测试范围|一、概述]\n覆盖订单、库存、报表三个模块，环境为两台八核虚拟机。\n# [2 执行情况|二、测试结果|测试结果]\n[共执行用例214条，通过209条，通过率97.7%。|本轮执行用例86个，失败4个，阻塞1个。|200并发下平均响应时间1.2秒，错误率为零。]\n" +
			"# [3 缺陷情况|三、缺陷统计]\n严重0个，一般5个，轻微11个，均已登记。\n# [4 结论|四、测试结论]\n[达到上线标准，建议进入试运行。|遗留问题不影响主要业务，同意提交验收。]\n",
		fields: []string{"date"},
	},
	document.TypeDefects: {
		names:  []string{"缺陷清单_{date.c}", "{system}问题清单", "bug列表", "遗留问题跟踪"},
		titles: []string{"{system}缺陷清单", "测试问题清单", "遗留问题清单", "BUG列表"},
		body:   "[缺陷编号\t标题\t严重程度\t状态\t发现人\t修复人|编号\t问题描述\t级别\t责任人\t处理情况|Bug编号\t模块\t缺陷描述\t优先级\t状态]\nD-101\t导出时内存溢出\t严重\t已修复\t{who}\t{who2}\nD-102\t金额显示多一位小数\t一般\t待修复\t{who}\t{who2}\nD-103\t翻页后查询条件丢失\t轻微\t已关闭\t{who3}\t{who2}\n",
	},
	document.TypeDeployment: {
		names:  []string{"{system}部署方案", "上线方案_{date.c}", "安装部署手册", "上线及回滚方案v2"},
		titles: []string{"{system}上线部署方案", "系统部署手册", "{system}上线与回退方案", "安装部署说明"},
		body: "<上线时间：{date.w} 22:00\n># [1 环境|一、服务器准备]\n应用服务器两台、数据库服务器一台，操作系统为CentOS 7。\n# [2 部署步骤|二、上线步骤|2 操作步骤]\n[1）停止旧服务；2）备份数据库；3）替换程序包；4）执行升级脚本；5）启动并检查日志。|先在备机安装，验证后切换流量，再处理主机。]\n# [3 回滚|三、回退措施|3 失败处理]\n" +
			"[三十分钟内不能恢复的，停止新服务并用备份还原数据库。|若冒烟不通过，切回旧版本，由{who}通知客户。]\n",
	},
	document.TypeManual: {
		names:  []string{"{system}操作手册", "用户手册V2.0", "{system}使用说明", "管理员手册_{system}"},
		titles: []string{"{system}用户操作手册", "{system}使用说明书", "系统管理员手册", "{system}快速入门"},
		body:   "# [1 登录|一、进入系统]\n在浏览器中打开系统地址，输入工号和密码，点击“登录”。\n# [2 订单录入|二、日常操作]\n点击菜单“订单”－“新建”，填写客户和明细后保存，系统自动生成单号。\n如需修改，选中该行后点击“编辑”。\n# [3 查询与打印|三、报表]\n选择起止日期，点击“查询”，再点击右上角的打印图标。\n# [4 常见问题|四、疑难解答]\n提示“会话超时”时请重新登录。\n",
	},
	document.TypeTraining: {
		names:  []string{"{system}培训", "培训材料_{date.c}", "{system}操作培训课件", "用户培训计划"},
		titles: []string{"{system}用户培训", "{system}操作培训教材", "培训计划", "上岗培训课件"},
		body:   "[培训时间：{date.w}|时间：{date.w} 14:00]\n[培训对象：仓库、销售内勤|参加：各部门业务员]\n[讲师：{who}|培训讲师：{who}]\n# [课程安排|第一节 系统概览]\n上午讲解流程，下午上机练习。\n# [第二节 练习|上机作业]\n每位学员独立完成一次入库、一次盘点，由讲师检查。\n# [考核|课后]\n满分一百，八十分合格；[参训人员在签到表签字。|未通过者下周补训。]\n",
		fields: []string{"date"},
	},
	document.TypeAcceptance: {
		names:  []string{"{proj}_AcceptanceReport_{date.c}_v1", "{system}验收报告", "验收单_{a}", "终验报告"},
		titles: []string{"{system}验收报告", "项目验收单", "{system}终验报告", "软件项目验收意见书"},
		body: "[项目名称 {system} 项目编号 {proj}\n合同编号 {ht} 验收日期 {date.w}|项目编号：{proj}\n合同编号：{ht}\n验收日期：{date.w}|合同号\t{ht}\n项目编号\t{proj}\n验收时间\t{date.w}]\n[建设单位 {a} 承建单位 {b}|建设单位：{a}\n承建单位：{b}|客户单位：{a}\n开发单位：{b}]\n" +
			"# [一、验收内容|验收项目]\n1 入库与上架 达到要求\n2 波次拣货 达到要求\n3 报表 有两项打印问题，已约定修复日期\n# [二、验收组|参加人员]\n{who}、{who2}、{who3}\n# [三、验收结论|验收意见]\n[系统功能符合合同要求，文档齐全，同意通过验收。|经现场演示和资料审查，各项指标合格，予以验收。|验收通过。]\n" + signHan,
		fields: []string{"contract_number=ht", "project_number=proj", "party_a=a", "party_b=b", "date", "result=passed", "signed=signed"},
	},
	document.TypeMinutes: {
		names:  []string{"会议纪要_{date.c}_启动会", "{system}周例会纪要", "{proj}_MeetingMinutes_{date.c}_v1", "评审会会议记录"},
		titles: []string{"{system}项目启动会会议纪要", "项目周例会纪要", "需求评审会会议记录", "沟通会纪要"},
		body: "[会议时间：{date.w} 14:00|时间：{date.w}下午]\n[会议地点：三楼会议室|地点：线上]\n[主持人：{who}|主持：{who}]\n[参会人员：{who}、{who2}、{who3}|出席：{who}、{who2}]\n<记录人：{who2}\n># [一、议题|讨论内容]\n1. 第一版测试环境的交付时间。\n2. 与财务系统的对账方式。\n# [二、决定|会议决议|形成的意见]\n" +
			"[会议决定先上线查询功能，导出延后两周。|同意每日凌晨对账，差异由财务次日处理。]\n# [三、待办|后续工作]\n{who2} 周五前提交接口清单；{who3} 安排服务器。\n",
		fields: []string{"date"},
	},
	document.TypeChange: {
		names:  []string{"{bg}_需求变更单", "变更申请_{date.c}", "{system}需求变更申请表", "变更{n}号"},
		titles: []string{"需求变更单 {bg}", "需求变更申请表", "{system}变更申请单", "变更审批表"},
		body:   "[变更编号\t{bg}\n项目编号\t{proj}\n提出人\t{who}\n提出日期\t{date.w}|变更编号：{bg}\n项目编号：{proj}\n申请人：{who}\n申请日期：{date.w}|变更单号 {bg} 项目编号 {proj}\n提出人 {who} 提出日期 {date.w}]\n# [变更原因|一、变更原因|变更理由]\n{reason}\n# [变更内容|二、变更内容]\n在{system}中增加按月导出。\n# [影响分析|三、变更影响|影响评估]\n{impact}\n# [费用与工期|四、费用]\n[变更费用：{amount.w}|费用（元）\t{plain}|增加费用：{amount.w}]\n# [审批|五、审批意见|审批意见]\n[审批人：{who2}|批准人：{who2} {date.w}|同意 {who2} {date.w}]\n",
		fields: []string{"number=bg", "project_number=proj", "requester=who", "date", "reason", "impact", "amount", "approver=who2"},
	},
	document.TypeServiceRecord: {
		names:  []string{"现场服务单_{date.c}", "{a}巡检报告", "故障处理报告{date.c}", "运维月报"},
		titles: []string{"现场服务记录", "{system}巡检报告", "故障处理报告", "技术服务单"},
		body:   "[服务单号：SVC-{n}-01\n|工单号：WO{date.c}{n}\n|]客户名称：{a}\n[服务日期：{date.w}|服务时间：{date.w}|日期：{date.w}]\n[服务人员：{who}|工程师：{who}]\n# [故障现象|一、情况]\n上午九点起订单页面打不开，重启浏览器无效。\n# [处理过程|二、处理]\n检查发现磁盘写满，清理日志后重启服务。\n# [结果|三、处理结果]\n[十点二十分恢复正常，客户已确认。|系统运行正常，建议扩容磁盘。]\n",
		fields: []string{"party_a=a", "date"},
	},
	document.TypeComplaint: {
		names:  []string{"投诉_{a}_{date.c}", "客户投诉登记表", "关于系统问题的投诉函", "{a}意见"},
		titles: []string{"客户投诉登记表", "关于{system}服务质量的投诉", "投诉函", "客户投诉处理单"},
		body:   "[投诉单位：{a}|投诉人：{a}|投诉方：{a}]\n[投诉时间：{date.w}|投诉日期：{date.w}]\n# [投诉内容|事由|投诉事项]\n[系统上月宕机三次，报修后迟迟无人处理，给我方发货造成损失。|多次反映导出数据错误，至今没有答复，我方表示强烈不满。]\n# [要求|诉求|处理要求]\n[请在五个工作日内书面说明原因并提出整改措施。|要求更换驻场人员，并减免本季度服务费。]\n",
		fields: []string{"party_a=a", "date"},
	},
	document.TypeInvoice: {
		names:  []string{"发票_{fp}", "增值税专用发票{date.c}", "电子发票_{a}", "{fp}"},
		titles: []string{"增值税专用发票", "电子发票（普通发票）", "增值税电子专用发票"},
		body:   "发票代码：011002300111\n[发票号码：{fp}|发票号码 {fp}]\n[开票日期：{date.w}|开票日期 {date.w}]\n购买方名称：{a}\n纳税人识别号：91110000MA01ABCD12\n项目名称 数量 单价 金额 税率 税额\n*信息技术服务*软件开发 1 {plain} 6%\n[价税合计：{amount.w}|价税合计（小写）：¥{plain}]\n销售方名称：{b}\n纳税人识别号：91110000MA01EFGH34\n开票人：{who}\n",
		fields: []string{"number=fp", "party_a=a", "party_b=b", "amount", "date"},
	},
	document.TypeLetter: {
		names:  []string{"关于{system}上线的通知", "{letter}", "复函_{date.c}", "关于推进信息化建设的函"},
		titles: []string{"关于{system}正式上线运行的通知", "关于商请支持数据对接工作的函", "关于同意调整项目工期的批复", "关于召开推进会的通知"},
		body:   "{letter.w}\n[各部门、各分公司|{a}|各科室、下属单位]：\n[为提高管理水平，经研究，{system}将正式投入使用，现将有关事项通知如下。|贵单位来文收悉。经研究，函复如下：|根据年度工作安排，请予支持数据对接工作。]\n一、各单位要明确专人负责。\n二、遇到问题请及时与信息中心联系。\n[特此通知。|特此函复。|专此函达，请予支持为盼。]\n[信息中心|清溪市水务局办公室]\n[{date.w}|{han.date}]\n",
		fields: []string{"letter_number=letter", "date"},
	},
	document.TypeOther: {
		names:  []string{"周报_{date.c}", "差旅报销规定", "{who}简历", "项目计划_{system}", "通讯录", "测试计划"},
		titles: []string{"项目周报", "差旅费报销规定", "个人简历", "部门年度工作总结", "{system}项目计划", "食堂菜单"},
		body:   "[本周完成情况\n1. 完成登录页面开发。\n2. 修复三个问题。\n下周计划\n1. 继续开发报表。|住宿费标准：一线城市每晚四百五十元，其他城市三百元。市内交通凭票报销。|教育经历：2008年毕业于某大学计算机系。工作经历：先后任程序员、组长。|周一 红烧肉 青菜\n周二 番茄炒蛋 豆腐|第一阶段 三月 启动\n第二阶段 六月 开发完成]\n",
	},
}
