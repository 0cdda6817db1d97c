#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mails.py - three mails of different build in one SMTP session (smtplib).

    mails.py ADDRESS TEXT ATTACHED FORWARDED

The first file is quoted-printable text, the second a base64 attachment whose
name needs RFC 2231, the third is attached to a mail that is itself forwarded
as message/rfc822. It must not be used for anything but captures.
"""

import smtplib
import sys
from email.message import EmailMessage

SENDER = "taro@bank.example"
RECEIVER = "buyer@outside.example"


def read(name):
    """A file as text."""
    with open(name, encoding="utf-8", newline="") as file:
        return file.read()


def mail(subject, number):
    """An empty mail with its head."""
    made = EmailMessage()
    made["From"], made["To"] = SENDER, RECEIVER
    made["Subject"] = subject
    made["Message-ID"] = f"<{number}@bank.example>"
    return made


def main():
    """The command line."""
    address, text, attached, forwarded = sys.argv[1:]
    one = mail("list", 1)
    one.set_content(read(text).replace("\r\n", "\n"), cte="quoted-printable")
    two = mail("名簿 その二", 2)
    two.set_content("as agreed\n")
    two.add_attachment(read(attached).encode(), maintype="text",
                       subtype="csv", filename="顧客名簿.csv")
    inner = mail("part three", 3)
    inner.set_content("see below\n")
    inner.add_attachment(read(forwarded).encode(), maintype="application",
                         subtype="octet-stream", filename="c.csv")
    three = mail("Fwd: part three", 4)
    three.set_content("forwarded\n")
    three.add_attachment(inner)
    with smtplib.SMTP(address, 25, local_hostname="pc7.bank.example") as sent:
        for each in (one, two, three):
            sent.send_message(each, SENDER, [RECEIVER])


if __name__ == "__main__":
    main()
