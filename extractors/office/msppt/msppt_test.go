package msppt_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/office/msppt"
	"guidang/extractors/office/msppt/msppttest"
)

func deck() msppttest.Deck {
	return msppttest.Deck{
		Footer: "远航软件", Link: "http://huaxin.example/plan",
		Slides: []msppttest.Slide{
			{Title: "项目启动会", Body: "目标\r范围\x0b说明", Notes: "先介绍双方团队", Author: "王伟", Comment: "换一张图"},
			{Title: "Plan", Box: "第一阶段：需求", Table: [][]string{{"阶段", "日期"}, {"上线", "2009-10-01"}}, Hidden: true},
		},
	}
}

func input(d msppttest.Deck, passwords ...string) msppt.Input {
	stream, current := d.Streams()
	return msppt.Input{Deck: stream, Current: current, Passwords: passwords, Slides: 100, Limit: 1 << 20}
}

func shown(d *msppt.Deck) string {
	var b strings.Builder
	for i, s := range d.Slides {
		fmt.Fprintf(&b, "%d %s", i+1, s.Title)
		if s.Hidden {
			b.WriteString(" (hidden)")
		}
		b.WriteString("\n")
		for _, part := range []struct {
			mark  string
			lines []string
		}{{"", s.Lines}, {"n ", s.Notes}, {"c ", s.Comments}} {
			for _, l := range part.lines {
				b.WriteString(part.mark + l + "\n")
			}
		}
	}
	fmt.Fprintf(&b, "%s %s", d.Footers, d.Links)
	return b.String()
}

const deckShown = `1 项目启动会
目标
范围
说明
n 先介绍双方团队
n 内部资料
c 王伟: 换一张图
2 Plan (hidden)
第一阶段：需求
阶段	日期
上线	2009-10-01
[远航软件] [http://huaxin.example/plan]`

func read(t *testing.T, in msppt.Input) *msppt.Deck {
	t.Helper()
	d, err := msppt.Read(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeck(t *testing.T) {
	t.Parallel()
	if got := read(t, input(deck())); shown(got) != deckShown || got.Salvaged || got.Cut {
		t.Errorf("got\n%s", shown(got))
	}
	// Of a slide that was saved again the newer one counts.
	d := deck()
	d.Edited = true
	if got := shown(read(t, input(d))); !strings.HasPrefix(got, "1 项目启动会(新)\n") || strings.Contains(got, "Click") {
		t.Errorf("saved again:\n%s", got)
	}
	// Without the stream that finds the newest save, it is found by its mark.
	in := input(d)
	in.Current = nil
	if got := read(t, in); !strings.HasPrefix(shown(got), "1 项目启动会(新)\n") || got.Salvaged {
		t.Errorf("without the current user:\n%s", shown(got))
	}
	in = input(deck())
	in.Slides = 1
	if got := read(t, in); len(got.Slides) != 1 || !got.TooMany {
		t.Errorf("%d slides", len(got.Slides))
	}
}

func TestEncrypted(t *testing.T) {
	t.Parallel()
	d := deck()
	d.Password = "guidang"
	for _, passwords := range [][]string{nil, {"wrong"}} {
		if _, err := msppt.Read(context.Background(), input(d, passwords...)); !errors.Is(err, msppt.ErrEncrypted) {
			t.Errorf("with %v: error %v", passwords, err)
		}
	}
	if got := read(t, input(d, "wrong", "guidang")); shown(got) != deckShown || !got.Decrypted {
		t.Errorf("got\n%s", shown(got))
	}
}

func TestSalvage(t *testing.T) {
	t.Parallel()
	in := input(deck())
	in.Current = nil
	if at := bytes.LastIndex(in.Deck, []byte{0, 0, 0xf5, 0x0f}); at > 0 {
		in.Deck = in.Deck[:at]
	}
	got := read(t, in)
	for _, want := range []string{"项目启动会", "范围", "先介绍双方团队", "第一阶段：需求", "上线\t2009-10-01"} {
		if !strings.Contains(shown(got), want) || !got.Salvaged {
			t.Errorf("%q is lost:\n%s", want, shown(got))
		}
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write([]byte("within"))
	w.Close()
	d := deck()
	d.Objects = [][]byte{[]byte("an object")}
	in := input(d)
	got := read(t, in)
	if len(got.Objects) != 1 || string(got.Objects[0].Data) != "an object" {
		t.Errorf("%d objects", len(got.Objects))
	}
	// A packed object: the instance says so, and its length stands before.
	packed := append(binary.LittleEndian.AppendUint32(nil, 6), z.Bytes()...)
	d.Objects = [][]byte{packed}
	in = input(d)
	at := bytes.Index(in.Deck, packed) - 8
	in.Deck[at] |= 1 << 4
	if got := read(t, in); len(got.Objects) != 1 || string(got.Objects[0].Data) != "within" {
		t.Errorf("packed: %v", got.Objects)
	}
}

// old writes a record of PowerPoint 95.
func old(kind uint32, container bool, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	mark := uint32(0)
	if container {
		mark = 0xffff
	}
	var b []byte
	for _, v := range []uint32{kind, mark, uint32(len(body)), 0} {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return append(b, body...)
}

func TestPowerPoint95(t *testing.T) {
	t.Parallel()
	gbk := func(s string) []byte {
		out, _ := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
		return out
	}
	text := func(kind uint32, s string) []byte {
		return old(kind, true, old(0xfe0, true, old(0x7ee, false, gbk(s))))
	}
	stream := old(3, true, old(0x3e8, true,
		old(0x3f8, true, text(0xbc2, "Click")),
		old(0x3ee, true, text(0xbc2, "季度工作汇报"), text(0xbc2, "合同已签\r验收已过"), old(0x7ee, false, []byte("\x01\x02"))),
		old(0x3f0, true, text(0xbc2, "备注内容"))))
	got := read(t, msppt.Input{Deck: stream, Slides: 100, Limit: 1 << 20})
	if s := shown(got); s != "1 季度工作汇报\n合同已签\n验收已过\nn 备注内容\n[] []" || got.Charset != "gb18030" {
		t.Errorf("charset %s, got\n%s", got.Charset, s)
	}
}

func FuzzRead(f *testing.F) {
	for _, password := range []string{"", "x"} {
		d := deck()
		d.Edited, d.Password = true, password
		stream, current := d.Streams()
		f.Add(stream, current)
	}
	f.Add(old(3, true, old(0x3e8, true, old(0x3ee, true, old(0xfe0, true, old(0x7ee, false, []byte("abc")))))), []byte{})
	f.Fuzz(func(t *testing.T, stream, current []byte) {
		got, err := msppt.Read(context.Background(), msppt.Input{Deck: stream, Current: current, Passwords: []string{"x"}, Slides: 100, Limit: 1 << 16})
		if err == nil && len(got.Slides) > 100 {
			t.Errorf("%d slides", len(got.Slides))
		}
	})
}
