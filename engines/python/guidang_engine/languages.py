"""Which language is spoken where in a sound, so that each stretch is heard in its own.

Whisper is told one language for half a minute and translates or leaves out what is
said in another one. So the language of each stretch between two pauses is asked
for, and the sound is cut where it changes.
"""
from __future__ import annotations

import math

# A change has to be this sure (natural logarithm, on each side of what is spoken
# otherwise): a Chinese sentence full of English names is no English.
CHANGE = 1.5

# Shorter stretches tell no language; they go with their nearest neighbour.
LEAST = 1.0

# What is compared, at most, as a probability: no single stretch is surer.
FLOOR = 1e-3


def grouped(stretches: list[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """Stretches, the short ones joined with the neighbour that is nearer."""
    out = list(stretches)
    while len(out) > 1:
        i = min(range(len(out)), key=lambda n: out[n][1] - out[n][0])
        if out[i][1] - out[i][0] >= least:
            break
        before = out[i][0] - out[i - 1][1] if i else math.inf
        after = out[i + 1][0] - out[i][1] if i + 1 < len(out) else math.inf
        first = i - 1 if before <= after else i
        out[first : first + 2] = [(out[first][0], out[first + 1][1])]
    return out


def path(heard: list[dict[str, float]]) -> list[str]:
    """The most probable language of each stretch, changes being improbable (Viterbi)."""
    names = sorted({name for h in heard for name in h})
    cost = {n: 0.0 for n in names}
    steps: list[dict[str, str]] = []
    for h in heard:
        best = min(names, key=lambda n: cost[n])
        came = {n: n if cost[n] <= cost[best] + CHANGE else best for n in names}
        cost = {n: cost[came[n]] + (0 if came[n] == n else CHANGE) - math.log(max(h.get(n, 0.0), FLOOR)) for n in names}
        steps.append(came)
    now = min(names, key=lambda n: cost[n])
    out = []
    for came in reversed(steps):
        out.append(now)
        now = came[now]
    return out[::-1]


def runs(stretches: list[tuple[int, int]], spoken: list[str], length: int) -> list[tuple[int, int, str]]:
    """The whole sound, cut in the middle of the pauses in which the language changes."""
    out: list[tuple[int, int, str]] = []
    start = 0
    for n, language in enumerate(spoken):
        if n + 1 < len(spoken) and spoken[n + 1] == language:
            continue
        end = length if n + 1 == len(spoken) else (stretches[n][1] + stretches[n + 1][0]) // 2
        out.append((start, end, language))
        start = end
    return out
