package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/index/meili"
)

const (
	prefix = "bench"          // of the indexes on the server
	ours   = "bench_passages" // what is filled
	theirs = "bench_bulk"     // what is loaded in one request
)

// proxy stands between the engine and the server and keeps the documents that
// are sent.
type proxy struct {
	url    string
	server *http.Server

	mu   sync.Mutex
	sent *os.File // lines of JSON
}

func listen(ctx context.Context, to, file string) (*proxy, error) {
	target, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	p := &proxy{}
	if p.sent, err = os.Create(file); err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, p.sent.Close())
	}
	p.url = "http://" + l.Addr().String()
	forward := httputil.NewSingleHostReverseProxy(target)
	// Else it asks the server to compress, which delays every small answer by 40 ms.
	forward.Transport = &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}
	p.server = &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/indexes/"+ours+"/documents" && strings.Contains(r.Header.Get("Content-Type"), "ndjson") {
			if err := p.keep(r); err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
				return
			}
		}
		forward.ServeHTTP(w, r)
	})}
	go func() { _ = p.server.Serve(l) }()
	return p, nil
}

// keep writes the body down and leaves it as it was.
func (p *proxy) keep(r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err = p.sent.Write(body)
	return err
}

// size is how much was sent.
func (p *proxy) size() (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent.Seek(0, io.SeekCurrent)
}

func (p *proxy) close() { _ = errors.Join(p.server.Close(), p.sent.Close()) }

// push fills the index on a server, with texts that were made before, and loads
// what was sent once more in one request.
func (b *bench) push(ctx context.Context) error {
	if filled, err := b.filled(ctx); filled || err != nil {
		return err
	}
	all, _ := b.entries(0, b.o.passages)
	for some := range slices.Chunk(all, atOnce) {
		if err := b.keep(ctx, some); err != nil {
			return err
		}
	}
	p, err := listen(ctx, b.o.url, filepath.Join(b.o.dir, "sent.ndjson"))
	if err != nil {
		return err
	}
	defer p.close()
	whole, err := b.send(ctx, p.url, all)
	if err != nil {
		return err
	}
	n := float64(b.o.passages)
	size, err := p.size()
	if err != nil {
		return err
	}
	fmt.Printf("%d passages sent and visible in %.1f s, %.0f a second; %.0f MB\n", b.o.passages, whole.Seconds(), n/whole.Seconds(), float64(size)/1e6)
	if !b.o.bulk {
		return nil
	}
	bulk, err := b.load(ctx, p)
	if err != nil {
		return fmt.Errorf("one request: %w", err)
	}
	fmt.Printf("the same in one request: %.1f s, %.0f a second; ours has %.2f of that rate\n", bulk.Seconds(), n/bulk.Seconds(), bulk.Seconds()/whole.Seconds())
	return nil
}

// send indexes by way of the proxy until all can be found.
func (b *bench) send(ctx context.Context, address string, all []index.Entry) (took time.Duration, err error) {
	engine, err := meili.Open(ctx, meili.Options{URL: address, Key: b.o.key, Prefix: prefix})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	var token index.Token
	began := time.Now()
	for some := range slices.Chunk(all, atOnce) {
		if token, err = engine.Upsert(ctx, some, index.Mark{Ledger: "bench", Seq: 1}); err != nil {
			return 0, err
		}
	}
	err = engine.Visible(ctx, token)
	return time.Since(began), err
}

// load sends everything in one request to an index with the same settings and
// waits until it is there.
func (b *bench) load(ctx context.Context, p *proxy) (time.Duration, error) {
	_ = b.task(ctx, http.MethodDelete, "/indexes/"+theirs, "", nil) // of a run before
	if err := b.task(ctx, http.MethodPost, "/indexes", "application/json", strings.NewReader(`{"uid":"`+theirs+`","primaryKey":"id"}`)); err != nil {
		return 0, err
	}
	settings, err := b.call(ctx, http.MethodGet, "/indexes/"+ours+"/settings", "", nil)
	if err != nil {
		return 0, err
	}
	if err := b.task(ctx, http.MethodPatch, "/indexes/"+theirs+"/settings", "application/json", bytes.NewReader(settings)); err != nil {
		return 0, err
	}
	f, err := os.Open(p.sent.Name())
	if err != nil {
		return 0, err
	}
	defer f.Close()
	began := time.Now()
	err = b.task(ctx, http.MethodPost, "/indexes/"+theirs+"/documents", "application/x-ndjson", f)
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	return took, b.task(ctx, http.MethodDelete, "/indexes/"+theirs, "", nil)
}

// call asks the server.
func (b *bench) call(ctx context.Context, method, path, mime string, body io.Reader) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(b.o.url, "/")+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+b.o.key)
	if mime != "" {
		r.Header.Set("Content-Type", mime)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s: %.300s", method, path, res.Status, out)
	}
	return out, err
}

// task asks the server for something that it does later, and waits for that.
func (b *bench) task(ctx context.Context, method, path, mime string, body io.Reader) error {
	out, err := b.call(ctx, method, path, mime, body)
	if err != nil {
		return err
	}
	var t struct {
		TaskUID int64           `json:"taskUid"`
		Status  string          `json:"status"`
		Error   json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(out, &t); err != nil {
		return err
	}
	for uid := t.TaskUID; ; time.Sleep(50 * time.Millisecond) {
		if out, err = b.call(ctx, http.MethodGet, fmt.Sprint("/tasks/", uid), "", nil); err != nil {
			return err
		}
		if err := json.Unmarshal(out, &t); err != nil {
			return err
		}
		switch t.Status {
		case "succeeded":
			return nil
		case "failed", "canceled":
			return fmt.Errorf("%s %s: %s %s", method, path, t.Status, t.Error)
		}
	}
}
