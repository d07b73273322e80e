package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/ledger"
)

// talking is a client beside the sample archive's meeting.
func talking(t *testing.T) (*client, *fake, *pipeline.View) {
	t.Helper()
	f := &fake{}
	v := f.meeting(t)
	return newClient(t, f, Options{}), f, v
}

func TestTalkPage(t *testing.T) {
	t.Parallel()
	c, _, v := talking(t)
	c.get("/d/"+v.ID).want(t, http.StatusOK, `<audio id="player"`, `src="/static/talk.js"`, `href="/d/`+v.ID+`/transcript.docx"`, `name="speaker" value="王建国"`, `href="/d/`+v.ID+`?edit=3#u3"`, "!<textarea name=\"text\" rows=\"2\" maxlength=\"5000\" autofocus>")
	// Without JavaScript a line's form is a page of its own.
	c.get("/d/"+v.ID+"?edit=3").want(t, http.StatusOK, `name="utterance" value="3"`, `action="/d/`+v.ID+`/correct"`, ">我们决定采用方案二，先迁移历史数据再上线。</textarea>")
}

func TestTalkShowsCorrections(t *testing.T) {
	t.Parallel()
	c, _, v := talking(t)
	at := time.Date(2024, 9, 1, 10, 0, 0, 0, time.Local)
	u := &v.Said.Utterances[2]
	v.Corrections = []ledger.Correction{{Kind: ledger.OfText, Start: u.Start, Was: "我们决定采用方案儿", Now: u.Text, Who: "周敏", At: at}, {Kind: ledger.OfSpeaker, Was: "发言人1", Now: "王建国", At: at}}
	u.Flags = []string{pipeline.FlagText}
	v.Called = map[string]string{"发言人1": "王建国"}
	c.get("/d/"+v.ID).want(t, http.StatusOK, "1 句已更正", "周敏 于 2024-09-01 10:00 更正。", "原文：我们决定采用方案儿", `name="speaker" value="发言人1"`, `name="name" value="王建国"`)
}

func TestTalkSaysWhatItIsWorth(t *testing.T) {
	t.Parallel()
	c, _, v := talking(t)
	v.Said.Source, v.Said.Quality, v.Said.Confidence, v.Said.Engine = "engine", "low", 0.52, &document.Engine{Model: "whisper-base"}
	v.Said.Utterances[1].Flags = []string{"low-confidence"}
	v.Said.Dropped = []document.Utterance{{ID: 1, Start: 61, End: 64, Text: "请不吝点赞", Flags: []string{"stock-phrase"}}}
	c.get("/d/"+v.ID).want(t, http.StatusOK, "由 whisper-base 自动转写", "转写质量低", "52%", ">把握不大</span>", "未采信 1 句", "请不吝点赞", ">套话</span>", "00:01:01")
	v.Said.Source = "sidecar"
	c.get("/d/"+v.ID).want(t, http.StatusOK, "!自动转写", "!请不吝点赞")
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	c, f, v := talking(t)
	r := c.do(http.MethodPost, "/d/"+v.ID+"/correct", url.Values{"utterance": {"3"}, "text": {"改过"}, "voice": {"陈明"}})
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/d/"+v.ID+"#u3" {
		t.Errorf("%d to %s", r.StatusCode, r.Header.Get("Location"))
	}
	c.do(http.MethodPost, "/d/"+v.ID+"/correct", url.Values{"speaker": {"王建国"}, "name": {"王总"}}, "Accept", "application/json").want(t, http.StatusNoContent)
	if len(f.corrected) != 2 || *f.corrected[0].Text != "改过" || *f.corrected[0].Voice != "陈明" || f.corrected[0].Who != "admin" || f.corrected[1].Name != "王总" || f.corrected[1].Text != nil {
		t.Errorf("%+v", f.corrected)
	}
	c.do(http.MethodPost, "/d/"+v.ID+"/correct", url.Values{"utterance": {"99"}, "text": {"x"}}).want(t, http.StatusUnprocessableEntity)
	c.do(http.MethodPost, "/d/"+v.ID+"/correct", url.Values{"text": {strings.Repeat("长", maxForm)}}).want(t, http.StatusBadRequest)
	c.do(http.MethodPost, "/d/"+v.ID+"/correct", url.Values{"utterance": {"1"}, "text": {"x"}}, "Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site").want(t, http.StatusForbidden)
}

func TestTranscriptFiles(t *testing.T) {
	t.Parallel()
	c, _, v := talking(t)
	for form, want := range map[string]string{"vtt": "WEBVTT\n\n1\n00:00:00.000 --> 00:00:08.200\n<v 王建国>", "srt": "1\n00:00:00,000 --> 00:00:08,200\n王建国：", "txt": "远航项目周会\n2024-08-30\n\n[00:00:00] 王建国：", "docx": "PK\x03\x04"} {
		r := c.get("/d/"+v.ID+"/transcript."+form).want(t, http.StatusOK, want)
		if d := r.Header.Get("Content-Disposition"); !strings.Contains(d, "attachment") || !strings.HasSuffix(d, "."+form) {
			t.Errorf("%s: %s", form, d)
		}
	}
	f := &fake{}
	sheet := newClient(t, f, Options{})
	sheet.get("/d/"+v.ID+"/transcript.vtt").want(t, http.StatusNotFound)
}

func TestConvertedSound(t *testing.T) {
	t.Parallel()
	c, _, v := talking(t)
	v.MediaType = "audio/amr"
	c.get("/d/"+v.ID).want(t, http.StatusOK, `src="/d/`+v.ID+`/sound"`, "ffmpeg")
	r := c.get("/d/"+v.ID+"/sound", "Range", "bytes=0-3").want(t, http.StatusPartialContent, "RIFF")
	if r.Header.Get("Content-Type") != "audio/wav" {
		t.Error(r.Header)
	}
}

func TestTogether(t *testing.T) {
	t.Parallel()
	c, f, v := talking(t)
	other := strings.Repeat("a", 26)
	v.Together = []pipeline.Together{{Inner: pipeline.Inner{Document: other, Name: "周会.m4a", Kind: "recording", Size: 5, State: ledger.PartOf}, ByHand: true}}
	c.get("/d/"+v.ID).want(t, http.StatusOK, `href="/d/`+other+`"`, "周会.m4a", "同一段录音", "人工归入")
	for _, form := range []url.Values{{"other": {"http://127.0.0.1:7080/d/" + other + "?q=x#u1"}, "join": {"1"}}, {"other": {other}, "join": {"0"}}} {
		c.do(http.MethodPost, "/d/"+v.ID+"/bind", form).want(t, http.StatusSeeOther)
	}
	if len(f.bound) != 2 || f.bound[0] != other+" true admin" {
		t.Errorf("%q", f.bound)
	}
	c.do(http.MethodPost, "/d/"+v.ID+"/bind", url.Values{"other": {"周会"}, "join": {"1"}}).want(t, http.StatusUnprocessableEntity)
	c.do(http.MethodPost, "/d/"+v.ID+"/bind", url.Values{"other": {v.ID}, "join": {"1"}}).want(t, http.StatusUnprocessableEntity)
}
