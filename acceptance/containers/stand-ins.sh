#!/usr/bin/env bash
# Builds local images that stand in for official ones where none can be pulled. Test material only: each keeps
# just that part of the official image's contract that the tests use. Needs root, podman, debootstrap, Maven, JDK 25.
#
#   stand-ins.sh kafka VERSION    apache/kafka:VERSION  (KAFKA_* variables, /etc/kafka/docker/run, port 9092)
set -euo pipefail
cd "$(dirname "$0")"

base=localhost/posthaste-test-base:bookworm

build_base() {
    podman image exists "$base" && return
    local root mirror
    root=$(mktemp -d)
    mirror=$(apt-get indextargets --format '$(SITE)' | grep -v security | sort -u | head -n 1)
    debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >/dev/null
    mkdir -p "$root/opt/jdk"
    cp -a "${JAVA_HOME:?set JAVA_HOME to a JDK 25}/." "$root/opt/jdk/"
    rm -rf "$root/opt/jdk/jmods" "$root/opt/jdk/lib/src.zip" "$root/var/cache/apt"
    tar -C "$root" -c . | podman import --change 'ENV JAVA_HOME=/opt/jdk' \
        --change 'ENV PATH=/opt/jdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$base" >/dev/null
    rm -rf "$root"
}

build_kafka() {
    local version=$1 context
    podman image exists "docker.io/apache/kafka:$version" && return
    build_base
    context=$(mktemp -d)
    cp -r kafka/. "$context/"
    mvn -B -q -f kafka/pom.xml -Dkafka.version="$version" dependency:copy-dependencies -DoutputDirectory="$context/libs"
    podman build -q --isolation chroot -t "docker.io/apache/kafka:$version" "$context" >/dev/null
    rm -rf "$context"
}

case "${1:-}" in
kafka) build_kafka "${2:?which version?}" ;;
*)
    echo "usage: $0 kafka VERSION" >&2
    exit 2
    ;;
esac
