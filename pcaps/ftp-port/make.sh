#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record curl's upload in active mode.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
mkdir "$LAB/ftp"
lab_serve out_ 21 "$PY" "$MAKE/ftpd.py" 203.0.113.9 "$LAB/ftp"
lab_record "$here/capture.pcap"
in_ curl -sS -P 10.20.0.7 --disable-eprt -T "$LAB/customers.csv" \
    ftp://taro:secret@203.0.113.9/customers.csv
lab_stop
table truth accounts 150 channel=ftp login=taro party=203.0.113.9 \
    >"$here/truth.json"
