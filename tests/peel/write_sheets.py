# SPDX-License-Identifier: GPL-3.0-or-later
"""write_sheets.py - tables as spreadsheet programs write them.

openpyxl, xlsxwriter, xlwt and odfpy are packaged; LibreOffice is asked where
it is installed. It must not know how anything is found.
"""

import csv
import datetime
import io
import os
import re
import zipfile

import xlsb
from making import Bench, Missing, document, need

OOXML = "application/vnd.openxmlformats-officedocument."
SHEET = OOXML + "spreadsheetml.sheet"
HEAD_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EPOCH = (2011, 8, 5, 1, 0, 0)


def typed(sheet):
    """The rows with numbers and dates as a spreadsheet holds them."""
    for row in sheet.rows:
        yield [_typed(kind, cell) for kind, cell in zip(sheet.types, row)]


def _typed(kind, cell):
    if kind in ("date_of_birth", "account_opened"):
        return datetime.date(*map(int, re.split("[-/]", cell)))
    if kind in ("account_number", "other") and cell.isdigit():
        return int(cell)
    return cell


def as_csv(sheet):
    """The table as a CSV file."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(sheet.columns)
    out.writerows(sheet.rows)
    return text.getvalue().encode()


def members(data):
    """The (name, bytes) of a zip file, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [(name, file.read(name)) for name in file.namelist()]


class Unseekable(io.RawIOBase):
    """A pipe: zipfile then writes data descriptors behind the entries."""

    def __init__(self):
        super().__init__()
        self.made = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.made += data
        return len(data)


def zipped(parts, streamed=False, method=zipfile.ZIP_DEFLATED):
    """A zip file of (name, bytes) in that order."""
    out = Unseekable() if streamed else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in parts:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = method
            file.writestr(info, data)
    return bytes(out.made) if streamed else out.getvalue()


def _openpyxl():
    try:
        import openpyxl  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Missing("python3-openpyxl") from error
    return openpyxl


def _book(sheet, template=False):
    book = _openpyxl().Workbook()
    page = book.active
    page.title = "Customers"
    page.append(sheet.columns)
    for row in typed(sheet):
        page.append(row)
    book.template = template
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(sheet, fill, **options):
    try:
        import xlsxwriter  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Missing("python3-xlsxwriter") from error
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book, sheet)
    book.close()
    return out.getvalue()


def _texts(book, sheet):
    page = book.add_worksheet("Customers")
    for i, row in enumerate([sheet.columns, *sheet.rows]):
        for k, cell in enumerate(row):
            page.write_string(i, k, cell)


def _mixed(book, sheet):
    page = book.add_worksheet("Customers")
    page.write_row(0, 0, sheet.columns)
    look = book.add_format({"num_format": "yyyy/mm/dd"})
    for i, row in enumerate(typed(sheet), 1):
        for k, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                page.write_datetime(i, k, datetime.datetime(
                    cell.year, cell.month, cell.day), look)
            elif isinstance(cell, int):
                page.write_number(i, k, cell)
            else:
                page.write_string(i, k, cell)


def _several(book, sheet):
    page = book.add_worksheet("Notes")
    page.write(0, 0, "For the meeting on Thursday")
    share = (len(sheet.rows) + 2) // 3
    for n in range(3):
        page = book.add_worksheet(f"Region {n + 1}")
        page.write_row(0, 0, sheet.columns)
        rows = sheet.rows[n * share:(n + 1) * share]
        for i, row in enumerate(rows, 1):
            for k, cell in enumerate(row):
                page.write_string(i, k, cell)


def _ordered(data, strings_at):
    parts = members(data)
    shared = [p for p in parts if p[0] == "xl/sharedStrings.xml"]
    rest = [p for p in parts if p[0] != "xl/sharedStrings.xml"]
    return rest[:1] + shared + rest[1:] if strings_at == 0 else rest + shared


def _in_part(data, pattern, change):
    return zipped([(name, change(body) if re.search(pattern, name) else body)
                   for name, body in members(data)])


@document("xlsx openpyxl", "xlsx", SHEET)
def xlsx_openpyxl(sheet):
    """Numbers, dates, shared strings behind the sheet."""
    return _book(sheet)


@document("xlsx xlsxwriter", "xlsx", SHEET)
def xlsx_xlsxwriter(sheet):
    """Every cell a shared string."""
    return _written(sheet, _texts)


@document("xlsx dates", "xlsx", SHEET)
def xlsx_dates(sheet):
    """Numbers and dates with a format of their own."""
    return _written(sheet, _mixed)


@document("xlsx 1904", "xlsx", SHEET)
def xlsx_1904(sheet):
    """Dates counted from 1904."""
    return _written(sheet, _mixed, date_1904=True)


@document("xlsx strings first", "xlsx", SHEET)
def xlsx_first(sheet):
    """Shared strings before the sheets."""
    return zipped(_ordered(_written(sheet, _mixed), 0))


@document("xlsx strings last", "xlsx", SHEET)
def xlsx_last(sheet):
    """Shared strings as the last part."""
    return zipped(_ordered(_written(sheet, _mixed), 1))


@document("xlsx inline strings", "xlsx", SHEET)
def xlsx_inline(sheet):
    """Strings in their cells."""
    return _written(sheet, _texts, constant_memory=True)


@document("xlsx scientific", "xlsx", SHEET)
def xlsx_scientific(sheet):
    """Numbers as 8.475523204E9."""
    def change(body):
        return re.sub(rb"<v>(\d)(\d{6,})</v>", lambda m: b"<v>%s.%sE%d</v>" % (
            m[1], m[2].rstrip(b"0") or b"0", len(m[2])), body)
    return _in_part(_written(sheet, _mixed), r"sheet\d+\.xml$", change)


@document("xlsx sheets", "xlsx", SHEET)
def xlsx_sheets(sheet):
    """The rows over three sheets, behind one of notes."""
    return _written(sheet, _several)


@document("xlsx streamed", "xlsx", SHEET)
def xlsx_streamed(sheet):
    """Written to a pipe: sizes stand behind the entries."""
    return zipped(members(_written(sheet, _mixed)), streamed=True)


@document("xlsx stored", "xlsx", SHEET)
def xlsx_stored(sheet):
    """Not compressed."""
    return zipped(members(_book(sheet)), method=zipfile.ZIP_STORED)


@document("xlsx strict", "xlsx", SHEET)
def xlsx_strict(sheet):
    """Namespaces of ISO 29500 Strict, and with a prefix."""
    def change(body):
        body = body.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        body = body.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relat",
            b"http://purl.oclc.org/ooxml/officeDocument/relat")
        body = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", body)
        return body.replace(b' xmlns="http', b' xmlns:x="http')
    return _in_part(_written(sheet, _mixed),
                    r"(sheet\d+|sharedStrings|styles|workbook)\.xml$", change)


@document("xlsm", "xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12")
def xlsm(sheet):
    """With the content type of macros."""
    def change(body):
        return body.replace(
            SHEET.encode() + b".main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    return _in_part(_book(sheet), r"Content_Types", change)


@document("xltx", "xltx", OOXML + "spreadsheetml.template")
def xltx(sheet):
    """A template."""
    return _book(sheet, template=True)


@document("xlsb", "xlsb",
          "application/vnd.ms-excel.sheet.binary.macroEnabled.12")
def xlsb_shared(sheet):
    """Binary parts, shared strings."""
    return zipped(xlsb.parts(sheet.columns, list(typed(sheet)), True))


@document("xlsb inline strings", "xlsb",
          "application/vnd.ms-excel.sheet.binary.macroEnabled.12")
def xlsb_inline(sheet):
    """Binary parts, strings in their cells."""
    return zipped(xlsb.parts(sheet.columns, list(typed(sheet)), False))


@document("xls xlwt", "xls", "application/vnd.ms-excel")
def xls(sheet):
    """BIFF8 in an OLE file."""
    try:
        import xlwt  # pylint: disable=import-outside-toplevel
    except ImportError as error:
        raise Missing("python3-xlwt") from error
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Customers")
    look = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for i, row in enumerate([sheet.columns, *typed(sheet)]):
        for k, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                page.write(i, k, cell, look)
            else:
                page.write(i, k, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@document("ods odfpy", "ods", "application/vnd.oasis.opendocument.spreadsheet")
def ods(sheet):
    """Cells with values and text."""
    try:
        # pylint: disable=import-outside-toplevel
        from odf import opendocument, table, text
    except ImportError as error:
        raise Missing("python3-odf") from error
    book = opendocument.OpenDocumentSpreadsheet()
    page = table.Table(name="Customers")
    for row in [sheet.columns, *typed(sheet)]:
        line = table.TableRow()
        for cell in row:
            if isinstance(cell, int):
                made = table.TableCell(valuetype="float", value=str(cell))
            elif isinstance(cell, datetime.date):
                made = table.TableCell(valuetype="date",
                                       datevalue=cell.isoformat())
            else:
                made = table.TableCell(valuetype="string")
            made.addElement(text.P(text=str(cell)))
            line.addElement(made)
        page.addElement(line)
    book.spreadsheet.addElement(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def office(data, name, to, choose=None):
    """A file as LibreOffice saves it in another format."""
    need("soffice")
    with Bench(name, data) as bench:
        words = ["soffice", f"-env:UserInstallation=file://{bench.folder}/u",
                 "--headless", "--convert-to", to, "--outdir", "out", name]
        if choose:
            words[4:4] = [f"--infilter={choose}"]
        bench.run(*words)
        stem = os.path.splitext(name)[0]
        return bench.get(f"out/{stem}.{to.partition(':')[0]}")


def _saved(name, to, media):
    @document(name, to.partition(":")[0], media)
    def write(sheet):
        """By LibreOffice, every cell of it text."""
        return office(xlsx_xlsxwriter(sheet), "customers.xlsx", to)
    return write


_saved("xlsx LibreOffice", "xlsx", SHEET)
_saved("xls LibreOffice", "xls", "application/vnd.ms-excel")
_saved("ods LibreOffice", "ods",
       "application/vnd.oasis.opendocument.spreadsheet")
_saved("fods LibreOffice", "fods",
       "application/vnd.oasis.opendocument.spreadsheet-flat-xml")
_saved("html LibreOffice", "html", "text/html")


@document("xls dates LibreOffice", "xls", "application/vnd.ms-excel")
def xls_dates(sheet):
    """Numbers as RK and dates by format, saved from OpenDocument."""
    return office(_written(sheet, _mixed), "customers.xlsx",
                  "xls:MS Excel 97")


@document("csv", "csv", "text/csv")
def plain(sheet):
    """The table as it is."""
    return as_csv(sheet)


@document("csv cp932", "csv", "text/csv")
def plain_cp932(sheet):
    """As Japanese Windows saves it."""
    return as_csv(sheet).decode().encode("cp932")
