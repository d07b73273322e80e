package minutes

import (
	"context"
	"fmt"
	"testing"

	"guidang/extractors/document"
)

// threeHours is a Chinese meeting of 45,000 characters: what is said in three hours.
func threeHours() *document.Transcript {
	things := []string{"订单系统", "批量导出", "审批流程", "财务接口", "数据迁移", "测试环境", "冷链监控", "客户编码", "报表中心", "发票管理", "移动终端"}
	say := []string{
		"嗯，然后我们看一下%s的进度，这个这个%s目前完成了百分之%d，剩下的部分要看%s。",
		"那就这么定了，%s先按%s的方案做，一共%d个人日，%s放到二期。",
		"%s由我负责，下周三之前把%s的%d条数据整理好，发给%s的同事。",
		"我担心%s有风险，%s那边%d天都没有答复，%s可能来不及。",
		"其实就是说%s和%s这两块，对吧，第%d次评审的时候提过，%s还没有定下来。",
		"接下来说%s，客户要求%s每天处理%d张单子，现在%s做不到。",
	}
	t := &document.Transcript{Title: "项目评审会", Date: "2026-11-24", Language: "zh"}
	for n, i := 0, 0; n < 45000; i++ {
		text := ""
		for k := range 1 + i%4 {
			j := i*7 + k*3
			text += fmt.Sprintf(say[(i+k*5)%len(say)], things[(i/40+j)%len(things)], things[(j*3+1)%len(things)], 10+j%80, things[(i/40+j*5)%len(things)])
		}
		n += len([]rune(text))
		t.Utterances = append(t.Utterances, document.Utterance{ID: i + 1, Start: float64(5 * i), End: float64(5*i + 5), Speaker: fmt.Sprintf("发言人%d", i%5+1), Text: text})
	}
	return t
}

// BenchmarkThreeHours is to stay under two seconds and 200 MB.
func BenchmarkThreeHours(b *testing.B) {
	t := threeHours()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewOffline().Make(context.Background(), t, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
