# SPDX-License-Identifier: GPL-3.0-or-later
"""write_dumps.py - tables in databases and in dumps of interfaces.

It must not know how anything is found.
"""

import base64
import json
import os
import sqlite3
import tempfile

from making import document
from write_sheets import as_csv, typed, xlsx_dates


def _database(sheet, more=(), page=4096, coded="UTF-8"):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "crm.db")
        base = sqlite3.connect(path)
        base.execute(f"PRAGMA page_size = {page}")
        base.execute(f"PRAGMA encoding = '{coded}'")
        base.execute("CREATE TABLE settings (name TEXT, value TEXT)")
        base.execute("INSERT INTO settings VALUES ('version', '3')")
        names = ", ".join(
            f'"{name}" ' + ("INTEGER" if kind == "account_number" else "TEXT")
            for name, kind in zip(sheet.columns, sheet.types))
        base.execute(f"CREATE TABLE customers ({names})")
        marks = ", ".join("?" * len(sheet.columns))
        rows = [[cell if isinstance(cell, int) else str(cell) for cell in row]
                for row in typed(sheet)]
        base.executemany(f"INSERT INTO customers VALUES ({marks})", rows)
        for statement in more:
            base.execute(statement)
        base.commit()
        base.close()
        with open(path, "rb") as file:
            return file.read()


@document("sqlite", "db", "application/vnd.sqlite3")
def sqlite(sheet):
    """A table beside another."""
    return _database(sheet)


@document("sqlite indexed", "db", "application/vnd.sqlite3")
def sqlite_indexed(sheet):
    """Pages of 1,024 bytes and an index."""
    column = sheet.columns[sheet.types.index("phone")]
    return _database(sheet, [f'CREATE INDEX by_phone ON customers '
                             f'("{column}")'], page=1024)


@document("sqlite utf-16", "db", "application/vnd.sqlite3")
def sqlite_wide(sheet):
    """Text as UTF-16."""
    return _database(sheet, coded="UTF-16le", page=65536)


@document("sqlite keyed", "db", "application/vnd.sqlite3")
def sqlite_keyed(sheet):
    """A table WITHOUT ROWID, its key in the middle of the row."""
    column = sheet.columns[sheet.types.index("email" if "email" in sheet.types
                                             else "phone")]
    names = ", ".join(f'"{name}" TEXT' for name in sheet.columns)
    chosen = ", ".join(f'"{name}"' for name in sheet.columns)
    return _database(sheet, [
        f'CREATE TABLE keyed ({names}, n INTEGER, '
        f'PRIMARY KEY ("{column}", n)) WITHOUT ROWID',
        f"INSERT INTO keyed SELECT {chosen}, rowid FROM customers",
        "DROP TABLE customers"], page=2048)


@document("sqlite log", "db-wal", "application/octet-stream")
def sqlite_log(sheet):
    """The write-ahead log of a database that is open."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "crm.db")
        with open(path, "wb") as made:
            made.write(_database(sheet))
        base = sqlite3.connect(path)
        base.execute("PRAGMA journal_mode = wal")
        base.execute("CREATE TABLE copy AS SELECT * FROM customers")
        base.commit()
        with open(path + "-wal", "rb") as log:
            data = log.read()
        base.close()
        return data


def _b64(data):
    return base64.b64encode(data).decode()


@document("json base64 member", "json", "application/json")
def json_member(sheet):
    """An answer with the file in it."""
    return json.dumps({"status": "ok", "export": {
        "name": "customers.csv", "type": "text/csv",
        "content": _b64(as_csv(sheet))}}, indent=2).encode()


@document("json base64 xlsx", "json", "application/json")
def json_xlsx(sheet):
    """A workbook as a member, on one line."""
    return json.dumps({"id": 7, "data": _b64(xlsx_dates(sheet)),
                       "next": None}).encode()


@document("json base64 rows", "json", "application/json")
def json_rows(sheet):
    """A member a customer, each coded by itself."""
    return json.dumps([{"key": n, "value": _b64(json.dumps(dict(
        zip(sheet.columns, row)), ensure_ascii=False).encode())}
        for n, row in enumerate(sheet.rows)]).encode()


@document("xml base64 member", "xml", "application/xml")
def xml_member(sheet):
    """A document in an element, on lines of 76."""
    coded = base64.encodebytes(as_csv(sheet)).decode()
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap'
            '="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><export>'
            f"<name>customers.csv</name><file>{coded}</file></export>"
            "</soap:Body></soap:Envelope>\n").encode()


@document("xml base64 xlsx", "xml", "application/xml")
def xml_xlsx(sheet):
    """A workbook in an element, on one line."""
    return ('<?xml version="1.0"?><r><file name="q3.xlsx">'
            f"{_b64(xlsx_dates(sheet))}</file></r>").encode()
