package pst

import (
	"encoding/binary"

	"guidang/extractors/mail/outlook"
)

const nodeNames = 0x61

// readNames reads the table of named properties ([MS-PST] 2.4.7). Without it the
// times and places of appointments have no names, so its loss is told.
func (s *store) readNames() *outlook.Names {
	n, ok := s.findNode(nodeNames)
	if !ok {
		return outlook.NewNames(nil, nil, nil)
	}
	h := s.heap(n.data, n.subs)
	if h == nil {
		return outlook.NewNames(nil, nil, nil)
	}
	var streams [5][]byte
	whole := h.records(h.root, 2, 6, func(key, value []byte) bool {
		if id := binary.LittleEndian.Uint16(key); id >= 2 && id <= 4 {
			streams[id], _ = h.value(binary.LittleEndian.Uint32(value[2:]), 16<<20)
		}
		return true
	})
	if !whole {
		s.tell(&s.other, nodeNames)
	}
	return outlook.NewNames(streams[2], streams[3], streams[4])
}
