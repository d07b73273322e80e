//go:build !light

package pdf

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// withOutline makes a file of three pages with bookmarks: a chapter on page 1, a
// section within it on the same page, a chapter on page 3. last is where the
// last one goes on.
func withOutline(last string) []byte {
	m := &maker{}
	m.add("<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R>>")
	m.add("")
	title := func(s string) string { return fmt.Sprintf("/Title<feff%x>", utf16be(s)) }
	m.add("<</Type/Outlines/First 4 0 R/Last 5 0 R/Count 3>>")
	m.add("<<" + title("第一章 总则") + "/Parent 3 0 R/Next 5 0 R/First 6 0 R/Last 6 0 R/Count 1/Dest[13 0 R/Fit]>>")
	m.add("<<" + title("第二章 付款方式") + "/Parent 3 0 R/Prev 4 0 R" + last + "/Dest[17 0 R/Fit]>>")
	m.add("<<" + title("1.1 定义") + "/Parent 4 0 R/Dest[13 0 R/Fit]>>")
	return withPages(m, page{content: show("F1", "one")}, page{content: show("F1", "two")}, page{content: show("F1", "three")})
}

func TestBookmarksAreHeadings(t *testing.T) {
	t.Parallel()
	doc, _ := read(t, format, input("a.pdf", withOutline("")))
	var got []string
	for _, s := range doc.Sections {
		got = append(got, fmt.Sprintf("%d %s", s.Position.Page, s.Heading))
	}
	want := "1 第一章 总则 · 1.1 定义, 2 1.1 定义, 3 第二章 付款方式"
	if strings.Join(got, ", ") != want || doc.Fields["bookmarks"] != "3" {
		t.Errorf("got %v, %v", got, doc.Fields)
	}
	doc, _ = read(t, format, input("a.pdf", withOutline("/Next 4 0 R")))
	if n, _ := strconv.Atoi(doc.Fields["bookmarks"]); n > maxBookmarks || len(doc.Sections) != 3 || doc.Read != document.Full {
		t.Errorf("a ring: %s, %v", doc.Read, doc.Fields)
	}
}
