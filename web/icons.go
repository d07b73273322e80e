package web

import (
	"html/template"

	"guidang/extractors/document"
)

// strokes are the paths of our icons on a field of 16 by 16, one a kind.
var strokes = map[string]string{
	string(document.KindMail):       "M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5",
	string(document.KindSheet):      "M2 2.5h12v11H2zM2 6h12M2 9.7h12M6.5 2.5v11",
	string(document.KindText):       "M3 3.5h10M3 6.5h10M3 9.5h10M3 12.5h6",
	string(document.KindDocument):   "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 8h5M5.5 11h5",
	string(document.KindSlides):     "M1.5 2.5h13v8.5h-13zM8 11v2M5 14.5l3-1.5 3 1.5",
	string(document.KindImage):      "M1.5 2.5h13v11h-13zM1.5 11l4-4 3.5 3.5 2-2 3.5 3.5M11 5.2v.6",
	string(document.KindRecording):  "M8 1.5a2 2 0 0 0-2 2v4a2 2 0 0 0 4 0v-4a2 2 0 0 0-2-2zM3.5 7.5a4.5 4.5 0 0 0 9 0M8 12v2.5M5.5 14.5h5",
	string(document.KindTranscript): "M1.5 2.5h13v8.5H7l-3 3v-3H1.5zM4.5 5.5h7M4.5 8h4.5",
	string(document.KindMinutes):    "M3 2.5h10v12H3zM6 1.5h4v2H6zM5.2 7.2l1 1 1.6-1.8M9.5 7.5h2M5.2 11.2l1 1 1.6-1.8M9.5 11.5h2",
	string(document.KindChat):       "M1.5 2h9v6H5L2.8 10V8H1.5zM12 5.5h2.5V11h-1.3v2L11 11H6.5",
	string(document.KindArchive):    "M2 2.5h12v3H2zM3 5.5h10v8H3zM6.5 8h3",
	string(document.KindCalendar):   "M2 3.5h12v10.5H2zM2 6.5h12M5 1.5v3M11 1.5v3",
	string(document.KindContact):    "M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8zM2.5 14c.4-3 2.5-4.3 5.5-4.3s5.1 1.3 5.5 4.3",
	string(document.KindOther):      "M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3",
	"decision":                      "M2.5 8.5l3.5 3.5 7.5-8",
	"action":                        "M2.5 2.5h11v11h-11zM5 8l2.2 2.2L11 6",
	"search":                        "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.6 10.6L14.5 14.5",
}

// icon draws the sign of a kind. It says nothing to a screen reader: its label
// always stands beside it.
func icon(kind any) template.HTML {
	var name string
	switch k := kind.(type) {
	case document.Kind:
		name = string(k)
	case string:
		name = k
	}
	path, ok := strokes[name]
	if !ok {
		path = strokes[string(document.KindOther)]
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><path d="` + path + `"/></svg>`) //nolint:gosec // path stands in our own table
}
