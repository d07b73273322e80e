package pipeline

import (
	"cmp"
	"hash/fnv"
	"path"
	"slices"
	"strings"

	"guidang/config"
	"guidang/extractors/document"
	"guidang/pipeline/sandbox"
	"guidang/pipeline/source"
)

// planner makes a plan.
type planner struct {
	cfg      *config.Config
	settings *readingSettings
	scratch  string
	reader   sandbox.Reader
	sources  map[string]source.Source
	classes  map[string]*class
	beside   map[string][]string // names of possible transcripts by source and folder
	plan     *Plan
}

// class is all files of one ending.
type class struct {
	ending string
	kind   document.Kind
	files  int64
	bytes  int64
	kept   int64 // bytes that would be copied, not referenced

	sample []candidate // the files with the smallest hashes: chance, and the same every time
	all    []candidate // of recordings and mailboxes: all of them

	read    int64 // files of the sample that were read
	size    int64 // bytes of these
	seconds float64
	docs    int64 // documents that came out, children too
	text    int64 // bytes of their text
	away    int64 // attachments that lie with a service
	none    map[string]int64
}

// candidate is a file that may be looked into.
type candidate struct {
	source, locator, name string
	size                  int64
	hash                  uint64
	mails                 int64   // of a mailbox, once it was looked into
	hours                 float64 // of a recording, likewise
	looked                bool
}

// sampleFiles is how many files of a class are read at most. Thirty tell a mean
// to about a fifth where files differ as offices' do.
const sampleFiles = 30

// maxCandidates bounds what is remembered of recordings and mailboxes, each.
const maxCandidates = 50_000

// kindsByEnding says what files are by name. Only a plan goes by names: what a
// file is is told by its bytes when it is read.
var kindsByEnding = map[document.Kind]string{
	document.KindMail:       ".eml .emlx .msg .mbox .mbx .pst .ost .box .tnef",
	document.KindSheet:      ".xls .xlsx .xlsm .xlsb .xlt .xltx .et .ods .csv .tsv",
	document.KindDocument:   ".doc .docx .docm .dot .dotx .wps .rtf .pdf .odt .ofd .htm .html .mht .mhtml .vsd .vsdx .xmind",
	document.KindSlides:     ".ppt .pptx .pptm .pps .ppsx .dps .odp",
	document.KindImage:      ".jpg .jpeg .png .gif .bmp .tif .tiff .webp .heic",
	document.KindRecording:  ".mp3 .wav .m4a .mp4 .mov .avi .wma .amr .ogg .opus .flac .aac .mkv .webm",
	document.KindTranscript: ".vtt .srt .lrc .ass",
	document.KindArchive:    ".zip .rar .7z .tar .gz .tgz .bz2 .xz .zst .lz4 .iso",
	document.KindCalendar:   ".ics",
	document.KindContact:    ".vcf",
	document.KindText:       ".txt .md .log .json .xml .yaml .yml .ini .sql",
}

// mailboxes are the endings of files that hold many mails.
var mailboxes = []string{".mbox", ".mbx", ".pst", ".ost", ".box"}

func kindByEnding(ending string) document.Kind {
	for kind, list := range kindsByEnding {
		if ending != "" && slices.Contains(strings.Fields(list), ending) {
			return kind
		}
	}
	return document.KindOther
}

// file counts one file of a walk.
func (pl *planner) file(s config.Source, e source.Entry) {
	ending := strings.ToLower(path.Ext(e.Name))
	kind := kindByEnding(ending)
	if kind == document.KindOther {
		ending = "" // thousands of endings that nobody knows are one class
		if strings.EqualFold(e.Name, "mbox") {
			ending, kind = ".mbox", document.KindMail
		}
	}
	counted := pl.plan.ByKind[kind]
	pl.plan.ByKind[kind] = PlannedKind{counted.Files + 1, counted.Bytes + e.Size}
	if e.Size == 0 {
		pl.trouble(PlannedTrouble{s.Name, e.Locator, string(document.Empty), ""}, 1)
		return
	}
	c := pl.classes[ending]
	if c == nil {
		c = &class{ending: ending, kind: kind, none: map[string]int64{}}
		pl.classes[ending] = c
	}
	c.files++
	c.bytes += e.Size
	if !pl.referenced(s, e, kind) {
		c.kept += e.Size
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(s.Name + "\x00" + e.Locator))
	one := candidate{source: s.Name, locator: e.Locator, name: e.Name, size: e.Size, hash: h.Sum64()}
	c.offer(one)
	if (kind == document.KindRecording || slices.Contains(mailboxes, ending)) && len(c.all) < maxCandidates {
		c.all = append(c.all, one)
	}
	if kind == document.KindTranscript || kind == document.KindText || ending == ".docx" {
		folder := plannedFolder(s.Name, e.Locator)
		pl.beside[folder] = append(pl.beside[folder], e.Name)
	}
}

// plannedFolder names the folder of a file of a source.
func plannedFolder(source, locator string) string { return source + "\x00" + path.Dir(locator) }

// offer keeps a file if it is among the sample.
func (c *class) offer(one candidate) {
	at, _ := slices.BinarySearchFunc(c.sample, one, func(a, b candidate) int { return cmp.Compare(a.hash, b.hash) })
	if at >= sampleFiles {
		return
	}
	c.sample = slices.Insert(c.sample, at, one)
	c.sample = c.sample[:min(len(c.sample), sampleFiles)]
}

// referenced says whether a file's bytes would stay where they are.
func (pl *planner) referenced(s config.Source, e source.Entry, kind document.Kind) bool {
	switch mode := s.Originals; {
	case mode == "reference", mode == "" && pl.cfg.Originals == "reference":
		return true
	case mode == "copy", mode == "" && pl.cfg.Originals == "copy":
		return false
	}
	return kind == document.KindRecording && e.Size > pl.cfg.OriginalsReferenceOver
}
