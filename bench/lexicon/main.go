// Command lexicon learns which words the writers of minutes use more often
// than the speakers of meetings, and prints the table that pipeline/minutes
// embeds:
//
//	go run ./bench/lexicon zh DIR… > pipeline/minutes/lexicon_zh.txt
//	go run ./bench/lexicon en DIR… > pipeline/minutes/lexicon_en.txt
//
// A DIR holds transcripts NAME.json (the form of `guidang transcribe --json`) and
// beside each NAME.ref.json with what a person wrote of it: {"summary":"…",
// "topics":[{"summary":"…"}]}. With more than one DIR a word has to be used in
// all of them: what is frequent in meetings on one product alone is a topic,
// and no way of writing. The kept tables come from VCSum's dev part (MIT) and from
// the training parts of AMI and ICSI (CC BY 4.0) in the form of microsoft/HMNet.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"guidang/extractors/document"
	"guidang/pipeline/minutes"
)

// reference is what a person wrote of a meeting.
type reference struct {
	Summary string `json:"summary"`
	Topics  []struct {
		Summary string `json:"summary"`
	} `json:"topics"`
}

// counts of one folder: how often a word is written and said.
type counts struct {
	written, said   map[string]float64
	writing, saying float64
}

// Words seen less often than this say nothing sure; the others are drawn
// towards zero by a prior of so many occurrences.
const (
	leastSeen = 3
	prior     = 4
)

func main() {
	if len(os.Args) < 3 || os.Args[1] != "zh" && os.Args[1] != "en" {
		fmt.Fprintln(os.Stderr, "usage: lexicon zh|en DIR…")
		os.Exit(2)
	}
	var all []counts
	for _, dir := range os.Args[2:] {
		c, err := count(dir, os.Args[1] == "zh")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(all, c)
	}
	sum := counts{written: map[string]float64{}, said: map[string]float64{}}
	for _, c := range all {
		for w, n := range c.written {
			sum.written[w] += n
		}
		for w, n := range c.said {
			sum.said[w] += n
		}
		sum.writing += c.writing
		sum.saying += c.saying
	}
	var lines []string
	for w, n := range sum.said {
		expected := n * sum.writing / sum.saying
		everywhere := true
		for _, c := range all {
			everywhere = everywhere && c.said[w] >= leastSeen
		}
		if !everywhere || expected < leastSeen && sum.written[w] < leastSeen {
			continue
		}
		weight := math.Round(10 * math.Log((sum.written[w]+prior)/(expected+prior)))
		if weight != 0 {
			lines = append(lines, fmt.Sprintf("%s %d", w, int(weight)))
		}
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

func count(dir string, han bool) (counts, error) {
	c := counts{written: map[string]float64{}, said: map[string]float64{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.ref.json"))
	if err != nil || len(files) == 0 {
		return c, fmt.Errorf("%s holds no references: %w", dir, err)
	}
	for _, f := range files {
		var r reference
		var t document.Transcript
		if err := read(f, &r); err != nil {
			return c, err
		}
		if err := read(strings.TrimSuffix(f, ".ref.json")+".json", &t); err != nil {
			return c, err
		}
		texts := []string{r.Summary}
		for _, topic := range r.Topics {
			texts = append(texts, topic.Summary)
		}
		for _, s := range texts {
			for _, w := range minutes.LexiconWords(s, han) {
				c.written[w]++
				c.writing++
			}
		}
		for _, u := range t.Utterances {
			for _, w := range minutes.LexiconWords(minutes.Clean(u.Text), han) {
				c.said[w]++
				c.saying++
			}
		}
	}
	return c, nil
}

func read(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
