// Package transcribe makes transcripts of recordings.
//
//	sound ──► voice ──► parts ──► a service ──► answers ──► transcript
//	         (level)   (cut in   (any OpenAI-   (kept the   (placed, joined,
//	                    silence)  compatible)    moment      checked)
//	                                             they come)
//
// The time line is ours: the sound is cut where nobody speaks (voice.go, cut.go),
// and what a service says of times is held against where there is sound
// (place.go). What it says without any sound to say it by is taken out and kept
// in the record (truth.go). Each part's answer is kept under the hash of its
// sound and what made it, so a killed night goes on at the next part, and equal
// sound is sent once (hear.go).
//
// Sound is 16 kHz, one channel, 16 bits little-endian throughout.
package transcribe

// Rate is samples a second.
const Rate = 16000

const sampleBytes = 2

// seconds of a number of samples.
func seconds(samples int64) float64 { return float64(samples) / Rate }
