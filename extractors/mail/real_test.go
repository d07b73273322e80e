package mail

import (
	"bytes"
	"context"
	"os"
	"runtime/debug"
	"testing"

	"guidang/extractors/document"
)

// BenchmarkRealMbox reads a mailbox of real mails, every mail with its text, people
// and attachments, on one core. The mailbox is named in GUIDANG_MBOX; the figures
// in docs/performance.md are from archives of public mailing lists.
func BenchmarkRealMbox(b *testing.B) {
	name := os.Getenv("GUIDANG_MBOX")
	if name == "" {
		b.Skip("GUIDANG_MBOX names no mailbox")
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(st.Size())
	defer debug.SetGCPercent(debug.SetGCPercent(150)) // as in the children that read
	mails := 0
	for b.Loop() {
		in := &document.Input{Name: name, Size: st.Size(), Bytes: f, Limits: document.Limits{}.WithDefaults()}
		_, err := Mbox.Read(context.Background(), in, func(c *document.Child) error {
			mails++
			r, ok := c.Content.(*bytes.Reader)
			if !ok {
				return nil // beyond what is held in memory
			}
			_, err := EML.Read(context.Background(), &document.Input{Name: c.Name, Size: r.Size(), Bytes: r, Depth: 1}, func(*document.Child) error { return nil })
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(mails)/b.Elapsed().Seconds(), "mails/s")
	if rss := peakMemory(); rss > 0 {
		b.ReportMetric(rss, "peak-MB")
	}
}

// peakMemory is the most that this process held, in megabytes, where the system
// tells it.
func peakMemory() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, ok := bytes.Cut(data, []byte("VmHWM:"))
	if !ok {
		return 0
	}
	kb := 0.0
	for _, c := range bytes.TrimSpace(rest[:min(len(rest), 24)]) {
		if !isDigit(c) {
			break
		}
		kb = kb*10 + float64(c-'0')
	}
	return kb / 1024
}
