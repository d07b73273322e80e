package pipeline

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"guidang/pipeline/index"
)

func TestRulesThatChange(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("周会 2025-08-20.wav", soundFile(1))
	o.write("周会 2025-08-20.vtt", talk)
	o.write("a.txt", "客户提出需求变更。")
	o.write("b.txt", "天气很好。")
	o.ingest()
	ctx := t.Context()
	tags := func(ref string) []string {
		t.Helper()
		v, err := o.a.Show(ctx, ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v.Tags
	}
	if got := tags("a.txt"); !slices.Equal(got, []string{"需求变更"}) {
		t.Errorf("by the program's rules: %v", got)
	}
	if err := o.a.SetTag(ctx, "b.txt", nil, "手工", true, "王芳"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "标签.yaml")
	text := "- tag: 需求变更\n  any: []\n- tag: 测试\n  any: [测试报告]\n  kinds: [recording]\n- tag: 天气\n  any: [天气]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o.cfg.Terms.Tags = file
	o.restart()
	o.ingest()
	for ref, want := range map[string][]string{"a.txt": nil, "b.txt": {"天气", "手工"}, "周会 2025-08-20.wav": {"测试"}} {
		if got := tags(ref); !slices.Equal(got, want) {
			t.Errorf("%s by other rules: %v, want %v", ref, got, want)
		}
	}
	res, err := o.a.Search(ctx, index.Request{Tags: []string{"测试"}, Limit: 5}, nil)
	if err != nil || len(res.Hits) != 1 {
		t.Errorf("the index does not know: %+v, %v", res, err)
	}
	before := o.dump()
	o.ingest()
	if o.dump() != before {
		t.Error("a second run with the same rules changed the dump")
	}
}
