# SPDX-License-Identifier: GPL-3.0-or-later
"""mix.py - about a gigabyte of ordinary web traffic, for measuring speed.

The shape of the mix measured in the performance notes: 25,000 connections of
one request, some dozens of long keep-alive connections beside them, pages,
JSON (one answer in ten gzip'd), images, programs, logs and uploads. 48 lanes
run at once and are merged by time; each lane is a generator, so memory does
not grow with the size.

It must not contain a customer.
"""

import heapq

import benign
import messages
from packets import endpoint
from tcp import CLIENT, SERVER, Tcp

LANES = 48
LONG_LANES = 20
SHORT_CONNECTIONS = 25000
LONG_BYTES = 588 * 1000 * 1000  # on the keep-alive connections, --scale 1


class Pool:
    """Bodies made once and sent many times, larger for the long lanes."""

    def __init__(self, source, long):
        more = 3 if long else 1
        make = benign
        self.pages = [make.html_page(source, 3 + source.below(22 * more))
                      for _ in range(120)]
        self.items = [make.json_items(source, 8 + source.below(70 * more))
                      for _ in range(120)]
        self.packed = [messages.gzipped(
            make.json_items(source, 40 + source.below(420)))
            for _ in range(60)]
        self.images = [make.image(source, 3000 + source.below(26000 * more))
                       for _ in range(120)]
        self.programs = [
            make.program(source, 20000 + source.below(140000 * more))
            for _ in range(12)]
        self.logs = [make.log_lines(source, 50 + source.below(250 * more))
                     for _ in range(20)]

    def get(self, source):
        """(target, response) of one download."""
        kind = source.below(100)
        number = source.below(10 ** 7)
        if kind < 33:
            return f"/a/{number}.html", messages.response(
                source.pick(self.pages), more=(
                    f"Set-Cookie: sid={source.bits(128):032x}; Path=/",))
        if kind < 57:
            return f"/api/v1/items?page={number}", messages.response(
                source.pick(self.items), kind="application/json")
        if kind < 69:
            return f"/api/v2/items?page={number}", messages.response(
                source.pick(self.packed), kind="application/json",
                more=("Content-Encoding: gzip",))
        if kind < 90:
            return f"/img/{number}.jpg", messages.response(
                source.pick(self.images), kind="image/jpeg")
        if kind < 94:
            return f"/logs/{number}.txt", messages.response(
                source.pick(self.logs), kind="text/plain")
        return f"/lib/{number}.so", messages.response(
            source.pick(self.programs), kind="application/octet-stream")

    def exchange(self, source):
        """One request and its response; one in ten is an upload."""
        if source.below(10) == 0:
            done = messages.response(b'{"ok":true}', status="201 Created",
                                     kind="application/json")
            if source.below(2):
                return messages.request(
                    "POST", "/api/v1/items", "www.example.com",
                    source.pick(self.items), kind="application/json"), done
            return messages.upload_form(
                "www.example.com", "/upload", "photo.jpg", "image/jpeg",
                source.pick(self.images)), done
        target, answer = self.get(source)
        return messages.request("GET", target, "www.example.com", more=(
            f"Cookie: sid={source.bits(128):032x}",)), answer


def _short_lane(lane, source, pool, count, state):
    """Connections of one request, one after the other."""
    t = 1312506000000000 + lane * 731
    server = endpoint("10.30.0.10", 80)
    for i in range(count):
        client = endpoint(f"10.40.{lane}.{1 + i % 200}",
                          1024 + (i * 7 + lane) % 60000)
        flow = Tcp(client, server, t, (source.bits(32), source.bits(32)))
        yield from flow.open()
        asked, answer = pool.exchange(source)
        yield from flow.send(CLIENT, asked)
        yield from flow.wait(400)
        yield from flow.send(SERVER, answer)
        yield from flow.close(SERVER)
        state["bytes"] += len(asked) + len(answer)
        state["transactions"] += 1
        state["connections"] += 1
        t = flow.t + 500


def _long_lane(lane, source, pool, share, state):
    """One keep-alive connection until its share of the bytes is sent."""
    client = endpoint(f"10.40.{lane}.250", 50000 + lane)
    flow = Tcp(client, endpoint("10.30.0.10", 80),
               1312506000000000 + lane * 731,
               (source.bits(32), source.bits(32)))
    yield from flow.open()
    state["connections"] += 1
    sent = 0
    while sent < share:
        asked, answer = pool.exchange(source)
        yield from flow.send(CLIENT, asked)
        yield from flow.wait(400)
        yield from flow.send(SERVER, answer)
        yield from flow.wait(2000)
        sent += len(asked) + len(answer)
        state["transactions"] += 1
    state["bytes"] += sent
    yield from flow.close()


def write(writer, source, seeded, scale):
    """The whole mix into a writer; gives what was written."""
    pools = Pool(source, False), Pool(source, True)
    state = {"bytes": 0, "transactions": 0, "connections": 0}
    short = LANES - LONG_LANES
    count = max(1, int(SHORT_CONNECTIONS * scale / short))
    share = LONG_BYTES * scale / LONG_LANES
    lanes = [_short_lane(i, seeded(f"short{i}"), pools[0], count, state)
             for i in range(short)]
    lanes += [_long_lane(short + i, seeded(f"long{i}"), pools[1], share, state)
              for i in range(LONG_LANES)]
    writer.put_all(heapq.merge(*lanes))
    return state
