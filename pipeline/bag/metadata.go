package bag

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// Columns of the tables. Both languages stand in one head, because a package
// outlives the people who chose a language for it.
var (
	fileColumns = []string{"档号 Number", "题名 Title", "责任者 Responsible", "日期 Date", "保管期限 Retention", "密级 Secrecy", "文件类型 Type", "版本 Version", "签署 Signed",
		"文件名 File", "格式 Media type", "字节数 Bytes", "SHA-256", "语言 Language", "读取 Read", "原因 Reason", "文本 Text", "会议纪要 Minutes", "缺失原因 Absent", "文档编号 Document"}
	accountColumns = []string{"来源 Source", "定位符 Locator", "状态 State", "原因 Reason", "说明 Detail", "已离开来源 Gone", "字节数 Bytes", "SHA-256", "档号 Number", "文件名 File"}
)

func fileRow(r *Record) []string {
	return []string{r.Number, r.Title, r.Responsible, r.Date, r.Retention, r.Secrecy, r.Type, r.Version, r.Signed,
		r.Original, r.MediaType, strconv.FormatInt(r.Size, 10), r.SHA256, r.Language, string(r.Read), string(r.Reason), r.Text, r.Minutes, r.Absent, r.Document}
}

// xmlRecord is a record in files.xml. The element names are archivists' own;
// each carries its English name.
type xmlRecord struct {
	XMLName xml.Name   `xml:""`
	Fields  []xmlField `xml:",any"`
}

type xmlField struct {
	XMLName xml.Name `xml:""`
	Name    string   `xml:"name,attr"`
	Value   string   `xml:",chardata"`
}

const xmlHead = xml.Header + "<归档文件目录 name=\"archive-records\" version=\"1\">\n"

func (k *Pack) beginXML() error {
	p := k.project
	out := k.lists[listXML].file
	if _, err := io.WriteString(out, xmlHead); err != nil {
		return err
	}
	return writeXML(out, xmlRecord{XMLName: xml.Name{Local: "项目"}, Fields: fields(
		"项目编号", "number", p.Number, "项目名称", "name", p.Name, "客户", "customer", p.Customer, "合同编号", "contracts", strings.Join(p.Contracts, ", "),
		"责任人", "responsible", p.Responsible, "开始日期", "begun", p.Begun, "结束日期", "ended", p.Ended)})
}

func (k *Pack) addXML(r *Record) error {
	return writeXML(k.lists[listXML].file, xmlRecord{XMLName: xml.Name{Local: "文件"}, Fields: fields(
		"档号", "number", r.Number, "题名", "title", r.Title, "责任者", "responsible", r.Responsible, "日期", "date", r.Date,
		"保管期限", "retention", r.Retention, "密级", "secrecy", r.Secrecy, "文件类型", "type", r.Type, "版本", "version", r.Version, "签署", "signed", r.Signed,
		"文件名", "file", r.Original, "格式", "media-type", r.MediaType, "字节数", "bytes", strconv.FormatInt(r.Size, 10),
		"摘要算法", "digest-algorithm", "SHA-256", "摘要值", "digest", r.SHA256, "文本", "text", r.Text, "会议纪要", "minutes", r.Minutes, "缺失原因", "absent", r.Absent, "文档编号", "document", r.Document)})
}

func (k *Pack) endXML() error {
	_, err := io.WriteString(k.lists[listXML].file, "</归档文件目录>\n")
	return err
}

// fields makes elements of (name, English name, value); empty ones are left out.
func fields(parts ...string) []xmlField {
	var out []xmlField
	for i := 0; i+2 < len(parts); i += 3 {
		if parts[i+2] != "" {
			out = append(out, xmlField{xml.Name{Local: parts[i]}, parts[i+1], parts[i+2]})
		}
	}
	return out
}

func writeXML(w io.Writer, r xmlRecord) error {
	body, err := xml.MarshalIndent(r, "  ", "  ")
	if err == nil {
		_, err = w.Write(append(body, '\n'))
	}
	return err
}
