package main

import (
	"context"

	"guidang/config"
	"guidang/pipeline"
)

// transcriberChecks say which speech services answer.
func (e *env) transcriberChecks(ctx context.Context, cfg *config.Config) []check {
	services := cfg.Transcribe.Services()
	if len(services) == 0 {
		if cfg.Transcribe.Local == "off" {
			return []check{{"transcriber", checkNote, e.t("doctor.transcriber.off"), e.t("doctor.transcriber.off.advice")}}
		}
		return []check{{"transcriber", checkOK, e.t("doctor.transcriber.none"), e.t("doctor.transcriber.add")}}
	}
	var out []check
	for n, err := range pipeline.SpeechServices(ctx, cfg) {
		c := check{Name: "transcriber", Status: checkOK, Found: e.t("doctor.transcriber.ok", services[n].URL)}
		if err != nil {
			c = check{"transcriber", checkWarn, e.t("doctor.transcriber.no", services[n].URL, err), e.t("doctor.transcriber.advice")}
		}
		out = append(out, c)
	}
	return out
}
