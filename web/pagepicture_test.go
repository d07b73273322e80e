package web

import (
	"strings"
	"testing"

	"guidang/extractors/document"
)

// A PDF's pages are shown beside their text, open at the hit; pages without text by
// themselves; fonts that are missing are said.
func TestPagesOfPDF(t *testing.T) {
	t.Parallel()
	f := sample(t)
	d := &document.Document{Kind: document.KindDocument, MediaType: "application/pdf", Fields: map[string]string{"pages": "40", "format": "pdf"}}
	d.AddText(document.Position{Page: 1}, "", strings.Repeat("第一页的文字。", 300))
	d.AddText(document.Position{Page: 2}, "", strings.Repeat("验收条款在第二页。", 300))
	id := f.add("s", "合同.pdf", []byte("\x89PNG\r\n\x1a\nx"), d).ID
	client := newClient(t, f, Options{})
	page := client.get("/d/"+id+"?p=0").want(t, 200).body
	if !strings.Contains(page, `<details class="picture" open><summary>`) || strings.Count(page, "<details class=\"picture\"") != 2+maxPages {
		t.Errorf("%d pictures", strings.Count(page, "<details class=\"picture\""))
	}
	if first := strings.Index(page, " open><summary>"); first < 0 || !strings.Contains(page[first:first+300], "/page/1?w=1000") || strings.Contains(page, "not in the file") {
		t.Error("the first page is not the one that is open")
	}
	said := false
	for _, p := range []string{"1", "2", "3", "4"} { // one of them is on page 2
		page = client.get("/d/"+id+"?p="+p).want(t, 200).body
		said = said || strings.Contains(page, `class="notice"`)
	}
	if !said {
		t.Error("that fonts are missing is not said")
	}
	for path, want := range map[string]int{"/page/1?w=1000": 200, "/page/1?w=999": 404, "/page/0?w=1000": 404, "/page/3?w=1000": 404, "/page/x?w=1000": 404} {
		r := client.get("/d/" + id + path)
		r.want(t, want)
		if want == 200 && (r.Header.Get("Content-Type") != "image/png" || r.Header.Get("Content-Security-Policy") != originalPolicy) {
			t.Errorf("%s is %q under %q", path, r.Header.Get("Content-Type"), r.Header.Get("Content-Security-Policy"))
		}
	}
	other := f.add("s", "b.pdf", []byte("<script>"), &document.Document{Kind: document.KindDocument, MediaType: "application/pdf"}).ID
	client.get("/d/"+other+"/page/1?w=1000").want(t, 404) // what a reader sends is looked at
}
