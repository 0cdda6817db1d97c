#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""table.py - files for the recorded captures, and their truth.

    table.py csv|json|ndjson|tsv KIND COUNT [first=N] [encoding=E] [seed=S]
    table.py pages KIND COUNT FOLDER      one HTML page a customer
    table.py benign WHAT [count=N]        page json image log orders purchase
    table.py truth KIND COUNT [name=value ...]   (name=any: not said)

KIND is japan, accounts or mobile. The same words give the same bytes.
It must not invent a customer outside customers.py.
"""

import json
import sys

import benign
import customers

KINDS = {"japan": customers.japan, "accounts": customers.accounts,
         "mobile": customers.mobile}


def _options(words):
    return dict(word.split("=", 1) for word in words)


def _table(kind, count, given):
    seed, first = given.get("seed", "lab"), int(given.get("first", 0))
    table = KINDS[kind](first + int(count), kind + seed)
    table.rows = table.rows[first:]
    return table


def _file(form, table, given):
    code = given.get("encoding", "utf-8")
    if form in ("csv", "tsv"):
        return table.csv(code, sep="," if form == "csv" else "\t")
    rows = [dict(zip(table.columns, row)) for row in table.rows]
    if form == "ndjson":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n"
                       for row in rows).encode(code)
    return json.dumps(rows, ensure_ascii=False, indent=1).encode(code)


def _pages(table, folder):
    for row in table.rows:
        cells = "".join(f"<tr><th>{name.replace('_', ' ')}</th><td>{cell}"
                        "</td></tr>\n"
                        for name, cell in zip(table.columns[1:4], row[1:4]))
        with open(f"{folder}/account-{row[0]}.html", "w",
                  encoding="utf-8") as file:
            file.write("<!DOCTYPE html>\n<html><head><title>Account</title>"
                       f"</head><body><h1>Summary</h1>\n<table>\n{cells}"
                       f"<tr><th>address</th><td>{row[4]}</td></tr>\n"
                       "</table></body></html>\n")


def _benign(what, given):
    source = customers.Source("lab:" + what)
    count = int(given.get("count", 20))
    made = {"page": lambda: benign.html_page(source, count),
            "json": lambda: benign.json_items(source, count),
            "image": lambda: benign.image(source, count),
            "log": lambda: benign.log_lines(source, count),
            "orders": lambda: benign.orders(source, count),
            "purchase": benign.purchase}
    return made[what]()


def _truth(kind, count, given):
    fields = {k: int(count) for k in _table(kind, 1, {}).types
              if k != "other"}
    made = {"table": {"kind": kind, "seed": given.pop("seed", "lab")},
            "customers": int(count), "records": int(count),
            "fields": fields, "direction": "outbound",
            "employee": "10.20.0.7", "missing_bytes": 0, "transfers": 1}
    for name, text in given.items():
        if name == "only":
            made["fields"] = {k: int(count) for k in text.split()}
            continue
        made[name] = int(text) if text.isdigit() else text
        if text == "any":
            del made[name]
    return json.dumps(made, indent=1, sort_keys=True).encode() + b"\n"


def main(words):
    """The command line."""
    if len(words) < 2:
        raise SystemExit(__doc__)
    form, what = words[:2]
    if form == "benign":
        data = _benign(what, _options(words[2:]))
    elif form == "truth":
        data = _truth(what, words[2], _options(words[3:]))
    elif form == "pages":
        _pages(_table(what, words[2], {}), words[3])
        return
    else:
        given = _options(words[3:])
        data = _file(form, _table(what, words[2], given), given)
    sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main(sys.argv[1:])
