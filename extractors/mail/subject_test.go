package mail

import "testing"

func TestBareSubject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		answer   bool
	}{
		{"Offer  for the\u3000portal", "offer for the portal", false},
		{"Re: Offer", "offer", true},
		{"RE: Re[2]: FW: Offer", "offer", true},
		{"答复: 答复: 答复: 项目验收", "项目验收", true},
		{"回复：转发：项目验收", "项目验收", true},
		{"回复：【外部邮件】[dev] Re：项目 验收", "项目 验收", true},
		{"Re^2: Offer", "re^2: offer", false},
		{"AW: WG: Angebot", "angebot", true},
		{"Re （3）： x", "x", true},
		{"Report: weekly", "report: weekly", false},
		{"research: results", "research: results", false},
		{"转发", "转发", false},
		{"[only a mark]", "[only a mark]", false},
		{"", "", false},
		{"Re:", "", true},
	} {
		if got, answer := BareSubject(c.in); got != c.want || answer != c.answer {
			t.Errorf("%q: %q %v, want %q %v", c.in, got, answer, c.want, c.answer)
		}
	}
}
