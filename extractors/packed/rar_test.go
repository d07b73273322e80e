package packed

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"guidang/extractors/document"
)

func TestRar(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("合同 ", 400)
	a, b, c := rarFileOf{name: "项目/a.txt", body: body}, rarFileOf{name: "b.txt", body: "b"}, rarFileOf{name: "c.txt", body: "c"}
	wantA, wantB, wantC := got{"项目/a.txt", body, ""}, got{"b.txt", "b", ""}, got{"c.txt", "c", ""}
	whole := makeRar5(rarOptionsOf{}, a, b, c)
	damaged := append([]byte{}, whole...)
	damaged[bytes.Index(damaged, []byte("c.txt"))] ^= 1
	wrong := append([]byte{}, whole...)
	wrong[bytes.Index(wrong, []byte("合同 "))] ^= 1
	old := a
	old.name = gbk("项目资料/需求说明书.doc")
	tests := []struct {
		name   string
		data   []byte
		want   []got
		read   document.Read
		reason document.Reason
		warned string
		limits func(*document.Limits)
	}{
		{name: "RAR 5", data: whole, want: []got{wantA, wantB, wantC}, read: document.Full},
		{name: "RAR 4", data: makeRar4(rarOptionsOf{}, rarFileOf{name: `dir\b.txt`, body: "b"}, c), want: []got{{"dir/b.txt", "b", ""}, wantC}, read: document.Full},
		{name: "RAR 4 without an end", data: makeRar4(rarOptionsOf{noEnd: true}, b, c), want: []got{wantB, wantC}, read: document.Full},
		{name: "RAR 4, names in GBK", data: makeRar4(rarOptionsOf{}, old), want: []got{{"项目资料/需求说明书.doc", body, ""}}, read: document.Full},
		{name: "solid", data: makeRar5(rarOptionsOf{solid: true}, a, b), want: []got{wantA, wantB}, read: document.Full},
		{name: "folders", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "d", folder: true}, b), want: []got{wantB}, read: document.Full},
		{name: "equal names, ways out", data: makeRar5(rarOptionsOf{}, b, b, rarFileOf{name: "../../x", body: "x"}), want: []got{wantB, {"b.txt#2", "b", ""}, {"x", "x", ""}}, read: document.Full, warned: "unsafe-names"},
		{name: "links", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "l", link: 1}, rarFileOf{name: "h", link: 4}, b),
			want: []got{{"l", "", document.Unsupported}, {"h", "", document.Unsupported}, wantB}, read: document.Full, warned: "links-skipped"},
		{name: "cut off in a member", data: whole[:bytes.Index(whole, []byte(body))+100], want: []got{{"项目/a.txt", body[:100], document.Truncated}}, read: document.Partial, reason: document.Truncated},
		{name: "cut off between members", data: makeRar5(rarOptionsOf{noEnd: true}, a, b), want: []got{wantA, wantB}, read: document.Partial, reason: document.Truncated},
		{name: "cut off in the first header", data: whole[:25], read: document.None, reason: document.Truncated},
		{name: "a damaged header", data: damaged, want: []got{wantA, wantB}, read: document.Partial, reason: document.Corrupt},
		{name: "a wrong sum", data: wrong, want: []got{{"项目/a.txt", string(wrong[bytes.Index(wrong, []byte("项目/a.txt"))+len("项目/a.txt"):][:len(body)]), document.Corrupt}, wantB, wantC}, read: document.Full},
		{name: "first volume", data: makeRar5(rarOptionsOf{volume: true, notLast: true}, b, rarFileOf{name: "a.txt", body: body, size: 9999, after: true}),
			want: []got{wantB, {"a.txt", body, document.Truncated}}, read: document.Partial, reason: document.Truncated},
		{name: "middle volume", data: makeRar5(rarOptionsOf{volume: true, notLast: true, number: 1}, rarFileOf{name: "a.txt", body: body, before: true, after: true}), read: document.None, reason: document.Truncated},
		{name: "last volume", data: makeRar5(rarOptionsOf{volume: true, number: 2}, rarFileOf{name: "a.txt", body: body, before: true}, b), want: []got{wantB}, read: document.Partial, reason: document.Truncated},
		{name: "the only volume", data: makeRar5(rarOptionsOf{volume: true}, b), want: []got{wantB}, read: document.Full},
		{name: "first volume, RAR 4", data: makeRar4(rarOptionsOf{volume: true, notLast: true}, b, rarFileOf{name: "a.txt", body: body, size: 9999, after: true}),
			want: []got{wantB, {"a.txt", body, document.Truncated}}, read: document.Partial, reason: document.Truncated},
		{name: "last volume, RAR 4", data: makeRar4(rarOptionsOf{volume: true, number: 1}, rarFileOf{name: "a.txt", body: body, before: true}, b), want: []got{wantB}, read: document.Partial, reason: document.Truncated},
		{name: "encrypted", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "s", body: "secret", rounds: 15}, b), want: []got{{"s", "", document.Encrypted}, wantB}, read: document.Full, warned: "encrypted-members"},
		{name: "a password", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "s", body: body, password: "密码"}, b, rarFileOf{name: "t", body: "t", password: "another"}),
			want: []got{{"s", body, ""}, wantB, {"t", "", document.Encrypted}}, read: document.Full, warned: "encrypted-members 1 "},
		{name: "two passwords", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "s", body: body, password: "密码"}, rarFileOf{name: "t", body: "t", password: "falsch"}),
			want: []got{{"s", body, ""}, {"t", "t", ""}}, read: document.Full},
		{name: "a password, solid", data: makeRar5(rarOptionsOf{solid: true}, b, rarFileOf{name: "s", body: body, password: "密码"}), want: []got{wantB, {"s", body, ""}}, read: document.Full},
		{name: "hidden headers", data: makeRar5(rarOptionsOf{hidden: "密码"}, rarFileOf{name: "s", body: body, password: "密码"}, b), want: []got{{"s", body, ""}, wantB}, read: document.Full},
		{name: "hidden headers without their password", data: makeRar5(rarOptionsOf{hidden: "another"}, b), read: document.None, reason: document.Encrypted},
		{name: "hidden headers, cut off", data: makeRar5(rarOptionsOf{hidden: "密码", noEnd: true}, b), want: []got{wantB}, read: document.Partial, reason: document.Truncated},
		{name: "a key of 2^24 rounds", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "s", body: "secret", rounds: 24}), want: []got{{"s", "", document.Encrypted}}, read: document.Full},
		{name: "too many", data: whole, limits: func(l *document.Limits) { l.Entries = 2 }, want: []got{wantA, wantB}, read: document.Partial, reason: document.TooMany},
		{name: "too much", data: whole, limits: func(l *document.Limits) { l.Expanded = 100 }, want: []got{{"项目/a.txt", "", document.TooLarge}, wantB, wantC}, read: document.Full},
		{name: "a lying size", data: makeRar5(rarOptionsOf{}, rarFileOf{name: "a", body: "a", size: 1 << 40}, b), want: []got{{"a", "", document.Bomb}, wantB}, read: document.Full},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input("a.rar", tt.data)
			in.Passwords = []string{"falsch", "密码"}
			if tt.limits != nil {
				tt.limits(&in.Limits)
			}
			doc, have := readAll(t, Rar, in)
			if fmt.Sprint(have) != fmt.Sprint(tt.want) {
				t.Errorf("got %.400q\nwant %.400q", have, tt.want)
			}
			if doc.Read != tt.read || doc.Reason != tt.reason || !strings.Contains(fmt.Sprint(doc.Warnings), tt.warned) {
				t.Errorf("read %s, reason %q, %v", doc.Read, doc.Reason, doc.Warnings)
			}
		})
	}
}

// TestRarDictionary: a header asks for a window of 4 GiB.
func TestRarDictionary(t *testing.T) {
	body := strings.Repeat("x", 400_000)
	for _, solid := range []bool{false, true} {
		data := makeRar5(rarOptionsOf{solid: solid}, rarFileOf{name: "a", body: body, size: 70_000_000, dictionary: true})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _ = readAll(t, Rar, input("a.rar", data))
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 400<<20 {
			t.Errorf("solid %v: %d MiB were set aside", solid, got>>20)
		}
	}
}

func TestRarManyMembers(t *testing.T) {
	t.Parallel()
	files := make([]rarFileOf, 5000)
	for i := range files {
		files[i] = rarFileOf{name: fmt.Sprintf("文件%d.txt", i), body: fmt.Sprint(i)}
	}
	n := 0
	if _, err := Rar.Read(context.Background(), input("a.rar", makeRar5(rarOptionsOf{}, files...)), func(c *document.Child) error {
		if g := take(c); g.body != fmt.Sprint(n) || g.reason != "" {
			t.Fatalf("member %d: %+v", n, g)
		}
		n++
		return nil
	}); err != nil || n != len(files) {
		t.Errorf("%d members, error %v", n, err)
	}
}

func FuzzRar(f *testing.F) {
	f.Add(makeRar5(rarOptionsOf{}, rarFileOf{name: "a", body: "abc"}, rarFileOf{name: "b", body: "b", rounds: 1}))
	f.Add(makeRar5(rarOptionsOf{solid: true, volume: true, number: 1}, rarFileOf{name: "a", body: "abc", before: true}))
	f.Add(makeRar4(rarOptionsOf{volume: true}, rarFileOf{name: "a", body: "abc", after: true}))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzed(t, Rar, data)
		fuzzed(t, Rar, resealRar(data)) // sums made right, so that more than the sums is tried
	})
}

// resealRar makes the sums of RAR 5 headers right.
func resealRar(data []byte) []byte {
	out := append([]byte{}, data...)
	if len(out) < 8 || string(out[:8]) != rarSignature+"\x01\x00" {
		return out
	}
	for at := 8; at+7 < len(out); {
		size, rest, ok := uvarint(out[at+4:])
		if !ok || size == 0 || size > uint64(len(rest)) {
			break
		}
		end := len(out) - len(rest) + int(size)
		k := &rarBlock{b: out[at:end:end]}
		(&rarMap{modern: true}).patch(k)
		if read := readRar5(bytes.NewReader(out), int64(at)); read != nil && read.data < int64(len(out)) {
			end += int(read.data)
		}
		at = end
	}
	return out
}
