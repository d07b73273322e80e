package config

import "strings"

// kind is what a setting's text means.
type kind string

const (
	kindString   kind = "text"
	kindPath     kind = "path"
	kindEnum     kind = "one of"
	kindInt      kind = "number"
	kindSize     kind = "size"
	kindDuration kind = "duration"
	kindBool     kind = "yes or no"
	kindList     kind = "list"
	kindCron     kind = "cron"
	kindZone     kind = "time zone"
	kindAddress  kind = "address"
	kindURL      kind = "URL"
)

// option is one setting. T is what holds it: a Config or a Source.
type option[T any] struct {
	key     string   // in the file, parts joined by "."
	flag    string   // of the command line; empty: none
	kind    kind     // what its text means
	allowed []string // of an enum
	least   int64    // of a number or a size
	secret  bool     // never shown; may come from a file named by <env>_FILE
	def     string   // as it would stand in the file
	shown   string   // what docs say of the default, where it depends on the machine
	example string   // for the example file, where the default says nothing
	en, zh  string
	field   func(*T) any
}

// env is the variable of the environment that sets the option.
func (o *option[T]) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(o.key, ".", "_"))
}

const (
	envPrefix = "GUIDANG_"
	envFile   = "_FILE" // after the name of a secret: the file that holds it
)

// options is the table of all settings but the sources, in the order of the
// example file and the docs. A nested key is its parts joined by ".".
func options() []option[Config] {
	return []option[Config]{
		{key: "data", flag: "data", kind: kindPath, def: "guidang-data", shown: "guidang-data beside the settings file",
			en: "Data directory: ledger, originals and index.", zh: "数据目录：台账、原件和索引。",
			field: func(c *Config) any { return &c.Data }},
		{key: "originals", kind: kindEnum, allowed: []string{"auto", "copy", "reference"}, def: "auto",
			en: "How originals are kept: copy them, reference them where they lie (only their hash is kept), or auto: only large audio and video is referenced.",
			zh: "原件的保存方式：copy 复制，reference 留在原处只记哈希，auto 仅大的音视频留在原处。", field: func(c *Config) any { return &c.Originals }},
		{key: "originals_reference_over", kind: kindSize, def: "64MiB",
			en: "With originals: auto, audio and video larger than this is referenced.", zh: "originals 为 auto 时，超过此大小的音视频留在原处。",
			field: func(c *Config) any { return &c.OriginalsReferenceOver }},
		{key: "settle_time", kind: kindDuration, def: "2s",
			en: "A file changed less than this ago may still be being written: it is waited for.", zh: "文件最后改动后须静置这么久才读取，以免读到写了一半的文件。",
			field: func(c *Config) any { return &c.SettleTime }},
		{key: "workers", flag: "workers", kind: kindInt, def: "0", shown: "0: as many as the machine has CPUs",
			en: "Items read at the same time; 0: as many as the machine has CPUs.", zh: "同时读取的条目数；0 为 CPU 个数。",
			field: func(c *Config) any { return &c.Workers }},
		{key: "schedule", kind: kindCron, example: `"30 1 * * *"`,
			en: "When all sources are pulled, as a cron expression (minute hour day month weekday); empty: only by hand.", zh: "全部来源的定时拉取（cron：分 时 日 月 周）；空则只手动。",
			field: func(c *Config) any { return &c.Schedule }},
		{key: "time_zone", kind: kindZone, def: "Local", example: "Asia/Shanghai",
			en: "Time zone of the schedule and of dates without one.", zh: "定时与无时区日期所用的时区。",
			field: func(c *Config) any { return &c.TimeZone }},
		{key: "language", flag: "language", kind: kindEnum, allowed: []string{"auto", "zh", "en"}, def: "auto",
			en: "Language of the pages; auto: the browser's.", zh: "页面语言；auto 随浏览器。",
			field: func(c *Config) any { return &c.Language }},
		{key: "listen", flag: "listen", kind: kindAddress, def: "127.0.0.1:8080",
			en: "Address of the pages and the API.", zh: "页面与接口的监听地址。",
			field: func(c *Config) any { return &c.Listen }},
		{key: "limits.depth", kind: kindInt, least: 1, def: "16",
			en: "Containers within containers.", zh: "容器嵌套的最大层数。",
			field: func(c *Config) any { return &c.Limits.Depth }},
		{key: "limits.entries", kind: kindInt, least: 1, def: "1000000",
			en: "Children of one container, and of all containers that lie in one original.", zh: "单个容器内的最多条目数，也是一个原件内各层容器的总数。",
			field: func(c *Config) any { return &c.Limits.Entries }},
		{key: "limits.expanded", kind: kindSize, least: 1, def: "64GiB",
			en: "Bytes that one container may unpack to, and all containers that lie in one original.", zh: "单个容器解开后的最大字节数，也是一个原件内各层容器的总数。",
			field: func(c *Config) any { return &c.Limits.Expanded }},
		{key: "limits.ratio", kind: kindInt, least: 1, def: "200",
			en: "Unpacked to packed bytes; more is taken for a bomb.", zh: "解压比上限，超过视为压缩炸弹。",
			field: func(c *Config) any { return &c.Limits.Ratio }},
		{key: "limits.text_bytes", kind: kindSize, least: 1, def: "64MiB",
			en: "Text of one document.", zh: "单个文档的最大文本量。",
			field: func(c *Config) any { return &c.Limits.TextBytes }},
		{key: "limits.pages", kind: kindInt, least: 1, def: "20000",
			en: "Pages of one document.", zh: "单个文档的最多页数。",
			field: func(c *Config) any { return &c.Limits.Pages }},
		{key: "limits.rows", kind: kindInt, least: 1, def: "5000000",
			en: "Rows of one workbook.", zh: "单个工作簿的最多行数。",
			field: func(c *Config) any { return &c.Limits.Rows }},
		{key: "limits.pixels", kind: kindInt, least: 1, def: "250000000",
			en: "Pixels of one picture; what a larger one shows is not looked at.", zh: "单张图片的最多像素；更大的图片不识别其内容。",
			field: func(c *Config) any { return &c.Limits.Pixels }},
		{key: "limits.hours", kind: kindInt, least: 1, def: "24",
			en: "Hours of one recording; a longer one is kept and told, but not transcribed.", zh: "单个录音的最长小时数；更长的录音照样保存并说明，但不转写。",
			field: func(c *Config) any { return &c.Limits.Hours }},
		{key: "limits.seconds", kind: kindInt, least: 1, def: "25",
			en: "Seconds of computing that reading one original may take, and 2 more for every MiB of it; only with the sandbox.", zh: "读取单个原件的最多计算秒数，每 MiB 另加 2 秒；仅在沙箱中有效。",
			field: func(c *Config) any { return &c.Reader.Seconds }},
		{key: "limits.memory", kind: kindSize, least: 128 << 20, def: "320MiB",
			en: "Memory of one process that reads originals; all together hold at most this and 64 MiB for each further worker. Only with the sandbox.", zh: "单个读取进程的内存上限；全部进程合计不超过此数加每个其余工作进程 64 MiB。仅在沙箱中有效。",
			field: func(c *Config) any { return &c.Reader.Memory }},
		{key: "sandbox", kind: kindEnum, allowed: []string{"auto", "on", "off"}, def: "auto",
			en: "Read originals in processes of their own, so that a hostile file harms nothing; auto: on.", zh: "在独立进程中读取原件，使恶意文件无从为害；auto 即启用。",
			field: func(c *Config) any { return &c.Sandbox }},
		{key: "passwords", kind: kindList, secret: true, example: `["公司旧密码", "2019"]`,
			en: "Passwords tried on encrypted files, in this order. In the environment or its file: one a line.", zh: "依次尝试的文件密码。用环境变量或其文件时一行一个。",
			field: func(c *Config) any { return &c.Passwords }},
		{key: "terms.glossary", kind: kindPath, example: "术语.txt",
			en: "File of terms that count as key terms, one a line; with = between them, words of one meaning, which a search takes for each other (UAT = 用户验收测试).", zh: "术语表文件，一行一词；同义词用 = 相连，搜索时互通（UAT = 用户验收测试）。",
			field: func(c *Config) any { return &c.Terms.Glossary }},
		{key: "terms.tags", kind: kindPath, example: "标签.yaml",
			en: "File of rules that set tags, in the form that docs/tags.md shows; `guidang config check` tries its examples.", zh: "按规则加标签的文件，格式见 docs/tags.md；`guidang config check` 会检验其中的例子。",
			field: func(c *Config) any { return &c.Terms.Tags }},
		{key: "ocr.program", kind: kindString, def: "auto",
			en: "Program that reads the text in pictures and scanned pages: auto (tesseract, where it is found and readers work in processes of their own), off, or where tesseract lies.", zh: "识别图片与扫描页文字的程序：auto（找到 tesseract 且在独立进程中读取时使用）、off 关闭，或 tesseract 的路径。",
			field: func(c *Config) any { return &c.OCR.Program }},
		{key: "ocr.languages", kind: kindString, example: "chi_sim, eng",
			en: "Its models, the commonest first; empty: chi_sim, chi_tra and eng, as far as they are installed.", zh: "所用的语言模型，常用者在前；空则为已安装的 chi_sim、chi_tra、eng。",
			field: func(c *Config) any { return &c.OCR.Languages }},
		{key: "ocr.minutes", kind: kindInt, def: "30",
			en: "Minutes that an `ingest` started by hand reads pictures, when everything else can be found already; the night goes on where it stopped. 0: to the end, which are seconds a page.", zh: "手工运行 `ingest` 时，在其余内容均可检索之后，识别图片最多用的分钟数；未完部分由夜间任务接着做。0 为一直做完（每页数秒）。",
			field: func(c *Config) any { return &c.OCR.Minutes }},
		{key: "transcribe.endpoints", kind: kindList, example: `["http://10.0.0.5:8000/v1 model=large-v3 weight=2 concurrency=2"]`,
			en:    "Services that transcribe, any that answers OpenAI's /v1/audio/transcriptions: an address each, with model= key_env= key_file= weight= concurrency= per_minute= price= hotwords= behind it (docs/transcribing.md). In the environment: one a line.",
			zh:    "转写服务，凡兼容 OpenAI /v1/audio/transcriptions 的均可：每项一个地址，其后可写 model= key_env= key_file= weight= concurrency= per_minute= price= hotwords=（见 docs/transcribing.md）。用环境变量时一行一个。",
			field: func(c *Config) any { return &c.Transcribe.Endpoints }},
		{key: "transcribe.key", kind: kindString, secret: true, example: "secret",
			en: "API key of the endpoints that name none of their own.", zh: "未单独指定密钥的服务所用的 API 密钥。",
			field: func(c *Config) any { return &c.Transcribe.Key }},
		{key: "transcribe.local", kind: kindEnum, allowed: []string{"auto", "on", "off"}, def: "auto",
			en: "Whether the local engine transcribes; auto: when no endpoint is named.", zh: "是否用本地引擎转写；auto 为未指定服务时使用。",
			field: func(c *Config) any { return &c.Transcribe.Local }},
		{key: "transcribe.languages", kind: kindString, def: "zh, en",
			en: "Languages that are spoken, the commonest first. One alone is told to the service; zh-Hant keeps traditional characters; empty: any.", zh: "所说的语言，常用者在前。只有一种时直接告知服务；zh-Hant 保留繁体；空为不限。",
			field: func(c *Config) any { return &c.Transcribe.Languages }},
		{key: "transcribe.prompt", kind: kindString, example: "软件公司的项目例会。",
			en: "Sentence that goes with every part of a recording, before the terms of terms.glossary.", zh: "随每段录音发送的提示语，其后附上 terms.glossary 中的术语。",
			field: func(c *Config) any { return &c.Transcribe.Prompt }},
		{key: "transcribe.part_seconds", kind: kindInt, least: 10, def: "28",
			en: "Longest part of a recording that is sent at once, in seconds; at most 900. Whisper hears 30 seconds at once; longer parts cost fewer requests and more errors.", zh: "一次发送的录音最长秒数，至多 900。Whisper 一次听 30 秒；段长则请求少而错误多。",
			field: func(c *Config) any { return &c.Transcribe.PartSeconds }},
		{key: "transcribe.part_size", kind: kindSize, least: 1 << 20, def: "20MiB",
			en: "Largest part; a minute is 1.9 MB.", zh: "一次发送的最大字节数；一分钟为 1.9 MB。",
			field: func(c *Config) any { return &c.Transcribe.PartSize }},
		{key: "transcribe.timeout", kind: kindDuration, def: "15m",
			en: "How long one request may take.", zh: "单次请求的时限。",
			field: func(c *Config) any { return &c.Transcribe.Timeout }},
		{key: "transcribe.budget_minutes", kind: kindInt, def: "0",
			en: "Minutes of sound that are sent in one night (noon to noon); 0: no limit. Work stops before it is more and goes on the next night.", zh: "一夜（正午至正午）最多发送的录音分钟数；0 为不限。将超出时停止，次夜继续。",
			field: func(c *Config) any { return &c.Transcribe.BudgetMinutes }},
		{key: "transcribe.budget_money", kind: kindInt, def: "0",
			en: "What one night may cost, in the money of the endpoints' price=, which is for a minute; 0: no limit.", zh: "一夜最多的花费，币种同各服务的 price=（每分钟价格）；0 为不限。",
			field: func(c *Config) any { return &c.Transcribe.BudgetMoney }},
		{key: "names.pattern", kind: kindString, def: "{project}_{type}_{date}_v{version}", example: `"{project}_{title}_{date}"`,
			en: "Rule of file names that `names check` goes by; parts are {project} {type} {date} {version} {title}.", zh: "`names check` 所用的文件命名规则；可用部分为 {project} {type} {date} {version} {title}。",
			field: func(c *Config) any { return &c.Names.Pattern }},
		{key: "minutes.summary_chars", kind: kindInt, def: "0",
			en: "Length of a summary in characters; 0: 300 characters of Chinese, 150 words of English.", zh: "纪要摘要的字数；0 为中文 300 字、英文 150 词。",
			field: func(c *Config) any { return &c.Minutes.SummaryChars }},
		{key: "minutes.holidays", kind: kindPath, example: "节假日.txt",
			en: "File of next year's public holidays and worked weekends, for due dates; the form is in docs/minutes.md.", zh: "次年节假日与调休文件，用于推算期限；格式见 docs/minutes.md。",
			field: func(c *Config) any { return &c.Minutes.Holidays }},
		{key: "minutes.model.url", kind: kindURL, example: "http://127.0.0.1:11434/v1",
			en: "Address of an OpenAI-compatible chat service that writes the minutes; empty: they are made offline, without a model.", zh: "撰写纪要的 OpenAI 兼容对话服务地址；空则离线生成，不用模型。",
			field: func(c *Config) any { return &c.Minutes.Model.URL }},
		{key: "minutes.model.name", kind: kindString, example: "qwen3:14b",
			en: "Its model.", zh: "所用模型。",
			field: func(c *Config) any { return &c.Minutes.Model.Name }},
		{key: "minutes.model.key", kind: kindString, secret: true, example: "secret",
			en: "Its API key.", zh: "其 API 密钥。",
			field: func(c *Config) any { return &c.Minutes.Model.Key }},
		{key: "minutes.model.context_tokens", kind: kindInt, least: 2000, def: "16000",
			en: "Tokens that the model reads at once; longer meetings are sent in parts.", zh: "模型一次可读的 token 数；更长的会议分段发送。",
			field: func(c *Config) any { return &c.Minutes.Model.ContextTokens }},
		{key: "minutes.model.output_tokens", kind: kindInt, least: 200, def: "4000",
			en: "Tokens of one answer, thinking included.", zh: "一次回答的 token 数，含思考。",
			field: func(c *Config) any { return &c.Minutes.Model.OutputTokens }},
		{key: "minutes.model.budget", kind: kindInt, def: "0",
			en: "Tokens that one run of the program may use; beyond them minutes are made offline. 0: no limit.", zh: "程序一次运行可用的 token 总数，超出后离线生成；0 为不限。",
			field: func(c *Config) any { return &c.Minutes.Model.Budget }},
		{key: "minutes.model.concurrency", kind: kindInt, least: 1, def: "2",
			en: "Requests at the same time.", zh: "同时请求数。",
			field: func(c *Config) any { return &c.Minutes.Model.Concurrency }},
		{key: "minutes.model.timeout", kind: kindDuration, def: "3m",
			en: "How long one request may take.", zh: "单次请求的时限。",
			field: func(c *Config) any { return &c.Minutes.Model.Timeout }},
		{key: "minutes.model.templates", kind: kindPath, example: "纪要模板",
			en: "Folder of your own templates, one a kind of meeting (*.txt); the form is in docs/minutes.md.", zh: "自有纪要模板文件夹，每类会议一个 .txt；格式见 docs/minutes.md。",
			field: func(c *Config) any { return &c.Minutes.Model.Templates }},
		{key: "review.template", kind: kindPath, example: "应有文件.yaml",
			en: "File that says which documents a project must have, by kind and phase; the form is in docs/review.md.", zh: "各类项目各阶段应有文件的清单；格式见 docs/review.md。",
			field: func(c *Config) any { return &c.Review.Template }},
		{key: "notify.webhook", kind: kindURL, secret: true, example: "https://oapi.dingtalk.com/robot/send?access_token=…",
			en: "Incoming webhook of a group (DingTalk, Feishu, WeCom, Slack or alike): after each scheduled run it is told how much waits for whom, no more than numbers and names of those responsible.", zh: "群机器人地址（钉钉、飞书、企业微信、Slack 等）：每次定时批次后告知各责任人待处理的项数，只有数目与责任人姓名。",
			field: func(c *Config) any { return &c.Notify.Webhook }},
		{key: "notify.mail.server", kind: kindString, example: "smtp://mail.example.com:587",
			en: "Server by which those responsible are sent what their projects lack: smtp:// (encrypted where it offers that) or smtps://.", zh: "向责任人寄发缺失清单所用的邮件服务器：smtp://（可加密时加密）或 smtps://。",
			field: func(c *Config) any { return &c.Notify.Server }},
		{key: "notify.mail.from", kind: kindString, example: "guidang@example.com",
			en: "Sender of these mails. They go to addresses of its domain only.", zh: "发件人。邮件只寄往同一域名的地址。",
			field: func(c *Config) any { return &c.Notify.From }},
		{key: "notify.mail.user", kind: kindString, example: "guidang",
			en: "User at that server; empty: it asks for none.", zh: "邮件服务器用户名；空则不登录。",
			field: func(c *Config) any { return &c.Notify.User }},
		{key: "notify.mail.password", kind: kindString, secret: true, example: "secret",
			en: "Its password; said over encrypted connections only.", zh: "其密码，只在加密连接上使用。",
			field: func(c *Config) any { return &c.Notify.Password }},
		{key: "notify.link", kind: kindURL, example: "http://archive.example.com:8080",
			en: "Address of the pages as people reach them, for links in what they are told.", zh: "同事访问页面的地址，用于通知中的链接。",
			field: func(c *Config) any { return &c.Notify.Link }},
		{key: "index.engine", flag: "index-engine", kind: kindEnum, allowed: []string{"embedded", "meilisearch", "both"}, def: "embedded",
			en: "The search index: embedded in the program, a Meilisearch server, or both while going from one to the other (docs/operating.md).", zh: "搜索索引：内置，或 Meilisearch 服务器；both 用于两者之间的平滑切换（docs/operating.md）。",
			field: func(c *Config) any { return &c.Index.Engine }},
		{key: "index.meilisearch.url", kind: kindURL, example: "http://127.0.0.1:7700",
			en: "Address of the Meilisearch server.", zh: "Meilisearch 服务器地址。",
			field: func(c *Config) any { return &c.Index.Meilisearch.URL }},
		{key: "index.meilisearch.key", kind: kindString, secret: true, example: "secret",
			en: "Its master key, of which a key with few rights is made once, or such a key.", zh: "主密钥（首次使用时据此生成一个最小权限的密钥），或直接给出该密钥。",
			field: func(c *Config) any { return &c.Index.Meilisearch.Key }},
		{key: "index.meilisearch.key_uid", kind: kindString, example: "6062abda-a5aa-4414-ac91-ecd7944c0f8d",
			en: "The uid of a key that is no master key, so that each search can carry a token of its own.", zh: "非主密钥的 uid，用于为每次搜索签发令牌。",
			field: func(c *Config) any { return &c.Index.Meilisearch.KeyUID }},
		{key: "index.meilisearch.prefix", kind: kindString, def: "gd",
			en: "Beginning of the names of our indexes on it: letters, digits, - and _.", zh: "我方索引名的前缀：字母、数字、- 和 _。",
			field: func(c *Config) any { return &c.Index.Meilisearch.Prefix }},
		{key: "engines.model", kind: kindString, example: "sense-voice",
			en: "Model of the local engine that transcribes; empty: the one installed last (`guidang engines status` lists them).", zh: "本地引擎转写所用的模型；空则用最近安装的（`guidang engines status` 可列出）。",
			field: func(c *Config) any { return &c.Engines.Model }},
		{key: "engines.threads", kind: kindInt, def: "0", shown: "0: as many as the machine has CPUs, at most 4",
			en: "Threads of the local engine; 0: as many as the machine has CPUs, at most 4.", zh: "本地引擎的线程数；0 为 CPU 个数，至多 4。",
			field: func(c *Config) any { return &c.Engines.Threads }},
		{key: "engines.memory", kind: kindSize, least: 256 << 20, def: "4GiB",
			en: "Memory that the local engine may hold; beyond it, it is stopped and started anew. Watched on Linux only.", zh: "本地引擎的内存上限，超过则停止并重启；仅在 Linux 上监视。",
			field: func(c *Config) any { return &c.Engines.Memory }},
		{key: "engines.idle", kind: kindDuration, def: "5m",
			en: "The local engine is stopped when nobody has wanted it for so long.", zh: "本地引擎闲置这么久后停止。",
			field: func(c *Config) any { return &c.Engines.Idle }},
		{key: "engines.command", kind: kindList, example: `["speech-server", "--host", "127.0.0.1", "--port", "{port}"]`,
			en: "Another program that serves OpenAI's /v1/audio/transcriptions, started in place of the local engine; {port} and {key} are filled in, and stand in GUIDANG_ENGINE_PORT and GUIDANG_ENGINE_KEY too.", zh: "代替本地引擎启动的、提供 OpenAI /v1/audio/transcriptions 协议的程序；其中 {port} 与 {key} 会被填入，也在环境变量 GUIDANG_ENGINE_PORT 与 GUIDANG_ENGINE_KEY 中。",
			field: func(c *Config) any { return &c.Engines.Command }},
		{key: "engines.python", kind: kindString, example: "/usr/bin/python3.12",
			en: "Python (3.10 or later) to install the local engine with; empty: the best that is found.", zh: "安装本地引擎所用的 Python（3.10 及以上）；空则自动寻找。",
			field: func(c *Config) any { return &c.Engines.Python }},
		{key: "engines.index", kind: kindURL, example: "https://pypi.tuna.tsinghua.edu.cn/simple",
			en: "Index of Python packages to install from; empty: what pip is set to.", zh: "Python 软件包索引；空则用 pip 自身的设置。",
			field: func(c *Config) any { return &c.Engines.Index }},
		{key: "engines.hub", kind: kindURL, def: "https://huggingface.co", example: "https://hf-mirror.com",
			en: "Hub of models, or a mirror of it; for models other than whisper-base.", zh: "模型库或其镜像；whisper-base 之外的模型由此下载。",
			field: func(c *Config) any { return &c.Engines.Hub }},
		{key: "disk.min_free", kind: kindSize, def: "1GiB",
			en: "Work stops before less than this is free where the data directory lies.", zh: "数据目录所在磁盘剩余不足此数时停止工作。",
			field: func(c *Config) any { return &c.Disk.MinFree }},
		{key: "log.level", flag: "log-level", kind: kindEnum, allowed: []string{"debug", "info", "warn", "error"}, def: "info",
			en: "What the log tells.", zh: "日志级别。",
			field: func(c *Config) any { return &c.Log.Level }},
	}
}

// sourceOptions is the table of the keys of one source. They are set in the
// file alone: a list has no good form in the environment.
func sourceOptions() []option[Source] {
	return []option[Source]{
		{key: "path", kind: kindPath, example: "/srv/archive/customers",
			en: "Folder (or one file) to pull from.", zh: "要拉取的文件夹（或单个文件）。",
			field: func(s *Source) any { return &s.Path }},
		{key: "name", kind: kindString, shown: "the last part of path", example: "客户资料",
			en: "Name of the source, unique. Items are known under it: do not change it later.", zh: "来源名称，不可重复；条目以它为准，日后勿改。",
			field: func(s *Source) any { return &s.Name }},
		{key: "originals", kind: kindEnum, allowed: []string{"auto", "copy", "reference"}, shown: "as for all", example: "copy",
			en: "As originals above, for this source.", zh: "同上 originals，仅对此来源。",
			field: func(s *Source) any { return &s.Originals }},
		{key: "schedule", kind: kindCron, shown: "as for all", example: `"30 1 * * *"`,
			en: "As schedule above, for this source.", zh: "同上 schedule，仅对此来源。",
			field: func(s *Source) any { return &s.Schedule }},
		{key: "marker", kind: kindString, example: ".mounted",
			en: "Name of a file that must lie in the folder; without it the source counts as not mounted, and nothing in it as gone.", zh: "根目录中必须存在的文件名；没有它即视为未挂载，不会把条目当作消失。",
			field: func(s *Source) any { return &s.Marker }},
		{key: "skip", kind: kindList, example: `["临时/**", "*.bak"]`,
			en: "Globs of what is left out; `*` stays within a folder, `**` does not.", zh: "要略过的通配；`*` 不跨文件夹，`**` 跨。",
			field: func(s *Source) any { return &s.Skip }},
		{key: "trees", kind: kindBool, def: "no",
			en: "Walk into software source trees too.", zh: "软件源码目录也进入。",
			field: func(s *Source) any { return &s.Trees }},
	}
}
