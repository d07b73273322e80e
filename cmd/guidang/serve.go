package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"guidang/config"
	"guidang/pipeline"
	"guidang/web"
)

type serveOptions struct {
	InstallEngine bool // in the background, if there is none
}

func newServeCommand(e *env) *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:  "serve",
		Args: e.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			e.interrupt.serving()
			return runServe(cmd.Context(), e, o)
		},
	}
	cmd.Flags().BoolVar(&o.InstallEngine, "install-engine", false, e.t("serve.flag.engines"))
	return e.describe(cmd, []int{0, 1, 2, 11}, "guidang serve", "guidang serve --listen 127.0.0.1:9000 --data /srv/guidang")
}

func runServe(ctx context.Context, e *env, o serveOptions) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	if err := e.loopback(cfg.Listen); err != nil {
		return err
	}
	// The port first: opening a large archive only to find it taken is no use.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return e.fail("serve.port", cfg.Listen, err)
	}
	defer listener.Close()
	err = e.withArchive(ctx, access{create: true, changes: true, serving: true}, func(a *pipeline.Archive) error {
		return e.serve(ctx, a, cfg, listener, o)
	})
	switch {
	case errors.Is(err, pipeline.ErrLocked):
		return &sentenceError{e.t("error.serve-locked", cfg.Data), err}
	case ctx.Err() != nil:
		return nil // being stopped is how serving ends
	}
	return err
}

// loopback keeps the pages on this machine: they carry no encryption and the
// accounts of staff come with a later version.
func (e *env) loopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return e.usage("serve.listen", listen, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return e.usage("serve.loopback", listen)
	}
	return nil
}

// serve answers pages until ctx ends.
func (e *env) serve(ctx context.Context, a *pipeline.Archive, cfg *config.Config, listener net.Listener, o serveOptions) error {
	language := cfg.Language
	if language == "auto" {
		language = ""
	}
	pages, err := web.New(a, web.Options{
		Listen: listener.Addr().String(), Language: language, DataDir: cfg.Data, Logger: e.log, Version: version(),
	})
	if err != nil {
		return err
	}
	if err := a.Schedule(ctx); err != nil {
		return err
	}
	server := &http.Server{
		Handler: pages.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(e.log.Handler(), slog.LevelWarn),
	}
	if _, err := fmt.Fprintln(e.stdout, e.t("serve.login", listener.Addr(), pages.LoginURL())); err != nil {
		return err
	}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	both.Go(func() error {
		<-ctx.Done()
		// A listener who plays a recording keeps a request open for an hour.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			return server.Close()
		}
		return nil
	})
	if o.InstallEngine {
		both.Go(func() error {
			e.engineBehind(ctx, a, cfg)
			return nil
		})
	}
	return both.Wait()
}
