# SPDX-License-Identifier: GPL-3.0-or-later
"""test_formats.py - every line that is written obeys its format's document.

Alerts with hostile names and events of the sensor's health go through spool
and sender into a file of each format, and are read strictly (formats.py).
CEF is read by liblognorm, too.
"""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import formats

FEED = os.environ["FEED_SPOOL"]
ALERTS = 120
READERS = {"cef": formats.cef, "leef": formats.leef, "json": formats.ecs,
           "ocsf": formats.ocsf}


class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="outflow-formats-")
        outputs = ['{ type = "file"; path = "%s"; format = "%s"; }' % (f, f)
                   for f in READERS]
        # Nobody is there: an event of the sensor's health in every file.
        outputs.append('{ type = "syslog"; transport = "unix"; '
                       'path = "nobody"; format = "leef"; }')
        settings = os.path.join(cls.folder, "settings")
        with open(settings, "w") as f:
            f.write("outputs = ( %s );\n" % ", ".join(outputs))
        done = subprocess.run(
            [FEED, os.path.join(cls.folder, "spool"), settings, str(ALERTS),
             "1000", "3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            check=False)
        cls.said = done.stderr
        cls.expected = [json.loads(l) for l in done.stdout.splitlines()]
        cls.lines = {}
        for name in READERS:
            with open(os.path.join(cls.folder, name), encoding="utf-8") as f:
                cls.lines[name] = f.read().split("\n")[:-1]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_every_line_can_be_read(self):
        for name, read in READERS.items():
            self.assertGreater(len(self.lines[name]), ALERTS, self.said)
            for line in self.lines[name]:
                with self.subTest(format=name, line=line):
                    read(line)

    def test_ids_sequences_and_figures_are_those_that_were_sent(self):
        want = [(e[0], e[1]) for e in self.expected]
        seen = {
            "cef": [(f["extension"]["externalId"], None, f["extension"]["cnt"])
                    for f in map(formats.cef, self.lines["cef"])
                    if f["extension"]["cat"] == "outflow.alert"],
            "leef": [(f["attributes"]["eventId"],
                      int(f["attributes"]["sequence"]),
                      f["attributes"]["customers"])
                     for f in map(formats.leef, self.lines["leef"])
                     if f["attributes"]["cat"] != "outflow.health"],
            "json": [(f["event"]["id"], f["event"]["sequence"],
                      str(f["outflow"]["customers"]))
                     for f in map(formats.ecs, self.lines["json"])
                     if f["event"]["kind"] == "alert"],
            "ocsf": [(f["finding_info"]["uid"], f["metadata"]["sequence"],
                      str(f["unmapped"]["customers"]))
                     for f in map(formats.ocsf, self.lines["ocsf"])
                     if f["class_uid"] == 2006],
        }
        for name, rows in seen.items():
            self.assertEqual([r[0] for r in rows], [w[0] for w in want], name)
            self.assertEqual([r[2] for r in rows],
                             [str(i) for i in range(ALERTS)], name)
            if name != "cef":
                self.assertEqual([r[1] for r in rows], [w[1] for w in want])

    def test_names_come_back_as_they_were_made_safe(self):
        """The same name in every format, once its quoting is undone."""
        rows = zip(map(formats.cef, self.lines["cef"]),
                   map(formats.leef, self.lines["leef"]),
                   map(formats.ecs, self.lines["json"]),
                   map(formats.ocsf, self.lines["ocsf"]))
        for c, l, e, o in rows:
            if e["event"]["kind"] == "event":
                continue
            name = e["user"]["name"]
            self.assertEqual(c["extension"]["suser"], name)
            self.assertEqual(l["attributes"]["usrName"],
                             name.replace("^", "\\x5E"))
            self.assertEqual(o["actor"]["user"]["name"], name)
            self.assertEqual(c["name"], e["rule"]["name"])
            self.assertEqual(l["event"],
                             e["rule"]["id"].replace("|", "\\x7C"))

    def test_health_is_told_in_every_format(self):
        events = [formats.ecs(l) for l in self.lines["json"]]
        events = [e for e in events if e["event"]["kind"] == "event"]
        self.assertEqual(events[0]["event"]["dataset"], "outflow.health")
        self.assertEqual(events[0]["event"]["action"], "output-down")
        name = events[0]["event"]["action"]
        self.assertTrue(any(formats.cef(l)["signature"] == name
                            for l in self.lines["cef"]))
        self.assertTrue(any(formats.leef(l)["event"] == name
                            for l in self.lines["leef"]))
        self.assertTrue(any(formats.ocsf(l)["activity_name"] == name
                            for l in self.lines["ocsf"]))

    def test_liblognorm_reads_cef(self):
        tool = shutil.which("lognormalizer")
        if not tool:
            self.skipTest("no lognormalizer")
        rules = os.path.join(self.folder, "rules")
        with open(rules, "w") as f:
            f.write("version=2\nrule=:%f:cef%\n")
        done = subprocess.run(
            [tool, "-r", rules, "-e", "json"], stdout=subprocess.PIPE,
            input="\n".join(self.lines["cef"]) + "\n", encoding="utf-8",
            check=True)
        rows = done.stdout.split("\n")[:-1]
        self.assertEqual(len(rows), len(self.lines["cef"]))
        for row, line in zip(rows, self.lines["cef"]):
            with self.subTest(line=line):
                read = json.loads(row)["f"]
                # Before 2.0.7 it took the first letter of the first key.
                if "at" in read["Extensions"]:
                    read["Extensions"]["cat"] = read["Extensions"].pop("at")
                own = formats.cef(line)
                self.assertEqual(read["SignatureID"], own["signature"])
                self.assertEqual(read["Extensions"], own["extension"])


if __name__ == "__main__":
    unittest.main()
