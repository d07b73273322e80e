"""SenseVoice and Paraformer by sherpa-onnx: better on Mandarin than Whisper, and faster.

They read one utterance at a time, so a sound is cut where nobody speaks. They
tell no probabilities: their segments have none, and Guidang says so.
"""
from __future__ import annotations

import os

from .answers import Segment, Transcript, Word
from .sound import RATE, speech

# A sentence ends here; the text between two of them is one segment.
ENDS = set("。！？!?；;…")


class Sherpa:
    def __init__(self, folder: str, kind: str, threads: int) -> None:
        import sherpa_onnx

        model = next((p for p in (os.path.join(folder, n) for n in ("model.int8.onnx", "model.onnx")) if os.path.exists(p)), "")
        tokens = os.path.join(folder, "tokens.txt")
        if not model or not os.path.exists(tokens):
            raise FileNotFoundError("the model's folder lacks model.onnx or tokens.txt")
        self._kind = kind
        if kind == "sense-voice":
            self.languages = {"zh", "en", "ja", "ko", "yue"}
            make = sherpa_onnx.OfflineRecognizer.from_sense_voice
            self._make = lambda language: make(model=model, tokens=tokens, num_threads=threads, use_itn=True, language=language)
        elif kind == "paraformer":
            self.languages = {"zh", "en"}
            make = sherpa_onnx.OfflineRecognizer.from_paraformer
            self._make = lambda language: make(paraformer=model, tokens=tokens, num_threads=threads)
        else:
            raise ValueError(f"sherpa-onnx knows no {kind}")
        # SenseVoice is told its language when it is made. One is kept: a firm
        # speaks one language nearly always, and two would be twice the memory.
        self._language, self._recognizer = "auto", self._make("auto")

    def transcribe(self, samples, ask) -> Transcript:
        language = ask.language or "auto"
        if self._kind == "sense-voice" and language != self._language:
            self._language, self._recognizer = language, self._make(language)
        out = Transcript(ask.language or "", len(samples) / RATE)
        heard: dict[str, int] = {}
        for start, end in speech(samples):
            stream = self._recognizer.create_stream()
            stream.accept_waveform(RATE, samples[start:end])
            self._recognizer.decode_stream(stream)
            result = stream.result
            out.segments += segments(result, start / RATE, end / RATE, ask.words, self._kind == "paraformer")
            tag = str(getattr(result, "lang", "")).strip("<|>")
            if tag:
                heard[tag] = heard.get(tag, 0) + end - start
        if not out.language:
            out.language = max(heard, key=heard.get) if heard else ("zh" if self._kind == "paraformer" else "")
        return out


def segments(result, start: float, end: float, words: bool, spaced: bool) -> list[Segment]:
    """One stretch of speech, cut after its sentences."""
    tokens, times = list(result.tokens), [float(t) for t in result.timestamps]
    if not result.text.strip():
        return []
    if len(tokens) != len(times) or not tokens:
        return [Segment(start, end, result.text)]
    out: list[Segment] = []
    current: list[int] = []
    for i, token in enumerate(tokens):
        current.append(i)
        if token.strip() in ENDS or i == len(tokens) - 1:
            first, last = current[0], current[-1]
            to = start + times[last + 1] if last + 1 < len(times) else end
            s = Segment(start + times[first], min(to, end), joined((tokens[j] for j in current), spaced))
            if words:
                after = times[1:] + [end - start]
                s.words = [Word(tokens[j].replace("▁", " "), start + times[j], start + max(times[j], after[j])) for j in current]
            out.append(s)
            current = []
    return out


def joined(tokens, spaced: bool) -> str:
    """Tokens as text. SenseVoice marks by ▁ that a Latin word begins; Paraformer by @@ that one goes on, and is spaced here."""
    out, goes_on = "", True
    for token in tokens:
        if token.startswith("<|"):
            continue
        if spaced and not goes_on and _latin(token[:1]) and _latin(out[-1:]):
            out += " "
        goes_on = token.endswith("@@")
        out += token.removesuffix("@@").replace("▁", " ")
    return out


def _latin(c: str) -> bool:
    return c.isascii() and c.isalnum()
