"""Where files of the archive go, and what makes them the same on every run."""
import os
import re
import zipfile
from pathlib import Path

ARCHIVE = Path(__file__).resolve().parent.parent / "archive"

# Go's module zips and go:embed refuse other characters in a file's name
# (golang.org/x/mod/module, CheckFilePath); one bad name here would make the
# whole module impossible to download.
PLAIN = set("!#$%&()+,-.=@[]^_{}~ ")
RESERVED = {"con", "prn", "aux", "nul"}


def check(name):
    for part in name.split("/"):
        bad = [c for c in part if not (c in PLAIN or c.isalpha() or c in "0123456789")]
        if bad or part.endswith(".") or part.split(".")[0].lower() in RESERVED:
            raise ValueError(f"{name}: not a name that every checkout can hold: {bad}")


def put(name, data):
    """Writes one file of the archive, and gives its bytes back."""
    check(name)
    path = ARCHIVE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, str):
        data = data.encode("utf-8")
    path.write_bytes(data)
    return data


def get(name):
    return (ARCHIVE / name).read_bytes()


def settle(data, when):
    """An Office file again, with one fixed time in its zip and its properties:
    openpyxl, python-docx and python-pptx write the clock's time into both."""
    import io
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as src, zipfile.ZipFile(out, "w") as dst:
        for info in src.infolist():
            body = src.read(info)
            if info.filename == "docProps/core.xml":
                body = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, body)
            fixed = zipfile.ZipInfo(info.filename, when.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            dst.writestr(fixed, body, compresslevel=9)
    return out.getvalue()


class Dice:
    """Numbers that look random and are the same on every run. Python's own
    generator is fixed too, but its choice() changed between versions."""

    def __init__(self, seed):
        self.n = seed * 2654435761 % 2**32 or 1

    def next(self, below):
        self.n ^= self.n << 13 & 0xFFFFFFFF
        self.n ^= self.n >> 17
        self.n ^= self.n << 5 & 0xFFFFFFFF
        return self.n % below

    def pick(self, seq):
        return seq[self.next(len(seq))]

    def bytes(self, n):
        return bytes(self.next(256) for _ in range(n))


def font():
    """Noto Sans SC, a TrueType file; see README.md for where to get it."""
    path = os.environ.get("SAMPLES_FONT", "NotoSansSC_400Regular.ttf")
    if not os.path.exists(path):
        raise SystemExit(f"font {path} is missing; set SAMPLES_FONT (see samples/README.md)")
    return path
