package web

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// client is a browser of a test server.
type client struct {
	t      *testing.T
	h      http.Handler
	cookie string
	header http.Header
}

type answer struct {
	*http.Response
	body string
}

const listen = "127.0.0.1:7080"

func newServer(t *testing.T, a Archive, o Options) *Server {
	t.Helper()
	if o.Listen == "" {
		o.Listen = listen
	}
	s, err := New(a, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newClient is logged in to a server with the sample archive.
func newClient(t *testing.T, a Archive, o Options) *client {
	t.Helper()
	s := newServer(t, a, o)
	c := &client{t: t, h: s.Handler(), header: http.Header{}}
	c.login(s.LoginURL())
	return c
}

func (c *client) login(link string) {
	c.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		c.t.Fatal(err)
	}
	r := c.get(u.RequestURI())
	if r.StatusCode != http.StatusOK || len(r.Cookies()) != 1 {
		c.t.Fatalf("login: %d, cookies %v", r.StatusCode, r.Cookies())
	}
	c.cookie = r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
}

func (c *client) do(method, target string, body url.Values, header ...string) answer {
	c.t.Helper()
	var in io.Reader
	if body != nil {
		in = strings.NewReader(body.Encode())
	}
	r := httptest.NewRequest(method, "http://"+listen+target, in)
	maps.Copy(r.Header, c.header)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	if c.cookie != "" {
		r.Header.Add("Cookie", c.cookie)
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	res := w.Result()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res, string(data)}
}

func (c *client) get(target string, header ...string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, target, nil, header...)
}

// want fails unless the answer has the status and holds (or, with "!" before
// it, does not hold) each text.
func (a answer) want(t *testing.T, status int, texts ...string) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("status %d, want %d: %.300s", a.StatusCode, status, a.body)
	}
	for _, text := range texts {
		not := strings.HasPrefix(text, "!")
		if text = strings.TrimPrefix(text, "!"); strings.Contains(a.body, text) == not {
			t.Errorf("found %q: %v; in %.1500s", text, not, a.body)
		}
	}
	return a
}
