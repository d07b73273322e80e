package web

import (
	"context"
	"slices"

	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

func (f *fake) marked(v *pipeline.View, a minutes.Action) pipeline.ActionView {
	out := pipeline.ActionView{Action: a, Key: a.Key(), Document: v.ID, Meeting: v.Minutes.Title, Date: v.Minutes.Date}
	if who, ok := f.done[out.Key]; ok {
		out.Done, out.DoneBy, out.DoneAt = true, who, "2026-03-01T09:00:00+08:00"
	}
	return out
}

func (f *fake) MarkAction(_ context.Context, ref string, scopes []string, key string, done bool, who string) error {
	d, err := f.find(ref, scopes)
	if err != nil {
		return err
	}
	for _, a := range d.view.Minutes.Actions {
		if a.Key() == key {
			delete(f.done, key)
			if done {
				f.done = map[string]string{key: who}
			}
			return nil
		}
	}
	return ledger.ErrNotFound
}

func (f *fake) EditMinutes(_ context.Context, ref string, scopes []string, edited *minutes.Minutes, who string) error {
	d, err := f.find(ref, scopes)
	if err != nil {
		return err
	}
	if f.history == nil {
		f.history = map[string][]pipeline.MinutesVersion{ref: {{Minutes: d.view.Minutes}}}
	}
	n := len(f.history[ref])
	v := pipeline.MinutesVersion{Version: n, Who: who, At: "2026-03-01T09:00:00+08:00"}
	d.view.Minutes = f.history[ref][0].Minutes
	if edited != nil {
		v.Minutes = minutes.Edit(d.view.Minutes, edited)
		v.Minutes.Edited = &minutes.Edited{Who: who, At: v.At, Version: n}
		d.view.Minutes = v.Minutes
	}
	f.history[ref] = append(f.history[ref], v)
	return nil
}

func (f *fake) MinutesHistory(_ context.Context, ref string, scopes []string) ([]pipeline.MinutesVersion, error) {
	d, err := f.find(ref, scopes)
	if err != nil || f.history != nil {
		return f.history[ref], err
	}
	return []pipeline.MinutesVersion{{Minutes: d.view.Minutes}}, nil
}

func (f *fake) SetTag(_ context.Context, ref string, scopes []string, tag string, set bool, who string) error {
	d, err := f.find(ref, scopes)
	if err != nil {
		return err
	}
	if tag == "" {
		return pipeline.ErrBadTag
	}
	d.view.Tags = slices.DeleteFunc(d.view.Tags, func(t string) bool { return t == tag })
	if set {
		d.view.Tags = append(d.view.Tags, tag)
	}
	d.view.Tagged = append(d.view.Tagged, pipeline.TagView{Tag: tag, By: "hand", Who: who, At: "2026-03-01T09:00:00+08:00", Off: !set})
	return nil
}
