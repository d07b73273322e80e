package pst

import (
	"context"
	"io"
	"testing"

	"guidang/extractors/document"
)

// BenchmarkRead is the reading and writing of every mail of a file of 3,000, of which
// every fifth has an attachment of some 10 KB.
func BenchmarkRead(b *testing.B) {
	for name, layout := range layouts {
		b.Run(name, func(b *testing.B) {
			in := input("a.pst", archive(b, layout, 3000))
			b.SetBytes(in.Size)
			b.ResetTimer()
			mails := 0
			for b.Loop() {
				_, err := PST.Read(context.Background(), in, func(c *document.Child) error {
					mails++
					_, err := io.Copy(io.Discard, c.Content)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(mails)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}
