# SPDX-License-Identifier: GPL-3.0-or-later
"""test_outputs.py - outputs whose receivers misbehave.

Receivers of our own on loopback: one that reads nothing for a while, a
stale unix socket, a daemon that starts anew, certificates of other hosts and
other CAs; a file that is renamed, and one on a full disk. Every alert must
arrive, in order, and what is down must be told on the other outputs.
"""
import io
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import formats
from receivers import make_pki, parameters, wait_until

FEED = os.environ["FEED_SPOOL"]


class Listener(threading.Thread):
    """Takes every connection of a stream socket and reads all of it."""

    def __init__(self, sock, tls=None):
        super().__init__(daemon=True)
        self.sock, self.tls = sock, tls
        self.data = []
        self.reading = threading.Event()
        self.reading.set()
        self.failed = []
        self.over = False
        self.start()

    def run(self):
        while not self.over:
            try:
                conn, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self.read, args=(conn,),
                             daemon=True).start()

    def read(self, conn):
        self.reading.wait()
        try:
            if self.tls:
                conn = self.tls.wrap_socket(conn, server_side=True)
            self.data.append(bytearray())
            mine = self.data[-1]
            while True:
                self.reading.wait()
                got = conn.recv(65536)
                if not got:
                    return
                mine += got
        except (OSError, ssl.SSLError) as e:
            self.failed.append(e)

    def frames(self):
        """RFC 6587 octet counting."""
        for data in list(self.data):
            at = 0
            while at < len(data):
                blank = data.index(b" ", at)
                size = int(data[at:blank])
                if blank + 1 + size > len(data):
                    break
                yield bytes(data[blank + 1:blank + 1 + size])
                at = blank + 1 + size


def tcp_listener(tls=None):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen(5)
    return Listener(sock, tls), sock.getsockname()[1]


def children(pid):
    """Processes that it started: of feed_spool the sender, of that more."""
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return [int(child) for child in f.read().split()]


def keys(messages):
    """Ids and sequences of alerts, each once, in order of first arrival."""
    found = {}
    for m in messages:
        text = m.decode("utf-8")
        start = text.index("[meta")
        data = parameters(text[start:text.index("] \ufeff") + 1])
        own = data["outflow@32473"]
        if "customers" in own:
            found.setdefault((own["id"], int(own["sequence"])), len(found))
    return list(found)


class Test(unittest.TestCase):
    def setUp(self):
        shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.folder = tempfile.mkdtemp(prefix="outflow-outputs-", dir=shared)

    def tearDown(self):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, outputs, count=200, gap=1000, wait=10):
        with open(self.path("settings"), "w") as f:
            f.write("outputs = ( %s );\n" % ", ".join(outputs))
        return subprocess.Popen(
            [FEED, self.path("spool"), self.path("settings"), str(count),
             str(gap), str(wait)], stdout=open(self.path("out"), "wb"),
            stderr=subprocess.PIPE)

    def finish(self, feed, good=True):
        _, self.said = feed.communicate(timeout=60)
        if good:
            self.assertEqual(feed.returncode, 0, self.said)
        with open(self.path("out"), encoding="utf-8") as f:
            return [tuple(json.loads(l)[:2]) for l in f]

    def stream(self, transport, port, more=""):
        return ('{ type = "syslog"; transport = "%s"; host = "127.0.0.1"; '
                'port = %d; format = "json"; %s }' % (transport, port, more))

    def file(self, name, form="json"):
        return '{ type = "file"; path = "%s"; format = "%s"; }' % (
            self.path(name), form)

    def health(self, name="side"):
        with open(self.path(name), encoding="utf-8") as f:
            rows = [formats.ecs(l) for l in f.read().split("\n")[:-1]]
        return [r["event"]["action"] for r in rows
                if r["event"]["kind"] == "event"]

    def test_tcp_that_reads_nothing_holds_up_nobody(self):
        slow, port = tcp_listener()
        slow.reading.clear()
        feed = self.start([self.stream("tcp", port), self.file("side")],
                          count=1200, gap=100, wait=30)
        self.assertTrue(wait_until(
            lambda: os.path.exists(self.path("side")) and
            open(self.path("side"), "rb").read().count(b"\n") >= 1200, 20))
        slow.reading.set()
        sent = self.finish(feed)
        self.assertEqual(keys(slow.frames()), sent)

    def test_a_break_sends_again_what_may_be_lost(self):
        first, port = tcp_listener()
        feed = self.start([self.stream("tcp", port)], count=300, gap=3000)
        wait_until(lambda: sum(map(len, first.data)) > 20000, 10)
        first.reading.clear()
        first.over = True
        first.sock.shutdown(socket.SHUT_RDWR)
        first.sock.close()
        time.sleep(0.3)
        again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
        again.listen(5)
        second = Listener(again)
        first.reading.set()
        sent = self.finish(feed)
        whole = keys(list(first.frames()) + list(second.frames()))
        self.assertEqual(whole, sent)

    def test_unix_socket_that_is_stale_and_a_daemon_that_starts_anew(self):
        path = self.path("log")
        stale = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        stale.bind(path)
        stale.close()
        feed = self.start(['{ type = "syslog"; path = "%s"; }' % path,
                           self.file("side")], count=300, gap=8000)
        time.sleep(1.3)
        got = []
        for i in range(3):
            os.unlink(path)
            daemon = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            daemon.bind(path)
            daemon.settimeout(0.2)
            end = time.monotonic() + (0.7 if i < 2 else 30)
            while time.monotonic() < end and feed.poll() is None:
                try:
                    got.append(daemon.recv(65536))
                except socket.timeout:
                    pass
            daemon.settimeout(0)
            try:
                while i == 2:
                    got.append(daemon.recv(65536))
            except BlockingIOError:
                pass
            daemon.close()
        sent = self.finish(feed)
        self.assertEqual(keys(got), sent)
        self.assertEqual(self.health()[0], "output-down")

    def test_udp_has_a_datagram_for_each(self):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        feed = self.start([self.stream("udp", sock.getsockname()[1])],
                          count=50)
        sent = self.finish(feed)
        sock.settimeout(1)
        got = [sock.recv(65536) for _ in range(50)]
        self.assertEqual(keys(got), sent)

    def tls(self, pki, name, host="localhost", ca="ca"):
        """Begin to send to a receiver with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(pki, name + ".pem"),
                                os.path.join(pki, name + ".key"))
        receiver, port = tcp_listener(context)
        output = self.stream("tls", port, 'ca = "%s/%s.pem";' % (pki, ca))
        output = output.replace("127.0.0.1", host)
        feed = self.start([output, self.file("side")], count=20, wait=3)
        return self.folder, receiver, feed

    def test_tls_trusts_only_the_ca_and_the_name(self):
        top, pki, other = self.folder, self.path("pki"), self.path("other")
        for folder in (pki, other):
            os.mkdir(folder)
            make_pki(folder)
        shutil.copy(os.path.join(other, "ca.pem"),
                    os.path.join(pki, "foreign.pem"))
        cases = (("server", "localhost", "ca"), ("wrong", "localhost", "ca"),
                 ("server", "127.0.0.1", "ca"),
                 ("server", "localhost", "foreign"))
        started = []
        for i, (name, host, ca) in enumerate(cases):
            self.folder = os.path.join(top, str(i))
            os.mkdir(self.folder)
            started.append(self.tls(pki, name, host, ca))
        for i, (folder, receiver, feed) in enumerate(started):
            self.folder = folder
            sent = self.finish(feed, good=i == 0)
            self.assertEqual(keys(receiver.frames()), sent if i == 0 else [])
            if i > 0:
                self.assertIn("output-down", self.health())
                self.assertIn(b"certificate", self.said)
        self.folder = top

    def test_a_file_that_is_renamed_is_opened_anew_by_a_signal(self):
        feed = self.start([self.file("log")], count=300, gap=4000)
        wait_until(lambda: os.path.exists(self.path("log")) and
                   os.path.getsize(self.path("log")) > 5000, 10)
        os.rename(self.path("log"), self.path("log.1"))
        os.kill(children(feed.pid)[0], signal.SIGHUP)
        sent = self.finish(feed)
        rows = []
        for name in ("log.1", "log"):
            with open(self.path(name), encoding="utf-8") as f:
                text = f.read()
            self.assertTrue(text.endswith("\n"))
            rows += [formats.ecs(l) for l in text.split("\n")[:-1]]
        self.assertEqual([(r["event"]["id"], r["event"]["sequence"])
                          for r in rows], sent)

    def test_a_sender_that_is_killed_goes_on(self):
        receiver, port = tcp_listener()
        feed = self.start([self.stream("tcp", port), self.file("log")],
                          count=300, gap=4000)
        wait_until(lambda: children(feed.pid), 10)
        for _ in range(4):
            time.sleep(0.25)
            for child in children(children(feed.pid)[0]):
                os.kill(child, signal.SIGKILL)
        sent = self.finish(feed)
        self.assertEqual(keys(receiver.frames()), sent)
        with open(self.path("log"), encoding="utf-8") as f:
            rows = [formats.ecs(l) for l in f.read().split("\n")[:-1]]
        got = [(r["event"]["id"], r["event"]["sequence"]) for r in rows]
        self.assertEqual(list(dict.fromkeys(got)), sent)

    @unittest.skipIf(os.geteuid() != 0, "needs a file system of its own")
    def test_a_full_disk_loses_nothing(self):
        small = self.path("small")
        os.mkdir(small)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none",
                           small], check=False,
                          stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("cannot mount")
        try:
            with open(os.path.join(small, "fill"), "wb") as f:
                f.write(b"x" * (44 << 10))
            feed = self.start([self.file("small/log"), self.file("side")],
                              count=60, gap=10000, wait=25)
            self.assertTrue(wait_until(
                lambda: os.path.exists(self.path("side")) and
                "output-down" in self.health(), 15))
            os.unlink(os.path.join(small, "fill"))
            time.sleep(0.2)
            subprocess.run(["mount", "-o", "remount,size=4m", small],
                           check=True)
            sent = self.finish(feed)
            with open(self.path("small/log"), encoding="utf-8") as f:
                rows = [formats.ecs(l) for l in f.read().split("\n")[:-1]]
            got = [(r["event"]["id"], r["event"]["sequence"]) for r in rows
                   if r["event"]["kind"] == "alert"]
            self.assertEqual(got, sent)
        finally:
            subprocess.run(["umount", small], check=False)


def run_one(test):
    """They wait more than they work: all at once."""
    said = io.StringIO()
    result = unittest.TextTestRunner(stream=said).run(test)
    return result.wasSuccessful(), said.getvalue()


if __name__ == "__main__":
    tests = list(unittest.defaultTestLoader.loadTestsFromTestCase(Test))
    with ThreadPoolExecutor(len(tests)) as pool:
        done = list(pool.map(run_one, tests))
    for good, text in done:
        if not good:
            print(text)
    sys.exit(0 if all(good for good, _ in done) else 1)
