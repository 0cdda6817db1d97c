# SPDX-License-Identifier: GPL-3.0-or-later
"""write_mails.py - tables in mails, mailboxes and saved pages.

Python's own email and mailbox write as mail programs do; TNEF and yEnc are
written from their specifications. It must not know how anything is found.
"""

import base64
import binascii
import email.message
import email.mime.base
import email.mime.message
import email.mime.multipart
import email.mime.text
import email.policy
import html
import io
import mailbox
import os
import struct
import tempfile
import zlib

import ole
import tables
from making import document
from write_sheets import as_csv, xlsx_dates

STAMP = "Fri, 05 Aug 2011 10:02:03 +0900"


def _by_name(name, sheet):
    form = next(f for f in tables.all_formats() if f.name == name)
    return form.write(sheet)


def _mail(subject, number=1):
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    made["From"] = "taro@bank.example"
    made["To"] = "drop@mail.example"
    made["Date"] = STAMP
    made["Message-ID"] = f"<{number}.5f2b@bank.example>"
    made["Subject"] = subject
    return made


def _attached(data, name, kind=("text", "csv")):
    made = _mail("list")
    made.set_content("as agreed\n")
    made.add_attachment(data, maintype=kind[0], subtype=kind[1],
                        filename=name)
    for part in made.walk():
        if part.is_multipart():
            part.set_boundary("=_5f2b")
    return made


def _parted(sheet, count):
    share = -(-len(sheet.rows) // count)
    for i in range(count):
        yield tables.Sheet(sheet.columns, sheet.types,
                           sheet.rows[i * share:(i + 1) * share])


@document("eml", "eml", "message/rfc822")
def eml(sheet):
    """A mail with the list attached."""
    return _attached(as_csv(sheet), "customers.csv").as_bytes()


@document("eml xlsx", "eml", "message/rfc822")
def eml_xlsx(sheet):
    """A mail with a workbook attached."""
    return _attached(xlsx_dates(sheet), "q3.xlsx",
                     ("application", "octet-stream")).as_bytes()


@document("eml text", "eml", "message/rfc822")
def eml_text(sheet):
    """The list in the text, quoted-printable."""
    made = _mail("顧客名簿")
    made.set_content(as_csv(sheet).decode().replace("\r\n", "\n"),
                     cte="quoted-printable")
    return made.as_bytes()


@document("eml html", "eml", "message/rfc822")
def eml_html(sheet):
    """A table in the text of the mail."""
    made = _mail("list")
    made.set_content("see the table\n")
    made.add_alternative(_by_name("html table", sheet), subtype="html")
    made.set_boundary("=_5f2b")
    return made.as_bytes()


@document("eml forwarded", "eml", "message/rfc822")
def eml_forwarded(sheet):
    """A mail in a mail in a mail."""
    made = _attached(as_csv(sheet), "customers.csv")
    for number in range(2):
        outer = _mail("Fwd: list", number + 2)
        outer.set_content("see below\n")
        outer.add_attachment(made)
        outer.set_boundary(f"=_{number}")
        made = outer
    return made.as_bytes()


def _mbox(mails):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mbox")
        box = mailbox.mbox(path)
        for one in mails:
            said = mailbox.mboxMessage(one)
            said.set_from("taro@bank.example Fri Aug  5 01:02:03 2011")
            box.add(said)
        box.close()
        with open(path, "rb") as file:
            return file.read()


@document("mbox", "mbox", "application/mbox")
def mbox(sheet):
    """Four mails, a part of the list attached to each."""
    return _mbox(_attached(as_csv(part), "part.csv")
                 for part in _parted(sheet, 4))


@document("mbox text", "mbox", "application/mbox")
def mbox_text(sheet):
    """Mails with twenty customers in the text of each."""
    mails = []
    for n, part in enumerate(_parted(sheet, -(-len(sheet.rows) // 20))):
        made = _mail("contacts", n)
        made.set_content("From here on:\n"
                         + as_csv(part).decode().replace("\r\n", "\n"))
        mails.append(made)
    return _mbox(mails)


@document("mime digest", "eml", "multipart/digest")
def digest(sheet):
    """RFC 2046 5.1.5: the parts are messages."""
    made = email.mime.multipart.MIMEMultipart("digest", "=_digest")
    for part in _parted(sheet, 5):
        made.attach(email.mime.message.MIMEMessage(
            _attached(as_csv(part), "part.csv")))
    made["Subject"], made["From"] = "digest", "list@bank.example"
    made["To"], made["Date"] = "drop@mail.example", STAMP
    return made.as_bytes(policy=email.policy.SMTP)


def _attribute(level, number, data):
    return (struct.pack("<BII", level, number, len(data)) + data
            + struct.pack("<H", sum(data) & 0xFFFF))


@document("tnef", "dat", "application/ms-tnef")
def tnef(sheet):
    """[MS-OXTNEF]: winmail.dat with an attachment and a text."""
    when = struct.pack("<7H", 2011, 8, 5, 1, 2, 3, 5)
    return b"".join((
        struct.pack("<IH", 0x223E9F78, 1),
        _attribute(1, 0x00089006, struct.pack("<I", 0x00010000)),
        _attribute(1, 0x00069007, struct.pack("<II", 1252, 0)),
        _attribute(1, 0x00078008, b"IPM.Microsoft Mail.Note\0"),
        _attribute(1, 0x00018004, b"list\0"),
        _attribute(1, 0x0002800C, b"As agreed.\0"),
        _attribute(2, 0x00069002, struct.pack("<HIHHII", 1, 0, 0, 0, 0, 0)),
        _attribute(2, 0x00038013, when),
        _attribute(2, 0x00018010, b"customers.csv\0"),
        _attribute(2, 0x0006800F, as_csv(sheet))))


def uuencoded(data, name):
    """As uuencode writes it."""
    lines = [f"begin 644 {name}".encode()]
    for i in range(0, len(data), 45):
        lines.append(binascii.b2a_uu(data[i:i + 45]).rstrip(b"\n"))
    return b"\n".join([*lines, b"`", b"end", b""])


def yencoded(data, name):
    """yEnc 1.3, one part."""
    lines, line = [], bytearray()
    for value in data:
        coded = (value + 42) & 0xFF
        if coded in (0, 10, 13, 61) or (coded == 46 and not line):
            line += bytes((61, (coded + 64) & 0xFF))
        else:
            line.append(coded)
        if len(line) >= 128:
            lines.append(bytes(line))
            line.clear()
    lines.append(bytes(line))
    return b"\r\n".join([
        f"=ybegin line=128 size={len(data)} name={name}".encode(),
        *[one for one in lines if one],
        f"=yend size={len(data)} crc32={zlib.crc32(data):08x}".encode(), b""])


@document("html saved", "html", "text/html")
def html_saved(sheet):
    """A page with style, script and a table."""
    rows = "".join("<tr>" + "".join(
        f"<td class=\"c{i}\">{html.escape(cell)}</td>\n"
        for i, cell in enumerate(row)) + "</tr>\n" for row in sheet.rows)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in sheet.columns)
    return ("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>"
            "Customers</title><style>td{padding:1px}</style><script>var a = "
            "'<b>';</script></head><body><h1>Customers</h1>\n<table><thead>"
            f"<tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></body>"
            "</html>\n").encode()


@document("mhtml", "mht", "multipart/related")
def mhtml(sheet):
    """RFC 2557, as browsers save pages."""
    page = email.mime.multipart.MIMEMultipart("related", "=_mhtml",
                                              type="text/html")
    text = email.mime.base.MIMEBase("text", "html")
    text.set_payload(html_saved(sheet), "utf-8")
    text.replace_header("Content-Transfer-Encoding", "x") if (
        "Content-Transfer-Encoding" in text) else None
    del text["Content-Transfer-Encoding"]
    text["Content-Transfer-Encoding"] = "base64"
    text["Content-Location"] = "http://portal.bank.example/list"
    text.set_payload(base64.encodebytes(html_saved(sheet)).decode())
    page.attach(text)
    image = email.mime.base.MIMEBase("image", "png")
    image["Content-Transfer-Encoding"] = "base64"
    image["Content-Location"] = "http://portal.bank.example/logo.png"
    image.set_payload(base64.encodebytes(
        b"\x89PNG\r\n\x1a\n" + bytes(range(256))).decode())
    page.attach(image)
    page["From"] = "<Saved by Blink>"
    page["Snapshot-Content-Location"] = "http://portal.bank.example/list"
    page["Subject"], page["Date"] = "Customers", STAMP
    return page.as_bytes(policy=email.policy.SMTP)


@document("html data url", "html", "text/html")
def html_data(sheet):
    """A link that holds the file."""
    coded = base64.b64encode(as_csv(sheet)).decode()
    return (f"<html><body><a download=\"c.csv\" href=\"data:text/csv;base64,"
            f"{coded}\">download</a></body></html>\n").encode()


@document("http dump", "txt", "text/plain")
def http_dump(sheet):
    """A conversation saved as text."""
    data = as_csv(sheet)
    out = io.BytesIO()
    out.write(b"POST /upload HTTP/1.1\r\nHost: drop.example\r\nContent-Type: "
              b"text/csv\r\nContent-Length: %d\r\n\r\n" % len(data))
    out.write(data)
    return out.getvalue()


def _msg(subject, body, html_body):
    """A mail as Outlook saves it ([MS-OXMSG])."""
    streams = [("__properties_version1.0", bytes(32)),
               ("__substg1.0_0037001F", subject.encode("utf-16le"))]
    if body:
        streams.append(("__substg1.0_1000001F", body.encode("utf-16le")))
    if html_body:
        streams.append(("__substg1.0_10130102", html_body.encode()))
    return ole.compound(streams)


@document("msg text", "msg", "application/vnd.ms-outlook")
def msg_text(sheet):
    """The rows in the body."""
    return _msg("Customers", as_csv(sheet).decode(), "")


@document("msg html", "msg", "application/vnd.ms-outlook")
def msg_html(sheet):
    """A table in the HTML body."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
        + "</tr>" for row in [sheet.columns, *sheet.rows])
    return _msg("Customers", "see below\r\n",
                "<html><head><meta charset=utf-8></head><body><table>"
                + rows + "</table></body></html>")
