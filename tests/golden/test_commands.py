# SPDX-License-Identifier: GPL-3.0-or-later
"""test_commands.py - the command line, keys, settings, and what is said.

Exit status 0, 1 and 2; messages that name the place, what was wanted and
what was there; all errors at once; nothing started after one.
"""

import json
import os
import unittest

from program import ANY_RULES, KEY, PCAPS, Place

RAW = os.path.join(PCAPS, "http-raw-post", "capture.pcap")
QUIET = os.path.join(PCAPS, "quiet-logs", "capture.pcap")


class Commands(unittest.TestCase):
    """Sentences about the command line."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)
        self.run_ = self.place.run

    def refused(self, *words, says):
        """Status 2, nothing on standard output, and these words said."""
        result = self.run_(*words)
        self.assertEqual(result.status, 2, result.err)
        self.assertEqual(result.out, b"")
        for text in says:
            self.assertIn(text, result.err)
        return result

    def test_no_command_is_an_error_that_names_help(self):
        self.refused(says=["outflow help"])

    def test_help_and_version_are_given(self):
        for words in (["help"], ["--help"], ["help", "read"],
                      ["read", "--help"], ["help", "affected"],
                      ["help", "check"]):
            result = self.run_(*words)
            self.assertEqual(result.status, 0, words)
            self.assertIn(b"outflow", result.out)
        self.assertRegex(self.run_("version").out, rb"^outflow \d")
        self.assertRegex(self.run_("--version").out, rb"^outflow \d")

    def test_a_misspelt_command_gets_a_suggestion(self):
        self.refused("raed", "x", says=['"read"'])

    def test_wrong_options_are_named(self):
        self.refused("read", says=["CAPTURE"])
        self.refused("read", "-j", "0", RAW, says=["-j", '"0"'])
        self.refused("read", "-j", "x", RAW, says=["-j", '"x"'])
        self.refused("read", "-f", "xml", RAW, says=["-f", '"xml"', "json"])
        self.refused("read", "--nonsense", RAW, says=["--nonsense"])
        self.refused("read", RAW, "-k", says=["-k"])
        self.refused("check", "-j", "2", says=["-j"])
        self.refused("check", "x", says=['"x"'])
        self.refused("affected", "a", says=["TABLE", "LIST", "-k", "-s"])

    def test_several_wrong_options_are_told_at_once(self):
        self.refused("read", "-j", "0", "-f", "xml", RAW, says=["-j", "-f"])

    def test_files_that_cannot_be_written_are_named_before_the_start(self):
        for option in ("-o", "-a", "--stats"):
            result = self.refused("read", option, "no/such/folder/x", RAW,
                                  says=["no/such/folder/x", option])
            self.assertIn("nothing was started", result.err)

    def test_options_may_stand_behind_captures(self):
        result = self.run_("read", RAW, "-f", "json", "-k", self.place.key)
        self.assertIn(result.status, (0, 1))

    def test_status_0_without_1_with_alerts(self):
        rules = self.place.write("any.conf", ANY_RULES % 100)
        self.assertEqual(self.run_("read", "-R", rules, QUIET).status, 0)
        self.assertEqual(self.run_("read", "-R", rules, RAW).status, 1)

    def test_output_goes_where_o_says(self):
        rules = self.place.write("any.conf", ANY_RULES % 100)
        result = self.run_("read", "-k", self.place.key, "-R", rules, "-o",
                           "alerts.json", RAW)
        self.assertEqual(result.out, b"")
        with open(self.place.name("alerts.json"), "rb") as file:
            lines = file.read()
        want = self.run_("read", "-k", self.place.key, "-R", rules, RAW)
        self.assertEqual(lines, want.out)

    def test_quiet_says_nothing_when_all_is_well(self):
        self.assertEqual(self.run_("read", "-q", QUIET).err, "")

    def test_stats_dash_is_standard_error(self):
        result = self.run_("read", "-q", "--stats", "-", QUIET)
        self.assertEqual(json.loads(result.err)["customers"], 0)

    def test_the_table_format_is_for_people(self):
        rules = self.place.write("any.conf", ANY_RULES % 100)
        result = self.run_("read", "-f", "table", "-R", rules, RAW)
        text = result.out.decode()
        for word in ("drop.example", "150", "card_number", "10.20.0.7"):
            self.assertIn(word, text)
        self.assertFalse([c for c in text if ord(c) < 32 and c not in "\n"])

    def test_cef_is_one_line_an_alert(self):
        rules = self.place.write("any.conf", ANY_RULES % 100)
        result = self.run_("read", "-f", "cef", "-R", rules, RAW)
        lines = result.out.decode().splitlines()
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"^CEF:[01]\|[^|]*\|outflow\|[^|]+\|any\|"
                         r"Any customer\|\d+\|.*src=10\.20\.0\.7")

    def test_a_throw_away_key_changes_only_the_customer_column(self):
        rules = self.place.write("any.conf", ANY_RULES % 100)
        runs = []
        for name in ("a.csv", "b.csv"):
            self.run_("read", "-R", rules, "-a", name, "-o", name + ".json",
                      RAW)
            with open(self.place.name(name), encoding="utf-8") as file:
                runs.append(file.read().splitlines())
        heads = [{line.split(",")[0] for line in run[1:]} for run in runs]
        self.assertEqual(len(heads[0] | heads[1]), 300)
        rests = [sorted(line.split(",", 1)[1] for line in run)
                 for run in runs]
        self.assertEqual(rests[0], rests[1])


class Keys(unittest.TestCase):
    """Sentences about the key."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def refused(self, text, mode, says):
        """A key of that text and mode is refused with these words."""
        path = self.place.write("bad-key", text, mode)
        result = self.place.run("read", "-k", path, RAW)
        self.assertEqual(result.status, 2)
        for word in ("bad-key", "nothing was started", *says):
            self.assertIn(word, result.err)
        self.assertNotIn(text.strip()[:16] or "-", result.err)

    def test_a_key_open_to_others_is_refused(self):
        self.refused(KEY.hex(), 0o644, ["closed to group and others"])
        self.refused(KEY.hex(), 0o640, ["chmod 600"])

    def test_a_key_of_another_length_is_refused(self):
        self.refused(KEY.hex()[:-2], 0o600, ["64"])
        self.refused(KEY.hex() + "00", 0o600, ["64"])

    def test_a_key_of_other_letters_is_refused(self):
        self.refused("g" * 64, 0o600, ["64"])

    def test_a_missing_key_is_named(self):
        result = self.place.run("read", "-k", "no-key", RAW)
        self.assertEqual(result.status, 2)
        self.assertIn("no-key", result.err)

    def test_upper_case_and_line_ends_do_not_matter(self):
        for text in (KEY.hex().upper(), KEY.hex() + "\r\n", KEY.hex()):
            path = self.place.write("good-key", text, 0o400)
            self.assertEqual(self.place.run("read", "-q", "-k", path,
                                            QUIET).err, "")


class Settings(unittest.TestCase):
    """Sentences about settings and rules that are wrong."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def wrong(self, text, *says, option="-c"):
        """check and read both refuse it, and say all of this."""
        self.place.write("bad.conf", text)
        for words in (["check", option, "bad.conf"],
                      ["read", option, "bad.conf", RAW]):
            result = self.place.run(*words)
            self.assertEqual(result.status, 2, result.err)
            self.assertEqual(result.out, b"")
            for word in says:
                self.assertIn(word, result.err)

    def rule(self, body, *says):
        """A rule with that body is refused."""
        self.wrong('rules = ( { id = "r"; name = "R"; severity = "high";\n'
                   + body + "\n} );\n", "bad.conf:2", *says, option="-R")

    def test_good_settings_and_rules_are_said_to_be_good(self):
        self.place.write("good.conf", 'domains = [ "bank.example" ];\n')
        self.place.write("rules.conf", ANY_RULES % 5)
        result = self.place.run("check", "-c", "good.conf", "-R",
                                "rules.conf")
        self.assertEqual(result.status, 0)
        self.assertEqual(self.place.run("check").status, 0)

    def test_every_error_is_told_with_its_line(self):
        self.wrong('domain = [ "bank.example" ];\nsession = "nides";\n'
                   'inside = [ "10.0.0.0/40" ];\n',
                   "bad.conf:1", '"domains"', "bad.conf:2", '"nids"',
                   "bad.conf:3", "10.0.0.0/40", "3 errors")

    def test_a_syntax_error_is_told_with_its_line(self):
        self.wrong('domains = [ "a.example" ];\ninside = [ "10.0.0.0/8" \n',
                   "bad.conf:")

    def test_wrong_types_are_told(self):
        self.wrong('domains = "bank.example";\n', "bad.conf:1", "domains")
        self.wrong('limits = { memory = true; };\n', "bad.conf:1", "memory")

    def test_a_number_that_libconfig_would_wrap_is_refused(self):
        self.wrong("limits = { memory = 99999999999; };\n", "bad.conf:1")

    def test_settings_twice_are_refused(self):
        self.wrong('session = "nids";\nsession = "native";\n', "bad.conf:2")

    def test_missing_settings_are_named(self):
        result = self.place.run("check", "-c", "no.conf")
        self.assertEqual(result.status, 2)
        self.assertIn("no.conf", result.err)

    def test_missing_rules_and_employees_are_named(self):
        self.wrong('rules = [ "no-rules" ];\nemployees = "nobody.csv";\n',
                   "no-rules")
        self.wrong('employees = "nobody.csv";\n', "nobody.csv")

    def test_a_wrong_window_is_told(self):
        self.rule('customers = 5; within = "0h";', "within", '"0h"')
        self.rule('customers = 5; within = "5 parsecs";', "within")

    def test_unknown_keys_and_types_get_a_suggestion(self):
        self.rule('customers = 5; within = "1h"; chanels = [ "http" ];',
                  '"channels"')
        self.rule('customers = 5; within = "1h"; '
                  'fields = { any = [ "card_numbr" ]; };', '"card_number"')
        self.rule('customers = 5; within = "1h"; channels = [ "htp" ];',
                  '"http"')

    def test_an_unknown_group_is_told(self):
        self.rule('customers = 5; within = "1h"; from = [ "group:nobody" ];',
                  "nobody")

    def test_a_negative_number_is_told(self):
        self.rule('customers = -5; within = "1h";', "customers", "-5")

    def test_one_id_twice_is_told(self):
        one = (ANY_RULES % 5).strip()
        two = one[:-len(");")] + ", " + one[len("rules = ("):]
        self.wrong(two, '"any"', option="-R")

    def test_settings_with_crlf_and_bom_are_read(self):
        self.place.write("dos.conf", b"\xef\xbb\xbf" + b'domains = [\r\n'
                         b'"bank.example" ];\r\n')
        result = self.place.run("check", "-c", "dos.conf")
        self.assertEqual(result.status, 0, result.err)


if __name__ == "__main__":
    unittest.main()
