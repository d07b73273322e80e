package packed

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// Volume is a later volume of a set: bytes out of the middle of an archive,
// without a signature, which only its name tells. Those that lie beside each other
// are joined before a reader sees them (set.go); this is for what is left over, and
// for those within other containers. The first volume is read by the reader of its
// format, which gives what it can.
var Volume = document.Format{
	Name: "volume", Version: 1, Kind: document.KindArchive, MediaType: "application/octet-stream",
	Detect: func(in *document.Input) bool {
		n := volumeNumber(in.Name)
		return n > 1 && bytes.IndexByte(in.Head(), 0) >= 0
	},
	Read: func(_ context.Context, in *document.Input, _ func(*document.Child) error) (*document.Document, error) {
		doc := document.Unreadable(document.KindArchive, document.Truncated, alone)
		doc.Warn("volume", fmt.Sprintf("this is volume %d of a set", volumeNumber(in.Name)))
		return doc, nil
	},
}

// alone is what is said of every volume that its reader cannot complete.
const alone = "it is one volume of a set, and others are missing; put all of them into one folder"

// volumeNames are the ways that archivers number volumes: 7-Zip's and HJSplit's
// a.7z.001, WinZip's a.z01, WinRAR's a.part01.rar and, before 3.0, a.r00.
var volumeNames = regexp.MustCompile(`(?i)\.(?:(?:7z|zip|rar|tar|tgz|gz|bz2|xz|zst)\.(\d{3,4})|z(\d\d)|part(\d{1,4})\.(?:rar|exe)|r(\d\d))$`)

// volumeNumber is the number of a volume from 1, by its name; 0 is no volume.
func volumeNumber(name string) int {
	m := volumeNames.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1] + m[2] + m[3] + m[4])
	if err != nil {
		return 0
	}
	if m[4] != "" {
		return n + 2 // the first volume is a.rar, the second a.r00
	}
	return n
}

// tellVolume says that an archive goes on in other files, when its bytes or its
// name tell so. A document that has lost something already keeps its reason.
func tellVolume(doc *document.Document, in *document.Input, sure bool) {
	if !sure && (volumeNumber(in.Name) == 0 || doc.Read == document.Full) {
		return
	}
	if doc.Read == document.Full {
		doc.Lose(document.Partial, document.Truncated, alone)
		return
	}
	if !strings.Contains(fmt.Sprint(doc.Warnings), alone) {
		doc.Warn("volume", alone)
	}
}
