package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrNoChild says that a container has no child of the asked step.
var ErrNoChild = errors.New("no such child")

// Separator joins the steps of a locator.
const Separator = "!/"

// EscapeStep makes one step safe to stand in a locator: bytes that are not
// UTF-8, control characters, '%' and a literal "!/" are percent-escaped. What
// a person can read stays readable.
func EscapeStep(step string) string {
	clean := !strings.Contains(step, "!/")
	for i := 0; clean && i < len(step); i++ {
		if c := step[i]; c < 0x20 || c == 0x7f || c == '%' || c >= 0x80 {
			clean = false
		}
	}
	if clean {
		return step
	}
	var b strings.Builder
	for i := 0; i < len(step); {
		r, n := utf8.DecodeRuneInString(step[i:])
		switch {
		case r == utf8.RuneError && n <= 1, r < 0x20, r >= 0x7f && r < 0xa0, r == '%',
			r == '!' && strings.HasPrefix(step[i:], "!/"):
			for _, c := range []byte(step[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		default:
			b.WriteString(step[i : i+n])
		}
		i += n
	}
	return b.String()
}

// UnescapeStep is EscapeStep's inverse.
func UnescapeStep(step string) string {
	if !strings.Contains(step, "%") {
		return step
	}
	var b strings.Builder
	for i := 0; i < len(step); i++ {
		if step[i] == '%' && i+2 < len(step) {
			hi, lo := unhex(step[i+1]), unhex(step[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo)) //nolint:gosec // two hexadecimal digits
				i += 2
				continue
			}
		}
		b.WriteByte(step[i])
	}
	return b.String()
}

// JoinLocator appends an unescaped step to an escaped locator.
func JoinLocator(parent, step string) string {
	if parent == "" {
		return EscapeStep(step)
	}
	return parent + Separator + EscapeStep(step)
}

// SplitLocator returns the unescaped steps of a locator.
func SplitLocator(locator string) []string {
	steps := strings.Split(locator, Separator)
	for i, s := range steps {
		steps[i] = UnescapeStep(s)
	}
	return steps
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
