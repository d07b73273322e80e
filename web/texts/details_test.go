package texts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestDetail(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"only the first 5 of 12 pages were read in time": "限时内只读取了前 5 页，共 12 页",
		`sheet "合同" is hidden in the workbook`:           `工作表 "合同" 在工作簿中是隐藏的`,
		"some bytes have no meaning in gb18030":          "部分字节在 gb18030 编码中没有意义",
		"page 3 is damaged":                              "第 3 页损坏",
		"pages 2-4,7 are images; their text needs OCR":   "第 2-4,7 页是图片；文字需要识别",
		"its reader crashed: it said nothing":            "读取程序崩溃：it said nothing",
		"word/document.xml is damaged":                   "word/document.xml 损坏",
		"open x: permission denied":                      "open x: permission denied",
		"":                                               "",
	} {
		if got := Detail(Chinese, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := Detail(English, in); got != in {
			t.Errorf("%q: %q", in, got)
		}
	}
	for _, d := range details {
		if strings.Count(d[0], "%s") != strings.Count(d[1], "%s") {
			t.Errorf("%q and %q take different things", d[0], d[1])
		}
	}
}

// TestDetailsOfReaders holds the list against what the readers' source says, so
// that a new sentence cannot stay English on a Chinese page.
func TestDetailsOfReaders(t *testing.T) {
	t.Parallel()
	said := sayings(t, "../../extractors", "../../pipeline")
	if len(said) < 150 {
		t.Fatalf("%d sentences found: the readers are looked for in the wrong place", len(said))
	}
	for _, s := range said {
		if Detail(Chinese, s) == s {
			t.Errorf("not in Chinese: %q", s)
		}
	}
}

// warns tells which files are worth parsing.
var warns = regexp.MustCompile(`(?:Warn|Lose|Unreadable)\(`)

var verb = regexp.MustCompile(`%[a-z]`)

// sayings are the details that readers give, with 7 for what they put in.
func sayings(t *testing.T, roots ...string) []string {
	t.Helper()
	var out []string
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "storetest") {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil || !warns.Match(src) {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && slices.Contains([]string{"Warn", "Lose", "Unreadable"}, called(call)) && len(call.Args) >= 2 {
					if s := saying(call.Args[len(call.Args)-1]); strings.Contains(s, " ") && !logs(call) {
						out = append(out, s)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// logs tells a line of the log from a warning about a document.
func logs(c *ast.CallExpr) bool {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch x := s.X.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "log"
	case *ast.Ident:
		return x.Name == "slog" || x.Name == "log"
	}
	return false
}

func saying(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		if err != nil {
			return ""
		}
		return verb.ReplaceAllString(s, "7")
	case *ast.BinaryExpr:
		return saying(x.X) + saying(x.Y)
	case *ast.CallExpr:
		if called(x) == "Sprintf" {
			return saying(x.Args[0])
		}
		return "7"
	}
	return "7"
}
