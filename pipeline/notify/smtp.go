package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/smtp"
	"net/url"
)

// deliver hands a letter to the server.
func (m *Mail) deliver(ctx context.Context, at *url.URL, from, to string, letter []byte) (err error) {
	port, host := at.Port(), at.Hostname()
	encrypted := at.Scheme == "smtps"
	if port == "" {
		port = map[bool]string{true: "465", false: "587"}[encrypted]
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	settings := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if encrypted {
		conn = tls.Client(conn, settings)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer func() { _ = c.Close() }()
	if ok, _ := c.Extension("STARTTLS"); ok && !encrypted {
		if err := c.StartTLS(settings); err != nil {
			return err
		}
	}
	if m.User != "" {
		// It refuses to say a password over a connection that others can read.
		if err := c.Auth(smtp.PlainAuth("", m.User, m.Password, host)); err != nil {
			return err
		}
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}
