#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cases.py - bad input: one small capture for each thing that goes wrong.

    pcaps/make/cases.py NAME|all OUTDIR
    pcaps/make/cases.py --list

Each case writes OUTDIR/NAME.pcap and OUTDIR/NAME.json: `customers` (how many
of the 150 rows inside must be named; null: any number, but no crash),
`customers_min` where a hole is part of the case, `exit_2` where the file
itself is damaged. Same bytes on every run.

It must not hold a case that cannot be told in a sentence.
"""

import json
import os
import struct
import sys
import zlib

import capfile
import cases_mail
import customers
import messages
import packets
from cases_base import BODY, CASES, DONE, ROWS, case, one_flow
from packets import endpoint
from tcp import SERVER, Tcp

HEAD = ("POST /up HTTP/1.1\r\nHost: drop.example\r\n"
        "Content-Type: text/csv\r\n").encode()
POST = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY

assert cases_mail.CASES is CASES


def body_of(extra, body=BODY):
    """A POST with those header lines instead of a length."""
    return HEAD + extra + b"\r\n" + body


def chunked(body, size=700, ext=b"", last=b"0\r\n\r\n"):
    """A body in chunks."""
    made = []
    for at in range(0, len(body), size):
        part = body[at:at + size]
        made.append(b"%x%s\r\n" % (len(part), ext) + part + b"\r\n")
    return b"".join(made) + last


def http_case(name, text, asked, **truth):
    """Register one request and its answer."""
    case(name, text, **truth)(lambda: one_flow([(asked, DONE)]))


TE = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n"
http_case("http-length-huge", "Content-Length 2^63", body_of(
    LENGTH % (1 << 63)))
http_case("http-length-negative", "Content-Length -5", body_of(LENGTH % -5))
http_case("http-length-ten", "ten lengths, all right", body_of(
    LENGTH % len(BODY) * 10))
http_case("http-length-differ", "two lengths that differ", body_of(
    LENGTH % 10 + LENGTH % len(BODY)), customers_min=149)
http_case("http-length-short", "a length that is too small", body_of(
    LENGTH % 100), customers_min=140)
http_case("http-length-long", "a length that is too large", body_of(
    LENGTH % (len(BODY) + 5000)))
http_case("http-length-and-chunks", "both a length and chunks", body_of(
    LENGTH % 7 + TE, chunked(BODY)))
http_case("http-te-space", "a space before the colon of the encoding",
          body_of(b"Transfer-Encoding : chunked\r\n", chunked(BODY, 9000)),
          customers_min=140)
http_case("http-chunks", "small chunks with extensions and a trailer",
          body_of(TE, chunked(BODY, 33, b";a=b", b"0\r\nX-Sum: 1\r\n\r\n")))
http_case("http-chunks-one-byte", "chunks of one byte", body_of(
    TE, chunked(BODY, 1)))
http_case("http-chunk-2-64", "a chunk of 2^64 bytes", body_of(
    TE, b"10000000000000000\r\n" + BODY), customers_min=0)
http_case("http-chunk-long-ext", "a chunk extension of 1 MB", body_of(
    TE, chunked(BODY, 16384, b";x=" + b"y" * 1000000)), customers_min=0)
http_case("http-chunk-no-last", "no last chunk", body_of(
    TE, chunked(BODY, 700, last=b"")))
http_case("http-bare-lf", "line ends without CR", (
    HEAD + LENGTH % len(BODY)).replace(b"\r\n", b"\n") + b"\n" + BODY)
http_case("http-folded", "a folded header line", body_of(
    b"X-Long: a\r\n  b\r\n" + LENGTH % len(BODY)))
http_case("http-case", "odd case and spaces in header names", body_of(
    b"cOnTeNt-LeNgTh:%d\r\n" % len(BODY)))
http_case("http-headers-100000", "100,000 header lines", body_of(
    b"X-A: b\r\n" * 100000 + LENGTH % len(BODY)), customers_min=0)
http_case("http-line-10mb", "a header line of 10 MB", body_of(
    b"X-A: " + b"b" * 10000000 + b"\r\n" + LENGTH % len(BODY)),
    customers_min=0)
http_case("http-query", "rows in a query string, one request each", b"".join(
    b"GET /b?name=%s&card_number=%s&phone=%s HTTP/1.1\r\n"
    b"Host: drop.example\r\n\r\n" % (
        row[1].replace(" ", "+").encode(), row[3].encode(),
        row[5].replace(" ", "+").encode()) for row in ROWS))
http_case("http-form", "rows in url-encoded forms", b"".join(
    HEAD.replace(b"text/csv", b"application/x-www-form-urlencoded")
    + LENGTH % len(one) + b"\r\n" + one for one in (
        "name={}&account_number={}&card_number={}&email={}".format(
            row[1].replace(" ", "+"), row[2], row[3],
            row[6].replace("@", "%40")).encode() for row in ROWS)))


def deflate(body, bits):
    """zlib (15), raw deflate (-15) or gzip (31)."""
    packer = zlib.compressobj(6, zlib.DEFLATED, bits)
    return packer.compress(body) + packer.flush()


def brotli_stored(body):
    """A brotli stream of uncompressed meta-blocks (RFC 7932, 9.2)."""
    made = b""
    for number, at in enumerate(range(0, len(body), 65536)):
        part = body[at:at + 65536]
        bits = 0 | (len(part) - 1) << 3 | 1 << 19  # ISLAST MNIBBLES MLEN
        size = 20
        if number == 0:
            bits, size = bits << 1, 21             # WBITS 16
        made += bits.to_bytes((size + 7) // 8, "little") + part
    return made + b"\x03"


def zstd_stored(body):
    """A zstd frame of raw blocks (RFC 8878)."""
    made = struct.pack("<IBI", 0xFD2FB528, 0xA0, len(body))
    for at in range(0, len(body), 65536):
        part = body[at:at + 65536]
        last = at + 65536 >= len(body)
        made += (len(part) << 3 | last).to_bytes(3, "little") + part
    return made


def coded(name, text, coding, body, **truth):
    """Register an upload with a content coding."""
    http_case(name, text, body_of(
        b"Content-Encoding: " + coding + b"\r\n" + LENGTH % len(body), body),
        **truth)


coded("http-gzip", "gzip", b"gzip", messages.gzipped(BODY))
coded("http-x-gzip-two", "two gzip members", b"x-gzip",
      messages.gzipped(BODY[:9000]) + messages.gzipped(BODY[9000:]))
coded("http-deflate-zlib", "deflate with its zlib head", b"deflate",
      deflate(BODY, 15))
coded("http-deflate-raw", "deflate without a head", b"deflate",
      deflate(BODY, -15))
coded("http-br", "brotli", b"br", brotli_stored(BODY))
coded("http-zstd", "zstd", b"zstd", zstd_stored(BODY))
coded("http-gzip-twice", "gzip of gzip", b"gzip, gzip",
      messages.gzipped(messages.gzipped(BODY)))
TEN = BODY
for _ in range(10):
    TEN = messages.gzipped(TEN)
coded("http-gzip-ten", "gzip ten times", b"gzip", TEN, customers_min=0)
coded("http-gzip-cut", "a gzip stream without its end", b"gzip",
      messages.gzipped(BODY)[:-200], customers_min=140)
HALF = messages.gzipped(BODY)
coded("http-gzip-broken", "a gzip stream broken in the middle", b"gzip",
      HALF[:len(HALF) // 2] + b"\xff" * 20 + HALF[len(HALF) // 2 + 20:],
      customers_min=40)
coded("http-gzip-lie", "said to be gzip and is not", b"gzip", BODY)
coded("http-unknown-coding", "a coding nobody knows", b"sdch", BODY,
      customers_min=0)
http_case("http-te-gzip", "gzip as a transfer coding", body_of(
    b"Transfer-Encoding: gzip, chunked\r\n", chunked(messages.gzipped(BODY))))
ZEROS = messages.gzipped(bytes(1 << 26))
coded("http-bomb", "64 MiB of zeros in gzip, then a good upload", b"gzip",
      ZEROS, customers=0)


@case("http-pipelined-10000", "10,000 pipelined requests, then the upload")
def pipelined():
    """One flow, answered only at the end."""
    many = b"GET /a HTTP/1.1\r\nHost: drop.example\r\n\r\n" * 10000
    return one_flow([(many + POST, DONE * 3)])


@case("http-strange-port", "HTTP on port 25")
def strange_port():
    """Known by its bytes."""
    return one_flow([(POST, DONE)], port=25)


@case("http-no-host", "no Host header: the party is the address")
def no_host():
    """As HTTP/1.0 allows."""
    return one_flow([(POST.replace(b"Host: drop.example\r\n", b""), DONE)])


@case("http-refused", "the server answers 403")
def refused():
    """The data left all the same."""
    return one_flow([(POST, messages.response(
        b"no\n", status="403 Forbidden"))])


@case("http-put-ranges", "an upload in three ranges, three connections")
def put_ranges():
    """Content-Range with PUT; rows at the seams are whole again."""
    third = len(BODY) // 3 + 1
    start = 0
    for i in range(3):
        part = BODY[i * third:(i + 1) * third]
        head = (b"PUT /c.csv HTTP/1.1\r\nHost: drop.example\r\n"
                b"Content-Type: text/csv\r\n"
                b"Content-Range: bytes %d-%d/%d\r\n" % (
                    i * third, i * third + len(part) - 1, len(BODY)))
        yield from one_flow([(head + LENGTH % len(part) + b"\r\n" + part,
                              DONE)], client_port=40112 + i, delay=start)
        start += 2000000


def masked(data, key=b"\x37\xfa\x21\x3d"):
    """A WebSocket's text message as a client sends it."""
    return (struct.pack("!BBH", 0x81, 0xFE, len(data)) + key
            + bytes(byte ^ key[i & 3] for i, byte in enumerate(data)))


@case("http-websocket", "an upload in masked messages of 1,000 bytes")
def websocket():
    """Behind an upgrade."""
    asked = (b"GET /feed HTTP/1.1\r\nHost: drop.example\r\n"
             b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    given = (b"HTTP/1.1 101 Switching Protocols\r\n"
             b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    sent = b"".join(masked(BODY[i:i + 1000])
                    for i in range(0, len(BODY), 1000))
    return one_flow([(asked, given), (sent, b"\x81\x02ok")])


@case("http-until-close", "a response that ends with the connection")
def until_close():
    """No length, no chunks; the receiver is outside."""
    flow = Tcp(endpoint("203.0.113.50", 51000), endpoint("10.30.0.5", 80),
               1312506123000000)
    yield from flow.open()
    yield from flow.send(0, b"GET /c.csv HTTP/1.0\r\n\r\n")
    yield from flow.send(SERVER, b"HTTP/1.0 200 OK\r\n"
                         b"Content-Type: text/csv\r\n\r\n" + BODY)
    yield from flow.close(SERVER)


def good_packets():
    """An ordinary upload as (time, frame)."""
    return list(one_flow([(POST, DONE)]))


def file_of(frames, order="<", magic=0xA1B2C3D4):
    """A pcap file as bytes, whatever its records say."""
    made = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, 1)]
    for us, frame in frames:
        made.append(struct.pack(order + "IIII", us // 1000000, us % 1000000,
                                len(frame), len(frame)) + frame)
    return made


def raw_case(name, text, make, **truth):
    """Register a case that writes its own file."""
    CASES[name] = (make, text, dict({"customers": 150}, **truth), True)


def _damaged(record):
    parts = file_of(good_packets())
    return b"".join(parts[:12]) + record + b"".join(parts[12:])


raw_case("file-empty", "a file of no bytes", lambda: b"", customers=0,
         exit_2=True)
raw_case("file-no-packets", "a head and nothing else",
         lambda: file_of([])[0], customers=0)
raw_case("file-cut", "cut in the middle of the last record",
         lambda: b"".join(file_of(good_packets()))[:-30], exit_2=True)
raw_case("file-cut-head", "cut in the file's head",
         lambda: file_of([])[0][:13], customers=0, exit_2=True)
raw_case("file-record-4g", "a record of 0xFFFFFFFF bytes", lambda: _damaged(
    struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF)), customers_min=20,
    exit_2=True)
raw_case("file-record-300k", "a record longer than the snap length",
         lambda: _damaged(struct.pack("<IIII", 0, 0, 300000, 300000)),
         customers_min=20, exit_2=True)
raw_case("file-garbage", "text, not a capture",
         lambda: b"id,name,phone\r\n" * 50, customers=0, exit_2=True)
raw_case("file-link-type", "a link type nobody reads", lambda: struct.pack(
    "<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 147)
    + b"".join(file_of(good_packets())[1:]), customers=0, exit_2=True)
for WORD, SHIFT in (("1970", -1312506123), ("2038", 2147483600 - 1312506123),
                    ("2106", 4294967000 - 1312506123)):
    raw_case("time-" + WORD, f"all times about the end of {WORD}",
             lambda s=SHIFT: b"".join(file_of([
                 (us + s * 1000000, frame) for us, frame in good_packets()])))
raw_case("time-ten-years", "the clock jumps by ten years in mid-upload",
         lambda: b"".join(file_of([
             (us + (i > 9) * 315360000 * 1000000, frame)
             for i, (us, frame) in enumerate(good_packets())])))


@case("frames-short", "frames of 0 to 60 bytes beside an upload")
def short_frames():
    """Runts of every length of every kind of packet."""
    good = good_packets()
    for i, (us, frame) in enumerate(good):
        yield us, frame
        if i < 6:
            for size in range(60):
                yield us, frame[:size]


@case("fragments-teardrop", "overlapping, tiny and oversized fragments")
def teardrop():
    """Beside an upload: teardrop, ping of death, 8 bytes, offset without
    first."""
    good = good_packets()
    src, dst = bytes((203, 0, 113, 77)), bytes((10, 20, 0, 7))
    eth = endpoint("10.20.0.7", 0).mac + endpoint("203.0.113.77", 0).mac
    for i, (us, frame) in enumerate(good):
        yield us, frame
        for offset, size, more in ((0, 36, 1), (3, 4, 0), (8191, 1480, 0),
                                   (8189, 1480, 1), (0, 8, 1), (1, 8, 0),
                                   (5, 0, 1), (0, 0, 1)):
            yield us, eth + b"\x08\0" + packets.ipv4(
                src, dst, 17, bytes(size), ident=i,
                frag=more << 13 | offset)


@case("options-mad", "IP and TCP options that lie about their length")
def mad_options():
    """Beside an upload, on packets of their own."""
    good = good_packets()
    src, dst = endpoint("203.0.113.77", 81), endpoint("10.20.0.7", 82)
    eth = dst.mac + src.mac + b"\x08\0"
    source = customers.Source("options")
    for us, frame in good:
        yield us, frame
        noise = source.bytes(40)
        body = packets.tcp(src.ip, dst.ip, 81, 82, 1, 1, 16, b"x",
                           options=noise)
        yield us, eth + packets.ipv4(src.ip, dst.ip, 6, body)
        yield us, eth + packets.ipv4(src.ip, dst.ip, 6, body, options=noise)
        for offset in (0, 0x10, 0x40, 0xF0):
            yield us, eth + packets.ipv4(
                src.ip, dst.ip, 6, body[:12] + bytes((offset,)) + body[13:24])


def write(name, folder):
    """One case into a folder."""
    make, text, truth, raw = CASES[name]
    path = os.path.join(folder, name + ".pcap")
    if raw:
        with open(path, "wb") as file:
            file.write(make())
    else:
        out = capfile.Writer(path)
        out.put_all(make())
        out.close()
    truth = dict(truth, case=name, text=text)
    with open(os.path.join(folder, name + ".json"), "w",
              encoding="utf-8") as file:
        json.dump(truth, file, indent=1, sort_keys=True)
        file.write("\n")


def main(words):
    """The command line."""
    if words[:1] == ["--list"]:
        for name, (_, text, _, _) in CASES.items():
            print(f"{name:24} {text}")
        return
    if len(words) != 2 or words[0] != "all" and words[0] not in CASES:
        raise SystemExit(__doc__)
    os.makedirs(words[1], exist_ok=True)
    for name in CASES if words[0] == "all" else words[:1]:
        write(name, words[1])


if __name__ == "__main__":
    main(sys.argv[1:])
