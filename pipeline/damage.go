package pipeline

import (
	"context"
	"errors"
	"io"

	"guidang/extractors/document"
	"guidang/pipeline/ledger"
)

// A member whose bytes end in an error is read as far as it came out, and says
// so: half a report is found by its words, and the reason stands beside it.

// salvage gives what comes out of a damaged member before the damage, and
// remembers what is wrong with it.
type salvage struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (s *salvage) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, io.EOF
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && worthReading(reasonOf(err)) {
		s.err, err = err, io.EOF
	}
	return n, err
}

// worthReading says whether what came out before an error is what the member
// held. The beginning of a bomb is zeros, and bytes under a wrong password are
// noise; when a reader dies, the member is tried again.
func worthReading(r document.Reason) bool {
	switch r { //nolint:exhaustive // the others tell of no bytes at all
	case document.Corrupt, document.Truncated, document.TooLarge:
		return true
	}
	return false
}

// damage notes what is wrong with a reading's bytes; nil is nothing.
func (r *reading) damage(err error) {
	if err != nil {
		r.damaged, r.detail = reasonOf(err), err.Error()
	}
}

// judge brings the damage of its bytes into what was read out of them.
func (r *reading) judge() {
	if r.damaged != "" && r.doc != nil {
		r.doc.Lose(document.Partial, r.damaged, beforeDamage)
	}
}

// beforeDamage is what a person is told of a damaged member's text.
const beforeDamage = "it is damaged within its container; what came out of it was read"

// damageOf is what is wrong with a content's bytes since they were taken out of
// their container, "" when they are whole: it stands as the reason beside
// `indexed`. told is false when the content's state does not say.
func damageOf(c *ledger.Content) (reason document.Reason, told bool) {
	if c.Then != ledger.Indexed && c.Then != ledger.Pending {
		return "", false
	}
	return document.Reason(c.ThenReason), true
}

// mend has a content read again that was taken for damaged until it was found
// whole elsewhere: which of the two is found first must make no difference.
func (c *committer) mend(r *reading, content *ledger.Content) error {
	if damaged, _ := damageOf(content); r.damaged != "" || damaged == "" {
		return nil
	}
	content.ThenReason = ""
	if err := c.tx.SetContent(content); err != nil {
		return err
	}
	i, err := c.tx.Item(content.Canonical)
	if err != nil || i.Todo {
		return err
	}
	i.State, i.Reason, i.Detail, i.Todo = ledger.Pending, "", "", true
	c.jobs = append(c.jobs, retryJobs([]*ledger.Item{i})...)
	return c.tx.SetItem(i)
}

// unreadChild records that nothing came out of a member, which is the
// container's fault and permanent.
func (a *Archive) unreadChild(ctx context.Context, r *reading, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.failed, r.detail = reasonOf(err), err.Error()
	return nil
}

// reasonOf is why a member's bytes did not come out: what its container's
// reader says, else that they are damaged.
func reasonOf(err error) document.Reason {
	var named interface{ Reason() document.Reason }
	if errors.As(err, &named) {
		return named.Reason()
	}
	return document.Corrupt
}

// ioOr is why bytes could not be reached: what their container's reader says,
// else that they cannot be read just now.
func ioOr(err error) document.Reason {
	var named interface{ Reason() document.Reason }
	if errors.As(err, &named) {
		return named.Reason()
	}
	return document.IO
}
