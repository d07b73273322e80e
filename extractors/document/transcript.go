package document

// Transcript is what was said, when and by whom. Times are seconds from the
// recording's beginning; utterance ids count from 1 without gaps.
type Transcript struct {
	Title      string      `json:"title"`
	Date       string      `json:"date"` // YYYY-MM-DD or RFC 3339, empty if unknown
	Language   string      `json:"language"`
	Duration   float64     `json:"duration"`
	Source     string      `json:"source"` // sidecar, engine or import
	Engine     *Engine     `json:"engine,omitempty"`
	Utterances []Utterance `json:"utterances"`

	// Of one that an engine made: how good it is to be expected (low, fair or good;
	// empty when nothing tells), the engine's mean confidence, and what it said
	// without any sound to say it by, taken out and kept for the record.
	Quality    string      `json:"quality,omitempty"`
	Confidence float64     `json:"confidence,omitempty"`
	Dropped    []Utterance `json:"dropped,omitempty"`
}

// Engine names what made a transcript.
type Engine struct {
	Name        string `json:"name"`
	Model       string `json:"model"`
	Fingerprint string `json:"fingerprint"`
}

// Utterance is one stretch of one speaker's talk.
type Utterance struct {
	ID         int      `json:"id"`
	Start      float64  `json:"start"`
	End        float64  `json:"end"`
	Speaker    string   `json:"speaker"`
	Text       string   `json:"text"`
	Confidence float64  `json:"confidence,omitempty"` // 0 to 1; 0 means not given
	Flags      []string `json:"flags,omitempty"`
}
