#!/usr/bin/env bash
# Installs what ClientsIT runs, on Debian, as root: clients from packages, Nodemailer from npm, and Exim unpacked beside
# Postfix, which its package would displace.
set -euo pipefail
cd "$(dirname "$0")"

export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends \
    swaks curl msmtp python3 python3-django perl libauthen-sasl-perl libio-socket-ssl-perl \
    postfix libsasl2-modules libidn12 libgnutls-dane0 libdb5.3 libpcre2-8-0 libnsl2

if command -v npm >/dev/null; then
    npm ci --no-audit --no-fund --silent
fi

if [ ! -x exim/usr/sbin/exim4 ]; then
    packages=$(mktemp -d)
    chmod 755 "$packages"
    (cd "$packages" && apt-get download -qq exim4-daemon-light exim4-base 2>/dev/null)
    for package in "$packages"/*.deb; do
        dpkg -x "$package" exim
    done
    rm -r "$packages"
fi
id Debian-exim >/dev/null 2>&1 || useradd -r -M -d /nonexistent -s /usr/sbin/nologin Debian-exim
