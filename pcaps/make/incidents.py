#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""incidents.py - write the capture of one known incident, and its truth.

    pcaps/make/incidents.py NAME OUTDIR [--n N] [--seed TEXT] [--scale X]
                               [--insider ADDRESS]
    pcaps/make/incidents.py --list

OUTDIR gets NAME.pcap, customers.csv (the company's own table: the customers
that left, in order, then some that did not), schema.conf for `outflow
affected`, and truth.json. The same arguments give the same bytes on every
machine; gzip bodies are those of zlib 1.2 and 1.3.

It must not read anything but its own modules (quiet-source may be told to).
"""

import argparse
import json
import os
import struct

import benign
import capfile
import customers
import messages
import mix
import packets
from packets import endpoint
from tcp import CLIENT, SERVER, Tcp

START = 1312506123123456  # 2011-08-05T01:02:03.123456Z
INSIDER = "10.20.0.7"
DROP = "203.0.113.9"
BYSTANDERS = 1000
INCIDENTS = {}


def incident(name, text):
    """Register the function that writes an incident."""
    def note(function):
        INCIDENTS[name] = (function, text)
        return function
    return note


class Case:
    """What an incident function gets: where to write and what to say."""

    def __init__(self, name, args):
        self.name, self.args = name, args
        self.folder = args.outdir
        self.seed = args.seed
        os.makedirs(self.folder, exist_ok=True)
        self.writer = capfile.Writer(self.path(name + ".pcap"))
        self.truth = {"incident": name, "customers": 0, "records": 0,
                      "fields": {}}

    def path(self, file):
        """The path of a file of this incident."""
        return os.path.join(self.folder, file)

    def source(self, part=""):
        """A random source of this incident's own."""
        return customers.Source(f"{self.name}:{self.seed}:{part}")

    def count(self, usual):
        """How many rows: --n or the usual number."""
        return self.args.n or usual

    def isn(self, part):
        """Initial sequence numbers of one connection."""
        source = self.source("isn" + part)
        return source.bits(32), source.bits(32)

    def customers(self, table, leaked, key=0, fields=None):
        """Write the company's table; its first `leaked` rows have left."""
        with open(self.path("customers.csv"), "wb") as file:
            file.write(table.csv("utf-8", "\n"))
        with open(self.path("schema.conf"), "w", encoding="utf-8") as file:
            file.write(table.schema(key))
        kinds = fields or [t for t in table.types if t != "other"]
        self.truth.update(
            customers=leaked, records=leaked, table_rows=len(table.rows),
            leaked_rows=[1, leaked], fields={kind: leaked for kind in kinds})

    def finish(self):
        """Close the capture and write the truth."""
        self.truth["packets"] = self.writer.close()
        path = self.path(self.name + ".pcap")
        self.truth["capture_bytes"] = os.path.getsize(path)
        with open(self.path("truth.json"), "w", encoding="utf-8") as file:
            json.dump(self.truth, file, indent=1, sort_keys=True)
            file.write("\n")


def _upload(case, asked, body, host="drop.example"):
    """The whole capture is one HTTP upload."""
    done = messages.response(b"stored\n", kind="text/plain")
    case.writer.put_all(messages.http(
        endpoint(case.args.insider, 40112), endpoint(DROP, 80), START,
        case.isn("up"), [(asked, done)], think_us=3000))
    case.truth.update(
        channel=["http"], parties=[host], employee=case.args.insider,
        direction="outbound", transfers=1, body_bytes=len(body),
        body_offset=len(asked) - len(body) if asked.endswith(body)
        else asked.find(body), client_bytes=len(asked),
        server_bytes=len(done))


@incident("citi-cards-japan", "92,408 customers, CSV in CP932, HTTP form upload")
def citi_cards_japan(case):
    """Citi Cards Japan, August 2011."""
    count = case.count(92408)
    table = customers.japan(count + BYSTANDERS, "japan" + case.seed)
    body = table.head(count).csv("cp932")
    case.customers(table, count)
    asked = messages.upload_form("drop.example", "/upload", "customers.csv",
                                 "application/vnd.ms-excel", body)
    _upload(case, asked, body)


@incident("citi-account-online", "360,083 accounts, CSV in UTF-8, HTTP POST")
def citi_account_online(case):
    """Citi Account Online, May 2011: the table, as one upload."""
    count = case.count(360083)
    table = customers.accounts(count + BYSTANDERS, "accounts" + case.seed)
    body = customers.with_separators(table.head(count)).csv(newline="\n")
    case.customers(table, count, key=2)
    _upload(case, messages.request("POST", "/api/put", "drop.example", body,
                                   kind="text/csv"), body)


def _portal_html(row):
    return ("<!DOCTYPE html>\n<html><head><title>Account Online</title></head>"
            "\n<body><h1>Account summary</h1>\n<table>\n"
            f"<tr><th>Name</th><td>{row[1]}</td></tr>\n"
            f"<tr><th>Account number</th><td>{row[2]}</td></tr>\n"
            f"<tr><th>Card number</th><td>{row[3]}</td></tr>\n"
            f"<tr><th>Address</th><td>{row[4]}</td></tr>\n"
            "</table></body></html>\n").replace("'", "&#39;").encode()


def _portal_json(row):
    return json.dumps({"name": row[1], "account_number": row[2],
                       "card_number": row[3], "address": row[4]}).encode()


@incident("citi-walk", "an outsider walks 3,000 accounts of the portal")
def citi_walk(case):
    """One response a customer, over several keep-alive connections."""
    count = case.count(3000)
    table = customers.accounts(count + BYSTANDERS, "accounts" + case.seed)
    kinds = ["account_number", "person_name", "card_number", "address"]
    case.customers(table, count, key=2, fields=kinds)
    start, served = START, 0
    for number, first in enumerate(range(0, count, 250)):
        pairs = []
        for row in table.rows[first:min(first + 250, count)]:
            html = number % 2
            body = _portal_html(row) if html else _portal_json(row)
            pairs.append((
                messages.request("GET", f"/account?id={row[0]}",
                                 "online.bank.example"),
                messages.response(body, kind="text/html; charset=utf-8"
                                  if html else "application/json")))
            served += len(pairs[-1][1])
        flow = messages.http(endpoint("203.0.113.50", 51000 + number),
                             endpoint("10.30.0.5", 80), start,
                             case.isn(str(number)), pairs)
        for us, frame in flow:
            case.writer.put(us, frame)
            start = us + 200000
    case.truth.update(
        channel=["http"], parties=["203.0.113.50"], employee="10.30.0.5",
        direction="outbound", transfers=count, server_bytes=served)


def _mobile(case, body):
    case.truth["named_by"] = "phone"
    _upload(case, messages.upload_form(
        "drop.example", "/upload", "contracts.csv", "text/csv", body), body)


@incident("tmobile", "20,000 rows of name, address, phone, contract date")
def tmobile(case):
    """No account number at all; a customer is named by the phone."""
    count = case.count(20000)
    table = customers.mobile(count + BYSTANDERS, "mobile" + case.seed)
    case.customers(table, count, key=2)
    _mobile(case, table.head(count).csv())


@incident("tmobile-mixed", "the same, one to one with marketing rows")
def tmobile_mixed(case):
    """Every second row is text without a customer."""
    count = case.count(20000)
    table = customers.mobile(count + BYSTANDERS, "mobile" + case.seed)
    case.customers(table, count, key=2)
    source, rows = case.source("marketing"), []
    for row in table.rows[:count]:
        rows.append(row)
        rows.append((benign.words(source, 2), benign.words(source, 4),
                     f"segment {source.below(40)}",
                     f"wave {1 + source.below(9)}"))
    mixed = customers.Table(table.columns, table.types, rows)
    case.truth["marketing_rows"] = count
    _mobile(case, mixed.csv())


@incident("five-copies", "one table of 2,000 rows, five times, three channels")
def five_copies(case):
    """HTTP, mail, FTP, HTTP gzip'd, HTTP again: customers count once."""
    count = case.count(2000)
    table = customers.accounts(count + BYSTANDERS, "copies" + case.seed)
    case.customers(table, count, key=2)
    body = table.head(count).csv()
    done = messages.response(b"stored\n", kind="text/plain")
    inside, host = "drop.example", messages.request
    raw = host("POST", "/put", inside, body, kind="text/csv")
    packed = host("POST", "/put", inside, messages.gzipped(body),
                  kind="text/csv", more=("Content-Encoding: gzip",))
    form = messages.upload_form(inside, "/form", "again.csv", "text/csv", body)
    letter = messages.mail(
        "taro@bank.example", ["buyer@outside.example"], "list",
        "as agreed", [("customers.csv", "text/csv", body)])

    def web(port, asked, start):
        return messages.http(endpoint(INSIDER, port), endpoint(DROP, 80),
                             start, case.isn(str(port)), [(asked, done)])
    hour = 600 * 1000000
    flows = [
        web(40001, raw, START),
        messages.smtp(endpoint(INSIDER, 40002), endpoint("198.51.100.25", 25),
                      START + hour, case.isn("smtp"), "taro@bank.example",
                      ["buyer@outside.example"], letter),
        messages.ftp_store(INSIDER, "203.0.113.21", START + 2 * hour,
                           case.isn("ftp"), "customers.csv", body),
        web(40003, packed, START + 3 * hour),
        web(40004, form, START + 4 * hour)]
    for flow in flows:
        case.writer.put_all(flow)
    case.truth.update(
        records=count * 5, channel=["ftp", "http", "smtp"], transfers=5,
        parties=["203.0.113.21", "drop.example", "outside.example"],
        employee=INSIDER, direction="outbound", body_bytes=len(body))


@incident("packed", "3,000 rows gzip'd, behind thirty requests in a row")
def packed(case):
    """One connection; what comes first fills any history of it."""
    count = case.count(3000)
    table = customers.accounts(count + BYSTANDERS, "packed" + case.seed)
    case.customers(table, count, key=2)
    body = messages.gzipped(table.head(count).csv())
    done = messages.response(b"stored\n", kind="text/plain")
    small = messages.request("POST", "/ping", "drop.example", b"x" * 3000,
                             kind="text/plain")
    asked = messages.request("POST", "/put", "drop.example", body,
                             kind="text/csv",
                             more=("Content-Encoding: gzip",))
    case.writer.put_all(messages.http(
        endpoint(case.args.insider, 40112), endpoint(DROP, 80), START,
        case.isn("up"), [(small, done)] * 30 + [(asked, done)]))
    case.truth.update(channel=["http"], parties=["drop.example"],
                      employee=case.args.insider, direction="outbound",
                      transfers=1, body_bytes=len(body))


def _quiet_uploads(case, uploads):
    """Uploads of (file name, type, bytes) that must not alert."""
    done = messages.response(b"stored\n", kind="text/plain")
    start = START
    for i, (file, kind, body) in enumerate(uploads):
        asked = messages.upload_form("share.example", "/upload", file, kind,
                                     body)
        case.writer.put_all(messages.http(
            endpoint(INSIDER, 41000 + i), endpoint(DROP, 80), start,
            case.isn(str(i)), [(asked, done)]))
        start += 120 * 1000000
    case.truth.update(alerts=0, transfers=len(uploads),
                      body_bytes=sum(len(u[2]) for u in uploads))


@incident("quiet-customers", "20 customers: too few to alert")
def quiet_customers(case):
    """A small file, as people send each other every day."""
    count = case.count(20)
    table = customers.accounts(count + BYSTANDERS, "few" + case.seed)
    case.customers(table, count, key=2)
    _quiet_uploads(case, [("team.csv", "text/csv", table.head(count).csv())])


@incident("quiet-orders", "50,000 random 16-digit order numbers")
def quiet_orders(case):
    """One in ten passes Luhn, none is a card; with and without a header."""
    count = case.count(50000)
    source = case.source()
    bare = "\n".join("%016d" % source.below(10 ** 16)
                     for _ in range(count)) + "\n"
    _quiet_uploads(case, [
        ("orders.csv", "text/csv", benign.orders(source, count)),
        ("orders-bare.csv", "text/csv", benign.orders(source, count, False)),
        ("numbers.txt", "text/plain", bare.encode())])


@incident("quiet-logs", "web access logs, plain and gzip'd")
def quiet_logs(case):
    """Times, addresses and ids by the ten thousand."""
    text = benign.log_lines(case.source(), case.count(60000))
    _quiet_uploads(case, [
        ("access.log", "text/plain", text),
        ("access.log.gz", "application/gzip", messages.gzipped(text))])


@incident("quiet-source", "a tarball of program text, plain and gzip'd")
def quiet_source(case):
    """Invented C files; --include FOLDER takes real headers."""
    data = benign.tarball(case.source(), case.count(400), case.args.include)
    _quiet_uploads(case, [
        ("project-1.0.tar", "application/x-tar", data),
        ("project-1.0.tar.gz", "application/gzip", messages.gzipped(data))])


@incident("quiet-purchase", "one customer pays by card")
def quiet_purchase(case):
    """A form with one card number, name and address."""
    asked = messages.request(
        "POST", "/checkout", "shop.example", benign.purchase(),
        kind="application/x-www-form-urlencoded")
    case.writer.put_all(messages.http(
        endpoint(INSIDER, 41900), endpoint(DROP, 80), START, case.isn("buy"),
        [(asked, messages.response(b"<html>Thank you</html>"))]))
    case.truth.update(alerts=0, customers=1, records=1, transfers=1)


@incident("mix", "about 1 GiB of ordinary web traffic (--scale X)")
def web_mix(case):
    """For the benches; see mix.py."""
    case.truth.update(mix.write(case.writer, case.source(), case.source,
                                case.args.scale), alerts=0)


@incident("half-open", "200,000 sessions, each with an unfinished POST")
def half_open(case):
    """Four packets a session: handshake and one segment of 170 bytes."""
    count = case.count(200000)
    head = ("POST /upload HTTP/1.1\r\nHost: drop.example\r\n"
            "User-Agent: batch/1.0\r\nContent-Type: text/csv\r\n"
            "Content-Length: 100000\r\n\r\n")
    part = (head + "id,item,price\n" + "1,table,10\n" * 20).encode()[:170]
    server = endpoint(DROP, 80)
    t = START
    for i in range(count):
        client = endpoint(f"10.{50 + i // 62500}.{i // 250 % 250}.{1 + i % 250}",
                          20000 + i % 40000)
        flow = Tcp(client, server, t, (i * 2654435761, i * 40503 + 7),
                   rtt_us=40)
        case.writer.put_all(flow.open())
        us, frame = next(flow.send(CLIENT, part))
        case.writer.put(us, frame)
        t += 90
    case.truth.update(alerts=0, sessions=count, client_bytes=170 * count)


@incident("incomplete-fragments", "first fragments that never get a second")
def incomplete_fragments(case):
    """A million of them (--n) to many hosts, beside one real upload."""
    count = case.count(1000000)
    table = customers.accounts(500 + BYSTANDERS, "frag" + case.seed)
    case.customers(table, 500, key=2)
    body = table.head(500).csv()
    asked = messages.request("POST", "/put", "drop.example", body,
                             kind="text/csv")
    flow = list(messages.http(
        endpoint(INSIDER, 40112), endpoint(DROP, 80), START, case.isn("up"),
        [(asked, messages.response(b"stored\n"))]))
    every = max(1, count // len(flow))
    eth = endpoint(DROP, 0).mac + endpoint("203.0.113.77", 0).mac + b"\x08\0"
    src, data = bytes((203, 0, 113, 77)), bytes(24)
    for i in range(count):
        if i % every == 0 and i // every < len(flow):
            case.writer.put(START + i, flow[i // every][1])
        dst = struct.pack("!I", 0x0A3C0000 + i % 0xFFFFF)
        case.writer.put(START + i, eth + packets.ipv4(
            src, dst, 17, data, ident=i, frag=0x2000))
    for item in flow[(count - 1) // every + 1:]:
        case.writer.put(START + count, item[1])
    case.truth.update(fragments=count, client_bytes=len(asked), transfers=1,
                      channel=["http"], parties=["drop.example"])


@incident("syn-flood", "SYNs without an answer, around one real upload")
def syn_flood(case):
    """A million (--n) between the first and second half of an upload."""
    count = case.count(1000000)
    table = customers.accounts(500 + BYSTANDERS, "flood" + case.seed)
    case.customers(table, 500, key=2)
    asked = messages.request("POST", "/put", "drop.example",
                             table.head(500).csv(), kind="text/csv")
    flow = list(messages.http(
        endpoint(INSIDER, 40112), endpoint(DROP, 80), START, case.isn("up"),
        [(asked, messages.response(b"stored\n"))]))
    half = len(flow) // 2
    case.writer.put_all(flow[:half])
    server, t = endpoint("10.30.0.5", 80), flow[half - 1][0]
    for i in range(count):
        client = endpoint(f"198.18.{i >> 8 & 255}.{i & 255}",
                          1024 + (i >> 16) * 997)
        case.writer.put_all([next(Tcp(client, server, t + i,
                                      (i * 2654435761, 0)).open())])
    case.writer.put_all((us + count + 1, frame) for us, frame in flow[half:])
    case.truth.update(syns=count, client_bytes=len(asked), transfers=1,
                      channel=["http"], parties=["drop.example"])


@incident("long-flow", "one upload of 5 GB (--n GB), cut at 66 bytes inside")
def long_flow(case):
    """Rows at the start and after 2^32 bytes; all between was not caught."""
    size = case.count(5) * 10 ** 9 // 63000 * 63000
    table = customers.accounts(800 + BYSTANDERS, "long" + case.seed)
    case.customers(table, 800, key=2)
    first = table.head(500).csv()
    last = customers.Table(table.columns, table.types,
                           table.rows[500:800]).csv(header=False)
    head = messages.request("POST", "/put", "drop.example", kind="text/csv",
                            more=(f"X-Size: {size}",)).replace(
        b"Content-Length: 0",
        b"Content-Length: %d" % (len(first) + size + 2 + len(last)))
    flow = Tcp(endpoint(INSIDER, 40112), endpoint(DROP, 80), START,
               case.isn("up"))
    case.writer.put_all(flow.open())
    case.writer.put_all(flow.send(CLIENT, head + first))
    client, server = flow.ends
    for _ in range(size // 63000):
        body = packets.tcp(client.ip, server.ip, 40112, 80, flow.seq[0],
                           flow.seq[1], packets.ACK)
        case.writer.put(flow.t, packets.ethernet(
            server.mac, client.mac, packets.ETH_IPV4, packets.ipv4(
                client.ip, server.ip, 6, body, length=63040)), 63054)
        flow.seq[0] = (flow.seq[0] + 63000) & 0xFFFFFFFF
        flow.t += 500
    case.writer.put_all(flow.send(CLIENT, b"\r\n" + last))
    case.writer.put_all(flow.send(SERVER, messages.response(b"stored\n")))
    case.writer.put_all(flow.close())
    case.truth.update(missing_bytes=size, transfers=1, channel=["http"],
                      parties=["drop.example"], client_bytes=flow.bytes[0])


def main():
    """Read the command line and write one incident."""
    parser = argparse.ArgumentParser(description="write one incident")
    parser.add_argument("name", nargs="?")
    parser.add_argument("outdir", nargs="?")
    parser.add_argument("--n", type=int, help="another number of rows")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--insider", default=INSIDER,
                        help="who uploads a table")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--include", help="folder of headers (quiet-source)")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    if args.list:
        for name, (_, text) in INCIDENTS.items():
            print(f"{name:22} {text}")
        return
    if args.name not in INCIDENTS or not args.outdir:
        parser.error("want one of: " + " ".join(INCIDENTS) + " and OUTDIR")
    case = Case(args.name, args)
    INCIDENTS[args.name][0](case)
    case.finish()
    print(json.dumps(case.truth, sort_keys=True))


if __name__ == "__main__":
    main()
