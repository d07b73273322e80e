"""Whisper by faster-whisper (CTranslate2)."""
from __future__ import annotations

import ctranslate2
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim

from . import languages
from .answers import Segment, Transcript, Word
from .sound import RATE, speech

# What is tried, one after the other, when a request names no temperature: the
# first that neither loops nor is improbable is taken.
LADDER = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]

# All temperatures over 0 draw lots. They draw the same ones for every request,
# so that the same sound gives the same text.
SEED = 20240305

# A language is told by this much of a stretch. Windows as short as the stretch
# tell it as well as the 30 seconds that Whisper hears at once, at 0.03 s of CPU a
# second in place of 1.8 s a time (seven clips of 1.5, 3 and 6 s, two languages).
LISTEN = 10.0


class Whisper:
    def __init__(self, folder: str, threads: int) -> None:
        self._model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True)
        self.languages = set(self._model.supported_languages)

    def transcribe(self, samples, ask) -> Transcript:
        duration = len(samples) / RATE
        if not len(samples):
            return Transcript(ask.language or "", duration)
        ctranslate2.set_random_seed(SEED)
        if ask.language:
            return self._hear(samples, ask.language, ask)
        spans = self._spans(samples, ask.languages)
        if len(spans) == 1:
            return self._hear(samples, spans[0][2], ask)
        out = Transcript("", duration)
        spoken: dict[str, int] = {}
        for start, end, language in spans:
            part = self._hear(samples[start:end], language, ask)
            out.segments += [moved(s, start / RATE) for s in part.segments]
            spoken[part.language] = spoken.get(part.language, 0) + end - start
        out.language = max(spoken, key=spoken.get)
        return out

    def _spans(self, samples, allowed: list[str]) -> list[tuple[int, int, str]]:
        """The sound, cut where its language changes; "": Whisper is to find it out."""
        stretches = languages.grouped(speech(samples, longest=LISTEN, pause=300, pad=50), int(languages.LEAST * RATE))
        heard = [self._language(samples[a:b], allowed) for a, b in stretches]
        if not heard:
            return [(0, len(samples), "" if not allowed else allowed[0])]
        return languages.runs(stretches, languages.path(heard), len(samples))

    def _language(self, samples, allowed: list[str]) -> dict[str, float]:
        features = self._model.feature_extractor(samples[: int(LISTEN * RATE)])
        found = self._model.model.detect_language(self._model.encode(pad_or_trim(features, features.shape[-1])))[0]
        probable = {name.strip("<|>"): p for name, p in found}
        if allowed:
            probable = {name: probable.get(name, 0.0) for name in allowed}
        total = sum(probable.values()) or 1.0
        return {name: p / total for name, p in probable.items() if allowed or p > languages.FLOOR}

    def _hear(self, samples, language: str, ask) -> Transcript:
        duration = len(samples) / RATE
        segments, info = self._model.transcribe(
            samples,
            language=language or None,
            beam_size=5,
            temperature=LADDER if ask.temperature is None else [ask.temperature],
            initial_prompt=ask.prompt or None,
            hotwords=ask.hotwords or None,
            # A loop in one window would infect the next (knowledge of every user of long files).
            condition_on_previous_text=False,
            word_timestamps=ask.words,
            vad_filter=ask.vad,
        )
        out = Transcript(info.language, duration, info.language_probability)
        for s in segments:
            words = None
            if ask.words:
                words = [Word(w.word, float(w.start), float(w.end), float(w.probability)) for w in s.words or ()]
            out.segments.append(
                Segment(
                    start=min(float(s.start), duration), end=min(float(s.end), duration), text=s.text,
                    avg_logprob=float(s.avg_logprob), no_speech_prob=float(s.no_speech_prob),
                    compression_ratio=float(s.compression_ratio), temperature=float(s.temperature or 0), words=words,
                )
            )
        return out


def moved(s: Segment, by: float) -> Segment:
    """A segment that begins later. Where languages change, texts need a space between them."""
    s.start, s.end = s.start + by, s.end + by
    for w in s.words or ():
        w.start, w.end = w.start + by, w.end + by
    if by and not s.text.startswith(" "):
        s.text = " " + s.text
    return s
