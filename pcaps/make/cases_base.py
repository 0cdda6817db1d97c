# SPDX-License-Identifier: GPL-3.0-or-later
"""cases_base.py - what every bad-input case is made of.

One table of 150 accounts, one flow to carry it, and the register of cases.
It must not hold a case.
"""

import customers
import messages
from packets import endpoint

TABLE = customers.accounts(150, "cases")
ROWS = TABLE.rows
BODY = TABLE.csv()
DONE = messages.response(b"stored\n", kind="text/plain")
START = 1312506123000000
CASES = {}


def case(name, text, **truth):
    """Register a function that gives (microseconds, frame)."""
    def note(function):
        CASES[name] = (function, text, dict({"customers": len(ROWS)},
                                            **truth), False)
        return function
    return note


def one_flow(exchanges, *, port=80, client_port=40112, delay=0):
    """The insider's connection to the outside server."""
    return messages.http(endpoint("10.20.0.7", client_port),
                         endpoint("203.0.113.9", port), START + delay,
                         (client_port * 65537, 99), exchanges)
