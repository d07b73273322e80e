// Package config holds every setting of Guidang in one struct, fed by one
// table (options.go): the YAML file, the environment, the flags, the example
// file and docs/configuration.md all come from that table, so none of them can
// say something that another does not.
//
// The package imports nothing of Guidang. A Config is passed in to whoever
// needs it and never reached for.
package config

import "time"

// FileName is the settings file that Load looks for in the current directory
// when none is named.
const FileName = "guidang.yaml"

// Config is every setting, checked and with its defaults filled in.
type Config struct {
	Data                   string        // data directory, absolute after Load
	Sources                []Source      // what to pull from
	Originals              string        // auto, copy or reference
	OriginalsReferenceOver int64         // bytes; with auto, larger audio and video is referenced
	SettleTime             time.Duration // a file younger than this is waited for
	Workers                int           // items read at the same time
	Schedule               string        // cron expression for all sources, empty: none
	TimeZone               string        // IANA name, or Local
	Language               string        // of the pages: auto, zh or en
	Listen                 string        // address of the pages
	Limits                 Limits        // what one original may cost
	Review                 Review
	Notify                 Notify     // how people are told
	Sandbox                string     // auto, on or off: whether readers work in processes of their own
	Reader                 Reader     // what the process that reads one original may take
	Passwords              []string   // tried on encrypted files, in order; secret
	Terms                  Terms      // key terms
	OCR                    OCR        // text in pictures
	Transcribe             Transcribe // transcripts of recordings
	Names                  Names      // the rule of file names
	Minutes                Minutes    // minutes of recordings
	Index                  Index      // the search index
	Engines                Engines    // local engines
	Disk                   Disk       // the guard of the disk
	Log                    Log        // the log

	// How the settings came to be: for Show and Warnings only.
	file     string
	origins  map[string]string
	warnings []string
}

// Source is one folder to pull from.
type Source struct {
	Name      string   // unique; by default the last part of Path
	Path      string   // folder or file, absolute after Load
	Originals string   // auto, copy or reference; empty: as for all
	Schedule  string   // cron expression; empty: as for all
	Marker    string   // a file that must lie in the root, else the source counts as not mounted
	Skip      []string // globs of what is left out
	Trees     bool     // walk into source trees too
}

// Review says what the quarterly review goes by.
type Review struct {
	Template string // which documents projects must have; empty: the built-in one
}

// Notify says how people are told what they are responsible for.
type Notify struct {
	Webhook  string // of a group; secret
	Server   string // smtp:// or smtps://
	From     string
	User     string
	Password string // secret
	Link     string // where the pages are, as people reach them
}

// Limits bound what one original may cost. The fields are those of
// document.Limits, in the same order, so that one converts to the other.
type Limits struct {
	Depth     int   // of nesting
	Entries   int   // children of one container
	Expanded  int64 // bytes that one container may unpack to
	Ratio     int64 // of expanded to packed bytes
	TextBytes int64 // text of one document
	Pages     int   // pages of one document
	Rows      int   // rows of one workbook
	Pixels    int64 // pixels of one picture
	Hours     int   // hours of one recording
}

// Reader bounds the process that reads one original.
type Reader struct {
	Seconds int   // of computing
	Memory  int64 // bytes
}

// Terms are the settings of key terms.
type Terms struct {
	Glossary string // file, one term a line
	Tags     string // file of rules
}

// Names are the settings of the office's rule of file names.
type Names struct {
	Pattern string // {project}_{type}_{date}_v{version}
}

// Minutes are the settings of minutes.
type Minutes struct {
	SummaryChars int          // length of a summary
	Holidays     string       // file of days off and worked weekends
	Model        MinutesModel // a chat endpoint; without a URL minutes are made offline
}

// MinutesModel says how a language model is reached and what it may cost.
type MinutesModel struct {
	URL           string // up to and with /v1
	Name          string
	Key           string // secret
	ContextTokens int
	OutputTokens  int
	Budget        int // tokens of a process; 0: no limit
	Concurrency   int
	Timeout       time.Duration // of one request
	Templates     string        // folder
}

// OCR says what reads the text in pictures.
type OCR struct {
	Program   string // auto, off, or where tesseract lies
	Languages string // its models, the commonest first; empty: the usual ones
	Minutes   int    // that a run started by hand reads pictures; 0: to the end
}

// Engines are the settings of the local engine for speech.
type Engines struct {
	Model   string        // that transcribes; empty: the one installed last
	Threads int           // of computing; 0: the CPUs, at most 4
	Memory  int64         // bytes it may hold
	Idle    time.Duration // after which it is stopped
	Command []string      // another server in its place
	Python  string        // to install it with; empty: the best that is found
	Index   string        // of Python packages; empty: pip's own settings
	Hub     string        // of models
}

// Index says where passages are indexed.
type Index struct {
	Engine      string // embedded or meilisearch
	Meilisearch Meilisearch
}

// Meilisearch says how a Meilisearch server is reached.
type Meilisearch struct {
	URL    string
	Key    string // secret
	KeyUID string // of a key that is no master key
	Prefix string // of the names of our indexes
}

// Disk is the guard of the disk.
type Disk struct {
	MinFree int64 // bytes that must stay free where the data directory lies
}

// Log are the settings of the log.
type Log struct {
	Level string // debug, info, warn or error
}

// File is the settings file that was read; empty if there was none.
func (c *Config) File() string { return c.file }

// Warnings are oddities that stop nothing, for the log: a variable of the
// environment that looks like a setting and is none.
func (c *Config) Warnings() []string { return c.warnings }
