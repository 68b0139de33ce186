#!/usr/bin/env bash
# Builds local images that stand in for official ones where none can be pulled. Test material only: each keeps
# just that part of the official image's contract that the tests use, and says by the label posthaste.stand-in
# that it is none. Needs root, podman, debootstrap, Maven, a JDK 25.
#
#   stand-ins.sh kafka VERSION    apache/kafka:VERSION  (KAFKA_* variables, /etc/kafka/docker/run, port 9092)
#   stand-ins.sh jre              eclipse-temurin:25-jre (java on the PATH, JAVA_HOME=/opt/java/openjdk, bash)
#   stand-ins.sh compose          what docker-compose.yml names beside: PostgreSQL, S3 store, HAProxy, Prometheus, mail sink
set -euo pipefail
cd "$(dirname "$0")"

root=$PWD/../..
debian=localhost/posthaste-test-debian:bookworm
base=localhost/posthaste-test-base:bookworm

# One system for all, so that there is one to fetch.
build_debian() {
    podman image exists "$debian" && return
    local tree mirror
    tree=$(mktemp -d)
    mirror=$(apt-get indextargets --format '$(SITE)' | grep -v security | sort -u | head -n 1)
    debootstrap --variant=minbase --include=ca-certificates,haproxy,prometheus,python3-aiosmtpd,xz-utils \
        bookworm "$tree" "$mirror" >/dev/null
    rm -rf "$tree/var/cache/apt" "$tree/var/lib/apt/lists"
    tar -C "$tree" -c . | podman import --change 'LABEL posthaste.stand-in=true' - "$debian" >/dev/null
    rm -rf "$tree"
}

# FOLDER TAG: an image of what FOLDER holds.
build_image() {
    podman build -q --isolation chroot --format docker -t "$2" "$1" >/dev/null
}

build_base() {
    podman image exists "$base" && return
    build_debian
    local context
    context=$(mktemp -d)
    cp -a "${JAVA_HOME:?set JAVA_HOME to a JDK 25}/." "$context/jdk/"
    rm -rf "$context/jdk/jmods" "$context/jdk/lib/src.zip"
    cat >"$context/Dockerfile" <<DOCKERFILE
FROM $debian
COPY jdk /opt/jdk
ENV JAVA_HOME=/opt/jdk PATH=/opt/jdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKERFILE
    build_image "$context" "$base"
    rm -rf "$context"
}

build_kafka() {
    local version=$1 context
    podman image exists "docker.io/apache/kafka:$version" && return
    build_base
    context=$(mktemp -d)
    cp -r kafka/. "$context/"
    mvn -B -q -f kafka/pom.xml -Dkafka.version="$version" dependency:copy-dependencies -DoutputDirectory="$context/libs"
    build_image "$context" "docker.io/apache/kafka:$version"
    rm -rf "$context"
}

# The modules that Temurin's runtime has, by jlink.
build_jre() {
    local image=docker.io/library/eclipse-temurin:25-jre context
    podman image exists "$image" && return
    build_debian
    context=$(mktemp -d)
    "${JAVA_HOME:?set JAVA_HOME to a JDK 25}/bin/jlink" --output "$context/openjdk" --no-header-files --no-man-pages \
        --generate-cds-archive \
        --add-modules java.se,jdk.charsets,jdk.crypto.ec,jdk.crypto.cryptoki,jdk.httpserver,jdk.jdwp.agent,jdk.jfr,jdk.localedata,jdk.management,jdk.management.agent,jdk.management.jfr,jdk.naming.dns,jdk.net,jdk.nio.mapmode,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.xml.dom,jdk.zipfs
    cat >"$context/Dockerfile" <<DOCKERFILE
FROM $debian
COPY openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk LANG=C.UTF-8 PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKERFILE
    build_image "$context" "$image"
    rm -rf "$context"
}

# The image that docker-compose.yml names for SERVICE, in full.
named() { # SERVICE
    local name
    name=$(awk -v service="  $1:" '$0 == service { found = 1 } found && $1 == "image:" { print $2; exit }' "$root/docker-compose.yml")
    case $name in
    */*) echo "docker.io/$name" ;;
    ?*) echo "docker.io/library/$name" ;;
    esac
}

version() { # PROPERTY of the parent's pom
    sed -n "s:.*<$1>\\(.*\\)</$1>.*:\\1:p" "$root/pom.xml"
}

# FOLDER SERVICE: what the folder's Dockerfile says, in place of that service's image.
build_part() {
    local folder=$1 image context
    image=$(named "$2")
    podman image exists "${image:?docker-compose.yml names no image for $2}" && return
    build_debian
    context=$(mktemp -d)
    cp -r "$folder/." "$context/"
    case $folder in
    postgres)
        mvn -B -q -f postgres/pom.xml -Dpostgres.version="$(version embedded-postgres-binaries.version)" \
            dependency:copy-dependencies -DoutputDirectory="$context/jar"
        (cd "$context/jar" && "$JAVA_HOME/bin/jar" -xf ./*.jar)
        mkdir "$context/postgres"
        tar -C "$context/postgres" -xJf "$context"/jar/postgres-*.txz
        rm -r "$context/jar"
        ;;
    s3)
        build_jre
        mvn -B -q -f s3/pom.xml -Ds3proxy.version="$(version s3proxy.version)" \
            dependency:copy-dependencies -DoutputDirectory="$context/libs"
        ;;
    esac
    build_image "$context" "$image"
    rm -rf "$context"
}

case "${1:-}" in
kafka) build_kafka "${2:?which version?}" ;;
jre) build_jre ;;
compose)
    build_kafka "$(version kafka.version)"
    build_jre
    build_part postgres database
    build_part s3 store
    build_part haproxy vip
    build_part prometheus prometheus
    build_part sink sink
    ;;
*)
    sed -n '/^# *stand-ins.sh/s/^# *//p' "$0" >&2
    exit 2
    ;;
esac
