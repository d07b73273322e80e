package notify

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Each service gets what it reads, and what it answers is understood.
func TestPost(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	answer := `{"errcode":0,"errmsg":"ok"}`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
		_, _ = io.WriteString(w, answer)
	}))
	defer srv.Close()
	if err := Post(t.Context(), srv.URL+"/hook?key=geheim", "缺 2 项"); err != nil || <-got != `{"text":"缺 2 项"}` {
		t.Error(err)
	}
	answer = `{"errcode":310000,"errmsg":"keywords not in content"}`
	if err := Post(t.Context(), srv.URL, "x"); err == nil || !strings.Contains(err.Error(), "310000: keywords") {
		t.Errorf("a refusal: %v", err)
	}
	<-got
	srv.Close()
	if err := Post(t.Context(), srv.URL+"/?key=geheim", "x"); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"oapi.dingtalk.com": "map[msgtype:text text:map[content:x]]", "qyapi.weixin.qq.com": "map[msgtype:text text:map[content:x]]", "open.feishu.cn": "map[content:map[text:x] msg_type:text]",
		"hooks.slack.com": "map[text:x]",
	} {
		if got := fmt.Sprint(shape(host, "x")); got != want {
			t.Errorf("%s gets %s", host, got)
		}
	}
	if err := refused("open.feishu.cn", 200, []byte(`{"code":9499,"msg":"Bad Request"}`)); err == nil {
		t.Error("Feishu's refusal counts as said")
	}
	if err := refused("hooks.slack.com", 200, []byte("ok")); err != nil {
		t.Error(err)
	}
	if err := refused("hooks.slack.com", 404, nil); err == nil {
		t.Error("404 counts as said")
	}
	long := strings.Repeat("一二三四五六七八九十\n", 100)
	if s := shorten(long); len(s) > 2048 || !strings.HasSuffix(s, "十\n…") {
		t.Errorf("shortened to %d bytes", len(s))
	}
}

// server takes one mail as an SMTP server does, without encryption.
func server(t *testing.T) (string, chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	got := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		say := func(s string) { _, _ = io.WriteString(conn, s+"\r\n") }
		say("220 test")
		var all strings.Builder
		for data := false; ; {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			all.WriteString(line)
			switch {
			case data && line == ".\r\n":
				data = false
				say("250 taken")
			case data:
			case strings.HasPrefix(line, "DATA"):
				data = true
				say("354 go on")
			case strings.HasPrefix(line, "QUIT"):
				say("221 bye")
				got <- all.String()
				return
			default:
				say("250 ok")
			}
		}
	}()
	return "smtp://" + l.Addr().String(), got
}

func TestSend(t *testing.T) {
	t.Parallel()
	at, got := server(t)
	m := &Mail{Server: at, From: "归档 <archive@yuanhang.example>"}
	text := "华信制造 PROJ-20250801\n缺：验收报告\n"
	if err := m.Send(t.Context(), "何嘉 <hejia@yuanhang.example>", "档案：缺 1 项\r\nBcc: x@evil.example", text); err != nil {
		t.Fatal(err)
	}
	all := <-got
	code := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	for _, want := range []string{"MAIL FROM:<archive@yuanhang.example>", "RCPT TO:<hejia@yuanhang.example>", "Subject: =?utf-8?b?", code[:60]} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in %s", want, all)
		}
	}
	if strings.Contains(all, "\r\nBcc:") {
		t.Error("a subject became a header of its own")
	}
	for name, m := range map[string]*Mail{"server": {Server: "mail.example", From: "a@b.example"}, "from": {Server: at, From: "nobody"}, "to": {Server: at, From: "a@b.example"}} {
		if err := m.Send(t.Context(), map[bool]string{true: "no address", false: "a@b.example"}[name == "to"], "x", "x"); err == nil {
			t.Errorf("%s: sent", name)
		}
	}
}
