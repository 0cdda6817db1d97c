# SPDX-License-Identifier: GPL-3.0-or-later
"""test_receivers.py - every alert arrives, as it was sent.

    test_receivers.py            a few seconds, part of the tests
    test_receivers.py full       each killed ten times, down for five minutes

rsyslog and syslog-ng over TLS with client certificates are killed and started
again while alerts with hostile names come, and are down for a while. Nothing
may be lost; what comes twice has the same id, sequence and text.
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from receivers import (Rsyslog, SyslogNg, make_pki, parameters, unpack,
                       wait_until)

FEED = os.environ["FEED_SPOOL"]
FULL = len(sys.argv) > 1 and sys.argv[1] == "full"
ALERTS = 30000 if FULL else 1200
RESTARTS = 10 if FULL else 2
BETWEEN_S = 2.0 if FULL else 0.1
DOWN_S = 300 if FULL else 0.5
FEED_S = 330 if FULL else 3


class Test(unittest.TestCase):
    def setUp(self):
        shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.folder = tempfile.mkdtemp(prefix="outflow-receivers-",
                                       dir=None if FULL else shared)
        self.pki = os.path.join(self.folder, "pki")
        os.mkdir(self.pki)
        make_pki(self.pki)
        self.receivers = []

    def tearDown(self):
        for r in self.receivers:
            r.kill()
        subprocess.run(["rm", "-rf", self.folder], check=True)

    def settings(self, receivers):
        """Two outputs: CEF or LEEF for the first, JSON or OCSF for others."""
        formats = {"rsyslog": "cef", "syslog-ng": "json"}
        outputs = []
        for r in receivers:
            outputs.append(
                '{ type = "syslog"; transport = "tls"; host = "localhost"; '
                'port = %d; format = "%s"; ca = "%s/ca.pem"; '
                'cert = "%s/sensor.pem"; key = "%s/sensor.key"; }' %
                (r.port, formats[os.path.basename(r.folder)], self.pki,
                 self.pki, self.pki))
        path = os.path.join(self.folder, "settings")
        with open(path, "w") as f:
            f.write("outputs = ( %s );\n" % ", ".join(outputs))
        return path

    def trouble(self, receiver, seed):
        """Kill it under load and start it again; once it is down a while."""
        dice = random.Random(seed)
        for i in range(RESTARTS):
            before = receiver.size()
            wait_until(lambda: receiver.size() > before, 10)
            time.sleep(BETWEEN_S * dice.uniform(0.5, 1.5))
            receiver.kill(signal.SIGKILL if i % 2 == 0 else signal.SIGTERM)
            if i == RESTARTS // 2:
                time.sleep(DOWN_S)
            receiver.start()

    def check(self, receiver, number, expected):
        want = {(e[0], e[1]): e[2 + number] for e in expected}
        seen, texts = set(), {}
        for m in receiver.messages():
            data = parameters(m["data"])
            own = data["outflow@32473"]
            key = (own["id"], int(own["sequence"]))
            text = m["message"].lstrip("\ufeff").strip()
            self.assertEqual(texts.setdefault(key, text), text)
            self.assertEqual(m["program"], "outflow")
            self.assertEqual(m["host"], "sensor1")
            self.assertRegex(data["meta"]["sequenceId"], "^[1-9][0-9]*$")
            if key not in want:
                self.assertIn(m["msgid"], ("output-down", "output-back"))
                continue
            self.assertEqual(m["msgid"], "customer-data-exposed")
            self.assertEqual(text, want[key])
            seen.add(key)
        # A kill may cut off the line that the receiver writes: not ours.
        self.assertLessEqual(receiver.torn, RESTARTS)
        missing = set(want) - seen
        self.assertEqual(len(missing), 0, sorted(missing)[:3])
        return len(list(receiver.messages()))

    def run_all(self, classes):
        self.receivers = [c(self.folder, self.pki) for c in classes]
        for r in self.receivers:
            r.start()
        gap = int(FEED_S * 1e6 / ALERTS)
        with open(os.path.join(self.folder, "expected"), "wb") as out:
            feed = subprocess.Popen(
                [FEED, os.path.join(self.folder, "spool"),
                 self.settings(self.receivers), str(ALERTS), str(gap), "60"],
                stdout=out, stderr=subprocess.PIPE)
        threads = [threading.Thread(target=self.trouble, args=(r, i))
                   for i, r in enumerate(self.receivers)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        _, said = feed.communicate()
        self.assertEqual(feed.returncode, 0, said[-2000:])
        with open(os.path.join(self.folder, "expected"), "rb") as f:
            expected = [json.loads(line) for line in f]
        self.assertEqual(len(expected), ALERTS)
        time.sleep(1)
        for i, r in enumerate(self.receivers):
            r.kill(signal.SIGTERM)
            count = self.check(r, i, expected)
            print("%s: %d alerts, %d messages" %
                  (os.path.basename(r.folder), ALERTS, count), flush=True)

    def test_nothing_is_lost(self):
        unpack()
        classes = [c for c in (Rsyslog, SyslogNg) if not c.missing()]
        if not classes:
            self.skipTest(Rsyslog.missing())
        self.run_all(classes)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
