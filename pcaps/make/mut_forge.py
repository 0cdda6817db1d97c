# SPDX-License-Identifier: GPL-3.0-or-later
"""mut_forge.py - what someone who does not want to be read adds to a flow.

Forged packets that the receiver drops and a sensor might not: chaff with
right checksums, overlaps with other content, RST, SYN, ACK, timestamps, ICMP.
The upload itself stays whole, so a sensor must still find all of it. What is
forged never counts as part of the stream.
"""

import packets
from mut_flow import FLOW, cut, data_indices, flow, third_ack
from packets import ACK, FIN, PSH, RST, SYN
from segments import CLIENT, SERVER

AHEAD = 500000000
_LETTERS = bytes(range(97, 123)) * 10

__all__ = ["FLOW"]


def junk(source, size):
    """Other content: small letters."""
    return source.bytes(size).translate((_LETTERS + _LETTERS)[:256])


def _around(segs, where, make, after=False):
    """Insert what make(segment) gives before (or after) chosen segments."""
    chosen, made = set(where), []
    for i, one in enumerate(segs):
        if i in chosen and not after:
            made.extend(make(one))
        made.append(one)
        if i in chosen and after:
            made.extend(make(one))
    return made


def _at(segs, at):
    where = data_indices(segs)
    return where[min(len(where) - 1, int(len(where) * at))]


@flow("overlap-after", "every=50th segment again, later, with other content")
def overlap_after(_capture, segs, source, every=50):
    """The first copy is the upload's."""
    return _around(segs, data_indices(segs)[::every], lambda s: [
        s.forge(payload=junk(source, len(s.payload)))], after=True)


@flow("overlap-before", "every=50th segment comes first with other content")
def overlap_before(_capture, segs, source, every=50):
    """The second copy is the upload's."""
    return _around(segs, data_indices(segs)[::every], lambda s: [
        s.forge(payload=junk(source, len(s.payload)))])


@flow("seg-overlap", "segments of size=64 that overlap; keep=old or new")
def seg_overlap(_capture, segs, source, size=64, keep="old"):
    """Each piece reaches into the next (or back into the last) with junk.

    A receiver that keeps the old bytes, or the new, has the upload.
    """
    made = []
    for one in segs:
        pieces = cut(one, size)
        for i, piece in enumerate(pieces):
            if keep == "new" and i + 1 < len(pieces):
                made.append(piece.change(payload=piece.payload + junk(
                    source, len(pieces[i + 1].payload))))
                made[-1].own = len(piece.payload)
                continue
            if keep == "old" and i > 0:
                before = len(pieces[i - 1].payload)
                wide = piece.change(
                    payload=junk(source, before) + piece.payload,
                    seq=(piece.seq - before) & 0xFFFFFFFF)
                wide.own = len(piece.payload)
                made.append(wide)
                continue
            made.append(piece)
    return made


def _chaff(segs, every, make):
    return _around(segs, data_indices(segs)[::every], lambda s: [make(s)])


def chaff(name, text, make):
    """Register a chaff: make(segment, source, step) gives a forged one."""
    @flow("chaff-" + name, text + "; every=1")
    def insert(_capture, segs, source, every=1, step=0):
        return _chaff(segs, every, lambda s: make(s, source, step))
    return insert


def _junked(seg, source, **more):
    return seg.forge(payload=junk(source, len(seg.payload)), **more)


def _old_time(seg):
    at = seg.options.find(b"\x08\x0a")
    if at < 0:
        return seg.options
    stamp = int.from_bytes(seg.options[at + 2:at + 6], "big") - 10 ** 8
    return (seg.options[:at + 2] + (stamp & 0xFFFFFFFF).to_bytes(4, "big")
            + seg.options[at + 6:])


chaff("cksum", "junk with a wrong checksum",
      lambda s, src, _: _junked(s, src, sum="bad"))
chaff("ttl1", "junk that dies on the way (TTL 1)",
      lambda s, src, _: _junked(s, src, ttl=1))
chaff("null", "junk without any flag",
      lambda s, src, _: _junked(s, src, flags=0))
chaff("rexmit", "junk as a first transmission",
      lambda s, src, _: _junked(s, src))
chaff("seq", "junk far away in sequence (step=1073741824)",
      lambda s, src, step: _junked(
          s, src, seq=(s.seq + (step or 1 << 30)) & 0xFFFFFFFF))
chaff("window", "junk beyond the window (step=1048576)",
      lambda s, src, step: _junked(
          s, src, seq=(s.seq + (step or 1 << 20)) & 0xFFFFFFFF))
chaff("ack", "junk that acknowledges what was never sent",
      lambda s, src, _: _junked(s, src, ack=(s.ack + AHEAD) & 0xFFFFFFFF))
chaff("paws", "junk with an old timestamp",
      lambda s, src, _: _junked(s, src, options=_old_time(s)))
chaff("rst", "RST with a wrong number",
      lambda s, src, _: s.forge(
          flags=RST, payload=b"", options=b"",
          seq=(s.seq + (1 << 29) + src.below(1 << 28)) & 0xFFFFFFFF))
chaff("fin", "FIN far ahead",
      lambda s, src, _: s.forge(
          flags=FIN | ACK, payload=b"", seq=(s.seq + (1 << 29)) & 0xFFFFFFFF))
chaff("syn", "SYN with another initial number",
      lambda s, src, _: s.forge(
          flags=SYN, payload=b"", ack=0, seq=src.bits(32),
          options=packets.syn_options(1)))


@flow("rst", "a forged RST with the right number: at=0.5")
def rst(_capture, segs, _source, at=0.5, ttl=1):
    """It dies before the receiver; the upload goes on."""
    return _around(segs, [_at(segs, at)], lambda s: [s.forge(
        flags=RST | ACK, payload=b"", ttl=ttl)])


@flow("fin", "a forged FIN with the right number: at=0.5")
def fin(_capture, segs, _source, at=0.5, ttl=1):
    """It dies before the receiver; the upload goes on."""
    return _around(segs, [_at(segs, at)], lambda s: [s.forge(
        flags=FIN | ACK, payload=b"", ttl=ttl)])


@flow("ack-ahead", "a forged ACK 500 MB ahead of the upload: at=0.1")
def ack_ahead(_capture, segs, _source, at=0.1, ahead=AHEAD):
    """As if the receiver had it all; the receiver knows nothing of it."""
    def make(one):
        back = next(s for s in segs if s.side == SERVER
                    and not s.flags & SYN and s.flags & ACK)
        return [back.forge(t=one.t, payload=b"", flags=ACK, seq=one.ack,
                           ack=(one.seq + ahead) & 0xFFFFFFFF)]
    return _around(segs, [_at(segs, at)], make)


@flow("time-forged", "a timestamp of the far future, TTL 1: at=0.1")
def time_forged(_capture, segs, _source, at=0.1):
    """Later segments look old to whoever believes it (PAWS)."""
    def make(one):
        place = one.options.find(b"\x08\x0a")
        options = one.options
        if place >= 0:
            options = (options[:place + 2] + b"\x7f\xff\xff\xff"
                       + options[place + 6:])
        return [one.forge(options=options, payload=b"", ttl=1, flags=ACK)]
    return _around(segs, [_at(segs, at)], make)


@flow("icmp", "ICMP port unreachable during the handshake")
def icmp(capture, segs, _source):
    """From the server's address, about the SYN."""
    client, server = capture.ends
    packet = capture.render(segs[0])[14:]
    frame = packets.ethernet(
        server.mac, client.mac, packets.ETH_IPV4, packets.ipv4(
            server.ip, client.ip, packets.PROTO_ICMP,
            packets.icmp_unreachable(packet)))
    note = segs[0].change(side=None, frame=frame, wire=len(frame))
    return [segs[0], note] + segs[1:]


@flow("syn-forged", "a forged SYN in mid-upload: at=0.5")
def syn_forged(_capture, segs, source, at=0.5):
    """Another initial number, never answered."""
    return _around(segs, [_at(segs, at)], lambda s: [s.forge(
        flags=SYN, payload=b"", ack=0, seq=source.bits(32),
        options=packets.syn_options(1))])


@flow("syn-late", "the same after a pause of hours=1.1")
def syn_late(capture, segs, source, at=0.5, hours=1.1):
    """The upload was only waiting."""
    half = _at(segs, at)
    pause = int(hours * 3600 * 1000000)
    later = [s.moved(s.t + pause) for s in segs[half:]]
    return segs[:half] + syn_forged(capture, later, source, 0.0)


@flow("keepalive", "a probe with one junk byte before every=20th segment")
def keepalive(_capture, segs, _source, every=20):
    """Its byte is one the receiver has."""
    return _around(segs, data_indices(segs)[every::every], lambda s: [
        s.forge(seq=(s.seq - 1) & 0xFFFFFFFF, payload=b"\0", flags=ACK)])


@flow("zero-window", "the receiver closes its window before every=20th")
def zero_window(_capture, segs, _source, every=20):
    """And opens it again; the sender probes with the next byte."""
    back = next(s for s in segs if s.side == SERVER and s.flags & ACK
                and not s.flags & SYN)

    def make(one):
        shut = back.forge(t=one.t, payload=b"", flags=ACK, seq=one.ack,
                          ack=one.seq, window=0)
        probe = one.change(payload=one.payload[:1], flags=ACK)
        return [shut, probe, shut.change(window=2048)]
    return _around(segs, data_indices(segs)[every::every], make)


@flow("no-third-but-push", "the third ACK carries PSH and no data")
def third_push(_capture, segs, _source):
    """As some stacks open a connection."""
    at = third_ack(segs)
    return [s.change(flags=ACK | PSH) if i == at else s
            for i, s in enumerate(segs)]
