#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the seeds of fuzz_decoders: examples for each decoder and for chains.

The first byte is the place in decoders.def; four more than its rows are
chains: with holes, and run twice, each from the start and in mid-stream. The seeds are kept in the tree:
run this again when the table changes.
"""
import bz2
import gzip
import lzma
import pathlib
import re
import zlib

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "../../sensor/decode/decoders.def"
DOCUMENTS = HERE / "../unit/decode/documents"
ROWS = b"name,phone\n" + b"".join(b"taro%d,03-%08d\n" % (i, i * 7919)
                                  for i in range(20))


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def post(headers, body, length=True):
    head = b"POST /up?q=12345678 HTTP/1.1\r\nHost: a.example\r\n" + headers
    if length:
        head += b"Content-Length: %d\r\n" % len(body)
    return head + b"\r\n" + body


FORM = (b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        b"--b\r\nContent-Disposition: form-data; name=f; "
        b"filename*=utf-8''%e5%90%8d.csv\r\nContent-Transfer-Encoding: "
        b"base64\r\n\r\nbmFtZSxwaG9uZQ==\r\n--b--\r\n")
MAIL = (b"From: a@b.example\r\nSubject: =?UTF-8?B?5ZCN?=\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + FORM)
CHUNKS = b"5\r\nname,\r\n5;x=y\r\nphone\r\n0\r\nT: 1\r\n\r\n"
HELLO = (b"\x16\x03\x01\x00\x49\x01\x00\x00\x45\x03\x03" + b"7" * 32 +
         b"\x00\x00\x02\x13\x01\x01\x00\x00\x1a\xff\x01\x00\x01\x00"
         b"\x00\x00\x00\x11\x00\x0f\x00\x00\x0cdrop.example")
SOCKET = (b"GET /c HTTP/1.1\r\nUpgrade: websocket\r\n\r\n" + b"".join(
    bytes((first, 0x80 | len(data), 0, 0, 0, 0)) + data for first, data in (
        (0x81, b"a,b"), (0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\0"),
        (0x01, b"taro,03-"), (0x89, b"ping"), (0x80, b"1234-567"),
        (0x82, b"taro,03-1234-567"))))
FRAMES = (b"\0\0\0\4\0\0\0\0\0" b"\0\0\3\1\4\0\0\0\1\x82\x86\x84"
          b"\0\0\6\0\x09\0\0\0\1\2c,d\0\0" b"\0\0\3\0\1\0\0\0\3x,y")
SEEDS = {
    "http2": [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + FRAMES],
    "http": [post(b"", ROWS),
             post(b"Transfer-Encoding: chunked\r\n", CHUNKS, False),
             b"HTTP/1.1 200 OK\r\n\r\n" + ROWS,
             b"CONNECT a.example:443 HTTP/1.1\r\n\r\n\x16\x03\x01",
             SOCKET],
    "smtp": [b"220 a ESMTP\r\n", b"EHLO a\r\nMAIL FROM:<a@b>\r\n"
             b"RCPT TO:<c@d>\r\nDATA\r\n" + MAIL + b"\r\n.\r\nQUIT\r\n",
             b"MAIL FROM:<a@b>\r\nBDAT 4\r\na,b\nBDAT 0 LAST\r\nQUIT\r\n",
             b"EHLO a\r\nAUTH LOGIN\r\ndGFybw==\r\nAUTH PLAIN AGEAYg==\r\n"
             b"RSET\r\nNOOP taro,03\r\nrow,1\r\nSTARTTLS\r\n"],
    "ftp": [b"USER a\r\nPASS b\r\nPORT 10,0,0,1,4,1\r\nSTOR q.csv\r\n"
            b"EPRT |2|::1|999|\r\nEPSV\r\nRETR x\r\nSITE row\r\n",
            b"220 FTP\r\n331 x\r\n230 x\r\n227 x (10,0,0,1,4,1)\r\n"
            b"229 x (|||999|)\r\n150 FILE: a\r\n234 x\r\n"],
    "tls": [HELLO + b"\x17\x03\x03\x00\x02ab",
            b"\x17\x03\x03\x00\x02ab" * 3 + ROWS],
    "ssh": [b"SSH-2.0-client\r\n\x00\x00\x00\x0c\x01"],
    "quic": [b"\xc3\0\0\0\1\x08" + b"\1" * 8 + b"\0\0\x44\0" + b"\x91" * 1200,
             b"\xe3\0\0\0\1\0\0\1z"],
    "dtls": [b"\x16\xfe\xff" + b"\0" * 9 + b"\2zz"],
    "wireguard": [b"\1\0\0\0" + b"\x91" * 144],
    "raw": [ROWS],
    "gzip": [gzip.compress(ROWS, mtime=0) * 2],
    "zstd": [bytes.fromhex("28b52ffd0458750000406865 6c6c6f2c200a0100"
                           "e28a1121699d87".replace(" ", ""))],
    "xz": [lzma.compress(ROWS), lzma.compress(ROWS, lzma.FORMAT_ALONE)],
    "bzip2": [bz2.compress(ROWS)],
    "deflate": [deflate(ROWS), zlib.compress(ROWS)],
    "zlib": [zlib.compress(ROWS)],
    "brotli": [b"\x8b\t\x80hello, hello, hello\n\x03"],
    "base64": [b"bmFt\r\nZSxw!aG9u\r\nZQ==\r\n"],
    "uuencode": [b"see\nbegin 644 c.csv\n*;F%M92QP:&]N90\n`\nend\nmore\n"
                 b"begin-base64 644 d\nYSxi\n====\n"],
    "quoted": [b"na=6De,=\r\nphone=2c = \r\nx=ZZ="],
    "multipart": [b"pre\r\n" + FORM + b"post", FORM.replace(b"\r", b"")],
    "mime": [MAIL],
    "urlencoded": [b"name=Suzuki+Taro&tel=%2B81&x&=y&&csv=a%0Ab%zz&name=b"],
}
SEEDS |= {name: [(DOCUMENTS / file).read_bytes() for file in files]
          for name, files in {
              "cfb": ["cells.xls", "mail.msg", "office.doc", "loop.xls"],
              "rtf": ["words.rtf"],
              "sqlite": ["utf8.db", "utf16be.db", "log.wal"],
              "zip": ["cells.xlsb"]}.items()}
CHAINS = [
    post(b"Content-Type: multipart/form-data; boundary=b\r\n", FORM),
    post(b"Content-Encoding: gzip, br\r\n", gzip.compress(ROWS, mtime=0)),
    post(b"Content-Type: message/rfc822\r\n", MAIL),
    ROWS + post(b"", ROWS) * 2,
    b"EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + MAIL +
    b"\r\n.\r\nSTARTTLS\r\n" + HELLO,
    b"CONNECT a.example:443 HTTP/1.1\r\n\r\n" + HELLO + ROWS,
    ROWS + b"MAIL FROM:<a@b>\r\nDATA\r\n" + ROWS + b".\r\n" + HELLO,
]


def main():
    names = re.findall(r"^DECODER\((\w+)\)", TABLE.read_text(), re.M)
    out = HERE / "seeds" / "decoders"
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*-[0-9]"):
        old.unlink()
    for place, name in enumerate(names):
        for i, seed in enumerate(SEEDS.get(name, [])):
            (out / f"{name}-{i}").write_bytes(bytes([place, i]) + seed)
    for i, seed in enumerate(CHAINS):
        for late in range(4):
            head = bytes([len(names) + late, i])
            (out / f"chain-{i}-{late}").write_bytes(head + seed)


if __name__ == "__main__":
    main()
