package ooxml

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// excelDefault is the password with which Excel itself encrypts workbooks that
// are only protected against changes; it opens them without asking.
const excelDefault = "VelvetSweatshop"

// maxEncrypted bounds what is decrypted in memory.
const maxEncrypted = 256 << 20

// Encrypted says that an original is a compound file around an encrypted
// package ([MS-OFFCRYPTO] 2.3.4).
func Encrypted(in *document.Input) bool {
	if !compound.Is(in.Head()) {
		return false
	}
	f, err := compound.Open(in.Bytes, in.Size)
	return err == nil && f.Root.Stream("EncryptedPackage") != nil
}

// Decrypt opens an encrypted package with Excel's own default password and then
// the listed ones. ok is false when none fits.
func Decrypt(in *document.Input) (data []byte, ok bool, err error) {
	raw, whole, err := in.All(maxEncrypted)
	if err != nil || !whole {
		return nil, false, err
	}
	for _, password := range append([]string{excelDefault}, in.Passwords...) {
		if out := decrypt(raw, password); out != nil {
			return out, true, nil
		}
	}
	return nil, false, nil
}

func decrypt(raw []byte, password string) (out []byte) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	// QUIRK: a wrong password gives no error but garbage, so the result's first
	// bytes decide.
	plain, err := excelize.Decrypt(bytes.Clone(raw), &excelize.Options{Password: password})
	if err != nil || !bytes.HasPrefix(plain, []byte(localHeader)) {
		return nil
	}
	return plain
}

// Unwrap is the format of an encrypted package: it is decrypted and read by the
// one of inner that knows what came out.
func Unwrap(inner ...document.Format) document.Format {
	return document.Format{
		Name: "ooxml-encrypted", Version: 1, Kind: document.KindDocument, MediaType: "application/x-ole-storage",
		Detect: Encrypted,
		Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
			kind := kindByName(in.Ext())
			if in.Size > maxEncrypted {
				return document.Unreadable(kind, document.TooLarge, "it is encrypted and too large to be decrypted"), nil
			}
			data, ok, err := Decrypt(in)
			if err != nil {
				return nil, fmt.Errorf("read %q: %w", in.Name, err)
			}
			if !ok {
				return document.Unreadable(kind, document.Encrypted, "it is encrypted, and no listed password opens it"), nil
			}
			plain := document.Input{Name: in.Name, Size: int64(len(data)), Bytes: bytes.NewReader(data), Depth: in.Depth, Limits: in.Limits, Passwords: in.Passwords}
			for _, f := range inner {
				if !f.Detect(&plain) {
					continue
				}
				doc, err := f.Read(ctx, &plain, emit)
				if doc != nil {
					if doc.MediaType == "" {
						doc.MediaType = f.MediaType
					}
					doc.Warn("decrypted", "it was encrypted and opened with a known password")
				}
				return doc, err
			}
			return document.Unreadable(kind, document.Unsupported, "what is encrypted in it is no document, workbook or deck"), nil
		},
	}
}

// kindByName tells what an encrypted package is to a person. Only its name is
// left to tell.
func kindByName(ext string) document.Kind {
	switch {
	case strings.HasPrefix(ext, ".xl"):
		return document.KindSheet
	case strings.HasPrefix(ext, ".pp"):
		return document.KindSlides
	}
	return document.KindDocument
}
