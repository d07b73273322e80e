package webarchive

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func TestMHT(t *testing.T) {
	t.Parallel()
	saved := "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.com/\r\nSubject: =?utf-8?Q?=E5=85=AC=E5=91=8A?=\r\nDate: Tue, 5 Mar 2024 10:30:00 +0800\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"x\"\r\n\r\n" +
		"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nContent-Location: https://example.com/\r\n\r\n<html><body><h1>公告</h1><p>系统升级</p></body></html>\r\n--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://example.com/a.png\r\n\r\niVBORw0KGgo=\r\n--x--\r\n"
	in := func(name, data string) *document.Input {
		return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader([]byte(data)), Limits: document.Limits{}.WithDefaults()}
	}
	if !MHT.Detect(in("公告", saved)) {
		t.Error("not detected")
	}
	children := 0
	doc, err := MHT.Read(context.Background(), in("公告.mht", saved), func(*document.Child) error { children++; return nil })
	if err != nil || doc.Kind != document.KindDocument || doc.Title != "公告" || len(doc.People) != 0 || children != 1 || !strings.Contains(doc.Sections[0].Text, "系统升级") {
		t.Errorf("%+v, %d children, error %v", doc, children, err)
	}
	word := "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n"
	mail := "From: a@example.com\r\nTo: b@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n"
	if !MHT.Detect(in("合同.doc", word)) || MHT.Detect(in("a.eml", word)) || MHT.Detect(in("a.mht", mail)) || MHT.Detect(in("a.eml", mail)) {
		t.Error("a mail and a saved page are mistaken for each other")
	}
}
