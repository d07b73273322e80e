package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"time"
)

// request asks the holder of a data directory to run a command. Options are
// the command's options struct, parsed and with absolute paths: the holder
// stands elsewhere.
type request struct {
	Version  string          `json:"version"`
	Command  string          `json:"command"`
	Options  json.RawMessage `json:"options"`
	Language language        `json:"language"`
	JSON     bool            `json:"json"`
	Screen   bool            `json:"screen"`
	Live     bool            `json:"live"`
	Colour   bool            `json:"colour"`
	Width    int             `json:"width"`
}

// ending is how a forwarded command ended.
type ending struct {
	Busy    bool   `json:"busy,omitempty"` // this holder does not take it
	Code    int    `json:"code"`
	Message string `json:"message,omitempty"`
}

// job is a command that a holder runs for others.
type job struct {
	changes bool
	run     func(ctx context.Context, e *env, options json.RawMessage) error
}

// forwardable is the table of commands that need the open archive.
func forwardable() map[string]job {
	return map[string]job{
		"search":       {run: decoded(runSearch)},
		"status":       {run: decoded(runStatus)},
		"items":        {run: decoded(runItems)},
		"names":        {run: decoded(runNamesCheck)},
		"show":         {run: decoded(runShow)},
		"dump":         {run: decoded(runDump)},
		"original":     {run: decoded(runOriginal)},
		"export":       {run: decoded(runExport)},
		"review":       {run: decoded(runReview)},
		confirmCommand: {run: decoded(runReview), changes: true},
		tellCommand:    {run: decoded(runReview), changes: true},
		"package":      {run: decoded(runPackage)},
		"ingest":       {run: decoded(runIngest), changes: true},
		"retry":        {run: decoded(runRetry), changes: true},
		"reconcile":    {run: decoded(runReconcile), changes: true},
		"reindex":      {run: decoded(runReindex), changes: true},
		learnTerms:     {run: decoded(runLearnTerms), changes: true},

		"customers list":    {run: decoded(runCustomersList)},
		"customers show":    {run: decoded(runCustomersShow)},
		"customers import":  {run: decoded(runCustomersImport), changes: true},
		"customers add":     {run: decoded(runCustomersAdd), changes: true},
		"customers propose": {run: decoded(runCustomersPropose), changes: true},
		"projects list":     {run: decoded(runProjectsList)},
		"projects show":     {run: decoded(runProjectsShow)},
		"assign":            {run: decoded(runAssign), changes: true},
		"assign queue":      {run: decoded(runAssignQueue)},
		"assign to":         {run: decoded(runAssignSay), changes: true},
		"assign not":        {run: decoded(runAssignSay), changes: true},
	}
}

// decoded makes a run function one that takes its options as JSON.
func decoded[O any](run func(context.Context, *env, O) error) func(context.Context, *env, json.RawMessage) error {
	return func(ctx context.Context, e *env, raw json.RawMessage) error {
		var o O
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&o); err != nil {
			return fmt.Errorf("options: %w", err)
		}
		return run(ctx, e, o)
	}
}

// stopPatience is how long a client waits for the last words of a command that
// it has cancelled; within the 2 s that an interrupted command has.
const stopPatience = 1500 * time.Millisecond

// forward lets the holder run a command. answered is false when nobody answers
// or the holder does not take it; then the caller may try again.
func (e *env) forward(ctx context.Context, dir string, want access) (answered bool, err error) {
	short, release, err := shortPath(dir)
	if err != nil {
		return false, err
	}
	raw, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", filepath.Join(short, socketName))
	release()
	if err != nil {
		return false, err
	}
	defer raw.Close()
	conn := raw.(*net.UnixConn) //nolint:forcetypeassert // what dialling "unix" gives
	options, err := json.Marshal(want.options)
	if err != nil {
		return true, err
	}
	body, err := json.Marshal(request{
		Version: version(), Command: want.command, Options: options, Language: e.lang,
		JSON: e.json, Screen: e.screen, Live: e.live, Colour: e.colour, Width: e.width,
	})
	if err != nil {
		return true, err
	}
	if len(body) > maxFrame {
		return true, e.usage("error.too-many-arguments")
	}
	if err := (&frames{w: conn}).send(frameRequest, body); err != nil {
		return false, err
	}
	// Ctrl-C: say so by closing our half, and give the other side a moment to
	// end cleanly and tell what it did.
	defer context.AfterFunc(ctx, func() {
		_ = conn.CloseWrite()
		_ = conn.SetReadDeadline(time.Now().Add(stopPatience))
	})()
	return e.receive(ctx, conn)
}

// receive passes on what the holder sends until the command has ended.
func (e *env) receive(ctx context.Context, conn io.Reader) (answered bool, err error) {
	for heard := false; ; heard = true {
		kind, body, err := readFrame(conn)
		switch {
		case ctx.Err() != nil && err != nil:
			return true, ctx.Err()
		case err != nil && !heard:
			return false, err // it ended just as we came
		case err != nil:
			return true, errors.New(e.t("error.holder-gone", err))
		}
		switch kind {
		case frameOut:
			_, err = e.stdout.Write(body)
		case frameErr:
			_, err = e.stderr.Write(body)
		case frameEnd:
			return e.ended(body)
		}
		if err != nil {
			return true, err
		}
	}
}

func (e *env) ended(body []byte) (bool, error) {
	var end ending
	if err := json.Unmarshal(body, &end); err != nil {
		return true, fmt.Errorf("answer of the holder: %w", err)
	}
	switch {
	case end.Busy:
		return false, nil
	case end.Code == exitDone:
		return true, nil
	}
	return true, &remoteError{end.Code, end.Message}
}
