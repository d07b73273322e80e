package minutes

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// answer is what the model says about one part.
type answer struct {
	Topics []struct {
		Topic    int    `json:"topic"`
		Title    string `json:"title"`
		Summary  string `json:"summary"`
		Evidence ids    `json:"evidence"`
	} `json:"topics"`
	KeyPoints     []said `json:"key_points"`
	Decisions     []said `json:"decisions"`
	Risks         []said `json:"risks"`
	OpenQuestions []said `json:"open_questions"`
	Actions       []struct {
		Text     string  `json:"text"`
		Owner    *string `json:"owner"`
		DueText  *string `json:"due_text"`
		Evidence ids     `json:"evidence"`
	} `json:"actions"`
}

type said struct {
	Text     string `json:"text"`
	Evidence ids    `json:"evidence"`
}

// ids are numbers of utterances.
type ids []int

// UnmarshalJSON takes 12, "12", "[12]" and "u12", one of them or a list.
//
// QUIRK: without an enforced schema models write evidence in all of these forms.
func (l *ids) UnmarshalJSON(data []byte) error {
	var list []any
	if err := json.Unmarshal(data, &list); err != nil {
		var one any
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		list = []any{one}
	}
	*l = nil
	for _, v := range list {
		switch v := v.(type) {
		case float64:
			*l = append(*l, int(v))
		case string:
			for _, s := range digitRun().FindAllString(v, 8) {
				if n, err := strconv.Atoi(s); err == nil {
					*l = append(*l, n)
				}
			}
		}
	}
	return nil
}

var (
	digitRun = re(`\d{1,9}`)
	thinking = re(`(?is)<(think|thinking|reasoning)>.*?</(?:think|thinking|reasoning)>`)
	trailing = re(`,(\s*[\]}])`)
)

var errNoJSON = errors.New("there is no JSON object in it")

// parse reads the first JSON object out of an answer: behind thinking, in a fence,
// with text around it, with a comma too many.
func parse(text string, into any) error {
	text = thinking().ReplaceAllString(strings.TrimPrefix(text, "\ufeff"), "")
	// A thought whose beginning the server took away ends with its mark alone.
	for _, mark := range []string{"</think>", "</thinking>"} {
		if i := strings.LastIndex(text, mark); i >= 0 {
			text = text[i+len(mark):]
		}
	}
	object := balanced(text)
	if object == "" {
		return errNoJSON
	}
	err := json.Unmarshal([]byte(object), into)
	if err != nil {
		if again := json.Unmarshal([]byte(trailing().ReplaceAllString(object, "$1")), into); again == nil {
			return nil
		}
		return fmt.Errorf("it is not the JSON that was asked for: %w", err)
	}
	return nil
}

// balanced is the first object of a text, to its closing brace; empty when it is
// cut off.
func balanced(s string) string {
	start := strings.IndexByte(s, '{')
	if start < 0 {
		return ""
	}
	depth, quoted := 0, false
	for i := start; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return s[start : i+1]
			}
		}
	}
	return ""
}

// faults are what is wrong with an answer so that it is asked for again.
func (a *answer) faults(han bool) error {
	n, inHan := 0, 0
	each := func(text string) {
		if strings.TrimSpace(text) != "" {
			n++
			inHan += b2i(hanCount(text) > 0)
		}
	}
	for _, list := range [][]said{a.KeyPoints, a.Decisions, a.Risks, a.OpenQuestions} {
		for _, c := range list {
			each(c.Text)
		}
	}
	for _, c := range a.Actions {
		each(c.Text)
	}
	for _, c := range a.Topics {
		each(c.Summary)
	}
	switch {
	case n == 0:
		return errors.New("all lists are empty, or have other names than asked for")
	case han && inHan*2 < n:
		return errors.New("it is not in Chinese, the language of the meeting (请用中文)")
	case !han && inHan*2 > n:
		return errors.New("it is not in the language of the meeting")
	}
	return nil
}
