package engines

import "strings"

// Kinds of models, by what runs them and how.
const (
	KindWhisper    = "whisper"     // faster-whisper (CTranslate2)
	KindSenseVoice = "sense-voice" // sherpa-onnx
	KindParaformer = "paraformer"  // sherpa-onnx
)

// DefaultModel comes with Python packages alone, so it can be had where no hub
// of models can be reached.
const DefaultModel = "whisper-base"

// HuggingFace is the hub that names of repositories are of. Mirrors and
// ModelScope carry the same names or others; Options.Hub leads there.
const HuggingFace = "https://huggingface.co"

// Known is a model that can be installed by name.
type Known struct {
	Name   string
	Kind   string
	List   string            // of packages that carry its weights; "": it lies on a hub
	SHA256 map[string]string // of files, where they are pinned
	Repo   string            // on the hub
	MB     int               // to bring, about
}

// KnownModels are the models with a name, best for Chinese first. No hub could
// be reached where this was written, so the files of hubs are not pinned: their
// hashes are compared with what the hub says, and kept.
func KnownModels() []Known {
	return []Known{
		{Name: "sense-voice", Kind: KindSenseVoice, Repo: "csukuangfj/sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17", MB: 240},
		{Name: "paraformer", Kind: KindParaformer, Repo: "csukuangfj/sherpa-onnx-paraformer-zh-2023-09-14", MB: 230},
		{Name: "whisper-large-v3", Kind: KindWhisper, Repo: "Systran/faster-whisper-large-v3", MB: 3090},
		{Name: "whisper-large-v3-turbo", Kind: KindWhisper, Repo: "mobiuslabsgmbh/faster-whisper-large-v3-turbo", MB: 1620},
		{Name: "whisper-medium", Kind: KindWhisper, Repo: "Systran/faster-whisper-medium", MB: 1530},
		{Name: "whisper-small", Kind: KindWhisper, Repo: "Systran/faster-whisper-small", MB: 490},
		{Name: "whisper-base", Kind: KindWhisper, List: "requirements-whisper-base.txt", Repo: "Systran/faster-whisper-base", MB: 140, SHA256: map[string]string{ //nolint:gosec // hashes of files
			"model.bin":       "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
			"config.json":     "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
			"tokenizer.json":  "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
			"vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
		}},
	}
}

// lookUp gives a model by its name, by a short name that people know from
// elsewhere (large-v3), or by a repository of faster-whisper's (owner/name).
func lookUp(name string) (Known, bool) {
	for _, k := range KnownModels() {
		if name == k.Name || "whisper-"+name == k.Name || name == k.Repo {
			return k, true
		}
	}
	if owner, repo, ok := strings.Cut(name, "/"); ok && plainName(owner) && plainName(repo) {
		return Known{Name: repo, Kind: kindByName(repo), Repo: name}, true
	}
	return Known{}, false
}

func kindByName(name string) string {
	switch name = strings.ToLower(name); {
	case strings.Contains(name, "sense-voice"), strings.Contains(name, "sensevoice"):
		return KindSenseVoice
	case strings.Contains(name, "paraformer"):
		return KindParaformer
	}
	return KindWhisper
}

// plainName says that a name can be a folder's and part of an address.
func plainName(name string) bool {
	return name != "" && len(name) <= 100 && name[0] != '.' &&
		strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// wanted are the files of a kind of model. Of those that can take each other's
// place one has to be there.
func wanted(kind string) (needed [][]string, welcome []string) {
	if kind == KindWhisper {
		return [][]string{{"model.bin"}, {"config.json"}, {"tokenizer.json"}, {"vocabulary.json", "vocabulary.txt"}}, []string{"preprocessor_config.json"}
	}
	return [][]string{{"model.int8.onnx", "model.onnx"}, {"tokens.txt"}}, []string{"LICENSE"}
}
