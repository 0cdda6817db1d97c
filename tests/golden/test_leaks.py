# SPDX-License-Identifier: GPL-3.0-or-later
"""test_leaks.py - nothing the program writes holds a value of a customer.

Canaries: every number, phone, address of mail and full name of the tables is
sought in standard output, error, lists, counters, messages sent and every
file left behind; also where the wire chose the words (file names, hosts,
users). And a worker that dies leaves no core.
"""

import os
import re
import signal
import subprocess
import time
import unittest

import program
from program import ANY_RULES, PCAPS, Place

SETTINGS = '''inside = [ "10.0.0.0/8", "2001:db8:20::/48" ];
outputs = ( { type = "file"; path = "sent.json"; format = "json"; },
            { type = "file"; path = "sent.cef"; format = "cef"; } );
'''
STEP = 0.02


def digits(data):
    """Text without what stands inside written numbers."""
    return re.sub(rb"[ ().+-]", b"", data)


def canaries(table):
    """{kind: values} that may stand nowhere."""
    made = {"card_number": set(), "account_number": set(), "phone": set(),
            "email": set(), "person_name": set()}
    for row in table.rows:
        for kind, text in zip(table.types, row):
            if kind in made:
                made[kind].add(text)
    return made


class Canaries(unittest.TestCase):
    """Sentences about what is written."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def everything(self, *results):
        """All bytes of these runs and all files of the place."""
        made = [r.out + r.err.encode() for r in results]
        for folder, _, names in os.walk(self.place.path):
            for name in names:
                if name.startswith(("settings", "rules", "key", "in-")):
                    continue
                with open(os.path.join(folder, name), "rb") as file:
                    made.append(file.read())
        return b"\n".join(made)

    def search(self, data, values):
        """Fail on any value in the data."""
        bare = digits(data)
        for kind, texts in values.items():
            for text in texts:
                text = text.encode()
                self.assertNotIn(text, data, f"{kind} was written")
                if kind in ("card_number", "account_number", "phone"):
                    self.assertNotIn(digits(text), bare, f"{kind} written")

    def plain(self, form, captures):
        """A run whose output is no JSON."""
        conf = self.place.settings(SETTINGS)
        rules = self.place.write("rules.conf", ANY_RULES % 1)
        return self.place.run("read", "-k", self.place.key, "-f", form, "-v",
                              "-c", conf, "-R", rules, *captures)

    def test_no_recorded_customer_is_written_anywhere(self):
        import json
        import table
        for name in sorted(os.listdir(PCAPS)):
            path = os.path.join(PCAPS, name, "truth.json")
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as file:
                truth = json.load(file)
            if "table" not in truth:
                continue
            rows = table._table(truth["table"]["kind"], truth["customers"],
                                truth["table"])
            conf = self.place.settings(SETTINGS)
            rules = self.place.write("rules.conf", ANY_RULES % 1)
            results = [self.place.run(
                "read", "-k", self.place.key, "-f", form, "-v", "--send",
                "-c", conf, "-R", rules, "-a", "list.csv", "--stats",
                "stats.json", os.path.join(PCAPS, name, "capture.pcap"))
                for form in ("json", "table", "cef")]
            for result in results:
                self.assertEqual(result.status, 1, result.err)
            with self.subTest(name):
                self.search(self.everything(*results), canaries(rows))
            os.unlink(self.place.name("sent.json"))
            os.unlink(self.place.name("sent.cef"))

    def hostile(self, asked, name="in-hostile.pcap"):
        """A capture whose names try something; gives all that was written."""
        import capfile
        import messages
        from packets import endpoint
        path = self.place.name(name)
        out = capfile.Writer(path)
        out.put_all(messages.http(
            endpoint("10.20.0.7", 40112), endpoint("203.0.113.9", 80),
            1312506123123456, (1, 2),
            [(asked, messages.response(b"stored\n"))]))
        out.close()
        results = [self.plain(form, [path]) for form in ("json", "table",
                                                         "cef")]
        for result in results:
            self.assertEqual(result.status, 1, result.err)
        return results, self.everything(*results)

    def upload(self, target="/up", host="drop.example", file="c.csv",
               extra=""):
        """A form upload of five customers under those names."""
        import customers
        import messages
        body = customers.accounts(5, "hostile").csv()
        asked = messages.upload_form("HOST", "/TARGET", "FILE", "text/csv",
                                     body)
        return (asked.replace(b"/TARGET", target.encode())
                .replace(b"Host: HOST", b"Host: " + host.encode()
                         + extra.encode())
                .replace(b"FILE", file.encode()))

    def test_numbers_in_names_the_wire_chose_are_masked(self):
        card, mail = "4111111111111111", "hanako.yamada@customer.example"
        for more in ({"target": f"/u/{card}/x.csv"},
                     {"target": f"/u?card={card}&mail={mail}"},
                     {"target": f"/u/{mail}"},
                     {"file": f"list {card}.csv"},
                     {"file": f"{mail}.csv"},
                     {"file": "4111 1111 1111 1111.csv"},
                     {"host": f"{card}.drop.example"}):
            with self.subTest(more):
                _, data = self.hostile(self.upload(**more))
                self.search(data, {"card_number": {card}, "email": {mail}})

    def test_control_characters_in_names_never_come_out(self):
        for text in ("\x1b[31mred", "a\x00b", "a\x7fb", "\u0085\u2028x",
                     "\u202egnp.exe", "back\x08space", "=cmd()", "a\"b|c\\d",
                     "tab\tname"):
            for more in ({"target": "/u/" + text.replace(" ", "")},
                         {"file": text}, {"host": text}):
                with self.subTest(more):
                    results, _ = self.hostile(self.upload(**more))
                    for result in results:
                        out = result.out.decode("utf-8")
                        self.assertFalse(
                            [c for c in out if (ord(c) < 32 and c != "\n")
                             or 127 <= ord(c) < 160
                             or c in "\u2028\u2029\u202a\u202b\u202d\u202e"],
                            repr(out[:600]))

    def test_names_of_any_length_are_cut(self):
        results, _ = self.hostile(self.upload(
            target="/" + "x" * 9000, file="y" * 9000))
        for result in results:
            self.assertLess(len(result.out), 6000)

    def test_no_cell_of_the_list_is_a_formula(self):
        self.hostile(self.upload(host="=cmd()"))
        path = self.place.name("in-hostile.pcap")
        result = self.place.read(path, rules=1)
        for row in result.customers:
            for cell in row.values():
                self.assertNotIn(cell[:1], tuple("=+-@\t\r"))


class Core(unittest.TestCase):
    """Sentences about processes that die."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def children(self, pid):
        """Processes that a process has started, when there are some."""
        for _ in range(int(20 / STEP)):
            with open(f"/proc/{pid}/task/{pid}/children",
                      encoding="utf-8") as file:
                found = file.read().split()
            if found:
                return [int(one) for one in found]
            time.sleep(STEP)
        self.fail("no worker was started")

    def killed(self, number):
        """A run whose worker gets a signal while it waits for input."""
        rules = self.place.write("rules.conf", ANY_RULES % 1)
        env = dict(os.environ, ASAN_OPTIONS="handle_segv=0:handle_abort=0:"
                   "detect_leaks=0", UBSAN_OPTIONS="handle_segv=0")
        with subprocess.Popen(
                [program.BINARY, "read", "-k", self.place.key, "-R", rules,
                 "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, cwd=self.place.path, env=env) as run:
            with open(os.path.join(PCAPS, "http-raw-post", "capture.pcap"),
                      "rb") as file:
                run.stdin.write(file.read()[:5000])
            run.stdin.flush()
            worker = self.children(run.pid)[0]
            time.sleep(0.3)
            limits = self.limits(worker)
            os.kill(worker, number)
            out, err = run.communicate(timeout=60)
        return run.returncode, out, err.decode(), limits

    def limits(self, pid):
        """(core limit, owner of its proc files) of a process."""
        with open(f"/proc/{pid}/limits", encoding="utf-8") as file:
            core = [line for line in file if "core file" in line][0]
        return core.split()[4:6], os.stat(f"/proc/{pid}/mem").st_uid

    def test_a_worker_that_dies_is_told_and_leaves_no_core(self):
        before = set(os.listdir(self.place.path)) | {"rules.conf"}
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL):
            status, _, err, limits = self.killed(number)
            self.assertEqual(status, 2, err)
            self.assertIn("worker", err)
            self.assertIn(str(int(number)), err)
            self.assertEqual(limits[0], ["0", "0"], "core files allowed")
            self.assertEqual(limits[1], 0, "the worker is dumpable")
        self.assertEqual(set(os.listdir(self.place.path)), before)


if __name__ == "__main__":
    unittest.main()
