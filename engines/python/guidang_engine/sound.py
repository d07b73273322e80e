"""Decodes what was sent into 16 kHz mono samples, and finds where somebody speaks."""
from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded when it is used: reading forms and writing answers needs none of it
    import numpy as np

RATE = 16000

# Longer sounds are refused: features of half an hour take half a gigabyte, and
# Guidang cuts recordings into parts of at most ten minutes anyway.
MAX_SECONDS = 1800

# What may be opened. Playlists and scripts, by which FFmpeg would open other
# files or addresses, are not among them, and no protocol is.
FORMATS = (
    "wav", "w64", "flac", "ogg", "mp3", "aac", "amr", "amrnb", "amrwb", "aiff", "caf", "au", "asf",
    "mov,mp4,m4a,3gp,3g2,mj2", "mov", "mp4", "m4a", "matroska,webm", "matroska", "webm",
)


class Unreadable(ValueError):
    """The sound cannot be decoded; the text says why."""


class TooLong(Unreadable):
    """The sound is longer than MAX_SECONDS."""


def decode(data) -> np.ndarray:
    """Samples from -1 to 1. Plain 16 kHz WAV is read without FFmpeg's code."""
    samples = _plain_wav(data)
    if samples is None:
        samples = _by_ffmpeg(data)
    return samples


def _plain_wav(data) -> np.ndarray | None:
    import numpy as np

    try:
        with wave.open(io.BytesIO(data)) as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                return None
            # QUIRK: RIFF sizes lie, after a crash of the recorder for example: what is there counts.
            frames = file.readframes(MAX_SECONDS * RATE + 1)
    except (wave.Error, EOFError, RuntimeError):
        return None
    if len(frames) > 2 * MAX_SECONDS * RATE:
        raise TooLong(f"the sound is longer than {MAX_SECONDS} seconds")
    return np.frombuffer(frames[: len(frames) // 2 * 2], dtype="<i2").astype(np.float32) / 32768.0


def _by_ffmpeg(data) -> np.ndarray:
    import av
    import numpy as np

    blocks, total = [], 0
    try:
        options = {"format_whitelist": ",".join(FORMATS), "protocol_whitelist": "none"}
        with av.open(io.BytesIO(data), mode="r", metadata_errors="ignore", options=options) as container:
            if not container.streams.audio:
                raise Unreadable("the file holds no sound")
            resampler = av.audio.resampler.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in _frames(container, av):
                for block in resampler.resample(frame):
                    blocks.append(block.to_ndarray().reshape(-1))
                    total += blocks[-1].size
                    if total > MAX_SECONDS * RATE:
                        raise TooLong(f"the sound is longer than {MAX_SECONDS} seconds")
    except (av.error.FFmpegError, ValueError, IndexError) as error:
        if isinstance(error, Unreadable):
            raise
        if not blocks:
            raise Unreadable(f"the sound cannot be decoded ({type(error).__name__})") from None
    if not blocks:
        return np.zeros(0, dtype=np.float32)
    return np.concatenate(blocks).astype(np.float32) / 32768.0


def _frames(container, av):
    """Frames in order; a packet that is damaged costs itself."""
    for packet in container.demux(audio=0):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            frame.pts = None  # times in files lie; the resampler counts samples
            yield frame
    yield None  # what is left in the resampler


def speech(samples: np.ndarray, longest: float = 28.0, pause: int = 500, pad: int = 200) -> list[tuple[int, int]]:
    """Stretches in which somebody speaks, in samples, by Silero's detector; pause and pad are milliseconds."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=pause, speech_pad_ms=pad, max_speech_duration_s=longest)
    return [(int(s["start"]), int(s["end"])) for s in get_speech_timestamps(samples, options)]


# How probable speech has to be, for a stretch to begin and to go on (Silero's own
# figures), and how long it is silent before it ends.
BEGINS, GOES_ON, PAUSE = 0.5, 0.35, 0.3
WINDOW = 512  # samples that Silero judges at once
LOUD, MOST = 0.5, 100.0  # what a sound is brought to before, by at most so much


def activity(samples: np.ndarray) -> tuple[list[tuple[float, float]], float]:
    """Where somebody speaks, in seconds and to one window, and how probable it is at best that anybody does."""
    import numpy as np
    from faster_whisper.vad import get_vad_model

    if not len(samples):
        return [], 0.0
    # Silero does not hear a voice that is 40 dB fainter than usual; Whisper does.
    loud = float(np.percentile(np.abs(samples), 99.9))
    samples = samples * np.float32(min(LOUD / max(loud, 1e-9), MOST))
    probable = get_vad_model()(np.pad(samples, (0, -len(samples) % WINDOW))).reshape(-1)
    return stretches(probable, WINDOW / RATE, len(samples) / RATE), float(probable.max())


def stretches(probable, step: float, end: float) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    begun = last = -1
    for i, p in enumerate(probable):
        if p >= BEGINS and begun < 0:
            begun = i
        if begun >= 0 and p >= GOES_ON:
            last = i
        if begun >= 0 and ((i - last) * step >= PAUSE or i == len(probable) - 1):
            out.append((round(begun * step, 3), round(min((last + 1) * step, end), 3)))
            begun = -1
    return out
