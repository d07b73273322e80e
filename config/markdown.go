package config

import (
	"fmt"
	"strings"
)

// Markdown is docs/configuration.md. A test keeps the committed file equal.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Settings 设置\n\n" +
		"<!-- Written from config/options.go by `go test ./config -update`. Do not edit. -->\n\n" +
		"Settings come from, the later ones winning: defaults, the file `guidang.yaml` (in the current directory, or named by `--config`), the\n" +
		"environment, the flags of the command line. `guidang init` writes a commented file, `guidang config show` prints what is in effect and where\n" +
		"each value came from, `guidang config check` says what is wrong.\n\n" +
		"设置依次来自：默认值、文件 `guidang.yaml`（当前目录，或 `--config` 指定）、环境变量、命令行选项，后者优先。`guidang init` 生成带注释的文件，\n" +
		"`guidang config show` 显示生效的值及其来处，`guidang config check` 指出错误。\n\n" +
		"- A key with dots is nested: `log.level` is `level:` below `log:`. `-` counts as `_`. A key that is not known is an error.\n" +
		"- Relative paths in the file are relative to the file's folder, those of environment and flags to the current directory; `~/` is the home directory.\n" +
		"- **size**: a number of bytes, or with a unit: `KiB MiB GiB TiB` and `K M G T` count by 1,024, `KB MB GB TB` by 1,000. **duration**: `500ms`, `2s`, `1m30s`, `1h`.\n" +
		"- A **secret** is never shown or logged. The variable with `_FILE` behind its name names a file that holds it, as container platforms hand secrets out.\n" +
		"- Values that begin with `*` stand in quotes, Windows paths in single quotes: `'D:\\资料'`.\n\n")
	b.WriteString("| key | default | variable, flag | meaning 含义 |\n| --- | --- | --- | --- |\n")
	all := options()
	for i := range all {
		o := &all[i]
		names := "`" + o.env() + "`"
		if o.secret {
			names += " `" + o.env() + envFile + "`"
		}
		if o.flag != "" {
			names += " `--" + o.flag + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", o.key, o.defaultText(), names, o.meaning())
	}
	b.WriteString("\n## Sources 来源\n`sources` is a list. Each source is a path alone, or these keys:\n`sources` 是列表，每项为一个路径，或以下各键：\n\n" +
		"| key | default | meaning 含义 |\n| --- | --- | --- |\n")
	sources := sourceOptions()
	for i := range sources {
		o := &sources[i]
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", o.key, o.defaultText(), o.meaning())
	}
	b.WriteString("\n```yaml\nsources:\n" +
		"  - path: /srv/archive/customers\n    name: 客户资料\n    marker: .mounted\n    skip: [\"临时/**\", \"*.log\"]\n" +
		"  - path: /mnt/recordings\n    name: 会议录音\n    originals: reference\n    schedule: \"0 22 * * 1-5\"\n```\n\n" +
		"What a source leaves out by itself, and how globs are read: [skip-rules.md](skip-rules.md).\n")
	return b.String()
}

func (o *option[T]) defaultText() string {
	switch {
	case o.shown != "":
		return o.shown
	case o.def != "":
		return "`" + o.def + "`"
	}
	return ""
}

func (o *option[T]) meaning() string {
	text := o.en
	switch {
	case len(o.allowed) > 0:
		text += " `" + strings.Join(o.allowed, "` `") + "`."
	case o.secret:
		text += " Secret."
	default:
		text += " (" + string(o.kind) + ")"
	}
	return strings.ReplaceAll(text+"<br>"+o.zh, "|", `\|`)
}
