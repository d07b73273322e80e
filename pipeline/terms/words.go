package terms

import (
	"strings"
	"unicode/utf8"
)

// stopRunes hardly ever stand within a term; they end a run.
const stopRunes = "的了是在和与及或也都就而但不这那我你他她它们吗呢吧啊嗯哦呀把被让给很更最又再还会能要去着过些每其之于从到对以为所则且若即则因此很将已由向并等个种么什哪谁怎样说想看来没有"

// What a character may be at a place where a run could end.
const (
	stops  = 1 << iota // a stop character
	begins             // the first one of a common word
)

// firstHan and lastHan bound the block that all characters of the tables are of.
const firstHan, lastHan = 0x4e00, 0x9fff

// roles holds what every Han character may be: a look into a table of 20 kB in
// place of two into maps, at every character of a text.
var roles = func() *[lastHan - firstHan + 1]byte {
	var t [lastHan - firstHan + 1]byte
	for _, r := range stopRunes {
		t[r-firstHan] |= stops
	}
	for w := range common {
		r, _ := utf8.DecodeRuneInString(w)
		t[r-firstHan] |= begins
	}
	return &t
}()

// common are words of two characters and more that say nothing about a text.
var common = set(strings.Fields(`进行 通过 可以 可能 问题 情况 方面 时候 现在 今天 明天 昨天 然后 比如 其实 如果 虽然 但是 因为 所以 大家 一个
一些 一下 一样 一种 一直 一定 第一 第二 第三 两个 三个 目前 主要 相关 有关 根据 按照 关于 包括 以及 同时 由于 本文 研究 结果 表明 分析
提出 采用 方法 具有 不同 影响 重要 基础 利用 实现 基于 针对 文章 探讨 认为 发现 存在 需要 应该 必须 已经 开始 之后 之前 以后 以前 非常
特别 比较 真的 觉得 知道 东西 事情 部分 内容 附件 您好 你好 谢谢 请问 邮件 回复 发送 主题 收到 此致 敬礼 工作 使用 其中 各种 许多 这样 那样 要求 对应 相对 原因
及时 我国 同样 其他 其它 其次 说明 超过 经过 过去 达到 得到 面对 以上 以下 以内 以外 予以 作为 成为 称为 涉及 否则 立即 查看 原来 含有 拥有
每天 每年 每月 每周 每次 每个 不足 属于 位于 用于 大于 小于 高于
低于 提到 看到 找到 受到 直到 分为 改为 变为`))

// bound are words within which a stop character is none. Left out are those
// that a true stop makes by chance too: 目的 (项目的), 总和 (王总和李总), 并发 (并发送).
var bound = set(strings.Fields(`有限 有效 有色 有害 有机物 国有 私有 共有 持有 稀有 所有权 变更 更新 更改 更换 更正
功能 性能 智能 能力 能源 能量 能耗 能效 节能 效能 技能 职能 产能 机能 赋能 储能 热能 电能 核能 太阳能
会议 会计 社会 协会 会员 大会 工会 会话 例会 周会 晨会 早会 会签 会诊 会展 机会 学会 会场 会谈 商会 会务 委员会 董事会 理事会 监事会 股东会 研讨会 评审会
纪要 摘要 概要 要素 要点 要件 去除 去重 去噪 着色 着陆 附着 过程 过滤 过期 过敏 过户 过度 过渡 过载 从业 到期 到货 到账 到场 到位 签到 迟到
对象 对接 对账 对策 对比 对照 核对 校对 对称 对话 对手 配对 对流 以太 行为 研究所 研究院 研究生 事务所 交易所 派出所 场所 诊所 所得 所得税
规则 原则 准则 细则 法则 即时 因素 基因 因子 病因 归因 自由 路由 理由 方向 向量 导向 双向 单向 横向 纵向 定向 取向 流向 径向 轴向 向导
高并发 并发数 并发量 并购 合并 兼并 并网 并行 并联 等级 平等 高等 个人 个性 个体 品种 种类 种子 种植 接种 物种 育种
样本 样品 样机 样式 样例 样板 采样 抽样 取样 打样 送样 多样 说明书 小说 思想 联想 看板 看护 来源 来料 来电 来访 往来 没收
在线 在库 在途 在建 潜在 饱和 和解 和谐 参与 与会 普及 首都 成都 都市 就业 就诊 成就 不良 不锈 不动产 不等式 自我 他人 被告 转让 出让
供给 给付 给水 给药 最优 最小 最短 最佳 再生 再造 再保险 归还 还款 偿还 还原 返还 退还 工作流 工作日 工作量 方法论 使用权 分析师 分析仪`))

var english = set(strings.Fields(`a an the and or but if then so of to in on at by for with from as is are was were be been being am do does did have has had
will would can could should may might must shall not no nor it its this that these those i you he she we they me him her us them my your his our their
what which who whom when where why how there here all any both each few more most other some such only own same than too very just also about into over
after before under again further once up down out off while because until between through during above below yes ok okay please thanks thank dear regards
hi hello re fw fwd subject sent um uh yeah well like know think going get got one two say said think really right want need make go see let lets`))

// longestStop is how long a word of english may be.
const longestStop = 12

// stopLengths holds, by the first letter, the lengths that words of english have, a
// bit each: most words of a text are told by it without asking the map.
var stopLengths = func() (t [26]uint16) {
	for w := range english {
		t[w[0]-'a'] |= 1 << len(w)
	}
	return t
}()

// englishStop says whether a word, in whatever case, is one of english.
func englishStop(w string) bool {
	first := w[0] | 0x20
	if len(w) > longestStop || first < 'a' || first > 'z' || stopLengths[first-'a']&(1<<len(w)) == 0 {
		return false
	}
	var low [longestStop]byte
	for i := range len(w) {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		low[i] = c
	}
	return english[string(low[:len(w)])]
}

func set(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
