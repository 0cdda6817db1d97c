#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an ordinary mail with a picture and a short list.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 20 >"$LAB/team.csv"
table benign image count=12000 >"$LAB/photo.jpg"
lab_up
lab_serve out_ 25 "$PY" "$MAKE/smtpd.py" 198.51.100.25
lab_record "$here/capture.pcap"
in_ swaks --silent 2 --ehlo pc7.bank.example --from taro@bank.example \
    --to buyer@outside.example --server 198.51.100.25 --body "see you" \
    --attach-type text/csv --attach-name team.csv --attach "@$LAB/team.csv" \
    --attach-type image/jpeg --attach-name photo.jpg \
    --attach "@$LAB/photo.jpg"
lab_stop
printf '{\n "alerts": 0,\n "customers": 20\n}\n' \
    >"$here/truth.json"
