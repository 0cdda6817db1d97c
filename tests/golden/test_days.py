# SPDX-License-Identifier: GPL-3.0-or-later
"""test_days.py - `read -s`: slow leaks over a capture a day.

Captures of invented uploads, one for each packet-day, read one after the
other with one state folder and the shipped rules.
"""

import json
import os
import unittest

import program
from program import Place

import capfile  # program.py says where these are
import customers
import messages
from packets import endpoint

DAY_US = 86400 * 1000000
START = 1312506123123456
EACH = 30
SLOW = "slow-outbound"  # 300 customers in 30 days


class Days(unittest.TestCase):
    """Sentences about what is kept from run to run."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)
        self.table = customers.japan(20 * EACH, "days")

    def capture(self, day, rows, name=None):
        """The capture of one day: some rows of the table by one upload."""
        one = self.table.head(0)
        one.rows = rows
        path = self.place.name(name or f"day-{day:02}.pcap")
        out = capfile.Writer(path)
        out.put_all(messages.http(
            endpoint("10.20.0.7", 40000 + day), endpoint("203.0.113.9", 80),
            START + day * DAY_US, (1000 + day, 9000 + day),
            [(messages.request("POST", "/upload", "drop.example", one.csv(),
                               kind="text/csv"),
              messages.response(b"stored\n"))]))
        out.close()
        return path

    def rows(self, day):
        """The customers of a day."""
        return self.table.rows[day * EACH:(day + 1) * EACH]

    def read(self, *captures, more=()):
        """One run with the state; gives (status, alerts, list)."""
        listed = self.place.name("list.csv")
        result = self.place.run("read", "-k", self.place.key, "-f", "json",
                                "-s", "state", "-a", listed, *more, *captures)
        self.assertIn(result.status, (0, 1), result.err)
        with open(listed, "rb") as file:
            result.list = file.read()
        return result

    def test_the_slow_rule_fires_on_the_day_of_the_300th_and_grows(self):
        first, told = None, 0
        for day in range(12):
            result = self.read(self.capture(day, self.rows(day)))
            ids = [a["rule"]["id"] for a in result.alerts]
            if day < 9:
                self.assertEqual((result.status, ids), (0, []), day)
                continue
            told += 1
            self.assertEqual((result.status, ids), (1, [SLOW]), day)
            alert = result.alerts[0]
            first = first or alert
            self.assertEqual(alert["event"]["id"], first["event"]["id"])
            self.assertEqual(alert["event"]["sequence"], told)
            self.assertEqual(alert["event"]["start"],
                             first["event"]["start"])
            self.assertEqual(alert["outflow"]["customers"], (day + 1) * EACH)
            self.assertEqual(alert["outflow"]["transfers"], day + 1)
            names = {one["customer"] for one in result.customers}
            self.assertEqual(names, set(program.named_by(
                self.table.head((day + 1) * EACH), "card_number")))

    def test_the_same_customers_each_day_never_fire(self):
        for day in range(12):
            result = self.read(self.capture(day, self.rows(0)))
            self.assertEqual((result.status, result.out), (0, b""), day)

    def test_a_capture_read_twice_adds_nothing(self):
        for day in range(10):
            last = self.read(self.capture(day, self.rows(day)))
        self.assertEqual(last.status, 1)
        for day in (9, 0):
            again = self.read(self.place.name(f"day-{day:02}.pcap"))
            self.assertEqual((again.status, again.out), (0, b""))
        copy = self.capture(9, self.rows(9), "copy-of-day-9.pcap")
        again = self.read(copy)
        self.assertEqual((again.status, again.out), (0, b""))

    def test_days_in_any_order_are_one_incident(self):
        order = [3, 0, 11, 5, 1, 9, 2, 8, 4, 10, 7, 6]
        counts = []
        for day in order:
            result = self.read(self.capture(day, self.rows(day)))
            counts += [a["outflow"]["customers"] for a in result.alerts]
        self.assertEqual(counts, [300, 330, 360])
        straight = Place()
        self.addCleanup(straight.__exit__)
        paths = [self.place.name(f"day-{day:02}.pcap") for day in range(12)]
        whole = straight.run("read", "-k", self.place.key, "-f", "json",
                             *paths)
        want, have = whole.alerts[0], result.alerts[0]
        for key in ("customers", "records", "fields", "party", "transfers",
                    "missing_bytes", "unread", "documents"):
            self.assertEqual(have["outflow"].get(key),
                             want["outflow"].get(key), key)
        self.assertEqual(have["event"]["start"], want["event"]["start"])
        self.assertEqual(have["event"]["end"], want["event"]["end"])
        self.assertEqual(have["event"]["id"], want["event"]["id"])

    def test_old_days_leave_the_window(self):
        counts = []
        for day in range(9):
            self.read(self.capture(day, self.rows(day)))
        for day in (60, 61):
            result = self.read(self.capture(day, self.rows(day - 50)))
            counts.append(len(result.alerts))
        self.assertEqual(counts, [0, 0])

    def test_state_without_a_key_is_refused(self):
        result = self.place.run("read", "-s", "state",
                                self.capture(0, self.rows(0)))
        self.assertEqual(result.status, 2)
        self.assertIn("-k", result.err)
        self.assertFalse(os.path.exists(self.place.name("state")))

    def test_another_key_is_refused(self):
        self.read(self.capture(0, self.rows(0)))
        other = self.place.write("other", "ab" * 32, 0o600)
        result = self.place.run("read", "-s", "state", "-k", other,
                                self.place.name("day-00.pcap"))
        self.assertEqual(result.status, 2)
        self.assertIn("key", result.err)

    def test_no_value_of_a_customer_is_in_the_state(self):
        for day in range(10):
            self.read(self.capture(day, self.rows(day)))
        kept = b""
        for where, _, names in os.walk(self.place.name("state")):
            for name in names:
                with open(os.path.join(where, name), "rb") as file:
                    kept += file.read()
        self.assertGreater(len(kept), 1000)
        for row in self.table.rows[:10 * EACH]:
            for cell in (row[0], row[1], row[2], row[3]):
                self.assertNotIn(cell.encode(), kept)

    def test_counters_are_of_this_run_only(self):
        for day in range(10):
            result = self.read(self.capture(day, self.rows(day)),
                               more=("--stats", self.place.name("s.json")))
            with open(self.place.name("s.json"), encoding="utf-8") as file:
                stats = json.load(file)
            self.assertEqual(stats["records"], EACH)
        self.assertEqual(stats["alerts"], len(result.alerts))


if __name__ == "__main__":
    unittest.main()
