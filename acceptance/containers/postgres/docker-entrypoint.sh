#!/bin/bash
# As the official image does: POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB are made once; passwords are asked for.
set -euo pipefail
as_postgres=(setpriv --reuid=999 --regid=999 --clear-groups)
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    install --directory --owner=999 --group=999 "$(dirname "$PGDATA")" "$PGDATA"
    password=$(mktemp)
    printf '%s' "${POSTGRES_PASSWORD:?}" >"$password"
    chown 999 "$password"
    "${as_postgres[@]}" initdb --pgdata="$PGDATA" --username="${POSTGRES_USER:?}" --pwfile="$password" \
        --encoding=UTF8 --locale=C --auth=scram-sha-256
    rm "$password"
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "CREATE DATABASE \"$POSTGRES_DB\"" | "${as_postgres[@]}" postgres --single -D "$PGDATA" postgres
fi
exec "${as_postgres[@]}" postgres -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/tmp "$@"
