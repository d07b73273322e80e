package ooxml

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"guidang/extractors/compound"
	"guidang/extractors/document"
	"guidang/extractors/offcrypto"
)

// excelDefault is the password with which Excel itself encrypts workbooks that
// are only protected against changes; it opens them without asking.
const excelDefault = "VelvetSweatshop"

// Bounds of what is decrypted in memory.
const (
	maxEncrypted = 256 << 20
	maxInfo      = 1 << 20
)

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
// the listed ones. reason is Encrypted when none fits, and Unsupported when it is
// encrypted in a way that is not known.
func Decrypt(in *document.Input) (data []byte, reason document.Reason, err error) {
	f, err := compound.Open(in.Bytes, in.Size)
	if errors.Is(err, compound.ErrFormat) {
		return nil, document.Corrupt, nil
	} else if err != nil {
		return nil, "", err
	}
	info, _, err := f.Bytes(f.Root.Stream("EncryptionInfo"), maxInfo)
	if err != nil {
		return nil, "", err
	}
	packed := f.Root.Stream("EncryptedPackage")
	for _, password := range append([]string{excelDefault}, in.Passwords...) {
		p, err := offcrypto.Unlock(info, password)
		if errors.Is(err, offcrypto.ErrPassword) {
			continue
		} else if err != nil {
			return nil, document.Unsupported, nil //nolint:nilerr // told in the document
		}
		raw, _, err := f.Bytes(packed, maxEncrypted)
		if err != nil {
			return nil, "", err
		}
		if data, err = p.Open(raw); err != nil || !bytes.HasPrefix(data, []byte(localHeader)) {
			return nil, document.Corrupt, nil //nolint:nilerr // told in the document
		}
		return data, "", nil
	}
	return nil, document.Encrypted, nil
}

// Unwrap is the format of an encrypted package: it is decrypted and read by the
// one of inner that knows what came out.
func Unwrap(inner ...document.Format) document.Format {
	return document.Format{
		Name: "ooxml-encrypted", Version: 2, Kind: document.KindDocument, MediaType: "application/x-ole-storage",
		Detect: Encrypted,
		Read: func(ctx context.Context, in *document.Input, emit func(*document.Child) error) (*document.Document, error) {
			kind := kindByName(in.Ext())
			if in.Size > maxEncrypted {
				return document.Unreadable(kind, document.TooLarge, "it is encrypted and too large to be decrypted"), nil
			}
			data, reason, err := Decrypt(in)
			if err != nil {
				return nil, fmt.Errorf("read %q: %w", in.Name, err)
			}
			switch reason {
			case "":
			case document.Encrypted:
				return document.Unreadable(kind, reason, "it is encrypted, and no listed password opens it"), nil
			case document.Unsupported:
				return document.Unreadable(kind, reason, "it is encrypted in a way that is not known"), nil
			default:
				return document.Unreadable(kind, reason, "it is encrypted and damaged"), nil
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
