#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a mail whose text is the table, 8-bit CP932, with AUTH PLAIN.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv japan 150 encoding=cp932 >"$LAB/text"
{
    printf "From: <taro@bank.example>\r\nTo: <buyer@outside.example>\r\n"
    printf "Subject: =?ISO-2022-JP?B?GyRCTD5KbRsoQg==?=\r\nMIME-Version: 1.0\r\n"
    printf "Content-Type: text/plain; charset=Shift_JIS\r\n"
    printf "Content-Transfer-Encoding: 8bit\r\n\r\n"
    cat "$LAB/text"
} >"$LAB/mail"
lab_up
lab_serve out_ 25 "$PY" "$MAKE/smtpd.py" 198.51.100.25
lab_record "$here/capture.pcap"
in_ swaks --silent 2 --ehlo pc7.bank.example --from taro@bank.example \
    --to buyer@outside.example --server 198.51.100.25 --auth PLAIN \
    --auth-user taro --auth-password secret --data "@$LAB/mail"
lab_stop
table truth japan 150 channel=smtp party=outside.example login=taro \
    >"$here/truth.json"
