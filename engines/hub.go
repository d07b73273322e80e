package engines

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	hubTries = 5
	// A connection that gives nothing for so long is taken for dead.
	hubStall = 2 * time.Minute
)

// errNoFile says that the hub has no such file.
var errNoFile = errors.New("the hub does not have it")

// address is that of one file of a repository. ModelScope has its own form;
// mirrors of Hugging Face have Hugging Face's.
func address(hub, repo, file string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(hub, "/"))
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("the hub %q is no address", hub)
	}
	if strings.Contains(u.Host, "modelscope") {
		return u.JoinPath("models", repo, "resolve", "master", file).String(), nil
	}
	return u.JoinPath(repo, "resolve", "main", file).String(), nil
}

// download fetches a model's files from a hub.
func download(ctx context.Context, hub string, k Known, part string, say func(Progress)) error {
	needed, welcome := wanted(k.Kind)
	for _, names := range needed {
		var err error
		for _, name := range names {
			if err = fetch(ctx, hub, k.Repo, name, part, say); !errors.Is(err, errNoFile) {
				break
			}
		}
		if err != nil {
			return err
		}
	}
	for _, name := range welcome {
		if err := fetch(ctx, hub, k.Repo, name, part, say); err != nil && !errors.Is(err, errNoFile) {
			return err
		}
	}
	return nil
}

// fetch downloads one file, going on where an earlier try broke off, also one of
// an earlier run.
func fetch(ctx context.Context, hub, repo, name, dir string, say func(Progress)) error {
	from, err := address(hub, repo, name)
	if err != nil {
		return err
	}
	final := filepath.Join(dir, name)
	if _, err := os.Stat(final); err == nil {
		return nil
	}
	say(Progress{StepDetail, from})
	for try := 1; ; try++ {
		var moved bool
		moved, err = fetchOnce(ctx, from, final+".part")
		if err == nil {
			return os.Rename(final+".part", final)
		}
		var permanent *refusal
		if ctx.Err() != nil || errors.Is(err, errNoFile) || errors.As(err, &permanent) {
			return err
		}
		if moved {
			try = 0
		}
		if try >= hubTries {
			return fmt.Errorf("%s: %w", from, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * time.Second):
		}
	}
}

// refusal is an answer that trying again does not change.
type refusal struct{ text string }

// Error implements error.
func (r *refusal) Error() string { return r.text }

// fetchOnce fetches what is missing of a file; moved says that some of it came.
func fetchOnce(ctx context.Context, from, part string) (moved bool, err error) {
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false, &refusal{err.Error()}
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return false, &refusal{err.Error()}
	}
	if have > 0 {
		q.Header.Set("Range", "bytes="+strconv.FormatInt(have, 10)+"-")
	}
	// Hugging Face tells the SHA-256 of a large file where it sends us on.
	want := ""
	client := &http.Client{CheckRedirect: func(q *http.Request, via []*http.Request) error {
		if want == "" {
			want = linkedHash(q.Response.Header)
		}
		if len(via) >= 10 {
			return errors.New("the hub sends us in circles")
		}
		return nil
	}}
	a, err := client.Do(q)
	if err != nil {
		return false, err
	}
	defer a.Body.Close()
	if want == "" {
		want = linkedHash(a.Header)
	}
	switch {
	case a.StatusCode == http.StatusOK:
		if have, err = 0, f.Truncate(0); err != nil {
			return false, err
		}
	case a.StatusCode == http.StatusPartialContent && strings.HasPrefix(a.Header.Get("Content-Range"), "bytes "+strconv.FormatInt(have, 10)+"-"):
	case a.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		_ = f.Truncate(0)
		return false, errors.New("the file on the hub has changed")
	case a.StatusCode == http.StatusNotFound:
		return false, errNoFile
	case a.StatusCode >= 400 && a.StatusCode < 500 && a.StatusCode != http.StatusTooManyRequests && a.StatusCode != http.StatusRequestTimeout:
		return false, &refusal{"the hub answers " + a.Status}
	default:
		return false, errors.New("the hub answers " + a.Status)
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return false, &refusal{"the hub answers with a page in place of the file; is a login or a proxy in the way?"}
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return false, err
	}
	stalled := time.AfterFunc(hubStall, cancel)
	defer stalled.Stop()
	n, err := io.Copy(f, io.LimitReader(&fed{a.Body, stalled}, maxModelBytes-have))
	if err != nil {
		return n > 0, err
	}
	if a.ContentLength >= 0 && n != a.ContentLength {
		return n > 0, io.ErrUnexpectedEOF
	}
	return n > 0, checkHash(f, want)
}

// fed tells a timer that something came.
type fed struct {
	r     io.Reader
	timer *time.Timer
}

// Read implements io.Reader.
func (f *fed) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if n > 0 {
		f.timer.Reset(hubStall)
	}
	return n, err
}

func linkedHash(h http.Header) string {
	tag := strings.Trim(h.Get("X-Linked-Etag"), `"`)
	if b, err := hex.DecodeString(tag); err == nil && len(b) == sha256.Size {
		return strings.ToLower(tag)
	}
	return ""
}

func checkHash(f *os.File, want string) error {
	if want == "" {
		return nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		_ = f.Truncate(0)
		return &refusal{fmt.Sprintf("the file is damaged: its SHA-256 is %.12s…, and the hub says %.12s…", got, want)}
	}
	return nil
}
