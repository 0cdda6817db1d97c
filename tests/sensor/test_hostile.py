# SPDX-License-Identifier: GPL-3.0-or-later
"""test_hostile.py - a decoder that was taken over comes to nothing.

The test build has a decoder (hostile.c) which does what a datagram tells it
to. Each attempt must end its worker at once, be told as an event, and leave
another worker that reads on; nothing may have been opened, made or sent.
"""

import os
import sys
import time
import unittest

import lab as labs
from sensor import Sensor

SIGSYS = "signal 31"
# what the decoder is told -> what becomes of its worker
ATTEMPTS = {word: ("worker-died", SIGSYS) for word in (
    "open", "create", "old-open", "socket", "connect", "exec", "fork",
    "ptrace", "kill", "send", "bind", "unfilter", "code")}
ATTEMPTS["crash"] = ("worker-died", "signal 11")
ATTEMPTS["loop"] = ("worker-hung", "signal 9")
MADE = "/tmp/outflow-hostile"
# A flow is looked into with its second datagram.
SEND = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
        " to = ('203.0.113.9', %d); m = b'OUTFLOW-HOSTILE %s ';"
        " s.sendto(m, to); s.sendto(m, to)")


def worker_of(sensor):
    """The one worker that is confined by now, or nothing."""
    for pid in sensor.child("worker"):
        try:
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                lines = dict(line.split(":\t", 1) for line in file)
        except (OSError, ValueError):
            continue
        if lines.get("Seccomp", "").strip() == "2":
            return pid
    return None


class Hostile(unittest.TestCase):
    """One sensor, every attempt."""

    def test_each_attempt_ends_its_worker_and_nothing_else(self):
        """Told, replaced within a second, and the sensor reads on."""
        with labs.Lab(None) as lab, Sensor(lab) as sensor:
            sensor.start("-j", "1")
            for number, word in enumerate(ATTEMPTS):
                with self.subTest(attempt=word):
                    self.attempt(lab, sensor, word, 7000 + number)
            self.assertEqual(len(sensor.child("judge")), 1)
            stats = sensor.stop()
            sensor.sums(stats)
            self.assertEqual(stats["sensor"]["restarts"]["worker"],
                             len(ATTEMPTS))
        self.assertFalse(os.path.exists(MADE))

    def attempt(self, lab, sensor, word, port):
        """One datagram, one worker less, one worker more."""
        event, why = ATTEMPTS[word]
        pid = labs.until(10, lambda: worker_of(sensor), "a confined worker")
        before = len(sensor.told(action=event))
        lab.run("in", sys.executable, "-c", SEND % (port, word))
        labs.until(10, lambda: not os.path.exists(f"/proc/{pid}"),
                   f"the end of the worker that tried to {word}")
        died = time.monotonic()
        labs.until(10, lambda: worker_of(sensor), "another worker")
        self.assertLess(time.monotonic() - died, 1)
        told = labs.until(
            5, lambda: sensor.told(action=event)[before:], "the event")
        self.assertIn(why, told[0][1]["event"]["reason"])


if __name__ == "__main__":
    WHY = labs.missing()
    if WHY:
        print(f"left out: {WHY}")
        sys.exit(77)
    unittest.main(verbosity=2)
