package biff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"guidang/extractors/compound"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// everything is a BIFF8 workbook with one of each thing that is read.
func everything() *bookMaker {
	m := newBook(8)
	m.globals.rec(idCodepage, uint16(1200)).
		rec(idFormat, uint16(164), wideText(`yyyy"年"m"月"d"日"`)).
		rec(idXF, xf8(0, 0)).rec(idXF, xf8(0, 164)).rec(idXF, xf8(0, 4))
	// Strings: narrow; wide over a border; rich and phonetic; narrow that turns wide.
	m.globals.rec(idShared, uint32(4), uint32(4),
		pack(uint16(3), uint8(0), "abc"), pack(uint16(4), uint8(1), units("合同")),
	).rec(idContinue, uint8(1), units("金额"),
		pack(uint16(2), uint8(0x0d), uint16(1), uint32(6), units("华信"), make([]byte, 4), "ruby\x00\x00"),
		pack(uint16(4), uint8(0), "No"),
	).rec(idContinue, uint8(1), units("编号"))
	m.sheet("台账", func(s *stream) {
		s.rec(idHeader, wideText(`&L&"宋体,常规"&12机密&R&D`)).rec(idFooter, wideText("第 &P 页"))
		for i := range 4 {
			s.rec(idLabelSST, uint16(0), uint16(i), uint16(0), uint32(i))
		}
		s.rec(idNumber, uint16(1), uint16(0), uint16(2), bits64(350000)).
			rec(idRK, uint16(1), uint16(1), uint16(1), uint32(45356<<2|2)).
			rec(idMulRK, uint16(1), uint16(2), uint16(0), uint32(12345<<2|3), uint16(0), uint32(7<<2|2), uint16(3)).
			rec(idBool, uint16(1), uint16(4), uint16(0), uint8(1), uint8(0)).
			rec(idBool, uint16(1), uint16(5), uint16(0), uint8(42), uint8(1))
		formula := func(row, col uint16, result []byte) { s.rec(idFormula, row, col, uint16(0), result, make([]byte, 8)) }
		formula(2, 0, pack(bits64(2.5)))
		formula(2, 1, []byte{1, 0, 1, 0, 0, 0, 0xff, 0xff})
		formula(2, 2, []byte{2, 0, 7, 0, 0, 0, 0xff, 0xff})
		formula(2, 3, []byte{3, 0, 0, 0, 0, 0, 0xff, 0xff})
		formula(2, 4, []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff})
		s.rec(idSharedFmla, make([]byte, 10)).rec(idString, uint16(4), uint8(1), units("已验")).rec(idContinue, uint8(1), units("收吗"))
		s.rec(idLabel, uint16(3), uint16(0), uint16(0), wideText("直接写的"))
		s.rec(idMerges, uint16(1), uint16(1), uint16(3), uint16(0), uint16(0))
		object := func(kind, id uint16) { s.rec(idObject, uint16(0x15), uint16(18), kind, id, make([]byte, 14)) }
		text := func(t string) {
			s.rec(idText, make([]byte, 10), uint16(len([]rune(t))), uint16(8), uint32(0)).rec(idContinue, uint8(1), units(t)).rec(idContinue, make([]byte, 8))
		}
		object(0x19, 5)
		text("价格要再谈")
		object(6, 6)
		text("流程图")
		// A chart within the sheet: its cells are copies.
		s.rec(idBOF, uint16(0x0600), uint16(kindChart), make([]byte, 12)).rec(idSeriesText, uint16(0), shortText("季度回款")).
			rec(idNumber, uint16(0), uint16(0), uint16(0), bits64(99)).rec(idEOF)
		s.rec(idNote, uint16(1), uint16(2), uint16(0), uint16(5), wideText("王伟"))
	})
	m.add(sheetMaker{name: shortText("底价"), state: 1, kind: kindSheet}, func(s *stream) {
		s.rec(idLabel, uint16(0), uint16(0), uint16(0), wideText("最低 28 万"))
	})
	m.add(sheetMaker{name: shortText("密"), state: 2, kind: kindSheet}, func(s *stream) {
		s.rec(idLabel, uint16(9), uint16(1), uint16(0), wideText("看不见"))
	})
	return m
}

const everythingShown = `[台账]
1: abc|合同金额|华信|No编号
2: 350,000.00|2024年3月5日|123.45|7|TRUE|#N/A
3: 2.5|TRUE|#DIV/0!||已验收吗
4: 直接写的
merged {0 2 0 4}
note 2,2 王伟: 价格要再谈
shape 流程图
chart 季度回款
header "机密" footer ""
[底价 hidden]
1: 最低 28 万
[密 very hidden]
10: |看不见
`

func TestEverything(t *testing.T) {
	t.Parallel()
	raw := everything().bytes()
	packed := compoundOf(file{"Workbook", raw})
	long := compoundOf(file{"\x05SummaryInformation", nil}, file{"Workbook", append(bytes.Clone(raw), make([]byte, 5000)...)})
	lower := compoundOf(file{"WORKBOOK", raw}, file{"Book", newBook(5).bytes()})
	for name, data := range map[string][]byte{"bare": raw, "small sectors": packed, "sectors": long, "upper case, two books": lower} {
		if !Is(data[:min(len(data), 512)], bytes.NewReader(data), int64(len(data))) {
			t.Errorf("%s: not recognised", name)
		}
		b := open(t, data)
		if got := shown(b); got != everythingShown {
			t.Errorf("%s: got\n%s", name, got)
		}
		if b.Version != 8 || b.Damage != (Damage{}) || b.Charset != "" {
			t.Errorf("%s: version %d, damage %+v, charset %q", name, b.Version, b.Damage, b.Charset)
		}
	}
}

// TestCharsets writes BIFF5 in the code pages of the world, honestly labelled and
// not.
func TestCharsets(t *testing.T) {
	t.Parallel()
	const chinese = "合同金额确认单，项目经理王伟签字，验收通过后三十日内付款"
	tests := []struct {
		name string
		page uint16
		e    encoding.Encoding
		text string
		want string
	}{
		{"GBK", 936, simplifiedchinese.GBK, chinese, "gb18030"},
		{"GBK under 1252", 1252, simplifiedchinese.GBK, chinese, "gb18030"},
		{"GBK under the old number of 1252", 0x8001, simplifiedchinese.GBK, chinese, "gb18030"},
		{"GBK under 437", 437, simplifiedchinese.GBK, chinese, "gb18030"},
		{"GBK without a code page", 0, simplifiedchinese.GBK, chinese, "gb18030"},
		{"Big5", 950, traditionalchinese.Big5, "專案經理簽字後，驗收通過三十日內付款給廠商", "big5"},
		{"Shift-JIS", 932, japanese.ShiftJIS, "プロジェクトの見積書と請求書について", "shift_jis"},
		{"Korean", 949, korean.EUCKR, "프로젝트 계약서 검수 완료 보고", "euc-kr"},
		{"Russian", 1251, charmap.Windows1251, "Договор подряда на разработку", "windows-1251"},
		{"Greek", 1253, charmap.Windows1253, "Συμβόλαιο έργου", "windows-1253"},
		{"French", 1252, charmap.Windows1252, "Résumé du contrat signé à Orléans", "windows-1252"},
		{"DOS", 850, charmap.CodePage850, "Größe des Vertrags", ""},
		{"Macintosh", 0x8000, charmap.Macintosh, "Größe des Vertrags", "macintosh"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			raw, err := tt.e.NewEncoder().String(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			m := newBook(5)
			if tt.page != 0 {
				m.globals.rec(idCodepage, tt.page)
			}
			name := raw[:min(len(raw), 8)&^1]
			m.sheet(name, func(s *stream) { s.rec(idLabel, uint16(0), uint16(0), uint16(0), uint16(len(raw)), raw) })
			b := open(t, m.bytes())
			want := tt.text
			if got := shown(b); !strings.Contains(got, "1: "+want+"\n") {
				t.Errorf("got %s, charset %q", got, b.Charset)
			}
			if b.Charset != tt.want {
				t.Errorf("charset %q", b.Charset)
			}
		})
	}
}

// TestManyCharacters: every character of the first level of GB 2312 and of Big5
// comes out right, however short the cells are.
func TestManyCharacters(t *testing.T) {
	t.Parallel()
	tests := []struct {
		page            uint16
		e               encoding.Encoding
		lead, last      int
		trail, lastTail int
	}{
		{936, simplifiedchinese.GBK, 0xb0, 0xf7, 0xa1, 0xfe},
		{950, traditionalchinese.Big5, 0xa4, 0xf9, 0x40, 0xfe},
	}
	for _, tt := range tests {
		var want []string
		m := newBook(5)
		m.globals.rec(idCodepage, tt.page)
		m.sheet("s", func(s *stream) {
			row := 0
			for lead := tt.lead; lead <= tt.last; lead++ {
				for trail := tt.trail; trail <= tt.lastTail; trail += 2 {
					raw := []byte{byte(lead), byte(trail), byte(lead), byte(trail + 1)}
					text, err := tt.e.NewDecoder().Bytes(raw)
					if err != nil || bytes.ContainsRune(text, 0xfffd) || len(text) != 6 || trail == 0x7e || trail >= 0x7f && trail < 0xa1 || trail+1 > tt.lastTail {
						continue
					}
					want = append(want, string(text))
					s.rec(idLabel, uint16(row), uint16(0), uint16(0), uint16(len(raw)), raw)
					row++
				}
			}
		})
		if len(want) < 2000 {
			t.Fatalf("%d: only %d cells", tt.page, len(want))
		}
		i := 0
		for _, cells := range open(t, m.bytes()).Sheets[0].Rows() {
			if cells[0] != want[i] {
				t.Fatalf("%d: cell %d is %q, not %q", tt.page, i, cells[0], want[i])
			}
			i++
		}
		if i != len(want) {
			t.Errorf("%d: %d of %d cells", tt.page, i, len(want))
		}
	}
}

// TestFonts: in a workbook of code page 1252 the font says that a cell is Chinese,
// even one too short for statistics.
func TestFonts(t *testing.T) {
	t.Parallel()
	m := newBook(5)
	font := func(charset byte) []byte { return pack(make([]byte, 12), charset, uint8(0), uint8(1), "F") }
	m.globals.rec(idCodepage, uint16(1252))
	for _, c := range []byte{0, 0, 0, 0, 134, 204} { // there is no font 4
		m.globals.rec(idFont2, font(c))
	}
	m.globals.rec(idXF, xf8(0, 0)).rec(idXF, xf8(5, 0)).rec(idXF, xf8(6, 0))
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("王伟")
	russian, _ := charmap.Windows1251.NewEncoder().String("Да")
	m.sheet("s", func(s *stream) {
		s.rec(idLabel, uint16(0), uint16(0), uint16(0), uint16(3), "na\xefve"[:3]).
			rec(idLabel, uint16(0), uint16(1), uint16(1), uint16(len(gbk)), gbk).
			rec(idLabel, uint16(0), uint16(2), uint16(2), uint16(len(russian)), russian)
	})
	if got := shown(open(t, m.bytes())); got != "[s]\n1: naï|王伟|Да\n" {
		t.Errorf("got %q", got)
	}
}

// TestOldVersions reads what stood in one stream without a list of sheets.
func TestOldVersions(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("合同编号与客户名称")
	tests := []struct {
		name    string
		version int
		fill    func(s *stream)
		want    string
	}{
		{"BIFF2", 2, func(s *stream) {
			attr := func(format byte) []byte { return []byte{0, format, 0} }
			s.rec(0x0009, uint16(2), uint16(kindSheet)).rec(idCodepage, uint16(936)).
				rec(idFormat2, "\x07General").rec(idFormat2, "\x04\x30.00").rec(idFormat2, "\x0ayyyy-mm-dd").
				rec(idLabel2, uint16(0), uint16(0), attr(0), uint8(len(gbk)), gbk).
				rec(idInteger, uint16(1), uint16(0), attr(0), uint16(7)).
				rec(idNumber2, uint16(1), uint16(1), attr(1), bits64(1.5)).
				rec(idNumber2, uint16(1), uint16(2), attr(2), bits64(33000)).
				rec(idBool2, uint16(1), uint16(3), attr(0), uint8(1), uint8(0)).
				rec(idFormula, uint16(2), uint16(0), attr(0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, uint8(0)).rec(idString2, uint8(2), "ok").
				rec(idEOF)
		}, "[Sheet1]\n1: 合同编号与客户名称\n2: 7|1.50|1990-05-07|TRUE\n3: ok\n"},
		{"BIFF3", 3, func(s *stream) {
			s.rec(0x0209, uint16(0), uint16(kindSheet), uint16(0)).rec(idFormat2, "\x07General").rec(idFormat2, "\x020%").
				rec(idXF3, uint8(0), uint8(0), make([]byte, 10)).rec(idXF3, uint8(0), uint8(1), make([]byte, 10)).
				rec(idLabel, uint16(0), uint16(0), uint16(0), uint16(5), "Owner").rec(idNumber, uint16(0), uint16(1), uint16(1), bits64(.25)).
				rec(idFormula3, uint16(1), uint16(0), uint16(0), []byte{0, 0, 0, 0, 0, 0, 0xff, 0xff}, uint16(0)).rec(idString, uint16(3), "yes").
				rec(idEOF)
		}, "[Sheet1]\n1: Owner|25%\n2: yes\n"},
		{"BIFF4 workspace", 4, func(s *stream) {
			s.rec(0x0409, uint16(0), uint16(kindWorkspace), uint16(0)).rec(idCodepage, uint16(936)).
				rec(idSheetHead, uint32(0), uint8(len(gbk[:4])), gbk[:4]).
				rec(0x0409, uint16(0), uint16(kindSheet), uint16(0)).rec(idLabel, uint16(0), uint16(0), uint16(0), uint16(len(gbk)), gbk).rec(idEOF).
				rec(idSheetHead, uint32(0), uint8(1), "B").
				rec(0x0409, uint16(0), uint16(kindSheet), uint16(0)).rec(idLabel, uint16(4), uint16(0), uint16(0), uint16(1), "x").rec(idEOF).
				rec(idEOF)
		}, "[合同]\n1: 合同编号与客户名称\n[B]\n5: x\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var s stream
			tt.fill(&s)
			if !Is(s.Bytes(), bytes.NewReader(s.Bytes()), int64(s.Len())) {
				t.Error("not recognised")
			}
			b := open(t, s.Bytes())
			if got := shown(b); got != tt.want || b.Version != tt.version || b.Damage.Cut {
				t.Errorf("version %d, damage %+v, got\n%s", b.Version, b.Damage, got)
			}
		})
	}
}

// TestNotes5: before BIFF8 a long comment goes on in records of its own.
func TestNotes5(t *testing.T) {
	t.Parallel()
	m := newBook(5).sheet("s", func(s *stream) {
		s.rec(idNote, uint16(1), uint16(0), uint16(9), "first ").rec(idNote, uint16(0xffff), uint16(0), uint16(3), "end")
	})
	if got := shown(open(t, m.bytes())); got != "[s]\nnote 2,0 : first end\n" {
		t.Errorf("got %q", got)
	}
}

// TestOrder: cells written by columns come out by rows.
func TestOrder(t *testing.T) {
	t.Parallel()
	m := newBook(8).sheet("s", func(s *stream) {
		for c := range 3 {
			for r := range 3 {
				s.rec(idNumber, uint16(r), uint16(c), uint16(0), bits64(float64(10*r+c)))
			}
		}
	})
	if got := shown(open(t, m.bytes())); got != "[s]\n1: 0|1|2\n2: 10|11|12\n3: 20|21|22\n" {
		t.Errorf("got %q", got)
	}
}

// TestEpoch: dates that count from 1904.
func TestEpoch(t *testing.T) {
	t.Parallel()
	m := newBook(8)
	m.globals.rec(idDateMode, uint16(1)).rec(idXF, xf8(0, 14))
	m.sheet("s", func(s *stream) { s.rec(idNumber, uint16(0), uint16(0), uint16(0), bits64(45356-1462)) })
	if got := shown(open(t, m.bytes())); got != "[s]\n1: 2024-03-05\n" {
		t.Errorf("got %q", got)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	raw := everything().bytes()
	long := append(bytes.Clone(raw), make([]byte, 4096)...)
	noDirectory := compoundOf(file{"Workbook", long})
	copy(noDirectory[48:], []byte{0xf0, 0xff, 0xff, 0x00})
	copy(noDirectory[bytes.Index(noDirectory, []byte("R\x00o\x00o\x00t\x00")):], "lost")
	wrongPlaces := bytes.Clone(raw)
	for at := 0; at+8 < len(wrongPlaces); {
		id, data, next, _, _ := record(wrongPlaces, at)
		if id == idSheetInfo {
			copy(data, []byte{1, 2, 3, 0})
		}
		at = next
	}
	lost := newBook(8).sheet("a", func(s *stream) { s.rec(idLabel, uint16(0), uint16(0), uint16(0), wideText("甲")) })
	lost.sheet("b", func(*stream) {})
	cutBefore := lost.bytes()
	cutBefore = cutBefore[:len(cutBefore)-4-20]
	tests := []struct {
		name   string
		data   []byte
		want   string
		damage Damage
	}{
		{"the directory is lost", noDirectory, everythingShown, Damage{Salvaged: true}},
		{"the sheets' places are wrong", wrongPlaces, everythingShown, Damage{}},
		{"the end is lost", raw[:len(raw)-30], "4: 直接写的", Damage{Cut: true}},
		{"a sheet is lost", cutBefore, "1: 甲", Damage{Lost: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := open(t, tt.data)
			if got := shown(b); !strings.Contains(got, tt.want) || b.Damage != tt.damage {
				t.Errorf("damage %+v, got\n%s", b.Damage, got)
			}
		})
	}
	for name, data := range map[string][]byte{"nothing": {}, "text": []byte("name,sum\n"), "only the mark": []byte(compound.Magic), "an empty compound file": compoundOf(file{"WordDocument", make([]byte, 5000)})} {
		if _, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), Options{}); !errors.Is(err, ErrNoBook) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestClaims: lengths and counts that the bytes do not bear out cost nothing.
func TestClaims(t *testing.T) { // alone: it counts what the whole process allocates
	m := newBook(8)
	m.globals.rec(idShared, uint32(0xffffffff), uint32(0xffffffff), pack(uint16(0xffff), uint8(0x0c), uint16(0xffff), uint32(0xffffffff), "ab"))
	m.sheet("s", func(s *stream) {
		s.rec(idLabelSST, uint16(0), uint16(0), uint16(0), uint32(0)).rec(idLabelSST, uint16(0), uint16(1), uint16(0), uint32(0xffffffff)).
			rec(idLabel, uint16(1), uint16(0xffff), uint16(0), wideText("far")).
			rec(idLabel, uint16(2), uint16(0), uint16(0xffff), uint16(0xffff), uint8(1), units("短"))
	})
	data := m.bytes()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := shown(open(t, data))
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
		t.Errorf("%d bytes", n)
	}
	if got != "[s]\n1: ab\n3: 短\n" {
		t.Errorf("got %q", got)
	}
	b, err := Open(context.Background(), bytes.NewReader(everything().bytes()), int64(len(everything().bytes())), Options{Strings: 40})
	if err != nil || !b.Damage.Strings {
		t.Errorf("with a bound on strings: %v", err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	data := everything().bytes()
	if _, err := Open(ctx, bytes.NewReader(data), int64(len(data)), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	raw := everything().bytes()
	f.Add(raw)
	f.Add(compoundOf(file{"Workbook", raw}, file{"\x05SummaryInformation", make([]byte, 100)}))
	f.Add(encrypted(raw, "abc", 1))
	f.Add(encrypted(raw, "abc", 2))
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("合同编号与客户名称")
	five := newBook(5).sheet(gbk[:4], func(s *stream) { s.rec(idLabel, uint16(0), uint16(0), uint16(0), uint16(len(gbk)), gbk) })
	f.Add(five.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		Is(data[:min(len(data), 512)], bytes.NewReader(data), int64(len(data)))
		Damaged(bytes.NewReader(data), int64(len(data)))
		b, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), Options{Passwords: []string{"abc"}})
		if err != nil {
			return
		}
		for _, s := range b.Sheets {
			last := 0
			for n, cells := range s.Rows() {
				if n < last || len(cells) == 0 || len(cells) > maxColumn+1 {
					t.Fatalf("row %d of %d cells behind row %d", n, len(cells), last)
				}
				last = n
			}
		}
		_ = b.Files(func(File) error { return nil })
	})
}

func BenchmarkRows(b *testing.B) {
	m := newBook(8)
	m.globals.rec(idFormat, uint16(164), wideText(`yyyy"年"m"月"d"日"`)).rec(idXF, xf8(0, 0)).rec(idXF, xf8(0, 164)).rec(idXF, xf8(0, 4))
	var shared []byte
	for i := range 500 {
		shared = append(shared, wideText(fmt.Sprintf("客户%d", i))...)
	}
	m.globals.rec(idShared, uint32(500), uint32(500), shared[:min(len(shared), 8000)])
	const rows = 5000
	m.sheet("s", func(s *stream) {
		for r := range rows {
			s.rec(idLabelSST, uint16(r), uint16(0), uint16(0), uint32(r%300)).rec(idRK, uint16(r), uint16(1), uint16(1), uint32(45000+r)<<2|2).
				rec(idNumber, uint16(r), uint16(2), uint16(2), bits64(float64(r)*1.37)).rec(idLabelSST, uint16(r), uint16(3), uint16(0), uint32(7))
		}
	})
	data := m.bytes()
	start := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		book := open(b, data)
		n := 0
		for range book.Sheets[0].Rows() {
			n++
		}
		if n != rows {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.N)*rows*4/time.Since(start).Seconds(), "cells/s")
}

// TestSharedRest: bytes behind the last shared string, too few for another one, end
// the table. Reading once went on for ever here.
func TestSharedRest(t *testing.T) {
	t.Parallel()
	m := newBook(8)
	m.globals.rec(idShared, uint32(1), uint32(1), wideText("甲"), uint16(0))
	m.sheet("s", func(s *stream) { s.rec(idLabelSST, uint16(0), uint16(0), uint16(0), uint32(0)) })
	if got := shown(open(t, m.bytes())); got != "[s]\n1: 甲\n" {
		t.Errorf("got %q", got)
	}
}
