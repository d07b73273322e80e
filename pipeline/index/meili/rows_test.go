package meili

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"guidang/pipeline/index/indextest"
)

// What somebody who looks into the server reads is plain, and only its beginning.
func TestShown(t *testing.T) {
	t.Parallel()
	d := indextest.Doc("a", "验收报告", strings.Repeat("验收", 150), "短文")
	d.Customer, d.Project, d.Tags, d.Date = []string{"华信"}, []string{"订单系统"}, []string{"验收通过"}, time.Date(2024, 3, 5, 0, 0, 0, 0, time.UTC)
	var c encoder
	g, err := c.rows(&d)
	if err != nil {
		t.Fatal(err)
	}
	var rows [2]struct {
		Body  string
		Plain shown
	}
	for n, line := range g.lines {
		if err := json.Unmarshal(line, &rows[n]); err != nil {
			t.Fatal(err)
		}
	}
	first := rows[0].Plain
	if first.Title != "验收报告" || first.Customers[0] != "华信" || first.Projects[0] != "订单系统" || first.Tags[0] != "验收通过" || first.Date != "2024-03-05" || first.URL != "/d/a" {
		t.Errorf("%+v", first)
	}
	if want := strings.Repeat("验收", 100) + "…"; first.Text != want {
		t.Errorf("text %q", first.Text)
	}
	if second := rows[1].Plain; second.Title != "" || second.Text != "短文" || strings.Contains(rows[1].Body, "短") {
		t.Errorf("%+v, body %q", second, rows[1].Body)
	}
	for _, field := range searchable {
		if field == "plain" {
			t.Error("plain text is searched")
		}
	}
}
