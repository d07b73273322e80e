package main

import (
	"fmt"
	"strings"
)

// language is that of what people read on the screen.
type language string

const (
	english language = "en"
	chinese language = "zh"
)

// languageOf tells the language from the locale, as POSIX orders its variables.
func languageOf(getenv func(string) string) language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return chinese
			}
			return english
		}
	}
	return english
}

// words is one message in both languages, with the verbs of fmt. They may stand
// in another order in the other language as %[2]s.
type words struct{ en, zh string }

// tables are all messages, by theme.
func tables() []map[string]words {
	return []map[string]words{
		generalWords,
		helpWords,
		nameWords,
		engineWords,
		dossierWords,
		transcribeWords,
	}
}

func lookup(key string, lang language) (string, bool) {
	for _, table := range tables() {
		if w, ok := table[key]; ok {
			if lang == chinese {
				return w.zh, true
			}
			return w.en, true
		}
	}
	return "", false
}

// t gives a message in the person's language. A key that is missing shows
// itself; a test keeps that from happening.
func (e *env) t(key string, args ...any) string {
	text, ok := lookup(key, e.lang)
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// name gives the word for a value of a closed list (a state, a kind, a
// reason); an unknown one stands for itself.
func (e *env) name(list, value string) string {
	if text, ok := lookup(list+"."+value, e.lang); ok {
		return text
	}
	return value
}

// or is "a, b or c".
func (e *env) or(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], e.t("list.comma")) + e.t("list.or") + list[last]
}

// generalWords are sentences of every command.
var generalWords = map[string]words{
	"list.comma": {", ", "、"},
	"list.or":    {" or ", "或"},

	"error.not-initialised":    {"there is no archive in %s yet; run `guidang init` or `guidang ingest PATH` first, or choose another with --data", "%s 里还没有档案；请先运行 `guidang init` 或 `guidang ingest 路径`，或用 --data 另选目录"},
	"error.locked":             {"another guidang holds %s and does not answer on its socket; wait until it has ended, or stop it", "另一个 guidang 正占用 %s，且没有在套接字上应答；请等它结束，或先停止它"},
	"error.serve-locked":       {"another guidang holds %s already; stop it first (`guidang doctor` says which process it is)", "另一个 guidang 已占用 %s；请先停止它（`guidang doctor` 会说明是哪个进程）"},
	"error.interrupted":        {"interrupted; the state is safe and nothing is lost: run the same command again to go on", "已中断；状态完好，没有丢失任何内容：再次运行同一命令即可继续"},
	"error.disk-full":          {"the disk is too full to go on (%v); what was done is kept: make room, or lower disk.min_free, and run the same command again", "磁盘空间不足，无法继续（%v）；已完成的都已保存：请腾出空间，或调低 disk.min_free，再运行同一命令"},
	"error.newer":              {"%v; use that version, or another data directory with --data", "台账由更新版本的 guidang 写成（%v）；请使用那个版本，或用 --data 另选数据目录"},
	"error.not-found":          {"%v", "台账中没有：%v"},
	"error.no-file":            {"%s does not exist; check the path", "%s 不存在；请检查路径"},
	"error.data-gone":          {"something is missing in the data directory (%v); `guidang reconcile` says what, and --repair heals it", "数据目录中缺少文件（%v）；`guidang reconcile` 会说明缺少什么，--repair 可修复"},
	"error.cannot-make":        {"the data directory %s cannot be made: %s; choose another place with --data", "无法建立数据目录 %s：%s；请用 --data 另选位置"},
	"obstacle.permission":      {"permission denied at %s", "没有在 %s 建立目录的权限"},
	"obstacle.read-only":       {"%s lies on a read-only file system", "%s 所在的文件系统只读"},
	"obstacle.file":            {"%s is a file, not a folder, or lies below one", "%s 是文件而不是文件夹，或位于文件之下"},
	"obstacle.nowhere":         {"%s cannot exist there, or its drive is not connected", "%s 处不能建立目录，或其磁盘未连接"},
	"error.permission":         {"%s: permission denied; give yourself the right to it, or choose another place", "%s：没有权限；请授予权限，或另选位置"},
	"error.read-only":          {"%s lies on a read-only file system; choose another place", "%s 所在的文件系统只读；请另选位置"},
	"error.not-a-directory":    {"%s: a part of this path is a file, not a folder; choose another place", "%s：路径中有一段是文件而不是文件夹；请另选位置"},
	"error.holder-gone":        {"the guidang that ran this command ended before it was done (%v); the state is safe: run the command again", "执行此命令的 guidang 在完成前已退出（%v）；状态完好：请再次运行"},
	"error.other-version":      {"the guidang that holds the data directory is version %s and this one is %s; restart it, or use the same version", "占用数据目录的 guidang 版本为 %s，本程序为 %s；请重启它，或使用同一版本"},
	"error.too-many-arguments": {"there are too many arguments to hand over to the running guidang; give a folder instead", "参数太多，无法转交给正在运行的 guidang；请改为给出文件夹"},
	"error.flag":               {"%s; `%s --help` lists the options", "%s；`%s --help` 列出全部选项"},
	"flag.unknown":             {"there is no option %s", "没有选项 %s"},
	"flag.bare":                {"--%s needs a value", "--%s 需要给出值"},
	"flag.number":              {"--%s takes a number, not %q", "--%s 须为数字，不能是 %q"},
	"flag.bool":                {"--%s takes true or false, not %q", "--%s 只能是 true 或 false，不能是 %q"},
	"flag.value":               {"--%s: %q is not possible: %v", "--%s 不能是 %q：%v"},
	"error.command":            {"there is no command %q; `guidang --help` lists them", "没有命令 %q；`guidang --help` 列出全部命令"},
	"error.command-near":       {"there is no command %q; did you mean %s?", "没有命令 %q；是否想用 %s？"},
	"error.too-few":            {"an argument is missing: %s; see `%s --help`", "缺少参数：%s；见 `%s --help`"},
	"error.too-many":           {"%q is one argument too many: %s; see `%s --help`", "多余的参数 %q：%s；见 `%s --help`"},
	"error.folder":             {"%s is a folder; this command reads one file (`guidang ingest` reads folders)", "%s 是文件夹；此命令只读取单个文件（`guidang ingest` 读取文件夹）"},
	"error.not-a-file":         {"%s is neither a file nor a folder (a device or a pipe); give a file", "%s 不是普通文件（是设备或管道）；请给出文件"},
	"error.one-of":             {"--%s takes %s, not %q", "--%s 只能是 %s，不能是 %q"},
	"error.range":              {"--%s takes a number from %d to %d, not %d", "--%s 须在 %d 到 %d 之间，不能是 %d"},
	"error.date":               {"--%s takes a date such as 2024-03-05, 2024-03 or 2024, not %q", "--%s 须为日期，如 2024-03-05、2024-03 或 2024，不能是 %q"},
	"error.dates":              {"--from lies after --to, so nothing can be found", "--from 晚于 --to，不可能有结果"},
	"error.together":           {"--%s and --%s exclude each other; give one", "--%s 与 --%s 不能同时使用；请只给一个"},

	"ingest.no-source":       {"nothing to ingest: give a PATH, or name sources in guidang.yaml (`guidang init` writes one)", "没有可导入的内容：请给出路径，或在 guidang.yaml 中写明来源（`guidang init` 可生成该文件）"},
	"ingest.inside":          {"%s lies inside the data directory %s; give the folder that holds your files", "%s 位于数据目录 %s 之内；请给出存放文件的文件夹"},
	"ingest.live":            {"found %s · done %s · %s/s · indexed %s", "发现 %s · 完成 %s · 每秒 %s · 已索引 %s"},
	"ingest.left":            {" · %s of files left · about %s", " · 余 %s 待读 · 约 %s"},
	"ingest.bytes":           {" · %s of files left", " · 余 %s 待读"},
	"ingest.waits":           {"Another run is going on; this one begins when it has ended.", "另一批次正在进行；本批次将在其结束后开始。"},
	"account.done":           {"Run %d finished in %s; %s entries walked.", "批次 %d 完成，用时 %s；遍历 %s 项。"},
	"account.failed":         {"Run %d FAILED after %s; %s entries walked.", "批次 %d 失败，用时 %s；遍历 %s 项。"},
	"account.interrupted":    {"Run %d was interrupted after %s; %s entries walked.", "批次 %d 已中断，用时 %s；遍历 %s 项。"},
	"account.disk-full":      {"Run %d stopped after %s because the disk is full; %s entries walked.", "批次 %d 因磁盘已满而停止，用时 %s；遍历 %s 项。"},
	"account.unreachable":    {"NOT REACHED, and nothing is said of what it holds: %s", "无法访问，其内容本次不作判断：%s"},
	"account.head.state":     {"state", "状态"},
	"account.head.run":       {"this run", "本次"},
	"account.head.all":       {"all", "全部"},
	"account.found":          {"found", "共发现"},
	"account.gone":           {"%s of them have left their source since.", "其中 %s 项已离开来源。"},
	"account.closes":         {"The ledger closes: every item is in exactly one final or waiting state.", "台账已轧平：每个条目都恰好处于一个最终或等待状态。"},
	"account.open":           {"The ledger does not close yet: %s items are pending.", "台账尚未轧平：还有 %s 个条目待处理。"},
	"account.waiting":        {"Waiting for: %s", "等待：%s"},
	"account.pictures":       {"Pictures of %s documents are still to be read (about %s). `guidang serve` does it at night, another `guidang ingest` goes on now; GUIDANG_OCR_MINUTES=0 reads to the end.", "还有 %s 份文件的图片待识别（约需 %s）。`guidang serve` 会在夜间识别，再次运行 `guidang ingest` 则接着做；设 GUIDANG_OCR_MINUTES=0 可一次做完。"},
	"account.hint":           {"`guidang items --state quarantined` and `--state waiting` say which and why.", "`guidang items --state quarantined` 与 `--state waiting` 列出条目与原因。"},
	"account.new-failed":     {"finished, but in this run items newly failed: %s", "已完成，但本次新失败 %s 项"},
	"account.new-waiting":    {"finished, but in this run items newly wait: %s", "已完成，但本次新等待 %s 项"},
	"account.new-both":       {"finished, but in this run items newly failed: %s, and newly wait: %s", "已完成，但本次新失败 %s 项，新等待 %s 项"},
	"account.no-source":      {"finished, but sources could not be reached: %s", "已完成，但以下来源无法访问：%s"},
	"holder.waits":           {"Done; still finishing a command that another terminal sent here (Ctrl-C ends it).", "已完成；仍在执行另一终端转交的命令（Ctrl-C 可中止）。"},
	"original.terminal":      {"the original is not text and would garble this terminal; use --out FILE, or a pipe", "原件不是文本，会扰乱终端；请使用 --out 文件，或管道"},
	"original.exists":        {"%s exists already; remove it or choose another name", "%s 已存在；请删除或另选名称"},
	"original.written":       {"%s written (%s)", "已写出 %s（%s）"},
	"retry.nothing":          {"say what to retry: an ID, --state, --waiting-for, --reason, --source or --outdated", "请指明重试什么：ID、--state、--waiting-for、--reason、--source 或 --outdated"},
	"retry.state":            {"--state takes quarantined or waiting, not %q: items of other states have not failed", "--state 只能是 quarantined 或 waiting，不能是 %q：其他状态的条目并未失败"},
	"retry.done":             {"%s items were read again.", "已重新读取 %s 个条目。"},
	"items.advice":           {"%s (%s): %s", "%s（%s 个）：%s"},
	"items.more":             {"%s items", "共 %s 个条目"},
	"extract.none":           {"%s of %s documents could not be read; their lines say why", "%[2]s 个文档中有 %[1]s 个无法读取；各行说明了原因"},
	"extract.read.full":      {"read in full", "完整读取"},
	"extract.read.partial":   {"read in part", "部分读取"},
	"extract.read.none":      {"not read", "未能读取"},
	"minutes.not-transcript": {"%s is no transcript (it is: %s); minutes need .json, .vtt, .srt, .txt, .md or .docx", "%s 不是转写（它是：%s）；会议纪要需要 .json、.vtt、.srt、.txt、.md 或 .docx"},
	"minutes.unreadable":     {"%s cannot be read: %s", "%s 无法读取：%s"},
	"minutes.empty":          {"%s holds no speech; minutes need at least one utterance", "%s 中没有发言；会议纪要至少需要一条语句"},
	"minutes.plain":          {"no speakers or times were found in %s; every line is taken for an utterance", "%s 中没有找到发言人或时间；每一行视为一条语句"},
	"minutes.fallback":       {"the model did not make all of the minutes; the rest is by extraction: %s", "模型没有完成全部纪要，其余由抽取生成：%s"},
	"terms.unreadable":       {"%s cannot be read: %s", "%s 无法读取：%s"},
	"terms.one":              {"terms takes one FILE, or --learn alone", "terms 需要一个文件，或只用 --learn"},
	"terms.few":              {"%d texts are too few to learn from; nothing changed", "只有 %d 篇文本，不足以统计；没有改动"},
	"terms.learned":          {"Table %d was made of %d texts; the key terms of %d documents changed.", "词频表 %d 已由 %d 篇文本生成；%d 个文档的术语有变。"},
	"terms.none":             {"no key terms were found in %s", "%s 中没有找到术语"},
	"terms.head.term":        {"term", "术语"},
	"terms.head.kind":        {"kind", "类型"},
	"terms.head.score":       {"weight", "权重"},

	"search.total.exact":    {"%s documents, %d ms", "%s 个文档，%d 毫秒"},
	"search.total.at-least": {"at least %s documents, %d ms", "至少 %s 个文档，%d 毫秒"},
	"search.none":           {"Nothing was found. Fewer or shorter words find more.", "没有找到。减少或缩短关键词可以找到更多。"},
	"search.relaxed":        {"No document holds all of these words. Left out: %s.", "没有文档同时含有所有的词。未计入：%s。"},
	"search.more":           {"%s more: --offset %d", "还有 %s 个：--offset %d"},
	"search.kind":           {"--kind takes %s, not %q", "--kind 只能是 %s，不能是 %q"},

	"show.where":    {"where", "位置"},
	"show.folder":   {"folder", "邮箱文件夹"},
	"show.thread":   {"mails in its thread", "会话邮件数"},
	"show.variant":  {"same Message-ID", "同一 Message-ID"},
	"show.id":       {"id", "编号"},
	"show.kind":     {"kind", "类型"},
	"show.date":     {"date", "日期"},
	"show.size":     {"size", "大小"},
	"show.state":    {"state", "状态"},
	"show.read":     {"read", "读取"},
	"show.people":   {"people", "人员"},
	"show.tags":     {"tags", "标签"},
	"show.terms":    {"terms", "术语"},
	"show.within":   {"within", "属于"},
	"show.warnings": {"warnings", "警告"},
	"show.children": {"holds", "包含"},
	"show.more":     {"%s more are not listed; `guidang items` lists all", "另有 %s 个未列出；`guidang items` 列出全部"},

	"status.items":      {"items found", "已发现条目"},
	"status.gone":       {"gone from their source", "已离开来源"},
	"status.closed":     {"ledger", "台账"},
	"status.closed.yes": {"closes", "已轧平"},
	"status.closed.no":  {"does not close yet", "尚未轧平"},
	"status.kinds":      {"by kind", "按类型"},
	"status.waiting":    {"waiting for", "等待"},
	"status.open":       {"open work", "未完工作"},
	"status.running":    {"running", "正在运行"},
	"status.running.is": {"for %s: found %s, done %s, indexed %s", "已 %s：发现 %s，完成 %s，已索引 %s"},
	"status.last":       {"last run", "上一批次"},
	"status.next":       {"next run", "下一批次"},
	"status.never":      {"none", "无"},
	"status.index":      {"index", "索引"},
	"status.index.is":   {"%s: %s documents, %s passages, %s behind", "%s：%s 个文档，%s 个片段，滞后 %s"},
	"status.disk":       {"disk", "磁盘"},
	"status.disk.is":    {"originals %s, free %s", "原件 %s，可用 %s"},
	"status.outdated":   {"older readers", "旧版读取"},
	"status.outdated.n": {"%s documents; `guidang retry --outdated` reads them again", "%s 个文档；`guidang retry --outdated` 可重新读取"},

	"reconcile.closed":     {"The ledger closes.", "台账已轧平。"},
	"reconcile.not-closed": {"The ledger does NOT close.", "台账没有轧平。"},
	"reconcile.sources":    {"sources: %d not in the ledger yet, %d gone", "来源：%d 项尚未入账，%d 项已离开"},
	"reconcile.store":      {"store:   %d originals checked, %d corrupt, %d missing; %d documents to be read again", "存储：已校验 %d 个原件，损坏 %d，缺失 %d；须重新读取的文档 %d"},
	"reconcile.index":      {"index:   %d missing, %d surplus, %d stale", "索引：缺失 %d，多余 %d，过期 %d"},
	"reconcile.repaired":   {"repaired: %d", "已修复：%d"},
	"reconcile.differs":    {"%d differences were found and %d repaired; `guidang reconcile --repair` heals what can be healed", "发现 %d 处差异，已修复 %d 处；`guidang reconcile --repair` 可修复能修复的部分"},
	"reconcile.open":       {"the ledger does not close; the report says why", "台账没有轧平；报告说明了原因"},
	"reindex.done":         {"The index was built anew: %s documents in %s.", "索引已重建：%s 个文档，用时 %s。"},

	"init.wrote":                  {"%s written: name your sources in it", "已写出 %s：请在其中写明来源"},
	"init.kept":                   {"%s was there already and is left as it is", "%s 已存在，保持不变"},
	"init.data":                   {"%s is the data directory", "%s 为数据目录"},
	"init.next":                   {"Next: `guidang ingest PATH`, or name sources in the file and run `guidang ingest`.", "下一步：`guidang ingest 路径`，或在文件中写明来源后运行 `guidang ingest`。"},
	"serve.listen":                {"--listen takes HOST:PORT such as 127.0.0.1:8080, not %q (%v)", "--listen 须为 主机:端口，如 127.0.0.1:8080，不能是 %q（%v）"},
	"serve.loopback":              {"this version serves this machine only: %q is not a loopback address; use 127.0.0.1:PORT and an SSH tunnel or a reverse proxy", "本版本只为本机服务：%q 不是回环地址；请使用 127.0.0.1:端口，并经 SSH 隧道或反向代理访问"},
	"serve.port":                  {"cannot listen on %s: %v; choose another with --listen", "无法监听 %s：%v；请用 --listen 另选"},
	"serve.login":                 {"Guidang answers on http://%s — log in once with %s", "归档已在 http://%s 启动——首次登录请打开 %s"},
	"config.ok":                   {"The settings are fine (%s).", "设置无误（%s）。"},
	"config.no-file":              {"no settings file; defaults, environment and flags", "没有设置文件；使用默认值、环境变量与选项"},
	"doctor.bad":                  {"%d checks failed; their lines say what to do", "%d 项检查未通过；各行说明应如何处理"},
	"doctor.mark.ok":              {"ok", "正常"},
	"doctor.mark.note":            {"note", "提示"},
	"doctor.mark.warn":            {"WARN", "警告"},
	"doctor.mark.bad":             {"BAD", "错误"},
	"doctor.settings":             {"settings", "设置"},
	"doctor.settings.advice":      {"put this right first; `guidang config check` says when it is", "请先改正；`guidang config check` 可再次检查"},
	"doctor.settings.none":        {"`guidang init` writes one", "`guidang init` 可生成"},
	"doctor.source":               {"source", "来源"},
	"doctor.source.gone":          {"%s; mount it, or correct its path", "%s；请挂载，或改正路径"},
	"doctor.source.marker":        {"its marker %s is missing, so it counts as not mounted: mount it", "缺少标记文件 %s，视为未挂载：请挂载"},
	"doctor.data":                 {"data directory", "数据目录"},
	"doctor.data.none":            {"it does not exist yet; `guidang init` or `guidang ingest PATH` makes it", "尚不存在；`guidang init` 或 `guidang ingest 路径` 会建立"},
	"doctor.data.write":           {"nothing can be written in %s; give yourself the right, or choose another with --data", "无法写入 %s；请授予权限，或用 --data 另选"},
	"doctor.disk":                 {"disk", "磁盘"},
	"doctor.disk.free":            {"%s free; work stops below %s", "可用 %s；低于 %s 时停止工作"},
	"doctor.disk.full":            {"make room, or lower disk.min_free; nothing is read until then", "请腾出空间，或调低 disk.min_free；在此之前不会读取"},
	"doctor.disk.low":             {"make room soon", "请尽快腾出空间"},
	"doctor.lock":                 {"lock", "锁"},
	"doctor.lock.free":            {"nobody holds the data directory", "无人占用数据目录"},
	"doctor.lock.held":            {"process %d (guidang %s) holds it and answers", "由进程 %d（guidang %s）占用，应答正常"},
	"doctor.lock.silent":          {"somebody holds it and does not answer", "已被占用，但没有应答"},
	"doctor.lock.advice":          {"wait a moment and look again; if it stays so, `fuser` on the file lock names the process", "稍候再看；若一直如此，可用 `fuser` 查看 lock 文件找到进程"},
	"doctor.readers":              {"readers", "读取进程"},
	"doctor.readers.on":           {"in processes of their own: %d s and %s each; %s", "独立进程：各限 %d 秒、%s；%s"},
	"doctor.readers.off":          {"in this process: a hostile file can stop it", "在本进程内：恶意文件可能使其停止"},
	"doctor.readers.off.advice":   {"set sandbox: auto, unless you look for a fault in it", "除排查问题外，请设 sandbox: auto"},
	"doctor.readers.missing":      {"this system lacks %s; time and crashes are bounded all the same", "本系统缺少 %s；时间与崩溃仍受限制"},
	"doctor.readers.advice":       {"no reader can be started; what it said stands beside. `sandbox: off` reads without", "读取进程无法启动，原因见旁；设 sandbox: off 可不用沙箱读取"},
	"doctor.ledger":               {"ledger", "台账"},
	"doctor.ledger.none":          {"none yet", "尚无"},
	"doctor.ledger.held":          {"open in its holder (%s)", "已由占用者打开（%s）"},
	"doctor.ledger.schema":        {"schema %d (%s)", "结构版本 %d（%s）"},
	"doctor.ledger.advice":        {"set ledger.db aside and restore it from a backup; originals are not concerned", "请移开 ledger.db 并从备份恢复；原件不受影响"},
	"doctor.index":                {"index", "索引"},
	"doctor.index.embedded":       {"embedded", "内置"},
	"doctor.index.none":           {"embedded, none yet", "内置，尚无"},
	"doctor.index.advice":         {"start Meilisearch, or correct index.meilisearch.url; items are read meanwhile and indexed later", "请启动 Meilisearch，或改正 index.meilisearch.url；其间照常读取，稍后索引"},
	"doctor.tool.absent":          {"not found", "未找到"},
	"doctor.ffmpeg":               {"ffmpeg", "ffmpeg"},
	"doctor.ffmpeg.absent":        {"wav, mp3 and flac are transcribed without it; every other recording and the sound of videos needs it (Debian and Ubuntu: apt install ffmpeg); `guidang engines install` brings one", "wav、mp3、flac 无需它即可转写；其他录音与视频的声音需要它（Debian、Ubuntu：apt install ffmpeg）；`guidang engines install` 会自带一个"},
	"doctor.silk":                 {"silk", "silk"},
	"doctor.silk.absent":          {"voice notes of WeChat and QQ need it to be heard; `guidang engines install` brings it", "微信、QQ 语音消息需要它才能转写和播放；`guidang engines install` 会带来"},
	"doctor.tool.engine":          {"%s (came with the local engine)", "%s（随本地引擎安装）"},
	"doctor.tesseract":            {"Tesseract", "Tesseract"},
	"doctor.tesseract.absent":     {"pictures and scanned pages wait for it: install tesseract-ocr and tesseract-ocr-chi-sim, then run `guidang ingest` again", "图片与扫描页在等它：请安装 tesseract-ocr 与 tesseract-ocr-chi-sim，再运行 guidang ingest"},
	"doctor.tesseract.model":      {"it has no model for Chinese: install tesseract-ocr-chi-sim", "没有中文模型：请安装 tesseract-ocr-chi-sim"},
	"doctor.tesseract.off":        {"not used", "未使用"},
	"doctor.fonts":                {"Chinese fonts", "中文字体"},
	"doctor.fonts.found":          {"%s (%d files); pages of PDFs without their own fonts are drawn with them", "%s（共 %d 个文件）；PDF 未内嵌字体时用以绘制页面"},
	"doctor.fonts.absent":         {"pages of PDFs that do not hold their Chinese fonts show no Chinese; their text can be read and found (apt install fonts-noto-cjk)", "未内嵌中文字体的 PDF，其页面图像不显示中文；文本照常可读可检索（apt install fonts-noto-cjk）"},
	"doctor.tesseract.off.advice": {"ocr.program is off, or readers do not work in processes of their own (sandbox)", "ocr.program 为 off，或未在独立进程中读取（sandbox）"},
	"doctor.poppler":              {"Poppler", "Poppler"},
	"doctor.poppler.absent":       {"not needed: PDF is read by this program itself", "不需要：PDF 由本程序自行读取"},
	"doctor.libreoffice":          {"LibreOffice", "LibreOffice"},
	"doctor.libreoffice.absent":   {"not needed: office files are read by this program itself", "不需要：办公文件由本程序自行读取"},
	"doctor.meilisearch":          {"Meilisearch", "Meilisearch"},
	"doctor.meilisearch.absent":   {"not needed with the embedded index; a server elsewhere is named by index.meilisearch.url", "使用内置索引时不需要；别处的服务器由 index.meilisearch.url 指定"},
	"completion.one":              {"give one of bash, zsh, fish, powershell; not %q", "请给出 bash、zsh、fish、powershell 之一，不能是 %q"},

	// The plan and archive packages.
	"plan.no-source":     {"nothing to plan: give a PATH, or name sources in guidang.yaml (`guidang init` writes one)", "没有可预估的内容：请给出路径，或在 guidang.yaml 中写明来源（`guidang init` 可生成该文件）"},
	"plan.unreachable":   {"finished, but %s sources could not be reached", "已完成，但有 %s 个来源无法访问"},
	"plan.files":         {"%s files, %s", "%s 个文件，%s"},
	"plan.mails":         {"mails", "邮件"},
	"plan.mails.is":      {"%s in %s mailboxes (%s)", "%s 封，在 %s 个邮箱文件中（%s）"},
	"plan.recordings":    {"recordings", "录音"},
	"plan.recordings.is": {"%s in %s files; %s with a transcript, %s to be transcribed", "%s，共 %s 个文件；%s 个有转写，%s 待转写"},
	"plan.skipped":       {"left out", "略过"},
	"plan.unreadable":    {"cannot be read", "无法读取"},
	"plan.more":          {"%s more are not listed; --json lists up to 1,000", "另有 %s 个未列出；--json 最多列出 1,000 个"},
	"plan.estimate":      {"An ingest would take about %s with %s workers, give about %s documents and need about %s of disk (%s free).", "导入约需 %s（%s 个工作进程），约得 %s 个文档，约需磁盘 %s（可用 %s）。"},
	"plan.tokens":        {"Minutes by the language model would take about %s tokens.", "由语言模型撰写纪要约需 %s token。"},
	"plan.money":         {"At the given prices that is about %s.", "按给定价格约为 %s。"},
	"plan.no-money":      {"No price was given (--price-hour, --price-tokens), so nothing is said of money.", "未给出价格（--price-hour、--price-tokens），故不估算费用。"},
	"plan.cloud":         {"%s attachments lie with cloud services: mails only link to them, and no ingest brings them in.", "有 %s 个附件只存在云端：邮件里只有链接，入库时取不到。"},
	"plan.cloud.about":   {"About %s attachments lie with cloud services: mails only link to them, and no ingest brings them in.", "约有 %s 个附件只存在云端：邮件里只有链接，入库时取不到。"},
	"plan.sample":        {"This follows from %s files (%s) read in %s.", "以上由抽样的 %s 个文件（%s，读取用时 %s）推算。"},
	"package.what":       {"name one project, or a folder with --folder", "请给出一个项目，或用 --folder 给出文件夹"},
	"package.out":        {"say where to write it: --out FILE.zip", "请指明写到哪里：--out 文件.zip"},
	"package.unknown":    {"no project %q is known; `guidang projects list` lists them, and --folder packs a folder", "没有项目 %q；`guidang projects list` 列出全部项目，--folder 可打包文件夹"},
	"package.bad":        {"the package does not stand its own check (%s %s) and was not kept", "归档包未通过自身校验（%s %s），未保留"},
	"package.retention":  {"30 years", "30年"},
	"package.secrecy":    {"internal", "内部"},
	"verify.good":        {"%s is whole: %s files, %s, all as they were packed.", "%s 完好：%s 个文件，%s，与打包时一致。"},
	"verify.fingerprint": {"Fingerprint: %s", "指纹：%s"},
	"verify.report":      {"Check report of %s, made %s (checked, found):", "%s 的检查报告，生成于 %s（已检查、发现）："},
	"verify.differs":     {"%s is not as it was packed: %s differences", "%s 与打包时不一致：%s 处差异"},
	"difference.changed": {"changed", "已更改"}, "difference.added": {"added", "新增"}, "difference.renamed": {"renamed", "改名"}, "difference.removed": {"removed", "已删除"},
	"difference.damaged": {"damaged", "损坏"}, "difference.malformed": {"malformed", "格式不符"}, "difference.unsafe": {"unsafe", "不安全"},
	"part.authenticity": {"authenticity", "真实性"}, "part.integrity": {"integrity", "完整性"}, "part.usability": {"usability", "可用性"}, "part.safety": {"safety", "安全性"},
	// Misspelt words of a search.
	"search.meant":       {"Did you mean: %s", "您要找的是不是：%s"},
	"search.flag.sort":   {"order: relevance, or date (the newest first)", "排序：relevance 按相关，date 按日期（新的在前）"},
	"search.sort":        {"--sort takes relevance or date, not %q", "--sort 只能是 relevance 或 date，不能是 %q"},
	"doctor.index.drift": {"settings of the index were changed on the server (%s): they are put back when `guidang serve` starts again, or by any command that opens the index while it is not running", "服务器上该索引的设置被改动过（%s）：重新启动 `guidang serve`，或在其未运行时执行任一使用索引的命令，即会恢复"},
	"doctor.index.newer": {"newer than what the program was tried with (1.50); run `guidang reconcile` after an upgrade", "比本程序试用过的版本（1.50）新；升级后请运行 `guidang reconcile` 核对"},
	"search.customers":   {"customer", "客户"}, "search.projects": {"project", "项目"}, "search.people": {"person", "人员"}, "search.decided": {"decided", "决定"}, "search.todo": {"to do", "行动项"},
	"search.attachment": {"attachment", "附件"}, "search.version": {"older version", "旧版本"}, "search.copy": {"copy", "副本"},
	"search.apart": {"Nothing holds this as it is written, so its pieces were looked for: %s.", "没有文档含有完整的“%s”，已拆开查找。"},
	// Types, details and versions of documents, names of files.
	"doctype.contract":             {"Contract", "合同"},
	"doctype.supplement":           {"Supplementary agreement", "补充协议"},
	"doctype.quotation":            {"Quotation", "报价单"},
	"doctype.survey":               {"Survey", "调研"},
	"doctype.requirements":         {"Requirements", "需求"},
	"doctype.design":               {"Design", "设计"},
	"doctype.interface":            {"Interface", "接口"},
	"doctype.database":             {"Database design", "数据库设计"},
	"doctype.test-cases":           {"Test cases", "测试用例"},
	"doctype.test-report":          {"Test report", "测试报告"},
	"doctype.defects":              {"Defect list", "缺陷清单"},
	"doctype.deployment":           {"Deployment and rollback", "部署与回滚方案"},
	"doctype.manual":               {"Manual", "手册"},
	"doctype.training":             {"Training", "培训"},
	"doctype.acceptance":           {"Acceptance", "验收"},
	"doctype.minutes":              {"Minutes", "会议纪要"},
	"doctype.change-request":       {"Change request", "需求变更"},
	"doctype.maintenance-contract": {"Maintenance contract", "维护合同"},
	"doctype.service-record":       {"Service record", "服务记录"},
	"doctype.complaint":            {"Complaint", "投诉"},
	"doctype.invoice":              {"Invoice", "发票"},
	"doctype.official-letter":      {"Official letter", "公文"},
	"doctype.other":                {"Other", "其他"},
	"detail.party_a":               {"Customer", "甲方"},
	"detail.party_b":               {"Supplier", "乙方"},
	"detail.contract_number":       {"Contract number", "合同编号"},
	"detail.original_contract":     {"Original contract", "原合同"},
	"detail.project_number":        {"Project number", "项目编号"},
	"detail.number":                {"Number", "编号"},
	"detail.letter_number":         {"Letter number", "发文字号"},
	"detail.amount":                {"Amount", "金额"},
	"detail.currency":              {"Currency", "币种"},
	"detail.date":                  {"Date", "日期"},
	"detail.signed_on":             {"Signed on", "签订日期"},
	"detail.starts_on":             {"Starts on", "开始日期"},
	"detail.ends_on":               {"Ends on", "到期日期"},
	"detail.renews_on":             {"Renews on", "续签日期"},
	"detail.due_on":                {"Due on", "应完成日期"},
	"detail.valid_until":           {"Valid until", "有效期至"},
	"detail.reason":                {"Reason", "原因"},
	"detail.impact":                {"Impact", "影响"},
	"detail.approver":              {"Approved by", "审批人"},
	"detail.requester":             {"Requested by", "提出人"},
	"detail.result":                {"Result", "结论"},
	"detail.signed":                {"Signed", "签署"},
	"signed.yes":                   {"yes", "已签"},
	"signed.partly":                {"one side only, or some of the names", "部分签署"},
	"signed.no":                    {"no, the places are empty", "未签"},
	"acceptance.passed":            {"passed", "通过"},
	"acceptance.conditional":       {"passed with conditions", "有条件通过"},
	"acceptance.failed":            {"not passed", "未通过"},
	"sensitive.identity-number":    {"Identity number", "身份证号"},
	"sensitive.mobile-number":      {"Mobile number", "手机号"},
	"sensitive.bank-card":          {"Bank card", "银行卡号"},
	"sensitive.password":           {"Password", "密码"},
	"show.type":                    {"type", "文种"},
	"show.detail":                  {"detail", "要素"},
	"show.version":                 {"version", "版本"},
	"show.sensitive":               {"sensitive", "敏感"},
	"names.short":                  {"check names of files against the office's rule", "按命名规则检查文件名"},
	"names.long":                   {"Names of files against the rule of names.pattern. What is in the archive is looked at; nothing is renamed.", "按 names.pattern 的规则检查归档文件的名称，不改任何文件名。"},
	"names.check.short":            {"names that do not keep the rule, with better ones", "不合规则的文件名及建议名"},
	"names.check.long":             {"Lists files whose names do not keep the rule of names.pattern, what is wrong with each, and the name that the rule asks for where enough is known. Sources are never changed.", "列出名称不合 names.pattern 规则的文件、问题所在，以及信息足够时按规则应有的名称。绝不改动来源。"},
	"names.flag.csv":               {"a CSV table: locator, name, problems, proposal", "输出 CSV 表：位置、名称、问题、建议名"},
	"names.flag.all":               {"also files whose names keep the rule", "也列出合规则的文件"},
	"names.sum":                    {"%s files looked at, %s keep the rule, %s have a better name proposed", "共检查 %s 个文件，%s 个合规则，%s 个有建议名"},
	"names.column.source":          {"source", "来源"},
	"names.column.locator":         {"locator", "位置"},
	"names.column.name":            {"name", "名称"},
	"names.column.problems":        {"problems", "问题"},
	"names.column.proposal":        {"proposal", "建议名"},
	"names.column.type":            {"type", "文种"},
	"names.pattern":                {"names.pattern: %v", "names.pattern：%v"},
	"naming.shape":                 {"does not look like the rule", "不合命名格式"},
	"naming.type":                  {"says another type", "类型不符"},
	"naming.date":                  {"no such day", "日期不存在"},
	"naming.project":               {"another project than its text names", "项目与正文不符"},
	"naming.version":               {"no version", "缺版本"},
	"naming.characters":            {"characters that some systems refuse", "含某些系统不允许的字符"},
	"naming.too-long":              {"longer than 255 bytes", "超过 255 字节"},
	"naming.double-type":           {"two file types", "双重扩展名"},
	// Minutes as a Word document.
	"minutes.flag.docx": {"write the minutes as a Word document to this file", "把纪要写成 Word 文件"},
	"minutes.written":   {"written to %s", "已写入 %s"},

	// Rules of tags.
	"config.rule":  {"the rule of %s does not do what this example says: %s", "标签 %s 的规则与此例不符：%s"},
	"config.rules": {"%d examples of rules in %s are not as the rules are; correct the words or the examples", "%[2]s 中有 %[1]d 个例子与规则不符；请改正词语或例子"},

	// Reviews.
	"review.head":    {"Review of %s: %s to be confirmed, %s confirmed", "%s 季度复核：待确认 %s 项，已确认 %s 项"},
	"review.quarter": {"--quarter takes a quarter such as 2026Q1, not %q", "--quarter 须为季度，如 2026Q1，不能是 %q"},
	"review.who":     {"say who confirms: --who NAME", "请指明确认人：--who 姓名"},
	"review.form":    {"the report is written as .html or .xlsx, not as %q", "报告只能写成 .html 或 .xlsx，不能是 %q"},
	"review.unknown": {"%v; `guidang review` lists the findings with their IDs", "没有该事项：%v；`guidang review` 列出全部事项及编号"},

	// Documents: text in pictures.
	"ingest.pictures": {" · pictures read in %s of %s", " · 识别图片文字 %s/%s"},

	// Mails.
	"original.notsaved": {"only what lies in an Outlook mailbox (.pst, .ost) can be written as .msg; leave --as out", "只有 Outlook 邮箱（.pst、.ost）中的条目才能输出为 .msg；请去掉 --as"},
	// Reviews: telling those who are responsible.
	"review.flag.tell":   {"tell those who are responsible what their projects lack, each thing once a quarter, by notify.mail and notify.webhook", "按 notify.mail 与 notify.webhook 通知各责任人其项目所缺，每项每季度一次"},
	"review.tell.no-way": {"nobody can be told: set notify.mail.server or notify.webhook in guidang.yaml", "无法通知：请在 guidang.yaml 中设置 notify.mail.server 或 notify.webhook"},
	"review.tell.nobody": {"there is nothing new to tell", "没有需要新通知的事项"},
	"review.tell.group":  {"group", "群"},
}
