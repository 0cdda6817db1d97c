#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record the upload of a web server's log.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table benign log count=250 >"$LAB/access.log"
table benign orders count=600 >"$LAB/orders.csv"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 -F "file=@$LAB/access.log" \
    -F "file=@$LAB/orders.csv" http://drop.example/upload
lab_stop
printf '{\n "alerts": 0,\n "customers": 0\n}\n' \
    >"$here/truth.json"
