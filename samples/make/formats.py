"""Formats that Chinese offices have beside Word, Excel and PDF: a chat that was
exported, an electronic invoice (OFD), a sheet of LibreOffice, a shortcut to an
online document. All written by hand, so that two runs give the same bytes."""
import io
import zipfile

from notes import crlf
from tree import put
from world import FIRM, OMS

TIME = (2025, 9, 27, 10, 0, 0)


def packed(members):
    """A zip with one fixed time; the member called mimetype is stored first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            info = zipfile.ZipInfo(name, TIME)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            z.writestr(info, data, compresslevel=9)
    return out.getvalue()


CHAT = """
2025-09-26 09:12:05 李文博
@周敏 周总早，第二期款的发票今天开，抬头还是华信制造股份有限公司？

2025-09-26 09:15:40 周敏
对，税号没变。发 OFD 版就行，财务要归档

2025-09-26 09:16:02 周敏
金额 38.4 万对吧

2025-09-26 09:18:33 刘芳
对的，384,000 元，税率 6%。发票号 0255538，下午发您

2025-09-26 14:02:11 刘芳
[文件] 电子发票_0255538.ofd

2025-09-26 14:05:27 周敏
收到，已转财务

2025-09-27 10:20:44 林涛
李经理，导出按钮我们试了一下，4 万行大概 50 秒，能不能再快一点

2025-09-27 10:24:19 李文博
现在是逐行写的，吴志强下周改成批量写，目标 20 秒以内

2025-09-27 10:25:03 林涛
好，国庆后我们再测一遍。另外导出的金额列要两位小数

2025-09-27 10:27:50 吴志强
两位小数今天就改，9 月 29 日更新到测试环境

2025-09-27 10:28:31 林涛
[图片]

2025-09-27 10:29:12 林涛
👌
"""


def text(i, x, y, w, s, size=3.5):
    return f'<ofd:TextObject ID="{i}" Boundary="{x} {y} {w} 6" Font="3" Size="{size}"><ofd:TextCode X="0" Y="4">{s}</ofd:TextCode></ofd:TextObject>'


def invoice():
    """An electronic invoice as the tax offices' programs lay it out: pieces of text
    with their places, and tags that say which piece is what."""
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    lines = [text(10, 70, 8, 80, "电子发票（普通发票）", 6), text(11, 150, 14, 20, "发票号码："), text(12, 170, 14, 30, "0255538"), text(13, 150, 20, 20, "开票日期："), text(14, 170, 20, 40, "2025年09月26日"),
             text(15, 12, 32, 18, "购买方："), text(16, 30, 32, 70, "华信制造股份有限公司"), text(17, 110, 32, 18, "销售方："), text(18, 128, 32, 70, FIRM),
             text(19, 12, 46, 40, "项目名称"), text(20, 70, 46, 20, "数量"), text(21, 100, 46, 20, "金额"), text(22, 140, 46, 20, "税率"), text(23, 170, 46, 20, "税额"),
             text(24, 12, 54, 56, "*信息技术服务*软件开发"), text(25, 70, 54, 20, "1"), text(26, 100, 54, 30, "362264.15"), text(27, 140, 54, 20, "6%"), text(28, 170, 54, 30, "21735.85"),
             text(29, 12, 70, 40, "价税合计（大写）"), text(30, 52, 70, 60, "叁拾捌万肆仟元整"), text(31, 140, 70, 14, "（小写）"), text(32, 156, 70, 40, "384000.00"),
             text(33, 12, 80, 120, "备注：合同 HT-2025-0725 订单管理系统 第二期款"), text(34, 12, 92, 40, "开票人：刘芳")]
    tags = {"InvoiceNo": 12, "IssueDate": 14, "BuyerName": 16, "SellerName": 18, "TaxExclusiveTotalAmount": 26, "TaxTotalAmount": 28, "TaxInclusiveTotalAmount": 32}
    return packed([
        ("OFD.xml", head + f'<ofd:OFD {ns} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>20250926025553800000000000000000</ofd:DocID><ofd:Title>电子发票</ofd:Title><ofd:Author>{FIRM}</ofd:Author><ofd:CreationDate>2025-09-26</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'),
        ("Doc_0/Document.xml", head + f'<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>'),
        ("Doc_0/PublicRes.xml", head + f'<ofd:Res {ns} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="SimSun" FamilyName="SimSun"/></ofd:Fonts></ofd:Res>'),
        ("Doc_0/Pages/Page_0/Content.xml", head + f'<ofd:Page {ns}><ofd:Content><ofd:Layer ID="2">' + "".join(lines) + "</ofd:Layer></ofd:Content></ofd:Page>"),
        ("Doc_0/Tags/CustomTags.xml", head + f'<ofd:CustomTags {ns}><ofd:CustomTag NameSpace="http://example.invalid/eInvoice"><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>'),
        ("Doc_0/Tags/CustomTag.xml", head + "<eInvoice>" + "".join(f'<{k}><ObjectRef PageRef="1">{v}</ObjectRef></{k}>' for k, v in tags.items()) + "</eInvoice>")])


def hours():
    """A sheet as LibreOffice writes it: a merged name, repeated cells, a hidden sheet."""
    rows = [("孙浩", "2023-10", 18, "仓库盘点流程调研"), ("", "2023-11", 21, "入库、上架功能实施"), ("", "2023-12", 20, "手持终端联调"), ("徐海峰", "2023-11", 9, "设备接口开发"), ("", "2023-12", 22, "设备接口测试")]

    def cell(v, more=""):
        if v == "":
            return "<table:covered-table-cell/>"
        if isinstance(v, int):
            return f'<table:table-cell office:value-type="float" office:value="{v}"><text:p>{v}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"{more}><text:p>{v}</text:p></table:table-cell>'

    body = '<table:table-row><table:table-cell table:number-columns-spanned="4" office:value-type="string"><text:p>2023 年第四季度驻场工时（华信仓储）</text:p></table:table-cell></table:table-row>'
    body += "<table:table-row>" + "".join(map(cell, ("姓名", "月份", "人日", "工作内容"))) + "</table:table-row>"
    for i, r in enumerate(rows):
        span = ' table:number-rows-spanned="%d"' % {0: 3, 3: 2}.get(i, 1)
        body += "<table:table-row>" + cell(r[0], span) + "".join(map(cell, r[1:])) + "</table:table-row>"
    spaces = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"' for p, u in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("meta", "meta")))
    content = (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {spaces} office:version="1.2"><office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>'
               '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>'
               f'<table:table table:name="工时" table:style-name="ta1">{body}</table:table><table:table table:name="成本" table:style-name="ta2"><table:table-row>{cell("人日成本")}{cell(1350)}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>')
    manifest = ('<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
    return packed([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content), ("META-INF/manifest.xml", manifest)])


def make():
    put(OMS + "09 聊天记录/微信_华信订单项目群_202509.txt", crlf("聊天记录：华信订单项目群\n" + CHAT))
    put(OMS + "06 验收/电子发票_0255538.ofd", invoice())
    put(OMS + "03 设计/接口清单(飞书).url", crlf("[InternetShortcut]\nURL=https://yuanhang-example.feishu.cn/sheets/shtcnOrderApiList"))
    put("历史资料/2023/驻场工时_2023Q4.ods", hours())


if __name__ == "__main__":
    make()
