package recording

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// What services and people put into the names of one meeting's files, beside what
// the meeting is called.
var (
	// partWords number the pieces of a long meeting. A bare "2" does not: 周会2 may
	// be the second of the month.
	partWords = regexp.MustCompile(`(?i)[\s_.\-—]*[(（\[]?(?:part[\s_.-]?(\d{1,2})|pt[\s_.-]?(\d{1,2})|第([一二三四五六七八九十]|\d{1,2})(?:段|部分|节)|视频-(\d{1,2})|([上中下])(?:半场|集)?)[)）\]]?$`)
	// copyWords are those of a second copy in one folder.
	copyWords = regexp.MustCompile(`(?i)[\s_\-]*(?:\(\d{1,2}\)|（\d{1,2}）|- ?副本|copy|副本)$`)
	// fileWords say which of a meeting's files it is.
	fileWords = regexp.MustCompile(`(?i)[\s_.\-—]*[(（\[]?(?:audio[\s_-]?only|audio|video|recording|录音|录像|视频|音频|录制|画面|gallery(?:[\s_-]?view)?|speaker(?:[\s_-]?view)?|shared[\s_-]?screen|avo|cc|chat|transcript|` +
		`智能纪要|智能会议纪要|ai\s?纪要|ai\s?minutes|会议纪要|纪要|minutes|summary|会议总结|总结|摘要|文字记录|转写(?:稿|结果)?|字幕|逐字稿|文字稿)[)）\]]?$`)
	// zoomNames are audio1234567890.m4a and video1234567890.mp4 of Zoom.
	zoomNames = regexp.MustCompile(`^(?:audio|video)(_?\d{6,})$`)
)

var partNumbers = map[string]int{"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "上": 1, "中": 2, "下": 3}

// MeetingStem is what a file's name calls the meeting it is of, and the number of
// its part where the name has one, else 0. Files of one folder with the same stem
// are of one meeting: the film, the sound, the transcript, the service's own
// minutes, part 2.
func MeetingStem(name string) (stem string, part int) {
	name = strings.ToLower(strings.TrimSpace(name))
	stem = strings.TrimSuffix(name, path.Ext(name))
	if m := zoomNames.FindStringSubmatch(stem); m != nil {
		return m[1], 0
	}
	whole := stem
	for range 4 {
		short := videoSize.ReplaceAllString(stem, "")
		short = copyWords.ReplaceAllString(short, "")
		short = fileWords.ReplaceAllString(short, "")
		if m := partWords.FindStringSubmatch(short); m != nil && part == 0 {
			for _, digits := range m[1:] {
				if n, err := strconv.Atoi(digits); err == nil {
					part = n
				} else if n := partNumbers[digits]; n > 0 {
					part = n
				}
			}
			short = short[:len(short)-len(m[0])]
		}
		short = strings.Trim(short, " _-.—")
		if short == "" || short == stem {
			break
		}
		stem = short
	}
	if len([]rune(stem)) < 2 { // too short to say that two files are of one meeting
		return whole, part
	}
	return stem, part
}
