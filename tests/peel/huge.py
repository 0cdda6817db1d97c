#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""huge.py - a zip of 5 GiB with 360,083 customers in its middle.

    huge.py [--gib N] [--count N] [--write FILE]

The capture is never on the disk: it is written into a pipe that `outflow
read -` reads. All customers must be found, in at most 192 MiB of all
processes together.
"""

import argparse
import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import bombs  # noqa: E402
import capfile  # noqa: E402
import customers  # noqa: E402
import matrix  # noqa: E402
import messages  # noqa: E402
import reading  # noqa: E402
import tcp  # noqa: E402
from packets import endpoint  # noqa: E402

BLOCK = 16 << 20
SEGMENT = 63000  # as receivers with offloading catch them
LARGEST = 192 << 20
MARK = "<!-- made by huge.py -->"
END = "<!-- end of huge.py -->"


class Pipe(capfile.Writer):
    """A capture written into a pipe."""

    def __init__(self, file):  # pylint: disable=super-init-not-called
        self.file = file
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0,
                                    262144, 1))
        self.head, self.scale = struct.Struct("<IIII").pack, 1
        self.held, self.packets = [], 0


def entry(name, method, crc, packed, size):
    """A local header with sizes of 64 bits."""
    extra = struct.pack("<HHQQ", 1, 16, size, packed)
    return struct.pack("<4s5H3I2H", b"PK\3\4", 45, 0, method, 0x4C2F, 0x3F05,
                       crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name),
                       len(extra)) + name + extra


def central(name, method, sums, place):
    """Its line of the directory."""
    crc, packed, size = sums
    extra = struct.pack("<HHQQQ", 1, 24, size, packed, place)
    return struct.pack("<4s6H3I5H2I", b"PK\1\2", 45, 45, 0, method, 0x4C2F,
                       0x3F05, crc, 0xFFFFFFFF, 0xFFFFFFFF, len(name),
                       len(extra), 0, 0, 0, 0, 0xFFFFFFFF) + name + extra


class Zip:
    """The archive, in pieces; its size is known before."""

    def __init__(self, text, gib):
        self.block = hashlib.shake_256(b"huge").digest(BLOCK)
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        self.text = packer.compress(text) + packer.flush()
        self.blocks = (gib << 30) // BLOCK // 2
        crc = 0
        for _ in range(self.blocks):
            crc = zlib.crc32(self.block, crc)
        filler = (crc, self.blocks * BLOCK, self.blocks * BLOCK)
        self.files = [(b"film1.mkv", 0, filler),
                      (b"customers.csv", 8,
                       (zlib.crc32(text), len(self.text), len(text))),
                      (b"film2.mkv", 0, filler)]
        self.tail = self.directory()
        self.size = sum(len(entry(n, m, *s)) + s[1]
                        for n, m, s in self.files) + len(self.tail)

    def directory(self):
        """The central directory with its zip64 records."""
        place, made = 0, b""
        for name, method, sums in self.files:
            made += central(name, method, sums, place)
            place += len(entry(name, method, *sums)) + sums[1]
        end = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 3, 3,
                          len(made), place)
        end += struct.pack("<4sIQI", b"PK\6\7", 0, place + len(made), 1)
        return made + end + struct.pack(
            "<4s4H2IH", b"PK\5\6", 0, 0, 3, 3, len(made), 0xFFFFFFFF, 0)

    def pieces(self):
        """The bytes of it."""
        for name, method, sums in self.files:
            yield entry(name, method, *sums)
            if method:
                yield self.text
            else:
                for _ in range(self.blocks):
                    yield self.block
        yield self.tail


def write(made, file):
    """The capture of the upload."""
    flow = tcp.Tcp(endpoint("10.20.0.7", 40112), endpoint("203.0.113.9", 80),
                   reading.START)
    flow.mss = SEGMENT
    head = messages.request("POST", "/upload", "drop.example",
                            kind="application/zip").replace(
        b"Content-Length: 0", b"Content-Length: %d" % made.size)
    out = Pipe(file)
    out.put_all(flow.open())
    out.put_all(flow.send(tcp.CLIENT, head))
    for piece in made.pieces():
        out.put_all(flow.send(tcp.CLIENT, piece))
    out.put_all(flow.send(tcp.SERVER, messages.response(b"ok")))
    out.put_all(flow.close())
    out.flush()


def run(reader, made):
    """Alerts, most memory, seconds of processor, seconds."""
    memory = bombs.Memory()
    words = [reading.BINARY, "read", "-j", "1", "-q", "-f", "json", "-k",
             reader.path("key"), "-R", reader.path("rules"), "-a",
             reader.path("list"), "-"]
    began = time.time()
    with open(reader.path("alerts"), "wb") as alerts:
        with subprocess.Popen(words, stdin=subprocess.PIPE,
                              stdout=alerts) as child:
            memory.start()
            write(made, child.stdin)
            child.stdin.close()
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
    memory.over = True
    memory.join()
    with open(reader.path("alerts"), encoding="utf-8") as file:
        told = [json.loads(line) for line in file]
    return told, memory.most << 10, used.ru_utime + used.ru_stime, \
        time.time() - began


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--gib", type=int, default=5)
    parser.add_argument("--count", type=int, default=360083)
    parser.add_argument("--write", help="page whose figures are made anew")
    given = parser.parse_args()
    made = Zip(customers.accounts(given.count, "huge").csv(), given.gib)
    with tempfile.TemporaryDirectory() as folder:
        reader = reading.Reader(folder)
        told, most, used, took = run(reader, made)
        people = len(reader.people())
    have = told[0]["outflow"] if told else {}
    print(f"{made.size} bytes: {people} customers, {most / 1048576:.0f} MiB, "
          f"{used:.1f} s of processor, {took:.0f} s; {have.get('fields')} "
          f"{have.get('unread')}")
    bad = people != given.count or most > LARGEST
    if given.write:
        matrix.replace_between(given.write, MARK, END, [
            MARK, "", f"{made.size:,} bytes with {given.count:,} customers: "
            f"{people:,} found, {most / 1048576:.0f} MiB at most, {used:.0f} "
            f"s of processor ({made.size / used / 1e6:.0f} MB/s)."])
    return bad


if __name__ == "__main__":
    assert making.ROOT
    sys.exit(main())
