package hostile

import (
	"bytes"
	"unicode/utf16"
)

// texts are plain text, and files without any.
func texts() []File {
	return []File{
		{Class: "one line of megabytes", Name: "text/line.txt", Want: []string{"indexed"}, Finds: "长行末尾", Make: text(repeat("没有换行", 200_000) + "长行末尾")},
		{Class: "bytes that are no characters", Name: "text/invalid.txt", Want: []string{"indexed"}, Finds: "中间有乱码", Make: text("开头\xff\xfe\xc3中间有乱码\xed\xa0\x80\xf5结尾 " + repeat("正常的文字。", 50))},
		{Class: "UTF-16 without a mark", Name: "text/utf16.txt", Want: []string{"indexed"}, Finds: "没有标记", Make: fixed(func() []byte {
			var b []byte
			for _, u := range utf16.Encode([]rune("没有标记的文字，合同金额为三十五万元。\r\n" + repeat("Ordinary text of an office.\r\n", 20))) {
				b = le.AppendUint16(b, u)
			}
			return b
		})},
		{Class: "NUL and control characters", Name: "text/control.txt", Want: []string{"indexed", "skipped unsupported"}, Make: text("控制字符\x00\x01\x1b[2J\x1b]0;title\x07\x7f结尾。" + repeat("正常的文字。", 50))},
		{Class: "hundred thousand marks on one letter", Name: "text/marks.txt", Want: []string{"indexed"}, Finds: "堆叠之后", Make: text("a" + repeat("\u0301\u0327", 50_000) + " 堆叠之后的文字")},
		{Class: "text that reads backwards", Name: "text/bidi.txt", Want: []string{"indexed"}, Finds: "倒着读", Make: text("倒着读\u202e 合同\u2066金额\u2069\u200f 结尾\u202d")},
		{Class: "letters that look like others, and none", Name: "text/zero.txt", Want: []string{"indexed"}, Finds: "零宽字符", Make: text("零\u200b宽\u200d字\ufeff符 раypal ｆｕｌｌｗｉｄｔｈ")},
		{Class: "text that kills patterns that go back", Name: "text/patterns.txt", Want: []string{"indexed"}, Finds: "回溯之后", Make: text(repeat("a", 50_000) + "!" + repeat("(a+)+$ ", 5000) + repeat("1,", 50_000) + repeat("2023-", 20_000) + " 回溯之后的文字")},
		{Class: "text full of secrets", Name: "text/secrets.txt", Want: []string{"indexed"}, Finds: "数据库口令", Make: text("数据库口令 password=HOSTILE-CANARY-1234 AKIAIOSFODNN7EXAMPLE -----BEGIN PRIVATE KEY-----")},
		{Class: "no bytes at all", Name: "text/nothing.txt", Want: []string{"skipped empty", "duplicate-of"}, Make: fixed(func() []byte { return nil })},
		{Class: "script in UTF-7", Name: "text/utf7.html", Want: []string{"indexed"}, Make: text("<html><body>+ADw-script+AD4-alert(1)+ADw-/script+AD4- plain</body></html>")},
		{Class: "only line breaks", Name: "text/blank.txt", Want: []string{"indexed", "skipped empty", "skipped unsupported"}, Make: text(repeat("\n", 2_000_000))},
		{Class: "transcript of a hundred thousand speakers", Name: "text/speakers.txt", Want: []string{"indexed", "partial too-many"}, Make: fixed(func() []byte {
			var b bytes.Buffer
			for n := range 50_000 {
				b.WriteString("[00:00:01] 人" + number(n) + "：好\n")
			}
			return b.Bytes()
		})},
		{Class: "noise", Name: "text/noise.bin", Want: []string{"skipped unsupported"}, Make: fixed(func() []byte { return noise(17, 100_000) })},
		{Class: "name that would run as a command", Name: "text/$(touch " + Marker + "-10);`reboot` & 'x'.txt", Want: []string{"indexed"}, Finds: "名字是命令", Make: text("名字是命令的文件")},
		{Class: "name that reads backwards", Name: "text/合同\u202etxt.exe", Want: []string{"skipped installer"}, Make: text("名字倒着读的文件。" + repeat("正常的文字。", 10))},
		{Class: "name that is an option", Name: "text/--help", Want: []string{"indexed"}, Finds: "名字是选项", Make: text("名字是选项的文件。" + repeat("正常的文字。", 10))},
	}
}
