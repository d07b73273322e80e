// Package engines installs, starts and watches the optional local engine: a
// small Python server (in python/, embedded here) that speaks OpenAI's
// /v1/audio/transcriptions on a loopback port, with faster-whisper or
// sherpa-onnx behind it. Everything it needs lies below one folder, the
// engines folder of a data directory, and deleting that folder uninstalls it.
//
//	engines/venv          the Python packages, pinned by hash
//	engines/models/NAME   one folder a model, with model.json
//	engines/installed.json what was installed, and how its check came out
//	engines/server-HASH   the server's own files, written by this version
//	engines/scratch       the only folder that the server may write to
//
// The package knows nothing of the rest of the program: it takes Options and
// answers addresses.
package engines

import "errors"

// Errors that callers tell apart. Each has a sentence of its own around it.
var (
	// ErrNotInstalled says that there is no engine; recordings wait for one.
	ErrNotInstalled = errors.New("no local engine is installed")
	// ErrNoPython says that no Python was found that could carry one.
	ErrNoPython = errors.New("no Python 3.10 or later with venv was found")
	// ErrBroken says that the engine died several times in a row; it is not
	// started again for a while.
	ErrBroken = errors.New("the local engine keeps failing")
	// ErrClosed says that the Engine was closed.
	ErrClosed = errors.New("the local engine was closed")
)
