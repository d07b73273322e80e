package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"

	"guidang/pipeline/ledger"
)

// A thread is a set of mails that are connected: by a key that two of them name,
// or by subject and time. It has the number of one of its mails, which depends on
// their order and stays inside. Threads that a mail connects become one by
// writing the mails of all but the largest anew; their keys are left where they
// are and find their way over threads_joined.
//
// Mails come by the hundred, because a statement costs 15 µs whatever it does:
// asked one by one, threads took a tenth of a run, and this way a hundredth.

const (
	manyValues = 400 // of one question
	manyRows   = 50  // of one insertion
	reach      = ledger.LooseDays * 24 * 60 * 60
	// period is what mail_subjects is ordered by first (migration 013).
	period = 30 * 24 * 60 * 60
)

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

// threading puts some mails into threads.
type threading struct {
	t       *tx
	mails   []threadMail
	named   map[int64]int64   // key to thread
	own     map[int64]int64   // content to thread, of mails that were read before
	loose   map[int64][]dated // by subject's key, in order of time
	here    map[int64][]dated // of these mails, by subject's key
	into    map[int64]int64   // thread to the one that it became part of, among these
	stored  map[int64]bool    // threads that are in the database
	newKeys map[int64]int64
}

type threadMail struct {
	content, message, sent int64
	keys, subjects         []int64
	loose                  bool
}

// dated is a mail of a subject.
type dated struct{ sent, content, thread int64 }

// Thread implements ledger.Tx.
func (t *tx) Thread(mails []ledger.Mail) error {
	if len(mails) == 0 {
		return nil
	}
	w := &threading{t: t, named: map[int64]int64{}, own: map[int64]int64{}, loose: map[int64][]dated{}, here: map[int64][]dated{},
		into: map[int64]int64{}, stored: map[int64]bool{}, newKeys: map[int64]int64{}}
	for i := range mails {
		w.mails = append(w.mails, numbered(&mails[i]))
	}
	if err := w.ask(); err != nil {
		return err
	}
	for i := range w.mails {
		if err := w.place(&w.mails[i]); err != nil {
			return err
		}
	}
	return w.write()
}

func numbered(m *ledger.Mail) threadMail {
	n := threadMail{content: m.Content, loose: m.Loose}
	if m.Message != "" {
		n.message = key64('m', m.Message)
		n.keys = append(n.keys, n.message)
	}
	for _, k := range m.Keys {
		if k := key64('m', k); !slices.Contains(n.keys, k) {
			n.keys = append(n.keys, k)
		}
	}
	if m.Sent.IsZero() {
		return n
	}
	n.sent = m.Sent.Unix()
	if m.Subject != "" {
		for _, who := range m.People {
			n.subjects = append(n.subjects, key64('s', m.Subject, who))
		}
	}
	return n
}

// ask loads what the database knows of these mails' keys.
func (w *threading) ask() error {
	var keys, subjects, contents []int64
	for _, m := range w.mails {
		keys, subjects, contents = append(keys, m.keys...), append(subjects, m.subjects...), append(contents, m.content)
	}
	joined := map[int64]int64{}
	err := w.t.among(keys, `SELECT k.key, k.thread, COALESCE(j.into_thread, 0) FROM mail_keys k LEFT JOIN threads_joined j ON j.thread=k.thread WHERE k.key IN `,
		func(row scanner) error {
			var key, thread, into int64
			err := row.Scan(&key, &thread, &into)
			if into != 0 {
				joined[key], thread = into, into
			}
			w.named[key] = thread
			return err
		})
	for key, thread := range joined {
		if err == nil {
			w.named[key], err = w.t.root(thread)
		}
	}
	if err == nil {
		err = w.t.among(contents, `SELECT content, thread FROM mails WHERE content IN `, func(row scanner) error {
			var content, thread int64
			err := row.Scan(&content, &thread)
			w.own[content] = thread
			return err
		})
	}
	if err == nil {
		err = w.t.among(subjects, `SELECT s.key, s.sent, s.content, m.thread FROM loose_subjects s JOIN mails m ON m.content=s.content WHERE s.key IN `,
			func(row scanner) error {
				var key int64
				var d dated
				err := row.Scan(&key, &d.sent, &d.content, &d.thread)
				w.loose[key] = append(w.loose[key], d)
				w.stored[d.thread] = true
				return err
			})
	}
	for _, list := range w.loose {
		slices.SortFunc(list, byTime)
	}
	for _, m := range []map[int64]int64{w.named, w.own} {
		for _, thread := range m {
			w.stored[thread] = true
		}
	}
	return err
}

func byTime(a, b dated) int {
	return cmp.Or(cmp.Compare(a.sent, b.sent), cmp.Compare(a.content, b.content))
}

// place puts one mail into its thread.
func (w *threading) place(m *threadMail) error {
	var threads []int64
	for _, k := range m.keys {
		if thread, ok := w.named[k]; ok {
			threads = append(threads, thread)
		}
	}
	if own, ok := w.own[m.content]; ok {
		threads = append(threads, own)
	}
	for _, key := range m.subjects {
		found, err := w.bySubject(m, key)
		if err != nil {
			return err
		}
		threads = append(threads, found...)
	}
	thread := m.content // a mail that nothing connects begins a thread, which has its number
	if len(threads) > 0 {
		thread = w.join(threads)
	}
	w.own[m.content] = thread
	for _, k := range m.keys {
		if _, ok := w.named[k]; !ok {
			w.named[k], w.newKeys[k] = thread, thread
		}
	}
	for _, key := range m.subjects {
		d := dated{m.sent, m.content, thread}
		w.here[key] = append(w.here[key], d)
		if m.loose {
			at, _ := slices.BinarySearchFunc(w.loose[key], d, byTime)
			w.loose[key] = slices.Insert(w.loose[key], at, d)
		}
	}
	return nil
}

// bySubject gives the threads that a mail is in by its subject, one of its people
// and its time.
//
// Who is connected is told pair by pair, or the order would matter: a loose mail
// with every mail of its key that is near enough. Not every pair is looked at,
// though: all that is near a loose mail is in its thread already. So a mail needs
// the nearest loose one on either side, and a loose one also what lies where
// neither of these reaches.
func (w *threading) bySubject(m *threadMail, key int64) (threads []int64, err error) {
	from, to := m.sent-reach, m.sent+reach
	list := w.loose[key]
	at, _ := slices.BinarySearchFunc(list, dated{sent: m.sent, content: m.content}, byTime)
	for i := at - 1; i >= 0; i-- {
		if list[i].content != m.content {
			if list[i].sent >= from {
				threads, from = append(threads, list[i].thread), list[i].sent+reach+1
			}
			break
		}
	}
	for i := at; i < len(list); i++ {
		if list[i].content != m.content {
			if list[i].sent <= to {
				threads, to = append(threads, list[i].thread), list[i].sent-reach-1
			}
			break
		}
	}
	if !m.loose || from > to {
		return threads, nil
	}
	for _, d := range w.here[key] {
		if d.sent >= from && d.sent <= to {
			threads = append(threads, d.thread)
		}
	}
	for p := from / period; p <= to/period && err == nil; p++ {
		err = each(w.t.ctx, w.t.tx, func(row scanner) error {
			var thread int64
			err := row.Scan(&thread)
			threads = append(threads, thread)
			w.stored[thread] = true
			return err
		}, `SELECT m.thread FROM mail_subjects s JOIN mails m ON m.content=s.content WHERE s.period=$1 AND s.key=$2 AND s.sent BETWEEN $3 AND $4 AND s.content<>$5`,
			p, key, from, to, m.content)
	}
	return threads, err
}

// now is the thread that a thread has become among these mails.
func (w *threading) now(thread int64) int64 {
	for {
		next, ok := w.into[thread]
		if !ok {
			return thread
		}
		thread = next
	}
}

// join makes several threads one, which is one of the database's if any is.
func (w *threading) join(threads []int64) int64 {
	best := w.now(threads[0])
	for _, th := range threads[1:] {
		th = w.now(th)
		switch {
		case th == best:
		case w.stored[best] || !w.stored[th]:
			w.into[th] = best
		default:
			w.into[best], best = th, th
		}
	}
	return best
}

// write brings everything into the database.
func (w *threading) write() error {
	if err := w.merge(); err != nil {
		return err
	}
	var keys, mails []any
	var subjects, loose [][]int64
	for _, k := range slices.Sorted(maps.Keys(w.newKeys)) {
		keys = append(keys, k, w.now(w.newKeys[k]))
	}
	for _, m := range w.mails {
		mails = append(mails, m.content, w.now(w.own[m.content]), m.message, m.sent)
		for _, key := range m.subjects {
			subjects = append(subjects, []int64{m.sent / period, key, m.sent, m.content})
			if m.loose {
				loose = append(loose, []int64{key, m.sent, m.content})
			}
		}
	}
	err := w.t.insert(`INSERT INTO mail_keys (key, thread) VALUES `, 2, keys, ` ON CONFLICT DO NOTHING`)
	if err == nil {
		err = w.t.insert(`INSERT INTO mails (content, thread, message, sent) VALUES `, 4, mails,
			` ON CONFLICT (content) DO UPDATE SET thread=excluded.thread, message=excluded.message, sent=excluded.sent`)
	}
	if err == nil {
		err = w.t.insert(`INSERT INTO mail_subjects (period, key, sent, content) VALUES `, 4, inOrder(subjects), ` ON CONFLICT DO NOTHING`)
	}
	if err == nil {
		err = w.t.insert(`INSERT INTO loose_subjects (key, sent, content) VALUES `, 3, inOrder(loose), ` ON CONFLICT DO NOTHING`)
	}
	return err
}

// inOrder sorts rows by their table's key, of which a part is a hash: a page of
// the tree is then visited once for all its rows, and not once for each.
func inOrder(rows [][]int64) (out []any) {
	slices.SortFunc(rows, slices.Compare)
	for _, row := range rows {
		for _, v := range row {
			out = append(out, v)
		}
	}
	return out
}

// merge joins threads of the database: those with fewer mails to the one with the
// most.
func (w *threading) merge() error {
	groups := map[int64][]int64{}
	for thread := range w.stored {
		if now := w.now(thread); now != thread {
			groups[now] = append(groups[now], thread)
		}
	}
	for now, others := range groups {
		all := append([]int64{now}, others...)
		best, most := now, int64(-1)
		for _, th := range all {
			var n int64
			if err := w.t.tx.QueryRowContext(w.t.ctx, `SELECT COUNT(*) FROM mails WHERE thread=$1`, th).Scan(&n); err != nil {
				return err
			}
			if n > most {
				best, most = th, n
			}
		}
		for _, th := range all {
			if th == best {
				continue
			}
			if _, err := w.t.exec(`UPDATE mails SET thread=$1 WHERE thread=$2`, best, th); err != nil {
				return err
			}
			if _, err := w.t.exec(`INSERT INTO threads_joined (thread, into_thread) VALUES ($1, $2)`, th, best); err != nil {
				return err
			}
		}
		if best != now {
			delete(w.into, best)
			w.into[now] = best
		}
	}
	return nil
}

// among asks for rows by a list of values.
func (t *tx) among(values []int64, query string, fn func(scanner) error) error {
	slices.Sort(values)
	for some := range slices.Chunk(slices.Compact(values), manyValues) {
		args := make([]any, len(some))
		for n, v := range some {
			args[n] = v
		}
		if err := each(t.ctx, t.tx, fn, query+`(`+strings.TrimSuffix(strings.Repeat("?,", len(some)), ",")+`)`, args...); err != nil {
			return err
		}
	}
	return nil
}

// insert adds rows of so many columns, many at a time.
func (t *tx) insert(into string, columns int, values []any, then string) error {
	one := `(` + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + `)`
	for some := range slices.Chunk(values, manyRows*columns) {
		rows := strings.TrimSuffix(strings.Repeat(one+",", len(some)/columns), ",")
		if _, err := t.exec(into+rows+then, some...); err != nil {
			return err
		}
	}
	return nil
}

// root follows what a thread became. The smaller of two is joined to the larger,
// so the way is as long as the logarithm of the number of mails.
func (t *tx) root(thread int64) (int64, error) {
	for {
		var into int64
		err := t.tx.QueryRowContext(t.ctx, `SELECT into_thread FROM threads_joined WHERE thread=$1`, thread).Scan(&into)
		if errors.Is(err, sql.ErrNoRows) {
			return thread, nil
		}
		if err != nil {
			return 0, err
		}
		thread = into
	}
}

// Thread implements ledger.Ledger.
func (l *Ledger) Thread(ctx context.Context, content int64, limit int) ([]ledger.Threaded, error) {
	var out []ledger.Threaded
	err := each(ctx, l.read, func(row scanner) error {
		var one ledger.Threaded
		c, err := scanContent(row, &one.Message, &one.Same)
		if err == nil {
			one.Content = *c
			out = append(out, one)
		}
		return err
	}, `SELECT `+prefixed("c", contentColumns)+`, m.message, m.message<>0 AND m.message=o.message
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
