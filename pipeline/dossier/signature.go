package dossier

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Signature is what the foot of a mail says of who wrote it.
type Signature struct {
	Name    string `json:"n,omitempty"`
	Title   string `json:"t,omitempty"`
	Phone   string `json:"p,omitempty"`
	Company string `json:"c,omitempty"`
	Address string `json:"a,omitempty"`
}

// titles end a person's title; the longer come first, since 总经理 is no 经理.
var titles = []string{"副总经理", "总经理", "项目经理", "产品经理", "客户经理", "销售经理", "经理", "总监", "副总裁", "总裁", "董事长", "副主任", "主任", "科长", "处长", "部长", "主管", "工程师", "架构师", "顾问",
	"专员", "助理", "秘书", "会计", "专家", "分析师", "director", "manager", "engineer", "officer", "president", "consultant", "analyst", "architect", "administrator", "assistant", "executive", "head of", "lead", "ceo", "cto", "cfo", "cio"}

var (
	phone = regexp.MustCompile(`(?:\+\d{1,3}[ -]?)?(?:\(?\d{2,4}\)?[ -]?)?\d{3,4}[ -]?\d{4}(?:\s*(?:转|ext\.?|x)\s*\d{1,5})?`)
	firm  = regexp.MustCompile(`(?i)(?:公司|集团|银行|医院|大学|研究院|\bltd\b\.?|\binc\b\.?|\bgmbh\b|\bllc\b|\bcorp\b\.?|\bplc\b|\blimited\b)\s*$`)
)

// maxSignature is how many lines of a foot are looked at; what is longer is a
// notice of the law.
const maxSignature = 12

// ReadSignature reads the foot of a mail, nil if it says nothing.
func ReadSignature(text string) *Signature {
	s := &Signature{}
	lines := 0
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.Trim(line, " \t-—_=*|"); line == "" {
			continue
		}
		if lines++; lines > maxSignature {
			break
		}
		s.line(line)
	}
	if *s == (Signature{}) {
		return nil
	}
	return s
}

func (s *Signature) line(line string) {
	if a := addressesIn(line); len(a) > 0 && s.Address == "" {
		s.Address = a[0]
	}
	if s.Phone == "" {
		for _, p := range phone.FindAllString(line, 4) {
			if digits(p) >= 7 && digits(p) <= 15 {
				s.Phone = strings.TrimSpace(p)
				break
			}
		}
	}
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune("|｜/,，;；\t", r) }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if s.Company == "" && firm.MatchString(part) && utf8.RuneCountInString(part) <= 40 {
			s.Company = part
			continue
		}
		s.nameAndTitle(part)
	}
}

// nameAndTitle reads "李文博 项目经理", "Emily Zhang, Project Manager" or one of
// both.
func (s *Signature) nameAndTitle(part string) {
	low := strings.ToLower(part)
	for _, t := range titles {
		if !strings.HasSuffix(low, t) && !(t[0] < utf8.RuneSelf && strings.Contains(low, t)) || utf8.RuneCountInString(part) > 40 {
			continue
		}
		name, title, two := strings.Cut(part, " ")
		switch {
		case s.Name == "" && two && hanName(name):
			s.Name, part = name, strings.TrimSpace(title)
		case s.Name == "" && !two && s.Title == "" && hanName(strings.TrimSuffix(part, t)):
			s.Name, part = strings.TrimSuffix(part, t), t
		}
		if s.Title == "" {
			s.Title = part
		}
		return
	}
	if s.Name == "" && s.Title == "" && s.Company == "" && (hanName(part) || latinName(part)) {
		s.Name = part
	}
}

// hanName says that a text may be a Chinese person's name.
func hanName(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
		n++
	}
	return n >= 2 && n <= 4 && !strings.ContainsAny(s, "电话传真手机邮箱地址网址公司部")
}

// latinName says that a text may be a name of two to four words.
func latinName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) || strings.ContainsAny(w, "0123456789@:&") {
			return false
		}
	}
	return true
}

func digits(s string) (n int) {
	for _, r := range s {
		if digit(r) {
			n++
		}
	}
	return n
}
