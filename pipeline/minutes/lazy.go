package minutes

import (
	"regexp"
	"sync"
)

// re is a regular expression that is compiled when it is first used. This
// package has a hundred and fifty, some of many kilobytes, and compiling them took 3 MB and most of the start of every
// process, of the readers in their children too, which make no minutes.
func re(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}
