#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""japanese.py - one Japanese customer in every way a list may write them.

    japanese.py [people=N] [keep=FOLDER]

Each of N invented people is written in FORMS ways, as rows of one table that
leaves in one HTTP upload, once for every key that can name a customer. `outflow
read` must count each once, and `outflow affected` must find every one in a
table written in any of the ways. People who differ in one thing only (twins,
father and son, 2-1-9 and 21-9) must stay apart. Exit status 1: they did not.

OUTFLOW names the program. It must not hold or make a real person's data.
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "pcaps", "make"))

# pylint: disable=wrong-import-position
import customers as made
from capfile import Writer
from messages import http, request, response
from packets import endpoint

BINARY = os.environ.get("OUTFLOW", os.path.join(ROOT, "build", "release",
                                                "outflow"))
FORMS = 24
RULES = """rules = ( { id = "any"; name = "Any"; severity = "high";
  direction = "any"; customers = 1; within = "24h"; by = "employee"; } );
"""

# kanji, the same in old or other forms, katakana
FAMILY = """佐藤/佐藤/サトウ 斎藤/齋藤/サイトウ 斎藤/齊藤/サイトウ 渡辺/渡邊/ワタナベ
 渡辺/渡邉/ワタナベ 高橋/髙橋/タカハシ 山崎/山﨑/ヤマザキ 浜田/濱田/ハマダ
 桜井/櫻井/サクライ 沢田/澤田/サワダ 広瀬/廣瀨/ヒロセ 国井/國井/クニイ
 黒田/黑田/クロダ 小沢/小澤/オザワ 竜崎/龍﨑/リュウザキ 富田/冨田/トミタ
 島田/嶋田/シマダ 萩原/萩原/ハギワラ 吉田/𠮷田/ヨシダ 塩野/鹽野/シオノ
 関口/關口/セキグチ 辺見/邊見/ヘンミ 栄田/榮田/サカエダ 滝川/瀧川/タキガワ
 真島/眞嶋/マジマ 柳/栁/ヤナギ 鉄本/鐵本/テツモト 宝田/寶田/タカラダ
 長谷川/長谷川/ハセガワ 五十嵐/五十嵐/イガラシ""".split()
GIVEN = """太郎/太郎/タロウ 恵子/惠子/ケイコ 茂/茂/シゲル 寿美/壽美/スミ
 英寿/英壽/ヒデトシ 真一/眞一/シンイチ 京子/京子/キョウコ 亮一/亮一/リョウイチ
 広/廣/ヒロシ 豊/豐/ユタカ 実/實/ミノル 栄子/榮子/エイコ 学/學/マナブ
 静/靜/シズカ 祥子/祥子/ショウコ 竜也/龍也/タツヤ 文雄/文雄/フミオ
 礼二/禮二/レイジ 弥生/彌生/ヤヨイ 純一/純一/ジュンイチ""".split()
PLACES = """東京都/港区/芝浦 東京都/千代田区/霞が関 東京都/新宿区/市谷田町
 千葉県/鎌ケ谷市/富岡 神奈川県/茅ヶ崎市/東海岸北 大阪府/大阪市北区/曽根崎新地
 京都府/京都市中京区/烏丸通 北海道/札幌市中央区/北一条西 広島県/広島市中区/八丁堀
 愛知県/名古屋市中区/丸の内 埼玉県/さいたま市大宮区/桜木町 福岡県/福岡市博多区/博多駅前
 東京都/港区/六本木 東京都/目黒区/自由が丘 兵庫県/芦屋市/船戸町""".split()
BUILDINGS = ["", "", "メゾンソレイユ101", "ハイツ山田203", "コーポ桜5"]
DIGITS = "〇一二三四五六七八九"
ERAS = (("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925))


def wide(text):
    """ASCII as full-width signs."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~"
                   else "\u3000" if c == " " else c for c in text)


_HALF = dict(zip(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
    "ァィゥェォャュョッー",
    "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｧｨｩｪｫｬｭｮｯｰ"))
_HALF.update({c: _HALF[chr(ord(c) - 1)] + "ﾞ"
              for c in "ガギグゲゴザジズゼゾダヂヅデドバビブベボ"})
_HALF.update({c: _HALF[chr(ord(c) - 2)] + "ﾟ" for c in "パピプペポ"})


def half(text):
    """Katakana at half width."""
    return "".join(_HALF.get(c, c) for c in text)


def kanji(number):
    """A number by unit: 21 is 二十一, 105 is 百五."""
    made_of = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十")):
        count, number = divmod(number, unit)
        if count:
            made_of += (DIGITS[count] if count > 1 else "") + sign
    return made_of + (DIGITS[number] if number or not made_of else "")


def spelled(number):
    """A number digit by digit: 1980 is 一九八〇."""
    return "".join(DIGITS[int(c)] for c in str(number))


class Person:
    """One invented customer and the ways to write each field."""

    def __init__(self, source, number):
        self.family = source.pick(FAMILY).split("/")
        self.given = source.pick(GIVEN).split("/")
        self.place = source.pick(PLACES).split("/")
        self.lot = [1 + source.below(n) for n in (9, 40, 25)]
        self.house = source.pick(BUILDINGS)
        self.born = (1935 + source.below(70), 1 + source.below(12),
                     1 + source.below(28))
        self.line = f"{90000000 + number * 7919 % 9999999}"
        self.account = f"{1000000 + number * 7907:07}"
        self.mail = f"person{number}@mail.example"
        self.sex = source.below(2)

    def name(self, i):
        """The name; readings in kana are another matter."""
        a, b = self.family[0], self.given[0]
        old_a, old_b = self.family[1], self.given[1]
        ways = (f"{a} {b}", f"{a}\u3000{b}", a + b, f"{old_a} {old_b}",
                f"{a}・{b}", f"{old_a}\u3000{b}", f"{a} {b} 様", f"{a}{b}様",
                f"{a}\u3000{b}\u3000殿", old_a + old_b, f" {a}  {b} ",
                f"{a} {b}様", f"{a}･{b}", f"{a} {old_b}", f"{old_a}{b}殿",
                f"{a}\u00a0{b}", f"{a} {b}さん", f"{old_a} {old_b}様",
                f"{a}　{b}　様", f"{a} {b}({self.reading()})",
                f"{a}{b}（{self.reading()}）", f"{old_a}　{old_b}　殿",
                f"{a}{b} 殿", f"{a} {b} さま")
        return ways[i % len(ways)]

    def reading(self):
        """The name in katakana."""
        return f"{self.family[2]} {self.given[2]}"

    def kana(self, i):
        """The reading, in its ways."""
        text = self.reading()
        flat = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c
                       for c in text)
        large = text.translate(str.maketrans("ァィゥェォャュョッ",
                                             "アイウエオヤユヨツ"))
        ways = (text, half(text), flat, text.replace(" ", "\u3000"),
                text.replace(" ", ""), half(text).replace(" ", ""),
                half(large), text + "様")
        return ways[i % len(ways)]

    def address(self, i):
        """The address with its building."""
        a, b, c = self.lot
        pref, city, town = self.place
        ways = (f"{town}{a}-{b}-{c}", wide(f"{town}{a}-{b}-{c}"),
                f"{town}{a}丁目{b}番{c}号", f"{town}{a}丁目{b}-{c}",
                f"{town}{kanji(a)}丁目{b}番{c}号",
                f"{town}{kanji(a)}丁目{kanji(b)}番{kanji(c)}号",
                f"{town}{a}の{b}の{c}", f"{town}{a}ノ{b}ノ{c}",
                f"{town}{kanji(a)}丁目{spelled(b)}番{spelled(c)}号",
                f"{town}{a}丁目{b}番地の{c}", f"{town}{a}丁目{b}番地{c}",
                f"{town}{wide(str(a))}丁目{wide(f'{b}-{c}')}",
                f"{town}{a}ー{b}ー{c}", f"{town}{a}−{b}−{c}",
                f"{town} {a}-{b}-{c}", f"{town}{a}‐{b}‐{c}",
                f"{town}{kanji(a)}-{kanji(b)}-{kanji(c)}",
                f"{town}{a} - {b} - {c}", f"{town}{a}丁目 {b}番 {c}号",
                f"{town}{a}丁目{b}番{c}", f"{town}{a}丁目{b}の{c}",
                f"{town}{kanji(a)}の{kanji(b)}の{kanji(c)}",
                f"{town}{a}－{b}－{c}", f"{town}{a}―{b}―{c}")
        text = ways[i % len(ways)]
        if i % 5 == 1:
            text = f"{pref} {city} {text}"
        elif i % 5 == 2:
            text = f"{pref}\u3000{city}{text}"
        elif i % 5 == 3:
            text = f"〒108-0023 {pref}{city}{text}"
        else:
            text = pref + city + text
        for one, other in (("が関", "ヶ関"), ("ケ谷", "ヶ谷"), ("ヶ崎", "ケ崎"),
                           ("丸の内", "丸ノ内"), ("自由が丘", "自由ヶ丘"),
                           ("曽根", "曾根"), ("芦屋", "蘆屋")):
            if i % 3 == 1:
                text = text.replace(one, other)
        if self.house:
            house = self.house if i % 2 else wide(self.house)
            if i % 6 == 4:
                house = half(self.house)
            text += (" ", "\u3000", "　", ", ")[i % 4] + house
            if i % 5 == 3:
                text += "号室"
        return text

    def birth(self, i):
        """The day of birth."""
        y, m, d = self.born
        word, letter, before = next(e for e in ERAS if e[2] < y)
        year = y - before
        first = "元" if year == 1 else str(year)
        ways = (f"{y}-{m:02}-{d:02}", f"{y}/{m}/{d}", f"{y}年{m}月{d}日",
                f"{y}.{m}.{d}", f"{y}{m:02}{d:02}", f"{word}{first}年{m}月{d}日",
                f"{letter}{year}.{m}.{d}", wide(f"{letter}{year}.{m}.{d}"),
                f"{letter}{year:02}/{m:02}/{d:02}",
                f"{word}{kanji(year)}年{kanji(m)}月{kanji(d)}日",
                f"西暦{y}年{m}月{d}日", wide(f"{y}/{m:02}/{d:02}"),
                f"{y}-{m:02}-{d:02}T00:00:00", f"{y}-{m:02}-{d:02} 00:00:00",
                f"{word} {year} 年 {m} 月 {d} 日", f"{y}年{m:02}月{d:02}日生",
                f"{spelled(y)}年{kanji(m)}月{kanji(d)}日",
                f"{letter}{year:02}{m:02}{d:02}", f"{word[0]}{year}.{m}.{d}",
                f"{y}年({word}{year}年){m}月{d}日",
                f"{word}{year}年{m}月{d}日生まれ", f"{word}{year}/{m}/{d}",
                f"{letter}{year}年{m}月{d}日", f"{y}年 {m}月 {d}日")
        return ways[i % len(ways)]

    def phone(self, i):
        """The mobile phone."""
        a, b = self.line[:4], self.line[4:]
        ways = (f"090-{a}-{b}", f"090{a}{b}", f"(090) {a}-{b}",
                f"+81-90-{a}-{b}", f"+81 90 {a} {b}", f"+8190{a}{b}",
                f"090 {a} {b}", wide(f"090-{a}-{b}"), wide(f"090{a}{b}"),
                f"090({a}){b}", f"０９０ー{wide(a)}ー{wide(b)}",
                f"+81(0)90-{a}-{b}", f"090.{a}.{b}", f"090−{a}−{b}",
                f"0081-90-{a}-{b}", f"+81-(0)90-{a}-{b}", f"090‐{a}‐{b}",
                f"tel:+81-90-{a}-{b}", f"８１－９０－{wide(a)}－{wide(b)}",
                f"+81 (90) {a}-{b}", f"090-{a}{b}", f"010-81-90-{a}-{b}",
                f"TEL 090-{a}-{b}", f"090（{wide(a)}）{wide(b)}")
        return ways[i % len(ways)]

    def email(self, i):
        """The e-mail address."""
        ways = (self.mail, self.mail.upper(), self.mail.capitalize(),
                wide(self.mail), f" {self.mail} ", f"mailto:{self.mail}",
                f"<{self.mail}>", f"{self.name(0)} <{self.mail}>")
        return ways[i % len(ways)]

    def number(self, i):
        """The account number."""
        text = self.account
        ways = (text, wide(text), f"{text[:3]}-{text[3:]}", "000" + text,
                f"{text[:3]} {text[3:]}", wide(f"{text[:3]}-{text[3:]}"))
        return ways[i % len(ways)]


# key: its columns, header words, types, and how to write each
PLANS = {
    "name and birth": (("氏名", "生年月日", "性別"),
                       ("person_name", "date_of_birth", "gender"),
                       lambda p, i: (p.name(i), p.birth(i),
                                     "女男"[p.sex])),
    "reading and birth": (("フリガナ", "生年月日", "性別"),
                          ("person_name", "date_of_birth", "gender"),
                          lambda p, i: (p.kana(i), p.birth(i + 5),
                                        ("女性", "男性")[p.sex])),
    "name and address": (("氏名", "住所", "性別"),
                         ("person_name", "address", "gender"),
                         lambda p, i: (p.name(i + 7), p.address(i),
                                       "女男"[p.sex])),
    "phone": (("フリガナ", "電話番号"), ("person_name", "phone"),
              lambda p, i: (p.kana(i), p.phone(i))),
    "e-mail": (("氏名", "メールアドレス"), ("person_name", "email"),
               lambda p, i: (p.name(i), p.email(i))),
    "account": (("口座番号", "氏名", "住所"),
                ("account_number", "person_name", "address"),
                lambda p, i: (p.number(i), p.name(i), p.address(i))),
    "all": (("氏名", "フリガナ", "生年月日", "住所", "電話番号"),
            ("person_name", "person_name", "date_of_birth", "address",
             "phone"),
            lambda p, i: (p.name(i), p.kana(i), p.birth(i + 3),
                          p.address(i + 1), p.phone(i + 2))),
}


def table(head, rows):
    """A table as CSV."""
    held = io.StringIO()
    out = csv.writer(held)
    out.writerow(head)
    out.writerows(rows)
    return held.getvalue().encode("utf-8")


class Lab:
    """A folder with a key and rules, and the program."""

    def __init__(self, folder):
        self.folder = folder
        with open(self.at("key"), "w", encoding="ascii") as file:
            file.write(bytes(range(32)).hex() + "\n")
        os.chmod(self.at("key"), 0o600)
        with open(self.at("rules"), "w", encoding="ascii") as file:
            file.write(RULES)
        os.chmod(self.at("rules"), 0o644)

    def at(self, name):
        """A path in the folder."""
        return os.path.join(self.folder, name)

    def read(self, body):
        """Upload body, read the capture; gives customers and fields."""
        client = endpoint("10.20.0.7", 40112)
        server = endpoint("203.0.113.9", 80)
        capture = Writer(self.at("capture.pcap"))
        asked = request("POST", "/upload", "drop.example", body,
                        kind="text/csv; charset=utf-8")
        capture.put_all(http(client, server, 1312506000000000, (1000, 9000),
                             [(asked, response(b"ok"))]))
        capture.close()
        done = subprocess.run(
            [BINARY, "read", "-f", "json", "-k", self.at("key"), "-R",
             self.at("rules"), "-a", self.at("list.csv"),
             self.at("capture.pcap")], stdout=subprocess.PIPE, check=False,
            stderr=subprocess.PIPE, timeout=600)
        alerts = [json.loads(line) for line in done.stdout.splitlines()]
        if not alerts:
            return 0, {}
        return alerts[0]["outflow"]["customers"], alerts[0]["outflow"]["fields"]

    def join(self, body, head, types):
        """How many rows of a customer table are in the list."""
        with open(self.at("table.csv"), "wb") as file:
            file.write(body)
        with open(self.at("schema"), "w", encoding="utf-8") as file:
            file.write("columns = (" + ", ".join(
                f'{{ name = "{name}"; type = "{kind}"; }}'
                for name, kind in zip(head, types)) + ");\n")
        done = subprocess.run(
            [BINARY, "affected", "-k", self.at("key"), "-s",
             self.at("schema"), self.at("table.csv"), self.at("list.csv")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
            timeout=600)
        found = list(csv.reader(io.StringIO(done.stdout.decode("utf-8"))))
        return max(0, len(found) - 1)


def distinct(people, key):
    """How many customers a table really has: the same values, the same one."""
    who = {"name and birth": lambda p: (p.name(0), p.born),
           "reading and birth": lambda p: (p.kana(0), p.born),
           "name and address": lambda p: (p.name(0), p.place, p.lot, p.house)}
    return len({repr(who.get(key, lambda p: p.line)(p)) for p in people})


def check_forms(lab, people):
    """Every key, every form; gives the number of failures."""
    wrong = 0
    for key, (head, types, plan) in PLANS.items():
        want = distinct(people, key)
        rows = [plan(p, i) for i in range(FORMS) for p in people]
        found, fields = lab.read(table(head, rows))
        lost = []
        for i in range(FORMS):
            joined = lab.join(table(head, [plan(p, i) for p in people]), head,
                              types)
            if joined != len(people):
                lost.append((i, joined, plan(people[0], i)))
        good = found == want and not lost
        wrong += not good
        print(f"{'good' if good else 'WRONG'}: {key}: {want} customers in "
              f"{FORMS} forms, {found} counted, fields "
              f"{sorted(fields)}, joined in {FORMS - len(lost)} forms")
        if found != want or lost:
            single_forms(lab, people, key)
        for i, joined, row in lost:
            print(f"  form {i}: {joined} of {len(people)} joined: {row}")
    return wrong


def single_forms(lab, people, key):
    """Which forms do not give what the first form gives?"""
    head, _, write = PLANS[key]
    want = distinct(people, key)
    for i in range(FORMS):
        rows = [write(p, k) for p in people for k in (0, i)]
        found, _ = lab.read(table(head, rows))
        if found != want:
            print(f"  form {i} beside form 0: {found} for {want}: "
                  f"{write(people[0], i)}")


APART = [
    ("twins", ("氏名", "生年月日", "住所"),
     [("佐藤 茂", "昭和55年3月3日", "東京都港区芝浦2-21-9"),
      ("佐藤 実", "昭和55年3月3日", "東京都港区芝浦2-21-9")]),
    ("father and son", ("氏名", "生年月日", "住所"),
     [("佐藤 茂", "昭和25年3月3日", "東京都港区芝浦2-21-9"),
      ("佐藤 茂", "昭和55年3月3日", "東京都港区芝浦2-21-9")]),
    ("two lots", ("氏名", "住所", "性別"),
     [("佐藤 茂", "東京都港区芝浦2-1-9", "男"),
      ("佐藤 茂", "東京都港区芝浦21-9", "男")]),
    ("kanji lots", ("氏名", "住所", "性別"),
     [("佐藤 茂", "東京都港区芝浦二十一番", "男"),
      ("佐藤 茂", "東京都港区芝浦2-1", "男")]),
    ("lots and floors", ("氏名", "住所", "性別"),
     [("佐藤 茂", "東京都港区芝浦1-11", "男"),
      ("佐藤 茂", "東京都港区芝浦11-1", "男"),
      ("佐藤 茂", "東京都港区芝浦1-1-1", "男"),
      ("佐藤 茂", "東京都港区芝浦111", "男")]),
    ("family names", ("氏名", "生年月日", "性別"),
     [("田中 一郎", "1980-03-03", "男"), ("中田 一郎", "1980-03-03", "男")]),
    ("eras", ("氏名", "生年月日", "性別"),
     [("佐藤 茂", "昭和5年3月3日", "男"), ("佐藤 茂", "平成5年3月3日", "男"),
      ("佐藤 茂", "令和5年3月3日", "男")]),
    ("neighbours", ("氏名", "住所", "性別"),
     [("佐藤 茂", "東京都港区芝浦2-21-9 101号室", "男"),
      ("佐藤 茂", "東京都港区芝浦2-21-9 102号室", "男")]),
    ("phones", ("氏名", "電話番号"),
     [("佐藤 茂", "03-1234-5678"), ("佐藤 茂", "06-1234-5678"),
      ("佐藤 茂", "090-1234-5678")]),
    ("towns", ("氏名", "住所", "性別"),
     [("佐藤 茂", "東京都千代田区一番町2-1", "男"),
      ("佐藤 茂", "東京都千代田区二番町2-1", "男"),
      ("佐藤 茂", "東京都千代田区二番町1-1", "男")]),
]


def check_apart(lab):
    """People who must not become one; gives the number of failures."""
    wrong = 0
    for name, head, rows in APART:
        found, _ = lab.read(table(head, rows))
        good = found == len(rows)
        wrong += not good
        print(f"{'good' if good else 'WRONG'}: apart: {name}: {len(rows)} "
              f"people, {found} counted")
    return wrong


def main(words):
    """The command line."""
    given = dict(word.split("=", 1) for word in words)
    source = made.Source("japanese")
    people = [Person(source, i) for i in range(int(given.get("people", 60)))]
    folder = given.get("keep")
    if folder:
        os.makedirs(folder, exist_ok=True)
        lab = Lab(folder)
        return check_forms(lab, people) + check_apart(lab)
    with tempfile.TemporaryDirectory(prefix="outflow-accuracy-") as folder:
        lab = Lab(folder)
        return check_forms(lab, people) + check_apart(lab)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
