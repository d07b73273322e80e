package sqlite

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"guidang/pipeline/ledger"
)

// belonging is an assignment in a dump. Its evidence can be made again and stays
// out, as texts do.
type belonging struct {
	Customer   string          `json:"customer"`
	Project    string          `json:"project,omitempty"`
	Standing   ledger.Standing `json:"standing"`
	Confidence int             `json:"confidence"`
}

func (l *Ledger) dumpOwners(ctx context.Context) (map[int64][]belonging, error) {
	out := map[int64][]belonging{}
	err := l.Assignments(ctx, ledger.OfDossier{}, func(b *ledger.Belonging) error {
		out[b.Content] = append(out[b.Content], belonging{b.Name, b.Key, b.Standing, b.Confidence})
		return nil
	})
	return out, err
}

func (l *Ledger) dumpBareOwners(ctx context.Context) (map[int64][]belonging, error) {
	out := map[int64][]belonging{}
	err := l.BareAssignments(ctx, ledger.OfDossier{}, func(item int64, b *ledger.Belonging) error {
		out[item] = append(out[item], belonging{b.Name, b.Key, b.Standing, b.Confidence})
		return nil
	})
	return out, err
}

// said is a person's word in a dump. When it was said stays out, who said it not.
type said struct {
	Document string `json:"document,omitempty"`
	Source   string `json:"source,omitempty"`
	Folder   string `json:"folder,omitempty"`
	Customer string `json:"customer,omitempty"`
	Project  string `json:"project,omitempty"`
	Belongs  bool   `json:"belongs"`
	Who      string `json:"who"`
}

// dumpDossiers writes customers, projects and what people said, after the items.
func (l *Ledger) dumpDossiers(ctx context.Context, enc *json.Encoder) error {
	customers, err := l.Customers(ctx)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	for _, c := range customers {
		names[c.ID] = c.Name
		if err := enc.Encode(map[string]any{"customer": c}); err != nil {
			return err
		}
	}
	projects, err := l.Projects(ctx)
	if err != nil {
		return err
	}
	keys := map[int64]string{}
	for _, p := range projects {
		keys[p.ID] = p.Key
		if err := enc.Encode(map[string]any{"project": p}); err != nil {
			return err
		}
	}
	words, err := l.Words(ctx)
	if err != nil {
		return err
	}
	var lines []string
	for _, w := range words {
		one := said{Source: w.Source, Folder: w.Folder, Customer: names[w.Customer], Project: keys[w.Project], Belongs: w.Belongs, Who: w.Who}
		if w.Content != 0 {
			c, err := l.Content(ctx, w.Content)
			if err != nil {
				return err
			}
			one.Document = c.DocumentID()
		}
		line, err := json.Marshal(one)
		if err != nil {
			return err
		}
		lines = append(lines, string(line))
	}
	slices.SortFunc(lines, strings.Compare)
	for _, line := range lines {
		if err := enc.Encode(map[string]any{"word": json.RawMessage(line)}); err != nil {
			return err
		}
	}
	return nil
}
