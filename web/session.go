package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	sessionLife = 30 * 24 * time.Hour
	maxSessions = 1000
	maxInvites  = 16
)

// sessions knows who is logged in. Tokens are kept as hashes only, so that the
// file gives nobody a session.
type sessions struct {
	mu      sync.Mutex
	path    string               // empty: memory only
	invites []string             // hashes of login tokens that were not used yet
	live    map[string]time.Time // hash of the session's token: when it ends
	now     func() time.Time
}

// openSessions reads the sessions of dir. A file that cannot be understood is
// as good as none: staff log in again.
func openSessions(dir string) (*sessions, error) {
	s := &sessions{live: map[string]time.Time{}, now: time.Now}
	if dir == "" {
		return s, nil
	}
	s.path = filepath.Join(dir, "web-sessions.json")
	data, err := os.ReadFile(s.path)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sessions of the pages: %w", err)
	}
	var kept map[string]time.Time
	if json.Unmarshal(data, &kept) == nil {
		for hash, end := range kept {
			if end.After(s.now()) && len(s.live) < maxSessions {
				s.live[hash] = end
			}
		}
	}
	return s, nil
}

// save writes the sessions beside the old file and renames. mu is held.
func (s *sessions) save() error {
	if s.path == "" {
		return nil
	}
	data, err := json.Marshal(s.live)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), ".web-sessions-*") // 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// invite makes a login token. The oldest is forgotten when there are many.
func (s *sessions) invite() string {
	token := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invites = append(s.invites, tokenHash(token))
	if len(s.invites) > maxInvites {
		s.invites = s.invites[1:]
	}
	return token
}

// accept uses a login token up and begins a session.
func (s *sessions) accept(token string) (session string, ok bool, err error) {
	hash := tokenHash(token)
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, have := range s.invites {
		if have != hash { // both are hashes: timing tells nothing of the token
			continue
		}
		s.invites = append(s.invites[:n:n], s.invites[n+1:]...)
		for hash, end := range s.live {
			if end.Before(s.now()) {
				delete(s.live, hash)
			}
		}
		if len(s.live) >= maxSessions {
			clear(s.live)
		}
		session = rand.Text()
		s.live[tokenHash(session)] = s.now().Add(sessionLife)
		return session, true, s.save()
	}
	return "", false, nil
}

func (s *sessions) valid(session string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, ok := s.live[tokenHash(session)]
	return ok && end.After(s.now())
}

func (s *sessions) end(session string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, tokenHash(session))
	return s.save()
}

// cookieName carries the port: cookies do not know ports, and two archives on
// one machine would log each other out.
func (s *Server) cookieName() string {
	_, port, _ := net.SplitHostPort(s.o.Listen)
	return "guidang_" + port
}

func (s *Server) cookie(r *http.Request, value string, age int) *http.Cookie {
	//nolint:gosec // Secure follows the connection: on this machine it is plain HTTP
	return &http.Cookie{Name: s.cookieName(), Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteStrictMode}
}

// login uses a one-time link up. HEAD (link previews) is not a use.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		return
	}
	token := r.URL.Query().Get("token")
	session, ok, err := s.sessions.accept(token)
	if err != nil {
		s.log.Warn("sessions of the pages could not be saved; they end with this process", "error", err)
	}
	if !ok {
		// A link opened a second time in a browser that is logged in is no mistake.
		if c, err := r.Cookie(s.cookieName()); err == nil && s.sessions.valid(c.Value) {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		s.fail(w, r, http.StatusForbidden, "error.login", nil)
		return
	}
	http.SetCookie(w, s.cookie(r, session, int(sessionLife.Seconds())))
	// QUIRK: RFC 6265bis §5.2 — SameSite=Strict cookies are not sent along a
	// redirect that another site's link began, and a link from a mail or chat
	// is one; browsers then show the logged-out page although the cookie is
	// set. A page of our own that goes on by itself is same-site.
	w.Header().Set("Refresh", "0; url=/")
	s.render(w, r, http.StatusOK, "welcome", "welcome.title", nil)
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(s.cookieName()); err == nil {
		if err := s.sessions.end(c.Value); err != nil {
			s.log.Warn("sessions of the pages could not be saved", "error", err)
		}
	}
	http.SetCookie(w, s.cookie(r, "", -1))
	s.render(w, r, http.StatusOK, "goodbye", "goodbye.title", nil)
}

// needSession lets only those through who are logged in.
func (s *Server) needSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(s.cookieName())
		if err != nil || !s.sessions.valid(c.Value) {
			s.fail(w, r, http.StatusUnauthorized, "error.session", nil)
			return
		}
		next.ServeHTTP(w, r.WithContext(withViewer(r.Context(), viewer{s.o.Scopes})))
	})
}
