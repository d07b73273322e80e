package sandbox

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"

	"guidang/extractors/pdf"
)

const (
	// overMemory is how much more than the watched limit RLIMIT_DATA grants: Go
	// maps its heap in arenas of 64 MiB, and WebAssembly its memory as a whole.
	overMemory  = 128 << 20
	scratchFile = 256 << 20 // one file in the scratch folder
	openFiles   = 64
)

// denied are the calls that no reader has business with. What is missing on an
// architecture is left out. io_uring would make sockets without the call.
var denied = []string{
	"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4",
	"execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
	"mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "move_mount", "open_tree", "fsopen", "fsmount", "mount_setattr",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd",
	"keyctl", "add_key", "request_key", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "open_by_handle_at",
	"memfd_create", "shmget", "msgget", "semget", "mq_open", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
	"reboot", "swapon", "swapoff", "acct", "settimeofday", "clock_settime", "adjtimex", "sethostname", "setdomainname", "quotactl", "personality",
}

// confine takes from this process what a reader does not need. Each measure
// stands alone: what the kernel lacks is done without and told.
func confine(set settings) ready {
	var r ready
	try := func(name string, err error) {
		if err == nil {
			r.Measures = append(r.Measures, name)
		} else {
			r.Missing = append(r.Missing, fmt.Sprintf("%s (%v)", name, err))
		}
	}
	signal.Ignore(unix.SIGXFSZ) // the write fails instead
	try("rlimits", errors.Join(
		limit(unix.RLIMIT_DATA, uint64(set.Memory)+overMemory), //nolint:gosec // settings are positive
		limit(unix.RLIMIT_CORE, 0), limit(unix.RLIMIT_FSIZE, scratchFile), limit(unix.RLIMIT_NOFILE, openFiles)))
	version, err := ll.LandlockGetABIVersion()
	if err == nil {
		err = restrictPaths(set)
	}
	try(fmt.Sprintf("landlock %d", version), err)
	err = filterCalls(denied)
	try("no-new-privs", noNewPrivs())
	try("seccomp", err)
	return r
}

// confineTo is Confine. A process that becomes another program keeps the limits,
// the paths and the filter; execve stays allowed then, of what lies in Read.
func confineTo(c Confinement) ready {
	var r ready
	try := func(name string, err error) {
		if err == nil {
			r.Measures = append(r.Measures, name)
		} else {
			r.Missing = append(r.Missing, fmt.Sprintf("%s (%v)", name, err))
		}
	}
	calls := denied
	memory := uint64(c.Memory) + overMemory //nolint:gosec // settings are positive
	if c.Exec {
		calls = slices.DeleteFunc(slices.Clone(denied), func(name string) bool { return name == "execve" })
		memory = uint64(c.Memory) //nolint:gosec // settings are positive
	}
	// SIGXCPU at the soft limit is what Go ignores and others die of; the hard one
	// kills whoever it is.
	cpu := &unix.Rlimit{Cur: uint64(c.CPU), Max: uint64(c.CPU) + 1} //nolint:gosec // settings are positive
	try("rlimits", errors.Join(limit(unix.RLIMIT_DATA, memory), unix.Setrlimit(unix.RLIMIT_CPU, cpu),
		limit(unix.RLIMIT_CORE, 0), limit(unix.RLIMIT_FSIZE, 0), limit(unix.RLIMIT_NOFILE, openFiles)))
	version, err := ll.LandlockGetABIVersion()
	if err == nil {
		err = readOnly(c.Read)
	}
	try(fmt.Sprintf("landlock %d", version), err)
	err = filterCalls(calls)
	try("no-new-privs", noNewPrivs())
	try("seccomp", err)
	return r
}

// readOnly leaves the files and folders named, as far as they are there, to read
// and execute.
func readOnly(paths []string) error {
	var rules []landlock.Rule
	for _, p := range paths {
		switch info, err := os.Stat(p); {
		case err != nil:
		case info.IsDir():
			rules = append(rules, landlock.RODirs(p))
		default:
			rules = append(rules, landlock.ROFiles(p))
		}
	}
	return landlock.V8.BestEffort().Restrict(rules...)
}

func limit(what int, n uint64) error {
	return unix.Setrlimit(what, &unix.Rlimit{Cur: n, Max: n})
}

// restrictPaths leaves the engine's cache and the system's fonts to read and the
// scratch folder to write.
func restrictPaths(set settings) error {
	rules := []landlock.Rule{landlock.RWDirs(set.Scratch)}
	if set.CacheDir != "" {
		rules = append(rules, landlock.RODirs(set.CacheDir))
	}
	for _, dir := range pdf.FontFolders() {
		rules = append(rules, landlock.RODirs(dir))
	}
	return landlock.V8.BestEffort().Restrict(rules...)
}

func noNewPrivs() error {
	on, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err == nil && on == 0 {
		err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	}
	return err
}

// filterCalls denies system calls, for all threads. Go makes threads by clone,
// which stays allowed for threads only.
func filterCalls(denied []string) error {
	info, err := arch.GetInfo("")
	if err != nil {
		return err
	}
	var names []string
	for _, name := range denied {
		if _, ok := info.SyscallNames[name]; ok {
			names = append(names, name)
		}
	}
	runtime.LockOSThread() // no-new-privs and the filter have to meet on one thread
	defer runtime.UnlockOSThread()
	self := uint64(os.Getpid()) //nolint:gosec // positive
	unless := func(name string, op seccomp.Operation, value uint64) seccomp.NameWithConditions {
		return seccomp.NameWithConditions{Name: name, Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: op, Value: value}}}
	}
	// glibc, in a build with CGO, makes threads by clone3, whose flags lie where a
	// filter cannot look; when the kernel does not know it, clone takes its place.
	var unknown []string
	if _, ok := info.SyscallNames["clone3"]; ok {
		unknown = append(unknown, "clone3")
	}
	return seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: seccomp.Policy{
		DefaultAction: seccomp.ActionAllow,
		Syscalls: []seccomp.SyscallGroup{
			{Names: names, Action: seccomp.ActionErrno},
			{Names: unknown, Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS)},
			{NamesWithCondtions: []seccomp.NameWithConditions{
				unless("clone", seccomp.BitsNotSet, unix.CLONE_THREAD),
				unless("kill", seccomp.NotEqual, self),
				unless("tgkill", seccomp.NotEqual, self),
				unless("prlimit64", seccomp.NotEqual, 0),
			}, Action: seccomp.ActionErrno},
		},
	}})
}
