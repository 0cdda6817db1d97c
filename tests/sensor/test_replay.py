# SPDX-License-Identifier: GPL-3.0-or-later
"""test_replay.py - what `watch` reads from a wire is what `read` reads.

Captures, as they are and put into tags and tunnels, are sent into an
interface of a sensor with four workers. Large frames of a tunnel are cut in
fragments, small ones are not: the kernel's filter cannot see into the first,
and both must come to one worker.
"""

import os
import struct
import sys
import unittest

import lab as labs
from test_sensor import Bench

import capfile  # pcaps/make; lab.py says where it is
import program  # tests/golden

NAMES = ["http-raw-post", "http-ipv6-post", "ftp-epsv-v6", "ftp-port",
         "smtp-attachment", "raw-udp"]
SAME = ["packets", "packets_used", "bytes", "flows", "payload_bytes",
        "inspected_bytes", "records"]
CUT = 600  # bytes of a tunnel's datagram that travel in one piece


def datagram(proto, payload, number, more=False, at=0):
    """An IPv4 datagram between the ends of a tunnel."""
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number,
                       (0x2000 if more else 0) | at // 8, 64, proto, 0,
                       bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])) + payload


def tunnelled(proto, payload, number):
    """Frames with that payload of a tunnel, cut when it is large."""
    macs = bytes([2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8]) + b"\x08\x00"
    if len(payload) <= CUT:
        return [macs + datagram(proto, payload, number)]
    return [macs + datagram(proto, payload[at:at + CUT], number,
                            at + CUT < len(payload), at)
            for at in range(0, len(payload), CUT)]


def vxlan(frame, number):
    """In VXLAN, as clouds mirror."""
    head = struct.pack(">HHHH", 49152 + number % 4096, 4789,
                       16 + len(frame), 0) + b"\x08\0\0\0\0\0\x07\0"
    return tunnelled(17, head + frame, number)


def erspan(frame, number):
    """In ERSPAN of type II, as switches mirror."""
    head = struct.pack(">HHIQ", 0x1000, 0x88BE, number, 0x1000 << 48)
    return tunnelled(47, head + frame, number)


def tags(frame, _):
    """In two VLAN tags."""
    return [frame[:12] + b"\x88\xa8\0\x05\x81\0\0\x06" + frame[12:]]


def plain(frame, _):
    """As it is."""
    return [frame]


class Replayed(Bench):
    """Sentences about packets on a wire and in a file."""

    def wrapped(self, name, how):
        """A capture with every frame wrapped."""
        path = os.path.join(self.room, f"{how.__name__}-{name}.pcap")
        packets = capfile.read(os.path.join(program.PCAPS, name,
                                            "capture.pcap"))[1]
        file = capfile.Writer(path)
        for number, (when, frame, _) in enumerate(packets):
            file.put_all((when, one) for one in how(frame, number))
        file.close()
        return path

    def check(self, how):
        """Four workers see what one reader reads."""
        replay = labs.Replay(self.lab)
        replay.wires("tapa")
        for end in ("tapa", "tapatx"):
            self.lab.ip("sensor", "link", "set", end, "mtu", "9000")
        place = program.Place()
        self.addCleanup(place.__exit__)
        paths = [self.wrapped(name, how) for name in NAMES]
        want = place.read(*paths, workers=2).stats
        sensor = self.sensor(customers=5, interfaces=("tapa",))
        sensor.start("-j", "4")
        for path in paths:
            replay.send(path, "", "tapa")
        stats = sensor.stop()
        sensor.sums(stats)
        self.assertGreater(want["records"], 500)
        self.assertEqual({key: stats[key] for key in SAME},
                         {key: want[key] for key in SAME})

    def test_frames_as_they_are(self):
        self.check(plain)

    def test_in_two_tags(self):
        self.check(tags)

    def test_in_vxlan_partly_in_fragments(self):
        self.check(vxlan)

    def test_in_erspan_partly_in_fragments(self):
        self.check(erspan)


if __name__ == "__main__":
    sys.exit(unittest.main())
