"""Whisper by faster-whisper (CTranslate2)."""
from __future__ import annotations

import ctranslate2
from faster_whisper import WhisperModel

from .answers import Segment, Transcript, Word
from .sound import RATE

# What is tried, one after the other, when a request names no temperature: the
# first that neither loops nor is improbable is taken.
LADDER = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]

# All temperatures over 0 draw lots. They draw the same ones for every request,
# so that the same sound gives the same text.
SEED = 20240305


class Whisper:
    def __init__(self, folder: str, threads: int) -> None:
        self._model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True)
        self.languages = set(self._model.supported_languages)

    def transcribe(self, samples, ask) -> Transcript:
        duration = len(samples) / RATE
        if not len(samples):
            return Transcript(ask.language or "", duration)
        ctranslate2.set_random_seed(SEED)
        segments, info = self._model.transcribe(
            samples,
            language=ask.language or None,
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
