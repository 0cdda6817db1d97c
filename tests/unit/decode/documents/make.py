#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make.py - the documents of test_documents.c, by the programs that write them.

    make.py DIR

Needs python3-xlwt and sqlite3 (scripts/deps --captures). The people in the
tables are invented.
"""
import datetime
import pathlib
import sqlite3
import sys

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


main()
