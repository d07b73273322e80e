package document

// Named is a file that a place in a document names: one in the column of
// attachments of an approval list, or one that a cell links to.
type Named struct {
	Position Position `json:"position"`
	Name     string   `json:"name,omitempty"` // without folders; empty when only an address is given
	URL      string   `json:"url,omitempty"`

	// Attached is true when the place says that the file belongs to it. Without it the
	// file is missed by nobody.
	Attached bool `json:"attached,omitempty"`
}
