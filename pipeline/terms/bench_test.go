package terms

import (
	"strings"
	"testing"
)

// BenchmarkExtract is one mail of usual length: 600 characters of Chinese.
func BenchmarkExtract(b *testing.B) {
	text := strings.Repeat("附件是根据昨天会议讨论修改后的需求规格说明书，请各位在周五之前反馈意见。客户要求把交付日期提前到月底，开发组评估后认为风险较大。合同金额为三十五万元，首付款百分之三十已经到账。", 7)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Extract(text, Options{Top: 12})
	}
}
