package ofd

import (
	"encoding/xml"
	"slices"
	"strings"

	"guidang/extractors/ooxml"
)

// invoiceFields name what an electronic invoice says, by the element of its tags
// (the tax administration's eInvoice scheme) and by the name of the custom data
// that older ones carry.
var invoiceFields = map[string]string{
	"InvoiceNo": "invoice_number", "发票号码": "invoice_number",
	"InvoiceCode": "invoice_code", "发票代码": "invoice_code",
	"IssueDate": "invoice_date", "开票日期": "invoice_date",
	"BuyerName": "invoice_buyer", "购买方名称": "invoice_buyer",
	"BuyerTaxID": "invoice_buyer_id", "购买方纳税人识别号": "invoice_buyer_id",
	"SellerName": "invoice_seller", "销售方名称": "invoice_seller",
	"SellerTaxID": "invoice_seller_id", "销售方纳税人识别号": "invoice_seller_id",
	"TaxExclusiveTotalAmount": "invoice_net", "合计金额": "invoice_net",
	"TaxTotalAmount": "invoice_tax", "合计税额": "invoice_tax",
	"TaxInclusiveTotalAmount": "invoice_total", "价税合计": "invoice_total",
}

// custom keeps what the file says of itself beyond the standard's own fields.
func (r *reading) custom(name, value string) {
	if field := invoiceFields[name]; field != "" && r.doc.Fields[field] == "" {
		r.doc.Fields[field] = value
	}
}

// tags reads which text objects are an invoice's number, date, names and sums
// (clause 16): a list of parts, each with elements that refer to objects by id.
func (r *reading) tags(list string) {
	var found []string
	loc := false
	r.walk(list, func(tok xml.Token) {
		switch t := tok.(type) {
		case xml.StartElement:
			loc = t.Name.Local == "FileLoc" || t.Name.Local == "BaseLoc"
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); loc && s != "" && len(found) < 16 {
				found = append(found, near(list, s))
			}
		case xml.EndElement:
			loc = false
		}
	})
	got := map[string]string{}
	for _, part := range found {
		var open []string
		seen := map[[2]string]bool{} // an object is named by an attribute, by text, or by both
		refer := func(id string) {
			field := fieldOf(open)
			text := strings.TrimSpace(r.objects[id])
			if field == "" || text == "" || seen[[2]string{field, id}] || len(got[field]) > 1<<10 {
				return
			}
			seen[[2]string{field, id}] = true
			if got[field] != text { // what stands on each page is said once
				got[field] += text
			}
		}
		r.walk(part, func(tok xml.Token) {
			switch t := tok.(type) {
			case xml.StartElement:
				open = append(open, t.Name.Local)
				if id := ooxml.Attr(t, "ObjectID"); id != "" {
					refer(id)
				}
			case xml.CharData:
				if n := len(open); n > 0 && open[n-1] == "ObjectRef" {
					refer(strings.TrimSpace(string(t)))
				}
			case xml.EndElement:
				open = open[:max(len(open)-1, 0)]
			}
		})
	}
	for field, text := range got {
		if r.doc.Fields[field] == "" {
			r.doc.Fields[field] = text
		}
	}
}

// fieldOf is the field of the innermost element that is known.
func fieldOf(open []string) string {
	for _, o := range slices.Backward(open) {
		if field := invoiceFields[o]; field != "" {
			return field
		}
	}
	return ""
}
