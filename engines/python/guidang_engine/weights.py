"""Takes the weights of a PyTorch checkpoint out of it, without PyTorch.

A checkpoint is a zip with a pickle and the raw little-endian numbers of each
tensor. Pickles can run anything, so only the four names that a dictionary of
tensors needs are let through.
"""
from __future__ import annotations

import collections
import io
import pickle
import zipfile

import numpy as np

TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
MAX_TENSOR = 64 << 20


class Refused(pickle.UnpicklingError):
    """The pickle wants something that no dictionary of tensors needs."""


class _Storage:
    def __init__(self, name: str) -> None:
        self.dtype = TYPES[name]


def _tensor(storage, offset, shape, stride, *_):
    dense = 1
    for n, s in zip(reversed(shape), reversed(stride)):
        if n > 1 and s != dense:
            raise Refused("a tensor is not dense")
        dense *= n
    if offset < 0 or offset + dense > storage.size:
        raise Refused("a tensor is larger than its numbers")
    return storage[offset : offset + dense].reshape(shape)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: zipfile.ZipFile, root: str) -> None:
        super().__init__(io.BytesIO(file.read(root + "data.pkl")))
        self._file, self._root = file, root

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in TYPES:
            return _Storage(name)
        raise Refused(f"the checkpoint wants {module}.{name}")

    def persistent_load(self, pid):
        kind, storage, key, _, count = pid
        if kind != "storage" or not isinstance(storage, _Storage) or not str(key).isdigit():
            raise Refused("the checkpoint refers to something else")
        info = self._file.getinfo(f"{self._root}data/{key}")
        if info.file_size > MAX_TENSOR or info.file_size < count * storage.dtype.itemsize:
            raise Refused("a tensor has not the size that it claims")
        return np.frombuffer(self._file.read(info), dtype=storage.dtype, count=count)


def read(path: str) -> dict:
    """The tensors of a checkpoint by name."""
    with zipfile.ZipFile(path) as file:
        roots = [n[: -len("data.pkl")] for n in file.namelist() if n.endswith("data.pkl")]
        if len(roots) != 1:
            raise Refused("this is no checkpoint")
        state = _Unpickler(file, roots[0]).load()
    if not isinstance(state, dict) or not all(isinstance(k, str) and isinstance(v, np.ndarray) for k, v in state.items()):
        raise Refused("the checkpoint is no dictionary of tensors")
    return dict(state)
