#!/usr/bin/env bash
# How many figures a second a stream records on SQLite, and how much memory the server takes for it: benches/stream.sh [ROWS]…
# The figures are monthly, of every province of 2004 to 2025 and every open indicator. Needs curl and awk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly CHITIEU=${CARGO_TARGET_DIR:-target}/release/chitieu
SCRATCH=$(mktemp -d)
SERVER=
trap 'stop; rm -rf "$SCRATCH"' EXIT

main() {
    cargo build --release --quiet --locked
    printf '%10s %9s %9s %12s %12s\n' rows seconds rows/s 'RSS before' 'RSS at most'
    for rows in "${@:-100000}"; do
        measure "$rows"
    done
}

measure() {
    local rows=$1 before begun seconds
    start
    make_rows "$rows" >"$SCRATCH/rows.ndjson"
    before=$(memory VmRSS)
    begun=$EPOCHREALTIME
    curl --silent --show-error --fail "$BASE/v1/submissions?mode=partial&acknowledge=outlier,yoy_jump" -H "Authorization: Bearer $TOKEN" \
        -H 'Content-Type: application/x-ndjson' -H 'Expect:' -T "$SCRATCH/rows.ndjson" -X POST -o "$SCRATCH/answer.ndjson"
    seconds=$(awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
    tail -n 1 "$SCRATCH/answer.ndjson" | grep --quiet "^{\"lines\":$rows,.*\"created\":$rows," || fail "$(tail -n 1 "$SCRATCH/answer.ndjson")"
    printf '%10s %9s %9s %9s MB %9s MB\n' "$rows" "$seconds" "$(awk -v r="$rows" -v s="$seconds" 'BEGIN { printf "%.0f", r / s }')" \
        "$((before / 1024))" "$(($(memory VmHWM) / 1024))"
    stop
}

# A server on an empty database, and a client whose organisation is trusted.
start() {
    local made
    rm -f "$SCRATCH"/bench.db*
    export DATABASE_URL=sqlite://$SCRATCH/bench.db TMPDIR=$SCRATCH
    made=$("$CHITIEU" client add bench --scope submit,admin --organisation H02.12 --json)
    CHITIEU_LISTEN=127.0.0.1:0 "$CHITIEU" serve 2>"$SCRATCH/log" &
    SERVER=$!
    until BASE=$(grep -o 'http://127.0.0.1:[0-9]*' "$SCRATCH/log"); do sleep 0.1; done
    TOKEN=$(curl --silent --fail -u "$(field client_id "$made"):$(field client_secret "$made")" -d grant_type=client_credentials "$BASE/oauth/token" |
        sed 's/.*"access_token":"\([^"]*\)".*/\1/')
    curl --silent --fail -X PUT "$BASE/v1/organisations/H02.12" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
        -d '{"name": "Sở", "trusted": true}' -o /dev/null
}

stop() {
    if [ -n "$SERVER" ]; then
        kill "$SERVER" && wait "$SERVER" || true
    fi
    SERVER=
}

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}

field() {
    printf '%s' "$2" | sed "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/"
}

# Kilobytes of the server's memory: VmRSS now, VmHWM at most.
memory() {
    awk -v name="$1:" '$1 == name { print $2 }' "/proc/$SERVER/status"
}

# So many rows: for each province, month by month, the figures of a report.
make_rows() {
    local codes
    codes=$(curl --silent --fail "$BASE/v1/indicators?limit=1000" | grep -oE '"code":"[a-z0-9-]+"|"measure":"[a-z]+"' | cut -d'"' -f4 |
        paste -d' ' - - | tr '\n' ',')
    awk -F, -v codes="$codes" -v wanted="$1" '
        BEGIN { n = split(codes, code, ",") - 1 }
        $7 == "2004-07-08" && ($8 == "" || $8 == "2025-06-30") { key[++provinces] = $1 }
        END {
            for (p = 1; p <= provinces; p++) for (month = 0; month < 246; month++) for (c = 1; c <= n; c++) {
                if (made++ == wanted) exit
                split(code[c], of, " ")
                value = of[2] == "rate" ? 40 + (p + c + month) % 50 : 1000 + p * 7 + c * 13 + month % 5
                printf "{\"province\":\"%s\",\"indicator\":\"%s\",\"period\":\"%d-%02d\",\"value\":%d}\n", \
                    key[p], of[1], 2005 + int(month / 12), month % 12 + 1, value
            }
        }' data/provinces.csv
}

main "$@"
