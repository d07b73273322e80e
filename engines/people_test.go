package engines

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// meeting makes windows of people who take turns; voices of one person have a
// cosine of about 0.6, as CAM++ gives them, those of different people about 0.
func meeting(seed uint64, people, turns, windows int) (out []Window, truth []int) {
	random := rand.New(rand.NewPCG(seed, 1))
	direction := func() []float64 {
		v := make([]float64, 192)
		for i := range v {
			v[i] = random.NormFloat64()
		}
		return v
	}
	who := make([][]float64, people)
	for i := range who {
		who[i] = direction()
	}
	at := 0.0
	for turn := range turns {
		p := turn % people
		for range windows {
			noise, sum := direction(), 0.0
			voice := make([]float32, 192)
			for i := range voice {
				v := who[p][i] + 0.8*noise[i]
				voice[i] = float32(v)
				sum += v * v
			}
			for i := range voice {
				voice[i] /= float32(math.Sqrt(sum))
			}
			out, truth = append(out, Window{at, at + 1.5, voice}), append(truth, p)
			at += 0.75
		}
	}
	return out, truth
}

func TestPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ people, turns, windows int }{{1, 3, 4}, {2, 6, 5}, {5, 20, 8}, {8, 40, 6}, {3, 60, 16}} {
		windows, truth := meeting(7, c.people, c.turns, c.windows)
		got := People(windows, 0)
		if !slices.Equal(got, truth) {
			t.Errorf("%d people: %v", c.people, got)
		}
	}
	if got := People(nil, 0); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestPeopleCounted(t *testing.T) {
	t.Parallel()
	windows, _ := meeting(3, 4, 8, 6)
	for count := 1; count <= 4; count++ {
		if got := slices.Max(People(windows, count)) + 1; got != count {
			t.Errorf("%d people were told, %d found", count, got)
		}
	}
}

// A voice of a moment is no person: it goes to whom it is nearest.
func TestPeopleMoments(t *testing.T) {
	t.Parallel()
	windows, truth := meeting(5, 2, 6, 6)
	other, _ := meeting(99, 1, 1, 1)
	windows = append(windows, other...)
	got := People(windows, 0)
	if slices.Max(got) != 1 || !slices.Equal(got[:len(truth)], truth) {
		t.Errorf("%v", got)
	}
}

func TestPerson(t *testing.T) {
	t.Parallel()
	windows := []Window{{Start: 0, End: 1.5}, {Start: 0.75, End: 2.25}, {Start: 2.25, End: 3.75}}
	people := []int{0, 0, 1}
	for _, c := range []struct {
		start, end float64
		want       int
	}{{0, 2, 0}, {2, 4, 1}, {5, 6, -1}, {2.3, 2.4, 1}} {
		if got := Person(windows, people, c.start, c.end); got != c.want {
			t.Errorf("%g to %g: %d", c.start, c.end, got)
		}
	}
}

func TestVoices(t *testing.T) {
	t.Parallel()
	var raw []byte
	for _, v := range []float32{1, 0, -0.5} {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	answer := fmt.Sprintf(`{"duration":2,"windows":[{"start":0.5,"end":2,"voice":%q}]}`, base64.StdEncoding.EncodeToString(raw))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil || r.FormValue("spans") != "[[0.5,2]]" || header.Filename != "part.flac" || r.Header.Get("Authorization") != "Bearer k" {
			t.Errorf("%v %q", err, r.Form)
			return
		}
		file.Close()
		fmt.Fprint(w, answer)
	}))
	defer server.Close()
	ask := func() ([]Window, error) {
		return Voices(t.Context(), server.URL, "k", "part.flac", strings.NewReader("sound"), [][2]float64{{0.5, 2}})
	}
	got, err := ask()
	if err != nil || len(got) != 1 || got[0].End != 2 || !slices.Equal(got[0].Voice, []float32{1, 0, -0.5}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, answer = range []string{`{"windows":[{"voice":"AAA"}]}`, `{"windows":[{"voice":"AAAAAA=="},{"voice":"AAAAAAAAAAA="}]}`, `{`, `{"windows":[{"voice":""}]}`} {
		if got, err := ask(); err == nil {
			t.Errorf("%s gives %+v", answer, got)
		}
	}
}
