package hostile

import "bytes"

// markup are XML, HTML and other text with structure.
func markup() []File {
	read := []string{"indexed", "partial dtd", "quarantined dtd", "partial too-deep", "skipped unsupported"}
	return []File{
		{Class: "entities that grow to gigabytes", Name: "markup/laughs.xml", Want: read, Make: fixed(func() []byte { return []byte(`<?xml version="1.0"?>` + laughs() + `<x>&a9;</x>`) })},
		{Class: "one entity of a megabyte, used ten thousand times", Name: "markup/quadratic.xml", Want: read, Make: fixed(func() []byte {
			return []byte(`<!DOCTYPE x [<!ENTITY a "` + repeat("哈", 300_000) + `">]><x>` + repeat("&a;", 10_000) + `</x>`)
		})},
		{Class: "entities in an Excel 2003 sheet", Name: "markup/laughs.xls", Want: []string{"partial dtd", "quarantined dtd", "partial corrupt", "quarantined corrupt"}, Make: fixed(func() []byte {
			return []byte(`<?xml version="1.0"?>` + laughs() + `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell><Data ss:Type="String">&a9;</Data></Cell></Row></Table></Worksheet></Workbook>`)
		})},
		{Class: "drawing with a script and an entity that is a file", Name: "markup/script.svg", Want: read, Make: func(w World) []byte {
			return []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY f SYSTEM "file://` + w.Secret + `">]><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><text>&f;</text><image href="http://` + w.Address + `/i.png"/></svg>`)
		}},
		{Class: "aliases that grow, in YAML", Name: "markup/aliases.yaml", Want: []string{"indexed"}, Finds: "别名开头", Make: fixed(func() []byte {
			var b bytes.Buffer
			b.WriteString("a0: &a0 [别名开头]\n")
			for n := range 9 {
				b.WriteString("a" + number(n+1) + ": &a" + number(n+1) + " [" + repeat("*a"+number(n)+",", 10) + "]\n")
			}
			return b.Bytes()
		})},
		{Class: "JSON 100,000 deep", Name: "markup/deep.json", Want: []string{"indexed", "partial too-deep"}, Make: text(repeat(`{"a":[`, 100_000) + `"深"` + repeat(`]}`, 100_000))},
		{Class: "JSON with half characters", Name: "markup/surrogates.json", Want: []string{"indexed"}, Finds: "半个字符", Make: text(`{"text":"半个字符 \ud83d \udc00 end"}`)},
		{Class: "HTML 100,000 deep", Name: "markup/deep.html", Want: []string{"indexed", "partial too-deep"}, Finds: "网页开头", Make: text(`<html><body>网页开头` + repeat(`<div><table><tr><td>`, 100_000) + `最深处`)},
		{Class: "HTML of unclosed quotes and brackets", Name: "markup/quotes.html", Want: []string{"indexed", "partial corrupt"}, Make: text(`<html><body>开头` + repeat(`<a href="x`, 100_000))},
		{Class: "HTML element of 100,000 attributes", Name: "markup/attributes.html", Want: []string{"indexed"}, Finds: "属性后面", Make: fixed(func() []byte {
			var b bytes.Buffer
			b.WriteString("<html><body><p ")
			for n := range 100_000 {
				b.WriteString("a" + number(n) + "=1 ")
			}
			b.WriteString(">属性后面的文字</p>")
			return b.Bytes()
		})},
		{Class: "HTML of entities and comments without end", Name: "markup/entities.html", Want: []string{"indexed"}, Make: text(`<html><body>开头` + repeat("&amp", 200_000) + repeat("<!--", 100_000))},
		{Class: "page with scripts, frames and pictures elsewhere", Name: "markup/script.html", Want: []string{"indexed"}, Finds: "网页正文", Make: func(w World) []byte {
			return []byte(`<html><head><base href="http://` + w.Address + `/"><link rel=stylesheet href="http://` + w.Address + `/c"><script src="http://` + w.Address + `/s"></script></head><body onload=alert(1)>网页正文<img src="http://` + w.Address + `/p.gif"><iframe src="file://` + w.Secret + `"></iframe></body></html>`)
		}},
		{Class: "Markdown of brackets without end", Name: "markup/deep.md", Want: []string{"indexed"}, Finds: "标记开头", Make: text("# 标记开头\n" + repeat("> ", 50_000) + "x\n" + repeat("[", 100_000) + repeat("*_`", 50_000))},
		{Class: "rule that repeats for ever, zone by a Windows name", Name: "markup/for-ever.ics", Want: []string{"indexed", "partial corrupt"}, Finds: "永远重复", Make: text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:永远重复的会\r\nDTSTART;TZID=China Standard Time:20240101T090000\r\nRRULE:FREQ=SECONDLY;COUNT=2147483647\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")},
		{Class: "calendar and card that never end", Name: "markup/nested.ics", Want: []string{"indexed", "partial truncated", "partial corrupt", "partial too-deep", "partial too-many"}, Make: text("BEGIN:VCALENDAR\r\n" + repeat("BEGIN:VEVENT\r\nSUMMARY:套着\r\n", 50_000))},
		{Class: "card within card, 50,000 deep", Name: "markup/nested.vcf", Want: []string{"indexed", "partial truncated", "partial corrupt", "partial too-deep", "partial too-many"}, Make: text(repeat("BEGIN:VCARD\r\nVERSION:2.1\r\nFN:名片\r\nAGENT:\r\n", 50_000))},
	}
}
