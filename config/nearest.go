package config

import "strings"

// nearest is the known key that is most like one that is not known. keys are
// those of the place where it stands, elsewhere are all keys in full: a key
// that is right but in the wrong place is named with its place.
func nearest(key string, keys, elsewhere []string) string {
	for _, k := range elsewhere {
		if k == key || strings.HasSuffix(k, "."+key) {
			return k
		}
	}
	best, least := "", 0
	for _, k := range keys {
		if d := distance(key, k); best == "" || d < least {
			best, least = k, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with their
// neighbour to come from a to b (optimal string alignment).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	if len(from) > 64 {
		from = from[:64] // a key of the file is as long as its author likes
	}
	before, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range row {
		last[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row[0] = i
		for j := 1; j <= len(to); j++ {
			change := 1
			if from[i-1] == to[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(to)]
}
