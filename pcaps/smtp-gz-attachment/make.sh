#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a mail with a gzip'd CSV attached.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 300 | gzip -n >"$LAB/customers.csv.gz"
lab_up
lab_serve out_ 25 "$PY" "$MAKE/smtpd.py" 198.51.100.25
lab_record "$here/capture.pcap"
in_ swaks --silent 2 --ehlo pc7.bank.example --from taro@bank.example \
    --to buyer@outside.example --server 198.51.100.25 --body "as agreed" \
    --attach-type application/gzip --attach-name customers.csv.gz \
    --attach "@$LAB/customers.csv.gz"
lab_stop
table truth accounts 300 channel=smtp party=outside.example \
    >"$here/truth.json"
