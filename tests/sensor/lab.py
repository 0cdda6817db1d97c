# SPDX-License-Identifier: GPL-3.0-or-later
"""lab.py - a company, the world, and a span port between them.

Three network namespaces: "in" (10.20.0.7, .8, 10.30.0.5), "out"
(203.0.113.9, 198.51.100.25) and the sensor's, which holds a bridge that
forgets every address at once, so that each frame goes out of every port: a
hub, whose third port ends in the interface span0. Nothing outside of these
namespaces and one folder is touched; what is started here is stopped by its
process id. It must not judge what the sensor says.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MAKE = os.path.join(ROOT, "pcaps", "make")
SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, with its packages
INSIDE = ["10.20.0.7", "10.20.0.8", "10.30.0.5"]
OUTSIDE = ["203.0.113.9", "198.51.100.25"]
WEB, MX = OUTSIDE
SPAN = "span0"

sys.path[:0] = [os.path.join(ROOT, "tests", "golden"), MAKE]
import customers  # noqa: E402  (its path is set above)


def missing():
    """Why no lab can be built here, or nothing."""
    if os.getuid() != 0:
        return "want root for network namespaces"
    for tool in ("ip", "curl", "nginx", "tcpdump"):
        if not shutil.which(tool):
            return f"want {tool}"
    name = f"oft{os.getpid()}"
    done = subprocess.run(["ip", "netns", "add", name], check=False,
                          capture_output=True)
    if done.returncode:
        return "want network namespaces"
    done = subprocess.run(["ip", "-n", name, "link", "add", "name", "hub",
                           "type", "bridge"], check=False,
                          capture_output=True)
    subprocess.run(["ip", "netns", "del", name], check=True)
    return "want a kernel with bridges" if done.returncode else None


def until(seconds, ready, what):
    """Wait for ready() to give something; gives it."""
    end = time.monotonic() + seconds
    while True:
        have = ready()
        if have:
            return have
        if time.monotonic() > end:
            raise AssertionError(f"{seconds} s were not enough for {what}")
        time.sleep(0.02)


def stop(process, how=signal.SIGTERM, seconds=10):
    """End a process of ours; gives its status."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


class Lab:
    """Namespaces, wires and servers; gone when closed."""

    def __init__(self, folder):
        self.folder = folder
        self.names = {who: f"of{who[0]}{os.getpid()}"
                      for who in ("in", "out", "sensor")}
        self.started = []
        try:
            self._wires()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Stop what runs and take the namespaces away."""
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.started = []
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], check=False,
                           capture_output=True)

    def ip(self, who, *words):
        """`ip` about one namespace; gives what it says."""
        return subprocess.run(["ip", "-n", self.names[who], *words],
                              check=True, capture_output=True,
                              text=True).stdout

    def words(self, who, *words):
        """A command line that runs in a namespace."""
        return ["ip", "netns", "exec", self.names[who], *words]

    def run(self, who, *words, **more):
        """Run to its end; gives its output."""
        return subprocess.run(self.words(who, *words), check=True,
                              capture_output=True, timeout=120,
                              **more).stdout

    def start(self, who, *words, **more):
        """Start; stopped with the lab."""
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                 "stderr": subprocess.DEVNULL, **more}
        process = subprocess.Popen(self.words(who, *words), **given)
        self.started.append(process)
        return process

    def _wires(self):
        for name in self.names.values():
            subprocess.run(["ip", "netns", "add", name], check=True)
            subprocess.run(["ip", "netns", "exec", name, "sh", "-c",
                            "echo 1 >/proc/sys/net/ipv6/conf/all/"
                            "disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/"
                            "default/disable_ipv6"], check=True)
        self.ip("sensor", "link", "set", "lo", "up")
        self.ip("sensor", "link", "add", "name", "hub", "type", "bridge",
                "ageing_time", "0", "mcast_snooping", "0")
        self.ip("sensor", "link", "set", "hub", "up")
        for who, addresses in (("in", INSIDE), ("out", OUTSIDE)):
            self.ip("sensor", "link", "add", "name", "hub" + who, "type",
                    "veth", "peer", "name", "wire0", "netns",
                    self.names[who])
            self._port("hub" + who)
            for address in addresses:
                self.ip(who, "addr", "add", address + "/32", "dev", "wire0")
            self.ip(who, "link", "set", "lo", "up")
            self.ip(who, "link", "set", "wire0", "up")
            self.ip(who, "route", "add", "default", "dev", "wire0", "src",
                    addresses[0])
        self.span_add()

    def _port(self, name):
        self.ip("sensor", "link", "set", name, "master", "hub", "up")

    def span_add(self):
        """The span port: a third port of the hub, ending in span0."""
        self.ip("sensor", "link", "add", "name", "hubspan", "type", "veth",
                "peer", "name", SPAN)
        self.ip("sensor", "link", "set", SPAN, "up")
        self._port("hubspan")

    def span_del(self):
        """Pull it out, as a driver does when a card is reset."""
        self.ip("sensor", "link", "del", SPAN)

    def span_sent(self):
        """Frames that reached span0 so far."""
        said = json.loads(self.ip("sensor", "-j", "-s", "link", "show",
                                  SPAN))[0]["stats64"]["rx"]
        return said["packets"]

    def listening(self, who, address, port):
        """Wait until something answers there."""
        probe = ("import socket,sys; socket.create_connection("
                 "(sys.argv[1], int(sys.argv[2])), 1).close()")
        until(10, lambda: subprocess.run(
            self.words(who, sys.executable, "-c", probe, address, str(port)),
            check=False, capture_output=True).returncode == 0,
            f"{address}:{port}")

    def web(self):
        """nginx outside; POST /upload and PUT /dav/NAME take anything."""
        room = os.path.join(self.folder, "web")
        for name in ("www", "dav", "body"):
            os.makedirs(os.path.join(room, name))
        with open(os.path.join(MAKE, "nginx.conf"), encoding="utf-8") as file:
            text = file.read().replace("@LAB@", room)
        with open(os.path.join(room, "nginx.conf"), "w",
                  encoding="utf-8") as file:
            file.write(text.replace("    listen [::]:80;\n", ""))
        self.start("out", "nginx", "-p", room, "-e",
                   os.path.join(room, "start.err"), "-c",
                   os.path.join(room, "nginx.conf"))
        self.listening("out", WEB, 80)

    def mail(self):
        """A mail server outside."""
        self.start("out", SYSTEM_PYTHON, "-B",
                   os.path.join(MAKE, "smtpd.py"), MX)
        self.listening("out", MX, 25)

    def ftp(self):
        """An FTP server outside."""
        room = os.path.join(self.folder, "ftp")
        os.makedirs(room, exist_ok=True)
        self.start("out", SYSTEM_PYTHON, "-B", os.path.join(MAKE, "ftpd.py"),
                   WEB, room)
        self.listening("out", WEB, 21)

    def record(self, path, interface=SPAN):
        """tcpdump on the span; recorded() ends it."""
        recorder = self.start("sensor", "tcpdump", "-i", interface, "-w",
                              path, "-U", "--immediate-mode", "-B", "65536",
                              "-Z", "root", "-n", stderr=subprocess.PIPE)
        for line in recorder.stderr:
            if b"listening on" in line:
                break
        return recorder

    @staticmethod
    def recorded(recorder):
        """End it, with all that was sent."""
        time.sleep(0.3)
        stop(recorder, signal.SIGINT)
        recorder.stderr.close()

    def upload(self, path, source=INSIDE[0], to="/upload", more=()):
        """The curl command that posts a file."""
        return self.words("in", "curl", "-s", "-S", "-f", "--interface",
                          source, "--data-binary", "@" + path, "-H",
                          "Content-Type: text/csv", "-H",
                          "Host: drop.example", "-H", "Expect:", *more,
                          f"http://{WEB}{to}")


class Replay:
    """Recorded frames sent again, in order, each side into its own wire."""

    def __init__(self, lab):
        self.lab = lab

    def wires(self, *names):
        """Pairs NAME - NAMEtx in the sensor's namespace."""
        for name in names:
            self.lab.ip("sensor", "link", "add", "name", name + "tx", "type",
                        "veth", "peer", "name", name)
            for end in (name, name + "tx"):
                self.lab.ip("sensor", "link", "set", end, "up")

    def send(self, path, client, *names):
        """Frames of `client` (a MAC) go into names[0], others names[-1]."""
        code = ("import sys, socket, time; sys.path.insert(0, sys.argv[1])\n"
                "import capfile\n"
                "ends = []\n"
                "for name in sys.argv[4:]:\n"
                "    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n"
                "    s.bind((name + 'tx', 0)); ends.append(s)\n"
                "for _, frame, _ in capfile.read(sys.argv[2])[1]:\n"
                "    mine = frame[6:12].hex(':') == sys.argv[3]\n"
                "    ends[0 if mine else -1].send(frame)\n"
                "    time.sleep(0.0005)\n")
        self.lab.run("sensor", sys.executable, "-B", "-c", code, MAKE, path,
                     client, *names)


def table(count, seed):
    """Invented customers; the same seed gives the same ones."""
    return customers.japan(count, seed)


def can_notify(folder):
    """A socket as systemd has one; gives (socket, path)."""
    path = os.path.join(folder, "notify")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(path)
    os.chmod(path, 0o666)
    sock.settimeout(0.1)
    return sock, path
