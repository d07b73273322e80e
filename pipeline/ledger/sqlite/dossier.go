package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"guidang/pipeline/ledger"
)

// Customers implements ledger.Ledger.
func (l *Ledger) Customers(ctx context.Context) ([]*ledger.Customer, error) {
	var out []*ledger.Customer
	err := each(ctx, l.read, func(row scanner) error {
		c, card := &ledger.Customer{}, ""
		err := row.Scan(&c.ID, &card)
		if err == nil {
			err = json.Unmarshal([]byte(card), c)
		}
		out = append(out, c)
		return err
	}, `SELECT id, card FROM customers ORDER BY name`)
	return out, err
}

// Projects implements ledger.Ledger.
func (l *Ledger) Projects(ctx context.Context) ([]*ledger.Project, error) {
	var out []*ledger.Project
	err := each(ctx, l.read, func(row scanner) error {
		p, card, customer := &ledger.Project{}, "", ""
		err := row.Scan(&p.ID, &p.CustomerID, &card, &customer)
		if err == nil {
			err = json.Unmarshal([]byte(card), p)
		}
		p.Customer = customer
		out = append(out, p)
		return err
	}, `SELECT p.id, p.customer, p.card, c.name FROM projects p JOIN customers c ON c.id=p.customer ORDER BY p.key`)
	return out, err
}

// PutCustomer implements ledger.Tx.
func (t *tx) PutCustomer(c *ledger.Customer) error {
	card, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if c.ID != 0 {
		_, err = t.exec(`UPDATE customers SET name=$1, card=$2 WHERE id=$3`, c.Name, string(card), c.ID)
		return err
	}
	err = t.tx.QueryRowContext(t.ctx, `INSERT INTO customers (name, card) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`, c.Name, string(card)).Scan(&c.ID)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("customer %s: %w", c.Name, ledger.ErrExists)
	}
	return err
}

// PutProject implements ledger.Tx.
func (t *tx) PutProject(p *ledger.Project) error {
	card, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if p.ID != 0 {
		_, err = t.exec(`UPDATE projects SET customer=$1, key=$2, card=$3 WHERE id=$4`, p.CustomerID, p.Key, string(card), p.ID)
		return err
	}
	err = t.tx.QueryRowContext(t.ctx, `INSERT INTO projects (customer, key, card) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id`,
		p.CustomerID, p.Key, string(card)).Scan(&p.ID)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("project %s: %w", p.Key, ledger.ErrExists)
	}
	return err
}

const belongingColumns = `a.content, a.customer, a.project, a.standing, a.confidence, a.evidence, c.name, COALESCE(p.key, '')`

const belongingTables = `assignments a JOIN customers c ON c.id=a.customer LEFT JOIN projects p ON p.id=a.project`

// firmest orders assignments of one content: what is made before what is in
// doubt. Names decide between equals, since ids depend on the order of entry.
const firmest = `CASE a.standing WHEN 'confirmed' THEN 0 WHEN 'sure' THEN 1 ELSE 2 END, a.confidence DESC, c.name, COALESCE(p.key, '')`

func scanBelonging(row scanner) (*ledger.Belonging, error) {
	b, evidence := &ledger.Belonging{}, ""
	err := row.Scan(&b.Content, &b.Customer, &b.Project, &b.Standing, &b.Confidence, &evidence, &b.Name, &b.Key)
	if err == nil {
		err = json.Unmarshal([]byte(evidence), &b.Evidence)
	}
	return b, err
}

// Assigned implements ledger.Ledger.
func (l *Ledger) Assigned(ctx context.Context, contents []int64) (map[int64][]ledger.Belonging, error) {
	out := map[int64][]ledger.Belonging{}
	for page := range slices.Chunk(contents, locatedPage) {
		list, err := json.Marshal(page)
		if err != nil {
			return nil, err
		}
		if err := l.assigned(ctx, string(list), out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (l *Ledger) assigned(ctx context.Context, list string, out map[int64][]ledger.Belonging) error {
	rows, err := l.asks["assigned"].QueryContext(ctx, list)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		b, err := scanBelonging(rows)
		if err != nil {
			return err
		}
		out[b.Content] = append(out[b.Content], *b)
	}
	return rows.Err()
}

// Assignments implements ledger.Ledger.
func (l *Ledger) Assignments(ctx context.Context, f ledger.OfDossier, fn func(*ledger.Belonging) error) error {
	where, args := []string{"a.content>$1"}, []any{f.After}
	and := func(clause string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(clause, len(args)))
	}
	if f.Customer != 0 {
		and("a.customer=$%d", f.Customer)
	}
	if f.Project != 0 {
		and("a.project=$%d", f.Project)
	}
	if f.Standing != "" {
		and("a.standing=$%d", string(f.Standing))
	}
	condition := strings.Join(where, " AND ")
	if f.Limit > 0 {
		args = append(args, f.Limit)
		condition += fmt.Sprintf(` AND a.content IN (SELECT DISTINCT a.content FROM assignments a WHERE %s ORDER BY a.content LIMIT $%d)`, condition, len(args))
	}
	return each(ctx, l.read, func(row scanner) error {
		b, err := scanBelonging(row)
		if err != nil {
			return err
		}
		return fn(b)
	}, `SELECT `+belongingColumns+` FROM `+belongingTables+` WHERE `+condition+` ORDER BY a.content, `+firmest, args...)
}

// assignable are the contents that rules look at.
const assignable = `c.canonical<>0 AND c.then_state<>'' AND c.size>0 AND EXISTS (SELECT 1 FROM items i WHERE i.content=c.id AND i.content<>0 AND i.shown=0)`

// AssignedCounts implements ledger.Ledger.
func (l *Ledger) AssignedCounts(ctx context.Context) (by map[ledger.Standing]int64, without int64, err error) {
	by = map[ledger.Standing]int64{}
	all := int64(0)
	err = each(ctx, l.read, func(row scanner) error {
		var s ledger.Standing
		var n int64
		err := row.Scan(&s, &n)
		by[s] = n
		all += n
		return err
	}, `SELECT CASE best WHEN 0 THEN 'confirmed' WHEN 1 THEN 'sure' ELSE 'doubtful' END, COUNT(*) FROM
		(SELECT MIN(CASE standing WHEN 'confirmed' THEN 0 WHEN 'sure' THEN 1 ELSE 2 END) AS best FROM assignments GROUP BY content) GROUP BY best`)
	if err == nil {
		err = l.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM contents c WHERE `+assignable+` AND c.id NOT IN (SELECT content FROM assignments)`).Scan(&without)
	}
	return by, without, err
}

// Doubtful implements ledger.Ledger.
func (l *Ledger) Doubtful(ctx context.Context) (n int64, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT COUNT(DISTINCT content) FROM assignments WHERE standing='doubtful'`).Scan(&n)
	return n, err
}

// DossierCounts implements ledger.Ledger.
func (l *Ledger) DossierCounts(ctx context.Context) (customers, projects map[int64]int64, err error) {
	customers, projects = map[int64]int64{}, map[int64]int64{}
	count := func(into map[int64]int64, query string) error {
		return each(ctx, l.read, func(row scanner) error {
			var id, n int64
			err := row.Scan(&id, &n)
			into[id] = n
			return err
		}, query)
	}
	if err = count(customers, `SELECT customer, COUNT(DISTINCT content) FROM assignments WHERE standing<>'doubtful' GROUP BY customer`); err == nil {
		err = count(projects, `SELECT project, COUNT(*) FROM assignments WHERE standing<>'doubtful' AND project<>0 GROUP BY project`)
	}
	return customers, projects, err
}

// SetAssignments implements ledger.Tx.
func (t *tx) SetAssignments(content int64, as []ledger.Assignment) error {
	if _, err := t.exec(`DELETE FROM assignments WHERE content=$1`, content); err != nil {
		return err
	}
	for i := range as {
		a := &as[i]
		evidence, err := json.Marshal(a.Evidence)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO assignments (content, customer, project, standing, confidence, evidence) VALUES ($1, $2, $3, $4, $5, $6)`,
			content, a.Customer, a.Project, string(a.Standing), a.Confidence, string(evidence)); err != nil {
			return err
		}
	}
	return nil
}

// Words implements ledger.Ledger.
func (l *Ledger) Words(ctx context.Context) ([]*ledger.Word, error) {
	var out []*ledger.Word
	err := each(ctx, l.read, func(row scanner) error {
		w, at := &ledger.Word{}, int64(0)
		err := row.Scan(&w.ID, &w.Content, &w.Source, &w.Folder, &w.Customer, &w.Project, &w.Belongs, &w.Who, &at)
		w.At = fromMillis(at)
		out = append(out, w)
		return err
	}, `SELECT id, content, source, folder, customer, project, belongs, who, at FROM words ORDER BY id`)
	return out, err
}

// AddWord implements ledger.Tx.
func (t *tx) AddWord(w *ledger.Word) error {
	return t.tx.QueryRowContext(t.ctx, `INSERT INTO words (content, source, folder, customer, project, belongs, who, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		w.Content, w.Source, w.Folder, w.Customer, w.Project, w.Belongs, w.Who, toMillis(w.At)).Scan(&w.ID)
}

// People implements ledger.Ledger.
func (l *Ledger) People(ctx context.Context, customer int64) ([]*ledger.Person, error) {
	var out []*ledger.Person
	err := each(ctx, l.read, func(row scanner) error {
		p, card, of := &ledger.Person{}, "", int64(0)
		err := row.Scan(&of, &card)
		if err == nil {
			err = json.Unmarshal([]byte(card), p)
		}
		p.Customer = of
		out = append(out, p)
		return err
	}, `SELECT customer, card FROM people WHERE $1=0 OR customer=$1 ORDER BY CAST(json_extract(card, '$.documents') AS INTEGER) DESC, key`, customer)
	return out, err
}

// SetPeople implements ledger.Tx. What is as it was is not written: of tens of
// thousands a night changes a few.
func (t *tx) SetPeople(people []*ledger.Person) error {
	type stored struct {
		customer int64
		card     string
	}
	have := map[string]stored{}
	err := each(t.ctx, t.tx, func(row scanner) error {
		var key string
		var s stored
		err := row.Scan(&key, &s.customer, &s.card)
		have[key] = s
		return err
	}, `SELECT key, customer, card FROM people`)
	if err != nil {
		return err
	}
	for _, p := range people {
		card, err := json.Marshal(p)
		if err != nil {
			return err
		}
		was, ok := have[p.Key]
		delete(have, p.Key)
		if ok && was == (stored{p.Customer, string(card)}) {
			continue
		}
		if _, err := t.exec(`INSERT INTO people (key, customer, card) VALUES ($1, $2, $3)
			ON CONFLICT (key) DO UPDATE SET customer=excluded.customer, card=excluded.card`, p.Key, p.Customer, string(card)); err != nil {
			return err
		}
	}
	for key := range have {
		if _, err := t.exec(`DELETE FROM people WHERE key=$1`, key); err != nil {
			return err
		}
	}
	return nil
}
