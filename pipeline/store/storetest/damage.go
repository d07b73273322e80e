package storetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"

	"guidang/pipeline/store"
)

func verify(t *testing.T, s store.Store) {
	d, ok := s.(Damager)
	if !ok {
		t.Skip("this store cannot be damaged from outside")
	}
	for n, size := range sizes()[1:] {
		infos := keep(t, s, Bytes(uint64(2*n), size), Bytes(uint64(2*n+1), size))
		for _, i := range infos {
			if err := store.Verify(t.Context(), s, i.Sum); err != nil {
				t.Fatalf("Verify of a sound original: %v", err)
			}
		}
		d.Damage(t, infos[0].Sum)
		if err := store.Verify(t.Context(), s, infos[0].Sum); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("Verify of %d damaged bytes: %v", size, err)
		}
		d.Lose(t, infos[1].Sum)
		err := store.Verify(t.Context(), s, infos[1].Sum)
		if !errors.Is(err, store.ErrCorrupt) && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Verify of %d bytes that lost some: %v", size, err)
		}
	}
}

// original is bytes in memory as an original.
type original struct{ *bytes.Reader }

func (original) Close() error { return nil }

func replace(t *testing.T, s store.Store) {
	r, ok := s.(Replacer)
	if !ok {
		t.Skip("this store replaces nothing")
	}
	spoils := []func(*testing.T, store.Sum){nil}
	if d, ok := s.(Damager); ok {
		spoils = append(spoils, d.Damage, d.Lose)
	}
	for n, size := range sizes()[1:] {
		data, other := Bytes(uint64(2*n), size), Bytes(uint64(2*n+1), size)
		info := keep(t, s, data)[0]
		for _, spoil := range spoils {
			if spoil != nil {
				spoil(t, info.Sum)
			}
			before := store.Verify(t.Context(), s, info.Sum)
			if err := r.Replace(t.Context(), info.Sum, original{bytes.NewReader(other)}); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("Replace by other bytes: %v", err)
			}
			after := store.Verify(t.Context(), s, info.Sum)
			if (before == nil) != (after == nil) {
				t.Errorf("Replace by other bytes changed something: %v, before %v", after, before)
			}
			if err := r.Replace(t.Context(), info.Sum, original{bytes.NewReader(data)}); err != nil {
				t.Fatalf("Replace: %v", err)
			}
			if err := store.Verify(t.Context(), s, info.Sum); err != nil {
				t.Errorf("Verify after Replace: %v", err)
			}
		}
		wantBytes(t, s, data)
	}
}

func crash(t *testing.T, s store.Store) {
	r, ok := s.(Reopener)
	if !ok {
		t.Skip("this store cannot be opened again")
	}
	kept, half := Bytes(1, 3<<20), Bytes(2, 3<<20)
	want := keep(t, s, kept, []byte("小"))
	b := s.Batch(t.Context()) // never ended
	put(t, b, half, -1)
	put(t, b, kept, -1)
	lost := put(t, b, []byte("lost"), -1)
	again := r.Reopen(t)
	wantBytes(t, again, kept)
	wantAbsent(t, again, sha256.Sum256(half))
	wantAbsent(t, again, lost.Sum)
	wantWalk(t, again, want)
	want = append(want, keep(t, again, half)...)
	wantBytes(t, again, half)
	wantWalk(t, again, want)
}
