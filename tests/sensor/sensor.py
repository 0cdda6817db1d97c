# SPDX-License-Identifier: GPL-3.0-or-later
"""sensor.py - `outflow watch` in a lab, and everything it says.

A Sensor runs in the lab's third namespace with a folder of its own: key,
settings, rules, state, alerts, counters. A thread follows the alerts as they
are written and notes when each line was whole. It must not know what was
sent.
"""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import lab as labs
from program import (ANY_RULES, BINARY, KEY, SANITIZER, Place, Result)

START_S = 20  # a sanitized build on a busy machine
END_S = 5     # interface of the issue: SIGTERM ends within 5 s
if "asan" in BINARY:
    END_S = 15


def everybody():
    """The user that started as root becomes, where there is no outflow."""
    with open("/etc/passwd", encoding="utf-8") as file:
        ids = {line.split(":")[0]: line.split(":")[2:4] for line in file}
    return [int(n) for n in ids.get("outflow", ids["nobody"])]


class Sensor:
    """One folder; start() and stop() as often as you like."""

    def __init__(self, lab, interfaces=(labs.SPAN,), customers=5,
                 settings="", rules=None):
        self.lab = lab
        self.place = Place()
        self.interfaces = interfaces
        self.uid, self.gid = everybody()
        for name in ("state", "out"):
            os.mkdir(self.place.name(name))
            os.chown(self.place.name(name), self.uid, self.gid)
        self.alerts = self.place.name("out/alerts.json")
        self.stats_path = self.place.name("out/stats.json")
        self.config = self.place.write(
            "outflow.conf", settings + '\nmetrics = "out/m.prom";\n'
            f'outputs = ( {{ type = "file"; path = "{self.alerts}"; '
            'format = "json"; } );\n')
        self.rules = self.place.write(
            "rules.conf", rules or ANY_RULES % customers)
        self.process = None
        self.lines = []  # (wall clock when it was whole, object)
        self.said = b""
        self._notify, self._notify_path = labs.can_notify(self.place.path)
        self.notices = []
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._follow, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End it and forget the folder."""
        self._over.set()
        self._reader.join()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._notify.close()
        self.place.__exit__()

    def words(self, *more):
        """The command line."""
        words = [BINARY, "watch", "-c", self.config, "-R", self.rules, "-k",
                 self.place.key, "-s", self.place.name("state"), "--stats",
                 self.stats_path]
        for name in self.interfaces:
            words += ["-i", name]
        return words + list(more)

    def start(self, *more, before=()):
        """Start, and wait until it says that it reads packets."""
        self.notices = []
        err = open(self.place.name("stderr"), "ab")
        with err:
            self.process = subprocess.Popen(
                self.lab.words("sensor", *before, *self.words(*more)),
                stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                cwd=self.place.path,
                env=dict(os.environ, NOTIFY_SOCKET=self._notify_path))
        labs.until(START_S, lambda: self.noticed("READY=1") or self.dead(),
                   "READY=1")
        if self.dead():
            raise AssertionError("watch ended: " + self.errors())
        return self

    def dead(self):
        """Has it ended?"""
        return self.process.poll() is not None

    def noticed(self, word):
        """Has it told systemd so? Reads what it told."""
        while True:
            try:
                self._notify.settimeout(0)
                self.notices += self._notify.recv(4096).decode().split("\n")
            except (BlockingIOError, socket.timeout):
                return word in self.notices

    def signal(self, how):
        """A signal to the parent."""
        self.process.send_signal(how)

    def stop(self):
        """SIGTERM; it must end in time and with 0. Gives the counters."""
        begin = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            status = self.process.wait(END_S + 15)
        except subprocess.TimeoutExpired as late:
            raise AssertionError("SIGTERM does not end it") from late
        took = time.monotonic() - begin
        if status != 0 or took > END_S:
            raise AssertionError(f"status {status} after {took:.1f} s: "
                                 + self.errors())
        time.sleep(0.05)
        self._drain()
        if SANITIZER.search(self.errors()):
            raise AssertionError("a sanitizer spoke: " + self.errors())
        return self.stats()

    def kill(self):
        """As a power cut does it."""
        self.process.kill()
        self.process.wait()

    def errors(self):
        """What it said on standard error."""
        with open(self.place.name("stderr"), encoding="utf-8",
                  errors="backslashreplace") as file:
            return file.read()[-4000:]

    def stats(self):
        """The counters as they were written last."""
        with open(self.stats_path, encoding="utf-8") as file:
            return json.load(file)

    def sums(self, stats):
        """The two sums of the interface hold."""
        packets = stats["packets_used"] + sum(
            stats["packets_skipped"].values())
        assert stats["packets"] == packets, stats
        payload = stats["inspected_bytes"] + sum(stats["unread"].values())
        assert stats["payload_bytes"] == payload, stats

    def children(self):
        """{pid: name} of every process below the parent."""
        found, look = {}, [self.process.pid]
        while look:
            pid = look.pop()
            try:
                with open(f"/proc/{pid}/task/{pid}/children",
                          encoding="ascii") as file:
                    below = [int(n) for n in file.read().split()]
                for child in below:
                    with open(f"/proc/{child}/comm",
                              encoding="utf-8") as file:
                        found[child] = file.read().strip()
                look += below
            except OSError:
                continue
        return found

    def child(self, word):
        """A process whose name holds a word."""
        return [pid for pid, name in self.children().items() if word in name]

    def memory(self):
        """Resident bytes of all of it (proportional set size)."""
        total = 0
        for pid in [self.process.pid, *self.children()]:
            try:
                with open(f"/proc/{pid}/smaps_rollup",
                          encoding="ascii") as file:
                    total += int(re.search(r"Pss: +(\d+) kB",
                                           file.read()).group(1)) << 10
            except (OSError, AttributeError):
                pass
        return total

    def _drain(self):
        have = len(self.lines)
        while True:
            time.sleep(0.03)
            if len(self.lines) == have:
                return
            have = len(self.lines)

    def _follow(self):
        """Note each whole line, over rotations."""
        file, held = None, b""
        while not self._over.is_set():
            try:
                now = os.stat(self.alerts)
            except OSError:
                now = None
            if file and (now is None
                         or os.fstat(file.fileno()).st_ino != now.st_ino):
                held = self._take(file, held)
                file.close()
                file, held = None, b""
            if not file and now:
                file = open(self.alerts, "rb")
            if file:
                held = self._take(file, held)
            time.sleep(0.001)
        if file:
            file.close()

    def _take(self, file, held):
        lines = (held + file.read()).split(b"\n")
        for line in lines[:-1]:
            self.lines.append((time.time(), json.loads(line)))
        return lines[-1]

    def told(self, **want):
        """[(when, alert)] by rule, status, kind or action."""
        found = []
        for when, one in list(self.lines):
            have = {"kind": one["event"]["kind"],
                    "action": one["event"]["action"],
                    "status": one.get("outflow", {}).get("status"),
                    "rule": one.get("rule", {}).get("id")}
            if all(have[key] == value for key, value in want.items()):
                found.append((when, one))
        return found

    def wait_told(self, seconds, **want):
        """The first such line, waited for."""
        return labs.until(seconds, lambda: self.told(**want),
                          f"{want} in {len(self.lines)} lines; "
                          + self.errors())[0]

    def kept(self, capture, key=KEY):
        """The affected list of `read -s` with the state and one capture."""
        del key
        listed = self.place.name("list.csv")
        done = subprocess.run(
            [BINARY, "read", "-c", self.config, "-R", self.rules, "-k",
             self.place.key, "-s", self.place.name("state"), "-f", "json",
             "-a", listed, capture], check=False, capture_output=True,
            timeout=120, cwd=self.place.path)
        result = Result(["read", "-s"], done)
        result.check()
        with open(listed, "rb") as file:
            result.list = file.read()
        return result
