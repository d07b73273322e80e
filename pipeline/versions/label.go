package versions

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guidang/pipeline/han"
)

// Label is what a file's name says of its version.
type Label struct {
	Stem    string    // the name without everything that tells versions apart, as it is compared
	Numbers []int     // v1.2: 1 2
	Date    time.Time // zero: none
	Steps   []Step    // 最终版(2)改: final, 2nd, revised
	Copy    bool      // 副本, copy, .bak: beside the line of versions
	Codes   []string  // numbers that name what it is, such as a contract's: they never differ between versions
	Ext     string
}

// Step is a word or a counter behind a name.
type Step struct {
	Stage int // how near to the end the word says that it is; 0: a counter
	N     int
}

// Marked says that a name names a version otherwise than by a date.
func (l *Label) Marked() bool { return len(l.Numbers) > 0 || len(l.Steps) > 0 || l.Copy }

// Stages of a document, by the words for them.
const (
	stageDraft   = 1 // 初稿
	stageReview  = 2 // 送审稿
	stageRevised = 3 // 修订, 改
	stageLatest  = 4 // 最新
	stageFinal   = 5 // 最终版
	stageSigned  = 6 // 盖章版
)

var stages = []struct {
	stage int
	words []string // longest first
}{
	{stageSigned, []string{"已签字盖章", "签字盖章版", "盖章扫描件", "已盖章", "盖章版", "签字版", "签署版", "双签版", "signed copy", "signed", "executed"}},
	{stageFinal, []string{"最终确认版", "最终版", "最终稿", "终稿", "定稿", "最终", "正式版", "确认版", "发布版", "final version", "final"}},
	{stageLatest, []string{"最新版本", "最新版", "最新", "latest"}},
	{stageReview, []string{"征求意见稿", "送审稿", "评审稿", "审核稿", "报批稿", "讨论稿", "for review", "review"}},
	{stageDraft, []string{"初稿", "草稿", "草案", "draft"}},
	{stageRevised, []string{"修订版", "修改版", "修改稿", "修订稿", "修正版", "修订", "修改", "改版", "revised", "revision", "updated", "更新版", "更新"}},
}

var (
	dateInName    = regexp.MustCompile(`((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|((?:19|20)\d\d)[-._年/ ](\d{1,2})[-._月/ ](\d{1,2})日?`)
	numberInName  = regexp.MustCompile(`(?:^|[^a-z])(?:v|ver|version|rev|版本)[._ -]?(\d{1,3}(?:\.\d{1,3}){0,3})|第([0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:版|稿|次修订)|[^\p{Han}]([一二三四五六七八九十])稿|([a-h])版`)
	counterInName = regexp.MustCompile(`\((\d{1,3})\)|\[(\d{1,3})\]`)
	copyInName    = regexp.MustCompile(`(?:^|[ _-])(?:复件|copy of|副本)|- ?副本|副本|[ _(-]copy\b|[._-]bak\b|备份|_恢复|恢复|conflicted copy|冲突副本`)
	codeInName    = regexp.MustCompile(`[a-z]{1,8}[-_]?\d{2,}(?:[-_]?[a-z]?\d+)*|\d{4}[-年]?(?:w|q)\d{1,2}|(?:19|20)\d\d[-年.]\d{1,2}(?:月)?|第\d+[期周批季号]|\d{3,}|\d+月`)
)

// Parse reads a file's name.
//
// QUIRK: no standard rules these names; the words and their order are those of
// the office: 最终版(2)改 comes after 最终版(2), 副本 is no later version but another
// one, and a date that belongs to a project's number (PROJ-20250801) is none.
func Parse(name string) Label {
	ext := strings.ToLower(path.Ext(name))
	if ext == ".bak" {
		name = strings.TrimSuffix(name, path.Ext(name)) + "_bak" + path.Ext(strings.TrimSuffix(name, path.Ext(name)))
		ext = strings.ToLower(path.Ext(name))
	}
	if utf8.RuneCountInString(ext) > 6 || strings.ContainsFunc(ext, unicode.IsSpace) {
		ext = ""
	}
	l := Label{Ext: ext}
	s := foldName(strings.TrimSuffix(name, path.Ext(name)))
	if ext == "" {
		s = foldName(name)
	}
	s = l.cutDate(s)
	s = l.cutNumber(s)
	s = l.cutCopy(s)
	s = l.cutSteps(s)
	l.Codes = codeInName.FindAllString(s, -1)
	slices.Sort(l.Codes)
	l.Codes = slices.Clip(slices.Clone(slices.Compact(l.Codes))) // what a search found has room for ten
	l.Stem = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "")
	return l
}

// cut stands where something was cut out of a name.
const cut = "\x00"

func foldName(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '！' && r <= '～':
			r = r - '！' + '!'
		case r == '　' || r == '\u00a0':
			r = ' '
		case r == '【' || r == '〔':
			r = '['
		case r == '】' || r == '〕':
			r = ']'
		case r == '—' || r == '–':
			r = '-'
		}
		b.WriteRune(unicode.ToLower(han.Fold(r)))
	}
	return b.String()
}

func (l *Label) cutDate(s string) string {
	for _, m := range dateInName.FindAllStringSubmatchIndex(s, -1) {
		if m[0] > 0 {
			before := s[m[0]-1]
			if isLetter(before) || isDigit(before) || before == '-' && m[0] > 1 && (isLetter(s[m[0]-2]) || isDigit(s[m[0]-2])) {
				continue // of a number: PROJ-20250801
			}
		}
		if m[1] < len(s) && isDigit(s[m[1]]) {
			continue
		}
		g := m[2:8]
		if m[2] < 0 {
			g = m[8:14]
		}
		y, mo, d := atoi(s[g[0]:g[1]]), atoi(s[g[2]:g[3]]), atoi(s[g[4]:g[5]])
		t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
		if mo < 1 || mo > 12 || t.Day() != d {
			continue
		}
		l.Date = t
		return s[:m[0]] + cut + s[m[1]:]
	}
	return s
}

func (l *Label) cutNumber(s string) string {
	all := numberInName.FindAllStringSubmatchIndex(s, -1)
	for _, m := range slices.Backward(all) { // the last one counts: ERP v3 报价 v2
		from := m[0]
		for g := 1; g <= 4; g++ {
			if m[2*g] < 0 {
				continue
			}
			text := s[m[2*g]:m[2*g+1]]
			switch {
			case g == 4 && (m[0] > 0 && isLetter(s[m[0]-1])):
				continue
			case g == 4:
				l.Numbers = []int{int(text[0]-'a') + 1}
			case isDigit(text[0]):
				for part := range strings.SplitSeq(text, ".") {
					l.Numbers = append(l.Numbers, atoi(part))
				}
			default:
				l.Numbers = []int{hanNumber(text)}
			}
			if r, size := utf8.DecodeRuneInString(s[from:]); (g == 1 || g == 3) && r != 'v' && r != 'r' && r != '版' {
				from += size // what stood before the mark
			}
			return s[:from] + cut + s[m[1]:]
		}
	}
	return s
}

func (l *Label) cutCopy(s string) string {
	if m := copyInName.FindStringIndex(s); m != nil {
		l.Copy = true
		rest := s[m[1]:]
		// 副本 (2): the counter is the copy's.
		rest = regexpCounterHead.ReplaceAllString(rest, "")
		return s[:m[0]] + cut + rest
	}
	return s
}

var regexpCounterHead = regexp.MustCompile(`^ ?\(\d{1,3}\)`)

// cutSteps cuts words of stages and counters, in the order in which they stand.
func (l *Label) cutSteps(s string) string {
	for range 8 {
		at, size, step := len(s), 0, Step{}
		if m := counterInName.FindStringSubmatchIndex(s); m != nil {
			n := 0
			for g := 1; g <= 2; g++ {
				if m[2*g] >= 0 {
					n = atoi(s[m[2*g]:m[2*g+1]])
				}
			}
			at, size, step = m[0], m[1]-m[0], Step{0, n}
		}
		for _, st := range stages {
			for _, w := range st.words {
				i := wordIn(s, w)
				if i < 0 || i > at || i == at && len(w) <= size {
					continue
				}
				at, size, step = i, len(w), Step{st.stage, 0}
			}
		}
		// 改 alone only counts behind something that was cut, or at the end.
		if i := strings.LastIndex(s, "改"); i >= 0 && i < at && (strings.Trim(s[i+len("改"):], " _-.()"+cut) == "" || strings.HasPrefix(s[i+len("改"):], cut)) && !strings.HasSuffix(s[:i], "修") {
			rest := strings.TrimRight(s[:i], " _-.")
			if strings.HasSuffix(rest, cut) || strings.HasSuffix(s[:i], "_") || strings.HasSuffix(s[:i], "-") || strings.HasSuffix(s[:i], " ") {
				at, size, step = i, len("改"), Step{stageRevised, 0}
			}
		}
		if size == 0 {
			return s
		}
		// final2: a digit right behind the word counts it.
		if end := at + size; step.Stage > 0 && end < len(s) && isDigit(s[end]) {
			n := end
			for n < len(s) && isDigit(s[n]) && n-end < 2 {
				n++
			}
			if n == len(s) || !isDigit(s[n]) {
				step.N, size = atoi(s[end:n]), n-at
			}
		}
		l.Steps = append(l.Steps, step)
		s = s[:at] + cut + s[at+size:]
	}
	return s
}

// wordIn finds a word; a Latin one stands by itself.
func wordIn(s, w string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return -1
		}
		i += from
		if !isLetter(w[0]) || (i == 0 || !isLetter(s[i-1])) && (i+len(w) == len(s) || !isLetter(s[i+len(w)])) {
			return i
		}
		from = i + len(w)
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func hanNumber(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n := 0
	for _, r := range s {
		d := strings.IndexRune("一二三四五六七八九", r)
		switch {
		case r == '十' && n == 0:
			n = 10
		case r == '十':
			n *= 10
		case d >= 0:
			n += d/len("一") + 1
		}
	}
	return n
}

// String is the label as pages show it: v2, 20250820, 最终版…; empty where a name
// has none.
func (l *Label) String() string {
	var out []string
	if len(l.Numbers) > 0 {
		var parts []string
		for _, n := range l.Numbers {
			parts = append(parts, strconv.Itoa(n))
		}
		out = append(out, "v"+strings.Join(parts, "."))
	}
	if !l.Date.IsZero() {
		out = append(out, l.Date.Format(time.DateOnly))
	}
	return strings.Join(out, " ")
}

// Compare orders versions of one thing: by number, then by the words and counters
// behind it, then by date. A name without a number comes first, unless its words
// say that it is the last.
func Compare(a, b *Label) int {
	an, bn := a.rank(), b.rank()
	if c := slices.Compare(an, bn); c != 0 {
		return c
	}
	if len(a.Numbers) == 0 && len(b.Numbers) == 0 && !a.Date.IsZero() && !b.Date.IsZero() {
		if c := a.Date.Compare(b.Date); c != 0 {
			return c
		}
	}
	if c := slices.CompareFunc(a.Steps, b.Steps, func(x, y Step) int {
		if x.Stage != y.Stage {
			return x.Stage - y.Stage
		}
		return x.N - y.N
	}); c != 0 {
		return c
	}
	return a.Date.Compare(b.Date)
}

// rank is a label's number; of a final one without a number it is above all.
func (l *Label) rank() []int {
	if len(l.Numbers) > 0 {
		return l.Numbers
	}
	for _, s := range l.Steps {
		if s.Stage >= stageFinal && l.Date.IsZero() {
			return []int{1 << 20}
		}
	}
	return nil
}

// generic are stems that say nothing: files of such names are no versions of each
// other.
var generic = []string{"", "新建文档", "新建microsoftword文档", "新建microsoftexcel工作表", "新建文本文档", "文档", "文档1", "document", "document1", "untitled", "未命名", "扫描", "扫描件", "scan", "img", "image", "图片", "微信图片",
	"附件", "附件1", "附件2", "附件3", "attachment", "sheet1", "book1", "工作簿1", "工作簿", "presentation1", "演示文稿1", "readme", "index", "temp", "test", "测试", "新建文件夹", "export", "导出", "report", "报告", "file", "文件", "资料", "说明", "list", "清单", "其他"}

// Generic says that a name names nothing.
func (l *Label) Generic() bool { return slices.Contains(generic, l.Stem) || onlyDigits(l.Stem) }

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
