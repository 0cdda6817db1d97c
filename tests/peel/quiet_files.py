#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""quiet_files.py - files that name nobody and are not closed.

    quiet_files.py [--each N] [--write FILE]

Uploads what the machine it runs on holds of each kind (packages of apt's
cache, archives, images, fonts, programs, documentation) and documents
without customers that office programs write, at most N files of 4 MiB and
less a kind. None may be told as encrypted or give customers; a few addresses
of authors in a licence are people, and are counted, but no failure.
"""

import argparse
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import matrix  # noqa: E402
import reading  # noqa: E402
import tables  # noqa: E402

PLACES = ("/var/cache/apt/archives", "/usr/share", "/usr/lib", "/usr/bin",
          "/boot")
KINDS = (
    ("packages", r"\.deb$"), ("gzip", r"\.gz$"), ("zip and jar",
                                                  r"\.(zip|jar|whl|egg|oxt)$"),
    ("office", r"\.(odt|ods|odp|ott|ots|docx|xlsx|pptx|dotx|otp|otg)$"),
    ("pdf", r"\.pdf$"), ("png", r"\.png$"),
    ("other images", r"\.(jpe?g|gif|webp|ico|tiff?)$"), ("svg", r"\.svgz?$"),
    ("fonts", r"\.(ttf|otf|pfb|woff2?|t1|pcf\.gz)$"),
    ("sounds and films", r"\.(oga|ogg|wav|mp3|mp4|webm|flac)$"),
    ("programs", r"^/usr/bin/[a-z0-9-]*$"), ("libraries", r"\.so(\.[0-9.]*)?$"),
    ("static libraries", r"\.a$"), ("python, compiled", r"\.pyc$"),
    ("databases", r"\.(db|sqlite|mo|gmo|dat|bin|rdb)$"),
    ("keys and certificates", r"\.(gpg|pem|crt|asc|der)$"),
    ("kernels and firmware", r"(vmlinuz|initrd|\.ko(\.xz)?$|\.fw$)"))
LARGEST = 4 << 20
AUTHORS = 20  # people that one file may really name
MARK = "<!-- made by quiet_files.py -->"
END = "<!-- end of quiet_files.py -->"


def files():
    """All files of the machine, in an order that does not change."""
    for place in PLACES:
        for folder, folders, names in os.walk(place):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    yield path


def found(each):
    """(kind, paths) with at most so many, spread over all there are."""
    everything = list(files())
    for kind, pattern in KINDS:
        paths = [p for p in everything if re.search(pattern, p)
                 and 0 < os.path.getsize(p) <= LARGEST]
        yield kind, paths[::max(1, len(paths) // each)][:each]


class Harmless(tables.Sheet):
    """A table of goods: nobody is in it."""

    def __init__(self):
        words = ("bolt", "nut", "washer", "screw", "hinge", "bracket")
        rows = [(f"A-{n:05}", f"{words[n % 6]} M{n % 20 + 2}",
                 str(n * 37 % 900), f"{n % 90 + 10}.{n % 100:02}",
                 f"2011-{n % 12 + 1:02}-{n % 28 + 1:02}")
                for n in range(1500)]
        super().__init__(["item", "description", "stock", "price", "counted"],
                         ["text", "text", "other", "text", "text"], rows)


def written():
    """Each document with goods in it."""
    sheet = Harmless()
    sheet.types = ["other"] * 5
    for kind in making.writers()[0]:
        if "sqlite indexed" in kind.name or "LibreOffice" in kind.name:
            continue
        try:
            yield kind.name, kind.write(sheet)
        except (making.Missing, ValueError):
            continue


def look(reader, name, data, bad):
    """Send a file; what is told of it."""
    told = reader.send("http", data, "file")
    if told.people or told.alerts:
        kinds = {u["kind"] for a in told.alerts.values() for u in a["unread"]}
        closed = any(a["unread"] for a in told.alerts.values())
        bad.append(closed or len(told.people) > AUTHORS)
        print(f"BAD {name}: {len(told.people)} customers {sorted(kinds)}")
    return told


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--write", help="page whose table is made anew")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        reader = reading.Reader(folder)
        for kind, paths in found(given.each):
            size, bad = 0, []
            for path in paths:
                with open(path, "rb") as file:
                    data = file.read()
                size += len(data)
                look(reader, path, data, bad)
            rows.append((kind, len(paths), size, len(bad), sum(bad)))
            print(*rows[-1], flush=True)
        size, bad, count = 0, [], 0
        for name, data in written():
            size, count = size + len(data), count + 1
            look(reader, name, data, bad)
        rows.append(("documents of goods", count, size, len(bad), sum(bad)))
        print(*rows[-1])
    if given.write:
        lines = [MARK, "", "| files | number | MB | name anybody | more than "
                 f"{AUTHORS}, or \"encrypted\" |",
                 "| --- | --: | --: | --: | --: |"]
        lines += [f"| {kind} | {count} | {size / 1e6:.1f} | {some} | {wrong} |"
                  for kind, count, size, some, wrong in rows]
        matrix.replace_between(given.write, MARK, END, lines)
    return any(wrong for *_, wrong in rows)


if __name__ == "__main__":
    sys.exit(main())
