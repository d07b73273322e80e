package image

import (
	"bytes"
	"image"
	"image/color"
	pngs "image/png"
	"testing"

	"guidang/extractors/document"
)

// masks a made picture as WeChat does.
func wechatDat(t testing.TB, key byte) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 300, 200))
	m.SetGray(10, 10, color.Gray{Y: 255})
	b := &bytes.Buffer{}
	if err := pngs.Encode(b, m); err != nil {
		t.Fatal(err)
	}
	return unmask(b.Bytes(), key)
}

func TestWeChat(t *testing.T) {
	t.Parallel()
	in := func(name string, data []byte) *document.Input {
		return &document.Input{Name: name, Size: int64(len(data)), Bytes: bytes.NewReader(data)}
	}
	for _, key := range []byte{0x01, 0x4e, 0xc3, 0xff} {
		one := in("0a1b.dat", wechatDat(t, key))
		if !WeChat.Detect(one) {
			t.Errorf("key %#x: not told", key)
			continue
		}
		doc, err := WeChat.Read(t.Context(), one, nil)
		if err != nil || doc.Fields["width"] != "300" || doc.Fields["picture"] != "image/png" || doc.MediaType != WeChatType || doc.Reason != document.MissingEngine {
			t.Errorf("key %#x: %+v, %v", key, doc, err)
		}
		drawn, err := WeChat.Draw(t.Context(), one, document.Drawing{Page: 1, Width: 150, Height: 600})
		if err != nil || drawn.Content == nil {
			t.Fatalf("key %#x: not drawn: %+v, %v", key, drawn, err)
		}
		if m, err := pngs.Decode(drawn.Content); err != nil || m.Bounds().Dx() != 150 {
			t.Errorf("key %#x: drawn %v, %v", key, m, err)
		}
	}
	for name, data := range map[string][]byte{
		"0a1b.bin": wechatDat(t, 0x4e), "plain.dat": wechatDat(t, 0), "text.dat": []byte("2024-03-05 10:00:00 一段日志，不是图片"), "short.dat": {0x55, 0xaa},
		"zeros.dat": make([]byte, 100),
	} {
		if WeChat.Detect(in(name, data)) {
			t.Errorf("%s is taken for a picture of WeChat", name)
		}
	}
}

func FuzzWeChat(f *testing.F) {
	f.Add(wechatDat(f, 0x4e))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &document.Input{Name: "a.dat", Size: int64(len(data)), Bytes: bytes.NewReader(data)}
		if WeChat.Detect(in) {
			if _, err := WeChat.Read(t.Context(), in, nil); err != nil {
				t.Error(err)
			}
		}
	})
}
