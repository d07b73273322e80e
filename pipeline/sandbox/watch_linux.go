package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// tick is the unit of CPU times in /proc, the same on every Linux.
const tick = 10 * time.Millisecond

// wallFactor is how much longer than its computing time an item may take by the
// clock: the machine has other things to do, and most of its files lie on a share.
const wallFactor = 4

// ownCPU is what this process has used of the CPUs.
func ownCPU() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// usage is what a process holds in memory and has used of the CPUs. Mapped files
// are left out: they come and go with the kernel's cache.
func usage(pid int) (memory int64, cpu time.Duration, ok bool) {
	base := "/proc/" + strconv.Itoa(pid)
	status, err := os.ReadFile(base + "/status")
	if err != nil {
		return 0, 0, false
	}
	for _, name := range []string{"\nRssAnon:", "\nRssShmem:"} {
		_, rest, found := bytes.Cut(status, []byte(name))
		if !found {
			continue
		}
		number, _, _ := bytes.Cut(bytes.TrimSpace(rest[:min(len(rest), 40)]), []byte(" "))
		kib, _ := strconv.ParseInt(string(number), 10, 64)
		memory += kib << 10
	}
	stat, err := os.ReadFile(base + "/stat")
	if err != nil {
		return 0, 0, false
	}
	// The name stands in brackets and may hold anything; utime and stime are the
	// 12th and 13th field after it.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return memory, 0, true
	}
	user, _ := strconv.ParseInt(string(fields[11]), 10, 64)
	system, _ := strconv.ParseInt(string(fields[12]), 10, 64)
	return memory, time.Duration(user+system) * tick, true
}
