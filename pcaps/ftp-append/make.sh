#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an upload in two pieces, STOR and APPE.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 80 >"$LAB/one.csv"
table csv accounts 70 first=80 >"$LAB/two.csv"
lab_up
mkdir "$LAB/ftp"
lab_serve out_ 21 "$PY" "$MAKE/ftpd.py" 203.0.113.9 "$LAB/ftp"
lab_record "$here/capture.pcap"
in_ curl -sS --disable-epsv -T "$LAB/one.csv" \
    ftp://taro:secret@203.0.113.9/c.csv \
    --next -sS --disable-epsv --append -T "$LAB/two.csv" \
    ftp://taro:secret@203.0.113.9/c.csv
lab_stop
table truth accounts 150 channel=ftp login=taro party=203.0.113.9 \
    transfers=2 \
    >"$here/truth.json"
