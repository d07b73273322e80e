package pipeline

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/dossier"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/store"
)

// filled is an archive of so many mails in threads, with texts of a page, written
// into ledger and kept texts without reading anything.
func filled(b *testing.B, n int) *Archive {
	b.Helper()
	dir := b.TempDir()
	cfg, err := config.Load(config.LoadOptions{Dir: dir, Getenv: func(string) string { return "" }, Environ: []string{}})
	if err != nil {
		b.Fatal(err)
	}
	cfg.Data, cfg.Disk.MinFree, cfg.Sandbox = filepath.Join(dir, "data"), 0, "off"
	a, err := Open(b.Context(), cfg, slog.New(slog.DiscardHandler), true)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = a.Close() })
	text := "您好：附件是按会议结论修改后的版本，测试环境已经更新，麻烦再验证一次。第二笔款预计月底前到账，请确认上线窗口。The export still takes forty seconds. "
	for from := 0; from < n; from += 1000 {
		var passages []store.DocumentPassages
		err := a.ledger.Update(b.Context(), func(tx ledger.Tx) error {
			var mails []ledger.Mail
			for i := from; i < min(n, from+1000); i++ {
				c := &ledger.Content{Sum: sha256.Sum256([]byte(strconv.Itoa(i))), Size: 900, Kept: ledger.Inside, Kind: document.KindMail, Format: "eml", Version: 1, MediaType: "message/rfc822", Read: document.Full,
					Title: fmt.Sprintf("Re: 进度 %d", i/5), Date: "2024-03-05T10:00:00+08:00", Fingerprint: "f", Tags: "[]", Terms: "[]", Then: ledger.Indexed, Revision: 0,
					People: fmt.Sprintf("from\t张建国\tu%d@c%d.example\nto\t李文博\ts%d@own.example", i%40, i/5%30, i%12)}
				if _, err := tx.AddContent(c); err != nil {
					return err
				}
				item := &ledger.Item{Source: "s", Locator: fmt.Sprintf("邮件/%d.mbox!/mail:%07d", i%50, i), Name: c.Title, Content: c.ID, State: ledger.Indexed, Size: 900}
				if err := tx.AddItem(item); err != nil {
					return err
				}
				c.Canonical = item.ID
				if err := tx.SetContent(c); err != nil {
					return err
				}
				mails = append(mails, ledger.Mail{Content: c.ID, Message: fmt.Sprintf("m%d@x", i), Keys: []string{fmt.Sprintf("t%d@x", i/5)}, Sent: time.Unix(1700000000, 0)})
				body := text
				if i%7 == 0 {
					body += fmt.Sprintf("合同 HT-2025-%04d，客户第%d制造有限公司", i/5%60, i/5%30)
				}
				passages = append(passages, store.DocumentPassages{Document: c.DocumentID(), Texts: encodePassages([]index.Passage{{Position: document.Position{Part: "body"}, Text: body + text + text}})})
			}
			return tx.Thread(mails)
		})
		if err == nil {
			err = a.derived.Put(b.Context(), nil, passages)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return a
}

// customersOfFilled is a list of the customers whose mails filled writes.
func customersOfFilled() *dossier.List {
	list := &dossier.List{}
	for i := range 30 {
		for p := range 2 {
			list.Rows = append(list.Rows, dossier.Row{Customer: ledger.Customer{Name: fmt.Sprintf("第%d制造有限公司", i), Aliases: []string{fmt.Sprintf("第%d厂", i)}, Domains: []string{fmt.Sprintf("c%d.example", i)}},
				Project: ledger.Project{Number: fmt.Sprintf("PROJ-2025%04d", 2*i+p), Contracts: []string{fmt.Sprintf("HT-2025-%04d", 2*i+p)}}})
		}
	}
	return list
}

// BenchmarkReassign assigns an archive anew: after a change of the list that is
// no new word (a domain), and after a new word, which is looked for in all texts.
// GUIDANG_ITEMS=100000 makes it as large as docs/performance.md says.
func BenchmarkReassign(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("GUIDANG_ITEMS"))
	if err != nil {
		n = 2000
	}
	a := filled(b, n)
	list := customersOfFilled()
	in, err := a.merge(b.Context(), list, ledger.FromList, false, false)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d items, first: %+v", n, *in.Assigned)
	for _, c := range []struct {
		name   string
		change func(*ledger.Customer, int)
	}{
		{"domain", func(c *ledger.Customer, i int) { c.Domains = []string{fmt.Sprintf("c%d.example", i%2*100)} }},
		{"word", func(c *ledger.Customer, i int) { c.Aliases = []string{fmt.Sprintf("又一个别名%d", i)} }},
	} {
		b.Run(c.name, func(b *testing.B) {
			customers, err := a.ledger.Customers(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				c.change(customers[0], i+1)
				if err := a.ledger.Update(b.Context(), func(tx ledger.Tx) error { return tx.PutCustomer(customers[0]) }); err != nil {
					b.Fatal(err)
				}
				account, err := a.assignAll(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(account.Changed), "changed")
				b.ReportMetric(float64(account.Looked), "texts")
			}
		})
	}
}
