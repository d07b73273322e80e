"""Writes a transcript in the forms of OpenAI's /v1/audio/transcriptions."""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

FORMATS = ("json", "text", "verbose_json", "srt", "vtt")


@dataclass
class Word:
    word: str
    start: float
    end: float
    probability: float | None = None


@dataclass
class Segment:
    start: float
    end: float
    text: str
    avg_logprob: float | None = None
    no_speech_prob: float | None = None
    compression_ratio: float | None = None
    temperature: float | None = None
    words: list[Word] | None = None


@dataclass
class Transcript:
    language: str
    duration: float
    language_probability: float | None = None
    segments: list[Segment] = field(default_factory=list)
    speech: list[tuple[float, float]] | None = None  # where somebody speaks; None: nobody asked

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.segments).strip()


def write(t: Transcript, form: str, words: bool) -> tuple[str, bytes]:
    """The media type and the body of an answer."""
    if form == "text":
        return "text/plain; charset=utf-8", (t.text + "\n").encode()
    if form == "srt":
        cues = [f"{i}\n{clock(s.start, ',')} --> {clock(s.end, ',')}\n{s.text.strip()}\n" for i, s in enumerate(t.segments, 1)]
        return "application/x-subrip; charset=utf-8", "\n".join(cues).encode()
    if form == "vtt":
        cues = [f"{clock(s.start, '.')} --> {clock(s.end, '.')}\n{s.text.strip()}\n" for s in t.segments]
        return "text/vtt; charset=utf-8", ("WEBVTT\n\n" + "\n".join(cues)).encode()
    answer: dict = {"text": t.text}
    if form == "verbose_json":
        answer |= {"task": "transcribe", "language": t.language, "duration": round(t.duration, 3), "segments": _segments(t)}
        if t.language_probability is not None:
            answer["language_probability"] = round(t.language_probability, 4)
        if t.speech is not None:
            answer["speech"] = t.speech
        if words:
            answer["words"] = [_plain(w) for s in t.segments for w in s.words or ()]
    return "application/json", json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()


def _segments(t: Transcript) -> list[dict]:
    out = []
    for i, s in enumerate(t.segments):
        values = {"id": i} | _plain(s)
        if s.words is not None:
            values["words"] = [_plain(w) for w in s.words]
        out.append(values)
    return out


def _plain(thing) -> dict:
    """The fields that are there, numbers rounded; what an engine does not know is left out."""
    out = {}
    for name, value in asdict(thing).items():
        if value is None or name == "words":
            continue
        out[name] = round(value, 4) if isinstance(value, float) else value
    return out


def clock(seconds: float, point: str) -> str:
    ms = max(0, round(seconds * 1000))
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{point}{ms % 1000:03}"
