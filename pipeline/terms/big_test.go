package terms

import (
	"fmt"
	"strings"
	"testing"
)

// bigText is a megabyte that repeats little: numbered sentences of changing words.
func bigText() string {
	words := strings.Fields("订单系统 批量导出 需求变更 验收报告 运输调度 合同金额 财务接口 数据迁移 测试环境 权限管理 审批流程 客户编码 报表中心 消息通知 移动终端 冷链监控 库存盘点 发票管理 service release backlog gateway")
	var b strings.Builder
	for i := 0; b.Len() < 1<<20; i++ {
		fmt.Fprintf(&b, "第%d条：%s的%s由%s在%d日前确认，%s需要%s配合处理。\n", i, words[i%19], words[(i*7+3)%20], words[(i*11+5)%17], i%28+1, words[(i*13)%20], words[(i*3+1)%20])
	}
	return b.String()
}

// BenchmarkMegabyte is to stay under a second.
func BenchmarkMegabyte(b *testing.B) {
	text := bigText()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Extract(text, Options{Top: 12})
	}
}
