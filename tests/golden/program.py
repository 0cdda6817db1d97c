# SPDX-License-Identifier: GPL-3.0-or-later
"""program.py - run outflow and look at everything it leaves behind.

A Place is a folder of one test with a key, settings and rules in it; read()
runs `outflow read` there and gives a Result. Every run, whatever it is for,
must be sound: no signal, no sanitizer line, a known exit status, counters
that add up, alerts that are JSON in the documented order of keys.

It must not know what a capture holds.
"""

import csv
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PCAPS = os.path.join(ROOT, "pcaps")
BUILD = os.environ.get("OUTFLOW_BUILD", os.path.join(ROOT, "build", "asan"))
BINARY = os.environ.get("OUTFLOW", os.path.join(BUILD, "outflow"))
SECONDS = 300  # no run of a test may take longer

KEY = bytes(range(32))
ANY_RULES = """rules = ( { id = "any"; name = "Any customer"; severity = "high";
  direction = "any"; customers = %d; within = "24h"; by = "employee"; } );
"""
TOP_KEYS = ["@timestamp", "ecs", "event", "rule", "user", "source",
            "destination", "client", "server", "network", "email", "file",
            "threat", "observer", "outflow"]
LIST_HEAD = ("customer,identifier,masked,fields,records,first_seen,last_seen,"
             "employees,parties,alerts")
SANITIZER = re.compile(r"Sanitizer|runtime error:|SUMMARY: ")

sys.path.insert(0, os.path.join(PCAPS, "make"))


class Unsound(AssertionError):
    """A run broke a promise that holds for every run."""


class Result:
    """What one run of the program left."""

    def __init__(self, words, done):
        self.words = words
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr.decode("utf-8", "backslashreplace")
        self.list = b""
        self.stats = None

    @property
    def alerts(self):
        """The alerts of standard output as objects."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def customers(self):
        """The affected list as dictionaries."""
        text = self.list.decode("utf-8")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def fail(self, why):
        """Stop with everything a person needs to look at it."""
        said = self.err if len(self.err) < 4000 else (
            self.err[:3000] + "\n[...]\n" + self.err[-900:])
        raise Unsound(f"{why}\n  $ {' '.join(self.words)}\n"
                      f"  status {self.status}\n  stderr: {said}")

    def check(self):
        """The promises of every run."""
        if SANITIZER.search(self.err):
            self.fail("a sanitizer spoke")
        if self.status not in (0, 1, 2):
            self.fail("ended by a signal" if self.status < 0
                      else "unknown exit status")
        for line in self.err.splitlines():
            if not line.startswith(("outflow: ", "{")):
                self.fail(f"a message without its name: {line!r}")
        if self.stats is not None:
            self.check_sums()

    def check_sums(self):
        """Every packet and every byte is accounted for."""
        s = self.stats
        packets = s["packets_used"] + sum(s["packets_skipped"].values())
        if s["packets"] != packets:
            self.fail(f"packets {s['packets']} but {packets} told apart")
        payload = s["inspected_bytes"] + sum(s["unread"].values())
        if s["payload_bytes"] != payload:
            self.fail(f"payload {s['payload_bytes']} but {payload} told "
                      f"apart: {s['inspected_bytes']} {s['unread']}")

    def check_alerts(self):
        """Alerts are compact JSON, keys in order, sorted, list complete."""
        for line in self.out.splitlines():
            one = json.loads(line)
            again = json.dumps(one, ensure_ascii=False, separators=(",", ":"))
            if again.encode() != line:
                self.fail(f"not the one way to write it: {line[:200]!r}")
            where = [TOP_KEYS.index(key) for key in one]
            if where != sorted(where):
                self.fail(f"keys out of order: {list(one)}")
        order = [(a["event"]["start"], a["rule"]["id"]) for a in self.alerts]
        if order != sorted(order):
            self.fail("alerts are not sorted")
        if self.status == 1 and not order or self.status == 0 and order:
            self.fail(f"status {self.status} with {len(order)} alerts")

    def check_list(self):
        """The list is what its alerts say, sorted, each customer once."""
        lines = self.list.decode().split("\n")
        if lines[0].rstrip("\r") != LIST_HEAD:
            self.fail(f"head of the list: {lines[0]!r}")
        names = [c["customer"] for c in self.customers]
        if names != sorted(set(names)):
            self.fail("the list is not sorted or names one twice")
        told = {a["event"]["id"]: 0 for a in self.alerts}
        for one in self.customers:
            for alert in one["alerts"].split(";"):
                told[alert] += 1
        for alert in self.alerts:
            count = told[alert["event"]["id"]]
            if alert["outflow"]["customers"] != count:
                self.fail(f"{alert['outflow']['customers']} customers, "
                          f"{count} in the list")


class Place:
    """A folder for one test; gone when the test is."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="outflow-test-")
        os.chmod(self.path, 0o755)
        self.key = self.write("key", KEY.hex() + "\n", 0o600)
        self.runs = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def name(self, name):
        """The path of a file here."""
        return os.path.join(self.path, name)

    def write(self, name, data, mode=0o644):
        """A file here; gives its path."""
        path = self.name(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(data, str):
            data = data.encode()
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, mode)
        return path

    def run(self, *words, stdin=None, cwd=None, env=None, umask=0o022):
        """The program with these words; checked as every run is.

        stdin: bytes, or a file or pipe to read from.
        """
        words = [BINARY, *words]
        given = {"stdin": stdin or subprocess.DEVNULL}
        if isinstance(stdin, bytes):
            given = {"input": stdin}
        done = subprocess.run(
            words, **given, cwd=cwd or self.path, timeout=SECONDS,
            umask=umask, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            check=False, env=dict(os.environ, **(env or {})))
        result = Result(words, done)
        result.check()
        return result

    def settings(self, text, session=None):
        """A settings file; session chooses the engine."""
        if session:
            text += f'\nsession = "{session}";\n'
        self.runs += 1
        return self.write(f"settings-{self.runs}.conf", text)

    def read(self, *captures, settings="", rules=None, session=None,
             workers=1, more=(), stdin=None, cwd=PCAPS):
        """`outflow read` with list, counters and all checks.

        rules: text of a rule file; a number: any so many customers; None:
        the shipped rules.
        """
        self.runs += 1
        listed, stats = self.name("list.csv"), self.name("stats.json")
        words = ["read", "-k", self.key, "-f", "json", "-j", str(workers),
                 "-a", listed, "--stats", stats]
        if settings or session:
            words += ["-c", self.settings(settings, session)]
        if rules is not None:
            if isinstance(rules, int):
                rules = ANY_RULES % rules
            words += ["-R", self.write(f"rules-{self.runs}.conf", rules)]
        for path in (listed, stats):
            if os.path.exists(path):
                os.unlink(path)
        result = self.run(*words, *more, *captures, stdin=stdin, cwd=cwd)
        if not os.path.exists(stats):
            return result
        with open(listed, "rb") as file:
            result.list = file.read()
        with open(stats, encoding="utf-8") as file:
            result.stats = json.load(file)
        result.check()
        result.check_alerts()
        result.check_list()
        return result


def pseudonym(kind, normal, key=KEY):
    """What a value of a class is called in lists (interface.md 3.1)."""
    message = kind.encode() + b"\0" + normal.encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()[:16]


def named_by(table, column):
    """The pseudonym of every row of a table, by one of its columns."""
    number = table.types.index(column)
    kind = {"card_number": "account", "account_number": "account"}.get(
        column, column)
    made = []
    for row in table.rows:
        text = row[number]
        if column in ("phone", "card_number", "account_number"):
            text = re.sub(r"\D", "", text)
            if column == "phone" or kind == "account":
                text = text.lstrip("0")
        made.append(pseudonym(kind, text.lower() if kind == "email"
                              else text))
    return made
