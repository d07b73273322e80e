package pipeline

import (
	"guidang/config"
	"guidang/extractors"
	"guidang/extractors/document"
	"guidang/pipeline/index/suggest"
	"guidang/pipeline/ledger"
	"guidang/pipeline/queue"
	"path/filepath"
)

// reading settings that `extract` needs too, without a data directory.
type readingSettings struct {
	formats   []document.Format
	limits    document.Limits
	passwords []string
	glossary  []string
	synonyms  suggest.Synonyms
}

func newReading(cfg *config.Config, cache string) (*readingSettings, error) {
	s := &readingSettings{
		formats:   extractors.All(extractors.Options{CacheDir: filepath.Join(cache, "cache")}),
		limits:    document.Limits(cfg.Limits).WithDefaults(),
		passwords: cfg.Passwords,
	}
	var err error
	if cfg.Terms.Glossary != "" {
		var lines []string
		lines, err = readLines(cfg.Terms.Glossary)
		s.glossary, s.synonyms = suggest.ReadGlossary(lines)
	}
	return s, err
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
