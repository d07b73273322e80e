package msppt

import (
	"bytes"
	"compress/zlib"
	"io"
)

// maxObject bounds an embedded object.
const maxObject = 256 << 20

// maxRatio is far beyond what an Office document packs to.
const maxRatio = 200

// storages reads the embedded objects ([MS-PPT] 2.10.34).
func (r *reader) storages() {
	var total int
	for _, id := range r.order {
		if r.ctx.Err() != nil {
			return
		}
		rec := r.at(id)
		if rec.kind != rtObjectStorage || len(rec.body) < 8 {
			continue
		}
		data := rec.body
		if rec.instance == 1 {
			data = unpack(data)
		}
		if total += len(data); len(data) == 0 || total > maxObject {
			continue
		}
		r.out.Objects = append(r.out.Objects, Object{ID: id, Data: data})
	}
}

// unpack inflates what is packed, as far as it is whole.
func unpack(b []byte) []byte {
	size := int64(u32(b, 0))
	limit := min(size, maxObject, max(1<<20, maxRatio*int64(len(b))))
	z, err := zlib.NewReader(bytes.NewReader(b[4:]))
	if err != nil {
		return nil
	}
	data, _ := io.ReadAll(io.LimitReader(z, limit))
	return data
}
