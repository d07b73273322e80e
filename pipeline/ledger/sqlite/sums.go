package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"sync"

	"guidang/pipeline/ledger"
)

// sums knows which contents the ledger does not have: a Bloom filter over their
// sums. A migration asks for each mail whether its bytes are known, nearly always
// they are not, and the answer of SQLite cost 4 % of the run in a small ledger and
// a random page from the disk in a large one.
//
// It is made when that many have been asked for that reading all sums is worth
// it. What an undone transaction added stays in it: then SQLite is asked.
type sums struct {
	mu    sync.Mutex
	asked int
	made  bool
	bits  []uint64
	fresh []ledger.Sum // of the newest transaction, until the filter is made
}

const (
	sumsFrom = 500 // questions
	sumBits  = 16  // of a sum: with four of them set, one in 400 others seems to be there
	fewSums  = 1 << 17
)

// none says that no content has a sum; false means that the ledger has to be asked.
func (s *sums) none(ctx context.Context, db *sql.DB, sum *ledger.Sum) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked++; s.asked < sumsFrom {
		return false, nil
	}
	if !s.made {
		if err := s.make(ctx, db); err != nil {
			return false, err
		}
	}
	return !s.holds(sum), nil
}

// make reads the sums of all contents, and takes those that a transaction in
// progress adds, which reading does not see.
func (s *sums) make(ctx context.Context, db *sql.DB) error {
	var n int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM contents`).Scan(&n); err != nil {
		return err
	}
	s.bits = make([]uint64, max(2*n, fewSums)*sumBits/64)
	err := each(ctx, db, func(row scanner) error {
		var raw []byte
		if err := row.Scan(&raw); err != nil {
			return err
		}
		var sum ledger.Sum
		copy(sum[:], raw)
		s.set(&sum)
		return nil
	}, `SELECT sum FROM contents`)
	if err != nil {
		return err
	}
	for i := range s.fresh {
		s.set(&s.fresh[i])
	}
	s.made, s.fresh = true, nil
	return nil
}

// begin says that a transaction begins, and that the one before it has ended.
func (s *sums) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = s.fresh[:0]
}

// add notes a sum, before its row is written.
func (s *sums) add(sum *ledger.Sum) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made {
		s.set(sum)
	} else {
		s.fresh = append(s.fresh, *sum)
	}
}

func (s *sums) set(sum *ledger.Sum) {
	for i := range 4 {
		at := s.bit(sum, i)
		s.bits[at/64] |= 1 << (at % 64)
	}
}

func (s *sums) holds(sum *ledger.Sum) bool {
	for i := range 4 {
		if at := s.bit(sum, i); s.bits[at/64]&(1<<(at%64)) == 0 {
			return false
		}
	}
	return true
}

// bit is one of the bits of a sum, whose bytes are as good as drawn by lot.
func (s *sums) bit(sum *ledger.Sum, i int) uint64 {
	return binary.LittleEndian.Uint64(sum[8*i:]) % uint64(64*len(s.bits))
}
