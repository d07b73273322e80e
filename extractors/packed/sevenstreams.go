package packed

// streams reads a StreamsInfo.
func (w *sevenWalk) streams(h *sevenInfo) {
	id := w.byte()
	if id == sevenPackInfo {
		h.position = w.number()
		n := w.count(w.left())
		for id = w.byte(); !w.bad && id != sevenEnd; id = w.byte() {
			switch id {
			case sevenSize:
				for i := uint64(0); i < n && !w.bad; i++ {
					h.packs = append(h.packs, w.number())
				}
			case sevenCRC:
				w.sums(n)
			default:
				w.bad = true
			}
		}
		id = w.byte()
	}
	if id == sevenUnpackInfo {
		w.blocks(h)
		id = w.byte()
	}
	for i := range h.blocks {
		h.blocks[i].files = 1
	}
	if id == sevenSubStreams {
		w.subStreams(h)
		id = w.byte()
	} else {
		for i := range h.blocks {
			h.subSizes = append(h.subSizes, h.blocks[i].mainSize())
			h.subSums = append(h.subSums, h.blocks[i].sum)
		}
	}
	w.bad = w.bad || id != sevenEnd
	h.end = w.at
}

func (w *sevenWalk) blocks(h *sevenInfo) {
	if w.byte() != sevenFolder {
		w.bad = true
		return
	}
	n := w.count(w.left())
	if w.byte() != 0 { // external: nothing writes it
		w.bad = true
	}
	for i := uint64(0); i < n && !w.bad; i++ {
		h.blocks = append(h.blocks, w.block())
	}
	if w.byte() != sevenCodersUnpackSize {
		w.bad = true
	}
	for i := range h.blocks {
		for range h.blocks[i].coders {
			h.blocks[i].sizes = append(h.blocks[i].sizes, w.number())
		}
		if w.bad {
			return
		}
	}
	id := w.byte()
	if id == sevenCRC {
		for i, s := range w.sums(n) {
			if i < len(h.blocks) {
				h.blocks[i].sum = s
			}
		}
		id = w.byte()
	}
	w.bad = w.bad || id != sevenEnd
}

// block reads a block's description.
func (w *sevenWalk) block() sevenBlock {
	var f sevenBlock
	begin := w.at
	coders := w.count(32)
	var in, out uint64
	for i := uint64(0); i < coders && !w.bad; i++ {
		flags := w.byte()
		c := sevenCoder{id: string(w.skip(uint64(flags & 15))), out: 1}
		ins := uint64(1)
		if flags&0x10 != 0 {
			ins, c.out = w.count(32), w.count(32)
		}
		if flags&0x20 != 0 {
			c.properties = w.skip(w.number())
		}
		w.bad = w.bad || flags&0xc0 != 0 || ins == 0 || c.out != 1
		in, out = in+ins, out+c.out
		f.coders = append(f.coders, c)
	}
	if w.bad || out == 0 || in < out {
		w.bad = true
		return f
	}
	bound := make([]bool, out)
	for range out - 1 {
		from, to := w.number(), w.number()
		if w.bad = w.bad || from >= in || to >= out; w.bad {
			return f
		}
		bound[to] = true
	}
	for i, b := range bound {
		if !b {
			f.main = i
		}
	}
	if f.nPacks = in - (out - 1); f.nPacks > 1 {
		for range f.nPacks {
			w.bad = w.number() >= in || w.bad
		}
	}
	f.raw = w.b[begin:w.at:w.at]
	return f
}

func (f *sevenBlock) mainSize() uint64 {
	if f.main < len(f.sizes) {
		return f.sizes[f.main]
	}
	return 0
}

// subStreams reads how the blocks are divided into files.
func (w *sevenWalk) subStreams(h *sevenInfo) {
	id := w.byte()
	if id == sevenNumUnpackStream {
		for i := range h.blocks {
			h.blocks[i].files = w.count(w.left() + 1)
		}
		id = w.byte()
	}
	var total, unknown uint64
	for _, f := range h.blocks {
		if total += f.files; total > w.left()+uint64(len(h.blocks))+1 || total > sevenFiles {
			w.bad = true
			return
		}
		if f.files != 1 || !f.sum.known {
			unknown += f.files
		}
	}
	sized := id == sevenSize
	for _, f := range h.blocks {
		rest := f.mainSize()
		for j := uint64(1); j < f.files && !w.bad; j++ {
			var n uint64
			if sized {
				n = w.number()
			}
			if n > rest || !sized {
				w.bad = true
			}
			rest -= n
			h.subSizes = append(h.subSizes, n)
		}
		if f.files > 0 {
			h.subSizes = append(h.subSizes, rest)
		}
	}
	if sized {
		id = w.byte()
	}
	var given []sevenSum
	for id == sevenCRC && !w.bad {
		given = w.sums(unknown)
		id = w.byte()
	}
	for _, f := range h.blocks {
		for range f.files {
			var s sevenSum
			if f.files == 1 && f.sum.known {
				s = f.sum
			} else if len(given) > 0 {
				s, given = given[0], given[1:]
			}
			h.subSums = append(h.subSums, s)
		}
	}
	w.bad = w.bad || id != sevenEnd
}
