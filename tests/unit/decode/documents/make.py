#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make.py - the documents of test_documents.c, by the programs that write them.

    make.py DIR

Needs python3-xlwt (scripts/deps --captures); office.doc and office.ppt also
soffice, and stay as they are without it. What no packaged program writes
(mails of Outlook, loops) is written from its specification; msgconvert of
libemail-outlook-message-perl reads the mail. The people are invented.
"""
import datetime
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile

import xlwt


def xls(path):
    """Every kind of cell; text in both widths; formats that make text."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Kunden")
    styles = {code: xlwt.easyxf(num_format_str=code)
              for code in ("YYYY-MM-DD", "hh:mm", "000-0000", "#,##0.00")}
    sheet.write(0, 0, "氏名")
    sheet.write(0, 1, 'a "b", c')
    sheet.write(1, 0, 4111111111111111)
    sheet.write(1, 1, datetime.date(1980, 2, 29), styles["YYYY-MM-DD"])
    sheet.write(1, 2, datetime.time(13, 5), styles["hh:mm"])
    sheet.write(1, 3, 12345, styles["000-0000"])
    sheet.write(1, 4, 1234.5, styles["#,##0.00"])
    sheet.write(1, 5, True)
    sheet.write(1, 6, -7)
    sheet.write(1, 7, 0.1 + 0.2)
    sheet.write(3, 2, "Ünïcode")
    book.add_sheet("empty")
    book.add_sheet("名").write(0, 0, "taro@example.jp")
    book.save(path / "cells.xls")


def database(path, name, encoding, size):
    """Values of every type, in a table with a row number and one without."""
    path = path / name
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute(f"pragma encoding='{encoding}'")
    base.execute(f"pragma page_size={size}")
    base.execute("""create table "my people" (
        id integer primary key, -- the row's number
        [full name] text not null default ('a,b'),
        card int, twice as (card * 2), bal real, memo blob,
        unique (card), check (bal >= 0))""")
    base.execute("create table keyed (a text, b int, c text collate nocase,"
                 " primary key (c, a)) without rowid")
    for i in range(12):
        base.execute('insert into "my people" values (?,?,?,?,?)',
                     (None, f"山田 {i}", -(1 << (i * 5)) + i, i / 4,
                      b"text" if i else None))
        base.execute("insert into keyed values (?,?,?)",
                     (f"a{i}", i, f"c{i % 3}"))
    base.execute('update "my people" set [full name]=? where id=3',
                 ("x" * 700 + "END",))
    base.commit()
    base.close()


def log(path):
    """The write-ahead log of a database that is still open."""
    name = path / "log.db"
    base = sqlite3.connect(name)
    base.execute("pragma journal_mode=wal")
    base.execute("pragma page_size=512")
    base.execute("create table a (name text, card text)")
    base.executemany("insert into a values (?,?)",
                     [(f"taro {i}", f"41111111{i}") for i in range(9)])
    base.commit()
    (path / "log.wal").write_bytes((path / "log.db-wal").read_bytes())
    base.close()
    name.unlink()


END, FREE = 0xfffffffe, 0xffffffff


class Storage(dict):
    """A storage of a compound file: names to bytes, or storages."""


class Compound:
    """A compound file of sectors of 512 bytes ([MS-CFB])."""

    def __init__(self):
        self.fat, self.data, self.mini, self.small, self.entries = \
            [], b"", [], b"", []

    def chain(self, data, table, size):
        """Sectors of a stream; the table's entries that chain them."""
        first, count = len(table), -(-len(data) // size)
        table += [first + i + 1 for i in range(count)]
        if count:
            table[-1] = END
        return (first if count else END), data.ljust(count * size, b"\0")

    def add(self, name, kind, content):
        """An entry and what is in it; its number."""
        number = len(self.entries)
        entry = [name, kind, FREE, FREE, END, 0]
        self.entries.append(entry)
        if isinstance(content, bytes):
            entry[5] = len(content)
            if len(content) >= 4096:
                entry[4], data = self.chain(content, self.fat, 512)
                self.data += data
            elif content:
                entry[4], data = self.chain(content, self.mini, 64)
                self.small += data
            return number
        before = None
        for key in sorted(content, key=lambda n: (len(n), n.upper())):
            inside = content[key]
            child = self.add(key, 2 if isinstance(inside, bytes) else 1,
                             inside)
            if before is None:
                entry[3] = child
            else:
                self.entries[before][2] = child
            before = child
        return number

    def write(self, root):
        self.add("Root Entry", 5, root)
        start, data = self.chain(self.small, self.fat, 512)
        self.data += data
        self.entries[0][4:] = [start, len(self.small)]
        table = struct.pack(f"<{len(self.mini)}I", *self.mini)
        table = table.ljust(-(-len(table) // 512) * 512, b"\xff")
        minis, data = self.chain(table, self.fat, 512)
        self.data += data
        listed = b"".join(
            name.encode("utf-16le").ljust(64, b"\0") + struct.pack(
                "<HBBIII36xIQ", len(name) * 2 + 2, kind, 1, FREE, right,
                child, first, size)
            for name, kind, right, child, first, size in self.entries)
        directory, data = self.chain(listed, self.fat, 512)
        self.data += data
        place = len(self.fat)
        assert place < 127
        table = self.fat + [0xfffffffd]
        table += [FREE] * (128 - len(table))
        head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack(
            "<HHHHH6xIIIIIIIII", 62, 3, 0xfffe, 9, 6, 0, 1, directory, 0,
            4096, minis, -(-len(self.mini) // 128), END, 0)
        head += struct.pack("<109I", place, *[FREE] * 108)
        return head + self.data + struct.pack("<128I", *table)


def mail(path):
    """A mail with three bodies, an attachment, and a mail in it."""
    def wide(text):
        return text.encode("utf-16le")

    inner = Storage({"__properties_version1.0": bytes(24),
                     "__substg1.0_0037001E": "件名".encode("cp932"),
                     "__substg1.0_1000001F": wide("inner body\n")})
    inner["__properties_version1.0"] += struct.pack("<HHIQ", 3, 0x3ffd, 6, 932)
    stored = b"{\\rtf1 stored\\par}"
    root = Storage({
        "__nameid_version1.0": Storage({"__substg1.0_00020102": b""}),
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": wide("名簿"),
        "__substg1.0_1000001F": wide("taro,4111\r\n"),
        "__substg1.0_10130102": b"<p>hanako,4112</p>",
        "__substg1.0_10090102": struct.pack(
            "<IIII", len(stored) + 12, len(stored), 0x414c454d, 0) + stored,
        "__attach_version1.0_#00000000": Storage({
            "__properties_version1.0": bytes(8),
            "__substg1.0_37010102": b"a,b\n1,2\n" * 600,
            "__substg1.0_3707001F": wide("名簿.csv"),
            "__substg1.0_370E001F": wide("text/csv")}),
        "__attach_version1.0_#00000001": Storage({
            "__properties_version1.0": bytes(8),
            "__substg1.0_3701000D": inner}),
    })
    (path / "mail.msg").write_bytes(Compound().write(root))


def closed(path):
    """An encrypted package, and a workbook with a password."""
    (path / "closed.cfb").write_bytes(Compound().write(Storage({
        "EncryptionInfo": bytes(64), "EncryptedPackage": bytes(5000)})))
    plain = (path / "cells.xls").read_bytes()
    at = plain.index(bytes.fromhex("09081000000605"))
    lock = struct.pack("<HHHH", 0x2f, 4, 0, 0)
    (path / "closed.xls").write_bytes(
        plain[:at + 20] + lock + plain[at + 28:])


def loops(path):
    """Chains that lead to themselves, one after the other."""
    plain = bytearray((path / "cells.xls").read_bytes())
    fat = (struct.unpack_from("<I", plain, 76)[0] + 1) * 512
    for name, first in (("loop.xls", 5), ("self.xls", None)):
        bent = bytearray(plain)
        for i in range(128):
            to, = struct.unpack_from("<I", bent, fat + 4 * i)
            if i == 6 or (first is None and to < 0xfffffff0):
                struct.pack_into("<I", bent, fat + 4 * i,
                                 i if first is None else first)
        (path / name).write_bytes(bent)


def record(kind, body=b""):
    """A record of a binary workbook ([MS-XLSB] 2.1.4)."""
    head = [kind] if kind < 128 else [kind & 127 | 128, kind >> 7]
    size = len(body)
    while size > 127:
        head.append(size & 127 | 128)
        size >>= 7
    return bytes(head + [size]) + body


def binary(path):
    """A workbook with every kind of cell, its strings behind its sheet."""
    def text(string):
        wide = string.encode("utf-16le")
        return struct.pack("<I", len(wide) // 2) + wide

    def cell(kind, column, body, style=0):
        return record(kind, struct.pack("<II", column, style) + body)

    styles = (record(278) + record(44, struct.pack("<H", 164)
                                   + text("yyyy-mm-dd")) +
              record(626) + record(47, bytes(16)) + record(627) +
              record(617) + record(47, bytes(16)) +
              record(47, struct.pack("<HH12x", 0, 164)) + record(618) +
              record(279))
    rows = (record(0, struct.pack("<II9x", 0, 0)) +
            cell(7, 0, struct.pack("<I", 1)) + cell(7, 2, bytes(4)) +
            record(0, struct.pack("<II9x", 1, 0)) +
            cell(5, 0, struct.pack("<d", 4111111111111111)) +
            cell(5, 1, struct.pack("<d", 29280), 1) +
            cell(2, 2, struct.pack("<i", 12345 << 2 | 3)) +
            cell(4, 3, b"\1") + cell(6, 4, text('a,"b"')) +
            cell(8, 5, text("formula") + bytes(10)) +
            cell(9, 6, struct.pack("<d", -0.5)) + cell(10, 7, b"\0") +
            cell(3, 8, b"\x2a") + cell(62, 9, b"\0" + text("rich")))
    sheet = record(129) + record(145) + rows + record(146) + record(130)
    book = (record(131) + record(153, struct.pack("<IIQ", 0, 0, 0)) +
            record(156, struct.pack("<II", 0, 1) + text("rId1") + text("名")) +
            record(132))
    strings = (record(159, struct.pack("<II", 2, 2)) +
               record(19, b"\0" + text("😁 card")) +
               record(19, b"\1" + text("氏名") + bytes(8)) + record(160))
    links = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.open'
             'xmlformats.org/package/2006/relationships"><Relationship Id="'
             'rId1" Type="x" Target="worksheets/sheet1.bin"/></Relationships>')
    with zipfile.ZipFile(path / "cells.xlsb", "w",
                         zipfile.ZIP_DEFLATED) as made:
        for name, body in (("worksheets/sheet1.bin", sheet),
                           ("workbook.bin", book), ("styles.bin", styles),
                           ("sharedStrings.bin", strings),
                           ("_rels/workbook.bin.rels", links)):
            made.writestr(zipfile.ZipInfo("xl/" + name), body)


def office(path):
    """Documents as LibreOffice writes them."""
    rows = "".join(f"<tr><td>山田 {i}</td><td></td><td>411{i}</td>"
                   + "<td>x</td>" * 7 + "</tr>"
                   for i in range(3))
    page = ("<html><meta charset='utf-8'><body><p>顧客</p><table>" + rows +
            "</table><p>Ende äöü</p></body></html>")
    with tempfile.TemporaryDirectory() as made:
        source = pathlib.Path(made) / "office.html"
        source.write_text(page)
        subprocess.run(["soffice", "--headless", "--convert-to",
                        "doc:MS Word 97", "--infilter=HTML (StarWriter)",
                        "--outdir", made, source], check=True)
        shutil.copy(source.with_suffix(".doc"), path)


RICH = r"""{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0\fnil\fcharset128 MS Gothic;}
{\f1\fswiss\fcharset0 Arial;}{\f2\fcharset204 Cyr;}}{\colortbl;\red0\green0;}
\f0 \'8e\'52\'93c \u23665?\u30000 ?\uc0\u-10179\u-8703\uc1 X\par {\f2 \'cf\'f0}
 {\*\foo bar}{\pict\bin4 {{}}}end\par
{\trowd\intbl a\cell b\par c\cell\cell\row}\pard\{x\}\~y\emdash
{\field{\*\fldinst HYPERLINK "x"}{\fldrslt shown}}{\object\objemb{\*\objdata
 01050000020000000600000054657374310000000000000000000800000061
 2c620a632c640a}{\result res}}\par}
"""


def main():
    path = pathlib.Path(sys.argv[1])
    xls(path)
    database(path, "utf8.db", "UTF-8", 1024)
    database(path, "utf16le.db", "UTF-16le", 512)
    database(path, "utf16be.db", "UTF-16be", 512)
    database(path, "large.db", "UTF-8", 512)
    log(path)
    (path / "words.rtf").write_text(RICH)
    mail(path)
    closed(path)
    loops(path)
    binary(path)
    if shutil.which("soffice"):
        office(path)


main()
