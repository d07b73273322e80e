"""Adds what Outlook, Thunderbird and a mail server leave behind: one thread that
lies in two mailboxes with copies of the same mails, a .msg, a winmail.dat and an
invitation. Needs nothing but Python: python exchange.py
"""
import base64
import struct
from datetime import datetime, timezone

from mailbox import Mail, disposition
from tree import put
from world import PEOPLE

OUT = "邮件导出/"


# The thread: 试运行 in December 2025. 周敏 keeps it in Thunderbird, 李文博's
# copies come from the server's Maildir.
THREAD = [
    Mail("run1", "2025-12-01 09:10", "zhang", "zhou", "试运行第一周的问题", """
周总：
试运行第一周收集到 7 个问题，最急的是批量导出超过 5 万行时超时，财务对账每天差几分钱。
请本周五（12 月 5 日）前给出修复计划。
张建国""", cs="gb2312", cc="li", te="8bit", raw=True),
    Mail("run2", "2025-12-01 15:42", "li", "zhang", "答复: 试运行第一周的问题", """
张主任：
批量导出改为后台任务，12 月 4 日晚上升级；对账差异是四舍五入的规则不同，请财务确认按分位四舍五入。
李文博

-----原始邮件-----
发件人: 张建国
发送时间: 2025年12月1日 9:10
收件人: 周敏
主题: 试运行第一周的问题

试运行第一周收集到 7 个问题，最急的是批量导出超过 5 万行时超时，财务对账每天差几分钱。
""", cs="gbk", cc="zhou", re="run1", agent="Microsoft Outlook 16.0"),
    Mail("run3", "2025-12-02 10:05", "zhou", "li", "转发: 答复: 试运行第一周的问题", """
文博，升级前先在测试环境跑 10 万行，结果发我和张主任。
周敏

在 2025年12月1日，李文博 写道：
> 批量导出改为后台任务，12 月 4 日晚上升级。
""", cs="utf-8", te="qp", cc="zhang", re="run2", agent="Thunderbird 115"),
    Mail("run4", "2025-12-04 22:31", "li", "zhou zhang", "Re: 试运行第一周的问题", """
升级完成。10 万行导出用时 42 秒，后台运行不影响录单。对账差异请财务明早复核。
李文博
发自我的 iPhone""", cs="utf-8", re="run3", agent="iPhone Mail"),
]
BY_ID = {m.id: m for m in THREAD}

TRACE = """Return-Path: <{frm}>
Received: from mx1.huaxin.example (mx1.huaxin.example [192.0.2.10])
	by mail.yuanhang.example with ESMTPS id {id}
	for <{to}>; {when}
"""


def delivered(m, to):
    return TRACE.format(frm=PEOPLE[m.frm][1], id=m.id.upper(), to=PEOPLE[to][1], when=m.when.strftime("%a, %d %b %Y %H:%M:%S %z")).encode() + m.bytes(BY_ID)


def thunderbird(mails):
    """What a Thunderbird profile holds: `From - ` lines and its own status fields."""
    out = b""
    for m, status in mails:
        at = m.when.astimezone(timezone.utc)
        out += f"From - {at.strftime('%a %b %e %H:%M:%S %Y')}\nX-Mozilla-Status: {status}\nX-Mozilla-Status2: 00000000\n".encode()
        out += delivered(m, "zhou").rstrip(b"\n") + b"\n\n"
    return out


INVITE = """BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:China Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:uat-20251212@yuanhang.example
SEQUENCE:0
DTSTAMP:20251205T020000Z
DTSTART;TZID=China Standard Time:20251212T140000
DTEND;TZID=China Standard Time:20251212T160000
SUMMARY:订单管理系统终验准备会
LOCATION:华信制造 3 号楼 201
ORGANIZER;CN=周敏:mailto:{zhou}
ATTENDEE;CN=张建国;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{zhang}
ATTENDEE;CN=李文博;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:{li}
DESCRIPTION:议题：遗留问题、验收报告、第三期付款。
END:VEVENT
END:VCALENDAR
"""


def invitation():
    """iMIP (RFC 6047): the invitation is one form of the mail's text."""
    calendar = INVITE.format(**{k: PEOPLE[k][1] for k in ("zhou", "zhang", "li")}).replace("\n", "\r\n")
    m = Mail("invite", "2025-12-05 10:00", "zhou", "zhang li", "订单管理系统终验准备会", "请各位参加终验准备会，12 月 12 日 14:00，华信制造 3 号楼 201。\n", cs="utf-8", agent="Microsoft Outlook 16.0")
    data = m.bytes({})
    at = data.index(b"Content-Type: text/plain")
    mark = "=_invite"
    form = b'Content-Type: text/calendar; charset="utf-8"; method=REQUEST\nContent-Transfer-Encoding: base64\n\n' + base64.encodebytes(calendar.encode())
    return (data[:at] + Mail.multi("alternative", mark, [data[at:], form])).replace(b"\n", b"\r\n")


def tnef(subject, body, name, data):
    """MS-OXTNEF: signature, key, attributes with their sums of bytes."""
    def attribute(level, ident, value):
        return struct.pack("<BII", level, ident, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    gbk = lambda s: s.encode("gbk") + b"\0"
    return (struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000)) + attribute(1, 0x00069007, struct.pack("<II", 936, 0))
            + attribute(1, 0x00078008, b"IPM.Microsoft Mail.Note\0") + attribute(1, 0x00018004, gbk(subject)) + attribute(1, 0x0002800C, gbk(body))
            + attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0)) + attribute(2, 0x00018010, gbk(name)) + attribute(2, 0x0006800F, data))


def winmail():
    m = Mail("tnef1", "2025-12-08 11:20", "zhou", "zhang", "验收报告初稿", "（本邮件由 Outlook 以 RTF 格式发送）\n", cs="gb2312", cc="li", agent="Microsoft Outlook 15.0")
    report = "订单管理系统验收报告（初稿）\r\n一、试运行 11 月 24 日至 12 月 8 日。\r\n二、遗留问题 2 个，最迟 12 月 15 日前关闭。\r\n".encode("gbk")
    inner = tnef("验收报告初稿", "张主任：\r\n验收报告初稿见附件，请 12 月 10 日前反馈。\r\n周敏", "验收报告_初稿.txt", report)
    data = m.bytes({})
    at = data.index(b"Content-Type: text/plain")
    part = b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64\nContent-Disposition: ' + disposition("winmail.dat", "utf-8") + b"\n\n" + base64.encodebytes(inner)
    return (data[:at] + Mail.multi("mixed", "=_tnef", [data[at:], part])).replace(b"\n", b"\r\n")


def compound(root):
    """MS-CFB version 3. root: name to bytes, or to such a dict (a storage). Small
    streams only: all lie in the mini stream."""
    nodes = []  # name, type, start, size, left, right, child

    def add(name, value):
        at = len(nodes)
        nodes.append([name, 1 if isinstance(value, dict) else 2, 0, 0, -1, -1, -1, value])
        if isinstance(value, dict):
            nodes[at][6] = tree([add(n, v) for n, v in value.items()])
        return at

    def tree(ids):  # a balanced tree in the order of MS-CFB 2.6.4
        ids = sorted(ids, key=lambda i: (len(nodes[i][0].encode("utf-16le")), nodes[i][0].upper()))

        def build(part):
            if not part:
                return -1
            mid = len(part) // 2
            nodes[part[mid]][4], nodes[part[mid]][5] = build(part[:mid]), build(part[mid + 1:])
            return part[mid]
        return build(ids)

    add("Root Entry", root)
    nodes[0][1] = 5
    mini, minifat = b"", []
    for n in nodes:
        if n[1] != 2 or not n[7]:
            n[2] = 0 if n[1] != 2 else 0xFFFFFFFE
            continue
        assert len(n[7]) < 4096
        count = -(-len(n[7]) // 64)
        n[2], n[3] = len(minifat), len(n[7])
        minifat += [len(minifat) + i + 1 for i in range(count - 1)] + [0xFFFFFFFE]
        mini += n[7].ljust(count * 64, b"\0")
    sectors, fat = [], []

    def chain(data):
        start = len(sectors)
        count = max(-(-len(data) // 512), 1)
        for i in range(count):
            sectors.append(data[i * 512:(i + 1) * 512].ljust(512, b"\0"))
            fat.append(start + i + 1 if i < count - 1 else 0xFFFFFFFE)
        return start, count

    nodes[0][2], nodes[0][3] = chain(mini)[0], len(mini)
    minifat += [0xFFFFFFFF] * (-len(minifat) % 128)
    minifat_at, minifat_n = chain(struct.pack(f"<{len(minifat)}I", *minifat))
    directory = b""
    for name, kind, start, size, left, right, child, _ in nodes:
        raw = name.encode("utf-16le") + b"\0\0"
        directory += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, left & 0xFFFFFFFF, right & 0xFFFFFFFF, child & 0xFFFFFFFF)
        directory += b"\0" * 36 + struct.pack("<IQ", start, size)
    directory_at, _ = chain(directory.ljust(-(-len(directory) // 512) * 512, b"\0"))
    fat_at = len(sectors)
    fat.append(0xFFFFFFFD)
    assert len(fat) <= 128
    sectors.append(struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory_at, 0, 4096, minifat_at, minifat_n, 0xFFFFFFFE, 0, fat_at)
    return head.ljust(512, b"\xff") + b"".join(sectors)


def msg():
    """MS-OXMSG: one answer of the thread as somebody saved it out of Outlook."""
    m = Mail("run5", "2025-12-05 09:15", "zhang", "li", "答复: 试运行第一周的问题", "文博：\r\n财务复核了，今天起一分不差。请把升级说明发给信息部存档。\r\n张建国\r\n", re="run4")
    up = THREAD[-1].message_id()

    def storage(texts, numbers, head):
        out, rows = {}, b""
        for tag, value in numbers.items():
            kind = 0x40 if isinstance(value, datetime) else 3
            if kind == 0x40:
                value = int((value - datetime(1601, 1, 1, tzinfo=timezone.utc)).total_seconds()) * 10_000_000
            rows += struct.pack("<HHIQ", kind, tag, 6, value)
        for tag, text in texts.items():
            raw = text.encode("utf-16le")
            out[f"__substg1.0_{tag:04X}001F"] = raw
            rows += struct.pack("<HHIII", 0x1F, tag, 6, len(raw) + 2, 0)
        return {**out, "__properties_version1.0": b"\0" * head + rows}

    zhang, li = PEOPLE["zhang"], PEOPLE["li"]
    root = storage({0x001A: "IPM.Note", 0x0037: m.subject, 0x1000: m.body, 0x0C1A: zhang[0], 0x5D01: zhang[1], 0x0E04: li[0], 0x1035: m.message_id(), 0x1042: up,
                    0x1039: " ".join(x.message_id() for x in THREAD)}, {0x0039: m.when, 0x0E06: m.when, 0x3FFD: 936}, 32)
    root["__properties_version1.0"] = struct.pack("<8xIIII8x", 1, 0, 1, 0) + root["__properties_version1.0"][32:]
    root["__nameid_version1.0"] = {"__substg1.0_00020102": b"\0" * 16, "__substg1.0_00030102": b"", "__substg1.0_00040102": b""}
    root["__recip_version1.0_#00000000"] = storage({0x3001: li[0], 0x39FE: li[1], 0x3003: li[1]}, {0x0C15: 1}, 8)
    return compound(root)


def make():
    put(OUT + "周敏_Thunderbird/Mail/mail.yuanhang.example/Inbox.sbd/华信制造", thunderbird([(THREAD[0], "0001"), (THREAD[1], "1003"), (THREAD[3], "0001")]))
    put(OUT + "周敏_Thunderbird/Mail/mail.yuanhang.example/Inbox.sbd/华信制造.msf", b"// <!-- <mdb:mork:z v=\"1.4\"/> -->\n")
    for n, (m, flags) in enumerate([(THREAD[0], "RS"), (THREAD[1], "S"), (THREAD[2], "FS"), (THREAD[3], "")]):
        at = int(m.when.timestamp())
        put(OUT + f"李文博_Maildir/.&U05P4VI2kCA-/cur/{at}.M{n}P7.mail!2,{flags}", delivered(m, "li"))
    put(OUT + "重要邮件/20251205 答复 试运行第一周的问题.msg", msg())
    put(OUT + "重要邮件/20251205 订单管理系统终验准备会.eml", invitation())
    put(OUT + "重要邮件/20251208 验收报告初稿.eml", winmail())


if __name__ == "__main__":
    make()
