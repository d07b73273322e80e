"""Reads the body of a request: multipart/form-data (RFC 7578), also chunked.

The standard library lost its reader of forms (cgi) in Python 3.13, and the one
for mail would hold a sound of 20 MB several times. Bodies come from Guidang over
the loopback and are bounded before they are read.
"""
from __future__ import annotations

import re

MAX_BODY = 256 << 20
MAX_LINE = 1 << 10
MAX_PARTS = 64


class BadForm(ValueError):
    """The request cannot be understood; the text says why."""


class TooLarge(BadForm):
    """The body is larger than MAX_BODY."""


def read_body(stream, headers) -> bytes:
    """The body, by its length or by its chunks (RFC 9112, 7.1)."""
    if "chunked" in headers.get("Transfer-Encoding", "").lower():
        return _read_chunks(stream)
    text = headers.get("Content-Length", "")
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise BadForm("the request has no Content-Length")
    length = int(text)
    if length > MAX_BODY:
        raise TooLarge(f"the body is larger than {MAX_BODY} bytes")
    body = stream.read(length)
    if len(body) != length:
        raise BadForm("the body is cut off")
    return body


def _read_chunks(stream) -> bytes:
    out = bytearray()
    while True:
        line = stream.readline(MAX_LINE)
        match = re.match(rb"([0-9A-Fa-f]{1,8})(?:[;\r\n \t]|$)", line)
        if not match or not line.endswith(b"\n"):
            raise BadForm("a chunk has no length")
        size = int(match.group(1), 16)
        if size == 0:
            break
        if len(out) + size > MAX_BODY:
            raise TooLarge(f"the body is larger than {MAX_BODY} bytes")
        chunk = stream.read(size)
        if len(chunk) != size:
            raise BadForm("the body is cut off")
        out += chunk
        stream.readline(MAX_LINE)
    for _ in range(MAX_PARTS):  # trailers
        if stream.readline(MAX_LINE) in (b"\r\n", b"\n", b""):
            break
    return bytes(out)


class Form:
    """The fields of a form by name, each as often as it came, and its file."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self.file: memoryview | None = None

    def get(self, name: str, default: str = "") -> str:
        return self.fields.get(name, [default])[-1]

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def yes(self, name: str) -> bool:
        return self.get(name).strip().lower() in ("1", "true", "yes", "on")


def parse_form(body: bytes, content_type: str) -> Form:
    """The parts of a multipart body. The file is a view of the body, not a copy."""
    kind, _, rest = content_type.partition(";")
    if kind.strip().lower() != "multipart/form-data":
        raise BadForm("the request is not multipart/form-data")
    boundary = _parameter(rest, "boundary")
    if not 1 <= len(boundary) <= 200:
        raise BadForm("the form has no boundary")
    mark = b"--" + boundary.encode("latin-1", "replace")
    view, form = memoryview(body), Form()
    at = body.find(mark)
    if at < 0:
        raise BadForm("the form has no part")
    for _ in range(MAX_PARTS):
        at += len(mark)
        if body[at : at + 2] == b"--":
            return form
        head_at = body.find(b"\n", at, at + MAX_LINE) + 1
        end = body.find(b"\r\n" + mark, head_at)
        blank = body.find(b"\r\n\r\n", max(head_at - 2, 0), head_at + 16 * MAX_LINE)
        if head_at == 0 or end < 0 or blank < 0 or blank > end:
            raise BadForm("a part of the form is cut off")
        _add(form, body[head_at:blank].decode("utf-8", "replace"), view[blank + 4 : end])
        at = end + 2
    raise BadForm(f"the form has more than {MAX_PARTS} parts")


def _add(form: Form, head: str, value: memoryview) -> None:
    for line in head.split("\r\n"):
        name, _, rest = line.partition(":")
        if name.strip().lower() != "content-disposition":
            continue
        field = _parameter(rest, "name")
        if field == "file":
            form.file = value
        elif len(value) <= 64 << 10:
            form.fields.setdefault(field, []).append(bytes(value).decode("utf-8", "replace"))
        else:
            raise BadForm("a field of the form is too long")


def _parameter(text: str, name: str) -> str:
    match = re.search(r"(?:^|;)\s*" + name + r'\s*=\s*(?:"([^"]*)"|([^;\s]+))', text, re.IGNORECASE)
    return (match.group(1) or match.group(2) or "") if match else ""
