#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""corpus.py - a gigabyte of text that is hostile to a detector of digits.

    tests/bench/corpus.py FILE [--size BYTES] [--run LINES]

45 % logs, 30 % JSON, 24 % CSV of sensors and orders, 1 % rows of customers,
by bytes; about two million runs of 13 to 19 digits, mostly times in
milliseconds, and four million dates. Kinds change after every LINES lines:
with 1, the worst, no two lines in a row need be of one kind. The same
arguments give the same bytes.

It must not hold a real person's data.
"""

import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "pcaps", "make"))
import customers  # noqa: E402  (its path is set above)

SIZE = 1 << 30
ROWS = 66558  # distinct customers; some come twice
LEVELS = ("INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR")
PARTS = ("cache", "router", "billing.worker", "auth", "scheduler", "ingest",
         "frontend", "mailer", "search.index", "queue")
VERBS = ("completed", "started", "retried", "queued", "dropped", "parsed")
PATHS = ("/index.html", "/api/v1/items", "/static/app.js", "/health",
         "/login", "/img/logo.png", "/api/v2/orders/list", "/search")
NOTES = ("", "retried after a short outage of the upstream service",
         "see the run book", "picked up by the night shift")
STATES = ("ok", "ok", "ok", "late", "failed", "idle")
AGENTS = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "curl/7.88.1",
          "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101")


class Lines:
    """Lines of each kind; time goes on with every one of them."""

    def __init__(self):
        self.source = customers.Source("corpus")
        self.bits = self.source.bits
        self.table = customers.accounts(ROWS, "corpus").csv(
            newline="\n", header=False).decode().splitlines()
        self.at = 0
        self.ms = 1650000000000

    def tick(self):
        """(milliseconds, date, clock)."""
        self.ms += self.bits(9)
        s = self.ms // 1000
        day = s // 86400 % 28 + 1
        month = s // 2419200 % 12 + 1
        return self.ms, f"2022-{month:02}-{day:02}", (
            f"{s // 3600 % 24:02}:{s // 60 % 60:02}:{s % 60:02}")

    def log(self):
        """A server's line: three forms."""
        b = self.bits(64)
        ms, date, clock = self.tick()
        part, verb = PARTS[b % 10], VERBS[(b >> 4) % 6]
        if b >> 60 < 7:
            return (f"{date}T{clock}.{ms % 1000:03}Z {LEVELS[b % 5]} [{part}] "
                    f"request {b >> 32:08x} {verb} in {(b >> 8) % 900} ms, "
                    f"worker={(b >> 18) % 64} host=node-{(b >> 24) % 40:02}")
        if b >> 60 < 13:
            return (f"10.{b % 256}.{(b >> 8) % 256}.{(b >> 16) % 256} - - "
                    f"[{date[8:]}/Mar/2022:{clock} +0000] \"GET {PATHS[(b >> 24) % 8]}"
                    f"?id={(b >> 28) % 100000} HTTP/1.1\" 200 "
                    f"{(b >> 30) % 90000} \"{AGENTS[(b >> 40) % 3]}\"")
        return (f"ts={ms} level={LEVELS[b % 6].lower()} unit={part} "
                f"trace={b:016x} msg=\"{verb} batch {(b >> 20) % 9999}\"")

    def json(self):
        """An object on a line."""
        b = self.bits(64)
        ms, date, clock = self.tick()
        time = ms if b >> 62 > 1 else f'"{date}T{clock}Z"'
        return (f'{{"id":{b % 10000000},"time":{time},"kind":"'
                f'{VERBS[b % 6]}","service":"{PARTS[(b >> 8) % 10]}",'
                f'"took":{(b >> 12) % 1000 / 8},"ok":true,"tags":["'
                f'{STATES[(b >> 22) % 6]}","{LEVELS[(b >> 25) % 6]}"],'
                f'"size":{(b >> 30) % 1000000},"note":"{NOTES[(b >> 50) % 4]}"}}')

    def csv(self):
        """A measurement or an order."""
        b = self.bits(64)
        ms, date, clock = self.tick()
        if b >> 62 > 1:
            return (f"{date},{clock},sensor-{b % 400},{b % 4000 / 16},"
                    f"{(b >> 12) % 9000 / 32},{STATES[(b >> 25) % 6]},"
                    f"{(b >> 28) % 100000},hall {(b >> 40) % 30} north side")
        stamp = ms if b & 1 else (b >> 3) % 10 ** 9
        return (f"{b % 1000000},{stamp},SKU-{(b >> 20) % 99999:05},"
                f"{(b >> 37) % 30},{(b >> 42) % 99999 / 100},{date},"
                f"{STATES[(b >> 50) % 6]},warehouse {(b >> 53) % 9}")

    def customer(self):
        """The next row of the table, or an earlier one once more."""
        if self.at and self.bits(8) < 25:
            return self.table[self.bits(32) % self.at]
        self.at = (self.at + 1) % len(self.table)
        return self.table[self.at - 1]


def write(path, size, run):
    """Kinds take turns so that each keeps its share of the bytes."""
    lines = Lines()
    kinds = ((0.45, lines.log), (0.30, lines.json), (0.24, lines.csv),
             (0.01, lines.customer))
    have = [0, 0, 0, 0]
    written = 0
    with open(path, "w", encoding="ascii", buffering=1 << 20) as file:
        while written < size:
            if lines.bits(2):  # by chance, else whose share is smallest
                chance = lines.bits(16) / 65536
                kind = (chance > 0.45) + (chance > 0.75) + (chance > 0.99)
            else:
                kind = min(range(4), key=lambda k: have[k] / kinds[k][0])
            make = kinds[kind][1]
            text = "\n".join([make() for _ in range(run)]) + "\n"
            file.write(text)
            have[kind] += len(text)
            written += len(text)


def main():
    """Write the file that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--run", type=int, default=1)
    args = parser.parse_args()
    write(args.file + ".part", args.size, args.run)
    os.rename(args.file + ".part", args.file)


if __name__ == "__main__":
    main()
