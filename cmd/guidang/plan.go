package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guidang/extractors/document"
	"guidang/pipeline"
)

type planOptions struct {
	Paths       []string
	Seconds     int
	PriceTokens float64
	PriceHour   float64
	JSON        bool
}

func newPlanCommand(e *env) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:  "plan [PATH…]",
		Args: e.arguments(0, -1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Paths = args
			return runPlan(cmd.Context(), e, o)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Seconds, "seconds", defaultSampleSeconds, e.t("plan.flag.seconds"))
	f.Float64Var(&o.PriceTokens, "price-tokens", 0, e.t("plan.flag.price-tokens"))
	f.Float64Var(&o.PriceHour, "price-hour", 0, e.t("plan.flag.price-hour"))
	f.BoolVar(&o.JSON, "json", false, e.t("flag.json"))
	return e.describe(cmd, []int{0, 1, 2, 3, 130}, "guidang plan /srv/archive", "guidang plan --price-hour 0.6 --price-tokens 2 --json | jq .estimate")
}

const (
	defaultSampleSeconds = 20
	maxSampleSeconds     = 3600
)

// runPlan walks and looks; it touches no data directory.
func runPlan(ctx context.Context, e *env, o planOptions) error {
	if o.Seconds < 1 || o.Seconds > maxSampleSeconds {
		return e.usage("error.range", "seconds", 1, maxSampleSeconds, o.Seconds)
	}
	cfg, err := e.config()
	if err != nil {
		return err
	}
	if len(o.Paths) == 0 && len(cfg.Sources) == 0 {
		return e.usage("plan.no-source")
	}
	p, err := pipeline.MakePlan(ctx, cfg, pipeline.PlanRequest{Paths: o.Paths, Budget: time.Duration(o.Seconds) * time.Second, PriceTokens: o.PriceTokens, PriceHour: o.PriceHour})
	if err != nil {
		return err
	}
	if o.JSON {
		err = e.printJSON(p)
	} else {
		_, err = fmt.Fprint(e.stdout, e.planText(p))
	}
	if err == nil && p.Unreachable > 0 {
		err = &incompleteError{e.t("plan.unreachable", grouped(int64(p.Unreachable)))}
	}
	return err
}

// maxNamed is how many unreadable files a plan for people names.
const maxNamed = 20

// planText is a plan for people.
func (e *env) planText(p *pipeline.Plan) string {
	var b strings.Builder
	for _, s := range p.Sources {
		fmt.Fprintf(&b, "%s  %s\n", e.bold(visible(s.Path)), e.t("plan.files", grouped(s.Files), size(s.Bytes)))
		if s.Error != "" {
			fmt.Fprintf(&b, "  ! %s\n", visible(s.Error))
		}
	}
	kinds := &columns{indent: "  ", right: []bool{false, true, true}}
	for _, k := range document.Kinds {
		if n, ok := p.ByKind[k]; ok {
			kinds.add(e.name("kind", string(k)), grouped(n.Files), size(n.Bytes))
		}
	}
	b.WriteString(kinds.String())
	about := map[bool]string{true: "≈ "}
	facts := &columns{indent: ""}
	if p.Containers.Files > 0 {
		facts.add(e.t("plan.mails"), e.t("plan.mails.is", about[p.Containers.Estimated]+grouped(p.Containers.Mails), grouped(p.Containers.Files), size(p.Containers.Bytes)))
	}
	if r := p.Recordings; r.Files > 0 {
		facts.add(e.t("plan.recordings"), e.t("plan.recordings.is", about[r.Estimated]+hours(r.Hours), grouped(r.Files), grouped(r.WithTranscript), hours(r.HoursToDo)))
	}
	for _, rule := range slices.Sorted(maps.Keys(p.Skipped)) {
		facts.add(e.t("plan.skipped"), e.name("reason", rule)+" "+grouped(p.Skipped[rule]))
	}
	for _, reason := range slices.Sorted(maps.Keys(p.Troubles)) {
		facts.add(e.t("plan.unreadable"), e.name("reason", reason)+" ≈ "+grouped(p.Troubles[reason]))
	}
	b.WriteString(facts.String())
	for _, t := range p.Unreadable[:min(len(p.Unreadable), maxNamed)] {
		fmt.Fprintf(&b, "  ! %s · %s  (%s)\n", visible(t.Source), visible(t.Locator), e.name("reason", t.Reason))
	}
	if more := len(p.Unreadable) - maxNamed; more > 0 {
		fmt.Fprintf(&b, "  %s\n", e.t("plan.more", grouped(int64(more))))
	}
	if p.Cloud.Files > 0 {
		key := "plan.cloud"
		if p.Cloud.Estimated {
			key = "plan.cloud.about"
		}
		fmt.Fprintln(&b, e.t(key, grouped(p.Cloud.Files)))
	}
	c := p.Estimate
	fmt.Fprintln(&b, e.t("plan.estimate", took(time.Duration(c.Seconds*float64(time.Second))), strconv.Itoa(c.Workers), grouped(c.Documents), size(c.Disk), size(c.Free)))
	if c.Tokens > 0 {
		fmt.Fprintln(&b, e.t("plan.tokens", grouped(c.Tokens)))
	}
	if c.Money != nil {
		fmt.Fprintln(&b, e.t("plan.money", strconv.FormatFloat(*c.Money, 'f', 2, 64)))
	} else {
		fmt.Fprintln(&b, e.t("plan.no-money"))
	}
	fmt.Fprintln(&b, e.t("plan.sample", grouped(p.Sample.Files), size(p.Sample.Bytes), took(time.Duration(p.Sample.Seconds*float64(time.Second)))))
	return b.String()
}

func hours(h float64) string { return strconv.FormatFloat(h, 'f', 1, 64) + " h" }
