package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/bag"
)

// packageOptions say what is packed. Out stays at home, as an original's does.
type packageOptions struct {
	Project   string
	Folder    string
	Retention string
	Secrecy   string
	Out       string `json:"-"`
	JSON      bool   `json:"-"`
}

func newPackageCommand(e *env) *cobra.Command {
	var o packageOptions
	cmd := &cobra.Command{
		Use:  "package [PROJECT] --out FILE.zip",
		Args: e.arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.Project = args[0]
			}
			return runPackage(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Out, "out", "", e.t("package.flag.out"))
	f.StringVar(&o.Folder, "folder", "", e.t("package.flag.folder"))
	f.StringVar(&o.Retention, "retention", e.t("package.retention"), e.t("package.flag.retention"))
	f.StringVar(&o.Secrecy, "secrecy", e.t("package.secrecy"), e.t("package.flag.secrecy"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang package PROJ-20250801 --out 订单系统.zip", "guidang package --folder 客户资料/华信制造 --out huaxin.zip --retention 永久 --json")
}

// runPackage writes the package and checks it before it gets its name: one that
// does not stand its own check is never left behind.
func runPackage(ctx context.Context, e *env, o packageOptions) error {
	if (o.Project == "") == (o.Folder == "") {
		return e.usage("package.what")
	}
	if e.archive != nil {
		return e.writePackage(ctx, e.archive, o)
	}
	if o.Out == "" {
		return e.usage("package.out")
	}
	var v *bag.Verdict
	err := e.intoFile(o.Out, func(inner *env) error {
		err := inner.withArchive(ctx, access{command: "package", options: o}, func(a *pipeline.Archive) error { return inner.writePackage(ctx, a, o) })
		f, ok := inner.stdout.(*os.File)
		if err != nil || !ok {
			return err
		}
		if v, err = verifyFile(ctx, f); err == nil && !v.Valid {
			err = e.fail("package.bad", v.Differences[0].Kind, v.Differences[0].Path)
		}
		return err
	})
	if err != nil {
		return err
	}
	return e.printVerdict(v, o.Out, o.JSON)
}

func (e *env) writePackage(ctx context.Context, a *pipeline.Archive, o packageOptions) error {
	_, err := a.Package(ctx, pipeline.PackageRequest{Project: o.Project, Folder: o.Folder, Retention: o.Retention, Secrecy: o.Secrecy,
		English: e.lang == english, Software: "guidang " + version(), Made: time.Now()}, nil, e.stdout)
	if errors.Is(err, pipeline.ErrNoProject) {
		return &sentenceError{e.t("package.unknown", o.Project), err}
	}
	return err
}

type verifyOptions struct {
	File   string
	Expect string
	JSON   bool
}

func newVerifyCommand(e *env) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:  "verify FILE.zip",
		Args: e.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			return runVerify(cmd.Context(), e, o)
		},
	}
	cmd.Flags().StringVar(&o.Expect, "expect", "", e.t("verify.flag.expect"))
	cmd.Flags().BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 3, 130}, "guidang verify 订单系统.zip", "guidang verify order.zip --json | jq .differences")
}

// runVerify checks a package. It needs no data directory and no settings.
func runVerify(ctx context.Context, e *env, o verifyOptions) error {
	if err := e.regularFile(o.File); err != nil {
		return err
	}
	f, err := os.Open(o.File)
	if err != nil {
		return err
	}
	defer f.Close()
	v, err := verifyFile(ctx, f)
	if err != nil {
		return fmt.Errorf("%s: %w", o.File, err)
	}
	if o.Expect != "" && !strings.EqualFold(o.Expect, v.Fingerprint) {
		v.Valid = false
		v.Differences = append(v.Differences, bag.Difference{Kind: bag.Changed, Detail: "its fingerprint is not the one that was expected"})
	}
	if err := e.printVerdict(v, o.File, o.JSON); err != nil {
		return err
	}
	if n := len(v.Differences); n > 0 {
		return &incompleteError{e.t("verify.differs", o.File, grouped(int64(n)))}
	}
	return nil
}

func verifyFile(ctx context.Context, f *os.File) (*bag.Verdict, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return bag.Verify(ctx, f, info.Size())
}

// printVerdict tells what checking a package came to.
func (e *env) printVerdict(v *bag.Verdict, file string, asJSON bool) error {
	if asJSON {
		return e.printJSON(struct {
			File string `json:"file"`
			*bag.Verdict
		}{file, v})
	}
	var b strings.Builder
	for _, d := range v.Differences {
		fmt.Fprintf(&b, "%s  %s", e.name("difference", d.Kind), visible(d.Path))
		if d.To != "" {
			fmt.Fprintf(&b, " → %s", visible(d.To))
		}
		if d.Detail != "" && d.Kind != bag.Changed {
			fmt.Fprintf(&b, "  (%s)", visible(d.Detail))
		}
		b.WriteByte('\n')
	}
	if v.Valid {
		fmt.Fprintln(&b, e.t("verify.good", visible(v.Bag), grouped(v.Files), size(v.Bytes)))
		fmt.Fprintln(&b, e.t("verify.fingerprint", v.Fingerprint))
	}
	if v.Report != nil {
		e.reportText(&b, v.Report)
	}
	_, err := fmt.Fprint(e.stdout, b.String())
	return err
}

// reportText is the check report that lies in a package, a line a check.
func (e *env) reportText(b *strings.Builder, r *bag.Report) {
	fmt.Fprintln(b, e.t("verify.report", r.Number, r.Made))
	list := &columns{indent: "  ", right: []bool{false, false, true, true}}
	for _, p := range r.Parts {
		for _, c := range p.Checks {
			list.add(e.name("part", p.ID), bag.CheckWord(c.ID, e.lang == english), grouped(int64(c.Checked)), grouped(int64(c.Found)))
		}
	}
	b.WriteString(list.String())
}
