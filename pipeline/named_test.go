package pipeline

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// named writes what a view tells of the files that its rows name, and of the rows
// that name it.
func (o *office) named(ref string, scopes []string) string {
	o.t.Helper()
	v, err := o.a.Show(o.t.Context(), ref, scopes)
	if err != nil {
		o.t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range v.Named {
		state := "?"
		switch {
		case f.Missing:
			state = "missing"
		case f.Document != "":
			other, err := o.a.Show(o.t.Context(), f.Document, nil)
			if err != nil {
				o.t.Fatal(err)
			}
			state = other.Locator
		}
		fmt.Fprintf(&b, "%d %s: %s\n", f.Position.Line, f.Name, state)
	}
	for _, n := range v.NamedIn {
		fmt.Fprintf(&b, "in %s %d\n", n.Locator, n.Position.Line)
	}
	return b.String()
}

// TestNamedFiles: rows of an approval list lead to their attachments and back: in its
// folder, below it, in one archive with it, in an archive beside it.
func TestNamedFiles(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	list := "审批编号,标题,附件,文件名\n1,采购,合同.txt,main.go\n2,差旅,报价.TXT、发票.txt,\n"
	o.write("审批/审批.csv", list)
	o.write("审批/附件/1/合同.txt", "采购合同的正文")
	o.write("审批/附件.zip", zipped(t, "报价.txt", "报价单的正文"))
	o.write("别处/发票.txt", "另一个文件夹里的发票")
	o.write("导出.zip", zipped(t, "审批导出.csv", list+"3,用章,合同.txt,\n", "files/发票.txt", "压缩包里的发票"))
	o.ingest()
	for ref, want := range map[string]string{
		"审批/审批.csv":            "2 合同.txt: 审批/附件/1/合同.txt\n2 main.go: ?\n3 报价.TXT: 审批/附件.zip!/报价.txt\n3 发票.txt: missing\n",
		"审批/附件/1/合同.txt":       "in 审批/审批.csv 2\n",
		"审批/附件.zip!/报价.txt":    "in 审批/审批.csv 3\n",
		"别处/发票.txt":            "",
		"导出.zip!/审批导出.csv":     "2 合同.txt: missing\n2 main.go: ?\n3 报价.TXT: missing\n3 发票.txt: 导出.zip!/files/发票.txt\n4 合同.txt: missing\n",
		"导出.zip!/files/发票.txt": "in 导出.zip!/审批导出.csv 3\n",
	} {
		if got := o.named(ref, nil); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", ref, got, want)
		}
	}
	before := o.dump()
	if !strings.Contains(before, `"named":["main.go","发票.txt","合同.txt","报价.txt"]`) {
		t.Error("the dump does not hold the names")
	}
	o.write("审批/发票.txt", "后来补上的发票")
	o.remove("审批/附件/1/合同.txt")
	o.ingest()
	if got, want := o.named("审批/审批.csv", nil), "2 合同.txt: missing\n2 main.go: ?\n3 报价.TXT: 审批/附件.zip!/报价.txt\n3 发票.txt: 审批/发票.txt\n"; got != want {
		t.Errorf("after files came and went:\n%s", got)
	}
}

// TestNamedFilesAreNotBetrayed: a list and its attachments in two sources tell nothing
// of each other to somebody who may see one of them.
func TestNamedFilesAreNotBetrayed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("his/审批.csv", "编号,附件\n1,合同.txt\n2,裁员.txt\n")
	o.write("his/合同.txt", "采购合同的正文")
	o.write("hers/审批.csv", "编号,附件\n1,合同.txt\n2,裁员.txt\n")
	o.write("hers/裁员.txt", "只有她能看的正文")
	o.write("hers/名单.csv", "编号,附件\n7,合同.txt\n")
	o.write("hers/合同.txt", "采购合同的正文")
	his, hers := filepath.Join(o.source, "his"), filepath.Join(o.source, "hers")
	if _, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{his, hers}}); err != nil {
		t.Fatal(err)
	}
	v, err := o.a.Show(t.Context(), "合同.txt", []string{Scope(his)})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.NamedIn) != 1 || v.NamedIn[0].Locator != "审批.csv" {
		t.Errorf("he learns of %+v", v.NamedIn)
	}
	v, err = o.a.Show(t.Context(), v.NamedIn[0].Document, []string{Scope(his)})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Named) != 2 || v.Named[0].Document == "" || v.Named[1].Document != "" || !v.Named[1].Missing {
		t.Errorf("his list says %+v", v.Named)
	}
	v, err = o.a.Show(t.Context(), v.ID, []string{Scope(his), Scope(hers)})
	if err != nil || v.Named[1].Document == "" {
		t.Errorf("who may see both learns %+v, %v", v.Named, err)
	}
}
