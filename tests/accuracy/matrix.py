#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""matrix.py - every format, order and header: are the customers the same?

    matrix.py [--count N] [--format TEXT] [--language L] [--order O]
              [--header yes|no] [--charset C] [--keep DIR] [--jobs N]
              [--known FILE] [--write FILE]

Each cell is one HTTP upload, read by `outflow read` with the key; the list
of affected customers is joined back to the table by `outflow affected`.
With a header the customers and the types of their fields must be exact;
without one identifying types must be exact, and 95 % of the others.

It must not know how anything is found.
"""

import argparse
import concurrent.futures
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "pcaps", "make")]

# pylint: disable=wrong-import-position
import capfile  # noqa: E402
import messages  # noqa: E402
import tables  # noqa: E402
from packets import endpoint  # noqa: E402

BINARY = os.environ.get(
    "OUTFLOW", os.path.join(ROOT, "build", "release", "outflow"))
RULES = """rules = ( { id = "any"; name = "Any"; severity = "high";
  direction = "any"; customers = 1; within = "24h"; } );
"""
KEY = bytes(range(32)).hex() + "\n"
IDENTIFYING = ("account_number", "card_number", "iban", "national_id",
               "phone", "email")
SAME = {"account_number": "card_number"}  # they stand for each other
WEAK_SHARE = 0.95
SECONDS = 120


class Cell:
    """One cell of the matrix and what was found in it."""

    def __init__(self, form, language, order, header):
        self.form = form
        self.language = language
        self.order = order
        self.header = header
        self.said = None  # why it fails
        self.unwritten = False

    @property
    def name(self):
        """The cell in words, one line of the list of expectations."""
        return (f"{self.form.name} | {self.language} | {self.order} | "
                f"{'header' if self.header else 'none'}")


class Place:
    """A folder for the files of the cells."""

    def __init__(self, folder, count, charset):
        self.folder = folder
        self.count = count
        self.charset = charset
        self.write("key", KEY.encode())
        os.chmod(self.path("key"), 0o600)
        self.write("rules", RULES.encode())
        for language in tables.LANGUAGES:
            made = tables.sheet(language, count)
            text = io.StringIO(newline="")
            out = csv.writer(text)
            out.writerow(made.columns)
            out.writerows(made.rows)
            self.write(language + ".csv", text.getvalue().encode())
            columns = ",\n".join(
                f'  {{ name = "{c}"; type = "{t}"; }}'
                for c, t in zip(made.columns, made.types))
            self.write(language + ".schema",
                       f"columns = (\n{columns} );\n".encode())

    def path(self, name):
        """A file of this folder."""
        return os.path.join(self.folder, name)

    def write(self, name, data):
        """Make a file."""
        with open(self.path(name), "wb") as file:
            file.write(data)

    def capture(self, data, media, charset):
        """One upload by HTTP as a capture file."""
        kind = media if charset is None else f"{media}; charset={charset}"
        upload = messages.request("POST", "/upload", "drop.example", data,
                                  kind=kind)
        out = capfile.Writer(self.path("cell.pcap"))
        out.put_all(messages.http(
            endpoint("10.20.0.7", 40112), endpoint("203.0.113.9", 80),
            1312506000000000, (1000, 500000),
            [(upload, messages.response(b"ok"))]))
        out.close()

    def run(self, *words):
        """Run the program; gives what it wrote."""
        done = subprocess.run([BINARY, *words], capture_output=True,
                              timeout=SECONDS, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(words)}: {done.stderr.decode()}")
        return done.stdout.decode()

    def found(self, language):
        """Customers and fields of the alert, and rows of the table met."""
        alerts = self.run("read", "-j", "1", "-q", "-f", "json", "-k",
                          self.path("key"), "-R", self.path("rules"), "-a",
                          self.path("list"), self.path("cell.pcap"))
        lines = [json.loads(line)["outflow"] for line in alerts.splitlines()]
        met = self.run("affected", "-q", "-k", self.path("key"), "-s",
                       self.path(language + ".schema"),
                       self.path(language + ".csv"), self.path("list"))
        rows = len(list(csv.reader(io.StringIO(met, newline="")))) - 1
        return lines, rows


def judge(cell, place, made, lines, rows):
    """What is wrong with what was found; None when nothing is."""
    count = place.count
    if len(lines) != 1:
        return f"{len(lines)} alerts"
    have = lines[0]["fields"]
    customers = lines[0]["customers"]
    wrong = []
    if customers != count or rows != count:
        wrong.append(f"customers {customers}, of the table {rows}")
    want = {t for t in made.types if t != "other"}
    for kind in sorted(want | set(have)):
        n = have.get(kind, 0)
        if kind not in want and kind != "other":
            if cell.header or kind in IDENTIFYING or n > count * 0.05:
                wrong.append(f"{kind} {n} of none")
        elif kind in want and n != count:
            if (cell.header or kind in IDENTIFYING
                    or n < count * WEAK_SHARE):
                wrong.append(f"{kind} {n}")
    return "; ".join(wrong) or None


def cells(given):
    """The cells that were asked for."""
    for form in tables.all_formats():
        if given.format and given.format not in form.name:
            continue
        for language in tables.LANGUAGES:
            for order in tables.ORDERS:
                for header in (True, False):
                    cell = Cell(form, language, order, header)
                    if (header or form.headless) and wanted(cell, given):
                        yield cell


def wanted(cell, given):
    """Does the command line ask for it?"""
    header = "yes" if cell.header else "no"
    return (given.language in (None, cell.language)
            and given.order in (None, cell.order)
            and given.header in (None, header)
            and (not given.only or cell.name in given.only))


def run_cell(cell, place, charset):
    """Write, send and read one cell."""
    made = tables.sheet(cell.language, place.count, cell.order, cell.header)
    data = tables.encode(cell.form.write(made), charset)
    if data is None:
        cell.unwritten = True
        return
    place.capture(data, cell.form.media, None)
    lines, rows = place.found(cell.language)
    cell.said = judge(cell, place, made, lines, rows)


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--format")
    parser.add_argument("--language", choices=tables.LANGUAGES)
    parser.add_argument("--order", choices=tables.ORDERS)
    parser.add_argument("--header", choices=("yes", "no"))
    parser.add_argument("--charset", default="utf-8")
    parser.add_argument("--keep", help="leave the files there")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--known", help="list of cells that may fail")
    parser.add_argument("--write", help="page whose table is made anew")
    given = parser.parse_args()
    given.only = None
    return given


def report(done):
    """The cells that fail, and the sum of each format."""
    by = {}
    for cell in done:
        by.setdefault(cell.form.name, []).append(cell)
    for name, group in by.items():
        bad = [c for c in group if c.said]
        print(f"{len(group) - len(bad):3} of {len(group):2}  {name}")
        for cell in bad:
            print(f"      {cell.name}: {cell.said}")
    bad = sum(1 for c in done if c.said)
    print(f"{len(done) - bad} of {len(done)} cells")


MARK = "<!-- made by matrix.py -->"
END = "<!-- end of matrix.py -->"


def figure(group):
    """What a group of cells of one format says."""
    if not group:
        return "-"
    good = sum(1 for c in group if not c.said)
    return "all" if good == len(group) else f"{good} of {len(group)}"


def replace_between(path, mark, end, lines):
    """Put lines, the first of which is the mark, between marks of a page."""
    with open(path, encoding="utf-8") as file:
        front, _, rest = file.read().partition(mark)
    behind = rest.partition(end)[2]
    with open(path, "w", encoding="utf-8") as file:
        file.write(front + "\n".join(lines) + "\n\n" + end + behind)


def known_cells(path):
    """The cells of a list that may fail."""
    if not path:
        return set()
    with open(path, encoding="utf-8") as file:
        return {line.strip() for line in file
                if line.strip() and line[0] != "#"}


def write_page(path, done, given):
    """Put the table between its marks of a page."""
    by = {}
    for cell in done:
        by.setdefault(cell.form.name, []).append(cell)
    lines = [MARK, "", f"{given.count} customers of each language a cell, "
             f"{given.charset}: {sum(1 for c in done if not c.said)} of "
             f"{len(done)} cells.", "",
             "| format | English | 日本語 | English, no header | "
             "日本語, no header |", "| --- | --- | --- | --- | --- |"]
    for name, group in by.items():
        row = [figure([c for c in group if c.header == header
                       and c.language == language])
               for header in (True, False) for language in tables.LANGUAGES]
        lines.append(f"| {name} | " + " | ".join(row) + " |")
    replace_between(path, MARK, END, lines)


def run_share(share, folder, given):
    """Some of the cells, in a folder of their own."""
    os.makedirs(folder, exist_ok=True)
    place = Place(folder, given.count, given.charset)
    for cell in share:
        run_cell(cell, place, given.charset)


def main():
    """The command line; exits 1 when a cell fails that is not known to."""
    given = options()
    known = known_cells(given.known)
    with tempfile.TemporaryDirectory() as folder:
        done = list(cells(given))
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            runs = [pool.submit(run_share, done[i::given.jobs],
                                given.keep or os.path.join(folder, str(i)),
                                given) for i in range(given.jobs)]
            for run in runs:
                run.result()
    done = [cell for cell in done if not cell.unwritten]
    report(done)
    if given.write:
        write_page(given.write, done, given)
    bad = {c.name for c in done if c.said}
    for name in sorted(bad - known):
        print("FAILS", name)
    return 1 if bad - known else 0


if __name__ == "__main__":
    sys.exit(main())
