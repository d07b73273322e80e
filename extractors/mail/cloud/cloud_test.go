package cloud

import (
	"fmt"
	"strings"
	"testing"

	"guidang/extractors/html"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"QQ", "从QQ邮箱发来的超大附件\n\n合同终稿.zip (1.25G, 2024年4月4日 10:20 到期)\n进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download&code=ab", "qq 合同终稿.zip|1.25 G|2024-04-04T10:20"},
		{"QQ, two", "a.zip (1.2G, 2024年4月4日 10:20 到期)\n进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?k=1\n\nb.rar (35.5M, 无限期)\n进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?k=2", "qq a.zip|1.2 G|2024-04-04T10:20; qq b.rar|35.5 M|never"},
		{"NetEase", "从网易163邮箱发来的云附件\n\n项目资料.rar\n1.1G, 2024年3月20日 10:21 到期\n下载：https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file=abc", "netease 项目资料.rar|1.1 G|2024-03-20T10:21"},
		{"Weiyun", "我用微云分享了「验收.pdf」\n链接：https://share.weiyun.com/5AbCdEf", "weiyun 验收.pdf||"},
		{"Baidu", "通过百度网盘分享的文件：项目资料.zip\n链接：https://pan.baidu.com/s/1abcDEF 提取码：ab12\n有效期：7天", "baidu 项目资料.zip||有效期：7天"},
		{"OneDrive", "See https://huaxin-my.sharepoint.com/:w:/g/personal/zhang/EabcD?e=1", "onedrive ||"},
		{"SharePoint", "https://huaxin.sharepoint.com/:x:/s/sales/Eabc/quote.xlsx?d=1.", "sharepoint quote.xlsx||"},
		{"Google", "https://drive.google.com/file/d/1AbC/view?usp=sharing", "google ||"},
		{"WeTransfer", "https://wetransfer.com/downloads/0123/456\n2 items, 1.5 GB in total ・ Expires on March 20, 2024", "wetransfer |1.5 GB|2024-03-20"},
		{"iCloud", "https://www.icloud.com/attachment/?u=https%3A%2F%2Fcvws&uk=1&f=plan.pdf&sz=12345678", "icloud plan.pdf||"},
		{"no attachment", "https://www.163.com/news http://mail.qq.com https://drive.google.com/ https://example.com/pan.baidu.com/s/1", ""},
		{"the same twice", "https://we.tl/t-abc and https://we.tl/t-abc", "wetransfer ||"},
		{"a name in GBK in the address", "https://fs.163.com/fs/display/?file=%BA%CF%CD%AC.doc", "netease 合同.doc||"},
		{"within Chinese", "请从https://pan.baidu.com/s/1abc下载", "baidu ||"},
	} {
		if got := show(Find(c.text, nil)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	page := `<p>从QQ邮箱发来的超大附件</p><div>方案.pptx (200.5M, 2024年5月1日 08:00 到期) <a href="http://mail.qq.com/cgi-bin/ftnExs_download?k=9">进入下载页面</a></div>`
	text, notes := html.Mail([]byte(page))
	if got, want := show(Find(text, notes.Links)), "qq 方案.pptx|200.5 M|2024-05-01T08:00"; got != want {
		t.Errorf("HTML: got %q, want %q", got, want)
	}
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, "https://we.tl/t-%d\n", i)
	}
	if got := Find(many.String(), nil); len(got) != maxFiles {
		t.Errorf("%d of a thousand links", len(got))
	}
}

func show(files []File) string {
	var out []string
	for _, f := range files {
		out = append(out, f.Service+" "+f.Name+"|"+f.Size+"|"+f.Expires)
	}
	return strings.Join(out, "; ")
}

// FuzzFind: no text panics.
func FuzzFind(f *testing.F) {
	f.Add("a.zip (1G, 2024年4月4日 到期)\nhttp://mail.qq.com/cgi-bin/ftnExs_download?k=1", "a.pdf")
	f.Add("://https://we.tl/%zz?file=%", "")
	f.Fuzz(func(t *testing.T, text, words string) {
		for _, file := range Find(text, []html.Link{{Text: words, URL: text, Before: words}}) {
			if file.Service == "" {
				t.Fatal("a file without a service")
			}
		}
	})
}
