#!/bin/sh
# Prints the licence notices of all crates that are in the program: most of their licences ask for that.
# usage: packaging/notices.sh >FILE      (cargo has fetched the crates)
# Invariant: each crate stands in it, with its licence's name and with every notice that it brings.
set -eu
cd "$(dirname "$0")/.."
crates=${CARGO_HOME:-$HOME/.cargo}/registry/src
known=$(mktemp -d)
trap 'rm -rf "$known"' EXIT

cat <<'END'
papan is made of its own code (MIT OR Apache-2.0) and of the crates below, each under the licence that stands beside its
name. A notice that several crates share is printed with the first of them.
END
cargo tree --locked --edges normal --prefix none --format '{p}|{l}' | sed 's/ (\*)$//' | sort -u |
    while IFS='|' read -r package licence; do
        name=${package%% v*}
        version=${package#* v}
        version=${version%% *}
        [ "$name" != papan ] || continue
        printf '\n\n==== %s %s: %s\n' "$name" "$version" "${licence:-see its notice}"
        none=yes
        for file in "$crates"/*/"$name-$version"/*; do
            case ${file##*/} in
                [Ll][Ii][Cc][Ee][Nn][SsCc][Ee]* | COPYING* | COPYRIGHT* | NOTICE*) ;;
                *) continue ;;
            esac
            [ -f "$file" ] || continue
            none=
            # The same words with other spaces are the same notice.
            sum=$(tr -d '[:space:]' <"$file" | cksum | tr ' ' -)
            if [ -e "$known/$sum" ]; then
                printf '\n%s: as of %s\n' "${file##*/}" "$(cat "$known/$sum")"
            else
                echo "$name $version, ${file##*/}" >"$known/$sum"
                printf '\n%s:\n\n' "${file##*/}"
                cat "$file"
            fi
        done
        [ -z "$none" ] || printf '\nIt brings no notice of its own.\n'
    done
