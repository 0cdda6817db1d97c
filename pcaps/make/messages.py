# SPDX-License-Identifier: GPL-3.0-or-later
"""messages.py - HTTP, SMTP and FTP as clients and servers write them.

Each conversation is a generator of (microseconds, frame) made with tcp.py.
It must not invent customers or choose addresses: callers do.
"""

import base64
import zlib

from packets import endpoint
from tcp import CLIENT, SERVER, Tcp

AGENT = ("Mozilla/5.0 (Windows NT 6.1; rv:5.0) Gecko/20100101 Firefox/5.0")
BOUNDARY = "----------------------------41184676334a7f21"


def gzipped(data, level=6):
    """A gzip stream with no time and no name in it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def request(method, target, host, body=b"", *, kind=None, more=()):
    """One HTTP/1.1 request."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}",
             f"User-Agent: {AGENT}", "Accept: */*"]
    if body or method in ("POST", "PUT"):
        lines.append(f"Content-Length: {len(body)}")
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines.extend(more)
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def response(body=b"", *, status="200 OK", kind="text/html", more=()):
    """One HTTP/1.1 response."""
    lines = [f"HTTP/1.1 {status}", "Server: nginx/1.22.1",
             "Date: Fri, 05 Aug 2011 01:02:03 GMT",
             f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines.extend(more)
    lines.append("Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def multipart(parts, boundary=BOUNDARY):
    """A multipart/form-data body of (name, file name, type, bytes)."""
    made = []
    for name, file, kind, data in parts:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if file:
            head += f'; filename="{file}"\r\nContent-Type: {kind}'
        made.append(head.encode() + b"\r\n\r\n" + data + b"\r\n")
    made.append(f"--{boundary}--\r\n".encode())
    return b"".join(made)


def upload_form(host, path, file, kind, data):
    """A browser's file upload."""
    body = multipart([("comment", None, None, b"backup"),
                      ("file", file, kind, data)])
    return request("POST", path, host, body,
                   kind="multipart/form-data; boundary=" + BOUNDARY)


def http(client, server, start, isn, exchanges, *, think_us=1500):
    """One keep-alive connection; exchanges are (request, response)."""
    flow = Tcp(client, server, start, isn)
    yield from flow.open()
    for asked, answer in exchanges:
        yield from flow.send(CLIENT, asked)
        yield from flow.wait(think_us)
        yield from flow.send(SERVER, answer)
        yield from flow.wait(think_us)
    yield from flow.close()


def dialogue(flow, steps):
    """Lines said in turn: (side, text or bytes)."""
    for side, text in steps:
        data = text if isinstance(text, bytes) else (text + "\r\n").encode()
        yield from flow.send(side, data)
        yield from flow.wait(700)


def mail(sender, receivers, subject, text, attachments):
    """A MIME mail; attachments are (file name, type, bytes)."""
    mark = "=_outflow_5f2b"
    head = (f"From: <{sender}>\r\nTo: "
            + ", ".join(f"<{r}>" for r in receivers)
            + f"\r\nSubject: {subject}\r\n"
            "Date: Fri, 05 Aug 2011 10:02:03 +0900\r\n"
            "Message-ID: <20110805100203.5f2b@mua.example>\r\n"
            "MIME-Version: 1.0\r\n"
            f'Content-Type: multipart/mixed; boundary="{mark}"\r\n\r\n'
            f"--{mark}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
            f"{text}\r\n").encode()
    made = [head]
    for file, kind, data in attachments:
        coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
        made.append(
            (f"--{mark}\r\nContent-Type: {kind}; name=\"{file}\"\r\n"
             "Content-Transfer-Encoding: base64\r\n"
             f'Content-Disposition: attachment; filename="{file}"\r\n\r\n'
             ).encode() + coded)
    made.append(f"--{mark}--\r\n".encode())
    return b"".join(made)


def smtp(client, server, start, isn, sender, receivers, message):
    """One mail handed to a server."""
    flow = Tcp(client, server, start, isn)
    yield from flow.open()
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    steps = [(SERVER, "220 mx.example ESMTP"), (CLIENT, "EHLO pc7.bank.example"),
             (SERVER, "250-mx.example\r\n250-PIPELINING\r\n250 8BITMIME"),
             (CLIENT, f"MAIL FROM:<{sender}>"), (SERVER, "250 2.1.0 Ok")]
    for receiver in receivers:
        steps += [(CLIENT, f"RCPT TO:<{receiver}>"), (SERVER, "250 2.1.5 Ok")]
    steps += [(CLIENT, "DATA"),
              (SERVER, "354 End data with <CR><LF>.<CR><LF>"),
              (CLIENT, stuffed + b".\r\n"),
              (SERVER, "250 2.0.0 Ok: queued as 4F1B2"),
              (CLIENT, "QUIT"), (SERVER, "221 2.0.0 Bye")]
    yield from dialogue(flow, steps)
    yield from flow.close(SERVER)


def _port_text(end):
    return ",".join(str(b) for b in end.ip) + f",{end.port >> 8},{end.port & 255}"


def ftp_store(client, server, start, isn, name, data):
    """Log in, PASV, STOR one file; client and server are address texts."""
    flow = Tcp(endpoint(client, 42100), endpoint(server, 21), start, isn)
    passive = endpoint(server, 50123)
    yield from flow.open()
    yield from dialogue(flow, [
        (SERVER, "220 (vsFTPd 3.0.3)"), (CLIENT, "USER drop"),
        (SERVER, "331 Please specify the password."),
        (CLIENT, "PASS secret"), (SERVER, "230 Login successful."),
        (CLIENT, "TYPE I"), (SERVER, "200 Switching to Binary mode."),
        (CLIENT, "PASV"),
        (SERVER, f"227 Entering Passive Mode ({_port_text(passive)})."),
        (CLIENT, f"STOR {name}")])
    side = Tcp(endpoint(client, 42101), passive, flow.t,
               (isn[0] + 77777, isn[1] + 88888))
    yield from side.open()
    flow.t = side.t + 300
    yield from dialogue(flow, [(SERVER, "150 Ok to send data.")])
    side.t = flow.t
    yield from side.send(CLIENT, data)
    yield from side.close()
    flow.t = side.t + 500
    yield from dialogue(flow, [
        (SERVER, "226 Transfer complete."), (CLIENT, "QUIT"),
        (SERVER, "221 Goodbye.")])
    yield from flow.close(SERVER)
