#!/bin/sh
# Installs the system packages that are missing for what is to be done; says which, and why.
# usage: scripts/setup.sh build|run|test|bench|soak|deb|deb-test|boot...
# Invariant: where nothing is missing it needs no network and no rights, and is over at once.
set -eu

# One package a line: what it is needed for, its name, why.
list() {
    cat <<'LIST'
build gcc             links the program, and compiles the cryptography (ring)
build libc6-dev       what gcc links with
build pkg-config      finds ALSA's development files
build libasound2-dev  sound: ALSA's development files
build libgstreamer1.0-dev  films: GStreamer's development files
build libgstreamer-plugins-base1.0-dev  films: the same of its video part
run   libasound2      sound: ALSA
run   gstreamer1.0-plugins-base  films: Ogg, Vorbis, Opus, conversions
run   gstreamer1.0-plugins-good  films: MP4, MOV, MKV, WebM, VP8, VP9
run   gstreamer1.0-plugins-bad  films: AV1, decoders by hardware (VA-API)
run   gstreamer1.0-libav  films: H.264, H.265, MPEG-4, AAC, MP3
run   libxkbcommon0   a window: the keyboard
run   libxkbcommon-x11-0  a window on X11: the keyboard
run   libx11-6        a window on X11
run   libx11-xcb1     a window on X11
run   libxcb1         a window on X11
run   libxcursor1     a window on X11: the pointer
run   libxi6          a window on X11: touch and mouse
run   libxrandr2      a window on X11: monitors and their rates
run   libwayland-client0  a window on Wayland
run   espeak-ng       the voice: what has no clip
run   ca-certificates wss: the authorities that the system trusts
gpu   libvulkan1      the gpu presenter: Vulkan
gpu   mesa-vulkan-drivers  the gpu presenter: drivers (in the tests a software one)
gpu   libegl1         the gpu presenter: GPUs without Vulkan
test  procps          kill: a sound server that hangs
test  xdotool         keys and the pointer for the window
test  sway            a Wayland compositor without a monitor: outputs go off and on, are pulled and come back
test  grim            pictures of what such an output shows
test  xvfb            an X server without a monitor, to look at the window from outside
test  pulseaudio      a sound server, to hear the chime
test  pulseaudio-utils  records what the sound server plays
test  ffmpeg          makes the films of the tests
test  libasound2-plugins  leads ALSA's sound to the sound server
deb   dpkg-dev        the package: which packages hold the libraries that the program is linked with
deb-test debootstrap  bare systems, in which the package is tried
boot  python3         the boot test itself
boot  debootstrap     the boot test: makes a Debian system
boot  e2fsprogs       the boot test: makes its disk
boot  qemu-system-x86  the boot test: the machine
boot  qemu-utils      the boot test: a disk whose writes are held back
bench mpv             plays the same film, to compare with
LIST
}

wanted=""
for goal in "$@"; do
    case $goal in
        build) wanted="$wanted build" ;;
        # A driver for a GPU is of use only where there is a GPU.
        run) wanted="$wanted build run"; if ls /dev/dri/renderD* >/dev/null 2>&1; then wanted="$wanted gpu"; fi ;;
        test) wanted="$wanted build run gpu test" ;;
        bench) wanted="$wanted build run gpu test bench" ;;
        # The same X server, sound server and films as in the tests.
        soak) wanted="$wanted build run gpu test" ;;
        deb) wanted="$wanted build deb" ;;
        deb-test) wanted="$wanted deb-test" ;;
        boot) wanted="$wanted boot" ;;
        *) echo "usage: $0 build|run|test|bench|soak|deb|deb-test|boot..." >&2; exit 2 ;;
    esac
done

# The Rust toolchain is the one thing that is expected to be there.
if ! command -v cargo >/dev/null 2>&1; then
    echo "setup: no cargo here. Install Rust 1.95 or newer (https://rustup.rs), then try again." >&2
    exit 1
fi
case " $wanted " in
    *" test "*)
        if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
            echo "setup: missing rustfmt or clippy: the tests begin with them" >&2
            rustup component add rustfmt clippy </dev/null
        fi
        ;;
esac
# The tool that makes the package, of one version, beside what is built: another one of the user's stays as it is.
cargo_deb=3.8.0
tools=${CARGO_TARGET_DIR:-target}/tools
case " $wanted " in
    *" deb "*)
        if [ "$("$tools/bin/cargo-deb" --version 2>/dev/null)" != $cargo_deb ]; then
            echo "setup: missing cargo-deb $cargo_deb: it makes the package" >&2
            cargo install --locked --quiet --root "$tools" --version $cargo_deb cargo-deb </dev/null
        fi
        ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "setup: not a Debian system; papan needs what these Debian packages hold:" >&2
    list | while read -r goal name why; do
        case " $wanted " in *" $goal "*) echo "  $name: $why" >&2 ;; esac
    done
    exit 0
fi

missing=$(list | while read -r goal name why; do
    case " $wanted " in *" $goal "*) ;; *) continue ;; esac
    # A package that is there for two architectures answers twice.
    case "$(dpkg-query --show --showformat='${db:Status-Status} ' "$name" 2>/dev/null)" in "installed "* | *" installed "*) continue ;; esac
    echo "setup: missing $name: $why" >&2
    echo "$name"
done | sort -u)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=env
elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo env"
else
    echo "setup: neither root nor sudo here. As root: apt-get install" $missing >&2
    exit 1
fi
echo "setup: installing" $missing >&2
# Names and options are words of their own, so neither variable is quoted. stdin is closed: nothing may ask.
$as_root DEBIAN_FRONTEND=noninteractive apt-get update --quiet </dev/null
$as_root DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends $missing </dev/null
