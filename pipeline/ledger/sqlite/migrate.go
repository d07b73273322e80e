package sqlite

import (
	"context"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"

	"guidang/pipeline/ledger"
)

// migrate brings the schema up to date, one transaction a step. SQLite's
// user_version holds the number of the last step.
func (l *Ledger) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.up.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	var have int
	if err := l.write.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return err
	}
	if have > len(names) {
		return fmt.Errorf("%w: its schema is %d, this program knows %d; install the newer version again", ledger.ErrNewer, have, len(names))
	}
	for _, name := range names[have:] {
		number, err := strconv.Atoi(strings.SplitN(strings.TrimPrefix(name, "migrations/"), "_", 2)[0])
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		t, err := l.write.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err = t.ExecContext(ctx, string(text)); err == nil {
			_, err = t.ExecContext(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, number))
		}
		if err == nil {
			err = t.Commit()
		} else {
			_ = t.Rollback()
		}
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}
