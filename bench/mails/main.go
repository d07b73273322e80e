// Command mails writes generated mails to measure with: an office's mix of
// charsets, threads, forms of body and attachments. The same seed gives the same
// bytes on every machine.
//
//	go run ./bench/mails -n 10000 -mbox /tmp/mails.mbox
//	go run ./bench/mails -n 10000 -dir /tmp/mails
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	n := flag.Int("n", 1000, "how many mails")
	seed := flag.Uint64("seed", 1, "the same seed gives the same mails")
	mbox := flag.String("mbox", "", "write one mbox to this file")
	dir := flag.String("dir", "", "write loose .eml files, 500 a folder, below this folder")
	flag.Parse()
	if (*mbox == "") == (*dir == "") {
		fmt.Fprintln(os.Stderr, "give one of -mbox FILE and -dir FOLDER")
		os.Exit(2)
	}
	write := func() error { return writeMbox(*mbox, *n, *seed) }
	if *dir != "" {
		write = func() error { return writeDir(*dir, *n, *seed) }
	}
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func writeMbox(path string, n int, seed uint64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range n {
		m := newMail(seed, i)
		fmt.Fprintf(w, "From %s %s\n", m.from.address, m.date.Format("Mon Jan _2 15:04:05 2006"))
		for line := range bytes.Lines(m.bytes()) {
			// mboxrd: a line that begins with any number of > and "From " gets one more.
			if bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
				_ = w.WriteByte('>') // Flush tells
			}
			_, _ = w.Write(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")))
			_ = w.WriteByte('\n')
		}
		_ = w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func writeDir(dir string, n int, seed uint64) error {
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("%04d", i/500))
		if i%500 == 0 {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%06d.eml", i)), newMail(seed, i).bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
