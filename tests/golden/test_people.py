# SPDX-License-Identifier: GPL-3.0-or-later
"""test_people.py - who sent it, who got it, and what was agreed with them.

employees.csv, inside networks, own domains, partners and their contracts,
and the counting rules, all on recorded captures.
"""

import os
import unittest

from program import PCAPS, Place

HEADER = "user,name,group,ip,mac,mail,from,until\n"
INSIDE = 'inside = [ "10.0.0.0/8", "2001:db8:20::/48" ];\n'
STAFF = INSIDE + 'employees = "employees.csv";\n'
POST, PROXIED = "http-raw-post", "http-proxy-post"
FTP, MAIL, RELAYED = "ftp-port", "smtp-attachment", "smtp-relay-auth"


def capture(name):
    """The path of a recorded capture."""
    return os.path.join(PCAPS, name, "capture.pcap")


def rule(body="", number=100, within="24h", name="r"):
    """A rule file with one rule."""
    return (f'rules = ( {{ id = "{name}"; name = "R"; severity = "high"; '
            f'customers = {number}; within = "{within}"; {body} }} );\n')


class People(unittest.TestCase):
    """What all sentences below share."""

    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.__exit__)

    def read(self, *names, settings=STAFF, staff="", rules=None, **more):
        """Recorded captures under settings and an employees.csv."""
        staff = staff or "nobody,,,192.0.2.1,,,,\n"
        self.place.write("employees.csv", HEADER + staff)
        return self.place.read(*[capture(n) for n in names],
                               settings=settings, rules=rules or rule(),
                               **more)

    def only(self, *names, **more):
        """The one alert of these captures."""
        result = self.read(*names, **more)
        self.assertEqual(len(result.alerts), 1, result.err)
        return result.alerts[0]

    def quiet(self, *names, **more):
        """These captures give none."""
        result = self.read(*names, **more)
        self.assertEqual(result.alerts, [])
        self.assertEqual(result.status, 0)
        self.assertEqual(result.customers, [])

    def when(self, name, move_s=0):
        """RFC 3339 time of a capture's first packet, moved by seconds."""
        import datetime
        import capfile
        t = capfile.read(capture(name))[1][0][0] / 1e6 + move_s
        return datetime.datetime.fromtimestamp(
            t, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Employees(People):
    """Sentences about employees.csv."""

    def test_an_address_names_its_employee(self):
        alert = self.only(POST, staff="taro,,sales,10.20.0.7,,,,\n")
        self.assertEqual(alert["user"]["name"], "taro")
        self.assertEqual(alert["user"]["group"]["name"], "sales")
        self.assertEqual(alert["outflow"]["identity"],
                         {"from": "ip", "confidence": "high"})

    def test_the_group_is_employees_where_none_is_given(self):
        alert = self.only(POST, staff="taro,,,10.20.0.7,,,,\n")
        self.assertEqual(alert["user"]["group"]["name"], "employees")

    def test_nobody_found_leaves_the_user_out(self):
        alert = self.only(POST, staff="taro,,,10.20.0.8,,,,\n")
        self.assertNotIn("user", alert)
        self.assertEqual(alert["outflow"]["identity"]["from"], "address")
        self.assertEqual(alert["source"]["ip"], "10.20.0.7")

    def test_the_longest_prefix_wins(self):
        alert = self.only(POST, staff="all,,,10.0.0.0/8,,,,\n"
                          "room,,,10.20.0.0/24,,,,\nfloor,,,10.20.0.0/16,,,,\n")
        self.assertEqual(alert["user"]["name"], "room")

    def test_an_address_belongs_to_different_people_at_different_times(self):
        before, after = self.when(POST, -100), self.when(POST, 100)
        staff = (f"old,,,10.20.0.7,,,,{before}\n"
                 f"now,,,10.20.0.7,,,{before},{after}\n"
                 f"later,,,10.20.0.7,,,{after},\n")
        self.assertEqual(self.only(POST, staff=staff)["user"]["name"], "now")

    def test_from_belongs_to_the_time_and_until_does_not(self):
        now = self.when(POST)
        staff = f"old,,,10.20.0.7,,,,{now}\nnew,,,10.20.0.7,,,{now},\n"
        self.assertEqual(self.only(POST, staff=staff)["user"]["name"], "new")

    def test_a_frame_s_mac_names_who_no_address_names(self):
        import capfile
        frame = capfile.read(capture(POST))[1][0][1]
        mac = ":".join(f"{b:02X}" for b in frame[6:12])
        alert = self.only(POST, staff=f"taro,,,,{mac},,,\n")
        self.assertEqual(alert["user"]["name"], "taro")
        self.assertEqual(alert["outflow"]["identity"]["from"], "mac")

    def test_an_accepted_login_comes_first(self):
        alert = self.only(FTP, staff="taro,,,,,,,\nhana,,,10.99.0.1,,,,\n")
        self.assertEqual(alert["user"]["name"], "taro")
        self.assertEqual(alert["outflow"]["identity"],
                         {"from": "login", "confidence": "high"})

    def test_two_sources_that_disagree_are_said(self):
        alert = self.only(FTP, staff="taro,,,,,,,\nhana,,,10.20.0.7,,,,\n")
        self.assertEqual(alert["user"]["name"], "taro")
        self.assertEqual(alert["outflow"]["identity"],
                         {"from": "login", "confidence": "low",
                          "other": "hana"})

    def test_a_login_that_is_not_in_the_file_names_nobody(self):
        alert = self.only(FTP, staff="hana,,,,,,,\n")
        self.assertNotIn("user", alert)

    def test_the_envelope_sender_names_who_nothing_else_names(self):
        sender = self.only(MAIL)["email"]["from"]["address"][0]
        alert = self.only(MAIL, staff=f"taro,,,,,{sender.upper()},,\n")
        self.assertEqual(alert["user"]["name"], "taro")
        self.assertEqual(alert["outflow"]["identity"]["from"], "mail")

    def test_several_lines_are_one_employee(self):
        alert = self.only(POST, "http-ipv6-post", FTP, rules=rule(), staff=(
            "taro,,,10.20.0.7,,,,\ntaro,,,2001:db8:20::7,,,,\n"))
        self.assertEqual(alert["outflow"]["transfers"], 3)
        self.assertEqual(alert["outflow"]["customers"], 150)

    def test_a_rule_looks_at_users_groups_and_networks(self):
        staff = "taro,,sales,10.20.0.7,,,,\nhana,,desk,10.20.0.8,,,,\n"
        for entry in ("user:taro", "group:sales", "network:10.20.0.0/24"):
            self.only(POST, staff=staff, rules=rule(f'from = [ "{entry}" ];'))
            self.quiet(POST, staff=staff,
                       rules=rule(f'from = [ "!{entry}" ];'))
        for entry in ("user:hana", "group:desk", "network:10.21.0.0/24"):
            self.quiet(POST, staff=staff, rules=rule(f'from = [ "{entry}" ];'))

    def test_unknown_addresses_are_in_group_unknown(self):
        self.only(POST, rules=rule('from = [ "group:unknown" ];'))
        self.quiet(POST, staff="taro,,,10.20.0.7,,,,\n",
                   rules=rule('from = [ "group:unknown" ];'))

    def test_mistakes_in_the_file_are_told_with_their_lines(self):
        self.place.write("employees.csv", HEADER + "a,,,10.0.0.0/99,,,,\n"
                         ",,,10.0.0.1,,,,\nb,,,,zz,,,\nc,,,,,,yesterday,\n")
        conf = self.place.write("s.conf", STAFF)
        result = self.place.run("check", "-c", conf)
        self.assertEqual(result.status, 2)
        for line in (2, 3, 4, 5):
            self.assertIn(f"employees.csv:{line}:", result.err)


class Directions(People):
    """Sentences about inside and outside."""

    def test_a_mail_to_our_own_domain_is_internal(self):
        own = INSIDE + 'domains = [ "outside.example" ];\n'
        self.quiet(MAIL, settings=own)
        alert = self.only(MAIL, settings=own,
                          rules=rule('direction = "internal";'))
        self.assertEqual(alert["network"]["direction"], "internal")

    def test_a_subdomain_of_ours_is_ours(self):
        self.quiet(MAIL, settings=INSIDE + 'domains = [ "example" ];\n')

    def test_a_mail_to_an_inside_relay_counts_for_its_recipients(self):
        alert = self.only(RELAYED, settings=INSIDE
                          + 'domains = [ "bank.example" ];\n')
        self.assertEqual(alert["network"]["direction"], "outbound")
        self.assertEqual(alert["outflow"]["party"], "other.example")
        self.assertEqual(alert["outflow"]["parties"],
                         ["other.example", "outside.example"])

    def test_a_host_header_does_not_make_an_address_inside(self):
        self.only(POST, settings=INSIDE + 'domains = [ "drop.example" ];\n')

    def test_a_proxied_request_counts_for_the_host_of_its_url(self):
        for name in (PROXIED, "http-connect-post"):
            alert = self.only(name, settings=INSIDE)
            self.assertEqual(alert["outflow"]["party"], "drop.example")
            self.assertEqual(alert["network"]["direction"], "outbound")

    def test_inbound_is_what_comes_from_outside(self):
        swapped = 'inside = [ "203.0.113.0/24" ];\n'
        self.quiet(POST, settings=swapped)
        alert = self.only(POST, settings=swapped,
                          rules=rule('direction = "inbound";'))
        self.assertEqual(alert["network"]["direction"], "inbound")

    def test_any_direction_is_any(self):
        for inside in ("10.0.0.0/8", "203.0.113.0/24", "0.0.0.0/0"):
            self.only(POST, settings=f'inside = [ "{inside}" ];\n',
                      rules=rule('direction = "any";'))


class Contracts(People):
    """Sentences about partners."""

    PARTNER = ('partners = ( {{ name = "Print Shop KK"; '
               'domains = [ "drop.example" ]; networks = [ "203.0.113.0/28" ];'
               ' customers = {}; within = "24h"; fields = [ {} ]; }} );\n')
    ALL = ('"person_name", "account_number", "card_number", "address", '
           '"phone", "email", "date_of_birth"')

    def partner(self, customers=500, fields=ALL):
        """Settings with one partner."""
        return INSIDE + self.PARTNER.format(customers, fields)

    def broken(self, alert, clause):
        """The alert names partner and clause."""
        self.assertEqual(alert["outflow"]["partner"],
                         {"name": "Print Shop KK", "clause": clause})

    def test_inside_the_contract_no_rule_sees_it(self):
        self.quiet(POST, settings=self.partner())

    def test_a_card_stands_for_an_account_in_a_contract(self):
        some = self.ALL.replace('"card_number", ', "")
        self.quiet(POST, settings=self.partner(fields=some))

    def test_more_customers_than_agreed_break_it(self):
        self.broken(self.only(POST, settings=self.partner(149)), "customers")
        self.quiet(POST, settings=self.partner(150))

    def test_a_field_that_was_not_agreed_breaks_it(self):
        fields = self.ALL.replace(', "date_of_birth"', "")
        alert = self.only(POST, settings=self.partner(fields=fields))
        self.broken(alert, "fields")

    def test_the_same_transfer_to_another_party_breaks_it(self):
        mixed = self.partner().replace(
            '"drop.example"', '"other.example"').replace(
            '"203.0.113.0/28"', '"192.0.2.0/24"')
        alert = self.only(RELAYED, settings=mixed, rules=rule(
            'to = [ "domain:other.example" ];'))
        self.assertEqual(alert["outflow"]["partner"]["name"],
                         "Print Shop KK")

    def test_a_partner_is_known_by_its_address_too(self):
        self.quiet(FTP, settings=self.partner())

    def test_not_partners_matches_a_broken_contract(self):
        outside = rule('to = [ "!partners" ];')
        self.quiet(POST, settings=self.partner(), rules=outside)
        self.only(POST, settings=self.partner(10), rules=outside)

    def test_a_rule_for_partners_sees_only_broken_ones(self):
        inside = rule('to = [ "partners" ];')
        self.quiet(POST, settings=self.partner(), rules=inside)
        result = self.read(POST, settings=INSIDE, rules=inside)
        self.assertEqual(result.status, 2)
        self.assertIn("partners", result.err)


class Counting(People):
    """Sentences about numbers and windows."""

    def test_the_number_is_reached_exactly(self):
        self.only(POST, rules=rule(number=150))
        self.quiet(POST, rules=rule(number=151))

    def test_a_customer_counts_once_over_channels(self):
        alert = self.only(POST, FTP, MAIL, "raw-tcp", "http-gzip-post",
                          rules=rule(within="365d"))
        self.assertEqual(alert["outflow"]["customers"], 300)
        self.assertEqual(alert["outflow"]["records"], 4 * 150 + 300)
        self.assertEqual(alert["outflow"]["transfers"], 5)

    def test_channels_choose(self):
        names = (POST, FTP, MAIL)
        for channel in ("http", "ftp", "smtp"):
            alert = self.only(*names, rules=rule(
                f'channels = [ "{channel}" ];', within="365d"))
            self.assertEqual(alert["outflow"]["channel"], channel)
            self.assertEqual(alert["outflow"]["transfers"], 1)

    def test_fields_choose(self):
        self.quiet("http-tsv-gz-form", rules=rule(
            'fields = { any = [ "card_number", "account_number" ]; };'))
        self.only("http-tsv-gz-form", rules=rule(
            'fields = { any = [ "phone" ]; also = 2; };'))
        self.quiet("http-tsv-gz-form", rules=rule(
            'fields = { any = [ "phone" ]; also = 9; };'))

    def test_by_party_and_by_pair_and_by_transfer(self):
        names = (POST, FTP, MAIL)
        for by, count in (("party", 3), ("pair", 3), ("transfer", 3),
                          ("employee", 1)):
            result = self.read(*names, rules=rule(f'by = "{by}";',
                                                  within="365d"))
            self.assertEqual(len(result.alerts), count, by)
            self.assertEqual(len(result.customers), 150)
            for one in result.customers:
                self.assertEqual(len(one["alerts"].split(";")), count)

    def test_a_window_that_is_too_short_does_not_add_up(self):
        parts = "http-keepalive-parts"
        self.only(parts, rules=rule(number=160, within="24h"))

    def test_walked_customers_are_counted_by_responses(self):
        walk = rule('walk = true; by = "party";')
        alert = self.only("http-portal-walk", rules=walk)
        self.assertEqual(alert["event"]["action"], "customers-walked")
        self.quiet("http-download-gzip", rules=walk)

    def test_closed_bytes_are_counted(self):
        closed = ('rules = ( { id = "c"; name = "C"; severity = "low"; '
                  'unread = "%s"; bytes = %d; within = "1h"; } );\n')
        alert = self.only("smtp-starttls",
                          rules=closed % ("encrypted:channel", 100))
        self.assertEqual(alert["event"]["action"], "unreadable-data-sent")
        self.assertGreater(alert["outflow"]["unread"][0]["bytes"], 100)
        self.assertEqual(alert["outflow"]["unread"][0]["kind"], "tls")
        self.only("smtp-starttls", rules=closed % ("encrypted", 100))
        self.quiet("smtp-starttls", rules=closed % ("encrypted:object", 1))
        self.quiet("smtp-starttls",
                   rules=closed % ("encrypted:channel", 10000000))


if __name__ == "__main__":
    unittest.main()
