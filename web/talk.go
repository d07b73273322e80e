package web

import (
	"cmp"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/extractors/recording"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
	"guidang/pipeline/sound"
)

// talkView is what was said in a meeting, with what people have corrected.
type talkView struct {
	ID       string
	Play     string // address of the sound; empty: there is none to play
	Lines    []line
	Speakers []speakerView
	Names    []string // of speakers, for the form of a line
	Edited   int      // lines that were corrected

	// Of what an engine heard.
	Engine     string // its model
	Quality    string // low, fair, good; empty: nothing tells
	Confidence float64
	Dropped    []document.Utterance // what it said without a sound to say it by
}

// speakerView is one speaker as the transcript calls him.
type speakerView struct {
	Label, Name string
	Share       float64 // of the time
	Named       bool    // by a person
}

// correctedView is what was there before a person corrected it.
type correctedView struct {
	Was, Who string
	When     string
}

// talkOf is the talk of a view; edit is the number of the line with a form.
func talkOf(v *pipeline.View, all []line, play string, edit int) *talkView {
	t := &talkView{ID: v.ID, Play: play, Lines: all}
	if spoken := said(v); spoken != nil && spoken.Source == "engine" {
		t.Quality, t.Confidence, t.Dropped = spoken.Quality, spoken.Confidence, spoken.Dropped
		if spoken.Engine != nil {
			t.Engine = spoken.Engine.Model
		}
	}
	type told struct {
		seconds float64
		own     bool // the transcript itself names him in some line
	}
	var order []string
	shares, total := map[string]*told{}, 0.0
	for i := range all {
		l := &all[i]
		l.Raw = l.Utterance.Text
		l.Doubts = doubts(l.Flags)
		l.Edit, l.Form = l.ID == edit, "/d/"+v.ID+"/correct"
		if slices.Contains(l.Flags, pipeline.FlagText) || slices.Contains(l.Flags, pipeline.FlagVoice) {
			t.Edited++
			l.Fixed = fixed(v.Corrections, &l.Utterance)
		}
		if l.Speaker == "" {
			continue
		}
		s := shares[l.Speaker]
		if s == nil {
			s = &told{}
			shares[l.Speaker] = s
			order = append(order, l.Speaker)
		}
		spoken := max(l.End-l.Start, 0)
		s.seconds += spoken
		total += spoken
		s.own = s.own || !slices.Contains(l.Flags, pipeline.FlagVoice)
	}
	for _, name := range order {
		t.Names = append(t.Names, name)
		var labels []string
		for was, now := range v.Called {
			if now == name {
				labels = append(labels, was)
			}
		}
		slices.Sort(labels)
		if len(labels) == 0 && shares[name].own {
			labels = []string{name}
		}
		for _, label := range labels {
			t.Speakers = append(t.Speakers, speakerView{Label: label, Name: name, Share: shares[name].seconds / max(total, 1), Named: label != name})
		}
	}
	return t
}

// doubts are the flags of an utterance that say what may be wrong with it.
func doubts(flags []string) []string {
	var out []string
	for _, f := range flags {
		if f != pipeline.FlagText && f != pipeline.FlagVoice {
			out = append(out, f)
		}
	}
	return out
}

// fixed finds the correction that an utterance shows.
func fixed(all []ledger.Correction, u *document.Utterance) *correctedView {
	for _, c := range slices.Backward(all) {
		if math.Abs(c.Start-u.Start) > 1 || c.Kind != ledger.OfText && c.Kind != ledger.OfVoice {
			continue
		}
		if c.Kind == ledger.OfText && c.Now == u.Text || c.Kind == ledger.OfVoice && c.Now == u.Speaker {
			return &correctedView{Was: c.Was, Who: c.Who, When: c.At.Local().Format("2006-01-02 15:04")}
		}
	}
	return nil
}

// editor is who corrects, as it is kept. Those who come by the link are the
// person who runs the program; accounts of staff have names.
func editor(*http.Request) string { return "admin" }

// maxForm bounds what a correction sends.
const maxForm = 64 << 10

// correct keeps what a person says of an utterance or a speaker.
func (s *Server) correct(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if !documentID.MatchString(id) || r.ParseForm() != nil {
		s.fail(w, r, http.StatusBadRequest, "error.request", nil)
		return
	}
	with := pipeline.Correction{Utterance: number(r.PostFormValue("utterance")), Speaker: r.PostFormValue("speaker"), Name: r.PostFormValue("name"), Who: editor(r)}
	for field, into := range map[string]**string{"text": &with.Text, "voice": &with.Voice} {
		if r.PostForm.Has(field) {
			text := strings.ReplaceAll(r.PostFormValue(field), "\r\n", "\n")
			*into = &text
		}
	}
	err := s.archive.Correct(r.Context(), id, viewerOf(r.Context()).scopes, with)
	switch {
	case errors.Is(err, pipeline.ErrCorrection):
		s.fail(w, r, http.StatusUnprocessableEntity, "error.correction", err)
	case err != nil:
		s.failed(w, r, "error.correction", err)
	case r.Header.Get("Accept") == "application/json":
		w.WriteHeader(http.StatusNoContent)
	default:
		place := "#transcript"
		if with.Utterance > 0 {
			place = "#u" + strconv.Itoa(with.Utterance)
		}
		http.Redirect(w, r, "/d/"+id+place, http.StatusSeeOther) //nolint:gosec // the id has 26 letters and digits
	}
}

// transcriptForms are the files in which a transcript is given out.
var transcriptForms = map[string]struct {
	mediaType string
	write     func(*document.Transcript) ([]byte, error)
}{
	"vtt":  {"text/vtt; charset=utf-8", texted(recording.WriteVTT)},
	"srt":  {"application/x-subrip; charset=utf-8", texted(recording.WriteSRT)},
	"txt":  {"text/plain; charset=utf-8", texted(recording.WriteText)},
	"docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", recording.WriteDocx},
}

func texted(write func(*document.Transcript) string) func(*document.Transcript) ([]byte, error) {
	return func(t *document.Transcript) ([]byte, error) { return []byte(write(t)), nil }
}

// transcriptFile gives out a transcript, corrections included.
func (s *Server) transcriptFile(form string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, ok := s.view(w, r)
		if !ok {
			return
		}
		t := said(v)
		if t == nil {
			s.notFound(w, r)
			return
		}
		named := *t
		named.Title, named.Date = cmp.Or(v.Title, v.Name, t.Title), cmp.Or(t.Date, v.Date)
		data, err := transcriptForms[form].write(&named)
		if err != nil {
			s.failed(w, r, "error.document", err)
			return
		}
		w.Header().Set("Content-Type", transcriptForms[form].mediaType)
		w.Header().Set("Content-Disposition", disposition("attachment", fileName(stem(named.Title)+"."+form, "")))
		_, _ = w.Write(data)
	}
}

// stem is a name without the ending of a recording.
func stem(name string) string {
	if at := strings.LastIndexByte(name, '.'); at > 0 && len(name)-at <= 5 {
		return name[:at]
	}
	return name
}

// converted are the recordings that no browser plays; they are played as plain
// sound.
var converted = []string{"audio/amr", "audio/silk", "audio/x-ms-wma", "video/x-ms-wmv", "video/x-msvideo", "video/x-ms-asf"}

// sound gives out a recording as plain sound, whole or in ranges.
func (s *Server) sound(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !documentID.MatchString(id) {
		s.notFound(w, r)
		return
	}
	o, err := s.archive.Sound(r.Context(), id, viewerOf(r.Context()).scopes)
	var fault *sound.Fault
	switch {
	case errors.Is(err, sound.ErrMissingTool), errors.As(err, &fault):
		s.fail(w, r, http.StatusNotFound, "error.sound", err)
		return
	case err != nil:
		s.failed(w, r, "error.sound", err)
		return
	}
	defer o.Close()
	h := w.Header()
	h.Set("Content-Security-Policy", playerPolicy)
	h.Set("Content-Type", "audio/wav")
	h.Set("ETag", `"`+id+`-wav"`)
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", time.Time{}, io.NewSectionReader(o, 0, o.Size()))
}
