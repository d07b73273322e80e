//go:build !linux

package sandbox

// confine has nothing to take away here: time is watched from outside.
func confine(settings) ready { return ready{Missing: []string{"seccomp", "landlock", "rlimits"}} }

func confineTo(Confinement) ready { return confine(settings{}) }
