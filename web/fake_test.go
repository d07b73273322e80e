package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
	"guidang/pipeline"
	"guidang/pipeline/index"
	"guidang/pipeline/index/suggest"
	"guidang/pipeline/ledger"
	"guidang/pipeline/minutes"
	"guidang/pipeline/store"
	"guidang/pipeline/terms"
	"guidang/pipeline/versions"
)

// fake is an archive in memory: substring search, rights by source.
type fake struct {
	fakeDossiers
	fakeReviews

	docs    []fakeDoc
	items   []*pipeline.ItemView
	status  *pipeline.Status
	err     error // of every method, if set
	retried []pipeline.Retry

	corrected []pipeline.Correction
	bound     []string
	closed    int               // originals that were closed
	parts     map[string]string // of every mail
	saved     []pipeline.SavedSearch
	done      map[string]string // who marked an action, by its key
	history   map[string][]pipeline.MinutesVersion
}

type fakeDoc struct {
	view   *pipeline.View
	source string
	data   []byte
}

func scopeOf(source string) string { return "source:" + source }

func (f *fake) visible(d fakeDoc, scopes []string) bool {
	return scopes == nil || slices.Contains(scopes, scopeOf(d.source))
}

func (f *fake) find(ref string, scopes []string) (fakeDoc, error) {
	if f.err != nil {
		return fakeDoc{}, f.err
	}
	for _, d := range f.docs {
		if d.view.ID == ref && f.visible(d, scopes) {
			return d, nil
		}
	}
	return fakeDoc{}, fmt.Errorf("%s: %w", ref, ledger.ErrNotFound)
}

func (f *fake) Show(_ context.Context, ref string, scopes []string) (*pipeline.View, error) {
	d, err := f.find(ref, scopes)
	if err == nil && d.view.Minutes != nil {
		d.view.Actions = nil
		for _, a := range d.view.Minutes.Actions {
			d.view.Actions = append(d.view.Actions, f.marked(d.view, a))
		}
	}
	return d.view, err
}

func (f *fake) Actions(_ context.Context, scopes []string) ([]pipeline.ActionView, error) {
	var out []pipeline.ActionView
	for _, d := range f.docs {
		if d.view.Minutes != nil && f.visible(d, scopes) {
			for _, a := range d.view.Minutes.Actions {
				out = append(out, f.marked(d.view, a))
			}
		}
	}
	return out, f.err
}

func (f *fake) Original(_ context.Context, ref string, scopes []string) (store.Original, string, string, error) {
	d, err := f.find(ref, scopes)
	if err != nil {
		return nil, "", "", err
	}
	if d.data == nil {
		return nil, "", "", fmt.Errorf("%s: %w", ref, store.ErrNotFound)
	}
	return &memory{bytes.NewReader(d.data), f}, d.view.Name, d.view.MediaType, nil
}

// SavedItem gives what a mailbox of Outlook would.
func (f *fake) SavedItem(ctx context.Context, ref string, scopes []string) (store.Original, string, error) {
	d, err := f.find(ref, scopes)
	if err == nil && d.view.Fields["made"] == "" {
		err = fmt.Errorf("%w (%w)", pipeline.ErrNotSaved, ledger.ErrNotFound)
	}
	if err != nil {
		return nil, "", err
	}
	o, name, _, err := f.Original(ctx, ref, scopes)
	return o, name, err
}

// Conversation takes mails whose subjects have the same end for a thread.
func (f *fake) Conversation(_ context.Context, ref string, scopes []string, from, limit int) (*pipeline.Thread, error) {
	d, err := f.find(ref, scopes)
	if err != nil {
		return nil, err
	}
	t := &pipeline.Thread{}
	for _, o := range f.docs {
		if o.view.Kind == document.KindMail && f.visible(o, scopes) && strings.HasSuffix(o.view.Title, strings.TrimPrefix(d.view.Title, "Re: ")) {
			t.Mails = append(t.Mails, o.view)
		}
	}
	slices.SortFunc(t.Mails, func(a, b *pipeline.View) int { return cmp.Compare(a.Date, b.Date) })
	t.Total, t.From = len(t.Mails), min(from, len(t.Mails))
	if t.From == 0 && t.Total > 1 {
		due := "2024-09-15"
		t.Letters = []pipeline.LetterRef{{Document: t.Mails[0].ID, Writer: "王建国", Date: "2024-09-03T10:15:00+08:00"}, {Document: "cccccccccccccccccccccccccc", Writer: "陈明", Date: "2024-09-04"}}
		t.Said = &minutes.Said{Decisions: []minutes.Claim{{Text: "验收定在 9 月 12 日", Evidence: []int{2, 9}}}, Actions: []minutes.Action{{Text: "交付验收报告", Owner: "王建国", Due: &due, Evidence: []int{1}}}}
	}
	t.Mails = t.Mails[t.From:min(t.From+limit, t.Total)]
	return t, nil
}

func (f *fake) Compare(_ context.Context, old, now string, scopes []string) (*pipeline.Difference, error) {
	d := &pipeline.Difference{}
	var lines [2][]string
	for n, ref := range []string{old, now} {
		doc, err := f.find(ref, scopes)
		if err != nil {
			return nil, err
		}
		side := pipeline.VersionOf{Document: ref, Name: doc.view.Name, Date: doc.view.Date}
		if n == 0 {
			d.Old = side
		} else {
			d.New = side
		}
		for _, s := range doc.view.Sections {
			lines[n] = append(lines[n], strings.Split(s.Text, "\n")...)
		}
	}
	d.Changes = versions.Diff(lines[0], lines[1])
	return d, nil
}

func (f *fake) MailPart(_ context.Context, ref, step string, scopes []string) ([]byte, error) {
	d, err := f.find(ref, scopes)
	if err == nil && (d.view.Kind != document.KindMail || f.parts[step] == "") {
		err = fmt.Errorf("%s has no %s: %w", ref, step, ledger.ErrNotFound)
	}
	return []byte(f.parts[step]), err
}

// Correct keeps the change; Sound gives the original.
func (f *fake) Correct(_ context.Context, ref string, scopes []string, with pipeline.Correction) error {
	d, err := f.find(ref, scopes)
	if err != nil {
		return err
	}
	if with.Utterance > len(d.view.Said.Utterances) {
		return pipeline.ErrCorrection
	}
	f.corrected = append(f.corrected, with)
	return nil
}

func (f *fake) Bind(_ context.Context, ref, other string, join bool, who string, scopes []string) error {
	if _, err := f.find(ref, scopes); err != nil {
		return err
	}
	if ref == other {
		return pipeline.ErrCorrection
	}
	f.bound = append(f.bound, fmt.Sprintf("%s %v %s", other, join, who))
	return nil
}

func (f *fake) Sound(ctx context.Context, ref string, scopes []string) (store.Original, error) {
	o, _, _, err := f.Original(ctx, ref, scopes)
	return o, err
}

// PagePicture draws the first page of what the fake has as a PNG, the second one
// without its fonts, and no third one.
func (f *fake) PagePicture(ctx context.Context, ref string, page, _ int, scopes []string) (*pipeline.PagePicture, error) {
	o, _, _, err := f.Original(ctx, ref, scopes)
	if err != nil {
		return nil, err
	}
	if page > 2 {
		return nil, errors.Join(pipeline.ErrNoPicture, o.Close())
	}
	return &pipeline.PagePicture{Original: o, Blank: page == 2}, nil
}

type memory struct {
	*bytes.Reader
	f *fake
}

func (m *memory) Close() error { m.f.closed++; return nil }

func (f *fake) Search(_ context.Context, q index.Request, scopes []string) (*index.Result, error) {
	if f.err != nil {
		return nil, f.err
	}
	r := &index.Result{Query: q.Text, TookMS: 3, Engine: "embedded", TotalIs: "exact", Words: index.Words(q.Text), Facets: map[string]map[string]int{"kind": {}, "year": {}, "tag": {}, "customer": {}}}
	for _, d := range f.docs {
		v := d.view
		if !f.visible(d, scopes) || len(q.Kinds) > 0 && !slices.Contains(q.Kinds, v.Kind) {
			continue
		}
		day := v.Date[:min(10, len(v.Date))]
		if !q.From.IsZero() && day < q.From.Format("2006-01-02") || !q.To.IsZero() && day >= q.To.Format("2006-01-02") {
			continue
		}
		if slices.ContainsFunc(q.Tags, func(t string) bool { return !slices.Contains(v.Tags, t) }) {
			continue
		}
		source := v.Document
		if t := said(v); t != nil {
			source = meetingDocument(v, t)
		}
		hit := index.Hit{ID: index.PassageID{Document: v.ID}.String(), Document: v.ID, Locator: v.Locator, Title: v.Title, Kind: v.Kind, Date: day, Tags: v.Tags}
		found := len(r.Words) == 0
		for _, p := range index.Cut(source) {
			all := strings.ToLower(p.Text + v.Title)
			if slices.ContainsFunc(r.Words, func(w string) bool { return !strings.Contains(all, strings.ToLower(w)) }) {
				continue
			}
			text := p.Text
			if len([]rune(text)) > 160 {
				text = string([]rune(text)[:160]) + "…"
			}
			hit.ID, hit.Position, hit.Snippet, found = index.PassageID{Document: v.ID, Seq: p.Seq}.String(), p.Position, index.Highlight(text, r.Words), true
			break
		}
		if !found {
			continue
		}
		r.Facets["kind"][string(v.Kind)]++
		if day != "" {
			r.Facets["year"][day[:4]]++
		}
		for _, t := range v.Tags {
			r.Facets["tag"][t]++
		}
		r.Hits = append(r.Hits, hit)
	}
	slices.SortStableFunc(r.Hits, func(a, b index.Hit) int { return cmp.Compare(b.Date, a.Date) })
	r.Total, r.Groups = len(r.Hits), len(r.Hits)
	r.Hits = r.Hits[min(q.Offset, len(r.Hits)):min(q.Offset+q.Limit, len(r.Hits))]
	return r, nil
}

func (f *fake) Status(context.Context) (*pipeline.Status, error) { return f.status, f.err }

func (f *fake) Reasons(_ context.Context, q ledger.Filter) (map[string]int64, error) {
	out := map[string]int64{}
	for _, i := range f.items {
		if i.State == q.State && (q.Source == "" || i.Source == q.Source) {
			out[i.Reason]++
		}
	}
	return out, f.err
}

func (f *fake) StartRetry(_ context.Context, r pipeline.Retry) (int, error) {
	f.retried = append(f.retried, r)
	return len(f.retried), f.err
}

func (f *fake) Items(_ context.Context, q ledger.Filter, fn func(*pipeline.ItemView) error) error {
	if f.err != nil {
		return f.err
	}
	n := 0
	for _, i := range f.items {
		if q.State != "" && i.State != q.State || q.Reason != "" && i.Reason != q.Reason || q.Source != "" && i.Source != q.Source {
			continue
		}
		if n++; q.Limit > 0 && n > q.Limit {
			return nil
		}
		if err := fn(i); err != nil {
			return err
		}
	}
	return nil
}

// add puts a document into the archive and gives its id.
func (f *fake) add(source, locator string, data []byte, d *document.Document, tags ...string) *pipeline.View {
	sum := sha256.Sum256(append([]byte(locator), data...))
	d.ID, d.SHA256, d.Locator, d.Size = document.ID(sum), fmt.Sprintf("%x", sum), locator, int64(len(data))
	if d.Read == "" {
		d.Read = document.Full
	}
	steps := document.SplitLocator(locator)
	name := steps[len(steps)-1]
	name = name[strings.LastIndexByte(name, '/')+1:]
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if d.Title == "" {
		d.Title = name
	}
	v := &pipeline.View{Document: d, Name: name, State: ledger.Indexed, Tags: tags,
		Occurrences: []pipeline.Occurrence{{Source: source, Locator: locator, State: ledger.Indexed}},
		Provenance:  pipeline.Provenance{Format: string(d.Kind), Version: 1, Kept: "copied", Run: 1, Revision: 1, Indexed: 1}}
	f.docs = append(f.docs, fakeDoc{v, source, data})
	f.items = append(f.items, &pipeline.ItemView{Document: d.ID, Source: source, Locator: locator, Name: name, Kind: d.Kind, Size: d.Size, State: ledger.Indexed})
	return v
}

// sample is a small archive of one firm, in two sources.
func sample(t testing.TB) *fake {
	f := &fake{}
	mail := &document.Document{Kind: document.KindMail, MediaType: "message/rfc822", Title: "Re: 远航项目 验收安排与二期报价", Date: "2024-09-03T10:15:00+08:00", Language: "zh",
		People: []document.Person{{Role: "to", Name: "李娜", Address: "lina@yuanhang.example"}, {Role: "from", Name: "王建国", Address: "wangjg@huaxin.example"}, {Role: "cc", Address: "pm@huaxin.example"}},
		Fields: map[string]string{"message_id": "<a1@huaxin.example>"}, Warnings: []document.Warning{{Code: "length-corrected"}}}
	mail.AddText(document.Position{Part: "body"}, "", "李经理，您好：\n\n验收报告已按合同 HT-2023-0815 第七条准备完毕，最迟 9 月 15 日前交付。\n二期报价 350,000 元，包含数据迁移与三个月驻场支持。\n\n请确认验收时间，谢谢。\n王建国")
	m := f.add("邮箱", "mails/2024.mbox!/mail:18421", []byte("From: wangjg@huaxin.example\r\n\r\n"), mail, "验收通过", "高优先级")
	sheet := &document.Document{Kind: document.KindSheet, MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Date: "2023-12-20", Language: "zh", Read: document.Partial, Reason: document.TooMany}
	for i := range 3 {
		rows := [2]int{2 + 20*i, 21 + 20*i}
		var b strings.Builder
		for r := rows[0]; r <= rows[1]; r++ {
			fmt.Fprintf(&b, "合同编号: HT-2023-%04d; 客户: 远航物流; 合同金额: %d,000; 签订日期: 2023-0%d-15; 状态: 已验收\n", 800+r, 100+r, 1+r%9)
		}
		sheet.AddText(document.Position{Sheet: "合同", Rows: &rows}, "", b.String())
	}
	f.add("共享盘", "项目/远航/合同台账.xlsx", []byte("PK"), sheet)
	att := f.add("邮箱", "mails/2024.mbox!/mail:18421!/attachment:1:验收报告.pdf", onePagePDF("Acceptance report HT-2023-0815"), &document.Document{Kind: document.KindDocument, MediaType: "application/pdf", Title: "验收报告", Date: "2024-09-02", Language: "zh",
		Sections: []document.Section{{Position: document.Position{Page: 1}, Heading: "一、验收结论", Text: "系统功能与性能均达到合同要求，验收合格，同意通过验收。"}, {Position: document.Position{Page: 2}, Text: "遗留问题：报表导出速度，十月底前优化。"}}}, "验收通过")
	m.Inner = []pipeline.Inner{{Document: att.ID, Name: "验收报告.pdf", Kind: document.KindDocument, Size: att.Size, State: ledger.Indexed}, {Name: "报价.rar", Size: 52100, State: ledger.Waiting, Reason: "password"}}
	m.InnerTotal = 2
	att.Around = &pipeline.Inner{Document: m.ID, Name: m.Title, Kind: document.KindMail}
	f.meeting(t)
	f.add("私密", "合同/contract.html", []byte("<script>alert(1)</script>"), &document.Document{Kind: document.KindText, MediaType: "text/html", Title: "Service level agreement", Date: "2022-05-01", Language: "en",
		Sections: []document.Section{{Position: document.Position{Line: 1}, Text: "Response within four hours. Secretword."}}})
	f.items = append(f.items,
		&pipeline.ItemView{Source: "共享盘", Locator: "旧资料/坏文件.doc", Name: "坏文件.doc", Size: 20480, State: ledger.Quarantined, Reason: "corrupt", Detail: "the table stream is missing"},
		&pipeline.ItemView{Source: "共享盘", Locator: "录音/2025-03-01 例会.m4a", Name: "2025-03-01 例会.m4a", Kind: document.KindRecording, Size: 9 << 20, State: ledger.Waiting, Reason: "transcriber"},
		&pipeline.ItemView{Source: "邮箱", Locator: "mails/2024.mbox!/mail:18421!/attachment:2:报价.rar", Name: "报价.rar", Size: 52100, State: ledger.Waiting, Reason: "password"})
	f.status = &pipeline.Status{States: map[ledger.State]int64{ledger.Indexed: 118234, ledger.PartOf: 2210, ledger.DuplicateOf: 8410, ledger.Skipped: 912, ledger.Quarantined: 1, ledger.Waiting: 2}, Found: 129769, Gone: 12, Closed: true,
		OpenWork: map[string]int64{"ocr": 14}, ByKind: map[string]int64{"mail": 101200, "sheet": 4021, "document": 9310, "recording": 312}, WaitingFor: map[string]int64{"transcriber": 1, "password": 1},
		LastRun: &pipeline.LastRun{ID: 7, Kind: "nightly", Started: "2025-03-02T02:00:00+08:00", Ended: "2025-03-02T02:14:09+08:00", Outcome: "done", Account: []byte(`{"seconds":849.2}`)}, NextRun: "2025-03-03T02:00:00+08:00",
		Index: pipeline.IndexStatus{Engine: "embedded", Documents: 118234, Passages: 301922}, Disk: pipeline.DiskStatus{Originals: 48 << 30, Free: 212 << 30}}
	return f
}

// meeting adds a recording with what was said and its minutes.
func (f *fake) meeting(t testing.TB) *pipeline.View {
	talk := []struct{ who, text string }{
		{"王建国", "今天我们讨论远航项目的验收安排和二期报价。"},
		{"李娜", "验收报告我看过了，没有大问题，建议九月十五日之前完成验收。"},
		{"陈明", "我们决定采用方案二，先迁移历史数据再上线。"},
		{"王建国", "好，那就这么定了，方案二。"},
		{"李娜", "陈明负责在下周五之前提交数据迁移计划。"},
		{"陈明", "没问题，我下周五之前提交数据迁移计划。"},
		{"王建国", "风险是客户的测试环境还没有准备好，可能影响进度。"},
		{"李娜", "测试环境什么时候能准备好？这个需要和客户再确认一下。"},
		{"王建国", "二期报价三十五万元，含三个月驻场支持，客户基本同意。"},
		{"陈明", "报表导出的速度十月底之前优化完成。"},
	}
	tr := &document.Transcript{Title: "远航项目周会", Date: "2024-08-30", Language: "zh", Source: "sidecar", Duration: 95}
	for i, u := range talk {
		tr.Utterances = append(tr.Utterances, document.Utterance{ID: i + 1, Start: 9.5 * float64(i), End: 9.5*float64(i) + 8.2, Speaker: u.who, Text: u.text})
	}
	m, err := minutes.NewOffline().Make(t.Context(), tr, minutes.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Actions) == 0 { // what the page shows must not hang on the rules that find it
		due := "2024-09-06"
		m.Actions = []minutes.Action{{Text: "提交数据迁移计划", Owner: "陈明", DueText: "下周五之前", Due: &due, Evidence: []int{5, 6}}}
	}
	v := f.add("共享盘", "录音/2024-08-30 远航项目周会.wav", silence(95), &document.Document{Kind: document.KindRecording, MediaType: "audio/wav", Title: "远航项目周会", Date: "2024-08-30", Language: "zh", Fields: map[string]string{"duration_seconds": "95", "codec": "pcm"}})
	v.Said, v.Minutes, v.Terms = tr, m, []terms.Term{{Term: "数据迁移", Score: 1}, {Term: "验收报告", Score: .8}}
	return v
}

// silence is a WAV of 8 kHz, 8 bit.
func silence(seconds int) []byte {
	n := 8000 * seconds
	var b bytes.Buffer
	le := func(v uint32, size int) {
		for range size {
			b.WriteByte(byte(v))
			v >>= 8
		}
	}
	b.WriteString("RIFF")
	le(uint32(36+n), 4)
	b.WriteString("WAVEfmt ")
	le(16, 4)
	le(1, 2)
	le(1, 2)
	le(8000, 4)
	le(8000, 4)
	le(1, 2)
	le(8, 2)
	b.WriteString("data")
	le(uint32(n), 4)
	b.Write(bytes.Repeat([]byte{0x80}, n))
	return b.Bytes()
}

// onePagePDF is the smallest file that viewers open.
func onePagePDF(text string) []byte {
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	obj("<</Type/Catalog/Pages 2 0 R>>")
	obj("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	obj("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>")
	stream := "BT /F 24 Tf 60 760 Td (" + text + ") Tj ET"
	obj(fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(stream), stream))
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// Suggest proposes titles that begin so.
func (f *fake) Suggest(_ context.Context, text string, scopes []string, limit int) ([]suggest.Suggestion, error) {
	if f.err != nil {
		return nil, f.err
	}
	out := []suggest.Suggestion{}
	for _, d := range f.docs {
		if text != "" && f.visible(d, scopes) && strings.HasPrefix(d.view.Title, text) && len(out) < limit {
			out = append(out, suggest.Suggestion{Kind: suggest.Title, Text: d.view.Title, Document: d.view.ID})
			out = append(out, suggest.Suggestion{Kind: suggest.Term, Text: d.view.Title, Query: d.view.Title})
		}
	}
	return out, nil
}

func (f *fake) SaveSearch(_ context.Context, name, address string, _ index.Request, scopes []string) (pipeline.SavedSearch, error) {
	if scopes != nil {
		return pipeline.SavedSearch{}, fmt.Errorf("the fake keeps searches of those who see all")
	}
	s := pipeline.SavedSearch{ID: int64(len(f.saved) + 1), Name: name, Address: address, Feed: "token" + name}
	f.saved = append(f.saved, s)
	return s, f.err
}

func (f *fake) SavedSearches(context.Context, []string) ([]pipeline.SavedSearch, error) {
	return f.saved, f.err
}

func (f *fake) DropSearch(_ context.Context, id int64, _ []string) error {
	before := len(f.saved)
	f.saved = slices.DeleteFunc(f.saved, func(s pipeline.SavedSearch) bool { return s.ID == id })
	if len(f.saved) == before {
		return ledger.ErrNotFound
	}
	return f.err
}

func (f *fake) News(_ context.Context, token string) (*pipeline.News, error) {
	for _, s := range f.saved {
		if s.Feed == token {
			d := f.docs[0].view
			return &pipeline.News{Name: s.Name, Address: s.Address, Entries: []pipeline.NewsEntry{{Document: d.ID, Title: d.Title + "\x01<&", Kind: d.Kind}}}, f.err
		}
	}
	return nil, ledger.ErrNotFound
}
