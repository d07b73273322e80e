package sheet

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Bounds of what one workbook names: an office's list of approvals has thousands.
const (
	maxNamed     = 20_000
	maxLinkBytes = 4 << 20
)

// place is a cell: its column counts from 0.
type place struct {
	sheet       string
	row, column int
}

// naming gathers the files that the rows of a workbook name, and the addresses
// that lie behind its cells. A cell and its address may come in any order.
type naming struct {
	doc   *document.Document
	lines bool // a row is a line of a text

	cells []place // of each of doc.Named
	links []link
	bytes int
}

type link struct {
	place
	to string
}

// position is that of one row.
func (n *naming) position(p place) document.Position {
	if n.lines {
		return document.Position{Line: p.row}
	}
	return document.Position{Sheet: p.sheet, Rows: &[2]int{p.row, p.row}}
}

func (n *naming) add(p place, name, to string, attached bool) {
	if len(n.cells) == maxNamed {
		n.doc.Warn(string(document.TooMany), "only the first "+strconv.Itoa(maxNamed)+" files that its rows name are looked for")
		return
	}
	n.cells = append(n.cells, p)
	n.doc.Named = append(n.doc.Named, document.Named{Position: n.position(p), Name: name, URL: to, Attached: attached})
}

// cell takes the text of a cell that may name files.
func (n *naming) cell(p place, text string, attached bool) {
	for _, f := range filesIn(text) {
		// Names in one column, their addresses in the next.
		if i := len(n.cells) - 1; f.name == "" && i >= 0 && n.cells[i].sheet == p.sheet && n.cells[i].row == p.row && n.doc.Named[i].URL == "" {
			n.doc.Named[i].URL = f.url
			continue
		}
		if f.name != "" || attached {
			n.add(p, f.name, f.url, attached)
		}
	}
}

// link takes the address behind a cell.
func (n *naming) link(p place, to string) {
	if to = strings.TrimSpace(to); to == "" || strings.HasPrefix(to, "#") {
		return // a place within the workbook
	}
	if n.bytes += len(to) + 8; n.bytes > maxLinkBytes {
		return
	}
	n.links = append(n.links, link{p, to})
}

// finish brings names and addresses together, and tells the addresses as text.
func (n *naming) finish() {
	named := map[place][]int{}
	for i, p := range n.cells {
		named[p] = append(named[p], i)
	}
	var text strings.Builder
	for i, l := range n.links {
		here := slices.DeleteFunc(slices.Clone(named[l.place]), func(i int) bool { return n.doc.Named[i].URL != "" })
		web := strings.Contains(l.to, "://") && !strings.HasPrefix(l.to, "file:")
		switch {
		case web && len(here) > 0:
			n.doc.Named[here[0]].URL = l.to
		case !web && len(named[l.place]) == 0 && !strings.HasPrefix(strings.ToLower(l.to), "mailto:"):
			if name := baseName(l.to); name != "" {
				n.add(l.place, name, "", true)
			}
		}
		if !n.lines {
			text.WriteString(columnName(l.column) + strconv.Itoa(l.row) + ": ")
		}
		text.WriteString(l.to + "\n")
		if i+1 == len(n.links) || n.links[i+1].sheet != l.sheet {
			at := l.place
			at.row = 1
			n.doc.AddText(n.position(at), linksHeading, text.String())
			text.Reset()
		}
	}
	n.links = nil
}

const linksHeading = "链接 Links"

// Words that name columns of files. What DingTalk (附件), WeCom (附件、上传附件), Feishu
// (附件) and others export says 附件 somewhere; the others are columns of files in
// lists of many kinds.
var listed = []string{
	"文件", "文件名", "文件名称", "文件列表", "相关文件", "文档", "文档名称", "图片", "照片", "扫描件", "凭证", "原件", "路径", "文件路径",
	"file", "files", "file name", "filename", "document", "documents", "path", "image", "images", "scan", "scans",
}

// ofFiles says what a column of that name holds: files that belong to the row, or
// names that may be files.
func ofFiles(name string) (attached, files bool) {
	if len(name) > 3*maxName {
		return false, false
	}
	if attaches(name) {
		return true, true
	}
	_, last, ok := strings.Cut(name, "/")
	if !ok {
		last = name
	}
	return false, slices.Contains(listed, strings.ToLower(strings.TrimSpace(last)))
}

// attaches says whether a short word stands for attachments. Forms have it beside
// the cell that it is about, so it is asked of every cell of theirs.
func attaches(word string) bool {
	if len(word) > 60 {
		return false
	}
	return strings.Contains(word, "附件") || len(word) >= len("attachment") && strings.Contains(strings.ToLower(word), "attachment")
}

// found is a file in a cell.
type found struct{ name, url string }

var (
	address = regexp.MustCompile(`(?i)https?://[^\s,，;；、|"'<>（）()【】]+`)
	// QUIRK: no standard says what a name may end in; numbers (v1.2) are none, but for 7z.
	suffix = regexp.MustCompile(`\.(?:[A-Za-z][A-Za-z0-9]{0,6}|7z)`)
)

// between parts the names of a cell; the last ones stand around what is told of a
// file: 合同.docx(12.3KB).
const between = ",;，；、|\n\r\t"

// filesIn finds file names and addresses in a cell: one, or a list in which commas,
// blanks or line breaks part them. An address belongs to the name before it.
func filesIn(text string) (out []found) {
	for text != "" {
		at := address.FindStringIndex(text)
		if at == nil {
			return append(out, namesIn(text)...)
		}
		before := len(out)
		out = append(out, namesIn(text[:at[0]])...)
		to := text[at[0]:at[1]]
		if len(out) > before {
			out[len(out)-1].url = to
		} else {
			out = append(out, found{nameOf(to), to})
		}
		text = text[at[1]:]
	}
	return out
}

func namesIn(text string) (out []found) {
	from := 0
	for _, m := range suffix.FindAllStringIndex(text, -1) {
		if m[0] < from || !ends(text[m[1]:]) {
			continue
		}
		one := text[from:m[1]]
		from = m[1]
		if cut := strings.LastIndexAny(one, between); cut >= 0 {
			one = one[cut:]
		}
		if one = strings.TrimLeft(one, between+" 　)）]】>"); strings.HasPrefix(one, "(") || strings.HasPrefix(one, "（") {
			if _, rest, ok := strings.Cut(one, " "); ok { // told of the file before
				one = rest
			}
		}
		if name := baseName(one); name != "" && !strings.ContainsRune(name, '@') && !strings.HasPrefix(name, "www.") {
			out = append(out, found{name: name})
		}
	}
	return out
}

// ends says whether a name may end before what follows.
func ends(rest string) bool {
	return rest == "" || strings.HasPrefix(rest, " ") || strings.IndexAny(rest, between+"([<（【》」\"'　") == 0 || strings.HasPrefix(rest, "）") || strings.HasPrefix(rest, ")")
}

// baseName is the last part of a path of whatever system, or of a relative link.
func baseName(p string) string {
	p = strings.TrimPrefix(p, "file:")
	if strings.Contains(p, "%") {
		if plain, err := url.PathUnescape(p); err == nil {
			p = plain
		}
	}
	p = strings.ReplaceAll(p, `\`, "/")
	p = strings.TrimSpace(p[strings.LastIndexByte(p, '/')+1:])
	if path.Ext(p) == "" || path.Ext(p) == p {
		return ""
	}
	return p
}

// nameOf is the file that an address seems to give out.
func nameOf(to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return ""
	}
	for _, key := range []string{"filename", "fileName", "file_name", "name"} {
		if name := baseName(u.Query().Get(key)); name != "" {
			return name
		}
	}
	if name := path.Base(u.Path); suffix.MatchString(path.Ext(name)) && !slices.Contains([]string{".htm", ".html", ".php", ".asp", ".aspx", ".jsp", ".do", ".action"}, path.Ext(name)) {
		return name
	}
	return ""
}
