# SPDX-License-Identifier: GPL-3.0-or-later
"""feeding.py - the decoders and detectors alone, as an object.

A Feeder runs the program feed (feed.c) and asks it for records; a Truth
tells which row of a table a record names. FEED names the program.

It must not know how anything is found.
"""

import hashlib
import hmac
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "pcaps", "make")]

BINARY = os.environ.get("FEED", os.path.join(
    ROOT, "build", "release", "tests", "accuracy", "feed"))
KEY = bytes(range(32))
PIECE = 1448


def _field_types():
    path = os.path.join(ROOT, "include", "outflow", "field_types.def")
    with open(path, encoding="utf-8") as file:
        return re.findall(r'^FIELD\(\w+, "(\w+)"', file.read(), re.M)


FIELDS = _field_types()


class Record:
    """A line of feed's answer."""

    def __init__(self, line):
        words = line.split()
        self.sign = words[0]
        self.first, self.last = int(words[1]), int(words[2])
        self.fields = int(words[3], 16)
        self.names = [word.partition(":")[2] for word in words[4:]]
        self.kinds = [word.partition(":")[0] for word in words[4:]]

    def types(self):
        """Names of the field types."""
        return [name for i, name in enumerate(FIELDS)
                if self.fields >> i & 1]


class Feeder:
    """One running feed."""

    size = 0  # of what is loaded

    def __init__(self):
        self.process = subprocess.Popen(
            [BINARY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind:
            self.process.kill()
        self.process.stdin.close()
        self.process.wait()

    def load(self, data):
        """What the client sends."""
        self.size = len(data)
        self.process.stdin.write(b"load %d\n" % len(data) + data)

    def ask(self, text):
        """A command; gives the records of its answer."""
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        made = []
        for line in self.process.stdout:
            if line == b".\n":
                return made
            made.append(Record(line.decode()))
        raise RuntimeError(f"feed ended at: {text}")

    def read(self, step=PIECE):
        """The records of what is loaded."""
        return self.ask(f"read {step}")


def upload(data, media="text/plain", more=()):
    """A request that uploads data."""
    lines = ["POST /upload HTTP/1.1", "Host: drop.example",
             f"Content-Type: {media}", f"Content-Length: {len(data)}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def _pseudonym(kind, normal):
    message = kind.encode() + b"\0" + normal.encode()
    return hmac.new(KEY, message, hashlib.sha256).hexdigest()[:16]


def _normal(kind, text):
    """The class of a type and the normal form of a value (the simple ones)."""
    if kind == "email":
        return kind, text.lower()
    digits = re.sub(r"\D", "", text).lstrip("0")
    return "phone" if kind == "phone" else "account", digits


class Truth:
    """Which row a pseudonym belongs to."""

    def __init__(self, table):
        self.rows = len(table.rows)
        self.of = {}
        for i, kind in enumerate(table.types):
            if kind in ("account_number", "card_number", "phone", "email"):
                for n, row in enumerate(table.rows):
                    self.of[_pseudonym(*_normal(kind, row[i]))] = n

    def learn(self, records):
        """Names that stand beside known ones belong to the same row."""
        for record in records:
            rows = self.rows_of(record)
            for name in record.names if len(rows) == 1 else ():
                self.of.setdefault(name, min(rows))

    def rows_of(self, record):
        """Rows that the names of a record are of."""
        return {self.of[name] for name in record.names if name in self.of}

    def row_of(self, record):
        """The row of the strongest name that is known, or None."""
        return next((self.of[name] for name in record.names
                     if name in self.of), None)


class Found:
    """Who and what a set of records names."""

    def __init__(self, truth, records):
        self.customers = {}
        self.strangers = 0
        self.mixed = 0
        for record in records:
            rows = truth.rows_of(record)
            self.strangers += not rows
            self.mixed += len(rows) > 1
            for row in rows:
                self.customers[row] = (self.customers.get(row, 0)
                                       | record.fields)

    def count(self, kind):
        """Customers with a field of that type."""
        bit = 1 << FIELDS.index(kind)
        return sum(1 for fields in self.customers.values() if fields & bit)
