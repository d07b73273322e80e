"""Makes the recordings and the transcripts beside two of them.

    KOKORO_VOICES=kokoro-js/package/voices python recordings.py [name part]
"""
import os
import sys

import lameenc
import numpy as np

import meetings
from tree import put
from voices import RATE, Speaker
from world import OMS

CAST = {
    "李文博": "zm_yunxi", "张建国": "zm_yunjian", "孙倩": "zf_xiaoxiao", "黄丽": "zf_xiaobei", "林涛": "zm_yunjian*0.5+zm_yunxi*0.5", "赵刚": "zm_yunxia",
    "韩磊": "zm_yunxi", "徐海峰": "zm_yunjian", "高颖": "zf_xiaobei", "周敏": "zf_xiaoxiao",
    "Emily Zhang": "af_heart", "Sarah Whitfield": "bf_emma", "Tom Okafor": "bm_george", "Wang Xiaoli": "af_bella", "Priya Nair": "bf_isabella", "Zhao Gang": "am_michael",
}

# name without ending, words, kind of transcript beside it
ROOMS = [
    (OMS + "05 会议/2025-08-20 14.00 华信制造 需求评审会", meetings.REVIEW, "vtt"),
    ("会议录音/2024-12-10 09.30 安澜物流 运输调度平台验收会", meetings.ACCEPTANCE, ""),
    ("会议录音/2025-06-17 15.00 Harbour & Pine status call", meetings.STATUS, "txt"),
    ("会议录音/2025-09-03 10.00 Portal team weekly review", meetings.WEEKLY, ""),
]
PAUSE = 0.45  # seconds between two speakers


def stamp(t, point):
    ms = round(t * 1000)
    h, m, s = ms // 3600000, ms // 60000 % 60, ms // 1000 % 60
    return f"{h:02d}:{m:02d}:{s:02d}" + (f".{ms % 1000:03d}" if point else "")


def vtt(turns):
    out = "WEBVTT\n\n"
    for i, (start, end, who, words) in enumerate(turns):
        out += f"{i + 1}\n{stamp(start, True)} --> {stamp(end, True)}\n<v {who}>{words}</v>\n\n"
    return out


def dialogue(turns, title):
    return title + "\n\n" + "\n\n".join(f"{who} {stamp(start, False)}\n{words}" for start, _, who, words in turns) + "\n"


def record(speaker, words):
    """The samples, and for each turn when it begins and ends."""
    parts, turns, at = [np.zeros(int(RATE * 0.4), np.float32)], [], 0.4
    for who, text in words:
        a = speaker.say(text, CAST[who])
        a = a / (np.abs(a).max() + 1e-6) * 0.7
        turns.append((at, at + len(a) / RATE, who, text))
        parts += [a, np.zeros(int(RATE * PAUSE), np.float32)]
        at += (len(a) + int(RATE * PAUSE)) / RATE
    return np.concatenate(parts), turns


def mp3(samples):
    enc = lameenc.Encoder()
    enc.set_bit_rate(40)
    enc.set_in_sample_rate(RATE)
    enc.set_channels(1)
    enc.set_quality(2)
    enc.silence()
    return bytes(enc.encode((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes()) + enc.flush())


if __name__ == "__main__":
    want = sys.argv[1] if len(sys.argv) > 1 else ""
    speaker = Speaker()
    for name, words, beside in ROOMS:
        if want not in name:
            continue
        samples, turns = record(speaker, words)
        put(name + ".mp3", mp3(samples))
        if beside == "vtt":
            put(name + ".vtt", vtt(turns))
        elif beside == "txt":
            put(name + ".txt", dialogue(turns, os.path.basename(name)))
        print(f"{len(samples) / RATE:.1f} s  {name}", flush=True)
