package minutes

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guidang/extractors/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// readWritten reads a file of testdata/written as a document: its first line is
// the title, but of a mail.
func readWritten(t *testing.T, path string) *document.Document {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	title, _, _ := strings.Cut(string(data), "\n")
	d := &document.Document{Kind: document.KindText, Title: title, Sections: []document.Section{{Text: string(data)}}}
	if filepath.Base(path) == "mail.txt" {
		d.Kind, d.Title, d.Date = document.KindMail, "Re: hosting", "2025-06-02T10:00:00Z"
		d.Sections = append(d.Sections, document.Section{Position: document.Position{Part: "quote"}, Text: "> Decisions:\n> none of these are of this mail"})
	}
	return d
}

// TestWrittenGolden reads minutes in the forms in which offices and meeting services
// write them; all of them were written for this test. The .md beside each is
// what they are read as.
func TestWrittenGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/written/*.txt")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		m, lines, ok := Import(readWritten(t, file), Options{})
		if !ok {
			t.Errorf("%s was not known as minutes", file)
			continue
		}
		for _, a := range m.Actions {
			if a.Evidence[0] > len(lines.Utterances) {
				t.Errorf("%s: %+v", file, a)
			}
		}
		got, golden := Markdown(m, m.Language), strings.TrimSuffix(file, ".txt")+".md"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", file, got, want)
		}
	}
}

func TestNotWritten(t *testing.T) {
	t.Parallel()
	for title, text := range map[string]string{
		"会议通知":                   "时间：2025年3月1日\n地点：三楼\n参会人员：张三、李四\n请各位准时参加。",
		"会议纪要模板":                 "时间：\n地点：\n参会人员：张三、李四\n决定：\n1. 某事\n2. 某事",
		"会议纪要管理办法":               "第一条 会议纪要由记录人编写。\n参会人员：张三、李四\n决定：\n1. 某事",
		"Delivery in 30 minutes": "Date: 2025-03-01\nActions:\n- call\n- pay",
		"Release notes":          "## Action items\n- [ ] fix\n- [ ] test",
		"培训签到表":                  "时间：2025年3月1日\n参会人员：张三、李四、王五",
		"Re: plan":               "Attendees: I think Tom and Ann\nsee you",
		"需求说明书":                  "参与人：张三、李四\n风险：进度紧张",
	} {
		if m, _, ok := Import(&document.Document{Kind: document.KindText, Title: title, Sections: []document.Section{{Text: title + "\n" + text}}}, Options{}); ok {
			t.Errorf("%s was taken for minutes: %+v", title, m)
		}
	}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	people := func(names ...string) (out []Attendee) {
		for _, n := range names {
			out = append(out, Attendee{Name: n})
		}
		return out
	}
	meeting := &Minutes{Title: "2025-03-12 TMS二期需求评审会", Date: "2025-03-12", Attendees: people("高颖", "韩磊", "刘伟")}
	for _, c := range []struct {
		name     string
		written  Minutes
		together bool
		want     bool
	}{
		{"same subject", Minutes{Title: "TMS二期需求评审会议纪要", Date: "2025-03-12"}, false, true},
		{"same people", Minutes{Title: "会议纪要", Date: "2025-03-12", Attendees: people("高颖", "刘伟")}, false, true},
		{"another day", Minutes{Title: "TMS二期需求评审会议纪要", Date: "2025-03-13", Attendees: people("高颖", "韩磊")}, true, false},
		{"no day", Minutes{Title: "TMS二期需求评审会议纪要"}, true, false},
		{"another meeting of the day", Minutes{Title: "财务例会纪要", Date: "2025-03-12", Attendees: people("李娜", "赵敏")}, true, false},
		{"one name in common", Minutes{Title: "财务例会纪要", Date: "2025-03-12", Attendees: people("高颖", "赵敏")}, true, false},
		{"the folder helps", Minutes{Title: "二期评审结论", Date: "2025-03-12"}, true, true},
	} {
		if got := Alike(&c.written, meeting, c.together); got > 0 != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
