package minutes

import (
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func talk(lines ...string) *document.Transcript {
	t := &document.Transcript{Date: "2026-11-24", Language: "zh"}
	if hanCount(strings.Join(lines, "")) == 0 {
		t.Language = "en"
	}
	for i, l := range lines {
		who, text, _ := strings.Cut(l, ": ")
		t.Utterances = append(t.Utterances, document.Utterance{ID: i + 1, Speaker: who, Text: text})
	}
	return t
}

// TestFold: what is said several times is one claim with all of its evidence;
// what differs by a number or a denial stays two.
func TestFold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines     string
		decisions [][]int
		actions   int
	}{
		{"张伟: 我们决定订单系统11月30日上线。|李娜: 数据库要先扩容，这个大家都清楚。|张伟: 那就定了，订单系统11月30日上线。|王强: 好。|张伟: 最后确认一下，我们一致同意订单系统11月30日上线。", [][]int{{1, 3, 5}}, 0},
		{"张伟: 我们决定订单系统11月30日上线。|李娜: 明白。|张伟: 我们决定结算系统12月30日上线。", [][]int{{1}, {3}}, 0},
		{"张伟: 我们决定移动端报表功能放到二期做。|李娜: 明白。|张伟: 我们决定移动端报表功能不放到二期做。", [][]int{{1}, {3}}, 0},
		{"Ann: We decided to move the audit log to the second release.|Ben: Fine.|Ann: So we agreed to move the audit log to the second release.", [][]int{{1, 3}}, 0},
		{"张伟: 李娜11月27日之前提交测试报告给客户。|李娜: 好。|王强: 环境已经好了。|张伟: 再说一遍，李娜11月27日之前提交测试报告给客户。", nil, 1},
	} {
		m, err := NewOffline().Make(t.Context(), talk(strings.Split(c.lines, "|")...), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got [][]int
		for _, d := range m.Decisions {
			got = append(got, d.Evidence)
		}
		if !slices.EqualFunc(got, c.decisions, slices.Equal[[]int]) || len(m.Actions) != c.actions || len(m.Checks.Dropped) != 0 {
			t.Errorf("%s: decisions %+v, actions %+v, dropped %v", c.lines, m.Decisions, m.Actions, m.Checks.Dropped)
		}
	}
}

// TestNoRisk: what sounds like a risk, a decision or an open question and is none.
func TestNoRisk(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{
		"接口联调有风险，测试环境可能来不及准备。": 1, "数据库是最大的瓶颈，导出的时候很慢。": 1, "我很担心厂商的测试环境不能按时给出来。": 1, "There is a serious performance problem in the export module.": 1,
		"要说到公链的瓶颈，大家可能现在都了解很多。": 0, "供应链能够完整，能够抵御一些风险，这一点很重要。": 0, "我原来以为会来不及，我很担心怎么办下去。": 0, "你不用担心这个事情，我们都准备好了。": 0,
		"大家看到的是原来高风险的高收益这样的项目。": 0, "We always count on a serious comment from that corner.": 0, "既然定了这个方向，我们就一定要做下去。": 0,
		"The number of phones in a word is, I don't know, five maybe.": 0, "The final decision is the combination of these three nodes.": 0, "We don't know when the certificate will arrive from the bank.": 1, "I'm not sure if we.": 0, "That was one of our concerns last year.": 0, "One is serious: the stock is released twice.": 1,
	} {
		m, err := NewOffline().Make(t.Context(), talk("A: "+line), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(m.Risks) + len(m.Decisions) + len(m.OpenQuestions); n != want {
			t.Errorf("%s: risks %v, decisions %v, questions %v", line, m.Risks, m.Decisions, m.OpenQuestions)
		}
	}
}

// TestSpokenTo: who is spoken to does not do what the speaker promises.
func TestSpokenTo(t *testing.T) {
	t.Parallel()
	for line, owner := range map[string]string{
		"Ann: Mr. Chair, I will send the test report to the minister by Friday.": "Ann", "Ann: Tom, I will call the bank by Friday.": "Ann", "Ann: Tom, I need you to call the bank by Friday.": "Tom",
	} {
		m, err := NewOffline().Make(t.Context(), talk(line), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Actions) != 1 || m.Actions[0].Owner != owner {
			t.Errorf("%s: %+v", line, m.Actions)
		}
	}
}

func TestAnnounced(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"下面说财务接口。我们决定采用中间表。": "财务接口", "再说批量导出。每个月3号之前要交。": "批量导出", "最后确认一下时间。": "时间", "第二个议题是历史订单迁移，请林涛说。": "历史订单迁移", "关于合同付款，我补充一点。": "合同付款",
		"接下来我们看一下数据迁移的问题。": "数据迁移", "下面请张老师讲一下。": "", "再说我们也不知道。": "", "现在每天四百多张订单。": "",
		"The second topic is change request four, click and collect. It costs a lot.": "change request four, click and collect", "Let us start with the outages. Two is too many.": "outages",
		"About the money. The budget is fine.": "money", "Okay, let's talk about it.": "", "The next point is what we do.": "",
	} {
		if got := announced(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
