# SPDX-License-Identifier: GPL-3.0-or-later
"""tcp.py - write one TCP conversation as a tap in the middle would see it.

Handshake with the options Linux offers, segments of 1,448 bytes with
timestamps, a congestion window that grows with the ACKs, an ACK for every
second segment one round trip later (so ACKs and data interleave), ACKs
carried by data where there is some, FIN from either side.

Every method is a generator of (microseconds, frame); a caller may interleave
several conversations by time. It must not know what the bytes mean.
"""

from collections import deque

from packets import ACK, FIN, PSH, RST, SYN, FastFrames

CLIENT, SERVER = 0, 1
FIRST_WINDOW = 10
LAST_WINDOW = 120
DELAYED_ACK_US = 40000


class Tcp:
    """Both ends of one connection, and the clock between them."""

    def __init__(self, client, server, start_us, isn=(1000, 500000), *,
                 rtt_us=400, gap_us=12):
        self.t = start_us
        self.rtt_us = rtt_us
        self.gap_us = gap_us
        self.ends = (client, server)
        self.out = (FastFrames(client, server), FastFrames(server, client))
        self.mss = 1448 if len(client.ip) == 4 else 1428
        self.seq = [isn[0] & 0xFFFFFFFF, isn[1] & 0xFFFFFFFF]
        self.window = [FIRST_WINDOW, FIRST_WINDOW]
        self.owed = [0, 0]  # segments this side has got and not yet ACKed
        self.clock = [isn[0] % 900000007, isn[1] % 900000011]
        self.bytes = [0, 0]

    def _stamps(self, side, t):
        mine = (self.clock[side] + t // 1000) & 0xFFFFFFFF
        theirs = (self.clock[1 - side] + (t - self.rtt_us) // 1000)
        return mine, theirs & 0xFFFFFFFF

    def _frame(self, side, t, flags, payload=b""):
        return t, self.out[side].build(
            self.seq[side], self.seq[1 - side], flags, 2048,
            self._stamps(side, t), payload)

    def wait(self, us):
        """Let time pass; an ACK that was put off is sent in it."""
        for side in (CLIENT, SERVER):
            if self.owed[side] and us >= DELAYED_ACK_US:
                self.owed[side] = 0
                yield self._frame(side, self.t + DELAYED_ACK_US, ACK)
        self.t += us

    def open(self):
        """The three packets of the handshake."""
        half = self.rtt_us // 2
        mine = self._stamps(CLIENT, self.t)[0]
        yield self.t, self.out[CLIENT].syn(self.seq[CLIENT], 0, SYN, (mine, 0))
        self.seq[CLIENT] = (self.seq[CLIENT] + 1) & 0xFFFFFFFF
        self.t += half
        theirs = self._stamps(SERVER, self.t)[0]
        yield self.t, self.out[SERVER].syn(
            self.seq[SERVER], self.seq[CLIENT], SYN | ACK, (theirs, mine))
        self.seq[SERVER] = (self.seq[SERVER] + 1) & 0xFFFFFFFF
        self.t += half
        yield self._frame(CLIENT, self.t, ACK)
        self.t += 20

    def send(self, side, data):
        """Data from one side, with the ACKs of the other."""
        other = 1 - side
        build, back = self.out[side].build, self.out[other].build
        mss, gap, rtt = self.mss, self.gap_us, self.rtt_us
        flight, window = self.owed[other], self.window[side]
        seq, ack, t = self.seq[side], self.seq[other], self.t
        due = deque()
        pending = self.owed[other]
        self.owed[side] = 0
        size = len(data)
        stamps = self._stamps
        for pos in range(0, size, mss):
            while due and (due[0][0] <= t or flight >= window):
                when, upto = due.popleft()
                t = max(t, when)
                yield when, back(ack, upto, ACK, 2048, stamps(other, when),
                                 b"")
                flight -= 2
                window = min(window + 1, LAST_WINDOW)
            chunk = data[pos:pos + mss]
            flags = PSH | ACK if pos + mss >= size else ACK
            yield t, build(seq, ack, flags, 2048, stamps(side, t), chunk)
            seq = (seq + len(chunk)) & 0xFFFFFFFF
            flight += 1
            pending += 1
            if pending == 2:
                due.append((t + rtt, seq))
                pending = 0
            t += gap
        for when, upto in due:
            t = max(t, when)
            yield when, back(ack, upto, ACK, 2048, stamps(other, when), b"")
        self.seq[side], self.t = seq, t + gap
        self.owed[other], self.window[side] = pending, max(
            FIRST_WINDOW, window)
        self.bytes[side] += size

    def close(self, side=CLIENT):
        """FIN from that side, then from the other, then the last ACK."""
        other = 1 - side
        yield self._frame(side, self.t, FIN | ACK)
        self.seq[side] = (self.seq[side] + 1) & 0xFFFFFFFF
        self.t += self.rtt_us
        self.owed = [0, 0]
        yield self._frame(other, self.t, FIN | ACK)
        self.seq[other] = (self.seq[other] + 1) & 0xFFFFFFFF
        self.t += 30
        yield self._frame(side, self.t, ACK)
        self.t += 10

    def reset(self, side=CLIENT):
        """RST with the next sequence number."""
        yield self._frame(side, self.t, RST | ACK)
        self.t += 10
