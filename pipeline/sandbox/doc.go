// Package sandbox reads originals where they can do no harm: in children, which
// are the same binary with a hidden command.
//
//	this process                          child (long-lived, confined)
//	────────────                          ────────────────────────────
//	Request, original's descriptor  ───►  detects the format, reads
//	Visitor.Child   ◄── metadata, bytes ─ meets what lies in it, waits
//	hash, ledger    ─── skip | read ───►  reads that child too, depth first
//	Visitor.Done    ◄── document ──────── is done with an original
//
// One Request hands over one original with everything small that lies in it, so
// a slice of 300 mails costs one hand-over. The parent believes nothing: it
// hashes what it gets, counts children, bytes and text, watches time and memory
// from outside (watch.go), and kills at a breach. What the kernel has is added
// inside (confine_linux.go).
//
// A child that dies costs its item one more try in a fresh child. If that one
// dies too, the innermost item that was being read gets the reason, and the rest
// of what lies around it is read without it (trial.go).
package sandbox
