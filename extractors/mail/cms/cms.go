// Package cms opens S/MIME parts as far as that needs no key: what was signed
// (RFC 5652 5) or compressed (RFC 3274) is plain within, what is encrypted is only
// told.
package cms

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// Errors of Open.
var (
	ErrEncrypted = errors.New("the content is encrypted")
	ErrDamaged   = errors.New("no cryptographic message")
)

// Limits.
const (
	maxDepth    = 16
	maxContent  = 256 << 20
	maxInflated = 64 << 20
	maxRatio    = 200
)

// The content types, RFC 5652 4 to 8 and 14, as they are encoded.
var (
	oidData       = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
	oidSigned     = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
	oidEnveloped  = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03")
	oidBoth       = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x04")
	oidEncrypted  = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06")
	oidAuth       = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17")
	oidCompressed = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09")
)

// Tags of BER (X.690 8.1.2) that are met here.
const (
	tagOctets   = 0x04
	tagOID      = 0x06
	tagSequence = 0x30
	tagContent  = 0xa0 // [0], constructed
	constructed = 0x20
)

// Is tells a cryptographic message from other bytes by its beginning.
func Is(data []byte) bool {
	_, _, err := contentInfo(data)
	return err == nil
}

// Open gives the content of a signed or compressed message, through as many of
// them as lie in one another. Content that was signed but lies elsewhere is empty.
func Open(data []byte) ([]byte, error) {
	// QUIRK: RFC 8551 3.1.2 wants a transfer encoding around it; some mailers send
	// PEM (RFC 7468 8) or plain base64 under the name of bytes.
	if len(data) > 0 && data[0] != tagSequence {
		data = unarmored(data)
	}
	for range maxDepth {
		oid, body, err := contentInfo(data)
		if err != nil {
			return nil, err
		}
		switch {
		case bytes.Equal(oid, oidSigned):
			if data, err = signed(body); err != nil || len(data) == 0 {
				return nil, err
			}
		case bytes.Equal(oid, oidCompressed):
			if data, err = compressed(body); err != nil {
				return nil, err
			}
		case bytes.Equal(oid, oidData):
			_, content, _, ok := next(body, 0)
			if !ok {
				return nil, ErrDamaged
			}
			return content, nil
		default:
			return nil, ErrEncrypted
		}
		if !Is(data) {
			return data, nil
		}
	}
	return nil, ErrDamaged
}

func unarmored(data []byte) []byte {
	text := bytes.TrimSpace(data)
	if bytes.HasPrefix(text, []byte("-----BEGIN ")) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
		text, _, _ = bytes.Cut(text, []byte("-----END "))
	}
	text = bytes.Join(bytes.Fields(text), nil)
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(out, text)
	if err != nil && n == 0 {
		return data
	}
	return out[:n]
}

// contentInfo reads SEQUENCE { OID, [0] content }.
func contentInfo(data []byte) (oid, body []byte, err error) {
	tag, seq, _, ok := next(data, 0)
	if !ok || tag != tagSequence {
		return nil, nil, ErrDamaged
	}
	tag, oid, rest, ok := next(seq, 0)
	if !ok || tag != tagOID || !known(oid) {
		return nil, nil, ErrDamaged
	}
	tag, body, _, ok = next(rest, 0)
	if !ok || tag != tagContent {
		return nil, nil, ErrDamaged
	}
	return oid, body, nil
}

func known(oid []byte) bool {
	for _, o := range [][]byte{oidData, oidSigned, oidEnveloped, oidBoth, oidEncrypted, oidAuth, oidCompressed} {
		if bytes.Equal(o, oid) {
			return true
		}
	}
	return false
}

// signed reads SignedData { version, digestAlgorithms, encapContentInfo … }.
func signed(body []byte) ([]byte, error) { return encapsulated(body) }

// compressed reads CompressedData { version, algorithm, encapContentInfo } and
// inflates its content.
func compressed(body []byte) ([]byte, error) {
	packed, err := encapsulated(body)
	if err != nil {
		return nil, err
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	limit := int64(min(maxInflated, max(len(packed)*maxRatio, 1<<20)))
	out, err := io.ReadAll(io.LimitReader(z, limit))
	if len(out) == 0 && err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return out, nil
}

// encapsulated finds the third field of the two, and its octets.
func encapsulated(body []byte) ([]byte, error) {
	tag, seq, _, ok := next(body, 0)
	if !ok || tag != tagSequence {
		return nil, ErrDamaged
	}
	for range 2 {
		if _, _, seq, ok = next(seq, 0); !ok {
			return nil, ErrDamaged
		}
	}
	tag, info, _, ok := next(seq, 0)
	if !ok || tag != tagSequence {
		return nil, ErrDamaged
	}
	tag, _, rest, ok := next(info, 0)
	if !ok || tag != tagOID {
		return nil, ErrDamaged
	}
	if len(rest) == 0 {
		return nil, nil // the content lies beside the signature
	}
	tag, content, _, ok := next(rest, 0)
	if !ok || tag != tagContent {
		return nil, ErrDamaged
	}
	return octets(content, 0)
}

// octets joins an octet string that may be in pieces (X.690 8.7.3).
func octets(data []byte, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, ErrDamaged
	}
	var out []byte
	for len(data) > 0 {
		tag, content, rest, ok := next(data, 0)
		if !ok || tag&^constructed != tagOctets {
			break
		}
		if tag&constructed != 0 {
			inner, err := octets(content, depth+1)
			if err != nil {
				return nil, err
			}
			content = inner
		}
		if out == nil && len(rest) == 0 {
			return content, nil
		}
		if len(out)+len(content) > maxContent {
			return nil, ErrDamaged
		}
		out = append(out, content...)
		data = rest
	}
	return out, nil
}

// next reads one element (X.690 8.1): of definite length, or indefinite up to its
// end mark. A length beyond the data is taken as far as the data goes, so that a
// cut-off message gives what is there.
func next(data []byte, depth int) (tag byte, content, rest []byte, ok bool) {
	if len(data) < 2 || depth > 4*maxDepth || data[0]&0x1f == 0x1f {
		return 0, nil, nil, false
	}
	tag = data[0]
	n, at := int(data[1]), 2
	switch {
	case n < 0x80:
	case n == 0x80:
		if tag&constructed == 0 {
			return 0, nil, nil, false
		}
		end, ok := endOf(data[at:], depth)
		if !ok {
			return tag, data[at:], nil, true
		}
		return tag, data[at : at+end], data[min(at+end+2, len(data)):], true
	default:
		size := n & 0x7f
		if size > 4 || at+size > len(data) {
			return 0, nil, nil, false
		}
		n = 0
		for _, c := range data[at : at+size] {
			n = n<<8 | int(c)
		}
		at += size
	}
	n = min(n, len(data)-at)
	return tag, data[at : at+n], data[at+n:], true
}

// endOf finds the end mark of an indefinite length, past the elements within.
func endOf(data []byte, depth int) (int, bool) {
	for at := 0; at+1 < len(data); {
		if data[at] == 0 && data[at+1] == 0 {
			return at, true
		}
		_, _, rest, ok := next(data[at:], depth+1)
		if !ok {
			return 0, false
		}
		at = len(data) - len(rest)
	}
	return 0, false
}
