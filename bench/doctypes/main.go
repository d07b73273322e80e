// Command doctypes shows what the program tells of documents that were read:
// their type, why, and their details. It reads the JSON Lines of `guidang
// extract --json` and prints a line for each document:
//
//	guidang extract --json FILE | go run ./bench/doctypes [-fields]
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path"

	"guidang/extractors/document"
	"guidang/pipeline/doctype"
)

func main() {
	details := flag.Bool("fields", false, "print the details too")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *details); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(r io.Reader, w io.Writer, details bool) error {
	in := json.NewDecoder(bufio.NewReader(r))
	for {
		var d document.Document
		if err := in.Decode(&d); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if !doctype.Judges(d.Kind) {
			continue
		}
		name := path.Base(d.Locator)
		v := doctype.Judge(&d, name)
		fmt.Fprintf(w, "%-20s %.2f %v\t%s\t%s\n", v.Type, v.Confidence, v.Why, name, d.Title)
		if details {
			for i := range v.Fields {
				f := &v.Fields[i]
				fmt.Fprintf(w, "    %-18s %-40s %q\n", f.Name, f.Value, f.Text)
			}
		}
	}
}
