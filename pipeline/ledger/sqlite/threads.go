package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"guidang/pipeline/ledger"
)

// A thread is a set of mails that are connected: by a key that two of them name,
// or by subject and time. It has the number of one of its mails, which depends on
// their order and stays inside. Two threads that a mail connects become one by
// writing the smaller one's mails anew; its keys are left where they are and find
// their way over threads_joined.

// manyKeys is how many keys one question takes.
const manyKeys = 8

// key64 is a name of a thread as a number: 64 bits of its SHA-256, of which ten
// million have a chance of one in 400,000 to hold two that are equal.
func key64(kind byte, s ...string) int64 {
	h := sha256.New()
	h.Write([]byte{kind})
	for _, p := range s {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil))) //nolint:gosec // all 64 bits are meant
}

// Thread implements ledger.Tx.
func (t *tx) Thread(m *ledger.Mail) error {
	message := int64(0)
	var keys []int64
	if m.Message != "" {
		message = key64('m', m.Message)
		keys = append(keys, message)
	}
	for _, k := range m.Keys {
		if n := key64('m', k); !slices.Contains(keys, n) {
			keys = append(keys, n)
		}
	}
	threads, err := t.namedBy(keys)
	if err != nil {
		return err
	}
	if own, err := t.threadOf(m.Content); err != nil {
		return err
	} else if own != 0 {
		threads = append(threads, own)
	}
	sent := int64(0)
	if !m.Sent.IsZero() {
		sent = m.Sent.Unix()
	}
	if threads, err = t.bySubject(m, sent, threads); err != nil {
		return err
	}
	thread, err := t.join(threads, m.Content)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := t.stmt("addKey").ExecContext(t.ctx, k, thread); err != nil {
			return err
		}
	}
	_, err = t.stmt("addMail").ExecContext(t.ctx, m.Content, thread, message, sent)
	return err
}

// namedBy are the threads that have one of the keys.
func (t *tx) namedBy(keys []int64) ([]int64, error) {
	var out []int64
	for some := range slices.Chunk(keys, manyKeys) {
		args := make([]any, manyKeys)
		for n := range args {
			args[n] = some[min(n, len(some)-1)]
		}
		rows, err := t.stmt("keys").QueryContext(t.ctx, args...)
		if err != nil {
			return nil, err
		}
		var joined []int64
		for rows.Next() {
			var thread, into int64
			if err := rows.Scan(&thread, &into); err != nil {
				_ = rows.Close()
				return nil, err
			}
			if into == 0 {
				out = append(out, thread)
			} else {
				joined = append(joined, into)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
		for _, j := range joined {
			root, err := t.root(j)
			if err != nil {
				return nil, err
			}
			out = append(out, root)
		}
	}
	return out, nil
}

// root follows what a thread became. The smaller of two is joined to the larger,
// so the way is as long as the logarithm of the number of mails.
func (t *tx) root(thread int64) (int64, error) {
	for {
		var into int64
		err := t.stmt("joined").QueryRowContext(t.ctx, thread).Scan(&into)
		if errors.Is(err, sql.ErrNoRows) {
			return thread, nil
		}
		if err != nil {
			return 0, err
		}
		thread = into
	}
}

func (t *tx) threadOf(content int64) (int64, error) {
	var thread int64
	err := t.stmt("threadOf").QueryRowContext(t.ctx, content).Scan(&thread)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return thread, err
}

// bySubject adds the threads that a mail is in by its subject, one of its people
// and its time.
//
// Who is connected is told pair by pair, or the order would matter: a loose mail
// with every mail of its key that is near enough. Not every pair is looked at,
// though: all that is near a loose mail is in its thread already. So a mail needs
// the nearest loose one on either side, and a loose one also what lies where
// neither of these reaches. Ten thousand alarms of one subject cost three
// questions each.
func (t *tx) bySubject(m *ledger.Mail, sent int64, threads []int64) ([]int64, error) {
	if m.Subject == "" || sent == 0 {
		return threads, nil
	}
	const reach = ledger.LooseDays * 24 * 60 * 60
	for _, who := range m.People {
		key := key64('s', m.Subject, who)
		from, to := sent-reach, sent+reach
		before, err := t.nearest("looseBefore", key, from, sent, m.Content, &threads)
		if err != nil {
			return nil, err
		}
		after, err := t.nearest("looseAfter", key, sent, to, m.Content, &threads)
		if err != nil {
			return nil, err
		}
		if before != 0 {
			from = before + reach + 1
		}
		if after != 0 {
			to = after - reach - 1
		}
		if m.Loose && from <= to {
			if threads, err = t.around(key, from, to, m.Content, threads); err != nil {
				return nil, err
			}
		}
		if _, err := t.stmt("addSubject").ExecContext(t.ctx, key, sent, m.Content, m.Loose); err != nil {
			return nil, err
		}
	}
	return threads, nil
}

// nearest adds the thread of the nearest loose mail and gives when it was sent; 0
// if there is none.
func (t *tx) nearest(question string, key, from, to, self int64, threads *[]int64) (int64, error) {
	var sent, content int64
	err := t.stmt(question).QueryRowContext(t.ctx, key, from, to, self).Scan(&sent, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	thread, err := t.threadOf(content)
	*threads = append(*threads, thread)
	return sent, err
}

func (t *tx) around(key, from, to, self int64, threads []int64) ([]int64, error) {
	var contents []int64
	rows, err := t.stmt("around").QueryContext(t.ctx, key, from, to, self)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var c int64
		if err := rows.Scan(&c); err != nil {
			_ = rows.Close()
			return nil, err
		}
		contents = append(contents, c)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for _, c := range contents {
		thread, err := t.threadOf(c)
		if err != nil {
			return nil, err
		}
		threads = append(threads, thread)
	}
	return threads, nil
}

// join makes several threads the one with the most mails. Without any, the mail
// begins one, which has its number.
func (t *tx) join(threads []int64, content int64) (int64, error) {
	slices.Sort(threads)
	threads = slices.Compact(threads)
	switch len(threads) {
	case 0:
		return content, nil
	case 1:
		return threads[0], nil
	}
	best, most := int64(0), int64(-1)
	for _, th := range threads {
		var n int64
		if err := t.tx.QueryRowContext(t.ctx, `SELECT COUNT(*) FROM mails WHERE thread=$1`, th).Scan(&n); err != nil {
			return 0, err
		}
		if n > most {
			best, most = th, n
		}
	}
	for _, th := range threads {
		if th == best {
			continue
		}
		if _, err := t.exec(`UPDATE mails SET thread=$1 WHERE thread=$2`, best, th); err != nil {
			return 0, err
		}
		if _, err := t.exec(`INSERT INTO threads_joined (thread, into_thread) VALUES ($1, $2)`, th, best); err != nil {
			return 0, err
		}
	}
	return best, nil
}

// Thread implements ledger.Ledger.
func (l *Ledger) Thread(ctx context.Context, content int64, limit int) ([]ledger.Threaded, error) {
	var out []ledger.Threaded
	err := each(ctx, l.read, func(row scanner) error {
		var one ledger.Threaded
		c, err := scanContent(row, &one.Same)
		if err == nil {
			one.Content = *c
			out = append(out, one)
		}
		return err
	}, `SELECT `+prefixed("c", contentColumns)+`, m.message<>0 AND m.message=o.message
		FROM mails o JOIN mails m ON m.thread=o.thread JOIN contents c ON c.id=m.content
		WHERE o.content=$1 ORDER BY m.sent, c.sum LIMIT $2`, content, limit)
	return out, err
}

// InnerStates implements ledger.Ledger.
func (l *Ledger) InnerStates(ctx context.Context, content int64) (map[ledger.State]int64, error) {
	out := map[ledger.State]int64{}
	err := each(ctx, l.read, func(row scanner) error {
		var s ledger.State
		var n int64
		err := row.Scan(&s, &n)
		out[s] = n
		return err
	}, `SELECT state, COUNT(*) FROM items WHERE within=$1 AND within<>0 AND gone=0 GROUP BY state`, content)
	return out, err
}

// threadNames are what a dump calls the threads of more than one mail: by the
// smallest document id, which no order changes.
func (l *Ledger) threadNames(ctx context.Context) (map[int64]string, error) {
	out := map[int64]string{}
	err := each(ctx, l.read, func(row scanner) error {
		var thread int64
		var sum []byte
		err := row.Scan(&thread, &sum)
		out[thread] = strings.ToLower(base32.StdEncoding.EncodeToString(sum)[:26])
		return err
	}, `SELECT m.thread, MIN(c.sum) FROM mails m JOIN contents c ON c.id=m.content GROUP BY m.thread HAVING COUNT(*)>1`)
	return out, err
}
