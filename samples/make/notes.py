"""Plain texts and web pages, in the charsets of their years."""
import html

from tree import put
from world import FIRM, H, HK, HP, OMS, TMS, WMS


def crlf(s):
    return s.strip("\n").replace("\n", "\r\n") + "\r\n"


def gbk(name, s):
    return put(name, crlf(s).encode("gb18030"))


def page(title, body, charset, wiki="远航知识库"):
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>{html.escape(title)} - {wiki}</title><style>body {{font-family: sans-serif}} .nav {{float: left}}</style>
<script>var page = "{html.escape(title)}"; function fold(x) {{ return x.style.display = "none"; }}</script></head>
<body><div class="nav"><a href="index.html">{"首頁" if charset == "big5" else "首页"}</a> | <a href="recent.html">最近更改</a></div>
<h1>{html.escape(title)}</h1>
{body}
<hr><p><small>{wiki}</small></p></body></html>
""".encode(charset)


def make():
    gbk(OMS + "02 需求/需求访谈记录_20250804.txt", """
华信制造订单管理系统 需求访谈记录
时间：2025-08-04 下午    地点：华信制造二楼
访谈对象：林涛（销售运营）、黄丽（仓储）    记录：孙倩

1. 现在销售员用表格登记订单，每天下班前发邮件汇总，平均每天 420 单，月底 700 单以上。
2. 林涛：审批太慢，5 万以下的小单子也要等总经理签字，希望减少一级。
3. 林涛：每月 3 日前要把上月全部订单导出来给财务和审计，现在一页一页导，要两个小时。
4. 黄丽：销售答应客户之前不看库存，经常超卖。希望审批通过就锁库，锁 24 小时太短，最好 48 小时。
5. 历史订单从 2022 年开始，大约 36 万条，在旧系统里，只能导出文本。
6. 财务系统的厂商配合慢，上次仓储系统对接拖了三周，这次要早点联系。

待确认：信用额度由谁维护？财务还是销售？
""")
    gbk(OMS + "03 设计/接口约定_中间表.txt", """
订单管理系统（PROJ-20250801）与财务系统接口约定    V1.0  2025-08-27  赵刚

一、方式：中间表。发货单由订单系统写入，财务系统每 5 分钟读取，读取后置 READ_FLAG = 1。
二、发货单号 32 位（注意：财务系统原来只有 20 位，已请厂商扩到 32 位）。
三、异常：连续三次（15 分钟）未读取，短信通知吴志强 010-5550-0155。
四、对账：每日 23:30 比较两边条数和金额，差异发邮件给林涛和财务。
五、测试环境：厂商 9 月 29 日提供，联调 9 月 29 日至 10 月 17 日。
""")
    for week, text in {
        "2025W34": "2025-08-22（第 34 周）\n本周完成：需求评审会（8 月 20 日），通过 SRS v2，修改意见 11 条；决定审批改两级，批量导出走需求变更 BG-2025-003。\n下周计划：赵刚 8 月 27 日前完成中间表接口约定；孙倩 8 月 25 日前出审批页面原型。\n风险：财务系统厂商联调时间未定。",
        "2025W37": "2025-09-12（第 37 周）\n本周完成：SRS v3 签字确认（9 月 5 日）；第一版功能开发完成 92%；历史订单数据 9 月 3 日收到，比约定晚两天。\n下周计划：9 月 15 日交付第一版测试环境；王晓丽安排第一轮测试。\n风险：历史数据客户编码缺失约 0.6%，需要林涛协助补。",
        "2025W43": "2025-10-24（第 43 周）\n本周完成：第一轮测试结束，缺陷 62 个，关闭 59 个；财务接口联调通过；试迁移 36.2 万条，金额差异为零。\n下周计划：用户验收测试；移动端审批（BG-2025-007）评估。\n风险：华信希望加手机审批，可能影响 12 月 19 日验收。",
    }.items():
        gbk(OMS + f"07 周报/周报_{week}.txt", f"订单管理系统项目周报  PROJ-20250801\n填写人：李文博\n{text}\n")
    gbk(WMS + "上线通知.txt", """
关于仓储管理系统正式上线的通知

各部门：
    仓储管理系统（PROJ-20230901）定于 2024 年 4 月 1 日 8:00 正式上线。3 月 30 日 18:00 至 3 月 31 日 22:00 停止出入库，进行期初盘点和数据切换。
    上线首周远航软件吴志强、孙倩驻场支持，电话 010-5550-0155。
    旧系统 4 月 1 日起只供查询，6 月 30 日关闭。

                                华信制造信息部  张建国
                                2024 年 3 月 25 日
""")
    gbk(TMS + "实施日志.txt", """
运输调度平台实施日志    吴志强
2024-08-12  华东片区车载终端升级 386 台，剩 140 台老终端不支持 30 秒上报，申请更换。
2024-08-21  调度员培训第二场，38 人，考试 36 人通过。
2024-08-26  华东片区试点切换，上午拼车服务内存溢出一次，赵刚调整参数后恢复，影响 25 分钟。
2024-08-30  全网切换完成。徐总要求连续值守三天。
2024-09-02  值守结束，日均运单 1,290 条，装载率 71%→79%。
2024-11-15  结算模块上线，首月对账差异 3 笔，原因是计费重量四舍五入规则，已改。
2024-12-10  验收会，通过，遗留三项。会议录音存会议录音文件夹。
2024-12-27  香港报关单据抬头可配置，陳詠琪確認可用。记录人：吴志强、冯㛃
""")
    put(HK + "系統使用意見_20241118.txt", crlf("""
致：遠航軟件 韓磊先生
由：安瀾物流（香港）有限公司 陳詠琪
日期：2024 年 11 月 18 日
事由：運輸調度平台使用意見

1. 報關單據的抬頭現在只有中文，客戶要求中英文可以選擇，請盡快安排。
2. 跨境車輛過關等候時間長，停留超過 40 分鐘會誤報，希望口岸範圍內不報警。
3. 司機端繁體字有三處用了簡體，見附圖。
4. 十二月十日驗收之前，請先在測試環境給我們試用一星期。
""").encode("big5"))
    put(HK + "發票寄送安排.html", page("發票寄送安排", "<p>由 2024 年 12 月起，香港分公司發票改為電子郵件寄送，收件人陳詠琪。</p>"
        "<table border=1><tr><th>項目</th><th>金額（港幣）</th><th>寄送日期</th></tr><tr><td>跨境單據模組</td><td>86,400.00</td><td>2024-12-31</td></tr></table>", "big5", wiki="安瀾物流內部網"))
    put("历史资料/2022/车辆档案系统_会议记录_20220613.txt", "\ufeff".encode("utf-16-le") + crlf("""
车辆档案系统（PROJ-20220501）会议记录
2022 年 6 月 13 日 10:00  安澜物流信息中心
参加：高颖、韩磊、吴志强

1. 决定：行驶证照片统一用手机拍摄上传，不再扫描。
2. 决定：保险到期提前 30 天提醒车队长。
3. 高颖 6 月 24 日前提供 1,168 辆车的基础数据。
4. 风险：部分挂车没有电子档案，要人工补录。
合同 HT-2022-0418，金额 32 万元，尾款 3.2 万元 2023 年 4 月支付。
""").encode("utf-16-le"))
    put("历史资料/2022/客户清单_旧系统导出.csv", crlf("客户编码,客户名称,联系人,电话,建档日期\nC0001,华信制造股份有限公司,张建国,010-5550-2011,2022-03-02\nC0002,安澜物流集团有限公司,高颖,010-5550-3016,2022-03-02\n"
        "C0003,清溪水务有限公司,\"罗平, 办公室\",010-5550-4005,2022-08-11\nC0004,北岭职业学院,邓老师,010-5550-4018,2022-12-19").encode("gbk"))
    put(H + "客户资料.md", """# 华信制造股份有限公司

| 姓名 | 职务 | 电话 | 邮箱 |
| --- | --- | --- | --- |
| 张建国 | 信息部主任 | 010-5550-2011 | zhang.jianguo@huaxin.example |
| 林涛 | 销售运营经理 | 010-5550-2023 | lin.tao@huaxin.example |
| 黄丽 | 仓储主管 | 010-5550-2035 | huang.li@huaxin.example |

## 合作历史

- 2023-08-15 仓储管理系统，合同 HT-2023-0815，86 万元，2024-06-18 验收通过。
- 2025-07-25 订单管理系统，合同 HT-2025-0725，128 万元，执行中，项目编号 PROJ-20250801。

## 注意

- 发票抬头必须写全称“华信制造股份有限公司”，2023 年曾因简称退票一次。
- 张主任习惯先打电话再发邮件，电话里的承诺请当天补邮件确认。
""")
    put(HP + "Account notes.md", """# Harbour & Pine: account notes

- Sponsor: Sarah Whitfield. She decides change requests up to USD 20,000 alone; above that Priya Nair signs too.
- Tom Okafor runs hosting and certificates on their side. The payment certificate was his; it is now watched by us as well.
- Trading freeze: 25 November to 6 January. No releases, no exceptions.
- Calls: Tuesdays 15:00 London time. Recordings are kept in the folder 会议录音 of the share.

## Promises we made

| Date | Promise | Kept |
| --- | --- | --- |
| 2025-05-23 | Root cause analysis of INC-0519 within five business days | yes, 2025-05-29 |
| 2025-06-17 | Load test before every release from 1.7 on | yes |
| 2025-06-17 | Click and collect pilot in six stores on 15 September 2025 | yes |
| 2025-09-03 | Estimate for loyalty points (CR-005) by 8 September 2025 | yes |
""")
    put(HP + "06 Service reports/RCA INC-0519.txt", crlf("""
Root cause analysis INC-0519, 22 May 2025, severity P1
Customer: Harbour & Pine Retail Ltd., agreement MSA-2024-017
Author: Zhao Gang, reviewed by Emily Zhang, sent 29 May 2025

What happened: from 08:40 to 10:38 London time the portal could not be reached.
Cause: release 1.6 opened a second database connection for each request and the pool of 80 was exhausted.
Why we did not see it: the release was tested with 50 users, the morning peak has 410.
Action 1: the pool has a limit and an alarm (done 23 May).
Action 2: a load test with 900 orders an hour before every release, from 1.7 on (owner: Wang Xiaoli).
""").encode("cp1252"))
    put("Shared/Wiki export/文件命名规范.html", page("文件命名规范", "<p>所有项目文档按 <b>项目编号_文件类型_日期_版本号</b> 命名，例如：</p><ul><li>PROJ-20250801_SRS_20250820_v2.docx</li><li>PROJ-20230901_AcceptanceReport_20240618_v1.pdf</li></ul>"
        "<table border=1><tr><th>代码</th><th>文件类型</th></tr><tr><td>SRS</td><td>需求规格说明书</td></tr><tr><td>DesignDoc</td><td>设计说明书</td></tr><tr><td>AcceptanceReport</td><td>验收报告</td></tr><tr><td>MeetingMinutes</td><td>会议纪要</td></tr><tr><td>SOW</td><td>工作说明书</td></tr></table>"
        "<p>“最终版”“最终版(2)”这类名字不允许再用。档案管理员何嘉每季度检查一次。</p>", "utf-8"))
    put("Shared/Wiki export/项目验收流程.html", page("项目验收流程", "<ol><li>项目经理提交验收申请，附测试报告和验收清单。</li><li>客户 10 个工作日内组织验收。</li><li>验收通过后 3 个工作日内，商务刘芳开具发票。</li><li>何嘉 5 个工作日内完成归档。</li></ol>"
        "<p>严重缺陷必须为零，一般缺陷不超过五个。遗留问题写明负责人和日期。</p>", "gb2312"))
    put("Shared/Wiki export/Release checklist.html", page("Release checklist", "<ul><li>Load test with the customer's peak (Harbour &amp; Pine: 900 orders an hour)</li><li>Certificates valid for 30 days or more</li>"
        "<li>Roll-back tried on staging</li><li>No release in a trading freeze</li></ul><p>Owner: Wang Xiaoli. Last change after incident INC-0519.</p>", "utf-8", wiki="Yuanhang wiki"))
    put("Shared/制度/差旅报销规定.txt", crlf("差旅报销规定（2023 年 1 月起执行）\n一、市内交通凭票据实报销。\n二、住宿：一线城市每晚不超过 500 元，其他城市不超过 380 元。\n三、驻场实施人员每天补助 120 元，按考勤计算。\n四、票据在返回后 10 个工作日内提交刘芳。").encode("gb18030"))
    put("Shared/README.txt", crlf(f"{FIRM} 公共盘说明\nShared 由信息部维护，项目文件请放到 客户 文件夹下对应的项目里。\n旧备份不要删除，何嘉正在整理。\nShared drive of Yuanhang Software. Please keep project files under the customer's folder."))
