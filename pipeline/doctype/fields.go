package doctype

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"guidang/extractors/document"
	"guidang/extractors/einvoice"
)

// reader collects the details of one document.
type reader struct {
	typ  document.Type
	t    *text
	out  []Field
	name string

	signatures string // of a PDF's fields: signed ones/all
}

// fields reads the details that a document of a type has.
func fields(typ document.Type, d *document.Document, t *text, name string) []Field {
	r := &reader{typ: typ, t: t, name: name, signatures: d.Fields["signatures"]}
	r.ofInvoice(d)
	r.numbers()
	if hasDetail(typ, PartyA) {
		r.parties()
	}
	for _, detail := range []string{Date, SignedOn, StartsOn, EndsOn, RenewsOn, DueOn, ValidUntil} {
		if hasDetail(typ, detail) {
			r.date(detail)
		}
	}
	if hasDetail(typ, EndsOn) {
		r.term()
	}
	if hasDetail(typ, ValidUntil) {
		r.validity()
	}
	if hasDetail(typ, Amount) {
		r.amount()
	}
	for _, detail := range []string{Requester, Approver} {
		if hasDetail(typ, detail) {
			r.person(detail)
		}
	}
	if hasDetail(typ, Approver) && !r.has(Approver) {
		r.approval()
	}
	for _, detail := range []string{Reason, Impact} {
		if hasDetail(typ, detail) {
			if p, ok := t.block(labelsFor(typ, detail)); ok {
				r.add(detail, strings.TrimSpace(p.raw()), p)
			}
		}
	}
	if hasDetail(typ, Result) {
		r.result()
	}
	if hasDetail(typ, Signed) {
		r.signed()
	}
	order := Details()
	slices.SortStableFunc(r.out, func(a, b Field) int { return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name)) })
	return r.out
}

// ofInvoice takes what an electronic invoice says of itself in its data, which is
// surer than its text. It stands at no place of it.
func (r *reader) ofInvoice(d *document.Document) {
	if d.Fields[einvoice.Number] == "" {
		return
	}
	put := func(detail, written, value string) {
		if value != "" {
			r.out = append(r.out, Field{Name: detail, Value: short(value), Text: short(written)})
		}
	}
	for detail, field := range map[string]string{Number: einvoice.Number, PartyA: einvoice.Buyer, PartyB: einvoice.Seller} {
		put(detail, d.Fields[field], d.Fields[field])
	}
	if s := strings.NewReplacer(",", "", "¥", "", "￥", "").Replace(d.Fields[einvoice.Total]); s != "" {
		if n, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
			put(Amount, d.Fields[einvoice.Total], strconv.FormatFloat(n, 'f', 2, 64))
			put(Currency, "", "CNY")
		}
	}
}

const textMostOf = 300 // bytes of a detail that is kept as it is written

// add keeps a detail, once.
func (r *reader) add(detail, value string, p place) {
	if value == "" || r.has(detail) {
		return
	}
	f := Field{Name: detail, Value: short(value), Text: short(p.raw()), Position: p.line.position, Section: p.line.section}
	if !p.line.heading {
		f.From, f.To = p.line.from+p.line.at[p.from], p.line.from+p.line.at[p.to]
	}
	r.out = append(r.out, f)
}

func short(s string) string {
	if len(s) > textMostOf {
		return strings.ToValidUTF8(s[:textMostOf], "")
	}
	return s
}

func (r *reader) has(detail string) bool {
	return slices.ContainsFunc(r.out, func(f Field) bool { return f.Name == detail })
}

func (r *reader) get(detail string) string {
	for i := range r.out {
		if r.out[i].Name == detail {
			return r.out[i].Value
		}
	}
	return ""
}
