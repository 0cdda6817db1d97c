#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cross.py - every charset by every format, order and header.

    cross.py [--count N] [--format TEXT] [--charset TEXT] [--language L]
             [--declare none|right|wrong] [--jobs N] [--known FILE]
             [--every N] [--write FILE]

matrix.py sends one charset at a time through the whole program; this feeds
the bytes of all of them to the decoders and detectors in one process
(feed.c) and asks the same: exactly the customers, with a header exactly the
types of their fields, without one identifying types exactly and 95 % of the
others. --every N takes each N-th cell only, over all formats and charsets.

It must not know how anything is found.
"""

import argparse
import multiprocessing
import sys

import feeding
import matrix
import tables

# Words that a charset has and ASCII has not, put behind every fifth name of
# the English table; what a charset can write is else the same bytes in all.
WORDS = {
    "western": "Müller Gómez François Björk Ångström Nuñez Léa Søren",
    "central": "Dvořák Wiśniewska Żółkiewski Růžička Erdős Šumavská Łukasz",
    "turkish": "Yılmaz Öztürk Şahin Çağrı Gökçe İbrahim Kılıç",
    "cyrillic": "Иванов Смирнова Кузнецов Попова Соколов Лебедева",
    "greek": "Παπαδόπουλος Νικολάου Γεωργίου Ιωάννου Δημητρίου",
}

# name, codec, mark in front, label to declare, words
CHARSETS = [
    ("UTF-8", "utf-8", b"", "utf-8", None),
    ("UTF-8 mark", "utf-8", b"\xef\xbb\xbf", "utf-8", None),
    ("UTF-16LE", "utf-16-le", b"", "utf-16le", None),
    ("UTF-16LE mark", "utf-16-le", b"\xff\xfe", "utf-16", None),
    ("UTF-16BE", "utf-16-be", b"", "utf-16be", None),
    ("UTF-16BE mark", "utf-16-be", b"\xfe\xff", "utf-16", None),
    ("UTF-32LE", "utf-32-le", b"", "utf-32le", None),
    ("UTF-32LE mark", "utf-32-le", b"\xff\xfe\0\0", "utf-32", None),
    ("UTF-32BE", "utf-32-be", b"", "utf-32be", None),
    ("UTF-32BE mark", "utf-32-be", b"\0\0\xfe\xff", "utf-32", None),
    ("CP932", "cp932", b"", "shift_jis", None),
    ("EUC-JP", "euc_jp", b"", "euc-jp", None),
    ("ISO-2022-JP", "iso2022_jp", b"", "iso-2022-jp", None),
    ("GB 18030", "gb18030", b"", "gb18030", None),
    ("Big5", "big5hkscs", b"", "big5-hkscs", None),
    ("CP949", "cp949", b"", "euc-kr", None),
    ("ISO 8859-1", "iso8859-1", b"", "iso-8859-1", "western"),
    ("ISO 8859-15", "iso8859-15", b"", "iso-8859-15", "western"),
    ("CP1252", "cp1252", b"", "windows-1252", "western"),
    ("CP850", "cp850", b"", "cp850", "western"),
    ("Macintosh", "mac_roman", b"", "macintosh", "western"),
    ("ISO 8859-2", "iso8859-2", b"", "iso-8859-2", "central"),
    ("CP1250", "cp1250", b"", "windows-1250", "central"),
    ("ISO 8859-9", "iso8859-9", b"", "iso-8859-9", "turkish"),
    ("CP1254", "cp1254", b"", "windows-1254", "turkish"),
    ("CP1251", "cp1251", b"", "windows-1251", "cyrillic"),
    ("ISO 8859-5", "iso8859-5", b"", "iso-8859-5", "cyrillic"),
    ("KOI8-R", "koi8-r", b"", "koi8-r", "cyrillic"),
    ("CP866", "cp866", b"", "cp866", "cyrillic"),
    ("CP1253", "cp1253", b"", "windows-1253", "greek"),
    ("ISO 8859-7", "iso8859-7", b"", "iso-8859-7", "greek"),
]
FAMILIES = ("UTF-8", "UTF-16", "UTF-32", "CP932", "EUC-JP", "ISO-2022-JP",
            "GB 18030", "Big5", "CP949", "one byte")
WRONG = {"utf-8": "iso-8859-1", "iso-8859-1": "utf-8"}


def family(charset):
    """The column of the published table."""
    for name in FAMILIES:
        if charset.startswith(name):
            return name
    return "one byte"


def with_words(sheet, words):
    """The table with such words behind every fifth name."""
    at = sheet.place("person_name")
    words = WORDS[words].split()
    rows = [row[:at] + (row[at] + " " + words[n // 5 % len(words)],)
            + row[at + 1:] if n % 5 == 0 else row
            for n, row in enumerate(sheet.rows)]
    return tables.Sheet(sheet.columns, sheet.types, rows, sheet.header)


def judge(found, sheet):
    """What is wrong with what was found; None when nothing is."""
    count, wrong = len(sheet.rows), []
    if len(found.customers) != count or found.strangers or found.mixed:
        wrong.append(f"customers {len(found.customers)}, strangers "
                     f"{found.strangers}, mixed {found.mixed}")
    want = {kind for kind in sheet.types if kind != "other"}
    for kind in feeding.FIELDS:
        have = found.count(kind)
        strict = sheet.header or kind in matrix.IDENTIFYING
        if kind == "other":
            continue
        if kind not in want:
            bad = have > (0 if strict else count * 0.05)
        else:
            bad = have < (count if strict else count * matrix.WEAK_SHARE)
        if bad:
            wrong.append(f"{kind} {have}")
    return "; ".join(wrong) or None


def media_of(form, label, declare):
    """The media type, with what it says of the charset."""
    if declare == "none":
        return form.media
    if declare == "wrong":
        label = WRONG.get(label, "utf-8")
    return f"{form.media}; charset={label}"


class Unit:
    """All cells of one language, order and header."""

    def __init__(self, language, order, header, given):
        self.language, self.order, self.header = language, order, header
        self.given = given
        self.done = []  # (format, charset, language, order, header, said)

    def formats(self):
        """Those that were asked for."""
        for form in tables.all_formats():
            if self.header or form.headless:
                if not self.given.format or self.given.format in form.name:
                    yield form

    def run(self):
        """Write and feed every cell."""
        plain = tables.sheet(self.language, self.given.count, self.order,
                             self.header)
        truth = feeding.Truth(plain)
        with feeding.Feeder() as feeder:
            whole = tables.sheet(self.language, self.given.count, self.order)
            text = tables.all_formats()[0].write(whole)
            feeder.load(feeding.upload(text.encode(), "text/csv"))
            truth.learn(feeder.read())
            for number, form in enumerate(self.formats()):
                self.run_format(feeder, truth, plain, (number, form))
        return self.done

    def look(self, feeder, truth, sheet):
        """What is wrong with what is loaded; None when nothing is."""
        return judge(feeding.Found(truth, feeder.read()), sheet)

    def run_format(self, feeder, truth, plain, numbered):
        """A format in every charset."""
        number, form = numbered
        texts, met = {}, set()
        for i, (name, codec, mark, label, words) in enumerate(CHARSETS):
            if (words and self.language != "english"
                    or self.given.charset not in name
                    or (number + i) % self.given.every):
                continue
            if words not in texts:
                sheet = with_words(plain, words) if words else plain
                texts[words] = form.write(sheet), sheet
            data = tables.encode(texts[words][0], codec)
            if data is None or data in met:
                continue
            met.add(data)
            feeder.load(feeding.upload(
                mark + data, media_of(form, label, self.given.declare)))
            said = self.look(feeder, truth, texts[words][1])
            self.done.append((form.name, name, self.language, self.order,
                              "header" if self.header else "none", said))


def run_unit(what):
    """One unit, in a process of its own."""
    return Unit(*what).run()


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--format", default="")
    parser.add_argument("--charset", default="")
    parser.add_argument("--language", choices=tables.LANGUAGES)
    parser.add_argument("--declare", default="none",
                        choices=("none", "right", "wrong"))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--known", help="list of cells that may fail")
    parser.add_argument("--write", help="page whose table is made anew")
    return parser.parse_args()


MARK = "<!-- made by cross.py -->"
END = "<!-- end of cross.py -->"


def figure(cells):
    """What a group of cells says."""
    good = sum(1 for cell in cells if not cell[-1])
    return ("-" if not cells else "all" if good == len(cells)
            else f"{good} of {len(cells)}")


def write_page(path, done, given):
    """Put the table between its marks of a page."""
    groups = {}
    for cell in done:
        row = groups.setdefault(cell[0], {})
        row.setdefault(family(cell[1]), []).append(cell)
    good = sum(1 for cell in done if not cell[-1])
    lines = [MARK, "", f"{given.count} customers of each language a cell, no "
             f"charset declared: {good} of {len(done)} cells.", "",
             "| format | " + " | ".join(FAMILIES) + " |",
             "| --- " * (len(FAMILIES) + 1) + "|"]
    for name, row in groups.items():
        lines.append(f"| {name} | " + " | ".join(
            figure(row.get(column, [])) for column in FAMILIES) + " |")
    matrix.replace_between(path, MARK, END, lines)


def main():
    """The command line; exits 1 when a cell fails that is not known to."""
    given = options()
    known = matrix.known_cells(given.known)
    units = [(language, order, header, given)
             for language in tables.LANGUAGES
             if given.language in (None, language)
             for order in tables.ORDERS for header in (True, False)]
    with multiprocessing.Pool(given.jobs) as pool:
        parts = pool.map(run_unit, units, 1)
    order = {form.name: i for i, form in enumerate(tables.all_formats())}
    done = sorted((cell for part in parts for cell in part),
                  key=lambda cell: order[cell[0]])
    bad = [cell for cell in done if cell[-1]]
    for form, charset, *rest, said in bad:
        if " | ".join((form, *rest)) not in known:
            print("FAILS", " | ".join((form, charset, *rest)) + ":", said)
    print(f"{len(done) - len(bad)} of {len(done)} cells")
    if given.write:
        write_page(given.write, done, given)
    return any(" | ".join((c[0], *c[2:5])) not in known for c in bad)


if __name__ == "__main__":
    sys.exit(main())
