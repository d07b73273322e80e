package web

import (
	"net/http"
	"testing"
)

// A viewer of some sources must not learn of the others: neither by address nor
// by search, counts, facets, neighbours or error texts.
func TestWhatIsOutsideDoesNotExist(t *testing.T) {
	t.Parallel()
	f := sample(t)
	secret := f.docs[len(f.docs)-1].view
	if f.docs[len(f.docs)-1].source != "私密" {
		t.Fatal("the sample changed")
	}
	all := newClient(t, f, Options{})
	all.get("/d/"+secret.ID).want(t, http.StatusOK, "Secretword")
	all.get("/?q=secretword").want(t, http.StatusOK, secret.ID)

	some := newClient(t, f, Options{Scopes: []string{"source:邮箱", "source:共享盘"}})
	missing := some.get("/d/aaaaaaaaaaaaaaaaaaaaaaaaaa").want(t, http.StatusNotFound)
	for _, path := range []string{"/d/" + secret.ID, "/o/" + secret.ID, "/api/documents/" + secret.ID, "/d/" + secret.ID + "?q=secretword#p0"} {
		some.get(path).want(t, http.StatusNotFound, "!Secretword", "!contract.html", "!Service level")
	}
	if got := some.get("/d/" + secret.ID); len(got.body)-len(missing.body) > 40 { // the address stands in the form of the switch
		t.Error("the page of what is outside differs from that of what does not exist")
	}
	some.get("/?q=secretword").want(t, http.StatusOK, "!"+secret.ID, "!contract.html", "共 0 个文档")
	some.get("/").want(t, http.StatusOK, "远航项目周会", "!Service level", "!2022", "!href=\"/status\">状态")
	some.get("/api/search").want(t, http.StatusOK, "!"+secret.ID, "!2022")
	// The account of the whole archive names items of every source.
	for _, path := range []string{"/status", "/status/progress", "/items", "/items?state=quarantined", "/api/status"} {
		some.get(path).want(t, http.StatusNotFound, "!坏文件", "!129")
	}
	none := newClient(t, f, Options{Scopes: []string{}})
	none.get("/").want(t, http.StatusOK, "!远航")
	none.get("/d/"+f.docs[0].view.ID).want(t, http.StatusNotFound)
}

// Pages take ids and nothing else: locators would tell of sources by guessing.
func TestOnlyIDsAreTaken(t *testing.T) {
	t.Parallel()
	f := sample(t)
	c := newClient(t, f, Options{})
	id := f.docs[0].view.ID
	for _, bad := range []string{id[:8], id + "a", "mails%2F2024.mbox", "%2e%2e%2f%2e%2e", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "%00"} {
		c.get("/d/"+bad).want(t, http.StatusNotFound)
		c.get("/o/"+bad).want(t, http.StatusNotFound)
		c.get("/api/documents/"+bad).want(t, http.StatusNotFound)
	}
}
