// Package han knows Han characters: which traditional or regional form is which
// simplified one. The index compares texts by it, transcripts are written by it.
package han

import "unicode/utf8"

// folded has, for every character from U+3400 to U+9FFF, the one that it is
// compared as: traditional and regional forms become simplified ones, in texts
// and in queries alike. For comparing it need not be right Chinese, only the
// same: 乾 is 干 here also in 乾隆. Characters that only a phrase tells apart
// (覆, 於 in names) stay what they are where OpenCC's table leaves them.
//
// An array, since every character of every text is looked up.
//
// folds has a bit for each from U+4000 on: whether it becomes another. It is small
// enough to stay near the processor.
var folded, foldedFar, folds = makeFolds()

const foldFirst, foldBits, foldLast = 0x3400, 0x4000, 0x9fff

func makeFolds() (near *[foldLast - foldFirst + 1]rune, far map[rune]rune, bits *[(foldLast - foldBits + 1) / 8]byte) {
	near, far, bits = new([foldLast - foldFirst + 1]rune), map[rune]rune{}, new([(foldLast - foldBits + 1) / 8]byte)
	for i := range near {
		near[i] = rune(foldFirst + i)
	}
	for at := 0; at < len(foldPairs); {
		from, n := utf8.DecodeRuneInString(foldPairs[at:])
		to, m := utf8.DecodeRuneInString(foldPairs[at+n:])
		if at += n + m; foldFirst <= from && from <= foldLast {
			near[from-foldFirst] = to
			if from >= foldBits && from != to {
				bits[(from-foldBits)>>3] |= 1 << (from & 7)
			}
		} else {
			far[from] = to
		}
	}
	return near, far, bits
}

// Folds says whether Fold changes the character from U+4000 to U+9FFF whose
// UTF-8 this is.
func Folds(a, b, c byte) bool {
	at := (int(a&0x0f)<<12 | int(b&0x3f)<<6 | int(c&0x3f)) - foldBits
	return folds[at>>3]&(1<<(c&7)) != 0
}

// Fold is a Han character as it is compared.
func Fold(r rune) rune {
	if foldFirst <= r && r <= foldLast {
		return folded[r-foldFirst]
	}
	if r < 0x20000 {
		return r
	}
	if to, ok := foldedFar[r]; ok {
		return to
	}
	return r
}
