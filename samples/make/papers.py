"""Writers of the formats: docx, pptx, xlsx, pdf, zip. Each gives bytes."""
import calendar
import io
import os
import zipfile
from datetime import datetime

import docx
import openpyxl
import pptx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from tree import font, settle

rl_config.invariant = 1  # no random id in the PDF


def day(s):
    return datetime.strptime(s, "%Y-%m-%d")


def morning(s):
    """Nine o'clock in Peking on that day, in seconds since 1970."""
    return calendar.timegm(day(s).timetuple()) + 3600


def pdf_time(s):
    """reportlab takes the time of its next PDF from here."""
    os.environ["SOURCE_DATE_EPOCH"] = str(morning(s))


# Blocks. A document's content is a list of these, the same for docx and pdf:
#   "# Heading"  "## Heading"  "- item"  "text"  [[row], [row]] (a table)  None (a page break)

def word(title, author, when, blocks, comments=(), tracked=(), header=""):
    """comments: (words in a paragraph, author, text). tracked: (author, deleted,
    inserted): one paragraph at the end of the block that begins with `deleted`."""
    d = docx.Document()
    normal = d.styles["Normal"]
    normal.font.name, normal.font.size = "SimSun", docx.shared.Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    p = d.core_properties
    p.title, p.author, p.last_modified_by, p.comments = title, author, author, ""
    p.created = p.modified = day(when)
    if header:
        d.sections[0].header.paragraphs[0].text = header
    d.add_heading(title, 0)
    for b in blocks:
        if b is None:
            d.add_page_break()
        elif isinstance(b, list):
            t = d.add_table(0, len(b[0]))
            t.style = "Table Grid"
            for row in b:
                for cell, text in zip(t.add_row().cells, row):
                    cell.text = str(text)
        elif b.startswith("## "):
            d.add_heading(b[3:], 2)
        elif b.startswith("# "):
            d.add_heading(b[2:], 1)
        elif b.startswith("- "):
            d.add_paragraph(b[2:], style="List Bullet")
        else:
            d.add_paragraph(b)
    for words, who, text in comments:
        for para in d.paragraphs:
            if words in para.text:
                c = d.add_comment(para.runs, text=text, author=who, initials=who[:2])
                c._comment_elm.set(qn("w:date"), day(when).strftime("%Y-%m-%dT09:30:00Z"))
                break
        else:
            raise ValueError(f"{title}: no paragraph holds {words}")
    for n, (who, deleted, inserted) in enumerate(tracked):
        para = d.add_paragraph("修订：" if deleted and "\u4e00" <= deleted[0] else "")
        for tag, inner, text in (("w:del", "w:delText", deleted), ("w:ins", "w:t", inserted)):
            mark = OxmlElement(tag)
            for k, v in (("w:id", str(900 + 2 * n + (tag == "w:ins"))), ("w:author", who), ("w:date", f"{when}T10:00:00Z")):
                mark.set(qn(k), v)
            run, t = OxmlElement("w:r"), OxmlElement(inner)
            t.text = text
            t.set(qn("xml:space"), "preserve")
            run.append(t)
            mark.append(run)
            para._p.append(mark)
    out = io.BytesIO()
    d.save(out)
    return settle(out.getvalue(), day(when))


def slides(title, author, when, pages):
    """pages: (heading, [line], note)."""
    p = pptx.Presentation()
    p.core_properties.title, p.core_properties.author = title, author
    p.core_properties.created = p.core_properties.modified = day(when)
    for n, (heading, lines, note) in enumerate(pages):
        s = p.slides.add_slide(p.slide_layouts[0 if n == 0 else 1])
        s.shapes.title.text = heading
        body = s.placeholders[1].text_frame
        body.text = lines[0]
        for line in lines[1:]:
            body.add_paragraph().text = line
        if note:
            s.notes_slide.notes_text_frame.text = note
    out = io.BytesIO()
    p.save(out)
    return settle(out.getvalue(), day(when))


THIN = Border(*[Side(style="thin", color="BBBBBB")] * 4)


def book(author, when, sheets):
    """sheets: (name, rows, options); the first row is the head. options: widths,
    hidden, merge, formats {column: number format}, notes {cell: text}, top (rows
    above the head)."""
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    wb.properties.creator = wb.properties.lastModifiedBy = author
    wb.properties.created = day(when)
    for name, rows, opt in sheets:
        ws = wb.create_sheet(name)
        top = opt.get("top", [])
        for row in [*top, *rows]:
            ws.append(list(row))
        head = len(top) + 1
        for cell in ws[head]:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8F5")
        for row in ws.iter_rows(min_row=head):
            for cell in row:
                cell.border, cell.alignment = THIN, Alignment(vertical="top", wrap_text=True)
                if isinstance(cell.value, datetime):
                    cell.number_format = "yyyy-mm-dd"
        for col, form in opt.get("formats", {}).items():
            for cell in ws[col][head:]:
                cell.number_format = form
        for i, w in enumerate(opt.get("widths", [])):
            ws.column_dimensions[get_column_letter(i + 1)].width = w
        for span in opt.get("merge", []):
            ws.merge_cells(span)
        for cell, text in opt.get("notes", {}).items():
            ws[cell].comment = openpyxl.comments.Comment(text, author)
        ws.sheet_state = opt.get("hidden", "visible")
        ws.freeze_panes = f"A{head + 1}"
    out = io.BytesIO()
    wb.save(out)
    return settle(out.getvalue(), day(when))


FACES = {}


def face(kind):
    """noto: embedded, a subset of Noto Sans SC. song: STSong-Light, not embedded,
    as office printers of 2005 wrote it. latin: Helvetica."""
    if kind == "latin":
        return "Helvetica"
    if kind not in FACES:
        if kind == "noto":
            pdfmetrics.registerFont(TTFont("Noto", font()))
            FACES[kind] = "Noto"
        else:
            pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
            FACES[kind] = "STSong-Light"
    return FACES[kind]


def paper(title, author, when, blocks, kind="noto", encrypt=None, foot=""):
    pdf_time(when)
    name = face(kind)
    wrap = "CJK" if kind != "latin" else None
    base = dict(fontName=name, wordWrap=wrap)
    styles = {
        "title": ParagraphStyle("title", fontSize=17, leading=24, alignment=TA_CENTER, spaceAfter=14, **base),
        "h1": ParagraphStyle("h1", fontSize=13, leading=19, spaceBefore=10, spaceAfter=4, **base),
        "h2": ParagraphStyle("h2", fontSize=11, leading=16, spaceBefore=6, spaceAfter=3, **base),
        "p": ParagraphStyle("p", fontSize=10, leading=16, spaceAfter=5, **base),
        "cell": ParagraphStyle("cell", fontSize=9, leading=12, **base),
    }
    esc = lambda s: str(s).replace("&", "&amp;").replace("<", "&lt;")
    flow = [Paragraph(esc(title), styles["title"])]
    for b in blocks:
        if b is None:
            flow.append(PageBreak())
        elif isinstance(b, list):
            t = Table([[Paragraph(esc(c), styles["cell"]) for c in row] for row in b], hAlign="LEFT",
                      colWidths=[(A4[0] - 130) / len(b[0])] * len(b[0]))
            t.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]))
            flow += [t, Spacer(1, 8)]
        elif b.startswith("## "):
            flow.append(Paragraph(esc(b[3:]), styles["h2"]))
        elif b.startswith("# "):
            flow.append(Paragraph(esc(b[2:]), styles["h1"]))
        elif b.startswith("- "):
            flow.append(Paragraph("• " + esc(b[2:]) if kind == "latin" else "· " + esc(b[2:]), styles["p"]))
        else:
            flow.append(Paragraph(esc(b), styles["p"]))

    def page(canvas, doc):
        canvas.setFont(name, 8)
        canvas.drawString(60, 30, foot or title)
        canvas.drawRightString(A4[0] - 60, 30, str(doc.page))

    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, leftMargin=65, rightMargin=65, topMargin=60, bottomMargin=60,
                      title=title, author=author, subject=when, encrypt=encrypt).build(flow, onFirstPage=page, onLaterPages=page)
    return out.getvalue()


class GBName(zipfile.ZipInfo):
    """A member whose name is written as GBK bytes without the UTF-8 flag, as
    WinRAR and the Windows Explorer of Chinese systems do."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(members, when, gbk=False):
    """members: (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            info = (GBName if gbk else zipfile.ZipInfo)(name, day(when).timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, data if isinstance(data, bytes) else data.encode())
    return out.getvalue()
