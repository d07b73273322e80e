package chat

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"guidang/extractors/document"
)

func input(name, data string) *document.Input {
	return &document.Input{Name: name, Size: int64(len(data)), Bytes: strings.NewReader(data), Limits: document.Limits{}.WithDefaults()}
}

func all(doc *document.Document) string {
	var b strings.Builder
	for _, s := range doc.Sections {
		fmt.Fprintf(&b, "[%d] %s\n%s\n", s.Position.Line, s.Heading, s.Text)
	}
	return b.String()
}

const wanted = "[%d] 2024-03-05\n10:23:11 张三: 报价发了吗\n10:24:02 李四: 发了\n第二版\n[%d] 2024-03-06\n09:00:00 张三: 收到\n"

func TestText(t *testing.T) {
	t.Parallel()
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("2024-03-05 10:23:11 张三\n报价发了吗\n\n2024-03-05 10:24:02 李四\n发了\n第二版\n\n2024-03-06 9:00:00 张三\n收到\n")
	for _, tt := range []struct{ name, text, before string }{
		{"time and name above", "2024-03-05 10:23:11 张三\n报价发了吗\n\n2024-03-05 10:24:02 李四\n发了\n第二版\n\n2024-03-06 09:00:00 张三\n收到\n", ""},
		{"in GBK", gbk, ""},
		{"name and time above", "张三 2024/3/5 10:23:11\n报价发了吗\n李四 2024/3/5 10:24:02\n发了\n第二版\n张三  2024/3/6 9:00:00\n收到", ""},
		{"in one line", "[2024-03-05 10:23:11] 张三: 报价发了吗\n[2024-03-05 10:24:02] 李四：发了\n第二版\n[2024-03-06 09:00:00] 张三: 收到\n", ""},
		{"in brackets", "张三(2024-03-05 10:23:11)：报价发了吗\n李四(2024-03-05 10:24:02)：发了\n第二版\n张三(2024-03-06 09:00:00)：收到\n", ""},
		{"Chinese dates", "2024年3月5日 星期二 上午10:23:11 张三\n报价发了吗\n2024年3月5日 上午10:24:02 李四\n发了\n第二版\n2024年3月6日 上午9:00:00 张三\n收到", ""},
		{"quoted names", "2024-03-05 10:23:11 '张三'\n报价发了吗\n2024-03-05 10:24:02 '李四'\n发了\n第二版\n2024-03-06 09:00:00 '张三'\n收到", ""},
		{"with a head", "消息记录（此消息记录为文本格式，不支持重新导入）\n\n================\n消息对象:华信项目群\n================\n\n2024-03-05 10:23:11 张三\n报价发了吗\n\n2024-03-05 10:24:02 李四\n发了\n第二版\n\n2024-03-06 9:00:00 张三\n收到\n", "华信项目群"},
	} {
		in := input("聊天.txt", tt.text)
		if !Text.Detect(in) {
			t.Errorf("%s: not detected", tt.name)
			continue
		}
		doc, err := Text.Read(context.Background(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := all(doc)
		if tt.before != "" {
			got = got[strings.Index(got, "[7]"):]
		}
		first, second := 0, 0
		_, _ = fmt.Sscanf(got, "[%d]", &first)
		if i := strings.Index(got, "\n["); i > 0 {
			_, _ = fmt.Sscanf(got[i+1:], "[%d]", &second)
		}
		if want := fmt.Sprintf(wanted, first, second); got != want || first == 0 || second <= first {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, want)
		}
		if doc.Kind != document.KindChat || doc.Date != "2024-03-06" || doc.Fields["messages"] != "3" || len(doc.People) != 2 || doc.People[0].Name != "张三" || doc.Title != tt.before || doc.Language != "zh" {
			t.Errorf("%s: %+v", tt.name, doc)
		}
	}
}

func TestNoConversation(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a log":       strings.Repeat("2024-03-05 10:23:11 INFO request done\n2024-03-05 10:23:12 com.example.Main - ok\n", 5),
		"a diary":     "2024-03-05 10:00 项目启动\n今天开会。\n2024-03-06 10:00 需求调研\n去客户现场。\n2024-03-07 10:00 方案评审\n通过。\n2024-03-08 10:00 合同签订\n完成。\n2024-03-11 9:00 开发开始\n。\n",
		"a letter":    "王总：\n您好！附件是 2024-03-05 10:00 的会议纪要，请查收。\n此致\n敬礼\n",
		"an agenda":   "2024-03-05 议程\n10:00 签到\n10:30 汇报\n",
		"two of them": "2024-03-05 10:23:11 张三\n好\n2024-03-05 10:24:11 李四\n好\n",
	} {
		if Text.Detect(input("a.txt", text)) {
			t.Errorf("%s is taken for a conversation", name)
		}
	}
}

func TestLongDayIsCut(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "2024-03-05 10:%02d:00 成员%d\n第%d条消息的内容，说得长一点。\n", i%60, i%7, i)
	}
	doc, err := Text.Read(context.Background(), input("a.txt", b.String()), nil)
	if err != nil || len(doc.Sections) < 3 || doc.Fields["messages"] != "200" {
		t.Fatalf("%d sections, %v, error %v", len(doc.Sections), doc.Fields, err)
	}
	for i, s := range doc.Sections {
		if s.Heading != "2024-03-05" || i > 0 && s.Position.Line <= doc.Sections[i-1].Position.Line {
			t.Errorf("section %d: %+v", i, s.Position)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"of a WeChat tool": "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n1,2,1,0,0,1709605391,,报价发了吗,2024-03-05 10:23:11,张三,三哥,wxid_1\n2,2,1,0,1,1709605442,,\"发了\n第二版\",2024-03-05 10:24:02,,李四,wxid_2\n3,2,1,0,0,1709686800,,收到,2024-03-06 09:00:00,张三,,wxid_1\n",
		"in Chinese":       "发送人,发送时间,消息类型,消息内容\n张三,2024/3/5 10:23:11,文本,报价发了吗\n李四,2024/3/5 10:24:02,文本,\"发了\n第二版\"\n张三,2024/3/6 9:00:00,文本,收到\n",
		"in seconds":       "sender,time,content\n张三,1709605391,报价发了吗\n李四,1709605442000,\"发了\n第二版\"\n张三,1709686800,收到\n",
	} {
		in := input("聊天.csv", text)
		if !CSV.Detect(in) {
			t.Errorf("%s: not detected", name)
		}
		doc, err := CSV.Read(context.Background(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := all(doc), fmt.Sprintf(wanted, 2, 5); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	for _, text := range []string{"客户,时间,金额\n华信,2024-03-05,1\n", "姓名,电话\n张三,1\n"} {
		if CSV.Detect(input("a.csv", text)) {
			t.Errorf("%q is taken for a conversation", text)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	page := "<html><head><title>聊天记录 - 华信项目群</title></head><body><div>2024-03-05 10:23:11 张三</div><div>报价发了吗</div><div>2024-03-05 10:24:02 李四</div><div>发了</div><div>第二版</div><div>2024-03-06 09:00:00 张三</div><div>收到</div></body></html>"
	in := input("a.html", page)
	if !Page.Detect(in) {
		t.Error("not detected")
	}
	doc, err := Page.Read(context.Background(), in, nil)
	if err != nil || all(doc) != fmt.Sprintf(wanted, 0, 0) || doc.Title != "聊天记录 - 华信项目群" || doc.Kind != document.KindChat {
		t.Errorf("%v\n%s\n%+v", err, all(doc), doc)
	}
	plain := "<html><head><title>微信支付说明</title></head><body><p>步骤一</p></body></html>"
	if doc, err := Page.Read(context.Background(), input("a.html", plain), nil); err != nil || doc.Kind != document.KindDocument || !strings.Contains(all(doc), "步骤一") {
		t.Errorf("a page: %+v, %v", doc, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2024-03-05 10:23:11 张三\n好\n")
	f.Add("张三 2024/3/5 下午1:02 PM: x")
	f.Fuzz(func(t *testing.T, s string) {
		_, messages, _ := parse(lines(s))
		for _, m := range messages {
			if m.sender == "" || m.day == "" {
				t.Fatalf("%+v", m)
			}
		}
	})
}
