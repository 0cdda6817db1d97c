#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an authenticated mail to an inside relay for several receivers.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
lab_serve out_ 25 "$PY" "$MAKE/smtpd.py" 10.20.0.25
lab_record "$here/capture.pcap"
in_ swaks --silent 2 --ehlo pc7.bank.example --from taro@bank.example \
    --to boss@bank.example,buyer@outside.example,friend@other.example \
    --server 10.20.0.25 --auth LOGIN --auth-user taro --auth-password secret \
    --body "as agreed" --attach-type text/csv --attach-name customers.csv \
    --attach "@$LAB/customers.csv"
lab_stop
table truth accounts 150 channel=smtp party=outside.example \
    also=other.example login=taro \
    >"$here/truth.json"
