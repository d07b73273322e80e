package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guidang/pipeline"
	"guidang/pipeline/store"
)

// originalOptions names an original. Out stays at home: the client writes the
// file, with its own rights and in its own place.
type originalOptions struct {
	Ref string
	As  string
	Out string `json:"-"`
}

func newOriginalCommand(e *env) *cobra.Command {
	var o originalOptions
	cmd := &cobra.Command{
		Use:  "original ID",
		Args: e.arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Ref = args[0]
			return runOriginal(cmd.Context(), e, o)
		},
	}
	cmd.Flags().StringVar(&o.Out, "out", "", e.t("original.flag.out"))
	cmd.Flags().StringVar(&o.As, "as", "", e.t("original.flag.as"))
	return e.describe(cmd, []int{0, 1, 2, 10, 11, 130},
		"guidang original mzxw6ytboi --out 合同.docx", "guidang original mzxw6ytboi --as msg --out 报价.msg")
}

func runOriginal(ctx context.Context, e *env, o originalOptions) error {
	if err := e.oneOf("as", o.As, []string{"msg"}); err != nil {
		return err
	}
	if o.Out != "" {
		return e.intoFile(o.Out, func(inner *env) error {
			o.Out = ""
			return runOriginal(ctx, inner, o)
		})
	}
	return e.withArchive(ctx, access{command: "original", options: o}, func(a *pipeline.Archive) (err error) {
		var original store.Original
		mediaType := ""
		if o.As == "msg" {
			original, _, err = a.SavedItem(ctx, o.Ref, nil)
		} else {
			original, _, mediaType, err = a.Original(ctx, o.Ref, nil)
		}
		if errors.Is(err, pipeline.ErrNotSaved) {
			return e.usage("original.notsaved")
		}
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, original.Close()) }()
		if e.screen && !strings.HasPrefix(mediaType, "text/") {
			return e.usage("original.terminal")
		}
		_, err = io.Copy(e.stdout, &cancelled{ctx, io.NewSectionReader(original, 0, original.Size())})
		return err
	})
}

// cancelled ends reading when its context ends.
type cancelled struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// intoFile runs a command whose results go to a file that appears when it is
// whole, never in part and never over another.
func (e *env) intoFile(path string, run func(*env) error) error {
	if _, err := os.Lstat(path); err == nil {
		return e.usage("original.exists", path)
	}
	// 0o600: an original may be confidential; whoever asked decides who else reads it.
	f, err := os.CreateTemp(filepath.Dir(path), ".guidang-*")
	if err != nil {
		var where *fs.PathError
		if errors.As(err, &where) && errors.Is(err, fs.ErrNotExist) {
			return &fs.PathError{Op: "create", Path: filepath.Dir(path), Err: fs.ErrNotExist}
		}
		return err
	}
	defer os.Remove(f.Name())
	inner := *e
	inner.stdout, inner.screen = f, false
	err = run(&inner)
	e.settings = inner.settings
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	info, err := os.Stat(f.Name())
	if err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil { // unlike a rename, never over another
		if errors.Is(err, fs.ErrExist) {
			return e.usage("original.exists", path)
		}
		if err := os.Rename(f.Name(), path); err != nil { // file systems without links
			return err
		}
	}
	fmt.Fprintln(e.stderr, e.t("original.written", path, size(info.Size())))
	return nil
}
