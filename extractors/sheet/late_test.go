package sheet

import (
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/document"
)

// A workbook that takes too long keeps the rows that were read in time.
func TestLate(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) error {
		for n := 1; n <= 1000; n++ {
			if err := f.SetCellValue("Sheet1", "A"+strconv.Itoa(n), "第"+strconv.Itoa(n)+"行"); err != nil {
				return err
			}
		}
		return nil
	})
	in := input("a.xlsx", data)
	asked := 0
	in.Left = func() time.Duration {
		asked++
		return time.Duration(2-asked) * time.Second
	}
	doc, err := Xlsx.Read(t.Context(), in, nil)
	if err != nil || doc.Read != document.Partial || doc.Reason != document.TimeLimit {
		t.Fatalf("%+v, %v", doc, err)
	}
	if len(doc.Sections) == 0 || doc.Sections[0].Position.Rows[0] != 1 {
		t.Errorf("sections %+v", doc.Sections)
	}
}
