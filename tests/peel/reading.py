# SPDX-License-Identifier: GPL-3.0-or-later
"""reading.py - a file sent over HTTP, SMTP or FTP, and what is told of it.

A Reader has a folder for captures and lists; read() sends bytes and gives a
Told. OUTFLOW names the program. It must not know how anything is found.
"""

import csv
import json
import os
import subprocess

from making import ROOT

# pylint: disable=wrong-import-order
import capfile
import messages
from packets import endpoint

BINARY = os.environ.get(
    "OUTFLOW", os.path.join(ROOT, "build", "release", "outflow"))
RULES = """rules = ( { id = "any"; name = "Any"; severity = "high";
  direction = "any"; customers = 1; within = "24h"; },
{ id = "closed"; name = "Closed"; severity = "low"; direction = "any";
  unread = "encrypted:object"; bytes = 1; within = "24h"; } );
"""
KEY = bytes(range(32)).hex() + "\n"
START = 1312506000000000
CHANNELS = ("http", "smtp", "ftp")
SECONDS = 300


class Told:
    """What one run told: its alerts, list, counters, time and memory."""

    def __init__(self, alerts, people, stats, spent):
        self.alerts = {one["rule"]["id"]: one["outflow"] for one in alerts}
        self.people = people    # {pseudonym: (identifier, fields)}
        self.stats = stats
        self.seconds, self.kib, self.status = spent

    @property
    def any(self):
        """The alert of customers, or None."""
        return self.alerts.get("any")

    @property
    def unread(self):
        """{(kind, why)} of all alerts."""
        return {(u["kind"], u["why"]) for one in self.alerts.values()
                for u in one["unread"]}

    def why(self):
        """Reasons of bytes that stayed closed, at any depth."""
        made = dict(self.stats["unread"])
        made["inside"] = self.stats["unread_inside"]
        return {why: count for why, count in made.items() if count}


def conversation(channel, data, name, media):
    """(microseconds, frame) of a transfer of a file."""
    client, server = endpoint("10.20.0.7", 40112), "203.0.113.9"
    isn = (1000, 500000)
    if channel == "http":
        asked = messages.request("POST", "/upload", "drop.example", data,
                                 kind=media)
        return messages.http(client, endpoint(server, 80), START, isn,
                             [(asked, messages.response(b"ok"))])
    if channel == "smtp":
        mail = messages.mail("taro@bank.example", ["drop@mail.example"],
                             "list", "as agreed", [(name, media, data)])
        return messages.smtp(client, endpoint(server, 25), START, isn,
                             "taro@bank.example", ["drop@mail.example"], mail)
    return messages.ftp_store("10.20.0.7", server, START, isn, name, data)


class Reader:
    """A folder in which captures are read, one after another."""

    def __init__(self, folder, rules=RULES):
        os.makedirs(folder, exist_ok=True)
        self.folder = folder
        for name, text in (("key", KEY), ("rules", rules)):
            with open(self.path(name), "w", encoding="utf-8") as file:
                file.write(text)
        os.chmod(self.path("key"), 0o600)

    def path(self, name):
        """A file of this folder."""
        return os.path.join(self.folder, name)

    def send(self, channel, data, name="customers.csv",
             media="application/octet-stream"):
        """Send and read a file."""
        out = capfile.Writer(self.path("cell.pcap"))
        out.put_all(conversation(channel, data, name, media))
        out.close()
        return self.read("cell.pcap")

    def read(self, name, *more):
        """Read a capture of the folder."""
        for old in ("list", "stats"):
            if os.path.exists(self.path(old)):
                os.remove(self.path(old))
        words = [BINARY, "read", "-j", "1", "-q", "-f", "json", "-k",
                 self.path("key"), "-R", self.path("rules"), "-a",
                 self.path("list"), "--stats", self.path("stats"), *more,
                 self.path(name)]
        with subprocess.Popen(words, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as run:
            said = run.stdout.read()
            cried = run.stderr.read()
            _, status, used = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode not in (0, 1):
            raise RuntimeError(f"status {run.returncode}: {cried[-300:]!r}")
        with open(self.path("stats"), encoding="utf-8") as file:
            stats = json.load(file)
        return Told([json.loads(line) for line in said.splitlines()],
                    self.people(), stats,
                    (used.ru_utime + used.ru_stime, used.ru_maxrss,
                     run.returncode))

    def people(self):
        """The affected list."""
        with open(self.path("list"), encoding="utf-8", newline="") as file:
            return {row["customer"]: (row["identifier"], row["fields"])
                    for row in csv.DictReader(file)}

    def met(self, sheet):
        """How many rows of a table the last list names."""
        with open(self.path("table"), "w", encoding="utf-8",
                  newline="") as file:
            out = csv.writer(file)
            out.writerow(sheet.columns)
            out.writerows(sheet.rows)
        items = ",\n".join(f'{{ name = "{name}"; type = "{kind}"; }}'
                           for name, kind in zip(sheet.columns, sheet.types))
        with open(self.path("schema"), "w", encoding="utf-8") as file:
            file.write(f"columns = ( {items} );\n")
        done = subprocess.run(
            [BINARY, "affected", "-q", "-k", self.path("key"), "-s",
             self.path("schema"), self.path("table"), self.path("list")],
            capture_output=True, timeout=SECONDS, check=True)
        text = done.stdout.decode().splitlines()
        return len(list(csv.reader(text))) - 1


