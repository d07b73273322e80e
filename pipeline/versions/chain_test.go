package versions

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
)

// prose writes sentences out of a few hundred words, the way offices do: much of
// it repeats from document to document.
type prose struct{ rng *rand.Rand }

var (
	subjects = strings.Fields("系统 用户 仓库 财务 客户 项目组 管理员 接口 报表 订单 库存 合同 乙方 甲方 数据 网关 服务器 审批人 业务员 供应商")
	verbs    = strings.Fields("应当 支持 负责 完成 提交 检查 记录 导出 同步 删除 审核 通知 保存 生成 验证 更新 确认 汇总 拆分 恢复")
	objects  = strings.Fields("销售订单 入库单 出库单 月度报表 付款申请 用户权限 操作日志 库存差异 发票信息 测试用例 培训计划 上线方案 备份文件 短信提醒 错误代码 查询条件 批量任务 权限模块 移动端 历史数据")
	tails    = strings.Fields("并在两小时内完成 并通知相关人员 且不影响其他模块 后由主管复核 并保留五年 时自动重试三次 并写入日志 前须经双方确认 后生成编号 并支持撤销")
)

func (p prose) sentence() string {
	pick := func(list []string) string { return list[p.rng.IntN(len(list))] }
	return fmt.Sprintf("%s%s%s%s，编号%d。", pick(subjects), pick(verbs), pick(objects), pick(tails), p.rng.IntN(900))
}

func (p prose) text(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = p.sentence()
	}
	return out
}

// edit rewrites a share of the sentences and adds one.
func (p prose) edit(text []string, share float64) []string {
	out := slices.Clone(text)
	for i := range out {
		if p.rng.Float64() < share {
			out[i] = p.sentence()
		}
	}
	return append(out, p.sentence())
}

// maker hands out documents.
type corpus struct {
	rng  *rand.Rand
	docs []Doc
	want map[int64]int // chain of a document, 0: none
}

func (c *corpus) add(chain int, name, place string, typ document.Type, numbers map[string]string, text []string) {
	id := int64(len(c.docs) + 1)
	d := &document.Document{Sections: []document.Section{{Text: strings.Join(text, "\n")}}}
	c.docs = append(c.docs, Doc{ID: id, Key: fmt.Sprintf("%08x", c.rng.Uint32()), Names: []Name{{Name: name, Place: place}}, Type: typ, Numbers: numbers,
		Date: time.Date(2025, 1, 1, 0, 0, int(id), 0, time.UTC), Sketch: SketchOf(d)})
	c.want[id] = chain
}

// styles are how people name versions, oldest first.
var styles = [][]string{
	{"%s_v1.docx", "%s_v2.docx", "%s_v3.docx", "%s_v4.docx"},
	{"%s.docx", "%s(1).docx", "%s(2).docx"},
	{"%s初稿.docx", "%s修订.docx", "%s最终版.docx", "%s最终版(2).docx", "%s最终版(2)改.docx"},
	{"%s_20250105_v1.docx", "%s_20250120_v2.docx", "%s_20250120_v2_final.docx"},
	{"%s V0.5.docx", "%s V1.0.docx", "%s V1.0 - 副本.docx", "%s V1.1.docx"},
	{"%s draft.docx", "%s final.docx", "%s final2.docx", "%s signed.pdf"},
	{"%s_20250105.docx", "%s_20250212.docx"},
	{"%s第一版.doc", "%s第二版.doc", "%s第三版.doc"},
}

var things = strings.Fields("需求规格说明书 概要设计 接口文档 开发合同 报价单 部署方案 操作手册 数据库设计 测试方案 技术方案")

func generated(seed uint64) *corpus {
	c := &corpus{rng: rand.New(rand.NewPCG(seed, 9)), want: map[int64]int{}}
	p := prose{c.rng}
	for chain := 1; chain <= 120; chain++ {
		place := fmt.Sprintf("客户%d/项目%d", chain%6, chain)
		style := styles[chain%len(styles)]
		stem := fmt.Sprintf("%s%s", []string{"", "华信", fmt.Sprintf("PROJ-%d_", 20250000+chain)}[chain%3], things[chain%len(things)])
		numbers := map[string]string{"project_number": fmt.Sprintf("PROJ-%d", 20250000+chain)}
		text := p.text(40 + c.rng.IntN(120))
		next := text
		for _, form := range style {
			text = next
			c.add(chain, fmt.Sprintf(form, stem), place, document.TypeDesign, numbers, text)
			next = p.edit(text, 0.05+0.2*c.rng.Float64())
		}
		switch chain % 4 {
		case 0: // somebody's own branch, in a mail
			c.add(chain, fmt.Sprintf(strings.TrimSuffix(style[1], ".docx")+"_张三.docx", stem), "mail:12!/", document.TypeDesign, numbers, p.edit(text, 0.03))
		case 1: // renamed beyond recognition, hardly changed
			c.add(chain, fmt.Sprintf("给客户的材料%d.docx", chain), place, document.TypeDesign, numbers, p.edit(text, 0.02))
		}
	}
	return c
}

// unrelated are a thousand documents of which no two are versions: forms with
// numbers, reports of every week and month, the same names in many projects.
func (c *corpus) unrelated() {
	p := prose{c.rng}
	form, report, monthly := p.text(25), p.text(20), p.text(30)
	for n := range 200 {
		c.add(0, fmt.Sprintf("BG-2025-%03d_需求变更单.docx", n), "变更", document.TypeChange, map[string]string{"number": fmt.Sprintf("BG-2025-%03d", n)}, append(slices.Clone(form), p.text(6)...))
		day := time.Date(2022, 1, 3, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*n)
		c.add(0, "周报_"+day.Format("20060102")+".docx", "周报", document.TypeOther, nil, append(slices.Clone(report), p.text(12)...))
		c.add(0, fmt.Sprintf("服务月报 %d-%02d.docx", 2010+n/12, 1+n%12), "服务", document.TypeServiceRecord, nil, append(slices.Clone(monthly), p.text(10)...))
		c.add(0, "验收单.docx", fmt.Sprintf("项目%d/验收", n), document.TypeAcceptance, map[string]string{"project_number": fmt.Sprintf("PROJ-X%d", n)}, append(slices.Clone(form), p.text(20)...))
		c.add(0, things[n%len(things)]+fmt.Sprintf("_v%d.docx", 1+n%3), fmt.Sprintf("其他%d", n), document.TypeDesign, nil, p.text(60))
	}
}

func found(chains []Chain) map[int64]int {
	out := map[int64]int{}
	for n, chain := range chains {
		for _, v := range chain {
			out[v.ID] = n + 1
		}
	}
	return out
}

func TestGeneratedChains(t *testing.T) {
	t.Parallel()
	c := generated(1)
	c.unrelated()
	chains := Build(c.docs)
	got := found(chains)
	missing, wrong := 0, 0
	name := func(id int64) string { return c.docs[id-1].Names[0].Place + "/" + c.docs[id-1].Names[0].Name }
	whole := map[int][]int64{}
	for _, d := range c.docs {
		if n := c.want[d.ID]; n > 0 {
			whole[n] = append(whole[n], d.ID)
		} else if got[d.ID] != 0 {
			wrong++
			var with []string
			for _, v := range chains[got[d.ID]-1] {
				with = append(with, name(v.ID))
			}
			t.Errorf("%s is linked: %q", name(d.ID), with)
		}
	}
	for n, ids := range whole {
		for _, id := range ids {
			if got[id] == 0 || got[id] != got[ids[0]] || len(chains[got[id]-1]) != len(ids) {
				missing++
				t.Errorf("chain %d: %s is in chain %d of %d", n, name(id), got[id], len(ids))
				break
			}
		}
	}
	t.Logf("%d chains, %d not whole, %d of 1000 linked wrongly", len(whole), missing, wrong)
	again := Build(shuffled(c))
	if fmt.Sprint(again) != fmt.Sprint(chains) {
		t.Error("another order gives other chains")
	}
}

func shuffled(c *corpus) []Doc {
	out := slices.Clone(c.docs)
	c.rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// The versions of a chain stand in the order in which they were written, and
// branches beside the version that they were made from.
func TestChainOrder(t *testing.T) {
	t.Parallel()
	c := &corpus{rng: rand.New(rand.NewPCG(3, 3)), want: map[int64]int{}}
	p := prose{c.rng}
	text := p.text(80)
	for _, name := range []string{"需求_最终版.docx", "需求_v1.docx", "需求_v2_李四改.docx", "需求_v2.docx", "需求_v3.docx", "需求_v2 - 副本.docx"} {
		c.add(1, name, "p", document.TypeRequirements, nil, p.edit(text, 0.05))
	}
	chains := Build(c.docs)
	if len(chains) != 1 {
		t.Fatalf("%d chains", len(chains))
	}
	var got []string
	name := func(id int64) string {
		if id == 0 {
			return "-"
		}
		return strings.TrimSuffix(c.docs[id-1].Names[0].Name, ".docx")
	}
	for _, v := range chains[0] {
		line := name(v.ID) + " from " + name(v.Previous)
		if v.Branch {
			line += " beside"
		}
		got = append(got, line)
	}
	want := []string{"需求_v1 from -", "需求_v2 from 需求_v1", "需求_v2_李四改 from 需求_v2 beside", "需求_v2 - 副本 from 需求_v2 beside", "需求_v3 from 需求_v2", "需求_最终版 from 需求_v3"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSimilarity(t *testing.T) {
	t.Parallel()
	p := prose{rand.New(rand.NewPCG(5, 5))}
	text := p.text(300)
	sketch := func(s []string) Sketch {
		return SketchOf(&document.Document{Sections: []document.Section{{Text: strings.Join(s, "")}}})
	}
	one := sketch(text)
	for _, c := range []struct{ share, low, high float64 }{{0, 0.97, 1}, {0.1, 0.6, 0.9}, {0.5, 0.2, 0.55}, {1, 0, 0.25}} {
		other := sketch(p.edit(text, c.share))
		if s := Similarity(&one, &other); s < c.low || s > c.high {
			t.Errorf("with %.1f rewritten: %.2f, want %.2f to %.2f", c.share, s, c.low, c.high)
		}
	}
	kept := SketchFrom(one.Bytes())
	if kept != one {
		t.Error("a kept sketch is another one")
	}
	var none Sketch
	if Similarity(&none, &none) != 0 || SketchFrom(nil) != none || SketchFrom([]byte{1}) != none {
		t.Error("a text that is not there is like another")
	}
	// Layout and character form say nothing.
	a, b := sketch([]string{strings.Repeat("甲方應當完成項目的驗收，Project ABC 2025。", 1), text[0]}), sketch([]string{"甲方应当 完成项目的\n验收 project abc 2025 ", text[0]})
	if Similarity(&a, &b) != 1 {
		t.Errorf("another layout: %.2f", Similarity(&a, &b))
	}
}

func BenchmarkSketch(b *testing.B) {
	p := prose{rand.New(rand.NewPCG(5, 5))}
	d := &document.Document{Sections: []document.Section{{Text: strings.Join(p.text(150), "\n")}}}
	b.SetBytes(int64(len(d.Sections[0].Text)))
	for b.Loop() {
		SketchOf(d)
	}
}

// BenchmarkBuild is the measure that the room is built to: the chains of 100,000
// documents, with their sketches made from 9 KB of text each where -benchtime 1x
// is given.
func BenchmarkBuild(b *testing.B) {
	const documents = 100_000
	c := &corpus{rng: rand.New(rand.NewPCG(7, 7)), want: map[int64]int{}}
	p := prose{c.rng}
	for n := 0; len(c.docs) < documents; n++ {
		text := p.text(40)
		place := fmt.Sprintf("客户%d/项目%d", n%50, n%3000)
		for v := range 1 + n%4 {
			c.add(n, fmt.Sprintf("%s_%d_v%d.docx", things[n%len(things)], 1000+n%3000, v+1), place, document.TypeDesign, nil, text)
			text = p.edit(text, 0.1)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(Build(c.docs)) == 0 {
			b.Fatal("no chains")
		}
	}
}
