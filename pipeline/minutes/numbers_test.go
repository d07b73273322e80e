package minutes

import (
	"slices"
	"testing"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"三十五万": {"350000"}, "350,000": {"350000"}, "35万": {"350000"}, "35 万元": {"350000"}, "three hundred fifty thousand": {"350000"}, "350k": {"350000"},
		"3.5万": {"35000"}, "一百二十人天": {"120"}, "二〇二五年": {"2025"}, "十五个": {"15"}, "一个": nil, "one thing": nil, "百分之七十九": {"79"}, "三点五个": {"3.5"},
		"ninety nine point three": {"99.3"}, "twenty-one days": {"21"}, "1.2亿": {"120000000"}, "两千": {"2000"}, "12月5日": {"12", "5"},
	} {
		if got := numbers(text, false); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestContradicts(t *testing.T) {
	t.Parallel()
	said := "合同金额三十五万元，赵刚负责接口，系统还没有上线。"
	for claim, supported := range map[string]bool{
		"合同金额为35万元": true, "合同金额为350,000元": true, "合同金额为36万元": false, "接口由赵刚负责": true, "接口用 Kafka": false, "系统已经上线": false, "预算已经批准": false,
	} {
		if why := contradicts(claim, said, "", nil); (why == "") != supported {
			t.Errorf("%s: %q", claim, why)
		}
	}
	english := "We will not ship the LCD panel. The budget is forty thousand dollars, Tom said."
	for claim, supported := range map[string]bool{
		"The budget is 40,000 dollars.": true, "The budget is 50,000 dollars.": false, "They ship the LCD panel.": false, "Shipping the TFT panel": false, "The budget is what Anna said": false,
	} {
		if why := contradicts(claim, english, "", nil); (why == "") != supported {
			t.Errorf("%s: %q", claim, why)
		}
	}
}
