package recording

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func talk() *document.Transcript {
	return &document.Transcript{Title: "周会", Date: "2024-03-05", Language: "zh", Utterances: []document.Utterance{
		{ID: 1, Start: 0.25, End: 3.5, Speaker: "王伟", Text: "合同金额 < 35 万 & 可以签。"},
		{ID: 2, Start: 3.5, End: 3.5, Speaker: "李雷", Text: "好的 --> 行。"},
		{ID: 3, Start: 3661, End: 3670.0006, Speaker: "王伟", Text: "结束\n了。"},
	}}
}

// TestWriteReadsBack reads what was written, in each form.
func TestWriteReadsBack(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"a.vtt": WriteVTT(talk()), "a.srt": WriteSRT(talk()), "a.txt": WriteText(talk())} {
		got, ok := ParseTranscript(name, []byte(text))
		if !ok || len(got.Utterances) != 3 {
			t.Errorf("%s: %v in\n%s", name, ok, text)
			continue
		}
		for i, u := range talk().Utterances {
			g := got.Utterances[i]
			want := oneLine(strings.ReplaceAll(u.Text, "-->", map[bool]string{true: "→", false: "-->"}[name == "a.srt"]))
			if g.Speaker != u.Speaker || g.Text != want || int(g.Start) != int(u.Start) {
				t.Errorf("%s: %+v, want %+v", name, g, u)
			}
		}
	}
	if vtt := WriteVTT(talk()); !strings.Contains(vtt, "\n3\n01:01:01.000 --> 01:01:10.001\n<v 王伟>结束 了。\n") || !strings.Contains(vtt, "00:00:03.500 --> 00:00:03.700") {
		t.Error(vtt)
	}
}

func TestWriteDocx(t *testing.T) {
	t.Parallel()
	tr := talk()
	tr.Utterances[0].Text += "\x01"
	data, err := WriteDocx(tr)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(text))
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.Name == "word/document.xml" && (!strings.Contains(string(text), "合同金额 &lt; 35 万 &amp; 可以签。") || strings.Count(string(text), "王伟") != 2) {
			t.Error(string(text))
		}
	}
}
