package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guidang/config"
	"guidang/pipeline/index/meili"
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
		return e.meilisearchCheck(ctx, &cfg.Index.Meilisearch)
	}
	c := check{Name: "index", Status: checkOK, Found: e.t("doctor.index.embedded")}
	if _, err := os.Stat(filepath.Join(cfg.Data, "index")); errors.Is(err, fs.ErrNotExist) {
		c.Status, c.Found = checkNote, e.t("doctor.index.none")
	} else if err != nil {
		c.Status, c.Found = checkBad, e.sentence(err)
	}
	return c
}

// meilisearchCheck asks the server what it is and whether the index there is as
// the program made it.
func (e *env) meilisearchCheck(ctx context.Context, m *config.Meilisearch) check {
	c := check{Name: "index", Status: checkOK, Found: "meilisearch " + m.URL}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	x, err := meili.Examine(ctx, meili.Options{URL: m.URL, Key: m.Key, Prefix: m.Prefix})
	if err != nil {
		c.Status, c.Found, c.Advice = checkBad, c.Found+" · "+e.sentence(err), e.t("doctor.index.advice")
		return c
	}
	if x.Version != "" {
		c.Found += " · " + x.Version
	}
	if x.Bytes > 0 {
		c.Found += " · " + size(x.Bytes)
	}
	switch {
	case len(x.Drift) > 0:
		c.Status, c.Advice = checkWarn, e.t("doctor.index.drift", strings.Join(x.Drift, ", "))
	case x.Newer:
		c.Status, c.Advice = checkNote, e.t("doctor.index.newer")
	}
	return c
}
