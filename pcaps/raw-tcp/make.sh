#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a table sent over bare TCP.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
lab_serve out_ 4444 "$PY" "$MAKE/peer.py" sink 203.0.113.9 4444
lab_record "$here/capture.pcap"
in_ "$PY" "$MAKE/peer.py" send 203.0.113.9 4444 "$LAB/customers.csv"
lab_stop
table truth accounts 150 channel=raw party=203.0.113.9 \
    >"$here/truth.json"
