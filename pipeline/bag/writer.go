package bag

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
)

// Names of tag files (RFC 8493, section 2).
const (
	declarationName = "bagit.txt"
	infoName        = "bag-info.txt"
	manifestName    = "manifest-sha256.txt"
	tagManifestName = "tagmanifest-sha256.txt"
	payload         = "data/"

	declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
)

// Field is a line of bag-info.txt.
type Field struct{ Label, Value string }

// Writer writes one bag as a zip stream. It is used by one goroutine; the
// caller closes what it writes to.
type Writer struct {
	zip      *zip.Writer
	base     string // the one folder at the top, with "/"
	made     time.Time
	manifest strings.Builder
	seen     map[string]bool
	files    int64
	bytes    int64
}

// NewWriter begins a bag in the folder name. The time is that of files that
// bring none.
func NewWriter(w io.Writer, name string, made time.Time) *Writer {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
	return &Writer{zip: z, base: name + "/", made: made, seen: map[string]bool{}}
}

// Sum is the SHA-256 of a file's bytes.
type Sum = [sha256.Size]byte

// Add writes a file of the payload; name is its path below data/. It gives what
// was written: the sum is that of the bytes that stand in the bag.
func (w *Writer) Add(ctx context.Context, name string, modified time.Time, r io.Reader) (Sum, int64, error) {
	if modified.Year() < 1980 || modified.Year() > 2107 { // what a zip can say
		modified = w.made
	}
	sum, n, err := w.write(ctx, payload+name, modified, r)
	if err != nil {
		return sum, n, fmt.Errorf("%s: %w", name, err)
	}
	w.files++
	w.bytes += n
	line(&w.manifest, sum[:], payload+name)
	return sum, n, nil
}

// Close writes the tag files and the end of the zip. It returns the bag's
// fingerprint: the SHA-256 of the tag manifest, which covers everything else.
// Whoever keeps it elsewhere can tell a bag that was remade from the true one.
func (w *Writer) Close(ctx context.Context, info []Field) (fingerprint string, err error) {
	info = append(info, Field{"Payload-Oxum", fmt.Sprintf("%d.%d", w.bytes, w.files)}, Field{"Bagging-Date", w.made.Format(time.DateOnly)})
	var text strings.Builder
	for _, f := range info {
		// A value of several lines would need folding (section 2.2.2); none has.
		fmt.Fprintf(&text, "%s: %s\n", f.Label, strings.Join(strings.Fields(f.Value), " "))
	}
	var tags strings.Builder
	for _, f := range []struct{ name, text string }{{declarationName, declaration}, {infoName, text.String()}, {manifestName, w.manifest.String()}} {
		sum, _, err := w.write(ctx, f.name, w.made, strings.NewReader(f.text))
		if err != nil {
			return "", err
		}
		line(&tags, sum[:], f.name)
	}
	sum, _, err := w.write(ctx, tagManifestName, w.made, strings.NewReader(tags.String()))
	if err == nil {
		err = w.zip.Close()
	}
	return hex.EncodeToString(sum[:]), err
}

var errTwice = errors.New("there is a file of that name in the bag already")

func (w *Writer) write(ctx context.Context, name string, modified time.Time, r io.Reader) (sum Sum, n int64, err error) {
	key := strings.ToLower(name)
	if w.seen[key] {
		return sum, 0, errTwice
	}
	w.seen[key] = true
	h := &zip.FileHeader{Name: w.base + name, Method: zip.Deflate, Modified: modified}
	if packed[strings.ToLower(path.Ext(name))] {
		h.Method = zip.Store
	}
	h.SetMode(0o644)
	out, err := w.zip.CreateHeader(h)
	if err != nil {
		return sum, 0, err
	}
	digest := sha256.New()
	n, err = io.Copy(io.MultiWriter(out, digest), &stoppable{ctx, r})
	digest.Sum(sum[:0])
	return sum, n, err
}

// packed are the endings of what does not get smaller.
var packed = map[string]bool{
	".docx": true, ".xlsx": true, ".pptx": true, ".zip": true, ".7z": true, ".rar": true, ".gz": true, ".xz": true, ".bz2": true, ".zst": true,
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".heic": true, ".mp3": true, ".m4a": true, ".mp4": true, ".mov": true,
	".aac": true, ".ogg": true, ".opus": true, ".amr": true, ".wma": true, ".flac": true, ".mkv": true, ".webm": true, ".ofd": true, ".odt": true, ".ods": true, ".odp": true,
}

// line writes a line of a manifest (section 2.1.3): of a path only line ends
// and the percent sign are encoded.
func line(b *strings.Builder, sum []byte, name string) {
	b.WriteString(hex.EncodeToString(sum))
	b.WriteString("  ")
	b.WriteString(pathEncoder.Replace(name))
	b.WriteByte('\n')
}

var (
	pathEncoder = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	pathDecoder = strings.NewReplacer("%25", "%", "%0D", "\r", "%0d", "\r", "%0A", "\n", "%0a", "\n")
)

// stoppable ends a copy when its context ends.
type stoppable struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
