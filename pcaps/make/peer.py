#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peer.py - small peers for what no packaged program does on request.

    peer.py proxy ADDRESS PORT            HTTP proxy: absolute URI, CONNECT
    peer.py sink ADDRESS PORT             take one connection, say nothing
    peer.py websocket ADDRESS PORT        accept an upgrade, echo frames
    peer.py bdat-server ADDRESS PORT      SMTP with CHUNKING
    peer.py bdat-client ADDRESS PORT FILE one mail from FILE in BDAT chunks
    peer.py websocket-client ADDRESS PORT handshake and three masked frames
    peer.py send ADDRESS PORT FILE        FILE over plain TCP
    peer.py datagrams ADDRESS PORT FILE   every line of FILE as a datagram
    peer.py pipeline ADDRESS PORT FILE... each FILE by POST, all at once

It must not be used for anything but captures: nothing is checked.
"""

import base64
import hashlib
import selectors
import socket
import sys
import time
from urllib.parse import urlsplit

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def listen(address, port):
    """Connections, one after the other."""
    kind = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen(8)
        while True:
            yield sock.accept()[0]


def head_of(conn):
    """Everything up to the empty line, and what came after it."""
    held = b""
    while b"\r\n\r\n" not in held:
        part = conn.recv(65536)
        if not part:
            return held, b""
        held += part
    head, _, rest = held.partition(b"\r\n\r\n")
    return head, rest


def join(a, b):
    """Carry bytes between two sockets until one ends."""
    watch = selectors.DefaultSelector()
    watch.register(a, selectors.EVENT_READ, b)
    watch.register(b, selectors.EVENT_READ, a)
    while True:
        for key, _ in watch.select(20):
            data = key.fileobj.recv(65536)
            if not data:
                return
            key.data.sendall(data)


def proxy(address, port):
    """The company's proxy; the other side is always 203.0.113.9:80."""
    for conn in listen(address, port):
        head, rest = head_of(conn)
        method, target, version = head.split(b"\r\n")[0].split(b" ")
        with conn, socket.create_connection(("203.0.113.9", 80)) as far:
            if method == b"CONNECT":
                conn.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = urlsplit(target).path or b"/"
                lines = head.split(b"\r\n")[1:]
                far.sendall(b" ".join((method, path, version)) + b"\r\n"
                            + b"\r\n".join(lines) + b"\r\n\r\n")
            far.sendall(rest)
            join(conn, far)


def sink(address, port):
    """Read and forget."""
    for conn in listen(address, port):
        with conn:
            while conn.recv(65536):
                pass


def websocket(address, port):
    """Handshake, then every frame back without its mask."""
    for conn in listen(address, port):
        head, _ = head_of(conn)
        key = next(line.split(b": ")[1] for line in head.split(b"\r\n")
                   if line.lower().startswith(b"sec-websocket-key"))
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        conn.sendall(b"HTTP/1.1 101 Switching Protocols\r\n"
                     b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        with conn:
            while True:
                data = conn.recv(65536)
                if len(data) < 6:
                    break
                mask, body = data[2:6], data[6:6 + (data[1] & 127)]
                body = bytes(b ^ mask[i % 4] for i, b in enumerate(body))
                conn.sendall(bytes((data[0], len(body))) + body)


def websocket_client(address, port):
    """Three short text frames."""
    with socket.create_connection((address, port)) as conn:
        conn.sendall(b"GET /chat HTTP/1.1\r\nHost: chat.example\r\n"
                     b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     b"Sec-WebSocket-Version: 13\r\n\r\n")
        head_of(conn)
        for text in (b"hello", b"lunch at twelve?", b"see you there"):
            mask = b"\x11\x22\x33\x44"
            body = bytes(b ^ mask[i % 4] for i, b in enumerate(text))
            conn.sendall(bytes((0x81, 0x80 | len(body))) + mask + body)
            conn.recv(4096)


def bdat_server(address, port):
    """Just enough SMTP to take BDAT."""
    for conn in listen(address, port):
        lines = conn.makefile("rb")
        conn.sendall(b"220 mx.example ESMTP\r\n")
        for line in lines:
            verb = line.split()[0].upper()
            if verb == b"EHLO":
                conn.sendall(b"250-mx.example\r\n250-PIPELINING\r\n"
                             b"250 CHUNKING\r\n")
            elif verb == b"BDAT":
                lines.read(int(line.split()[1]))
                conn.sendall(b"250 2.0.0 chunk taken\r\n")
            elif verb == b"QUIT":
                conn.sendall(b"221 2.0.0 Bye\r\n")
                break
            else:
                conn.sendall(b"250 2.0.0 Ok\r\n")
        conn.close()


def bdat_client(address, port, name):
    """One mail in chunks of 7,000 bytes, the last one empty."""
    with open(name, "rb") as file:
        mail = file.read()
    with socket.create_connection((address, port)) as conn:
        def say(data):
            conn.sendall(data)
            return conn.recv(4096)
        conn.recv(4096)
        say(b"EHLO pc7.bank.example\r\n")
        say(b"MAIL FROM:<taro@bank.example>\r\n")
        say(b"RCPT TO:<buyer@outside.example>\r\n")
        for at in range(0, len(mail), 7000):
            part = mail[at:at + 7000]
            say(b"BDAT %d\r\n" % len(part) + part)
        say(b"BDAT 0 LAST\r\n")
        say(b"QUIT\r\n")


def send(address, port, name):
    """A file and nothing else."""
    with open(name, "rb") as file, \
            socket.create_connection((address, port)) as conn:
        conn.sendall(file.read())


def datagrams(address, port, name):
    """Line by line, a little apart."""
    with open(name, "rb") as file, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for line in file:
            sock.sendto(line, (address, port))
            time.sleep(0.001)


def pipeline(address, port, *names):
    """All requests before the first answer."""
    asked = b""
    for i, name in enumerate(names):
        with open(name, "rb") as file:
            body = file.read()
        last = b"Connection: close\r\n" if i + 1 == len(names) else b""
        asked += (b"POST /upload/%d HTTP/1.1\r\nHost: drop.example\r\n" % i
                  + b"Content-Type: text/csv\r\n" + last
                  + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    with socket.create_connection((address, port)) as conn:
        conn.sendall(asked)
        while conn.recv(65536):
            pass


if __name__ == "__main__":
    globals()[sys.argv[1].replace("-", "_")](
        sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
