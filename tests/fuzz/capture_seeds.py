#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""capture_seeds.py - write the seeds of fuzz_capture.

    tests/fuzz/capture_seeds.py [OUTDIR]

One small capture for each format and each family of link layers, the first
byte being the fuzz target's choice of block size. The same bytes every time.
"""

import bz2
import gzip
import lzma
import os
import struct
import sys

DATA = b"payload!"
MACS = bytes.fromhex("020000000001020000000002")
IN4 = bytes.fromhex("0a000001"), bytes.fromhex("0a000002")
IN6 = bytes.fromhex("20010db8" + "0" * 23 + "1"), \
    bytes.fromhex("20010db8" + "0" * 23 + "2")


def ipv4(payload, proto=6, pieces=0):
    """An IPv4 datagram; pieces are flags and offset."""
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 7, pieces, 64,
                       proto, 0) + IN4[0] + IN4[1] + payload


def ipv6(payload, following=6):
    """An IPv6 datagram."""
    return struct.pack(">IHBB", 6 << 28, len(payload), following, 64) + \
        IN6[0] + IN6[1] + payload


def udp(port, payload):
    """A UDP datagram to a port."""
    return struct.pack(">HHHH", 12345, port, 8 + len(payload), 0) + payload


def ether(kind, payload):
    """An Ethernet frame."""
    return MACS + struct.pack(">H", kind) + payload


def tunnels():
    """IP datagrams with something inside."""
    inner = ipv4(DATA)
    frame = ether(0x0800, inner)
    gre = [b"\0\0\x08\0" + inner,
           b"\xb0\0\x08\0sum.key.seq." + inner,
           b"\x40\0\x08\0sum.\0\2\0\4rout\0\0\0\0" + inner,
           b"\0\0\x65\x58" + frame,
           b"\x10\0\x88\xbeseq.\x10\5\0\x64\0\0\0\1" + frame,
           b"\x10\0\x22\xebseq.\x20\5\0\x64timegr\0\1platform" + frame,
           b"\x30\1\x88\x0b\0\x20\0\1seq.\xff\3\0\x21" + inner]
    in_udp = [(4789, b"\x08\0\0\0\0\0\5\0" + frame),
              (4790, b"\x0c\0\0\4\0\0\5\0\0\2\2\1path" + inner),
              (6081, b"\2\0\x08\0\0\0\5\0options!" + inner),
              (6635, b"\0\1\1\x40" + inner),
              (3544, b"\0\1\0\0nonce888\0\0\0ptaddr" + ipv6(DATA)),
              (2152, b"\x36\xff\0\x24teid\0\1\0\x85\1\0\0\0" + inner),
              (1701, b"\x0a\2\0\1\0\1seq.\0\2xx\0\x21" + inner)]
    return [ipv4(inner, 4), ipv4(ipv6(DATA), 41), ipv6(inner, 4),
            ipv4(b"\x30\0" + frame, 97), ipv4(b"\0\1\1\x40" + inner, 137),
            ipv4(inner, 4, 0x2000), ipv4(b"\6\2\0\0spi.seq.auth" + DATA, 51),
            ipv6(b"\x2b\0\1\4\0\0\0\0\x2c\1\0\0\0\0\0\0segments"
                 b"\6\0\0\x19\0\0\1\2" + DATA, 0)] + \
        [ipv4(g, 47) for g in gre] + \
        [ipv4(udp(port, body), 17) for port, body in in_udp]


def frames():
    """Ethernet frames with tags, labels and lengths."""
    inner = ipv4(DATA)
    return [ether(0x0800, inner + b"padding"),
            ether(0x8100, b"\0\5\x88\xa8\0\6\x86\xdd" + ipv6(DATA)),
            ether(0x8847, b"\0\1\0\x40\0\1\1\x40" + inner),
            ether(0x8847, b"\0\1\1\x40\0\0\0\0" + ether(0x0800, inner)),
            ether(0x8864, b"\x11\0\0\1\0\x1e\0\x21" + inner),
            ether(0x24, b"\xaa\xaa\3\0\0\0\x08\0" + inner),
            ether(0x88e7, b"\0\0\0\1" + ether(0x0800, inner)),
            ether(0x894f, b"\0\2\2\1path" + inner),
            ether(0x0806, b"who has")]


def links():
    """Other link types: number and frame."""
    inner = ipv4(DATA)
    wifi = b"\x88\1\0\0" + MACS + MACS[:6] + b"\x10\0\0\0" + \
        b"\xaa\xaa\3\0\0\0\x08\0" + inner
    mac = b"\2\0\0\0\0\2\0\0"
    return {"null": (0, b"\2\0\0\0" + inner),
            "ppp": (9, b"\xff\3\0\x21" + inner),
            "chdlc": (104, b"\x0f\0\x08\0" + inner),
            "frelay": (107, b"\x18\x41\3\0\x80\0\0\0\x08\0" + inner),
            "sll": (113, b"\0\0\0\1\0\6" + mac + b"\x08\0" + inner),
            "sll2": (276, b"\x08\0\0\0\0\0\0\1\0\1\0\6" + mac + inner),
            "nflog": (239, b"\2\0\0\1\5\0\1\0x\0\0\0\x20\0\x09\0" + inner),
            "pktap": (258, b"\x10\0\0\0\1\0\0\0\1\0\0\0name" +
                      ether(0x0800, inner)),
            "token": (6, b"\x10\x40" + MACS[:6] + b"\x82" + MACS[7:] +
                      b"\6\x20rout\xaa\xaa\3\0\0\0\x08\0" + inner),
            "wifi": (105, wifi),
            "radiotap": (127, b"\0\0\x09\0\2\0\0\0\0" + wifi),
            "ppi": (192, b"\0\0\x08\0\x69\0\0\0" + wifi)}


def pcap(link, packets, order="<", magic=0xa1b2c3d4):
    """A classic capture."""
    extra = b"ifixprot" if magic == 0xa1b2cd34 else b""
    out = struct.pack(order + "IHHIIII", magic, 2, 4, 0, 0, 65535, link)
    for at, frame in enumerate(packets):
        out += struct.pack(order + "IIII", 1500000000 + at, at, len(frame),
                           len(frame)) + extra + frame
    return out


def pcapng(packets, order="<"):
    """A pcapng capture with every kind of block."""
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        size = struct.pack(order + "I", len(body) + 12)
        return struct.pack(order + "I", kind) + size + body + size

    def u32(*values):
        return struct.pack(order + "I" * len(values), *values)

    out = block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))
    out += block(10, b"secrets")
    out += block(1, struct.pack(order + "HHI", 1, 0, 65535))
    out += block(1, struct.pack(order + "HHIHHBBBBHHqHH", 101, 0, 0, 9, 1, 9,
                                0, 0, 0, 14, 8, -5, 0, 0))
    for at, frame in enumerate(packets):
        out += block(6, u32(0, 0x55555, at, len(frame), len(frame)) + frame)
    raw = ipv4(DATA)
    out += block(6, u32(1, 0x14d11ee5, 7, len(raw), len(raw)) + raw)
    out += block(3, u32(len(packets[0])) + packets[0])
    out += block(2, struct.pack(order + "HH", 1, 0) +
                 u32(0, 5, len(raw), len(raw)) + raw)
    return out + block(5, b"statistics")


def main():
    """Write them all."""
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "seeds", "capture")
    os.makedirs(folder, exist_ok=True)
    seeds = {"ether": pcap(1, frames()), "raw": pcap(101, tunnels()),
             "nano-be": pcap(1, frames()[:2], ">", 0xa1b23c4d),
             "kuznetzov": pcap(1, frames()[:2], "<", 0xa1b2cd34),
             "pcapng-le": pcapng(frames()[:2]),
             "pcapng-be": pcapng(frames()[:2], ">"),
             "sections": pcapng(frames()[:1]) + pcapng(frames()[:1], ">")}
    for name, (link, frame) in links().items():
        seeds["link-" + name] = pcap(link, [frame])
    small = pcap(1, frames()[:2])
    seeds["gz"] = gzip.compress(small, mtime=0)
    seeds["xz"] = lzma.compress(small)
    seeds["bz2"] = bz2.compress(small)
    # a frame of one raw block: Python 3.11 has no zstd
    seeds["zst"] = b"\x28\xb5\x2f\xfd\x20" + bytes([len(small)]) + \
        struct.pack("<I", len(small) << 3 | 1)[:3] + small
    for at, (name, data) in enumerate(sorted(seeds.items())):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(bytes([at * 9 % 256]) + data)


if __name__ == "__main__":
    main()
