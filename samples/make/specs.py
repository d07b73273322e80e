"""Requirement specifications, designs, change requests, minutes, slides."""
from papers import slides, word
from tree import put
from world import HP, OMS, TMS, WMS


def srs(version, when, approval, export, history, extra, comments, tracked, status):
    return word("订单管理系统需求规格说明书", "孙倩", when, [
        [["项目编号", "PROJ-20250801"], ["合同编号", "HT-2025-0725"], ["客户", "华信制造股份有限公司"], ["版本", version], ["日期", when], ["编写", "孙倩"], ["审核", "李文博"], ["状态", status]],
        "# 修订记录", [["版本", "日期", "修订人", "说明"], *history],
        "# 1 引言", "## 1.1 目的", "本文档说明华信制造订单管理系统的功能需求与非功能需求，作为设计、开发、测试和验收的依据。",
        "## 1.2 范围", "系统覆盖销售订单从录入、审批、变更到关闭的全过程，与仓储管理系统共享库存，与财务系统交换发货和应收数据。生产排程不在本期范围内。",
        "## 1.3 术语", [["术语", "说明"], ["信用额度", "客户在未付款情况下可以占用的最大订单金额"], ["中间表", "两个系统之间交换数据的数据库表，一方写入，另一方读取后置标志"], ["锁库", "订单审批后为其保留库存，保留期 48 小时"]],
        "# 2 用户与角色", [["角色", "人数", "主要操作"], ["销售员", "86", "录入、查询、申请变更"], ["销售经理", "12", "审批、价格例外"], ["信用专员", "3", "信用额度维护"], ["仓储主管", "4", "锁库、发货确认"], ["财务", "6", "对账、发票"]],
        "# 3 功能需求",
        "## 3.1 订单录入（FR-01）", "支持手工录入、表格导入和复制历史订单。保存时检查必填项、价格政策和信用额度，超额度的订单转信用专员处理。",
        "## 3.2 订单审批（FR-02）", approval,
        "## 3.3 库存检查与锁库（FR-03）", "提交订单时实时读取仓储管理系统的可用库存；审批通过后锁库 48 小时，超时自动释放并通知销售员。",
        "## 3.4 订单变更与关闭（FR-04）", "已审批未发货的订单可以申请变更，变更后重新审批。部分发货的订单只能变更未发部分。",
        "## 3.5 查询与导出（FR-05）", export,
        "## 3.6 历史订单迁移（FR-06）", "迁移 2022 年 1 月 1 日以来的订单约 36 万条，明细约 210 万行。迁移后按客户和月份核对金额，差异必须为零。" + extra,
        "# 4 接口需求", [["接口", "对方", "方式", "频率"], ["库存查询", "仓储管理系统", "接口调用", "实时"], ["发货与应收", "财务系统", "中间表", "每 5 分钟"], ["客户主数据", "财务系统", "中间表", "每日 2 点"]],
        "# 5 非功能需求",
        "- 并发用户 120 人，列表查询 2 秒内返回，提交订单 3 秒内完成。", "- 系统可用率不低于 99.5%，每日 1 点自动备份，保留 30 天。",
        "- 所有审批、变更和导出操作留痕，日志保留三年。", "- 支持 Chrome 与 Edge 最近两个版本，分辨率不低于 1366×768。",
        "# 6 验收标准", "按《验收清单》逐项验收；严重缺陷为零，一般缺陷不超过五个。",
    ], comments=comments, tracked=tracked, header=f"PROJ-20250801 订单管理系统 SRS {version}")


def change(number, title, when, project, reason, what, effect, cost, days, by, decision):
    return word(f"需求变更单 {number}", by, when, [
        [["变更编号", number], ["项目编号", project], ["变更名称", title], ["提出日期", when], ["提出人", by], ["优先级", "高"]],
        "# 变更原因", reason, "# 变更内容", what, "# 影响分析", effect,
        "# 费用与工期", [["费用（元）", cost], ["工作量（人日）", days]], "# 处理意见", decision])


def cr(number, title, when, cost, days, why, what, status):
    return word(f"Change request {number}", "Emily Zhang", when, [
        [["Change request", number], ["Title", title], ["Agreement", "MSA-2024-017"], ["Project", "PROJ-20240612 Customer Portal"], ["Date", when], ["Cost (USD)", cost], ["Effort (days)", days], ["Status", status]],
        "# Reason", why, "# Change", what, "# Approval", [["Harbour & Pine", "Yuanhang Software"], ["Sarah Whitfield", "Emily Zhang"]]])


def make():
    three = "订单审批分为三级：销售经理、销售总监、总经理。金额低于 5 万元的订单由前两级审批，其余三级全部通过后生效。任何一级退回，订单回到录入人。"
    two = "订单审批分为两级：销售经理、销售总监。金额低于 5 万元的订单由销售经理一级审批即可生效；5 万元及以上须两级通过。任何一级退回，订单回到录入人并写明原因。"
    v1 = ["v1", "2025-08-08", "孙倩", "初稿"]
    v2 = ["v2", "2025-08-20", "孙倩", "送审稿：补充锁库规则、接口方式"]
    v3 = ["v3", "2025-09-05", "孙倩", "按 8 月 20 日需求评审会意见修改：审批改为两级，增加批量导出（BG-2025-003）"]
    put(OMS + "02 需求/PROJ-20250801_SRS_20250808_v1.docx", srs(
        "v1", "2025-08-08", three, "可按客户、日期、状态、金额组合查询。查询结果可打印。", [v1], "",
        [("支持手工录入", "林涛", "表格导入的模板请用我们现在的格式，附件已发邮件。")], [], "初稿"))
    put(OMS + "02 需求/PROJ-20250801_SRS_20250820_v2.docx", srs(
        "v2", "2025-08-20", three, "可按客户、日期、状态、金额组合查询。查询结果可打印，可导出当前页。华信提出需要批量导出全部查询结果，待评审会确定。", [v1, v2], "数据由华信林涛提供，截止日期待定。",
        [("订单审批分为三级", "张建国", "三级太慢，小订单一天走不完，评审会上讨论能不能改两级。"), ("批量导出全部查询结果", "赵刚", "全部导出对数据库压力大，建议限制行数并异步生成。")],
        [("孙倩", "锁库 24 小时", "锁库 48 小时")], "送审稿"))
    put(OMS + "02 需求/PROJ-20250801_SRS_20250905_v3.docx", srs(
        "v3", "2025-09-05", two,
        "可按客户、日期、状态、金额组合查询。查询结果可批量导出为表格：单次上限五万行，超过上限自动拆分为多个文件，后台生成后站内通知下载，导出记录留痕（需求变更 BG-2025-003，补充协议 HT-2025-0725-B1）。",
        [v1, v2, v3], "数据由华信林涛于 2025 年 9 月 1 日前提供（实际 9 月 3 日提供），远航 10 月 17 日前完成试迁移。", [("订单审批分为两级", "张建国", "同意，按这个做。")], [], "已确认（2025-09-05 张建国、周敏签字）"))
    put(OMS + "02 需求/BG-2025-003_需求变更单_批量导出.docx", change(
        "BG-2025-003", "订单批量导出", "2025-08-22", "PROJ-20250801", "销售运营每月需要把全部订单交给财务和外部审计，逐页导出一次要两个小时。",
        "查询结果一次导出为表格文件；单次上限五万行，超过部分自动拆分；导出在后台执行，完成后通知。", "影响订单查询模块和权限模块；数据库增加导出任务表；不影响 9 月 15 日第一版测试环境的交付，批量导出最迟 9 月 30 日前提交测试。",
        "35,000.00", "8", "林涛", "2025 年 8 月 26 日双方同意，签订补充协议 HT-2025-0725-B1。"))
    put(OMS + "02 需求/BG-2025-007_需求变更单_移动端审批.docx", change(
        "BG-2025-007", "移动端审批", "2025-10-29", "PROJ-20250801", "销售总监经常出差，希望在手机上审批订单。", "增加手机网页审批页面，接入华信的企业通讯工具登录。",
        "涉及外网访问与安全评估，预计 22 个人日，会影响 12 月 19 日的验收日期。", "96,000.00", "22", "张建国", "2025 年 11 月 5 日双方商定：本期不做，列入二期。"))
    put(OMS + "03 设计/概要设计说明书V0.5.docx", word("订单管理系统概要设计说明书", "赵刚", "2025-09-10", [
        [["项目编号", "PROJ-20250801"], ["版本", "V0.5"], ["编写", "赵刚"], ["日期", "2025-09-10"]],
        "# 1 总体结构", "系统分为门户、订单服务、接口服务、报表服务四部分，部署在华信机房的四台虚拟机上，数据库一主一备。",
        "# 2 订单状态", [["状态", "含义", "可转到"], ["草稿", "未提交", "待审批、作废"], ["待审批", "一级或二级审批中", "已审批、退回"], ["已审批", "已锁库", "部分发货、已发货、变更中"], ["已关闭", "发货与应收均完成", "—"]],
        "# 3 批量导出", "导出任务写入任务表，由后台线程按五万行分批读取，使用只读副本，避免影响白天录入。压力测试：五万行生成 38 秒，占用内存 210 MB。",
        "# 4 与财务系统的接口", "采用中间表，见《接口约定_中间表》。财务系统厂商每 5 分钟读取一次；连续三次未读取时报警给吴志强。",
        "# 5 风险", "财务系统厂商的测试环境 9 月底才能提供，联调时间只有两周，可能延期。"]))
    put(OMS + "05 会议/会议纪要_20250801_项目启动会.docx", word("订单管理系统项目启动会会议纪要", "李文博", "2025-08-01", [
        [["时间", "2025-08-01 09:30"], ["地点", "华信制造三楼会议室"], ["参加人", "张建国、林涛、黄丽、周敏、李文博、孙倩、赵刚"]],
        "# 议题", "- 项目目标与范围", "- 计划与分工", "- 沟通方式",
        "# 决定", "1. 第一版测试环境最迟 9 月 15 日前交付，12 月 19 日前验收。", "2. 每周三 16:00 项目例会，周五发周报。", "3. 历史订单由华信导出，远航负责清洗和迁移。",
        "# 行动项", [["事项", "负责人", "日期"], ["需求访谈（销售、仓储、财务）", "孙倩", "2025-08-06"], ["提供现有表格模板", "林涛", "2025-08-05"], ["申请四台虚拟机", "张建国", "2025-08-15"], ["SRS 初稿", "孙倩", "2025-08-08"]],
        "# 风险", "财务系统厂商尚未确认接口配合人。"]))
    put(WMS + "需求/需求规格说明书 最终版(2).docx", word("仓储管理系统需求规格说明书", "孙倩", "2023-10-11", [
        [["项目编号", "PROJ-20230901"], ["合同编号", "HT-2023-0815"], ["版本", "最终版(2)"], ["日期", "2023-10-11"]],
        "# 1 入库", "采购到货后扫描条码，系统按库位规则推荐货位，单笔不超过 3 秒。", "# 2 出库", "按波次拣货，先进先出；批次效期少于 30 天的提示。",
        "# 3 盘点", "支持循环盘点，不停业；差异超过 0.5% 须仓储主管黄丽复核。", "# 4 手持终端", "断网 30 分钟内可继续作业，联网后自动上传。", "# 5 报表", "库存日报每日 6 点前生成，抄送信息部。"]))
    put(TMS + "需求/PROJ-20240305_SRS_20240418_v2.docx", word("运输调度平台需求规格说明书", "韩磊", "2024-04-18", [
        [["项目编号", "PROJ-20240305"], ["合同编号", "HT-2024-0305"], ["客户", "安澜物流集团有限公司"], ["版本", "v2"]],
        "# 1 运单接入", "来自电商平台和电话下单的运单统一接入，地址自动解析到区县。", "# 2 智能拼车", "按线路、时间窗、车型和装载率推荐拼车方案，调度员可以手工调整。目标：平均装载率提高 8% 以上。",
        "# 3 在途跟踪与电子围栏", "车辆每 30 秒上报位置；进出围栏、超速、停留超过 40 分钟时报警，报警延迟不超过 60 秒。",
        "# 4 运费结算", "按承运商、线路、计费重量计算运费，每月 5 日前出对账单。", "# 5 跨境业务", "香港分公司使用繁体界面，报关单据的抬头可以选中文或英文。联系人：陳詠琪。"],
        comments=[("智能拼车", "徐海峰", "冷链车不能和普货拼。")]))
    put(TMS + "需求/BG-2024-011_需求变更单_冷链温度报警.docx", change(
        "BG-2024-011", "冷链温度报警", "2024-07-09", "PROJ-20240305", "医药客户要求冷链车全程温度可查。", "接入车载温度计，超出 2 至 8 摄氏度持续 5 分钟即报警，并生成温度曲线报告。",
        "增加设备接口一个、报表两张，第一阶段日期不变。", "48,000.00", "12", "徐海峰", "2024 年 7 月 16 日双方签字同意，费用并入第二期款。"))
    put(TMS + "会议/PROJ-20240305_MeetingMinutes_20240710_v1.docx", word("运输调度平台月度例会纪要", "韩磊", "2024-07-10", [
        [["时间", "2024-07-10 14:00"], ["参加人", "徐海峰、高颖、韩磊、赵刚、吴志强"]],
        "# 决定", "1. 冷链温度报警走需求变更单 BG-2024-011，费用 4.8 万元。", "2. 第一阶段 8 月 26 日在华东片区试点，8 月 30 日全网切换。",
        "# 行动项", [["事项", "负责人", "日期"], ["车载终端协议文档", "高颖", "2024-07-19"], ["拼车算法用六月份真实运单复算", "赵刚", "2024-07-26"], ["调度员培训两场", "吴志强", "2024-08-21"]],
        "# 风险", "老旧车载终端约 140 台不支持 30 秒上报，需要更换。"]))
    put(WMS + "培训/仓储管理系统操作培训.pptx", slides("仓储管理系统操作培训", "吴志强", "2024-03-20", [
        ("仓储管理系统操作培训", ["华信制造 PROJ-20230901", "主讲：吴志强 2024-03-20"], "开场先问大家用过手持终端没有。"),
        ("入库", ["扫描到货单条码", "核对数量，差异拍照", "按推荐货位上架"], "强调：货位推荐可以改，但要选原因。"),
        ("拣货与出库", ["领取波次", "按路线拣货", "复核、打印面单"], ""),
        ("盘点", ["循环盘点每周一个区", "差异超过 0.5% 找黄丽复核", "盘点期间该库位锁定"], "现场演示一遍差异处理。"),
        ("常见问题", ["终端提示“离线”：继续作业，30 分钟内回到有信号处", "条码破损：用打印台补打", "求助电话 010-5550-0155"], "")]))
    put(HP + "02 Specification/PROJ-20240612_SOW_20240612_v1.docx", word("Schedule A: Statement of Work", "Emily Zhang", "2024-06-12", [
        "Customer Portal for Harbour & Pine Retail Ltd., agreement MSA-2024-017, project PROJ-20240612.",
        "# 1. Scope", "- Account, orders, delivery tracking", "- Returns with printed or QR labels", "- Customer care chat with hand-over to staff", "- Product pages in English",
        "# 2. Out of scope", "Warehouse software, point of sale, loyalty points, click and collect.",
        "# 3. Requirements", [["No.", "Requirement", "Measure"], ["R-01", "A shopper finds the state of an order without calling", "Calls about delivery fall by 30%"], ["R-02", "Pages are fast", "95% under 2 seconds"],
                                ["R-03", "Accessible to all", "WCAG 2.1 AA"], ["R-04", "Peak trading", "900 orders an hour"]],
        "# 4. Milestones", [["Milestone", "Date"], ["Design approved", "2024-07-26"], ["Beta", "2024-10-11"], ["UAT starts", "2024-11-04"], ["Go-live", "2025-01-20"]]],
        tracked=[("Tom Okafor", "700 orders an hour", "900 orders an hour")]))
    for args in [
        ("CR-001", "Single sign-on for staff", "2024-08-26", "12,500.00", "14", "Customer care staff sign in to three systems a day.", "Staff sign in with the company directory. Leavers lose access the same day.", "Approved 2 September 2024"),
        ("CR-002", "Gift cards", "2024-09-16", "8,400.00", "10", "Marketing wants gift cards for Christmas.", "Buy and redeem gift cards in the portal.", "Rejected 30 September 2024: too close to the trading freeze"),
        ("CR-003", "Welsh product pages", "2024-11-05", "9,800.00", "11", "Stores in Wales must offer Welsh.", "Product pages and mails in Welsh, translations supplied by Harbour & Pine.", "Approved 18 November 2024"),
        ("CR-004", "Click and collect", "2025-06-10", "18,600.00", "21", "Shoppers want to pick up orders at a store within two hours.", "Store stock on product pages, reservation, ready-to-collect message, pick-up code. Pilot in six stores.", "Approved 24 June 2025; pilot on 15 September 2025"),
        ("CR-005", "Loyalty points", "2025-09-08", "14,200.00", "16", "The paper stamp card ends in March 2026.", "Show and redeem points in the portal.", "Proposed; decision expected in January 2026"),
    ]:
        put(HP + f"03 Change requests/{args[0]} {args[1]}.docx", cr(*args))
    put(HP + "02 Specification/Customer Portal kick-off.pptx", slides("Customer Portal kick-off", "Emily Zhang", "2024-06-19", [
        ("Customer Portal kick-off", ["Harbour & Pine and Yuanhang Software", "London, 19 June 2024"], ""),
        ("Who is who", ["Sarah Whitfield: sponsor", "Tom Okafor: operations and hosting", "Priya Nair: budget", "Emily Zhang: account", "Zhao Gang: architecture"], "Ask Tom about the hosting account."),
        ("Plan", ["Design approved 26 July", "Beta 11 October", "UAT from 4 November", "Go-live 20 January 2025"], "No changes between 25 November and 6 January: trading freeze."),
        ("Risks", ["Postcode data licence", "Time zones: seven hours in summer", "Peak of 900 orders an hour"], "Load test in October, not in December.")]))
