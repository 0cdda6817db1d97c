# SPDX-License-Identifier: GPL-3.0-or-later
"""mut_frame.py - what wraps or cuts whole frames: tunnels, tags, fragments.

Each function takes (items, source) and its own settings, items being a list
of (segment, microseconds, frame, length on the wire), and gives (link type,
items). Only the outermost Ethernet header is looked at, so most of these may
follow one another.
"""

import struct

import packets
from capfile import (LINK_ETHERNET, LINK_IPV4, LINK_LOOP, LINK_NULL, LINK_RAW,
                     LINK_SLL, LINK_SLL2)

FRAME = {}
OUTER = (bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2)))
OUTER_MACS = (b"\x02\x00\xc0\x00\x02\x01", b"\x02\x00\xc0\x00\x02\x02")


def frames(name, text, link=LINK_ETHERNET):
    """Register a function of one frame (and its settings)."""
    def note(function):
        def every(items, _source, **more):
            made = []
            for i, (seg, t, frame, wire) in enumerate(items):
                new = function(frame, i, **more)
                made.append((seg, t, new, wire + len(new) - len(frame)))
            return link, made
        every.settings = function
        FRAME[name] = (every, text)
        return function
    return note


def whole(name, text):
    """Register a function of the whole list."""
    def note(function):
        FRAME[name] = (function, text)
        return function
    return note


def _tag(frame, kinds, first=100):
    made = frame[12:]
    for n, kind in enumerate(reversed(kinds)):
        made = struct.pack("!HH", kind, first + len(kinds) - 1 - n) + made
    return frame[:12] + made


@frames("vlan", "tags=1 802.1Q tags")
def vlan(frame, _i, tags=1, first=100):
    """802.1Q; several tags are written 8100 8100 ..."""
    return _tag(frame, [0x8100] * tags, first)


@frames("qinq", "802.1ad: 88a8 outside, 8100 inside")
def qinq(frame, _i):
    """Provider bridge."""
    return _tag(frame, [0x88A8, 0x8100])


@frames("mpls", "labels=2 MPLS labels")
def mpls(frame, _i, labels=2):
    """IP directly below the label stack."""
    stack = b"".join(
        struct.pack("!I", (1000 + n) << 12 | (n == labels - 1) << 8 | 64)
        for n in range(labels))
    return frame[:12] + b"\x88\x47" + stack + frame[14:]


@frames("mpls-eth", "MPLS pseudowire: word=1 with a control word")
def mpls_eth(frame, _i, word=1):
    """An Ethernet frame below the label stack."""
    label = struct.pack("!I", 16 << 12 | 1 << 8 | 64)
    return (OUTER_MACS[1] + OUTER_MACS[0] + b"\x88\x47" + label
            + (b"\0\0\0\0" if word else b"") + frame)


@frames("pppoe", "PPPoE session")
def pppoe(frame, _i):
    """RFC 2516."""
    kind = b"\x00\x21" if frame[12:14] == b"\x08\x00" else b"\x00\x57"
    body = kind + frame[14:]
    return (frame[:12] + b"\x88\x64" + struct.pack("!BBHH", 0x11, 0, 7,
                                                   len(body)) + body)


def _outer(proto, payload, i, v6=False):
    if v6:
        src, dst = (bytes.fromhex("20010db8") + bytes(11) + bytes((n,))
                    for n in (1, 2))
        return packets.ethernet(OUTER_MACS[0], OUTER_MACS[1],
                                packets.ETH_IPV6,
                                packets.ipv6(src, dst, proto, payload))
    return packets.ethernet(OUTER_MACS[0], OUTER_MACS[1], packets.ETH_IPV4,
                            packets.ipv4(*OUTER, proto, payload, ident=i))


@frames("gre", "GRE; key=1 seq=1 sum=1 add those fields; v6=1 outer IPv6")
def gre(frame, i, key=0, seq=0, **more):
    """RFC 2784 and 2890, IP inside."""
    flags = 0x2000 * bool(key) | 0x1000 * bool(seq)
    check = bool(more.get("sum"))
    fields = struct.pack("!I", 77) * bool(key) + struct.pack(
        "!I", i) * bool(seq)
    head = struct.pack("!H", flags | 0x8000 * check) + frame[12:14]
    if check:
        total = packets.ones_sum(head + b"\0\0\0\0" + fields + frame[14:])
        head += struct.pack("!HH", packets.checksum(total), 0)
    return _outer(47, head + fields + frame[14:], i, bool(more.get("v6")))


@frames("gre-teb", "GRE with a whole Ethernet frame")
def gre_teb(frame, i):
    """Transparent Ethernet bridging, 0x6558."""
    return _outer(47, b"\0\0\x65\x58" + frame, i)


@frames("erspan1", "ERSPAN type I")
def erspan1(frame, i):
    """No sequence number, no header."""
    return _outer(47, b"\0\0\x88\xbe" + frame, i)


@frames("erspan2", "ERSPAN type II")
def erspan2(frame, i):
    """GRE with sequence number, 8 bytes of header."""
    head = struct.pack("!HHI", 0x1000, 0x88BE, i) + struct.pack(
        "!HHI", 1 << 12 | 100, 3 << 11 | 5, 9)
    return _outer(47, head + frame, i)


@frames("erspan3", "ERSPAN type III; sub=1 adds the platform header")
def erspan3(frame, i, sub=0):
    """GRE with sequence number, 12 or 20 bytes of header."""
    head = struct.pack("!HHI", 0x1000, 0x22EB, i) + struct.pack(
        "!HHIHH", 2 << 12 | 100, 5, i * 100, 0, 1 if sub else 0)
    return _outer(47, head + (bytes(8) if sub else b"") + frame, i)


def _udp_outer(frame, i, port, head):
    body = packets.udp(*OUTER, 49152 + i % 1000, port, head + frame,
                       no_checksum=True)
    return _outer(17, body, i)


@frames("vxlan", "VXLAN; deep=1 levels")
def vxlan(frame, i, deep=1, vni=5001):
    """RFC 7348."""
    for level in range(deep):
        head = struct.pack("!II", 0x08000000, (vni + level) << 8)
        frame = _udp_outer(frame, i, 4789, head)
    return frame


@frames("geneve", "GENEVE; options=1 adds one")
def geneve(frame, i, options=0):
    """RFC 8926."""
    extra = b"\x01\x02\x80\x01abcd" if options else b""
    head = struct.pack("!BBHI", len(extra) // 4, 0, 0x6558, 5001 << 8)
    return _udp_outer(frame, i, 6081, head + extra)


@frames("ipip", "IP in IPv4 (4 in 4, or 6in4 after ipv6); v6=1 in IPv6")
def ipip(frame, i, v6=0):
    """Protocol 4 or 41."""
    proto = 4 if frame[12:14] == b"\x08\x00" else 41
    return _outer(proto, frame[14:], i, bool(v6))


@frames("nest", "IP in IP, deep=100 levels")
def nest(frame, i, deep=100):
    """Deeper than a sensor should go; it must say so."""
    for _ in range(deep):
        frame = ipip(frame, i)
    return frame


@frames("ipv6-ext", "IPv6 with hop-by-hop, routing and destination options")
def ipv6_ext(frame, _i, pairs=1):
    """Only after ipv6; pairs=25 gives 50 extension headers."""
    if frame[12:14] != b"\x86\xdd":
        return frame
    body, kind = frame[54:], frame[20]
    pad = b"\x01\x04\0\0\0\0"
    for _ in range(pairs):
        body = bytes((kind, 0)) + pad + body
        body, kind = bytes((60, 0)) + b"\x04\0\0\0\0\0" + body, 43
    body, kind = bytes((kind, 0)) + pad + body, 0
    return (frame[:18] + struct.pack("!HB", len(body), kind) + frame[21:54]
            + body)


@frames("sll", "Linux cooked capture v1", LINK_SLL)
def sll(frame, _i):
    """As tcpdump -i any writes."""
    return (struct.pack("!HHH6sxx", 4, 1, 6, frame[6:12]) + frame[12:])


@frames("sll2", "Linux cooked capture v2", LINK_SLL2)
def sll2(frame, _i):
    """As newer tcpdump -i any writes."""
    return (frame[12:14] + struct.pack("!HIHBB6sxx", 0, 3, 1, 4, 6,
                                       frame[6:12]) + frame[14:])


@frames("raw", "no link layer", LINK_RAW)
def raw(frame, _i):
    """IPv4 or IPv6, told by the first four bits."""
    return frame[14:]


@frames("raw-ipv4", "no link layer, IPv4 only", LINK_IPV4)
def raw_ipv4(frame, _i):
    """LINKTYPE_IPV4."""
    return frame[14:]


@frames("null", "BSD loopback, host order", LINK_NULL)
def null(frame, _i, af6=24):
    """Address family in the byte order of the host."""
    return struct.pack("<I", 2 if frame[12] == 8 else af6) + frame[14:]


@frames("loop", "OpenBSD loopback, network order", LINK_LOOP)
def loop(frame, _i, af6=24):
    """Address family in network order."""
    return struct.pack(">I", 2 if frame[12] == 8 else af6) + frame[14:]


@frames("pad", "an Ethernet trailer of size=4 bytes after every frame")
def pad(frame, _i, size=4):
    """A frame check sequence, or padding, is not data."""
    return frame + b"\xee" * size


def _fragments4(frame, size):
    head, body = frame[:34], frame[34:]
    base = int.from_bytes(head[20:22], "big") & 0x1FFF
    made = []
    for at in range(0, len(body), size):
        part = body[at:at + size]
        more = 0x2000 if at + size < len(body) else 0
        made.append((at, part, more, base))
    return head, made


def _build4(head, at, part, more, base):
    ip = bytearray(head[14:34])
    ip[2:4] = (20 + len(part)).to_bytes(2, "big")
    ip[6:8] = (more | base + at // 8).to_bytes(2, "big")
    ip[10:12] = b"\0\0"
    check = packets.checksum(packets.ones_sum(bytes(ip)))
    ip[10:12] = check.to_bytes(2, "big")
    return head[:14] + bytes(ip) + part


def _build6(head, at, part, more, ident, kind):
    ext = struct.pack("!BBHI", kind, 0, at | (1 if more else 0), ident)
    return (head[:18] + struct.pack("!HB", 8 + len(part), 44) + head[21:54]
            + ext + part)


def _pieces(frame, size, ident):
    """The fragments of one frame as (offset, bytes, build function)."""
    if frame[12:14] == b"\x86\xdd":
        head, body, kind = frame[:54], frame[54:], frame[20]
        return [(at, body[at:at + size],
                 lambda a, p, m=at + size < len(body):
                 _build6(head, a, p, m, ident, kind))
                for at in range(0, len(body), size)]
    head, parts = _fragments4(frame, size)
    return [(at, part, lambda a, p, m=more, b=base:
             _build4(head, a, p, m, b)) for at, part, more, base in parts]


@whole("frag", "IP fragments of size=576 bytes; order=keep reverse random; "
               "overlap=none old new")
def frag(items, source, size=576, order="keep", overlap="none"):
    """overlap=old: junk comes after the right bytes; new: before them."""
    made = []
    size -= size % 8
    for number, (seg, t, frame, wire) in enumerate(items):
        v6 = frame[12:14] == b"\x86\xdd"
        if frame[12:14] != b"\x08\x00" and not v6 or len(frame) - 34 <= size:
            made.append((seg, t, frame, wire))
            continue
        pieces = _pieces(frame, size, number)
        built = [build(at, part) for at, part, build in pieces]
        if order == "reverse":
            built.reverse()
        elif order == "random":
            source.shuffle(built)
        elif overlap != "none":
            built = _overlapped(pieces, built, source, overlap)
        made.extend((seg, t, one, len(one)) for one in built)
    return LINK_ETHERNET, made


def _overlapped(pieces, built, source, overlap):
    made = []
    for i, ((at, part, build), good) in enumerate(zip(pieces, built)):
        if i == 0 or i + 1 == len(pieces):
            made.append(good)
            continue
        bad = build(at, bytes(97 + b % 26 for b in source.bytes(len(part))))
        made.extend((good, bad) if overlap == "old" else (bad, good))
    return made


@whole("frag-loss", "fragments of size=576, each lost with p=0.01")
def frag_loss(items, source, size=576, p=0.01):
    """A datagram with a hole is a datagram lost."""
    _, parts = frag(items, source, size)
    made = []
    for item in parts:
        if source.real() < p:
            if item[0].side is not None:
                item[0].caught = 0
        else:
            made.append(item)
    return LINK_ETHERNET, made


@whole("snap", "frames are cut at n=1000 bytes")
def snap(items, _source, n=1000):
    """The length on the wire stays what it was."""
    made = []
    for seg, t, frame, wire in items:
        if seg.side is not None and len(frame) > n:
            head = len(frame) - len(seg.payload)
            seg.caught = max(0, n - head)
        made.append((seg, t, frame[:n], wire))
    return LINK_ETHERNET, made
