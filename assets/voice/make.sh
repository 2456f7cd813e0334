#!/usr/bin/env bash
# Makes the voice packs that ship anew: needs espeak-ng (Debian: apt install espeak-ng; these are of version 1.51).
# The program is built twice afterwards: once to make them, once more with them inside.
set -euo pipefail
cd "$(dirname "$0")/../.."
for language in id en; do
    rm -rf "assets/voice/$language"
    cargo run --quiet -- voice make "assets/voice/$language" --language "$language"
done
