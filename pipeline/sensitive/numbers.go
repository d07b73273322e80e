package sensitive

import (
	"strings"
	"time"
)

// Identity checks a resident's identity number, GB 11643-1999: region, day of
// birth, sequence, and a check character by ISO 7064 MOD 11-2.
func Identity(s string) bool {
	if len(s) != 18 {
		return false
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i := range 17 {
		if !isDigit(s[i]) {
			return false
		}
		sum += int(s[i]-'0') * weights[i]
	}
	check := s[17]
	if check == 'x' {
		check = 'X'
	}
	if "10X98765432"[sum%11] != check {
		return false
	}
	born, err := time.Parse("20060102", s[6:14])
	return err == nil && born.Year() >= 1900 && born.Year() < 2100 && region(s[:2])
}

// region says that a number begins with a province's code, GB/T 2260.
func region(s string) bool {
	const codes = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 "
	return strings.Contains(codes, " "+s+" ")
}

// isMobile holds for a mobile number of the mainland, with or without its country's
// code. 10 and 11 are no beginnings in use, 12 neither.
func isMobile(digits string) bool {
	for _, code := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(digits, code); ok && len(rest) == 11 {
			digits = rest
		}
	}
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3' && strings.Trim(digits, digits[:1]) != "" && !same(digits[2:])
}

// same says that all digits are one: 13000000000 is an example, not a number.
func same(s string) bool { return strings.Trim(s, s[:1]) == "" }

// isCard holds for the number of a bank card: a beginning that a network gives out
// (ISO/IEC 7812-1), its length, and the Luhn check digit.
func isCard(digits string) bool {
	if len(digits) < 15 || len(digits) > 19 || same(digits[1:]) {
		return false
	}
	switch {
	case strings.HasPrefix(digits, "62"): // UnionPay
		if len(digits) < 16 {
			return false
		}
	case digits[0] == '4', digits >= "51" && digits < "56", digits >= "2221" && digits < "2721":
		if len(digits) != 16 {
			return false
		}
	case strings.HasPrefix(digits, "34"), strings.HasPrefix(digits, "37"):
		if len(digits) != 15 {
			return false
		}
	case strings.HasPrefix(digits, "35"):
		if len(digits) != 16 {
			return false
		}
	default:
		return false
	}
	return Luhn(digits)
}

// Luhn checks the last digit of a card's number, ISO/IEC 7812-1 annex B.
func Luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		c := digits[len(digits)-1-i]
		if !isDigit(c) {
			return false
		}
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
