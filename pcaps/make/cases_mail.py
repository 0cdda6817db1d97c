# SPDX-License-Identifier: GPL-3.0-or-later
"""cases_mail.py - bad input in mail and FTP, for cases.py.

Mail that lies about its parts, sessions that end early, transfers whose
control channel was not seen. It must not hold anything about HTTP.
"""

import base64
import binascii
import quopri

import messages
from cases_base import BODY, CASES, START, case
from packets import endpoint
from tcp import CLIENT, SERVER, Tcp

__all__ = ["CASES"]
SENDER, RECEIVER = "taro@bank.example", "buyer@outside.example"
TOP = (f"From: <{SENDER}>\r\nTo: <{RECEIVER}>\r\nSubject: list\r\n"
       "MIME-Version: 1.0\r\n").encode()


def session(message, *, end=b".\r\n", code="250 2.0.0 Ok", more=(), port=25,
            pipelining=False):
    """One mail from the insider; more are steps after it."""
    flow = Tcp(endpoint("10.20.0.7", 40225), endpoint("198.51.100.25", port),
               START, (4242, 777))
    yield from flow.open()
    head = [(SERVER, "220 mx.example ESMTP"), (CLIENT, "EHLO pc7"),
            (SERVER, "250-mx.example\r\n250 PIPELINING")]
    if pipelining:
        head += [(CLIENT, f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<{RECEIVER}>\r\n"
                  "DATA"),
                 (SERVER, "250 Ok\r\n250 Ok\r\n354 go ahead")]
    else:
        head += [(CLIENT, f"MAIL FROM:<{SENDER}>"), (SERVER, "250 Ok"),
                 (CLIENT, f"RCPT TO:<{RECEIVER}>"), (SERVER, "250 Ok"),
                 (CLIENT, "DATA"), (SERVER, "354 go ahead")]
    yield from messages.dialogue(flow, head)
    body = message.replace(b"\r\n.", b"\r\n..") + end
    yield from messages.dialogue(flow, [(CLIENT, body)])
    if end:
        yield from messages.dialogue(flow, [(SERVER, code)])
    yield from messages.dialogue(flow, more)
    yield from flow.close()


def lines64(data, size=57):
    """Base64 in lines."""
    return b"".join(base64.b64encode(data[i:i + size]) + b"\r\n"
                    for i in range(0, len(data), size))


def mail_case(name, text, message, **more):
    """Register one mail."""
    truth = {key: more.pop(key) for key in ("customers", "customers_min")
             if key in more}
    case(name, text, **truth)(lambda: session(message, **more))


def part(body, coding="base64", name='name="c.csv"'):
    """A part with its head."""
    return (f"Content-Type: text/csv; {name}\r\n"
            f"Content-Transfer-Encoding: {coding}\r\n\r\n").encode() + body


def multi(parts, mark=b"b1", close=b"--b1--\r\n"):
    """A whole multipart mail."""
    return (TOP + b'Content-Type: multipart/mixed; boundary="' + mark
            + b'"\r\n\r\n' + b"".join(b"--" + mark + b"\r\n" + p
                                      for p in parts) + close)


GOOD = part(lines64(BODY))
mail_case("smtp-plain", "the table as text", TOP + b"\r\n" + BODY)
mail_case("smtp-pipelining", "commands sent together", multi([GOOD]),
          pipelining=True)
mail_case("smtp-no-dot", "the connection ends without the final dot",
          multi([GOOD]), end=b"")
mail_case("smtp-refused", "550 after the data: it left all the same",
          multi([GOOD]), code="550 5.7.1 refused")
mail_case("smtp-strange-port", "SMTP on port 80", multi([GOOD]), port=80)
mail_case("smtp-dots", "lines that begin with dots",
          TOP + b"\r\n" + BODY.replace(b"\r\n", b"\r\n...\r\n"))
mail_case("smtp-bare-lf", "line ends without CR",
          (TOP + b"\r\n" + BODY).replace(b"\r\n", b"\n"), end=b"\r\n.\r\n")
mail_case("mime-no-end", "no closing boundary", multi([GOOD], close=b""))
mail_case("mime-prefix", "a boundary that begins like another",
          multi([b'Content-Type: multipart/mixed; boundary="b12"\r\n\r\n'
                 b"--b12\r\n" + GOOD + b"--b12--\r\n"]))
mail_case("mime-same", "an inner boundary equal to the outer",
          multi([b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n'
                 b"--b1\r\n" + GOOD + b"--b1--\r\n"]))
mail_case("mime-junk", "base64 with junk, blanks and short lines",
          multi([part(b"".join(
              b" " + line[:20] + b"!*\t" + line[20:] + b"\r\n"
              for line in lines64(BODY).splitlines()))]))
mail_case("mime-one-line", "base64 in one line of 28 kB",
          multi([part(base64.b64encode(BODY) + b"\r\n")]))
mail_case("mime-qp", "quoted-printable", multi([part(
    quopri.encodestring(BODY.replace(b"\r\n", b"\n")).replace(
        b"\n", b"\r\n") + b"\r\n", "quoted-printable")]))
mail_case("mime-unknown-coding", "a coding nobody knows",
          multi([part(BODY, "x-secret")]))
mail_case("mime-2231", "a name in pieces and percent signs", multi([part(
    lines64(BODY), name="name*0*=utf-8''%e9%a1%a7; name*1*=%e5%ae%a2.csv")]))
mail_case("mime-bad-names", "names that try to escape", multi([part(
    lines64(BODY), name=f'name="{bad}"') for bad in (
        "../../x.csv", "a\\\";rm", "$(id)", "\x1b[31m", "x" * 60000)]))
mail_case("mime-header-10mb", "a header of 10 MB", TOP + b"X-A: "
          + (b"y" * 900 + b"\r\n ") * 11000 + b"z\r\n\r\n" + BODY,
          customers_min=0)
mail_case("mime-million-parts", "200,000 empty parts, then the table",
          multi([b"\r\n"] * 200000 + [GOOD]), customers_min=0)
mail_case("mime-uuencode", "uuencode in the text", TOP
          + b"\r\nbegin 644 c.csv\r\n" + b"".join(
              binascii.b2a_uu(BODY[i:i + 45]).replace(
                  b"\n", b"\r\n") for i in range(0, len(BODY), 45))
          + b"`\r\nend\r\n")
mail_case("mime-gzip", "customers.csv.gz attached", multi([
    b'Content-Type: application/gzip; name="c.csv.gz"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n"
    + lines64(messages.gzipped(BODY))]))


def nested(levels):
    """A multipart in a multipart in ..., the table first."""
    made = [TOP]
    for level in range(levels):
        made.append(b'Content-Type: multipart/mixed; boundary="n%d"\r\n\r\n'
                    b"--n%d\r\n" % (level, level))
        if level == 0:
            made.append(GOOD + b"--n0\r\n")
    made.append(b"\r\nbottom\r\n")
    return b"".join(made)


mail_case("mime-nested-1000", "1,000 multiparts in each other", nested(1000))
mail_case("mime-nested-100000", "100,000 multiparts in each other",
          nested(100000))


def bdat(name, text, sizes, **truth):
    """Register a mail in BDAT chunks whose sizes are said to be sizes."""
    @case(name, text, **truth)
    def made():
        mail = TOP + b"Content-Type: text/csv\r\n\r\n" + BODY
        flow = Tcp(endpoint("10.20.0.7", 40226),
                   endpoint("198.51.100.25", 25), START, (4243, 778))
        yield from flow.open()
        yield from messages.dialogue(flow, [
            (SERVER, "220 mx.example ESMTP"), (CLIENT, "EHLO pc7"),
            (SERVER, "250-mx.example\r\n250 CHUNKING"),
            (CLIENT, f"MAIL FROM:<{SENDER}>"), (SERVER, "250 Ok"),
            (CLIENT, f"RCPT TO:<{RECEIVER}>"), (SERVER, "250 Ok")])
        third = len(mail) // 3 + 1
        for i, said in enumerate(sizes):
            chunk = mail[i * third:(i + 1) * third]
            size = str(len(chunk)) if said is None else said
            last = " LAST" if i == 2 else ""
            yield from messages.dialogue(flow, [
                (CLIENT, f"BDAT {size}{last}\r\n".encode() + chunk),
                (SERVER, "250 Ok")])
        yield from flow.close()
    return made


bdat("bdat-good", "three chunks", (None, None, None))
bdat("bdat-negative", "a chunk of -1 bytes", (None, "-1", None),
     customers_min=0)
bdat("bdat-2-64", "a chunk of 2^64 bytes", (None, "18446744073709551616",
                                            None), customers_min=0)


def _ftp_pair(early=False, control=True, twice=False):
    """A passive STOR; early: data before 150; control: seen at all."""
    flow = Tcp(endpoint("10.20.0.7", 42100), endpoint("203.0.113.21", 21),
               START, (1, 2))
    held = list(flow.open()) + list(messages.dialogue(flow, [
        (SERVER, "220 ready"), (CLIENT, "USER taro"), (SERVER, "331 pass"),
        (CLIENT, "PASS x"), (SERVER, "230 ok"), (CLIENT, "PASV"),
        (SERVER, "227 Entering Passive Mode (203,0,113,21,195,203)."),
        (CLIENT, "STOR c.csv")]))
    half = BODY.index(b"\r\n", len(BODY) // 2) + 2
    bodies = [BODY[:half], BODY[half:]] if twice else [BODY]
    for i, body in enumerate(bodies):
        side = Tcp(endpoint("10.20.0.7", 42101 + i),
                   endpoint("203.0.113.21", 50123), flow.t, (3 + i, 4))
        data = list(side.open()) + list(side.send(CLIENT, body)) + list(
            side.close())
        if early:
            flow.t = side.t + 50000
        note = list(messages.dialogue(flow, [(SERVER, "150 go ahead")]))
        held += data + note if early else note + data
        flow.t = max(flow.t, side.t) + 1000
        held += messages.dialogue(flow, [(SERVER, "226 done")])
        if twice and i == 0:
            held += messages.dialogue(flow, [
                (CLIENT, "PASV"),
                (SERVER, "227 Entering Passive Mode "
                 "(203,0,113,21,195,203)."), (CLIENT, "APPE c.csv")])
    held += flow.close()
    if not control:
        held = [(t, f) for t, f in held if f[34:36] != b"\0\x15"
                and f[36:38] != b"\0\x15"]
    return sorted(held, key=lambda item: item[0])


case("ftp-data-first", "data before the server's 150")(
    lambda: _ftp_pair(early=True))
case("ftp-no-control", "the control channel was not seen")(
    lambda: _ftp_pair(control=False))
case("ftp-twice", "STOR and APPE to the same passive port")(
    lambda: _ftp_pair(twice=True))
