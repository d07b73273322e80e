package compound

import (
	"bytes"
	"strings"
	"testing"
)

func TestObject(t *testing.T) {
	t.Parallel()
	native := "\x00\x00\x00\x00\x02\x00a.txt\x00C:\\a.txt\x00\x00\x00\x03\x00\x05\x00\x00\x00C:\\t\x00\x05\x00\x00\x00hello, and more"
	tests := []struct {
		name    string
		streams []*Node
		file    string
		data    string
	}{
		{"what the packager wrapped", []*Node{NewStream("\x01Ole10Native", []byte(native))}, "a.txt", "hello"},
		{"a path without its length", []*Node{NewStream("\x01Ole10Native", []byte(strings.Replace(native, "\x05\x00\x00\x00C:", "\x00\x00\x00\x00C:", 1)))}, "a.txt", "hello"},
		{"cut off", []*Node{NewStream("\x01Ole10Native", []byte(native[:42]))}, "a.txt", "hell"},
		{"a formula", []*Node{NewStream("\x01Ole10Native", []byte("\x20\x00\x00\x00\x1c\x00abcd\x00efgh\x00ijklmnopqrstuvwxyz\x00123456"))}, "", ""},
		{"a package of Office 2007", []*Node{NewStream("package", []byte("PK"))}, "Package", "PK"},
		{"a PDF", []*Node{NewStream("CONTENTS", []byte("%PDF-1.4"))}, "Package.pdf", "%PDF-1.4"},
		{"a picture", []*Node{NewStream("CONTENTS", []byte("BM"))}, "", ""},
		{"a document", []*Node{NewStream("WordDocument", []byte("text")), NewStorage("ObjectPool", NewStream("x", []byte("y")))}, "obj.doc", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			raw := Write(NewStorage("Root Entry", NewStorage("obj", tt.streams...)))
			f, err := Open(bytes.NewReader(raw), int64(len(raw)))
			if err != nil {
				t.Fatal(err)
			}
			name, data := f.Object(f.Root.Child("obj"))
			if name != tt.file || tt.name != "a document" && string(data) != tt.data {
				t.Fatalf("%q, %q", name, data)
			}
			if tt.name != "a document" {
				return
			}
			inner, err := Open(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			if got, _, _ := inner.Bytes(inner.Root.Child("ObjectPool").Child("x"), 10); string(got) != "y" || !bytes.Equal(data, f.Extract(f.Root.Child("obj"))) {
				t.Errorf("within: %q", got)
			}
		})
	}
	if name, data := (&File{}).Object(nil); name != "" || data != nil {
		t.Error("no storage, no file")
	}
}
