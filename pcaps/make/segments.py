# SPDX-License-Identifier: GPL-3.0-or-later
"""segments.py - a capture taken apart into TCP segments that can be changed.

Mutations work on a list of Seg: fields are changed on copies, and a frame is
only rebuilt (with right checksums) where something changed. Each Seg keeps
the place of its payload in the original stream, so what a mutation lost can
be told exactly, whatever it did to sequence numbers, order or headers.

Reads plain Ethernet captures with one TCP flow of interest; frames of any
other kind are passed on untouched. It must not decide what is mutated.
"""

import bisect
import copy
import re

import capfile
import packets
from packets import ACK, SYN, Endpoint

CLIENT, SERVER = 0, 1
ROW = re.compile(rb"^(?:[0-9]|[A-Z][a-z]+ )[^\n]*(?:,[^\n]*){3}\n", re.M)


class Seg:
    """One segment of the flow (side 0 or 1), or another frame (side None)."""

    __slots__ = ("t", "frame", "wire", "side", "seq", "ack", "flags", "window",
                 "options", "payload", "ttl", "ident", "urgent", "off",
                 "ackoff", "forged", "epoch", "dirty", "sum", "iplen", "own",
                 "caught")

    def change(self, **fields):
        """A copy with other fields; its frame will be rebuilt."""
        made = copy.copy(self)
        made.dirty = True
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    def forge(self, **fields):
        """A changed copy that was never part of the stream."""
        return self.change(forged=True, **fields)

    def moved(self, t):
        """The same frame at another time."""
        made = copy.copy(self)
        made.t = t
        return made

    @property
    def end(self):
        """The offset after the payload's own bytes."""
        return self.off + (len(self.payload) if self.own is None
                           else self.own)


def _signed(value):
    value &= 0xFFFFFFFF
    return value - 0x100000000 if value & 0x80000000 else value


def _split(frame):
    """(ip version, source, target, tcp bytes, ttl, ident) or None."""
    kind = frame[12:14]
    if kind == b"\x08\x00" and frame[14] >> 4 == 4 and frame[23] == 6:
        if int.from_bytes(frame[20:22], "big") & 0x3FFF:
            return None
        at, size = 14 + (frame[14] & 15) * 4, int.from_bytes(frame[16:18],
                                                             "big")
        return (4, frame[26:30], frame[30:34], frame[at:14 + size], frame[22],
                int.from_bytes(frame[18:20], "big"))
    if kind == b"\x86\xdd" and frame[20] == 6:
        size = int.from_bytes(frame[18:20], "big")
        return (6, frame[22:38], frame[38:54], frame[54:54 + size], frame[21],
                0)
    return None


class Capture:
    """A capture file, its main flow, and what that flow carried."""

    def __init__(self, path):
        link, raw = capfile.read(path)
        if link != capfile.LINK_ETHERNET:
            raise SystemExit("mutate: want an Ethernet capture")
        parsed = [_split(frame) for _, frame, _ in raw]
        self.ends = self._main(raw, parsed)
        self.isn = [None, None]
        self.segs = []
        for (t, frame, wire), one in zip(raw, parsed):
            self.segs.append(self._seg(t, frame, wire, one))
        self.streams = [[self._stream(CLIENT), self._stream(SERVER)]]

    @staticmethod
    def _main(raw, parsed):
        sizes, ends = {}, {}
        for (_, frame, _), one in zip(raw, parsed):
            if one is None:
                continue
            body = one[3]
            a = (one[1], int.from_bytes(body[:2], "big"))
            b = (one[2], int.from_bytes(body[2:4], "big"))
            key = (min(a, b), max(a, b))
            sizes[key] = sizes.get(key, 0) + len(body)
            if key not in ends:
                ends[key] = (Endpoint(frame[6:12], *a),
                             Endpoint(frame[:6], *b))
        if not sizes:
            raise SystemExit("mutate: no TCP in the capture")
        return ends[max(sizes, key=lambda k: (sizes[k], k))]

    def _seg(self, t, frame, wire, one):
        seg = Seg()
        seg.t, seg.frame, seg.wire, seg.side = t, frame, wire, None
        seg.forged, seg.epoch, seg.dirty = False, 0, False
        seg.sum, seg.iplen, seg.own, seg.payload = "good", None, None, b""
        seg.flags = seg.off = seg.ackoff = seg.urgent = 0
        seg.caught = None
        if one is None:
            return seg
        body = one[3]
        ports = (int.from_bytes(body[:2], "big"),
                 int.from_bytes(body[2:4], "big"))
        for side in (CLIENT, SERVER):
            mine, theirs = self.ends[side], self.ends[1 - side]
            if (one[1], ports[0], one[2], ports[1]) == (
                    mine.ip, mine.port, theirs.ip, theirs.port):
                seg.side = side
        if seg.side is None:
            return seg
        seg.ttl, seg.ident = one[4], one[5]
        seg.seq = int.from_bytes(body[4:8], "big")
        seg.ack = int.from_bytes(body[8:12], "big")
        head = (body[12] >> 4) * 4
        seg.flags, seg.window = body[13], int.from_bytes(body[14:16], "big")
        seg.urgent = int.from_bytes(body[18:20], "big")
        seg.options, seg.payload = body[20:head], body[head:]
        self._place(seg)
        return seg

    def _place(self, seg):
        """Fill in the stream offsets from the sequence numbers."""
        first = 1 if seg.flags & SYN else 0
        if self.isn[seg.side] is None:
            self.isn[seg.side] = (seg.seq + first) & 0xFFFFFFFF
        if self.isn[1 - seg.side] is None and seg.flags & ACK:
            self.isn[1 - seg.side] = seg.ack
        seg.off = _signed(seg.seq + first - self.isn[seg.side])
        if seg.flags & ACK:
            seg.ackoff = _signed(seg.ack - self.isn[1 - seg.side])

    def _stream(self, side):
        held = bytearray()
        for seg in self.segs:
            if seg.side == side and seg.payload and not seg.off < 0:
                if seg.end > len(held):
                    held.extend(b"\0" * (seg.end - len(held)))
                held[seg.off:seg.end] = seg.payload
        return bytes(held)

    def adopt(self, other):
        """Take another capture's flow as the second use of this tuple."""
        self.streams.append(other.streams[0])
        made = []
        for seg in other.segs:
            if seg.side is not None:
                made.append(seg.change(epoch=1))
        return made

    def render(self, seg):
        """The Ethernet frame of a segment."""
        if not seg.dirty or seg.side is None:
            return seg.frame
        src, dst = self.ends[seg.side], self.ends[1 - seg.side]
        body = packets.tcp(src.ip, dst.ip, src.port, dst.port, seg.seq,
                           seg.ack, seg.flags, seg.payload,
                           options=seg.options, window=seg.window,
                           urgent=seg.urgent)
        if seg.sum == "bad":
            wrong = int.from_bytes(body[16:18], "big") ^ 0x5555
            body = body[:16] + wrong.to_bytes(2, "big") + body[18:]
        elif seg.sum == "partial":
            half = packets.pseudo_sum(src.ip, dst.ip, 6, len(body)) % 65535
            body = body[:16] + half.to_bytes(2, "big") + body[18:]
        more = {"ident": seg.ident, "ttl": seg.ttl}
        if len(src.ip) == 4 and seg.iplen is not None:
            more["length"] = seg.iplen
        kind = packets.ETH_IPV4 if len(src.ip) == 4 else packets.ETH_IPV6
        return packets.ethernet(src.mac, dst.mac, kind, packets.ip(
            src.ip, dst.ip, packets.PROTO_TCP, body, **more))


def shift(seg, delta, other):
    """The segment with both sequence spaces moved."""
    mine, theirs = (delta, other) if seg.side == CLIENT else (other, delta)
    return seg.change(seq=(seg.seq + mine) & 0xFFFFFFFF,
                      ack=(seg.ack + theirs) & 0xFFFFFFFF
                      if seg.flags & ACK else 0)


def _merged(parts):
    made = []
    for start, end in sorted(parts):
        if made and start <= made[-1][1]:
            made[-1][1] = max(made[-1][1], end)
        else:
            made.append([start, end])
    return made


def _direction(segs, side, total):
    """What of one stream is there and what is provably not."""
    have, proof, starts, first_ack = [], 0, [], None
    for seg in segs:
        if seg.side == side:
            starts.append(max(0, seg.off))
            size = (seg.end - seg.off if seg.caught is None
                    else seg.caught)
            if seg.payload:
                if size and seg.off + size > 0:
                    have.append((max(0, seg.off), seg.off + size))
                proof = max(proof, seg.end)
        elif seg.side == 1 - side and seg.flags & ACK:
            proof = max(proof, seg.ackoff)
            if first_ack is None:
                first_ack = max(0, seg.ackoff)
            if seg.flags & SYN:
                starts.append(0)
    if not starts and first_ack is not None:
        starts.append(first_ack)
    have, proof = _merged(have), min(proof, total)
    at = min(starts) if starts else proof
    holes = []
    for start, end in have:
        if start > at:
            holes.append([at, start - at])
        at = max(at, end)
    if proof > at:
        holes.append([at, proof - at])
    present = sum(end - start for start, end in have)
    return have, {"bytes": total, "present": present, "lost": total - present,
                  "missing": sum(size for _, size in holes), "holes": holes}


def _rows(stream, have):
    """How many rows of a table there are, and are whole, in what is there.

    A row is whole if every byte of it and the line end before it is there.
    """
    starts = [start for start, _ in have]
    rows = whole = touched = 0
    for match in ROW.finditer(stream):
        rows += 1
        first, last = max(0, match.start() - 1), match.end()
        i = bisect.bisect_right(starts, first) - 1
        if i >= 0 and have[i][1] >= last:
            whole += 1
            continue
        j = bisect.bisect_left(starts, last) - 1
        if j >= 0 and have[j][1] > first:
            touched += 1
    return {"rows": rows, "whole": whole, "touched": touched}


def truth(capture, segs):
    """The exact truth about what a mutated capture still holds."""
    made = {"client": {}, "server": {}, "rows": {}}
    for epoch, streams in enumerate(capture.streams):
        mine = [s for s in segs if s.side is not None and not s.forged
                and s.epoch == epoch]
        main = CLIENT if len(streams[0]) >= len(streams[1]) else SERVER
        for side, name in ((CLIENT, "client"), (SERVER, "server")):
            have, one = _direction(mine, side, len(streams[side]))
            if side == main:
                for key, value in _rows(streams[side], have).items():
                    made["rows"][key] = made["rows"].get(key, 0) + value
            for key, value in one.items():
                zero = [] if key == "holes" else 0
                made[name][key] = made[name].get(key, zero) + value
    return made
