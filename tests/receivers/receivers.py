# SPDX-License-Identifier: GPL-3.0-or-later
"""receivers.py - rsyslog and syslog-ng over TLS, on loopback, and a judge.

Certificates come from openssl, syslog-ng from its package unpacked into the
build tree (it cannot be installed beside rsyslog). A receiver writes one
JSON object for each message, with its fields as it parsed them.
"""
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SYSLOG_NG = os.environ.get("SYSLOG_NG", "")

RSYSLOG = """
global(workDirectory="%(dir)s" maxMessageSize="8k"
       defaultNetstreamDriverCAFile="%(pki)s/ca.pem"
       defaultNetstreamDriverCertFile="%(pki)s/server.pem"
       defaultNetstreamDriverKeyFile="%(pki)s/server.key")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1"
       StreamDriver.AuthMode="x509/name" PermittedPeer=["sensor.example"])
template(name="all" type="list" option.jsonf="on") {
  property(outname="priority" name="pri" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339"
           format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="app-name" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}
input(type="imtcp" port="%(port)d" ruleset="in")
ruleset(name="in") {
  action(type="omfile" file="%(out)s" template="all")
}
"""

SYSLOG_NG_CONF = """@version: 3.38
options { stats_freq(0); log-msg-size(65536); keep-hostname(yes);
          chain-hostnames(no); use-dns(no); };
source c { syslog(ip("127.0.0.1") port(%(port)d) transport("tls")
  tls(key-file("%(pki)s/server.key") cert-file("%(pki)s/server.pem")
      ca-file("%(pki)s/ca.pem") peer-verify(required-trusted))); };
destination d { file("%(out)s" template("%(template)s\\n")
                     template-escape(no)); };
log { source(c); destination(d); flags(flow-control); };
"""


def unpack():
    """Get syslog-ng, if that is possible here."""
    if SyslogNg.missing() and SYSLOG_NG:
        script = os.path.join(HERE, "..", "..", "scripts", "syslog-ng")
        try:
            subprocess.run([script, SYSLOG_NG], timeout=60, check=False,
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            pass


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def make_pki(folder):
    """A CA, a server certificate for localhost, one of our own."""
    def run(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run("req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key", "-out",
        "ca.pem", "-days", "30", "-subj", "/CN=Test CA")
    for name, host in (("server", "localhost"), ("sensor", "sensor.example"),
                       ("wrong", "other.example")):
        run("req", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            name + ".key", "-out", name + ".csr", "-subj", "/CN=" + host)
        with open(os.path.join(folder, name + ".ext"), "w") as f:
            f.write("subjectAltName=DNS:%s\n" % host)
        run("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey",
            "ca.key", "-CAcreateserial", "-days", "30", "-extfile",
            name + ".ext", "-out", name + ".pem")


class Receiver:
    """A syslog server that can be killed and started again."""

    def __init__(self, folder, pki, name):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.port = free_port()
        self.out = os.path.join(self.folder, "out")
        self.conf = os.path.join(self.folder, "conf")
        self.process = None
        self.pki = pki
        self.torn = 0  # lines that a kill cut off, with the next behind them

    def write_conf(self, text, **more):
        with open(self.conf, "w") as f:
            f.write(text % dict(dir=self.folder, pki=self.pki, port=self.port,
                                out=self.out, **more))

    def start(self):
        with open(os.path.join(self.folder, "log"), "a") as log:
            self.process = subprocess.Popen(self.command(), stdout=log,
                                            stderr=log,
                                            env=self.environment())

    def environment(self):
        return dict(os.environ)

    def kill(self, how=signal.SIGKILL):
        if self.process:
            self.process.send_signal(how)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def size(self):
        return os.path.getsize(self.out) if os.path.exists(self.out) else 0

    def lines(self):
        try:
            with open(self.out, "rb") as f:
                return [l for l in f.read().split(b"\n") if l]
        except FileNotFoundError:
            return []


class Rsyslog(Receiver):
    def __init__(self, folder, pki):
        super().__init__(folder, pki, "rsyslog")
        self.write_conf(RSYSLOG)

    @staticmethod
    def missing():
        if not shutil.which("rsyslogd"):
            return "no rsyslog"
        if not glob.glob("/usr/lib/*/rsyslog/lmnsd_gtls.so"):
            return "no rsyslog-gnutls"
        return None

    def command(self):
        return [shutil.which("rsyslogd"), "-n", "-f", self.conf, "-i",
                os.path.join(self.folder, "pid")]

    def messages(self):
        self.torn = 0
        for line in self.lines():
            try:
                yield json.loads(line)
            except ValueError:
                self.torn += 1


class SyslogNg(Receiver):
    MACROS = ("PRI", "R_ISODATE", "HOST", "PROGRAM", "MSGID", "SDATA",
              "MESSAGE")
    NAMES = ("priority", "time", "host", "program", "msgid", "data",
             "message")

    def __init__(self, folder, pki):
        super().__init__(folder, pki, "syslog-ng")
        template = "\x1f".join("${%s}" % m for m in self.MACROS)
        self.write_conf(SYSLOG_NG_CONF, template=template)

    @staticmethod
    def missing():
        if not os.path.exists(os.path.join(SYSLOG_NG, "usr/sbin/syslog-ng")):
            return "no syslog-ng unpacked"
        return None

    def environment(self):
        return dict(os.environ, LD_LIBRARY_PATH=":".join(
            glob.glob(SYSLOG_NG + "/usr/lib/*-linux-gnu") +
            [SYSLOG_NG + "/usr/lib/syslog-ng"]))

    def command(self):
        modules = glob.glob(SYSLOG_NG + "/usr/lib/syslog-ng/*")
        return [SYSLOG_NG + "/usr/sbin/syslog-ng", "-F", "--no-caps",
                "--module-path=" + ":".join(modules), "-f", self.conf,
                "-R", self.folder + "/persist", "-p", self.folder + "/pid",
                "-c", self.folder + "/ctl", "--stderr"]

    def messages(self):
        self.torn = 0
        for line in self.lines():
            values = line.decode("utf-8", "replace").split("\x1f")
            if len(values) == len(self.NAMES):
                yield dict(zip(self.NAMES, values))
            else:
                self.torn += 1


def parameters(data):
    """RFC 5424 6.3: elements of structured data, names and values."""
    element = re.compile(r'\[([^ =\]"]+)((?: [^ =\]"]+="(?:[^"\\\]]|\\.)*")*)\]')
    param = re.compile(r' ([^ =\]"]+)="((?:[^"\\\]]|\\.)*)"')
    found, at = {}, 0
    while at < len(data):
        m = element.match(data, at)
        if not m:
            raise ValueError("no structured data: %r" % data[at:])
        found[m.group(1)] = {
            k: re.sub(r'\\(["\\\]])', r"\1", v)
            for k, v in param.findall(m.group(2))}
        at = m.end()
    return found


def wait_until(what, seconds):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    return what()
