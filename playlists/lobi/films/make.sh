#!/usr/bin/env bash
# Makes ambil-nomor.mp4 and ambil-nomor.srt anew: pictures and words by examples/ambil_nomor, drawn with papan's own
# type and colours; chime and voice by papan itself. Needs ffmpeg and espeak-ng (Debian: apt install ffmpeg espeak-ng;
# this film is of versions 5.1 and 1.51, others give other bytes).
set -euo pipefail
films="$(cd "$(dirname "$0")" && pwd)"
cd "$films/../../.."

cargo build --quiet --locked --bin papan --example ambil_nomor
target="${CARGO_TARGET_DIR:-target}/debug"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

"$target/examples/ambil_nomor" captions >"$films/ambil-nomor.srt"

# Each piece of sound at its time. `say` chimes before whatever it says: a sentence begins behind the chime, 1.35 s.
inputs=() filters="" mixed="" count=0
while IFS=$'\t' read -r at kind words counter; do
    sound="$work/$count.wav"
    trim="atrim=start=1.35,asetpts=PTS-STARTPTS,"
    if [ "$kind" = call ]; then
        "$target/papan" say "$words" "$counter" --language id --out "$sound" >"$work/said"
        trim=""
    else
        "$target/papan" say --text "$words" --language id --out "$sound" >"$work/said"
    fi
    inputs+=(-i "$sound")
    filters+="[$count:a]${trim}adelay=delays=$at:all=1[s$count];"
    mixed+="[s$count]"
    count=$((count + 1))
done < <("$target/examples/ambil_nomor" narration)
ffmpeg -v error -y "${inputs[@]}" -bitexact \
    -filter_complex "${filters}${mixed}amix=inputs=$count:normalize=0,apad=whole_dur=24,atrim=end=24[all]" \
    -map "[all]" "$work/sound.wav"

# BT.709, limited range, and tagged so; two threads, because x264's bytes depend on their number.
"$target/examples/ambil_nomor" pictures | ffmpeg -v error -y \
    -f rawvideo -pixel_format bgra -video_size 1920x1080 -framerate 30 -i - -i "$work/sound.wav" \
    -vf "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+bitexact,format=yuv420p" \
    -c:v libx264 -threads 2 -preset slow -tune animation -crf 18 -profile:v high -level 4.0 -g 60 \
    -color_range tv -colorspace bt709 -color_primaries bt709 -color_trc bt709 \
    -c:a aac -b:a 96k -t 24 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
    -movflags +faststart "$films/ambil-nomor.mp4"
