package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Transcribe are the settings of transcription.
type Transcribe struct {
	Endpoints     []string // as written; Services gives what they say
	Key           string   // secret; of services without one of their own
	Local         string   // auto, on or off: the local engine
	Languages     string   // by commas
	Prompt        string
	PartSeconds   int
	PartSize      int64
	Timeout       time.Duration // of one request
	BudgetMinutes int           // of a night; 0: no limit
	BudgetMoney   int           // of a night; 0: no limit

	services []SpeechService // read by Load
}

// Services are the endpoints, read.
func (t *Transcribe) Services() []SpeechService { return t.services }

// SpeechService is one endpoint.
type SpeechService struct {
	URL         string
	Model       string
	Key         string // secret
	Weight      int
	Concurrency int
	PerMinute   int
	Price       float64 // of a minute
	Hotwords    bool
}

// Spoken lists the languages.
func (t *Transcribe) Spoken() []string {
	var out []string
	for _, l := range strings.FieldsFunc(t.Languages, func(r rune) bool { return strings.ContainsRune(",;，、； ", r) }) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// serviceKeys are what may stand behind an address.
var serviceKeys = []string{"model", "key_env", "key_file", "weight", "concurrency", "per_minute", "price", "hotwords"}

// validateSpeech reads the endpoints.
func (l *loader) validateSpeech() {
	where := l.where("transcribe.endpoints")
	for _, line := range l.cfg.Transcribe.Endpoints {
		s, err := l.service(line)
		if err != nil {
			l.problemf(where, "transcribe.endpoints: %v", err)
			continue
		}
		l.cfg.Transcribe.services = append(l.cfg.Transcribe.services, *s)
	}
	for _, tag := range l.cfg.Transcribe.Spoken() {
		if strings.Trim(strings.ToLower(tag), "abcdefghijklmnopqrstuvwxyz-") != "" || len(tag) < 2 {
			l.problemf(l.where("transcribe.languages"), "transcribe.languages: %q is no language; allowed are codes such as zh, en, zh-Hant", tag)
		}
	}
}

// service reads one endpoint: an address, and key=value behind it.
func (l *loader) service(line string) (*SpeechService, error) {
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return nil, errors.New("an endpoint without an address")
	}
	s := &SpeechService{URL: fields[0], Key: l.cfg.Transcribe.Key, Weight: 1, Concurrency: 1}
	u, err := url.Parse(s.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("an endpoint begins with its address, http:// or https://")
	case u.User != nil || u.RawQuery != "":
		// The line is shown by `config show`, in logs and by doctor.
		return nil, fmt.Errorf("%s: no key belongs into an address; key_env= names a variable, key_file= a file", u.Host)
	}
	for _, f := range fields[1:] {
		key, value, ok := strings.Cut(f, "=")
		if !ok || value == "" {
			return nil, fmt.Errorf("%s: %q is not key=value", s.URL, f)
		}
		if err := l.serviceKey(s, key, value); err != nil {
			return nil, fmt.Errorf("%s: %w", s.URL, err)
		}
	}
	return s, nil
}

func (l *loader) serviceKey(s *SpeechService, key, value string) (err error) {
	whole := func(into *int) {
		if *into, err = strconv.Atoi(value); err != nil || *into < 1 {
			err = fmt.Errorf("%s=%s: allowed is a whole number from 1", key, value)
		}
	}
	switch key {
	case "model":
		s.Model = value
	case "weight":
		whole(&s.Weight)
	case "concurrency":
		whole(&s.Concurrency)
	case "per_minute":
		whole(&s.PerMinute)
	case "price":
		if s.Price, err = strconv.ParseFloat(value, 64); err != nil || !(s.Price >= 0 && s.Price < 1e6) {
			err = fmt.Errorf("price=%s: allowed is a number such as 0.006", value)
		}
	case "hotwords":
		if s.Hotwords, err = parseBool(value); err != nil {
			err = fmt.Errorf("hotwords=%s: %w", value, err)
		}
	case "key_env":
		if s.Key = l.o.Getenv(value); s.Key == "" {
			err = fmt.Errorf("key_env=%s: the variable is empty", value)
		}
	case "key_file":
		l.resolve(&value, l.base)
		var data []byte
		if data, err = readSmall(value); err == nil {
			s.Key = strings.TrimRight(string(data), "\r\n")
		}
	case "key":
		err = errors.New("no key belongs into this line, which is shown to people; key_env= names a variable, key_file= a file")
	default:
		err = fmt.Errorf("%q is not known; allowed are %s", key, strings.Join(serviceKeys, "=, ")+"=")
	}
	return err
}
