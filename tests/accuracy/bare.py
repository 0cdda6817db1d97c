#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bare.py - customers without any number of ours: names, addresses, dates.

    bare.py [people=N] [keep=FOLDER]

Tables like the one T-Mobile lost (name, address, phone, contract date) of
several countries, with and without a header, alone and mixed one to one with
marketing rows. A line a table: how many customers there are, how many were
found, and which fields. Exit status 1: one was lost or invented.

OUTFLOW names the program. It must not hold or make a real person's data.
"""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
import japanese
import customers
import names

UK_PLACES = (("London", "SW1A 1AA"), ("Leeds", "LS1 4DY"),
             ("Glasgow", "G2 3BZ"), ("Cardiff", "CF10 3AT"),
             ("Oxford", "OX1 2JD"), ("Bath", "BA1 1LZ"))
LANDS = {
    "de": ("Hans Anna Peter Ursula Klaus Monika Jürgen Sabine Wolfgang Petra "
           "Dieter Renate Lukas Leonie Stefan Birgit Andreas Karin",
           "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz "
           "Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann Krüger",
           "Hauptstraße Bahnhofstr. Gartenweg Schillerstraße Lindenallee "
           "Kirchplatz Bergstraße Mühlenweg",
           ("10115 Berlin", "80331 München", "50667 Köln", "20095 Hamburg"),
           "{street} {n}, {city}", "+49 30 {a}{b}", "{d:02}.{m:02}.{y}"),
    "fr": ("Jean Marie Pierre Françoise Michel Monique André Sylvie Philippe "
           "Nathalie Alain Isabelle Nicolas Camille Luc Chloé",
           "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy "
           "Moreau Simon Laurent Lefebvre Michel Garcia Roux Fournier",
           "rue_de_la_Paix rue_Victor_Hugo avenue_Foch boulevard_Voltaire "
           "place_de_la_République impasse_des_Lilas chemin_du_Moulin",
           ("75002 Paris", "69001 Lyon", "13001 Marseille", "31000 Toulouse"),
           "{n} {street}, {city}", "+33 6 {a:.2} {a:.4} {b:.2}",
           "{d:02}/{m:02}/{y}"),
    "es": ("José María Antonio Carmen Manuel Ana Francisco Isabel David Laura "
           "Juan Cristina Javier Marta Daniel Lucía",
           "García Rodríguez González Fernández López Martínez Sánchez Pérez "
           "Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz",
           "Calle_Mayor Avenida_de_la_Constitución Plaza_de_España "
           "Paseo_del_Prado Calle_de_Alcalá",
           ("28013 Madrid", "08001 Barcelona", "41001 Sevilla"),
           "{street} {n}, {city}", "+34 91{a:.3} {b:.4}", "{d:02}/{m:02}/{y}"),
    "it": ("Giuseppe Maria Antonio Anna Giovanni Rosa Mario Angela Luigi "
           "Giovanna Francesco Teresa Marco Giulia Paolo Chiara",
           "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino "
           "Greco Bruno Gallo Conti De_Luca Costa Giordano",
           "Via_Roma Corso_Italia Piazza_Garibaldi Viale_Europa Via_Mazzini "
           "Largo_Augusto",
           ("00184 Roma", "20121 Milano", "80133 Napoli"),
           "{street} {n}, {city}", "+39 06 {a}{b}", "{d}-{m}-{y}"),
}


def _day(s, first, last):
    return first + s.below(last - first), 1 + s.below(12), 1 + s.below(28)


def english(s, _):
    """Customers in the United States."""
    place = s.pick(names.US_PLACES)
    y, m, d = _day(s, 1999, 2008)
    return (s.pick(names.US_FIRST) + " " + s.pick(names.US_LAST),
            customers._us_address(s, place),
            f"({place[3]}) {2 + s.below(7)}{s.below(100):02}-"
            f"{s.below(10000):04}", f"{m:02}/{d:02}/{y}")


def british(s, i):
    """Customers in the United Kingdom."""
    town, code = s.pick(UK_PLACES)
    y, m, d = _day(s, 1999, 2008)
    return (s.pick(names.US_FIRST) + " " + s.pick(names.US_LAST),
            f"{1 + s.below(200)} {s.pick(names.US_STREETS)} "
            f"{s.pick(('Road', 'Street', 'Lane', 'Close', 'Gardens'))}, "
            f"{town}, {code}", f"07{700 + i % 200} {100000 + i * 7919 % 899999}",
            f"{d:02}/{m:02}/{y}")


def land(code):
    """Customers of a country of LANDS."""
    given, family, streets, cities, address, phone, day = LANDS[code]

    def one(s, i):
        y, m, d = _day(s, 1999, 2008)
        return (s.pick(given.split()) + " "
                + s.pick(family.split()).replace("_", " "),
                address.format(street=s.pick(streets.split())
                               .replace("_", " "), n=1 + s.below(150),
                               city=s.pick(cities)),
                phone.format(a=str(2000 + i), b=str(1000 + s.below(9000))),
                day.format(y=y, m=m, d=d))
    return one


def japan(s, i):
    """Customers in Japan."""
    pref, _, rest = s.pick(names.JP_PLACES)
    city, towns = rest.split(":")
    y, m, d = _day(s, 1999, 2008)
    return (s.pick(names.JP_FAMILY) + ("", " ", "　")[i % 3]
            + s.pick(names.JP_MALE + names.JP_FEMALE),
            f"{pref}{city}{s.pick(towns.split())}{1 + s.below(9)}-"
            f"{1 + s.below(30)}-{1 + s.below(20)}",
            f"090-{1000 + i % 9000}-{s.below(10000):04}", f"{y}/{m}/{d}")


def kana(s, i):
    """Customers in Japan with readings, lots in kanji and era dates."""
    one = japan(s, i)
    who = japanese.Person(s, i)
    y, m, d = _day(s, 1999, 2008)
    return (japanese.half(who.reading()), who.address(2 + i % 8 // 4),
            one[2].replace("-", ""), f"平成{y - 1988}年{m}月{d}日")


WORDS = ("summer light garden stone window music river family plan minutes "
         "free weekend bonus travel roaming handset offer").split()


def campaign(s, _):
    """A marketing row, in cells that have nothing of a customer."""
    return (" ".join(s.pick(WORDS) for _ in range(2)).capitalize(),
            f"{s.pick(WORDS)} {s.pick(WORDS)} {s.below(900)}",
            f"segment {s.below(90)}", f"wave {s.below(9)}")


def tariff(s, _):
    """A marketing row with a price and a day."""
    return (f"{s.pick(WORDS).capitalize()} {s.pick(WORDS).capitalize()}",
            f"{s.below(900)} {s.pick(WORDS)} {s.pick(WORDS)}",
            f"{s.below(90)}.99", f"{2000 + s.below(9)}-0{1 + s.below(9)}-01")


def japanese_tariff(s, _):
    """The same in Japanese."""
    return (s.pick(("夏割", "家族割引", "学生プラン", "春の特典")),
            s.pick(("通話無料 500分", "端末代 割引", "対象 全機種")),
            f"{s.below(90) * 100}円", f"{2000 + s.below(9)}/4/1")


MAKERS = {"english": (english, (campaign, tariff)),
          "british": (british, (campaign, tariff)),
          "japan": (japan, (campaign, japanese_tariff)),
          "kana": (kana, (campaign, japanese_tariff))}
MAKERS.update({code: (land(code), (campaign, tariff)) for code in LANDS})

# which cells, under which header
PLANS = {
    "name address phone contract": ((0, 1, 2, 3), "contract_date"),
    "phone contract name address": ((2, 3, 0, 1), "contract_date"),
    "name address birth": ((0, 1, 4), "date_of_birth"),
    "birth name address": ((4, 0, 1), "date_of_birth"),
}
HEADS = {True: ("氏名", "住所", "電話番号", "契約日", "生年月日"),
         False: ("name", "address", "phone", "contract_date",
                 "date_of_birth")}


def main(words):
    """The command line."""
    given = dict(word.split("=", 1) for word in words)
    people = int(given.get("people", 400))
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="outflow-bare-") as folder:
        lab = japanese.Lab(given.get("keep", folder))
        for name, (maker, noise) in MAKERS.items():
            for plan, (cells, last) in PLANS.items():
                for header in (True, False):
                    for mixed in (False, True):
                        wrong += one_table(
                            lab, (name, plan, header, mixed),
                            (maker, noise, cells, last), people)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


def one_table(lab, what, how, people):
    """Write it, read it, tell; gives 1 when it is wrong."""
    name, plan, header, mixed = what
    maker, noise, cells, last = how
    source = customers.Source("bare:" + name)
    rows, truth = [], set()
    for i in range(people):
        row = maker(source, i)
        y, m, d = _day(source, 1930, 1990)
        row += ((f"{y}-{m:02}-{d:02}", f"{m}/{d}/{y}", f"{y}年{m}月{d}日")[
            2 if name == "kana" else header],)
        row = tuple(row[c] for c in cells)
        rows.append(row)
        truth.add(row[cells.index(2)] if 2 in cells else row)
        if mixed:
            other = noise[i % 2](source, i) + ("",)
            rows.append(tuple(other[c] for c in cells))
    head = [HEADS[name in ("japan", "kana")][c] for c in cells]
    body = japanese.table(head, rows)
    if not header:
        body = body[body.index(b"\n") + 1:]
    found, fields = lab.read(body)
    want = sorted({"person_name", "address", "phone" if 2 in cells else
                   "date_of_birth",
                   "account_opened" if 3 in cells else "date_of_birth"})
    short = {k: v for k, v in fields.items()
             if v < people * 0.95 or k not in want}
    good = found == len(truth) and sorted(fields) == want and not short
    print(f"{'good' if good else 'WRONG'}: {name}: {plan}"
          f"{', header' if header else ''}{', mixed' if mixed else ''}: "
          f"{len(truth)} customers, {found} found"
          + ("" if good else f" {fields}"))
    return not good


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
