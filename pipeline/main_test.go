package pipeline

import (
	"context"
	"flag"
	"os"
	"testing"

	"guidang/pipeline/sandbox"
)

// withSandbox is the setting under which an office is opened.
var withSandbox = "off"

// TestMain lets the test binary be a child that reads, and runs all tests twice:
// with readers in this process and in children.
func TestMain(m *testing.M) {
	if sandbox.IsChild(os.Args) && os.Args[len(os.Args)-1] == killers {
		os.Exit(sandbox.Child(os.Args, killerFormats, func(context.Context, string, bool) error { return nil }))
	}
	if code, ok := ReaderChild(os.Args); ok {
		os.Exit(code)
	}
	if code, ok := fakeTesseract(os.Args); ok {
		os.Exit(code)
	}
	flag.Parse()
	code := m.Run()
	if code == 0 && !testing.Short() {
		withSandbox = "on"
		code = m.Run()
	}
	os.Exit(code)
}
