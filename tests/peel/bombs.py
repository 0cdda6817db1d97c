#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bombs.py - what grows when unpacked ends in time, memory and a reason.

    bombs.py [--only TEXT] [--made DIR] [--write FILE]

Each bomb of bomb_kinds.py is uploaded, and behind it in the same connection a
CSV file, whose customers must all be found. Processor time and memory (all
processes together) are compared with those of a capture with as many bytes
of chance instead: at most 2 s and 64 MiB more.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import capfile  # noqa: E402
import matrix  # noqa: E402
import messages  # noqa: E402
import reading  # noqa: E402
import tables  # noqa: E402
from packets import endpoint  # noqa: E402

SECONDS, KIB = 2.0, 64 << 10
MARK = "<!-- made by bombs.py -->"
END = "<!-- end of bombs.py -->"


class Memory(threading.Thread):
    """The most memory that this process' descendants had together."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.over = 0, False

    def run(self):
        while not self.over:
            self.most = max(self.most, sum(map(_pss, _below(os.getpid()))))
            time.sleep(0.005)


def _below(parent):
    made = []
    path = f"/proc/{parent}/task"
    try:
        for task in os.listdir(path):
            with open(f"{path}/{task}/children", encoding="ascii") as file:
                for child in file.read().split():
                    made += [child, *_below(child)]
    except OSError:
        pass
    return made


def _pss(process):
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                if line.startswith("Pss_Anon:") or line.startswith(
                        "Pss_Shmem:"):
                    return int(line.split()[1]) + sum(
                        int(more.split()[1]) for more in file
                        if more.startswith("Pss_Shmem:"))
    except OSError:
        pass
    return 0


class Row:
    """What was measured of a bomb."""

    def __init__(self, name, size):
        self.name, self.size = name, size
        self.seconds = self.kib = 0
        self.told = self.said = None


def capture(reader, data, text):
    """Two uploads in one connection."""
    asked = [messages.request("POST", "/upload", "drop.example", body,
                              kind=kind)
             for body, kind in ((data, "application/octet-stream"),
                                (text, "text/csv"))]
    out = capfile.Writer(reader.path("bomb.pcap"))
    out.put_all(messages.http(
        endpoint("10.20.0.7", 40112), endpoint("203.0.113.9", 80),
        reading.START, (1000, 500000),
        [(one, messages.response(b"ok")) for one in asked]))
    out.close()


def measured(reader, data, text):
    """What was told of it, processor time and memory."""
    capture(reader, data, text)
    memory = Memory()
    memory.start()
    told = reader.read("bomb.pcap")
    memory.over = True
    memory.join()
    return told, told.seconds, memory.most


def judge(told, want, expected):
    """What is wrong with what was told."""
    why = told.why()
    if told.people != want:
        return f"{len(told.people)} of {len(want)} customers behind it"
    if expected == "limit" and not (
            why.get("limit") or why.get("inside")):
        return "no limit told"
    if expected == "any" and not why:
        return "nothing told"
    return None


def file_of(name, write, folder):
    """The bomb, from the folder when it is there."""
    path = os.path.join(folder, "bomb-" + name.replace(" ", "_").replace(
        "/", "-"))
    if not os.path.exists(path):
        data = write()
        with open(path, "wb") as file:
            file.write(data)
    with open(path, "rb") as file:
        return file.read()


def options():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--made", help="folder that keeps the bombs")
    parser.add_argument("--write", help="page whose table is made anew")
    return parser.parse_args()


def run(given, folder):
    """All rows."""
    import bomb_kinds  # pylint: disable=import-outside-toplevel
    made = given.made or folder
    os.makedirs(made, exist_ok=True)
    reader = reading.Reader(folder)
    making.writers()
    plain = next(k for k in making.DOCUMENTS if k.name == "csv")
    text = plain.write(tables.sheet("english", 200))
    want = reader.send("http", text, media="text/csv").people
    rows = []
    for name, write, expected in bomb_kinds.BOMBS:
        if given.only not in name:
            continue
        try:
            data = file_of(name, write, made)
        except making.Missing as error:
            print(f"left out: {name}: {error}")
            continue
        row = Row(name, len(data))
        noise = hashlib.shake_256(b"bomb").digest(len(data))
        _, seconds, kib = measured(reader, noise, text)
        try:
            told, row.seconds, row.kib = measured(reader, data, text)
            row.seconds, row.kib = row.seconds - seconds, row.kib - kib
            row.told = told.why()
            row.said = judge(told, want, expected)
        except RuntimeError as error:
            row.said = str(error)
        if row.seconds > SECONDS or row.kib > KIB:
            row.said = (row.said or "") + " too much"
        rows.append(row)
        print(f"{'BAD ' if row.said else 'good'} {name}: {row.size} bytes, "
              f"{row.seconds:.2f} s, {row.kib / 1024:.0f} MiB more, "
              f"{row.told} {row.said or ''}", flush=True)
    return rows


def write_page(path, rows):
    """Put the table between its marks of a page."""
    lines = [MARK, "", "| bomb | bytes | seconds more | MiB more | left "
             "closed | customers behind it |",
             "| --- | --: | --: | --: | --- | --- |"]
    for row in rows:
        told = ", ".join(sorted(row.told or ())) or "nothing"
        lines.append(f"| {row.name} | {row.size:,} | "
                     f"{max(row.seconds, 0):.2f} | "
                     f"{max(row.kib, 0) / 1024:.0f} | {told} | "
                     f"{row.said or 'all'} |")
    matrix.replace_between(path, MARK, END, lines)


def main():
    """The command line."""
    given = options()
    with tempfile.TemporaryDirectory() as folder:
        rows = run(given, folder)
    if given.write:
        write_page(given.write, rows)
    print(f"{sum(1 for row in rows if not row.said)} of {len(rows)} bombs")
    return any(row.said for row in rows)


if __name__ == "__main__":
    sys.exit(main())
