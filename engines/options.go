package engines

import (
	"log/slog"
	"runtime"
	"time"
)

// Options say where the engine lies and what it may take. Zero values are
// filled in.
type Options struct {
	Dir     string        // folder of the engine: DATA/engines
	Python  string        // the interpreter to make the venv with; "": the best one that is found
	Index   string        // address of the package index; "": pip's own settings
	Hub     string        // address of the model hub; "": Hugging Face
	Model   string        // the model that answers; "": the one installed last
	Threads int           // of computing; 0: the CPUs, at most maxThreads
	Memory  int64         // bytes that the engine may hold; over them it is stopped. 0: defaultMemory
	Idle    time.Duration // an engine that was not asked for so long is stopped; 0: defaultIdle
	Port    int           // to answer on; 0: any that is free
	Command []string      // another server in place of ours; {port} and {key} are filled in
	Logger  *slog.Logger
}

const (
	// More threads than this bring little: Whisper base on 2, 4 and 8 cores is
	// limited by its decoder, which works token after token.
	maxThreads    = 4
	defaultMemory = 4 << 30
	defaultIdle   = 5 * time.Minute
)

func (o Options) filled() Options {
	if o.Threads <= 0 {
		o.Threads = min(runtime.GOMAXPROCS(0), maxThreads)
	}
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Idle <= 0 {
		o.Idle = defaultIdle
	}
	if o.Hub == "" {
		o.Hub = HuggingFace
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
