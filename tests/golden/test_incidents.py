# SPDX-License-Identifier: GPL-3.0-or-later
"""test_incidents.py - the known incidents at full size, release build.

Citi Cards Japan and Citi Account Online from one run, to the customer; the
same under loss; quiet traffic that must stay quiet; floods; memory.
"""

import csv
import os
import unittest

import mutations
from program import Place

JAPAN, ONLINE = "citi-cards-japan", "citi-account-online"
MIB = 1 << 20


def capture(name, *words):
    """The capture of an incident, made when first needed."""
    return os.path.join(mutations.incident(name, *words), name + ".pcap")


class Incidents(unittest.TestCase):
    """Sentences about incidents."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def test_two_incidents_from_one_run_to_the_customer(self):
        folder = mutations.incident(ONLINE, "--insider", "10.20.0.8")
        result = self.place.read(capture(JAPAN),
                                 os.path.join(folder, ONLINE + ".pcap"))
        self.assertEqual(result.status, 1)
        self.assertEqual(len(result.customers), 92408 + 360083)
        bulk = {a["source"]["ip"]: a["outflow"]["customers"]
                for a in result.alerts if a["rule"]["id"].startswith("bulk")}
        self.assertEqual(bulk, {"10.20.0.7": 92408, "10.20.0.8": 360083})

    def one(self, name, **more):
        """The bulk alert of one incident."""
        result = self.place.read(capture(name), **more)
        truth = mutations.truth_of(mutations.incident(name))
        alert = result.alerts[0]
        said = alert["outflow"]
        self.assertEqual(said["customers"], truth["customers"])
        self.assertEqual(said["records"], truth["records"])
        self.assertEqual(said["customers_estimated"], truth["customers"])
        self.assertEqual(said["fields"], truth["fields"])
        self.assertEqual(said["missing_bytes"], 0)
        self.assertEqual(len(result.customers), truth["customers"])
        return result, truth

    def joined(self, name):
        """outflow affected gives back every row that left and no other."""
        _, truth = self.one(name)
        folder = mutations.incident(name)
        run = self.place.run("affected", "-k", self.place.key, "-s",
                             folder + "/schema.conf",
                             folder + "/customers.csv", "list.csv")
        self.assertEqual(run.status, 0, run.err)
        rows = csv.reader(run.out.decode().splitlines())
        with open(folder + "/customers.csv", encoding="utf-8",
                  newline="") as file:
            table = csv.reader(file)
            next(rows), next(table)
            count = 0
            for have, want in zip(rows, table):
                self.assertEqual(have[:-3], want)
                count += 1
        self.assertEqual(count, truth["customers"])
        self.assertEqual(sum(1 for _ in rows), 0)

    def test_citi_cards_japan_is_92408(self):
        self.joined(JAPAN)

    def test_citi_account_online_is_360083(self):
        self.joined(ONLINE)

    def test_workers_and_engines_give_the_same_bytes(self):
        for name in (JAPAN, ONLINE):
            want = self.place.read(capture(name))
            for more in ({"workers": 2}, {"session": "nids"}, {}):
                have = self.place.read(capture(name), **more)
                self.assertEqual(have.out, want.out, (name, more))
                self.assertEqual(have.list, want.list, (name, more))

    def test_the_large_capture_fits_into_96_mib(self):
        result, _ = self.one(ONLINE)
        self.assertLessEqual(result.stats["peak_memory"], 96 * MIB)

    def lossy(self, *words, least):
        """Japan with a mutation still gives that share of its customers."""
        name = "japan-" + "-".join(words).replace("=", "")
        path, truth = mutations.mutated(name, list(words), capture(JAPAN))
        for session in ("native", "nids"):
            with self.subTest(session):
                result = self.place.read(path, session=session)
                said = result.alerts[0]["outflow"]
                self.assertGreaterEqual(said["customers"], 92408 * least)
                self.assertGreaterEqual(said["customers"],
                                        truth["rows"]["whole"])
                self.assertEqual(said["missing_bytes"],
                                 truth["client"]["missing"])
                self.assertLess(abs(said["customers_estimated"] / 92408 - 1),
                                0.02)

    def test_one_lost_segment_costs_a_few_customers(self):
        self.lossy("drop-one", "at=0.1", least=0.9997)

    def test_a_thousandth_lost(self):
        self.lossy("loss", "p=0.001", least=0.998)

    def test_a_hundredth_lost(self):
        self.lossy("loss", "p=0.01", least=0.989)

    def test_t_mobile_s_rows_have_no_account_number(self):
        for name in ("tmobile", "tmobile-mixed"):
            self.one(name)

    def test_five_copies_by_three_channels_count_once(self):
        result = self.place.read(capture("five-copies"))
        truth = mutations.truth_of(mutations.incident("five-copies"))
        said = result.alerts[0]["outflow"]
        self.assertEqual(said["customers"], 2000)
        self.assertEqual(said["records"], 10000)
        self.assertEqual(sorted(said["parties"]), truth["parties"])
        self.assertEqual(len(result.customers), 2000)

    def test_a_portal_walked_account_by_account(self):
        result = self.place.read(capture("citi-walk"))
        walked = [a for a in result.alerts
                  if a["event"]["action"] == "customers-walked"]
        self.assertEqual(len(walked), 1)
        self.assertEqual(walked[0]["outflow"]["customers"], 3000)

    def test_quiet_traffic_stays_quiet(self):
        for name in ("quiet-customers", "quiet-orders", "quiet-logs",
                     "quiet-source", "quiet-purchase"):
            with self.subTest(name):
                result = self.place.read(capture(name))
                self.assertEqual(result.alerts, [])
                self.assertEqual(result.status, 0)

    def test_floods_do_not_hide_an_upload(self):
        for name in ("incomplete-fragments", "syn-flood"):
            with self.subTest(name):
                result = self.place.read(capture(name, "--n", "300000"))
                self.assertEqual(result.alerts[0]["outflow"]["customers"],
                                 500)
                self.assertLessEqual(result.stats["peak_memory"], 256 * MIB)

    def test_a_tenth_of_the_mix_is_quiet_and_small(self):
        result = self.place.read(capture("mix", "--scale", "0.1"))
        self.assertEqual(result.alerts, [])
        self.assertLessEqual(result.stats["peak_memory"], 64 * MIB)


if __name__ == "__main__":
    unittest.main()
