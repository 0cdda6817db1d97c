# SPDX-License-Identifier: GPL-3.0-or-later
"""test_affected.py - the list of who left, joined back to the table.

Small editions of the known incidents: every row that left is given back,
unchanged and in order, and no other.
"""

import csv
import io
import os
import unittest

import mutations
from program import Place

CASES = {
    "citi-cards-japan": ("--n", "300"),
    "citi-account-online": ("--n", "300"),
    "tmobile": ("--n", "300"),
    "tmobile-mixed": ("--n", "300"),
    "five-copies": ("--n", "200"),
    "citi-walk": ("--n", "120"),
}
ADDED = ["fields", "first_seen", "last_seen"]


def rows_of(data):
    """CSV as lists of cells."""
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


class Affected(unittest.TestCase):
    """Sentences about the list and its table."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def files(self, name):
        """Folder, truth and table of an incident."""
        folder = mutations.incident(name, *CASES[name])
        with open(os.path.join(folder, "customers.csv"), "rb") as file:
            return folder, mutations.truth_of(folder), file.read()

    def listed(self, name):
        """The files, and the run that made the list."""
        folder, truth, table = self.files(name)
        result = self.place.read(os.path.join(folder, name + ".pcap"),
                                 rules=100)
        return folder, truth, table, result

    def join(self, schema, table, listed, key=None):
        """outflow affected."""
        return self.place.run(
            "affected", "-k", key or self.place.key, "-s", schema,
            self.place.write("table.csv", table),
            self.place.write("affected.csv", listed))

    def gives_back(self, name):
        """0 missing, 0 extra, and the figures of the alert."""
        folder, truth, table, result = self.listed(name)
        self.assertEqual(len(result.alerts), 1, result.err)
        said = result.alerts[0]["outflow"]
        self.assertEqual(said["customers"], truth["customers"])
        self.assertEqual(said["records"], truth["records"])
        self.assertEqual(said["fields"], truth["fields"])
        self.assertEqual(said["transfers"], truth["transfers"])
        parties = said.get("parties", [said["party"]])
        self.assertEqual(sorted(parties), truth["parties"])
        joined = self.join(folder + "/schema.conf", table, result.list)
        self.assertEqual(joined.status, 0, joined.err)
        have, want = rows_of(joined.out), rows_of(table)
        self.assertEqual(have[0], want[0] + ADDED)
        first, last = truth["leaked_rows"]
        self.assertEqual([row[:-3] for row in have[1:]],
                         want[first:last + 1])
        for row in have[1:]:
            self.assertEqual(set(row[-3].split(";")), set(truth["fields"]))
            self.assertLessEqual(row[-2], row[-1])

    def test_a_wrong_key_finds_no_row_and_says_so(self):
        folder, _, table, result = self.listed("citi-account-online")
        other = self.place.write("other", "77" * 32, 0o600)
        joined = self.join(folder + "/schema.conf", table, result.list, other)
        self.assertEqual(joined.status, 0)
        self.assertEqual(len(rows_of(joined.out)), 1)
        self.assertIn("300", joined.err)

    def test_lines_that_find_no_row_are_counted(self):
        folder, _, table, result = self.listed("citi-account-online")
        head, *rows = table.splitlines(True)
        joined = self.join(folder + "/schema.conf",
                           head + b"".join(rows[20:]), result.list)
        self.assertEqual(joined.status, 0)
        self.assertEqual(len(rows_of(joined.out)), 281)
        self.assertIn("20 of 300", joined.err)

    def test_a_table_without_a_header_goes_by_number(self):
        _, _, table, result = self.listed("citi-account-online")
        schema = self.place.write("s.conf", 'columns = ( { number = 3; '
                                  'type = "account_number"; key = true; } );')
        joined = self.join(schema, table.split(b"\n", 1)[1], result.list)
        self.assertEqual(joined.status, 0, joined.err)
        have = [row for row in rows_of(joined.out) if row[0].isdigit()]
        self.assertEqual(len(have), 300)

    def test_any_identifying_column_is_enough(self):
        _, _, table, result = self.listed("tmobile")
        schema = self.place.write(
            "s.conf", 'columns = ( { name = "phone"; type = "phone"; } );')
        joined = self.join(schema, table, result.list)
        self.assertEqual(len(rows_of(joined.out)), 301, joined.err)

    def test_values_written_otherwise_are_the_same_customers(self):
        folder, _, table, result = self.listed("citi-account-online")
        rows = rows_of(table)
        for row in rows[1:]:
            row[2] = "0000" + row[2][:5] + "-" + row[2][5:]
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        joined = self.join(folder + "/schema.conf", text.getvalue().encode(),
                           result.list)
        self.assertEqual(len(rows_of(joined.out)), 301, joined.err)

    def test_missing_files_and_columns_are_named(self):
        folder, _, table, result = self.listed("citi-account-online")
        schema = self.place.write("s.conf", 'columns = ( { name = "acount"; '
                                  'type = "account_number"; } );')
        joined = self.join(schema, table, result.list)
        self.assertEqual(joined.status, 2)
        self.assertIn("acount", joined.err)
        for words in (("no.csv", "affected.csv"), ("table.csv", "no.csv")):
            run = self.place.run("affected", "-k", self.place.key, "-s",
                                 folder + "/schema.conf", *words)
            self.assertEqual(run.status, 2)
            self.assertIn("no.csv", run.err)

    def test_a_list_that_is_none_is_refused(self):
        folder, _, table, _ = self.listed("citi-account-online")
        joined = self.join(folder + "/schema.conf", table, table)
        self.assertEqual(joined.status, 2)
        self.assertIn("affected.csv", joined.err)

    def test_without_an_alert_the_list_is_its_header(self):
        folder, _, _ = self.files("citi-account-online")
        result = self.place.read(folder + "/citi-account-online.pcap",
                                 rules=301)
        self.assertEqual(result.status, 0)
        self.assertEqual(len(result.list.splitlines()), 1)


for NAME in CASES:
    setattr(Affected, f"test_{NAME.replace('-', '_')}_is_given_back",
            lambda self, n=NAME: self.gives_back(n))


class LongFlow(unittest.TestCase):
    """A flow past 2^32 bytes."""

    def test_rows_behind_four_gigabytes_are_found(self):
        folder = mutations.incident("long-flow")
        truth = mutations.truth_of(folder)
        with Place() as place:
            result = place.read(folder + "/long-flow.pcap", rules=100)
        said = result.alerts[0]["outflow"]
        self.assertEqual(said["customers"], truth["customers"])
        self.assertEqual(said["missing_bytes"], truth["missing_bytes"])


if __name__ == "__main__":
    unittest.main()
