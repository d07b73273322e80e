package sensitive

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// passwordWords are what stands before a password; longest first.
var passwordWords = []string{"初始密码", "登录密码", "解压密码", "密码", "口令", "password", "passwd", "passcode", "passphrase", "pwd"}

// says is what stands between the word and the password.
var says = []string{"已重置为", "已改为", "重置为", "改为", "统一为", "分别是", "是", "为", "is now", "is", "reset to", "set to", "has been set to"}

// password reads a password whose word begins at a place. after is where to go on.
//
// It wants a colon, an equals sign or a word such as 是 between them, and a value
// that people would type: four characters or more without Han in it, that is not a
// placeholder or a piece of a program.
func password(s string, at int) (from, to, after int) {
	if !mayBegin(s[at:]) {
		return 0, 0, skip(s, at)
	}
	word := ""
	for _, w := range passwordWords {
		if len(s)-at >= len(w) && strings.EqualFold(s[at:at+len(w)], w) {
			word = w
			break
		}
	}
	if word == "" {
		return 0, 0, skip(s, at)
	}
	after = at + len(word)
	if at > 0 && isLetter(word[0]) && (isLetter(s[at-1]) || s[at-1] == '_' || s[at-1] == '.' || s[at-1] == '$') {
		return 0, 0, after // getPassword, db.password: code
	}
	i := blanks(s, after)
	said := false
	for _, colon := range []string{":", "：", "=", "＝"} {
		if strings.HasPrefix(s[i:], colon) {
			i, said = i+len(colon), true
			break
		}
	}
	if !said {
		for _, w := range says {
			if len(s)-i >= len(w) && strings.EqualFold(s[i:i+len(w)], w) {
				i, said = i+len(w), true
				for _, colon := range []string{":", "："} {
					i += len(s[i:]) - len(strings.TrimPrefix(s[i:], colon))
				}
				break
			}
		}
	}
	if !said {
		return 0, 0, after
	}
	i = blanks(s, i)
	for i < len(s) && strings.IndexByte("\"'`", s[i]) >= 0 {
		i++
	}
	end := i
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if r > unicode.MaxASCII || unicode.IsSpace(r) || strings.ContainsRune("\"'`<>,;|", r) {
			break
		}
		end += size
	}
	value := strings.TrimRight(s[i:end], ".)]}")
	if !typed(value) {
		return 0, 0, after
	}
	return i, i + len(value), end
}

// skip goes to the end of a word that is none of the words.
func skip(s string, at int) int {
	if !isLetter(s[at]) {
		_, size := utf8.DecodeRuneInString(s[at:])
		return at + size
	}
	for at < len(s) && isLetter(s[at]) {
		at++
	}
	return at
}

func blanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t') {
		at++
	}
	return at
}

// typed says that a value is a password somebody types.
func typed(v string) bool {
	if len(v) < 4 || len(v) > 64 || strings.ContainsAny(v, "(){}[]$\\") {
		return false
	}
	kinds := 0
	for _, in := range []func(rune) bool{unicode.IsDigit, unicode.IsUpper, unicode.IsLower, func(r rune) bool { return !unicode.IsDigit(r) && !unicode.IsLetter(r) }} {
		if strings.ContainsFunc(v, in) {
			kinds++
		}
	}
	low := strings.ToLower(v)
	if strings.Trim(low, "*x.-_#?•") == "" || strings.HasPrefix(low, "http") || strings.Contains(low, "yourpass") {
		return false
	}
	switch low {
	case "null", "none", "true", "false", "string", "varchar", "text", "required", "optional", "your", "sent", "wrong", "invalid", "expired", "incorrect", "empty", "protected", "case-sensitive", "needed", "changed", "please", "password", "hidden", "stored", "encrypted", "hashed":
		return false
	}
	// A word in small letters is prose: the password is somewhere else.
	return kinds > 1 || strings.ContainsFunc(v, unicode.IsDigit)
}

// mayBegin tells from the first character whether one of passwordWords may begin
// here: every word of an archive passes here.
func mayBegin(s string) bool {
	if s[0]|0x20 == 'p' {
		return len(s) > 1 && (s[1]|0x20 == 'a' || s[1]|0x20 == 'w')
	}
	for _, first := range []string{"初", "登", "解", "密", "口"} {
		if strings.HasPrefix(s, first) {
			return true
		}
	}
	return false
}
