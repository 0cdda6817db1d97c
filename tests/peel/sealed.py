#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sealed.py - files closed with a password: told, alerted, nobody invented.

    sealed.py [--count N] [--only TEXT] [--quick] [--write FILE]

Each kind of sealing.py is sent over HTTP, SMTP and FTP, and so often over
HTTP (not with --quick) that the default rule has to alert. It must be told
as encrypted with its kind, with nearly all of its bytes, and give no
customer.
"""

import argparse
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
import making  # noqa: E402
import capfile  # noqa: E402
import matrix  # noqa: E402
import messages  # noqa: E402
import reading  # noqa: E402
import tables  # noqa: E402
from packets import endpoint  # noqa: E402

BULK = 21 << 20
SHARE = 0.7  # of the bytes told: armour and heads are none of the sealed
RULE = "encrypted-files-outbound"
MARK = "<!-- made by sealed.py -->"
END = "<!-- end of sealed.py -->"


class Row:
    """What was told of a kind."""

    def __init__(self, name, kind, size):
        self.name, self.kind, self.size = name, kind, size
        self.told = {}      # by channel: None or what is wrong
        self.named = "-"
        self.rule = "-"

    @property
    def bad(self):
        """Anything wrong?"""
        return any(self.told.values()) or self.rule == "no"


def wrong(told, row, channel):
    """What is wrong with what was told over a channel, or None."""
    if told.people:
        return f"{len(told.people)} customers"
    alert = told.alerts.get("closed")
    if not alert:
        return f"not told ({told.why()})"
    have = {u["kind"]: u["bytes"] for u in alert["unread"]
            if u["why"] == "encrypted"}
    if row.kind not in have:
        return "told as " + ",".join(sorted(have))
    size = row.size * (1.37 if channel == "smtp" else 1)
    if not SHARE * row.size <= have[row.kind] <= size * 1.1 + 4096:
        return f"{have[row.kind]} of {row.size} bytes"
    return None


def bulk(reader, data):
    """Does the default rule alert on many of them?"""
    asked = messages.request("POST", "/upload", "drop.example", data,
                             kind="application/octet-stream")
    out = capfile.Writer(reader.path("bulk.pcap"))
    out.put_all(messages.http(
        endpoint("10.20.0.7", 40112), endpoint("203.0.113.9", 80),
        reading.START, (1000, 500000),
        [(asked, messages.response(b"ok"))] * (BULK // len(data) + 1)))
    out.close()
    told = reader.read("bulk.pcap")
    os.remove(reader.path("bulk.pcap"))
    return "yes" if RULE in told.alerts and not told.people else "no"


def run(given):
    """All rows, and what was left out."""
    import sealing  # pylint: disable=import-outside-toplevel
    making.writers()
    plain = next(k for k in making.DOCUMENTS if k.name == "csv")
    text = plain.write(tables.sheet("english", given.count))
    rows, left = [], []
    with tempfile.TemporaryDirectory() as folder:
        reader = reading.Reader(folder)
        with open(os.path.join(making.ROOT, "rules", "unread.conf"),
                  encoding="utf-8") as file:
            shipped = reading.Reader(os.path.join(folder, "bulk"),
                                     file.read())
        for name, kind, write in sealing.SEALS:
            if given.only not in name:
                continue
            try:
                data = write(text, "customers.csv")
            except making.Missing as error:
                left.append(f"{name}: {error}")
                continue
            row = Row(name, kind, len(data))
            for channel in reading.CHANNELS:
                told = reader.send(channel, data, "q3.bin")
                row.told[channel] = wrong(told, row, channel)
                said = str(told.alerts)
                if "customers.csv" in said:
                    row.named = "told"
            if not given.quick:
                row.rule = bulk(shipped, data)
            rows.append(row)
            print(f"{name}: {row.told} name {row.named} rule {row.rule}")
    return rows, left


def write_page(path, rows):
    """Put the table between its marks of a page."""
    lines = [MARK, "", "| closed by | kind | HTTP | SMTP | FTP | name inside "
             "| default rule alerts | customers |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        lines.append(f"| {row.name} | `{row.kind}` | " + " | ".join(
            row.told[channel] or "encrypted" for channel in reading.CHANNELS)
            + f" | {row.named} | {row.rule} | "
            + ("none" if not any("customers" in (said or "")
                                 for said in row.told.values()) else "some")
            + " |")
    matrix.replace_between(path, MARK, END, lines)


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", help="page whose table is made anew")
    given = parser.parse_args()
    rows, left = run(given)
    for one in left:
        print("left out:", one)
    if given.write:
        write_page(given.write, rows)
    print(f"{sum(1 for row in rows if not row.bad)} of {len(rows)} kinds")
    return any(row.bad for row in rows)


if __name__ == "__main__":
    sys.exit(main())
