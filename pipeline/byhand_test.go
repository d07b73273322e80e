package pipeline

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
)

// spokenPlan is a meeting with something to do, in the words of two versions of
// its transcript.
const spokenPlan = "WEBVTT\n\n00:00:01.000 --> 00:00:06.000\n<v 王芳>我们决定测试报告按新模板写，统一格式。\n\n00:00:07.000 --> 00:00:12.000\n<v 李强>我负责在8月29日之前把测试报告提交给客户。\n"

func TestWhatPeopleDecideHolds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("周会 2025-08-20.wav", soundFile(1))
	o.write("周会 2025-08-20.vtt", spokenPlan)
	o.ingest()
	ctx, ref := t.Context(), "周会 2025-08-20.wav"
	all, err := o.a.Actions(ctx, nil)
	if err != nil || len(all) != 1 || all[0].Done || all[0].Owner != "李强" {
		t.Fatalf("actions %+v, %v", all, err)
	}
	if err := o.a.MarkAction(ctx, ref, nil, all[0].Key, true, "王芳"); err != nil {
		t.Fatal(err)
	}
	if err := o.a.MarkAction(ctx, ref, nil, "no such key", true, "王芳"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an action that is not there: %v", err)
	}
	v, err := o.a.Show(ctx, ref, nil)
	if err != nil || len(v.Actions) != 1 || !v.Actions[0].Done || v.Actions[0].DoneBy != "王芳" {
		t.Fatalf("after it was done: %+v, %v", v.Actions, err)
	}

	mine := *v.Minutes
	mine.Headline = "客户同意提前归档"
	mine.Decisions = append(slices.Clone(mine.Decisions), minutes.Claim{Text: "驻场人员由两名增加到三名"})
	if err := o.a.EditMinutes(ctx, ref, nil, &mine, "王芳"); err != nil {
		t.Fatal(err)
	}
	if err := o.a.SetTag(ctx, ref, nil, "重点客户", true, "王芳"); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", " ", "a\nb", strings.Repeat("长", 41)} {
		if err := o.a.SetTag(ctx, ref, nil, bad, true, ""); !errors.Is(err, ErrBadTag) {
			t.Errorf("the tag %q: %v", bad, err)
		}
	}
	check := func(when string) {
		t.Helper()
		v, err := o.a.Show(ctx, ref, nil)
		if err != nil || v.Minutes.Headline != "客户同意提前归档" || v.Minutes.Edited == nil || v.Minutes.Edited.Who != "王芳" || v.Minutes.Edited.Version != 1 {
			t.Fatalf("%s: %+v, %v", when, v.Minutes, err)
		}
		last := v.Minutes.Decisions[len(v.Minutes.Decisions)-1]
		if !last.ByHand || v.Minutes.Decisions[0].ByHand {
			t.Errorf("%s: marks %+v", when, v.Minutes.Decisions)
		}
		if !v.Actions[0].Done {
			t.Errorf("%s: the action is open again", when)
		}
		if len(v.Tagged) != 1 || v.Tagged[0].By != "hand" || v.Tagged[0].Who != "王芳" || !slices.Contains(v.Tags, "重点客户") {
			t.Errorf("%s: tags %+v", when, v.Tagged)
		}
	}
	check("at once")
	o.ingest()
	check("after a run")
	if got := o.find("驻场人员由两名"); len(got) != 1 {
		t.Errorf("the edited decision is found in %q", got)
	}
	res, err := o.a.Search(ctx, index.Request{Tags: []string{"重点客户"}, Limit: 5}, nil)
	if err != nil || len(res.Hits) != 1 {
		t.Errorf("by its tag: %+v, %v", res, err)
	}
	o.restart()
	if _, _, err := o.a.Retry(ctx, Retry{Refs: []string{ref}}); err != nil {
		t.Fatal(err)
	}
	o.ingest()
	check("after it was read again")
	history, err := o.a.MinutesHistory(ctx, ref, nil)
	if err != nil || len(history) != 2 || history[0].Minutes.Headline == "客户同意提前归档" || history[1].Who != "王芳" {
		t.Errorf("history %+v, %v", history, err)
	}
	if err := o.a.EditMinutes(ctx, ref, nil, nil, "李强"); err != nil {
		t.Fatal(err)
	}
	if v, err := o.a.Show(ctx, ref, nil); err != nil || v.Minutes.Edited != nil || v.Minutes.Headline == "客户同意提前归档" {
		t.Errorf("taken back: %+v, %v", v.Minutes, err)
	}
	if err := o.a.SetTag(ctx, ref, nil, "重点客户", false, "李强"); err != nil {
		t.Fatal(err)
	}
	if v, err := o.a.Show(ctx, ref, nil); err != nil || len(v.Tags) != 0 || len(v.Tagged) != 1 || !v.Tagged[0].Off {
		t.Errorf("tag taken away: %+v, %v", v.Tagged, err)
	}
	if !strings.Contains(o.dump(), `"edits":2`) {
		t.Error("the dump does not tell of the edits")
	}
	none := []string{"source:elsewhere"}
	for name, err := range map[string]error{
		"tag": o.a.SetTag(ctx, ref, none, "x", true, ""), "edit": o.a.EditMinutes(ctx, ref, none, &mine, ""), "mark": o.a.MarkAction(ctx, ref, none, all[0].Key, true, ""),
	} {
		if !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%s without the right to see it: %v", name, err)
		}
	}
}

func TestMinutesThatPeopleWrote(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.write("会议/周会 2025-08-20.wav", soundFile(1))
	o.write("会议/周会 2025-08-20.vtt", spokenPlan)
	o.write("文档/纪要.txt", "项目周会会议纪要\n时间：2025年8月20日    地点：三楼\n参会人员：王芳、李强\n决定：\n1. 测试报告用新模板。\n待办：\n- 李强：8月29日前提交测试报告\n")
	o.write("文档/别的.txt", "评审会议纪要\n时间：2025年8月21日\n参会人员：赵敏、孙倩\n决定：\n1. 采用中间表。\n")
	o.ingest()
	ctx := t.Context()
	own, err := o.a.Show(ctx, "文档/纪要.txt", nil)
	if err != nil || own.Kind != document.KindMinutes || own.Minutes == nil || own.MeetingOf == nil {
		t.Fatalf("%+v, %v", own, err)
	}
	meeting, err := o.a.Show(ctx, "会议/周会 2025-08-20.wav", nil)
	if err != nil || len(meeting.Written) != 1 || meeting.Written[0].Document != own.ID || own.MeetingOf.Document != meeting.ID {
		t.Fatalf("%+v, %v", meeting.Written, err)
	}
	if other, err := o.a.Show(ctx, "文档/别的.txt", nil); err != nil || other.MeetingOf != nil || other.Minutes == nil {
		t.Errorf("minutes of another day: %+v, %v", other.MeetingOf, err)
	}
	all, err := o.a.Actions(ctx, nil)
	if err != nil || len(all) != 1 || all[0].Document != own.ID || *all[0].Due != "2025-08-29" {
		t.Errorf("theirs stand above the program's: %+v, %v", all, err)
	}
	if res, err := o.a.Search(ctx, index.Request{Kinds: []document.Kind{document.KindMinutes}, Limit: 5}, nil); err != nil || len(res.Hits) != 2 {
		t.Errorf("as minutes: %+v, %v", res, err)
	}
	before := o.dump()
	o.restart()
	o.ingest()
	if o.dump() != before {
		t.Error("a second run changed the dump")
	}
	o.clean("with written minutes")
}
