# SPDX-License-Identifier: GPL-3.0-or-later
"""customers.py - seeded tables of invented customers.

The same seed gives the same table on every machine: only random() and
getrandbits() of a Random seeded with text are used. Numbers, phones and
e-mail addresses are distinct inside a table, so the number of rows is the
number of customers whatever field names them.

It must not hold or make a real person's data.
"""

import random

import names

FIRST_BIRTH = 1935
LAST_BIRTH = 1992


class Source:
    """Random choices that stay the same from version to version."""

    def __init__(self, seed):
        self._rng = random.Random("outflow:" + seed)
        self.real = self._rng.random
        self.bits = self._rng.getrandbits

    def below(self, count):
        """A number from 0 to count - 1."""
        return int(self.real() * count)

    def pick(self, items):
        """One of a sequence."""
        return items[int(self.real() * len(items))]

    def bytes(self, count):
        """That many random bytes."""
        return self.bits(count * 8).to_bytes(count, "little") if count else b""

    def shuffle(self, items):
        """Put a list into random order."""
        for i in range(len(items) - 1, 0, -1):
            j = int(self.real() * (i + 1))
            items[i], items[j] = items[j], items[i]


class Table:
    """Rows of text under named and typed columns."""

    def __init__(self, columns, types, rows):
        self.columns = list(columns)
        self.types = list(types)
        self.rows = rows

    def csv(self, encoding="utf-8", newline="\r\n", header=True, sep=","):
        """The table as a separated file."""
        lines = [sep.join(self.columns)] if header else []
        plain = sep + '"\n'
        for row in self.rows:
            line = sep.join(row)
            if line.count(sep) >= len(row) or '"' in line:
                line = sep.join([
                    '"' + cell.replace('"', '""') + '"'
                    if any(c in cell for c in plain) else cell
                    for cell in row])
            lines.append(line)
        lines.append("")
        return newline.join(lines).encode(encoding)

    def schema(self, key=0):
        """The table's schema for `outflow index` and `outflow affected`."""
        items = []
        for i, (name, kind) in enumerate(zip(self.columns, self.types)):
            mark = " key = true;" if i == key else ""
            items.append(f'  {{ name = "{name}"; type = "{kind}";{mark} }}')
        return "columns = (\n" + ",\n".join(items) + "\n);\n"

    def head(self, count):
        """The first rows as a table of their own."""
        return Table(self.columns, self.types, self.rows[:count])


_TWICE = {str(d): (d * 2 - 9 if d > 4 else d * 2) for d in range(10)}
_ONCE = {str(d): d for d in range(10)}


def luhn_digit(body):
    """The check digit that makes body a valid card number."""
    back = body[::-1]
    total = (sum([_TWICE[c] for c in back[::2]])
             + sum([_ONCE[c] for c in back[1::2]]))
    return str(-total % 10)


def card_number(source, prefix, size=16):
    """A valid card number that begins with prefix."""
    room = size - 1 - len(prefix)
    body = prefix + str(source.below(10 ** room)).zfill(room)
    return body + luhn_digit(body)


def _distinct(make, seen):
    while True:
        value = make()
        if value not in seen:
            seen.add(value)
            return value


def jcb_number(source):
    """A JCB number, 3528 to 3589."""
    return card_number(source, str(3528 + source.below(62)))


def us_number(source):
    """A 16-digit number of a brand common in the United States."""
    kind = source.below(20)
    if kind < 10:
        prefix = "4" + str(source.below(1000)).zfill(3)
    elif kind < 15:
        prefix = str(51 + source.below(5))
    elif kind < 18:
        prefix = str(2221 + source.below(500))
    else:
        prefix = "6011"
    return card_number(source, prefix)


def dashed(number, mark):
    """A 16-digit number in groups of four."""
    return mark.join((number[:4], number[4:8], number[8:12], number[12:]))


def _date(source, mark, first, last):
    return (f"{first + source.below(last - first + 1)}{mark}"
            f"{1 + source.below(12):02}{mark}{1 + source.below(28):02}")


def _places():
    made = []
    for prefecture, code, rest in names.JP_PLACES:
        city, towns = rest.split(":")
        made.extend((prefecture + city + town, code)
                    for town in towns.split())
    return made


_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def _jp_address(source, place):
    number = "-".join(str(1 + source.below(n)) for n in (9, 30, 20))
    kind = source.below(20)
    if kind == 0:
        number = number.translate(_WIDE)
    elif kind == 1:
        a, b, c = number.split("-")
        number = f"{a}丁目{b}番{c}号"
    text = place + number
    if kind > 14:
        text += (" " + source.pick(names.JP_BUILDINGS)
                 + str(101 + source.below(800)))
    return text


def _jp_phone(source, code):
    if source.below(3):
        return (source.pick(("090", "080", "070"))
                + f"-{1000 + source.below(9000)}-{source.below(10000):04}")
    rest = 10 - len(code) - 4
    low = 2 * 10 ** (rest - 1)
    return (f"{code}-{low + source.below(7 * 10 ** (rest - 1))}"
            f"-{source.below(10000):04}")


JP_COLUMNS = ("会員番号", "氏名", "住所", "電話番号", "生年月日", "性別", "入会日")
JP_TYPES = ("card_number", "person_name", "address", "phone",
            "date_of_birth", "gender", "account_opened")


def japan(count, seed="japan"):
    """Card customers in Japan: what Citi Cards Japan lost in 2011."""
    source = Source(seed)
    cards, phones, places = set(), set(), _places()
    rows = []
    for _ in range(count):
        male = source.below(2)
        place, code = source.pick(places)
        rows.append((
            _distinct(lambda: jcb_number(source), cards),
            source.pick(names.JP_FAMILY) + " "
            + source.pick(names.JP_MALE if male else names.JP_FEMALE),
            _jp_address(source, place),
            _distinct(lambda c=code: _jp_phone(source, c), phones),
            _date(source, "/", FIRST_BIRTH, LAST_BIRTH),
            "男" if male else "女",
            _date(source, "/", 1995, 2010)))
    return Table(JP_COLUMNS, JP_TYPES, rows)


def _us_phone(source, area):
    rest = f"{2 + source.below(8)}{source.below(100):02}"
    return f"({area}) {rest}-{source.below(10000):04}"


def _us_address(source, place):
    return (f"{1 + source.below(9899)} {source.pick(names.US_STREETS)} "
            f"{source.pick(names.US_KINDS)}, {place[0]}, {place[1]} "
            f"{place[2]}{source.below(100):02}")


US_COLUMNS = ("id", "name", "account_number", "card_number", "address",
              "phone", "email", "date_of_birth")
US_TYPES = ("other", "person_name", "account_number", "card_number",
            "address", "phone", "email", "date_of_birth")


def accounts(count, seed="accounts"):
    """Bank accounts in the United States, card numbers as plain digits."""
    source = Source(seed)
    cards, phones, numbers = set(), set(), set()
    rows = []
    for i in range(count):
        place = source.pick(names.US_PLACES)
        first, last = source.pick(names.US_FIRST), source.pick(names.US_LAST)
        area = place[3]
        rows.append((
            str(i + 1), first + " " + last,
            _distinct(lambda: str(10 ** 9 + source.below(9 * 10 ** 9)),
                      numbers),
            _distinct(lambda: us_number(source), cards),
            _us_address(source, place),
            _distinct(lambda a=area: _us_phone(source, a), phones),
            f"{first}.{last}{i}@".lower().replace("'", "")
            + source.pick(names.MAIL_DOMAINS),
            _date(source, "-", FIRST_BIRTH, LAST_BIRTH)))
    return Table(US_COLUMNS, US_TYPES, rows)


def with_separators(table, seed="separators"):
    """The same accounts, 25 % of the cards '4 4 4 4' and 15 % '4-4-4-4'."""
    count = len(table.rows)
    spaced, lined = round(count * 0.25), round(count * 0.15)
    forms = ([" "] * spaced + ["-"] * lined
             + [""] * (count - spaced - lined))
    Source(seed).shuffle(forms)
    rows = [row[:3] + (dashed(row[3], form),) + row[4:]
            for row, form in zip(table.rows, forms)]
    return Table(table.columns, table.types, rows)


MOBILE_COLUMNS = ("name", "address", "phone", "contract_date")
MOBILE_TYPES = ("person_name", "address", "phone", "account_opened")


def mobile(count, seed="mobile"):
    """Telephone customers without any account number: T-Mobile's rows."""
    source = Source(seed)
    phones, rows = set(), []
    for _ in range(count):
        place = source.pick(names.US_PLACES)
        rows.append((
            source.pick(names.US_FIRST) + " " + source.pick(names.US_LAST),
            _us_address(source, place),
            _distinct(lambda a=place[3]: _us_phone(source, a), phones),
            _date(source, "-", 2005, 2009)))
    return Table(MOBILE_COLUMNS, MOBILE_TYPES, rows)
