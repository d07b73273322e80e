package outlook

// Types of property values ([MS-OXCDATA] 2.11.1).
const (
	ptInt16   = 0x0002
	ptInt32   = 0x0003
	ptBool    = 0x000B
	ptObject  = 0x000D
	ptInt64   = 0x0014
	ptString8 = 0x001E
	ptUnicode = 0x001F
	ptTime    = 0x0040
	ptGUID    = 0x0048
	ptBinary  = 0x0102
	ptMany    = 0x1000 // flag: several values
)

// Properties ([MS-OXPROPS]), by their identifier.
const (
	idImportance      = 0x0017
	idClass           = 0x001A
	idSensitivity     = 0x0036
	idSubject         = 0x0037
	idSubmitTime      = 0x0039
	idSubjectPrefix   = 0x003D
	idOnBehalfName    = 0x0042 // PR_SENT_REPRESENTING_*
	idOnBehalfKind    = 0x0064
	idOnBehalfAddress = 0x0065
	idTopic           = 0x0070
	idThreadIndex     = 0x0071
	idHeaders         = 0x007D
	idRecipientType   = 0x0C15
	idSenderName      = 0x0C1A
	idSenderKind      = 0x0C1E
	idSenderAddress   = 0x0C1F
	idShowBcc         = 0x0E02
	idShowCc          = 0x0E03
	idShowTo          = 0x0E04
	idDeliveryTime    = 0x0E06
	idFlags           = 0x0E07
	idNormalSubject   = 0x0E1D
	idBody            = 0x1000
	idRTF             = 0x1009
	idHTML            = 0x1013
	idMessageID       = 0x1035
	idReferences      = 0x1039
	idInReplyTo       = 0x1042
	idLastVerb        = 0x1081
	idFlagStatus      = 0x1090
	idShowName        = 0x3001
	idAddressKind     = 0x3002
	idAddress         = 0x3003
	idCreated         = 0x3007
	idModified        = 0x3008
	idAttachData      = 0x3701
	idAttachExtension = 0x3703
	idAttachShortName = 0x3704
	idAttachMethod    = 0x3705
	idAttachLongName  = 0x3707
	idAttachPath      = 0x3708
	idAttachLongPath  = 0x370D
	idAttachKind      = 0x370E // media type
	idAttachContentID = 0x3712
	idSMTP            = 0x39FE
	idInternetPage    = 0x3FDE
	idLocale          = 0x3FF1
	idPage            = 0x3FFD // code page of PT_STRING8
	idSenderSMTP      = 0x5D01
	idOnBehalfSMTP    = 0x5D02
	idHidden          = 0x7FFE // of an attachment
)

// Properties of contacts.
const (
	idNickname    = 0x3A4F
	idGiven       = 0x3A06
	idFamily      = 0x3A11
	idMiddle      = 0x3A44
	idPrefixName  = 0x3A45
	idSuffixName  = 0x3A05
	idCompany     = 0x3A16
	idPost        = 0x3A17
	idDepartment  = 0x3A18
	idPhoneWork   = 0x3A08
	idPhoneHome   = 0x3A09
	idPhoneMobile = 0x3A1C
	idPhoneWork2  = 0x3A1B
	idFaxWork     = 0x3A24
	idPostal      = 0x3A15
	idBirthday    = 0x3A42
	idHomePage    = 0x3A51
)

// set is the property set of a named property, as its GUID lies in the file.
type set string

const (
	psPublic      = set("\x29\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46")
	psAppointment = set("\x02\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46")
	psTask        = set("\x03\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46")
	psAddress     = set("\x04\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46")
	psCommon      = set("\x08\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46")
	psMeeting     = set("\x90\xDA\xD8\x6E\x0B\x45\x1B\x10\x98\xDA\x00\xAA\x00\x3F\x13\x05")
)

// name is a named property: by number, or by text.
type name struct {
	set  set
	lid  uint32
	text string
}

// The named properties that are read ([MS-OXPROPS] 2).
var (
	nmKeywords   = name{set: psPublic, text: "Keywords"}
	nmStart      = name{set: psAppointment, lid: 0x820D}
	nmEnd        = name{set: psAppointment, lid: 0x820E}
	nmLocation   = name{set: psAppointment, lid: 0x8208}
	nmAllDay     = name{set: psAppointment, lid: 0x8215}
	nmState      = name{set: psAppointment, lid: 0x8217}
	nmPattern    = name{set: psAppointment, lid: 0x8232}
	nmZone       = name{set: psAppointment, lid: 0x8234}
	nmCleanID    = name{set: psMeeting, lid: 0x0023}
	nmCommonFrom = name{set: psCommon, lid: 0x8516}
	nmCommonTo   = name{set: psCommon, lid: 0x8517}
	nmTaskFrom   = name{set: psTask, lid: 0x8104}
	nmTaskDue    = name{set: psTask, lid: 0x8105}
	nmTaskStatus = name{set: psTask, lid: 0x8101}
	nmTaskOwner  = name{set: psTask, lid: 0x811F}
	nmMembers    = name{set: psAddress, lid: 0x8054} // of a distribution list, one by one
	nmMail1      = name{set: psAddress, lid: 0x8083}
	nmMail2      = name{set: psAddress, lid: 0x8093}
	nmMail3      = name{set: psAddress, lid: 0x80A3}
	nmMessenger  = name{set: psAddress, lid: 0x8062}
	nmWorkPlace  = name{set: psAddress, lid: 0x801B}
	nmHomePlace  = name{set: psAddress, lid: 0x801A}
)
