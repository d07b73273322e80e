package sandbox

import (
	"fmt"

	"guidang/extractors/document"
)

const (
	// maxDead bounds how many items in one container may kill readers one after
	// the other before the container is given up.
	maxDead = 8
	// maxKills is how often a child may be killed from outside during one request
	// before that is taken for the item's fault.
	maxKills = 8
)

// death is the end of a child in the middle of a request.
type death struct {
	format  *document.Format // of that item, if the child came that far
	path    string           // of the innermost item that it was reading, from the original of the request: "" is that itself
	reason  document.Reason
	foreign bool // killed by somebody else
	detail  string
}

// Error implements error.
func (d *death) Error() string { return d.detail }

// Reason is why nothing could be read.
func (d *death) Reason() document.Reason { return d.reason }

// trial is what is known of a request over its attempts. The first one is fast
// and its child says late what it reads; so a first death is laid to nobody, and
// the next attempts are careful.
type trial struct {
	heavy   bool // the next attempt waits for room
	careful bool // the next attempt is, in a child of its own
	owed    bool // the first death is not laid to anybody yet
	deaths  map[string]int
	dead    map[string]*death
	kills   int
}

func newTrial() *trial { return &trial{deaths: map[string]int{}, dead: map[string]*death{}} }

// again takes a death into account; false: the request is given up.
func (t *trial) again(d *death) bool {
	if d.reason == crowded { // once: who has the room is not crowding
		t.heavy = true
		return true
	}
	careful := t.careful
	t.careful = true
	if d.foreign {
		t.kills++
		return t.kills <= maxKills
	}
	// A careful reader may stop by itself what hangs, and keep what it has read of
	// it; else computing time is the same the second time. Memory and crashes may
	// come from what the child had read before.
	if d.reason == document.TimeLimit && !careful {
		return true
	}
	if d.reason != document.TimeLimit {
		if !careful {
			t.owed = true
			return true
		}
		t.deaths[d.path]++
		if t.owed {
			t.owed = false
			t.deaths[d.path]++
		}
		if t.deaths[d.path] < 2 {
			return true
		}
	}
	if d.path == "" || len(t.dead) >= maxDead {
		return false
	}
	t.dead[d.path] = d
	return true
}

// lost is the document of an original whose reader died. What lay in it and was
// read before is kept.
func lost(f *document.Format, d *death, children int) *document.Document {
	doc := &document.Document{Kind: document.KindOther, Read: document.Full, Sections: []document.Section{}, Fields: map[string]string{}}
	if f != nil {
		doc.Kind, doc.MediaType = f.Kind, f.MediaType
		doc.Fields["format"] = f.Name
	}
	if children > 0 {
		doc.Lose(document.Partial, d.reason, fmt.Sprintf("%s; what was read of it before is kept", d.detail))
	} else {
		doc.Lose(document.None, d.reason, d.detail)
	}
	return doc
}
