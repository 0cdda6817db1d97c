# SPDX-License-Identifier: GPL-3.0-or-later
"""test_encoded.py - mutations over uploads that must be decoded in full.

In a table sent as text a lost or doubtful byte costs its row; in gzip or
base64 it costs the rest. Whatever the network does without losing a byte,
every customer of a gzip'd upload and of an attached table is found.

    test_encoded.py [NAME ...]
"""

import json
import os
import sys
import unittest

import mutations
from program import PCAPS, Place

SETTINGS = 'inside = [ "10.0.0.0/8", "2001:db8::a14:0/112" ];\n'
SOURCES = ("http-gzip-post", "smtp-attachment", "http-form-upload",
           "ftp-vsftpd-gz")
# Mid-stream starts and idle hours break a coding; nests are not read.
NOT = ("start", "idle", "nest", "ipv6-ext50", "reuse-fin-syn-loss")
# Differing copies: which one the receiver took cannot be told, so the stream
# is read with either.
DOUBTFUL = ("ov-after", "ov-before", "ov-all", "seg-ov-old", "seg-ov-new",
            "c-twice",
            "c-ack", "c-null", "c-paws", "c-rexmit", "c-ttl1")


class Encoded(unittest.TestCase):
    """One method a line of the list, filled in below."""

    def check(self, name, truth, result, customers):
        """Everybody is found, once, and what is odd is said."""
        self.assertEqual(len(result.customers), customers)
        for alert in result.alerts:
            said = alert["outflow"]
            self.assertEqual(said["missing_bytes"],
                             truth["client"]["missing"])
            self.assertEqual(said["customers_estimated"], customers)
            if name in DOUBTFUL:
                self.assertIn("overlap", said["anomalies"])
        stats = result.stats
        self.assertEqual(stats["payload_bytes"], stats["inspected_bytes"]
                         + sum(stats["unread"].values()))

    def one(self, name, words):
        """Both sources, both engines."""
        for source in SOURCES:
            folder = os.path.join(PCAPS, source)
            with open(folder + "/truth.json", encoding="utf-8") as file:
                customers = json.load(file)["customers"]
            path, truth = mutations.mutated(
                f"{source}-{name}", words, folder + "/capture.pcap")
            if truth["client"]["lost"]:
                continue
            with Place() as place:
                for engine in ("native", "nids"):
                    with self.subTest(f"{source} by {engine}"):
                        result = place.read(path, settings=SETTINGS, rules=1,
                                            session=engine)
                        self.check(name, truth, result, customers)


    def long(self, name, words):
        """A body longer than any history, in the middle of a connection."""
        folder = mutations.incident("packed")
        customers = mutations.truth_of(folder)["customers"]
        path, truth = mutations.mutated(f"packed-{name}", words,
                                        folder + "/packed.pcap")
        with Place() as place:
            for engine in ("native", "nids"):
                with self.subTest(engine):
                    result = place.read(path, settings=SETTINGS, rules=1,
                                        session=engine)
                    self.check(name, truth, result, customers)


def fill(names):
    """Make a method for each line."""
    for name, words in mutations.listed():
        if name in NOT or names and name not in names:
            continue
        setattr(Encoded, "test_" + name.replace("-", "_"),
                lambda self, n=name, w=words: self.one(n, w))
        # Junk in the middle of gzip comes out as rows until that breaks.
        if name in DOUBTFUL and name != "ov-before":
            setattr(Encoded, "test_long_" + name.replace("-", "_"),
                    lambda self, n=name, w=words: self.long(n, w))


if __name__ == "__main__":
    fill(sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
