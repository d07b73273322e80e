// Package link reads shortcuts to addresses. Offices that write in online
// documents keep such files where the document used to be, so each one says that
// something is not archived.
package link

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"guidang/extractors/charset"
	"guidang/extractors/document"
)

// Link reads .url, .webloc and .desktop files, and a text that is one address of
// an online document.
var Link = document.Format{
	Name: "link", Version: 1, Kind: document.KindOther, MediaType: "application/internet-shortcut",
	Detect: func(in *document.Input) bool { _, ok := address(in); return ok },
	Read:   read,
}

// services keep documents that are not files, by the end of their host.
var services = []struct{ host, name string }{
	{"feishu.cn", "飞书 Feishu"}, {"larksuite.com", "飞书 Lark"}, {"larkoffice.com", "飞书 Lark"},
	{"docs.qq.com", "腾讯文档 Tencent Docs"}, {"doc.weixin.qq.com", "企业微信文档 WeCom"}, {"alidocs.dingtalk.com", "钉钉文档 DingTalk"},
	{"kdocs.cn", "金山文档 KDocs"}, {"yuque.com", "语雀 Yuque"}, {"shimo.im", "石墨文档 Shimo"}, {"mubu.com", "幕布 Mubu"}, {"processon.com", "ProcessOn"},
	{"docs.google.com", "Google Docs"}, {"notion.so", "Notion"}, {"notion.site", "Notion"}, {"figma.com", "Figma"}, {"modao.cc", "墨刀"}, {"lanhuapp.com", "蓝湖"},
	{"sharepoint.com", "SharePoint"}, {"1drv.ms", "OneDrive"},
}

// service names the service of a host, or "".
func service(host string) string {
	host = strings.ToLower(host)
	for _, s := range services {
		if host == s.host || strings.HasSuffix(host, "."+s.host) {
			return s.name
		}
	}
	return ""
}

const longest = 16 << 10

var (
	shortcut = regexp.MustCompile(`(?mi)^\s*URL\s*=\s*(\S+)`)
	webloc   = regexp.MustCompile(`(?s)<key>URL</key>\s*<string>([^<]+)</string>`)
	bare     = regexp.MustCompile(`^https?://\S+$`)
)

// address finds where a shortcut leads.
func address(in *document.Input) (target string, ok bool) {
	ext := in.Ext()
	switch ext {
	case ".url", ".webloc", ".desktop", ".website", ".txt", "":
	default:
		return "", false
	}
	if in.Size > longest || in.Size > int64(len(in.Head())) {
		return "", false
	}
	text, _, _ := charset.Decode(bytes.Trim(in.Head(), "\x00"), "")
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	var m []string
	switch {
	case strings.Contains(text, "[InternetShortcut]"), strings.Contains(text, "[Desktop Entry]") && strings.Contains(text, "Type=Link"):
		m = shortcut.FindStringSubmatch(text)
	case ext == ".webloc":
		m = webloc.FindStringSubmatch(text)
	case bare.MatchString(text):
		// A note with an address is a note, unless the address is a document's.
		if u, err := url.Parse(text); err != nil || service(u.Hostname()) == "" {
			return "", false
		}
		m = []string{text, text}
	}
	if m == nil {
		return "", false
	}
	return strings.ReplaceAll(strings.TrimSpace(m[1]), "&amp;", "&"), true
}

func read(_ context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	target, ok := address(in)
	if !ok {
		return document.Unreadable(document.KindOther, document.Corrupt, "its address is lost"), nil
	}
	doc := &document.Document{Kind: document.KindOther, Read: document.Full, Fields: map[string]string{"url": target}}
	doc.AddText(document.Position{Part: "body"}, "", target)
	if u, err := url.Parse(target); err == nil {
		if name := service(u.Hostname()); name != "" {
			doc.Fields["service"] = name
			doc.Warn("online-document", fmt.Sprintf("it is a document kept online at %s and not archived; export it there and store the file", name))
		}
	}
	return doc, nil
}
