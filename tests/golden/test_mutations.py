# SPDX-License-Identifier: GPL-3.0-or-later
"""test_mutations.py - damaged, disguised and wrapped uploads, both engines.

The acceptance list of the reassembly: each line of mutations.list over one
small upload. Every row no hole touches is found, nobody is invented, every
missing byte is told, the engines agree.

    test_mutations.py PART/PARTS [NAME ...]
"""

import sys
import unittest

import mutations
from program import Place, named_by

SETTINGS = 'inside = [ "10.0.0.0/8", "2001:db8::a14:0/112" ];\n'
ENGINES = ("native", "nids")
OVERLAPS = ("ov-after", "ov-before", "ov-all", "seg-ov-old", "seg-ov-new",
            "c-twice",
            "c-ack", "c-null", "c-paws", "c-rexmit", "c-ttl1",
            "frag-old", "frag-new", "frag6-old")
# 64 letters of junk in a row may leave half a name, an address and a birth:
# so many rows then name somebody nobody knows.
HALVED = {"seg-ov-old": 1}
# Deeper than any network nests: nothing is read, and it is said why.
TOO_DEEP = {"nest": "tunnel_depth", "ipv6-ext50": "tunnel_depth"}


class Mutations(unittest.TestCase):
    """One method a line of the list, filled in below."""

    @classmethod
    def setUpClass(cls):
        import customers
        folder = mutations.incident("citi-account-online", "--n",
                                    str(mutations.ROWS))
        cls.source = folder + "/citi-account-online.pcap"
        table = customers.accounts(mutations.ROWS + 1000,
                                   "accounts1").head(mutations.ROWS)
        # Without its header a row is named by its card, not its account.
        cls.row_of = {}
        for column in ("account_number", "card_number"):
            for row, name in enumerate(named_by(table, column)):
                cls.row_of[name] = row

    def check(self, name, truth, result):
        """What must hold of one run over one mutation."""
        rows = truth["rows"]
        if name in TOO_DEEP:
            skipped = result.stats["packets_skipped"][TOO_DEEP[name]]
            self.assertEqual(skipped, truth["packets_out"])
            return
        if rows["whole"] == 0 and not result.alerts:
            return
        self.assertEqual(len(result.alerts), 1, result.err)
        said = result.alerts[0]["outflow"]
        names = [c["customer"] for c in result.customers]
        known = [n for n in names if n in self.row_of]
        self.assertLessEqual(len(names) - len(known), HALVED.get(name, 0),
                             "invented")
        found = {self.row_of[n] for n in known}
        self.assertEqual(len(found), len(known), "one customer, two names")
        copies = rows["rows"] // mutations.ROWS or 1
        self.assertGreaterEqual(len(found) * copies, rows["whole"], "lost")
        self.assertGreaterEqual(said["records"], rows["whole"])
        if name not in OVERLAPS:
            most = rows["whole"] + rows["touched"]
            self.assertLessEqual(said["records"], most)
            self.assertLessEqual(len(found), most)
        else:
            self.assertIn("overlap", said["anomalies"])
        self.assertEqual(said["missing_bytes"], truth["client"]["missing"])
        if truth["client"]["missing"] == 0:
            self.assertEqual(said["customers_estimated"], len(names))

    def one(self, name, words):
        """One mutation, both engines."""
        path, truth = mutations.mutated(name, words, self.source)
        with Place() as place:
            runs = {engine: place.read(path, settings=SETTINGS, rules=1,
                                       session=engine) for engine in ENGINES}
        for engine in ENGINES:
            with self.subTest(engine):
                self.check(name, truth, runs[engine])
        with self.subTest("engines agree"):
            self.assertEqual(runs["native"].out, runs["nids"].out)
            self.assertEqual(runs["native"].list, runs["nids"].list)


def fill(part, parts, names):
    """Make the methods of one part of the list."""
    for number, (name, words) in enumerate(mutations.listed()):
        if number % parts != part - 1 or names and name not in names:
            continue
        setattr(Mutations, "test_" + name.replace("-", "_"),
                lambda self, n=name, w=words: self.one(n, w))


if __name__ == "__main__":
    WHICH = sys.argv[1] if len(sys.argv) > 1 else "1/1"
    fill(*map(int, WHICH.split("/")), sys.argv[2:])
    unittest.main(argv=sys.argv[:1])
