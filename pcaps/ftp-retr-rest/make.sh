#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an outsider's download that is broken off and resumed.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
mkdir "$LAB/ftp"
cp "$LAB/customers.csv" "$LAB/ftp"
head -c 9000 "$LAB/customers.csv" >"$LAB/got.csv"
lab_serve in_ 21 "$PY" "$MAKE/ftpd.py" 10.30.0.5 "$LAB/ftp"
lab_record "$here/capture.pcap"
out_ curl -sS --interface 203.0.113.50 -r 0-9199 -o /dev/null \
    ftp://taro:secret@10.30.0.5/customers.csv || true
out_ curl -sS --interface 203.0.113.50 -C 9000 -o "$LAB/got.csv" \
    ftp://taro:secret@10.30.0.5/customers.csv
lab_stop
table truth accounts 150 channel=ftp employee=10.30.0.5 \
    party=203.0.113.50 transfers=2 records=any \
    >"$here/truth.json"
