package config

import (
	"fmt"
	"strings"
)

// Example is the settings file that `guidang init` writes: every setting with
// its default or an example, all of them switched off. A line of text begins
// with "# ", a setting that is switched off with "#" alone.
func Example() string {
	var b strings.Builder
	b.WriteString(`# Settings of Guidang 归档设置
# Take the # away before a setting to change it. 去掉设置前的 # 即可修改。
# Every setting can also come from the environment: listen is GUIDANG_LISTEN, log.level is GUIDANG_LOG_LEVEL.
# 每项也可用环境变量设定：listen 即 GUIDANG_LISTEN，log.level 即 GUIDANG_LOG_LEVEL。
# Relative paths are relative to this file. Save it as UTF-8. 相对路径以本文件所在目录为准；请存为 UTF-8。

# What to pull from. 要拉取的来源。
#sources:
`)
	lead := "#  - "
	options, sources := options(), sourceOptions()
	for i := range sources {
		o := &sources[i]
		explain(&b, "    ", o)
		fmt.Fprintf(&b, "%s%s: %s\n", lead, o.key, o.written())
		lead = "#    "
	}
	section := ""
	for i := range options {
		o := &options[i]
		before := section
		parts := strings.Split(o.key, ".")
		if strings.Join(parts[:len(parts)-1], ".") != before || before == "" {
			b.WriteString("\n")
		}
		indent := nest(&b, &section, o.key, "#")
		explain(&b, indent, o)
		fmt.Fprintf(&b, "#%s%s: %s\n", indent, lastPart(o.key), o.written())
	}
	return b.String()
}

func explain[T any](b *strings.Builder, indent string, o *option[T]) {
	fmt.Fprintf(b, "%s# %s\n%s# %s%s\n", indent, o.zh, indent, o.en, o.choice())
}

// choice tells what may stand there, where the words do not.
func (o *option[T]) choice() string {
	var parts []string
	if len(o.allowed) > 0 {
		parts = append(parts, strings.Join(o.allowed, " | "))
	}
	if o.example != "" && o.def != "" {
		parts = append(parts, "default "+o.def)
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// written is the value that the example file shows.
func (o *option[T]) written() string {
	if o.example != "" {
		return o.example
	}
	return o.def
}
