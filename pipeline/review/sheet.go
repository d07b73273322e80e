package review

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// XLSX writes a report as a workbook: findings, and customers with their
// projects. Every text is written as a string, so nothing in it is computed.
func (r *Report) XLSX(w io.Writer, english bool) (err error) {
	f := excelize.NewFile()
	defer f.Close()
	say := func(keys ...string) []any {
		out := make([]any, len(keys))
		for i, k := range keys {
			out[i] = Say(k, english)
		}
		return out
	}
	findings := [][]any{say("customer", "project", "sort", "type", "subject", "day", "detail", "responsible", "confirmed", "who", "when", "note", "document", "id")}
	for i := range r.Findings {
		x := &r.Findings[i]
		typ := ""
		if x.Type != "" {
			typ = Say("type."+string(x.Type), english)
		}
		row := []any{x.Customer, x.Project, Say("sort."+string(x.Sort), english), typ, x.Title(english), x.Day, x.Said(english), x.Responsible, "", "", "", "", x.Document, x.ID}
		if c := x.Confirmed; c != nil {
			row[8], row[9], row[10], row[11] = Say("decision."+string(c.Decision), english), c.Who, c.At, c.Note
		}
		findings = append(findings, row)
	}
	overview := [][]any{say("customer", "project", "phase", "documents", "complete", "there", "sort.missing", "sort.unsigned", "sort.cloud", "responsible")}
	for _, c := range r.Customers {
		if len(c.Projects) == 0 {
			overview = append(overview, []any{c.Name, "", "", c.Documents, "", "", "", "", "", c.Responsible})
		}
		for _, p := range c.Projects {
			by := map[Standing]int{}
			for _, q := range p.Required {
				by[q.State]++
			}
			phase := p.Phase
			if phase == "" && p.State != "" {
				phase = Say("state."+p.State, english)
			}
			overview = append(overview, []any{c.Name, p.Key, phase, p.Documents, len(p.Required), by[There], by[Missing], by[NotSigned], by[OnlyLinked], c.Responsible})
		}
	}
	if err := writeSheet(f, "Sheet1", Say("findings", english), findings, []float64{22, 18, 16, 14, 44, 12, 24, 12, 12, 12, 22, 24, 28, 18}); err != nil {
		return err
	}
	if err := writeSheet(f, "", Say("overview", english), overview, []float64{26, 20, 14, 10, 12, 8, 10, 10, 12, 14}); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// writeSheet writes a table, its head in bold and kept in view.
func writeSheet(f *excelize.File, old, name string, rows [][]any, widths []float64) error {
	if old != "" {
		if err := f.SetSheetName(old, name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(name); err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for n, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return err
		}
		opts := []excelize.RowOpts{}
		if n == 0 {
			opts = append(opts, excelize.RowOpts{StyleID: bold})
		}
		if err := w.SetRow(at, row, opts...); err != nil {
			return err
		}
	}
	return w.Flush()
}
