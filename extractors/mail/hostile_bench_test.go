package mail

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// BenchmarkHostile reads mails that are made to cost much; each is to take less
// than half a second.
func BenchmarkHostile(b *testing.B) {
	top := "From: a@b.example\nSubject: s\n"
	var nested strings.Builder
	nested.WriteString(top)
	for i := range 20000 {
		fmt.Fprintf(&nested, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	for _, c := range []struct{ name, data string }{
		{"nested-20000", nested.String()},
		{"parts-100000", top + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100000) + "--b--\n"},
		{"headers-120000", strings.Repeat("X-A: b\n", 120000) + top + "\nbody"},
		{"folded-600kB", "From: a@b.example\nSubject: s" + strings.Repeat("\n =?utf-8?B?5ZCI5ZCM?=", 30000) + "\n\nbody"},
		{"quotes-100000", top + "\n" + strings.Repeat("> a\nOn 2024 x wrote:\n", 50000)},
		{"blockquotes", top + "Content-Type: text/html\n\n" + strings.Repeat("<blockquote type=cite>a<br>", 100000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := EML.Read(context.Background(), input("a.eml", c.data), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
