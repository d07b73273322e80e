package engines

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Check is how the spoken sentence came out.
type Check struct {
	Errors  int     `json:"errors"`  // characters that were heard wrongly
	Of      int     `json:"of"`      // characters of the sentence
	Seconds float64 `json:"seconds"` // of transcribing
	Sound   float64 `json:"sound"`   // seconds of the sentence
	Memory  int64   `json:"memory"`  // bytes held afterwards; 0: not known here
}

// The sentence is a turn of the samples' own recorded review: synthetic speech,
// no real person's.
const (
	checkText  = "审批三级太慢了，小订单一天都走不完。我建议改成两级，金额低于5万元的订单，销售经理一个人批了就生效。"
	checkSound = 8.85
)

// check transcribes the sentence. It fails when the engine does not answer or
// says something else altogether.
func check(ctx context.Context, o Options, model string) (*Check, error) {
	o.Model, o.Command = model, nil
	e := New(o)
	defer e.Close() //nolint:contextcheck // ending is not bound to what ended us
	url, key, err := e.Start(ctx)
	if err != nil {
		return nil, err
	}
	sound, err := serverFiles.ReadFile("python/check.ogg")
	if err != nil {
		return nil, err
	}
	// The first request loads the model: it is measured by the second.
	var text string
	var took time.Duration
	for range 2 {
		begun := time.Now()
		if text, err = transcribe(ctx, url, key, model, sound); err != nil {
			return nil, err
		}
		took = time.Since(begun)
	}
	_, held := e.Running(ctx)
	c := &Check{Seconds: took.Seconds(), Sound: checkSound, Memory: held}
	c.Errors, c.Of = distance(characters(text), characters(checkText)), len(characters(checkText))
	if c.Errors*2 > c.Of {
		return nil, fmt.Errorf("of the spoken sentence it got %d of %d characters wrong", c.Errors, c.Of)
	}
	return c, nil
}

// transcribe asks for the text of a short sound.
func transcribe(ctx context.Context, base, key, model string, sound []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"model": model, "language": "zh", "temperature": "0", "prompt": "以下是普通话的句子。"} {
		if err := form.WriteField(name, value); err != nil {
			return "", err
		}
	}
	file, err := form.CreateFormFile("file", "check.ogg")
	if err != nil {
		return "", err
	}
	if _, err := file.Write(sound); err != nil {
		return "", err
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/audio/transcriptions", &body)
	if err != nil {
		return "", err
	}
	q.Header.Set("Content-Type", form.FormDataContentType())
	q.Header.Set("Authorization", "Bearer "+key)
	a, err := loopback.Do(q)
	if err != nil {
		return "", err
	}
	defer a.Body.Close()
	data, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err != nil {
		return "", err
	}
	var answer struct {
		Text  string `json:"text"`
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(data, &answer); err != nil || a.StatusCode != http.StatusOK {
		return "", fmt.Errorf("it answers %s %s", a.Status, answer.Error.Message)
	}
	return answer.Text, nil
}

// simplified are the traditional characters of the sentence, and its numbers: a
// model that writes them otherwise has heard rightly.
var simplified = strings.NewReplacer("審", "审", "級", "级", "訂", "订", "單", "单", "議", "议", "兩", "两", "額", "额", "於", "于", "萬", "万",
	"銷", "销", "經", "经", "個", "个", "三", "3", "五", "5")

func characters(text string) []rune {
	var out []rune
	for _, r := range simplified.Replace(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// distance is Levenshtein's.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
