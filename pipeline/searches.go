package pipeline

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
)

// SavedSearch is a search that somebody keeps.
type SavedSearch struct {
	ID      int64
	Name    string
	Address string // the parameters of its page
	Feed    string // token of its feed
	Created time.Time
}

// News is what is new in a kept search.
type News struct {
	Name    string
	Address string
	Created time.Time
	Entries []NewsEntry // newest first
}

// NewsEntry is a document that a kept search did not find when it was kept.
type NewsEntry struct {
	Document, Title string
	Kind            document.Kind
	Date            time.Time
	Since           time.Time
}

const (
	newsMost   = 50   // entries of a feed
	newsHits   = 2000 // that a search is followed over, as many as are verified
	newsPage   = 500
	tokenBytes = 16
)

// ownerOf is who keeps a search, as long as there are no accounts: whoever may
// see the same.
func ownerOf(scopes []string) string {
	if scopes == nil {
		return "*"
	}
	sorted := slices.Sorted(slices.Values(scopes))
	return strings.Join(sorted, "\n")
}

func saved(s *ledger.Saved) SavedSearch {
	return SavedSearch{ID: s.ID, Name: s.Name, Address: s.Address, Feed: s.Token, Created: s.Created}
}

// SaveSearch keeps a search. What it finds now is not new.
func (a *Archive) SaveSearch(ctx context.Context, name, address string, r index.Request, scopes []string) (SavedSearch, error) {
	var token [tokenBytes]byte
	_, _ = rand.Read(token[:]) // never fails, see crypto/rand
	r.Limit, r.Offset, r.Scopes = 0, 0, nil
	request, err := json.Marshal(r) //nolint:musttag // read again by News alone, under Go's own names
	if err != nil {
		return SavedSearch{}, err
	}
	may, err := json.Marshal(scopes)
	if err != nil {
		return SavedSearch{}, err
	}
	found, err := a.followed(ctx, r, scopes)
	if err != nil {
		return SavedSearch{}, err
	}
	s := &ledger.Saved{Owner: ownerOf(scopes), Name: name, Address: address, Request: string(request), Scopes: string(may), Token: hex.EncodeToString(token[:]), Created: time.Now()}
	err = a.ledger.Update(ctx, func(tx ledger.Tx) error {
		if err := tx.SaveSearch(s); err != nil {
			return err
		}
		return tx.FoundBy(s.ID, found, time.Time{})
	})
	return saved(s), err
}

// followed are the documents that a search finds, newest first.
func (a *Archive) followed(ctx context.Context, r index.Request, scopes []string) (docs []string, err error) {
	r.Sort, r.Limit, r.Unfolded = index.ByDate, newsPage, true
	for r.Offset = 0; r.Offset < newsHits; r.Offset += newsPage {
		res, err := a.Search(ctx, r, scopes)
		if err != nil {
			return nil, err
		}
		if len(res.LeftOut)+len(res.TakenApart) > 0 {
			return nil, nil // nothing holds all of it; what is near is no news
		}
		for i := range res.Hits {
			docs = append(docs, res.Hits[i].Document)
		}
		if len(res.Hits) < newsPage {
			break
		}
	}
	return docs, nil
}

// SavedSearches are the searches that are kept by whoever has these scopes.
func (a *Archive) SavedSearches(ctx context.Context, scopes []string) ([]SavedSearch, error) {
	all, err := a.ledger.SavedSearches(ctx, ownerOf(scopes))
	out := make([]SavedSearch, 0, len(all))
	for _, s := range all {
		out = append(out, saved(s))
	}
	return out, err
}

// DropSearch forgets a kept search.
func (a *Archive) DropSearch(ctx context.Context, id int64, scopes []string) error {
	return a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.DropSearch(ownerOf(scopes), id) })
}

// News gives what is new in the search of a feed's token, within what its owner
// may see. Asking is what makes it look: a feed that nobody reads costs nothing.
func (a *Archive) News(ctx context.Context, token string) (*News, error) {
	s, err := a.ledger.SavedSearch(ctx, token)
	if err != nil {
		return nil, err
	}
	var r index.Request
	var scopes []string
	if err := json.Unmarshal([]byte(s.Request), &r); err != nil { //nolint:musttag // see SaveSearch
		return nil, fmt.Errorf("kept search %d: %w", s.ID, err)
	}
	if err := json.Unmarshal([]byte(s.Scopes), &scopes); err != nil {
		return nil, fmt.Errorf("kept search %d: %w", s.ID, err)
	}
	found, err := a.followed(ctx, r, scopes)
	if err != nil {
		return nil, err
	}
	fresh, err := a.ledger.UnseenBy(ctx, s.ID, found)
	if err == nil && len(fresh) > 0 {
		err = a.ledger.Update(ctx, func(tx ledger.Tx) error { return tx.FoundBy(s.ID, fresh, time.Now()) })
	}
	if err != nil {
		return nil, err
	}
	hits, err := a.ledger.SavedHits(ctx, s.ID, newsMost)
	if err != nil {
		return nil, err
	}
	n := &News{Name: s.Name, Address: s.Address, Created: s.Created}
	return n, a.tellNews(ctx, n, hits, scopes)
}

// tellNews describes hits; what the owner may not see any more is left out.
func (a *Archive) tellNews(ctx context.Context, n *News, hits []ledger.SavedHit, scopes []string) error {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Document
	}
	about, err := describer{a}.Describe(ctx, ids, scopes)
	if err != nil {
		return err
	}
	for _, h := range hits {
		if d, ok := about[h.Document]; ok {
			title := d.Title
			if title == "" {
				title = d.Name
			}
			n.Entries = append(n.Entries, NewsEntry{Document: h.Document, Title: title, Kind: d.Kind, Date: d.Date, Since: h.Since})
		}
	}
	return nil
}
