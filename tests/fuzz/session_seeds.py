#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""session_seeds.py DIR - write the seeds of fuzz_session.

Each is a short conversation in the form fuzz_session.c reads: a handshake,
an upload with one thing that goes wrong, and its end.
"""
import pathlib
import struct
import sys

SYN, FIN, RST, ACK = 2, 1, 4, 16


def packet(what, flags, seq, ack, data=b"", more=10):
    """One packet: what to place it in, flags, numbers, payload."""
    return (
        struct.pack(">BBhhBBH", what, flags, seq, ack, 0, more, len(data)) + data
    )


def up(flags, seq, ack, data=b"", **more):
    """The client says it."""
    return packet(2, flags, seq, ack, data, **more)


def down(flags, seq, ack, data=b"", **more):
    """The server says it."""
    return packet(3, flags, seq, ack, data, **more)


OPEN = [up(SYN, -1, 0), down(SYN | ACK, -1, 0), up(ACK, 0, 0)]
BODY = [
    up(ACK, n * 40, 0, b"row %06d of customers, and its fields!\n" % n)
    for n in range(20)
]
CLOSE = [
    down(ACK, 0, 800),
    up(FIN | ACK, 800, 0),
    down(FIN | ACK, 0, 801),
    up(ACK, 801, 1),
]

SEEDS = {
    "clean": OPEN + BODY + CLOSE,
    "hole": OPEN + BODY[:5] + BODY[6:] + CLOSE,
    "reversed": OPEN + BODY[::-1] + CLOSE,
    "twice": OPEN + [p for p in BODY for _ in range(2)] + CLOSE,
    "other": OPEN
    + [q for n, p in enumerate(BODY) for q in (p, up(ACK, n * 40, 0, b"#" * 40))]
    + CLOSE,
    "midstream": BODY + CLOSE,
    "reset": OPEN + BODY[:9] + [up(RST, 360, 0)] + BODY[9:] + CLOSE,
    "again": OPEN + BODY + [up(SYN, 20000, 0), down(SYN | ACK, 9000, 20001)],
    "udp": [packet(10, 0, 0, 0, b"a datagram"), packet(11, 0, 0, 0, b"another")],
    "fragments": [
        packet(18, 1, 0, 0, b"f" * 28),
        packet(18, 12, 0, 0, b"g" * 30),
    ],
}


def main():
    """Write each seed to the folder given."""
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, packets in SEEDS.items():
        (folder / name).write_bytes(b"".join(packets))


if __name__ == "__main__":
    main()
