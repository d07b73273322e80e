package image

import (
	"bytes"
	"context"
	"io"

	"guidang/extractors/document"
)

// WeChat reads the pictures of WeChat's FileStorage folder (Image/2023-05/….dat):
// each is a common picture of which every byte is combined with one key, which
// differs from account to account.
var WeChat = document.Format{
	Name: "wechat-dat", Version: 1, Kind: document.KindImage, MediaType: WeChatType,
	Detect: func(in *document.Input) bool { _, ok := keyOf(in); return ok },
	Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
		within := plain(in)
		doc, err := read(ctx, within, emit)
		if doc != nil && doc.Read != document.None {
			doc.Fields["picture"] = doc.MediaType
		}
		if doc != nil {
			doc.MediaType = WeChatType // a browser cannot show the original
		}
		return doc, err
	},
	Draw: func(ctx context.Context, in *document.Input, d document.Drawing) (*document.Child, error) {
		return drawPage(ctx, plain(in), d)
	},
}

// WeChatType is what such files are called here; there is no registered type.
const WeChatType = "image/x-wechat"

// keyOf finds the key. QUIRK: there is no specification; WeChat for Windows up to
// version 3 writes these, and the key is the one that gives the first bytes of a
// picture. One byte could be any, so all of a beginning have to agree.
func keyOf(in *document.Input) (key byte, ok bool) {
	head := in.Head()
	if in.Ext() != ".dat" || len(head) < 26 {
		return 0, false
	}
	for _, first := range []byte{0xff, 0x89, 'G', 'B', 'R'} {
		key = head[0] ^ first
		if key != 0 && typeOf(unmask(bytes.Clone(head[:26]), key)) != "" {
			return key, true
		}
	}
	return 0, false
}

func unmask(b []byte, key byte) []byte {
	for i := range b {
		b[i] ^= key
	}
	return b
}

// plain is the picture within.
func plain(in *document.Input) *document.Input {
	key, _ := keyOf(in)
	return &document.Input{Name: in.Name, Size: in.Size, Bytes: masked{in.Bytes, key}, Depth: in.Depth, Limits: in.Limits, Left: in.Left, Careful: in.Careful}
}

// masked reads bytes without their key.
type masked struct {
	io.ReaderAt
	key byte
}

// ReadAt implements io.ReaderAt.
func (m masked) ReadAt(p []byte, at int64) (int, error) {
	n, err := m.ReaderAt.ReadAt(p, at)
	unmask(p[:n], m.key)
	return n, err
}
