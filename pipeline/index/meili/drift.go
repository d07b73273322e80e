package meili

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// drift names the settings of an index that somebody changed on the server. All that
// is set is compared, and what is left alone has to be empty: a stop word or a limit
// of somebody else's is enough to leave something out unnoticed.
func drift(have map[string]json.RawMessage) (out []string, err error) {
	want, err := wanted()
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		var is any
		if err := json.Unmarshal(have[name], &is); err != nil || !covers(is, want[name]) {
			out = append(out, name) // also one that is not there
		}
	}
	return out, nil
}

// wanted are the settings as the server tells them.
func wanted() (out map[string]any, err error) {
	ours, err := json.Marshal(settings())
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(ours, &out); err != nil {
		return nil, err
	}
	filters, err := json.Marshal(filterable())
	if err != nil {
		return nil, err
	}
	var rules any
	if err := json.Unmarshal(filters, &rules); err != nil {
		return nil, err
	}
	out["filterableAttributes"], out["facetSearch"] = rules, false
	for _, name := range leftAlone {
		out[name] = nothing{}
	}
	return out, nil
}

// leftAlone are settings that have to be empty.
var leftAlone = []string{"stopWords", "nonSeparatorTokens", "separatorTokens", "dictionary", "synonyms", "distinctAttribute"}

type nothing struct{}

// covers says whether a setting is as it is wanted. Of an object, the server may tell
// more than is set.
func covers(is, want any) bool {
	switch want := want.(type) {
	case nothing:
		v := reflect.ValueOf(is)
		return is == nil || (v.Kind() == reflect.Map || v.Kind() == reflect.Slice) && v.Len() == 0
	case map[string]any:
		all, ok := is.(map[string]any)
		for name, v := range want {
			one, there := all[name]
			ok = ok && there && covers(one, v)
		}
		return ok
	case []any:
		all, ok := is.([]any)
		return ok && slices.EqualFunc(all, want, covers)
	}
	return reflect.DeepEqual(is, want)
}

// putBack brings an index that is there to our settings where they were changed on
// the server. Those of which it may not ask stay as they are.
func (s *server) putBack(ctx context.Context, uid string, id *identity) error {
	var have map[string]json.RawMessage
	path := "/indexes/" + uid + "/settings"
	err := s.do(ctx, "settings", askAttempts, func(ctx context.Context) error { return s.look(ctx, path, s.key.Key, &have) })
	if err != nil || have == nil {
		return err
	}
	changed, err := drift(have)
	if err != nil || len(changed) == 0 {
		return err
	}
	// What we leave alone the library cannot empty, only reset with all the rest.
	if slices.ContainsFunc(changed, func(name string) bool { return slices.Contains(leftAlone, name) }) {
		if err := s.run(ctx, "reset settings of "+uid, s.api.Index(uid).ResetSettingsWithContext); err != nil {
			return fmt.Errorf("settings of %s: %w", uid, err)
		}
	}
	return s.configure(ctx, uid, id)
}
