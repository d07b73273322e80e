package terms

import "strings"

// stopRunes hardly ever stand within a term; they end a run.
const stopRunes = "的了是在和与及或也都就而但不这那我你他她它们吗呢吧啊嗯哦呀把被让给很更最又再还会能要去着过些每其之于从到对以为所则且若即则因此很将已由向并等个种么什哪谁怎样说想看来没有"

var stopSet = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range stopRunes {
		m[r] = true
	}
	return m
}()

func stopRune(r rune) bool { return stopSet[r] }

// common are words of two characters and more that say nothing about a text.
var common = set(strings.Fields(`进行 通过 可以 可能 问题 情况 方面 时候 现在 今天 明天 昨天 然后 比如 其实 如果 虽然 但是 因为 所以 大家 一个
一些 一下 一样 一种 一直 一定 第一 第二 第三 两个 三个 目前 主要 相关 有关 根据 按照 关于 包括 以及 同时 由于 本文 研究 结果 表明 分析
提出 采用 方法 具有 不同 影响 重要 基础 利用 实现 基于 针对 文章 探讨 认为 发现 存在 需要 应该 必须 已经 开始 之后 之前 以后 以前 非常
特别 比较 真的 觉得 知道 东西 事情 部分 内容 附件 您好 你好 谢谢 请问 邮件 回复 发送 主题 收到 此致 敬礼 工作 使用 其中 各种 许多 这样 那样`))

var english = set(strings.Fields(`a an the and or but if then so of to in on at by for with from as is are was were be been being am do does did have has had
will would can could should may might must shall not no nor it its this that these those i you he she we they me him her us them my your his our their
what which who whom when where why how there here all any both each few more most other some such only own same than too very just also about into over
after before under again further once up down out off while because until between through during above below yes ok okay please thanks thank dear regards
hi hello re fw fwd subject sent um uh yeah well like know think going get got one two say said think really right want need make go see let lets`))

func englishStop(w string) bool {
	if len(w) > 12 {
		return false
	}
	return english[w] || english[strings.ToLower(w)]
}

func set(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
