# SPDX-License-Identifier: GPL-3.0-or-later
"""mut_flow.py - what networks and taps do to a flow: loss, order, cuts.

Each function takes (capture, segments, source) and its own settings and
gives the new list of segments, in file order with file times. Nothing here
is an attack; those are in mut_forge.py.
"""

from packets import ACK, FIN, PSH, RST, SYN, URG
from segments import CLIENT, SERVER, Capture, shift

FLOW = {}


def flow(name, text):
    """Register a mutation of segments."""
    def note(function):
        FLOW[name] = (function, text)
        return function
    return note


def data_indices(segs, side=CLIENT):
    """Where the segments with payload of one side are."""
    return [i for i, s in enumerate(segs) if s.side == side and s.payload]


def side_of(text):
    """A side from its name."""
    return SERVER if text == "server" else CLIENT


def in_time_order(order, segs):
    """The same frames in a new order under the old, rising times."""
    times = sorted(s.t for s in segs)
    return [s.moved(t) for s, t in zip(order, times)]


def _place(segs, at, side=CLIENT):
    where = data_indices(segs, side)
    return where[min(len(where) - 1, int(len(where) * at))]


@flow("clean", "nothing is changed")
def clean(_capture, segs, _source):
    """The capture as it is."""
    return list(segs)


@flow("drop-one", "one data segment is lost: at=0.1 side=client")
def drop_one(_capture, segs, _source, at=0.1, side="client"):
    """The tap misses one segment; its receiver does not."""
    gone = _place(segs, at, side_of(side))
    return segs[:gone] + segs[gone + 1:]


@flow("loss", "every packet is lost with probability p=0.01")
def loss(_capture, segs, source, p=0.01):
    """The tap misses packets at random."""
    return [s for s in segs if not source.real() < p]


@flow("loss-data", "every data segment is lost with probability p=0.01")
def loss_data(_capture, segs, source, p=0.01):
    """Only segments with payload are missed."""
    return [s for s in segs if not s.payload or not source.real() < p]


@flow("swap", "adjacent packets are swapped")
def swap(_capture, segs, _source):
    """Pairs after the handshake change places."""
    order = list(segs)
    for i in range(3, len(order) - 1, 2):
        order[i], order[i + 1] = order[i + 1], order[i]
    return in_time_order(order, segs)


@flow("jitter", "packets are recorded up to n=8 places late")
def jitter(_capture, segs, source, n=8):
    """Nothing is lost, the order is."""
    keyed = sorted((i + source.below(n + 1), i) for i in range(len(segs)))
    return in_time_order([segs[i] for _, i in keyed], segs)


@flow("reorder", "p=0.02 of the data is delayed by 3-8 places, dup=0.01 twice")
def reorder(_capture, segs, source, p=0.02, dup=0.01):
    """A tap with several queues: ACKs overtake the data."""
    keyed = []
    for i, seg in enumerate(segs):
        late = (3 + source.below(6) + 0.5
                if seg.payload and source.real() < p else 0)
        keyed.append((i + late, i))
        if source.real() < dup:
            keyed.append((i + late + 1.5, i))
    keyed.sort()
    order = [segs[i] for _, i in keyed]
    times = sorted(s.t for s in order)
    return [s.moved(t) for s, t in zip(order, times)]


@flow("acks-first", "the server's packets are recorded us=2000 early")
def acks_first(_capture, segs, _source, us=2000, handshake=0):
    """Two ports of a tap merged badly: ACKs come before their data."""
    made = [s if s.side != SERVER or (s.flags & SYN and not handshake)
            else s.moved(s.t - us) for s in segs]
    begin = segs[0].t
    made = [s if s.t >= begin or handshake else s.moved(begin) for s in made]
    return sorted(made, key=lambda s: s.t)


@flow("dup", "every packet is recorded twice")
def dup(_capture, segs, _source):
    """A span of both ports."""
    return [s for s in segs for s in (s, s)]


@flow("dup-random", "packets are recorded twice with probability p=0.3")
def dup_random(_capture, segs, source, p=0.3):
    """The second copy comes at once."""
    return [s for one in segs for s in
            ((one, one) if source.real() < p else (one,))]


@flow("dup-reorder", "p=0.3 twice, and all of it n=8 places out of order")
def dup_reorder(capture, segs, source, p=0.3, n=8):
    """Duplicates that come late."""
    return jitter(capture, dup_random(capture, segs, source, p), source, n)


def _is_syn(seg, side):
    return seg.side == side and seg.flags & SYN


def third_ack(segs):
    """Where the ACK that ends the handshake is, or None."""
    for i, seg in enumerate(segs):
        if seg.side == CLIENT and not seg.flags & SYN:
            return i if not seg.payload else None
    return None


@flow("no-syn", "the SYN was not recorded")
def no_syn(_capture, segs, _source):
    """The capture has SYN/ACK and the rest."""
    return [s for s in segs if not _is_syn(s, CLIENT)]


@flow("no-synack", "the SYN/ACK was not recorded")
def no_synack(_capture, segs, _source):
    """The capture has SYN and the rest."""
    return [s for s in segs if not _is_syn(s, SERVER)]


@flow("no-third-ack", "the third packet of the handshake was not recorded")
def no_third_ack(_capture, segs, _source):
    """Data follows the SYN/ACK at once."""
    gone = third_ack(segs)
    return [s for i, s in enumerate(segs) if i != gone]


@flow("no-handshake", "none of the three packets was recorded")
def no_handshake(capture, segs, source):
    """The capture began a moment late."""
    segs = no_third_ack(capture, segs, source)
    return [s for s in segs if s.side is None or not s.flags & SYN]


@flow("start", "the capture begins in mid-flow: at=0.5")
def start(_capture, segs, _source, at=0.5):
    """All packets before that share are not there."""
    return segs[int(len(segs) * at):]


@flow("stop", "the capture ends in mid-flow: at=0.5")
def stop(_capture, segs, _source, at=0.5):
    """All packets after that share are not there."""
    return segs[:int(len(segs) * at)]


@flow("only", "one direction was recorded: side=client")
def only(_capture, segs, _source, side="client"):
    """The other direction goes another way."""
    want = side_of(side)
    return [s for s in segs if s.side is None or s.side == want]


@flow("no-fin", "the end was not recorded")
def no_fin(_capture, segs, _source):
    """All packets from the first FIN or RST on are missing, save data."""
    for i, seg in enumerate(segs):
        if seg.side is not None and seg.flags & (FIN | RST):
            return segs[:i] + [s.change(flags=s.flags & ~FIN)
                               for s in segs[i:] if s.payload]
    return list(segs)


@flow("bad-checksums", "one side's checksums are all wrong: side=client")
def bad_checksums(_capture, segs, _source, side="client"):
    """Recorded on a sender that leaves checksums to its card."""
    want = side_of(side)
    return [s.change(sum="bad") if s.side == want else s for s in segs]


@flow("clock", "the clock jumps by s=7200 seconds: at=0.5")
def clock(_capture, segs, _source, s=7200, at=0.5):
    """Forward or (negative) back, once."""
    half = int(len(segs) * at)
    return segs[:half] + [one.moved(one.t + s * 1000000)
                          for one in segs[half:]]


@flow("idle", "nothing moves for hours=6, then data: at=0.5")
def idle(capture, segs, source, hours=6.0, at=0.5):
    """A long pause between two data segments."""
    where = _place(segs, at) / len(segs)
    return clock(capture, segs, source, int(hours * 3600), where)


@flow("urg", "URG is set on every=10th data segment")
def urg(_capture, segs, _source, every=10):
    """The urgent byte stays part of the stream."""
    made = list(segs)
    for i in data_indices(segs)[::every]:
        made[i] = segs[i].change(flags=segs[i].flags | URG, urgent=1)
    return made


@flow("seg", "data is cut into segments of size=1 bytes")
def seg_size(_capture, segs, _source, size=1):
    """The smallest segments a sender may make."""
    made = []
    for one in segs:
        made.extend(cut(one, size))
    return made


def cut(one, size):
    """One segment as several of at most size bytes."""
    if one.side is None or len(one.payload) <= size:
        return [one]
    made = []
    for at in range(0, len(one.payload), size):
        part = one.payload[at:at + size]
        last = at + size >= len(one.payload)
        made.append(one.change(
            seq=(one.seq + at) & 0xFFFFFFFF, payload=part, off=one.off + at,
            flags=one.flags if last else one.flags & ~(FIN | PSH),
            ident=(one.ident + at) & 0xFFFF))
    return made


@flow("seg-order", "data in segments of size=64, order=random or reverse")
def seg_order(_capture, segs, source, size=64, order="random"):
    """The pieces of each original segment come in another order."""
    made = []
    for one in segs:
        pieces = cut(one, size)
        if len(pieces) > 1 and order == "reverse":
            pieces.reverse()
        elif len(pieces) > 1:
            source.shuffle(pieces)
        made.extend(pieces)
    return made


@flow("tso", "the sender's frames of size=32768 bytes, zero=1: ip.len 0")
def tso(_capture, segs, _source, size=32768, zero=1, side="client"):
    """Recorded on the sender, before its card cuts and sums them."""
    want, made, room = side_of(side), [], None
    for one in segs:
        if one.side != want or not one.payload or one.flags & SYN:
            made.append(one)
            continue
        if room is not None and made[room].end == one.off and len(
                made[room].payload) + len(one.payload) <= size:
            held = made[room]
            made[room] = held.change(payload=held.payload + one.payload,
                                     flags=held.flags | one.flags)
            continue
        room = len(made)
        made.append(one.change(sum="partial", iplen=0 if zero else None))
    return made


@flow("late", "count=10 segments are retransmitted n=100 packets later")
def late(_capture, segs, _source, n=100, count=10):
    """Real loss: the receiver's ACKs wait at the hole."""
    where = data_indices(segs)
    lost = {where[len(where) * (i + 1) // (count + 2)] for i in range(count)}
    last = where[-1]
    made, waiting = [], []
    for i, one in enumerate(segs):
        while waiting and waiting[0][0] <= i:
            again = waiting.pop(0)[1]
            made.append(again.moved(one.t))
        if i in lost:
            waiting.append((min(i + n, last), one))
            continue
        if one.side == SERVER and waiting and one.flags & ACK:
            hole = min(w[1].off for w in waiting)
            if one.ackoff > hole:
                one = one.change(
                    ack=(one.ack - (one.ackoff - hole)) & 0xFFFFFFFF,
                    ackoff=hole)
        made.append(one)
    return made


@flow("wrap", "sequence numbers wrap at=0.5 of the upload")
def wrap(capture, segs, _source, at=0.5):
    """Both directions pass 2^32 in mid-stream."""
    half = int(len(capture.streams[0][CLIENT]) * at)
    other = len(capture.streams[0][SERVER]) // 2
    delta = (-half - capture.isn[CLIENT]) & 0xFFFFFFFF
    theirs = (-other - capture.isn[SERVER]) & 0xFFFFFFFF
    return [s if s.side is None else shift(s, delta, theirs) for s in segs]


def second_use(capture, segs, second, jump):
    """The flow again (or another capture's) with new numbers, later."""
    other = Capture(second) if second else capture
    again = capture.adopt(other)
    delay = segs[-1].t - again[0].t + 1000000
    return [shift(s, jump, jump // 3).moved(s.t + delay) for s in again]


@flow("reuse", "the ports are used again: lost=none, fin or fin-syn")
def reuse(capture, segs, _source, lost="none", second="", jump=1342177280):
    """Two uploads over one tuple; second=FILE takes the other one there."""
    again = second_use(capture, segs, second, jump)
    first = list(segs)
    if lost in ("fin", "fin-syn"):
        cut_at = next(i for i, s in enumerate(first) if s.side is not None
                      and s.flags & (FIN | RST))
        first = first[:cut_at]
    if lost == "fin-syn":
        again = [s for s in again if not s.flags & SYN]
    return first + again


@flow("handshake", "another way to open: how=fastopen four-way split crossed")
def handshake(capture, segs, _source, how="fastopen"):
    """Data in the SYN, and the handshakes RFC 9293 also allows."""
    syn = next(i for i, s in enumerate(segs) if _is_syn(s, CLIENT))
    answer = next(i for i, s in enumerate(segs) if _is_syn(s, SERVER))
    third = third_ack(segs)
    one, two = segs[syn], segs[answer]
    rest = segs[third + 1:]
    if how == "fastopen":
        first = data_indices(rest)[0]
        data = rest.pop(first)
        opened = one.change(payload=data.payload, off=0,
                            options=one.options + b"\x22\x0a" + b"cookie42"
                            + b"\1\1")
        opened.options = opened.options[:40]
        acked = two.change(ack=(two.ack + len(data.payload)) & 0xFFFFFFFF,
                           ackoff=len(data.payload))
        return [opened, acked, segs[third]] + rest
    plain = one.change(flags=ACK, seq=(one.seq + 1) & 0xFFFFFFFF,
                       ack=(two.seq + 1) & 0xFFFFFFFF, options=b"")
    only_syn = two.change(flags=SYN, ack=0)
    if how == "four-way":
        acked = two.change(flags=ACK, options=b"")
        return [one, acked, only_syn.moved(two.t + 5), plain] + rest
    both = one.change(flags=SYN | ACK, ack=(two.seq + 1) & 0xFFFFFFFF)
    if how == "split":
        acked = two.change(flags=ACK, seq=(two.seq + 1) & 0xFFFFFFFF,
                           options=b"")
        return [one, only_syn, both.moved(two.t + 5), acked.moved(two.t + 9)
                ] + rest
    return [one, only_syn.moved(one.t + 3), both.moved(two.t),
            two.moved(two.t + 4)] + rest
