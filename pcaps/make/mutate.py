#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mutate.py - damage, disguise or wrap the one flow of a capture.

    pcaps/make/mutate.py IN OUT KIND [name=value ...] [KIND ...]
    pcaps/make/mutate.py --list

Kinds are applied in the order given; those that change segments come before
those that wrap frames. seed=TEXT before the first KIND chooses the random
numbers, format=pcap|pcap-be|pcap-ns|pcapng|pcapng-2|pcapng-sections the file.
Prints one JSON object: for each direction the bytes of the original stream,
those still present, those lost, those provably missing (below a later byte
or an ACK), the holes, and how many rows of the table are whole.

It must not change a byte that KIND does not name.
"""

import inspect
import json
import sys

import capfile
import customers
import mut_forge
import segments
from mut_flow import FLOW, flow, in_time_order, second_use
from mut_frame import FRAME
from packets import Endpoint

assert mut_forge.FLOW is FLOW


@flow("ipv6", "the same flow over IPv6 (2001:db8::/32)")
def ipv6(capture, segs, _source):
    """Addresses become 2001:db8::a.b.c.d; checksums are made anew."""
    prefix = bytes.fromhex("20010db8") + bytes(8)
    capture.ends = tuple(
        Endpoint(e.mac, prefix + e.ip if len(e.ip) == 4 else e.ip, e.port)
        for e in capture.ends)
    return [s if s.side is None else s.change() for s in segs]


@flow("vlan-twins", "two flows with one five-tuple in two VLANs")
def vlan_twins(capture, segs, _source, second=""):
    """Interleaved packet by packet; second=FILE is the other flow."""
    again = second_use(capture, segs, second, 0x50000000)
    delay = segs[0].t + 7 - again[0].t
    both = list(segs) + [s.moved(s.t + delay) for s in again]
    both.sort(key=lambda s: s.t)
    made = []
    for one in both:
        frame = capture.render(one)
        tag = (0x81000000 | 10 + 10 * one.epoch).to_bytes(4, "big")
        plain = one.change(frame=frame[:12] + tag + frame[12:], dirty=False)
        plain.wire = len(plain.frame)
        made.append(plain)
    return made


@flow("shuffle", "packets in blocks of n=16 are shuffled")
def shuffle(_capture, segs, source, n=16):
    """Nothing is lost."""
    order = []
    for at in range(0, len(segs), n):
        block = segs[at:at + n]
        source.shuffle(block)
        order.extend(block)
    return in_time_order(order, segs)


def _settings(function, given, kind):
    known = inspect.signature(getattr(function, "settings",
                                      function)).parameters
    made = {}
    for name, text in given:
        usual = known[name].default if name in known else 0
        loose = any(p.kind is p.VAR_KEYWORD for p in known.values())
        if name not in known and not loose:
            raise SystemExit(f"mutate: {kind}: no setting '{name}'")
        made[name] = type(usual)(text)
    return made


def parse(words):
    """[(kind, [(name, value)])] and the general settings."""
    general, kinds = [], []
    for word in words:
        name, sign, value = word.partition("=")
        if sign:
            (kinds[-1][1] if kinds else general).append((name, value))
        elif name in FLOW or name in FRAME:
            kinds.append((name, []))
        else:
            raise SystemExit(f"mutate: no kind '{name}'; see --list")
    return kinds, dict(general)


def write(path, form, link, items):
    """The frames as a capture file of that form."""
    if form.startswith("pcapng"):
        out = capfile.NgWriter(path)
        out.section()
        out.interface(link)
        if form == "pcapng-2":
            out.interface(link, nano=True, snap=65535)
        for i, (seg, t, frame, wire) in enumerate(items):
            if form == "pcapng-sections" and i and i % 1000 == 0:
                out.other(0x0BAD, b"to be skipped")
                out.section(big=i // 1000 % 2 == 1)
                out.interface(link, nano=i // 1000 % 2 == 1)
            number = int(form == "pcapng-2" and seg.side == segments.SERVER)
            out.put(t, frame, wire, number)
        return out.close()
    out = capfile.Writer(path, link, big=form == "pcap-be",
                         nano=form == "pcap-ns")
    for _, t, frame, wire in items:
        out.put(t, frame, wire)
    return out.close()


def mutate(source_path, target_path, words):
    """Apply the kinds and write the result; gives the truth."""
    kinds, general = parse(words)
    seed = "mutate:" + general.get("seed", "1")
    capture = segments.Capture(source_path)
    segs, items, link = capture.segs, None, capfile.LINK_ETHERNET
    for number, (kind, given) in enumerate(kinds):
        source = customers.Source(f"{seed}:{number}:{kind}")
        if kind in FLOW:
            if items is not None:
                raise SystemExit(f"mutate: {kind} must come before frames")
            function = FLOW[kind][0]
            segs = function(capture, segs, source,
                            **_settings(function, given, kind))
            continue
        if items is None:
            items = rendered(capture, segs)
        function = FRAME[kind][0]
        link, items = function(items, source,
                               **_settings(function, given, kind))
    if items is None:
        items = rendered(capture, segs)
    truth = {"kinds": [[k, dict(g)] for k, g in kinds],
             "packets_in": len(capture.segs), "link": link}
    truth.update(segments.truth(capture, segs))
    truth["packets_out"] = write(target_path, general.get("format", "pcap"),
                                 link, items)
    return truth


def rendered(capture, segs):
    """Segments as (segment, time, frame, length on the wire).

    Every place in the file gets a segment of its own to be marked by what
    cuts frames.
    """
    made = []
    for i, seg in enumerate(segs):
        frame = capture.render(seg)
        segs[i] = seg = seg.moved(seg.t)
        made.append((seg, seg.t, frame, max(seg.wire - len(seg.frame), 0)
                     + len(frame)))
    return made


def main(words):
    """The command line."""
    if words[:1] == ["--list"]:
        for name, (_, text) in list(FLOW.items()) + list(FRAME.items()):
            print(f"{name:18} {text}")
        return
    if len(words) < 3:
        raise SystemExit(__doc__)
    print(json.dumps(mutate(words[0], words[1], words[2:]), sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1:])
