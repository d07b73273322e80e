package pipeline

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/config"
	"guidang/extractors/document"
)

// Each limit of the settings, from its key to what is said of a file that reaches
// it: what was read before is kept, and the reason is told.
func TestReachingALimit(t *testing.T) {
	t.Parallel()
	nested := zipped(t, "深.txt", "最里面的文字")
	for n := range 4 {
		nested = zipped(t, fmt.Sprintf("%d.txt", n), fmt.Sprintf("第%d层的文字", n), "里.zip", nested)
	}
	var lines strings.Builder // packs to a fifth, and is longer than what the ratio is looked at for
	for n := 0; lines.Len() < 20<<20; n++ {
		fmt.Fprintf(&lines, "line %d of %d\n", n*7919, n*n)
	}
	for _, tt := range []struct {
		name, file, data string
		set              func(*config.Limits)
		read             document.Read // of the document that says so
		reason           document.Reason
		kept, lost       string // "" is not looked for
	}{
		{"depth", "a.zip", nested, func(l *config.Limits) { l.Depth = 2 }, document.None, document.TooDeep, "第2层的文字", "最里面的文字"},
		{"entries", "a.zip", zipped(t, "1.txt", "第一个成员", "2.txt", "第二个成员", "3.txt", "第三个成员"), func(l *config.Limits) { l.Entries = 2 }, document.Partial, document.TooMany, "第二个成员", "第三个成员"},
		{"expanded", "a.zip", zipped(t, "1.txt", "第一个成员", "2.txt", strings.Repeat("多", 2000)), func(l *config.Limits) { l.Expanded = 1000 }, document.None, document.TooLarge, "第一个成员", "多"},
		{"ratio", "a.zip", zipped(t, "1.txt", "第一个成员", "2.txt", lines.String()), func(l *config.Limits) { l.Ratio = 1 }, document.None, document.Bomb, "第一个成员", "line 7919 of 1"},
		{"text", "a.txt", "开头的一段\n" + strings.Repeat("很长的文字\n", 200), func(l *config.Limits) { l.TextBytes = 200 }, document.Partial, document.TooLarge, "开头的一段", ""},
		{"rows", "a.csv", "甲,乙\n一,二\n三,四\n五,六\n", func(l *config.Limits) { l.Rows = 2 }, document.Partial, document.TooMany, "二", "六"},
		{"pixels", "a.gif", "GIF89a\x10\x00\x10\x00\x00\x00\x00,\x00\x00\x00\x00\x10\x00\x10\x00\x00\x02\x02\x44\x01\x00;", func(l *config.Limits) { l.Pixels = 200 }, document.Partial, document.TooLarge, "", ""},
		{"hours", "a.wav", hour(), func(l *config.Limits) { l.Hours = 1 }, document.Partial, document.TooLarge, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			cfg, err := config.Load(config.LoadOptions{Dir: dir, Getenv: func(string) string { return "" }, Environ: []string{}})
			if err != nil {
				t.Fatal(err)
			}
			cfg.Sandbox = "off"
			path := filepath.Join(dir, tt.file)
			if err := os.WriteFile(path, []byte(tt.data), 0o600); err != nil {
				t.Fatal(err)
			}
			read := func() (text string, told []string) {
				t.Helper()
				var all strings.Builder
				err := Extract(t.Context(), cfg, path, func(d *document.Document) error {
					for _, s := range d.Sections {
						all.WriteString(s.Text + "\n")
					}
					if d.Read != document.Full {
						told = append(told, fmt.Sprintf("%s %s", d.Read, d.Reason))
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				return all.String(), told
			}
			if text, told := read(); len(told) > 0 || !strings.Contains(text, tt.kept) || !strings.Contains(text, tt.lost) {
				t.Fatalf("with the defaults: %q", told)
			}
			tt.set(&cfg.Limits)
			text, told := read()
			if want := fmt.Sprintf("%s %s", tt.read, tt.reason); len(told) == 0 || strings.ReplaceAll(strings.Join(told, ""), want, "") != "" {
				t.Errorf("told %q, want %s", told, want)
			}
			if !strings.Contains(text, tt.kept) {
				t.Error("what was read before the limit is lost")
			}
			if tt.lost != "" && strings.Contains(text, tt.lost) {
				t.Error("what lies behind the limit is there")
			}
		})
	}
}

// hour is a recording of 8-bit silence that is a little longer than an hour.
func hour() string {
	const rate = 100
	data := make([]byte, 3700*rate)
	head := make([]byte, 44)
	copy(head, "RIFF")
	binary.LittleEndian.PutUint32(head[4:], uint32(36+len(data)))
	copy(head[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(head[16:], 16)
	binary.LittleEndian.PutUint16(head[20:], 1)
	binary.LittleEndian.PutUint16(head[22:], 1)
	binary.LittleEndian.PutUint32(head[24:], rate)
	binary.LittleEndian.PutUint32(head[28:], rate)
	binary.LittleEndian.PutUint16(head[32:], 1)
	binary.LittleEndian.PutUint16(head[34:], 8)
	copy(head[36:], "data")
	binary.LittleEndian.PutUint32(head[40:], uint32(len(data)))
	return string(head) + string(data)
}
