# SPDX-License-Identifier: GPL-3.0-or-later
"""rar.py - RAR archives with the stored method, from the format's notes.

No packaged program writes RAR; unar and bsdtar read what is made here. It
must not know how anything is found.
"""

import struct
import zlib

DOS_TIME = (2011 - 1980) << 25 | 8 << 21 | 5 << 16 | 10 << 11 | 2 << 5 | 1
ENCRYPTED = 0x04


def _block(kind, flags, body):
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def four(name, data, flags=0):
    """RAR 2.9 with one file; flags of its header beside the size's."""
    coded = name.encode("ascii")
    body = struct.pack("<IIBIIBBHI", len(data), len(data), 2,
                       zlib.crc32(data), DOS_TIME, 20, 0x30, len(coded), 0x20)
    body += coded + (b"saltsalt" if flags & 0x400 else b"")
    return (b"Rar!\x1a\x07\x00" + _block(0x73, 0, bytes(6))
            + _block(0x74, 0x8000 | flags, body) + data
            + _block(0x7B, 0x4000, b""))


def number(value):
    """A number of seven bits a byte."""
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _head(kind, flags, body):
    inside = number(kind) + number(flags) + body
    sized = number(len(inside)) + inside
    return struct.pack("<I", zlib.crc32(sized)) + sized


def five(name, data, closed=False):
    """RAR 5.0 with one file; closed: with a record of encryption."""
    coded = name.encode()
    extra = b""
    if closed:
        record = number(1) + number(0) + number(0) + b"\x0f" + bytes(32)
        extra = number(len(record)) + record
    body = (number(len(extra)) if closed else b"") + number(len(data))
    body += number(4) + number(len(data)) + number(0o100644)
    body += struct.pack("<I", zlib.crc32(data)) + number(0) + number(1)
    body += number(len(coded)) + coded + extra
    return (b"Rar!\x1a\x07\x01\x00" + _head(1, 0, number(0))
            + _head(2, 3 if closed else 2, body) + data
            + _head(5, 0, number(0)))


def five_headers(data):
    """RAR 5.0 whose headers are encrypted, too: all behind is data."""
    body = number(0) + number(0) + b"\x0f" + bytes(16)
    return b"Rar!\x1a\x07\x01\x00" + _head(4, 0, body) + data
