package meili

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// fakeKeyRow is a key as the server tells it.
type fakeKeyRow struct {
	Name      string    `json:"name"`
	Key       string    `json:"key"`
	UID       string    `json:"uid"`
	Actions   []string  `json:"actions"`
	Indexes   []string  `json:"indexes"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	ExpiresAt *string   `json:"expiresAt"`
}

// caller is what a request may do; the master key may do everything.
type caller struct {
	master bool
	key    *fakeKeyRow
	rules  map[string]struct{ Filter string } // of a tenant token: by index; nil: no tenant
}

// authorise finds out who asks; empty code: nobody is kept out.
func (f *fake) authorise(header string) (c caller, status int, code string) {
	secret := strings.TrimPrefix(header, "Bearer ")
	switch {
	case f.key == "" || secret == f.key:
		return caller{master: true}, 0, ""
	case header == "":
		return c, http.StatusUnauthorized, "missing_authorization_header"
	}
	for _, k := range f.keys {
		if k.Key == secret {
			return caller{key: k}, 0, ""
		}
		if rules, ok := k.opens(secret); ok {
			return caller{key: k, rules: rules}, 0, ""
		}
	}
	return c, http.StatusForbidden, "invalid_api_key"
}

// opens says whether a token was signed with the key and still holds.
func (k *fakeKeyRow) opens(token string) (rules map[string]struct{ Filter string }, ok bool) {
	signed, sum, found := cutLast(token, ".")
	mac := hmac.New(sha256.New, []byte(k.Key))
	mac.Write([]byte(signed))
	if !found || sum != base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) {
		return nil, false
	}
	_, payload, _ := strings.Cut(signed, ".")
	body, err := base64.RawURLEncoding.DecodeString(payload)
	var claims struct {
		APIKeyUID   string `json:"apiKeyUid"`
		Exp         int64
		SearchRules map[string]struct{ Filter string }
	}
	if err != nil || json.Unmarshal(body, &claims) != nil || claims.APIKeyUID != k.UID || claims.Exp < time.Now().Unix() {
		return nil, false
	}
	return claims.SearchRules, true
}

func cutLast(s, sep string) (before, after string, ok bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// may says whether a request is allowed.
func (c *caller) may(what, index string) bool {
	if c.master {
		return true
	}
	if c.rules != nil {
		_, has := c.rules[index]
		return what == "search" && has
	}
	kind, _, _ := strings.Cut(what, ".")
	if !slices.Contains(c.key.Actions, what) && !slices.Contains(c.key.Actions, kind+".*") {
		return false
	}
	return index == "" || slices.ContainsFunc(c.key.Indexes, func(p string) bool { ok, err := path.Match(p, index); return ok && err == nil })
}

// doing names what a request does, as actions of keys name it.
func doing(method string, parts []string) (what, index string) {
	if len(parts) > 1 && parts[0] == "indexes" {
		index = parts[1]
	}
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "keys" && method == http.MethodPost:
		return "keys.create", ""
	case parts[0] == "keys":
		return "keys.get", ""
	case parts[0] == "tasks":
		return "tasks.get", ""
	case parts[0] == "swap-indexes":
		return "indexes.swap", ""
	case parts[0] != "indexes":
		return parts[0], ""
	case last == "search":
		return "search", index
	case last == "stats":
		return "stats.get", index
	case len(parts) > 2 && parts[2] == "settings":
		return "settings.update", index
	case len(parts) > 2:
		return "documents.any", index
	}
	return "indexes.any", index
}

func (f *fake) serveKeys(w http.ResponseWriter, method string, body []byte) {
	if method == http.MethodPost {
		k := &fakeKeyRow{}
		if err := json.Unmarshal(body, k); err != nil {
			wrongf(w, 400, "malformed_payload", "%v", err)
			return
		}
		if slices.Contains(k.Actions, "version") && !slices.Contains(k.Indexes, "*") {
			wrongf(w, 400, "index_scoped_api_key_with_global_action", "cannot create index-scoped API key with global action")
			return
		}
		n := len(f.keys)
		k.UID, k.Key = fmt.Sprintf("6062abda-a5aa-4414-ac91-%012d", n), fmt.Sprintf("key-number-%d", n)
		f.keys = append(f.keys, k)
		reply(w, http.StatusCreated, k)
		return
	}
	reply(w, 200, map[string]any{"results": f.keys, "offset": 0, "limit": 100, "total": len(f.keys)})
}
