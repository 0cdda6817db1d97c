# SPDX-License-Identifier: GPL-3.0-or-later
"""test_health.py - what the tap did not see is said, and is no alert.

Each case is one recorded upload, captured badly. Health is a line on standard
error and a counter; it changes no exit status, and -q silences it.
"""

import os
import struct
import unittest

from program import PCAPS, Place

import capfile  # program.py says where it is

RAW = os.path.join(PCAPS, "http-raw-post", "capture.pcap")


class Health(unittest.TestCase):
    """Sentences about the tap."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)
        self.packets = capfile.read(RAW)[1]

    def read(self, packets, **more):
        """A capture of (microseconds, frame, length on the wire)."""
        path = self.place.name("c.pcap")
        out = capfile.Writer(path)
        for us, frame, wire in packets:
            out.put(us, frame, wire)
        out.close()
        os.chmod(path, 0o644)
        return self.place.read(path, rules=1, **more)

    def said(self, result):
        """Lines about health."""
        return [line for line in result.err.splitlines()
                if line.startswith("outflow: health: ")]

    def test_a_good_capture_says_nothing(self):
        result = self.read(self.packets)
        self.assertEqual(result.err, "")
        self.assertEqual(result.stats["silence_seconds"], 0)

    def test_frames_cut_short_are_said(self):
        result = self.read([(us, frame[:400], wire)
                            for us, frame, wire in self.packets])
        cut = sum(wire > 400 for _, _, wire in self.packets)
        self.assertEqual(result.stats["packets_cut"], cut)
        self.assertEqual(len(self.said(result)), 1, result.err)
        self.assertIn(f" {cut} of {len(self.packets)} packets",
                      result.err)

    def test_one_direction_only_is_said_and_uploads_are_read(self):
        client = self.packets[0][1][6:12]
        result = self.read([one for one in self.packets
                            if one[1][6:12] == client])
        self.assertEqual(result.status, 1)
        self.assertEqual(result.stats["flows_one_way"], 1)
        self.assertEqual(len(self.said(result)), 1, result.err)
        self.assertIn("one direction", result.err)

    def test_silence_is_said(self):
        half = len(self.packets) // 2
        for workers in (1, 2):
            result = self.read(self.packets[:half] + [
                (us + 900 * 1000000, frame, wire)
                for us, frame, wire in self.packets[half:]], workers=workers)
            self.assertEqual(result.status, 1)
            self.assertEqual(result.stats["silence_seconds"], 900)
            self.assertEqual(len(self.said(result)), 1, result.err)
            self.assertIn("900 s", result.err)

    def test_a_clock_that_jumps_is_no_silence(self):
        result = self.read(self.packets + [
            (us + 10 ** 15, frame, wire)
            for us, frame, wire in self.packets[-1:]])
        self.assertEqual(self.said(result), [])

    def test_dropped_packets_are_said(self):
        path = self.place.name("c.pcapng")
        out = capfile.NgWriter(path)
        out.section()
        out.interface()
        for us, frame, wire in self.packets:
            out.put(us, frame, wire)
        out.other(5, struct.pack("<III", 0, 0, 0)
                  + struct.pack("<HHQ", 5, 8, 77) + bytes(4))
        out.close()
        os.chmod(path, 0o644)
        result = self.place.read(path, rules=1)
        self.assertEqual(result.status, 1)
        self.assertEqual(result.stats["packets_dropped"], 77)
        self.assertEqual(len(self.said(result)), 1, result.err)
        self.assertIn(" 77 packets", result.err)

    def test_quiet_is_quiet(self):
        result = self.read([(us, frame[:400], wire)
                            for us, frame, wire in self.packets], more=["-q"])
        self.assertEqual(result.err, "")


if __name__ == "__main__":
    unittest.main()
