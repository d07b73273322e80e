"""Takes from the server what it does not need: sounds come from strangers.

Landlock (Linux 5.13 and later) by its three calls: reading is left, but for the
data directory's neighbours nothing can be written outside the scratch folder, and
no program can be started. Where the kernel has it, no connection can be made
either. What is missing is done without and told.
"""
from __future__ import annotations

import ctypes
import os
import platform
import sys

CREATE, ADD, RESTRICT = 444, 445, 446  # the same numbers on all architectures
SET_NO_NEW_PRIVS = 38

EXECUTE, WRITE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
ALL_V1 = (1 << 13) - 1
REFER, TRUNCATE, IOCTL = 1 << 13, 1 << 14, 1 << 15
BIND_TCP, CONNECT_TCP = 1 << 0, 1 << 1


def confine(readable: list[str], scratch: str) -> list[str]:
    if sys.platform != "linux":
        return []
    out = []
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        out.append("no-new-privs")
    try:
        version = _landlock(libc, readable, scratch)
    except OSError:
        return out
    return out + [f"landlock {version}"]


def _landlock(libc, readable: list[str], scratch: str) -> int:
    version = _call(libc, CREATE, None, 0, 1)
    files = ALL_V1
    for least, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL)):
        if version >= least:
            files |= right
    network = CONNECT_TCP if version >= 4 else 0
    rules = (ctypes.c_uint64 * 2)(files, network)
    ruleset = _call(libc, CREATE, ctypes.byref(rules), 16 if version >= 4 else 8, 0)
    try:
        read = READ_FILE | READ_DIR
        # Packages load their libraries late: wherever Python looks for them stays
        # readable, and what the system's loader and libraries read of /proc and /sys.
        folders = {sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}
        folders |= {p for p in sys.path if p} | set(readable)
        folders |= {"/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/proc", "/sys", "/dev/urandom", "/dev/null"}
        for folder in folders:
            _allow(libc, ruleset, folder, read)
        if scratch:
            _allow(libc, ruleset, scratch, files & ~EXECUTE)
        _call(libc, RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def _allow(libc, ruleset: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            access &= READ_FILE | WRITE | EXECUTE
        rule = _Beneath(access, fd)
        _call(libc, ADD, ruleset, 1, ctypes.byref(rule), 0)
    finally:
        os.close(fd)


def _call(libc, number: int, *args) -> int:
    if platform.machine() not in ("x86_64", "aarch64", "riscv64"):
        raise OSError("another architecture")
    got = libc.syscall(number, *args)
    if got < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return got
