# SPDX-License-Identifier: GPL-3.0-or-later
"""test_send.py - alerts on their way to a SIEM, over real sockets.

RFC 5424 over a unix socket, UDP and TCP (octet counting, RFC 6587), with
JSON or CEF as the message, taken apart field by field.
"""

import json
import os
import re
import socket
import threading
import unittest

from program import ANY_RULES, PCAPS, Place

RAW = os.path.join(PCAPS, "http-raw-post", "capture.pcap")
FTP = os.path.join(PCAPS, "ftp-port", "capture.pcap")
HEADER = re.compile(
    r"^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) (\S{1,255}) "
    r"(\S{1,48}) (\S{1,128}) (\S{1,32}) "
    r"(-|(?:\[(?:[^\]\\]|\\.)*\])+) (.*)$", re.S)
PARAM = re.compile(r' ([^ =\]"]+)="((?:[^"\\\]]|\\.)*)"')
LARGEST = 8000
BY_PARTY = ('rules = ( { id = "any"; name = "Any customer"; severity = '
            '"critical"; customers = 100; within = "24h"; by = "party"; } );')


class Received(threading.Thread):
    """Takes what comes to a socket until it is closed or told to end."""

    def __init__(self, listening):
        super().__init__(daemon=True)
        self.socket, self.data = listening, []
        self.socket.settimeout(30)
        self.start()

    def run(self):
        if self.socket.type == socket.SOCK_DGRAM:
            self.datagrams()
        else:
            self.stream()

    def datagrams(self):
        """Each datagram is one message; an empty one ends it."""
        while True:
            got = self.socket.recv(65536)
            if not got:
                return
            self.data.append(got)

    def stream(self):
        """One connection, to its end."""
        with self.socket.accept()[0] as peer:
            peer.settimeout(30)
            while True:
                got = peer.recv(65536)
                if not got:
                    return
                self.data.append(got)


class Send(unittest.TestCase):
    """Sentences about --send."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def send(self, output, captures=(RAW,), rules=ANY_RULES % 100):
        """A run with one output."""
        self.place.write("rules.conf", rules)
        conf = self.place.settings(
            'inside = [ "10.0.0.0/8" ];\noutputs = ( { %s } );\n' % output)
        return self.place.run("read", "-k", self.place.key, "-R",
                              "rules.conf", "-c", conf, "-f", "json",
                              "--send", *captures)

    def check_one(self, message, result, form="json"):
        """One RFC 5424 message against the alert on standard output."""
        self.assertLessEqual(len(message), LARGEST)
        parts = HEADER.match(message.decode("utf-8"))
        self.assertTrue(parts, message[:300])
        pri, stamp, host, app, _, kind, data, text = parts.groups()
        self.assertLess(int(pri), 192)
        self.assertEqual(app, "outflow")
        alerts = {a["event"]["id"]: a for a in result.alerts}
        if form == "cef":
            self.assertRegex(text.lstrip("\ufeff"), r"^CEF:[01]\|")
            alert = result.alerts[0]
            self.assertIn("drop.example", text)
        else:
            one = json.loads(text.lstrip("\ufeff"))
            alert = alerts[one["event"]["id"]]
            self.assertEqual(one, alert)
        self.assertEqual(stamp, alert["@timestamp"])
        self.assertEqual(host, alert["observer"]["name"])
        self.assertEqual(kind, alert["event"]["action"])
        params = dict(PARAM.findall(data))
        self.assertEqual(params["id"], alert["event"]["id"])
        self.assertEqual(params["rule"], alert["rule"]["id"])
        self.assertEqual(params["party"], alert["outflow"]["party"])
        self.assertEqual(int(params["customers"]),
                         alert["outflow"]["customers"])
        # critical 2, high 3, medium 4, low 5
        want = {99: 2, 73: 3, 47: 4, 21: 5}[alert["event"]["severity"]]
        self.assertEqual(int(pri) % 8, want)

    def test_a_unix_socket_gets_a_datagram_an_alert(self):
        path = self.place.name("log")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
            here.bind(path)
            os.chmod(path, 0o777)
            taken = Received(here)
            for form in ("json", "cef"):
                result = self.send(f'type = "syslog"; transport = "unix"; '
                                   f'path = "log"; format = "{form}";')
                self.assertEqual(result.status, 1, result.err)
            here.sendto(b"", path)
            taken.join(30)
        self.assertEqual(len(taken.data), 2)
        self.check_one(taken.data[0], result, "json")
        self.check_one(taken.data[1], result, "cef")

    def test_udp_gets_a_datagram_an_alert(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
            here.bind(("127.0.0.1", 0))
            port = here.getsockname()[1]
            taken = Received(here)
            result = self.send(
                f'type = "syslog"; transport = "udp"; host = "127.0.0.1"; '
                f'port = {port}; format = "json";', (RAW, FTP), BY_PARTY)
            self.assertEqual(result.status, 1, result.err)
            here.sendto(b"", ("127.0.0.1", port))
            taken.join(30)
        self.assertEqual(len(taken.data), 2)
        for message in taken.data:
            self.check_one(message, result)

    def frames(self, data):
        """Octet-counted messages of a stream."""
        made = []
        while data:
            count, _, rest = data.partition(b" ")
            self.assertTrue(count.isdigit(), data[:100])
            made.append(rest[:int(count)])
            self.assertEqual(len(made[-1]), int(count))
            data = rest[int(count):]
        return made

    def by_tcp(self, form):
        """(result, messages) of a run with two alerts."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as here:
            here.bind(("127.0.0.1", 0))
            here.listen(4)
            taken = Received(here)
            result = self.send(
                'type = "syslog"; transport = "tcp"; host = "127.0.0.1"; '
                f'port = {here.getsockname()[1]}; format = "{form}";',
                (RAW, FTP), BY_PARTY)
            taken.join(30)
        self.assertEqual(result.status, 1, result.err)
        return result, self.frames(b"".join(taken.data))

    def test_tcp_gets_counted_octets(self):
        result, messages = self.by_tcp("json")
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.check_one(message, result)

    def test_cef_over_tcp(self):
        result, messages = self.by_tcp("cef")
        self.assertEqual(len(messages), 2)
        for message in messages:
            self.assertIn(b"CEF:", message)
        self.assertEqual(len(result.alerts), 2)

    def test_a_receiver_that_is_not_there_is_told_and_status_is_2(self):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as here:
            here.bind(("127.0.0.1", 0))
            port = here.getsockname()[1]
        result = self.send('type = "syslog"; transport = "tcp"; '
                           f'host = "127.0.0.1"; port = {port};')
        self.assertEqual(result.status, 2)
        self.assertIn("127.0.0.1", result.err)
        missing = self.send('type = "syslog"; transport = "unix"; '
                            'path = "no-socket";')
        self.assertEqual(missing.status, 2)
        self.assertIn("no-socket", missing.err)

    def test_without_send_nothing_is_sent(self):
        self.place.write("rules.conf", ANY_RULES % 100)
        conf = self.place.settings(
            'outputs = ( { type = "file"; path = "a.json"; } );\n')
        result = self.place.run("read", "-c", conf, "-R", "rules.conf", RAW)
        self.assertEqual(result.status, 1)
        self.assertFalse(os.path.exists(self.place.name("a.json")))

    def test_a_file_gets_what_standard_output_gets(self):
        result = self.send('type = "file"; path = "a.json"; '
                           'format = "json";')
        with open(self.place.name("a.json"), "rb") as file:
            self.assertEqual(file.read(), result.out)

    def test_large_alerts_stay_in_one_message(self):
        """100 parties and long names must not be split by a receiver."""
        path = self.place.name("log")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
            here.bind(path)
            os.chmod(path, 0o777)
            taken = Received(here)
            result = self.send(
                'type = "syslog"; transport = "unix"; path = "log"; '
                'format = "json";', [self.many_parties()])
            self.assertEqual(result.status, 1, result.err)
            here.sendto(b"", path)
            taken.join(30)
        self.assertEqual(len(taken.data), 1)
        self.assertLessEqual(len(taken.data[0]), LARGEST)
        self.assertGreater(len(result.out), LARGEST)
        parts = HEADER.match(taken.data[0].decode())
        short = json.loads(parts.group(8).lstrip("\ufeff"))
        full = result.alerts[0]
        self.assertEqual(short["event"]["id"], full["event"]["id"])
        for key in ("customers", "records", "fields", "party"):
            self.assertEqual(short["outflow"][key], full["outflow"][key])

    def many_parties(self):
        """A capture of uploads to 150 hosts with long names."""
        import capfile
        import customers
        import messages
        from packets import endpoint
        table = customers.accounts(150, "parties")
        path = self.place.name("in.pcap")
        out = capfile.Writer(path)
        for i, row in enumerate(table.rows):
            one = customers.Table(table.columns, table.types, [row] * 2)
            host = f"{'long-name-' * 6}{i}.example"
            out.put_all(messages.http(
                endpoint("10.20.0.7", 20000 + i), endpoint("203.0.113.9", 80),
                1312506123123456 + i * 1000000, (i, i),
                [(messages.upload_form(host, "/" + "p" * 200,
                                       f"{'f' * 200}{i}.csv", "text/csv",
                                       one.csv()),
                  messages.response(b"stored\n"))]))
        out.close()
        return path


if __name__ == "__main__":
    unittest.main()
