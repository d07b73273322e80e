"""What is left of the years before 2010: a workbook of Excel 5 and RTF in code page
936, written here byte by byte, and a Word and a PowerPoint file of the binary
formats, which LibreOffice makes of ours. It writes the clock's time into them, so
they are made only where they are missing, and only where LibreOffice is."""
import io
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from papers import day, word
from tree import ARCHIVE, put

OLD = "历史资料/2008/"


def compound(name, stream):
    """A compound file ([MS-CFB]) of one stream, which is at least 4,096 bytes long."""
    stream += bytes(-len(stream) % 512)
    n = len(stream) // 512

    def entry(name, kind, child, start, size):
        raw = name.encode("utf-16-le")
        return (raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2 if raw else 0, kind, 1)
                + struct.pack("<3i", -1, -1, child) + bytes(36) + struct.pack("<III", start, size, 0))

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, -1, 0, len(stream)) + entry("", 0, -1, 0, 0) * 2
    fat = [*range(1, n), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]
    assert len(fat) <= 128
    head = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
            + struct.pack("<5I", 1, n, 0, 4096, 0xFFFFFFFE) + struct.pack("<3I", 0, 0xFFFFFFFE, 0) + struct.pack("<I", n + 1))
    return head.ljust(512, b"\xff") + stream + directory + struct.pack("<128I", *(fat + [0xFFFFFFFF] * (128 - len(fat))))


def biff5(title, rows):
    """A workbook of Excel 5 (BIFF5): text of one byte in the code page it names."""
    def rec(kind, body):
        return struct.pack("<HH", kind, len(body)) + body

    name = title.encode("gbk")
    head = rec(0x809, struct.pack("<4H", 0x500, 5, 0x1001, 1996)) + rec(0x42, struct.pack("<H", 936))
    font = "宋体".encode("gbk")
    head += rec(0x31, struct.pack("<5H4B", 220, 0, 0x7FFF, 400, 0, 0, 0, 134, 0) + bytes([len(font)]) + font) * 4
    head += rec(0xE0, struct.pack("<8H", 0, 0, 0xFFF5, 0x20, 0x20C0, 0, 0, 0)) * 15 + rec(0xE0, struct.pack("<8H", 0, 0, 1, 0x20, 0x20C0, 0, 0, 0))
    sheet = rec(0x809, struct.pack("<4H", 0x500, 0x10, 0x1001, 1996)) + rec(0x200, struct.pack("<5H", 0, len(rows), 0, len(rows[0]), 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                raw = value.encode("gbk")
                sheet += rec(0x204, struct.pack("<4H", y, x, 15, len(raw)) + raw)
            else:
                sheet += rec(0x203, struct.pack("<3Hd", y, x, 15, value))
    sheet += rec(0x0A, b"")
    place = len(head) + 4 + 7 + len(name) + 4
    stream = head + rec(0x85, struct.pack("<IHB", place, 0, len(name)) + name) + rec(0x0A, b"") + sheet
    return compound("Book", stream.ljust(4096, b"\0"))


def rtf(title, author, paragraphs):
    def text(s):
        return "".join(c if c < "\x80" else "".join(f"\\'{b:02x}" for b in c.encode("gbk")) for c in s)

    body = "\\par\n".join(text(p) for p in paragraphs)
    return (f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0\\fnil\\fcharset134 {text('宋体')};}}}}"
            f"{{\\info{{\\title {text(title)}}}{{\\author {text(author)}}}{{\\creatim\\yr2008\\mo6\\dy12\\hr16\\min30}}}}\n\\f0\\fs21 {body}\\par}}").encode("ascii")


def deck():
    import pptx
    from pptx.util import Cm
    d = pptx.Presentation()
    p = d.core_properties
    p.title, p.author, p.last_modified_by, p.comments, p.keywords = "档案管理系统项目启动会", "陈立群", "陈立群", "", ""
    p.created = p.modified = day("2008-03-20")
    # Only the layouts that are used: LibreOffice writes a master for each.
    used = {0, 1, 5}
    for layout in [l for i, l in enumerate(d.slide_layouts) if i not in used]:
        d.slide_layouts.remove(layout)
    s = d.slides.add_slide(d.slide_layouts[0])
    s.shapes.title.text, s.placeholders[1].text = "档案管理系统项目启动会", "远航软件  2008 年 3 月"
    s = d.slides.add_slide(d.slide_layouts[1])
    s.shapes.title.text = "项目目标"
    s.placeholders[1].text = "十五万卷纸质档案三年内完成著录\n借阅登记由三天缩短到半天\n服务器放在档案馆机房，不接互联网"
    s.notes_slide.notes_text_frame.text = "馆长关心的是借阅时间，先讲第二条。"
    s = d.slides.add_slide(d.slide_layouts[2])
    s.shapes.title.text = "里程碑"
    rows = [["阶段", "完成日期"], ["需求确认", "2008-04-15"], ["试运行", "2008-09-01"], ["验收", "2008-11-28"]]
    t = s.shapes.add_table(4, 2, Cm(3), Cm(5), Cm(18), Cm(6)).table
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            t.cell(y, x).text = value
    out = io.BytesIO()
    d.save(out)
    return out.getvalue()


def binary(name, ours, form):
    """A file of the old binary format, made of one of ours by LibreOffice."""
    office = shutil.which("soffice")
    if (ARCHIVE / name).exists() or not office:
        return
    with tempfile.TemporaryDirectory() as d:
        source = Path(d) / ("a." + form + "x")
        source.write_bytes(ours)
        subprocess.run([office, f"-env:UserInstallation=file://{d}/user", "--headless", "--convert-to", form, "--outdir", d, source], check=True, timeout=300)
        put(name, (Path(d) / ("a." + form)).read_bytes())


def make():
    put(OLD + "客户联系表2008.xls", biff5("客户联系表", [
        ["客户名称", "联系人", "电话", "合同金额（元）", "备注"],
        ["清河区档案馆", "郭守义", "010-5550-0808", 186000.0, "档案管理系统，分两期付款"],
        ["安澜物流（原安澜运输）", "孙国强", "010-5550-0817", 42000.0, "车辆台账，已停用"],
        ["华信制造", "张建国", "010-5550-0821", 65000.0, "仓库进出登记，2023 年由新系统代替"],
        ["永顺机械厂", "许玉梅", "010-5550-0833", 28500.0, "尾款 5,700 元未收"]]))
    put(OLD + "验收会议纪要_20081128.rtf", rtf("档案管理系统验收会议纪要", "陈立群", [
        "档案管理系统验收会议纪要", "时间：2008 年 11 月 28 日    地点：清河区档案馆二楼会议室", "参加人：郭守义（档案馆）、陈立群、周敏（远航软件）",
        "一、著录、检索、借阅三个模块全部通过测试，同意验收。", "二、扫描仪驱动在两台电脑上不稳定，远航软件于 12 月 10 日前解决。", "三、尾款 55,800 元在问题解决后十个工作日内支付。"]))
    binary(OLD + "档案管理系统开发合同_2008.doc", word("档案管理系统开发合同", "陈立群", "2008-03-18", [
        "甲方：清河区档案馆    乙方：远航软件有限公司", "# 第一条 项目内容", "乙方为甲方开发档案管理系统，包括著录、检索、借阅登记和统计。",
        "# 第二条 金额与付款", "合同总金额为 186,000 元。", [["期次", "条件", "金额（元）"], ["第一期", "合同签订", "55,800"], ["第二期", "试运行", "74,400"], ["第三期", "验收合格", "55,800"]],
        "# 第三条 质保", "质保期为验收合格之日起十二个月。"],
        comments=[("合同总金额", "周敏", "馆里的预算是 19 万，不用再降。")], tracked=[("陈立群", "质保期内每季度巡检一次。", "质保期内每月巡检一次。")], header="QH-2008-003"), "doc")
    binary(OLD + "项目启动会_20080320.ppt", deck(), "ppt")


if __name__ == "__main__":
    make()
