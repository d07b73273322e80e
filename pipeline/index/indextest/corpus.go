package indextest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"guidang/pipeline/index"
)

// sentences are said in a software firm; cut and mixed they make a corpus in
// which words overlap and run into each other as they do in life.
var sentences = strings.Fields(`
项目验收会议定于下周三上午在三楼会议室召开请各部门负责人准时参加 需求变更必须经过评审并由客户书面确认后方可实施
合同金额为人民币一百二十万元整分三期支付首期款百分之三十 系统上线前需完成性能测试安全测试以及数据迁移演练
开发团队反映接口文档不完整导致联调进度滞后两周 客户代表对报表导出功能提出了新的意见希望增加筛选条件
遗留问题清单共十七项其中高优先级五项由张伟跟进处理 测试环境的数据库版本与生产环境不一致需要尽快统一
本次里程碑交付物包括源代码部署手册用户手册和培训材料 双方确认最终验收时间顺延至九月十五日并签署补充协议
付款条件以验收报告签署之日起三十日内支付剩余款项 风险评估显示第三方支付接口的稳定性是当前最大的隐患
质保期内出现的缺陷由乙方免费修复并在两个工作日内响应 会议决定暂停移动端开发优先保证核心业务流程按期上线
权限管理模块的设计方案需要重新评审涉及组织架构调整 数据备份策略改为每日增量每周全量异地保存九十天
税务发票开具信息以合同附件二为准变更需提前书面通知 项目经理每周五提交周报说明进展问题及下周工作计划`)

// Corpus makes n documents of Chinese text, the same for the same n.
func Corpus(n int) []index.Entry {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]index.Entry, n)
	for i := range out {
		passages := make([]string, 1+rng.IntN(3))
		for p := range passages {
			passages[p] = Prose(rng, 60+rng.IntN(300))
		}
		out[i] = Doc(fmt.Sprintf("doc%04d", i), Prose(rng, 12), passages...)
	}
	return out
}

// Prose makes about n characters of Chinese text.
func Prose(rng *rand.Rand, n int) string {
	var b []rune
	for len(b) < n {
		s := []rune(sentences[rng.IntN(len(sentences))])
		from := rng.IntN(len(s) - 4)
		to := from + 3 + rng.IntN(len(s)-from-3)
		b = append(b, s[from:to]...)
		if mark := []rune("，。；、")[rng.IntN(4)]; rng.IntN(3) > 0 {
			b = append(b, mark)
		}
	}
	return string(b[:n])
}
