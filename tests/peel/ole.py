# SPDX-License-Identifier: GPL-3.0-or-later
"""ole.py - a compound file of some streams, from [MS-CFB].

Sectors of 512 bytes, streams below 4,096 bytes in the mini stream. It must
not know what is in the streams.
"""

import struct

END, FREE, FATSECT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR, MINI, CUTOFF = 512, 64, 4096


def _padded(data, unit):
    return data + bytes(-len(data) % unit)


class _Sectors:
    """Sectors and their chains."""

    def __init__(self):
        self.data, self.next = [], []

    def add(self, data):
        """A chain of sectors with data; gives its first."""
        if not data:
            return END
        first = len(self.data)
        data = _padded(data, SECTOR)
        count = len(data) // SECTOR
        for i in range(count):
            self.data.append(data[i * SECTOR:(i + 1) * SECTOR])
            self.next.append(first + i + 1 if i + 1 < count else END)
        return first


def _entry(name, kind, tree, start, size):
    coded = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16sIQQIQ", coded, len(coded) + 2, kind, 1,
                       *tree, bytes(16), 0, 0, 0, start, size)


def _minis(streams):
    """The mini stream, its table, and where each small stream begins."""
    body, table, first = b"", [], {}
    for name, data in streams:
        if 0 < len(data) < CUTOFF:
            first[name] = len(table)
            count = -(-len(data) // MINI)
            table += [len(table) + i + 1 for i in range(count - 1)] + [END]
            body += _padded(data, MINI)
    return body, table, first


def _entries(streams, first, mini, size):
    order = sorted(range(len(streams)), key=lambda i: (
        len(streams[i][0]), streams[i][0].upper()))
    after = {one: order[k + 1] + 1 if k + 1 < len(order) else FREE
             for k, one in enumerate(order)}
    made = [_entry("Root Entry", 5, (FREE, FREE, order[0] + 1), mini, size)]
    for i, (name, data) in enumerate(streams):
        made.append(_entry(name, 2, (FREE, after[i], FREE), first[name],
                           len(data)))
    while len(made) % 4:
        made.append(struct.pack("<68xIII48x", FREE, FREE, FREE))
    return b"".join(made)


def compound(streams):
    """A file of (name, bytes)."""
    out = _Sectors()
    body, table, first = _minis(streams)
    for name, data in streams:
        if name not in first:
            first[name] = out.add(data)
    mini = out.add(body)
    minifat = out.add(struct.pack(f"<{len(table)}I", *table))
    names = out.add(_entries(streams, first, mini, len(body)))
    count = 1
    while count * 128 < len(out.next) + count:
        count += 1
    fat_at = len(out.next)
    fat = out.next + [FATSECT] * count
    fat += [FREE] * (count * 128 - len(fat))
    head = struct.pack("<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1"
                       b"\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0,
                       count, names, 0, CUTOFF, minifat,
                       -(-len(table) // 128), END, 0)
    places = [fat_at + i for i in range(count)]
    places += [FREE] * (109 - count)
    return (head + struct.pack("<109I", *places) + b"".join(out.data)
            + struct.pack(f"<{len(fat)}I", *fat))
