package main

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

type person struct{ name, latin, address string }

var people = []person{
	{"张伟", "Zhang Wei", "zhang.wei@yuanhang.example"}, {"李娜", "Li Na", "li.na@yuanhang.example"}, {"王磊", "Wang Lei", "wang.lei@yuanhang.example"},
	{"陈静", "Chen Jing", "chen.jing@huaxin.example"}, {"刘洋", "Liu Yang", "liu.yang@huaxin.example"}, {"赵敏", "Zhao Min", "zhao.min@dongfang.example"},
	{"孙鹏", "Sun Peng", "sun.peng@dongfang.example"}, {"周婷", "Zhou Ting", "zhou.ting@yuanhang.example"}, {"Emma Clark", "Emma Clark", "emma.clark@northwind.example"},
	{"Peter Novak", "Peter Novak", "peter.novak@northwind.example"},
}

var topics = []string{
	"关于 PROJ-%d 需求变更的确认", "PROJ-%d 验收报告（第二版）", "HT-%d 合同付款安排", "周会纪要 %d", "接口联调问题 %d", "上线计划与回滚方案 PROJ-%d", "报价单 %d 请查收",
}

var topicsEN = []string{
	"Change request for PROJ-%d", "Acceptance of milestone %d", "Invoice %d and payment terms", "Weekly status %d", "Interface questions, ticket %d",
}

var sentences = []string{
	"附件是根据昨天会议讨论修改后的需求规格说明书，请各位在周五之前反馈意见。", "客户要求把交付日期提前到月底，开发组评估后认为风险较大，需要增加两名测试人员。",
	"本次验收共发现十二个问题，其中三个为严重缺陷，已经全部修复并通过回归测试。", "合同金额为三十五万元，首付款百分之三十已经到账，剩余款项在验收合格后十个工作日内支付。",
	"数据库迁移安排在周六凌晨两点开始，预计持续四个小时，期间系统不可用，请提前通知最终用户。", "接口文档已经更新到第三版，新增了批量查询和异步通知两个接口，字段说明见附表。",
	"关于权限管理模块，建议采用基于角色的方式，由各部门管理员自行维护本部门的人员。", "请财务部核对发票抬头和税号，确认无误后我们安排寄送纸质发票。",
	"测试环境的服务器内存不足，导致压力测试中断，运维已经申请扩容，预计明天下午完成。", "下周三上午十点在三楼会议室召开项目例会，请项目经理准备进度和风险清单。",
}

var sentencesEN = []string{
	"Please find attached the revised specification; comments are welcome until Friday.", "The customer asked to move the delivery to the end of the month, which we consider risky.",
	"All three blocking defects were fixed and the regression test passed on the staging server.", "The remaining payment is due within ten working days after acceptance.",
	"The migration starts on Saturday at two in the morning and takes about four hours.", "We agreed on a response time of four hours for priority one incidents.",
}

func (m *mail) body() string {
	from := sentences
	hello := "各位好，"
	if m.english {
		from, hello = sentencesEN, "Dear all,"
	}
	var b strings.Builder
	b.WriteString(hello + "\n\n")
	for p := range 2 + m.r.IntN(5) {
		for range 2 + m.r.IntN(4) {
			b.WriteString(from[m.r.IntN(len(from))])
			if m.english {
				b.WriteByte(' ')
			}
		}
		fmt.Fprintf(&b, "（%d-%d）\n", m.n, p)
	}
	fmt.Fprintf(&b, "\n%s\n%s\n", m.from.name, m.from.address)
	return b.String()
}

// attachment is a small file as mails carry them.
func (m *mail) attachment() (name string, data []byte) {
	switch m.r.IntN(3) {
	case 0:
		gbk, err := simplifiedchinese.GBK.NewEncoder().String("会议记录\r\n" + strings.Repeat(sentences[m.r.IntN(len(sentences))]+"\r\n", 3+m.r.IntN(10)) + fmt.Sprint(m.n))
		if err != nil {
			panic(err) // the sentences are in GBK
		}
		return fmt.Sprintf("会议记录%d.txt", m.n), []byte(gbk)
	case 1:
		return fmt.Sprintf("status-%d.html", m.n), []byte("<html><head><title>Status</title></head><body><h1>" + m.subject + "</h1><p>" + sentencesEN[m.r.IntN(len(sentencesEN))] + "</p></body></html>")
	}
	return fmt.Sprintf("清单%d.csv", m.n), []byte("编号,金额,负责人\r\n" + strings.Repeat(fmt.Sprintf("HT-%d,%d,%s\r\n", m.n, m.r.IntN(900000), m.from.name), 5+m.r.IntN(20)))
}
