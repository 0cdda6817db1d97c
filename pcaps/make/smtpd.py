#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""smtpd.py - aiosmtpd as the mail server of the captures.

    smtpd.py ADDRESS [CERTIFICATE KEY]

Takes any mail and any log-in, forgets both. With a certificate it offers
STARTTLS. It must not relay.
"""

import asyncio
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    """Accepts everything."""

    async def handle_DATA(self, _server, _session, _envelope):
        """The mail is gone."""
        return "250 2.0.0 Ok: queued as 4F1B2"


def accept(_server, _session, _envelope, _mechanism, _data):
    """Any user with any password."""
    return AuthResult(success=True)


async def serve(address, context):
    """Listen until the process is ended."""
    def make():
        return SMTP(Sink(), hostname="mx.example", tls_context=context,
                    authenticator=accept, auth_require_tls=False,
                    ident="ESMTP")
    server = await asyncio.get_running_loop().create_server(
        make, address, 25)
    await server.serve_forever()


def main():
    """The command line."""
    context = None
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
    asyncio.run(serve(sys.argv[1], context))


if __name__ == "__main__":
    main()
