package compound

import (
	"encoding/binary"
	"slices"
	"sort"
	"strings"
	"unicode/utf16"
)

// Node is a storage (with Children) or a stream (with Data) to be written.
type Node struct {
	Name     string
	Data     []byte
	Children []*Node
	Storage  bool
	Class    [16]byte
}

// NewStream makes a stream.
func NewStream(name string, data []byte) *Node { return &Node{Name: name, Data: data} }

// NewStorage makes a storage.
func NewStorage(name string, children ...*Node) *Node {
	return &Node{Name: name, Children: children, Storage: true}
}

const (
	sector = 512
	end    = endOfChain
	free   = noSector
)

type written struct {
	node               *Node
	left, right, child uint32
	start              uint32
	size               uint64
	kind               byte
}

type writer struct {
	entries []*written
	body    []byte // sectors behind the header
	fat     []uint32
	mini    []byte
	minifat []uint32
}

// Write gives the bytes of a compound file of version 3 with the children of
// root. The same nodes give the same bytes. It recurses into storages, so whoever
// makes nodes of untrusted bytes bounds their depth (as Extract does).
func Write(root *Node) []byte {
	w := &writer{}
	top := w.add(root, 5)
	w.entries[top].child = w.siblings(root.Children)
	w.entries[top].start, w.entries[top].size = end, 0
	if len(w.mini) > 0 {
		w.entries[top].size = uint64(len(w.mini))
		w.entries[top].start = w.stream(w.mini)
	}
	minifat := uint32(end)
	if len(w.minifat) > 0 {
		minifat = w.stream(words(w.minifat))
	}
	directory := w.stream(w.directory())

	// The FAT lists itself and the tables that list it.
	count, lists := 0, 0
	for {
		total := len(w.fat) + count + lists
		n := (total + 127) / 128
		l := max(0, (n-109+126)/127)
		if n == count && l == lists {
			break
		}
		count, lists = n, l
	}
	first := u32(len(w.fat))
	for range count {
		w.fat = append(w.fat, 0xFFFFFFFD)
	}
	for range lists {
		w.fat = append(w.fat, 0xFFFFFFFC)
	}
	for len(w.fat)%128 != 0 {
		w.fat = append(w.fat, free)
	}
	w.body = append(w.body, words(w.fat)...)
	head := make([]byte, sector)
	copy(head, Magic)
	put := func(at int, v uint32) { binary.LittleEndian.PutUint32(head[at:], v) }
	binary.LittleEndian.PutUint16(head[24:], 0x3E)
	binary.LittleEndian.PutUint16(head[26:], 3)
	binary.LittleEndian.PutUint16(head[28:], 0xFFFE)
	binary.LittleEndian.PutUint16(head[30:], 9)
	binary.LittleEndian.PutUint16(head[32:], 6)
	put(44, u32(count))
	put(48, directory)
	put(56, 4096)
	put(60, minifat)
	put(64, u32(len(w.minifat)+127)/128)
	put(68, end)
	put(72, u32(lists))
	for i := range 109 {
		if i < count {
			put(76+4*i, first+u32(i))
		} else {
			put(76+4*i, free)
		}
	}
	if lists > 0 {
		put(68, first+u32(count))
		rest := 109
		for l := range lists {
			list := make([]uint32, 128)
			for i := range 127 {
				list[i] = free
				if rest < count {
					list[i] = first + u32(rest)
					rest++
				}
			}
			list[127] = end
			if l+1 < lists {
				list[127] = first + u32(count+l+1)
			}
			w.body = append(w.body, words(list)...)
		}
	}
	return slices.Concat(head, w.body)
}

func (w *writer) add(n *Node, kind byte) int {
	w.entries = append(w.entries, &written{node: n, kind: kind, left: free, right: free, child: free})
	return len(w.entries) - 1
}

// siblings writes the children of a storage as a balanced tree, ordered as
// [MS-CFB] 2.6.4 orders names.
func (w *writer) siblings(children []*Node) uint32 {
	sorted := append([]*Node(nil), children...)
	sort.SliceStable(sorted, func(i, j int) bool {
		a, b := sorted[i].Name, sorted[j].Name
		if len(a) != len(b) {
			return len(a) < len(b)
		}
		return strings.ToUpper(a) < strings.ToUpper(b)
	})
	ids := make([]int, len(sorted))
	for i, n := range sorted {
		kind := byte(2)
		if n.Storage {
			kind = 1
		}
		ids[i] = w.add(n, kind)
	}
	for i, n := range sorted {
		e := w.entries[ids[i]]
		switch {
		case n.Storage:
			e.child = w.siblings(n.Children)
		case len(n.Data) == 0:
			e.start = end
		case len(n.Data) < 4096:
			e.size = uint64(len(n.Data))
			e.start = u32(len(w.minifat))
			for at := 0; at < len(n.Data); at += 64 {
				w.minifat = append(w.minifat, u32(len(w.minifat)+1))
				chunk := make([]byte, 64)
				copy(chunk, n.Data[at:])
				w.mini = append(w.mini, chunk...)
			}
			w.minifat[len(w.minifat)-1] = end
		default:
			e.size = uint64(len(n.Data))
			e.start = w.stream(n.Data)
		}
	}
	var tree func(from, to int) uint32
	tree = func(from, to int) uint32 {
		if from >= to {
			return free
		}
		mid := (from + to) / 2
		e := w.entries[ids[mid]]
		e.left, e.right = tree(from, mid), tree(mid+1, to)
		return u32(ids[mid])
	}
	return tree(0, len(ids))
}

// stream places data in sectors of its own.
func (w *writer) stream(data []byte) uint32 {
	first := u32(len(w.fat))
	for at := 0; at < len(data); at += sector {
		w.fat = append(w.fat, u32(len(w.fat)+1))
	}
	w.body = append(w.body, data...)
	w.body = append(w.body, make([]byte, (sector-len(data)%sector)%sector)...)
	w.fat[len(w.fat)-1] = end
	return first
}

func (w *writer) directory() []byte {
	var out []byte
	for _, e := range w.entries {
		b := make([]byte, 128)
		name := utf16.Encode([]rune(e.node.Name))
		for i, u := range name[:min(len(name), 31)] {
			binary.LittleEndian.PutUint16(b[2*i:], u)
		}
		binary.LittleEndian.PutUint16(b[64:], uint16(2*(min(len(name), 31)+1)))
		b[66], b[67] = e.kind, 1
		copy(b[80:96], e.node.Class[:])
		binary.LittleEndian.PutUint32(b[68:], e.left)
		binary.LittleEndian.PutUint32(b[72:], e.right)
		binary.LittleEndian.PutUint32(b[76:], e.child)
		binary.LittleEndian.PutUint32(b[116:], e.start)
		binary.LittleEndian.PutUint64(b[120:], e.size)
		out = append(out, b...)
	}
	for len(out)%sector != 0 { // unused entries
		b := make([]byte, entrySize)
		copy(b[68:80], "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
		out = append(out, b...)
	}
	return out
}

func words(v []uint32) []byte {
	out := make([]byte, 0, 4*len(v)+sector)
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, x)
	}
	for len(out)%sector != 0 {
		out = binary.LittleEndian.AppendUint32(out, free)
	}
	return out
}

// u32 is for numbers of sectors and entries of what lies in memory.
func u32(n int) uint32 { return uint32(n) } //nolint:gosec // see above
