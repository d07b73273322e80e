package document

import "slices"

// Type says what a document is for in a project, whatever its format: a contract
// is one as PDF and as Word. It is told by pipeline/doctype.
type Type string

// The closed list of types; the facet and `type:` know no others. An empty Type
// is of what is no paper of a project: most mails, pictures, archives.
const (
	TypeContract      Type = "contract"
	TypeSupplement    Type = "supplement"
	TypeQuotation     Type = "quotation"
	TypeRequirements  Type = "requirements"
	TypeDesign        Type = "design"
	TypeInterface     Type = "interface"
	TypeDatabase      Type = "database"
	TypeTestCases     Type = "test-cases"
	TypeTestReport    Type = "test-report"
	TypeDefects       Type = "defects"
	TypeDeployment    Type = "deployment"
	TypeAcceptance    Type = "acceptance"
	TypeMinutes       Type = "minutes"
	TypeChange        Type = "change-request"
	TypeSurvey        Type = "survey"
	TypeManual        Type = "manual"
	TypeTraining      Type = "training"
	TypeMaintenance   Type = "maintenance-contract"
	TypeServiceRecord Type = "service-record"
	TypeComplaint     Type = "complaint"
	TypeInvoice       Type = "invoice"
	TypeLetter        Type = "official-letter"
	TypeOther         Type = "other"
)

// Types are all of them, in the order of a project's life.
var Types = []Type{
	TypeContract, TypeSupplement, TypeQuotation, TypeSurvey, TypeRequirements, TypeDesign, TypeInterface, TypeDatabase, TypeTestCases, TypeTestReport, TypeDefects,
	TypeDeployment, TypeManual, TypeTraining, TypeAcceptance, TypeMinutes, TypeChange, TypeMaintenance, TypeServiceRecord, TypeComplaint, TypeInvoice, TypeLetter, TypeOther,
}

// chineseTypes are the types as people write them in Chinese.
var chineseTypes = map[string]Type{
	"合同": TypeContract, "补充协议": TypeSupplement, "报价": TypeQuotation, "报价单": TypeQuotation, "需求": TypeRequirements, "需求规格说明书": TypeRequirements,
	"设计": TypeDesign, "设计文档": TypeDesign, "接口": TypeInterface, "接口文档": TypeInterface, "数据库": TypeDatabase, "数据库设计": TypeDatabase,
	"测试用例": TypeTestCases, "测试报告": TypeTestReport, "缺陷清单": TypeDefects, "部署方案": TypeDeployment, "验收": TypeAcceptance, "验收报告": TypeAcceptance,
	"会议纪要": TypeMinutes, "需求变更": TypeChange, "变更单": TypeChange, "变更": TypeChange, "调研": TypeSurvey, "调研报告": TypeSurvey, "手册": TypeManual, "操作手册": TypeManual,
	"培训": TypeTraining, "培训材料": TypeTraining, "维护合同": TypeMaintenance, "服务记录": TypeServiceRecord, "投诉": TypeComplaint, "发票": TypeInvoice, "公文": TypeLetter, "其他": TypeOther,
}

// TypeNamed gives the type that a word means, in either language.
func TypeNamed(word string) (Type, bool) {
	if t, ok := chineseTypes[word]; ok {
		return t, true
	}
	return Type(word), slices.Contains(Types, Type(word))
}

// Kinds of what must not get about, as fields, filters and facets name them.
const (
	SensitiveIdentity = "identity-number"
	SensitiveMobile   = "mobile-number"
	SensitiveCard     = "bank-card"
	SensitivePassword = "password"
)

// Sensitives are all of them.
var Sensitives = []string{SensitiveIdentity, SensitiveMobile, SensitiveCard, SensitivePassword}

// SensitiveNamed gives the kind that a word means, in either language.
func SensitiveNamed(word string) (string, bool) {
	switch word {
	case "身份证", "身份证号":
		return SensitiveIdentity, true
	case "手机", "手机号":
		return SensitiveMobile, true
	case "银行卡", "银行卡号":
		return SensitiveCard, true
	case "密码", "口令":
		return SensitivePassword, true
	}
	return word, slices.Contains(Sensitives, word)
}
