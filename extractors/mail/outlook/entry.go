package outlook

import (
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/mail/calendar"
	"guidang/extractors/mail/contact"
)

// event reads an appointment, an invitation or a task ([MS-OXOCAL], [MS-OXOTASK]).
func (it *item) event(class string) *calendar.Event {
	e := &calendar.Event{What: "VEVENT"}
	zone := it.text(it.named(nmZone))
	at := func(names ...name) calendar.When {
		for _, n := range names {
			if id := it.named(n); id != 0 {
				if t := it.time(id); !t.IsZero() {
					return when(t, zone)
				}
			}
		}
		return calendar.When{}
	}
	day := func(w calendar.When) calendar.When {
		if w.Day = !w.IsZero(); w.Day && w.Zone == "" {
			// A day is kept as the moment at which it begins somewhere. Where the zone
			// is not named, the nearest midnight is its day: 16:00 UTC is China's next.
			w.Time = w.Time.Add(12 * time.Hour)
		}
		return w
	}
	e.Location = clean(it.text(it.named(nmLocation)))
	e.Rule = clean(it.text(it.named(nmPattern)))
	if id := it.named(nmCleanID); id != 0 {
		e.UID = uid(it.binary(id))
	}
	if id := it.named(nmKeywords); id != 0 {
		e.Categories = it.strings(id)
	}
	if strings.HasPrefix(strings.ToLower(class), "ipm.task") {
		e.What = "VTODO"
		// [MS-OXOTASK] 2.2.2.2.4: dates of tasks are midnights.
		e.Start, e.Due = day(at(nmTaskFrom)), day(at(nmTaskDue))
		if n, ok := it.number(it.named(nmTaskStatus)); ok && n >= 0 && n <= 4 {
			e.Status = []string{"NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "等待 waiting", "推迟 deferred"}[n]
		}
		if owner := clean(it.text(it.named(nmTaskOwner))); owner != "" {
			e.Organizer = document.Person{Role: "organizer", Name: owner}
		}
		return e
	}
	e.Start, e.End = at(nmStart, nmCommonFrom), at(nmEnd, nmCommonTo)
	if id := it.named(nmAllDay); id != 0 && it.flag(id) {
		e.Start, e.End = day(e.Start), day(e.End)
	}
	if n, ok := it.number(it.named(nmState)); ok && n&4 != 0 {
		e.Status = "CANCELLED"
	}
	if strings.HasPrefix(class, "IPM.Schedule.Meeting.Cancel") {
		e.Status = "CANCELLED"
	}
	if people := it.sender(); len(people) > 0 {
		e.Organizer = people[0]
	}
	for _, p := range it.addressees(true) {
		if p.Role == "attendee" {
			e.Attendees = append(e.Attendees, calendar.Attendee{Person: p})
		} else if e.Organizer.Name == "" && e.Organizer.Address == "" {
			e.Organizer = p
		}
	}
	return e
}

// when puts a time into the zone that the item names in words, (UTC+08:00) 北京….
func when(t time.Time, zone string) calendar.When {
	if l := calendar.Zone(zone); l != nil {
		return calendar.When{Time: t.In(l), Zone: clean(zone)}
	}
	return calendar.When{Time: t}
}

// uid takes the iCalendar UID out of a global object id ([MS-OXOCAL] 2.2.1.27):
// one that came from elsewhere is written within it, Outlook's own are its bytes.
func uid(data []byte) string {
	if len(data) > 2000 {
		return ""
	}
	const mark = "vCal-Uid\x01\x00\x00\x00"
	if at := strings.Index(string(data), mark); at >= 0 {
		return string(cutNull(data[at+len(mark):]))
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range data {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

// card reads a contact ([MS-OXOCNTC]).
func (it *item) card() *contact.Card {
	get := func(id uint16) string {
		if id == 0 {
			return ""
		}
		return clean(it.text(id))
	}
	c := &contact.Card{Name: get(idShowName), Nick: get(idNickname), Post: get(idPost)}
	if c.Name == "" {
		c.Name = contact.FullName(get(idFamily), get(idGiven), get(idMiddle), get(idPrefixName), get(idSuffixName))
	}
	for _, s := range []string{get(idCompany), get(idDepartment)} {
		switch {
		case s == "":
		case c.Organisation == "":
			c.Organisation = s
		default:
			c.Organisation += " / " + s
		}
	}
	c.Members = it.members()
	add := func(to *[]contact.Entry, label, value string) {
		if value != "" {
			*to = append(*to, contact.Entry{Label: label, Value: value})
		}
	}
	for _, n := range []name{nmMail1, nmMail2, nmMail3} {
		if s := get(it.named(n)); strings.Contains(s, "@") {
			add(&c.Mails, "", s)
		}
	}
	add(&c.Phones, "手机 mobile", get(idPhoneMobile))
	add(&c.Phones, "工作 work", get(idPhoneWork))
	add(&c.Phones, "工作 work", get(idPhoneWork2))
	add(&c.Phones, "住宅 home", get(idPhoneHome))
	add(&c.Phones, "传真 fax, 工作 work", get(idFaxWork))
	add(&c.Messengers, "", get(it.named(nmMessenger)))
	add(&c.Addresses, "工作 work", get(it.named(nmWorkPlace)))
	add(&c.Addresses, "住宅 home", get(it.named(nmHomePlace)))
	if len(c.Addresses) == 0 {
		add(&c.Addresses, "", get(idPostal))
	}
	if s := get(idHomePage); s != "" {
		c.Links = append(c.Links, s)
	}
	if t := it.time(idBirthday); !t.IsZero() {
		c.Birthday = t.Format(time.DateOnly)
	}
	if id := it.named(nmKeywords); id != 0 {
		c.Categories = it.strings(id)
	}
	return c
}

// members reads the people of a distribution list ([MS-OXOCNTC] 2.2.2.2.3), each a
// one-off entry ([MS-OXCDATA] 2.2.5.1): flags, a provider, a version, more flags,
// then name, kind and address.
func (it *item) members() []document.Person {
	id := it.named(nmMembers)
	if id == 0 {
		return nil
	}
	var out []document.Person
	for _, v := range it.values(id, ptBinary) {
		if len(v) < 24 || len(out) >= maxRecipients {
			continue
		}
		isWide := v[23]&0x80 != 0
		rest := v[24:]
		next := func() string {
			if !isWide {
				s := cutNull(rest)
				rest = rest[min(len(s)+1, len(rest)):]
				return it.page.decode(s)
			}
			n := 0
			for n+1 < len(rest) && (rest[n] != 0 || rest[n+1] != 0) {
				n += 2
			}
			s := wide(rest[:n])
			rest = rest[min(n+2, len(rest)):]
			return s
		}
		p := document.Person{Role: "contact", Name: clean(next())}
		kind := next()
		p.Address = mailAddress(next(), kind)
		if p = tidy(p); p.Name != "" || p.Address != "" {
			out = append(out, p)
		}
	}
	return out
}
