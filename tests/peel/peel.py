#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peel.py - every document in every container: are the customers the same?

    peel.py [--count N] [--what WORD,...] [--document TEXT] [--container TEXT]
            [--channel C] [--language L] [--every N] [--jobs N]
            [--made DIR] [--known FILE] [--write FILE] [--list]

WORD is one of documents (each alone, both languages, every channel),
containers (a CSV file in each), pairs (each document in each container, the
language and the channel in turn) and nestings (200 at random, up to eight
deep, every channel); default: all. Each cell is a capture read by `outflow
read`. It is good when the list of affected customers is the same, to the
customer and to the field, as that of the plain CSV file, which `outflow
affected` joins back to the table. --made keeps the documents that were
written, for the next run.

It must not know how anything is found.
"""

import argparse
import concurrent.futures
import os
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import reading  # noqa: E402
import customers  # noqa: E402
import matrix  # noqa: E402
import tables  # noqa: E402

FIXTURES = os.path.join(making.HERE, "fixtures")
NESTINGS = 200
DEEPEST = 8
WHAT = ("documents", "containers", "pairs", "nestings")
# Said to be unread, with a reason: kind in the alert.
STATED = {"zip deflate64": "zip", "arj": "arj"}
# No magic and no check: known by their label only (Content-Encoding).
UNMARKED = ("brotli", "deflate")


class Made:
    """Documents and reference lists, each made once."""

    def __init__(self, count, folder):
        self.count = count
        self.folder = folder
        self.lock = threading.Lock()
        self.locks, self.sheets, self.lists = {}, {}, {}

    def sheet(self, language):
        """The table of a language."""
        with self.lock:
            if language not in self.sheets:
                self.sheets[language] = tables.sheet(language, self.count)
            return self.sheets[language]

    def document(self, kind, language):
        """A document, from a folder when it is there."""
        name = f"{language}-{self.count}-{kind.name.replace(' ', '_')}"
        path = os.path.join(FIXTURES, name + "." + kind.ending)
        if not os.path.exists(path):
            path = os.path.join(self.folder, name + "." + kind.ending)
        with self.lock:
            lock = self.locks.setdefault(path, threading.Lock())
        with lock:
            if not os.path.exists(path):
                data = kind.write(self.sheet(language))
                with open(path + ".new", "wb") as file:
                    file.write(data)
                os.rename(path + ".new", path)
            with open(path, "rb") as file:
                return file.read()


class Cell:
    """A document in containers, the outermost last, over a channel."""

    def __init__(self, what, kind, packed, language, channel):
        self.what = what
        self.kind, self.packed = kind, packed
        self.language, self.channel = language, channel
        self.said = None
        self.missing = None
        self.stated = False

    @property
    def name(self):
        """The cell in words."""
        inner = " > ".join(one.name for one in reversed(self.packed))
        return (f"{inner + ' > ' if inner else ''}{self.kind.name} | "
                f"{self.language} | {self.channel}")

    def bytes(self, made):
        """What is sent, and its name."""
        data = made.document(self.kind, self.language)
        name = "customers." + self.kind.ending
        for one in self.packed:
            data = one.write(data, name)
            name = name + "." + one.ending
        return data, name[-60:]


def judge(cell, told, want):
    """What is wrong with what was told; None when nothing is."""
    stated = [STATED[one.name] for one in cell.packed if one.name in STATED]
    if stated:
        cell.stated = True
        if told.people:
            return f"{len(told.people)} customers, stated unread"
        return None if told.why() else "nothing told"
    if told.people == want:
        return None
    lost = len(want.keys() - told.people.keys())
    new = len(told.people.keys() - want.keys())
    other = sum(1 for who, what in want.items()
                if told.people.get(who, what) != what)
    fields = told.any["fields"] if told.any else {}
    why = ",".join(f"{kind}:{why}" for kind, why in sorted(told.unread))
    return (f"lost {lost}, strangers {new}, other fields {other} {fields} "
            f"unread {why or told.why()}")


class Runner:
    """A thread's reader and the reference lists."""

    def __init__(self, made, folder):
        self.made = made
        self.reader = reading.Reader(folder)

    def want(self, language):
        """The list of the plain table, joined back to it."""
        with self.made.lock:
            if language in self.made.lists:
                return self.made.lists[language]
        plain = next(k for k in making.writers()[0] if k.name == "csv")
        told = self.reader.send("http", self.made.document(plain, language),
                                media="text/csv")
        sheet = self.made.sheet(language)
        met = self.reader.met(sheet)
        if len(told.people) != self.made.count or met != self.made.count:
            raise SystemExit(f"plain {language} table: {len(told.people)} "
                             f"customers, {met} rows")
        want = {kind: len(sheet.rows) for kind in sheet.types
                if kind != "other"}
        have = {k: n for k, n in told.any["fields"].items() if k != "other"}
        if have != want:
            raise SystemExit(f"plain {language} table: {have}")
        with self.made.lock:
            self.made.lists[language] = told.people
        return told.people

    def run(self, cell):
        """Make, send and judge a cell."""
        want = self.want(cell.language)
        try:
            data, name = cell.bytes(self.made)
        except making.Missing as error:
            cell.missing = str(error)
            return
        except UnicodeEncodeError:
            cell.missing = "cannot be written"
            return
        try:
            told = self.reader.send(cell.channel, data, name,
                                    (cell.packed or [cell.kind])[-1].media)
        except (RuntimeError, OSError) as error:
            cell.said = str(error)
            return
        cell.said = judge(cell, told, want)


def documents(kinds, _):
    """Each document by itself."""
    for kind in kinds:
        for language in tables.LANGUAGES:
            for channel in reading.CHANNELS:
                yield Cell("documents", kind, [], language, channel)


def containers(kinds, packers):
    """A CSV file in each container."""
    plain = next(kind for kind in kinds if kind.name == "csv")
    for packer in packers:
        for language in tables.LANGUAGES:
            for channel in reading.CHANNELS:
                yield Cell("containers", plain, [packer], language, channel)


def pairs(kinds, packers):
    """Each document in each container."""
    turn = 0
    for kind in kinds:
        for packer in packers:
            if packer.name in STATED:
                continue
            turn += 1
            yield Cell("pairs", kind, [packer],
                       tables.LANGUAGES[turn % 2],
                       reading.CHANNELS[turn % 3])
        turn += 1


def nestings(kinds, packers):
    """Containers in containers around a document, at random."""
    packers = [one for one in packers
               if one.name not in STATED and one.name not in UNMARKED]
    for n in range(NESTINGS):
        source = customers.Source(f"nesting:{n}")
        kind = source.pick(kinds)
        packed = [source.pick(packers) for _ in range(2 + source.below(
            DEEPEST - 1))]
        for channel in reading.CHANNELS:
            yield Cell("nestings", kind, packed, tables.LANGUAGES[n % 2],
                       channel)


def wanted(cell, given):
    """Does the command line ask for it?"""
    return ((not given.document or cell.kind.name == given.document
             or (given.document.endswith("*")
                 and cell.kind.name.startswith(given.document[:-1])))
            and (not given.container or given.container in
                 [one.name for one in cell.packed])
            and given.channel in (None, cell.channel)
            and given.language in (None, cell.language))


def cells(given):
    """The cells that were asked for."""
    kinds, packers = making.writers()
    made = {"documents": documents, "containers": containers,
            "pairs": pairs, "nestings": nestings}
    asked = [cell for what in given.what.split(",")
             for cell in made[what](kinds, packers) if wanted(cell, given)]
    asked = [cell for n, cell in enumerate(asked)
             if cell.what != "pairs" or n % given.pairs == 0]
    if given.quick:
        turns = [asked[i:i + 6] for i in range(0, len(asked), 6)]
        asked = [turn[n % len(turn)] for n, turn in enumerate(turns)]
    return asked[given.first::given.every]


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--what", default=",".join(WHAT))
    parser.add_argument("--document")
    parser.add_argument("--container")
    parser.add_argument("--channel", choices=reading.CHANNELS)
    parser.add_argument("--language", choices=tables.LANGUAGES)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pairs", type=int, default=1,
                        help="only each N-th of the pairs")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--made", help="folder that keeps the documents")
    parser.add_argument("--known", help="list of cells that may fail")
    parser.add_argument("--write", help="page whose tables are made anew")
    parser.add_argument("--list", action="store_true",
                        help="name the cells only")
    parser.add_argument("--quick", action="store_true",
                        help="languages and channels in turn")
    return parser.parse_args()


MARK = "<!-- made by peel.py -->"
END = "<!-- end of peel.py -->"


def figure(group):
    """What a group of cells says."""
    group = [cell for cell in group if not cell.missing]
    if not group:
        return "-"
    good = sum(1 for cell in group if not cell.said)
    if good == len(group):
        return "told unread" if group[0].stated else "all"
    return f"{good} of {len(group)}"


def rows(done, what, name, inside):
    """Lines of a table: a name, each channel, and of the pairs."""
    names = list(dict.fromkeys(name(c) for c in done if c.what == what))
    for one in names:
        group = [c for c in done if c.what == what and name(c) == one]
        cols = [figure([c for c in group if c.channel == channel])
                for channel in reading.CHANNELS]
        cols.append(figure([c for c in done if c.what == "pairs"
                            and inside(c) == one]))
        yield f"| {one} | " + " | ".join(cols) + " |"


def write_page(path, done, given):
    """Put the tables between their marks of a page."""
    def outer(cell):
        return cell.packed[-1].name
    good = sum(1 for cell in done if not cell.said)
    nested = [c for c in done if c.what == "nestings"]
    some = f", of the pairs one in {given.pairs}" if given.pairs > 1 else ""
    lines = [MARK, "", f"{given.count} customers of each language a cell"
             f"{some}: {good} of {len(done)} cells.", ""]
    head = "| --- | --- | --- | --- | --- |"
    lines += ["| document | HTTP | SMTP | FTP | in each container |", head,
              *rows(done, "documents", lambda c: c.kind.name,
                    lambda c: c.kind.name), "",
              "| container | HTTP | SMTP | FTP | of each document |", head,
              *rows(done, "containers", outer, outer), "",
              "| random nestings | " + " | ".join(
                  c.upper() for c in reading.CHANNELS) + " |",
              "| --- | --- | --- | --- |",
              f"| {NESTINGS}, up to {DEEPEST} deep | " + " | ".join(
                  figure([c for c in nested if c.channel == channel])
                  for channel in reading.CHANNELS) + " |"]
    matrix.replace_between(path, MARK, END, lines)


def report(done):
    """The cells that fail, and what was left out."""
    lacks = {}
    for cell in done:
        if cell.missing:
            lacks[cell.missing] = lacks.get(cell.missing, 0) + 1
        if cell.said:
            print(f"BAD {cell.what}: {cell.name}: {cell.said}")
    for lack, count in sorted(lacks.items()):
        print(f"left out: {count} cells, {lack}")
    for what in WHAT:
        group = [c for c in done if c.what == what and not c.missing]
        if group:
            good = sum(1 for c in group if not c.said)
            print(f"{what}: {good} of {len(group)} cells")


def main():
    """The command line; exits 1 when a cell fails that is not known to."""
    given = options()
    asked = cells(given)
    if given.list:
        print("\n".join(cell.name for cell in asked))
        return 0
    known = matrix.known_cells(given.known)
    with tempfile.TemporaryDirectory() as folder:
        place = given.made or os.path.join(folder, "made")
        os.makedirs(place, exist_ok=True)
        made = Made(given.count, place)
        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            def share(i):
                runner = Runner(made, os.path.join(folder, str(i)))
                for cell in asked[i::given.jobs]:
                    runner.run(cell)
            list(pool.map(share, range(given.jobs)))
    report(asked)
    done = [cell for cell in asked if not cell.missing]
    if given.write:
        write_page(given.write, done, given)
    bad = {cell.name for cell in done if cell.said}
    return 1 if bad - known else 0


if __name__ == "__main__":
    sys.exit(main())
