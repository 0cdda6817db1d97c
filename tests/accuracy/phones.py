#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""phones.py - phones as countries write them, and numbers as long as those.

    phones.py [people=N] [keep=FOLDER]

Lists of name, e-mail, number and day, and of name, address, number and day,
with a header and without. Numbers are the phones of a country, in one way to write
them or in several, or what is as long: orders, times, goods, parcels. A line
a list; wrong is one in which a phone is missed, or another number called one.
Exit status 1: there was a wrong one.

OUTFLOW names the program. It must not hold or make a real person's data.
"""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
import bare
import customers
import japanese

# Leads of mobiles and towns, then the ways to write: # is any digit, N none
# of 0 and 1, {} the lead.
PHONES = {
    "France": ("06 07 01 04 03", ("{} ## ## ## ##", "{}.##.##.##.##")),
    "France, both ways": ("6 7 1 4", ("+33 {} ## ## ## ##",
                                      "0{} ## ## ## ##")),
    "Poland": ("501 512 533 601 662 698 722 784 881 225 124",
               ("{} ### ###",)),
    "Poland, together": ("50 51 53 60 66 69 72 78 88", ("{}#######",)),
    "Czechia": ("602 605 723 731 774 775 224 549 387", ("{} ### ###",)),
    "Norway": ("22 41 45 48 55 67 90 91 93 97", ("{} ## ## ##",)),
    "Denmark": ("20 22 31 33 40 53 60 86 98", ("{} ## ## ##",)),
    "Hungary": ("20 30 70", ("06 {} ### ####", "+36 {} ### ####",
                             "06-{}/###-####")),
    "Netherlands": ("06", ("{}-########", "{} ########")),
    "Belgium": ("0470 0475 0486 0495", ("{} ## ## ##", "{}/##.##.##")),
    "Switzerland": ("076 078 079 044 031", ("{} ### ## ##",)),
    "Spain": ("600 612 655 699 914 932 954", ("{} ## ## ##", "{} ### ###")),
    "Portugal": ("912 934 961 213 222", ("{} ### ###",)),
    "Italy": ("320 333 347 388", ("{} #######", "{} ### ####")),
    "Sweden": ("070 072 073 076", ("{}-### ## ##", "{}-### ## ##")),
    "Finland": ("040 045 050", ("{} ### ####",)),
    "Greece": ("690 694 697 210", ("{} #######", "{} ### ####")),
    "Turkey": ("532 542 555 216 312", ("0{} ### ## ##",)),
    "Russia": ("903 916 926 985", ("8 ({}) ###-##-##", "+7 {} ###-##-##")),
    "China": ("131 135 138 139 150 158 159 176 186 188 189",
              ("{}########",)),
    "China, parted": ("131 138 150 177 186", ("{} #### ####",)),
    "Taiwan": ("0912 0922 0933 0955 0988", ("{}-###-###", "{}-######")),
    "Korea": ("010", ("{}-####-####",)),
    "India": ("98 99 97 88 70 81 63", ("{}### #####",)),
    "Australia": ("0412 0423 0438 0401", ("{} ### ###",)),
    "Brazil": ("11 21 31 41 51 81", ("({}) 9####-####",)),
    "Japan": ("090 080 070", ("{}-####-####", "{}########")),
    "America": ("212 305 415 617 702 808", ("({}) N##-####",)),
}
OTHERS = {
    "orders of ten digits": ("2024", ("{}######",)),
    "orders of eleven digits": ("40", ("{}#########",)),
    "members in fours": ("1 2 3 4 5 6 7 8 9", ("{}### ####",)),
    "seconds": ("13", ("{}########",)),
    "milliseconds": ("131", ("{}##########",)),
    "goods": ("40 50 87 90", ("{}###########",)),
    "parcels": ("1Z", ("{}############",)),
    "products": ("AB- CD-", ("{}#######",)),
    "employers": ("12 35 47 81 95", ("{}-#######",)),
    "versions": ("10.", ("{}#.##.##",)),
}


def fill(s, kind):
    """A way to write with its lead and digits put in."""
    leads, ways = kind
    front, behind = s.pick(ways).split("{}")
    digits = {"#": lambda: str(s.below(10)), "N": lambda: str(2 + s.below(8))}
    return (front + s.pick(leads.split())
            + "".join(digits.get(c, lambda c=c: c)() for c in behind))


def one_list(lab, what, people):
    """Write it, read it, tell; gives 1 when it is wrong."""
    name, kind, phones, header, address = what
    source = customers.Source("phones:" + name)
    rows = []
    for i in range(people):
        person = bare.english(source, i)
        rows.append((person[0], person[1] if address else
                     f"user{i}@mail.example", fill(source, kind), person[3]))
    body = japanese.table(["name", "address" if address else "email",
                           "phone" if phones else "order_no", "since"], rows)
    if not header:
        body = body[body.index(b"\n") + 1:]
    _, fields = lab.read(body)
    got = fields.get("phone", 0)
    good = got == people if phones else got == 0
    print(f"{'good' if good else 'WRONG'}: {name}, "
          f"{'address' if address else 'email'}"
          f"{', header' if header else ''}: {got} of {people} are phones")
    return not good


def main(words):
    """The command line."""
    given = dict(word.split("=", 1) for word in words)
    people = int(given.get("people", 300))
    wrong = lists = 0
    with tempfile.TemporaryDirectory(prefix="outflow-phones-") as folder:
        lab = japanese.Lab(given.get("keep", folder))
        for kinds in (PHONES, OTHERS):
            for name, kind in kinds.items():
                for header in (True, False):
                    for address in (True, False):
                        lists += 1
                        wrong += one_list(lab, (name, kind, kinds is PHONES,
                                                header, address), people)
    print(f"{lists} lists, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
