package web

// Advice is what a person can do about a reason, in Chinese (zh) or English; empty
// for what is no reason.
func Advice(language, reason string) string {
	if l := tongue(language); l.has("advice", reason) {
		return l.word("advice", reason)
	}
	return ""
}
