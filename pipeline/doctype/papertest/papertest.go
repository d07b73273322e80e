// Package papertest writes project documents of every type in two languages, as
// a software firm has them: with names that say what they are and names that say
// nothing, under several wordings, and with the details that a reader has to
// find. Everything follows from a seed.
//
// The wordings were written from such documents, not from the classifier's
// tables; some of them it has no words for.
package papertest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"guidang/extractors/document"
)

// Paper is a document with what is true of it.
type Paper struct {
	Doc    *document.Document
	Name   string
	Type   document.Type
	Fields map[string]string // by the names of package doctype
}

// Papers writes n documents, of all types in turn, half of them Chinese.
func Papers(seed uint64, n int) []Paper {
	out := make([]Paper, 0, n)
	for i := range n {
		rng := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // an index
		kind := document.Types[i/2%len(document.Types)]
		out = append(out, write(rng, i, kind, i%2 == 0))
	}
	return out
}

// facts are what a paper tells.
type facts map[string]string

// writer expands the patterns of one paper.
type writer struct {
	rng   *rand.Rand
	facts facts
}

var (
	firmsHan   = []string{"华信制造股份有限公司", "安澜物流集团有限公司", "清溪市水务局", "云岭农业科技有限公司", "东湖第一中学", "北辰医药连锁有限公司", "金沙江航运（集团）有限公司", "蓝桥保险经纪有限公司"}
	suppliers  = []string{"远航软件有限公司", "启明信息技术有限公司", "远航软件（上海）有限公司"}
	firmsLatin = []string{"Harbour & Pine Retail Ltd.", "Northwind Freight Limited", "Alder Valley Council", "Brightwater Insurance plc", "Kestrel Pharma GmbH", "Mason Brothers Inc."}
	vendors    = []string{"Yuanhang Software Co., Ltd.", "Lantern Systems Limited"}
	systemsHan = []string{"订单管理系统", "仓储管理系统", "运输调度平台", "抄表收费系统", "客户服务门户", "设备点检系统", "薪酬核算系统", "电子病历接口平台"}
	systems    = []string{"Customer Portal", "Warehouse System", "Claims Desk", "Meter Reading Service", "Payroll Engine", "Booking Platform"}
	peopleHan  = []string{"张建国", "李文博", "周敏", "陈立群", "王海燕", "徐海峰", "欧阳静", "刘芳"}
	people     = []string{"Sarah Whitfield", "Emily Zhang", "Tom Baker", "Priya Nair", "Liu Fang", "James O'Neill"}
)

func write(rng *rand.Rand, i int, typ document.Type, chinese bool) Paper {
	w := &writer{rng, facts{}}
	w.invent(i, chinese)
	lang, all := "en", english
	if chinese {
		lang, all = "zh", chineseForms
	}
	f := all[typ]
	title := w.expand(pick(rng, f.titles))
	name := w.expand(pick(rng, f.names))
	// One name in five says nothing, one title in five is missing.
	if rng.IntN(5) == 0 {
		name = w.expand(pick(rng, dull[lang]))
	}
	doc := &document.Document{Kind: document.KindDocument, Language: lang, Read: document.Full}
	if f.sheet {
		doc.Kind = document.KindSheet
	}
	if rng.IntN(5) > 0 && !f.sheet {
		doc.Title = title
	}
	head := title + "\n"
	if rng.IntN(8) == 0 && !f.sheet {
		head = ""
	}
	body := w.expand(f.body)
	w.lay(doc, head+body, f.sheet)
	p := Paper{Doc: doc, Name: name + pick(rng, []string{".docx", ".doc", ".pdf"}), Type: typ, Fields: map[string]string{}}
	if f.sheet {
		p.Name = name + ".xlsx"
	}
	for _, field := range f.fields {
		key, fact, ok := strings.Cut(field, "=")
		if !ok {
			fact = key
		}
		p.Fields[key] = w.facts[fact]
	}
	return p
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// invent makes up what a paper tells, in every form in which it may be written.
func (w *writer) invent(i int, chinese bool) {
	r, f := w.rng, w.facts
	begin := time.Date(2022+r.IntN(4), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	dates := map[string]time.Time{
		"date": begin, "start": begin.AddDate(0, 0, 7), "end": begin.AddDate(1, 0, 6), "due": begin.AddDate(0, 3, 11), "valid": begin.AddDate(0, 0, 30), "renew": begin.AddDate(1, 0, 7),
		"yearend": begin.AddDate(1, 0, -1),
	}
	for key, t := range dates {
		f[key] = t.Format(time.DateOnly)
		form := pick(r, []string{"2006-01-02", "2006/1/2", "2006.01.02"})
		long := fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
		switch {
		case !chinese:
			f[key+".w"] = pick(r, []string{t.Format("2 January 2006"), t.Format("January 2, 2006"), t.Format("2006-01-02"), t.Format("2-Jan-2006")})
		case r.IntN(3) == 0:
			f[key+".w"] = t.Format(form)
		case r.IntN(4) == 0:
			f[key+".w"] = strings.NewReplacer("年", " 年 ", "月", " 月 ").Replace(long)
		default:
			f[key+".w"] = long
		}
		f[key+".c"] = t.Format("20060102")
	}
	f["han.date"] = hanDate(dates["date"])
	amount := int64(5000+r.IntN(4000)*500) * 1
	f["amount"] = fmt.Sprintf("%d.00", amount)
	if chinese {
		f["amount.w"] = pick(r, []string{"¥" + grouped(amount) + ".00", grouped(amount) + "元", "人民币" + hanAmount(amount) + "元整（¥" + grouped(amount) + ".00）", hanAmount(amount) + "元整", fmt.Sprintf("%g万元", float64(amount)/1e4), "￥" + fmt.Sprint(amount) + ".00元"})
		f["a"], f["b"] = pick(r, firmsHan), pick(r, suppliers)
		f["system"] = pick(r, systemsHan)
		f["who"], f["who2"], f["who3"] = pick(r, peopleHan[:4]), pick(r, peopleHan[4:]), pick(r, peopleHan)
	} else {
		f["amount.w"] = pick(r, []string{"USD " + grouped(amount) + ".00", "$" + grouped(amount) + ".00", "EUR " + grouped(amount), "£" + grouped(amount) + ".00"})
		f["a"], f["b"] = pick(r, firmsLatin), pick(r, vendors)
		f["system"] = pick(r, systems)
		f["who"], f["who2"], f["who3"] = pick(r, people[:3]), pick(r, people[3:]), pick(r, people)
	}
	f["plain"] = grouped(amount) + ".00"
	year := begin.Year()
	f["ht"] = pick(r, []string{fmt.Sprintf("HT-%d-%04d", year, i), fmt.Sprintf("HT%d%04d", year, i), fmt.Sprintf("CON-%d-%03d", year, i)})
	f["msa"] = fmt.Sprintf("MSA-%d-%03d", year, i)
	f["proj"] = fmt.Sprintf("PROJ-%s", begin.Format("20060102"))
	f["sup"] = f["ht"] + "-B1"
	f["bg"], f["cr"] = fmt.Sprintf("BG-%d-%03d", year, i), fmt.Sprintf("CR-%03d", i)
	f["inv"], f["fp"] = fmt.Sprintf("INV-%d-%04d", year, i), fmt.Sprintf("%08d", 10000000+i*7919)
	f["bj"], f["q"] = fmt.Sprintf("BJ-%d-%03d", year, i), fmt.Sprintf("Q-%d-%03d", year, i)
	organ := pick(r, []string{"清水函", "市教信", "国信办发", "远航综"})
	f["letter"] = fmt.Sprintf("%s〔%d〕%d号", organ, year, 1+i%90)
	left := pick(r, []string{"〔%d〕", "[%d]", "（%d）", "【%d】", "(%d)"})
	f["letter.w"] = organ + fmt.Sprintf(left, year) + pick(r, []string{"", "第"}) + fmt.Sprintf("%d号", 1+i%90)
	f["n"] = fmt.Sprint(i)
	f["reason"] = pick(r, map[bool][]string{true: {"财务部门每月需要对账，逐笔核对要两天", "新的监管规定要求保存五年记录", "分公司上线后并发用户增加一倍"}, false: {"Stores in Wales must offer Welsh", "The auditors ask for a monthly export", "Marketing starts a loyalty scheme in spring"}}[chinese])
	f["impact"] = pick(r, map[bool][]string{true: {"增加两张表和一个定时任务，工期延长5个工作日", "涉及权限模块，需要重新做安全评估", "不影响既定上线日期"}, false: {"Two new tables and a nightly job; five more days", "Touches the login; needs another security review", "No effect on the go-live date"}}[chinese])
	// Who has signed: both, the supplier alone, nobody.
	switch r.IntN(3) {
	case 0:
		f["sign1"], f["sign2"], f["signed"] = f["who"], f["who2"], "yes"
	case 1:
		f["sign1"], f["sign2"], f["signed"] = "", f["who2"], "partly"
	default:
		f["sign1"], f["sign2"], f["signed"] = "________", "________", "no"
	}
	f["yes"], f["no"], f["passed"], f["cny"] = "yes", "no", "passed", "CNY"
}

func grouped(n int64) string {
	s := fmt.Sprint(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// hanAmount writes an amount in financial numerals, GB/T 15835.
func hanAmount(n int64) string {
	digits := []string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	four := func(n int64) string {
		out, zero := "", false
		for k, unit := range []string{"仟", "佰", "拾", ""} {
			d := n / []int64{1000, 100, 10, 1}[k] % 10
			if d == 0 {
				zero = out != ""
				continue
			}
			if zero {
				out += "零"
			}
			out += digits[d] + unit
			zero = false
		}
		return out
	}
	if n >= 1e4 {
		rest := four(n % 1e4)
		if rest != "" && n%1e4 < 1000 {
			rest = "零" + rest
		}
		return four(n/1e4) + "万" + rest
	}
	return four(n)
}

func hanDate(t time.Time) string {
	digits := []rune("〇一二三四五六七八九")
	small := func(n int) string {
		switch {
		case n < 10:
			return string(digits[n])
		case n == 10:
			return "十"
		case n < 20:
			return "十" + string(digits[n%10])
		case n%10 == 0:
			return string(digits[n/10]) + "十"
		}
		return string(digits[n/10]) + "十" + string(digits[n%10])
	}
	year := strings.Map(func(d rune) rune { return digits[d-'0'] }, fmt.Sprint(t.Year()))
	return year + "年" + small(int(t.Month())) + "月" + small(t.Day()) + "日"
}

// expand writes a pattern out: [a|b] is one of these, <a> is there or not, {x} a
// fact.
func (w *writer) expand(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch s[i] {
		case '[', '<':
			end := closing(s, i)
			inner := s[i+1 : end]
			if s[i] == '[' {
				inner = pick(w.rng, alternatives(inner))
			} else if w.rng.IntN(3) == 0 {
				inner = ""
			}
			b.WriteString(w.expand(inner))
			i = end + 1
		case '{':
			end := i + strings.IndexByte(s[i:], '}')
			b.WriteString(w.facts[s[i+1:end]])
			i = end + 1
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

func closing(s string, at int) int {
	depth := 0
	for i := at; i < len(s); i++ {
		switch s[i] {
		case '[', '<':
			depth++
		case ']', '>':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	panic("papertest: a pattern is not closed: " + s[at:])
}

func alternatives(s string) (out []string) {
	depth, from := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '[', '<':
			depth++
		case ']', '>':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

// lay cuts a text into sections as the readers do: a Word document by its
// headings, a PDF by pages, a workbook by rows.
func (w *writer) lay(doc *document.Document, body string, sheet bool) {
	switch {
	case sheet:
		rows := [2]int{1, strings.Count(body, "\n") + 1}
		doc.AddText(document.Position{Sheet: "Sheet1", Rows: &rows}, "", body)
	case w.rng.IntN(2) == 0:
		lines := strings.Split(strings.NewReplacer("# ", "", "\t", " ").Replace(body), "\n")
		const page = 28
		for n := 0; n < len(lines); n += page {
			doc.AddText(document.Position{Page: n/page + 1}, "", strings.Join(lines[n:min(n+page, len(lines))], "\n"))
		}
	default:
		heading, text := "", ""
		flush := func() {
			if text != "" || heading != "" {
				doc.Sections = append(doc.Sections, document.Section{Position: document.Position{Part: "body"}, Heading: heading, Text: strings.TrimSpace(text)})
			}
			heading, text = "", ""
		}
		for l := range strings.SplitSeq(body, "\n") {
			if h, ok := strings.CutPrefix(l, "# "); ok {
				flush()
				heading = h
				continue
			}
			text += l + "\n"
		}
		flush()
	}
}
