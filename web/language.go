package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"guidang/web/texts"
)

const (
	chinese = texts.Chinese
	english = texts.English

	languageCookie = "guidang_lang"
)

// tongue says things in one language.
type tongue string

// say gives the text of a key with its arguments. A key that is missing shows
// itself; a test sees to it that none is.
func (l tongue) say(key string, args ...any) string {
	text, ok := texts.Say(string(l), key)
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// word translates a word of a closed list ("state", "waiting"), and gives the
// word itself when a newer part of the program made one that the table lacks.
func (l tongue) word(list string, word any) string {
	w := fmt.Sprint(word)
	if text, ok := texts.Say(string(l), list+"."+w); ok {
		return text
	}
	return w
}

// detail says what a reader said of a document, safe to show.
func (l tongue) detail(s string) string { return visible(texts.Detail(string(l), s)) }

// has says whether the table has a text for a word of a list.
func (l tongue) has(list string, word any) bool {
	_, ok := texts.Say(string(l), list+"."+fmt.Sprint(word))
	return ok
}

// Other is the language that the switch leads to.
func (l tongue) Other() string {
	if l == english {
		return chinese
	}
	return english
}

// Tag is the BCP 47 tag of pages in this language.
func (l tongue) Tag() string {
	if l == english {
		return "en"
	}
	return "zh-CN"
}

// language chooses by the switch, then by what the browser asks for.
func (s *Server) language(r *http.Request) tongue {
	if c, err := r.Cookie(languageCookie); err == nil {
		if texts.Spoken(c.Value) {
			return tongue(c.Value)
		}
	}
	return tongue(accepted(r.Header.Get("Accept-Language"), s.o.Language))
}

// accepted picks the language with the highest weight of those that we speak.
func accepted(header, fallback string) string {
	best, weight := fallback, 0.0
	for n, part := range strings.Split(header, ",") {
		if n == 20 { // nobody speaks more; the header is the client's
			break
		}
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if !texts.Spoken(primary) {
			continue
		}
		q := 1.0
		if v, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		if q > weight {
			best, weight = primary, q
		}
	}
	return best
}

// setLanguage keeps the switch in a cookie and goes back to the page.
func (s *Server) setLanguage(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	to := r.PostFormValue("to")
	if texts.Spoken(to) {
		//nolint:gosec // Secure follows the connection: on this machine it is plain HTTP
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: to, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
	}
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther) //nolint:gosec // localPath lets only our own addresses through
}

// localPath lets only addresses on this server through: a redirect target that
// a form carries could lead anywhere.
func localPath(back string) string {
	if len(back) < 1 || back[0] != '/' || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t\x00") {
		return "/"
	}
	return back
}
