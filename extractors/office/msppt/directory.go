package msppt

import (
	"bytes"
	"encoding/binary"
	"slices"

	"guidang/extractors/offcrypto"
)

const (
	plainToken     = 0xe391c05f
	encryptedToken = 0xf3d1c4df
)

// maxEdits is how many saves are followed back. PowerPoint makes a file anew long
// before.
const maxEdits = 4096

// maxPersist bounds the numbers of a directory ([MS-PPT] 2.3.5: 20 bits).
const maxPersist = 1 << 20

// directory follows the saves from the newest back; of what was saved twice the
// newest counts (2.1.2).
func (r *reader) directory() {
	edit := int64(u32(r.in.Current, 16))
	if len(r.in.Current) < 20 || !r.isEdit(edit) {
		// QUIRK: 2.1.2 finds the newest save by a stream of its own; where that is lost,
		// it is the last one of the file.
		edit = r.lastEdit()
	}
	first := true
	for n := 0; n < maxEdits && r.isEdit(edit); n++ {
		rec, _, _ := parse(r.deck[edit:])
		if first {
			r.docRef = u32(rec.body, 16)
			if len(rec.body) >= 32 {
				r.crypt = u32(rec.body, 28)
			}
			first = false
		}
		r.entries(int64(u32(rec.body, 12)))
		back := int64(u32(rec.body, 8))
		if back == 0 || back >= edit {
			break
		}
		edit = back
	}
	for id := range r.persist {
		r.order = append(r.order, id)
	}
	slices.Sort(r.order)
}

func (r *reader) isEdit(at int64) bool {
	if at < 0 || at+36 > int64(len(r.deck)) {
		return false
	}
	rec, _, ok := parse(r.deck[at:])
	return ok && rec.kind == rtUserEdit && len(rec.body) >= 28
}

// lastEdit looks for the last save by its head.
func (r *reader) lastEdit() int64 {
	return int64(bytes.LastIndex(r.deck, []byte{0, 0, 0xf5, 0x0f, 0x1c, 0, 0, 0}))
}

// entries reads a directory of one save (2.3.4).
func (r *reader) entries(at int64) {
	if at < 0 || at >= int64(len(r.deck)) {
		return
	}
	rec, _, ok := parse(r.deck[at:])
	if !ok || rec.kind != rtDirectory {
		return
	}
	for b := rec.body; len(b) >= 4; {
		head := u32(b, 0)
		id, n := head&0xfffff, int(head>>20)
		b = b[4:]
		for i := range n {
			if len(b) < 4 {
				return
			}
			if _, known := r.persist[id+uint32(i)]; !known && len(r.persist) < maxPersist {
				r.persist[id+uint32(i)] = u32(b, 0)
			}
			b = b[4:]
		}
	}
}

// at gives the record of a number.
func (r *reader) at(id uint32) record {
	place, ok := r.persist[id]
	if !ok || int64(place) >= int64(len(r.deck)) {
		return record{}
	}
	rec, _, _ := parse(r.deck[place:])
	return rec
}

// powerpointDefault is the password with which PowerPoint itself encrypts decks
// that are only protected against changes.
const powerpointDefault = "/01Hannes Ruescher/01"

// decrypt undoes the encryption (2.2.7): every record of the directory has a
// cipher of its own number.
func (r *reader) decrypt() error {
	if r.crypt == 0 && u32(r.in.Current, 12) != encryptedToken {
		return nil
	}
	head := r.at(r.crypt)
	if head.kind != rtCryptSession {
		if u32(r.in.Current, 12) != encryptedToken {
			return nil // the header claims it, but nothing is encrypted
		}
		return ErrEncrypted
	}
	for _, password := range append([]string{powerpointDefault}, r.in.Passwords...) {
		c := offcrypto.RC4(head.body, password)
		if c == nil {
			continue
		}
		r.deck = bytes.Clone(r.deck)
		for _, id := range r.order {
			place := int64(r.persist[id])
			if id == r.crypt || place+8 > int64(len(r.deck)) {
				continue
			}
			cipher := c.Block(id)
			raw := r.deck[place:]
			cipher.XORKeyStream(raw[:8], raw[:8])
			n := min(int64(binary.LittleEndian.Uint32(raw[4:])), int64(len(raw)-8))
			cipher.XORKeyStream(raw[8:8+n], raw[8:8+n])
		}
		r.out.Decrypted = true
		return nil
	}
	return ErrEncrypted
}
