package transcribe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// languageNames are the English names that servers answer in place of codes.
//
// QUIRK: the whisper.cpp server says "chinese", OpenAI "english", FunASR "zh",
// "<|zh|>" or "unknown".
var languageNames = map[string]string{
	"chinese": "zh", "mandarin": "zh", "cantonese": "yue", "english": "en", "japanese": "ja", "korean": "ko", "german": "de", "french": "fr", "spanish": "es",
	"russian": "ru", "italian": "it", "portuguese": "pt", "arabic": "ar", "vietnamese": "vi", "thai": "th", "indonesian": "id", "malay": "ms", "dutch": "nl",
	"unknown": "", "auto": "", "nospeech": "", "multilingual": "",
}

// languageCode makes a code of what a server calls a language.
func languageCode(name string) string {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), "<|>"))
	if code, ok := languageNames[name]; ok {
		return code
	}
	code, _, _ := strings.Cut(strings.ReplaceAll(name, "_", "-"), "-")
	if len(code) == 2 || len(code) == 3 {
		return code
	}
	return ""
}

// traditional says whether a language is set in its traditional script.
func traditional(language string) bool {
	low := strings.ToLower(language)
	for _, tag := range []string{"zh-hant", "zh-tw", "zh-hk", "zh-mo"} {
		if strings.HasPrefix(low, tag) {
			return true
		}
	}
	return false
}

// spaced says whether a character belongs to a script that parts words.
func spaced(r rune) bool {
	return !wide(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func endsSentence(s string) bool {
	return strings.ContainsRune("。！？!?.…；;", lastRune(strings.TrimRight(s, "\"”’』」) ")))
}

// weight is about how long a text takes to say, in Chinese characters: an
// English word is two of them.
func weight(s string) float64 {
	w := 0.0
	in := false
	for _, r := range s {
		letter := spaced(r)
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			w++
		case unicode.IsDigit(r):
			w++
		case letter && !in:
			w += 2
		}
		in = letter
	}
	return w
}
