#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""quiet.py - texts that name no customer, and what outflow says of them.

    quiet.py [size=MIB] [only=NAME,NAME] [seed=TEXT] [keep=FOLDER] [write=FILE]

Every corpus below is uploaded by one employee, a document a POST, and piped
into `outflow read -` with the rules that are shipped; sizes are shared out
evenly, 64 MiB in all by default. A line a corpus: bytes, documents, rows taken
for a customer's (they are all false), the same per GB, and alerts. With keep=
the documents with false rows are left in that folder; write= puts the table
into the part of a page between the two marks. Exit status 1: there was an alert.

Invented corpora go on for as long as asked; gathered ones (what Debian
packages hold on this machine) end where the machine's texts do. OUTFLOW names
the program.
"""

import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "pcaps", "make"))

# pylint: disable=wrong-import-position
import customers
import quiet_texts
from messages import http, request, response
from packets import endpoint

BINARY = os.environ.get("OUTFLOW", os.path.join(ROOT, "build", "release",
                                                "outflow"))
START_US = 1312506000000000
DOCUMENT = 1 << 20
EACH = """rules = ( { id = "each"; name = "Each"; severity = "low";
  direction = "any"; customers = 1; within = "24h"; by = "transfer"; } );
"""


def invented(make):
    """Documents of a generator of lines, without an end."""
    def documents(source):
        number = 0
        while True:
            held, size = [], 0
            for line in make(source, number):
                held.append(line)
                size += len(line) + 1
                if size >= DOCUMENT:
                    break
            number += 1
            yield "\n".join(held).encode("utf-8") + b"\n"
    return documents


def _text(path):
    try:
        with open(path, "rb") as file:
            data = file.read(8 * DOCUMENT)
        if path.endswith(".gz"):
            data = gzip.decompress(data)
    except (OSError, EOFError, gzip.BadGzipFile, ValueError):
        return b""
    return b"" if b"\0" in data[:4096] else data


def gathered(*folders, endings=None):
    """The text files below folders, a file a document."""
    def documents(_):
        for folder in folders:
            for place, below, files in os.walk(folder):
                below.sort()
                for name in sorted(files):
                    path = os.path.join(place, name)
                    if os.path.islink(path) or (
                            endings and not name.endswith(endings)):
                        continue
                    data = _text(path)
                    if data:
                        yield data
    return documents


def blobs(source):
    """Random bytes, as hexadecimal and base64 text."""
    while True:
        raw = source.bytes(DOCUMENT // 2)
        yield raw.hex("\n", 32).encode()
        yield base64.encodebytes(raw)
        yield b"\n".join(raw[i:i + 20].hex().encode() + b"  file%d"
                         % i for i in range(0, len(raw), 20))


CORPORA = {name: invented(make) for name, make in quiet_texts.TEXTS.items()}
CORPORA.update({
    "blobs": blobs,
    "headers": gathered("/usr/include"),
    "python": gathered("/usr/lib/python3", "/usr/lib/python3.11",
                       endings=(".py", ".txt", ".json", ".rst")),
    "perl": gathered("/usr/share/perl", "/usr/share/perl5"),
    "documents": gathered("/usr/share/doc"),
    "manuals": gathered("/usr/share/man"),
    "i18n": gathered("/usr/share/i18n", "/usr/share/iso-codes",
                     "/usr/share/zoneinfo", "/usr/share/xml",
                     "/usr/share/lintian", "/usr/share/vim",
                     "/usr/share/nodejs", "/usr/share/mime"),
    "this-tree": gathered(*(os.path.join(ROOT, name) for name in
                            ("sensor", "include", "docs", "scripts", "rules",
                             "cmake"))),
})


def frames(documents, size):
    """pcap records of uploads until size bytes of documents have gone."""
    server = endpoint("203.0.113.9", 80)
    now = START_US
    for number, data in enumerate(documents):
        client = endpoint("10.20.0.7", 1024 + number % 60000)
        asked = request("POST", f"/{number}", "drop.example", data,
                        kind="text/plain")
        for when, frame in http(client, server, now, (1000, 9000),
                                [(asked, response(b"ok"))]):
            now = max(now, when)
            sec, frac = divmod(when, 1000000)
            yield (sec.to_bytes(4, "little") + frac.to_bytes(4, "little")
                   + 2 * len(frame).to_bytes(4, "little") + frame), 0
        yield b"", len(data)
        now += 1000
        size -= len(data)
        if size <= 0:
            return


class Run:
    """One corpus through the program."""

    def __init__(self, name, size, seed, each):
        self.documents = self.bytes = 0
        self.alerts = []
        self.stats = {}
        with tempfile.TemporaryDirectory(prefix="outflow-quiet-") as folder:
            words = [BINARY, "read", "-f", "json", "--stats",
                     os.path.join(folder, "stats")]
            if each:
                rules = os.path.join(folder, "rules")
                with open(rules, "w", encoding="ascii") as file:
                    file.write(EACH)
                os.chmod(rules, 0o644)
                words += ["-R", rules]
            self.go(words + ["-"], CORPORA[name](
                customers.Source(f"quiet:{seed}:{name}")), size)
            with open(os.path.join(folder, "stats"), "rb") as file:
                self.stats = json.load(file)

    def go(self, words, documents, size):
        """Feed the program while its alerts are read."""
        with subprocess.Popen(words, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as run:
            reader = threading.Thread(
                target=lambda: self.alerts.extend(
                    json.loads(line) for line in run.stdout))
            reader.start()
            run.stdin.write(bytes.fromhex(
                "d4c3b2a1020004000000000000000000ffff000001000000"))
            for record, done in frames(documents, size):
                run.stdin.write(record)
                self.bytes += done
                self.documents += done > 0
            run.stdin.close()
            reader.join()
        if run.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(words)}: status {run.returncode}")


def keep_documents(folder, name, size, seed):
    """Leave the documents in which a row was found."""
    run = Run(name, size, seed, True)
    wanted = {int(one["outflow"]["documents"][0].split(" ")[1].strip("/"))
              for one in run.alerts}
    source = customers.Source(f"quiet:{seed}:{name}")
    for number, data in enumerate(CORPORA[name](source)):
        if number >= run.documents:
            break
        if number in wanted:
            path = os.path.join(folder, f"{name}-{number}")
            with open(path, "wb") as file:
                file.write(data)


MARKS = ("<!-- made by quiet.py -->", "<!-- end of quiet.py -->")


def write_page(path, lines):
    """The table on the page, in place of the one that stood there."""
    table = "\n".join(
        [MARKS[0], "", "| corpus | MB | documents | false rows | per GB | "
         "alerts |", "| --- | --: | --: | --: | --: | --: |"]
        + [f"| {name} | {size / 1e6:.1f} | {count} | {rows} | "
           f"{rows * 1e9 / size:.1f} | {alerts} |"
           for name, size, count, rows, alerts in lines] + ["", MARKS[1]])
    with open(path, encoding="utf-8") as file:
        page = file.read()
    front, behind = page.index(MARKS[0]), page.index(MARKS[1]) + len(MARKS[1])
    with open(path, "w", encoding="utf-8") as file:
        file.write(page[:front] + table + page[behind:])


def main(words):
    """The command line."""
    given = dict(word.split("=", 1) for word in words)
    seed = given.get("seed", "1")
    names = given["only"].split(",") if "only" in given else list(CORPORA)
    size = int(given.get("size", "64")) * 1024 * 1024 // len(names)
    lines = []
    for name in names:
        run = Run(name, size, seed, False)
        rows = run.stats["records"]
        lines.append((name, run.bytes, run.documents, rows, len(run.alerts)))
        print(f"{name:14} {run.bytes / 1e6:9.1f} MB {run.documents:7} "
              f"documents {rows:6} rows {rows * 1e9 / run.bytes:9.1f} per GB "
              f"{len(run.alerts):3} alerts", flush=True)
        if rows and "keep" in given:
            os.makedirs(given["keep"], exist_ok=True)
            keep_documents(given["keep"], name, size, seed)
    lines.append(("all",) + tuple(sum(one[i] for one in lines)
                                  for i in range(1, 5)))
    _, size, _, rows, alerts = lines[-1]
    print(f"{'all':14} {size / 1e6:9.1f} MB {rows:24} rows "
          f"{rows * 1e9 / size:9.1f} per GB {alerts:3} alerts")
    if "write" in given:
        write_page(given["write"], lines)
    return 1 if alerts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
