#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# make.sh - record a WebSocket handshake and a short chat.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../make/lab.sh"

lab_up
lab_serve out_ 80 "$PY" "$MAKE/peer.py" websocket 203.0.113.9 80
lab_record "$here/capture.pcap"
in_ "$PY" "$MAKE/peer.py" websocket-client 203.0.113.9 80
lab_stop
printf '{\n "alerts": 0,\n "customers": 0\n}\n' \
    >"$here/truth.json"
