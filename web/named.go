package web

import (
	"html/template"
	"strings"

	"guidang/pipeline"
)

// maxNamed is how many files a page lists that the rows of a document name.
const maxNamed = 200

// namedView is what a page tells of the files that rows name: those that are in the
// archive, and those that are missing.
type namedView struct {
	All     []pipeline.NamedFile
	Files   []pipeline.NamedFile
	More    int
	Missing int
}

// namedOf leaves out names of files that are neither there nor missed by anybody:
// lists name programs' files too.
func namedOf(v *pipeline.View) (out namedView) {
	for _, f := range v.Named {
		if f.Document == "" && !f.Attached {
			continue
		}
		out.All = append(out.All, f)
		if f.Missing {
			out.Missing++
		}
	}
	out.Files = out.All[:min(len(out.All), maxNamed)]
	out.More = len(out.All) - len(out.Files)
	return out
}

// mark makes links of the cells that name files.
func (n namedView) mark(sections []sectionView, l tongue) {
	if len(n.All) == 0 {
		return
	}
	type row struct {
		sheet  string
		number int
	}
	of := map[row][]pipeline.NamedFile{}
	for _, f := range n.All {
		at := row{f.Position.Sheet, 0} // where rows have no numbers on the page
		of[at] = append(of[at], f)
		if f.Position.Rows != nil {
			at.number = f.Position.Rows[0]
			of[at] = append(of[at], f)
		}
	}
	for i := range sections {
		if sections[i].Table == nil {
			continue
		}
		for _, r := range sections[i].Table.Rows {
			files := of[row{sections[i].Position.Sheet, r.Number}]
			for c := range r.raw {
				if len(files) > 0 && strings.Contains(r.raw[c], ".") {
					r.Cells[c] = linked(r.Cells[c], r.raw[c], files, r.Number == 0, l)
				}
			}
		}
	}
}

// linked makes links of the names in a cell, which come in their order; whole: only
// where the cell is just a name.
func linked(cell template.HTML, raw string, files []pipeline.NamedFile, whole bool, l tongue) template.HTML {
	raw = strings.TrimSpace(raw)
	var out strings.Builder
	rest := string(cell)
	for _, f := range files {
		if f.Name == "" || f.Document == "" && !f.Missing {
			continue
		}
		before, after, found := "", "", false
		name := template.HTMLEscapeString(f.Name)
		switch {
		case strings.EqualFold(raw, f.Name) && out.Len() == 0:
			name, found = rest, true // with the marks of a search
		case !whole:
			before, after, found = strings.Cut(rest, name)
		}
		if !found {
			continue
		}
		out.WriteString(before)
		if f.Document != "" {
			out.WriteString(`<a href="/d/` + template.HTMLEscapeString(f.Document) + `">` + name + `</a>`)
		} else {
			out.WriteString(name + ` <span class="note">` + template.HTMLEscapeString(l.say("doc.named.away")) + `</span>`)
		}
		if rest = after; rest == "" {
			break
		}
	}
	return template.HTML(out.String() + rest) //nolint:gosec // pieces of the cell, which is escaped, and ours
}
