#!/usr/bin/env bash
# bench/run.sh [N]: Posthaste between smtp-source and smtp-sink, and Postfix in its place beside it: N mails of 10 KiB
# (10000), 50 sessions, first one mail a connection, then connections reused. Rates in mails a second.
#
# accept: until the client had its last 250. relay: until the sink had the last mail. CPU is that of all processes of the
# server. Both force a mail to disk before they acknowledge it. Client, server and sink share this machine's cores, so
# figures compare within one run alone. A warm-up of 4000 mails comes first: the JVM compiles while it runs.
#
# Needs: root (for CPU accounting), smtp-source and smtp-sink (Debian: postfix), and the bench scripts in ../shared/bench.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
shared=${BENCH_SCRIPTS:-$here/../shared/bench}
n=${1:-10000}

step_aside() {
    echo "bench: not run: $*"
    exit 0
}
for program in smtp-source smtp-sink python3; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || step_aside "$program is not installed"
done
[[ -x $shared/relay.sh ]] || step_aside "there is no $shared/relay.sh"
[[ $(id -u) = 0 ]] || step_aside "it counts CPU by control group, for which it has to be root"
export PATH=$PATH:/usr/sbin

work=$(mktemp -d "${TMPDIR:-/tmp}/posthaste-bench.XXXXXX")
chmod 755 "$work" # Postfix's processes are other users.
cgroup=/sys/fs/cgroup/bench-posthaste
if [[ -d /sys/fs/cgroup/cpuacct ]]; then cgroup=/sys/fs/cgroup/cpuacct/bench-posthaste; fi
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
smtp_port=$(free_port) web_port=$(free_port) sink_port=$(free_port)
export BENCH_DISK=$work SINK_PORT=$sink_port

started=
clean_up() {
    stop_posthaste
    if [[ -n ${postfix_started:-} ]]; then "$shared/peers/postfix.sh" stop "$work"; fi
    rm -rf "$work"
}
trap clean_up EXIT

start_posthaste() {
    mkdir -p "$cgroup"
    # shellcheck disable=SC2016
    bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' _ "$cgroup" \
        "$here/posthaste" run --smtp-port "$smtp_port" --web-port "$web_port" --data-dir "$work/data" \
        --relay-to "127.0.0.1:$sink_port" --posthaste.smtp.address=127.0.0.1 >"$work/out" &
    started=$!
    for _ in {1..600}; do
        if [[ -s $work/out ]]; then return; fi
        kill -0 "$started" 2>/dev/null || break
        sleep 0.1
    done
    echo "bench: Posthaste did not start" >&2
    exit 1
}

stop_posthaste() {
    if [[ -n $started ]]; then
        kill -TERM "$started" 2>/dev/null || true
        wait "$started" || true
        started=
        rmdir "$cgroup" 2>/dev/null || true
    fi
}

measure() { # NAME PORT CGROUP OPTION...
    local name=$1 port=$2 group=$3
    shift 3
    timeout 600 "$shared/relay.sh" --target "127.0.0.1:$port" --sink-port "$sink_port" --cgroup "$group" \
        --label "$name" --sessions 50 --size 10240 --timeout 300 "$@" | tee -a "$work/results.jsonl" >/dev/null
}

measure_all() { # NAME PORT CGROUP
    measure "$1 warm-up" "$2" "$3" --n 4000
    measure "$1" "$2" "$3" --n "$n"
    measure "$1, connections reused" "$2" "$3" --n "$n" --reuse
}

start_posthaste
measure_all Posthaste "$smtp_port" "$cgroup"
stop_posthaste

if [[ -x $shared/peers/postfix.sh ]] && command -v postfix >/dev/null; then
    LISTEN_PORT=$(free_port)
    export LISTEN_PORT
    "$shared/peers/postfix.sh" setup "$work"
    postfix_started=1
    "$shared/peers/postfix.sh" start "$work"
    measure_all Postfix "$LISTEN_PORT" "$("$shared/peers/postfix.sh" cgroup "$work")"
else
    echo "bench: Postfix is not measured: it is not installed, or there is no $shared/peers/postfix.sh"
fi

python3 - "$work/results.jsonl" <<'TABLE'
import json, sys

print(f"{'':36} {'accept/s':>9} {'relay/s':>9} {'CPU ms':>7} {'syncs':>6} {'MiB':>6}")
for line in open(sys.argv[1]):
    r = json.loads(line)
    syncs = r['fsync_per_msg'] + r['fdatasync_per_msg'] if 'fsync_per_msg' in r else float('nan')
    print(f"{r['label']:36} {r['accept_rate'] or 0:9.0f} {r['relay_rate'] or 0:9.0f} {r['cpu_ms_per_msg']:7.2f} {syncs:6.2f} "
          f"{r['peak_pss_mb'] * 1e6 / 2**20:6.0f}" + (f"  failed {r['failed']}" if 'failed' in r else ''))
TABLE
