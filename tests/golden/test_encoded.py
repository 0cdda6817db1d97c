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
SOURCES = ("http-gzip-post", "smtp-attachment")
# Mid-stream starts and idle hours break a coding; nests are not read.
NOT = ("start", "idle", "nest", "ipv6-ext50", "reuse-fin-syn-loss")
# Other content that is as good as the upload's: which one the receiver took
# cannot be told, and a coding bears only one.
AMBIGUOUS = ("ov-before", "ov-all", "seg-ov-new", "c-rexmit", "c-ack",
             "c-null", "c-paws", "c-ttl1")


class Encoded(unittest.TestCase):
    """One method a line of the list, filled in below."""

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
                        self.assertEqual(len(result.customers), customers)


def fill(names):
    """Make a method for each line."""
    for name, words in mutations.listed():
        if name in NOT + AMBIGUOUS or names and name not in names:
            continue
        setattr(Encoded, "test_" + name.replace("-", "_"),
                lambda self, n=name, w=words: self.one(n, w))


if __name__ == "__main__":
    fill(sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
