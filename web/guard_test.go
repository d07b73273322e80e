package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guidang/pipeline"
)

func TestEveryPageNeedsASession(t *testing.T) {
	t.Parallel()
	f := sample(t)
	id := f.docs[0].view.ID
	c := &client{t: t, h: newServer(t, f, Options{}).Handler()}
	for _, path := range []string{"/", "/?q=验收", "/d/" + id, "/o/" + id, "/meetings", "/status", "/status/progress", "/items", "/nothing",
		"/api/search?q=x", "/api/documents/" + id, "/api/status", "/api/nothing"} {
		for _, cookie := range []string{"", "guidang_7080=wrong", "guidang_7080="} {
			c.cookie = cookie
			c.get(path).want(t, http.StatusUnauthorized, "!远航", "!"+id+"</")
		}
	}
	c.cookie = ""
	if r := c.get("/?q=a", "HX-Request", "true").want(t, http.StatusUnauthorized); r.Header.Get("Hx-Refresh") != "true" {
		t.Error("a page whose session ended goes on asking")
	}
	for path, want := range map[string]int{"/healthz": 200, "/api/healthz": 200, "/static/style.css": 200, "/static/htmx.min.js": 200, "/static/": 404, "/static/../server.go": 307, "/login": 403} {
		if got := c.get(path).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

func TestLoginLinkWorksOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := newServer(t, sample(t), Options{DataDir: dir})
	link := s.LoginURL()
	u, err := url.Parse(link)
	if err != nil || u.Host != listen || len(u.Query().Get("token")) < 26 {
		t.Fatalf("link %q: %v", link, err)
	}
	c := &client{t: t, h: s.Handler()}
	c.do(http.MethodHead, u.RequestURI(), nil).want(t, http.StatusOK) // a preview is not a use
	r := c.get(u.RequestURI()).want(t, http.StatusOK)
	cookie := r.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Name != "guidang_7080" {
		t.Errorf("cookie %+v", cookie)
	}
	c.get(u.RequestURI()).want(t, http.StatusForbidden)
	c.get("/login?token=").want(t, http.StatusForbidden)
	c.cookie = cookie.Name + "=" + cookie.Value
	c.get("/").want(t, http.StatusOK)
	c.get(u.RequestURI()).want(t, http.StatusSeeOther) // the link in the history of the same browser

	data, err := os.ReadFile(filepath.Join(dir, "web-sessions.json"))
	if err != nil || strings.Contains(string(data), cookie.Value) {
		t.Errorf("the file of sessions: %v, %s", err, data)
	}
	if st, err := os.Stat(filepath.Join(dir, "web-sessions.json")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	// A restart ends links, not sessions.
	open := s.LoginURL()
	s = newServer(t, sample(t), Options{DataDir: dir})
	c.h = s.Handler()
	c.get("/").want(t, http.StatusOK)
	u, _ = url.Parse(open)
	other := &client{t: t, h: c.h}
	other.get(u.RequestURI()).want(t, http.StatusForbidden)

	c.do(http.MethodPost, "/logout", url.Values{}).want(t, http.StatusOK)
	c.get("/").want(t, http.StatusUnauthorized) // the cookie is worth nothing any more
	s.sessions.now = func() time.Time { return time.Now().Add(sessionLife + time.Hour) }
	late, _, _ := s.sessions.accept(s.sessions.invite())
	s.sessions.now = func() time.Time { return time.Now().Add(3 * sessionLife) }
	if s.sessions.valid(late) {
		t.Error("a session lives for ever")
	}
}

func TestDamagedSessionFileOnlyLogsOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "web-sessions.json"), []byte("{\"a\":"), 0o600); err != nil {
		t.Fatal(err)
	}
	newClient(t, sample(t), Options{DataDir: dir}).get("/").want(t, http.StatusOK)
}

func TestHostIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host, own string
		want      bool
	}{
		{"127.0.0.1:7080", "127.0.0.1", true}, {"localhost:7080", "127.0.0.1", true}, {"LOCALHOST", "127.0.0.1", true}, {"[::1]:7080", "127.0.0.1", true}, {"127.8.8.8", "127.0.0.1", true},
		{"archive.office:7080", "archive.office", true}, {"10.0.0.5:7080", "10.0.0.5", true}, {"localhost.", "127.0.0.1", true},
		{"evil.example", "127.0.0.1", false}, {"evil.example:7080", "127.0.0.1", false}, {"127.0.0.1.evil.example", "127.0.0.1", false}, {"localhost.evil.example", "127.0.0.1", false},
		{"10.0.0.5", "127.0.0.1", false}, {"0.0.0.0:7080", "0.0.0.0", false}, {"", "", false}, {"", "127.0.0.1", false},
	} {
		if got := hostAllowed(c.host, c.own); got != c.want {
			t.Errorf("host %q at %q: %v", c.host, c.own, got)
		}
	}
	c := newClient(t, sample(t), Options{})
	c.get("/", "Host", "evil.example").want(t, http.StatusMisdirectedRequest, "!远航")
	c.get("/api/search", "Host", "evil.example").want(t, http.StatusMisdirectedRequest, "error.host")
	c.get("/healthz", "Host", "evil.example").want(t, http.StatusMisdirectedRequest)
}

func TestOtherOriginsCannotPost(t *testing.T) {
	t.Parallel()
	c := newClient(t, sample(t), Options{})
	for _, path := range []string{"/logout", "/language"} {
		c.do(http.MethodPost, path, url.Values{"to": {"en"}}, "Origin", "http://evil.example").want(t, http.StatusForbidden)
		c.do(http.MethodPost, path, url.Values{"to": {"en"}}, "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden)
	}
	c.get("/").want(t, http.StatusOK)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		if r := c.do(method, "/status", url.Values{}); r.StatusCode < 400 {
			t.Errorf("%s /status: %d", method, r.StatusCode)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	for _, path := range []string{"/", "/d/" + f.docs[0].view.ID, "/meetings", "/status", "/items", "/nothing", "/api/status", "/static/style.css"} {
		h := c.get(path).Header
		for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if !strings.HasPrefix(path, "/static/") && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, h.Get("Cache-Control"))
		}
	}
	for _, bad := range []string{"unsafe", "*", "http:", "https:"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy allows %q", bad)
		}
	}
}

func TestErrorsHideTheirCause(t *testing.T) {
	t.Parallel()
	f := sample(t)
	id := f.docs[0].view.ID
	var log bytes.Buffer
	c := newClient(t, f, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	f.err = errors.New("disk /srv/secret/ledger.db is malformed")
	for path, key := range map[string]string{"/?q=a": "error.search", "/d/" + id: "error.document", "/o/" + id: "error.original", "/meetings": "error.search", "/status": "error.status", "/items": "error.status", "/api/search": "error.search", "/api/status": "error.status"} {
		r := c.get(path).want(t, http.StatusInternalServerError, key, "!/srv/secret", "!malformed")
		request := r.Header.Get("X-Request-ID")
		if !strings.Contains(r.body, request) || !strings.Contains(log.String(), request) || !strings.Contains(log.String(), "malformed") {
			t.Errorf("%s: request %s is not in the page and the log", path, request)
		}
	}
}

// panicking is an archive with a bug.
type panicking struct{ *fake }

func (panicking) Status(context.Context) (*pipeline.Status, error) { panic("index out of range") }

func TestPanicsBecomeErrors(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := newClient(t, panicking{sample(t)}, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	c.get("/status").want(t, http.StatusInternalServerError, "error.internal", "!out of range")
	if !strings.Contains(log.String(), "index out of range") {
		t.Error("the log does not have the panic")
	}
	c.get("/").want(t, http.StatusOK)
}
