package sqlite

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"guidang/pipeline/ledger"
	"guidang/pipeline/ledger/ledgertest"
)

func TestLedger(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, func(t *testing.T) ledger.Ledger {
		l, err := Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		return l
	})
}

func TestReopenKeepsTheID(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "账 本?.db") // a path that a URL would misread
	var ids []string
	for range 2 {
		l, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, l.ID())
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if ids[0] == "" || ids[0] != ids[1] {
		t.Errorf("ids %q", ids)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.write.ExecContext(t.Context(), `PRAGMA user_version = 9999`); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), path); !errors.Is(err, ledger.ErrNewer) {
		t.Errorf("got %v, want ErrNewer", err)
	}
}

// An acknowledgement that goes through a table takes as long as the ledger is large.
func TestAcknowledgingGoesThroughNoTable(t *testing.T) {
	t.Parallel()
	l, err := Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, query := range acknowledging {
		err := each(t.Context(), l.read, func(row scanner) error {
			var id, parent, unused int
			var step string
			err := row.Scan(&id, &parent, &unused, &step)
			if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN json_each") {
				t.Errorf("%s\n%s", query, step)
			}
			return err
		}, "EXPLAIN QUERY PLAN "+query, "[]", 1, 1)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}
