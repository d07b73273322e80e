package rtf

// dest is where text goes.
type dest byte

const (
	toBody dest = iota
	toNotes
	toNowhere
	toFonts
	toTitle
	toAuthor
	toSubject
	toKeywords
	toCreated
	toInfo // within \info, between its fields
)

// destinations are the groups whose text is none of the body. What is not here
// and not marked by \* is text.
var destinations = map[string]dest{
	"fonttbl": toFonts, "colortbl": toNowhere, "stylesheet": toNowhere, "listtable": toNowhere, "listoverridetable": toNowhere, "revtbl": toNowhere,
	"pict": toNowhere, "objdata": toNowhere, "fldinst": toNowhere, "themedata": toNowhere, "colorschememapping": toNowhere, "datastore": toNowhere,
	"latentstyles": toNowhere, "filetbl": toNowhere, "rsidtbl": toNowhere, "generator": toNowhere, "xmlnstbl": toNowhere, "bkmkstart": toNowhere, "bkmkend": toNowhere,
	"pntxta": toNowhere, "pntxtb": toNowhere, "template": toNowhere, "operator": toInfo, "company": toInfo, "tc": toNowhere, "xe": toNowhere, "objclass": toNowhere, "objname": toNowhere,
	"sp": toNowhere, "picprop": toNowhere, "shpinst": toBody, "shptxt": toBody, "ud": toBody, "shprslt": toNowhere, "nonshppict": toNowhere, "shppict": toNowhere,
	"header": toNotes, "headerl": toNotes, "headerr": toNotes, "headerf": toNotes, "footer": toNotes, "footerl": toNotes, "footerr": toNotes, "footerf": toNotes,
	"footnote": toNotes, "annotation": toNotes, "atnid": toNowhere, "atnauthor": toNowhere, "atrfstart": toNowhere, "atrfend": toNowhere, "atndate": toNowhere, "atnref": toNowhere, "atnicn": toNowhere,
	"info": toInfo, "title": toTitle, "author": toAuthor, "subject": toSubject, "keywords": toKeywords, "creatim": toCreated,
	"ftnsep": toNowhere, "ftnsepc": toNowhere, "aftnsep": toNowhere, "aftnsepc": toNowhere, "listtext": toBody, "pntext": toBody,
}

// shown are the destinations that are text although \* stands before them.
var shown = map[string]bool{"shpinst": true, "shptxt": true, "ud": true, "annotation": true}

// marks are words that stand for a character.
var marks = map[string]string{
	"par": "\n", "sect": "\n", "page": "\n", "line": "\n", "row": "\n", "nestrow": "\n", "column": "\n", "softline": "\n", "cell": "\t", "nestcell": "\t", "tab": "\t",
	"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
}
