package recording

import "testing"

func TestMeetingStem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, stem string
		part       int
	}{
		{"2024-03-05 10.30 周会.mp4", "2024-03-05 10.30 周会", 0},
		{"2024-03-05 10.30 周会_音频.m4a", "2024-03-05 10.30 周会", 0},
		{"2024-03-05 10.30 周会-智能纪要.docx", "2024-03-05 10.30 周会", 0},
		{"2024-03-05 10.30 周会 第二段.mp4", "2024-03-05 10.30 周会", 2},
		{"评审会（上）.m4a", "评审会", 1},
		{"评审会（下）.m4a", "评审会", 3},
		{"Review part 2.mp4", "review", 2},
		{"GMT20240305-023000_Recording_1920x1080.mp4", "gmt20240305-023000", 0},
		{"GMT20240305-023000_Recording.m4a", "gmt20240305-023000", 0},
		{"GMT20240305-023000_Recording.transcript.vtt", "gmt20240305-023000", 0},
		{"audio1234567890.m4a", "1234567890", 0},
		{"video1234567890.mp4", "1234567890", 0},
		{"周会 (1).mp3", "周会", 0},
		{"周会2.mp3", "周会2", 0},
		{"录音.m4a", "录音", 0},
		{"录音 3.m4a", "录音 3", 0},
		{"纪要.docx", "纪要", 0},
		{"", "", 0},
	} {
		if stem, part := MeetingStem(tt.name); stem != tt.stem || part != tt.part {
			t.Errorf("%s: %q %d, want %q %d", tt.name, stem, part, tt.stem, tt.part)
		}
	}
}
