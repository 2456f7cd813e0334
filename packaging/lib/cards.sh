# What the graphics cards are; read by `display` and `card-told`. Invariant: no driver is loaded to ask.

# The name of the driver of a card or render node, such as i915; nothing where it has none.
driver() { basename "$(readlink -f "$1/device/driver" 2>/dev/null)" 2>/dev/null || true; }

# Whether a render node draws by itself, and is no screen of a virtual machine, of a server's console, or on a USB cable.
draws() {
    [ -e "$1" ] || return 1
    case $(driver "$1") in
        # Bit 0 of its features: drawn by the host's GPU.
        virtio*) [ "$(cat "$1"/device/features "$1"/device/virtio*/features 2>/dev/null | cut -c1)" = 1 ] ;;
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
