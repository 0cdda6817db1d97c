# SPDX-License-Identifier: GPL-3.0-or-later
"""quiet_texts.py - invented texts that name no customer, line by line.

TEXTS names generators (source, number): number says which variant of a text
to write, so that all dialects come in turn. Each gives lines until it is
asked no more.

It must not hold a customer: names of authors, actors, cities and companies
are no rows of customers.
"""

import names
from benign import AGENTS, PATHS, WORDS

SEPARATORS = ",\t;|"
COMPANIES = ("Corp", "Inc", "Ltd", "LLC", "GmbH", "S.A.", "K.K.", "Group",
             "Holdings", "Industries", "Partners", "Systems")
GENRES = ("Drama", "Comedy", "Rock", "Jazz", "Western", "Horror", "Pop")
COLOURS = ("Red", "Blue", "Green", "Black", "White", "Grey", "Oak", "Walnut")
JP_WORDS = ("電子辞書 冷蔵庫 洗濯機 掃除機 炊飯器 扇風機 自転車 腕時計 万年筆 本棚 "
            "机 椅子 毛布 枕 鍋 包丁 湯呑 茶碗 箸 傘 靴 鞄 帽子 手袋 財布 石鹸 洗剤 "
            "牛乳 醤油 味噌 緑茶 珈琲 紅茶 日本酒 清酒 焼酎 麦茶").split()
JP_PROSE = ("吾輩は猫である。 名前はまだ無い。 どこで生れたかとんと見当がつかぬ。 "
            "国境の長いトンネルを抜けると雪国であった。 夜の底が白くなった。 "
            "山路を登りながら、こう考えた。 智に働けば角が立つ。 情に棹させば流される。 "
            "意地を通せば窮屈だ。 とかくに人の世は住みにくい。 春はあけぼの。 "
            "やうやう白くなりゆく山ぎは。 その時、東京都の人口は1300万人であった。 "
            "二十一世紀の初め、三丁目の角に店があった。 昭和55年の夏は寒かった。").split()
EU_PROSE = (
    "Im Jahre 1980 zog die Familie in die Hauptstraße 5 nach Berlin.",
    "Es war ein kalter Morgen, und der Wind wehte über das Land.",
    "Il était une fois un roi qui habitait au 12 rue de la Paix.",
    "La pluie tombait depuis trois jours sur les toits de la ville.",
    "En un lugar de la Mancha, de cuyo nombre no quiero acordarme,",
    "no ha mucho tiempo que vivía un hidalgo de los de lanza.",
    "Nel mezzo del cammin di nostra vita mi ritrovai per una selva.",
    "La casa in Via Roma 1 era vuota dal 3 marzo 1955.",
    "It was the best of times, it was the worst of times,",
    "Mr. Darcy had been at Pemberley since March 3rd, 1813.",
    "Call me at ten, said Mary Reed, and ask for John Smith.",
    "The house at 221 Baker Street was let to Dr. Watson in 1881.",
    "Det var en gång en liten flicka som bodde i Stockholm.")


def _words(s, count):
    return " ".join([s.pick(WORDS) for _ in range(count)])


def _person(s):
    return s.pick(names.US_FIRST) + " " + s.pick(names.US_LAST)


def _japanese(s):
    return s.pick(names.JP_FAMILY) + s.pick(names.JP_MALE)


def _title(s, count):
    return " ".join([s.pick(WORDS).capitalize() for _ in range(count)])


def _day(s, first=1990, last=2012, mark="-"):
    return (f"{first + s.below(last - first)}{mark}{1 + s.below(12):02}{mark}"
            f"{1 + s.below(28):02}")


def _time(s):
    return f"{s.below(24):02}:{s.below(60):02}:{s.below(60):02}"


def _digits(s, count):
    return str(s.below(10 ** count)).zfill(count)


def _rows(number, head, row):
    mark = SEPARATORS[number % 4]
    if number % 3:
        yield mark.join(head)
    while True:
        yield mark.join(row())


def orders(s, number):
    """Order, invoice and tracking numbers."""
    heads = ("order_no", "date", "sku", "tracking", "amount")
    return _rows(number, heads, lambda: (
        _digits(s, 16), _day(s), f"SKU-{_digits(s, 6)}",
        "1Z" + _digits(s, 16), f"{s.below(900)}.{s.below(100):02}"))


def invoices(s, number):
    """Invoices by number, with times and totals."""
    heads = ("invoice", "created", "ean", "units", "total", "state")
    return _rows(number, heads, lambda: (
        _digits(s, 8 + number % 6), _day(s) + " " + _time(s),
        "49" + _digits(s, 11), str(s.below(99)), str(s.below(10 ** 6)),
        s.pick(("paid", "open", "late"))))


def web_logs(s, _):
    """A web server's log."""
    while True:
        yield (f"{s.below(223)}.{s.below(255)}.{s.below(255)}.{s.below(255)} "
               f"- - [05/Aug/2011:{_time(s)} +0900] \"GET {s.pick(PATHS)}"
               f"?id={_digits(s, 10)} HTTP/1.1\" 200 {s.below(99999)} \"-\" "
               f"\"{s.pick(AGENTS)}\"")


def system_logs(s, _):
    """What daemons say."""
    while True:
        yield (f"Aug  5 {_time(s)} host{s.below(9)} {s.pick(WORDS)}"
               f"[{s.below(32768)}]: {_words(s, 5)} {_digits(s, 12)} "
               f"0x{s.bits(64):016x} ({s.below(10 ** 6)} bytes)")


def mail_logs(s, _):
    """A mail server's log."""
    while True:
        yield (f"Aug  5 {_time(s)} mx postfix/smtp[{s.below(32768)}]: "
               f"{s.bits(40):010X}: to=<{s.pick(WORDS)}{s.below(99)}"
               f"@example.com>, relay=mx.example.com[203.0.113.7]:25, "
               f"delay={s.below(9)}.{s.below(9)}, dsn=2.0.0, status=sent")


def telemetry(s, number):
    """Readings of devices as JSON, a line each."""
    while True:
        yield ('{"id":"%016x","ts":%d%03d,"device":"%s","imei":"35%s",'
               '"lat":%d.%06d,"lon":139.%06d,"name":"%s","v":[%d,%d,%d.%d]}' % (
                   s.bits(64), 1312506000 + s.below(9 ** 8), s.below(1000),
                   s.pick(WORDS), _digits(s, 13), 30 + number % 9,
                   s.below(10 ** 6), s.below(10 ** 6), _words(s, 2),
                   s.below(9), s.below(10 ** 8), s.below(9), s.below(10 ** 6)))


def mails(s, _):
    """Letters with heads and signatures."""
    while True:
        person = _person(s)
        yield f"From: {person} <{person.split()[0].lower()}@example.com>"
        yield f"To: {_person(s)} <{s.pick(WORDS)}@example.org>"
        yield f"Date: Fri, {1 + s.below(28)} Aug 2011 {_time(s)} +0900"
        yield f"Subject: {_words(s, 4)}"
        yield f"Message-ID: <{_digits(s, 14)}.{s.below(9999)}@mx.example>"
        yield ""
        yield f"Dear {_person(s).split()[0]},"
        for _ in range(3 + s.below(6)):
            yield f"{_words(s, 12).capitalize()}."
        yield f"We meet on {_day(s)} at 10:00 in room {s.below(900)}."
        yield f"Yours, {person}"
        yield "--"
        yield "Tel: (214) 555-01" + _digits(s, 2)
        yield ""


def catalogues(s, number):
    """Things for sale."""
    heads = ("article", "name", "colour", "price", "stock", "since")
    return _rows(number, heads, lambda: (
        "49" + _digits(s, 11), f"{_title(s, 2)}", s.pick(COLOURS),
        f"{s.below(900)}.{s.below(100):02}", str(s.below(500)), _day(s)))


def japanese_catalogues(s, number):
    """The same in Japanese."""
    heads = ("商品番号", "商品名", "価格", "在庫", "発売日")
    return _rows(number, heads, lambda: (
        "45" + _digits(s, 11), s.pick(JP_WORDS) + s.pick(JP_WORDS),
        f"{s.below(9000)}円", str(s.below(500)), _day(s, mark="/")))


def films(s, number):
    """Films and records with the people who made them."""
    heads = ("title", "director", "released", "genre", "minutes")
    return _rows(number, heads, lambda: (
        f"The {_title(s, 2)}", _person(s), _day(s, 1930, 2011),
        s.pick(GENRES), str(60 + s.below(120))))


def books(s, number):
    """Books with their authors, English and Japanese."""
    heads = ("isbn", "title", "author", "publisher", "published", "pages")
    return _rows(number, heads, lambda: (
        "978" + _digits(s, 10), _title(s, 3),
        _japanese(s) if number % 2 else _person(s),
        f"{_title(s, 1)} Press", _day(s, 1950, 2011), str(s.below(900))))


def companies(s, number):
    """Companies and where they sit."""
    heads = ("company", "city", "state", "employees", "founded")
    place = names.US_PLACES
    return _rows(number, heads, lambda: (
        f"{_title(s, 1)} {s.pick(COMPANIES)}", *s.pick(place)[:2],
        str(s.below(9000)), _day(s, 1900, 2011)))


def japanese_companies(s, number):
    """The same in Japanese."""
    heads = ("会社名", "所在地", "設立", "従業員")
    return _rows(number, heads, lambda: (
        s.pick(("株式会社", "")) + s.pick(names.JP_FAMILY)
        + s.pick(("商店", "製作所", "電機", "工業", "運輸")),
        s.pick(names.JP_PLACES)[0], _day(s, 1900, 2011, "/"),
        str(s.below(9000))))


def branches(s, number):
    """Shops and offices with their addresses: companies, not people."""
    heads = ("branch", "address", "opened", "manager")
    place = names.US_PLACES

    def row():
        if number % 2:
            pref, _, rest = s.pick(names.JP_PLACES)
            city, towns = rest.split(":")
            return (s.pick(names.JP_FAMILY) + s.pick(
                ("商店", "製作所", "電機", "工業", "薬局", "食堂", "医院")),
                    f"{pref}{city}{s.pick(towns.split())}{1 + s.below(9)}-"
                    f"{1 + s.below(30)}", _day(s, 1900, 2011), "-")
        town = s.pick(place)
        return (f"{_title(s, 1)} {s.pick(COMPANIES)}",
                f"{1 + s.below(9899)} {s.pick(names.US_STREETS)} "
                f"{s.pick(names.US_KINDS)} {town[0]} {town[1]} "
                f"{town[2]}{s.below(100):02}", _day(s, 1900, 2011), "-")
    return _rows(number, heads, row)


def museums(s, number):
    """Sights by name, with street and the day they opened."""
    heads = ("sight", "street", "city", "opened")
    return _rows(number, heads, lambda: (
        f"{_title(s, 1)} {s.pick(('Museum', 'Gallery', 'Theatre', 'Park'))}",
        f"{s.pick(('Via', 'Rue', 'Calle'))} {_title(s, 1)} {s.below(99)}",
        s.pick(names.US_PLACES)[0], _day(s, 1850, 2011)))


def cities(s, number):
    """Cities with their numbers."""
    heads = ("city", "region", "code", "population", "lat", "lon")

    def row():
        if number % 2:
            place = s.pick(names.JP_PLACES)
            city, region = place[2].split(":")[0], place[0]
        else:
            city, region = s.pick(names.US_PLACES)[:2]
        return (city, region, _digits(s, 5), str(s.below(10 ** 7)),
                f"35.{_digits(s, 6)}", f"139.{_digits(s, 6)}")
    return _rows(number, heads, row)


def files(s, number):
    """Listings of folders."""
    while True:
        day = _day(s)
        if number % 2:
            yield (f"-rw-r--r-- 1 root root {s.below(10 ** 7):9} {day} "
                   f"{_time(s)[:5]} {s.pick(WORDS)}-{s.below(99)}.txt")
        else:
            yield (f"{s.bits(128):032x}  usr/share/{s.pick(WORDS)}/"
                   f"{s.pick(WORDS)}_{_digits(s, 8)}.{s.pick(('c', 'h'))}")


def tables(s, number):
    """SQL of things."""
    while True:
        yield (f"INSERT INTO `items` VALUES ({number * 1000 + s.below(999)},"
               f"'{_title(s, 2)}','{_day(s)} {_time(s)}',{_digits(s, 13)},"
               f"'{_words(s, 3)}',{s.below(900)}.{s.below(99)});")


def settings(s, _):
    """Settings of programs."""
    while True:
        yield f"[{s.pick(WORDS)}]"
        for _ in range(6):
            yield f"{s.pick(WORDS)}_{s.pick(WORDS)} = {_words(s, 2)}"
        yield f"name = {s.pick(WORDS)}\nport = {s.below(65536)}"
        yield f"id = {_digits(s, 10)}"


def prose(s, number):
    """Sentences of several European languages."""
    while True:
        yield " ".join(s.pick(EU_PROSE) for _ in range(1 + number % 4))
        if s.below(9) == 0:
            yield ""


def japanese_prose(s, number):
    """Sentences in Japanese."""
    while True:
        yield "".join(s.pick(JP_PROSE) for _ in range(1 + number % 5))


def results(s, number):
    """Who played, ran or voted: names and numbers, no customers."""
    heads = ("rank", "player", "team", "points", "date")
    return _rows(number, heads, lambda: (
        str(s.below(99)), _japanese(s) if number % 2 else _person(s),
        s.pick(names.US_PLACES)[0], str(s.below(200)), _day(s)))


def pages(s, _):
    """Pages of a shop."""
    yield "<!DOCTYPE html><html><body>"
    while True:
        yield (f"<div class=\"item\"><h2>{_title(s, 2)}</h2><p>{_words(s, 20)}"
               f".</p><a href=\"/a/{_digits(s, 9)}\">{_words(s, 2)}</a>"
               f"<span>{s.below(900)}.{s.below(99):02}</span></div>")


TEXTS = {
    "orders": orders, "invoices": invoices, "web-logs": web_logs,
    "system-logs": system_logs, "mail-logs": mail_logs,
    "telemetry": telemetry, "mails": mails, "catalogues": catalogues,
    "jp-catalogues": japanese_catalogues, "films": films, "books": books,
    "companies": companies, "jp-companies": japanese_companies,
    "branches": branches, "museums": museums, "cities": cities, "files": files, "sql": tables, "settings": settings,
    "prose": prose, "jp-prose": japanese_prose, "results": results,
    "pages": pages,
}
