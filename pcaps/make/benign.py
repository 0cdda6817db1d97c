# SPDX-License-Identifier: GPL-3.0-or-later
"""benign.py - traffic and files that name no customer.

Pages, JSON, logs, program files, source code and orders, for the quiet
incidents and for the large mix that speed is measured on. Made from a seed
alone; nothing is read from the machine unless a folder is named.

It must not contain more than one customer, and that one only in purchase().
"""

import io
import os
import struct
import tarfile

import customers

WORDS = (
    "account time service network system report market update price order "
    "summer winter travel garden music history science water paper stone "
    "city river mountain light sound color window table kitchen recipe "
    "season player league match score season album concert stage theatre "
    "museum gallery street market village bridge station airport train "
    "engine battery screen camera phone laptop keyboard memory storage "
    "release version feature support install config server client request "
    "response cache session header handler buffer stream packet frame "
    "signal filter vector matrix object method class module function value "
    "result error warning level index number string array pointer").split()
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
    "like Gecko) Chrome/108.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/16.1 Safari/605.1.15",
    "curl/7.88.1", "Googlebot/2.1 (+http://www.google.com/bot.html)")
PATHS = ("/", "/index.html", "/news", "/static/site.css", "/static/app.js",
         "/img/logo.png", "/api/v1/items", "/api/v1/search", "/about",
         "/products/list", "/feed.xml")
START_MS = 1312506000000


def words(source, count):
    """Running text of that many words."""
    return " ".join([source.pick(WORDS) for _ in range(count)])


def html_page(source, paragraphs):
    """An article of that many paragraphs, with links and an image or two."""
    title = words(source, 5).capitalize()
    parts = ["<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
             f"<title>{title}</title>\n<link rel=\"stylesheet\" "
             f"href=\"/static/site.{source.bits(32):08x}.css\"></head>\n"
             f"<body>\n<h1>{title}</h1>\n"]
    for i in range(paragraphs):
        parts.append(
            f"<div class=\"box-{i}\"><p>{words(source, 60).capitalize()}.</p>"
            f"\n<a href=\"/a/{source.below(10 ** 6)}?ref={i}\">"
            f"{words(source, 3)}</a>"
            f"<img src=\"/img/{source.bits(40):010x}.jpg\" width=\"640\"></div>"
            "\n")
    parts.append("</body></html>\n")
    return "".join(parts).encode()


def json_items(source, count):
    """An API's answer: things for sale, with ids, times and prices."""
    rows = []
    for _ in range(count):
        rows.append(
            '{"id":%d,"sku":"%s-%06d","title":"%s","price":%d.%02d,'
            '"updated_ms":%d,"stock":%d,"tags":["%s","%s"],"rating":%d.%d}' % (
                source.below(10 ** 9), source.pick(WORDS)[:4].upper(),
                source.below(10 ** 6), words(source, 4), source.below(900),
                source.below(100), START_MS + source.below(10 ** 9),
                source.below(1000), source.pick(WORDS), source.pick(WORDS),
                source.below(5), source.below(10)))
    return ('{"page":1,"items":[' + ",\n".join(rows) + "]}").encode()


def log_lines(source, count):
    """A web server's access log (combined format)."""
    agents = [source.pick(AGENTS) for _ in range(16)]
    lines = []
    second = 0
    for _ in range(count):
        second += source.below(3)
        bits = source.bits(64)
        lines.append(
            '%d.%d.%d.%d - - [05/Aug/2011:%02d:%02d:%02d +0900] "GET %s?id=%d '
            'HTTP/1.1" %d %d "https://www.example.com/a/%d" "%s" %d.%03d\n' % (
                20 + (bits & 127), bits >> 7 & 255, bits >> 15 & 255,
                1 + (bits >> 23 & 127), second // 3600 % 24,
                second // 60 % 60, second % 60,
                PATHS[(bits >> 30) % len(PATHS)], bits >> 40,
                (200, 200, 200, 304, 404)[(bits >> 33) % 5],
                bits >> 37 & 0xFFFF, bits >> 45 & 0xFFFF,
                agents[bits >> 60], bits >> 28 & 3, (bits >> 20) % 1000))
    return "".join(lines).encode()


def image(source, size):
    """Bytes like a JPEG file: its first header, then noise."""
    head = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043")
    return head + source.bytes(size - len(head))


def program(source, size):
    """Bytes like an ELF library: header, code, symbol names, zeros."""
    head = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack(
        "<HHIQQQ", 3, 62, 1, 0x1040, 64, size)
    code = source.bytes(4096)
    names = "\0".join("_" + source.pick(WORDS) + "_" + source.pick(WORDS)
                      for _ in range(200)).encode()
    block = code + b"\x48\x89\xe5\x90" * 512 + names + b"\0" * 2048
    return (head + block * (size // len(block) + 1))[:size]


def orders(source, count, header=True):
    """A shop's orders, each with a random 16-digit order number."""
    lines = ["order_no,placed,sku,quantity,amount,status"] if header else []
    for _ in range(count):
        lines.append("%016d,2011-%02d-%02d,%s-%05d,%d,%d.%02d,%s" % (
            source.below(10 ** 16), 1 + source.below(12),
            1 + source.below(28), source.pick(WORDS)[:4].upper(),
            source.below(10 ** 5), 1 + source.below(9), source.below(500),
            source.below(100), source.pick(("sent", "open", "returned"))))
    return ("\r\n".join(lines) + "\r\n").encode()


def _source_file(source):
    name = f"{source.pick(WORDS)}_{source.pick(WORDS)}"
    lines = [f"/* {name}.c - {words(source, 8)}",
             f" * Copyright (C) {1990 + source.below(20)} the authors",
             " * Report bugs to <bugs@example.org>. */",
             "#include <stdio.h>", ""]
    for _ in range(4 + source.below(30)):
        fn = f"{source.pick(WORDS)}_{source.pick(WORDS)}"
        lines += [f"/* {words(source, 10)} */",
                  f"static int {fn}(struct {source.pick(WORDS)} *p)", "{",
                  f"    unsigned long v = 0x{source.bits(64):016x}UL;",
                  f"    if (p->{source.pick(WORDS)} > {source.below(9999)})",
                  f"        return {source.below(99)};",
                  f"    return (int)(v >> {source.below(32)});", "}", ""]
    table = [f"    0x{source.bits(32):08x}, {source.below(10 ** 10)}u,"
             for _ in range(source.below(60))]
    lines += [f"const unsigned {name}_table[] = {{"] + table + ["};"]
    return name, "\n".join(lines).encode()


def tarball(source, files, folder=None):
    """A tar file of program text: invented, or the headers of a folder."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        texts = []
        if folder:
            for name in sorted(os.listdir(folder)):
                if name.endswith(".h"):
                    with open(os.path.join(folder, name), "rb") as file:
                        texts.append((name[:-2], file.read()))
        else:
            texts = [_source_file(source) for _ in range(files)]
        for i, (name, text) in enumerate(texts):
            info = tarfile.TarInfo(f"project-1.0/src/{i:03}_{name}.c")
            info.size, info.mtime, info.mode = len(text), 1312506000, 0o644
            tar.addfile(info, io.BytesIO(text))
    return held.getvalue()


def purchase(seed="purchase"):
    """The form one customer fills in to pay."""
    row = customers.accounts(1, seed).rows[0]
    fields = {"item": "garden table", "amount": "129.90", "name": row[1],
              "card_number": row[3], "exp": "09/13", "address": row[4],
              "phone": row[5], "email": row[6]}
    safe = "".join(chr(c) for c in range(33, 127) if chr(c).isalnum())
    return "&".join(
        key + "=" + "".join(c if c in safe else "+" if c == " "
                            else f"%{ord(c):02X}" for c in value)
        for key, value in fields.items()).encode()
