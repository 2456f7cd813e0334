#!/bin/sh
# Makes the Debian package of a release build that is there; prints where it is at the end.
# usage: packaging/deb.sh [OPTION-OF-CARGO-DEB…]      (such as --deb-version 0.1.1)
# Invariant: the same sources, compiler, paths and SOURCE_DATE_EPOCH make the same package, byte for byte.
set -eu
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
if [ -z "${SOURCE_DATE_EPOCH:-}" ] && SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null); then
    export SOURCE_DATE_EPOCH
fi
# What the program says of itself; PAPAN_GENERATE is another build of it, where the release build is an older one.
rm -rf "$target/release/packaging"
"${PAPAN_GENERATE:-$target/release/papan}" generate "$target/release/packaging"
packaging/notices.sh >"$target/release/packaging/THIRD-PARTY-NOTICES"
gzip --best --no-name "$target/release/packaging/THIRD-PARTY-NOTICES"
find "$target/release/packaging/man" -type f -exec gzip --best --no-name {} +
# Files come with the modes that Cargo.toml gives them; folders by the umask.
umask 022
"$target/tools/bin/cargo-deb" --no-build --locked "$@"
