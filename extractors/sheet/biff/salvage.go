package biff

import (
	"encoding/binary"
	"io"
)

// bare says whether bytes begin with the first record of a workbook or of a
// single sheet (BOF, [MS-XLS] 2.4.21).
func bare(b []byte) bool {
	if len(b) < 8 {
		return false
	}
	id, length := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	kind := binary.LittleEndian.Uint16(b[6:])
	switch id {
	case 0x0009: // BIFF2 to 4 have no version; the kind is what tells them from noise
		return length >= 4 && length <= 8 && (kind == kindSheet || kind == kindChart || kind == kindMacro)
	case 0x0209, 0x0409:
		return length >= 4 && length <= 16 && (kind == kindSheet || kind == kindChart || kind == kindMacro || kind == kindWorkspace)
	case idBOF:
		return length >= 4 && length <= 32 && (kind == kindGlobals || kind == kindSheet || kind == kindChart || kind == kindMacro || kind == kindModule || kind == kindWorkspace)
	}
	return false
}

// salvage finds the stream of a workbook without the directory that says where
// it lies: by its first record at the beginning of a sector. What follows is
// taken as it stands; most writers lay a file down in one piece, and where they
// did not, reading ends at the first record that makes no sense.
func salvage(r io.ReaderAt, size int64) ([]byte, error) {
	const piece = 1 << 20
	buf := make([]byte, piece+16)
	for at := int64(0); at < size; at += piece {
		n, err := r.ReadAt(buf[:min(piece+16, size-at)], at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		for i := 0; i+8 <= n && i < piece; i += 512 {
			if binary.LittleEndian.Uint16(buf[i:]) != idBOF || !bare(buf[i:n]) || binary.LittleEndian.Uint16(buf[i+6:]) != kindGlobals {
				continue
			}
			from := at + int64(i)
			if size-from > maxStream {
				return nil, ErrTooLarge
			}
			data := make([]byte, size-from)
			n, err := r.ReadAt(data, from)
			if err != nil && err != io.EOF {
				return nil, err
			}
			return data[:n], nil
		}
	}
	return nil, ErrNoBook
}
