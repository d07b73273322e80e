package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
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
		other = "7 0 obj\n<< /FT /Sig /T (乙方) >>\nendobj\n"
		value = "6 0 obj\n<< /Type /Sig /SubFilter /adbe.pkcs7.detached /ByteRange [0 840 960 240] /Contents <3082> >>\nendobj\n"
	)
	far := strings.Repeat("x", signWindow-20)
	for _, c := range []struct{ name, body, want string }{
		{"none", "%PDF-1.7\n", ""},
		{"empty", field + other, "0/2"},
		{"one of two", field + value + other, "1/2"},
		{"signed after it was made", field + value + field, "1/1"},
		{"empty in a compressed object", packedObjects("<< /FT /Sig /T (a) >>", "<< /FT /Tx >>"), "0/1"},
		{"the same and signed later", packedObjects("<< /FT /Tx >>", "<< /FT /Sig >>") + strings.Replace(field, "5 0", "11 0", 1) + value, "1/1"},
		{"a compressed object that is damaged", strings.Replace(packedObjects("<< /FT /Sig >>"), "stream\n", "stream\nxx", 1), ""},
		{"the field in a compressed object", value, "1/1"},
		{"across windows", far + field + value + far + far + value, "2/2"},
		{"rights of a reader", strings.Replace(value, "/Type", "/Reference [<< /TransformMethod /UR3 >>] /Type", 1), ""},
		{"certified, with rights of a reader beside", strings.Replace(value, "/Type", "/Reference [<< /TransformMethod /DocMDP >>] /Type", 1) +
			strings.Replace(value, "/Type", "/Reference [<< /TransformMethod /UR3 >>] /Type", 1), "1/1"},
		{"a time stamp", strings.Replace(value, "adbe.pkcs7.detached", "ETSI.RFC3161", 1), ""},
		{"a placeholder that was never filled", "/ByteRange [0 /********** /**********]", ""},
	} {
		got, err := signatures(t.Context(), &document.Input{Bytes: bytes.NewReader([]byte(c.body)), Size: int64(len(c.body))})
		if err != nil || got != c.want {
			t.Errorf("%s: %q, want %q, %v", c.name, got, c.want, err)
		}
	}
}

// packedObjects are objects 10, 11 … in a compressed stream.
func packedObjects(objects ...string) string {
	head, body := "", ""
	for i, o := range objects {
		head += fmt.Sprintf("%d %d ", 10+i, len(body))
		body += o + " "
	}
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write([]byte(head + body))
	_ = z.Close()
	return fmt.Sprintf("9 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream\nendobj\n", len(objects), len(head), out.Len(), out.String())
}

// Whatever stands in a stream of objects, counting ends.
func FuzzSignatures(f *testing.F) {
	f.Add([]byte(packedObjects("<< /FT /Sig /T (a) >>", "<< /FT /Tx >>")))
	f.Add([]byte("5 0 obj << /FT /Sig >> /ByteRange [0 840 960 240]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := signatures(t.Context(), &document.Input{Bytes: bytes.NewReader(b), Size: int64(len(b))}); err != nil {
			t.Error(err)
		}
	})
}
