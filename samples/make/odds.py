"""What every old share also holds: scans, archives in archives, damaged, locked
and unsupported files, litter, duplicates, half downloads, source code."""
import gzip
import io
import json
import random
import struct
import tarfile
import zlib

import msoffcrypto.method.container.ecma376_encrypted as container
import msoffcrypto.method.ecma376_agile as agile
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from papers import book, morning, paper, pdf_time, word, zipped
from tree import Dice, font, get, put
from world import FIRM, H, HP, OMS, TMS, WMS

PASSWORD = "guidang"


def scan(lines, seed, stamp=""):
    """A page as an office scanner gives it: grey, a little askew, with specks."""
    page = Image.new("L", (1240, 1754), 250)
    draw, dice = ImageDraw.Draw(page), Dice(seed)
    y = 130
    for size, text in lines:
        draw.text((120, y), text, font=ImageFont.truetype(font(), size), fill=35)
        y += int(size * 1.75)
    if stamp:
        draw.ellipse((760, 1330, 1060, 1630), outline=120, width=7)
        draw.text((815, 1455), stamp, font=ImageFont.truetype(font(), 30), fill=120)
    page = page.rotate(0.6, fillcolor=250, resample=Image.BICUBIC)
    draw = ImageDraw.Draw(page)
    for _ in range(160):
        x, y = dice.next(1240), dice.next(1754)
        draw.point((x, y), 120)
    return page


def jpeg(image, quality=38):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def scanned_pdf(pages, title, when):
    pdf_time(when)
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=A4, invariant=1)
    c.setTitle(title)
    for p in pages:
        c.drawImage(ImageReader(io.BytesIO(jpeg(p))), 0, 0, *A4)
        c.showPage()
    c.save()
    return out.getvalue()


def locked_book(data):
    """Agile encryption with salts and times that are the same on every run."""
    rnd = random.Random(20250801)
    container.datetime2filetime = lambda _: 133974432000000000  # 2025-07-20
    agile._random_buffer = lambda n: bytes(rnd.getrandbits(8) for _ in range(n))
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(PASSWORD, out)
    return out.getvalue()


def tar_gz(members, when, encoding="utf-8"):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), morning(when)
            t.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


def source_tree():
    base = "Shared/code/order-widget/"
    put(base + "package.json", json.dumps({"name": "order-widget", "version": "0.3.1", "private": True, "description": "订单状态小组件", "main": "src/index.js", "dependencies": {"tiny-date": "1.0.2"}}, ensure_ascii=False, indent=2) + "\n")
    put(base + "README.md", "# order-widget\n\n订单状态小组件，华信订单管理系统（PROJ-20250801）首页使用。\n\n```\nnpm install\nnpm start\n```\n")
    put(base + "src/index.js", "import { label } from './status.js';\n\n// 显示订单状态，颜色与大屏一致\nexport function mount(node, order) {\n  node.textContent = `${order.no} ${label(order.status)}`;\n}\n")
    put(base + "src/status.js", "const LABELS = { 10: '草稿', 20: '待审批', 30: '已审批', 40: '已发货', 90: '已关闭' };\n\nexport const label = (code) => LABELS[code] ?? '未知';\n")
    put(base + "test/status.test.js", "import { label } from '../src/status.js';\n\nif (label(30) !== '已审批') throw new Error('label');\n")
    mod = base + "node_modules/tiny-date/"
    put(mod + "package.json", '{"name": "tiny-date", "version": "1.0.2", "main": "index.js"}\n')
    put(mod + "index.js", "module.exports = (d) => d.toISOString().slice(0, 10);\n")
    put(mod + "README.md", "# tiny-date\n\nDates, tiny.\n")


def make():
    # Scans and pictures.
    put(OMS + "01 合同/HT-2025-0725_签字页_扫描件.pdf", scanned_pdf([scan(
        [(46, "订单管理系统开发合同"), (30, "合同编号：HT-2025-0725"), (30, ""), (30, "甲方：华信制造股份有限公司"), (30, "乙方：远航软件有限公司"), (30, "合同金额：壹佰贰拾捌万元整（¥1,280,000.00）"),
         (30, "签订日期：2025 年 7 月 25 日"), (30, ""), (30, "第一版测试环境最迟 2025 年 9 月 15 日前交付。"), (30, "质保期为验收通过之日起十二个月。"), (30, ""), (30, "甲方代表：张建国        乙方代表：陈立群")], 3, "合同专用章")], "扫描件", "2025-07-25"))
    put("历史资料/2023/扫描_传真_清溪水务_抄表需求.pdf", scanned_pdf([scan(
        [(44, "传  真"), (30, "致：远航软件 吴志强"), (30, "由：清溪水务有限公司 罗平"), (30, "日期：2023 年 11 月 8 日"), (30, ""), (30, "事由：抄表手机端需求确认"), (30, "一、抄表员 64 人，每人每天约 300 户。"),
         (30, "二、水表照片必须保存两年。"), (30, "三、无信号时可离线抄表，回到信号区自动上传。"), (30, "四、合同金额 18.6 万元，11 月 20 日签订。")], 5), scan([(30, "附：抄表线路表（共 218 条线路）"), (30, "线路 001  东街—南桥  312 户"), (30, "线路 002  南桥—西苑  287 户")], 6)], "传真", "2023-11-08"))
    put(HP + "02 Specification/Whiteboard 2025-06-17.jpg", jpeg(scan([(54, "Click & collect"), (40, "6 stores, pilot 15 Sep"), (40, "1. stock on product page"), (40, "2. reserve -> print at store"), (40, "3. SMS: ready to collect"), (40, "4. pick-up code"), (40, "load test FIRST (Wang)"), (40, "budget 18.6k USD")], 9), 30))
    board = Image.new("RGB", (900, 420), "white")
    draw = ImageDraw.Draw(board)
    f = ImageFont.truetype(font(), 24)
    for x, y, t in [(40, 60, "门户服务器"), (340, 60, "订单服务"), (640, 60, "数据库（主）"), (340, 260, "接口服务"), (640, 260, "数据库（备）")]:
        draw.rectangle((x, y, x + 200, y + 80), outline="navy", width=3)
        draw.text((x + 20, y + 24), t, font=f, fill="black")
    for a, b in [((240, 100), (340, 100)), ((540, 100), (640, 100)), ((440, 140), (440, 260)), ((740, 140), (740, 260))]:
        draw.line((a, b), fill="navy", width=3)
    draw.text((40, 370), "PROJ-20250801 订单管理系统 部署图  赵刚 2025-09-10", font=f, fill="gray")
    out = io.BytesIO()
    board.save(out, "PNG", optimize=True)
    put(OMS + "03 设计/部署图.png", out.getvalue())

    put(OMS + "04 测试/第一轮测试报告.pdf", paper("订单管理系统第一轮测试报告", FIRM, "2025-10-21", [
        [["项目编号", "PROJ-20250801", "测试时间", "2025-09-16 至 2025-10-20"], ["测试负责人", "王晓丽", "测试版本", "1.0.0-rc2"]],
        "# 一、结论", "共执行用例 318 个，通过 306 个；发现缺陷 62 个，关闭 59 个，严重缺陷全部关闭。可以进入用户验收测试。",
        "# 二、性能", [["场景", "要求", "实测"], ["120 并发查询", "2 秒", "1.4 秒"], ["提交订单", "3 秒", "1.1 秒"], ["导出五万行", "—", "38 秒"]],
        "# 三、未关闭缺陷", "BUG-007 月度统计按下单日期；BUG-008 离职销售员订单；BUG-009 大屏金额单位。均为一般或轻微，最迟 11 月 7 日前修复。",
        "# 四、风险", "财务系统厂商的测试环境只开放到 11 月 30 日，之后的回归只能在正式环境进行。"], kind="song"))

    # Locked files. The password is in samples/README.md.
    secret = book("刘芳", "2025-07-20", [("底价", [("项目", "人日", "成本（元）", "底价（元）", "批准人"), ("订单管理系统", 900, 1035000, 1220000, "陈立群")], {})])
    put("合同/2025/华信订单系统_报价底价_加密.xlsx", locked_book(secret))
    put("Shared/Finance/Salary review 2025 (locked).pdf", paper("Salary review 2025", FIRM, "2025-03-01", ["Confidential. Range for project managers and test staff, approved by Chen Liqun."], kind="latin",
        encrypt=StandardEncryption(PASSWORD, ownerPassword=PASSWORD, canPrint=0, strength=128)))
    put("合同/2025/客户资料_加密.zip", zipcrypto([("客户资料/张建国_名片.txt", "张建国 信息部主任 010-5550-2011\r\n".encode("gbk"))], PASSWORD))

    # Archives: names in GBK, a zip in a zip, a tar whose names are GBK bytes.
    notes = [("接口日志/2024-11-15 结算接口.log", "2024-11-15 02:00:01 结算对账开始\r\n2024-11-15 02:03:47 差异 3 笔，运单 AL241100217 AL241100530 AL241101002，计费重量四舍五入\r\n".encode("gbk")),
             ("接口日志/2024-11-16 结算接口.log", "2024-11-16 02:00:01 结算对账开始\r\n2024-11-16 02:03:12 差异 0 笔\r\n".encode("gbk")), ("接口日志/说明.txt", "运输调度平台结算接口日志，吴志强整理。\r\n".encode("gbk"))]
    put(TMS + "数据/接口日志_202411.zip", zipped(notes, "2024-11-18", gbk=True))
    inner = zipped([("会议记录/2023-05-18 教务排课需求讨论.txt", "北岭职业学院 教务排课系统 需求讨论\r\n参加：邓老师、韩磊\r\n决定：排课冲突检查改为实时；合班上限 120 人。\r\n韩磊 6 月 2 日前提交原型。合同 HT-2023-0316，46.8 万元。\r\n".encode("gbk")),
                    ("会议记录/待补.txt", b"")], "2023-12-29", gbk=True)
    middle = zipped([("会议记录.zip", inner), ("验收/PROJ-20230401_AcceptanceReport_20231215_v1.docx", word("教务排课系统验收报告", "韩磊", "2023-12-15", [
        [["合同编号", "HT-2023-0316"], ["项目编号", "PROJ-20230401"], ["客户", "北岭职业学院"], ["结论", "验收通过"]], "排课冲突检查 5,200 门次用时 11 秒，符合要求。遗留：合班名单导出，2024 年 1 月 12 日前完成，负责人韩磊。"]))], "2024-01-05")
    put("Shared/Old backups/2023年备份.zip", zipped([("北岭职业学院.zip", middle), ("仓储/HT-2023-0815.pdf", get("合同/2023/HT-2023-0815.pdf")), ("readme.txt", "备份人：何嘉 2024-01-08\r\n".encode("gbk"))], "2024-01-08"))
    put("Shared/Old backups/linux服务器_2022.tar.gz", tar_gz([("备份/清溪水务_升级说明.txt", "清溪水务营业收费系统升级说明\n2022 年 12 月 10 日停机 2 小时，升级后核对 12 月账单 8,214 户。\n".encode("gbk")),
                                                          ("备份/cron.txt", b"0 1 * * * /opt/bin/backup.sh\n")], "2022-12-20", encoding="gbk"))

    # Damaged, empty, unsupported, unfinished.
    whole = get(OMS + "02 需求/PROJ-20250801_SRS_20250808_v1.docx")
    put("历史资料/损坏/PROJ-20250801_SRS_20250808_v1_恢复.docx", whole[:len(whole) * 2 // 3])
    cut = get(WMS + "合同/HT-2023-0815_仓储管理系统开发合同.pdf")
    put("历史资料/损坏/仓储合同_U盘.pdf", cut[:len(cut) // 2] + bytes(len(cut) // 8))
    put("历史资料/损坏/会议纪要_空.docx", b"")
    put("历史资料/损坏/扩展名错误.doc", get(OMS + "02 需求/BG-2025-003_需求变更单_批量导出.docx"))
    put(WMS + "图纸/库区平面图.dwg", b"AC1018" + bytes(7) + Dice(18).bytes(6000))
    put("Shared/模板/组织结构图.vsd", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Dice(19).bytes(4000))
    put("Shared/Old backups/订单系统虚拟机_20250910.vmdk.crdownload", b"KDMV" + Dice(20).bytes(9000))

    # Litter.
    owner = b"\x06" + "刘芳".encode("utf-16-le").ljust(53, b"\0") + b"\x02\0" + "刘芳".encode("utf-16-le").ljust(106, b" ")
    put(OMS + "01 合同/~$报价.docx", owner.ljust(162, b"\0"))
    put("Shared/Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    put(H + "Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    put("Shared/.DS_Store", b"\0\0\0\x01Bud1" + bytes(248))
    put("Shared/desktop.ini", "[.ShellClassInfo]\r\nLocalizedResourceName=公共盘\r\n".encode("gbk"))
    put(OMS + "03 设计/接口约定_中间表.txt.bak", get(OMS + "03 设计/接口约定_中间表.txt"))

    # Duplicates under other names.
    put("历史资料/2025/华信需求v3.docx", get(OMS + "02 需求/PROJ-20250801_SRS_20250905_v3.docx"))
    put("Shared/Customer docs/HP contract final.pdf", get(HP + "01 Contract/MSA-2024-017 Master Services Agreement.pdf"))
    put("历史资料/2025/验收清单 副本.xlsx", get(OMS + "06 验收/验收清单.xlsx"))
    source_tree()


CRC = [0] * 256
for _n in range(256):
    _c = _n
    for _ in range(8):
        _c = _c >> 1 ^ 0xEDB88320 if _c & 1 else _c >> 1
    CRC[_n] = _c


def zipcrypto(members, password):
    """A zip with the old password scheme (APPNOTE 6.1), names in GBK."""
    out, central = b"", b""
    for name, data in members:
        k = [0x12345678, 0x23456789, 0x34567890]

        def turn(b):
            k[0] = CRC[(k[0] ^ b) & 255] ^ k[0] >> 8
            k[1] = ((k[1] + (k[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
            k[2] = CRC[(k[2] ^ k[1] >> 24) & 255] ^ k[2] >> 8

        for b in password.encode():
            turn(b)
        crc, coder = zlib.crc32(data), zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = coder.compress(data) + coder.flush()
        body = b""
        for b in Dice(7).bytes(11) + bytes([crc >> 24]) + packed:
            t = k[2] & 0xFFFF | 2
            body += bytes([b ^ (t * (t ^ 1) >> 8 & 255)])
            turn(b)
        raw, when = name.encode("gbk"), (2025 - 1980 << 9 | 7 << 5 | 25) << 16
        common = struct.pack("<HHHIIIIHH", 20, 1, 8, when, crc, len(body), len(data), len(raw), 0)
        central += b"PK\1\2\x14\0" + common + struct.pack("<HHHII", 0, 0, 0, 32, len(out)) + raw
        out += b"PK\3\4" + common + raw + body
    return out + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(central), len(out), 0)
