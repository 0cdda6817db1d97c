#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make.py - the documents of test_documents.c, by the programs that write them.

    make.py DIR

Needs python3-xlwt and sqlite3 (scripts/deps --captures). The people in the
tables are invented.
"""
import datetime
import pathlib
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


def main():
    path = pathlib.Path(sys.argv[1])
    xls(path)


main()
