package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/mail"
	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
	"guidang/pipeline/terms"
)

// What a waiting item waits for. `status`, `retry --waiting-for` and the pages
// name these.
const (
	ForTranscriber = "transcriber"
	ForPassword    = "password"
)

// workTranscribe is the open work of a recording that can be found by its name
// alone.
const workTranscribe = "transcribe"

// commit writes readings into the ledger, with the jobs that follow from them,
// in one transaction.
func (a *Archive) commit(ctx context.Context, all []*reading, slice *ledger.Slice) error {
	done := 0
	err := a.ledger.Update(ctx, func(tx ledger.Tx) error {
		c := &committer{tx: tx}
		if slice != nil {
			if err := c.slice(all[0], slice); err != nil {
				return err
			}
		} else {
			for _, r := range all {
				if err := c.item(r); err != nil {
					return err
				}
			}
		}
		done = c.items
		if err := tx.Thread(c.mails); err != nil {
			return err
		}
		if len(c.jobs) == 0 {
			return nil
		}
		return a.queue.Enqueue(ctx, tx.Raw(), c.jobs...)
	})
	if err != nil {
		return a.diskFull(err)
	}
	a.progress.Done.Add(int64(done))
	for _, r := range all {
		if slice == nil {
			a.progress.TodoBytes.Add(-r.item.Size)
		}
	}
	a.feed.follow()
	return nil
}

// committer is one commit.
type committer struct {
	tx    ledger.Tx
	jobs  []queue.Job
	mails []ledger.Mail
	items int
}

// item commits an item that the ledger has, and everything found in it.
func (c *committer) item(r *reading) error {
	before, err := c.tx.Item(r.item.ID)
	if err != nil {
		return err
	}
	if !before.Todo {
		return nil // another attempt of the same job was first
	}
	c.items++
	r.item.Todo = false
	place := func(i *ledger.Item) error { return c.tx.SetItem(i) }
	if before.Reason == changed && before.Content != 0 {
		place = func(i *ledger.Item) error { return c.replace(before, i) }
	}
	if err := errors.Join(c.write(r, place), c.again(r.strays)); err != nil {
		return err
	}
	if before.Content == 0 || before.Content == r.item.Content || before.ID != r.item.ID {
		return nil
	}
	if len(r.slices) == 0 {
		if _, err := c.tx.GoneOutside(r.item.ID, r.item.Content); err != nil {
			return err
		}
	}
	return c.tx.Unsettle(before.Content)
}

// replace brings the new state of a changed file into the ledger. What the file
// held before stays in the archive, said to be gone, unless the bytes are the
// same, or it is a container: then it is the same container, grown or shrunk,
// and its children are compared one by one.
func (c *committer) replace(before, i *ledger.Item) error {
	if i.Content == before.Content {
		return c.tx.SetItem(i)
	}
	old, err := c.tx.Content(before.Content)
	if err != nil {
		return err
	}
	if old.Kind == document.KindArchive {
		return c.tx.SetItem(i)
	}
	before.State, before.Reason = ledger.DuplicateOf, ""
	if old.Canonical == before.ID {
		before.State, before.Reason = old.Then, old.ThenReason
	}
	before.Todo, before.Gone = false, true
	if err := c.tx.SetItem(before); err != nil {
		return err
	}
	if err := c.tx.Unsettle(before.Content); err != nil {
		return err
	}
	i.ID, i.Version, i.Run = 0, before.Version+1, 0
	return c.tx.AddItem(i)
}

// slice commits the children of a part of a container; with the last part the
// container itself is done.
func (c *committer) slice(r *reading, slice *ledger.Slice) error {
	left, err := c.tx.SliceDone(slice.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil // another attempt of the same job was first
	}
	if err != nil {
		return err
	}
	container, err := c.tx.Item(slice.Item)
	if err != nil {
		return err
	}
	content, err := c.tx.Content(container.Content)
	if err != nil {
		return err
	}
	if err := c.children(r, container, content.ID); err != nil {
		return err
	}
	reason := r.failed // a part whose bytes could not be had is missing, not empty
	if reason == "" && r.doc != nil && r.doc.Read != document.Full {
		reason = r.doc.Reason
	}
	lost := reason != "" && content.Read == document.Full
	if lost {
		content.Read, content.Reason = document.Partial, reason
	}
	if left > 0 {
		if lost {
			return c.tx.SetContent(content)
		}
		return nil
	}
	c.items++
	if _, err := c.tx.GoneOutside(container.ID, content.ID); err != nil {
		return err
	}
	return c.tx.Publish(content)
}

// children commits what was found in an item.
func (c *committer) children(r *reading, parent *ledger.Item, within int64) error {
	for _, child := range r.children {
		c.items++
		child.item.Parent, child.item.Within = parent.ID, within
		child.item.Source, child.item.Version = parent.Source, max(child.item.Version, parent.Version)
		if err := c.write(child, c.add); err != nil {
			return err
		}
		if child.stamp == "" || child.item.Content == 0 {
			continue
		}
		if err := c.tx.SetStamp(child.item, child.stamp); err != nil {
			return err
		}
	}
	c.items += len(r.same)
	return c.tx.StillIn(within, r.same)
}

// add inserts a child, or finds the item that stands at its place since an
// earlier reading of its parent.
func (c *committer) add(i *ledger.Item) error {
	err := c.tx.AddItem(i)
	if !errors.Is(err, ledger.ErrExists) {
		return err
	}
	have, err := c.tx.At(i.Source, i.Locator)
	if err != nil {
		return err
	}
	if have.Content == i.Content || have.Content == 0 {
		if have.Content != 0 && (i.State == ledger.DuplicateOf || i.State == ledger.Pending && !i.Todo) {
			i.State, i.Reason, i.Detail = have.State, have.Reason, have.Detail
		}
		i.ID, i.Version, i.Run = have.ID, have.Version, have.Run
		return c.tx.SetItem(i)
	}
	// Other bytes stand there now. The old ones stay in the archive, gone.
	have.Gone = true
	if err := c.tx.SetItem(have); err != nil {
		return err
	}
	if err := c.tx.Unsettle(have.Content); err != nil {
		return err
	}
	i.Version = have.Version + 1
	return c.tx.AddItem(i)
}

// write brings one reading into the ledger: its content if it is new, the item
// through place, and the children of a content that is new.
func (c *committer) write(r *reading, place func(*ledger.Item) error) error {
	i := r.item
	if r.twin != nil && r.twin.failed != "" {
		r.failed, r.detail = r.twin.failed, r.twin.detail
	}
	switch {
	case r.moved:
		i.State, i.Reason = ledger.Waiting, Growing
		return place(i)
	case r.leader != "":
		return c.volume(r, place)
	case r.failed != "":
		i.State, i.Reason, i.Detail = ledger.Quarantined, string(r.failed), r.detail
		if r.failed == document.Encrypted {
			i.State, i.Reason = ledger.Waiting, ForPassword
		}
		return place(i)
	}
	content := r.content()
	if !r.known && !i.Shown {
		r.fill(content) // a row that is whole from the start does not grow in its page
	}
	created, err := c.tx.AddContent(content)
	if err != nil {
		return err
	}
	i.Content = content.ID
	if !created && r.kept == ledger.Copied && content.Kept != ledger.Copied {
		content.Kept = ledger.Copied // its own file is a shorter way to the bytes
		if err := c.tx.SetContent(content); err != nil {
			return err
		}
	}
	switch {
	case i.Shown:
		i.State = ledger.PartOf
		if err := place(i); err != nil || content.Canonical != 0 {
			return err
		}
		content.Canonical = i.ID
		return c.tx.SetContent(content)
	case !created && content.Then != "" && content.Canonical != i.ID:
		return c.twin(r, content, place)
	case r.known:
		i.State, i.Reason = content.Then, content.ThenReason
		return place(i)
	}
	return c.fill(r, content, created, place)
}

// twin commits an occurrence of a content that another item stands for.
func (c *committer) twin(r *reading, content *ledger.Content, place func(*ledger.Item) error) error {
	i := r.item
	i.State, i.Reason, i.Todo = ledger.DuplicateOf, "", false
	if content.Kind == document.KindMail && content.Format != mail.EML.Name {
		first, err := c.tx.Item(content.Canonical) // the same bytes say the same
		if err != nil {
			return err
		}
		i.Marks = first.Marks
	}
	if err := place(i); err != nil {
		return err
	}
	if i.ID == content.Canonical {
		return nil // its own earlier reading
	}
	if err := c.mend(r, content); err != nil {
		return err
	}
	return c.tx.Unsettle(content.ID)
}

// fill commits the item that stands for a content that was just read.
func (c *committer) fill(r *reading, content *ledger.Content, created bool, place func(*ledger.Item) error) error {
	again := !created && content.Fingerprint != ""
	r.fill(content)
	i := r.item
	i.State, i.Reason = ledger.Pending, ""
	publish := false
	switch {
	case i.Todo, len(r.slices) > 0:
	case content.Kind == document.KindTranscript && content.Then == ledger.Indexed:
		// Whether it is a meeting of its own or belongs to a recording is told
		// when everything is read: see meetings.
	case content.Then == ledger.Skipped, content.Then == ledger.Quarantined:
		i.State, i.Reason = content.Then, content.ThenReason
		if r.doc != nil && len(r.doc.Warnings) > 0 {
			i.Detail = r.doc.Warnings[0].Detail
		}
		if r.damaged != "" {
			i.Detail = r.detail
		}
	default:
		publish = true
	}
	if err := place(i); err != nil {
		return err
	}
	content.Canonical = i.ID
	if !created { // read again: what people decided holds
		hand, err := c.tx.HandTags(content.ID)
		if err != nil {
			return err
		}
		if len(hand) > 0 {
			content.Tags = list(ledger.TagsNow(r.tags, hand))
		}
	}
	write := c.tx.SetContent
	if publish {
		write = c.tx.Publish
	}
	if err := write(content); err != nil {
		return err
	}
	if r.paper != nil || again {
		if err := c.tx.SetPaper(content.ID, r.paper); err != nil {
			return err
		}
	}
	if names := namedBy(r.doc); len(names) > 0 || again {
		if err := c.tx.SetNamed(content.ID, names); err != nil {
			return err
		}
	}
	if r.doc != nil && content.Kind == document.KindMail {
		c.mails = append(c.mails, threadOf(content.ID, r.doc))
		if p := pieceOf(content.ID, r.doc); p != nil || again {
			if err := c.tx.SetPiece(content.ID, p); err != nil {
				return err
			}
		}
	}
	if i.Todo {
		c.jobs = append(c.jobs, queue.Job{Items: []int64{i.ID}, Priority: priority(i)})
		return nil
	}
	ids, err := c.tx.AddSlices(i.ID, r.slices)
	if err != nil {
		return err
	}
	for _, id := range ids {
		c.jobs = append(c.jobs, queue.Job{Slice: id, Priority: queue.First})
	}
	return c.children(r, i, content.ID)
}

// content is a new content with what is known of it before reading.
func (r *reading) content() *ledger.Content {
	return &ledger.Content{Sum: r.sum, Size: r.size, Kept: r.kept, Version: r.catalogue, Tags: "[]", Terms: "[]"}
}

// fill sets what reading gave, and the state that follows from it.
func (r *reading) fill(c *ledger.Content) {
	c.Then, c.ThenReason, c.OpenWork = ledger.Indexed, string(r.damaged), ""
	switch {
	case r.item.Todo:
		c.Then = ledger.Pending // claimed: other occurrences are its duplicates already
		return
	case r.size == 0:
		c.Then, c.ThenReason, c.Read, c.Reason = ledger.Skipped, string(document.Empty), document.None, document.Empty
		return
	case r.damaged != "" && (r.doc == nil || r.doc.Read == document.None):
		// It has failed for its damage, not for its format.
		c.Then, c.ThenReason, c.Read, c.Reason = ledger.Quarantined, string(r.damaged), document.None, r.damaged
		return
	case r.doc == nil:
		c.Then, c.ThenReason, c.Read, c.Reason, c.Version = ledger.Skipped, string(document.Unsupported), document.None, document.Unsupported, r.catalogue
		return
	}
	d := r.doc
	c.MediaType, c.Kind, c.Read, c.Reason = d.MediaType, d.Kind, d.Read, d.Reason
	c.Title, c.Date, c.Language = d.Title, d.Date, d.Language
	if r.format != nil {
		c.Format, c.Version, c.Fingerprint = r.format.Name, r.format.Version, fingerprint(r.format)
	}
	c.Passages = max(len(r.passages), 1)
	c.Tags, c.Terms, c.People = list(r.tags), list(r.terms), people(d.People)
	r.fillWritten(c)
	switch {
	case d.Kind == document.KindRecording && d.Read != document.None:
		c.Then, c.ThenReason, c.OpenWork = ledger.Waiting, ForTranscriber, workTranscribe
	case d.Read == document.None:
		c.Then, c.ThenReason = unread(d.Reason)
	case d.Reason == document.MissingEngine:
		c.OpenWork = workOCR
		if len(d.Sections) == 0 && d.Kind != document.KindImage {
			c.Then, c.ThenReason = ledger.Waiting, string(document.MissingEngine) // what it is about is in pictures alone
		}
	}
}

// unread is the state of an item of which nothing could be read.
func unread(reason document.Reason) (ledger.State, string) {
	switch reason { //nolint:exhaustive // everything else is a failure
	case document.Encrypted:
		return ledger.Waiting, ForPassword
	case document.Protected, document.MissingTool, document.MissingEngine:
		return ledger.Waiting, string(reason)
	case document.Unsupported, document.Empty:
		return ledger.Skipped, string(reason)
	}
	return ledger.Quarantined, string(reason)
}

// list is a JSON list, "[]" for none, so that a dump is the same for both.
func list[T string | terms.Term](in []T) string {
	if len(in) == 0 {
		return "[]"
	}
	out, err := json.Marshal(in)
	if err != nil {
		return "[]"
	}
	return string(out)
}

// people writes who a document names, one a line: role, name, address.
func people(in []document.Person) string {
	var lines []string
	seen := map[string]bool{}
	for _, p := range in {
		line := clean(p.Role) + "\t" + clean(p.Name) + "\t" + clean(p.Address)
		if p.Name+p.Address != "" && !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// clean keeps what separates people out of their names.
func clean(s string) string {
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
}

// peopleOf reads what people wrote.
func peopleOf(lines string) (out []document.Person) {
	for line := range strings.SplitSeq(lines, "\n") {
		f := strings.Split(line, "\t")
		if len(f) == 3 {
			out = append(out, document.Person{Role: f[0], Name: f[1], Address: f[2]})
		}
	}
	return out
}

// namesOf are the names and addresses of people, each once.
func namesOf(in []document.Person) (out []string) {
	seen := map[string]bool{}
	for _, p := range in {
		for _, s := range []string{p.Name, p.Address} {
			if s != "" && !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}
