// Package einvoice knows what the parts of a Chinese electronic invoice are called
// in its three forms: OFD, XML, and the properties of a PDF. So all three have the
// same fields, by which they are known to be one invoice.
package einvoice

// Names of fields.
const (
	Number = "invoice_number"
	Date   = "invoice_date"
	Buyer  = "invoice_buyer"
	Seller = "invoice_seller"
	Total  = "invoice_total"
)

// fields name what an invoice says, by the element of the tax administration's
// schemes (the tags of an OFD, the XML of fully digital invoices) and by the name
// of the custom data that older ones carry.
var fields = map[string]string{
	"InvoiceNo": Number, "InvoiceNumber": Number, "发票号码": Number,
	"InvoiceCode": "invoice_code", "发票代码": "invoice_code",
	"IssueDate": Date, "IssueTime": Date, "开票日期": Date,
	"BuyerName": Buyer, "购买方名称": Buyer,
	"BuyerTaxID": "invoice_buyer_id", "BuyerIdNum": "invoice_buyer_id", "购买方纳税人识别号": "invoice_buyer_id",
	"SellerName": Seller, "销售方名称": Seller,
	"SellerTaxID": "invoice_seller_id", "SellerIdNum": "invoice_seller_id", "销售方纳税人识别号": "invoice_seller_id",
	"TaxExclusiveTotalAmount": "invoice_net", "TotalAmWithoutTax": "invoice_net", "合计金额": "invoice_net",
	"TaxTotalAmount": "invoice_tax", "TotalTaxAm": "invoice_tax", "合计税额": "invoice_tax",
	"TaxInclusiveTotalAmount": Total, "TotalTax-includedAmount": Total, "价税合计": Total,
}

// FieldOf is the field that an element or a property fills; empty: none.
func FieldOf(name string) string { return fields[name] }

// Root is the root element of the XML of a fully digital invoice.
const Root = "EInvoice"

// Properties are those that the tax administration's PDFs have.
func Properties() []string {
	return []string{"InvoiceNumber", "IssueTime", "SellerIdNum", "TotalAmWithoutTax", "TotalTaxAm", "TotalTax-includedAmount"}
}
