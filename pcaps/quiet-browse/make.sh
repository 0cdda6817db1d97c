#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record somebody who reads the web.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

lab_up
for i in 1 2 3 4; do
    table benign page "count=$((i * 6))" >"$LAB/www/p$i.html"
    table benign image "count=$((i * 7000))" >"$LAB/www/i$i.jpg"
    table benign json "count=$((i * 30))" >"$LAB/www/d$i.json"
done
lab_nginx out_
lab_record "$here/capture.pcap"
for host in www.example.com news.example.net; do
    in_ curl -sS --compressed --resolve "$host:80:203.0.113.9" \
        "http://$host/p[1-4].html" "http://$host/i[1-4].jpg" \
        "http://$host/d[1-4].json?t=1312506123456" -o /dev/null -o /dev/null \
        -o /dev/null
done
lab_stop
printf '{\n "alerts": 0,\n "customers": 0\n}\n' \
    >"$here/truth.json"
