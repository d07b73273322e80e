package texts

import (
	"regexp"
	"strings"
	"sync"
)

// details are what readers say beside a warning or a reason: an English sentence,
// with a count or a name in it. Readers know no language of pages and `extract`
// prints what they say, so it is put into Chinese here; a test holds this list
// against the readers' own sentences.
var details = [][2]string{
	// how far it was read
	{"only the first %s bytes of its text are kept", "只保留了正文的前 %s 字节"},
	{"only its first %s bytes were read", "只读取了前 %s 字节"},
	{"only the first %s bytes were read", "只读取了前 %s 字节"},
	{"only the first %s bytes of its text were read", "只读取了正文的前 %s 字节"},
	{"only the first %s bytes of its items were read", "只读取了其中条目的前 %s 字节"},
	{"only the first %s rows were read", "只读取了前 %s 行"},
	{"only the first %s rows were read in time", "限时内只读取了前 %s 行"},
	{"only the first %s rows were read: the text is too long", "只读取了前 %s 行：内容太长"},
	{"only the first %s files that its rows name are looked for", "只查找行中所列的前 %s 个文件"},
	{"only the first %s slides were read", "只读取了前 %s 张幻灯片"},
	{"only the first %s pages were read", "只读取了前 %s 页"},
	{"only the first %s pages were read in time", "限时内只读取了前 %s 页"},
	{"only the first %s pages were read: the text is too long", "只读取了前 %s 页：内容太长"},
	{"only the first %s of %s pages were read", "只读取了前 %s 页，共 %s 页"},
	{"only the first %s of %s pages were read in time", "限时内只读取了前 %s 页，共 %s 页"},
	{"only its first %s mails were read", "只读取了前 %s 封邮件"},
	{"only its first 2,000 parts were read", "只读取了前 2,000 个部分"},
	{"only its first %s events were read", "只读取了前 %s 个日程"},
	{"only its first %s lines were read", "只读取了前 %s 行"},
	{"only its first %s cards were read", "只读取了前 %s 张名片"},
	{"only its first %s recipients were read", "只读取了前 %s 个收件人"},
	{"only its first %s attachments were read", "只读取了前 %s 个附件"},
	{"only its first %s items were read", "只读取了前 %s 个条目"},
	{"only the first %s people of an event were read", "日程只读取了前 %s 位参加人"},
	{"only the first %s entries of a kind were read in a card", "名片中同类内容只读取了前 %s 项"},
	{"only the first %s entries are listed", "只列出了前 %s 个成员"},
	{"only the first %s embedded files are listed", "只列出了前 %s 个嵌入文件"},
	{"only the first part of its text was read", "只读取了正文的前一部分"},
	{"only its beginning was read", "只读取了开头"},
	{"only its properties were read: it is %s", "只读取了属性：它是 %s"},
	{"not all of its header was read", "邮件头没有读完"},
	{"not all of its text was read", "正文没有读完"},
	{"not all of it was read", "没有全部读完"},
	{"not all attachments of an embedded item were read", "嵌入项的附件没有全部读取"},
	{"nothing was read in time", "限时内什么也没有读到"},
	{"there was time for %s of its items", "限时内只读取了 %s 个条目"},
	{"more than %s containers lie around it", "外面套了 %s 层以上的压缩包"},
	{"more files are embedded than may be", "嵌入的文件超过了允许的数量"},
	{"more files lie in it than may", "其中的文件超过了允许的数量"},
	{"more pictures lie in it than may", "其中的图片超过了允许的数量"},
	{"its parts lie more than 50 deep in one another", "各部分嵌套超过 50 层"},
	{"its strings are too long; only the first ones were read", "文字太长，只读取了前面的"},
	{"its workbook is too large to be read", "工作簿太大，无法读取"},
	{"it has %s pixels: what it shows is not looked at", "有 %s 个像素：图中内容没有识别"},
	{"it is longer than %s hours and is not transcribed", "长于 %s 小时，不转写"},
	{"folders below the %sth level are not listed", "第 %s 层以下的文件夹没有列出"},
	{"%s; what was read of it before is kept", "%s；此前读到的内容保留"},
	// damage
	{"the file holds no bytes", "文件没有内容"},
	{"its bytes cannot be had", "取不到文件内容"},
	{"its content is damaged", "内容损坏"},
	{"its content is lost", "内容缺失"},
	{"its content cannot be unpacked", "内容无法解压"},
	{"its directory is lost", "目录缺失"},
	{"the file's directory is lost", "文件目录缺失"},
	{"its directory is damaged; the workbook was found by its own marks", "目录损坏；凭工作簿自身的标记找到了它"},
	{"its directory is lost; the entries were found by their own headers", "目录缺失；凭成员自身的头部找到了它们"},
	{"its directory is shorter than it says", "目录比它声称的短"},
	{"its main part is missing", "主体部分缺失"},
	{"its main part is lost", "主体部分缺失"},
	{"its header is damaged", "文件头损坏"},
	{"its header is lost; it was read by its pages and blocks alone", "文件头缺失；只凭页和块读取"},
	{"its end is lost; what was there was read", "结尾缺失；已读取现有内容"},
	{"its end is lost; the pages that could be found were read", "结尾缺失；已读取能找到的页"},
	{"its text is lost", "正文缺失"},
	{"its slides are lost", "幻灯片缺失"},
	{"its list of pieces is lost; the text was read as it lies", "分段表缺失；按原有次序读取正文"},
	{"its list of slides is lost; the text was read in the order of the file", "幻灯片目录缺失；按文件中的次序读取"},
	{"its list of sheets is lost", "工作表目录缺失"},
	{"its address is lost", "地址缺失"},
	{"its signed content cannot be read", "签名的内容无法读取"},
	{"its last card has no end", "最后一张名片没有结尾"},
	{"its entries overlap", "成员互相重叠"},
	{"its items are many times longer than it is", "条目总长是文件的许多倍"},
	{"its items share their bytes, many times over", "条目反复共用同一段内容"},
	{"its folders claim %s items, of which %s were not found", "文件夹称有 %s 个条目，其中 %s 个没有找到"},
	{"its reader was stopped too often", "读取程序多次被中止"},
	{"the file is cut off before its text", "文件在正文之前被截断"},
	{"the file is cut off before its slides", "文件在幻灯片之前被截断"},
	{"the file is cut off before its sheets", "文件在工作表之前被截断"},
	{"the file is cut off; what was there was read", "文件被截断；已读取现有内容"},
	{"the file is cut off; what was there was read, in the order of the file", "文件被截断；已按文件中的次序读取现有内容"},
	{"the file is shorter than its header says", "文件比头部声称的短"},
	{"the file is shorter than its index says", "文件比索引声称的短"},
	{"the file ends within its ID3 tag", "文件在 ID3 标签中结束"},
	{"the file has no index of its contents: the recording was cut off", "文件没有内容索引：录制中断"},
	{"the last frame is cut off", "最后一帧被截断"},
	{"the mail ends before its last part does", "邮件在最后一部分结束之前中断"},
	{"it ends within a component", "在一个组件中间结束"},
	{"it ends within an attribute", "在一个属性中间结束"},
	{"it ends within a group", "在一个组中间结束"},
	{"it ends before its end block", "在结束块之前中断"},
	{"it ends in the middle of an entry", "在一个成员中间结束"},
	{"it is cut off: files or folders lie behind its end", "文件被截断：有文件或文件夹在结尾之后"},
	{"it should have %s bytes and has %s", "应有 %s 字节，实有 %s 字节"},
	{"it does not begin as a picture", "开头不像图片"},
	{"it cannot be opened as a PDF", "无法作为 PDF 打开"},
	{"it could not be opened in time", "限时内没有打开"},
	{"%s of %s bytes of sound are there", "音频只有 %s 字节，应有 %s 字节"},
	{"%s sheets that it lists are not there", "目录中有 %s 个工作表不存在"},
	{"slides that it lists are not there", "目录中有幻灯片不存在"},
	{"sheet %s is lost", "工作表 %s 缺失"},
	{"%s blocks of data are lost", "%s 个数据块缺失"},
	{"%s pages of its trees are lost; what they held was looked for in the whole file", "索引树有 %s 页缺失；已在整个文件中寻找其内容"},
	{"%s tables or items are damaged within", "%s 个表或条目内部损坏"},
	{"nothing is left of %s of its items", "其中 %s 个条目已无内容"},
	{"%s items lie in no folder", "%s 个条目不在任何文件夹中"},
	{"page %s %s", "第 %s 页：%s"},
	{"page %s is an image; its text needs OCR", "第 %s 页是图片；文字需要识别"},
	{"pages %s are images; their text needs OCR", "第 %s 页是图片；文字需要识别"},
	{"page %s has no readable letters; its fonts do not say what they show", "第 %s 页没有可读的文字；字体没有说明它们显示什么"},
	{"page %s holds characters that make no text; its fonts do not say what they show", "第 %s 页的字符连不成文字；字体没有说明它们显示什么"},
	{"page %s is damaged", "第 %s 页损坏"},
	{"a page is damaged; the pages before it were read", "有一页损坏；已读取它之前的页"},
	{"a header is damaged; what stands behind it is lost", "一个头部损坏；其后的内容丢失"},
	{"some headers are damaged; the entries behind them were found again", "部分头部损坏；其后的成员已重新找到"},
	{"some of its folders are damaged", "部分文件夹损坏"},
	{"some of its sectors are missing", "部分扇区缺失"},
	{"some of its properties are not whole", "部分属性不完整"},
	{"some properties of an item within it are not whole", "其中一项的部分属性不完整"},
	{"some of the item's values are lost in its mailbox", "该条目的部分内容在邮箱文件中丢失"},
	{"an attachment cannot be had", "一个附件取不到"},
	{"an attachment is not whole", "一个附件不完整"},
	{"an attachment of an embedded item cannot be had", "嵌入项的一个附件取不到"},
	{"an embedded object is damaged", "一个嵌入对象损坏"},
	{"%s embedded objects are no files that are known", "%s 个嵌入对象不是已知的文件"},
	{"something in it is no attribute", "其中有的内容不是属性"},
	{"something stands behind its last attribute", "最后一个属性之后还有内容"},
	{"the checksum of an attribute does not fit", "一个属性的校验和不符"},
	{"the checksum of its header does not fit", "文件头的校验和不符"},
	{"%s do not fit their checksums", "%s 与校验和不符"},
	{"%s is not what its checksum says", "%s 与校验和不符"},
	{"%s ends in the middle of its encoding", "%s 在编码中间结束"},
	{"%s ends in the middle", "%s 在中间结束"},
	{"%s is damaged", "%s 损坏"},
	{"%s broke its reader", "%s 使读取程序崩溃"},
	{"%s took too long", "%s 耗时太长"},
	{"%s took what was left of the time", "%s 用完了剩余的时间"},
	{"%s declares a document type, which is never followed", "%s 声明了文档类型，一律不予解析"},
	{"%s is nested beyond any real document", "%s 的嵌套超出任何真实文档"},
	{"%s unpacks to far more than a real document", "%s 解压后远大于真实文档"},
	{"it is nested beyond any real document", "嵌套超出任何真实文档"},
	{"foreign bytes between the frames were skipped", "跳过了帧之间的无关字节"},
	{"the header's length is wrong; the file's own was taken", "头部写的长度不对，以文件实际长度为准"},
	{"the duration follows from the bit rate, not from a count of frames", "时长按码率推算，不是逐帧计数"},
	// passwords, protection
	{"it is encrypted, and no listed password opens it", "文件有密码，所列密码都打不开"},
	{"it was encrypted and opened with a known password", "文件有密码，已用所列密码打开"},
	{"it is encrypted and damaged", "文件有密码且已损坏"},
	{"it is encrypted and too large to be decrypted", "文件有密码，太大无法解密"},
	{"it is encrypted in a way that is not known", "加密方式未知"},
	{"it is encrypted, and passwords of OpenDocument are not supported", "文件有密码，暂不支持 OpenDocument 的密码"},
	{"what is encrypted in it is no document, workbook or deck", "其中加密的不是文档、工作簿或幻灯片"},
	{"its content is encrypted (S/MIME)", "内容已加密（S/MIME）"},
	{"its content is encrypted", "内容已加密"},
	{"its text is encrypted", "正文已加密"},
	{"it is one volume of a set, and others are missing; put all of them into one folder", "这是分卷之一，缺少其他卷；请把所有卷放进同一个文件夹"},
	{"its bytes are noise, as transparent encryption writes them; have it opened and saved where it was protected", "内容是透明加密写出的乱码；请在加密的环境中打开后另存"},
	{"it is wrapped by %s; have it opened and saved where it was protected", "被 %s 加密包裹；请在加密的环境中打开后另存"},
	{"it is a OneNote section; export it from OneNote as PDF or Word to have it read", "这是 OneNote 分区；请在 OneNote 中导出为 PDF 或 Word 以便读取"},
	{"it is an Axure prototype; publish it as HTML or export it as PDF to have it read", "这是 Axure 原型；请发布为 HTML 或导出为 PDF 以便读取"},
	{"it is an Axure team project; export it as PDF to have it read", "这是 Axure 团队项目；请导出为 PDF 以便读取"},
	{"it is an AutoCAD drawing; export it as PDF to have it read", "这是 AutoCAD 图纸；请导出为 PDF 以便读取"},
	{"it is a Photoshop picture; export it as PDF or PNG to have it read", "这是 Photoshop 图片；请导出为 PDF 或 PNG 以便读取"},
	{"it is an Access database; export its tables as Excel files to have them read", "这是 Access 数据库；请把其中的表导出为 Excel 以便读取"},
	{"a plan of Microsoft Project; export it as PDF or Excel to have its tasks read", "Microsoft Project 计划；请导出为 PDF 或 Excel 以便读取任务"},
	{"a drawing of Visio before 2013; save it as .vsdx or PDF to have its text read", "2013 版以前的 Visio 图；请另存为 .vsdx 或 PDF 以便读取文字"},
	{"a publication of Microsoft Publisher; export it as PDF to have its text read", "Microsoft Publisher 出版物；请导出为 PDF 以便读取文字"},
	{"its reader was killed from outside", "读取程序被外部中止"},
	{"its reader crashed: %s", "读取程序崩溃：%s"},
	{"its reader took more time than limits.seconds allows", "读取超过了 limits.seconds 允许的时间"},
	{"its reader took more memory than limits.memory allows", "读取超过了 limits.memory 允许的内存"},
	{"its reader made room for others", "读取程序为其他程序让出了资源"},
	{"its reader was stopped: %s", "读取程序被中止：%s"},
	{"the containers around it hold more than %s items", "外层的压缩包共有 %s 个以上的条目"},
	{"the containers around it hold more than %s bytes", "外层的压缩包展开后超过 %s 字节"},
	{"%s members are encrypted", "%s 个成员有密码"},
	{"it is protected by a licence and cannot be heard", "受版权许可保护，无法播放"},
	// charsets and dates
	{"some bytes have no meaning in %s", "部分字节在 %s 编码中没有意义"},
	{"some bytes mean nothing in %s", "部分字节在 %s 编码中没有意义"},
	{"some bytes of its text have no meaning in %s", "正文中部分字节在 %s 编码中没有意义"},
	{"some of its text had been read in a wrong charset before it was saved; it was put right", "部分文字在保存前曾按错误的编码读取；已纠正"},
	{"it names a code page in which its characters make no sense; they were read as %s", "所标的代码页读不通；已按 %s 读取"},
	{"it names a code page in which its characters make no sense; they were read as Chinese", "所标的代码页读不通；已按中文读取"},
	{"its text names a code page in which its characters make no sense; it was read as Chinese", "正文所标的代码页读不通；已按中文读取"},
	{"its date has no time zone; UTC is assumed", "日期没有时区；按 UTC 计"},
	{"it says it was written after it was delivered", "所写的日期晚于送达时间"},
	{"the date it says is none", "所写的日期不存在"},
	{"its own date is missing or cannot be read", "自身的日期缺失或无法读取"},
	{"its own date is missing or cannot be read; the mailbox says when it came", "自身的日期缺失或无法读取；以邮箱所记的到达时间为准"},
	{"a time of an event cannot be read", "一个日程的时间无法读取"},
	{"the time zone of an event is known neither by its name nor by its rules; its times are kept as they are written", "一个日程的时区按名称和规则都无法识别；时间照原样保留"},
	{"%s messages have no time that could be read", "%s 条消息没有可读的时间"},
	// what it is, and what was left out
	{"%s characters of it are hidden from its reader and were left out", "有 %s 个字符对读者隐藏，已略去"},
	{"%s pictures that only tell that it was opened were left out", "有 %s 张只用来追踪打开的图片，已略去"},
	{"%s of its attachments lie with a service and are not in the archive", "有 %s 个附件存放在网络服务上，不在档案中"},
	{"%s attachments are only named in it and lie elsewhere", "有 %s 个附件只有名称，存放在别处"},
	{"%s bytes stand before its first mail", "第一封邮件之前有 %s 字节"},
	{"%s links or devices are not followed", "%s 个链接或设备没有跟随"},
	{"%s names lead out of the archive; they are shown under it", "%s 个名称指向压缩包之外；仍列在压缩包之下"},
	{"a folder lies in itself or in two places; it is listed once", "一个文件夹包含自身或出现在两处；只列一次"},
	{"most of it belongs to a UDF file system, which is not read", "大部分属于 UDF 文件系统，不予读取"},
	{"Apple Mail keeps its attachments in a folder beside it, where they are items of their own", "Apple Mail 把附件放在旁边的文件夹中，它们各自是条目"},
	{"an item within it is kept as a mail made of its properties", "其中的一项按其属性还原为邮件保存"},
	{"it is piece %s of %s of a mail that was sent in pieces", "这是分段邮件的第 %s 段，共 %s 段"},
	{"it is a document kept online at %s and not archived; export it there and store the file", "这是保存在 %s 的在线文档，未归档；请在那里导出后存入文件"},
	{"it is of PowerPoint 4, of which only the properties are read", "这是 PowerPoint 4 文件，只读取属性"},
	{"AMR of several channels is not read", "多声道 AMR 不予读取"},
	{"the header promises parts, the body has none", "邮件头称有多个部分，正文中没有"},
	{"the parts are divided by another line than the header says", "各部分的分隔行与邮件头所写不同"},
	{"a quoted field is not closed", "有引号没有闭合"},
	{"sheet %s is hidden in the workbook", "工作表 %s 在工作簿中是隐藏的"},
	{"slide %s is hidden in the show", "第 %s 张幻灯片在放映时隐藏"},
	{"some of its text is hidden in Word; it was read", "部分文字在 Word 中隐藏；已读取"},
	{"the text is the current one; deletions are left out", "正文是当前版本；已略去删除的内容"},
	{"the text is the current one; deletions stand apart", "正文是当前版本；删除的内容另列"},
	{"this is volume %s of a set", "这是分卷的第 %s 卷"},
	{"%s (a folder; nothing in it is walked)", "%s（文件夹；其中的内容不遍历）"},
	{"no mail was found in it", "其中没有找到邮件"},
	{"no entry was found in it", "其中没有找到成员"},
	{"no sound was found in it", "其中没有找到声音"},
	{"no times and texts were found in it", "其中没有找到时间和文字"},
	{"no reader knows it", "没有能读它的程序"},
	{"no reader knows this format", "没有能读这种格式的程序"},
	{"read by the second reader, whose text is poorer", "由备用读取程序读出，文字质量较差"},
	{"the first reader did not start", "首选读取程序没有启动"},
	{"the text that it may show needs OCR", "图中可能有文字，需要文字识别"},
	{"its pages hold no text; what they show needs OCR", "页面没有文字；所显示的内容需要文字识别"},
	{"%s could not be read from pictures", "%s 无法从图片中识别"},
	{"%s read from pictures by %s", "%s 由 %s 从图片中识别"},
}

// sentence is one of the details with what finds it.
type sentence struct {
	form *regexp.Regexp
	zh   []string // around what stands in the sentence
	size int      // of its own words
}

var sentences = sync.OnceValue(func() []sentence {
	var out []sentence
	for _, d := range details {
		parts := strings.Split(d[0], "%s")
		for i, p := range parts {
			parts[i] = regexp.QuoteMeta(p)
		}
		out = append(out, sentence{regexp.MustCompile("^(?s:" + strings.Join(parts, "(.+?)") + ")$"), strings.Split(d[1], "%s"), len(d[0])})
	}
	return out
})

// Detail says in a page's language what a reader said in English. What is not
// known is given as it is: it may be a name, or words of the system.
func Detail(language, detail string) string {
	if language != Chinese || detail == "" {
		return detail
	}
	var best *sentence
	for i, s := range sentences() {
		if (best == nil || s.size > best.size) && s.form.MatchString(detail) {
			best = &sentences()[i]
		}
	}
	if best == nil {
		return detail
	}
	var b strings.Builder
	for i, words := range best.zh {
		if i > 0 {
			b.WriteString(Detail(language, best.form.FindStringSubmatch(detail)[i]))
		}
		b.WriteString(words)
	}
	return b.String()
}
