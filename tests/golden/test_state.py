# SPDX-License-Identifier: GPL-3.0-or-later
"""test_state.py - read -s: what is counted over many runs.

Small uploads, one capture a packet-day: a slow leak fires on the day its set
reaches the number and is told again as it grows; what is known is not told
or counted twice; order and cuts into runs do not change a figure.
"""

import os
import shutil
import subprocess
import sys
import unittest

from program import BINARY, Place

from capfile import Writer
from customers import Table, accounts
from messages import http, request, response
from packets import endpoint

DAY = 86400 * 1000000
BEGIN = 1600000000 * 1000000
INSIDE = 'inside = [ "10.0.0.0/8" ];\n'
SLOW = """rules = (
 { id = "slow"; name = "S"; severity = "high"; customers = 300;
   within = "30d"; },
 { id = "fast"; name = "F"; severity = "high"; customers = 100;
   within = "24h"; } );
"""
FEW = """rules = (
 { id = "few"; name = "F"; severity = "high"; customers = 90;
   within = "30d"; } );
"""
PARTY = """rules = (
 { id = "party"; name = "P"; severity = "high"; customers = 50;
   within = "30d"; by = "party"; },
 { id = "pair"; name = "Q"; severity = "high"; customers = 40;
   within = "30d"; by = "pair"; },
 { id = "all"; name = "A"; severity = "high"; customers = 60;
   within = "30d"; } );
"""
PEOPLE = accounts(400)


def part(first, count, columns=None):
    """Some of the people, all columns or some by number."""
    rows = PEOPLE.rows[first:first + count]
    if columns is None:
        return Table(PEOPLE.columns, PEOPLE.types, rows)
    return Table([PEOPLE.columns[c] for c in columns],
                 [PEOPLE.types[c] for c in columns],
                 [[row[c] for c in columns] for row in rows])


def upload(table, us, who=7, to=9, host="drop.example", port=40000):
    """One POST of a table as frames with times."""
    return http(endpoint(f"10.20.0.{who}", port + us // DAY % 10000),
                endpoint(f"203.0.113.{to}", 80), us, (1000, 500000),
                [(request("POST", "/up", host, table.csv(), kind="text/csv"),
                  response())])


def figures(alert):
    """What runs and their order must not change."""
    said = dict(alert["outflow"])
    del said["evidence"]
    event = {k: alert["event"][k] for k in ("start", "end", "severity",
                                            "reason", "action")}
    return event, said, alert["rule"], alert["source"]["ip"]


def lines(result):
    """The list without ids of alerts."""
    return [{k: v for k, v in one.items() if k != "alerts"}
            for one in result.customers]


class State(unittest.TestCase):
    """What all sentences below share."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)
        self.dir = self.place.name("state")

    def capture(self, name, *flows):
        """A capture of these flows."""
        items = sorted((i for f in flows for i in f), key=lambda i: i[0])
        path = self.place.name(name + ".pcap")
        writer = Writer(path)
        writer.put_all(items)
        writer.close()
        return path

    def read(self, *captures, state=True, rules=SLOW, **more):
        """One run."""
        keep = ("-s", self.dir) if state is True else state or ()
        return self.place.read(*captures, settings=INSIDE, rules=rules,
                               more=keep, **more)

    def days(self, count, step=30, size=30):
        """One capture a day with so many people, step apart."""
        return [self.capture(f"day{n}", upload(part(n * step, size),
                                               BEGIN + n * DAY))
                for n in range(count)]

    def silent(self, result):
        """Nothing is told."""
        self.assertEqual((result.alerts, result.customers, result.status),
                         ([], [], 0), result.err)

    def test_a_slow_leak_fires_on_its_tenth_day_and_grows(self):
        ids = set()
        for n, path in enumerate(self.days(12)):
            result = self.read(path, workers=1 + n % 2)
            if n < 9:
                self.silent(result)
                continue
            self.assertEqual(len(result.alerts), 1, result.err)
            alert = result.alerts[0]
            ids.add(alert["event"]["id"])
            self.assertEqual(alert["rule"]["id"], "slow")
            self.assertEqual(alert["event"]["sequence"], n - 8)
            self.assertEqual(alert["outflow"]["status"], "final")
            self.assertEqual(alert["outflow"]["customers"], 30 * (n + 1))
            self.assertEqual(alert["outflow"]["transfers"], n + 1)
            self.assertEqual(len(result.customers), 30 * (n + 1))
            self.assertEqual([e["capture"] for e in
                              alert["outflow"]["evidence"]],
                             [self.place.name(f"day{d}.pcap")
                              for d in range(n + 1)])
            self.assertEqual(result.status, 1)
        self.assertEqual(len(ids), 1)

    def test_the_same_people_each_day_never_fire(self):
        for path in self.days(12, step=0):
            self.silent(self.read(path))

    def test_a_capture_read_again_counts_nothing(self):
        paths = self.days(3)
        for path in paths:
            result = self.read(path, rules=FEW)
        before = figures(result.alerts[0])
        for path in paths:
            self.silent(self.read(path, rules=FEW))
        again = shutil.copy(paths[2], self.place.name("other.pcap"))
        self.silent(self.read(again, rules=FEW))
        more = self.capture("more", upload(part(90, 5), BEGIN + 2 * DAY + 1))
        after = figures(self.read(more, rules=FEW).alerts[0])
        self.assertEqual(after[1]["customers"], 95)
        self.assertEqual(after[1]["records"], before[1]["records"] + 5)

    def test_the_order_of_runs_and_their_number_change_no_figure(self):
        paths = self.days(4)
        whole = self.read(*paths, state=None, rules=FEW)
        for name, order in (("forth", paths), ("back", paths[::-1]),
                            ("mixed", paths[1::2] + paths[::2])):
            self.dir = self.place.name(name)
            for path in order:
                result = self.read(path, rules=FEW)
            with self.subTest(name):
                self.assertEqual(figures(result.alerts[0]),
                                 figures(whole.alerts[0]))
                self.assertEqual(lines(result), lines(whole))

    def test_a_capture_that_has_grown_adds_what_is_new(self):
        flow = list(upload(part(0, 350), BEGIN))
        told = []
        for n in (2, 4, 5, 7):
            path = self.capture("grown", flow[:len(flow) * n // 7])
            told += self.read(path, rules=FEW).alerts
        said = [alert["outflow"] for alert in told]
        self.assertEqual([a["event"]["sequence"] for a in told], [1, 2, 3, 4])
        self.assertEqual(said[-1]["customers"], 350)
        self.assertEqual(said[-1]["transfers"], 1)
        # A row that a capture's end cut in two is read twice.
        self.assertIn(said[-1]["records"], range(350, 354))

    def test_all_kinds_of_subjects_are_told_over_runs(self):
        runs = [
            [upload(part(0, 30), BEGIN, 7, 9)],
            [upload(part(20, 30), BEGIN + DAY, 8, 9)],
            [upload(part(50, 30), BEGIN + 2 * DAY, 7, 10, "box.example")],
            [upload(part(80, 30), BEGIN + 3 * DAY, 7, 9),
             upload(part(0, 10), BEGIN + 3 * DAY, 9, 9, port=50000)],
        ]
        paths = [self.capture(f"run{n}", *flows)
                 for n, flows in enumerate(runs)]
        whole = self.read(*paths, state=None, rules=PARTY)
        last = {}
        for path in paths:
            for alert in self.read(path, rules=PARTY).alerts:
                last[alert["event"]["id"]] = alert
        self.assertEqual(
            sorted(map(repr, map(figures, last.values()))),
            sorted(map(repr, map(figures, whole.alerts))))

    def test_a_name_is_followed_over_runs(self):
        email = PEOPLE.types.index("email")
        weak = self.capture("weak", upload(part(0, 60, [email]), BEGIN, 7))
        strong = self.capture("strong", upload(part(0, 60), BEGIN + DAY, 8))
        both = self.capture("both", upload(part(0, 301), BEGIN + 2 * DAY, 7))
        whole = self.read(weak, strong, both, state=None)
        for path in (weak, strong, both):
            result = self.read(path)
        self.assertEqual(result.alerts[0]["outflow"]["customers"], 301)
        self.assertEqual(sorted(map(repr, map(figures, result.alerts))),
                         sorted(map(repr, map(figures, whole.alerts))))
        self.assertEqual(lines(result), lines(whole))

    def test_a_state_wants_its_key(self):
        path = self.days(1)[0]
        done = self.place.run("read", "-s", self.dir, path)
        self.assertEqual(done.status, 2)
        self.assertIn("-k", done.err)
        self.silent(self.read(path))
        other = self.place.write("other", "ff" * 32 + "\n", 0o600)
        done = self.place.run("read", "-k", other, "-s", self.dir, path)
        self.assertEqual(done.status, 2)

    def test_a_run_that_is_killed_counts_wholly_or_not_at_all(self):
        paths = self.days(3)
        self.silent(self.read(paths[0], rules=FEW))
        rules = self.place.write("few.conf", FEW)
        for wait in (0.0, 0.01, 0.02, 0.03, 0.05, 0.1):
            with subprocess.Popen(
                    [BINARY, "read", "-k", self.place.key, "-s", self.dir,
                     "-R", rules, "-o", os.devnull, paths[1]],
                    stderr=subprocess.DEVNULL) as run:
                try:
                    run.wait(wait)
                except subprocess.TimeoutExpired:
                    run.kill()
        self.silent(self.read(paths[1], rules=FEW))
        said = self.read(paths[2], rules=FEW).alerts[0]["outflow"]
        self.assertEqual((said["customers"], said["records"]), (90, 90))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
