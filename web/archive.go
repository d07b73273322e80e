package web

import (
	"context"
	"io"

	"guidang/pipeline"
	"guidang/pipeline/bag"
	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/review"
	"guidang/pipeline/store"
)

// Archive is what the pages need of an archive; *pipeline.Archive is one. All
// methods are safe for concurrent use. Scopes say what a viewer may see, nil
// means everything; what lies outside them is ledger.ErrNotFound, as if it did
// not exist.
type Archive interface {
	Dossiers

	// Search answers a query; an empty text browses, newest first.
	Search(ctx context.Context, q index.Request, scopes []string) (*index.Result, error)
	// Suggest proposes up to limit ways to go on with a query that is being typed.
	Suggest(ctx context.Context, text string, scopes []string, limit int) ([]suggest.Suggestion, error)
	// SaveSearch keeps a search under a name, with the parameters of its page;
	// SavedSearches are those kept by whoever has these scopes, DropSearch forgets
	// one. News gives what is new in the one whose feed has a token.
	SaveSearch(ctx context.Context, name, address string, r index.Request, scopes []string) (pipeline.SavedSearch, error)
	SavedSearches(ctx context.Context, scopes []string) ([]pipeline.SavedSearch, error)
	DropSearch(ctx context.Context, id int64, scopes []string) error
	News(ctx context.Context, token string) (*pipeline.News, error)
	// Show gives one document.
	Show(ctx context.Context, ref string, scopes []string) (*pipeline.View, error)
	// Original opens a content's bytes with the name and media type under which
	// they are given out. The caller closes them.
	Original(ctx context.Context, ref string, scopes []string) (o store.Original, name, mediaType string, err error)
	SavedItem(ctx context.Context, ref string, scopes []string) (o store.Original, name string, err error)
	// Actions lists the action items of all meetings.
	Actions(ctx context.Context, scopes []string) ([]pipeline.ActionView, error)
	// MarkAction says that an action item of a meeting is done or not.
	MarkAction(ctx context.Context, ref string, scopes []string, key string, done bool, who string) error
	// EditMinutes keeps a person's version of a meeting's minutes; nil takes all
	// edits back.
	EditMinutes(ctx context.Context, ref string, scopes []string, edited *minutes.Minutes, who string) error
	// MinutesHistory gives the versions of a meeting's minutes, the program's first.
	MinutesHistory(ctx context.Context, ref string, scopes []string) ([]pipeline.MinutesVersion, error)
	// SetTag gives a document a tag or takes one away; pipeline.ErrBadTag.
	SetTag(ctx context.Context, ref string, scopes []string, tag string, set bool, who string) error
	// Conversation gives a mail's thread, at most limit mails from a number on.
	Conversation(ctx context.Context, ref string, scopes []string, from, limit int) (*pipeline.Thread, error)
	// Compare gives what two documents differ in, as text.
	Compare(ctx context.Context, old, now string, scopes []string) (*pipeline.Difference, error)
	// MailPart gives a mail's HTML, made harmless, or its header.
	MailPart(ctx context.Context, ref, step string, scopes []string) ([]byte, error)
	// Correct keeps what a person corrects in a meeting's talk; pipeline.ErrCorrection
	// when the talk has no such place.
	Correct(ctx context.Context, ref string, scopes []string, with pipeline.Correction) error
	// Bind says that two documents are of one meeting, or that they are not.
	Bind(ctx context.Context, ref, other string, join bool, who string, scopes []string) error
	// PagePicture gives a page of a document as a PNG or JPEG, at most so wide;
	// pipeline.ErrNoPicture when there is none. The caller closes it.
	PagePicture(ctx context.Context, ref string, page, width int, scopes []string) (*pipeline.PagePicture, error)
	// Sound gives a recording as plain sound. The caller closes it.
	Sound(ctx context.Context, ref string, scopes []string) (store.Original, error)
	// Status gives the archive's account.
	Status(ctx context.Context) (*pipeline.Status, error)
	// Items calls fn for items by state, in the order in which they were found,
	// until fn returns an error, which it returns.
	Items(ctx context.Context, f ledger.Filter, fn func(*pipeline.ItemView) error) error
	// Reasons counts items by their reasons.
	Reasons(ctx context.Context, f ledger.Filter) (map[string]int64, error)
	// StartRetry has items read again in the background and returns how many.
	StartRetry(ctx context.Context, r pipeline.Retry) (int, error)
	// Package writes the archive package of a project.
	Package(ctx context.Context, r pipeline.PackageRequest, scopes []string, w io.Writer) (*bag.Result, error)
	// Review makes a quarter's review.
	Review(ctx context.Context, quarter string, scopes []string) (*review.Report, error)
	// Confirm writes down what a person said of findings; one that there is not is
	// pipeline.ErrNoFinding.
	Confirm(ctx context.Context, quarter string, ids []string, decision review.Decision, who, note string, scopes []string) error
}

var _ Archive = (*pipeline.Archive)(nil)

// viewer is who looks: a session and what it may see.
type viewer struct {
	scopes []string // nil: everything
}

// all says whether the viewer may see what has no scope: the account of the
// whole archive, which names items of every source.
func (v viewer) all() bool { return v.scopes == nil }

type viewerKey struct{}

func withViewer(ctx context.Context, v viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// viewerOf is the viewer of a request that passed the session check. Without
// one it sees nothing: an empty list of scopes, not nil.
func viewerOf(ctx context.Context) viewer {
	if v, ok := ctx.Value(viewerKey{}).(viewer); ok {
		return v
	}
	return viewer{scopes: []string{}}
}
