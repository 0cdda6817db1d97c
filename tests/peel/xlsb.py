# SPDX-License-Identifier: GPL-3.0-or-later
"""xlsb.py - a small workbook of binary parts, from its specification.

No Debian package writes [MS-XLSB]; LibreOffice reads what is made here. It
must not know how anything is found.
"""

import datetime
import struct

HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = HEAD + b"""<Types xmlns="http://schemas.openxmlformats.org/package/\
2006/content-types"><Default Extension="bin" ContentType="application/vnd.\
ms-excel.sheet.binary.macroEnabled.main"/><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.\
ms-excel.worksheet"/><Override PartName="/xl/styles.bin" ContentType="\
application/vnd.ms-excel.styles"/><Override PartName="/xl/sharedStrings.bin" \
ContentType="application/vnd.ms-excel.sharedStrings"/></Types>"""
SPACE = b'"http://schemas.openxmlformats.org/package/2006/relationships"'
REL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def _relations(*pairs):
    items = b"".join(
        b'<Relationship Id="rId%d" Type="%s%s" Target="%s"/>' % (
            i, REL, kind, target) for i, (kind, target) in enumerate(pairs, 1))
    return (HEAD + b"<Relationships xmlns=" + SPACE + b">" + items
            + b"</Relationships>")


def record(kind, body=b""):
    """One record: its type and length in bytes of seven bits."""
    made = bytearray()
    made += (bytes((kind,)) if kind < 0x80
             else bytes((kind & 0x7F | 0x80, kind >> 7)))
    size = len(body)
    while True:
        made.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return bytes(made) + body


def wide(text):
    """XLWideString."""
    coded = text.encode("utf-16-le")
    return struct.pack("<I", len(coded) // 2) + coded


def _rk(value):
    """An RkNumber of a small whole number."""
    return struct.pack("<I", (value & 0x3FFFFFFF) << 2 | 2)


def _cell(column, value, strings):
    head = struct.pack("<II", column, 0)
    if isinstance(value, datetime.date):
        head = struct.pack("<II", column, 1)
        return record(2, head + _rk((value - datetime.date(1899, 12, 30)).days))
    if isinstance(value, int) and value < 1 << 29:
        return record(2, head + _rk(value))
    if isinstance(value, int):
        return record(5, head + struct.pack("<d", value))
    if strings is None:
        return record(6, head + wide(value))
    place = strings.setdefault(value, len(strings))
    return record(7, head + struct.pack("<I", place))


def _sheet(columns, rows, strings):
    size = struct.pack("<IIII", 0, len(rows), 0, len(columns) - 1)
    made = [record(129), record(148, size), record(145)]
    for i, row in enumerate([columns, *rows]):
        span = struct.pack("<III", 1, 0, len(columns) - 1)
        made.append(record(0, struct.pack("<IIHHB", i, 0, 300, 0, 0) + span))
        made += [_cell(k, cell, strings) for k, cell in enumerate(row)]
    return b"".join(made + [record(146), record(130)])


def _book():
    made = [record(131), record(153, struct.pack("<III", 0, 0, 0)
                                + wide("")), record(143)]
    made.append(record(156, struct.pack("<II", 0, 1) + wide("rId1")
                       + wide("Customers")))
    return b"".join(made + [record(144), record(132)])


def _styles():
    font = (struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 2, 0, 0)
            + b"\7\0\0\0\0\0\0\0\0" + wide("Calibri"))
    fill = struct.pack("<I", 0) + b"\3\x40\0\0\0\0\0\xff" * 2 + bytes(52)
    look = [struct.pack("<HHHHHHBBH", 0xFFFF, n, 0, 0, 0, 0, 0, 0, 1)
            for n in (0, 14)]
    one = struct.pack("<I", 1)
    made = [record(278), record(611, one), record(43, font), record(612),
            record(603, one), record(45, fill), record(604),
            record(613, one), record(46, bytes(51)), record(614),
            record(626, one), record(47, look[0]), record(627),
            record(617, struct.pack("<I", 2)),
            *[record(47, struct.pack("<H", 0) + x[2:]) for x in look],
            record(618), record(279)]
    return b"".join(made)


def parts(columns, rows, shared):
    """The parts of a workbook with one sheet: (name, bytes)."""
    strings = {} if shared else None
    page = _sheet(list(columns), rows, strings)
    table = [record(159, struct.pack("<II", *[len(strings or ())] * 2))]
    table += [record(19, b"\0" + wide(text)) for text in strings or ()]
    return [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", _relations((b"officeDocument", b"xl/workbook.bin"))),
        ("xl/workbook.bin", _book()),
        ("xl/_rels/workbook.bin.rels", _relations(
            (b"worksheet", b"worksheets/sheet1.bin"),
            (b"styles", b"styles.bin"),
            (b"sharedStrings", b"sharedStrings.bin"))),
        ("xl/worksheets/sheet1.bin", page),
        ("xl/styles.bin", _styles()),
        ("xl/sharedStrings.bin", b"".join(table + [record(160)]))]
