package bag

import "guidang/extractors/document"

// said is a word in Chinese and in English.
type said struct{ zh, en string }

func (s said) in(english bool) string {
	if english {
		return s.en
	}
	return s.zh
}

// vocabulary is what pages and folders of a package say in one language.
type vocabulary struct{ english bool }

func (v vocabulary) lang() string { return said{"zh-CN", "en"}.in(v.english) }

// say gives a word; what has none stands for itself.
func (v vocabulary) say(key string) string {
	if w, ok := pageWords[key]; ok {
		return w.in(v.english)
	}
	return key
}

// kind names a kind, as folders and the type of a record do.
func (v vocabulary) kind(k document.Kind) string {
	w, ok := kindWords[k]
	if !ok {
		w = kindWords[document.KindOther]
	}
	return w.in(v.english)
}

var kindWords = map[document.Kind]said{
	document.KindMail:       {"邮件", "mail"},
	document.KindSheet:      {"表格", "sheets"},
	document.KindText:       {"文本", "texts"},
	document.KindDocument:   {"文档", "documents"},
	document.KindSlides:     {"幻灯片", "slides"},
	document.KindImage:      {"图片", "images"},
	document.KindRecording:  {"录音", "recordings"},
	document.KindTranscript: {"转写", "transcripts"},
	document.KindMinutes:    {"会议纪要", "minutes"},
	document.KindChat:       {"聊天记录", "chats"},
	document.KindArchive:    {"压缩包", "archives"},
	document.KindCalendar:   {"日历", "calendars"},
	document.KindContact:    {"联系人", "contacts"},
	document.KindOther:      {"其他", "other"},
}

var pageWords = map[string]said{
	"yes":              {"是", "yes"},
	"title":            {"项目归档包", "Archive package of a project"},
	"project":          {"项目", "Project"},
	"number":           {"编号", "Number"},
	"customer":         {"客户", "Customer"},
	"contracts":        {"合同编号", "Contracts"},
	"phase":            {"阶段", "Phase"},
	"state":            {"状态", "State"},
	"responsible":      {"责任人", "Responsible"},
	"dates":            {"起止日期", "From – to"},
	"made":             {"打包时间", "Packed"},
	"records":          {"归档文件", "Records"},
	"filter":           {"筛选：题名、责任者、类型…", "Filter: title, responsible, type …"},
	"minutes":          {"会议纪要", "Minutes"},
	"required":         {"应有文件", "Documents that must be there"},
	"account":          {"台账账目", "Account of the ledger"},
	"report":           {"检查报告", "Check report"},
	"metadata":         {"元数据", "Metadata"},
	"full":             {"全部字段", "all fields"},
	"check":            {"完整性可用任何 BagIt 工具或命令 guidang verify 校验。", "Any BagIt tool, or the command guidang verify, checks that nothing was changed."},
	"account.all":      {"每个条目的来源、状态与去向见", "Where each item came from and what became of it:"},
	"none":             {"无", "none"},
	"found":            {"发现", "found"},
	"checked":          {"已检查", "checked"},
	"back":             {"返回目录", "Back to the list"},
	"h.number":         {"档号", "Number"},
	"h.title":          {"题名", "Title"},
	"h.responsible":    {"责任者", "Responsible"},
	"h.date":           {"日期", "Date"},
	"h.type":           {"类型", "Type"},
	"h.secrecy":        {"密级", "Secrecy"},
	"h.retention":      {"保管期限", "Retention"},
	"h.files":          {"文件", "Files"},
	"h.items":          {"条目数", "Items"},
	"original":         {"原件", "original"},
	"text":             {"文本", "text"},
	"absent":           {"无原件", "no original"},
	"passed":           {"检查通过：四个方面均未发现问题。", "Passed: nothing was found in any of the four parts."},
	"not-passed":       {"检查发现若干情况，请归档人员确认。", "The check found something; the archivist decides."},
	"not-checked":      {"未做病毒检查；接收单位请按本单位规定查毒。", "No check for viruses was made; whoever receives the package makes their own."},
	"authenticity":     {"真实性", "Authenticity"},
	"integrity":        {"完整性", "Integrity"},
	"usability":        {"可用性", "Usability"},
	"safety":           {"安全性", "Safety"},
	"hash":             {"原件的 SHA-256 与台账一致", "SHA-256 of each original is the ledger's"},
	"broken":           {"原件可完整读出", "Each original could be read to its end"},
	"origin":           {"每份文件有来源与定位", "Each record has a source and a place"},
	"original.check":   {"每份文件有原件", "Each record has its original"},
	"required.check":   {"应有文件齐备且已签署", "What must be there is there and signed"},
	"readable":         {"文件可完整打开", "Each file opens in full"},
	"text.check":       {"可读文件附有文本", "What can be read has its text"},
	"encrypted":        {"无加密或受保护的文件", "Nothing is encrypted or protected"},
	"programs":         {"无可执行文件或含宏文件", "No programs or macros"},
	"sensitive":        {"无敏感个人信息", "No sensitive personal data"},
	"r.encrypted":      {"已加密：密码未知", "encrypted: its password is not known"},
	"r.protected":      {"被企业透明加密", "wrapped by an office's transparent encryption"},
	"r.corrupt":        {"已损坏", "damaged"},
	"r.truncated":      {"被截断", "cut off"},
	"r.unsupported":    {"格式暂不支持", "no reader for this format"},
	"r.empty":          {"空文件", "holds no bytes"},
	"r.too-large":      {"超过大小限制", "larger than the limit"},
	"r.too-deep":       {"嵌套过深", "nested deeper than the limit"},
	"r.too-many":       {"部分过多", "more parts than the limit"},
	"r.time-limit":     {"读取超时", "took too long"},
	"r.memory-limit":   {"内存超限", "needed too much memory"},
	"r.crash":          {"读取程序两次崩溃", "its reader crashed twice"},
	"r.bomb":           {"疑似压缩炸弹", "unpacks to far more than it holds"},
	"r.dtd":            {"含有 DTD 定义", "holds a document type definition"},
	"r.missing-tool":   {"缺少辅助程序", "a helper program is not installed"},
	"r.missing-engine": {"缺少语音或文字识别引擎", "no engine for speech or OCR"},
	"r.io":             {"字节无法读取", "its bytes could not be read"},
	"r.partial":        {"部分读取", "read in part"},
	"r.none":           {"未能读取", "not read"},
	"there":            {"已有", "there"},
	"missing":          {"缺失", "missing"},
	"unsigned":         {"未签署", "not signed"},
	"cloud":            {"仅有云链接", "only as a cloud link"},
	"indexed":          {"已索引", "indexed"},
	"part-of":          {"属于上级", "part of another"},
	"duplicate-of":     {"重复", "duplicate"},
	"skipped":          {"已略过", "skipped"},
	"quarantined":      {"隔离", "quarantined"},
	"waiting":          {"等待", "waiting"},
	"pending":          {"待处理", "pending"},
}
