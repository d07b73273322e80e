package pipeline

import (
	"fmt"
	"strings"
	"testing"
)

// A set of volumes lies in a folder as people get it: the volumes come one after
// the other, one is missing at first, one is replaced.
func TestVolumesAreReadAsOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var members []string
	for n := range 40 {
		members = append(members, fmt.Sprintf("第%02d份.txt", n), fmt.Sprintf("第%02d份说明书的内容", n))
	}
	whole := zipped(t, members...)
	third := len(whole) / 3
	o.write("分卷/资料.zip.001", whole[:third])
	o.write("分卷/资料.zip.003", whole[2*third:])
	o.write("别的.zip.002", "plain text, and no set beside it")
	o.ingest()
	state := func(locator, want string) {
		t.Helper()
		if got := o.states()[locator]; got != want {
			t.Errorf("%s is %q, want %q", locator, got, want)
		}
	}
	state("别的.zip.002", "indexed")
	state("分卷/资料.zip.003", "quarantined truncated")
	o.write("分卷/资料.zip.002", whole[third:2*third])
	account := o.ingest()
	for n, want := range []string{"indexed", "part-of volume", "part-of volume"} {
		state(fmt.Sprintf("分卷/资料.zip.%03d", n+1), want)
	}
	if got := o.find("第39份说明书"); len(got) != 1 || got[0] != "分卷/资料.zip.001!/第39份.txt" {
		t.Errorf("found %q", got)
	}
	if account.Incomplete() {
		t.Errorf("the last volume came and the run failed: %v", account.Changed)
	}
	o.clean("with a set")
	before := o.dump()
	if again := o.ingest(); len(again.Changed) != 0 || o.dump() != before {
		t.Errorf("a second run changed %v", again.Changed)
	}
	// The second volume is replaced by another of the same size.
	other := zipped(t, append(members[:len(members)-1], "第39份说明书变了样的")...)
	if len(other) != len(whole) {
		other += strings.Repeat("\x00", max(0, len(whole)-len(other)))
	}
	o.write("分卷/资料.zip.002", other[third:2*third])
	o.write("分卷/资料.zip.003", other[2*third:])
	o.ingest()
	if got := o.find("变了样"); len(got) != 1 {
		t.Errorf("after another volume came, found %q", got)
	}
	state("分卷/资料.zip.002", "part-of volume")
	o.clean("after a volume changed")
}
