// Package notify tells people something outside of the pages: by mail, and by the
// incoming webhooks of DingTalk, Feishu, WeCom, Slack and whatever takes the same.
package notify

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Mail is the server by which mails are sent, and from whom.
type Mail struct {
	Server   string // smtp://HOST:PORT, or smtps:// where the connection is encrypted from the start
	From     string
	User     string // empty: the server asks nobody who he is
	Password string
}

const (
	patience   = 20 * time.Second
	mostAnswer = 64 << 10
	// mostText is the shortest limit of the services: WeCom refuses 2,048 bytes.
	mostText = 1900
)

// errNoWebhook does not tell the address: it may hold a key.
var errNoWebhook = errors.New("notify: the webhook is no address")

// Post sends a text to a webhook.
func Post(ctx context.Context, webhook, text string) error {
	at, err := url.Parse(webhook)
	if err != nil {
		return errNoWebhook
	}
	body, err := json.Marshal(shape(at.Hostname(), shorten(text)))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, webhook, bytes.NewReader(body))
	if err != nil {
		return errNoWebhook
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if wrong, ok := errors.AsType[*url.Error](err); ok {
			err = wrong.Err // without the address
		}
		return fmt.Errorf("notify: %s: %w", at.Hostname(), err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("notify: %s: %w", at.Hostname(), err)
	}
	return refused(at.Hostname(), res.StatusCode, said)
}

// shape is a text as each service wants it.
func shape(host, text string) any {
	switch {
	case strings.HasSuffix(host, "dingtalk.com"), strings.HasSuffix(host, "weixin.qq.com"):
		return map[string]any{"msgtype": "text", "text": map[string]string{"content": text}}
	case strings.HasSuffix(host, "feishu.cn"), strings.HasSuffix(host, "larksuite.com"):
		return map[string]any{"msg_type": "text", "content": map[string]string{"text": text}}
	}
	return map[string]string{"text": text}
}

// refused reads an answer.
//
// QUIRK: DingTalk and WeCom answer 200 and an errcode, Feishu 200 and a code,
// where they take nothing; Slack answers "ok" in plain text.
func refused(host string, status int, said []byte) error {
	if status/100 != 2 {
		return fmt.Errorf("notify: %s answers %d", host, status)
	}
	var answer struct {
		ErrCode int    `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    int    `json:"code"`
		Msg     string `json:"msg"`
	}
	if json.Unmarshal(said, &answer) == nil && answer.ErrCode+answer.Code != 0 {
		return fmt.Errorf("notify: %s answers %d: %s", host, answer.ErrCode+answer.Code, answer.ErrMsg+answer.Msg)
	}
	return nil
}

// shorten cuts a text to what every service takes, between lines.
func shorten(text string) string {
	if len(text) <= mostText {
		return text
	}
	text = text[:mostText]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	if cut := strings.LastIndexByte(text, '\n'); cut > 0 {
		text = text[:cut]
	}
	return text + "\n…"
}

// Send sends one mail in plain text.
func (m *Mail) Send(ctx context.Context, to, subject, text string) error {
	at, err := url.Parse(m.Server)
	if err != nil || at.Hostname() == "" || at.Scheme != "smtp" && at.Scheme != "smtps" {
		return fmt.Errorf("notify: %q is no server of mail such as smtp://mail.example.com:587", m.Server)
	}
	from, err := mail.ParseAddress(m.From)
	if err != nil {
		return fmt.Errorf("notify: from whom: %w", err)
	}
	whom, err := mail.ParseAddress(to)
	if err != nil {
		return fmt.Errorf("notify: to whom: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := m.deliver(ctx, at, from.Address, whom.Address, letter(from, whom, subject, text)); err != nil {
		return fmt.Errorf("notify: %s: %w", net.JoinHostPort(at.Hostname(), at.Port()), err)
	}
	return nil
}

// letter is a mail as it is sent: lines of base64, so that every server takes it.
func letter(from, to *mail.Address, subject, text string) []byte {
	var b bytes.Buffer
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	line("From", from.String())
	line("To", to.String())
	line("Subject", mime.BEncoding.Encode("utf-8", strings.Map(noControl, subject)))
	line("Date", time.Now().Format(time.RFC1123Z))
	line("MIME-Version", "1.0")
	line("Content-Type", "text/plain; charset=utf-8")
	line("Content-Transfer-Encoding", "base64")
	line("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office note answers
	b.WriteString("\r\n")
	const width = 76 // RFC 2045, 6.8
	code := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	for len(code) > width {
		b.WriteString(code[:width] + "\r\n")
		code = code[width:]
	}
	b.WriteString(code + "\r\n")
	return b.Bytes()
}

func noControl(r rune) rune {
	if r < ' ' {
		return ' '
	}
	return r
}
