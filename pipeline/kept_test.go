package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"guidang/extractors/mail/pst/psttest"
	"guidang/pipeline/index"
)

// Mails are found by the folder that holds them and by the marks that it gives them, by
// those who may see that folder and nobody else.
func TestFoldersAndMarksAreSearched(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	hers := filepath.Join(filepath.Dir(o.source), "hers")
	if err := os.MkdirAll(filepath.Join(hers, "inbox"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(hers, "inbox", "1"), []byte("X-Status: F\n"+offer), 0o644); err != nil {
		t.Fatal(err)
	}
	o.write("张伟/.&U05P4Q-/cur/1.eml:2,S", offer) // 华信 in modified UTF-7
	o.write("a/张伟.pst", outlookBox(2, func(n int, m *psttest.Message) {
		m.Props = append(m.Props, psttest.Long(0x0E07, n)) // the second is read
	}))
	o.write("张伟/.Sent/new/1700000000.M1.host", answer)
	o.write("张伟/old.mbox", boxOf("Status: O\n"+contract, post("plain3", "", "zhang@example.com", "无标记", "Thu, 7 Mar 2024 10:00:00 +0800", "不知是否读过。")))
	o.write("华信/会议.txt", "会议地点：三楼")
	if _, err := o.a.Ingest(t.Context(), Run{Kind: "ingest", Paths: []string{o.source, hers}}); err != nil {
		t.Fatal(err)
	}
	his, other := Scope(o.source), Scope(hers)
	for _, c := range []struct {
		query  string
		scopes []string
		want   int
	}{
		{"folder:华信", nil, 2},
		{"folder:华信 kind:mail", nil, 1},
		{"folder:收件箱", nil, 2},
		{"文件夹：张伟.PST 第1封", nil, 1},
		{"folder:inbox", nil, 1},
		{"folder:inbox", []string{his}, 0},
		{"folder:inbox", []string{other}, 1},
		{"is:flagged", nil, 1},
		{"标记:星标", []string{his}, 0},
		{"is:flagged", []string{other}, 1},
		{"is:read", []string{his}, 2},
		{"is:unread", nil, 3}, // in new, by Status, by Outlook's flag
		{"标记:未读 请发合同", nil, 1},
		{"is:unread", []string{other}, 0},
		{"is:unread 合同已经发出", nil, 1},
		{"is:unread 不知是否读过", nil, 0},
		{"is:read is:flagged", nil, 0}, // each is of another copy
		{"is:flagged folder:华信", nil, 0},
		{"is:read folder:华信", nil, 1},
	} {
		r, err := o.a.Search(t.Context(), index.Request{Text: c.query, Scopes: slices.Clone(c.scopes)}, c.scopes)
		if err != nil || r.Total != c.want {
			t.Errorf("%s, %v: %d found, %v; want %d", c.query, c.scopes, r.Total, err, c.want)
		}
	}
}
