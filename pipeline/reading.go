package pipeline

import (
	"fmt"
	"path/filepath"

	"guidang/config"
	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/index/suggest"
	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
)

// reading settings that `extract` needs too, without a data directory.
type readingSettings struct {
	formats   []document.Format
	limits    document.Limits
	passwords []string
	glossary  [][]string // words of one meaning together
	synonyms  suggest.Synonyms
}

func newReading(cfg *config.Config, cache string) (*readingSettings, error) {
	s := &readingSettings{
		formats:   extractors.All(extractors.Options{CacheDir: filepath.Join(cache, "cache")}),
		limits:    document.Limits(cfg.Limits).WithDefaults(),
		passwords: cfg.Passwords,
	}
	var err error
	s.glossary, s.synonyms, err = readGlossary(cfg)
	return s, err
}

// Glossary is the customer's list of words, those of one meaning together.
func Glossary(cfg *config.Config) ([][]string, error) {
	words, _, err := readGlossary(cfg)
	return words, err
}

func readGlossary(cfg *config.Config) (words [][]string, s suggest.Synonyms, err error) {
	if cfg.Terms.Glossary == "" {
		return nil, s, nil
	}
	lines, err := readLines(cfg.Terms.Glossary)
	if err != nil {
		return nil, s, fmt.Errorf("terms.glossary: %w", err)
	}
	words, s = suggest.ReadGlossary(lines)
	return words, s, nil
}

// references says whether an item's bytes stay where they are and are only
// hashed.
func (a *Archive) references(i *ledger.Item) bool {
	switch a.originals(i.Source) {
	case "reference":
		return true
	case "copy":
		return false
	}
	return priority(i) == queue.Slow && i.Size > a.cfg.OriginalsReferenceOver
}
