package bag

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Verdict is what checking a package came to.
type Verdict struct {
	Bag         string       `json:"bag"`         // its folder's name
	Fingerprint string       `json:"fingerprint"` // as `package` printed it, when nothing covers it up
	Valid       bool         `json:"valid"`
	Files       int64        `json:"files"` // of the payload, as they stand in the file
	Bytes       int64        `json:"bytes"`
	Differences []Difference `json:"differences"`
	Report      *Report      `json:"report,omitempty"` // the check report that lies in it
}

// Difference is one thing that is not as the manifests say.
type Difference struct {
	Kind   string `json:"kind"`
	Path   string `json:"path"`
	To     string `json:"to,omitempty"` // of a renamed file
	Detail string `json:"detail,omitempty"`
}

// Kinds of differences.
const (
	Changed   = "changed"   // other bytes than when it was packed
	Added     = "added"     // no manifest names it
	Renamed   = "renamed"   // its bytes stand under another name
	Removed   = "removed"   // a manifest names it and it is not there
	Damaged   = "damaged"   // its bytes cannot be read
	Malformed = "malformed" // the package itself is not as it must be
	Unsafe    = "unsafe"    // made to deceive or to harm who unpacks it
)

// maxManifest bounds a manifest: a million files are about 150 MB.
const maxManifest = 512 << 20

// maxTag bounds every other tag file.
const maxTag = 16 << 20

// verification is the checking of one file.
type verification struct {
	v     *Verdict
	base  string
	files map[string]*zip.File // by path below the base
	names []string             // of files, in the order of the zip
}

// Verify checks a package. It needs nothing but the file, unpacks nothing to
// the disk and trusts nothing that it says: a hostile file costs no more memory
// than its own list of files. The error is for what is not the package's fault:
// bytes that cannot be read, a cancelled context.
func Verify(ctx context.Context, r io.ReaderAt, size int64) (*Verdict, error) {
	c := &verification{v: &Verdict{Differences: []Difference{}}, files: map[string]*zip.File{}}
	z, err := zip.NewReader(r, size)
	if err != nil {
		if !errors.Is(err, zip.ErrFormat) && !errors.Is(err, zip.ErrInsecurePath) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if z == nil {
			c.differ(Malformed, "", "", "it is not a whole zip file: "+err.Error())
			return c.end(), nil
		}
	}
	c.list(z)
	if err := c.layout(r, size, z); err != nil {
		return nil, err
	}
	if c.base == "" {
		return c.end(), nil
	}
	if err := c.check(ctx); err != nil {
		return nil, err
	}
	return c.end(), nil
}

func (c *verification) differ(kind, path, to, detail string) {
	c.v.Differences = append(c.v.Differences, Difference{kind, path, to, detail})
}

func (c *verification) end() *Verdict {
	for i := range c.v.Differences {
		d := &c.v.Differences[i]
		d.Path, d.To, d.Detail = visible(d.Path), visible(d.To), visible(d.Detail)
	}
	slices.SortStableFunc(c.v.Differences, func(a, b Difference) int { return strings.Compare(a.Path, b.Path) })
	c.v.Valid = len(c.v.Differences) == 0
	return c.v
}

// check holds the payload and the tag files against their manifests.
func (c *verification) check(ctx context.Context) error {
	if text, ok := c.tag(declarationName); !ok || !strings.HasPrefix(text, "BagIt-Version: ") {
		c.differ(Malformed, declarationName, "", "the declaration of a bag is missing or is none")
	}
	info, _ := c.tag(infoName)
	said := map[string]map[string]string{} // algorithm to the sums of paths
	tagged := map[string]map[string]string{}
	for _, name := range c.names {
		for prefix, into := range map[string]map[string]map[string]string{"manifest-": said, "tagmanifest-": tagged} {
			algorithm, ok := strings.CutPrefix(name, prefix)
			if algorithm, ok = cutSuffix(algorithm, ".txt", ok); !ok {
				continue
			}
			if newHash(algorithm) == nil {
				c.differ(Malformed, name, "", "this program knows sha256 and sha512, not "+algorithm)
				continue
			}
			into[algorithm] = c.manifest(name)
		}
	}
	if len(said) == 0 {
		c.differ(Removed, manifestName, "", "without a manifest nothing can be said of the files")
	}
	if len(tagged) == 0 {
		c.differ(Removed, tagManifestName, "", "without it nothing can be said of the manifest")
	}
	actual, err := c.hash(ctx, said, tagged)
	if err != nil {
		return err
	}
	c.compare(said, actual, func(name string) bool { return strings.HasPrefix(name, payload) })
	c.compare(tagged, actual, func(name string) bool {
		return !strings.HasPrefix(name, payload) && !strings.HasPrefix(name, "tagmanifest-")
	})
	for _, name := range c.names {
		if strings.HasPrefix(name, payload) {
			c.v.Files++
		}
	}
	c.oxum(info)
	c.own(ctx, info)
	return nil
}

func cutSuffix(s, suffix string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, suffix)
}

func newHash(algorithm string) hash.Hash {
	switch algorithm {
	case "sha256":
		return sha256.New()
	case "sha512":
		return sha512.New()
	}
	return nil
}

// tag reads a small tag file.
func (c *verification) tag(name string) (string, bool) {
	f := c.files[name]
	if f == nil {
		return "", false
	}
	r, err := f.Open()
	if err != nil {
		return "", false
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxTag))
	return string(text), err == nil
}

// manifest reads the sums that a manifest says.
func (c *verification) manifest(name string) map[string]string {
	out := map[string]string{}
	f := c.files[name]
	r, err := f.Open()
	if err != nil {
		c.differ(Damaged, name, "", err.Error())
		return out
	}
	defer r.Close()
	s := bufio.NewScanner(io.LimitReader(r, maxManifest))
	s.Buffer(make([]byte, 0, 64<<10), 1<<20)
	for s.Scan() {
		text := strings.TrimRight(s.Text(), "\r")
		sum, path, ok := strings.Cut(text, " ")
		// QUIRK: RFC 8493, section 2.1.3 allows any linear white space; md5sum writes
		// a "*" before the name of a binary file and other tools "./".
		path = strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(path, " \t"), "*"), "./")
		if !ok || path == "" {
			if strings.TrimSpace(text) != "" {
				c.differ(Malformed, name, "", "a line is no checksum and path")
			}
			continue
		}
		path = pathDecoder.Replace(path)
		if _, twice := out[path]; twice {
			c.differ(Malformed, name, "", "it names a file twice: "+path)
		}
		out[path] = strings.ToLower(sum)
	}
	if err := s.Err(); err != nil {
		c.differ(Damaged, name, "", err.Error())
	}
	return out
}

// hash computes the sums of all files, by every algorithm that a manifest uses.
func (c *verification) hash(ctx context.Context, said, tagged map[string]map[string]string) (map[string]map[string]string, error) {
	actual := map[string]map[string]string{}
	for _, from := range []map[string]map[string]string{said, tagged} {
		for a := range from {
			actual[a] = map[string]string{}
		}
	}
	for _, name := range c.names {
		var writers []io.Writer
		digests := map[string]hash.Hash{}
		for a := range actual {
			h := newHash(a)
			digests[a] = h
			writers = append(writers, h)
		}
		n, err := c.read(ctx, name, io.MultiWriter(writers...))
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			c.differ(Damaged, name, "", err.Error())
			for a := range actual {
				actual[a][name] = "" // told already; it is there, and no rename of anything
			}
			continue
		}
		if strings.HasPrefix(name, payload) {
			c.v.Bytes += n
		}
		for a, h := range digests {
			actual[a][name] = hex.EncodeToString(h.Sum(nil))
		}
		if name == tagManifestName && digests["sha256"] != nil {
			c.v.Fingerprint = actual["sha256"][name]
		}
	}
	return actual, nil
}

var errLonger = errors.New("it is longer than the zip says")

// read copies a file's bytes, no more than the zip claims: deflate can unpack
// a thousandfold, and what the claims add up to is what people see.
func (c *verification) read(ctx context.Context, name string, w io.Writer) (int64, error) {
	f := c.files[name]
	if f.Flags&1 != 0 {
		return 0, errors.New("it is encrypted")
	}
	r, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	claimed := int64(min(f.UncompressedSize64, 1<<62))
	n, err := io.Copy(w, io.LimitReader(&stoppable{ctx, r}, claimed+1))
	if err == nil && n > claimed {
		err = errLonger
	}
	return n, err
}

// compare tells what manifests and files say of each other. mine says which
// files the manifests are about.
func (c *verification) compare(said, actual map[string]map[string]string, mine func(string) bool) {
	told := map[string]bool{}
	for _, a := range []string{"sha512", "sha256"} {
		manifest, ok := said[a]
		if !ok {
			continue
		}
		var missing []string
		stray := map[string][]string{} // sum to files that no manifest names
		for path, sum := range manifest {
			have, ok := actual[a][path]
			switch {
			case told[path]:
			case !mine(path):
				c.differ(Malformed, path, "", "a manifest names what it may not")
				told[path] = true
			case !ok:
				missing = append(missing, path)
			case have != sum && have != "":
				c.differ(Changed, path, "", a+" "+have)
				told[path] = true
			}
		}
		for _, name := range c.names {
			if _, ok := manifest[name]; !ok && mine(name) && !told[name] {
				stray[actual[a][name]] = append(stray[actual[a][name]], name)
				told[name] = true
			}
		}
		slices.Sort(missing)
		for _, path := range missing {
			if told[path] {
				continue
			}
			told[path] = true
			if to := stray[manifest[path]]; len(to) > 0 {
				c.differ(Renamed, path, to[0], "")
				stray[manifest[path]] = to[1:]
				continue
			}
			c.differ(Removed, path, "", "")
		}
		for sum, names := range stray {
			for _, name := range names {
				if sum != "" {
					c.differ(Added, name, "", "")
				}
			}
		}
	}
}

// oxum holds the counts of bag-info.txt against what is there. What the
// manifests have told already is not told again.
func (c *verification) oxum(info string) {
	for text := range strings.SplitSeq(info, "\n") {
		value, ok := strings.CutPrefix(text, "Payload-Oxum:")
		if !ok {
			continue
		}
		bytes, files, _ := strings.Cut(strings.TrimSpace(value), ".")
		b, err := strconv.ParseInt(bytes, 10, 64)
		n, err2 := strconv.ParseInt(files, 10, 64)
		if errors.Join(err, err2) != nil || len(c.v.Differences) == 0 && (b != c.v.Bytes || n != c.v.Files) {
			c.differ(Malformed, infoName, "", fmt.Sprintf("Payload-Oxum says %s, and there are %d.%d", strings.TrimSpace(value), c.v.Bytes, c.v.Files))
		}
	}
}

// agent is how bag-info.txt names a package of ours.
const agent = "Bag-Software-Agent: guidang"

// own looks closer at a package of ours: the tag manifest, which nothing else
// covers, has one form only, and a check report lies in it.
func (c *verification) own(ctx context.Context, info string) {
	if !strings.Contains("\n"+info, "\n"+agent) {
		return
	}
	var want strings.Builder
	for _, name := range []string{declarationName, infoName, manifestName} {
		h := sha256.New()
		if c.files[name] == nil {
			return // told already
		}
		if _, err := c.read(ctx, name, h); err != nil {
			return // likewise
		}
		line(&want, h.Sum(nil), name)
	}
	if text, ok := c.tag(tagManifestName); ok && text != want.String() && len(c.v.Differences) == 0 {
		c.differ(Changed, tagManifestName, "", "it is not written as this program writes it")
	}
	if text, ok := c.tag(payload + "report.json"); ok {
		var r Report
		if json.Unmarshal([]byte(text), &r) == nil {
			c.v.Report = &r
		}
	}
}
