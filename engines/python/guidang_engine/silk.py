"""Decodes voice notes of WeChat and QQ (Silk, Skype's codec) into 16 kHz mono wave.

Guidang starts this as a process of its own for one recording, takes everything
from it but reading, and hands it the recording under descriptor 3.
"""
from __future__ import annotations

import io
import itertools
import os
import struct
import sys

RATE = 16000
FRAME = RATE // 50  # samples of a packet: all such programs write 20 ms
MAGIC = b"#!SILK_V3"
MOST = 1250  # bytes of a packet, by the encoder's own buffer


def packets(file):
    """The packets of a recording, each with its length before it.

    QUIRK: no standard has the file (draft-vos-silk-01 describes packets only). WeChat
    puts a byte 2 before the signature and leaves the end mark out; recordings that
    were cut off end within a packet.
    """
    head = file.read(len(MAGIC))
    if head[:1] == b"\x02":
        head = head[1:] + file.read(1)
    if head != MAGIC:
        return
    while len(size := file.read(2)) == 2:
        (length,) = struct.unpack("<H", size)
        if length > MOST:  # 0xffff is the end mark; anything else is no packet
            return
        packet = file.read(length)
        if len(packet) < length:
            return
        if length:
            yield size + packet


class Recording(io.RawIOBase):
    """A descriptor, read from its beginning: others may read by the same one, and move its place."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._at = descriptor, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        got = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)


class Source(io.RawIOBase):
    """What the decoder reads: the signature, then packets, one after the other."""

    def __init__(self, packets) -> None:
        self._packets = packets
        self.begin()

    def begin(self) -> None:
        self._rest = MAGIC

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._packets, b"")
        out, self._rest = self._rest[:size], self._rest[size:]
        return out

    def write(self, _) -> int:  # the decoder asks whether it is there, and never calls it
        raise io.UnsupportedOperation


def convert(file, out, decode, error) -> None:
    found = packets(file)
    first = next(found, None)
    if first is None:
        return  # no header either: there is no sound in it
    out.write(b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16) + b"data\xff\xff\xff\xff")
    source = Source(itertools.chain([first], found))
    while True:
        try:
            return decode(source, out, RATE)
        except error:  # a damaged packet costs itself: the decoder begins anew behind it
            out.write(bytes(2 * FRAME))
            source.begin()


def main() -> None:
    from pysilk import SilkError, decode

    convert(io.BufferedReader(Recording(3)), sys.stdout.buffer, decode, SilkError)
    sys.stdout.buffer.flush()
