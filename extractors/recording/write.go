package recording

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"math"
	"strings"

	"guidang/extractors/document"
)

// WriteVTT writes a transcript as WebVTT, speakers as voice spans.
func WriteVTT(t *document.Transcript) string {
	var b strings.Builder
	b.WriteString("WEBVTT\n")
	for _, u := range t.Utterances {
		fmt.Fprintf(&b, "\n%d\n%s --> %s\n", u.ID, stamp(u.Start, "."), stamp(cueEnd(u), "."))
		if u.Speaker != "" {
			// A voice's name ends at ">" (WebVTT 3.5), and a line break would end the cue.
			fmt.Fprintf(&b, "<v %s>", html.EscapeString(oneLine(u.Speaker)))
		}
		b.WriteString(html.EscapeString(oneLine(u.Text)) + "\n")
	}
	return b.String()
}

// WriteSRT writes a transcript as SubRip, which knows no speakers: they stand
// before the text.
func WriteSRT(t *document.Transcript) string {
	var b strings.Builder
	for i, u := range t.Utterances {
		if i > 0 {
			b.WriteString("\n")
		}
		text := strings.ReplaceAll(oneLine(u.Text), "-->", "→")
		if u.Speaker != "" {
			text = oneLine(u.Speaker) + colon(t) + text
		}
		fmt.Fprintf(&b, "%d\n%s --> %s\n%s\n", i+1, stamp(u.Start, ","), stamp(cueEnd(u), ","), text)
	}
	return b.String()
}

// WriteText writes a transcript for people: title, date, and who says what when.
// It can be read back.
func WriteText(t *document.Transcript) string {
	var b strings.Builder
	if t.Title != "" {
		b.WriteString(oneLine(t.Title) + "\n")
	}
	if t.Date != "" {
		b.WriteString(t.Date + "\n")
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	for _, u := range t.Utterances {
		fmt.Fprintf(&b, "[%s] ", Clock(u.Start))
		if u.Speaker != "" {
			b.WriteString(oneLine(u.Speaker) + colon(t))
		}
		b.WriteString(oneLine(u.Text) + "\n")
	}
	return b.String()
}

func colon(t *document.Transcript) string {
	if t.Language == "zh" {
		return "："
	}
	return ": "
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cueEnd is an utterance's end; players drop cues of no length.
func cueEnd(u document.Utterance) float64 { return max(u.End, u.Start+0.2) }

// stamp writes HH:MM:SS and milliseconds.
func stamp(seconds float64, point string) string {
	ms := int64(math.Round(max(seconds, 0) * 1000))
	return fmt.Sprintf("%02d:%02d:%02d%s%03d", ms/3_600_000, ms/60_000%60, ms/1000%60, point, ms%1000)
}

// Clock writes HH:MM:SS.
func Clock(seconds float64) string {
	s := int64(max(seconds, 0))
	return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
}

// WriteDocx writes a transcript as a Word document: the smallest package that
// Word, WPS and LibreOffice open (ECMA-376 Part 2, 9; Part 1, 17.2).
func WriteDocx(t *document.Transcript) ([]byte, error) {
	var body strings.Builder
	paragraph := func(style string, runs ...string) {
		body.WriteString("<w:p>")
		if style != "" {
			body.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
		}
		for _, r := range runs {
			body.WriteString(r)
		}
		body.WriteString("</w:p>")
	}
	if t.Title != "" {
		paragraph("Title", run("", oneLine(t.Title)))
	}
	if t.Date != "" {
		paragraph("", run("<w:color w:val=\"666666\"/>", t.Date))
	}
	speaker := "\x00"
	for _, u := range t.Utterances {
		if u.Speaker != speaker || u.Speaker == "" {
			speaker = u.Speaker
			paragraph("Speaker", run("<w:b/>", oneLine(u.Speaker)), run("<w:color w:val=\"666666\"/>", " "+Clock(u.Start)))
		}
		paragraph("", run("", oneLine(u.Text)))
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRelations}, {"word/_rels/document.xml.rels", docxStylesRelation},
		{"word/styles.xml", docxStyles},
		{"word/document.xml", `<w:document xmlns:w="` + wordNamespace + `"><w:body>` + body.String() + `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`},
	} {
		w, err := z.Create(part.name)
		if err == nil {
			_, err = w.Write([]byte(xml.Header + part.text))
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

func run(properties, text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // it replaces what XML cannot hold; a buffer fails never
	if properties != "" {
		properties = "<w:rPr>" + properties + "</w:rPr>"
	}
	return "<w:r>" + properties + `<w:t xml:space="preserve">` + b.String() + "</w:t></w:r>"
}

const (
	wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	docxTypes     = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	docxRelations      = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	docxStylesRelation = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	docxStyles         = `<w:styles xmlns:w="` + wordNamespace + `"><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Speaker"><w:name w:val="Speaker"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="160"/></w:pPr></w:style></w:styles>`
)
