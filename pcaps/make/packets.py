# SPDX-License-Identifier: GPL-3.0-or-later
"""packets.py - build network frames with right checksums, fast.

One's-complement sums are taken as one big integer modulo 65535, so a frame
of 1,500 bytes costs about a microsecond and no loop over its bytes. Times
are whole microseconds. Conversations (tcp.py), incidents and mutations are
built from what stands here.

It must not read files, know an application protocol, or use the clock.
"""

import ipaddress
import struct
from collections import namedtuple

ETH_IPV4 = 0x0800
ETH_IPV6 = 0x86DD
PROTO_ICMP = 1
PROTO_TCP = 6
PROTO_UDP = 17

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32

Endpoint = namedtuple("Endpoint", "mac ip port")


def endpoint(ip, port, mac=None):
    """An endpoint from text; the MAC defaults to one made of the address."""
    packed = ipaddress.ip_address(ip).packed
    if mac is None:
        raw = b"\x02\x00" + packed[-4:]
    else:
        raw = bytes.fromhex(mac.replace(":", ""))
    return Endpoint(raw, packed, port)


def ones_sum(data):
    """The sum of 16-bit words modulo 65535 (a zero byte pads odd data)."""
    if len(data) & 1:
        return int.from_bytes(data, "big") * 256 % 65535
    return int.from_bytes(data, "big") % 65535


def checksum(total):
    """The Internet checksum of a sum made by ones_sum()."""
    return (65535 - total % 65535) % 65535


def ethernet(src, dst, kind, payload):
    """An Ethernet II frame, not padded."""
    return dst + src + kind.to_bytes(2, "big") + payload


def ipv4(src, dst, proto, payload, *, ident=0, ttl=64, frag=0x4000, length=None,
         options=b""):
    """An IPv4 packet; frag is the flags-and-offset word."""
    total = 20 + len(options) + len(payload) if length is None else length
    head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, total,
                       ident & 0xFFFF, frag, ttl, proto, 0, src, dst) + options
    check = checksum(ones_sum(head))
    return head[:10] + check.to_bytes(2, "big") + head[12:] + payload


def ipv6(src, dst, proto, payload, *, hops=64, flow=0):
    """An IPv6 packet; proto may name an extension header in payload."""
    return struct.pack("!IHBB16s16s", 0x60000000 | flow, len(payload), proto,
                       hops, src, dst) + payload


def ip(src, dst, proto, payload, **more):
    """IPv4 or IPv6 by the length of the addresses."""
    if len(src) == 4:
        return ipv4(src, dst, proto, payload, **more)
    more.pop("ident", None)
    more.pop("frag", None)
    if "ttl" in more:
        more["hops"] = more.pop("ttl")
    return ipv6(src, dst, proto, payload, **more)


def pseudo_sum(src, dst, proto, length):
    """The checksum share of the pseudo header of IPv4 or IPv6."""
    return ones_sum(src) + ones_sum(dst) + proto + length


def tcp(src, dst, sport, dport, seq, ack, flags, payload=b"", *, options=b"",
        window=2048, urgent=0):
    """A TCP segment with its checksum; options padded by the caller."""
    offset = (20 + len(options)) // 4
    head = struct.pack("!HHIIHHHH", sport, dport, seq & 0xFFFFFFFF,
                       ack & 0xFFFFFFFF, offset << 12 | flags, window, 0,
                       urgent) + options
    total = (pseudo_sum(src, dst, PROTO_TCP, len(head) + len(payload))
             + ones_sum(head) + ones_sum(payload))
    return (head[:16] + checksum(total).to_bytes(2, "big") + head[18:]
            + payload)


def udp(src, dst, sport, dport, payload, *, no_checksum=False):
    """A UDP datagram; no_checksum gives 0, as tunnels do over IPv4."""
    size = 8 + len(payload)
    head = struct.pack("!HHHH", sport, dport, size, 0)
    if no_checksum:
        return head + payload
    total = (pseudo_sum(src, dst, PROTO_UDP, size) + ones_sum(head)
             + ones_sum(payload))
    return head[:6] + (checksum(total) or 0xFFFF).to_bytes(2, "big") + payload


def icmp_unreachable(packet, code=3):
    """The ICMP message 'destination unreachable' that quotes packet."""
    body = b"\3" + bytes([code]) + b"\0\0\0\0\0\0" + packet[:28]
    check = checksum(ones_sum(body))
    return body[:2] + check.to_bytes(2, "big") + body[4:]


def syn_options(tsval, tsecr=0, mss=1460, scale=7):
    """What Linux offers in a SYN: MSS, SACK, timestamps, window scale."""
    return struct.pack("!HHHHIIBBBB", 0x0204, mss, 0x0402, 0x080A, tsval,
                       tsecr, 1, 3, 3, scale)


def time_options(tsval, tsecr):
    """The timestamps option as every later segment carries it."""
    return struct.pack("!III", 0x0101080A, tsval & 0xFFFFFFFF,
                       tsecr & 0xFFFFFFFF)


class FastFrames:
    """Frames of one direction of a TCP flow, all fixed parts summed once.

    build() makes an ordinary segment with timestamps and no other option.
    """

    _V4 = struct.Struct("!14sHHHHHHIIHHIIHHHHIII")
    _V6 = struct.Struct("!14sIHH16s16sHHIIHHHHIII")

    def __init__(self, src, dst, ttl=64):
        self.src, self.dst = src, dst
        self.v4 = len(src.ip) == 4
        kind = ETH_IPV4 if self.v4 else ETH_IPV6
        self.eth = dst.mac + src.mac + kind.to_bytes(2, "big")
        self.ident = (ones_sum(src.ip) * 7 + src.port) & 0xFFFF
        self.ttl = ttl
        self.tcp_base = (ones_sum(src.ip) + ones_sum(dst.ip) + PROTO_TCP
                         + src.port + dst.port + 0x0101 + 0x080A)
        if self.v4:
            self.a = int.from_bytes(src.ip, "big")
            self.b = int.from_bytes(dst.ip, "big")
            self.ip_base = 0x4500 + 0x4000 + (ttl << 8 | 6) + self.a + self.b

    def build(self, seq, ack, flags, window, stamps, payload):
        """One segment; stamps is (tsval, tsecr)."""
        size = 32 + len(payload)
        tsval, tsecr = stamps
        word = 0x8000 | flags
        total = (self.tcp_base + size + seq + ack + word + window + tsval
                 + tsecr)
        if payload:
            total += ones_sum(payload)
        check = (65535 - total % 65535) % 65535
        src, dst = self.src, self.dst
        if not self.v4:
            return self._V6.pack(
                self.eth, 0x60000000, size, 6 << 8 | self.ttl, src.ip, dst.ip,
                src.port, dst.port, seq, ack, word, window, check, 0,
                0x0101080A, tsval, tsecr) + payload
        self.ident = ident = (self.ident + 1) & 0xFFFF
        head = (65535 - (self.ip_base + size + 20 + ident) % 65535) % 65535
        return self._V4.pack(
            self.eth, 0x4500, size + 20, ident, 0x4000, self.ttl << 8 | 6,
            head, self.a, self.b, src.port, dst.port, seq, ack, word, window,
            check, 0, 0x0101080A, tsval, tsecr) + payload

    def syn(self, seq, ack, flags, stamps):
        """A SYN or SYN/ACK with the usual options."""
        src, dst = self.src, self.dst
        mss = 1460 if self.v4 else 1440
        body = tcp(src.ip, dst.ip, src.port, dst.port, seq, ack, flags,
                   options=syn_options(stamps[0], stamps[1], mss),
                   window=64240)
        self.ident = (self.ident + 1) & 0xFFFF
        return self.eth + ip(src.ip, dst.ip, PROTO_TCP, body,
                             ident=self.ident, ttl=self.ttl)
