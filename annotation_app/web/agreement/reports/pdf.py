"""A report as PDF: the same tables as on the page; the same report gives the same bytes.

Helvetica and Symbol are every reader's own fonts; other scripts use Adobe's STSong-Light, which
readers bring for Chinese.
"""

import io
import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as PdfTable

from annotation_app.models import AgreementReport
from annotation_app.web.agreement.reports.facts import cite, report_facts, report_title
from annotation_app.web.agreement.reports.sections import report_tables
from annotation_app.web.agreement.reports.tables import Cell, Table, dimension_names

CHINESE = "STSong-Light"
SYMBOLS = "ακ−"
# Letters that Helvetica has stay in it: Latin-1 and the marks of Windows' Latin.
LATIN = "\u0000-ÿ–—‘’“”…•†‡‰"
RUNS = re.compile(f"[{SYMBOLS}]+|[{LATIN}]+|[^{LATIN}{SYMBOLS}]+")
MARGIN = 16 * mm
GREY, LINE = colors.Color(0.35, 0.35, 0.37), colors.Color(0.78, 0.78, 0.8)

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=17, leading=22)
HEADING = ParagraphStyle(
    "heading", fontName="Helvetica-Bold", fontSize=11.5, leading=15, spaceBefore=9, keepWithNext=1
)
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=8.5, leading=11.5)
NOTE = ParagraphStyle("note", parent=TEXT, textColor=GREY, spaceAfter=3, keepWithNext=1)
CELL = ParagraphStyle("cell", parent=TEXT, fontSize=7.6, leading=9.6)
QUIET = ParagraphStyle("quiet", parent=CELL, textColor=GREY)
NUMBER = ParagraphStyle("number", parent=CELL, alignment=2)
QUIET_NUMBER = ParagraphStyle("quiet-number", parent=QUIET, alignment=2)
HEAD = ParagraphStyle("head", parent=CELL, fontName="Helvetica-Bold")
HEAD_NUMBER = ParagraphStyle("head-number", parent=HEAD, alignment=2)


def report_pdf(report: AgreementReport, language: str) -> bytes:
    """Render a report in a language."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=landscape(A4),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=report_title(report),
        author="EditJury",
        subject=str(report.public_id),
        lang=language,
        # no time of making and no random identifier: the bytes depend on the report alone
        invariant=1,
    )
    foot = f"EditJury · {report.public_id} · sha256:{report.digest}"

    def footer(canvas: Canvas, shown: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 7)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, 9 * mm, foot)
        canvas.drawRightString(landscape(A4)[0] - MARGIN, 9 * mm, str(shown.page))

    document.build(list(_story(report, language)), onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def _story(report: AgreementReport, language: str) -> Iterator[Flowable]:
    width = landscape(A4)[0] - 2 * MARGIN
    yield Paragraph(_marked(report_title(report)), TITLE)
    yield Paragraph(_marked(cite(report).text), TEXT)
    if report.facts.get("campaign", {}).get("is_simulated"):
        yield Paragraph(_marked(_("Simulated data: no human judged it.")), HEADING)
    for table in report_tables(report, language):
        yield Paragraph(_marked(table.title), HEADING)
        yield Paragraph(_marked(table.note), NOTE)
        yield _grid(table, width)
    yield Paragraph(_marked(_("Method and identity")), HEADING)
    facts = report_facts(report, dimension_names(report, language))
    rows = [[Paragraph(_marked(one.label), HEAD), _paragraph(Cell(one.text))] for one in facts]
    yield PdfTable(rows, colWidths=[width * 0.24, width * 0.76], style=_style([]))
    yield Spacer(1, 4 * mm)


def _grid(table: Table, width: float) -> PdfTable:
    heads = [
        Paragraph(_marked(column.label), HEAD_NUMBER if column.is_number else HEAD)
        for column in table.columns
    ]
    rows = [
        [Paragraph(_marked(row.head), HEAD), *(_paragraph(cell) for cell in row.cells)]
        for row in table.rows
    ]
    return PdfTable(
        [heads, *rows], colWidths=_widths(table, width), repeatRows=1, style=_style(rows)
    )


def _widths(table: Table, width: float) -> list[float]:
    shares = [1.6, *(0.8 if column.is_number else 1.5 for column in table.columns[1:])]
    return [width * share / sum(shares) for share in shares]


def _style(rows: Sequence[object]) -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE),
            *([("LINEBELOW", (0, 0), (-1, 0), 0.8, GREY)] if rows else []),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
    )


def _paragraph(cell: Cell) -> Paragraph:
    if cell.is_number:
        return Paragraph(_marked(cell.text), QUIET_NUMBER if cell.is_quiet else NUMBER)
    return Paragraph(_marked(cell.text), QUIET if cell.is_quiet else CELL)


def _marked(text: str) -> str:
    """The text with every run in a font that has its letters."""
    return "".join(_run(found.group()) for found in RUNS.finditer(text))


def _run(run: str) -> str:
    if run[0] in SYMBOLS:
        return f'<font name="Symbol">{run}</font>'
    if re.fullmatch(f"[{LATIN}]+", run):
        return escape(run)
    return f'<font name="{CHINESE}">{escape(run)}</font>'
