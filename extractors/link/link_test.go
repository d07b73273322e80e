package link

import (
	"bytes"
	"context"
	"testing"

	"guidang/extractors/document"
)

func TestLink(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, data, url, service string }{
		{"Windows", "需求.url", "[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,11\r\n[InternetShortcut]\r\nIDList=\r\nURL=https://huaxin.feishu.cn/docx/Abc?from=x&y=1\r\n", "https://huaxin.feishu.cn/docx/Abc?from=x&y=1", "飞书 Feishu"},
		{"macOS", "a.webloc", "<?xml version=\"1.0\"?><plist><dict><key>URL</key>\n<string>https://docs.qq.com/sheet/D?tab=1&amp;x=2</string></dict></plist>", "https://docs.qq.com/sheet/D?tab=1&x=2", "腾讯文档 Tencent Docs"},
		{"Linux", "a.desktop", "[Desktop Entry]\nType=Link\nURL=https://example.com/\n", "https://example.com/", ""},
		{"a text of one address", "链接.txt", "https://alidocs.dingtalk.com/i/nodes/abc\r\n", "https://alidocs.dingtalk.com/i/nodes/abc", "钉钉文档 DingTalk"},
		{"a note with an address", "a.txt", "https://example.com/", "", ""},
		{"a text about addresses", "a.txt", "见 https://docs.qq.com/doc/x", "", ""},
		{"a host that only looks alike", "a.txt", "https://notfeishu.cn/docx/x", "", ""},
		{"a program", "a.desktop", "[Desktop Entry]\nType=Application\nURL=x\n", "", ""},
	}
	for _, tt := range tests {
		in := &document.Input{Name: tt.file, Size: int64(len(tt.data)), Bytes: bytes.NewReader([]byte(tt.data))}
		if got := Link.Detect(in); got != (tt.url != "") {
			t.Errorf("%s: detected %v", tt.name, got)
			continue
		}
		if tt.url == "" {
			continue
		}
		doc, err := Link.Read(context.Background(), in, nil)
		if err != nil || doc.Fields["url"] != tt.url || doc.Fields["service"] != tt.service || (len(doc.Warnings) == 1) != (tt.service != "") || doc.Sections[0].Text != tt.url {
			t.Errorf("%s: %+v, error %v", tt.name, doc, err)
		}
	}
}
