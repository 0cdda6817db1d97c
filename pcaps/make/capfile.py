# SPDX-License-Identifier: GPL-3.0-or-later
"""capfile.py - read and write capture files (pcap and pcapng).

Reading takes what this folder writes and what tcpdump writes: classic pcap
of either byte order, micro- or nanoseconds, and plain pcapng. Writing knows
every shape the sensor must accept, so tests can ask for it.

It must not look into a frame.
"""

import struct

LINK_NULL = 0
LINK_ETHERNET = 1
LINK_RAW = 101
LINK_LOOP = 108
LINK_SLL = 113
LINK_IPV4 = 228
LINK_IPV6 = 229
LINK_SLL2 = 276

FLUSH_RECORDS = 2048


class Writer:
    """A classic pcap file; big and nano choose its byte order and unit."""

    def __init__(self, path, link=LINK_ETHERNET, *, big=False, nano=False,
                 snap=262144):
        self.file = open(path, "wb")
        order = ">" if big else "<"
        magic = 0xA1B23C4D if nano else 0xA1B2C3D4
        self.file.write(struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0,
                                    snap, link))
        self.head = struct.Struct(order + "IIII").pack
        self.scale = 1000 if nano else 1
        self.held = []
        self.packets = 0

    def put(self, us, frame, wire=None):
        """One frame; wire is its length on the wire if it was cut short."""
        sec, frac = divmod(us, 1000000)
        size = len(frame)
        self.held.append(self.head(sec, frac * self.scale, size,
                                   wire or size))
        self.held.append(frame)
        self.packets += 1
        if len(self.held) >= FLUSH_RECORDS:
            self.flush()

    def put_all(self, items):
        """All of an iterable of (microseconds, frame)."""
        for us, frame in items:
            self.put(us, frame)

    def flush(self):
        """Hand what is held to the file."""
        self.file.write(b"".join(self.held))
        self.held.clear()

    def close(self):
        """End the file; gives the number of packets in it."""
        self.flush()
        self.file.close()
        return self.packets


def _block(kind, body, order):
    body += b"\0" * (-len(body) % 4)
    size = len(body) + 12
    return (struct.pack(order + "II", kind, size) + body
            + struct.pack(order + "I", size))


def _option(code, value, order):
    return (struct.pack(order + "HH", code, len(value)) + value
            + b"\0" * (-len(value) % 4))


class NgWriter:
    """A pcapng file; interfaces and sections are opened by hand."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.order = "<"
        self.units = []
        self.packets = 0

    def section(self, big=False):
        """Begin a section; its interfaces start anew."""
        self.order = ">" if big else "<"
        self.units = []
        self.file.write(_block(0x0A0D0D0A, struct.pack(
            self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1), self.order))

    def interface(self, link=LINK_ETHERNET, *, snap=262144, nano=False):
        """Describe an interface; gives its number in this section."""
        body = struct.pack(self.order + "HHI", link, 0, snap)
        if nano:
            body += _option(9, b"\x09", self.order) + b"\0\0\0\0"
        self.file.write(_block(1, body, self.order))
        self.units.append(1000 if nano else 1)
        return len(self.units) - 1

    def put(self, us, frame, wire=None, number=0):
        """One enhanced packet block."""
        ticks = us * self.units[number]
        body = struct.pack(self.order + "IIIII", number, ticks >> 32,
                           ticks & 0xFFFFFFFF, len(frame),
                           wire or len(frame)) + frame
        self.file.write(_block(6, body, self.order))
        self.packets += 1

    def other(self, kind, body):
        """A block of any other kind (to be skipped by readers)."""
        self.file.write(_block(kind, body, self.order))

    def close(self):
        """End the file; gives the number of packets in it."""
        self.file.close()
        return self.packets


def _read_pcap(data):
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    magic, _, _, _, _, _, link = struct.unpack(order + "IHHiIII", data[:24])
    unit = 1000 if magic == 0xA1B23C4D else 1
    head = struct.Struct(order + "IIII")
    packets, at = [], 24
    while at + 16 <= len(data):
        sec, frac, size, wire = head.unpack_from(data, at)
        at += 16
        packets.append((sec * 1000000 + frac // unit, data[at:at + size],
                        wire))
        at += size
    return link & 0xFFFF, packets


def _unit(options, order):
    at = 0
    while at + 4 <= len(options):
        code, size = struct.unpack_from(order + "HH", options, at)
        if code == 0:
            break
        if code == 9:
            value = options[at + 4]
            return 2 ** (value & 127) if value & 128 else 10 ** value
        at += 4 + size + (-size % 4)
    return 1000000


def _read_pcapng(data):
    packets, link, units, order, at = [], None, [], "<", 0
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if data[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            kind, units = 0x0A0D0D0A, []
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        size = struct.unpack_from(order + "I", data, at + 4)[0]
        body = data[at + 8:at + size - 4]
        if kind == 1:
            one = struct.unpack_from(order + "H", body)[0]
            link = one if link is None else link
            units.append(_unit(body[8:], order))
        elif kind == 6:
            number, high, low, caught, wire = struct.unpack_from(
                order + "IIIII", body)
            us = (high << 32 | low) * 1000000 // units[number]
            packets.append((us, body[20:20 + caught], wire))
        at += size
    return link, packets


def read(path):
    """(link type, [(microseconds, bytes, length on the wire)])."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return _read_pcapng(data)
    return _read_pcap(data)
