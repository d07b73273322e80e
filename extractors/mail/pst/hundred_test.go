package pst

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestManyCopies damages as many copies as GUIDANG_PST_COPIES says, in five ways, and
// wants every one read in time. It is for a longer run by hand.
func TestManyCopies(t *testing.T) {
	t.Parallel()
	copies, err := strconv.Atoi(os.Getenv("GUIDANG_PST_COPIES"))
	if err != nil {
		t.Skip("GUIDANG_PST_COPIES says how many")
	}
	const mails = 600
	for name, layout := range layouts {
		whole := archive(t, layout, mails)
		least, total, onePercent := mails, 0, 0
		longest := time.Duration(0)
		for seed := range uint64(copies) {
			r := rand.New(rand.NewPCG(seed, 12))
			data := bytes.Clone(whole)
			size := int(pageOf[name])
			pages := len(data) / size
			switch seed % 5 {
			case 0, 1: // pages of zeros, of anything
				for range pages / 100 {
					p := data[r.IntN(pages)*size:][:size]
					for i := range p {
						p[i] = byte(r.Uint32()) * byte(seed%5)
					}
				}
			case 2: // bytes
				for range 2000 {
					data[r.IntN(len(data))] = byte(r.Uint32())
				}
			case 3: // the end is missing
				data = data[:r.IntN(len(data))]
			case 4: // bytes of what leads elsewhere: the header and the last tenth, where the trees are
				for range 200 {
					data[r.IntN(600)] = byte(r.Uint32())
					data[len(data)*9/10+r.IntN(len(data)/10)] = byte(r.Uint32())
				}
			}
			begin := time.Now()
			n, _ := recovered(t, input("a.pst", data))
			longest = max(longest, time.Since(begin))
			if seed%5 < 2 {
				least = min(least, n)
				total += n
				onePercent++
			}
		}
		t.Logf("%s: of %d mails, with one page in a hundred damaged, %d at least and %d on the average came out; the longest took %v", name, mails, least, total/max(onePercent, 1), longest)
		if least < mails*9/10 {
			t.Errorf("%s: only %d of %d", name, least, mails)
		}
	}
}
