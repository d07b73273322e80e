// Command guidang pulls in what a firm has piled up, reads it, and makes it
// findable. Every command stands in a file of its own and is made of four
// pieces: newXCommand (the words and flags), xOptions, its flags, and runX,
// which tests and the socket's holder call directly.
package main

import (
	"context"
	"errors"
	"os"

	"guidang/config"
	"guidang/pipeline"
)

// Exit codes are an interface: people script them.
const (
	exitDone           = 0
	exitFailed         = 1
	exitUsage          = 2
	exitIncomplete     = 3
	exitNotInitialised = 10
	exitLocked         = 11
	exitInterrupted    = 130
)

func main() {
	if code, ok := pipeline.ReaderChild(os.Args); ok {
		os.Exit(code)
	}
	e := newEnv(os.Stdout, os.Stderr, os.Getenv)
	e.environ = os.Environ()
	ctx, stop := e.interrupt.watch(context.Background(), e)
	code := run(ctx, e, os.Args[1:])
	stop()
	os.Exit(code)
}

// run is the program without its process: what tests call.
func run(ctx context.Context, e *env, args []string) int {
	e.json = asksForJSON(args)
	root := newRootCommand(e) //nolint:contextcheck // commands get theirs from ExecuteContext
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	code := exitCode(err)
	if err != nil {
		e.report(err, code)
	}
	return code
}

// exitCode is the one place where errors become exit codes.
func exitCode(err error) int {
	var (
		remote     *remoteError
		usage      *usageError
		incomplete *incompleteError
		settings   *config.Error
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &remote):
		return remote.code
	case errors.As(err, &usage), errors.As(err, &settings):
		return exitUsage
	case errors.As(err, &incomplete):
		return exitIncomplete
	case errors.Is(err, pipeline.ErrNotInitialised):
		return exitNotInitialised
	case errors.Is(err, pipeline.ErrLocked):
		return exitLocked
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	default:
		return exitFailed
	}
}
