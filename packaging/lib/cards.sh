# What the graphics cards are; read by `display` and `card-told`. Invariant: no driver is loaded to ask.

# The name of the driver of a card or render node, such as i915; nothing where it has none. To be called as $(driver …)
# alone. The first picture waits for all this, and each program that is started costs time.
driver() { cd -P "$1/device/driver" 2>/dev/null && echo "${PWD##*/}" || true; }

# Whether it is a card, as card0, and no output of one, as card0-HDMI-A-1.
is_card() {
    case ${1##*/} in *-*) return 1 ;; esac
    [ -e "$1" ]
}

# Whether the host of a virtual machine draws for this card of it: the first letter of its features.
host_draws() {
    for features in "$1"/device/features "$1"/device/virtio*/features; do
        [ -e "$features" ] && read -r bits <"$features" || continue
        case $bits in 1*) return 0 ;; *) return 1 ;; esac
    done
    return 1
}

# Whether a render node draws by itself, and is no screen of a virtual machine, of a server's console, or on a USB cable.
draws() {
    [ -e "$1" ] || return 1
    case $(driver "$1") in
        virtio*) host_draws "$1" ;;
        vmwgfx | vboxvideo | qxl | bochs-drm | cirrus | hyperv_drm | vkms | vgem | ast | mgag200 | udl | evdi | "") false ;;
        *) true ;;
    esac
}

# Whether any card draws by itself.
any_draws() {
    for node in /sys/class/drm/renderD*; do
        if draws "$node"; then return 0; fi
    done
    return 1
}
