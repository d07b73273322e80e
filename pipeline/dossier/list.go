package dossier

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// Row is one row of an office's list: a customer, with a project or a contact
// of it, or both.
type Row struct {
	Sheet    string
	Number   int // in the sheet; 0: not known
	Customer ledger.Customer
	Project  ledger.Project // empty number and name: the row has none
}

// List is what was read of an office's list.
type List struct {
	Rows    []Row
	Columns []Column // what became of each column
}

// Column is a column of a list and what it was taken for.
type Column struct {
	Sheet string `json:"sheet"`
	Name  string `json:"name"`
	Field string `json:"field,omitempty"` // empty: it was left out
}

// fields are the columns that lists have, by what offices write above them, as
// index.Normalise gives it. The first column that fits a field is it.
var fields = []struct {
	name  string
	heads []string
}{
	{"customer", []string{"客户", "客户名称", "客户全称", "客户名", "公司", "公司名称", "企业名称", "单位", "单位名称", "名称", "甲方", "customer", "customer name", "client", "client name", "company", "company name", "account", "name"}},
	{"short", []string{"简称", "客户简称", "公司简称", "short name", "short"}},
	{"aliases", []string{"别名", "曾用名", "其他名称", "又称", "英文名", "英文名称", "客户别名", "alias", "aliases", "also known as", "aka", "other names", "english name"}},
	{"domains", []string{"邮件域名", "域名", "邮箱域名", "邮箱后缀", "邮件后缀", "domain", "domains", "mail domain", "mail domains", "email domain", "email domains", "e-mail domain"}},
	{"contact", []string{"联系人", "客户联系人", "联系人姓名", "姓名", "主要联系人", "contact", "contact name", "contact person", "main contact"}},
	{"role", []string{"职务", "联系人职务", "职位", "岗位", "角色", "title", "job title", "contact title", "position", "role"}},
	{"phone", []string{"电话", "联系电话", "手机", "手机号", "联系方式", "座机", "phone", "tel", "telephone", "mobile", "phone number"}},
	{"address", []string{"邮箱", "电子邮箱", "联系人邮箱", "邮箱地址", "电子邮件", "邮件地址", "email", "e-mail", "mail", "email address", "e-mail address", "contact email"}},
	{"industry", []string{"行业", "所属行业", "客户行业", "industry", "sector"}},
	{"size", []string{"规模", "人数", "企业规模", "公司规模", "员工人数", "size", "employees", "headcount", "company size"}},
	{"maturity", []string{"信息化程度", "信息化水平", "信息化现状", "it成熟度", "it水平", "it maturity", "maturity"}},
	{"history", []string{"合作历史", "历史", "备注", "客户备注", "说明", "history", "notes", "note", "remarks", "remark", "comments"}},
	{"responsible", []string{"档案负责人", "归档负责人", "档案责任人", "责任人", "负责人", "档案员", "records owner", "responsible", "owner", "archivist", "records responsible"}},
	{"paper", []string{"纸质档案", "纸质档案位置", "档案盒号", "盒号", "柜号", "架位", "存放位置", "存放地点", "档案位置", "paper", "box", "shelf", "paper location", "location", "paper records", "paper file"}},
	{"number", []string{"项目编号", "项目号", "项目代码", "项目编码", "project number", "project no", "project no.", "project id", "project code"}},
	{"project", []string{"项目名称", "项目", "项目名", "project", "project name"}},
	{"contracts", []string{"合同编号", "合同号", "合同", "合同编码", "contract number", "contract no", "contract no.", "contract", "contracts", "contract numbers", "agreement", "agreement no"}},
	{"kind", []string{"项目类型", "项目类别", "类型", "project type", "project kind", "kind", "type"}},
	{"phase", []string{"阶段", "项目阶段", "当前阶段", "phase", "stage", "project phase"}},
	{"state", []string{"状态", "项目状态", "state", "status", "project status"}},
	{"start", []string{"开始日期", "开始时间", "立项日期", "启动日期", "签订日期", "签约日期", "start", "start date", "begin", "signed", "signing date"}},
	{"end", []string{"结束日期", "结束时间", "验收日期", "完成日期", "结项日期", "终止日期", "end", "end date", "finish", "completion date"}},
	{"manager", []string{"项目经理", "pm", "manager", "project manager", "项目负责人"}},
}

// states are the words for where a project stands.
var states = map[ledger.ProjectState][]string{
	ledger.Running:   {"执行中", "进行中", "在建", "实施中", "开发中", "在执行", "运行中", "未结项", "running", "active", "in progress", "ongoing", "open"},
	ledger.Delivered: {"已交付", "已验收", "已上线", "验收通过", "delivered", "accepted", "live"},
	ledger.InService: {"质保期", "质保中", "运维中", "维保中", "维护期", "运维期", "服务中", "售后", "in service", "in-service", "maintenance", "warranty", "support"},
	ledger.Closed:    {"已结项", "结项", "已关闭", "关闭", "已完成", "已终止", "终止", "closed", "finished", "done", "completed", "terminated", "cancelled"},
}

// stateOf reads a state, empty if it is none that is known.
func stateOf(s string) ledger.ProjectState {
	s = index.Normalise(s)
	for state, words := range states {
		if slices.Contains(words, s) {
			return state
		}
	}
	return ""
}

// fieldOf is the field of a column's head, empty if none.
func fieldOf(head string) string {
	head = strings.Trim(index.Normalise(head), " *:：#")
	if cut := strings.IndexAny(head, "(（"); cut > 0 { // 项目编号（必填）
		head = strings.TrimSpace(head[:cut])
	}
	for _, f := range fields {
		if slices.Contains(f.heads, head) {
			return f.name
		}
	}
	return ""
}

// ReadList reads an office's list out of the documents that its file gave: the
// workbook, or whatever table there is in it. A sheet without a column for
// customers or projects is left out.
func ReadList(docs []*document.Document) *List {
	l := &List{}
	for _, d := range docs {
		var t table
		for i := range d.Sections {
			s := &d.Sections[i]
			if s.Position.Sheet != t.sheet {
				t = table{sheet: s.Position.Sheet}
			}
			first := 0
			if s.Position.Rows != nil {
				first = s.Position.Rows[0]
			} else if s.Position.Line > 0 {
				first = s.Position.Line
			}
			for n, line := range strings.Split(strings.TrimRight(s.Text, "\n"), "\n") {
				number := 0
				if first > 0 {
					number = first + n
				}
				t.line(l, line, number)
			}
		}
	}
	return l
}

// table is a sheet being read.
type table struct {
	sheet  string
	heads  []string
	fields []string
	last   string // customer of the row before: offices leave cells below blank
}

func (t *table) line(l *List, line string, number int) {
	if cells := strings.Split(line, " | "); len(cells) > 1 && t.header(l, cells) {
		return
	}
	if t.heads == nil {
		return
	}
	row := Row{Sheet: t.sheet, Number: number}
	contact := ledger.Contact{}
	for i, v := range t.values(line) {
		if v = strings.TrimSpace(v); v != "" && t.fields[i] != "" {
			row.set(t.fields[i], v, &contact)
		}
	}
	if contact != (ledger.Contact{}) {
		row.Customer.Contacts = []ledger.Contact{contact}
	}
	if row.Customer.Name == "" {
		row.Customer.Name = t.last
	}
	if row.Customer.Name == "" {
		return
	}
	t.last = row.Customer.Name
	l.Rows = append(l.Rows, row)
}

// header takes a line for the heads of columns if it names a customer or a
// project and something else.
func (t *table) header(l *List, cells []string) bool {
	known, telling := 0, false
	found := make([]string, len(cells))
	for i, c := range cells {
		f := fieldOf(c)
		if f == "" || slices.Contains(found[:i], f) {
			continue
		}
		found[i] = f
		known++
		telling = telling || f == "customer" || f == "number"
	}
	if known < 2 || !telling || known*3 < len(cells) {
		return false
	}
	t.heads, t.fields, t.last = cells, found, ""
	for i, c := range cells {
		l.Columns = append(l.Columns, Column{t.sheet, c, found[i]})
	}
	return true
}

// values parts a line into the columns. Readers write "客户: 华信; 别名: …" with
// the heads, in their order, and leave out empty cells.
func (t *table) values(line string) []string {
	out := make([]string, len(t.heads))
	if cells := strings.Split(line, " | "); len(cells) == len(out) {
		return cells
	}
	last := -1
	for chunk := range strings.SplitSeq(line, "; ") {
		head, value, ok := strings.Cut(chunk, ": ")
		i := slices.Index(t.heads, head)
		switch {
		case ok && i > last:
			out[i], last = value, i
		case last >= 0:
			out[last] += "; " + chunk
		}
	}
	return out
}

func (r *Row) set(field, v string, contact *ledger.Contact) {
	c, p := &r.Customer, &r.Project
	switch field {
	case "customer":
		c.Name = v
	case "short", "aliases":
		c.Aliases = append(c.Aliases, many(v, "；;、|")...)
	case "domains":
		for _, d := range many(v, "；;、|，, ") {
			c.Domains = append(c.Domains, strings.TrimPrefix(strings.ToLower(d), "@"))
		}
	case "contact":
		contact.Name = v
	case "role":
		contact.Role = v
	case "phone":
		contact.Phone = v
	case "address":
		contact.Address = strings.ToLower(v)
	case "industry":
		c.Industry = v
	case "size":
		c.Size = v
	case "maturity":
		c.Maturity = v
	case "history":
		c.History = v
	case "responsible":
		c.Responsible, p.Responsible = v, v
	case "paper":
		c.Paper, p.Paper = v, v
	case "number":
		p.Number = v
	case "project":
		p.Name = v
	case "contracts":
		p.Contracts = many(v, "；;、|，,")
	case "kind":
		p.Kind = v
	case "phase":
		p.Phase = v
	case "state":
		if p.State = stateOf(v); p.State == "" {
			p.Phase = v // a word of the office's own
		}
	case "start":
		p.Start = dayOf(v)
	case "end":
		p.End = dayOf(v)
	case "manager":
		p.Manager = v
	}
}

// many parts a cell that holds several values.
func many(v, separators string) (out []string) {
	for s := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == '\n' || strings.ContainsRune(separators, r) }) {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

var days = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})`)

// dayOf reads a day as cells write it; what is none is dropped.
func dayOf(v string) string {
	m := days.FindStringSubmatch(strings.TrimSpace(v))
	if m == nil {
		if t, err := time.Parse("20060102", strings.TrimSpace(v)); err == nil {
			return t.Format(time.DateOnly)
		}
		return ""
	}
	t, err := time.Parse("2006-1-2", m[1]+"-"+m[2]+"-"+m[3])
	if err != nil {
		return ""
	}
	return t.Format(time.DateOnly)
}
