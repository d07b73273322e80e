"""Voices of a recording: for each second and a half of speech 192 numbers, by CAM++.

Voices whose numbers are near each other are one person's. Who is who is decided
by Guidang, over a whole recording.
"""
from __future__ import annotations

import numpy as np

from .sound import RATE

WINDOW, HOP, LEAST = int(1.5 * RATE), int(0.75 * RATE), int(0.4 * RATE)
BATCH = 16  # windows at a time


class Voices:
    def __init__(self, path: str, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def windows(self, samples: np.ndarray, spans: list[tuple[int, int]]):
        """Start, end and voice (of length 1) of each window of the spans."""
        cuts = [cut for a, b in spans for cut in _cuts(max(0, a), min(len(samples), b))]
        for i in range(0, len(cuts), BATCH):
            part = cuts[i : i + BATCH]
            bands = filterbank(np.stack([_filled(samples[a:b]) for a, b in part]))
            voices = self._session.run(None, {"bands": bands})[0]
            voices /= np.maximum(np.linalg.norm(voices, axis=1, keepdims=True), 1e-9)
            for (a, b), voice in zip(part, voices):
                yield a, b, voice


def _cuts(start: int, end: int) -> list[tuple[int, int]]:
    """Windows over a span; the last one ends with it."""
    if end - start < LEAST:
        return []
    if end - start <= WINDOW:
        return [(start, end)]
    cuts = [(a, a + WINDOW) for a in range(start, end - WINDOW + 1, HOP)]
    if cuts[-1][1] < end:
        cuts.append((end - WINDOW, end))
    return cuts


def _filled(sound: np.ndarray) -> np.ndarray:
    """A window's length of sound: short ones are said again and again."""
    return np.resize(sound, WINDOW)


def filterbank(sounds: np.ndarray, bands: int = 80) -> np.ndarray:
    """Kaldi's log mel filter bank (25 ms every 10 ms, no dither), less its mean: [windows, bands, frames]."""
    width, step, size = 400, 160, 512
    x = np.lib.stride_tricks.sliding_window_view(sounds * np.float32(32768), width, axis=1)[:, ::step]
    x = x - x.mean(axis=2, keepdims=True)
    x = np.concatenate([x[:, :, :1] * np.float32(0.03), x[:, :, 1:] - np.float32(0.97) * x[:, :, :-1]], axis=2)
    n = np.arange(width)
    povey = (0.5 - 0.5 * np.cos(2 * np.pi * n / (width - 1))) ** 0.85
    power = np.abs(np.fft.rfft(x * povey, size, axis=2)) ** 2
    out = np.log(np.maximum(power[:, :, : size // 2] @ _mel(bands, size).T, np.finfo(np.float32).eps))
    out -= out.mean(axis=1, keepdims=True)
    return out.transpose(0, 2, 1).astype(np.float32)


def _mel(bands: int, size: int) -> np.ndarray:
    """Triangles of equal width in mel, from 20 Hz to half the rate."""
    def mel(hertz):
        return 1127.0 * np.log(1.0 + hertz / 700.0)

    low, high = mel(20.0), mel(RATE / 2)
    step = (high - low) / (bands + 1)
    at = mel(np.arange(size // 2) * RATE / size)
    centre = low + step * (np.arange(bands)[:, None] + 1)
    return np.maximum(0.0, 1.0 - np.abs(at - centre) / step)
