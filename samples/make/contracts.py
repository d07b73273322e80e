"""Contracts, quotations, invoices, acceptance reports: PDF and Word."""
from papers import paper, word
from tree import get, put
from world import ADDRESS, CONTRACTS, FIRM, FIRM_EN, HP, OMS, TMS, WMS, money, upper


def chinese(number, scope, delivery, stages, contact, extra=(), kind="noto"):
    customer, project, name, amount, _, signed, parts, manager = CONTRACTS[number]
    rows = [["期次", "付款条件", "比例", "金额（元）"]]
    for i, (part, stage) in enumerate(zip(parts, stages)):
        rows.append([f"第{'一二三四'[i]}期", stage, f"{part}%", money(amount * part // 100)])
    rows.append(["合计", "", "100%", money(amount)])
    y, m, d = signed.split("-")
    return paper(f"{name}开发合同", FIRM, signed, [
        [["合同编号", number, "项目编号", project], ["甲方", customer, "乙方", FIRM],
         ["签订日期", f"{y} 年 {int(m)} 月 {int(d)} 日", "签订地点", "北京"]],
        "甲乙双方依据《中华人民共和国民法典》，就甲方委托乙方开发" + name + "事宜，经协商一致，订立本合同。",
        "# 第一条 项目内容",
        *[f"- {s}" for s in scope],
        "具体功能以双方签字确认的《需求规格说明书》为准。说明书确认之后提出的新增或修改，按第六条需求变更办理。",
        "# 第二条 交付时间",
        *delivery,
        "# 第三条 合同金额与付款",
        f"本合同总金额为{upper(amount)}（¥{money(amount)}），含 6% 增值税。付款方式如下：",
        rows,
        "乙方在每期付款前开具等额增值税专用发票，甲方收到发票后 15 个工作日内付款。",
        "# 第四条 验收",
        "乙方完成系统部署并提交验收申请后，甲方应在 10 个工作日内组织验收。严重缺陷为零、一般缺陷不超过五个且有明确的解决日期，视为验收通过。"
        "甲方逾期不组织验收又不书面说明理由的，视为验收通过。",
        "# 第五条 质保与服务",
        "质保期为验收通过之日起十二个月。质保期内乙方免费修复缺陷：系统不可用的，2 小时内响应，8 小时内恢复；一般问题 1 个工作日内响应。",
        "# 第六条 需求变更",
        "需求变更须以《需求变更单》书面提出，写明原因、影响、费用和工期，经双方项目负责人签字后执行。单次变更费用超过五万元的，另签补充协议。",
        "# 第七条 违约责任",
        "乙方逾期交付的，每逾期一日按合同总金额的 0.5‰ 支付违约金，累计不超过合同总金额的 5%。甲方逾期付款的，按同样标准支付违约金。",
        "# 第八条 知识产权与保密",
        "乙方为本项目开发的软件的使用权归甲方，源代码由乙方在验收后交付甲方备份。双方对在合作中知悉的对方商业秘密负有保密义务，期限为合同终止后三年。",
        "# 第九条 联系人",
        [["", "姓名", "电话", "邮箱"], ["甲方", *contact], ["乙方", manager, "010-5550-0123", "project@yuanhang.example"]],
        f"乙方地址：{ADDRESS}。",
        *extra,
        "# 第十条 其他",
        "本合同一式四份，双方各执两份，自双方签字盖章之日起生效。争议由双方协商解决，协商不成的，提交乙方所在地人民法院。",
        [["甲方（盖章）：" + customer, "乙方（盖章）：" + FIRM], ["授权代表：", "授权代表：陈立群"], [f"日期：{signed}", f"日期：{signed}"]],
    ], kind=kind, foot=f"{number} {name}开发合同")


def acceptance(number, when, title, people, rows, left, money_text, kind="noto", extra=()):
    customer, project, name, amount, *_ = CONTRACTS[number]
    return paper(title, FIRM, when, [
        [["项目名称", name, "项目编号", project], ["合同编号", number, "合同金额", f"¥{money(amount)}"],
         ["建设单位", customer, "承建单位", FIRM], ["验收日期", when, "验收结论", "验收通过"]],
        "# 一、验收组成员", people,
        "# 二、验收内容", [["序号", "验收项", "验收标准", "结果"], *rows],
        "# 三、遗留问题", *left,
        "# 四、验收结论", *extra,
        "验收组听取了项目组的汇报，查看了系统演示和测试报告，一致认为：系统功能符合合同和需求规格说明书的要求，文档齐全，同意通过验收。" + money_text,
        [["甲方代表签字：", "乙方代表签字："], [f"日期：{when}", f"日期：{when}"]],
    ], kind=kind, foot=f"{project} 验收报告")


def english_contract():
    return paper("Master Services Agreement", FIRM_EN, "2024-06-12", [
        [["Agreement no.", "MSA-2024-017"], ["Project", "PROJ-20240612 Customer Portal"], ["Customer", "Harbour & Pine Retail Ltd."],
         ["Supplier", f"{FIRM_EN} ({FIRM})"], ["Effective date", "12 June 2024"]],
        "# 1. Services",
        "The Supplier shall design, build, test and support a web portal through which the Customer's shoppers place orders, follow deliveries, "
        "return goods and talk to customer care. The work is described in the Statement of Work (Schedule A).",
        "# 2. Fees and payment",
        "The fixed fee for the build is USD 186,000.00, payable in three instalments. Invoices are due within 30 days of receipt.",
        [["Instalment", "Milestone", "Share", "Amount (USD)"], ["1", "Signature of this Agreement", "40%", "74,400.00"],
         ["2", "Completion of user acceptance testing", "40%", "74,400.00"], ["3", "Sixty days after go-live", "20%", "37,200.00"]],
        "After go-live the Supplier provides support for a monthly fee of USD 3,200.00 (Schedule B, Service levels).",
        "# 3. Delivery",
        "User acceptance testing starts no later than 4 November 2024. Go-live is planned for 20 January 2025, after the Christmas trading freeze.",
        "# 4. Change requests",
        "Either party may propose a change in writing. No change is binding until a numbered change request (CR) has been signed by both parties. "
        "The Supplier shall give an estimate of cost and time within five business days.",
        "# 5. Acceptance",
        "A deliverable is accepted when the Customer signs the acceptance certificate, or when ten business days have passed without a written rejection. "
        "The Customer may not reject a deliverable for defects of severity P3 or P4.",
        "# 6. Service levels",
        "Availability of the portal shall be at least 99.5% in each calendar month, planned maintenance excluded. If it is below 99.5% the Customer receives "
        "a service credit of 5% of the monthly fee; below 99.0%, of 10%.",
        "# 7. Data protection",
        "Personal data of shoppers is stored in London only. Copies used for testing are pseudonymised before they leave the Customer's network.",
        "# 8. Intellectual property", "All work product passes to the Customer upon full payment. The Supplier keeps its pre-existing libraries and grants a perpetual licence.",
        "# 9. Liability", "Each party's total liability in a contract year is limited to the fees paid in that year.",
        "# 10. Term and termination",
        "This Agreement runs until 31 January 2026 and is extended by twelve months unless either party gives notice of ninety days.",
        [["Signed for Harbour & Pine Retail Ltd.", f"Signed for {FIRM_EN}"], ["Sarah Whitfield, Head of Digital", "Chen Liqun, General Manager"], ["12 June 2024", "12 June 2024"]],
    ], kind="latin", foot="MSA-2024-017")


def invoice(number, when, due, lines, po):
    total = sum(x[-1] for x in lines)
    return paper(f"Invoice {number}", FIRM_EN, when, [
        [["Invoice to", "Harbour & Pine Retail Ltd., Accounts Payable"], ["Attention", "Priya Nair"], ["Invoice date", when], ["Due date", due],
         ["Agreement", "MSA-2024-017"], ["Purchase order", po], ["Project", "PROJ-20240612 Customer Portal"]],
        [["Description", "Amount (USD)"], *[[t, money(a)] for t, a in lines], ["Total due", money(total)]],
        "Please pay by bank transfer and quote the invoice number. Bank details are in Schedule C of the Agreement; we never send new bank details by mail.",
        f"Questions: Liu Fang, liu.fang@yuanhang.example, 010-5550-0160. {FIRM_EN}, Yuanhang Building 6F, Beijing.",
    ], kind="latin", foot=f"Invoice {number}")


def make():
    put(OMS + "01 合同/HT-2025-0725_订单管理系统开发合同.pdf", chinese(
        "HT-2025-0725",
        ["销售订单录入、审批、变更与关闭", "客户信用额度检查与价格政策", "与仓储管理系统（PROJ-20230901）共享库存，与财务系统交换发货和应收数据",
         "2022 年 1 月以来的历史订单迁移，约 36 万条", "订单查询、统计报表与大屏"],
        ["需求规格说明书：2025 年 9 月 5 日前确认。", "第一版测试环境：最迟 2025 年 9 月 15 日前交付。", "系统试运行：2025 年 11 月 24 日前开始。", "验收：2025 年 12 月 19 日前。"],
        ["合同签订后", "需求规格说明书签字确认后", "系统验收通过后", "质保期满后"], ["张建国", "010-5550-2011", "zhang.jianguo@huaxin.example"]))
    data = put(WMS + "合同/HT-2023-0815_仓储管理系统开发合同.pdf", chinese(
        "HT-2023-0815", ["入库、上架、拣货、出库、盘点", "条码与手持终端", "库位与批次管理", "库存预警与报表"],
        ["需求规格说明书：2023 年 10 月 13 日前。", "系统上线：2024 年 4 月 1 日前。", "验收：2024 年 6 月 28 日前。"],
        ["合同签订后", "系统上线后", "系统验收通过后", "质保期满后"], ["张建国", "010-5550-2011", "zhang.jianguo@huaxin.example"], kind="song"))
    put("合同/2023/HT-2023-0815.pdf", data)  # the same bytes, as the office files them
    put(TMS + "合同/HT-2024-0305_运输调度平台开发合同.pdf", chinese(
        "HT-2024-0305", ["运单接入与智能拼车", "车辆、司机与承运商管理", "在途跟踪、电子围栏与异常报警", "运费结算与对账", "香港分公司跨境报关单据（繁体界面）"],
        ["需求规格说明书：2024 年 4 月 19 日前。", "第一阶段（调度与跟踪）：2024 年 8 月 30 日前。", "第二阶段（结算）：2024 年 11 月 15 日前。", "验收：2024 年 12 月 13 日前。"],
        ["合同签订后", "第一阶段上线后", "系统验收通过后", "质保期满后"], ["高颖", "010-5550-3016", "gao.ying@anlan.example"],
        extra=["电子围栏报警的延迟不得超过 60 秒；同时在线车辆不少于 1,200 辆。"]))
    put(OMS + "01 合同/HT-2025-0725-B1_补充协议_批量导出.docx", word(
        "补充协议（批量导出）", "刘芳", "2025-08-28",
        [[["合同编号", "HT-2025-0725-B1"], ["原合同", "HT-2025-0725 订单管理系统开发合同"], ["甲方", "华信制造股份有限公司"], ["乙方", FIRM], ["签订日期", "2025 年 8 月 28 日"]],
         "# 一、变更内容", "依据需求变更单 BG-2025-003，在订单管理系统（PROJ-20250801）中增加订单批量导出功能：单次导出上限五万行，超过上限自动拆分为多个文件，导出记录留痕备查。",
         "# 二、费用", f"变更费用为{upper(35000)}（¥35,000.00），在系统验收通过后与第三期款一并支付。",
         "# 三、工期", "本次变更增加 8 个人日，不影响第一版测试环境的交付日期（2025 年 9 月 15 日）。批量导出功能最迟 2025 年 9 月 30 日前提交测试。",
         "# 四、其他", "本协议与原合同具有同等效力，未尽事宜按原合同执行。",
         [["甲方（盖章）：张建国", "乙方（盖章）：周敏"]]],
        comments=[("变更费用为", "陈立群", "费用已和张主任电话确认，同意。")], header="HT-2025-0725-B1"))
    report = put(WMS + "验收/PROJ-20230901_AcceptanceReport_20240618_v1.pdf", acceptance(
        "HT-2023-0815", "2024-06-18", "仓储管理系统验收报告",
        [["单位", "姓名", "职务"], ["华信制造", "张建国", "信息部主任"], ["华信制造", "黄丽", "仓储主管"], [FIRM, "周敏", "项目总监"], [FIRM, "李文博", "项目经理"]],
        [["1", "入库与上架", "扫码入库单笔不超过 3 秒", "通过"], ["2", "拣货与出库", "波次拣货准确率不低于 99.9%", "通过"], ["3", "盘点", "支持不停业循环盘点", "通过"],
         ["4", "手持终端", "断网 30 分钟内数据不丢失", "通过"], ["5", "报表", "库存日报每日 6 点前生成", "通过"]],
        ["1. 冷库区手持终端信号弱，甲方于 2024 年 7 月 31 日前加装无线基站，乙方配合复测。", "2. 盘点差异报表打印换行不正确，乙方于 2024 年 6 月 28 日前修复。"],
        "按合同 HT-2023-0815，甲方在验收后支付第三期款 172,000.00 元（20%）；质保期至 2025 年 6 月 17 日。"))
    put("历史资料/2024/验收报告 华信 仓储.pdf", report)
    put(TMS + "验收/PROJ-20240305_AcceptanceReport_20241210_v1.pdf", acceptance(
        "HT-2024-0305", "2024-12-10", "运输调度平台验收报告",
        [["单位", "姓名", "职务"], ["安澜物流", "徐海峰", "运输总监"], ["安澜物流", "高颖", "信息中心经理"], [FIRM, "周敏", "项目总监"], [FIRM, "韩磊", "项目经理"]],
        [["1", "智能拼车", "平均装载率提高 8% 以上", "通过（11.6%）"], ["2", "在途跟踪", "1,200 辆车同时在线", "通过"], ["3", "电子围栏报警", "延迟不超过 60 秒", "通过（最长 41 秒）"],
         ["4", "运费结算", "与财务系统对账差异为零", "通过"], ["5", "跨境单据", "繁体界面与报关单据格式", "有条件通过"]],
        ["1. 香港分公司报关单据的中英文抬头需可配置，2024 年 12 月 27 日前完成，负责人韩磊。", "2. 司机端在旧型号手机上启动慢，2025 年 1 月 15 日前优化，负责人赵刚。",
         "3. 结算月报缺少按承运商汇总，2024 年 12 月 20 日前补充，负责人吴志强。"],
        "按合同 HT-2024-0305，甲方在收到发票后 15 个工作日内支付第三期款 588,000.00 元（30%）；质保期为 2024 年 12 月 10 日至 2025 年 12 月 9 日。"))
    put(HP + "01 Contract/MSA-2024-017 Master Services Agreement.pdf", english_contract())
    put(HP + "01 Contract/Schedule B Service levels.docx", word("Schedule B: Service levels", "Emily Zhang", "2024-06-12", [
        "This schedule belongs to agreement MSA-2024-017 between Harbour & Pine Retail Ltd. and " + FIRM_EN + ".",
        "# 1. Hours", "P1 incidents: round the clock. All others: 08:00 to 18:00 London time on business days.",
        "# 2. Response and restoration",
        [["Severity", "Meaning", "Response", "Restoration"], ["P1", "Portal or payment unavailable", "30 minutes", "4 hours"],
         ["P2", "A main function fails, with a workaround", "2 hours", "1 business day"], ["P3", "Minor defect", "1 business day", "Next release"], ["P4", "Question or wish", "3 business days", "By agreement"]],
        "# 3. Availability and service credits",
        [["Availability in a month", "Service credit"], ["99.5% or more", "none"], ["99.0% to below 99.5%", "5% of the monthly fee (USD 160.00)"], ["below 99.0%", "10% of the monthly fee (USD 320.00)"]],
        "# 4. Reporting", "A service report is sent by the fifth business day of the next month. A written root cause analysis follows each P1 within five business days.",
        "# 5. Escalation", "First Emily Zhang, then Zhou Min, then Chen Liqun."],
        comments=[("A service report is sent", "Sarah Whitfield", "Please include the planned maintenance windows as well.")]))
    put(HP + "05 Invoices/INV-2024-0611.pdf", invoice("INV-2024-0611", "2024-06-14", "2024-07-14", [("Customer Portal, instalment 1 of 3 (40%), signature of agreement", 74400)], "PO-88213"))
    put(HP + "05 Invoices/INV-2024-1206.pdf", invoice("INV-2024-1206", "2024-12-06", "2025-01-05", [("Customer Portal, instalment 2 of 3 (40%), completion of user acceptance testing", 74400),
                                                                                             ("Change request CR-001, single sign-on", 12500), ("Change request CR-003, Welsh product pages", 9800)], "PO-88213"))
    put(HP + "05 Invoices/INV-2025-0605.pdf", invoice("INV-2025-0605", "2025-06-05", "2025-07-05", [("Support and maintenance, May 2025", 3200), ("Service credit, availability of 99.31% in May 2025 (5%)", -160)], "PO-90447"))
    put(HP + "04 Acceptance/PROJ-20240612_UATSignOff_20241204_v1.pdf", paper("User acceptance certificate", FIRM_EN, "2024-12-04", [
        [["Agreement", "MSA-2024-017"], ["Project", "PROJ-20240612 Customer Portal"], ["Release", "1.0 RC3"], ["Test period", "4 November to 2 December 2024"]],
        "# Result", "214 test cases were run, 209 passed. No P1 or P2 defect is open. The portal passed acceptance.",
        [["Defect", "Severity", "Agreed date"], ["HP-187 Return label prints on two pages", "P3", "13 December 2024"], ["HP-191 Postcode lookup is slow for Northern Ireland", "P3", "10 January 2025"],
         ["HP-195 Order history sorts by local time", "P3", "10 January 2025"], ["HP-198 Welsh page footer partly English", "P4", "next release"], ["HP-201 Tab order in the address form", "P4", "next release"]],
        "# Payment", "The second instalment of USD 74,400.00 may now be invoiced.",
        [["Sarah Whitfield, Harbour & Pine", "Emily Zhang, Yuanhang Software"], ["4 December 2024", "4 December 2024"]]], kind="latin"))
    put("合同/2025/HT-2025-0725 补充协议 B1.docx", get(OMS + "01 合同/HT-2025-0725-B1_补充协议_批量导出.docx"))
