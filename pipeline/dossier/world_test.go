package dossier

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// A world is a software firm's archive, made up from a seed: customers whose
// names are alike, projects that are called the same, threads in which only the
// first mail names the project, two projects of one customer at once, calls for
// service long after delivery, greetings that are of no project, folders called 新建文件夹, lists that name
// everybody, mails that are nobody's. It knows the truth.
type world struct {
	r         *rand.Rand
	customers []*ledger.Customer
	projects  []*ledger.Project
	staff     []person
	clients   map[int][]person // of a customer, by number
	docs      []made
	thread    int64
	next      int64
}

type person struct{ name, address string }

// made is a document with its truth: numbers of a customer and a project, -1 for
// none.
type made struct {
	doc               *Doc
	parts             []Part
	customer, project int
	named             bool // a name of its customer stands in its name, way, title or text
	sort              string
}

var worldCustomers = []struct {
	name, domain string
	aliases      []string
}{
	{"华信制造股份有限公司", "huaxin.example", []string{"华信制造", "华信"}},
	{"华信恒远物流有限公司", "hengyuan.example", []string{"恒远物流", "恒远"}}, // begins as the first one does
	{"安澜水务集团有限公司", "anlan.example", []string{"安澜水务", "安澜"}},
	{"清溪市第二人民医院", "qxhospital.example", []string{"清溪二院", "二院"}},
	{"Harbour & Pine Retail Ltd.", "harbourpine.example", []string{"Harbour & Pine", "HP"}},
	{"Northgate Freight Inc.", "northgate.example", []string{"Northgate"}},
}

var worldProjects = []struct {
	customer                     int
	number, name, contract, from string
}{
	{0, "PROJ-20230901", "仓储管理系统", "HT-2023-0815", "2023-09-01"}, {0, "PROJ-20240801", "订单管理系统", "HT-2024-0725", "2024-08-01"}, {0, "PROJ-20250301", "设备点检平台", "HT-2025-0215", "2025-03-01"},
	{1, "PROJ-20230305", "运输调度平台", "HT-2023-0210", "2023-03-05"}, {1, "PROJ-20241001", "运输调度平台二期", "HT-2024-0910", "2024-10-01"}, {1, "PROJ-20250105", "订单管理系统", "HT-2025-0102", "2025-01-05"},
	{2, "PROJ-20230610", "抄表管理系统", "HT-2023-0520", "2023-06-10"}, {2, "PROJ-20240415", "营业收费系统", "HT-2024-0402", "2024-04-15"}, {2, "PROJ-20250520", "管网监测平台", "HT-2025-0501", "2025-05-20"},
	{3, "PROJ-20231120", "预约挂号系统", "HT-2023-1101", "2023-11-20"}, {3, "PROJ-20240901", "病案归档系统", "HT-2024-0818", "2024-09-01"},
	{4, "PROJ-20240612", "Customer Portal", "MSA-2024-017", "2024-06-12"}, {4, "PROJ-20250210", "Click and Collect", "MSA-2025-003", "2025-02-10"}, {4, "PROJ-20230715", "Store Reporting", "MSA-2023-009", "2023-07-15"},
	{5, "PROJ-20240120", "Customer Portal", "NF-2024-0101", "2024-01-20"}, // the only one
}

var (
	worldStaff = []string{"李文博", "周敏", "韩磊", "何嘉", "陈立", "孙倩", "赵凯", "Emily Zhang", "吴波", "郑宇"}
	hanClients = []string{"张建国", "林涛", "王秀英", "刘洋", "黄丽", "马超", "高翔", "徐静", "朱明", "胡斌", "郭芳", "罗军"}
	latClients = []string{"Tom Bailey", "Sarah Cole", "James Whit", "Olivia Reed", "Mark Dunn", "Grace Lowe"}

	matters = []string{"接口联调安排", "本周进度", "测试问题反馈", "数据导入脚本", "权限调整", "上线时间确认", "报表格式", "培训安排", "需求变更", "付款进度", "服务器扩容", "验收材料"}
	says    = []string{"附件请查收，有问题随时联系。", "下周二上午十点开会，请安排人参加。", "测试环境已经更新，麻烦再验证一次。", "这个字段的长度需要放到 64 位。", "请确认上线窗口，周五晚上可以吗？",
		"批量导出的性能还不够，一万条要四十秒。", "数据库备份已完成，脚本见附件。", "按会议结论修改后的版本请见附件。", "用户反馈登录偶尔超时，我们正在查。", "第二笔款预计月底前到账。"}
	mattersEN = []string{"Interface test plan", "Weekly progress", "Issues from testing", "Data import", "Access rights", "Go-live window", "Report layout", "Training", "Change request", "Invoice", "Server capacity", "Acceptance"}
	saysEN    = []string{"Please find the file attached.", "Could we meet on Tuesday at ten?", "The test system is updated, please check again.", "The field needs 64 characters.", "Is Friday night fine for the release?",
		"The export still takes forty seconds for ten thousand rows.", "The backup is done, see the script.", "Changed as agreed in the meeting.", "Users report timeouts at login, we are looking into it.", "The second payment is due at the end of the month."}
	files   = []string{"接口说明", "测试报告", "部署手册", "需求说明书", "数据库设计", "会议记录", "培训签到表", "问题清单", "概要设计", "操作手册", "验收报告", "截图"}
	filesEN = []string{"Interface notes", "Test report", "Deployment guide", "Requirements", "Database design", "Meeting notes", "Attendance", "Issue list", "Overview", "User manual", "Acceptance", "Screenshots"}
	exts    = []string{".docx", ".xlsx", ".pdf", ".pptx", ".txt"}
)

const ownDomain = "yuanhang.example"

func newWorld(seed uint64) *world {
	w := &world{r: rand.New(rand.NewPCG(seed, 7)), clients: map[int][]person{}}
	for i, c := range worldCustomers {
		w.customers = append(w.customers, &ledger.Customer{ID: int64(i + 1), Name: c.name, Aliases: c.aliases, Domains: []string{c.domain}})
		names := hanClients[(i*3)%len(hanClients):]
		if w.english(i) {
			names = latClients[(i-4)*3:]
		}
		for n, name := range names[:3] {
			p := person{name, fmt.Sprintf("u%d.%d@%s", i, n, c.domain)}
			if n == 2 { // somebody who uses an address of a public service
				p.address = fmt.Sprintf("u%d%d@163.com", i, n)
			}
			w.clients[i] = append(w.clients[i], p)
		}
	}
	for i, p := range worldProjects {
		w.projects = append(w.projects, &ledger.Project{ID: int64(i + 1), CustomerID: int64(p.customer + 1), Customer: worldCustomers[p.customer].name, Key: p.number, Number: p.number, Name: p.name, Contracts: []string{p.contract}, Start: p.from})
	}
	for i, name := range worldStaff {
		w.staff = append(w.staff, person{name, fmt.Sprintf("s%d@%s", i, ownDomain)})
	}
	return w
}

func (w *world) english(customer int) bool { return customer >= 4 }

func pick[T any](w *world, list []T) T { return list[w.r.IntN(len(list))] }

func (w *world) chance(percent int) bool { return w.r.IntN(100) < percent }

func (w *world) add(m made) *Doc {
	w.next++
	m.doc.ID = w.next
	m.doc.Document = document.ID(sha256.Sum256(fmt.Append(nil, "world", w.next)))
	if m.customer >= 0 {
		all := m.doc.Title
		for _, p := range m.doc.Places {
			all += "\n" + p.Locator + "\n" + p.Name
		}
		for _, p := range m.parts {
			all += "\n" + p.Text
		}
		c := w.customers[m.customer]
		for _, n := range append([]string{c.Name}, c.Aliases...) {
			m.named = m.named || strings.Contains(all, n)
		}
	}
	w.docs = append(w.docs, m)
	return m.doc
}

func (w *world) day(project int) time.Time {
	from := time.Date(2023, 1, 1, 9, 0, 0, 0, time.UTC)
	if project >= 0 {
		from, _ = time.Parse(time.DateOnly, worldProjects[project].from)
	}
	return from.AddDate(0, 0, w.r.IntN(300))
}

// mentions is how a text may name what it is about: mostly not at all.
func (w *world) mentions(customer, project int, percent int) string {
	if !w.chance(percent) {
		return ""
	}
	p, c := worldProjects[project], worldCustomers[customer]
	if w.english(customer) {
		return pick(w, []string{"Project " + p.number + ". ", "Under " + p.contract + ". ", "For " + c.name + ": ", "About " + p.name + " for " + c.aliases[0] + ": "})
	}
	return pick(w, []string{"项目" + p.number + "：", "合同" + p.contract + "项下，", c.name + "：", c.aliases[0] + p.name + "："})
}

// threadOf makes a conversation about a project, with attachments.
func (w *world) threadOf(project int) {
	customer := worldProjects[project].customer
	w.thread++
	n := 2 + w.r.IntN(6)
	day := w.day(project)
	subject, says, names := pick(w, matters), says, files
	if w.english(customer) {
		subject, says, names = pick(w, mattersEN), saysEN, filesEN
	}
	if w.chance(15) {
		subject = worldProjects[project].number + " " + subject
	} else if w.chance(10) {
		subject = worldCustomers[customer].aliases[0] + " " + subject
	}
	internal := w.chance(12) // a talk among ourselves
	outside := pick(w, w.clients[customer])
	ours := w.staff[(project+w.r.IntN(3))%len(w.staff)]
	for i := range n {
		from, to := ours, outside
		if i%2 == 1 {
			from, to = outside, ours
		}
		if internal {
			from, to = ours, w.staff[(project+3)%len(w.staff)]
		}
		percent := 6
		if i == 0 && internal {
			percent = 70 // somebody has to say what it is about
		} else if i == 0 {
			percent = 25
		}
		text := w.mentions(customer, project, percent) + pick(w, says)
		title := subject
		if i > 0 {
			title = "Re: " + subject
		}
		parts := []Part{{Part: "body", Text: text}}
		if from == outside && w.chance(30) {
			parts = append(parts, Part{Part: "signature", Text: "--\n" + from.name + "\n" + worldCustomers[customer].name})
		}
		box := "邮件导出/" + ours.name + ".mbox"
		mail := w.add(made{sort: "mail", customer: customer, project: project, parts: parts, doc: &Doc{Kind: document.KindMail, Title: title, Thread: w.thread, Date: day.AddDate(0, 0, i),
			People: "from\t" + from.name + "\t" + from.address + "\nto\t" + to.name + "\t" + to.address, Places: []Place{{Source: "mail", Locator: fmt.Sprintf("%s!/mail:%d", box, w.next), Name: title}}}})
		if w.chance(30) {
			name := pick(w, names) + pick(w, exts)
			w.add(made{sort: "attachment", customer: customer, project: project, parts: []Part{{Text: w.mentions(customer, project, 20) + pick(w, says)}}, doc: &Doc{Kind: document.KindDocument, Title: "", Date: day,
				Places: []Place{{Source: "mail", Locator: mail.Places[0].Locator + "!/attachment:2:" + name, Name: name, Parent: mail.ID}}}})
		}
	}
}

// folderOf makes a folder of a project's files: some are named as they should
// be, some say nothing anywhere.
func (w *world) folderOf(project int) {
	customer := worldProjects[project].customer
	p := worldProjects[project]
	dir, percent := "", 15
	switch w.r.IntN(4) {
	case 0:
		dir = "客户/" + worldCustomers[customer].aliases[0] + "/" + p.number + " " + p.name + "/" + pick(w, []string{"01 合同", "02 需求", "05 会议", "06 验收"})
	case 1:
		dir = "项目/" + p.number
	case 2:
		dir = "存档/" + fmt.Sprintf("新建文件夹(%d)", w.next)
		percent = 45
	case 3:
		dir = worldCustomers[customer].aliases[0] + "/" + p.name
	}
	names, says := files, says
	if w.english(customer) {
		names, says = filesEN, saysEN
	}
	for i := range 4 + w.r.IntN(10) {
		name := fmt.Sprintf("%s_%d%s", pick(w, names), i, pick(w, exts))
		if w.chance(20) {
			name = fmt.Sprintf("%s_%s_%s_v%d.docx", p.number, pick(w, []string{"SRS", "Design", "TestReport"}), strings.ReplaceAll(p.from, "-", ""), 1+i)
		}
		w.add(made{sort: "file", customer: customer, project: project, parts: []Part{{Text: w.mentions(customer, project, percent) + pick(w, says)}},
			doc: &Doc{Kind: document.KindDocument, Date: w.day(project), Places: []Place{{Source: "share", Locator: dir + "/" + name, Name: name}}}})
	}
}

// contractOf makes a contract, which names its parties, in a folder of all
// contracts.
func (w *world) contractOf(project int) {
	customer := worldProjects[project].customer
	p, c := worldProjects[project], worldCustomers[customer]
	text := "技术开发合同\n合同编号：" + p.contract + "\n甲方：" + c.name + "\n乙方：远航软件有限公司\n本合同项目为" + p.name + "。"
	if w.english(customer) {
		text = "Services agreement " + p.contract + "\nClient: " + c.name + "\nSupplier: Yuanhang Software\nScope: " + p.name
	}
	name := fmt.Sprintf("扫描件%04d.pdf", w.r.IntN(10000))
	w.add(made{sort: "contract", customer: customer, project: project, parts: []Part{{Text: text}}, doc: &Doc{Kind: document.KindDocument, Date: w.day(project), Places: []Place{{Source: "share", Locator: "合同/" + name, Name: name}}}})
}

// nobodys makes what belongs to no customer, with everything that could mislead.
func (w *world) nobodys() {
	names := func(n int) string {
		var out []string
		for _, i := range w.r.Perm(len(worldCustomers))[:n] {
			out = append(out, worldCustomers[i].aliases[0]+" "+worldProjects[i*2].contract)
		}
		return strings.Join(out, "\n")
	}
	staff := func() person { return pick(w, w.staff) }
	mail := func(from person, to []person, title, text string) {
		people := "from\t" + from.name + "\t" + from.address
		for _, p := range to {
			people += "\nto\t" + p.name + "\t" + p.address
		}
		w.thread++
		w.add(made{sort: "nobody's mail", customer: -1, project: -1, parts: []Part{{Part: "body", Text: text}}, doc: &Doc{Kind: document.KindMail, Title: title, Thread: w.thread, Date: w.day(-1), People: people,
			Places: []Place{{Source: "mail", Locator: fmt.Sprintf("邮件导出/%s.mbox!/mail:%d", from.name, w.next), Name: title}}}})
	}
	file := func(name, text string) {
		w.add(made{sort: "nobody's file", customer: -1, project: -1, parts: []Part{{Text: text}}, doc: &Doc{Kind: document.KindSheet, Date: w.day(-1), Places: []Place{{Source: "share", Locator: "公司/行政/" + name, Name: name}}}})
	}
	switch w.r.IntN(8) {
	case 0:
		mail(staff(), []person{staff(), staff()}, "周五聚餐", "周五晚上聚餐，报名接龙。")
	case 1:
		mail(person{"Newsletter", "news@vendor.example"}, []person{staff()}, "产品更新", "云服务器限时优惠，点击查看。")
	case 2:
		to := []person{}
		for i := range worldCustomers {
			to = append(to, w.clients[i][0])
		}
		mail(staff(), to, "中秋放假通知", "各位客户：中秋节放假三天，值班电话不变。")
	case 3:
		file(fmt.Sprintf("合同台账_%d.xlsx", w.next), "合同登记\n"+names(5))
	case 4:
		file(fmt.Sprintf("回款统计_%d.xlsx", w.next), "本季度回款\n"+names(3+w.r.IntN(2)))
	case 5:
		file(fmt.Sprintf("差旅报销规定_%d.txt", w.next), "出差须提前申请，高铁二等座。")
	case 6:
		mail(person{"王经理", "wang@huaxinda.example"}, []person{staff()}, "合作洽谈", "我们是华信达软件有限公司，希望合作。另：中华信托的案例可供参考。")
	case 7:
		mail(staff(), []person{staff()}, "服务器密码轮换", "本月密码已轮换，见保险箱。")
	}
}

// references makes a mail to one customer that tells of another one.
func (w *world) references(project int) {
	customer := worldProjects[project].customer
	other := (customer + 1 + w.r.IntN(5)) % len(worldCustomers)
	w.thread++
	from, to := pick(w, w.staff), w.clients[customer][0]
	w.add(made{sort: "reference", customer: customer, project: project, parts: []Part{{Part: "body", Text: "我们给" + worldCustomers[other].aliases[0] + "做过类似的系统，可以安排参观。" + w.mentions(customer, project, 50)}},
		doc: &Doc{Kind: document.KindMail, Title: pick(w, matters), Thread: w.thread, Date: w.day(project), People: "from\t" + from.name + "\t" + from.address + "\nto\t" + to.name + "\t" + to.address,
			Places: []Place{{Source: "mail", Locator: fmt.Sprintf("邮件导出/%s.mbox!/mail:%d", from.name, w.next), Name: "x"}}}})
}

// heap makes a folder into which somebody put what came to hand.
func (w *world) heap() {
	dir := pick(w, []string{"下载", "桌面", "临时"}) + fmt.Sprintf("/%d", w.next)
	for i := range 4 + w.r.IntN(10) {
		project := w.r.IntN(len(worldProjects))
		name := fmt.Sprintf("%s_%d%s", pick(w, files), i, pick(w, exts))
		m := made{sort: "heap", customer: worldProjects[project].customer, project: project, doc: &Doc{Kind: document.KindDocument, Date: w.day(project), Places: []Place{{Source: "share", Locator: dir + "/" + name, Name: name}}}}
		if w.chance(20) {
			m.customer, m.project = -1, -1
			m.parts = []Part{{Text: "出差须提前申请，高铁二等座。"}}
		} else {
			m.parts = []Part{{Text: w.mentions(m.customer, project, 45) + pick(w, says)}}
		}
		w.add(m)
	}
}

// general makes a mail to one customer that is of none of its projects.
func (w *world) general(customer int) {
	w.thread++
	from, to := pick(w, w.staff), pick(w, w.clients[customer][:2])
	title := pick(w, []string{"节日问候", "开票信息更新", "年度对账单", "公司搬迁通知", "新产品介绍"})
	w.add(made{sort: "general", customer: customer, project: -1, parts: []Part{{Part: "body", Text: "您好，详见附件，谢谢。"}},
		doc: &Doc{Kind: document.KindMail, Title: title, Thread: w.thread, Date: w.day(-1).AddDate(0, 0, w.r.IntN(700)), People: "from\t" + from.name + "\t" + from.address + "\nto\t" + to.name + "\t" + to.address,
			Places: []Place{{Source: "mail", Locator: fmt.Sprintf("邮件导出/%s.mbox!/mail:%d", from.name, w.next), Name: title}}}})
}

// service makes a conversation about a project that was delivered long ago, while
// others run.
func (w *world) service(project int) {
	customer := worldProjects[project].customer
	p := worldProjects[project]
	w.thread++
	day := w.day(project).AddDate(0, 0, 330)
	outside, ours := pick(w, w.clients[customer]), w.staff[(project+w.r.IntN(3))%len(w.staff)]
	title := pick(w, []string{"系统报错", "账号无法登录", "Error at login", "数据修正"})
	first := pick(w, []string{p.name + "：", p.number + " ", ""})
	for i := range 2 + w.r.IntN(2) {
		from, to := outside, ours
		if i%2 == 1 {
			from, to = ours, outside
		}
		w.add(made{sort: "service", customer: customer, project: project, parts: []Part{{Part: "body", Text: first + pick(w, says)}},
			doc: &Doc{Kind: document.KindMail, Title: title, Thread: w.thread, Date: day.AddDate(0, 0, i), People: "from\t" + from.name + "\t" + from.address + "\nto\t" + to.name + "\t" + to.address,
				Places: []Place{{Source: "mail", Locator: fmt.Sprintf("邮件导出/%s.mbox!/mail:%d", ours.name, w.next), Name: title}}}})
		first = ""
	}
}

// fill makes so many documents.
func (w *world) fill(n int) {
	for len(w.docs) < n {
		project := w.r.IntN(len(worldProjects))
		switch x := w.r.IntN(100); {
		case x < 52:
			w.threadOf(project)
		case x < 72:
			w.folderOf(project)
		case x < 76:
			w.contractOf(project)
		case x < 79:
			w.references(project)
		case x < 82:
			w.general(worldProjects[project].customer)
		case x < 85:
			w.service(project)
		case x < 86:
			w.heap()
		default:
			w.nobodys()
		}
	}
	w.docs = w.docs[:n]
}
