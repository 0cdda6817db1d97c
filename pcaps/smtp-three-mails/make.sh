#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record three mails in one session.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

for i in 0 50 90; do
    table csv accounts 60 "first=$i" >"$LAB/part$i.csv"
done
lab_up
lab_serve out_ 25 "$PY" "$MAKE/smtpd.py" 198.51.100.25
lab_record "$here/capture.pcap"
in_ "$PY" "$MAKE/mails.py" 198.51.100.25 \
    "$LAB/part0.csv" "$LAB/part50.csv" "$LAB/part90.csv"
lab_stop
table truth accounts 150 channel=smtp party=outside.example records=180 \
    transfers=3 \
    >"$here/truth.json"
