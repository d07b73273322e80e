package index

import (
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Narrow is what the operators of a query ask of documents beside words.
type Narrow struct {
	Kinds     []document.Kind
	Types     []document.Type
	Customers []string
	Projects  []string
	Tags      []string
	Sensitive []string
	From, To  time.Time
	Holding   bool // with attachments or members
	Kept      Kept
}

// Kept is where a document is kept and how that place marks it. All of it holds of one
// place, which the asker may see.
type Kept struct {
	Folders []string // each is in the path of folders, or one of the labels
	Marks   []string // every one
}

func (k *Kept) empty() bool { return len(k.Folders)+len(k.Marks) == 0 }

func (n *Narrow) empty() bool {
	return len(n.Kinds)+len(n.Types)+len(n.Sensitive)+len(n.Customers)+len(n.Projects)+len(n.Tags) == 0 && n.From.IsZero() && n.To.IsZero() && !n.Holding && n.Kept.empty()
}

// apply narrows a request.
func (n *Narrow) apply(r *Request) {
	if len(n.Kinds) > 0 {
		r.Kinds = both(r, r.Kinds, n.Kinds)
	}
	if len(n.Types) > 0 {
		r.Types = both(r, r.Types, n.Types)
	}
	if len(n.Sensitive) > 0 {
		r.Sensitive = both(r, r.Sensitive, n.Sensitive)
	}
	r.Customers = append(slices.Clone(r.Customers), n.Customers...)
	r.Projects = append(slices.Clone(r.Projects), n.Projects...)
	r.Tags = append(slices.Clone(r.Tags), n.Tags...)
	if len(n.Kept.Marks) > 0 { // which only mails have
		r.Kinds = both(r, r.Kinds, []document.Kind{document.KindMail})
	}
	if n.From.After(r.From) {
		r.From = n.From
	}
	if !n.To.IsZero() && (r.To.IsZero() || n.To.Before(r.To)) {
		r.To = n.To
	}
}

// both gives what two lists of one condition leave, of which the first may be
// open. Where they leave nothing, nothing is to be found.
func both[T comparable](r *Request, asked, narrowed []T) []T {
	if len(asked) == 0 {
		return narrowed
	}
	left := slices.DeleteFunc(slices.Clone(narrowed), func(v T) bool { return !slices.Contains(asked, v) })
	if len(left) == 0 {
		r.Scopes = nil
	}
	return left
}

// operator is a word with a colon that says where or in what to look.
type operator struct {
	names   []string
	place   place
	role    string
	narrows func(n *Narrow, value string) bool // false: the value means nothing
}

var operators = []operator{
	{names: []string{"from", "发件人"}, place: inPeople, role: "from"},
	{names: []string{"to", "收件人"}, place: inPeople, role: "to"},
	{names: []string{"who", "人"}, place: inPeople},
	{names: []string{"title", "标题"}, place: inTitle},
	{names: []string{"kind", "类型"}, narrows: func(n *Narrow, v string) bool {
		k := document.Kind(strings.ToLower(v))
		if !slices.Contains(document.Kinds, k) {
			return narrowType(n, v) // 类型:合同 is said of what it is for, too
		}
		n.Kinds = append(n.Kinds, k)
		return true
	}},
	{names: []string{"type", "文种"}, narrows: narrowType},
	{names: []string{"sensitive", "敏感"}, narrows: func(n *Narrow, v string) bool {
		if v == "any" || v == "任何" {
			n.Sensitive = append(n.Sensitive, document.Sensitives...)
			return true
		}
		s, ok := document.SensitiveNamed(strings.ToLower(v))
		if ok {
			n.Sensitive = append(n.Sensitive, s)
		}
		return ok
	}},
	{names: []string{"customer", "客户"}, narrows: func(n *Narrow, v string) bool { return appendValue(&n.Customers, v) }},
	{names: []string{"project", "项目"}, narrows: func(n *Narrow, v string) bool { return appendValue(&n.Projects, v) }},
	{names: []string{"tag", "标签"}, narrows: func(n *Narrow, v string) bool { return appendValue(&n.Tags, v) }},
	{names: []string{"after", "晚于"}, narrows: func(n *Narrow, v string) bool {
		from, _, ok := days(v)
		if ok {
			n.From = from
		}
		return ok
	}},
	{names: []string{"before", "早于"}, narrows: func(n *Narrow, v string) bool {
		from, _, ok := days(v)
		if ok {
			n.To = from
		}
		return ok
	}},
	{names: []string{"on", "日期"}, narrows: func(n *Narrow, v string) bool {
		from, to, ok := days(v)
		if ok {
			n.From, n.To = from, to
		}
		return ok
	}},
	{names: []string{"has", "含"}, narrows: func(n *Narrow, v string) bool {
		if !slices.Contains([]string{"attachment", "attachments", "附件"}, strings.ToLower(v)) {
			return false
		}
		n.Holding = true
		return true
	}},
	{names: []string{"folder", "文件夹"}, narrows: func(n *Narrow, v string) bool { return appendValue(&n.Kept.Folders, Normalise(v)) }},
	{names: []string{"is", "标记"}, narrows: func(n *Narrow, v string) bool {
		mark := mailMarks[strings.ToLower(v)]
		return appendValue(&n.Kept.Marks, mark)
	}},
}

// mailMarks are what a mailbox says of a mail, by the words that people use.
var mailMarks = map[string]string{
	"read": "read", "已读": "read", "unread": "unread", "未读": "unread", "replied": "replied", "已回复": "replied", "forwarded": "forwarded", "已转发": "forwarded",
	"flagged": "flagged", "starred": "flagged", "星标": "flagged", "红旗": "flagged", "draft": "draft", "草稿": "draft", "deleted": "deleted", "已删除": "deleted",
}

func narrowType(n *Narrow, v string) bool {
	t, ok := document.TypeNamed(strings.ToLower(v))
	if ok {
		n.Types = append(n.Types, t)
	}
	return ok
}

func appendValue(list *[]string, v string) bool {
	if v != "" {
		*list = append(*list, v)
	}
	return v != ""
}

// cutOperator cuts an operator off that s begins with. in:title X is title:X.
func cutOperator(s string) (op *operator, rest string, ok bool) {
	if after, found := strings.CutPrefix(s, "in:title"); found && startsWord(after) {
		return titleOperator(), strings.TrimLeftFunc(after, separates), true
	}
	for i := range operators {
		for _, name := range operators[i].names {
			if len(s) <= len(name) || !strings.EqualFold(s[:len(name)], name) {
				continue
			}
			for _, colon := range []string{":", "："} {
				rest, ok := strings.CutPrefix(s[len(name):], colon)
				r, _ := decode(rest, 0)
				if ok && rest != "" && !separates(r) {
					return &operators[i], rest, true
				}
			}
		}
	}
	return nil, s, false
}

func titleOperator() *operator {
	i := slices.IndexFunc(operators, func(o operator) bool { return o.place == inTitle })
	return &operators[i]
}

// days reads a day, a month or a year and gives its beginning and end.
func days(s string) (from, to time.Time, ok bool) {
	s = strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "").Replace(Normalise(s))
	s = strings.TrimSuffix(s, "-")
	for _, f := range []struct {
		layout    string
		y, mo, da int
	}{{"2006-1-2", 0, 0, 1}, {"2006-1", 0, 1, 0}, {"2006", 1, 0, 0}, {"20060102", 0, 0, 1}} {
		if t, err := time.Parse(f.layout, s); err == nil {
			return t, t.AddDate(f.y, f.mo, f.da), true
		}
	}
	return from, to, false
}
