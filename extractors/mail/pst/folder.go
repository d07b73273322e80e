package pst

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"guidang/extractors/charset"
	"guidang/extractors/mail/outlook"
)

// Nodes that every mailbox has ([MS-PST] 2.4.1).
const (
	nodeStore = 0x21
	nodeRoot  = 0x122
)

const (
	idShowName     = 0x3001
	idCount        = 0x3602
	idSubtree      = 0x35E0 // of the store: the folder in which the person's own lie
	maxFolderName  = 200    // characters
	maxFolderDepth = 40
	maxFolders     = 200_000
)

// lostFolder is where those go whose folder is not to be found.
const lostFolder = "(无文件夹 no folder)"

// folder is what is kept of one.
type folder struct {
	path  string
	count int64 // messages that it says it has, -1 when it does not
}

// folders knows the paths of folders by their nodes.
type folders struct {
	s     *store
	known map[uint32]*folder
	top   uint32 // left out of the paths, with the root
	ready bool
}

// of gives the folder of a node; a message that lies in none has an empty path.
func (f *folders) of(id uint32) *folder { return f.at(id, 0) }

func (f *folders) at(id uint32, depth int) *folder {
	if known := f.known[id]; known != nil {
		return known
	}
	if !f.ready {
		f.ready, f.top = true, f.s.subtree()
	}
	made := &folder{count: -1}
	if len(f.known) < maxFolders {
		f.known[id] = made // before its parents: a folder within itself has no more of them
	}
	if kind := id & kindMask; kind != kindFolder && kind != kindSearch || depth > maxFolderDepth {
		made.path = lostFolder
		return made
	}
	n, ok := f.s.findNode(id)
	if !ok {
		made.path = lostFolder
		return made
	}
	p, _ := f.s.node0(n)
	made.count = -1
	if c, ok := p.Number(idCount); ok {
		made.count = c
	}
	if id == nodeRoot || id == f.top {
		return made
	}
	name := folderName(p.Text(idShowName, f.s.label))
	if name == "" {
		name = fmt.Sprintf("folder-%d", id)
	}
	if name == "Root - Mailbox" && n.parent == nodeRoot || name == "IPM_SUBTREE" && f.at(n.parent, depth+1).path == "" {
		// QUIRK: [MS-PST] 2.4.3.2: the store names the folder that Outlook shows as the
		// mailbox. Copies of a mailbox on a server do not; the folder has this name.
		return made
	}
	if made.path = name; n.parent != id && n.parent != 0 {
		if up := f.at(n.parent, depth+1); up.path != "" {
			made.path = up.path + "/" + name
		}
	}
	return made
}

// node0 reads a node's properties and nothing else.
func (s *store) node0(n node) (outlook.Properties, bool) {
	h := s.heap(n.data, n.subs)
	if h == nil {
		return outlook.NewProperties(), false
	}
	p, _, whole := h.props()
	return p, whole
}

// subtree is the folder that Outlook shows as the mailbox itself, by the entry that
// the store names ([MS-PST] 2.4.3.2): flags, the store's identifier, a node.
func (s *store) subtree() uint32 {
	n, ok := s.findNode(nodeStore)
	if !ok {
		return 0
	}
	p, _ := s.node0(n)
	if id := p.Binary(idSubtree); len(id) >= 24 {
		return binary.LittleEndian.Uint32(id[20:])
	}
	return 0
}

// folderName makes one step of a path of a name.
func folderName(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	s = strings.ReplaceAll(s, "/", "／")
	if utf8.RuneCountInString(s) > maxFolderName {
		s = string([]rune(s)[:maxFolderName])
	}
	return s
}

// folderCharset tells what the folders' names of an ANSI file are written in: its
// store does not say, single names are too short to tell, so all are looked at as
// one.
func (s *store) folderCharset() string {
	var sample []byte
	s.walkNodes(0, lastNode, func(n node) bool {
		if n.id&kindMask == kindFolder {
			p, _ := s.node0(n)
			if name, _, _ := bytes.Cut(p.One[idShowName<<16|ptString8], []byte{0}); !ascii(name) {
				sample = append(append(sample, name...), '\n')
			}
		}
		return len(sample) < 16<<10
	})
	_, used, _ := charset.Decode(sample, "")
	return used
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
