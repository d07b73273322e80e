package main

import (
	"context"
	"errors"
	"os/exec"

	"guidang/config"
	"guidang/pipeline"
	"guidang/pipeline/ocr"
)

// ocrCheck says what reads the text in pictures.
func (e *env) ocrCheck(ctx context.Context, cfg *config.Config) check {
	c := check{Name: "tesseract", Status: checkOK}
	engine, err := pipeline.NewOCR(ctx, cfg)
	t, ok := engine.(*ocr.Tesseract)
	switch {
	case errors.Is(err, ocr.ErrMissing):
		c.Status, c.Found, c.Advice = checkNote, e.t("doctor.tool.absent"), e.t("doctor.tesseract.absent")
		if path, err := exec.LookPath("tesseract"); err == nil {
			c.Found, c.Advice = path, e.t("doctor.tesseract.model")
		}
	case err != nil:
		c.Status, c.Found = checkWarn, e.sentence(err)
	case !ok:
		c.Status, c.Found, c.Advice = checkNote, e.t("doctor.tesseract.off"), e.t("doctor.tesseract.off.advice")
	default:
		c.Found = t.Path() + " · " + t.Fingerprint()
		if !t.Chinese() {
			c.Status, c.Advice = checkNote, e.t("doctor.tesseract.model")
		}
	}
	return c
}
