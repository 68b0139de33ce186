#!/usr/bin/env bash
# Breaks Posthaste under load, and counts what became of each mail. `acceptance/chaos.sh --help` tells how.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
    cat <<'TEXT'
acceptance/chaos.sh [options]: load from clients that keep a ledger, faults at random steps of a mail's way, drain, verdict.

    --system NAME               one: ./posthaste run (one process; as root on a small disk of its own, which is filled, too);
                                clock: the same with a wall clock that is stepped (libfaketime);
                                cluster: three brokers, PostgreSQL, two of each service;
                                network: the same, each part in a network namespace, so that lines can be cut (one)
    --minutes M                 rounds of five random faults for so long, at least one; 0: each fault by itself (0)
    --seed N                    decides mails, faults and moments; printed (the time now)
    --strikes N                 of each fault, with --minutes 0 (1)
    --faults 'A;B'              these alone, with --minutes 0; names as in the table
    --sessions N, --rate N      of the clients; mails a second (8, 40)

Results: acceptance/target/chaos/seed-*/results.md and .json, beside what clients, sink and faults noted. The exit status is
not 0 if a mail was lost, corrupted, a phantom or without an end, or repeated more often than the faults explain.
TEXT
}

fail() {
    echo "chaos.sh: $*" >&2
    exit 2
}

system=one minutes=0 seed=$(date +%s) strikes=1 faults='' sessions=8 rate=40
while (($#)); do
    case $1 in
    --help | -h)
        usage
        exit
        ;;
    --system | --minutes | --seed | --strikes | --faults | --sessions | --rate)
        (($# > 1)) || fail "$1 needs a value."
        declare "${1#--}=$2"
        shift 2
        ;;
    *) fail "there is no option '$1'; --help lists them." ;;
    esac
done
[[ $system =~ ^(one|clock|cluster|network)$ ]] || fail "--system is one, clock, cluster or network, not '$system'."
for number in minutes seed strikes sessions rate; do
    [[ ${!number} =~ ^[0-9]+$ ]] || fail "--$number is a number, not '${!number}'."
done

# The formatter of the build wants a JDK 25, and so does Posthaste.
for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
    if [[ -x $jdk/bin/javac ]] && grep -qs '^JAVA_VERSION="25' "$jdk/release"; then
        export JAVA_HOME=$jdk
        break
    fi
done
echo "chaos.sh: system $system, seed $seed"
cd "$here"
exec mvn -B -q -Pfull verify -pl acceptance -am -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false \
    -Dit.test=ChaosByHandIT -Dfailsafe.failIfNoSpecifiedTests=false \
    "-Dposthaste.chaos.system=$system" "-Dposthaste.chaos.minutes=$minutes" "-Dposthaste.chaos.seed=$seed" \
    "-Dposthaste.chaos.strikes=$strikes" "-Dposthaste.chaos.faults=$faults" \
    "-Dposthaste.chaos.sessions=$sessions" "-Dposthaste.chaos.rate=$rate"
