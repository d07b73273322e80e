// Package pipeline takes items from sources to searchable documents and keeps
// the account of every one of them.
//
//	source ── item ──► store (original, by SHA-256)
//	                     │
//	                extractors ──► document ──► children are items again
//	                     │             │
//	             (recording)      terms, tags
//	                     │             │
//	              transcript ──► minutes
//	                                   │
//	                                ledger  ◄── the truth: state, provenance, results
//	                                   │ outbox
//	                                 index ──► Bleve in the process, or Meilisearch
//
// Read pipeline.go first: a run from top to bottom. Then, in the order of the
// data: discover.go (source against ledger), read.go (bytes to documents),
// commit.go (documents into the ledger), meetings.go (recordings, transcripts,
// minutes), feed.go (outbox to index).
//
// An item is in one state:
//
//	            ┌────────► skipped (by which rule)
//	found ──► pending ──► quarantined (why)
//	            │  │  └──► duplicate-of, part-of
//	            │  └─outbox, confirmed by the engine──► indexed
//	            └────outbox, confirmed by the engine──► waiting (for what)
//
// Three laws hold after every run and after every crash: the ledger and the
// originals are the truth and everything else can be rebuilt; every item ever
// found is in exactly one state; nothing is computed twice.
package pipeline
