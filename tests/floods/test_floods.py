# SPDX-License-Identifier: GPL-3.0-or-later
"""test_floods.py - the captures of floods.py, with both engines.

    test_floods.py [SCALE [NAME ...]]

Every customer of every upload is found, nobody is invented, the flood is
counted, memory stays where the settings put it. The larger SCALE of
scripts/floods takes the same way. What is streamed to standard input is never
stored.
"""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "golden"))
sys.path.insert(0, HERE)
import floods  # noqa: E402  (its path is set above)
import program  # noqa: E402
from program import Place, named_by  # noqa: E402

SETTINGS = '''inside = [ "10.0.0.0/8", "2001:db8::a14:0/112" ];
limits = { memory = "%dMiB"; };
'''
RULES = '''rules = ( { id = "any"; name = "Any customer"; severity = "high";
  direction = "any"; customers = 1; within = "365d"; by = "employee"; } );
'''
WAYS = (("native", 1), ("native", 2), ("nids", 1), ("nids", 2))
SCALE = 30000       # packets of a flood
LONG = 6 << 20      # bytes of `long`
CODE = 64 << 20     # libraries, tables and buffers beside what is limited
FRAGMENTS = 16 << 20  # limits.h


def sanitized():
    """Is the program one with sanitizers, whose memory says nothing?"""
    with open(program.BINARY, "rb") as file:
        return b"__asan_init" in file.read()


class Floods(unittest.TestCase):
    """One method a case."""

    scale = SCALE

    def names(self, count):
        """{pseudonym: number of the row} of the first tables."""
        made = {}
        for number in range(count):
            table = floods.table(number)
            for column in ("account_number", "card_number"):
                for row, name in enumerate(named_by(table, column)):
                    made[name] = number * floods.ROWS + row
        return made

    def check(self, name, result, megabytes, workers):
        """What holds of every case."""
        count = floods.CASES[name][2]
        known = self.names(count)
        names = [c["customer"] for c in result.customers]
        self.assertEqual([n for n in names if n not in known], [], "invented")
        rows = [known[n] for n in names]
        self.assertEqual(len(rows), len(set(rows)), "one row, two customers")
        self.assertEqual(len(rows), count * floods.ROWS, result.err)
        self.assertEqual(result.status, 1, result.err)
        if not self.sanitized:
            most = (megabytes << 20) + workers * (CODE + 2 * FRAGMENTS)
            self.assertLess(result.stats["peak_memory"], most)

    def one(self, name, judge, megabytes=256, scale=None):
        """A case in every way; judge(result) holds what is its own."""
        scale = self.scale if scale is None else scale
        self.sanitized = sanitized()
        with Place() as place:
            path = place.name(name + ".pcap")
            with open(path, "wb") as file:
                subprocess.run([sys.executable, "-B", floods.__file__, name,
                                str(scale)], check=True, stdout=file)
            os.chmod(path, 0o644)
            lists = set()
            for engine, workers in WAYS:
                with self.subTest(name, engine=engine, workers=workers):
                    result = place.read(path, rules=RULES, session=engine,
                                        settings=SETTINGS % megabytes,
                                        workers=workers)
                    self.check(name, result, megabytes, workers)
                    judge(result)
                    lists.add((result.list, result.out))
            self.assertEqual(len(lists), 1, "ways differ")

    def fragments(self, name):
        """Incomplete ones leave, oldest first, and are counted."""
        def judge(result):
            skipped = result.stats["packets_skipped"]
            self.assertEqual(skipped["fragment_incomplete"]
                             + skipped["fragment_limit"], self.scale)
            self.assertGreater(skipped["fragment_limit"], 0)
            self.assertEqual(result.stats["missing_bytes"], 0)
        self.one(name, judge)

    def test_fragments_that_stay_incomplete_do_not_hide_uploads(self):
        self.fragments("fragments")

    def test_the_same_over_ipv6(self):
        self.fragments("fragments-v6")

    def test_junk_under_the_numbers_of_a_datagram_does_not_hide_it(self):
        self.one("fragments-own", lambda result: self.assertIn(
            "overlap", result.alerts[0]["outflow"]["anomalies"]), scale=300)

    def test_a_false_end_does_not_hide_a_datagram(self):
        self.one("fragments-end", lambda result: None, scale=300)

    def full(self, name, flows):
        """Half-open sessions leave for want of memory, uploads do not."""
        def judge(result):
            self.assertEqual(result.stats["flows"], flows)
            self.assertGreater(result.stats["flows_evicted"], flows // 50)
            self.assertEqual(result.stats["missing_bytes"], 0)
            self.assertEqual(result.alerts[0]["outflow"]["anomalies"], [])
            self.assertIn("health: limits.memory reached", result.err)
        self.one(name, judge, max(16, self.scale // 4000))

    def test_uploads_outlive_syns_from_everywhere(self):
        self.full("syn", self.scale + 2)

    def test_uploads_outlive_syns_between_their_own_addresses(self):
        self.full("syn-pair", self.scale + 1)

    def test_uploads_outlive_connections_that_say_a_line(self):
        self.full("talkers", self.scale // 2 + 1)

    def test_what_decoders_hold_is_in_the_memory_too(self):
        scale = min(self.scale, 200000)
        megabytes = max(32, scale // 1000)

        def judge(result):
            self.assertGreater(result.stats["flows_evicted"], 0)
            if not self.sanitized:
                self.assertLess(result.stats["peak_memory"],
                                megabytes + 32 << 20)
        self.one("heads", judge, megabytes, scale)

    def reuse(self, name, flows):
        """New sessions, and no gap of gigabytes between them."""
        def judge(result):
            self.assertGreaterEqual(result.stats["flows"], flows)
            self.assertLess(result.stats["missing_bytes"], 4 << 20)
        self.one(name, judge)

    def test_ports_used_again_without_fin_are_new_sessions(self):
        self.reuse("reuse-syn", len(floods.JUMPS))

    def test_ports_used_again_without_fin_and_syn_are_new_sessions(self):
        self.reuse("reuse", len(floods.JUMPS) - 1)

    def test_six_hours_of_rest_make_a_session_midstream(self):
        def judge(result):
            said = result.alerts[0]["outflow"]
            self.assertEqual(said["anomalies"], ["midstream"])
            self.assertEqual(said["missing_bytes"], 0)
        self.one("idle", judge, scale=min(self.scale, 20000) // 10)

    def test_tunnels_are_read_to_their_limit_and_counted_beyond(self):
        def judge(result):
            deep = floods.deep_packets()
            self.assertEqual(result.stats["packets_skipped"]["tunnel_depth"],
                             deep)
            self.assertIn(f"health: {deep} packets were not read",
                          result.err)
        self.one("tunnels", judge)

    def test_vlan_tags_tell_sessions_apart(self):
        self.one("vlans", lambda result: self.assertEqual(
            result.stats["flows"], 9))

    def test_ipv6_as_nobody_sends_it_is_read(self):
        def judge(result):
            skipped = result.stats["packets_skipped"]
            self.assertEqual(skipped["tunnel_depth"], len(floods.upload(0)))
            self.assertEqual(result.stats["missing_bytes"], 0)
        self.one("v6", judge)


class Long(unittest.TestCase):
    """One upload without end, from standard input."""

    size = LONG

    def test_every_row_of_a_long_upload_is_counted(self):
        for engine in ("native", "nids"):
            with self.subTest(engine), Place() as place:
                source = subprocess.Popen(
                    [sys.executable, "-B", floods.__file__, "long",
                     str(self.size)], stdout=subprocess.PIPE)
                with source, source.stdout as pipe:
                    result = place.read("-", rules=RULES, stdin=pipe,
                                        session=engine,
                                        settings=SETTINGS % 64)
                said = result.alerts[0]["outflow"]
                self.assertEqual(said["customers"], 2 * floods.ROWS)
                self.assertEqual(said["records"],
                                 floods.long_rows(self.size))
                self.assertEqual(said["missing_bytes"], 0)
                self.assertEqual(said["anomalies"], [])
                self.assertEqual(result.stats["flows"], 1)
                self.assertGreater(result.stats["payload_bytes"],
                                   self.size * 9 // 10)
                if not sanitized():
                    self.assertLess(result.stats["peak_memory"], CODE)


if __name__ == "__main__":
    WORDS = sys.argv[1:]
    if WORDS:
        Floods.scale = int(WORDS.pop(0))
        Long.size = Floods.scale * 5000
        program.SECONDS = 3600
    unittest.main(argv=sys.argv[:1] + WORDS)
