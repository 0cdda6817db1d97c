# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lab.sh - two network namespaces joined by one wire, and a recorder on it.
#
# Sourced by the make.sh of each capture. "In" is the company (10.20.0.7,
# 10.20.0.8, 10.30.0.5, 2001:db8:20::7), "out" is everybody else
# (203.0.113.9, 203.0.113.50, 198.51.100.25, 2001:db8:113::9) and also the
# company's proxy and mail relay (10.20.0.3, 10.20.0.25), so that one wire
# carries what a span port would show. Offloads are off on both ends. What is
# started here is stopped by its process id; nothing outside the two
# namespaces and one temporary folder is touched.
#
# It must not be run on its own, and not use a name outside documentation.

set -euo pipefail

MAKE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PY=/usr/bin/python3
LAB=$(mktemp -d)
NS_IN=of$$in
NS_OUT=of$$out
PIDS=()
RECORDER=

lab_cleanup() {
    local pid
    trap - EXIT
    for pid in "${PIDS[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    if [ -n "$RECORDER" ]; then
        kill -INT "$RECORDER" 2>/dev/null || true
        wait "$RECORDER" 2>/dev/null || true
    fi
    ip netns del "$NS_IN" 2>/dev/null || true
    ip netns del "$NS_OUT" 2>/dev/null || true
    rm -rf "$LAB"
}
trap lab_cleanup EXIT
trap 'exit 1' INT TERM

in_() { ip netns exec "$NS_IN" "$@"; }
out_() { ip netns exec "$NS_OUT" "$@"; }

lab_address() { # NAMESPACE DEVICE ADDRESS...
    local ns=$1 dev=$2 one
    shift 2
    for one in "$@"; do
        case $one in
        *:*) ip -n "$ns" addr add "$one/128" dev "$dev" nodad ;;
        *) ip -n "$ns" addr add "$one/32" dev "$dev" ;;
        esac
    done
    ip -n "$ns" link set lo up
    ip -n "$ns" link set "$dev" up
    ip -n "$ns" route add default dev "$dev" src "$1"
    ip -n "$ns" -6 route add default dev "$dev"
    ip netns exec "$ns" "$PY" "$MAKE/offload.py" "$dev"
}

lab_up() {
    ip netns add "$NS_IN"
    ip netns add "$NS_OUT"
    ip link add wire0 netns "$NS_IN" address 02:00:0a:14:00:07 \
        type veth peer name wire1 netns "$NS_OUT" address 02:00:cb:00:71:09
    lab_address "$NS_IN" wire0 10.20.0.7 10.20.0.8 10.30.0.5 2001:db8:20::7
    lab_address "$NS_OUT" wire1 203.0.113.9 203.0.113.50 198.51.100.25 \
        10.20.0.3 10.20.0.25 2001:db8:113::9
    mkdir "$LAB/www"
    lab_wait 100 in_ bash -c 'ip -6 -o addr show dev wire0 | grep -q link'
}

lab_wait() { # TRIES COMMAND...: until it succeeds, a tenth of a second apart
    local tries=$1
    shift
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "lab: gave up on: $*" >&2; exit 1; }
        sleep 0.1
    done
}

lab_serve() { # in_|out_ PORT COMMAND...: start, wait for the port
    local where=$1 port=$2
    shift 2
    "$where" "$@" >"$LAB/log.$port" 2>&1 &
    PIDS+=($!)
    lab_wait 100 "$where" bash -c \
        "grep -qiE ':$(printf %04X "$port") 0+:0000 0A' /proc/net/tcp /proc/net/tcp6"
}

lab_nginx() { # in_|out_
    sed "s|@LAB@|$LAB|g" "$MAKE/nginx.conf" >"$LAB/nginx.conf"
    lab_serve "$1" 80 nginx -c "$LAB/nginx.conf" -e "$LAB/nginx.err"
}

lab_record() { # FILE [FILTER...]
    local file=$1
    shift
    ip netns exec "$NS_IN" tcpdump -i wire0 -U -n -s 0 -Z root -w "$file" \
        --immediate-mode "${@:-tcp or udp port 514}" 2>"$LAB/tcpdump.log" &
    RECORDER=$!
    lab_wait 100 grep -q listening "$LAB/tcpdump.log"
}

lab_stop() {
    sleep 0.4
    kill -INT "$RECORDER"
    wait "$RECORDER" 2>/dev/null || true
    RECORDER=
    grep -q '^0 packets dropped' "$LAB/tcpdump.log" ||
        { echo "lab: packets were dropped" >&2; exit 1; }
}

table() { "$PY" "$MAKE/table.py" "$@"; }
