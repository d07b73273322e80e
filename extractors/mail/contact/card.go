package contact

import (
	"strings"
	"unicode"

	"guidang/extractors/document"
)

// Card is one contact, of a vCard or of Outlook's own formats.
type Card struct {
	Name         string
	Nick         string
	Organisation string // company, then departments, with " / " between
	Post         string // TITLE or ROLE
	Mails        []Entry
	Phones       []Entry
	Addresses    []Entry
	Messengers   []Entry // QQ, WeChat, …
	Links        []string
	Birthday     string
	Categories   []string
	Note         string
	Members      []document.Person // of a group
	Other        []Entry           // what has no place of its own
	Line         int
}

// Entry is a value with what it is for: work, home, mobile.
type Entry struct{ Label, Value string }

// Title is what the card is called: the person, else the organisation, else an
// address.
func (c *Card) Title() string {
	for _, s := range []string{c.Name, c.Organisation, c.Nick} {
		if s != "" {
			return s
		}
	}
	for _, list := range [][]Entry{c.Mails, c.Phones} {
		if len(list) > 0 {
			return list[0].Value
		}
	}
	return ""
}

// People is the contact with each of its addresses, or the members of a group.
func (c *Card) People() []document.Person {
	if len(c.Members) > 0 {
		return c.Members
	}
	if len(c.Mails) == 0 {
		if c.Name == "" {
			return nil
		}
		return []document.Person{{Role: "contact", Name: c.Name}}
	}
	out := make([]document.Person, 0, len(c.Mails))
	for _, m := range c.Mails {
		p := document.Person{Role: "contact", Name: c.Name}
		if strings.Contains(m.Value, "@") {
			p.Address = strings.ToLower(m.Value)
		}
		if p.Name != "" || p.Address != "" {
			out = append(out, p)
		}
	}
	return out
}

// Lines is the card as text. Its labels stand in both languages, because the text
// is searched and not translated.
func (c *Card) Lines() string {
	var b strings.Builder
	line := func(label, value string) {
		if value = strings.TrimSpace(value); value != "" {
			b.WriteString(label + "：" + value + "\n")
		}
	}
	list := func(label string, all []Entry) {
		for _, e := range all {
			if e.Label != "" {
				line(label+" ("+e.Label+")", e.Value)
			} else {
				line(label, e.Value)
			}
		}
	}
	line("姓名 Name", c.Name)
	line("昵称 Nickname", c.Nick)
	line("单位 Organisation", c.Organisation)
	line("职务 Title", c.Post)
	list("邮箱 Mail", c.Mails)
	list("电话 Phone", c.Phones)
	list("即时通讯 Messenger", c.Messengers)
	list("地址 Address", c.Addresses)
	for _, l := range c.Links {
		line("网址 Link", l)
	}
	line("生日 Birthday", c.Birthday)
	line("类别 Categories", strings.Join(c.Categories, ", "))
	for _, m := range c.Members {
		switch {
		case m.Address == "":
			line("成员 Member", m.Name)
		case m.Name == "":
			line("成员 Member", m.Address)
		default:
			line("成员 Member", m.Name+" <"+m.Address+">")
		}
	}
	for _, e := range c.Other {
		line(e.Label, e.Value)
	}
	if c.Note != "" {
		b.WriteString("\n" + c.Note + "\n")
	}
	return b.String()
}

// FullName puts the parts of a name together: family name first and without a
// space where they are Chinese, else as it is said in the West.
func FullName(family, given, middle, prefix, suffix string) string {
	if isHan(family + given) {
		return strings.TrimSpace(family + middle + given + suffix)
	}
	var parts []string
	for _, s := range []string{prefix, given, middle, family, suffix} {
		if s = strings.TrimSpace(s); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

func isHan(s string) bool {
	found := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			found = true
		case unicode.IsLetter(r):
			return false
		}
	}
	return found
}
