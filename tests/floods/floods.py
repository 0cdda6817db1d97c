#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""floods.py - networks at their worst, with uploads of customers among them.

    tests/floods/floods.py NAME SCALE > CAPTURE
    tests/floods/floods.py --list

SCALE is how many packets a flood has (or, for `long`, how many bytes). Same
arguments, same bytes. CASES tells how many customers are inside, each in a
table that no other upload of the capture carries.

It must not hold what the program has to say of them: that is test_floods.py.
"""

import heapq
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "pcaps", "make"))
import capfile  # noqa: E402  (its path is set above)
import customers  # noqa: E402
import messages  # noqa: E402
import mut_frame  # noqa: E402
import packets  # noqa: E402
from packets import endpoint  # noqa: E402
from tcp import CLIENT, SERVER, Tcp  # noqa: E402

START = 1312506123000000
ROWS = 150
SECONDS = 20  # that a flood takes
DONE = messages.response(b"stored\n", kind="text/plain")
INSIDER, DROP = "10.20.0.7", "203.0.113.9"
INSIDER6, DROP6 = "2001:db8::a14:7", "2001:db8:ffff::9"
CASES = {}


def case(name, text, tables=1):
    """Register a function of a scale that gives (microseconds, frame)."""
    def note(function):
        CASES[name] = (function, text, tables)
        return function
    return note


def table(number):
    """The table of one upload."""
    return customers.accounts(ROWS, f"flood-{number}")


def post(number, size=ROWS):
    """A request that carries a table, and its answer."""
    body = table(number).head(size).csv()
    return messages.request("POST", "/up", "drop.example", body,
                            kind="text/csv"), DONE


def upload(number=0, *, port=40112, v6=False, isn=None, start=START):
    """One connection with one table."""
    src, dst = (INSIDER6, DROP6) if v6 else (INSIDER, DROP)
    return list(messages.http(endpoint(src, port), endpoint(dst, 80), start,
                              isn or (port * 65537, 99), [post(number)]))


def mail(number):
    """A mail with a table attached."""
    message = messages.mail("taro@bank.example", ["buyer@outside.example"],
                            "list", "as agreed", [
                                ("c.csv", "text/csv", table(number).csv())])
    return list(messages.smtp(
        endpoint(INSIDER, 40225), endpoint("198.51.100.25", 25), START,
        (4242, 777), "taro@bank.example", ["buyer@outside.example"], message))


def fragmented(items, size=576):
    """The same frames in fragments."""
    return [(t, frame) for _, t, frame, _ in mut_frame.FRAME["frag"][0](
        [(None, t, frame, len(frame)) for t, frame in items], None,
        size=size)[1]]


def slowly(items):
    """The same frames over the whole time of a flood."""
    step = SECONDS * 1000000 // len(items)
    return [(START + i * step, frame) for i, (_, frame) in enumerate(items)]


def among(flood, scale, *uploads):
    """Frames of a flood, and uploads that go on all the while."""
    timed = ((START + i * SECONDS * 1000000 // scale, frame)
             for i, frame in enumerate(flood))
    return heapq.merge(timed, *uploads, key=lambda one: one[0])


def stranger(i):
    """An outside address that is not met again for 2^24 calls."""
    return bytes((100 + (i >> 20 & 15), i >> 12 & 255, i >> 4 & 255,
                  1 + (i & 15)))


def _eth(kind):
    return endpoint(INSIDER, 0).mac + endpoint(DROP, 0).mac + struct.pack(
        "!H", kind)


# Incomplete for ever: a first, a middle, a last fragment, an 8-byte one.
SHAPES = ((0x2000, 1400), (0x2000 | 100, 576), (50, 200), (0x2000, 8))
FILLER = bytes(range(256)) * 6


@case("fragments", "incomplete IPv4 fragments", 3)
def fragments(scale):
    """Beside a mail, an upload, and an upload in fragments."""
    head, to = _eth(0x0800), endpoint(INSIDER, 0).ip

    def flood():
        for i in range(scale):
            word, size = SHAPES[i % 4]
            yield head + packets.ipv4(stranger(i), to, 17, FILLER[:size],
                                      ident=i * 7, frag=word)
    return among(flood(), scale, slowly(upload(0)), slowly(mail(1)),
                 fragmented(slowly(upload(2, port=40113))))


@case("fragments-v6", "incomplete IPv6 fragments", 2)
def fragments_v6(scale):
    """Beside an upload, and an upload in fragments."""
    head, to = _eth(0x86DD), endpoint(INSIDER6, 0).ip

    def flood():
        for i in range(scale):
            word, size = SHAPES[i % 4]
            more = 1 if word & 0x2000 else 0
            body = struct.pack("!BBHI", 17, 0, (word & 0x1FFF) * 8 | more,
                               i) + FILLER[:size]
            yield head + packets.ipv6(
                bytes((0x20, 1, 13, 0xB8, 1)) + i.to_bytes(11, "big"), to, 44,
                body)
    return among(flood(), scale, slowly(upload(0, v6=True)),
                 fragmented(slowly(upload(1, v6=True, port=40113))))


def own(scale, shapes):
    """Fragments with the addresses and numbers of an upload, before it."""
    head, true = _eth(0x0800), fragmented(upload(0))
    src, dst = endpoint(INSIDER, 0).ip, endpoint(DROP, 0).ip
    first = int.from_bytes(true[0][1][18:20], "big")

    def flood():
        for i in range(scale):
            word, size = shapes[i % len(shapes)]
            yield head + packets.ipv4(src, dst, 6, FILLER[:size],
                                      ident=first + i % 60000, frag=word)
    return among(flood(), scale, [(t + SECONDS * 2000000, frame)
                                  for t, frame in true])


@case("fragments-own", "junk under every number of a fragmented upload", 1)
def fragments_own(scale):
    """First, middle and tiny fragments in front of the true ones."""
    return own(scale, (SHAPES[0], SHAPES[1], SHAPES[3]))


@case("fragments-end", "false ends of the datagrams of an upload", 1)
def fragments_end(scale):
    """Within the first fragment, behind it, at the end, far beyond."""
    return own(scale, ((50, 200), (72, 24), (144, 348), (4000, 576)))


@case("syn", "SYN from everywhere", 2)
def syn(scale):
    """At the server of an upload, and at that of a mail."""
    head, to = _eth(0x0800), endpoint(DROP, 0).ip

    def flood():
        for i in range(scale):
            src = stranger(i)
            yield head + packets.ipv4(src, to, 6, packets.tcp(
                src, to, 1024 + i % 60000, 80, i * 2654435761, 0, packets.SYN,
                options=packets.syn_options(i)), ident=i)
    return among(flood(), scale, slowly(upload(0)), slowly(mail(1)))


@case("syn-pair", "SYN between the two addresses of an upload", 1)
def syn_pair(scale):
    """From every port to every port."""
    head = _eth(0x0800)
    src, to = endpoint(INSIDER, 0).ip, endpoint(DROP, 0).ip

    def flood():
        for i in range(scale):
            yield head + packets.ipv4(src, to, 6, packets.tcp(
                src, to, 1024 + i % 32768, 81 + i // 32768, i * 2654435761, 0,
                packets.SYN), ident=i)
    return among(flood(), scale, slowly(upload(0)))


@case("talkers", "connections with some bytes in them, never closed", 1)
def talkers(scale):
    """Each has sent a line and got none."""
    head, to = _eth(0x0800), endpoint(DROP, 0).ip
    line = b"POST /a HTTP/1.1\r\nHost: drop.example\r\nX-A: " + b"a" * 200

    def flood():
        for i in range(scale // 2):
            src, port, seq = stranger(i), 1024 + i % 60000, i * 40503
            for flags, body in ((packets.SYN, b""), (packets.ACK, line)):
                yield head + packets.ipv4(src, to, 6, packets.tcp(
                    src, to, port, 80, seq, 1, flags, body), ident=i)
                seq += 1
    return among(flood(), scale, slowly(upload(0)))


@case("heads", "connections that never end the head of a request", 1)
def heads(scale):
    """Each makes a decoder hold twenty thousand bytes."""
    head, to = _eth(0x0800), endpoint(DROP, 0).ip
    line = b"POST /a HTTP/1.1\r\nHost: drop.example\r\n" + b"".join(
        b"X-%d: %060d\r\n" % (i, i) for i in range(300))
    steps = [line[at:at + 1400] for at in range(0, len(line), 1400)]

    def flood():
        for i in range(scale // len(steps)):
            src, port, seq = stranger(i), 1024 + i % 60000, i * 40503
            for step in steps:
                yield head + packets.ipv4(src, to, 6, packets.tcp(
                    src, to, port, 80, seq, 1, packets.ACK, step), ident=i)
                seq += len(step)
    return among(flood(), scale, slowly(upload(0)))


ROW_BYTES = 1 << 20  # of a table that is sent again and again


def long_body(scale):
    """(header, block, tail, blocks): a body of about scale bytes."""
    first, last = table(0), table(1)
    head = first.csv().split(b"\r\n", 1)[0] + b"\r\n"
    rows = first.csv()[len(head):]
    block = rows * max(1, min(ROW_BYTES, scale // 8) // len(rows))
    tail = last.csv()[len(head):]
    count = max(1, (scale - len(head) - len(tail)) // len(block))
    return head, block, tail, count


def long_rows(scale):
    """How many rows that body has."""
    _, block, _, count = long_body(scale)
    return count * block.count(b"\r\n") + ROWS


@case("long", "one upload of that many bytes, new customers at its end", 2)
def long(scale):
    """Sequence numbers begin just below their end, and wrap."""
    head, block, tail, count = long_body(scale)
    size = len(head) + len(block) * count + len(tail)
    flow = Tcp(endpoint(INSIDER, 40112), endpoint(DROP, 80), START,
               (2 ** 32 - min(scale // 2, 10 ** 7), 99))
    yield from flow.open()
    yield from flow.send(CLIENT, (
        "PUT /all HTTP/1.1\r\nHost: drop.example\r\nContent-Type: text/csv\r\n"
        f"Content-Length: {size}\r\n\r\n").encode() + head)
    for _ in range(count):
        yield from flow.send(CLIENT, block)
    yield from flow.send(CLIENT, tail)
    yield from flow.send(SERVER, DONE)
    yield from flow.close()


# By how much the sequence numbers of the next use of a port differ.
JUMPS = (1342177280, -1342177280, 1 << 31, 200 << 20, -(200 << 20), 30 << 20,
         -(30 << 20), 2 << 20, -(3 << 20))


@case("reuse", "the same ports again and again, no FIN, no SYN", len(JUMPS))
def reuse(_scale, handshake=False):
    """Every connection begins where the one before was lost."""
    isn, start = (3000000000, 99), START
    for i, jump in enumerate(JUMPS):
        items = upload(i, isn=isn, start=start)
        end = next(k for k, one in enumerate(items) if one[1][47] & 1)
        yield from items[0 if handshake or i == 0 else 3:end]
        start = items[end][0] + 5000000
        isn = ((isn[0] + jump) % 2 ** 32, (isn[1] + jump // 3) % 2 ** 32)


@case("reuse-syn", "the same ports again and again, no FIN", len(JUMPS))
def reuse_syn(scale):
    """The handshake of each connection is there."""
    return reuse(scale, True)


@case("idle", "an upload that rests for six hours in the middle", 1)
def idle(scale):
    """While others come and go."""
    items, hours = upload(0), 6 * 3600 * 1000000
    half = len(items) // 2
    rest = [(t + hours, frame) for t, frame in items[half:]]
    others = []
    for i in range(scale):
        src, to = endpoint("10.20.1.1", 1024 + i), endpoint("203.0.113.7", 80)
        others += messages.http(src, to, START + i * hours // scale,
                                (i * 77, 5), [(messages.request(
                                    "GET", "/", "news.example"), DONE)])
    return heapq.merge(items[:half] + rest, others, key=lambda one: one[0])


def wrapped(items, *layers):
    """Frames inside that many tunnels: (name, times, settings) each."""
    made = [(None, t, frame, len(frame)) for t, frame in items]
    for name, times, more in layers:
        for _ in range(times):
            made = mut_frame.FRAME[name][0](made, None, **more)[1]
    return [(t, frame) for _, t, frame, _ in made]


V6 = {"v6": 1}
NESTS = ((("ipip", 15, {}),), (("vxlan", 15, {}),), (("gre", 15, {}),),
         (("mpls", 1, {}), ("gre", 1, V6), ("ipip", 1, V6)),
         (("gre-teb", 3, {}), ("geneve", 3, {}), ("erspan2", 3, {})))
DEEPER = (("ipip", 100), ("gre", 100), ("vxlan", 100), ("gre-teb", 100),
          ("ipip", 17))


@case("tunnels", "uploads in nests of tunnels, beside nests that are too "
                 "deep", len(NESTS) + 1)
def tunnels(_scale):
    """Up to 15 are read, 17 and more are not."""
    ways = [upload(0)]
    for i, words in enumerate(NESTS):
        ways.append(wrapped(upload(i + 1, port=40200 + i), *words))
    for i, word in enumerate(DEEPER):
        ways.append(wrapped(upload(90, port=40300 + i), word + ({},)))
    return heapq.merge(*ways, key=lambda one: one[0])


def deep_packets():
    """How many packets of `tunnels` nobody reads."""
    return len(DEEPER) * len(upload(90))


def tagged(items, tags):
    """Frames behind VLAN tags."""
    head = b"".join(b"\x81\0" + struct.pack("!H", 100 + n)
                    for n in range(tags))
    return [(t, frame[:12] + head + frame[12:]) for t, frame in items]


@case("vlans", "the same ports and numbers behind no to eight VLAN tags", 9)
def vlans(_scale):
    """Nine uploads at once that only their tags tell apart."""
    return heapq.merge(*(tagged(upload(i), i) for i in range(9)),
                       key=lambda one: one[0])


def extended(items, ext, kind, length=None):
    """IPv6 frames with extension headers: ext(kind of what follows)."""
    made = []
    for t, frame in items:
        body = ext(frame[20], len(frame) - 54) + frame[54:]
        size = len(body) if length is None else length
        made.append((t, frame[:18] + struct.pack("!HB", size, kind)
                     + frame[21:54] + body))
    return made


def _atomic(kind, _size):
    return struct.pack("!BBHI", kind, 0, 0, 0xDEADBEEF)


def _jumbo(kind, size):
    return struct.pack("!BBBBI", kind, 0, 0xC2, 4, size + 8)


def _fifty(kind, _size):
    return (bytes((60, 0)) + b"\x01\x04\0\0\0\0") * 49 + bytes(
        (kind, 0)) + b"\x01\x04\0\0\0\0"


def _both(kind, size):
    return _jumbo(44, size + 8) + _atomic(kind, size)


@case("v6", "IPv6 as nobody sends it", 5)
def v6(_scale):
    """Atomic fragments, jumbograms, length 0, and 50 headers beside."""
    plain = [upload(i, v6=True, port=40400 + i) for i in range(6)]
    ways = [plain[0],
            extended(plain[1], _atomic, 44),
            extended(plain[2], _jumbo, 0, 0),
            extended(plain[3], lambda kind, size: b"", 6, 0),
            extended(plain[4], _both, 0, 0),
            extended(plain[5], _fifty, 60)]
    return heapq.merge(*ways, key=lambda one: one[0])


def main(words):
    """The command line."""
    if words == ["--list"]:
        for name, (_, text, _) in CASES.items():
            print(f"{name:16} {text}")
        return
    if len(words) != 2 or words[0] not in CASES:
        raise SystemExit(__doc__)
    out = capfile.Writer("/dev/stdout")
    out.put_all(CASES[words[0]][0](int(words[1])))
    out.close()


if __name__ == "__main__":
    main(sys.argv[1:])
