package pst

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
)

// blockCache is the block read last: tables and attachments are read piece by piece.
type blockCache struct {
	id   uint64
	size int32 // in the file
	data []byte
}

// readsOf is how many bytes of blocks may be read of a file, those that are read
// again among them. Each is read two or three times; blocks that many items share
// would be read without end.
func readsOf(size int64) int64 { return 16*size + 64<<20 }

// spend counts what is read; false says that it is enough.
func (s *store) spend(n int32) bool {
	s.reads += int64(n)
	return s.reads <= readsOf(s.size)
}

// block reads the bytes of a block as they were meant: unpacked, and decoded when
// they are data. sound is false when their checksum does not fit; nil says that
// nothing is left of them.
func (s *store) block(id uint64) (data []byte, sound bool) {
	if s.lastBlock.data != nil && s.lastBlock.id == id&^bitOwn {
		if !s.spend(s.lastBlock.size) {
			return nil, false
		}
		return s.lastBlock.data, true
	}
	x, ok := s.findBlock(id)
	if !ok || !s.spend(x.size) {
		s.tell(&s.lostBlocks, int64(id&^bitOwn)) //nolint:gosec // only counted
		return nil, false
	}
	data, sound = s.blockAt(x)
	if data == nil && s.err == nil {
		if other, ok := s.salvaged().block(id &^ bitOwn); ok && other != x {
			s.tell(&s.lostPages, x.at)
			data, sound = s.blockAt(other)
		}
	}
	if data == nil {
		s.tell(&s.lostBlocks, int64(id&^bitOwn)) //nolint:gosec // only counted
		return nil, false
	}
	if !sound {
		s.tell(&s.badBlocks, x.at)
		return data, false
	}
	s.lastBlock = blockCache{x.id, x.size, data}
	return data, true
}

// allocated is the room of a block of n bytes, with its trailer.
func (l *layout) allocated(n int) int64 {
	return (int64(n) + int64(l.trailer) + l.align - 1) / l.align * l.align
}

// trailerOf reads a block's trailer ([MS-PST] 2.2.2.8.1).
func (l *layout) trailerOf(t []byte) (size int, sig uint16, crc uint32, id uint64, full int) {
	size, sig = int(binary.LittleEndian.Uint16(t)), binary.LittleEndian.Uint16(t[2:])
	full = size
	if l.wide {
		crc, id = binary.LittleEndian.Uint32(t[4:]), binary.LittleEndian.Uint64(t[8:])
		if l.page == 4096 {
			full = int(binary.LittleEndian.Uint16(t[18:]))
		}
		return size, sig, crc, id, full
	}
	return size, sig, binary.LittleEndian.Uint32(t[8:]), uint64(binary.LittleEndian.Uint32(t[4:])), full
}

// signature is [MS-PST] 5.5: it ties a block to its place.
func signature(at int64, id uint64) uint16 {
	v := uint64(at) ^ id //nolint:gosec // places are positive
	v &= 0xffffffff
	return uint16(v>>16) ^ uint16(v) //nolint:gosec // the halves are meant
}

// blockAt reads the block at a place.
func (s *store) blockAt(x extent) (data []byte, sound bool) {
	room := s.allocated(int(x.size))
	buf := make([]byte, min(room, s.size-x.at))
	n, err := s.r.ReadAt(buf, x.at)
	if s.fail(fmt.Errorf("read the block at %d: %w", x.at, err), err); fault(err) != nil || n < 1 {
		return nil, false
	}
	buf = buf[:n]
	cut := int64(n) < room
	data = buf[:min(int(x.size), n)]
	if !cut {
		size, sig, crc, id, _ := s.trailerOf(buf[room-int64(s.trailer):])
		sound = size == int(x.size) && id&^bitOwn == x.id && crc == sum(data)
		if !sound && id&^bitOwn != x.id && sig == signature(x.at, id) && size > 0 && s.allocated(size) == room && crc == sum(buf[:min(size, n)]) {
			return nil, false // another block, whole: the tree leads astray
		}
	}
	inside := x.id&bitInside != 0
	if x.full != x.size && s.page == 4096 {
		data, cut = inflate(data, int(x.full))
		sound = sound && !cut
	}
	if !inside {
		decode(s.crypt, data, x.id)
	}
	if len(data) == 0 {
		return nil, false
	}
	return data, sound
}

// inflate unpacks a block of a file with 4 KB pages. Its length is the trailer's, at
// most 64 KB whatever it says.
func inflate(packed []byte, full int) (data []byte, cut bool) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, true
	}
	data = make([]byte, full)
	n, err := io.ReadFull(z, data)
	return data[:n], err != nil
}
