// Package sound turns any recording into one kind of sound: signed 16-bit
// samples, 16,000 a second, mixed to one channel or with the channels apart.
//
//	this process                       child (one a recording, confined)
//	────────────                       ─────────────────────────────────
//	Decode, original's descriptor ───► wav, mp3, flac: decoded by this program
//	Stream.Read ◄── samples ────────── Silk: it becomes the local engine's decoder
//	                                   everything else: it becomes ffmpeg
//
// All speak the same way back: a wave header without lengths, then samples as
// they come, so that four hours take no more memory than a second. The child has
// limits of memory and computing time, no network, and sees no files but its
// own libraries and the recording (sandbox.Confine); the parent kills it when it
// says nothing for long. How long a recording is, Stream.Samples tells at the
// end: headers lie.
package sound
