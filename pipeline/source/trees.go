package source

import (
	"path"
	"strings"
	"unicode"
)

// signs are what the names in one folder say about it. They are read off the
// listing that the walk has anyway: nothing is opened and nothing is counted.
type signs struct {
	versions  string // a folder of a version control system lies here
	build     string // a file that only a software project has
	weak      string // a file that a software project may have
	code      bool   // source code, or a folder that is called like it
	documents bool   // office documents, or a folder with a Chinese name
	beside    tools
	maildir   int // of its folders cur, new and tmp, how many lie here
}

// tools are the build tools whose project files lie in a folder: what they
// write beside them is known by name.
type tools uint8

const (
	maven tools = 1 << iota // also Cargo and sbt: target
	gradle
	node
	dotnet
	vendoring // go, composer, bundler
	python
	pods
)

// buildFiles are names that only a software project has.
var buildFiles = map[string]tools{
	"go.mod": vendoring, "pom.xml": maven, "cargo.toml": maven, "build.sbt": maven, "cmakelists.txt": 0, "build.gradle": gradle,
	"build.gradle.kts": gradle, "settings.gradle": gradle, "settings.gradle.kts": gradle, "meson.build": 0, "configure.ac": 0, "setup.py": python,
	"pyproject.toml": python, "package-lock.json": node, "yarn.lock": node, "pnpm-lock.yaml": node, "pubspec.yaml": gradle, "podfile": pods,
	"package.swift": 0, "mix.exs": 0, "androidmanifest.xml": 0, "tsconfig.json": node, "angular.json": node, "composer.lock": vendoring,
	"gemfile.lock": vendoring, "gopkg.lock": vendoring, "manage.py": python,
}

// weakFiles lie in software projects and elsewhere too: they count only
// together with code.
var weakFiles = map[string]tools{
	"package.json": node, "makefile": 0, "gnumakefile": 0, "build.xml": 0, "composer.json": vendoring, "gemfile": vendoring, "requirements.txt": python,
	"pipfile": python, ".project": 0, ".classpath": 0, "dockerfile": 0, "bower.json": node, "jenkinsfile": 0, "setup.cfg": python,
}

// buildEndings are endings of project files.
var buildEndings = map[string]tools{
	".sln": dotnet, ".slnx": dotnet, ".csproj": dotnet, ".vbproj": dotnet, ".fsproj": dotnet, ".vcxproj": dotnet, ".vcproj": dotnet, ".dsw": 0, ".vbp": 0,
	".dproj": 0, ".xcodeproj": pods, ".xcworkspace": pods, ".uproject": 0, ".uvprojx": 0, ".ewp": 0,
}

var codeEndings = set(".go", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".java", ".kt", ".scala", ".py", ".rb", ".php", ".js", ".jsx", ".ts", ".tsx", ".vue",
	".cs", ".vb", ".swift", ".mm", ".rs", ".lua", ".pl", ".sh", ".asm", ".pas", ".dpr", ".aspx", ".jsp", ".css", ".scss", ".less", ".ino", ".proto")

// codeFolders are few on purpose: a customer's requirements.txt beside a folder
// "test" full of reports is no software project.
var codeFolders = set("src", "include", "node_modules")

// mixedFolders are left out where code and documents lie in one folder. "test"
// and "app" are not among them: people call folders of documents so.
var mixedFolders = set("src", "include", "cmd", "internal", "pkg", "lib", "libs", "vendor", "third_party", "thirdparty")

var repositoryFiles = set(".gitignore", ".gitattributes", ".gitmodules", ".hgignore", ".editorconfig", "readme", "readme.md", "readme.rst", "license", "license.txt", "license.md")

// documentEndings are what makes a folder worth walking even if it looks like
// code.
var documentEndings = set(".doc", ".docx", ".docm", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ppt", ".pptx", ".pps", ".wps", ".et", ".dps", ".pdf", ".ofd", ".rtf",
	".odt", ".ods", ".odp", ".msg", ".eml", ".mbox", ".pst", ".vsd", ".vsdx", ".mpp", ".ceb", ".caj")

// read takes in one name of the folder, for people.
func (s *signs) read(name string, isFolder bool) {
	lower := lowerName(name)
	ending := path.Ext(lower)
	if t, ok := buildEndings[ending]; ok {
		s.build, s.beside = lower, s.beside|t
		return
	}
	if isFolder {
		switch {
		case lower == "cur", lower == "new", lower == "tmp":
			s.maildir++
		case versionFolders[lower]:
			s.versions = lower
		case codeFolders[lower]:
			s.code = true
		case !s.documents && strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
			s.documents = true
		}
		return
	}
	switch {
	case documentEndings[ending]:
		s.documents = s.documents || !strings.HasPrefix(name, "~$")
	case codeEndings[ending]:
		s.code = true
	case repositoryFiles[lower]:
		s.code = s.code || lower[0] == '.' || s.versions != ""
	}
	if t, ok := buildFiles[lower]; ok {
		s.build, s.beside = lower, s.beside|t
	} else if t, ok := weakFiles[lower]; ok {
		s.weak, s.beside = lower, s.beside|t
	} else if lower == ".git" {
		s.versions = lower // a submodule or a second work tree has a file there
	}
}

// project is what shows that the folder is a software project; empty if it is
// none.
//
// Firms keep documents under version control too, in Subversion above all. So
// a folder under Subversion needs a sign of code to count, and one under
// Git or Mercurial counts unless documents are all that it shows.
func (s *signs) project() string {
	switch {
	case s.build != "":
		return s.build
	case s.weak != "" && s.code:
		return s.weak
	case s.versions != "" && s.code:
		return s.versions
	case (s.versions == ".git" || s.versions == ".hg") && !s.documents:
		return s.versions
	}
	return ""
}

// tree is what shows that the whole folder is a source tree. Documents in it
// speak against it: losing them would be worse than reading some code.
func (s *signs) tree() string {
	if s.documents {
		return ""
	}
	return s.project()
}

// folderRule judges a folder by what lies beside it.
func (s *signs) folderRule(lower string) verdict {
	has := func(t tools) bool { return s.beside&t != 0 }
	switch lower {
	case "tmp":
		if s.maildir == 3 {
			return verdict{ruleMail, "tmp of a Maildir: what is still being delivered"}
		}
	case "target":
		if has(maven) {
			return verdict{ruleBuildOutput, lower}
		}
	case "build", "out":
		if has(gradle | node | python) {
			return verdict{ruleBuildOutput, lower}
		}
	case "dist", "coverage":
		if has(node | python) {
			return verdict{ruleBuildOutput, lower}
		}
	case "bin", "obj", "packages":
		if has(dotnet) {
			return verdict{ruleBuildOutput, lower}
		}
	case "vendor":
		if has(vendoring) {
			return verdict{ruleDependencies, lower}
		}
	case "venv", "env":
		if has(python) {
			return verdict{ruleDependencies, lower}
		}
	case "pods":
		if has(pods) {
			return verdict{ruleDependencies, lower}
		}
	}
	return verdict{}
}

// mixed judges a child folder of a project that holds documents too.
func (s *signs) mixed(name string) verdict {
	lower := lowerName(name)
	if !s.documents || !mixedFolders[lower] {
		return verdict{}
	}
	if p := s.project(); p != "" {
		return verdict{ruleTree, lower + " beside " + p}
	}
	return verdict{}
}
