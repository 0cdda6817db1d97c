#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ftpd.py - pyftpdlib as the FTP server of the captures.

    ftpd.py ADDRESS FOLDER

One user, "taro" with the password "secret", may read and write FOLDER; IPv4
and IPv6, active and passive. It must not serve anything else.
"""

import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer


def main():
    """The command line."""
    users = DummyAuthorizer()
    users.add_user("taro", "secret", sys.argv[2], perm="elradfmw")
    handler = FTPHandler
    handler.authorizer = users
    handler.permit_foreign_addresses = True
    FTPServer((sys.argv[1], 21), handler).serve_forever()


if __name__ == "__main__":
    main()
