# SPDX-License-Identifier: GPL-3.0-or-later
"""test_starve.py - `outflow read` when memory ends.

The n-th allocation of the program fails, once or from there on: no signal,
no sanitizer line, no leak, exit status 0, 1 or 2; and unless an error or
unread bytes are told, the same customers and alerts as ever (a name of a
file may be missing). n is sampled evenly.

    test_starve.py               the sample
    OUTFLOW_SWEEP=all ...        every n; takes an hour
"""

import csv
import io
import json
import os
import re
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BINARY = os.environ.get("OUTFLOW", os.path.join(
    ROOT, "build", "asan", "tests", "starve", "outflow_starved"))
SANITIZER = re.compile(r"Sanitizer|runtime error:|SUMMARY: |worker \d+ died")
SAMPLES, SECONDS = 80, 60
CASES = [("http-gzip-post", "native"), ("http-form-japan", "native"),
         ("smtp-gz-attachment", "native"), ("ftp-vsftpd-gz", "native"),
         ("raw-udp", "native"), ("http-ranges", "nids")]
SETTINGS = """session = "%s";
inside = [ "10.0.0.0/8" ];
domains = [ "bank.example" ];
employees = "employees.csv";
rules = [ "any.conf" ];
"""
RULES = """rules = ( { id = "any"; name = "Any customer"; severity = "high";
  direction = "any"; customers = 1; within = "24h"; by = "employee"; } );
"""
EMPLOYEES = "user,name,group,ip,mac,mail,from,until\n" \
    "taro,Taro,staff,10.0.0.2,,taro@bank.example,,\n"


def sample(total):
    """The numbers of the allocations that fail, in order."""
    if os.environ.get("OUTFLOW_SWEEP") == "all":
        return range(1, total + 1)
    some = {1 + i * total // SAMPLES for i in range(SAMPLES)}
    return sorted(some | {total - i for i in range(10)})


class Run:
    """One run of the program in a folder of its own."""

    def __init__(self, capture, engine, starve=None):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            self.write(folder, engine)
            more = {"OUTFLOW_STARVE": starve} if starve else {
                "OUTFLOW_STARVE_COUNT": os.path.join(folder, "count")}
            done = subprocess.run(
                [BINARY, "read", "-j", "1", "-c", "settings.conf", "-k",
                 "key", "-f", "json", "-a", "list.csv", "--stats",
                 "stats.json",
                 os.path.join(ROOT, "pcaps", capture, "capture.pcap")],
                cwd=folder, env=dict(os.environ, **more), timeout=SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, check=False, start_new_session=True)
            self.status, self.out = done.returncode, done.stdout
            self.err = done.stderr.decode("utf-8", "replace")
            self.list = self.text(folder, "list.csv")
            self.stats = self.counters(folder)
            self.counts = [int(n) for n in
                           self.text(folder, "count").split()]

    @staticmethod
    def write(folder, engine):
        """Settings, rules, people and a key."""
        for name, text in (("settings.conf", SETTINGS % engine),
                           ("any.conf", RULES), ("employees.csv", EMPLOYEES),
                           ("key", "ab" * 32)):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path, 0o600)

    @staticmethod
    def text(folder, name):
        """What a file holds, or nothing."""
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def customers(self):
        """Whom the list names, and in how many alerts each."""
        rows = csv.DictReader(io.StringIO(self.list, newline=""))
        return ([(row.get("customer"), row.get("records")) for row in rows],
                self.out.count(b"\n"))

    def unread(self):
        """Bytes that were not looked into, as the counters say."""
        if not self.stats:
            return 0
        return sum(self.stats["unread"].values()) + self.stats["unread_inside"]

    def counters(self, folder):
        """The counters; None when they were not written whole."""
        try:
            return json.loads(self.text(folder, "stats.json"))
        except ValueError:
            return None

    def wrong(self, whole):
        """What is wrong with a starved run, or None."""
        found = SANITIZER.search(self.err)
        if found or self.status not in (0, 1, 2):
            return f"status {self.status}: {self.err[:1500]}"
        if self.status == 2:
            return None if self.err else "status 2 without a word"
        if self.stats is None:
            return f"no counters: status {self.status}: {self.err[:500]}"
        if self.unread() <= whole.unread() and \
                self.customers() != whole.customers():
            return f"silent: status {self.status}: {self.err[:500]}"
        return None


class Starve(unittest.TestCase):
    """One method a case and way to fail, filled in below."""

    def sweep(self, capture, engine, way):
        """Fail at each place of the sample."""
        whole = Run(capture, engine)
        self.assertEqual((whole.status, whole.err.count("rror")), (1, 0),
                         whole.err)
        total = max(whole.counts)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = pool.map(lambda n: (n, Run(
                capture, engine, f"{n} {way}").wrong(whole)), sample(total))
            bad = [f"allocation {n} of {total}: {why}"
                   for n, why in runs if why]
        self.assertEqual(bad, [], "\n".join(bad[:20]))


for name_, engine_ in CASES:
    for way_ in ("once", "always"):
        setattr(Starve, f"test_{name_}_{engine_}_{way_}".replace("-", "_"),
                lambda self, c=name_, e=engine_, w=way_: self.sweep(c, e, w))

if __name__ == "__main__":
    unittest.main(verbosity=2)
