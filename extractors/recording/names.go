package recording

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// nameDate finds a date and perhaps a time in a recording's name:
// `2024-03-05 10.30 周会`, `20240305_1030`, `GMT20240305-023000_Recording`,
// `2024年3月5日 10时30分`. Digits must not go on on either side: a telephone
// number or a case number is no date.
var nameDate = regexp.MustCompile(`(?:^|[^\d])(GMT|UTC)?((?:19|20)\d{2})(?:[-_./年 ]?(1[0-2]|0\d)[-_./月 ]?(3[01]|[12]\d|0\d)|[-_./年](1[0-2]|[1-9])[-_./月](3[01]|[12]\d|[1-9]))日?` +
	`(?:[ T_,\-—]{0,3}(at |上午|早上|下午|中午|晚上)?([01]?\d|2[0-3])[.:：时点\-_h]?([0-5]\d)(?:[.:：分\-_m]?([0-5]\d))?秒?)?(Z)?(?:[^\d]|$)`)

// TimeFromName reads the date, and where it stands there the time, of a meeting
// out of a file's name. loc is the zone of names that state none. clock is false
// when only a date was found.
func TimeFromName(name string, loc *time.Location) (t time.Time, clock, utc, ok bool) {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	m := nameDate.FindStringSubmatch(name)
	if m == nil {
		t, ok = callTime(name, loc)
		return t, ok, false, ok
	}
	num := func(s string) int { n, _ := strconv.Atoi(s); return n }
	half := m[7] // of the day; the numbers behind it move up by one
	m = append(m[:7:7], m[8:]...)
	month, day := num(m[3])+num(m[5]), num(m[4])+num(m[6])
	if m[1] != "" || m[10] != "" {
		loc, utc = time.UTC, true
	}
	clock = m[7] != ""
	hour := num(m[7])
	if (half == "下午" || half == "晚上" || half == "中午" && hour < 3) && hour > 0 && hour < 12 {
		hour += 12
	}
	t = time.Date(num(m[2]), time.Month(month), day, hour, num(m[8]), num(m[9]), 0, loc)
	// time.Date carries the 31st of June over into July; such a name has no date.
	if t.Day() != day || int(t.Month()) != month {
		return time.Time{}, false, false, false
	}
	return t, clock, utc, true
}

// callDate is how telephones name recorded calls: `李工_240305_103012`. A year of
// two digits counts only with a time of six behind it.
var callDate = regexp.MustCompile(`(?:^|[^\d])(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))[_-](\d{6})(?:[^\d]|$)`)

func callTime(name string, loc *time.Location) (time.Time, bool) {
	m := callDate.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation("060102150405", m[1]+m[2], loc)
	return t, err == nil && t.Year() >= 2000 && t.Year() < 2069
}

// DateFromName is the date in a recording's name as a document's date is
// written: RFC 3339 where the name states time and zone (Zoom's GMT names), else
// YYYY-MM-DD. A name's time without a zone is dropped, because a document's date
// must not invent one; TimeFromName has it.
func DateFromName(name string) (string, bool) {
	t, clock, utc, ok := TimeFromName(name, time.UTC)
	switch {
	case !ok:
		return "", false
	case clock && utc:
		return t.Format(time.RFC3339), true
	}
	return t.Format(time.DateOnly), true
}

// transcriptExts are the names' endings that a transcript can have, best first:
// the ones with exact times before the ones with rounded ones.
var transcriptExts = []string{".vtt", ".srt", ".json", ".txt", ".md", ".docx"}

// transcriptWords are what services and people append to a recording's stem.
var transcriptWords = []string{
	"transcript", "transcription", "captions", "caption", "cc", "subtitles", "subtitle", "asr", "audio_transcript",
	"文字记录", "转写", "转写稿", "转录", "字幕", "文字稿", "逐字稿", "录音转文字", "语音转文字", "会议转写", "转写结果", "实录", "速记",
	"zh", "zh-cn", "zh_cn", "zh-hans", "cn", "chs", "en", "en-us", "en_us", "auto",
}

// videoSize is what Zoom appends to a recording but not to its transcript.
var videoSize = regexp.MustCompile(`_\d{3,4}x\d{3,4}$`)

// Sidecar says which of a recording's neighbours is its transcript, by name
// alone: the same stem, or the same stem with the recording's own ending
// (`a.mp3.vtt`) or with a word for a transcript or a language (`a.zh.vtt`,
// `a_transcript.txt`, `a-文字记录.txt`). Whether it is one, ParseTranscript
// tells.
func Sidecar(recordingName string, candidates []string) (string, bool) {
	whole := strings.ToLower(recordingName)
	stem := strings.TrimSuffix(whole, path.Ext(whole))
	stems := []string{stem, whole}
	if short := videoSize.ReplaceAllString(stem, ""); short != stem {
		stems = append(stems, short)
	}
	best, bestRank := "", 0
	for _, c := range candidates {
		rank := sidecarRank(stems, strings.ToLower(c))
		// Ties go to the smaller name, so that the order of the folder's listing
		// does not decide.
		if rank > 0 && c != recordingName && (bestRank == 0 || rank < bestRank || rank == bestRank && c < best) {
			best, bestRank = c, rank
		}
	}
	return best, bestRank > 0
}

// sidecarRank is 0 for no transcript, else smaller for better.
func sidecarRank(stems []string, candidate string) int {
	ext := path.Ext(candidate)
	kind := -1
	for i, e := range transcriptExts {
		if e == ext {
			kind = i
		}
	}
	if kind < 0 {
		return 0
	}
	rest := strings.TrimSuffix(candidate, ext)
	for _, s := range stems {
		if s == "" || !strings.HasPrefix(rest, s) {
			continue
		}
		if len(rest) == len(s) {
			return 1 + kind
		}
		if suffixWords(rest[len(s):]) {
			return 101 + kind
		}
	}
	return 0
}

// suffixWords says whether what follows the stem is only words of the list.
func suffixWords(s string) bool {
	const glue = " ._-()（）[]【】"
	s = strings.Trim(s, glue)
	if s == "" {
		return false
	}
	for s != "" {
		longest := ""
		for _, w := range transcriptWords {
			if strings.HasPrefix(s, w) && len(w) > len(longest) {
				longest = w
			}
		}
		rest := s[len(longest):]
		// A Latin word must end where it ends: "enterprise" is not "en".
		if longest == "" || rest != "" && longest[0] < 0x80 && !strings.ContainsRune(glue, []rune(rest)[0]) {
			return false
		}
		s = strings.TrimLeft(rest, glue)
	}
	return true
}
