package bag

import (
	"time"

	"guidang/extractors/document"
)

// Project is what a package is of.
type Project struct {
	Number      string   `json:"number"` // 项目编号: the beginning of every 档号
	Name        string   `json:"name"`
	Customer    string   `json:"customer,omitempty"`
	Contracts   []string `json:"contracts,omitempty"`
	Phase       string   `json:"phase,omitempty"`
	State       string   `json:"state,omitempty"`
	Responsible string   `json:"responsible,omitempty"`
	Begun       string   `json:"begun,omitempty"`
	Ended       string   `json:"ended,omitempty"`
	Retention   string   `json:"retention"` // 保管期限, where a record has none of its own
	Secrecy     string   `json:"secrecy"`   // 密级, likewise
}

// Record is one document of a package with the fields that archivists know.
type Record struct {
	Number      string `json:"number"`      // 档号; set by Pack
	Title       string `json:"title"`       // 题名
	Responsible string `json:"responsible"` // 责任者: author, sender, or whoever made it
	Date        string `json:"date"`        // 日期, YYYY-MM-DD
	Retention   string `json:"retention"`   // 保管期限
	Secrecy     string `json:"secrecy"`     // 密级
	Type        string `json:"type"`        // 文件类型, by its word: 合同, SRS …; the kind where it is not known
	Version     string `json:"version,omitempty"`
	Signed      string `json:"signed,omitempty"` // yes, no, or empty where it does not matter

	Document  string          `json:"document"` // Guidang's id
	Kind      document.Kind   `json:"kind"`
	MediaType string          `json:"media_type"`
	Language  string          `json:"language,omitempty"`
	Read      document.Read   `json:"read"`
	Reason    document.Reason `json:"reason,omitempty"`
	SHA256    string          `json:"sha256"`
	Size      int64           `json:"size"`
	Original  string          `json:"original,omitempty"`  // its path below data/, empty when absent; set by Pack
	Text      string          `json:"text,omitempty"`      // likewise
	Minutes   string          `json:"minutes,omitempty"`   // likewise
	Absent    string          `json:"absent,omitempty"`    // why the original is not in the package
	Sensitive []string        `json:"sensitive,omitempty"` // kinds of sensitive data in it
	Searched  bool            `json:"-"`                   // whether these were looked for

	Name     string    `json:"-"` // under which the original stands, before it is made safe
	Modified time.Time `json:"-"`
	Sum      Sum       `json:"-"` // that the ledger has for the original
	Places   []Place   `json:"-"`

	Sections     []document.Section `json:"-"`
	Warnings     []document.Warning `json:"-"`
	Markdown     string             `json:"-"` // of its minutes
	MinutesJSON  []byte             `json:"-"`
	MinutesTitle string             `json:"-"`
}

// Place is one item of the ledger: where something was found and what became of
// it.
type Place struct {
	Source  string
	Locator string
	State   string
	Reason  string
	Detail  string
	Gone    bool
	Size    int64
	SHA256  string
}

// Requirement is a type of document that the project must have, and how it
// stands.
type Requirement struct {
	Type   string   `json:"type"`
	State  string   `json:"state"` // there, missing, unsigned, cloud
	Titles []string `json:"documents,omitempty"`
}

// Options of a package.
type Options struct {
	Made     time.Time
	Software string // name and version of what made it
	English  bool   // words of folders and pages; else Chinese
	Scratch  string // folder for what is written while originals stream
}
