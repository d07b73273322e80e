package bag

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
)

var made = time.Date(2026, 3, 31, 17, 30, 0, 0, time.UTC)

// packed makes a package of n records, the last of them without its original.
func packageOf(t testing.TB, n int, english bool) ([]byte, *Result) {
	t.Helper()
	var out bytes.Buffer
	k, err := NewPack(&out, Project{Number: "PRJ-2025-007", Name: "订单系统 二期", Customer: "华信制造", Contracts: []string{"HX-2025-031"}, Retention: "30年", Secrecy: "内部"},
		Options{Made: made, Software: "guidang test", Scratch: t.TempDir(), English: english})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Discard()
	for i := range n {
		body := fmt.Appendf(nil, "第 %d 份文件的原件 %s", i, strings.Repeat("内容", i%7))
		sum := sha256.Sum256(body)
		r := &Record{
			Title: fmt.Sprintf("需求规格说明书 %d", i), Responsible: "张伟", Date: "2025-08-20", Type: "SRS", Document: document.ID(sum), Kind: document.KindDocument,
			MediaType: "text/plain", Read: document.Full, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(body)), Sum: sum, Name: fmt.Sprintf("PROJ-20250801_SRS_20250820_v%d.txt", i),
			Modified: made.AddDate(0, -1, 0), Sections: []document.Section{{Position: document.Position{Page: 1}, Text: string(body)}},
			Places: []Place{{Source: "客户资料", Locator: fmt.Sprintf("华信/%d.txt", i), State: "indexed", Size: int64(len(body)), SHA256: hex.EncodeToString(sum[:])}},
		}
		if i%10 == 3 {
			r.Kind, r.Markdown, r.MinutesJSON = document.KindRecording, "# 周会\n", []byte(`{"title":"周会"}`)
		}
		var original io.Reader = bytes.NewReader(body)
		if i == n-1 {
			original, r.Absent = nil, "encrypted"
		}
		if err := k.Add(t.Context(), r, original); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Account(Place{Source: "客户资料", Locator: "Thumbs.db", State: "skipped", Reason: "system"}, nil); err != nil {
		t.Fatal(err)
	}
	res, err := k.Close(t.Context(), []Requirement{{Type: "SRS", State: "there"}, {Type: "验收报告", State: "missing"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), res
}

func verify(t testing.TB, b []byte) *Verdict {
	t.Helper()
	v, err := Verify(context.Background(), bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPackage(t *testing.T) {
	t.Parallel()
	for _, english := range []bool{false, true} {
		b, res := packageOf(t, 25, english)
		v := verify(t, b)
		if !v.Valid || v.Fingerprint != res.Fingerprint || v.Files != res.Files || v.Bytes != res.Bytes || v.Bag != "PRJ-2025-007-20260331" {
			t.Fatalf("%+v, packed %+v", v, res)
		}
		if res.Records != 25 || res.Originals != 24 || v.Report == nil || v.Report.Passed {
			t.Errorf("%+v", res)
		}
		want := map[string]int{"original": 1, "required": 1, "hash": 0, "readable": 0}
		for _, p := range v.Report.Parts {
			for _, c := range p.Checks {
				if n, ok := want[c.ID]; ok && c.Found != n {
					t.Errorf("%s found %d, want %d", c.ID, c.Found, n)
				}
			}
		}
		if v.Report.Account["indexed"] != 25 || v.Report.Account["skipped"] != 1 {
			t.Errorf("account %v", v.Report.Account)
		}
	}
}

func content(t *testing.T, b []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("PRJ-2025-007-20260331/" + name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWhatLiesInIt(t *testing.T) {
	t.Parallel()
	b, _ := packageOf(t, 12, false)
	for name, parts := range map[string][]string{
		"data/originals/SRS/0001_PROJ-20250801_SRS_20250820_v0.txt": {"第 0 份文件的原件"},
		"data/texts/0002.txt":        {"PRJ-2025-007-0002", "[p. 1]", "第 1 份"},
		"data/minutes/0004.md":       {"# 周会"},
		"data/metadata/files.csv":    {"档号 Number,题名 Title,责任者 Responsible,日期 Date,保管期限 Retention,密级 Secrecy", "PRJ-2025-007-0001,需求规格说明书 0,张伟,2025-08-20,30年,内部,SRS"},
		"data/account.csv":           {"客户资料,华信/0.txt,indexed", "PRJ-2025-007-0001,originals/SRS/0001_", "Thumbs.db,skipped,system"},
		"data/index.html":            {`href="./originals/SRS/0001_PROJ-20250801_SRS_20250820_v0.txt"`, "订单系统 二期", "default-src 'none'", "验收报告", `href="./minutes/0004.md"`, "无原件"},
		"data/report.html":           {"真实性", "完整性", "可用性", "安全性", "加密"},
		"data/metadata/project.json": {`"customer": "华信制造"`},
		"bag-info.txt":               {"Payload-Oxum: ", "External-Identifier: PRJ-2025-007\n"},
		"bagit.txt":                  {"BagIt-Version: 1.0\n"},
	} {
		text := content(t, b, name)
		for _, p := range parts {
			if !strings.Contains(text, p) {
				t.Errorf("%s lacks %q:\n%.600s", name, p, text)
			}
		}
	}
	var doc struct {
		Records []struct {
			Number string `xml:"档号"`
			Digest string `xml:"摘要值"`
		} `xml:"文件"`
	}
	if err := xml.Unmarshal([]byte(content(t, b, "data/metadata/files.xml")), &doc); err != nil || len(doc.Records) != 12 || doc.Records[11].Number != "PRJ-2025-007-0012" || len(doc.Records[0].Digest) != 64 {
		t.Errorf("%v %+v", err, doc)
	}
}

// An original whose bytes are not the ledger's, or that breaks off, is told in
// the report and does not end the package.
func TestOriginalsThatFail(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	k, err := NewPack(&out, Project{Number: "P"}, Options{Made: made, Software: "guidang test", Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Discard()
	if err := k.Add(t.Context(), &Record{Title: "a", Name: "a", Kind: document.KindText}, strings.NewReader("other bytes")); err != nil {
		t.Fatal(err)
	}
	if err := k.Add(t.Context(), &Record{Title: "b", Name: "b", Kind: document.KindText}, io.MultiReader(strings.NewReader("begins"), broken{})); err != nil {
		t.Fatal(err)
	}
	res, err := k.Close(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"hash": 1, "broken": 1, "origin": 2} {
		if got := res.Report.check(id).Found; got != want {
			t.Errorf("%s: %d, want %d", id, got, want)
		}
	}
	if v := verify(t, out.Bytes()); !v.Valid {
		t.Errorf("%+v", v)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.Add(ended, &Record{Name: "c"}, strings.NewReader("c")); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled package goes on: %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("bad sector") }

func TestSafeName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"合同.docx":                         "合同.docx",
		"../../etc/passwd":                "_._etc_passwd",
		"a/b\\c:d*e?.txt":                 "a_b_c_d_e_.txt",
		"CON":                             "_CON",
		"nul.txt":                         "_nul.txt",
		"gpj.\u202eexe":                   "gpj.exe",
		"100%.xls":                        "100％.xls",
		"  spaces .doc ":                  "spaces.doc",
		"":                                "_",
		"...":                             "_",
		"a\x00b\nc.txt":                   "abc.txt",
		strings.Repeat("长", 200) + ".pdf": strings.Repeat("长", 58) + ".pdf",
	} {
		if got := SafeName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
