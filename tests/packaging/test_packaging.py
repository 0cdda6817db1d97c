# SPDX-License-Identifier: GPL-3.0-or-later
"""test_packaging.py - what `cmake --install` leaves, looked at from outside.

Installed into a scratch DESTDIR, never into the machine. Checkers that are
not on the machine are left out, and said so.
"""

import os
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.environ.get("OUTFLOW_BUILD", os.path.join(ROOT, "build", "asan"))
BINARY = os.environ.get("OUTFLOW", os.path.join(BUILD, "outflow"))
EXPOSURE = 2.0  # of systemd-analyze security, at most

USR = ["usr/bin/outflow", "usr/libexec/outflow/outflow-helper",
       "usr/share/man/man1/outflow.1",
       "usr/share/man/man5/outflow.conf.5",
       "usr/share/outflow/rules/bulk.conf", "usr/share/doc/outflow/README.md",
       "usr/lib/systemd/system/outflow.service",
       "usr/lib/sysusers.d/outflow.conf", "usr/lib/tmpfiles.d/outflow.conf",
       "etc/logrotate.d/outflow", "etc/default/outflow",
       "etc/outflow/outflow.conf"]


def run(*words, **more):
    """A command; gives status and everything it said."""
    done = subprocess.run(words, check=False, text=True, timeout=100,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **more)
    return done.returncode, done.stdout


class Packaging(unittest.TestCase):
    """Sentences about an installed outflow."""

    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.mkdtemp(prefix="outflow-install-")
        cls.usr = cls.install("/usr")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    @classmethod
    def install(cls, prefix, name="root"):
        """Install under a prefix; gives the DESTDIR."""
        where = os.path.join(cls.room, name)
        status, said = run("cmake", "--install", BUILD, "--prefix", prefix,
                           env=dict(os.environ, DESTDIR=where))
        if status != 0:
            raise AssertionError(said)
        return where

    def text(self, *path):
        """The text of an installed file."""
        with open(os.path.join(self.usr, *path), encoding="utf-8") as file:
            return file.read()

    def unit(self):
        """The unit as a file that names the program of this build."""
        text = self.text("usr/lib/systemd/system/outflow.service")
        path = os.path.join(self.room, "outflow.service")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("/usr/bin/outflow", BINARY))
        return path

    def need(self, tool):
        """Leave the test out where a tool is missing."""
        if not shutil.which(tool):
            self.skipTest(tool + " is not installed")

    def test_everything_is_in_its_place(self):
        for name in USR:
            path = os.path.join(self.usr, name)
            self.assertTrue(os.path.isfile(path), name)
            mode = stat.S_IMODE(os.stat(path).st_mode)
            self.assertEqual(mode & 0o022, 0, name)

    def test_the_installed_program_runs(self):
        status, said = run(os.path.join(self.usr, "usr/bin/outflow"),
                           "version")
        self.assertEqual(status, 0, said)

    def test_another_prefix_has_its_own_settings(self):
        other = self.install("/opt/outflow", "other")
        unit = os.path.join(other, "opt/outflow/lib/systemd/system",
                            "outflow.service")
        with open(unit, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("ExecStart=/opt/outflow/bin/outflow watch", text)
        self.assertIn(" /opt/outflow/etc/outflow/outflow.conf", text)
        self.assertTrue(os.path.isfile(os.path.join(
            other, "opt/outflow/etc/outflow/outflow.conf")))
        self.assertFalse(os.path.exists(os.path.join(other, "etc")))
        self.assertNotRegex(text, r"[= ]/(usr|etc)/(?!true)\S*outflow")

    def test_installing_again_keeps_the_operators_settings(self):
        where = self.install("/usr", "again")
        path = os.path.join(where, "etc/outflow/outflow.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("// mine\n")
        self.install("/usr", "again")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "// mine\n")

    def test_the_example_settings_are_good(self):
        text = self.text("etc/outflow/outflow.conf")
        path = os.path.join(self.room, "example.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"/var/log/outflow|/run/outflow", self.room,
                              text))
        status, said = run(BINARY, "check", "-c", path)
        self.assertEqual(status, 0, said)

    def test_every_option_of_the_unit_is_one_of_the_program(self):
        unit = self.text("usr/lib/systemd/system/outflow.service")
        for line in re.findall(r"^Exec\w+=/usr/bin/outflow (.*)", unit, re.M):
            command, *words = line.split()
            helped = run(BINARY, "help", command)[1]
            for word in words:
                if word.startswith("-"):
                    self.assertRegex(helped, r"(^|[ ,])%s\b" % word, line)

    def test_systemd_finds_nothing_wrong_with_the_unit(self):
        self.need("systemd-analyze")
        status, said = run("systemd-analyze", "verify", "--man=no",
                           self.unit())
        self.assertEqual((status, said), (0, ""))

    def test_the_unit_is_hardened(self):
        self.need("systemd-analyze")
        _, said = run("systemd-analyze", "security", "--offline=true",
                      "--no-pager", self.unit())
        level = re.search(r"Overall exposure level.*: ([\d.]+)", said)
        self.assertTrue(level, said)
        self.assertLessEqual(float(level.group(1)), EXPOSURE, said)
        unit = self.text("usr/lib/systemd/system/outflow.service")
        for line in ("Type=notify", "LimitCORE=0", "Restart=on-failure",
                     "User=outflow", "CapabilityBoundingSet=CAP_NET_RAW",
                     "NoNewPrivileges=yes"):
            self.assertIn("\n" + line + "\n", unit)
        self.assertRegex(unit, r"\nWatchdogSec=\d")
        self.assertRegex(unit, r"\nExecStartPre=\S+ check ")
        self.assertRegex(unit, r"\nExecReload=\S+ -HUP ")

    def test_systemd_makes_the_user_and_the_folders(self):
        self.need("systemd-sysusers")
        etc = os.path.join(self.usr, "etc")
        status, said = run("systemd-sysusers", "--root=" + self.usr,
                           "outflow.conf")
        self.assertEqual(status, 0, said)
        with open(os.path.join(etc, "passwd"), encoding="utf-8") as file:
            self.assertRegex(file.read(), r"(?m)^outflow:.*:/usr/sbin/nologin")
        if os.getuid() != 0:
            return
        status, said = run("systemd-tmpfiles", "--root=" + self.usr,
                           "--create", "outflow.conf")
        self.assertEqual(status, 0, said)
        for name, mode in (("etc/outflow", 0o750),
                           ("var/lib/outflow", 0o700),
                           ("var/log/outflow", 0o750),
                           ("etc/outflow/outflow.conf", 0o640)):
            have = os.stat(os.path.join(self.usr, name)).st_mode
            self.assertEqual(stat.S_IMODE(have), mode, name)

    def test_logrotate_understands_its_file(self):
        text = self.text("etc/logrotate.d/outflow")
        self.assertIn("--signal=HUP outflow.service", text)
        self.need("logrotate")
        path = os.path.join(self.room, "logrotate.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r"\n +su .*", "", text).replace(
                "create 0640 outflow outflow", "create"))
        status, said = run("logrotate", "--debug", path)
        self.assertEqual(status, 0, said)
        self.assertNotIn("error", said)

    def test_every_setting_stands_on_its_pages(self):
        path = os.path.join(self.room, "odd.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write("odd = 1;\nlimits = { odd = 1; };\n")
        said = run(BINARY, "check", "-c", path)[1]
        known = re.findall(r"known: (.*)", said)
        self.assertEqual(len(known), 2, said)
        page = self.text("usr/share/man/man5/outflow.conf.5")
        table = self.text("usr/share/doc/outflow/settings.md")
        for name in known[0].split(", "):
            self.assertRegex(page, r"\n\.B %s\n" % name)
            self.assertRegex(table, r"\n\| `%s[`.]" % name)
        for name in known[1].split(", "):
            self.assertRegex(page, r"\n\.I %s\n" % name)
            self.assertIn("| `limits.%s` " % name, table)

    def test_man_pages_are_well_formed(self):
        self.need("man")
        for page in ("man1/outflow.1", "man5/outflow.conf.5"):
            path = os.path.join(self.usr, "usr/share/man", page)
            status, said = run(
                "man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                path, env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80"))
            self.assertEqual(status, 0, said[-500:])
            self.assertNotIn("warning", said, page)


if __name__ == "__main__":
    unittest.main()
