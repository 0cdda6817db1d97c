#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an outsider who walks 150 accounts of the portal.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

lab_up
table pages accounts 150 "$LAB/www"
lab_nginx in_
lab_record "$here/capture.pcap"
out_ curl -sS --interface 203.0.113.50 --resolve online.bank.example:80:10.30.0.5 \
    "http://online.bank.example/account?id=[1-150]" -o /dev/null
lab_stop
table truth accounts 150 employee=10.30.0.5 party=203.0.113.50 \
    channel=http transfers=150 \
    only="person_name account_number card_number address" \
    >"$here/truth.json"
