#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record one customer who pays by card.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table benign purchase >"$LAB/form"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve shop.example:80:203.0.113.9 -d "@$LAB/form" \
    http://shop.example/checkout
lab_stop
printf '{\n "alerts": 0,\n "customers": 1\n}\n' \
    >"$here/truth.json"
