#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record curl's upload over IPv6 with EPSV.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
mkdir "$LAB/ftp"
lab_serve out_ 21 "$PY" "$MAKE/ftpd.py" 2001:db8:113::9 "$LAB/ftp"
lab_record "$here/capture.pcap"
in_ curl -sS -T "$LAB/customers.csv" \
    'ftp://taro:secret@[2001:db8:113::9]/customers.csv'
lab_stop
table truth accounts 150 channel=ftp login=taro party=2001:db8:113::9 \
    employee=2001:db8:20::7 \
    >"$here/truth.json"
