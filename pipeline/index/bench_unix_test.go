//go:build unix

package index

import (
	"syscall"
	"testing"
	"time"
)

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAnalyse reports MB a second of CPU, which holds on a busy machine too.
func BenchmarkAnalyse(b *testing.B) {
	text := prose(1 << 20)
	run := func(name string, fn func()) {
		b.Run(name, func(b *testing.B) {
			began := cpu()
			for b.Loop() {
				fn()
			}
			b.ReportMetric(float64(len(text)*b.N)/1e6/(cpu()-began).Seconds(), "MB/cpu-s")
		})
	}
	var grams []Gram
	normal := Normalise(text)
	run("normalise", func() { Normalise(text) })
	run("tokens", func() { grams = Tokens(grams[:0], normal) })
	run("map", func() { normaliseAt(text) })
}
