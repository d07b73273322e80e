// Command speech measures what a transcript of a long recording is worth beside
// one of each of its clips alone: clips with known texts are put together with
// pauses and noise between them, both are transcribed by the program, and errors,
// times, lost and doubled words are counted.
//
//	go run ./bench/speech -bin ./guidang -data guidang-data -minutes 20
//	go run ./bench/speech -bin ./guidang -data guidang-data -clips FOLDER
//
// Clips come from a folder with refs.tsv (file, language, text), and from
// recordings beside which a .vtt with exact times lies: each cue is a clip.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"guidang/extractors/document"
)

type options struct {
	bin, data, config, clips, talks, dir string
	minutes, bounce                      float64
	seed                                 uint64
	alone                                bool
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "./guidang", "the program")
	flag.StringVar(&o.data, "data", "guidang-data", "the data directory in which the engine is installed")
	flag.StringVar(&o.config, "config", "", "settings for it")
	flag.StringVar(&o.clips, "clips", "", "a folder with refs.tsv; empty: none")
	flag.StringVar(&o.talks, "talks", "samples/archive", "where recordings with a .vtt beside them are looked for; empty: none")
	flag.StringVar(&o.dir, "dir", "", "where to work; empty: a temporary folder, which is deleted")
	flag.Float64Var(&o.minutes, "minutes", 0, "how long; clips are said again until it is. 0: each once")
	flag.Float64Var(&o.bounce, "longest", 15, "the longest pause in seconds; the shortest is 0.6")
	flag.Uint64Var(&o.seed, "seed", 1, "of the order, the pauses and the noise")
	flag.BoolVar(&o.alone, "alone", true, "also each clip alone")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	clips, err := gather(ctx, o)
	if err != nil {
		return err
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "speech-*"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir)
	}
	if o.alone {
		alone := &score{}
		for n := range clips {
			c := &clips[n]
			t, err := transcribe(ctx, o, c.pcm, fmt.Sprintf("clip-%02d.wav", n))
			if err != nil {
				return err
			}
			c.alone = said(t.Utterances)
			alone.add(c, c.alone)
		}
		fmt.Println("each clip alone:", alone)
	}
	j := join(clips, o, rand.New(rand.NewPCG(o.seed, 0)))
	t, err := transcribe(ctx, o, j.pcm, "joined.wav")
	if err != nil {
		return err
	}
	fmt.Printf("joined: %.0f s, %d clips, %d utterances, %d dropped\n", seconds(len(j.pcm)), len(j.places), len(t.Utterances), len(t.Dropped))
	j.judge(t)
	return nil
}

// transcribe writes a recording and has the program transcribe it.
func transcribe(ctx context.Context, o options, pcm []int16, name string) (*document.Transcript, error) {
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, wav(pcm), 0o600); err != nil {
		return nil, err
	}
	args := []string{"transcribe", path, "--engine", "--json", "--data", o.data}
	if o.config != "" {
		args = append(args, "--config", o.config)
	}
	cmd := exec.CommandContext(ctx, o.bin, args...)
	cmd.Stderr = os.Stderr
	begun := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t := &document.Transcript{}
	if err := json.Unmarshal(out, t); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if seconds(len(pcm)) > 60 {
		state := cmd.ProcessState
		fmt.Printf("%s: %.0f s by the clock, the program's own CPU and its engine's %.1f s\n", name, time.Since(begun).Seconds(), (state.UserTime() + state.SystemTime()).Seconds())
	}
	return t, nil
}

// join puts clips together: shuffled, with pauses of silence, hiss or a fan.
func join(clips []clip, o options, r *rand.Rand) *joined {
	j := &joined{}
	order := r.Perm(len(clips))
	for n := 0; ; n++ {
		if n > 0 && n%len(order) == 0 {
			r.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		}
		if o.minutes == 0 && n == len(order) || o.minutes > 0 && seconds(len(j.pcm)) >= o.minutes*60 {
			return j
		}
		c := &clips[order[n%len(order)]]
		pause := 0.6 + r.Float64()*r.Float64()*(o.bounce-0.6)
		noise := []float64{0, 20, 20, 60, 250}[r.IntN(5)] // of 32,768: up to -42 dB
		for range int(pause * rate) {
			j.pcm = append(j.pcm, int16(r.NormFloat64()*noise))
		}
		j.places = append(j.places, place{c, len(j.pcm), len(j.pcm) + len(c.pcm)})
		j.pcm = slices.Concat(j.pcm, c.pcm)
	}
}
