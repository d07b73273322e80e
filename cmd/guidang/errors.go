package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

// usageError is a command line that cannot be meant: exit code 2.
type usageError struct{ message string }

func (u *usageError) Error() string { return u.message }

// incompleteError is a command that came to its end and left something
// undone, which its report names: exit code 3.
type incompleteError struct{ message string }

func (i *incompleteError) Error() string { return i.message }

// sentenceError carries a sentence in the person's language beside its cause,
// which decides the exit code.
type sentenceError struct {
	message string
	cause   error
}

func (s *sentenceError) Error() string { return s.message }
func (s *sentenceError) Unwrap() error { return s.cause }

// remoteError is how a command ended in the process that holds the data
// directory.
type remoteError struct {
	code    int
	message string
}

func (r *remoteError) Error() string { return r.message }

// usage makes a usageError out of the message table.
func (e *env) usage(key string, args ...any) error { return &usageError{e.t(key, args...)} }

// fail makes a plain failure out of the message table: exit code 1.
func (e *env) fail(key string, args ...any) error { return errors.New(e.t(key, args...)) }

// sentence is one clear sentence about an error: what is concerned, and what to
// do. Messages from the inside are English; what people meet often is said in
// their language.
func (e *env) sentence(err error) string {
	var known interface{ error }
	var (
		usage      *usageError
		incomplete *incompleteError
		remote     *remoteError
		said       *sentenceError
		path       *fs.PathError
	)
	switch {
	case errors.As(err, &usage):
		known = usage
	case errors.As(err, &incomplete):
		known = incomplete
	case errors.As(err, &remote):
		known = remote
	case errors.As(err, &said):
		known = said
	}
	switch {
	case known != nil:
		return known.Error()
	case errors.Is(err, pipeline.ErrNotInitialised):
		return e.t("error.not-initialised", e.dataDir())
	case errors.Is(err, pipeline.ErrLocked):
		return e.t("error.locked", e.dataDir())
	case errors.Is(err, context.Canceled):
		return e.t("error.interrupted")
	case errors.Is(err, store.ErrDiskFull), errors.Is(err, syscall.ENOSPC):
		return e.t("error.disk-full", err)
	case errors.Is(err, pipeline.ErrCannotMake):
		return e.t("error.cannot-make", e.dataDir(), e.obstacle(err))
	case errors.Is(err, ledger.ErrNewer):
		return e.t("error.newer", err)
	case errors.Is(err, ledger.ErrNotFound):
		return e.t("error.not-found", err)
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &path) && e.settings != nil && within(path.Path, e.settings.Data):
		return e.t("error.data-gone", err)
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &path):
		return e.t("error.no-file", path.Path)
	case errors.Is(err, fs.ErrPermission) && errors.As(err, &path):
		return e.t("error.permission", path.Path)
	case errors.Is(err, syscall.EROFS) && errors.As(err, &path):
		return e.t("error.read-only", path.Path)
	case errors.Is(err, syscall.ENOTDIR) && errors.As(err, &path):
		return e.t("error.not-a-directory", path.Path)
	}
	return err.Error()
}

// obstacle is why a folder cannot be made, in a few words.
func (e *env) obstacle(err error) string {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return e.t("obstacle.permission", path.Path)
	case errors.Is(err, syscall.EROFS):
		return e.t("obstacle.read-only", path.Path)
	case errors.Is(err, syscall.ENOTDIR):
		return e.t("obstacle.file", path.Path)
	case errors.Is(err, fs.ErrNotExist): // as in /proc, or on a drive that is not there
		return e.t("obstacle.nowhere", path.Path)
	}
	return path.Error()
}

// report writes the final error: a JSON line for programs, a sentence for
// people.
func (e *env) report(err error, code int) {
	message := e.sentence(err)
	if !e.json {
		fmt.Fprintln(e.stderr, "guidang: "+message)
		return
	}
	line, marshalErr := json.Marshal(struct {
		Error string `json:"error"`
		Exit  int    `json:"exit"`
	}{message, code})
	if marshalErr != nil {
		line = []byte(`{"error":"?"}`)
	}
	fmt.Fprintln(e.stderr, string(line))
}
