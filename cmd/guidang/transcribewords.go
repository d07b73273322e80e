package main

// transcribeWords are what is said about transcribing.
var transcribeWords = map[string]words{
	"transcribe.short": {"Recording to transcript", "录音转写为文字"},
	"transcribe.long": {"Prints the transcript of a recording: the one that lies beside it, or what a service or the\nlocal engine hears (transcribe.endpoints, `guidang engines install`). A command that was\nstopped goes on at the next part. A transcript in any form is printed in another one.",
		"打印录音的转写：取旁边的转写文件，否则由转写服务或本地引擎听写（transcribe.endpoints、\n`guidang engines install`）。中断后再次运行会从下一段继续。也可把任何形式的转写换一种格式打印。"},
	"transcribe.exit.3":      {"the recording is damaged or too long; what could be heard was printed", "录音损坏或过长；已打印能听出的部分"},
	"transcribe.flag.vtt":    {"print WebVTT", "打印 WebVTT 字幕"},
	"transcribe.flag.srt":    {"print SubRip", "打印 SRT 字幕"},
	"transcribe.flag.text":   {"print what was said and nothing else", "只打印说话内容"},
	"transcribe.flag.engine": {"hear the recording also when a transcript lies beside it", "旁边有转写文件时也重新听写"},
	"transcribe.none":        {"%s is a recording without a transcript, and there is no transcriber: `guidang engines install` brings a local one, transcribe.endpoints names a service, or put a .vtt, .srt, .json or .txt of the same name beside it", "%s 是没有转写的录音，且没有可用的转写引擎：运行 `guidang engines install` 安装本地引擎，或在 transcribe.endpoints 中指定服务，或在同一文件夹放置同名的 .vtt、.srt、.json 或 .txt"},
	"transcribe.tool":        {"%s is decoded by ffmpeg, which was not found; install it (Debian and Ubuntu: apt install ffmpeg)", "%s 需要 ffmpeg 解码，但没有找到；请安装（Debian、Ubuntu：apt install ffmpeg）"},
	"transcribe.sound":       {"the sound of %s cannot be read: %v", "无法读取 %s 的声音：%v"},
	"transcribe.unavailable": {"%s could not be transcribed: %v. What was heard is kept; run the command again to go on", "%s 未能转写：%v。已听写的部分已保存；再次运行即可继续"},
	"transcribe.damaged":     {"%s is not all there: %v", "%s 不完整：%v"},
	"transcribe.silent":      {"Nobody speaks in it.", "录音中无人说话。"},
	"transcribe.low":         {"Low quality: the engine was unsure in many places.", "转写质量低：引擎在多处没有把握。"},

	"ingest.speech":                 {" · transcribing %s of %s", " · 转写第 %s 个，共 %s 个"},
	"status.speech":                 {"transcription", "转写"},
	"status.speech.spent":           {"%.1f min this night", "本夜 %.1f 分钟"},
	"status.speech.of":              {" of %.0f", "（上限 %.0f）"},
	"status.speech.money":           {" · cost %.2f", " · 花费 %.2f"},
	"doctor.transcriber":            {"transcriber", "转写服务"},
	"doctor.transcriber.ok":         {"%s answers", "%s 有应答"},
	"doctor.transcriber.no":         {"%s: %v", "%s：%v"},
	"doctor.transcriber.advice":     {"check its address, its key and whether it runs; until then recordings wait", "请检查其地址、密钥以及是否在运行；在此之前录音处于等待状态"},
	"doctor.transcriber.none":       {"no endpoint is named", "未指定服务"},
	"doctor.transcriber.add":        {"the local engine transcribes, if it is installed; transcribe.endpoints names a better one", "由本地引擎转写（若已安装）；更好的服务可在 transcribe.endpoints 中指定"},
	"doctor.transcriber.off":        {"no endpoint is named and transcribe.local is off", "未指定服务，且 transcribe.local 为 off"},
	"doctor.transcriber.off.advice": {"recordings without a transcript wait", "没有转写的录音处于等待状态"},
}
