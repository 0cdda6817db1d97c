#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""captures.py - captures that only the benches need.

    tests/bench/captures.py upload FILE PCAP     FILE by one HTTP POST
    tests/bench/captures.py SHAPE COUNT PCAP     COUNT sessions left open

SHAPE says what was seen of each session: `syn` alone, the whole handshake
(`open`), and behind it one segment of 170 bytes: `post` the head of an upload
and the first bytes of its body, `post6` the same over IPv6, `head` half a
head, `raw` bytes of no protocol. The same arguments give the same bytes.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "pcaps", "make"))
import capfile  # noqa: E402  (its path is set above)
from packets import endpoint  # noqa: E402
from tcp import CLIENT, Tcp  # noqa: E402

START = 1312506123123456
SEGMENT = 170
POST = (b"POST /upload/%d HTTP/1.1\r\nHost: drop.example\r\n"
        b"Content-Type: text/csv\r\nContent-Length: 100000\r\n\r\n")
HEAD = (b"POST /upload/%d HTTP/1.1\r\nHost: drop.example\r\nUser-Agent: "
        b"Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101\r\n"
        b"Accept: text/html,application/xhtml+xml\r\nAccept-Language: en\r\n")
ROWS = b"id,item,price\n" + b"1,table,10\n" * 20
FIRST = {
    "syn": None,
    "open": None,
    "post": lambda i: (POST % i + ROWS)[:SEGMENT],
    "post6": lambda i: (POST % i + ROWS)[:SEGMENT],
    "head": lambda i: (HEAD % i)[:SEGMENT],
    "raw": lambda i: b"\x01\x02HELLO %09d " % i + bytes(
        (7 * k + i) & 255 for k in range(SEGMENT - 18)),
}


def sessions(shape, count, writer):
    """That many sessions, one after the other, none of them closed."""
    v6 = shape.endswith("6")
    server = endpoint("2001:db8:9::9" if v6 else "203.0.113.9", 80)
    first, t = FIRST[shape], START
    for i in range(count):
        a, b, c = i // 62500, i // 250 % 250, 1 + i % 250
        client = endpoint(f"2001:db8:{a + 50}::{b + 1}:{c}" if v6 else
                          f"10.{50 + a}.{b}.{c}", 20000 + i % 40000)
        flow = Tcp(client, server, t, (i * 2654435761, i * 40503 + 7),
                   rtt_us=40)
        opening = list(flow.open())
        writer.put_all(opening[:1] if shape == "syn" else opening)
        if first:
            writer.put(*next(flow.send(CLIENT, first(i))))
        t += 90


def upload(path, writer):
    """A file by one POST; its bytes are read as they are sent."""
    size = os.path.getsize(path)
    flow = Tcp(endpoint("10.20.0.7", 40123), endpoint("203.0.113.9", 80),
               START, (12345, 67890))
    writer.put_all(flow.open())
    writer.put_all(flow.send(CLIENT, (
        "POST /put HTTP/1.1\r\nHost: drop.example\r\nContent-Type: text/plain"
        f"\r\nContent-Length: {size}\r\n\r\n").encode()))
    with open(path, "rb") as file:
        while True:
            piece = file.read(1448 * 2048)
            if not piece:
                break
            writer.put_all(flow.send(CLIENT, piece))
    writer.put_all(flow.close())


def main():
    """Write the capture that is asked for."""
    if len(sys.argv) != 4 or sys.argv[1] not in (*FIRST, "upload"):
        raise SystemExit(__doc__)
    shape, what, path = sys.argv[1:]
    writer = capfile.Writer(path + ".part")
    if shape == "upload":
        upload(what, writer)
    else:
        sessions(shape, int(what), writer)
    writer.close()
    os.rename(path + ".part", path)


if __name__ == "__main__":
    main()
