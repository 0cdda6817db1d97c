# SPDX-License-Identifier: GPL-3.0-or-later
"""write_papers.py - tables in letters, slides and pages.

python-docx, odfpy and reportlab are packaged; rich text and slides are
written from their specifications, and by LibreOffice where it is installed.
It must not know how anything is found.
"""

import html
import io

from making import Missing, document
from write_sheets import HEAD_XML, OOXML, as_csv, office, zipped

WORD = OOXML + "wordprocessingml.document"
SLIDES = OOXML + "presentationml.presentation"
ROWS_A_SLIDE = 12


def _docx(sheet, fill):
    try:
        import docx  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Missing("python3-docx") from error
    made = docx.Document()
    made.add_heading("Customers", 1)
    made.add_paragraph("As agreed, the list.")
    fill(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _table(made, sheet):
    """Rows as python-docx makes them, copied: adding cells is slow."""
    import copy  # pylint: disable=import-outside-toplevel
    table = made.add_table(rows=1, cols=len(sheet.columns))
    pattern = copy.deepcopy(table.rows[0]._tr)
    for cell, text in zip(table.rows[0].cells, sheet.columns):
        cell.text = text
    for row in sheet.rows:
        line = copy.deepcopy(pattern)
        for paragraph, text in zip(line.iter(pattern.tag[:-2] + "p"), row):
            run = paragraph.makeelement(pattern.tag[:-2] + "r", {})
            word = paragraph.makeelement(pattern.tag[:-2] + "t", {})
            word.text = text
            run.append(word)
            paragraph.append(run)
        table._tbl.append(line)


@document("docx table", "docx", WORD)
def docx_table(sheet):
    """A table under a heading."""
    return _docx(sheet, _table)


@document("docx text", "docx", WORD)
def docx_text(sheet):
    """A paragraph a customer, cells set off by tabs."""
    def fill(made, what):
        for row in [what.columns, *what.rows]:
            made.add_paragraph("\t".join(row))
    return _docx(sheet, fill)


@document("docx csv", "docx", WORD)
def docx_csv(sheet):
    """The CSV file pasted in."""
    def fill(made, what):
        for line in as_csv(what).decode().splitlines():
            made.add_paragraph(line)
    return _docx(sheet, fill)


def odt_table(sheet):
    """A table of text, by odfpy."""
    try:
        # pylint: disable=import-outside-toplevel
        from odf import opendocument, table, text
    except ImportError as error:
        raise Missing("python3-odf") from error
    made = opendocument.OpenDocumentText()
    made.text.addElement(text.P(text="As agreed, the list."))
    page = table.Table(name="Customers")
    page.addElement(table.TableColumn(
        numbercolumnsrepeated=len(sheet.columns)))
    for row in [sheet.columns, *sheet.rows]:
        line = table.TableRow()
        for cell in row:
            box = table.TableCell()
            box.addElement(text.P(text=cell))
            line.addElement(box)
        page.addElement(line)
    made.text.addElement(page)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


document("odt odfpy", "odt",
         "application/vnd.oasis.opendocument.text")(odt_table)


def _rtf_text(text):
    made = []
    for unit in memoryview(text.encode("utf-16-le")).cast("H"):
        if 32 <= unit < 127:
            made.append(("\\" if chr(unit) in "\\{}" else "") + chr(unit))
        else:
            made.append(f"\\u{unit - 65536 if unit > 32767 else unit}?")
    return "".join(made)


@document("rtf", "rtf", "application/rtf")
def rtf(sheet):
    """Rich text 1.9: rows of cells."""
    edges = "".join(f"\\cellx{1500 * (i + 1)}"
                    for i in range(len(sheet.columns)))
    made = ["{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\r\n",
            "{\\info{\\title Customers}}\\pard As agreed\\par\r\n"]
    for row in [sheet.columns, *sheet.rows]:
        made.append("\\trowd" + edges + "\r\n" + "".join(
            "\\pard\\intbl " + _rtf_text(cell) + "\\cell\r\n" for cell in row)
            + "\\row\r\n")
    return ("".join(made) + "}").encode("ascii")


@document("rtf codepage", "rtf", "application/rtf")
def rtf_codepage(sheet):
    """Characters as bytes of the code page."""
    page = ("932", "cp932") if not sheet.columns[0].isascii() else (
        "1252", "cp1252")

    def said(text):
        return "".join(chr(b) if 32 <= b < 127 and chr(b) not in "\\{}"
                       else f"\\'{b:02x}" for b in text.encode(page[1]))
    made = [f"{{\\rtf1\\ansi\\ansicpg{page[0]}\\deff0{{\\fonttbl"
            "{\\f0\\fcharset" + ("128" if page[0] == "932" else "0")
            + " Arial;}}\r\n\\f0 "]
    for row in [sheet.columns, *sheet.rows]:
        made.append("\\tab ".join(said(cell) for cell in row) + "\\par\r\n")
    return ("".join(made) + "}").encode("ascii")


def _pdf(sheet, compress):
    try:
        # pylint: disable=import-outside-toplevel
        from reportlab import rl_config
        from reportlab.lib.pagesizes import A3, landscape
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.platypus import LongTable, SimpleDocTemplate
    except ImportError as error:
        raise Missing("python3-reportlab") from error
    rl_config.invariant = 1
    font = "Helvetica"
    if not sheet.columns[0].isascii():
        font = "HeiseiMin-W3"
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    made, out = [], io.BytesIO()
    rows = [list(sheet.columns), *map(list, sheet.rows)]
    for i in range(0, len(rows), 200):
        made.append(LongTable(
            rows[i:i + 200],
            style=[("FONT", (0, 0), (-1, -1), font, 7)]))
    SimpleDocTemplate(out, pagesize=landscape(A3), pageCompression=compress,
                      leftMargin=20, rightMargin=20).build(made)
    return out.getvalue()


@document("pdf reportlab", "pdf", "application/pdf")
def pdf(sheet):
    """A table over many pages."""
    return _pdf(sheet, 1)


@document("pdf plain", "pdf", "application/pdf")
def pdf_plain(sheet):
    """Without compression."""
    return _pdf(sheet, 0)


def _slide(rows):
    def cell(text):
        return ("<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:t>"
                + html.escape(text) + "</a:t></a:r></a:p></a:txBody></a:tc>")
    table = "".join("<a:tr h=\"1\">" + "".join(map(cell, row)) + "</a:tr>"
                    for row in rows)
    grid = '<a:gridCol w="1"/>' * len(rows[0])
    return (HEAD_XML + '<p:sld xmlns:a="http://schemas.openxmlformats.org/'
            'drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/'
            'presentationml/2006/main"><p:cSld><p:spTree><p:nvGrpSpPr>'
            '<p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>'
            '<p:grpSpPr/><p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" '
            'name="Table"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFrame'
            'Pr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org'
            '/drawingml/2006/table"><a:tbl><a:tblPr/><a:tblGrid>' + grid
            + "</a:tblGrid>" + table + "</a:tbl></a:graphicData></a:graphic>"
            "</p:graphicFrame></p:spTree></p:cSld></p:sld>").encode()


@document("pptx", "pptx", SLIDES)
def pptx(sheet):
    """A table a slide, each with the header."""
    rels = ("http://schemas.openxmlformats.org/package/2006/relationships")
    kind = ("http://schemas.openxmlformats.org/officeDocument/2006/"
            "relationships/")
    slides = [_slide([sheet.columns, *sheet.rows[i:i + ROWS_A_SLIDE]])
              for i in range(0, len(sheet.rows), ROWS_A_SLIDE)]
    count = range(1, len(slides) + 1)
    types = (HEAD_XML + '<Types xmlns="http://schemas.openxmlformats.org/'
             'package/2006/content-types"><Default Extension="rels" Content'
             'Type="application/vnd.openxmlformats-package.relationships+xml"'
             '/><Override PartName="/ppt/presentation.xml" ContentType="'
             + SLIDES + '.main+xml"/>' + "".join(
                 f'<Override PartName="/ppt/slides/slide{n}.xml" ContentType='
                 f'"{OOXML}presentationml.slide+xml"/>' for n in count)
             + "</Types>")
    book = (HEAD_XML + '<p:presentation xmlns:p="http://schemas.openxml'
            'formats.org/presentationml/2006/main" xmlns:r="'
            + kind.rstrip("/") + '"><p:sldIdLst>' + "".join(
                f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in count)
            + "</p:sldIdLst></p:presentation>")
    top = (f'{HEAD_XML}<Relationships xmlns="{rels}"><Relationship Id="rId1" '
           f'Type="{kind}officeDocument" Target="ppt/presentation.xml"/>'
           '</Relationships>')
    links = (f'{HEAD_XML}<Relationships xmlns="{rels}">' + "".join(
        f'<Relationship Id="rId{n}" Type="{kind}slide" '
        f'Target="slides/slide{n}.xml"/>' for n in count)
        + "</Relationships>")
    return zipped([("[Content_Types].xml", types.encode()),
                   ("_rels/.rels", top.encode()),
                   ("ppt/presentation.xml", book.encode()),
                   ("ppt/_rels/presentation.xml.rels", links.encode())]
                  + [(f"ppt/slides/slide{n}.xml", slides[n - 1])
                     for n in count])


def _saved(name, ending, to, media):
    @document(name, ending, media)
    def write(sheet):
        """By LibreOffice, from the letter of odfpy."""
        return office(odt_table(sheet), "customers.odt", to)
    return write


_saved("docx LibreOffice", "docx", "docx", WORD)
_saved("odt LibreOffice", "odt", "odt",
       "application/vnd.oasis.opendocument.text")
_saved("fodt LibreOffice", "fodt", "fodt",
       "application/vnd.oasis.opendocument.text-flat-xml")
_saved("doc LibreOffice", "doc", "doc", "application/msword")
_saved("rtf LibreOffice", "rtf", "rtf", "application/rtf")
_saved("html letter LibreOffice", "html", "html", "text/html")


@document("pdf LibreOffice", "pdf", "application/pdf")
def pdf_office(sheet):
    """A wide sheet printed on one page across."""
    return office(_wide_sheet(sheet), "customers.xlsx", "pdf")


def _wide_sheet(sheet):
    try:
        import xlsxwriter  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Missing("python3-xlsxwriter") from error
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Customers")
    page.set_landscape()
    page.fit_to_pages(1, 0)
    for k, column in enumerate(zip(sheet.columns, *sheet.rows)):
        page.set_column(k, k, max(map(len, column)) * 1.8)
    for i, row in enumerate([sheet.columns, *sheet.rows]):
        for k, cell in enumerate(row):
            page.write_string(i, k, cell)
    book.close()
    return out.getvalue()
