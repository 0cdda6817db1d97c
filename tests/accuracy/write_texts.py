# SPDX-License-Identifier: GPL-3.0-or-later
"""write_texts.py - tables as SQL, address books, settings, logs and prose.

It must not invent what the table does not hold.
"""

import base64
import json
import quopri
import urllib.parse

from tables import writes


def _sql(cell, back=False):
    if back:
        cell = cell.replace("\\", "\\\\").replace("'", "\\'")
    else:
        cell = cell.replace("'", "''")
    return f"'{cell}'"


def _number(cell, back=False):
    return (cell if cell.isdigit() and cell[0] != "0" and len(cell) < 17
            else _sql(cell, back))


@writes("sql insert", "application/sql", True)
def _insert(s):
    names = f" ({', '.join(s.columns)})" if s.header else ""
    return "".join(f"INSERT INTO customers{names} VALUES ("
                   + ", ".join(_sql(c) for c in row) + ");\n"
                   for row in s.rows)


@writes("sql many tuples", "application/sql", True)
def _many(s):
    names = f" ({', '.join(s.columns)})" if s.header else ""
    made = []
    for i in range(0, len(s.rows), 100):
        made.append(f"INSERT INTO customers{names} VALUES\n" + ",\n".join(
            "(" + ", ".join(_number(c) for c in row) + ")"
            for row in s.rows[i:i + 100]) + ";\n")
    return "".join(made)


@writes("mysqldump", "application/sql")
def _mysqldump(s):
    made = ["-- MySQL dump 10.13\n\nDROP TABLE IF EXISTS `customers`;\n"
            "CREATE TABLE `customers` (\n"]
    made += [f"  `{c}` varchar(255) DEFAULT NULL,\n" for c in s.columns]
    made.append("  PRIMARY KEY (`" + s.columns[0] + "`)\n) ENGINE=InnoDB "
                "DEFAULT CHARSET=utf8;\n\nLOCK TABLES `customers` WRITE;\n")
    for i in range(0, len(s.rows), 500):
        made.append("INSERT INTO `customers` VALUES " + ",".join(
            "(" + ",".join(_number(c, True) for c in row) + ")"
            for row in s.rows[i:i + 500]) + ";\n")
    return "".join(made) + "UNLOCK TABLES;\n"


@writes("pg_dump copy", "application/sql")
def _copy(s):
    return ("--\n-- PostgreSQL database dump\n--\n\nSET client_encoding = "
            "'UTF8';\n\nCOPY public.customers ("
            + ", ".join(s.columns) + ") FROM stdin;\n"
            + "".join("\t".join(row) + "\n" for row in s.rows) + "\\.\n\n")


@writes("pg_dump inserts", "application/sql", True)
def _pg_inserts(s):
    head = "" if not s.header else (
        "CREATE TABLE public.customers (\n" + ",\n".join(
            f'    "{c}" character varying(80) NOT NULL' for c in s.columns)
        + "\n);\n\n")
    return head + "".join(
        "INSERT INTO public.customers VALUES ("
        + ", ".join(_number(c) for c in row) + ");\n" for row in s.rows)


@writes("sqlite dump", "application/sql")
def _sqlite(s):
    return ("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE "
            "customers(" + ", ".join(f"{c} TEXT" for c in s.columns)
            + ");\n" + "".join(
                "INSERT INTO customers VALUES("
                + ",".join(_number(c) for c in row) + ");\n"
                for row in s.rows) + "COMMIT;\n")


@writes("sql server", "application/sql")
def _server(s):
    names = ", ".join(f"[{c}]" for c in s.columns)
    return "".join(
        f"INSERT [dbo].[Customers] ({names}) VALUES ("
        + ", ".join("N" + _sql(c) for c in row) + ")\nGO\n"
        for row in s.rows)


_VCARD = {"account_number": "X-ACCOUNT-NUMBER", "card_number":
          "X-CARD-NUMBER", "account_opened": "X-ACCOUNT-OPENED",
          "gender": "GENDER", "other": "UID", "phone": "TEL",
          "email": "EMAIL", "date_of_birth": "BDAY",
          "person_name": "FN", "address": "ADR"}


def _folded(line, size=70):
    made = []
    while len(line) > size:
        made.append(line[:size])
        line = " " + line[size:]
    return "\r\n".join(made + [line]) + "\r\n"


def _vcard(version, write):
    @writes(f"vcard {version}", "text/vcard")
    def card(s):
        made = []
        for row in s.rows:
            made.append(f"BEGIN:VCARD\r\nVERSION:{version}\r\n")
            made += [write(kind, c) for kind, c in zip(s.types, row)]
            made.append("END:VCARD\r\n")
        return "".join(made)
    return card


def _card21(kind, cell):
    name = _VCARD[kind]
    if kind == "gender":
        name = "X-GENDER"
    if kind == "phone":
        name += ";HOME;VOICE"
    if kind == "address":
        cell = ";;" + cell.replace(";", "\\;") + ";;;;"
    if any(c > "\x7e" for c in cell):
        cell = quopri.encodestring(cell.encode(), quotetabs=False).decode()
        name += ";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"
        return name + ":" + cell.replace("\n", "\r\n") + "\r\n"
    line = name + ":" + cell + "\r\n"
    if kind == "person_name":
        first, _, last = cell.partition(" ")
        line = f"N:{last};{first}\r\n" + line
    return line


def _card3(kind, cell):
    name = _VCARD[kind]
    cell = cell.replace(",", "\\,")
    line = ""
    if kind == "gender":
        name = "X-GENDER"
    if kind == "phone":
        name += ";TYPE=HOME,VOICE"
    if kind == "email":
        name += ";TYPE=INTERNET"
    if kind == "address":
        name, cell = "item1." + name + ";TYPE=HOME", ";;" + cell + ";;;;"
    if kind == "person_name":
        first, _, last = cell.partition(" ")
        line = f"N:{last};{first};;;\r\n"
    return line + _folded(name + ":" + cell)


def _card4(kind, cell):
    name = _VCARD[kind]
    if kind == "gender":
        cell = {"男": "M", "女": "F"}.get(cell, cell)
    if kind == "phone":
        name, cell = 'TEL;VALUE=uri;TYPE="voice,home"', "tel:" + cell
    elif kind == "address":
        cell = ";;" + cell.replace(",", "\\,") + ";;;;"
    elif kind in ("date_of_birth", "account_opened"):
        cell = cell.replace("-", "").replace("/", "")
    return _folded(name + ":" + cell)


_vcard("2.1", _card21)
_vcard("3.0", _card3)
_vcard("4.0", _card4)

_LDAP = {"account_number": "accountNumber", "card_number": "cardNumber",
         "account_opened": "accountOpened", "gender": "gender",
         "other": "uid", "phone": "telephoneNumber", "email": "mail",
         "date_of_birth": "dateOfBirth", "person_name": "cn",
         "address": "postalAddress"}


def _ldif(s, coded):
    made = ["version: 1\n\n"]
    for n, row in enumerate(s.rows):
        made.append(f"dn: uid=c{n},ou=customers,dc=bank,dc=example\n"
                    "objectClass: inetOrgPerson\n")
        for kind, cell in zip(s.types, row):
            if coded or any(c > "\x7e" for c in cell):
                line = (_LDAP[kind] + ":: "
                        + base64.b64encode(cell.encode()).decode())
            else:
                line = _LDAP[kind] + ": " + cell
            made.append(_folded(line, 60).replace("\r\n", "\n"))
        made.append("\n")
    return "".join(made)


@writes("ldif", "text/plain")
def _ldif_plain(s):
    return _ldif(s, False)


@writes("ldif base64", "text/plain")
def _ldif_coded(s):
    return _ldif(s, True)


def _blocks(name, line, head=None, end="\n"):
    @writes(name, "text/plain")
    def write(s):
        return "".join(
            (head(n) if head else "")
            + "".join(line(k, v) for k, v in zip(s.columns, row)) + end
            for n, row in enumerate(s.rows))
    return write


_blocks("blocks colon", lambda k, v: f"{k}: {v}\n")
_blocks("blocks equals", lambda k, v: f"{k} = {v}\n")
_blocks("blocks wide colon", lambda k, v: f"{k}：{v}\n")
_blocks("blocks aligned", lambda k, v: f"{k:<20} : {v}\n")
_blocks("blocks dotted", lambda k, v: f"{k} ........ {v}\n")
_blocks("blocks bullets", lambda k, v: f"* {k}: {v}\n")
_blocks("blocks brackets", lambda k, v: f"【{k}】{v}\n")
_blocks("blocks own lines", lambda k, v: f"{k}:\n  {v}\n")
_blocks("ini sections", lambda k, v: f"{k}={v}\n",
        lambda n: f"[customer{n}]\n")
_blocks("ini quoted", lambda k, v: f'{k} = "{v}"\n',
        lambda n: f"[customer.{n}]\n", "")
_blocks("toml", lambda k, v: f'{k} = "{v}"\n',
        lambda n: "[[customers]]\n", "\n")
_blocks("mysql vertical", lambda k, v: f"{k:>20}: {v}\n",
        lambda n: "*" * 27 + f" {n + 1}. row " + "*" * 27 + "\n", "")
_blocks("psql expanded", lambda k, v: f"{k:<16} | {v}\n",
        lambda n: f"-[ RECORD {n + 1} ]-----+-----------------------\n", "")


@writes("properties", "text/plain")
def _properties(s):
    return "".join(f"customer.{n}.{k}={v}\n"
                   for n, row in enumerate(s.rows)
                   for k, v in zip(s.columns, row))


@writes("form lines", "text/plain")
def _forms(s):
    return "".join(urllib.parse.urlencode(dict(zip(s.keys, row))) + "\n"
                   for row in s.rows)


@writes("log quoted", "text/plain")
def _log(s):
    return "".join(
        f"2011-08-05T01:{n // 60 % 60:02}:{n % 60:02}.{n % 1000:03}Z INFO "
        "[crm] customer updated "
        + " ".join(f'{k}="{v}"' for k, v in zip(s.keys, row)) + "\n"
        for n, row in enumerate(s.rows))


@writes("log plain", "text/plain")
def _log_plain(s):
    return "".join(
        f"Aug  5 01:{n // 60 % 60:02}:{n % 60:02} app1 crm[331]: save "
        + ", ".join(f"{k}={v}" for k, v in zip(s.keys, row)) + "\n"
        for n, row in enumerate(s.rows))


@writes("log json", "text/plain")
def _log_json(s):
    return "".join(
        f"2011-08-05 01:{n // 60 % 60:02}:{n % 60:02},{n % 1000:03} DEBUG "
        "api.customers - response "
        + json.dumps(dict(zip(s.keys, row)), ensure_ascii=False) + "\n"
        for n, row in enumerate(s.rows))


_SAID = {
    "english": {
        "other": "This is record {}.",
        "person_name": "The customer's name is {}.",
        "account_number": "The account number is {}.",
        "card_number": "The card number is {}.",
        "address": "The address is {}.", "phone": "Her phone number is {}.",
        "email": "Mail goes to {} only.",
        "date_of_birth": "The date of birth is {}."},
    "japanese": {
        "person_name": "氏名は{}です。", "card_number": "会員番号は{}です。",
        "address": "住所は{}です。", "phone": "電話番号は{}です。",
        "date_of_birth": "生年月日は{}です。", "gender": "性別は{}です。",
        "account_opened": "入会日は{}です。"}}


def _prose(name, join, end):
    @writes(name, "text/plain")
    def write(s):
        say = _SAID["english" if "email" in s.types else "japanese"]
        return "".join(join.join(say[kind].format(c)
                                 for kind, c in zip(s.types, row)) + end
                       for row in s.rows)
    return write


_prose("prose", " ", "\n\n")
_prose("prose lines", "\n", "\n\n")
