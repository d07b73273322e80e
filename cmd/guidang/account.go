package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

// accounted prints a run's account, also of a run that was interrupted, and
// gives the error that the command ends with. object is what is printed as
// JSON; nil: words are.
func (e *env) accounted(account *pipeline.Account, object any, runErr error) error {
	if account == nil {
		return runErr
	}
	var err error
	if object != nil {
		err = e.printJSON(object)
	} else {
		_, err = fmt.Fprint(e.stdout, e.accountText(account))
	}
	if err = errors.Join(runErr, err); err != nil {
		return err
	}
	return e.incomplete(account)
}

// incomplete is exit code 3 with its reason, or nil.
func (e *env) incomplete(account *pipeline.Account) error {
	if !account.Incomplete() {
		return nil
	}
	failed, waiting := account.Changed[ledger.Quarantined], account.Changed[ledger.Waiting]
	if failed+waiting == 0 {
		return &incompleteError{e.t("account.no-source", strings.Join(account.Unreachable, ", "))}
	}
	switch {
	case waiting == 0:
		return &incompleteError{e.t("account.new-failed", grouped(failed))}
	case failed == 0:
		return &incompleteError{e.t("account.new-waiting", grouped(waiting))}
	}
	return &incompleteError{e.t("account.new-both", grouped(failed), grouped(waiting))}
}

// accountText is the account in words.
func (e *env) accountText(account *pipeline.Account) string {
	var b strings.Builder
	head := "account." + account.Outcome
	if _, ok := lookup(head, e.lang); !ok {
		head = "account.failed"
	}
	fmt.Fprintf(&b, "%s\n", e.t(head, account.Run, took(time.Duration(account.Seconds*float64(time.Second))), grouped(account.Walked)))
	if len(account.Unreachable) > 0 {
		fmt.Fprintf(&b, "%s\n", e.t("account.unreachable", strings.Join(account.Unreachable, ", ")))
	}
	table := &columns{indent: "  ", right: []bool{false, true, true}}
	table.add(e.t("account.head.state"), e.t("account.head.run"), e.t("account.head.all"))
	changed := int64(0)
	for _, s := range ledger.States() {
		if account.States[s] == 0 && account.Changed[s] == 0 {
			continue
		}
		if s != ledger.Pending {
			changed += account.Changed[s]
			table.add(e.name("state", string(s)), grouped(account.Changed[s]), grouped(account.States[s]))
		} else {
			table.add(e.name("state", string(s)), "", grouped(account.States[s]))
		}
	}
	table.add(e.t("account.found"), grouped(changed), grouped(account.Found))
	b.WriteString(table.String())
	if account.Gone > 0 {
		fmt.Fprintf(&b, "%s\n", e.t("account.gone", grouped(account.Gone)))
	}
	if len(account.WaitingFor) > 0 {
		fmt.Fprintf(&b, "%s\n", e.t("account.waiting", e.counts("reason", account.WaitingFor)))
	}
	if p := account.Pictures; p != nil {
		fmt.Fprintf(&b, "%s\n", e.t("account.pictures", grouped(p.Documents), took(time.Duration(p.Seconds*float64(time.Second)))))
	}
	if account.Closed {
		fmt.Fprintf(&b, "%s\n", e.t("account.closes"))
	} else {
		fmt.Fprintf(&b, "%s\n", e.t("account.open", grouped(account.States[ledger.Pending])))
	}
	if account.States[ledger.Quarantined]+account.States[ledger.Waiting] > 0 {
		fmt.Fprintf(&b, "%s\n", e.t("account.hint"))
	}
	return b.String()
}

// counts writes a table of counts as a line, most first.
func (e *env) counts(list string, counts map[string]int64) string {
	keys := make([]string, 0, len(counts))
	for k, n := range counts {
		if n != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		if counts[a] != counts[b] {
			return int(counts[b] - counts[a])
		}
		return strings.Compare(a, b)
	})
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = e.name(list, k) + " " + grouped(counts[k])
	}
	return strings.Join(parts, " · ")
}
