package doctype

import (
	"math/big"
	"regexp"
	"strings"

	"guidang/pipeline/index"
)

// money is an amount as it was read.
type money struct {
	value    string // 350000.00
	currency string // ISO 4217, empty if none is named
	from, to int    // bytes of the folded text
}

const (
	hanDigits = `零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟两`
	codes     = `cny|rmb|usd|eur|gbp|hkd|jpy|sgd|aud|人民币|美元|港币|欧元|us\$|hk\$|¥|\$|€|£`
)

// moneyForm reads 350,000.00, 35万, ¥ 1.28 万元, usd 74,400.00 and 叁拾伍万元整.
var moneyForm = regexp.MustCompile(`(` + codes + `)?[ :]*(?:(-?\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?) *(百万|千万|亿|万|千|million|k\b)? *(元|圆|rmb|cny|usd|eur|gbp|hkd|美元|港币|欧元)?|([` + hanDigits + `]{2,}|[` + hanDigits + `])[元圆](?:整|正|([` + hanDigits + `])角(?:([` + hanDigits + `])分)?整?)?)`)

var factors = map[string]*big.Rat{"万": big.NewRat(1e4, 1), "亿": big.NewRat(1e8, 1), "千": big.NewRat(1e3, 1), "百万": big.NewRat(1e6, 1), "千万": big.NewRat(1e7, 1), "million": big.NewRat(1e6, 1), "k": big.NewRat(1e3, 1)}

var currencies = map[string]string{
	"cny": "CNY", "rmb": "CNY", "人民币": "CNY", "元": "CNY", "圆": "CNY", "¥": "CNY", "usd": "USD", "us$": "USD", "$": "USD", "美元": "USD", "eur": "EUR", "欧元": "EUR", "€": "EUR",
	"gbp": "GBP", "£": "GBP", "hkd": "HKD", "hk$": "HKD", "港币": "HKD", "jpy": "JPY", "sgd": "SGD", "aud": "AUD",
}

// moneyIn finds the first amount of a folded text. What is no more than a bare
// number counts only where bare says that an amount is expected.
func moneyIn(s string, bare bool) (money, bool) {
	for _, m := range moneyForm.FindAllStringSubmatchIndex(s, 8) {
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s[m[2*n]:m[2*n+1]]
		}
		out := money{from: m[0], to: m[1], currency: currencies[group(1)]}
		if out.currency == "" {
			out.currency = currencies[group(4)]
		}
		var value *big.Rat
		if han := group(5); han != "" {
			value = hanMoney(han, group(6), group(7))
			out.currency = "CNY"
		} else if value = plainMoney(group(2), group(3)); value != nil && out.currency == "" && group(3) == "" &&
			(!bare || strings.HasPrefix(strings.TrimLeft(s[m[1]:], " "), "%") || dateLike(s[m[0]:])) {
			continue
		}
		if value == nil {
			continue
		}
		for out.from < out.to && strings.ContainsRune(" :", rune(s[out.from])) {
			out.from++
		}
		out.value = value.FloatString(2)
		return out, true
	}
	return money{}, false
}

// dateLike says that a number begins a date and is no amount.
func dateLike(s string) bool {
	s = strings.TrimLeft(s, " :")
	d := dateForm.FindStringIndex(s)
	return d != nil && d[0] == 0
}

func plainMoney(digits, factor string) *big.Rat {
	if len(digits) > 24 {
		return nil
	}
	value, ok := new(big.Rat).SetString(strings.NewReplacer(",", "", "'", "", " ", "").Replace(digits))
	if !ok {
		return nil
	}
	if f := factors[factor]; f != nil {
		value.Mul(value, f)
	}
	return value
}

// hanMoney reads 叁拾伍万 with tenths and hundredths.
func hanMoney(whole, tenths, hundredths string) *big.Rat {
	n, ok := hanNumber(whole)
	if !ok {
		return nil
	}
	t, _ := hanNumber(tenths)
	h, _ := hanNumber(hundredths)
	return big.NewRat(n*100+t*10+h, 100)
}

// hanNumber is index.Numeral that also takes one character.
func hanNumber(s string) (int64, bool) {
	if n, ok := index.Numeral(s); ok {
		return n, true
	}
	if r := []rune(s); len(r) == 1 {
		if n, ok := index.Numeral(s + "千"); ok { // 五千 is read, and by it 五
			return n / 1000, true
		}
		return 0, strings.ContainsRune("零〇", r[0])
	}
	return 0, false
}
