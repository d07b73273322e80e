"""Builds mails by hand, byte by byte: no library writes the headers and names
that the mail programs of these years wrote."""
import base64
import hashlib
import quopri
from datetime import datetime, timedelta, timezone

from tree import get
from world import PEOPLE

TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "xls": "application/vnd.ms-excel", "pdf": "application/pdf", "zip": "application/zip", "png": "image/png", "txt": "text/plain"}
CODEC = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "big5": "big5", "us-ascii": "ascii"}


def word(text, charset, q=False):
    """Encoded words (RFC 2047), each at most 75 characters and never cut within a
    character; gb2312 is what Outlook and Foxmail wrote whatever the text held."""
    if all(c < "\x7f" for c in text):
        return text.encode()
    out, part = [], ""

    def one(s):
        raw = s.encode(CODEC[charset])
        if q:
            body = "".join(chr(b) if chr(b).isalnum() and b < 128 else f"={b:02X}" for b in raw)
            return f"=?{charset}?Q?{body}?="
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="

    for c in text:
        if part and len(one(part + c)) > 75:
            out.append(one(part))
            part = ""
        part += c
    return "\n ".join([*out, one(part)]).encode()


TRADITIONAL = {"韩磊": "韓磊", "高颖": "高穎"}  # Big5 holds no simplified characters


def person(key, charset, raw):
    name, addr = PEOPLE[key][:2]
    if charset == "big5":
        name = TRADITIONAL.get(name, name)
    if name.isascii():
        return f"{name} <{addr}>".encode()
    if raw:
        return f'"{name}" <{addr}>'.encode(CODEC[charset])
    return word(name, charset) + f" <{addr}>".encode()


def disposition(name, style):
    """The header of an attachment's name, as four kinds of programs write it."""
    if style == "2231":  # RFC 2231 with a Chinese charset
        value = "".join(f"%{b:02X}" for b in name.encode("gbk"))
        return b"attachment;\n filename*=gb2312''" + value.encode()
    if style == "2231split":  # RFC 2231, UTF-8, in numbered parts
        raw = "".join(f"%{b:02X}" for b in name.encode())
        cuts = [raw[i:i + 60] for i in range(0, len(raw), 60)]
        return b"attachment;" + b";".join(f"\n filename*{i}*={'UTF-8%s%s' % (chr(39), chr(39)) if i == 0 else ''}{c}".encode() for i, c in enumerate(cuts))
    if style == "raw":  # 8-bit GBK in a quoted string
        return b'attachment; filename="' + name.encode("gbk") + b'"'
    return b'attachment;\n filename="' + word(name, style) + b'"'  # Outlook: encoded words inside quotes


class Mail:
    """One mail. cs: charset. te: base64, qp or 8bit. raw: 8-bit headers without
    encoded words. files: (path in the archive, name, style)."""

    def __init__(self, id, when, frm, to, subject, body, cs="gb2312", te="base64", raw=False, re=None, cc=(), files=(), html=None, zone=8, agent="Foxmail 7.2.25", q=False):
        self.id, self.frm, self.subject, self.body = id, frm, subject, body.strip("\n") + "\n"
        self.when = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=timezone(timedelta(hours=zone)))
        self.to, self.cc = to.split(), tuple(cc.split()) if isinstance(cc, str) else cc
        self.cs, self.te, self.raw, self.re, self.files, self.html, self.agent, self.q = cs, te, raw, re, files, html, agent, q

    def message_id(self):
        return f"<{self.when:%Y%m%d%H%M}.{self.id}@{PEOPLE[self.frm][1].split('@')[1]}>"

    def text(self, body, kind):
        data = body.encode(CODEC[self.cs])
        head = f"Content-Type: text/{kind}; charset={self.cs}\n".encode()
        if self.te == "base64":
            return head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
        if self.te == "qp":
            return head + b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(data) + b"\n"
        return head + b"Content-Transfer-Encoding: 8bit\n\n" + data

    def bytes(self, by_id):
        cs = self.cs if self.cs != "us-ascii" else "utf-8"
        subject = self.subject.encode(CODEC[cs]) if self.raw else word(self.subject, cs, self.q)
        head = [b"Date: " + self.when.strftime("%a, %d %b %Y %H:%M:%S %z").encode(), b"From: " + person(self.frm, cs, self.raw),
                b"To: " + b",\n ".join(person(k, cs, self.raw) for k in self.to)]
        if self.cc:
            head.append(b"Cc: " + b",\n ".join(person(k, cs, self.raw) for k in self.cc))
        head += [b"Subject: " + subject, b"Message-ID: " + self.message_id().encode()]
        chain, up = [], self.re
        while up:
            chain.insert(0, by_id[up].message_id())
            up = by_id[up].re
        if chain:
            head += [f"In-Reply-To: {chain[-1]}".encode(), b"References: " + "\n ".join(chain).encode()]
        head += [b"MIME-Version: 1.0", b"X-Mailer: " + self.agent.encode()]
        mark = "=_" + hashlib.sha256(self.id.encode()).hexdigest()[:24]
        body = self.text(self.body, "plain")
        if self.html:
            parts = [body, self.text(self.html, "html")]
            body = self.multi("alternative", mark + "_a", parts)
        if self.files:
            parts = [body]
            for path, name, style in self.files:
                kind = TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
                parts.append(f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\nContent-Disposition: ".encode() + disposition(name, style) + b"\n\n" + base64.encodebytes(get(path)))
            body = self.multi("mixed", mark, parts)
        return b"\n".join(head) + b"\n" + body

    @staticmethod
    def multi(kind, mark, parts):
        out = f'Content-Type: multipart/{kind};\n boundary="{mark}"\n\nThis is a multi-part message in MIME format.\n\n'.encode()
        for p in parts:
            out += f"--{mark}\n".encode() + p + b"\n"
        return out + f"--{mark}--\n".encode()


def mbox(mails, by_id):
    """mboxrd: a line of the body that begins with From gets one >."""
    out = b""
    for m in mails:
        at = m.when.astimezone(timezone.utc)
        out += f"From {PEOPLE[m.frm][1]} {at.strftime('%a %b %e %H:%M:%S %Y')}\n".encode()
        for line in m.bytes(by_id).split(b"\n"):
            out += (b">" if line.lstrip(b">").startswith(b"From ") else b"") + line + b"\n"
        out = out.rstrip(b"\n") + b"\n\n"
    return out


def eml(m, by_id):
    return m.bytes(by_id).replace(b"\n", b"\r\n")
