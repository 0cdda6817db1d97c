# SPDX-License-Identifier: GPL-3.0-or-later
"""traffic.py - small uploads one after the other, until it is told to stop.

    traffic.py posts ADDRESS FOLDER PERIOD
    traffic.py one ADDRESS FOLDER PERIOD

Sends FOLDER/0, FOLDER/1 ... to http://ADDRESS/upload, PERIOD seconds apart:
`posts` each over a connection of its own, `one` all as the body of one slow
request. Writes a line "NUMBER BEGIN END" (wall clock) for each that was sent.
SIGTERM ends it behind a whole one.
"""

import http.client
import os
import signal
import socket
import sys
import time

GO = [True]


def listed(folder):
    """(number, bytes) of every file, until it is told to stop."""
    number = 0
    while GO and os.path.exists(os.path.join(folder, str(number))):
        with open(os.path.join(folder, str(number)), "rb") as file:
            yield number, file.read()
        number += 1


def post(address, body):
    """One upload by the library's own client."""
    conn = http.client.HTTPConnection(address, 80, timeout=10)
    conn.request("POST", "/upload", body,
                 {"Host": "drop.example", "Content-Type": "text/csv"})
    answer = conn.getresponse()
    answer.read()
    conn.close()
    return answer.status


def posts(address, folder, period):
    """A connection each."""
    for number, body in listed(folder):
        begin = time.time()
        if post(address, body) != 201:
            raise SystemExit(f"{number} was refused")
        print(number, begin, time.time(), flush=True)
        time.sleep(period)


def one(address, folder, period):
    """A body that grows."""
    with socket.create_connection((address, 80)) as conn:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conn.sendall(b"POST /upload HTTP/1.1\r\nHost: slow.example\r\n"
                     b"Content-Type: text/csv\r\n"
                     b"Content-Length: 1000000000\r\n\r\n")
        for number, body in listed(folder):
            if number > 0:
                body = body[body.index(b"\n") + 1:]  # one header is enough
            begin = time.time()
            conn.sendall(body)
            print(number, begin, time.time(), flush=True)
            time.sleep(period)


def main(how, address, folder, period):
    """The command line."""
    signal.signal(signal.SIGTERM, lambda *_: GO.clear())
    {"posts": posts, "one": one}[how](address, folder, float(period))


if __name__ == "__main__":
    main(*sys.argv[1:])
