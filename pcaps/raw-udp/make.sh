#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a table sent row by row in datagrams.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
lab_record "$here/capture.pcap"
in_ "$PY" "$MAKE/peer.py" datagrams 203.0.113.9 514 "$LAB/customers.csv" ||
    in_ true
lab_stop
table truth accounts 150 channel=raw party=203.0.113.9 \
    >"$here/truth.json"
