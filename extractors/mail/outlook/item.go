package outlook

import (
	"io"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// Limits of one item.
const (
	maxRecipients  = 5000
	maxAttachments = 10_000
	maxEmbedded    = 20     // items within items
	maxItems       = 50_000 // attachments of a mail that is written, with those of items within it
	maxSubject     = 1000
)

// item is a mail, an appointment, a contact: whatever Outlook saves.
type item struct {
	bag

	recipients  []*bag
	attachments []*attachment
	page        *pages
	names       map[name]uint16
	source      *source
	depth       int // of items around it within the file
	lost        bool
}

// source is the file that items come from.
type source struct {
	file   *compound.File // of a .msg
	doc    *document.Document
	budget int64 // bytes of attachments that may still be given out
	reads  int64 // bytes of properties that may still be read
	items  int   // attachments that were written into mails
	err    error // of the reader below, no fault of the file
}

// attachment is one entry of an item's list.
type attachment struct {
	bag

	storage *compound.Entry // an embedded item of a .msg, or an object
	file    *compound.File  // of storage, when that is not the item's own
	data    *io.SectionReader
	whole   bool         // data is all that was promised
	inner   func() *item // of an embedded item, nil when it is none
	title   string       // TNEF: a name beside the properties, as bytes of the item's code page
}

// load reads the stream of a value.
func (it *item) load(e *compound.Entry, limit int64) []byte {
	data, whole, err := it.source.file.Bytes(e, min(limit, max(it.source.reads, 0)))
	it.source.reads -= int64(len(data))
	if err != nil && it.source.err == nil {
		it.source.err = err
	}
	if !whole {
		it.lost = true
	}
	return data
}

// settle decides the code page of the item's strings.
func (it *item) settle() {
	named, _ := it.number(idPage)
	locale, _ := it.number(idLocale)
	internet, _ := it.number(idInternetPage)
	if it.page.label != "" && named == 0 {
		for n, l := range labels { // TNEF names a page of its own
			if l == it.page.label {
				named = max(named, n)
			}
		}
	}
	var sample []byte
	add := func(data []byte) {
		if len(sample) > 64<<10 {
			return
		}
		for _, c := range data {
			if c >= 0x80 {
				sample = append(append(sample, cutNull(data[:min(len(data), 64<<10)])...), '\n')
				return
			}
		}
	}
	take := func(b *bag, ids ...uint16) {
		for _, id := range ids {
			if data, ok := b.raw(id, ptString8); ok {
				add(data)
			}
		}
	}
	take(&it.bag, idSubject, idTopic, idBody, idSenderName, idOnBehalfName, idShowTo, idShowCc)
	for _, r := range it.recipients[:min(len(it.recipients), 50)] {
		take(r, idShowName)
	}
	for _, a := range it.attachments[:min(len(it.attachments), 50)] {
		take(&a.bag, idAttachLongName, idAttachShortName, idShowName)
		add([]byte(a.title))
	}
	it.page.decide(named, locale, internet, sample)
}
