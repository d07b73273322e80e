package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guidang/config"
)

// holderInfo is what the holder of a data directory says of itself.
type holderInfo struct {
	PID     int    `json:"pid"`
	Version string `json:"version"`
	Serving bool   `json:"serving"` // it will not end by itself
}

// whoCommand asks a holder for its holderInfo; holders of every version answer.
const whoCommand = "who"

// whoHolds asks the holder of a data directory who it is.
func (e *env) whoHolds(ctx context.Context, dir string) (*holderInfo, error) {
	short, release, err := shortPath(dir)
	if err != nil {
		return nil, err
	}
	defer release()
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "unix", filepath.Join(short, socketName))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		return nil, err
	}
	body, err := json.Marshal(request{Version: version(), Command: whoCommand, Options: json.RawMessage("{}"), Language: e.lang})
	if err != nil {
		return nil, err
	}
	if err := (&frames{w: conn}).send(frameRequest, body); err != nil {
		return nil, err
	}
	kind, answer, err := readFrame(conn)
	if err != nil {
		return nil, err
	}
	if kind != frameOut {
		return nil, errors.New("the holder does not say who it is")
	}
	var who holderInfo
	return &who, json.Unmarshal(answer, &who)
}

// indexCheck says whether the index's engine can be reached.
func (e *env) indexCheck(ctx context.Context, cfg *config.Config) check {
	if cfg.Index.Engine != "embedded" {
		return e.meilisearchCheck(ctx, cfg.Index.Meilisearch.URL)
	}
	c := check{Name: "index", Status: checkOK, Found: e.t("doctor.index.embedded")}
	if _, err := os.Stat(filepath.Join(cfg.Data, "index")); errors.Is(err, fs.ErrNotExist) {
		c.Status, c.Found = checkNote, e.t("doctor.index.none")
	} else if err != nil {
		c.Status, c.Found = checkBad, e.sentence(err)
	}
	return c
}

// meilisearchCheck asks the server's health, which needs no key.
func (e *env) meilisearchCheck(ctx context.Context, url string) check {
	c := check{Name: "index", Status: checkBad, Found: "meilisearch " + url, Advice: e.t("doctor.index.advice")}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(url, "/")+"/health", nil)
	if err != nil {
		c.Found = err.Error()
		return c
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Found = err.Error()
		return c
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		c.Status, c.Advice = checkOK, ""
	} else {
		c.Found += " · " + answer.Status
	}
	return c
}
