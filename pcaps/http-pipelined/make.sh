#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record three pipelined POSTs.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

for i in 0 50 100; do
    table csv accounts 50 "first=$i" >"$LAB/part$i.csv"
done
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ "$PY" "$MAKE/peer.py" pipeline 203.0.113.9 80 \
    "$LAB/part0.csv" "$LAB/part50.csv" "$LAB/part100.csv"
lab_stop
table truth accounts 150 channel=http party=drop.example transfers=3 \
    >"$here/truth.json"
