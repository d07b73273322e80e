package source

import (
	"maps"
	"path"
	"regexp"
	"strings"
)

// Names of rules, as they stand in the ledger, in `guidang items` and in
// docs/skip-rules.md. They are kept: scripts branch on them.
const (
	ruleUser         = "user"
	ruleSymlink      = "symlink"
	ruleSpecial      = "special"
	ruleSystem       = "system-litter"
	ruleOfficeTemp   = "office-temp"
	rulePartial      = "partial-download"
	ruleVersions     = "version-control"
	ruleDependencies = "dependencies"
	ruleBuildOutput  = "build-output"
	ruleTree         = "source-tree"
	ruleDump         = "database-dump"
	ruleInstaller    = "installer"
	ruleImage        = "disk-image"
	ruleMail         = "mail-index"
)

// verdict is what a rule says of an entry; the zero verdict keeps it.
type verdict struct{ rule, detail string }

// mailFiles are what mail programs and servers write beside mails: indexes that
// they make anew, lists of ids, sizes. The mails are read without them.
var mailFiles = set("maildirfolder", "maildirsize", "subscriptions", ".mh_sequences", ".xmhcache", ".mew-summary", "courierimapuiddb", "courierimapsubscribed", "courierimapacl",
	"dovecot-uidlist", "dovecot-uidvalidity", "dovecot-keywords", "dovecot.mailbox.log", "dovecot-acl", "panacea.dat", "popstate.dat", "msgfilterrules.dat", "filterlog.html", "global-messages-db.sqlite")

// mailBeginnings are names that go on with numbers or kinds.
var mailBeginnings = []string{"dovecot.index", "dovecot.list.index", "dovecot-uidvalidity.", "courierimapuiddb."}

// systemFiles and systemFolders are left behind by operating systems, storage
// boxes and synchronisers. Keys are in lower case.
var systemFiles = set("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".ds_store", ".localized", ".apdisk", "icon\r", ".directory")

var systemFolders = set("@eadir", "@tmp", "@recycle", "#recycle", "#snapshot", "@synoresource", "$recycle.bin", "recycler", "recycled",
	"system volume information", "lost+found", ".trash", ".trashes", ".spotlight-v100", ".fseventsd", ".temporaryitems",
	".documentrevisions-v100", ".appledouble", "__macosx", ".stfolder", ".stversions", ".dropbox.cache")

// versionFolders hold the history of a version control system. CVS is not among
// them: a folder "CVs" holds people's curricula vitae.
var versionFolders = set(".git", ".svn", ".hg", ".bzr")

// dependencyFolders and buildFolders are made by tools wherever they stand.
var dependencyFolders = set("node_modules", "bower_components", "site-packages", ".venv", ".pnpm-store")

var buildFolders = set("__pycache__", ".gradle", ".idea", ".vs", ".vscode", ".settings", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox",
	".eggs", ".next", ".nuxt", ".parcel-cache", ".terraform", "deriveddata", "cmakefiles")

// fileEndings give the rule of a file by the last ending of its name.
var fileEndings = merge(
	endings(rulePartial, ".crdownload", ".part", ".partial", ".download", ".opdownload", ".!qb", ".!ut", ".!bt", ".bc!", ".downloading",
		".xltd", ".td", ".aria2", ".filepart", ".fdmdownload", ".unfinished", ".ut!"),
	endings(ruleMail, ".msf"),
	endings(ruleDump, ".dmp", ".mdf", ".ldf", ".ndf", ".ibd", ".myd", ".myi", ".frm"),
	endings(ruleInstaller, ".exe", ".msi", ".msix", ".appx", ".pkg", ".deb", ".rpm", ".apk", ".xapk", ".aab", ".ipa", ".hap", ".snap",
		".flatpak", ".appimage", ".cab", ".jar", ".war", ".ear", ".aar", ".dll", ".sys", ".whl", ".nupkg"),
	endings(ruleImage, ".dmg", ".img", ".vmdk", ".ova", ".ovf", ".vdi", ".vhd", ".vhdx", ".qcow2", ".wim", ".esd", ".gho", ".nrg", ".mds"),
)

// longEndings need more than the last ending.
var longEndings = []struct{ ending, rule string }{
	{".td.cfg", rulePartial}, {".xltd.cfg", rulePartial},
	{".sql.gz", ruleDump}, {".sql.bz2", ruleDump}, {".sql.xz", ruleDump}, {".sql.zst", ruleDump}, {".sql.zip", ruleDump}, {".sql.7z", ruleDump},
}

// folderEndings are folders that are one thing to a person.
var folderEndings = merge(endings(rulePartial, ".download"), endings(ruleInstaller, ".app"), endings(ruleImage, ".vmwarevm", ".sparsebundle"))

// largeDump is how large a .sql or .bak must be to be taken for a dump. A script
// that someone wrote and a person's own safety copy are smaller: of hand-written
// .sql files few pass 100 kB, and an empty SQL Server backup has 2 MB.
const largeDump = 1 << 20

// largeImage is how large an .iso must be to be taken for a system's or an
// installer's. Discs that people burnt with data hold up to 700 MB (CD), and what
// was scanned or delivered on them is wanted; Windows and Linux come in 2 to 8 GB.
const largeImage = 1 << 30

// officeTemp are the temporary files of Word (~WRD0001.tmp, ~WRL0003.tmp), Excel
// (8 hexadecimal digits), PowerPoint (ppt1A2B.tmp), OLE (~DF1234.tmp) and WPS.
// Other .tmp files are kept: people name copies so.
var officeTemp = regexp.MustCompile(`(?i)^(~.*|[0-9a-f]{8}|ppt[0-9a-f]{1,4}(\.[a-z]+)?|wps[0-9a-f.]*)\.tmp$`)

// dumpName is how people and tools name dumps.
var dumpName = regexp.MustCompile(`(?i)dump|backup|备份|全库|导库`)

// fileRule judges a plain file by its name for people and its size. No file is
// opened for it.
func fileRule(name string, size int64) verdict {
	lower := lowerName(name)
	switch {
	case systemFiles[lower]:
		return verdict{ruleSystem, lower}
	case mailFiles[lower]:
		return verdict{ruleMail, lower}
	case strings.HasPrefix(name, "._") && len(name) > 2:
		return verdict{ruleSystem, "._*"} // AppleDouble: a Mac's second fork of a file
	case strings.HasPrefix(name, ".nfs0"), strings.HasPrefix(name, ".fuse_hidden"):
		return verdict{ruleSystem, "deleted, but still open somewhere"}
	case strings.HasPrefix(name, "~$"), strings.HasPrefix(name, ".~"):
		return verdict{ruleOfficeTemp, name[:2] + "*"}
	}
	for _, b := range mailBeginnings {
		if strings.HasPrefix(lower, b) {
			return verdict{ruleMail, b + "*"}
		}
	}
	ending := path.Ext(lower)
	switch rule := fileEndings[ending]; {
	case rule != "":
		return verdict{rule, "*" + ending}
	case ending == ".tmp" && officeTemp.MatchString(name):
		return verdict{ruleOfficeTemp, "*.tmp"}
	case ending == ".sql" && (size >= largeDump || dumpName.MatchString(name)):
		return verdict{ruleDump, "*.sql"}
	case ending == ".bak" && size >= largeDump && !documentEndings[path.Ext(strings.TrimSuffix(lower, ending))]:
		return verdict{ruleDump, "*.bak"} // 合同.docx.bak is a person's copy
	}
	if ending == ".iso" && size > largeImage {
		return verdict{ruleImage, "*.iso"}
	}
	for _, l := range longEndings {
		if strings.HasSuffix(lower, l.ending) {
			return verdict{l.rule, "*" + l.ending}
		}
	}
	return verdict{}
}

// folderRule judges a folder by its own name and by what lies beside it.
func folderRule(name string, beside signs) verdict {
	lower := lowerName(name)
	switch {
	case systemFolders[lower], strings.HasPrefix(lower, ".trash-"):
		return verdict{ruleSystem, lower}
	case versionFolders[lower]:
		return verdict{ruleVersions, lower}
	case dependencyFolders[lower]:
		return verdict{ruleDependencies, lower}
	case buildFolders[lower]:
		return verdict{ruleBuildOutput, lower}
	}
	if rule := folderEndings[path.Ext(lower)]; rule != "" {
		return verdict{rule, "*" + path.Ext(lower)}
	}
	return beside.folderRule(lower)
}

// lowerName lowers the ASCII letters of a name, without a copy where there are
// none to lower. All tables are ASCII, and strings.ToLower on Chinese names took
// a tenth of a walk.
func lowerName(name string) string {
	for i := 0; i < len(name); i++ {
		if c := name[i]; 'A' <= c && c <= 'Z' {
			b := []byte(name)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return name
}

// set makes a set of names.
func set(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

// endings gives all endings one rule.
func endings(rule string, names ...string) map[string]string {
	out := make(map[string]string, len(names))
	for _, n := range names {
		out[n] = rule
	}
	return out
}

func merge(all ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range all {
		maps.Copy(out, m)
	}
	return out
}
