package han

import "strings"

// Simplify writes a text that holds traditional characters in simplified ones,
// as a person would. A text without any that is surely traditional is given
// back as it is: 著 folds to 着, and 著名 is right simplified Chinese.
func Simplify(text string) string {
	if !Traditional(text) {
		return text
	}
	runes := []rune(text)
	kept := make([]bool, len(runes))
	for _, phrase := range keptPhrases {
		want := []rune(phrase)
		for at := 0; at+len(want) <= len(runes); at++ {
			if string(runes[at:at+len(want)]) == phrase {
				for n := range want {
					kept[at+n] = kept[at+n] || ambiguous(want[n])
				}
			}
		}
	}
	var out strings.Builder
	for n, r := range runes {
		if !kept[n] {
			if to, ok := byPhrase[r]; ok {
				r = to
			} else {
				r = Fold(r)
			}
		}
		out.WriteRune(r)
	}
	return out.String()
}

// Traditional says whether a text holds a character that simplified Chinese
// does not write.
func Traditional(text string) bool {
	for _, r := range text {
		if !ambiguous(r) && Fold(r) != r {
			return true
		}
	}
	return false
}

// both are characters that simplified Chinese writes too, in some words.
const both = "著乾瞭藉夥徵麽苧甯閒餘摺畫於佈菸"

// byPhrase are those that OpenCC's character table leaves to its phrases.
var byPhrase = map[rune]rune{'瞭': '了', '於': '于', '藉': '借', '著': '着', '乾': '干', '夥': '伙'}

func ambiguous(r rune) bool { return strings.ContainsRune(both, r) }

// keptPhrases are words in which such a character stays what it is.
var keptPhrases = []string{
	"著名", "著作", "著者", "著称", "著稱", "著述", "著书", "著書", "著录", "著錄", "显著", "顯著", "卓著", "昭著", "原著", "名著", "专著", "專著", "巨著", "编著", "編著", "合著", "论著", "論著", "土著", "遗著", "遺著", "译著", "譯著",
	"乾隆", "乾坤", "乾县", "乾縣", "乾陵", "瞭望", "狼藉", "慰藉", "枕藉", "蕴藉", "蘊藉", "宫商角徵羽", "宮商角徵羽", "魏徵",
}
