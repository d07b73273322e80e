package pipeline

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"guidang/pipeline/bag"
	"guidang/pipeline/ledger"
)

var packing = PackageRequest{Retention: "30年", Secrecy: "内部", Software: "guidang test", Made: time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC)}

func packageBytes(t *testing.T, a *Archive, r PackageRequest) ([]byte, *bag.Result) {
	t.Helper()
	var out bytes.Buffer
	res, err := a.Package(t.Context(), r, nil, &out)
	if err != nil {
		t.Fatal(err)
	}
	v, err := bag.Verify(t.Context(), bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil || !v.Valid || v.Fingerprint != res.Fingerprint {
		t.Fatalf("%+v, %v", v, err)
	}
	return out.Bytes(), res
}

func inZip(t *testing.T, b []byte, ending string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ending) {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	t.Fatalf("nothing ends with %s", ending)
	return ""
}

// A folder's package holds every document that lies in it once, the account of
// every item, and equal bytes when it is made again.
func TestPackageOfFolder(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, text := range map[string]string{
		"华信/合同.txt": "本合同由远航软件与华信制造签订。\n", "华信/合同 副本.txt": "本合同由远航软件与华信制造签订。\n", "华信/来信.eml": "From: zhang@example.com\r\nSubject: =?utf-8?B?5ZGo5oql?=\r\nDate: Mon, 4 Mar 2024 09:00:00 +0800\r\n\r\n附件请查收。\r\n",
		"华信/Thumbs.db": "x", "其他/别的.txt": "别的客户。\n",
	} {
		o.write(name, text)
	}
	o.ingest()
	a, src := o.a, o.source
	r := packing
	r.Folder = src + "/华信"
	b, res := packageBytes(t, a, r)
	if res.Records != 2 || res.Originals != 2 {
		t.Fatalf("%+v", res)
	}
	again, _ := packageBytes(t, a, r)
	if !bytes.Equal(b, again) {
		t.Error("the same package made again has other bytes")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(inZip(t, b, "/account.csv"), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("the account has %d lines: %v", len(rows), err)
	}
	states := map[string]int{}
	for _, row := range rows[1:] {
		states[row[2]]++
	}
	if states["indexed"] != 2 || states["duplicate-of"] != 1 || states["skipped"] != 1 {
		t.Errorf("states %v", states)
	}
	if text := inZip(t, b, "/files.csv"); !strings.Contains(text, "华信-0001,周报,zhang@example.com,2024-03-04,30年,内部,邮件") {
		t.Errorf("%s", text)
	}
	r.Folder = src + "/nothing"
	if _, err := a.Package(t.Context(), r, nil, io.Discard); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an empty folder: %v", err)
	}
	r.Folder = src
	if _, err := a.Package(t.Context(), r, []string{}, io.Discard); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("somebody without rights: %v", err)
	}
}

// A project's package holds what is assigned to it, not what is in doubt, under
// names by the rule.
func TestPackageOfProject(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, text := range map[string]string{"a.txt": "一号文件\n", "b.txt": "二号文件\n", "c.txt": "软件开发合同\n合同编号：HT-2025-001\n甲方：华信制造\n乙方：远航软件\n签订日期：2025年8月1日\n"} {
		o.write(name, text)
	}
	o.ingest()
	a, src := o.a, o.source
	p := &ledger.Project{Key: "PROJ-20250801", Number: "PROJ-20250801", Name: "订单系统"}
	err := a.ledger.Update(t.Context(), func(tx ledger.Tx) error {
		c := &ledger.Customer{Name: "华信制造"}
		if err := tx.PutCustomer(c); err != nil {
			return err
		}
		p.CustomerID = c.ID
		if err := tx.PutProject(p); err != nil {
			return err
		}
		for name, standing := range map[string]ledger.Standing{"a.txt": ledger.Sure, "b.txt": ledger.Doubtful, "c.txt": ledger.Confirmed} {
			i, err := tx.At(src, name)
			if err != nil {
				return err
			}
			if err := tx.SetAssignments(i.Content, []ledger.Assignment{{Customer: c.ID, Project: p.ID, Standing: standing}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"PROJ-20250801", "proj-20250801", "订单系统"} {
		r := packing
		r.Project = ref
		b, res := packageBytes(t, a, r)
		if res.Records != 2 || !strings.Contains(inZip(t, b, "/index.html"), "华信制造") {
			t.Errorf("%s: %+v", ref, res)
		}
		// What the rule can name is named by it, everything else keeps its name.
		if inZip(t, b, "_PROJ-20250801_Contract_20250801_v1.txt") == "" || inZip(t, b, "_a.txt") == "" {
			t.Errorf("%s: an original is empty", ref)
		}
	}
	r := packing
	r.Project = "PROJ-2"
	if _, err := a.Package(t.Context(), r, nil, io.Discard); !errors.Is(err, ErrNoProject) {
		t.Errorf("an unknown project: %v", err)
	}
}

// The members of a locked archive, skipped and empty files have no content of
// their own. They are a project's by their place, and its package accounts for
// them.
func TestPackageAccountsForWhatHasNoContent(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("客户/华信/PROJ-20230901 仓储/锁.zip", locked(t, [3]string{"报价.txt", "报价是三十万元", "没人知道"}))
	o.write("客户/华信/PROJ-20230901 仓储/说明.txt", "第一版说明。")
	o.write("客户/华信/PROJ-20230901 仓储/Thumbs.db", "x")
	o.write("客户/华信/PROJ-20230901 仓储/空.txt", "")
	o.write("别处/锁.zip", locked(t, [3]string{"别的.txt", "不是谁的", "没人知道"}))
	o.write("别处/空.txt", "")
	o.write("收到/锁.zip", locked(t, [3]string{"PROJ-20230901_合同.txt", "合同正文", "没人知道"}))
	o.ingest()
	in := o.bring(customerList)
	if in.Assigned.Bare != 6 || in.Assigned.BareMade != 4 {
		t.Errorf("%d items without a content, %d assigned", in.Assigned.Bare, in.Assigned.BareMade)
	}
	r := packing
	r.Project = "PROJ-20230901"
	check := func(want ...string) {
		t.Helper()
		b, _ := packageBytes(t, o.a, r)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(inZip(t, b, "/account.csv"), "\uFEFF"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range rows[1:] {
			got = append(got, row[1][strings.LastIndexByte(row[1], '/')+1:]+" "+row[2])
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("the account has %q, want %q", got, want)
		}
	}
	want := []string{"PROJ-20230901_合同.txt waiting", "Thumbs.db skipped", "报价.txt waiting", "空.txt duplicate-of", "说明.txt indexed", "锁.zip indexed"}
	check(want...)
	if _, err := o.a.Say(t.Context(), Saying{Folder: "收到", Project: "PROJ-20250801", Belongs: true, Who: "何嘉"}); err != nil {
		t.Fatal(err)
	}
	if again, err := o.a.Assign(t.Context()); err != nil || again.Changed != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	card, err := o.a.ProjectCard(t.Context(), "PROJ-20250801", nil)
	if err != nil || len(card.Bare) != 1 || card.Bare[0].Name != "PROJ-20230901_合同.txt" || card.Bare[0].Reason != ForPassword {
		t.Errorf("without a content: %+v, %v", card.Bare, err)
	}
	if card, err = o.a.ProjectCard(t.Context(), "PROJ-20230901", []string{ProjectScope("PROJ-20230901")}); err != nil || len(card.Bare) == 0 {
		t.Errorf("somebody with a right to the project sees %+v, %v", card.Bare, err)
	}
	before := o.dump()
	o.restart()
	o.ingest()
	if after := o.dump(); after != before || !strings.Contains(before, `"name":"报价.txt","state":"waiting","reason":"password"`) {
		t.Errorf("the dump changed or does not say it:\n%s\n---\n%s", before, after)
	}
}
