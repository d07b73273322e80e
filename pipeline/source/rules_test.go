package source

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestFileRules(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for _, c := range []struct {
		name string
		size int64
		rule string
	}{
		{"合同.docx", 1, ""},
		{"Thumbs.db", 1, ruleSystem},
		{"THUMBS.DB", 1, ruleSystem},
		{"desktop.ini", 1, ruleSystem},
		{".DS_Store", 1, ruleSystem},
		{"._合同.docx", 1, ruleSystem},
		{"._", 1, ""},
		{"~$合同.docx", 1, ruleOfficeTemp},
		{".~合同.wps", 1, ruleOfficeTemp},
		{".~lock.合同.odt#", 1, ruleOfficeTemp},
		{"~WRL0003.tmp", 1, ruleOfficeTemp},
		{"A1B2C3D4.tmp", 1, ruleOfficeTemp},
		{"ppt1A2B.tmp", 1, ruleOfficeTemp},
		{"会议纪要.tmp", 1, ""},
		{"~草稿.docx", 1, ""},
		{"电影.mp4.crdownload", 1, rulePartial},
		{"a.part", 1, rulePartial},
		{"a.part1.rar", 1, ""},
		{"a.Partial", 1, rulePartial},
		{"a.download", 1, rulePartial},
		{"a.!qB", 1, rulePartial},
		{"录音.mp3.baiduyun.p.downloading", 1, rulePartial},
		{"录音.mp3.xltd", 1, rulePartial},
		{"录音.mp3.xltd.cfg", 1, rulePartial},
		{"录音.mp3.td", 1, rulePartial},
		{"录音.mp3.td.cfg", 1, rulePartial},
		{"录音.mp3.aria2", 1, rulePartial},
		{"nginx.cfg", 1, ""},
		{"查询.sql", 40_000, ""},
		{"查询.sql", 5 * mb, ruleDump},
		{"crm_backup.sql", 40_000, ruleDump},
		{"客户库备份.sql", 40_000, ruleDump},
		{"crm.sql.gz", 1, ruleDump},
		{"EXPDAT.DMP", 1, ruleDump},
		{"crm.mdf", 1, ruleDump},
		{"crm_log.ldf", 1, ruleDump},
		{"user.ibd", 1, ruleDump},
		{"crm.bak", 5 * mb, ruleDump},
		{"说明.bak", 20_000, ""},
		{"合同.docx.bak", 5 * mb, ""},
		{"setup.exe", 1, ruleInstaller},
		{"客户端.msi", 1, ruleInstaller},
		{"app.apk", 1, ruleInstaller},
		{"app.ipa", 1, ruleInstaller},
		{"tool.deb", 1, ruleInstaller},
		{"tool.rpm", 1, ruleInstaller},
		{"tool.pkg", 1, ruleInstaller},
		{"app.jar", 1, ruleInstaller},
		{"项目光盘.ISO", 700 * mb, ""},
		{"data.iso", 1024 * mb, ""},
		{"win.iso", 1024*mb + 1, ruleImage},
		{"mac.dmg", 1, ruleImage},
		{"vm.vmdk", 1, ruleImage},
		{"vm.ova", 1, ruleImage},
		{"归档.zip", 1, ""},
		{"2023.mbox", 1, ""},
		{"", 0, ""},
	} {
		if got := fileRule(c.name, c.size); got.rule != c.rule || (got.rule != "") != (got.detail != "") {
			t.Errorf("%s of %d bytes: %+v, want %q", c.name, c.size, got, c.rule)
		}
	}
}

// TestFolders walks one folder each and expects the entries, with the rule
// after a space.
func TestFolders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plant []string
		trees bool
		want  []string
	}{
		"litter is one entry": {
			plant: []string{"@eaDir/x/y", "#recycle/x", "$RECYCLE.BIN/x", "System Volume Information/x", ".Trash-1000/x", "lost+found/x", "x.pdf.download/x.pdf", "报价.xlsx"},
			want: []string{"#recycle system-litter", "$RECYCLE.BIN system-litter", ".Trash-1000 system-litter", "@eaDir system-litter", "System Volume Information system-litter",
				"lost+found system-litter", "x.pdf.download partial-download", "报价.xlsx"},
		},
		"a project folder loses only its code": {
			plant: []string{"项目A/合同/合同.docx", "项目A/代码/go.mod", "项目A/代码/main.go", "项目A/验收.xlsx"},
			want:  []string{"项目A/代码 source-tree", "项目A/合同/合同.docx", "项目A/验收.xlsx"},
		},
		"kinds of trees": {
			plant: []string{"p/a/.git/HEAD", "p/a/x.txt", "p/b/.svn/entries", "p/b/main.c", "p/c/pom.xml", "p/d/package.json", "p/d/src/i.js", "p/e/x.sln", "p/f/CMakeLists.txt",
				"p/g/Cargo.toml", "p/h/build.gradle", "p/i/Makefile", "p/i/a.c", "p/j/.hg/x"},
			want: []string{"p/a source-tree", "p/b source-tree", "p/c source-tree", "p/d source-tree", "p/e source-tree", "p/f source-tree", "p/g source-tree", "p/h source-tree",
				"p/i source-tree", "p/j source-tree"},
		},
		"no trees": {
			plant: []string{"p/a/package.json", "p/b/Makefile", "p/b/说明.txt", "p/c/requirements.txt", "p/c/test/报告.docx", "p/d/readme.md", "p/e/index.html"},
			want:  []string{"p/a/package.json", "p/b/Makefile", "p/b/说明.txt", "p/c/requirements.txt", "p/c/test/报告.docx", "p/d/readme.md", "p/e/index.html"},
		},
		"documents under version control": {
			plant: []string{"p/资料/.svn/wc.db", "p/资料/01需求/需求.docx", "p/git/.git/HEAD", "p/git/合同.pdf", "p/old/.svn/entries", "p/old/2023/.svn/entries", "p/old/2023/a.doc"},
			want: []string{"p/git/.git version-control", "p/git/合同.pdf", "p/old/.svn version-control", "p/old/2023/.svn version-control", "p/old/2023/a.doc",
				"p/资料/.svn version-control", "p/资料/01需求/需求.docx"},
		},
		"documents and code in one folder": {
			plant: []string{"p/pom.xml", "p/src/A.java", "p/target/a.class", "p/需求.docx", "p/test/用例.xlsx", "p/文档/x.txt"},
			want:  []string{"p/pom.xml", "p/src source-tree", "p/target build-output", "p/test/用例.xlsx", "p/文档/x.txt", "p/需求.docx"},
		},
		"the root is never a tree": {
			plant: []string{".git/HEAD", "go.mod", "src/x.txt", "node_modules/x/y.js"},
			want:  []string{".git version-control", "go.mod", "node_modules dependencies", "src/x.txt"},
		},
		"trees are walked when asked": {
			trees: true,
			plant: []string{"p/.git/HEAD", "p/package.json", "p/src/i.js", "p/node_modules/x/y.js", "p/dist/i.js", "q/x.csproj", "q/bin/x", "q/obj/x", "r/bin/手册.doc", "r/dist/x.txt",
				"r/target/x.txt", "s/go.mod", "s/vendor/x.go", "t/vendor/报价.txt", "u/__pycache__/x"},
			want: []string{"p/.git version-control", "p/dist build-output", "p/node_modules dependencies", "p/package.json", "p/src/i.js", "q/bin build-output",
				"q/obj build-output", "q/x.csproj", "r/bin/手册.doc", "r/dist/x.txt", "r/target/x.txt", "s/go.mod", "s/vendor dependencies", "t/vendor/报价.txt", "u/__pycache__ build-output"},
		},
		"people's CVs are no CVS": {plant: []string{"CVs/张三.doc"}, want: []string{"CVs/张三.doc"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, e := range walkAll(t, NewFolder(FolderOptions{Path: plant(t, c.plant...), Trees: c.trees})) {
				if e.Rule != "" && (e.Detail == "" || e.Modified.IsZero()) {
					t.Errorf("%s: no detail or time: %+v", e.Locator, e)
				}
				got = append(got, strings.TrimSpace(e.Locator+" "+e.Rule))
			}
			equal(t, "entries", got, c.want)
		})
	}
}

func TestUserGlobs(t *testing.T) {
	t.Parallel()
	root := plant(t, "a.log", "sub/b.LOG", "sub/deep/c.log", "临时/x", "项目/临时/y", "项目/草稿/z", "old", "x/old/y", "keep.txt", "[1].txt")
	for _, c := range []struct {
		skip []string
		want []string // what is skipped
	}{
		{nil, nil},
		{[]string{"", "  "}, nil},
		{[]string{"*.log"}, []string{"a.log", "sub/b.LOG", "sub/deep/c.log"}},
		{[]string{"/*.log"}, []string{"a.log"}},
		{[]string{"sub/*.log"}, []string{"sub/b.LOG"}},
		{[]string{"sub/**/*.log"}, []string{"sub/b.LOG", "sub/deep/c.log"}},
		{[]string{"**/deep/*"}, []string{"sub/deep/c.log"}},
		{[]string{"临时"}, []string{"临时", "项目/临时"}},
		{[]string{"/临时"}, []string{"临时"}},
		{[]string{"临时/**"}, []string{"临时"}},
		{[]string{"项目/**"}, []string{"项目"}},
		{[]string{"**/草稿/**"}, []string{"项目/草稿"}},
		{[]string{"项目\\草稿"}, []string{"项目/草稿"}},
		{[]string{"项目/{草稿,临时}"}, []string{"项目/临时", "项目/草稿"}},
		{[]string{"old/"}, []string{"x/old"}},
		{[]string{"old"}, []string{"old", "x/old"}},
		{[]string{"?.log"}, []string{"a.log", "sub/b.LOG", "sub/deep/c.log"}},
		{[]string{"[ab].log"}, []string{"a.log", "sub/b.LOG"}},
		{[]string{"[!a].log"}, []string{"sub/b.LOG", "sub/deep/c.log"}},
		{[]string{"[", "{", "(", "[1"}, nil},
		{[]string{"**"}, []string{"[1].txt", "a.log", "keep.txt", "old", "sub", "x", "临时", "项目"}},
	} {
		var got []string
		for _, e := range walkAll(t, NewFolder(FolderOptions{Path: root, Skip: c.skip})) {
			if e.Rule != "" {
				if e.Rule != ruleUser || len(c.skip) == 1 && e.Detail != c.skip[0] {
					t.Errorf("%q: %+v", c.skip, e)
				}
				got = append(got, e.Locator)
			}
		}
		equal(t, fmt.Sprintf("%q", c.skip), got, c.want)
	}
}

func FuzzGlob(f *testing.F) {
	for _, s := range []string{"*.log", "**/x/**", "[a-z]", "[!", "{a,{b}", "a\\b", "\xff", "(", "/", "***", "[[:alpha:]]"} {
		f.Add(s, "项目/x.log")
	}
	f.Fuzz(func(_ *testing.T, pattern, path string) {
		for _, g := range compileGlobs([]string{pattern}) {
			g.match(path, false)
			g.match(path, true)
		}
	})
}

// TestDocs keeps docs/skip-rules.md complete.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/skip-rules.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.ToLower(string(text))
	var names []string
	for _, r := range []string{ruleUser, ruleSymlink, ruleSpecial, ruleSystem, ruleOfficeTemp, rulePartial, ruleVersions, ruleDependencies, ruleBuildOutput, ruleTree, ruleDump, ruleInstaller, ruleImage} {
		names = append(names, "| `"+r+"` |")
	}
	for _, m := range []map[string]bool{systemFiles, systemFolders, versionFolders, dependencyFolders, buildFolders, mixedFolders} {
		for n := range m {
			names = append(names, "`"+strings.TrimSuffix(n, "\r")+"`")
		}
	}
	for _, m := range []map[string]string{fileEndings, folderEndings} {
		for n := range m {
			names = append(names, "`"+n+"`")
		}
	}
	for _, m := range []map[string]tools{buildFiles, weakFiles, buildEndings} {
		for n := range m {
			names = append(names, "`"+n+"`")
		}
	}
	for _, n := range names {
		if !strings.Contains(doc, n) {
			t.Errorf("docs/skip-rules.md does not tell of %s", n)
		}
	}
}
