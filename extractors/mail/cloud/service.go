package cloud

import "strings"

// services are the hosts that files are shared from, with what the path must
// begin with or contain; the same host has pages that are none.
var services = []struct {
	host string // the end of the host's name
	path string // in the address, lower case; empty: any
	name string
}{
	{"mail.qq.com", "ftn", "qq"}, {"exmail.qq.com", "ftn", "qq"}, {"work.weixin.qq.com", "ftn", "qq"}, {"mail.foxmail.com", "ftn", "qq"},
	{"dfsdown.mail.ftn.qq.com", "", "qq"}, {"ftn.qq.com", "", "qq"},
	{"drive.weixin.qq.com", "/s", "weixin"}, {"share.weiyun.com", "/", "weiyun"}, {"url.cn", "weiyun", "weiyun"},
	{"mail.163.com", "large-attachment", "netease"}, {"mail.163.com", "filehub", "netease"}, {"mail.163.com", "bigattach", "netease"}, {"mail.126.com", "large-attachment", "netease"}, {"mail.yeah.net", "large-attachment", "netease"},
	{"fs.163.com", "", "netease"}, {"u.163.com", "/", "netease"}, {"qiye.163.com", "attachment", "netease"}, {"mailh.qiye.163.com", "", "netease"}, {"netease.com", "large-attachment", "netease"}, {"mail.163.com", "cloudattach", "netease"},
	{"mail.sina.com.cn", "filecenter", "sina"}, {"mail.sina.net", "filecenter", "sina"}, {"mail.sohu.com", "bigatt", "sohu"},
	{"mail.10086.cn", "largeattach", "139"}, {"mail.10086.cn", "disk", "139"}, {"yun.139.com", "/", "139"}, {"caiyun.139.com", "/", "139"}, {"caiyun.feixin.10086.cn", "/", "139"}, {"cloud.189.cn", "/t/", "189"}, {"cloud.189.cn", "/web/share", "189"},
	{"qiye.aliyun.com", "attach", "aliyun"}, {"mail.aliyun.com", "attach", "aliyun"}, {"aliyundrive.com", "/s/", "aliyun"}, {"alipan.com", "/s/", "aliyun"}, {"alywp.net", "/", "aliyun"},
	{"pan.baidu.com", "/s/", "baidu"}, {"pan.baidu.com", "share/", "baidu"}, {"yun.baidu.com", "/s/", "baidu"}, {"pan.quark.cn", "/s/", "quark"}, {"pan.xunlei.com", "/s/", "xunlei"}, {"115.com", "/s/", "115"}, {"115cdn.com", "/s/", "115"}, {"123pan.com", "/s/", "123pan"}, {"123684.com", "/s/", "123pan"},
	{"jianguoyun.com", "/p/", "jianguoyun"}, {"cowtransfer.com", "/s/", "cowtransfer"}, {"wenshushu.cn", "/", "wenshushu"}, {"wss.ink", "/f", "wenshushu"}, {"lanzou.com", "/", "lanzou"}, {"lanzoui.com", "/", "lanzou"}, {"lanzoux.com", "/", "lanzou"}, {"lanzous.com", "/", "lanzou"}, {"ct.ghpym.com", "/", "ctfile"}, {"ctfile.com", "/f", "ctfile"}, {"545c.com", "/f", "ctfile"},
	{"feishu.cn", "/file/", "feishu"}, {"larksuite.com", "/file/", "feishu"}, {"dingtalk.com", "/file", "dingtalk"}, {"alidocs.dingtalk.com", "/i/p/", "dingtalk"},
	{"1drv.ms", "/", "onedrive"}, {"onedrive.live.com", "/", "onedrive"}, {"my.sharepoint.com", "/:", "onedrive"}, {"sharepoint.com", "/:", "sharepoint"}, {"sharepoint.cn", "/:", "sharepoint"}, {"sharepoint.com", "/personal/", "onedrive"}, {"sharepoint.com", "guestaccess", "sharepoint"}, {"sharepoint.com", "shared%20documents", "sharepoint"}, {"sharepoint.com", "shared documents", "sharepoint"}, {"sharepoint.cn", "/personal/", "onedrive"},
	{"drive.google.com", "/file/", "google"}, {"drive.google.com", "/open", "google"}, {"drive.google.com", "/uc", "google"}, {"drive.google.com", "/drive/folders", "google"}, {"docs.google.com", "/d/", "google"},
	{"wetransfer.com", "/downloads/", "wetransfer"}, {"we.tl", "/", "wetransfer"}, {"dropbox.com", "/s/", "dropbox"}, {"dropbox.com", "/sh/", "dropbox"}, {"dropbox.com", "/scl/", "dropbox"}, {"db.tt", "/", "dropbox"},
	{"icloud.com", "/attachment", "icloud"}, {"icloud.com", "/iclouddrive", "icloud"}, {"box.com", "/s/", "box"}, {"mega.nz", "/", "mega"}, {"send-anywhere.com", "/", "send-anywhere"}, {"hightail.com", "/", "hightail"}, {"sendspace.com", "/file/", "sendspace"}, {"mediafire.com", "/file", "mediafire"}, {"disk.yandex.ru", "/", "yandex"}, {"disk.yandex.com", "/", "yandex"}, {"transfernow.net", "/", "transfernow"}, {"smash.com", "/", "smash"}, {"fromsmash.com", "/", "smash"},
}

// hosts are the last two labels of the hosts above: a look at one map spares
// nearly every link the list.
var hosts = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range services {
		m[domain(s.host)] = true
	}
	return m
}()

func domain(host string) string {
	if i := strings.LastIndexByte(host, '.'); i > 0 {
		if j := strings.LastIndexByte(host[:i], '.'); j >= 0 {
			return host[j+1:]
		}
	}
	return host
}

// serviceOf names the service that an address belongs to, or gives "".
func serviceOf(address string) string {
	_, after, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	host, rest := after, ""
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host, rest = host[:i], host[i:]
	}
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	host = strings.ToLower(host)
	if !hosts[domain(host)] {
		return ""
	}
	// A link behind a mail gateway keeps the true one in itself; those are told by
	// the gateway's host, and left alone.
	rest = strings.ToLower(rest[:min(len(rest), 300)])
	if len(rest) < 2 {
		return ""
	}
	for _, s := range services {
		if !(host == s.host || strings.HasSuffix(host, s.host) && (strings.HasSuffix(host, "."+s.host) || strings.HasPrefix(s.host, "my.") && strings.HasSuffix(host, "-"+s.host))) {
			continue
		}
		if s.path == "" || s.path == "/" && len(rest) > 1 || s.path != "/" && strings.Contains(rest, s.path) {
			return s.name
		}
	}
	return ""
}
