package psttest

import (
	"slices"
)

// Message is an item.
type Message struct {
	Props       []Prop
	Recipients  [][]Prop
	Attachments []Attachment
}

// Attachment is an attachment of an item.
type Attachment struct {
	Props []Prop
	Data  []byte   // by value, or an object's bytes
	Inner *Message // an item
	OLE   bool     // Data is an object's
	None  bool     // it has no bytes, only a name
}

// Folder is a folder with what lies in it.
type Folder struct {
	Name     string
	Messages []*Message
	Hidden   []*Message // messages of the folder's own
	Folders  []*Folder
}

// Named is a named property: its set as it lies in a file, and a number or a text. The
// identifier is 0x8000 and the place in the list.
type Named struct {
	Set  string
	LID  uint32
	Text string
}

// Mailbox is what is to be written.
type Mailbox struct {
	Layout  Layout
	Crypt   byte
	Names   []Named
	Folders []*Folder
	Orphans []*Message // whose folder does not exist
	Search  *Folder    // a search folder that shows the messages of the first folder

	// Encode encodes a data block; the tables are the reader's.
	Encode func(method byte, data []byte, id uint64)
	// Text is how strings are written in an ANSI file; nil is as they are.
	Text func(string) []byte
}

const (
	nodeStore   = 0x21
	nodeNames   = 0x61
	nodeRoot    = 0x122
	nodeSubtree = 0x8022
	nodeFinder  = 0x8042
	nodeDeleted = 0x8062
)

type writer struct {
	*file
	box     *Mailbox
	folder  uint32
	message uint32
	written map[*Message]uint32
}

// Write gives the bytes of a mailbox.
func Write(box *Mailbox) []byte {
	encode := box.Encode
	if encode == nil {
		encode = func(byte, []byte, uint64) {}
	}
	w := &writer{file: newFile(box.Layout, box.Crypt, encode), box: box, folder: 0x404, message: 0x10001, written: map[*Message]uint32{}}
	key := []byte("guidang psttest.")
	entry := func(nid uint32) []byte { return slices.Concat(make([]byte, 4), key, le32(nid)) }
	w.node(nodeStore, 0, []Prop{
		Bin(0x0FF9, key), w.text(0x3001, "Mailbox"), Bin(0x35E0, entry(nodeSubtree)), Bin(0x35E3, entry(nodeDeleted)), Bin(0x35E7, entry(nodeFinder)), Long(0x35DF, 0x89), Long(0x67FF, 0),
	}, nil)
	w.node(nodeNames, 0, w.names(), nil)
	deleted := &Folder{Name: "Deleted Items"}
	top := &Folder{Name: "Top of Personal Folders", Folders: append([]*Folder{deleted}, box.Folders...)}
	finder := &Folder{Name: "Search Root"}
	w.place(nodeRoot, nodeRoot, &Folder{Name: ""}, []row{{nodeSubtree, w.shown(top)}, {nodeFinder, w.shown(finder)}})
	w.place(nodeFinder, nodeRoot, finder, nil)
	var rows []row
	ids := []uint32{nodeDeleted}
	for range box.Folders {
		w.folder++
		ids = append(ids, w.folder<<5|2)
	}
	for i, f := range top.Folders {
		rows = append(rows, row{ids[i], w.shown(f)})
	}
	w.place(nodeSubtree, nodeRoot, top, rows)
	for i, f := range top.Folders {
		w.fill(ids[i], nodeSubtree, f)
	}
	for _, m := range box.Orphans {
		w.mail(m, 0xFFFF<<5|2, 4)
	}
	if box.Search != nil {
		w.search(box.Search, box.Folders[0])
	}
	return w.finish()
}

// node writes a node of properties.
func (w *writer) node(nid, parent uint32, props []Prop, more []sub) {
	h := w.newHeap(0xBC)
	h.sub = more
	root := h.properties(props)
	data, subs := h.finish(root)
	w.nodes = append(w.nodes, node{nid, parent, data, subs})
}

func (w *writer) tableNode(nid uint32, columns []uint32, rows []row) {
	data, subs := w.table(columns, rows)
	w.nodes = append(w.nodes, node{nid, 0, data, subs})
}

// shown is what a folder's parent says of it.
func (w *writer) shown(f *Folder) []Prop {
	return []Prop{w.text(0x3001, f.Name), Long(0x3602, len(f.Messages)), Long(0x3603, 0), Bool(0x360A, len(f.Folders) > 0)}
}

// place writes a folder and its tables of folders and of its own messages.
func (w *writer) place(nid, parent uint32, f *Folder, rows []row) {
	w.node(nid, parent, w.shown(f), nil)
	base := nid &^ 0x1F
	w.tableNode(base|0x0D, []uint32{w.stringTag(0x3001), 0x36020003, 0x36030003, 0x360A000B}, rows)
	var mails []row
	for _, m := range f.Messages {
		id := w.mail(m, nid, 4)
		w.written[m] = id
		mails = append(mails, row{id, w.listed(m)})
	}
	w.tableNode(base|0x0E, []uint32{w.stringTag(0x001A), w.stringTag(0x0037), 0x0E070003, 0x0E080003, 0x0E060040}, mails)
	var hidden []row
	for _, m := range f.Hidden {
		hidden = append(hidden, row{w.mail(m, nid, 8), w.listed(m)})
	}
	w.tableNode(base|0x0F, []uint32{w.stringTag(0x001A), w.stringTag(0x0037)}, hidden)
}

// fill writes a folder with all below it.
func (w *writer) fill(nid, parent uint32, f *Folder) {
	var rows []row
	var ids []uint32
	for _, inner := range f.Folders {
		w.folder++
		ids = append(ids, w.folder<<5|2)
		rows = append(rows, row{w.folder<<5 | 2, w.shown(inner)})
	}
	w.place(nid, parent, f, rows)
	for i, inner := range f.Folders {
		w.fill(ids[i], nid, inner)
	}
}

// search writes a search folder, whose table names mails that lie elsewhere.
func (w *writer) search(f, of *Folder) {
	nid := uint32(0x900<<5 | 3)
	w.node(nid, nodeFinder, w.shown(&Folder{Name: f.Name, Messages: of.Messages}), nil)
	var rows []row
	for _, m := range of.Messages {
		rows = append(rows, row{w.written[m], w.listed(m)})
	}
	w.tableNode(nid&^0x1F|0x10, []uint32{w.stringTag(0x001A)}, rows)
}

// listed is what a folder's table says of a message.
func (w *writer) listed(m *Message) []Prop {
	var out []Prop
	for _, p := range m.Props {
		switch p.Tag >> 16 {
		case 0x001A, 0x0037, 0x0E07, 0x0E06:
			out = append(out, p)
		}
	}
	return out
}

// mail writes a message as a node.
func (w *writer) mail(m *Message, parent, kind uint32) uint32 {
	nid := w.message<<5 | kind
	w.message++
	data, subs := w.item(m)
	w.nodes = append(w.nodes, node{nid, parent, data, subs})
	return nid
}

// item writes a message.
func (w *writer) item(m *Message) (data, subs uint64) {
	h := w.newHeap(0xBC)
	if len(m.Recipients) > 0 {
		var rows []row
		for i, r := range m.Recipients {
			rows = append(rows, row{uint32(i + 1), r})
		}
		d, s := w.table(nil, rows)
		h.node(sub{0x692, d, s}, 0)
	}
	var rows []row
	for i, a := range m.Attachments {
		nid := uint32(0x400+i)<<5 | 5
		d, s := w.attachment(a)
		h.node(sub{nid, d, s}, 0)
		rows = append(rows, row{nid, []Prop{Long(0x0E20, len(a.Data)), Long(0x3705, a.method())}})
	}
	if len(rows) > 0 {
		d, s := w.table(nil, rows)
		h.node(sub{0x671, d, s}, 0)
	}
	props := append(slices.Clone(m.Props), Long(0x0E08, 1000), Bool(0x0E1B, len(rows) > 0))
	return h.finish(h.properties(props))
}

func (a *Attachment) method() int {
	switch {
	case a.Inner != nil:
		return 5
	case a.OLE:
		return 6
	case a.None:
		return 2
	}
	return 1
}

func (w *writer) attachment(a Attachment) (data, subs uint64) {
	h := w.newHeap(0xBC)
	props := append(slices.Clone(a.Props), Long(0x3705, a.method()), Long(0x0E20, len(a.Data)), Long(0x370B, -1))
	object := func(s sub, size int) {
		ref := h.node(s, 4)
		props = append(props, Prop{Tag: 0x3701000D, Value: slices.Concat(le32(ref), le32(uint32(size)))})
	}
	switch {
	case a.Inner != nil:
		d, s := w.item(a.Inner)
		object(sub{data: d, subs: s}, 1000)
	case a.OLE:
		object(sub{data: w.data(a.Data)}, len(a.Data))
	case !a.None:
		props = append(props, Bin(0x3701, a.Data))
	}
	return h.finish(h.properties(props))
}

// names writes the table of named properties.
func (w *writer) names() []Prop {
	var guids, entries, texts []byte
	known := map[string]int{"\x29\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46": 2}
	for i, n := range w.box.Names {
		if _, ok := known[n.Set]; !ok {
			known[n.Set] = 3 + len(guids)/16
			guids = append(guids, n.Set...)
		}
		id, kind := n.LID, uint32(known[n.Set])<<1
		if n.Text != "" {
			id, kind = uint32(len(texts)), kind|1
			texts = append(texts, le32(uint32(2*len(n.Text)))...)
			texts = append(texts, utf16le(n.Text)...)
			for len(texts)%4 != 0 {
				texts = append(texts, 0)
			}
		}
		entries = append(entries, le32(id)...)
		entries = append(entries, le32(kind|uint32(i)<<16)...)
	}
	return []Prop{Long(1, 251), Bin(2, guids), Bin(3, entries), Bin(4, texts)}
}
