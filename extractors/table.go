package extractors

import (
	"guidang/extractors/chat"
	"guidang/extractors/diagram"
	"guidang/extractors/document"
	"guidang/extractors/html"
	"guidang/extractors/image"
	"guidang/extractors/link"
	"guidang/extractors/mail"
	"guidang/extractors/mail/calendar"
	"guidang/extractors/mail/contact"
	"guidang/extractors/mail/outlook"
	"guidang/extractors/mail/pst"
	"guidang/extractors/odf"
	"guidang/extractors/ofd"
	"guidang/extractors/office"
	"guidang/extractors/ooxml"
	"guidang/extractors/packed"
	"guidang/extractors/pdf"
	"guidang/extractors/recording"
	"guidang/extractors/sheet"
	"guidang/extractors/text"
	"guidang/extractors/unread"
	"guidang/extractors/webarchive"
)

// Options is what formats need from outside.
type Options struct {
	CacheDir  string // where compiled engines are kept between runs; empty: not kept
	NoEngines bool   // read without engines that have to be compiled, poorer
}

// All is the table of everything that Guidang reads, in the order of detection:
// what has a signature of its own first, what is told by the shape of its text
// later, plain text last. Office files stand before zip because they are zips, and
// encrypted ones before the older ones, because Office puts a document of the old
// sort beside the encrypted one, which says that it is encrypted.
//
// One call makes one set of engines, so a process calls it once.
func All(o Options) []document.Format {
	pdfs := pdf.New(o.CacheDir)
	if o.NoEngines {
		pdfs = pdf.Plain()
	}
	list := []document.Format{
		office.Docx,
		sheet.Xlsx,
		sheet.Xlsb,
		office.Pptx,
		odf.Text,
		sheet.Ods,
		odf.Slides,
		ofd.OFD,
		diagram.Visio,
		diagram.XMind,
		outlook.Msg,
		outlook.TNEF,
		pst.PST,
		ooxml.Unwrap(office.Docx, sheet.Xlsx, sheet.Xlsb, office.Pptx),
		sheet.Xls,
		office.Doc,
		office.Ppt,
		unread.Properties,
		sheet.XML2003,
		office.RTF,
		image.Image,
		image.WeChat,
		unread.Known,
		pdfs,
	}
	list = append(list, recording.Formats()...)
	return append(list,
		webarchive.MHT,
		mail.FoxmailBox,
		mail.Mbox,
		mail.EML,
		calendar.ICS,
		contact.VCF,
		sheet.HTML,
		chat.Page,
		html.HTML,
		packed.Zip,
		packed.Gzip,
		packed.SevenZip,
		packed.Rar,
		packed.Bzip2,
		packed.Xz,
		packed.Zstd,
		packed.Lz4,
		packed.Tar,
		packed.Iso,
		packed.Volume,
		unread.Protected,
		link.Link,
		chat.CSV,
		sheet.CSV,
		chat.Text,
		recording.TranscriptText,
		text.XML,
		text.Text,
	)
}
