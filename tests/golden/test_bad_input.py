# SPDX-License-Identifier: GPL-3.0-or-later
"""test_bad_input.py - one capture for each thing that goes wrong.

pcaps/make/cases.py makes them; each says how many of its 150 customers must
be named. Both engines.

    test_bad_input.py [NAME ...]
"""

import json
import os
import sys
import time
import unittest

import mutations
from program import Place, named_by

ENGINES = ("native", "nids")
SLOWEST = float(os.environ.get("OUTFLOW_SLOWEST", "30"))


class BadInput(unittest.TestCase):
    """One method a case, filled in below."""

    @classmethod
    def setUpClass(cls):
        import cases
        cls.cases = cases
        cls.people = set()
        for column in ("account_number", "card_number", "email", "phone"):
            cls.people |= set(named_by(cases.customers.accounts(
                150, "cases"), column))

    def judge(self, truth, result):
        """Hold one run against what the case says of itself."""
        found = len(result.customers)
        want = truth["customers"]
        least = truth.get("customers_min", want)
        if want is not None:
            self.assertLessEqual(found, want)
            self.assertGreaterEqual(found, least)
        names = {c["customer"] for c in result.customers}
        self.assertEqual(names - self.people, set(), "invented customers")
        if truth.get("exit_2"):
            self.assertEqual(result.status, 2)
            self.assertIn("outflow: ", result.err)
        else:
            self.assertEqual(result.status, 1 if found else 0, result.err)

    def one(self, name):
        """A case with both engines."""
        folder = os.path.join(mutations.store(), "bad")
        os.makedirs(folder, exist_ok=True)
        self.cases.write(name, folder)
        path = os.path.join(folder, name)
        with open(path + ".json", encoding="utf-8") as file:
            truth = json.load(file)
        with Place() as place:
            for engine in ENGINES:
                with self.subTest(engine):
                    begun = time.monotonic()
                    result = place.read(path + ".pcap", rules=1,
                                        session=engine)
                    self.judge(truth, result)
                    self.assertLess(time.monotonic() - begun, SLOWEST)


def fill(wanted):
    """Make a method for each case."""
    import cases
    for name in cases.CASES:
        if not wanted or name in wanted:
            setattr(BadInput, "test_" + name.replace("-", "_"),
                    lambda self, n=name: self.one(n))


if __name__ == "__main__":
    fill(sys.argv[1:])
    unittest.main(argv=sys.argv[:1])
