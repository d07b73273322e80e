// Command termtable makes the tables that pipeline/terms embeds, from texts with
// the key terms that their authors gave:
//
//	go run ./bench/termtable runs DIR > pipeline/terms/background_zh.txt
//	go run ./bench/termtable edges DIR > pipeline/terms/edges_zh.txt
//	go run ./bench/termtable words DIR > pipeline/terms/background_en.txt
//
// DIR holds NAME.txt and, for all but words, beside each NAME.ref, one term a line. The kept
// tables come from the dev part of CSL (Apache-2.0); that of words from 710 pieces of 1,500 characters of the
// Markdown pages of Go modules (MIT, BSD, Apache), six a module at most and without code.
package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"guidang/pipeline/terms"
)

// Of a thousand: what is in fewer texts is rare. A word stands in more texts than
// a run of characters does, and those in between are names of things.
const (
	leastTexts = 6
	leastWords = 20
)

func main() {
	if len(os.Args) != 3 || os.Args[1] != "runs" && os.Args[1] != "edges" && os.Args[1] != "words" {
		fmt.Fprintln(os.Stderr, "usage: termtable runs|edges|words DIR")
		os.Exit(2)
	}
	files, err := filepath.Glob(filepath.Join(os.Args[2], "*.txt"))
	if err != nil || len(files) == 0 {
		fmt.Fprintln(os.Stderr, "no texts in", os.Args[2])
		os.Exit(1)
	}
	texts := map[string]int{}
	first, last := map[rune][2]float64{}, map[rune][2]float64{} // all runs, key terms
	var all, keys float64
	words, least := os.Args[1] == "words", leastTexts
	if words {
		least = leastWords
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil {
			var ref []byte
			if !words {
				ref, err = os.ReadFile(strings.TrimSuffix(f, ".txt") + ".ref")
			}
			given := map[string]bool{}
			for k := range strings.SplitSeq(string(ref), "\n") {
				given[strings.TrimSpace(k)] = true
			}
			for _, c := range terms.Candidates(string(text)) {
				if words != (c[0] < utf8.RuneSelf) {
					continue
				}
				texts[c]++
				a, _ := utf8.DecodeRuneInString(c)
				b, _ := utf8.DecodeLastRuneInString(c)
				all++
				see(first, a, given[c])
				see(last, b, given[c])
				if given[c] {
					keys++
				}
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	var lines []string
	if os.Args[1] != "edges" {
		for term, n := range texts {
			if share := n * 1000 / len(files); share >= least {
				lines = append(lines, fmt.Sprintf("%s %d", term, share))
			}
		}
	} else {
		for r, n := range first {
			a, b := weight(n, keys/all), weight(last[r], keys/all)
			if (n[0] >= 20 || last[r][0] >= 20) && (a != 0 || b != 0) {
				lines = append(lines, fmt.Sprintf("%c %d %d", r, a, b))
			}
		}
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

func see(m map[rune][2]float64, r rune, key bool) {
	n := m[r]
	n[0]++
	if key {
		n[1]++
	}
	m[r] = n
}

// weight is drawn towards nothing by two occurrences that never were.
func weight(n [2]float64, share float64) int {
	return int(math.Round(10 * math.Log((n[1]+2)/(n[0]*share+2))))
}
