package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func openPage(t *testing.T, data, step string) (string, error) {
	t.Helper()
	c, err := openEML(context.Background(), &document.Input{Name: "x.eml", Size: int64(len(data)), Bytes: bytes.NewReader([]byte(data))}, step)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(c.Content)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), nil
}

const hostile = `From: a@b.example
Subject: =?gbk?B?1eLKx9fFzPI=?=
MIME-Version: 1.0
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html; charset=utf-8

<html><head><title>t</title><style>body{background:url(http://evil.example/1.png)}</style><script>alert(1)</script><base href="http://evil.example/"></head>
<body onload="alert(2)" background="http://evil.example/2.png"><h1 style="position:fixed;color:red;background-image:url(http://evil.example/3.png)">你好</h1>
<img src="http://evil.example/4.png" alt="logo"><img src="cid:pic%401" onerror="alert(3)"><img src="cid:vector"><img src="cid:missing"><img src="data:image/svg+xml,<svg onload=alert(4)>">
<a href="javascript:alert(5)">x</a><a href="https://good.example/?a=1&b=2">good</a><a href="/relative">r</a>
<form action="http://evil.example"><input name=q></form><iframe src="http://evil.example"></iframe><svg><script>alert(6)</script></svg><object data="x"></object><link rel=stylesheet href="http://evil.example/5.css">
<table><tr><td width="100" style="padding:3px;width:expression(alert(7))">cell</td></tr></table><img src="//evil.example/6.png"><meta http-equiv=refresh content="0;url=http://evil.example"></body></html>
--r
Content-Type: image/png
Content-ID: <pic@1>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--r
Content-Type: image/svg+xml
Content-ID: <vector>

<svg onload="alert(8)"/>
--r--
`

func TestHarmlessHTML(t *testing.T) {
	t.Parallel()
	got, err := openPage(t, hostile, StepHTML)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"alert", "evil.example", "script", "onload", "onerror", "javascript", "<form", "<input", "<iframe", "<svg", "<object", "<link", "<style", "<base", "<meta", "position", "cid:", "expression", "relative"} {
		if strings.Contains(strings.ToLower(got), bad) {
			t.Errorf("%q is left in:\n%s", bad, got)
		}
	}
	for _, good := range []string{"你好", "color: red", `src="data:image/png;base64,iVBORw0KGgo="`, `href="https://good.example/?a=1&amp;b=2"`, "noopener", "cell", `alt="logo"`} {
		if !strings.Contains(got, good) {
			t.Errorf("%q is missing in:\n%s", good, got)
		}
	}
	header, err := openPage(t, hostile, StepHeader)
	if err != nil || !strings.Contains(header, "Subject: 这是着蜡\n") && !strings.Contains(header, "Subject: 这是") {
		t.Errorf("header %q, %v", header, err)
	}
	if _, err := openPage(t, "From: a@b.example\nSubject: x\n\nplain\n", StepHTML); !errors.Is(err, document.ErrNoChild) {
		t.Errorf("a mail without HTML: %v", err)
	}
	if _, err := openPage(t, hostile, "page:other"); !errors.Is(err, document.ErrNoChild) {
		t.Errorf("an unknown page: %v", err)
	}
}

func FuzzHarmless(f *testing.F) {
	f.Add(`<img src="cid:a"><p style="color:red;background:url(x)">`)
	f.Add(`<<script>script>alert(1)</script><a href="jav&#x09;ascript:x">`)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := openPage(t, "From: a@b.example\nContent-Type: text/html\n\n"+body, StepHTML)
		if err != nil {
			return
		}
		for _, bad := range []string{"<script", "<iframe", "<form", "<svg", "<style", `="javascript:`, `src="http`} {
			if strings.Contains(strings.ToLower(got), bad) {
				t.Fatalf("%q is left in %q", bad, got)
			}
		}
	})
}
