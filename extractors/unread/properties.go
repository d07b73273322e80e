package unread

import (
	"context"
	"fmt"
	"strings"

	"guidang/extractors/compound"
	"guidang/extractors/document"
)

// Properties reads what compound files of programs without a reader say about
// themselves: Project's plans, drawings of the older Visio, Publisher's pages.
// A plan is then found by its title, author and date.
var Properties = document.Format{
	Name: "ole", Version: 1, Kind: document.KindOther, MediaType: "application/x-ole-storage",
	Detect: func(in *document.Input) bool {
		if !compound.Is(in.Head()) {
			return false
		}
		f, err := compound.Open(in.Bytes, in.Size)
		return err == nil && program(f) != nil
	},
	Read: readProperties,
}

// programs are told by what lies in the file's root.
type programKind struct {
	mark      string // the beginning of a name
	what      string
	mediaType string
}

var programs = []programKind{
	{"Props", "a plan of Microsoft Project; export it as PDF or Excel to have its tasks read", "application/vnd.ms-project"},
	{"VisioDocument", "a drawing of Visio before 2013; save it as .vsdx or PDF to have its text read", "application/vnd.visio"},
	{"Quill", "a publication of Microsoft Publisher; export it as PDF to have its text read", "application/x-mspublisher"},
}

// program finds which program's file it is. Project's streams are called Props,
// Props9, Props12 and Props14, beside storages called by numbers.
func program(f *compound.File) *programKind {
	for i := range programs {
		p := &programs[i]
		for _, c := range f.Root.Children {
			rest, ok := strings.CutPrefix(c.Name, p.mark)
			if ok && strings.Trim(rest, "0123456789") == "" {
				return p
			}
		}
	}
	return nil
}

func readProperties(_ context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
	f, err := compound.Open(in.Bytes, in.Size)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", in.Name, err)
	}
	p := program(f)
	if p == nil {
		return document.Unreadable(document.KindOther, document.Unsupported, "no reader knows it"), nil
	}
	doc := &document.Document{Kind: document.KindOther, MediaType: p.mediaType, Read: document.Full, Fields: map[string]string{}}
	f.Props().Fill(doc)
	var lines []string
	for _, s := range []string{doc.Title, doc.Fields["subject"], doc.Fields["keywords"], doc.Fields["description"]} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	doc.AddText(document.Position{Part: "body"}, "", strings.Join(lines, "\n"))
	read := document.Partial
	if len(lines) == 0 {
		read = document.None
	}
	doc.Lose(read, document.Unsupported, "only its properties were read: it is "+p.what)
	return doc, nil
}
