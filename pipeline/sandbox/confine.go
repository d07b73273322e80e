package sandbox

// Confinement is what a process may still do that reads untrusted bytes with
// something else than the readers: a decoder of sound.
type Confinement struct {
	Memory int64    // of data that it may hold
	CPU    int      // seconds of computing
	Read   []string // files and folders that it may read and execute
	Exec   bool     // it becomes another program, which lies in Read
}

// Confine takes everything else from this process, for good: the network,
// writing, other processes. It returns what was taken and what the system could
// not take.
func Confine(c Confinement) (active, missing []string) {
	r := confineTo(c)
	return r.Measures, r.Missing
}

// Self is this program, as a child of it is started.
func Self() (string, error) { return selfProgram() }
