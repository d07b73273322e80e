package pipeline

import (
	"testing"
	"time"

	"guidang/pipeline/ledger"
)

// A name is proposed with the day that its document has, or that its first lines
// say; the day of its file is the last resort, and a project's number is no day.
func TestNamesHaveTheDocumentsDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("a.txt", "订单管理系统（PROJ-20250801）接口约定    V1.0  2025-08-27  赵刚\n一、方式：中间表。")
	o.write("b.txt", "订单管理系统（PROJ-20250801）接口约定\n一、方式：中间表。\n二、联调：2025-09-29 起。")
	o.ingest()
	for name, want := range map[string]string{"a.txt": "2025-08-27", "b.txt": ""} {
		c, err := o.a.Find(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		var i *ledger.Item
		if i, err = o.a.ledger.Item(t.Context(), c.Canonical); err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = i.Modified.Format(time.DateOnly)
		}
		if day, err := o.a.writtenOn(t.Context(), c, i); err != nil || day.Format(time.DateOnly) != want {
			t.Errorf("%s: %v, want %s, %v", name, day, want, err)
		}
	}
}
