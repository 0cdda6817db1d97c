#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""torn.py - one lost segment inside a packed file.

    torn.py [--count N] [--only TEXT] [--write FILE]

Each file is uploaded and one segment of it is left out of the capture, ACKed
all the same. Customers whose rows stand before the hole must all be found,
those of later entries, members and blocks again where the format lets them,
nobody else; and missing_bytes must be the bytes of the segment.
"""

import argparse
import gzip
import io
import os
import re
import sys
import tarfile
import tempfile
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import capfile  # noqa: E402
import feeding  # noqa: E402
import matrix  # noqa: E402
import messages  # noqa: E402
import reading  # noqa: E402
import tables  # noqa: E402
import write_papers  # noqa: E402
import write_sheets  # noqa: E402
from packets import endpoint  # noqa: E402

PARTS = 5
MARK = "<!-- made by torn.py -->"
END = "<!-- end of torn.py -->"


class Case:
    """A file, where it is torn, and the rows that must be found."""

    def __init__(self, name, data, at, must, may=()):
        self.name, self.data, self.at = name, data, at
        self.must, self.may = set(must), set(may)
        self.told = self.said = None


def shares(sheet):
    """The rows of each part, and its CSV."""
    size = len(sheet.rows) // PARTS
    for n in range(PARTS):
        part = range(n * size, (n + 1) * size)
        some = tables.Sheet(sheet.columns, sheet.types,
                            [sheet.rows[i] for i in part])
        yield part, write_sheets.as_csv(some)


def hole(data, at):
    """The bytes of the file that the lost segment has: (from, to)."""
    head = len(request(data)) - len(data)
    first = (head + at) // 1448 * 1448 - head
    return max(first, 0), min(first + 1448, len(data))


def request(data):
    """The upload."""
    return messages.request("POST", "/upload", "drop.example", data,
                            kind="application/octet-stream")


def whole_lines(text):
    """Rows of a CSV file that are complete in the beginning of it."""
    return max(text.count(b"\n") - 1, 0)


def inflated(data, wbits=-15):
    """What the beginning of a stream gives."""
    return zlib.decompressobj(wbits).decompress(data)


def entries(data):
    """(name, first byte, size, method) of the entries of a zip file."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for info in file.infolist():
            sizes = data[info.header_offset + 26:info.header_offset + 30]
            name, extra = (int.from_bytes(sizes[i:i + 2], "little")
                           for i in (0, 2))
            yield (info.filename, info.header_offset + 30 + name + extra,
                   info.compress_size, info.compress_type)


def middle(data, name):
    """The middle of an entry, its first byte, and its method."""
    for one, first, size, method in entries(data):
        if one == name:
            return first + size // 2, first, method
    raise KeyError(name)


def rows_around(text, first, last):
    """Lines that are whole before first, and whole behind last."""
    before = whole_lines(text[:first])
    behind = text[last:].count(b"\n") - (text[last - 1:last] != b"\n")
    return before, max(behind, 0)


def zips(sheet):
    """CSV files in a zip, stored, packed and streamed."""
    parts = list(shares(sheet))
    files = [(f"{n}.csv", text) for n, (_, text) in enumerate(parts)]
    rest = {i for n, (rows, _) in enumerate(parts) if n != 2 for i in rows}
    for name, method, streamed in (
            ("zip", zipfile.ZIP_DEFLATED, False),
            ("zip streamed", zipfile.ZIP_DEFLATED, True),
            ("zip stored", zipfile.ZIP_STORED, False)):
        data = write_sheets.zipped(files, streamed, method)
        at, first, _ = middle(data, "2.csv")
        begin, end = hole(data, at)
        rows = list(parts[2][0])
        if method == zipfile.ZIP_STORED:
            before, behind = rows_around(parts[2][1], begin - first,
                                         end - first)
            must = rows[:before] + (rows[-behind:] if behind else [])
        else:
            must = rows[:whole_lines(inflated(data[first:begin]))]
        yield Case(f"{name} of {PARTS} CSV files", data, at,
                   rest | set(must), rows)


def singles(sheet):
    """One CSV file, packed."""
    text = write_sheets.as_csv(sheet)
    every = range(len(sheet.rows))
    data = write_sheets.zipped([("customers.csv", text)])
    at, first, _ = middle(data, "customers.csv")
    found = whole_lines(inflated(data[first:hole(data, at)[0]]))
    yield Case("csv.zip", data, at, every[:found], every[:found + 1])
    data = gzip.compress(text, mtime=0)
    at = len(data) // 2
    found = whole_lines(inflated(data[:hole(data, at)[0]], 31))
    yield Case("csv.gz", data, at, every[:found], every[:found + 1])
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        info = tarfile.TarInfo("customers.csv")
        info.size = len(text)
        file.addfile(info, io.BytesIO(text))
    data = gzip.compress(out.getvalue(), mtime=0)
    at = len(data) // 2
    some = inflated(data[:hole(data, at)[0]], 31)[512:]
    found = whole_lines(some)
    yield Case("tar.gz", data, at, every[:found], every[:found + 1])


def members(sheet):
    """Formats that begin anew behind the hole."""
    parts = list(shares(sheet))
    rest = {i for n, (rows, _) in enumerate(parts) if n != 2 for i in rows}
    packed = [gzip.compress(text, mtime=0) for _, text in parts]
    data = b"".join(packed)
    start = sum(map(len, packed[:2]))
    at = start + len(packed[2]) // 2
    begin, _ = hole(data, at)
    rows = list(parts[2][0])
    before = rows[:whole_lines(inflated(data[start:begin], 31))]
    yield Case("gzip of five members", data, at, rest | set(before), rows)
    out, places = io.BytesIO(), []
    with tarfile.open(fileobj=out, mode="w") as file:
        for n, (_, text) in enumerate(parts):
            info = tarfile.TarInfo(f"{n}.csv")
            info.size = len(text)
            places.append(out.tell() + 512)
            file.addfile(info, io.BytesIO(text))
    data = out.getvalue()
    at = places[2] + len(parts[2][1]) // 2
    begin, end = hole(data, at)
    before, behind = rows_around(parts[2][1], begin - places[2],
                                 end - places[2])
    must = rows[:before] + (rows[-behind:] if behind else [])
    yield Case("tar of five CSV files", data, at, rest | set(must), rows)
    at = places[3] - 300
    must = {i for n, (rows, _) in enumerate(parts) if n not in (2, 3)
            for i in rows}
    begin, end = hole(data, at)
    before = list(parts[2][0])[:whole_lines(data[places[2]:begin])]
    behind = data[end:places[3] + len(parts[3][1])].count(b"\n") - 1
    later = list(parts[3][0])[-behind:]
    yield Case("tar, the head of an entry", data, at,
               must | set(before) | set(later),
               [*parts[2][0], *parts[3][0]])


def offices(sheet):
    """Documents that are zips."""
    every = range(len(sheet.rows))
    for name, data, part, end in (
            ("xlsx, strings behind", write_sheets.xlsx_openpyxl(sheet),
             "xl/worksheets/sheet1.xml", rb"</row>"),
            ("xlsx, strings in front", write_sheets.xlsx_first(sheet),
             "xl/worksheets/sheet1.xml", rb"</row>"),
            ("xlsx, inline strings", write_sheets.xlsx_inline(sheet),
             "xl/worksheets/sheet1.xml", rb"</row>"),
            ("docx", write_papers.docx_table(sheet), "word/document.xml",
             rb"</w:tr>"),
            ("ods", write_sheets.ods(sheet), "content.xml",
             rb"</table:table-row>")):
        at, first, _ = middle(data, part)
        text = inflated(data[first:hole(data, at)[0]])
        found = max(len(re.findall(end, text)) - 1, 0)
        yield Case(name, data, at, every[:found], every[:found + 1])
    data = write_sheets.xlsx_sheets(sheet)
    at, first, _ = middle(data, "xl/worksheets/sheet3.xml")
    text = inflated(data[first:hole(data, at)[0]])
    found = len(re.findall(rb"</row>", text)) - 1
    share = (len(every) + 2) // 3
    must = [*every[:share + found], *every[share * 2:]]
    yield Case("xlsx, the third of four sheets", data, at, must,
               [*must, share + found])


def cases(sheet):
    """All of them."""
    for make in (singles, zips, members, offices):
        yield from make(sheet)


def tear(reader, case):
    """Write the capture without the segment; gives its bytes."""
    asked = request(case.data)
    place = len(asked) - len(case.data) + case.at
    out, lost = capfile.Writer(reader.path("torn.pcap")), 0
    seq = 1001
    for stamp, frame in messages.http(
            endpoint("10.20.0.7", 40112), endpoint("203.0.113.9", 80),
            reading.START, (1000, 500000),
            [(asked, messages.response(b"ok"))]):
        tcp = 14 + (frame[14] & 15) * 4
        size = len(frame) - tcp - (frame[tcp + 12] >> 4) * 4
        mine = int.from_bytes(frame[tcp:tcp + 2], "big") == 40112
        at = int.from_bytes(frame[tcp + 4:tcp + 8], "big") - seq
        if mine and at <= place < at + size:
            lost = size
        else:
            out.put(stamp, frame)
    out.close()
    return lost


def judge(case, told, lost, truth):
    """What is wrong with what was told, or None."""
    rows = {truth.of.get(who) for who in told.people}
    strangers = len(told.people) - sum(
        1 for who in told.people if who in truth.of)
    missing = told.stats["missing_bytes"]
    case.told = (len(rows - {None}), missing)
    wrong = []
    if case.must - rows:
        wrong.append(f"lost {len(case.must - rows)} of {len(case.must)}")
    if strangers or rows - case.must - case.may - {None}:
        wrong.append(f"{strangers} strangers, "
                     f"{len(rows - case.must - case.may - {None})} too many")
    if missing != lost:
        wrong.append(f"missing {missing}, not {lost}")
    return ", ".join(wrong) or None


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", help="folder for the captures")
    parser.add_argument("--write", help="page whose table is made anew")
    return parser.parse_args()


def write_page(path, done, count):
    """Put the table between its marks of a page."""
    lines = [MARK, "", f"| {count} customers in | found | of those that "
             "can be | missing bytes | |", "| --- | --: | --: | --: | --- |"]
    for case in done:
        lines.append(f"| {case.name} | {case.told[0]} | {len(case.must)} | "
                     f"{case.told[1]} | {case.said or 'good'} |")
    matrix.replace_between(path, MARK, END, lines)


def main():
    """The command line."""
    given = options()
    making.writers()
    sheet = tables.sheet("english", given.count)
    truth = feeding.Truth(sheet)
    done = []
    with tempfile.TemporaryDirectory() as folder:
        reader = reading.Reader(given.keep or folder)
        for case in cases(sheet):
            if given.only not in case.name:
                continue
            lost = tear(reader, case)
            case.said = judge(case, reader.read("torn.pcap"), lost, truth)
            done.append(case)
            print(f"{'BAD ' if case.said else 'good'} {case.name}: "
                  f"{case.told[0]} found, {len(case.must)} must, "
                  f"{case.told[1]} missing; {case.said or ''}")
    if given.write:
        write_page(given.write, done, given.count)
    return any(case.said for case in done)


if __name__ == "__main__":
    sys.exit(main())
