# SPDX-License-Identifier: GPL-3.0-or-later
"""test_golden.py - captures and settings, and exactly what must come out.

Each line of CASES runs four times: one worker, two workers, the libnids
engine, and once more; alerts and list must be the same bytes each time and
say what expected/NAME.json says. Recorded captures are also held against the
truth.json of the program that made them, so an expectation that was only
copied from our own output cannot be wrong for long.

    test_golden.py [--update] [NAME ...]
"""

import hashlib
import json
import os
import sys
import unittest

import program
from program import PCAPS, Place, named_by

CONF = os.path.join(program.HERE, "conf")
EXPECTED = os.path.join(program.HERE, "expected")
UNSTABLE = ("seconds", "peak_memory")
# By what a row can be named; without its header an account has no name.
COLUMNS = {"japan": ["card_number"], "mobile": ["phone"],
           "accounts": ["account_number", "card_number"]}


def text_of(path):
    """A whole file."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def cases():
    """{name: (captures, settings, rules)} of the table."""
    made = {}
    for line in text_of(os.path.join(program.HERE, "CASES")).splitlines():
        if line and line[0] != "#":
            name, captures, settings, rules = line.split()
            made[name] = (captures.split(","), settings, rules)
    return made


def run(place, case, **more):
    """One run of a case."""
    captures, settings, rules = case
    place.write("employees.csv", text_of(os.path.join(CONF, "employees.csv")))
    conf = "" if settings == "-" else text_of(
        os.path.join(CONF, settings + ".conf"))
    rules = None if rules == "shipped" else text_of(
        os.path.join(CONF, rules + ".conf"))
    return place.read(*captures, settings=conf, rules=rules, **more)


def normal(alerts):
    """Alerts without what differs from machine to machine."""
    for alert in alerts:
        alert["observer"].update(name="HOST", version="VERSION")
    return alerts


def outcome(result):
    """What is kept of a run."""
    lines = result.list.decode().splitlines()
    counters = {k: v for k, v in result.stats.items() if k not in UNSTABLE}
    return {"status": result.status,
            "messages": result.err.splitlines(),
            "alerts": normal(result.alerts),
            "affected": {"customers": len(lines) - 1,
                         "first": lines[1] if len(lines) > 1 else "",
                         "sha256": hashlib.sha256(result.list).hexdigest()},
            "counters": counters}


def update(name, case):
    """Write the expectation anew."""
    with Place() as place:
        made = outcome(run(place, case))
    with open(os.path.join(EXPECTED, name + ".json"), "w",
              encoding="utf-8") as file:
        json.dump(made, file, indent=1, ensure_ascii=False)
        file.write("\n")


class Golden(unittest.TestCase):
    """What is filled in below: one method a case."""

    maxDiff = 20000

    def against_truth(self, case, result):
        """Hold a recorded capture against what its programs sent."""
        folder = case[0][0].split("/")[0]
        truth = json.loads(text_of(os.path.join(PCAPS, folder, "truth.json")))
        if truth.get("alerts") == 0:
            self.assertEqual(result.alerts, [], "a quiet capture alerts")
            self.assertEqual(result.stats["customers"], truth["customers"])
            if "unread" in truth:
                self.assertGreater(result.stats["unread"][truth["unread"]], 0)
            return
        self.assertEqual(len(result.alerts), 1)
        alert = result.alerts[0]
        said = alert["outflow"]
        least = truth.get("customers_min", truth["customers"])
        self.assertLessEqual(said["customers"], truth["customers"])
        self.assertGreaterEqual(said["customers"], least)
        self.owners(truth, result, least)
        if "records" in truth:
            self.assertEqual(said["records"], truth["records"])
        if least == truth["customers"]:
            self.assertEqual(said["fields"], truth["fields"])
            self.assertEqual(said["customers_estimated"], least)
        self.assertEqual(said["missing_bytes"], truth["missing_bytes"])
        self.assertEqual(said["transfers"], truth["transfers"])
        self.assertEqual(said["channel"], truth["channel"])
        parties = said.get("parties", [said["party"]])
        self.assertIn(truth["party"], parties)
        self.assertEqual("also" in truth, len(parties) > 1)
        self.assertEqual(alert["network"]["direction"], truth["direction"])
        self.assertEqual(alert["source"]["ip"], truth["employee"])
        if "login" in truth:
            self.assertEqual(said["identity"]["from"], "login")
            self.assertEqual(alert["user"]["name"], truth["login"])

    def owners(self, truth, result, least):
        """The list names exactly the customers of the table."""
        import table
        kind = truth["table"]["kind"]
        rows = table._table(kind, truth["customers"], truth["table"])
        row_of = {name: row for column in COLUMNS[kind]
                  for row, name in enumerate(named_by(rows, column))}
        have = {c["customer"] for c in result.customers}
        self.assertEqual(have - set(row_of), set(), "customers nobody sent")
        self.assertGreaterEqual(len({row_of[one] for one in have}), least)

    def one_case(self, name, case):
        """A case in all its forms."""
        with Place() as place:
            first = run(place, case)
            for label, more in (("-j 2", {"workers": 2}),
                                ("libnids", {"session": "nids"}),
                                ("once more", {})):
                again = run(place, case, **more)
                self.assertEqual(again.alerts, first.alerts, label)
                self.assertEqual(again.out, first.out, label)
                self.assertEqual(again.list, first.list, label)
                self.assertEqual(again.status, first.status, label)
        if name in os.listdir(PCAPS):
            self.against_truth(case, first)
        want = json.loads(text_of(os.path.join(EXPECTED, name + ".json")))
        self.assertEqual(outcome(first), want)

    def test_every_recorded_capture_is_a_case(self):
        """And every expectation has one."""
        named = cases()
        folders = {name for name in os.listdir(PCAPS) if os.path.exists(
            os.path.join(PCAPS, name, "truth.json"))}
        self.assertLessEqual(folders, set(named))
        self.assertEqual({name + ".json" for name in named},
                         set(os.listdir(EXPECTED)))


for NAME, CASE in cases().items():
    setattr(Golden, "test_" + NAME.replace("-", "_"),
            lambda self, n=NAME, c=CASE: self.one_case(n, c))


def main(words):
    """Test, or rewrite expectations."""
    if words[:1] != ["--update"]:
        unittest.main()
    for name, case in cases().items():
        if not words[1:] or name in words[1:]:
            try:
                update(name, case)
            except program.Unsound as unsound:
                print(f"{name}: not written: {unsound}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
