package minutes

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// The parts of a Word document (ECMA-376 part 1, 11.3) that do not depend on what
// it says. Chinese is set in a font that every office has; where it is missing,
// Word takes another of its kind.
const (
	wordTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`
	wordRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
	wordDocRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	wordStyles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Calibri"/><w:sz w:val="21"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="center"/><w:spacing w:after="240"/></w:pPr><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style>` +
		`<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr></w:style></w:styles>`
	wordPage = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1304" w:bottom="1304" w:left="1304" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>`
)

// Word writes the minutes as a Word document, with headings in Chinese, or
// English for "en". The same minutes give the same bytes.
func Word(m *Minutes, lang string) ([]byte, error) {
	w := &wordWriter{}
	w.paragraph("Title", or(m.Title, pick(lang, "会议纪要", "Minutes")), "")
	if m.Date != "" {
		w.paragraph("", pick(lang, "日期：", "Date: ")+m.Date, "")
	}
	if len(m.Attendees) > 0 {
		var names []string
		for _, a := range m.Attendees {
			names = append(names, a.Name)
		}
		w.paragraph("", pick(lang, "与会者：", "Attendees: ")+strings.Join(names, pick(lang, "、", ", ")), "")
	}
	if e := m.Edited; e != nil {
		w.paragraph("", pick(lang, "修改：", "Edited: ")+strings.TrimSpace(e.Who+" "+e.At[:min(10, len(e.At))]), "")
	}
	if m.Checks.Quality == lowTranscript {
		w.paragraph("", lowNotice(lang), "")
	}
	if m.Summary != "" || m.Headline != "" {
		w.paragraph("Heading1", pick(lang, "摘要", "Summary"), "")
		for _, text := range []string{m.Headline, m.Summary} {
			for line := range strings.SplitSeq(text, "\n") {
				if line != "" {
					w.paragraph("", line, "")
				}
			}
		}
	}
	for _, k := range m.blocks() {
		if len(k.lines) == 0 {
			continue
		}
		w.paragraph("Heading1", pick(lang, k.zh, k.en), "")
		if k.en == actionsHeading {
			w.actions(m.Actions, lang)
			continue
		}
		for n, c := range k.lines {
			w.paragraph("", fmt.Sprintf("%d. %s", n+1, c.Text), cited(c.Evidence))
		}
	}
	return w.pack(m)
}

// cited names the utterances behind a claim.
func cited(evidence []int) string {
	if len(evidence) == 0 {
		return ""
	}
	return fmt.Sprintf(" %v", evidence)
}

// wordWriter writes the body.
type wordWriter struct{ b bytes.Buffer }

func (w *wordWriter) paragraph(style, text, note string) {
	w.b.WriteString("<w:p>")
	if style != "" {
		w.b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	w.run(text, "")
	if note != "" {
		w.run(note, `<w:rPr><w:color w:val="808080"/><w:sz w:val="16"/></w:rPr>`)
	}
	w.b.WriteString("</w:p>")
}

func (w *wordWriter) run(text, how string) {
	w.b.WriteString("<w:r>" + how + `<w:t xml:space="preserve">`)
	_ = xml.EscapeText(&w.b, []byte(text)) // a buffer takes everything
	w.b.WriteString("</w:t></w:r>")
}

func (w *wordWriter) cell(width int, head bool, text, note string) {
	fmt.Fprintf(&w.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if head {
		w.b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>`)
	}
	w.b.WriteString("</w:tcPr>")
	w.paragraph("", text, note)
	w.b.WriteString("</w:tc>")
}

func (w *wordWriter) actions(list []Action, lang string) {
	widths := []int{5600, 1700, 1900}
	w.b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="9200" w:type="dxa"/></w:tblPr><w:tblGrid>`)
	for _, n := range widths {
		fmt.Fprintf(&w.b, `<w:gridCol w:w="%d"/>`, n)
	}
	w.b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:tblHeader/></w:trPr>`)
	for n, head := range []string{pick(lang, "事项", "Item"), pick(lang, "负责人", "Owner"), pick(lang, "期限", "Due")} {
		w.cell(widths[n], true, head, "")
	}
	w.b.WriteString("</w:tr>")
	for _, a := range list {
		day := a.DueText
		if a.Due != nil {
			day = *a.Due
		}
		w.b.WriteString("<w:tr>")
		w.cell(widths[0], false, a.Text, cited(a.Evidence))
		w.cell(widths[1], false, a.Owner, "")
		w.cell(widths[2], false, day, "")
		w.b.WriteString("</w:tr>")
	}
	w.b.WriteString("</w:tbl>")
}

func (w *wordWriter) pack(m *Minutes) ([]byte, error) {
	var core bytes.Buffer
	core.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>`)
	_ = xml.EscapeText(&core, []byte(m.Title))
	core.WriteString(`</dc:title></cp:coreProperties>`)
	body := `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + w.b.String() + wordPage + `</w:body></w:document>`
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range [][2]string{
		{"[Content_Types].xml", wordTypes}, {"_rels/.rels", wordRels}, {"word/document.xml", body}, {"word/_rels/document.xml.rels", wordDocRels},
		{"word/styles.xml", wordStyles}, {"docProps/core.xml", core.String()},
	} {
		f, err := z.Create(part[0])
		if err == nil {
			_, err = f.Write([]byte(part[1]))
		}
		if err != nil {
			return nil, fmt.Errorf("minutes as a Word document: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("minutes as a Word document: %w", err)
	}
	return out.Bytes(), nil
}
