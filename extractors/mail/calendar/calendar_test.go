package calendar

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"guidang/extractors/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

func input(data string) *document.Input {
	return &document.Input{Name: "invite.ics", Size: int64(len(data)), Bytes: strings.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

// zones is what Outlook writes: a Windows name, and rules from 1601 on.
const pacific = "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0800\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0800\r\nTZOFFSETTO:-0700\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

func cal(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

func calendars(t testing.TB) map[string]string {
	t.Helper()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(cal("METHOD:REQUEST", event("UID:1", "SUMMARY:项目验收会议", "LOCATION:上海市浦东新区会议室", "DTSTART;TZID=China Standard Time:20240306T140000")))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(cal(event("UID:1", "SUMMARY:周会", "DTSTART:20240306")))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"invitation": cal("METHOD:REQUEST", pacific+event("UID:040000@x", "SEQUENCE:2", "SUMMARY;LANGUAGE=zh-CN:评审：需求变更\\, 第二次", "DTSTART;TZID=\"Customized Time Zone\":20240711T090000", "DTEND;TZID=Customized Time Zone:20240711T103000",
			"ORGANIZER;CN=\"王伟\":MAILTO:Wang@Example.com", "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=李娜:mailto:li@example.com", "ATTENDEE;CN=zhao@example.com;PARTSTAT=NEEDS-ACTION:mailto:zhao@example.com", "ATTENDEE;CN=会议室 3;CUTYPE=ROOM:invalid:nomail",
			"RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TH", "DESCRIPTION:议程：\\n1. 范围\\n2. 时间\\;费用", "LOCATION:三楼", "CATEGORIES:项目,重要", "STATUS:CONFIRMED", "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Reminder\r\nACTION:DISPLAY\r\nEND:VALARM")),
		"gbk":      gbk,
		"utf-16":   wide,
		"cancel":   cal("METHOD:CANCEL", event("UID:1", "SUMMARY:取消", "DTSTART:20240306T060000Z", "DURATION:PT1H30M", "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>因故取消</p></body></html>")),
		"calendar": cal("X-WR-CALNAME:项目日历", event("UID:1", "SUMMARY:旧", "SEQUENCE:0", "DTSTART:20240101"), event("UID:1", "SUMMARY:新", "SEQUENCE:1", "DTSTART;VALUE=DATE:20240102", "DTEND;VALUE=DATE:20240104"), event("UID:1", "SUMMARY:改期", "RECURRENCE-ID:20240109T000000Z", "DTSTART:20240110"), "BEGIN:VTODO\r\nUID:2\r\nSUMMARY:催款\r\nDUE:20240201T090000\r\nSTATUS:NEEDS-ACTION\r\nEND:VTODO"),
		"attached": cal(event("UID:1", "SUMMARY:有附件", "DTSTART:20240306T060000Z", "ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=text/plain;X-FILENAME=\"议程.txt\":aGVs\r\n bG8=", "ATTACH;FMTTYPE=application/pdf:data:application/pdf;base64,JVBERg==", "ATTACH:https://example.com/a.pdf")),
		"folded":   "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:一二\xe4\xb8\n \x89四\nDTSTART:20240306T0600\nDESCRIPTION:\n\n line\nEND:VEVENT\nEND:VCALENDAR",
		"old":      "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nSUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=91=A8=\r\n=E4=BC=9A\r\nDTSTART:20100305T010000Z\r\nATTENDEE;STATUS=NEEDS ACTION:张三 <zhang@example.com>\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		"cut":      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:半\r\nDTSTART;TZID=Nowhere/Land:20240306T060000\r\nDESC",
	}
}

type child struct{ Step, Text string }

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, data := range calendars(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(data)
			if !ICS.Detect(in) {
				t.Fatal("it is not detected")
			}
			var out struct {
				Document *document.Document
				Children []child `json:",omitempty"`
			}
			doc, err := ICS.Read(context.Background(), in, func(c *document.Child) error {
				b, err := io.ReadAll(c.Content)
				out.Children = append(out.Children, child{c.Step, string(b)})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			out.Document = doc
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(out); err != nil {
				t.Fatal(err)
			}
			path := "testdata/" + name + ".ics.json"
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("it reads otherwise than %s:\n%s", path, got.Bytes())
			}
		})
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	summer := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"China Standard Time": "+08:00", "中国标准时间": "+08:00", "Asia/Shanghai": "+08:00", "/mozilla.org/20050126_1/Asia/Shanghai": "+08:00", "(UTC+08:00) 北京，重庆，香港特别行政区，乌鲁木齐": "+08:00",
		"Pacific Standard Time": "-07:00", "America/Indiana/Indianapolis": "-04:00", "/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires": "-03:00", "W. Europe Standard Time": "+02:00", "\"India Standard Time\"": "+05:30",
		"GMT -0330": "-03:30", "Etc/GMT-8": "+08:00", "Tokyo Standard Time": "+09:00", "UTC": "+00:00", "tzone://Microsoft/Utc": "+00:00",
		"Nowhere": "", "": "", "../../etc/passwd": "", "GMT+99": "", "Local": "",
	} {
		got := ""
		if l := Zone(name); l != nil {
			got = summer.In(l).Format("-07:00")
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
	for name, iana := range windowsZones {
		if _, err := time.LoadLocation(iana); err != nil || name != strings.ToLower(name) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestRules: offsets by the rules of a VTIMEZONE, at the edges of its seasons.
func TestRules(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"20240309T120000": "-08:00", "20240310T015900": "-08:00", "20240310T030000": "-07:00", "20240711T090000": "-07:00", "20241103T015900": "-07:00", "20241103T030000": "-08:00", "20250101T000000": "-08:00",
	} {
		doc, err := ICS.Read(context.Background(), input(cal(pacific+event("UID:1", "DTSTART;TZID=Customized Time Zone:"+at))), nil)
		if err != nil || !strings.HasSuffix(doc.Date, want) {
			t.Errorf("%s: %q, want %s, error %v", at, doc.Date, want, err)
		}
	}
	// The last Sunday, as Europe has it.
	europe := strings.NewReplacer("BYDAY=2SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=3", "BYDAY=1SU;BYMONTH=11", "BYDAY=-1SU;BYMONTH=10", "-0700", "+0200", "-0800", "+0100").Replace(pacific)
	for at, want := range map[string]string{"20240330T120000": "+01:00", "20240331T120000": "+02:00", "20241026T120000": "+02:00", "20241027T120000": "+01:00"} {
		doc, _ := ICS.Read(context.Background(), input(cal(europe+event("UID:1", "DTSTART;TZID=Customized Time Zone:"+at))), nil)
		if !strings.HasSuffix(doc.Date, want) {
			t.Errorf("%s: %q, want %s", at, doc.Date, want)
		}
	}
}

func TestNotACalendar(t *testing.T) {
	t.Parallel()
	for _, data := range []string{"", "BEGIN:VCARD\r\n", "notes: BEGIN:VCALENDAR", "x\nBEGIN:VCALENDAR"} {
		if ICS.Detect(input(data)) {
			t.Errorf("%q is taken for a calendar", data)
		}
	}
	if !ICS.Detect(input("\xef\xbb\xbf\r\nbegin:vcalendar\n")) {
		t.Error("lower case and a mark are not seen")
	}
}

// TestLinear: hostile files are read in time that grows with their length.
func TestLinear(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"folds":      cal(event("SUMMARY:" + strings.Repeat("x\r\n ", 500_000))),
		"soft":       cal(event("SUMMARY;ENCODING=QUOTED-PRINTABLE:" + strings.Repeat("x=\r\n", 500_000))),
		"components": strings.Repeat("BEGIN:VEVENT\r\n", 200_000),
		"params":     cal(event("SUMMARY" + strings.Repeat(";a=b", 500_000) + ":x")),
		"quotes":     cal(event("SUMMARY" + strings.Repeat(`;a="`, 200_000) + ":x")),
		"attendees":  cal(event(strings.Repeat("ATTENDEE:mailto:a@b.c\r\n", 100_000))),
	} {
		doc, err := ICS.Read(context.Background(), input("BEGIN:VCALENDAR\r\n"+data), nil)
		if err != nil || doc == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestManyEvents(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range maxEvents + 5 {
		fmt.Fprintf(&b, "BEGIN:VEVENT\nUID:%d\nSUMMARY:x\nDTSTART:20240101\nEND:VEVENT\n", i)
	}
	doc, err := ICS.Read(context.Background(), input("BEGIN:VCALENDAR\n"+b.String()+"END:VCALENDAR\n"), nil)
	if err != nil || len(doc.Sections) != maxEvents || doc.Reason != document.TooMany {
		t.Errorf("%d events, reason %q, error %v", len(doc.Sections), doc.Reason, err)
	}
}

func FuzzICS(f *testing.F) {
	for _, data := range calendars(f) {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := ICS.Read(context.Background(), input(string(data)), func(c *document.Child) error {
			if c.Size > int64(len(data)) {
				t.Errorf("%d bytes came out of %d", c.Size, len(data))
			}
			return nil
		})
		if err != nil || doc.Read == document.Partial && doc.Reason == "" {
			t.Errorf("%+v, error %v", doc, err)
		}
	})
}
