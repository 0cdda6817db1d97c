#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a mail in BDAT chunks.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
{
    printf "From: <taro@bank.example>\r\nTo: <buyer@outside.example>\r\n"
    printf "Subject: list\r\nMIME-Version: 1.0\r\n"
    printf "Content-Type: text/csv; name=customers.csv\r\n"
    printf "Content-Transfer-Encoding: 8bit\r\n\r\n"
    cat "$LAB/customers.csv"
} >"$LAB/mail"
lab_up
lab_serve out_ 25 "$PY" "$MAKE/peer.py" bdat-server 198.51.100.25 25
lab_record "$here/capture.pcap"
in_ "$PY" "$MAKE/peer.py" bdat-client 198.51.100.25 25 "$LAB/mail"
lab_stop
table truth accounts 150 channel=smtp party=outside.example \
    >"$here/truth.json"
