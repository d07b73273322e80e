//go:build !light

package pdf

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// errPage says that a page or a file in it cannot be had, without harm to the
// instance.
var errPage = errors.New("damaged page")

const (
	maxAnnotations = 2000
	maxObjects     = 200
	drawnPaths     = 20 // so many paths without a letter are letters drawn as outlines

	hiddenAnnotation = 1 << 1  // ISO 32000-1, table 165
	passwordField    = 1 << 13 // table 228
)

// page reads one page's text. drawn says that something is shown on it.
func (s *session) page(n int) (text string, drawn bool, err error) {
	loaded, err := s.load(n)
	if err != nil {
		return "", false, err
	}
	notes, values, flatten, err := s.annotations(loaded)
	if err != nil {
		return "", false, err
	}
	if flatten {
		// Fields and text boxes are drawn by annotations; flattening makes them part
		// of the page (93.8 % of 803 files read well instead of 86.7 %). The page has
		// to be loaded anew to see it.
		if _, err := s.inst.FPDFPage_Flatten(&requests.FPDFPage_Flatten{Page: byRef(&loaded), Usage: requests.FPDFPage_FlattenUsageNormalDisplay}); err != nil {
			return "", false, err
		}
		if _, err := s.inst.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded}); err != nil {
			return "", false, err
		}
		if loaded, err = s.load(n); err != nil {
			return "", false, err
		}
	}
	text, err = s.text(loaded)
	if err != nil {
		return "", false, err
	}
	if strings.TrimSpace(text) == "" {
		if drawn, err = s.drawn(loaded); err != nil {
			return "", false, err
		}
	}
	if _, err := s.inst.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded}); err != nil {
		return "", false, err
	}
	s.strange = unspoken(text)
	text = tidy(text)
	for _, v := range values {
		// QUIRK: ISO 32000-1, 12.7.3.3 lets a viewer draw a field's value itself
		// (NeedAppearances), and the wild leaves out text boxes' appearances too: then
		// there is nothing to flatten.
		if !strings.Contains(unspaced(text), unspaced(v)) {
			text = strings.TrimSpace(text + "\n" + v)
		}
	}
	if notes != "" {
		text = strings.TrimSpace(text + "\n" + notes)
	}
	return text, drawn, nil
}

func byRef(p *references.FPDF_PAGE) requests.Page { return requests.Page{ByReference: p} }

func (s *session) load(n int) (references.FPDF_PAGE, error) {
	p, err := s.inst.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: s.file, Index: n})
	if err != nil {
		return "", err
	}
	return p.Page, nil
}

func (s *session) text(p references.FPDF_PAGE) (string, error) {
	t, err := s.inst.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: byRef(&p)})
	if err != nil {
		return "", err
	}
	defer func() { _, _ = s.inst.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.TextPage}) }()
	c, err := s.inst.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.TextPage})
	if err != nil || c.Count <= 0 {
		return "", err
	}
	got, err := s.inst.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: t.TextPage, StartIndex: 0, Count: c.Count})
	if err != nil {
		return "", err
	}
	text := got.Text
	if strings.ContainsRune(text, utf8.RuneError) {
		// QUIRK: FPDFText_GetText tears characters beyond U+FFFF (rare Han of names
		// and places); asked one by one they come whole, at ten times the calls.
		slow, err := s.inst.GetPageText(&requests.GetPageText{Page: byRef(&p)})
		if err != nil {
			return "", err
		}
		text = strings.ToValidUTF8(slow.Text, "\ufffd")
	}
	return text, nil
}

// unspaced is a text without blanks, which differ between a value and its drawing.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

// value is what a field or a text box says that has no appearance: what has one
// shows what it is to show, which may be less (a password's stars) or nothing.
func (s *session) value(a references.FPDF_ANNOTATION, kind enums.FPDF_ANNOTATION_SUBTYPE) string {
	get := func(key string) string {
		v, err := s.inst.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: a, Key: key})
		if err != nil {
			return ""
		}
		return v.Value
	}
	look, err := s.inst.FPDFAnnot_GetAP(&requests.FPDFAnnot_GetAP{Annotation: a, AppearanceMode: enums.FPDF_ANNOT_APPEARANCEMODE_NORMAL})
	if err == nil && look.Value != "" {
		return ""
	}
	if f, err := s.inst.FPDFAnnot_GetFlags(&requests.FPDFAnnot_GetFlags{Annotation: a}); err != nil || f.Flags&hiddenAnnotation != 0 {
		return ""
	}
	if n, err := s.inst.FPDFAnnot_GetNumberValue(&requests.FPDFAnnot_GetNumberValue{Annotation: a, Key: "Ff"}); err == nil && int(n.Value)&passwordField != 0 {
		return ""
	}
	if kind == enums.FPDF_ANNOT_SUBTYPE_FREETEXT {
		return tidy(recode(get("Contents")))
	}
	if t := get("FT"); t == "Btn" || t == "Sig" {
		return "" // a button's value is the name of a state
	}
	return tidy(recode(get("V")))
}

// annotations reads the notes that readers have stuck to the page, and what its
// fields and text boxes say; flatten: there are such.
func (s *session) annotations(p references.FPDF_PAGE) (notes string, values []string, flatten bool, err error) {
	c, err := s.inst.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: byRef(&p)})
	if err != nil {
		return "", nil, false, err
	}
	var b strings.Builder
	for i := range min(c.Count, maxAnnotations) {
		a, err := s.inst.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: byRef(&p), Index: i})
		if err != nil {
			continue
		}
		kind, err := s.inst.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a.Annotation})
		if err != nil {
			return "", nil, false, err
		}
		switch kind.Subtype {
		case enums.FPDF_ANNOT_SUBTYPE_FREETEXT, enums.FPDF_ANNOT_SUBTYPE_WIDGET, enums.FPDF_ANNOT_SUBTYPE_STAMP:
			flatten = true
			if kind.Subtype != enums.FPDF_ANNOT_SUBTYPE_STAMP {
				if v := s.value(a.Annotation, kind.Subtype); v != "" {
					values = append(values, v)
				}
			}
		case enums.FPDF_ANNOT_SUBTYPE_TEXT, enums.FPDF_ANNOT_SUBTYPE_HIGHLIGHT, enums.FPDF_ANNOT_SUBTYPE_UNDERLINE,
			enums.FPDF_ANNOT_SUBTYPE_SQUIGGLY, enums.FPDF_ANNOT_SUBTYPE_STRIKEOUT, enums.FPDF_ANNOT_SUBTYPE_CARET,
			enums.FPDF_ANNOT_SUBTYPE_SQUARE, enums.FPDF_ANNOT_SUBTYPE_CIRCLE, enums.FPDF_ANNOT_SUBTYPE_INK:
			v, err := s.inst.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: a.Annotation, Key: "Contents"})
			if err == nil && strings.TrimSpace(v.Value) != "" {
				b.WriteString("批注 Note: " + tidy(recode(v.Value)) + "\n")
			}
		}
		if _, err := s.inst.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation}); err != nil {
			return "", nil, false, err
		}
	}
	return strings.TrimSpace(b.String()), values, flatten, nil
}

// drawn says whether a page without text shows something that may be text.
func (s *session) drawn(p references.FPDF_PAGE) (bool, error) {
	c, err := s.inst.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: byRef(&p)})
	if err != nil {
		return false, err
	}
	paths := 0
	for i := range min(c.Count, maxObjects) {
		o, err := s.inst.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: byRef(&p), Index: i})
		if err != nil {
			continue
		}
		kind, err := s.inst.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		if err != nil {
			return false, err
		}
		switch kind.Type {
		case enums.FPDF_PAGEOBJ_IMAGE, enums.FPDF_PAGEOBJ_FORM:
			return true, nil
		case enums.FPDF_PAGEOBJ_PATH:
			paths++
		}
	}
	return paths >= drawnPaths, nil
}
