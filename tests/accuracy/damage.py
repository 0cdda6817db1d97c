#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""damage.py - one damaged byte changes the rows it touches, or 64 KiB.

    damage.py [--count N] [--hits N] [--all] [--format TEXT] [--wrap TEXT]
              [--every N] [--jobs N] [--known FILE] [--verbose]
              [--write FILE]

Writes tables in every format and wrapping and changes one byte of the upload
at a time: anywhere in it, in its head and where the format has its signs.
Against the undamaged upload, no customer may be lost whose row ends in front
of the byte or begins more than 64 KiB behind it, no customer there may change
its fields (but for a byte of the head or of the first row), and a digit put for
a digit may cost one customer at most. Nobody may be invented but from the
rows that changed. --all hits every byte, for small tables. Exit status 1: a
table broke the law that is not known to.

It must not know how anything is found.
"""

import argparse
import base64
import bisect
import multiprocessing
import quopri
import sys

import feeding
import matrix
import tables
import customers

REACH = 64 << 10
SLACK = 64  # records are seen when the piece of this size is fed
VALUES = (0x00, 0xFF, ord('"'), ord("\n"), ord("["), ord("7"), ord("<"),
          ord(","))
SIGNS = b'"\',;:|\t\n\r<>{}[]()=+-/\\&%'


def plain(form, text, _):
    """As it is."""
    return feeding.upload(text.encode(), form.media)


def chunked(form, text, _):
    """In chunks of HTTP."""
    data, made = text.encode(), []
    for i in range(0, len(data), 4000):
        piece = data[i:i + 4000]
        made.append(b"%x\r\n%s\r\n" % (len(piece), piece))
    head = ("POST /upload HTTP/1.1\r\nHost: drop.example\r\nContent-Type: "
            f"{form.media}\r\nTransfer-Encoding: chunked\r\n\r\n")
    return head.encode() + b"".join(made) + b"0\r\n\r\n"


def _part(form, data, coding):
    head = ('--cut\r\nContent-Disposition: form-data; name="file"; filename="'
            f'list.txt"\r\nContent-Type: {form.media}\r\n'
            f"Content-Transfer-Encoding: {coding}\r\n\r\n")
    return feeding.upload(head.encode() + data + b"\r\n--cut--\r\n",
                          "multipart/form-data; boundary=cut")


def in_base64(form, text, _):
    """A part of a form in Base64."""
    return _part(form, base64.encodebytes(text.encode()).replace(
        b"\n", b"\r\n"), "base64")


def in_quoted(form, text, _):
    """A part of a form in quoted-printable."""
    lines = text.replace("\r\n", "\n").encode()
    return _part(form, quopri.encodestring(lines).replace(
        b"\n", b"\r\n"), "quoted-printable")


def _charset(name):
    def wrap(form, text, language):
        data = tables.encode(text, name)
        if data is None or (name == "cp932" and language == "english"):
            return None
        return feeding.upload(data, form.media)
    return wrap


WRAPS = {"plain": plain, "chunked": chunked, "base64": in_base64,
         "quoted-printable": in_quoted, "UTF-16": _charset("utf-16-le"),
         "CP932": _charset("cp932")}


class Base:
    """The undamaged upload: where each customer's row lies. A word of its
    head, or of its first row, may stand for the types of all fields."""

    def __init__(self, truth, records):
        self.truth = truth
        self.start, self.end = {}, {}
        ends = sorted({record.last for record in records})
        for record in records:
            at = bisect.bisect_left(ends, record.last)
            before = ends[at - 1] - SLACK if at else 0
            row = truth.row_of(record)
            if row is not None:
                self.end[row] = max(self.end.get(row, 0), record.last)
                self.start[row] = min(self.start.get(row, before), before)
        self.head = min(self.end.values(), default=0)

    def broken(self, at, changes, calm):
        """What of the law is broken by these changes; "" when nothing is.
        calm: a digit stands for a digit."""
        gone, come, strangers = {}, {}, 0
        for record in changes:
            row = self.truth.row_of(record)
            strangers += record.sign == "+" and row is None
            if row in self.end:
                side = gone if record.sign == "-" else come
                side[row] = side.get(row, 0) | record.fields
        lost = [row for row in gone if row not in come]
        other = [row for row in gone if row in come and gone[row] != come[row]]
        words = []
        if at <= self.head:
            other = []
        for name, rows in (("lost", lost), ("changed", other)):
            before = sum(1 for row in rows if self.end[row] < at)
            behind = sum(1 for row in rows if self.start[row] > at + REACH)
            if before:
                words.append(f"{name} {before} in front")
            if behind:
                words.append(f"{name} {behind} far behind")
        if calm and len(lost) > 1:
            words.append(f"lost {len(lost)} by a digit")
        if strangers > len(gone) + 1:
            words.append(f"{strangers} strangers, {len(gone)} rows touched")
        return "; ".join(words)


def places(source, data, given):
    """Where to hit, and with what."""
    if given.all:
        return [(at, value) for at in range(len(data)) for value in VALUES
                if data[at] != value]
    signs = [at for at in range(len(data)) if data[at] in SIGNS]
    made = []
    for n in range(given.hits):
        kind = n % 4
        at = (source.below(min(len(data), 600)) if kind == 0
              else source.pick(signs) if kind == 1
              else source.below(len(data)))
        value = VALUES[source.below(len(VALUES))]
        if kind == 3:  # a digit for a digit
            while not 48 <= data[at] <= 57:
                at = (at + 1) % len(data)
            value = 48 + (data[at] - 47) % 10
        if data[at] != value:
            made.append((at, value))
    return made


def run_cell(what):
    """All hits of a format, language and wrapping."""
    number, language, wrap, given = what
    form = tables.all_formats()[number]
    sheet = tables.sheet(language, given.count)
    data = WRAPS[wrap](form, form.write(sheet), language)
    name = f"{form.name} | {language} | {wrap}"
    if data is None:
        return name, 0, []
    truth, said = feeding.Truth(sheet), []
    source = customers.Source("damage:" + name)
    with feeding.Feeder() as feeder:
        feeder.load(data)
        records = feeder.read(SLACK)
        truth.learn(records)
        base = Base(truth, records)
        if len(base.end) != given.count:
            said.append(f"undamaged: {len(base.end)} customers")
        todo = places(source, data, given)
        for at, value in todo:
            calm = (48 <= data[at] <= 57 and 48 <= value <= 57
                    and wrap != "base64")  # there a digit is a piece of text
            words = base.broken(at, feeder.ask(f"hit {at} {value}"), calm)
            if words:
                near = data[max(at - 12, 0):at + 12]
                said.append(f"{at}={value:#04x} in {near!r}: {words}")
    return name, len(todo), said


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=700)
    parser.add_argument("--hits", type=int, default=60)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--format", default="")
    parser.add_argument("--wrap", default="")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--known", help="list of tables that may fail")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--write", help="page whose figures are made anew")
    return parser.parse_args()


MARK = "<!-- made by damage.py -->"
END = "<!-- end of damage.py -->"


def write_page(path, done, given):
    """Put the figures between their marks of a page."""
    hits = sum(count for _, count, _ in done)
    broken = sum(len(said) for _, _, said in done)
    lines = [MARK, "", f"{given.count} customers of each language: {hits} "
             f"bytes of {len(done)} uploads were changed, one at a time; "
             f"{broken} of them broke the law.", "",
             "| upload | bytes | what broke it first |", "| --- | --: | --- |"]
    lines += [f"| {name.replace(' | ', ', ')} | {len(said)} of {count} | "
              f"{said[0].rpartition(': ')[2]} |"
              for name, count, said in done if said]
    matrix.replace_between(path, MARK, END, lines)


def main():
    """The command line; exits 1 when a table breaks the law."""
    given = options()
    known = matrix.known_cells(given.known)
    todo = [(number, language, wrap, given)
            for number, form in enumerate(tables.all_formats())
            if given.format in form.name for language in tables.LANGUAGES
            for wrap in WRAPS if given.wrap in wrap]
    with multiprocessing.Pool(given.jobs) as pool:
        done = pool.map(run_cell, todo[::given.every], 1)
    hits = bad = new = 0
    for name, count, said in done:
        hits += count
        bad += bool(said)
        if said and name not in known:
            new += 1
            print(f"FAILS {name}: {len(said)} of {count}")
            for line in said if given.verbose else said[:2]:
                print("     ", line)
    print(f"{len(done) - bad} of {len(done)} tables, {hits} bytes")
    if given.write:
        write_page(given.write, done, given)
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
