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

// BenchmarkReadAgain is the reading of the same files when all of their mails are
// known but the last ten.
func BenchmarkReadAgain(b *testing.B) {
	for name, layout := range layouts {
		b.Run(name, func(b *testing.B) {
			const mails = 3000
			in := input("a.pst", archive(b, layout, mails))
			known := map[int]string{}
			made := 0
			read := func() {
				_, err := PST.Read(context.Background(), in, func(c *document.Child) error {
					if c.Same {
						return nil
					}
					made++
					known[c.Ordinal] = c.Stamp
					_, err := io.Copy(io.Discard, c.Content)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			read()
			for n := range 10 {
				delete(known, firstItem+mails-1-n)
			}
			in.Known, known = known, map[int]string{}
			b.SetBytes(in.Size)
			b.ResetTimer()
			made = 0
			for b.Loop() {
				read()
			}
			if made != 10*b.N {
				b.Errorf("%d mails were made in %d rounds", made, b.N)
			}
			b.ReportMetric(float64(mails*b.N)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}
