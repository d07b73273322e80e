package sound

// A way is how one format is decoded.
type way struct {
	native  string // decoder in this program; "": none
	demuxer string // ffmpeg's name for the container; "": it has none
	first   bool   // the native decoder goes first even when there is ffmpeg
	silk    bool   // the local engine's decoder: no Go one is kept, ffmpeg has none
}

// ways are all of them, by the name of the format in extractors/recording.
//
// wav is read by us first: a header that lies about its length is the ordinary
// case of cut-off recorders. ffmpeg goes first on mp3 and flac, because it takes
// damaged frames as they come and is faster: 20 minutes of mp3 take 2.2 s of
// computing there and 22 s here, of flac 1.2 s and 4.3 s.
var ways = map[string]way{
	"wav":  {native: "wav", demuxer: "wav", first: true},
	"mp3":  {native: "mp3", demuxer: "mp3"},
	"flac": {native: "flac", demuxer: "flac"},
	"mp4":  {demuxer: "mov"},
	"ogg":  {demuxer: "ogg"},
	"amr":  {demuxer: "amr"},
	"aac":  {demuxer: "aac"},
	"asf":  {demuxer: "asf"},
	"webm": {demuxer: "matroska"},
	"avi":  {demuxer: "avi"},
	"silk": {silk: true},
}
