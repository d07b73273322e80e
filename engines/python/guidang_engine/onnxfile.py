"""Writes ONNX models, without the package that does: a model is a protobuf message
of a few kinds of fields (onnx.proto3, IR version 8, operators of version 17)."""
from __future__ import annotations

import numpy as np

FLOAT, INT64 = 1, 7


def _varint(n: int) -> bytes:
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out + bytes([n]))


def _int(field: int, n: int) -> bytes:
    return _varint(field << 3) + _varint(n)


def _bytes(field: int, data: bytes | str) -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(data)) + data


class Graph:
    """A graph that grows node by node. Names of values are made here."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: dict[str, bytes] = {}

    def node(self, kind: str, *inputs: str, **attributes) -> str:
        out = f"v{len(self._nodes)}"
        message = b"".join(_bytes(1, i) for i in inputs) + _bytes(2, out) + _bytes(3, out) + _bytes(4, kind)
        for name, value in attributes.items():
            if isinstance(value, int):
                body = _int(3, value) + _int(20, 2)
            else:
                body = b"".join(_int(8, v) for v in value) + _int(20, 7)
            message += _bytes(5, _bytes(1, name) + body)
        self._nodes.append(message)
        return out

    def constant(self, name: str, value) -> str:
        value = np.asarray(value)
        kind = INT64 if value.dtype.kind == "i" else FLOAT
        data = value.astype("<i8" if kind == INT64 else "<f4").tobytes()
        self._constants[name] = b"".join(_int(1, d) for d in value.shape) + _int(2, kind) + _bytes(8, name) + _bytes(9, data)
        return name

    def model(self, given: tuple[str, list], answer: tuple[str, list]) -> bytes:
        """The whole model. A dimension is a number, or a name where any number may stand."""
        graph = b"".join(_bytes(1, n) for n in self._nodes) + _bytes(2, "g")
        graph += b"".join(_bytes(5, c) for c in self._constants.values())
        graph += _bytes(11, _value(*given)) + _bytes(12, _value(*answer))
        return _int(1, 8) + _bytes(2, "guidang") + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _int(2, 17))


def _value(name: str, shape: list) -> bytes:
    dims = b"".join(_bytes(1, _int(1, d) if isinstance(d, int) else _bytes(2, d)) for d in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _int(1, FLOAT) + _bytes(2, dims)))
