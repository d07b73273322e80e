package pdf

import (
	"bytes"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// Signed and empty fields are counted, wherever they lie; rights of Acrobat's
// Reader and time stamps are no signatures.
func TestSignatures(t *testing.T) {
	t.Parallel()
	const (
		field = "5 0 obj\n<< /FT /Sig /T (甲方) >>\nendobj\n"
		value = "6 0 obj\n<< /Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 840 960 240] /Contents <3082> >>\nendobj\n"
	)
	far := strings.Repeat("x", signWindow-20)
	for _, c := range []struct{ name, body, want string }{
		{"none", "%PDF-1.7\n", ""},
		{"empty", field + field, "0/2"},
		{"one of two", field + value + field, "1/2"},
		{"the field in a compressed object", value, "1/1"},
		{"across windows", far + field + value + far + far + value, "2/2"},
		{"rights of a reader", strings.Replace(value, "/Type", "/Reference [<< /TransformMethod /UR3 >>] /Type", 1), ""},
		{"a time stamp", strings.Replace(value, "adbe.pkcs7.detached", "ETSI.RFC3161", 1), ""},
		{"a placeholder that was never filled", "/ByteRange [0 /********** /**********]", ""},
	} {
		got, err := signatures(t.Context(), &document.Input{Bytes: bytes.NewReader([]byte(c.body)), Size: int64(len(c.body))})
		if err != nil || got != c.want {
			t.Errorf("%s: %q, want %q, %v", c.name, got, c.want, err)
		}
	}
}
