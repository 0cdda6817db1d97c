#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a download in three ranges.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

lab_up
table csv accounts 150 >"$LAB/www/export.csv"
lab_nginx in_
lab_record "$here/capture.pcap"
for range in 0-7999 8000-15999 16000-; do
    out_ curl -sS --interface 203.0.113.50 \
        --resolve online.bank.example:80:10.30.0.5 \
        -r "$range" http://online.bank.example/export.csv -o /dev/null
done
lab_stop
table truth accounts 150 employee=10.30.0.5 party=203.0.113.50 \
    channel=http transfers=3 customers_min=148 records=any \
    >"$here/truth.json"
