package sound

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"guidang/extractors/document"
)

// FindFFmpeg looks for ffmpeg: where programs lie, then at the paths given.
// Empty: there is none.
func FindFFmpeg(candidates ...string) string {
	for _, name := range append([]string{"ffmpeg"}, candidates...) {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			if path, err = filepath.Abs(path); err == nil {
				return path
			}
		}
	}
	return ""
}

// ffmpegArgs are the fixed arguments. The container is what we found it to be,
// never what ffmpeg guesses: its playlists open other files. Only the protocol
// that the recording comes by is allowed, and one thread is enough: decoding
// takes a hundredth of the engine's time.
func ffmpegArgs(o order, input string) []string {
	protocol, _, _ := strings.Cut(input, ":")
	args := []string{
		"-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", protocol, "-threads", "1",
		"-f", o.Demuxer, "-vn", "-sn", "-dn", "-i", input,
	}
	if o.Tracks > 1 {
		args = append(args, "-filter_complex_threads", "1", "-filter_complex", together(o.Tracks, o.Channels), "-map", "[all]")
	} else {
		args = append(args, "-map", "0:a:0")
	}
	args = append(args, "-map_metadata", "-1", "-filter_threads", "1", "-ar", strconv.Itoa(Rate))
	if !o.Channels {
		args = append(args, "-ac", "1")
	}
	return append(args, "-c:a", "pcm_s16le", "-bitexact", "-f", "wav", "pipe:1")
}

// together takes the sound tracks of a recording together: each as a channel where
// they are to be kept apart, else added up, since only one of them speaks at most
// times. A track that begins late or ends early is silent there.
func together(tracks int, apart bool) string {
	var graph, names strings.Builder
	for n := range tracks {
		fmt.Fprintf(&graph, "[0:a:%d]aresample=%d:async=1:first_pts=0,aformat=channel_layouts=mono", n, Rate)
		if apart {
			fmt.Fprintf(&graph, ",pan=%dc|c%d=c0", tracks, n)
		}
		fmt.Fprintf(&graph, "[t%d];", n)
		fmt.Fprintf(&names, "[t%d]", n)
	}
	return fmt.Sprintf("%s%samix=inputs=%d:duration=longest:normalize=0[all]", graph.String(), names.String(), tracks)
}

// libraries is where those of a dynamic program lie.
var libraries = []string{"/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
	"/opt", "/nix/store", "/gnu/store", "/snap", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld-musl-x86_64.path", "/dev/null", "/dev/urandom"}

// ffmpegVerdict reads ffmpeg's end. With -v error it says only what went wrong;
// a single bad frame is concealed and no loss.
func ffmpegVerdict(err error, words string) *Fault {
	has := func(list ...string) bool {
		for _, s := range list {
			if strings.Contains(words, s) {
				return true
			}
		}
		return false
	}
	switch {
	case has("matches no streams", "does not contain any stream"):
		return &Fault{document.Empty, "there is no sound in it"}
	case has("moov atom not found"):
		return &Fault{document.Truncated, "it has no index of its contents: the recording was cut off"}
	case has("partial file", "Truncating packet", "truncated", "overread end of atom"):
		return &Fault{document.Truncated, "it ends before its own index says"}
	case has("ecryption", "encrypted", "DRM"):
		return &Fault{document.Encrypted, "it is encrypted"}
	case has("Unknown decoder", "Decoder not found", "no decoder", "could not find codec parameters"):
		return &Fault{document.Unsupported, "ffmpeg has no decoder for its sound"}
	case err != nil:
		return &Fault{document.Corrupt, "ffmpeg cannot decode it"}
	}
	return nil
}
