package index

// Numeral reads a whole number in Han numerals, simplified or financial:
// 三十五万, 叁拾伍万, 二〇二五. ok is false for what only looks like one.
func Numeral(s string) (n int64, ok bool) { return numeral(s) }
