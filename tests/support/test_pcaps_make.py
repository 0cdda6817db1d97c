#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_pcaps_make.py - the generator tells the truth, twice the same.

Every frame has right checksums, every incident's rows are really in its
capture, every mutation's figures agree with an independent reading of the
file it wrote, and the same arguments give the same bytes. The recorded
captures are read too: whole frames, right checksums, an existing truth.

It must not need a package, a network or the program under test.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2] / "pcaps"
MAKE = ROOT / "make"
sys.dont_write_bytecode = True
sys.path.insert(0, str(MAKE))

import capfile  # noqa: E402
import customers  # noqa: E402
import mut_flow  # noqa: E402
import mut_frame  # noqa: E402
import mutate  # noqa: E402
import packets  # noqa: E402

SMALL = {"citi-cards-japan": 300, "citi-account-online": 200, "citi-walk": 40,
         "tmobile": 200, "tmobile-mixed": 200, "five-copies": 50, "packed": 50,
         "quiet-customers": 20, "quiet-orders": 100, "quiet-logs": 100,
         "quiet-source": 5, "quiet-purchase": 1, "half-open": 50,
         "incomplete-fragments": 200, "syn-flood": 200, "long-flow": 1}
WRONG_SUMS = {"bad-checksums", "tso", "chaff-cksum"}
SLOW = {"seg", "nest"}


def run(*words):
    """A script of pcaps/make; gives what it printed."""
    return subprocess.run([sys.executable, "-B", *map(str, words)], check=True,
                          capture_output=True, text=True).stdout


def tcp_of(frame):
    """(source, target, tcp bytes) of a plain frame, after checking sums."""
    if frame[12:14] == b"\x08\x00":
        head = frame[14:34]
        assert packets.ones_sum(head) == 0, "IPv4 header checksum"
        size = int.from_bytes(frame[16:18], "big")
        src, dst, proto = frame[26:30], frame[30:34], frame[23]
        body = frame[34:14 + size]
    else:
        src, dst, proto = frame[22:38], frame[38:54], frame[20]
        body = frame[54:]
    if proto != 6:
        return None
    total = packets.pseudo_sum(src, dst, 6, len(body))
    assert (total + packets.ones_sum(body)) % 65535 == 0, "TCP checksum"
    return src, dst, body


def streams_of(path):
    """The bytes of every TCP stream of a capture, by its ends."""
    held = {}
    for _, frame, _ in capfile.read(path)[1]:
        got = tcp_of(frame)
        if got is None:
            continue
        src, dst, body = got
        key = src + body[:2] + dst + body[2:4]
        seq, data = int.from_bytes(body[4:8], "big"), body[(body[12] >> 4) * 4:]
        if body[13] & packets.SYN:
            held[key] = [seq + 1, bytearray()]
        start, stream = held[key]
        at = (seq - start) & 0xFFFFFFFF
        if data:
            if len(stream) < at + len(data):
                stream.extend(bytes(at + len(data) - len(stream)))
            stream[at:at + len(data)] = data
    return {key: bytes(value[1]) for key, value in held.items()}


class Incidents(unittest.TestCase):
    """incidents.py"""

    def setUp(self):
        self.tmp = tempfile.TemporaryDirectory()
        self.addCleanup(self.tmp.cleanup)

    def make(self, name, *more):
        """One incident; gives its folder."""
        folder = os.path.join(self.tmp.name, name + "".join(more))
        run(MAKE / "incidents.py", name, folder, "--n", SMALL[name], *more)
        return pathlib.Path(folder)

    def test_all_are_listed_here(self):
        """A new incident needs a line in SMALL."""
        listed = [line.split()[0] for line in
                  run(MAKE / "incidents.py", "--list").splitlines()]
        self.assertEqual(set(listed), set(SMALL) | {"mix"})

    def test_frames_are_sound_and_truth_is_there(self):
        """Checksums of every frame; the packets the truth counts."""
        for name in SMALL:
            if name in ("incomplete-fragments", "long-flow"):
                continue
            with self.subTest(name):
                folder = self.make(name)
                truth = json.loads((folder / "truth.json").read_text())
                path = folder / (name + ".pcap")
                self.assertEqual(len(capfile.read(path)[1]), truth["packets"])
                streams_of(path)

    def test_the_rows_are_in_the_capture(self):
        """Japan and mobile rows pass unchanged, in their charset."""
        for name, code in (("citi-cards-japan", "cp932"),
                           ("tmobile", "utf-8")):
            folder = self.make(name)
            body = b"".join(streams_of(folder / (name + ".pcap")).values())
            rows = (folder / "customers.csv").read_bytes().decode()
            lines = rows.splitlines()[1:SMALL[name] + 1]
            self.assertTrue(all(line.encode(code) in body for line in lines))
            after = rows.splitlines()[SMALL[name] + 1]
            self.assertNotIn(after.encode(code), body)

    def test_the_same_words_give_the_same_bytes(self):
        """Another hash seed and locale change nothing."""
        seen = set()
        for seed in ("1", "77"):
            os.environ["PYTHONHASHSEED"] = seed
            folder = self.make("five-copies", "--seed=x")
            seen.add(hashlib.sha256(
                (folder / "five-copies.pcap").read_bytes()).hexdigest())
        self.assertEqual(len(seen), 1)

    def test_the_mix_can_be_made_small(self):
        """--scale; every frame sound."""
        run(MAKE / "incidents.py", "mix", self.tmp.name, "--scale", "0.003")
        streams_of(os.path.join(self.tmp.name, "mix.pcap"))


class Tables(unittest.TestCase):
    """customers.py"""

    def test_numbers_are_valid_and_distinct(self):
        """Luhn, prefixes, no number twice."""
        for table, column in ((customers.japan(500), 0),
                              (customers.accounts(500), 3)):
            numbers = [row[column] for row in table.rows]
            self.assertEqual(len(set(numbers)), 500)
            for number in numbers:
                self.assertEqual(customers.luhn_digit(number[:-1]),
                                 number[-1])
        self.assertTrue(all(3528 <= int(row[0][:4]) <= 3589
                            for row in customers.japan(500).rows))

    def test_a_longer_table_begins_with_the_shorter(self):
        """So the leaked rows are the first of the company's table."""
        self.assertEqual(customers.japan(50).rows,
                         customers.japan(90).rows[:50])

    def test_separators_have_their_shares(self):
        """60 % plain, 25 % spaces, 15 % dashes."""
        rows = customers.with_separators(customers.accounts(1000)).rows
        self.assertEqual(sum(" " in row[3] for row in rows), 250)
        self.assertEqual(sum("-" in row[3] for row in rows), 150)


class Mutations(unittest.TestCase):
    """mutate.py"""

    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.TemporaryDirectory()
        cls.source = os.path.join(cls.tmp.name, "tmobile", "tmobile.pcap")
        run(MAKE / "incidents.py", "tmobile", os.path.dirname(cls.source),
            "--n", "600")
        cls.target = os.path.join(cls.tmp.name, "out.pcap")

    @classmethod
    def tearDownClass(cls):
        cls.tmp.cleanup()

    def mutate(self, *words):
        """The truth of one mutation of the sample."""
        return mutate.mutate(self.source, self.target, list(words))

    def test_clean_changes_nothing(self):
        """Byte by byte."""
        self.mutate("clean")
        self.assertEqual(pathlib.Path(self.source).read_bytes(),
                         pathlib.Path(self.target).read_bytes())

    def test_only_loss_loses(self):
        """Every kind but those that drop says that all is there."""
        losing = {"drop-one", "loss", "loss-data", "start", "stop", "only",
                  "frag-loss", "snap"}
        kinds = set(mut_flow.FLOW) | set(mut_frame.FRAME)
        for kind in sorted(kinds - SLOW):
            with self.subTest(kind):
                truth = self.mutate(kind)
                lost = truth["client"]["lost"] + truth["server"]["lost"]
                if kind not in losing:
                    self.assertEqual((lost, truth["client"]["missing"]),
                                     (0, 0))
                    self.assertEqual(truth["rows"]["whole"],
                                     truth["rows"]["rows"])
                elif kind not in ("loss", "loss-data", "frag-loss"):
                    self.assertGreater(lost, 0)

    def test_holes_are_where_the_bytes_are_not(self):
        """An independent reading of the file agrees to the byte."""
        want = max(streams_of(self.source).values(), key=len)
        truth = self.mutate("seed=7", "loss", "p=0.05")
        self.assertGreater(truth["client"]["missing"], 0)
        held = bytearray(len(want))
        isn = None
        for _, frame, _ in capfile.read(self.target)[1]:
            src, _, body = tcp_of(frame)
            if src != bytes((10, 20, 0, 7)):
                continue
            seq = int.from_bytes(body[4:8], "big")
            isn = seq if isn is None else isn
            data = body[(body[12] >> 4) * 4:]
            at = seq - isn - 1
            if data:
                held[at:at + len(data)] = b"\1" * len(data)
        self.assertEqual(held.count(1), truth["client"]["present"])
        for start, size in truth["client"]["holes"]:
            self.assertEqual(held[start:start + size], bytes(size))

    def test_forged_segments_have_right_checksums(self):
        """Chaff must not be known by its checksum, save where it is meant."""
        plain = [k for k in mut_flow.FLOW
                 if k not in WRONG_SUMS | SLOW | {"vlan-twins"}]
        for kind in plain:
            with self.subTest(kind):
                self.mutate(kind)
                for _, frame, _ in capfile.read(self.target)[1]:
                    tcp_of(frame)

    def test_every_form_of_file_holds_the_same_frames(self):
        """Byte orders, nanoseconds, pcapng with interfaces and sections."""
        want = [f for _, f, _ in capfile.read(self.source)[1]]
        for form in ("pcap-be", "pcap-ns", "pcapng", "pcapng-2",
                     "pcapng-sections"):
            with self.subTest(form):
                self.mutate("format=" + form, "clean")
                got = [f for _, f, _ in capfile.read(self.target)[1]]
                self.assertEqual(got, want)


class Cases(unittest.TestCase):
    """cases.py"""

    def test_each_is_written_twice_the_same(self):
        """And those about protocols have sound frames."""
        with tempfile.TemporaryDirectory() as tmp:
            for name in ("a", "b"):
                run(MAKE / "cases.py", "all", os.path.join(tmp, name))
            paths = sorted(pathlib.Path(tmp, "a").iterdir())
            self.assertGreater(len(paths), 100)
            for path in paths:
                with self.subTest(path.name):
                    self.assertEqual(
                        path.read_bytes(),
                        pathlib.Path(tmp, "b", path.name).read_bytes())
                    if path.name.startswith(("http", "smtp", "mime", "ftp",
                                             "bdat")) and (
                            path.suffix == ".pcap"):
                        streams_of(path)


class Recorded(unittest.TestCase):
    """The captures that are kept."""

    def test_each_is_whole_and_documented(self):
        """Sound frames, small, with README, make.sh and truth."""
        total = 0
        for path in sorted(ROOT.glob("*/capture.pcap")):
            with self.subTest(path.parent.name):
                for _, frame, wire in capfile.read(path)[1]:
                    self.assertEqual(len(frame), wire)
                    self.assertLessEqual(wire, 1514)
                    tcp_of(frame)
                for other in ("README.md", "make.sh", "truth.json"):
                    self.assertTrue((path.parent / other).exists())
                self.assertLess(path.stat().st_size, 300000)
                total += path.stat().st_size
        self.assertGreater(total, 0)
        self.assertLess(total, 2000000)


if __name__ == "__main__":
    unittest.main()
