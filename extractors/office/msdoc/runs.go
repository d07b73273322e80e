package msdoc

import "sort"

// charRun are the properties of a run of characters by its place in the stream.
type charRun struct {
	from, to uint32
	props    props
}

// paraRun are the properties of a paragraph by its place.
type paraRun struct {
	from, to uint32
	props    props
}

const pageSize = 512

// maxRuns bounds what is kept of the properties: a page of 512 bytes holds at most
// 101 runs, and a hostile table names the same page again and again.
const maxRuns = 4 << 20

// readRuns reads the pages of properties ([MS-DOC] 2.9.33, 2.9.174).
func (r *reader) readRuns() {
	if r.fib.version == 2 {
		return // its pages are of another make; Word 2 is read as it lies
	}
	for _, page := range r.pages(fcCharPages) {
		r.charPage(page)
	}
	for _, page := range r.pages(fcParaPages) {
		r.paraPage(page)
	}
	sort.SliceStable(r.chars, func(i, j int) bool { return r.chars[i].from < r.chars[j].from })
	sort.SliceStable(r.paras, func(i, j int) bool { return r.paras[i].from < r.paras[j].from })
}

// pages lists the pages that a table names, each once.
func (r *reader) pages(table int) (out [][]byte) {
	b := r.get(table)
	size := 4
	if r.fib.version < 8 {
		size = 2
	}
	n := (len(b) - 4) / (4 + size)
	seen := map[uint32]bool{}
	for i := range max(n, 0) {
		at := 4*(n+1) + size*i
		number := u32(b, at) & 0x3fffff
		if size == 2 {
			number = uint32(u16(b, at)) //nolint:gosec // a word
		}
		page := slice(r.main, number*pageSize, pageSize)
		if len(page) < pageSize || seen[number] {
			continue
		}
		seen[number] = true
		out = append(out, page)
	}
	return out
}

func (r *reader) charPage(page []byte) {
	n := int(page[pageSize-1])
	if 4*(n+1)+n > pageSize-1 {
		return
	}
	for i := range n {
		if len(r.chars) >= maxRuns {
			return
		}
		run := charRun{u32(page, 4*i), u32(page, 4*i+4), noProps()}
		if run.from >= run.to {
			continue
		}
		if at := 2 * int(page[4*(n+1)+i]); at > 0 && at < pageSize-1 {
			list := page[at+1 : min(at+1+int(page[at]), pageSize-1)]
			if r.fib.version == 8 {
				run.props.apply(list)
			} else {
				run.props.applyOld(list)
			}
		}
		r.chars = append(r.chars, run)
	}
}

func (r *reader) paraPage(page []byte) {
	n := int(page[pageSize-1])
	size := 13
	if r.fib.version < 8 {
		size = 7
	}
	if 4*(n+1)+size*n > pageSize-1 {
		return
	}
	for i := range n {
		if len(r.paras) >= maxRuns {
			return
		}
		run := paraRun{u32(page, 4*i), u32(page, 4*i+4), noProps()}
		if run.from >= run.to {
			continue
		}
		run.props.flags |= known
		run.props.style = 0
		if at := 2 * int(page[4*(n+1)+size*i]); at > 0 && at < pageSize-2 {
			length := 2*int(page[at]) - 1
			switch {
			case r.fib.version < 8:
				length++
			case page[at] == 0:
				at++
				length = 2 * int(page[at])
			}
			if list := page[at+1 : max(at+1, min(at+1+length, pageSize-1))]; len(list) >= 2 {
				run.props.style = int16(u16(list, 0)) //nolint:gosec // a word
				if r.fib.version == 8 {
					run.props.apply(list[2:])
				} else {
					run.props.applyOld(list[2:])
				}
			}
		}
		r.paras = append(r.paras, run)
	}
}

// charAt gives the properties of the character at a place, and where the run ends.
func (r *reader) charAt(fc uint32) (p props, end uint32) {
	i := sort.Search(len(r.chars), func(i int) bool { return r.chars[i].from > fc })
	end = 1<<32 - 1
	if i < len(r.chars) {
		end = r.chars[i].from
	}
	if i > 0 && r.chars[i-1].to > fc {
		return r.chars[i-1].props, min(end, r.chars[i-1].to)
	}
	return noProps(), end
}

// paraAt gives the properties of the paragraph that a mark at a place ends.
func (r *reader) paraAt(fc uint32) props {
	i := sort.Search(len(r.paras), func(i int) bool { return r.paras[i].from > fc })
	if i > 0 && r.paras[i-1].to > fc {
		return r.paras[i-1].props
	}
	return noProps()
}
