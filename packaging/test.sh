#!/bin/sh
# Installs, upgrades, rolls back and purges the package in bare systems, and looks at every file.
# usage: packaging/test.sh PAPAN.deb [bookworm|trixie|noble…]      (as root; needs debootstrap and the network)
# Invariant: a purge leaves what the site wrote, byte for byte, and nothing else.
set -eu

deb=$(readlink -f "${1:?usage: packaging/test.sh PAPAN.deb [SUITE…]}")
shift
[ $# -gt 0 ] || set -- bookworm trixie noble
work=${PAPAN_DEB_TEST:-${TMPDIR:-/tmp}/papan-deb-test}
# The mounts of the bare systems end with this.
if [ -z "${PAPAN_UNSHARED:-}" ]; then
    PAPAN_UNSHARED=yes exec unshare --mount "$0" "$deb" "$@"
fi
mkdir -p "$work"
work=$(readlink -f "$work")
suite=
failed=0

fail() {
    echo "deb-test: $suite: $*" >&2
    failed=$((failed + 1))
}

# Runs a command in the bare system.
in_root() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        GST_REGISTRY=/tmp/gstreamer.registry "$@"
}

# Whether a command in the bare system ends well.
check() {
    what=$1
    shift
    in_root "$@" >"$work/out" 2>&1 || { fail "$what"; sed 's/^/    /' "$work/out" >&2; }
}

apt() {
    in_root apt-get --quiet=2 --yes --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >"$work/apt" 2>&1 ||
        { fail "apt-get $*"; sed 's/^/    /' "$work/apt" >&2; }
}

# A bare system, kept packed for the next time.
bare() {
    root=$work/$suite
    packed=$work/$suite.tar
    case $suite in
        noble) mirror=http://archive.ubuntu.com/ubuntu parts=main,universe keys=/usr/share/keyrings/ubuntu-archive-keyring.gpg script=/usr/share/debootstrap/scripts/gutsy ;;
        *) mirror=http://deb.debian.org/debian parts=main keys=/usr/share/keyrings/debian-archive-keyring.gpg script= ;;
    esac
    rm -rf "$root"
    if [ ! -f "$packed" ]; then
        # Debian has no keyring of Ubuntu's; what is installed in there is not kept.
        if [ -f $keys ]; then trust=--keyring=$keys; else trust=--no-check-gpg; fi
        debootstrap --variant=minbase --components=$parts $trust $suite "$root" $mirror $script >"$work/debootstrap" ||
            { tail -n 5 "$work/debootstrap" >&2; fail "no bare system: debootstrap failed"; return 1; }
        tar -C "$root" -cf "$packed.new" . && mv "$packed.new" "$packed"
    else
        mkdir "$root" && tar -C "$root" -xf "$packed"
    fi
    mount -t proc proc "$root/proc"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # Nothing is to be started in here.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
}

# Every file, folder and link with owner, mode and content; without what apt, dpkg and logs keep.
look() {
    in_root find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /var/cache -o -path /var/log \
        -o -path /var/lib/apt -o -path /var/lib/dpkg \) -prune -o -type f -printf '%p %u:%g %m %s\n' -o -printf '%p %u:%g %m\n' |
        grep -v -e '^/etc/passwd-* ' -e '^/etc/group-* ' -e '^/etc/g*shadow-* ' -e '^/etc/sub[ug]id-* ' | LC_ALL=C sort
}

accounts() {
    in_root sh -c 'getent passwd papan; getent group papan' || true
}

# The files that papan itself makes or is made of.
installed() {
    check "papan --version" papan --version
    check "papan check" papan check --config /etc/papan/papan.toml
    check "papan snapshot" papan snapshot /tmp/papan.png --config /etc/papan/papan.toml
    [ "$(stat -c %s "$root/tmp/papan.png" 2>/dev/null || echo 0)" -gt 20000 ] || fail "the picture is empty"
    check "every library is there" sh -c '! ldd /usr/bin/papan | grep "not found"'
    for library in libwayland-client.so.0 libxkbcommon.so.0 libxkbcommon-x11.so.0 libX11.so.6 libX11-xcb.so.1 libxcb.so.1 \
        libXcursor.so.1 libXi.so.6 libXrandr.so.2; do
        check "$library, which is loaded at run time" sh -c "ldconfig -p | grep -q $library"
    done
    for path in \
        '/usr/bin/papan root:root 755' '/usr/share/papan/papan.toml root:root 644' '/usr/share/papan/sway.conf root:root 644' \
        '/usr/share/papan/playlists/playlist.schema.json root:root 644' '/usr/share/papan/playlists/lobi/playlist.toml root:root 644' \
        '/usr/lib/systemd/system/papan.service root:root 644' '/usr/lib/systemd/system/papan-display.service root:root 644' \
        '/etc/papan/papan.toml root:root 644' '/etc/papan/sway.d root:root 755' '/var/lib/papan papan:papan 755' \
        '/var/lib/papan/playlists root:papan 2775' '/var/lib/papan/playlists/lobi root:papan 2775' \
        '/var/lib/papan/playlists/lobi/playlist.toml root:papan 664' '/usr/share/man/man1/papan.1.gz root:root 644' \
        '/usr/share/man/man5/papan.toml.5.gz root:root 644' '/usr/share/bash-completion/completions/papan root:root 644' \
        '/usr/share/doc/papan/copyright root:root 644' '/usr/share/doc/papan/changelog.Debian.gz root:root 644'; do
        found=$(in_root stat -c '%n %U:%G %a' "${path%% *}" 2>&1) || true
        # A bare Debian keeps no man pages, where dpkg is told so.
        [ "$found" = "$path" ] || case $path in */man/* | */doc/*) ls "$root"/etc/dpkg/dpkg.cfg.d/* >/dev/null 2>&1 ;; *) false ;; esac ||
            fail "wanted: $path; found: $found"
    done
    for helper in $(sed -n 's/^ExecSt[a-zA-Z]*=\(\/usr\/lib\/papan\/[a-z-]*\).*/\1/p' "$root"/usr/lib/systemd/system/papan*.service); do
        [ -x "$root$helper" ] || fail "$helper, which a unit starts, is not there"
    done
    for group in papan audio video render; do
        check "papan is in $group" sh -c "id -nG papan | grep -qw $group"
    done
    check "the units are begun at boot" sh -c 'systemctl is-enabled papan.service papan-display.service'
    check "the service's user reads its playlist" setpriv --reuid=papan --regid=papan --init-groups cat /var/lib/papan/playlists/lobi/playlist.toml
}

# What a site does to it: a config, a token, a changed sample, a playlist of its own; and what the program writes.
used() {
    in_root sh -eu -c '
        printf "[hall]\nname = \"Balai Kota\"\n[[screen]]\nplaylist = \"/var/lib/papan/playlists/lobi\"\n" >/etc/papan/papan.toml
        echo rahasia >/etc/papan/token
        mkdir -p /etc/systemd/system/papan.service.d
        printf "[Service]\nNice=-5\n" >/etc/systemd/system/papan.service.d/site.conf
        useradd --groups papan staf
        setpriv --reuid=staf --regid=staf --init-groups sh -eu -c "
            umask 002
            cd /var/lib/papan/playlists
            echo >>lobi/pages/ktp-el.md Baru.
            rm lobi/pages/pbb.md
            mkdir kami
            echo version = 1 >kami/playlist.toml"
        setpriv --reuid=papan --regid=papan --init-groups sh -eu -c "
            cd /var/lib/papan
            echo {} >hall.json
            mkdir -p last-good/lobi/1/folder log
            echo x >last-good/lobi/1/folder/playlist.toml
            ln -s 1 last-good/lobi/current
            echo {} >log/play-000001.jsonl"'
}

# The contents of what a site wrote, and of the program's state.
contents() {
    in_root sh -c 'cd / && find etc/papan var/lib/papan -type f -exec sha256sum {} + | sort -k 2'
}

# Nothing belongs to a number without a name, and no account is left.
no_orphans() {
    orphans=$(in_root find / -xdev \( -nouser -o -nogroup \) -print)
    [ -z "$orphans" ] || fail "$1: these belong to nobody: $orphans"
    [ -z "$(accounts)" ] || fail "$1: a purge leaves the account: $(accounts)"
}

# The site's folders lie on another disk, and links lead to them: a purge takes nothing there.
elsewhere() {
    in_root sh -c 'mkdir -p /srv/etc /srv/playlists /var/lib/papan; rm -rf /etc/papan /var/lib/papan/playlists
        ln -s /srv/etc /etc/papan; ln -s /srv/playlists /var/lib/papan/playlists; echo rahasia >/srv/etc/token'
    apt install /tmp/new.deb
    [ "$(in_root stat -c '%G %a' /srv/playlists/lobi)" = 'papan 2775' ] || fail "staff cannot edit the playlists behind a link"
    # What a member of the group may put there leads root nowhere.
    in_root sh -c 'mkdir /srv/page; cp /srv/playlists/videotron/pages/*.md /srv/page; rm -r /srv/playlists/videotron/pages
        ln -s /srv/page /srv/playlists/videotron/pages'
    in_root find /srv/ -type f -exec sha256sum {} + | sort >"$work/behind"
    apt purge papan
    in_root find /srv/ -type f -exec sha256sum {} + | sort | diff "$work/behind" - >"$work/diff" ||
        { fail "a purge changes what lies behind links:"; cat "$work/diff" >&2; }
    no_orphans "behind links"
    in_root sh -c 'rm -rf /srv/* /etc/papan /var/lib/papan'
}

# The power fails while the samples are copied: the next installation mends it, or a purge clears it away.
interrupted() {
    for next in mended purged; do
        # shellcheck disable=SC2016 # for the shell in there
        in_root sh -c 'printf "%s\n" "#!/bin/sh" "case \$* in */videotron*) kill -9 \$PPID ;; esac" "exec /bin/cp \"\$@\"" >/tmp/cp
            chmod 755 /tmp/cp; mkdir -p /tmp/path; mv /tmp/cp /tmp/path/cp
            ! PATH=/tmp/path:$PATH dpkg --install /tmp/new.deb' >"$work/out" 2>&1 || fail "no interruption"
        in_root rm -r /tmp/path
        ls -d "$root"/var/lib/papan/playlists/.new.* >/dev/null 2>&1 || fail "nothing was interrupted"
        [ $next = purged ] || apt install --fix-broken
        [ $next = purged ] || [ "$(ls -A "$root/var/lib/papan/playlists" | tr '\n' ' ')" = 'lobi videotron ' ] || fail "an interrupted installation is not mended"
        apt purge papan
        [ ! -e "$root/var/lib/papan" ] && [ ! -e "$root/etc/papan" ] || fail "an interrupted installation, $next, leaves something"
        no_orphans "an interrupted installation, $next"
    done
}

# An account of this name that was there before is not the package's to take, nor is what belongs to it.
not_ours() {
    in_root useradd --create-home papan
    apt install /tmp/new.deb
    in_root sh -c 'echo x >/var/lib/papan/kept; chown papan:papan /var/lib/papan/kept'
    apt purge papan
    [ "$(in_root stat -c '%U:%G' /var/lib/papan/kept)" = papan:papan ] || fail "a purge takes the files of an account that is not its own"
    check "an account that was there before" id papan
    in_root sh -c 'userdel --remove papan; rm -r /var/lib/papan' >/dev/null 2>&1 || true
    # The group alone.
    in_root groupadd papan
    apt install /tmp/new.deb
    apt purge papan
    check "a group that was there before" getent group papan
    ! in_root getent passwd papan >/dev/null || fail "beside a group that was there the user stays"
    in_root groupdel papan
}

for suite in "$@"; do
    begun=$(date +%s)
    bare || continue
    cp "$deb" "$root/tmp/new.deb"
    # The same, as an older and a newer version.
    for version in 0.0.1-1 9.0.0-1; do
        dpkg-deb -R "$deb" "$work/other"
        sed -i "s/^Version: .*/Version: $version/" "$work/other/DEBIAN/control"
        dpkg-deb -Zgzip -z1 --root-owner-group -b "$work/other" "$root/tmp/$version.deb" >/dev/null
        rm -rf "$work/other"
    done
    in_root apt-get --quiet=2 update >"$work/apt" 2>&1 || { cat "$work/apt" >&2; fail "apt-get update"; continue; }
    size=$(du -smx "$root" | cut -f 1)
    # What it depends on comes first, so that what is compared is papan's alone.
    apt satisfy "$(dpkg-deb -f "$deb" Depends), procps, systemd, libglib2.0-bin"
    # These, too, are there on any machine that boots; the latter is a lock that Debian 13's adduser leaves.
    in_root mkdir -p /usr/local/share/man
    in_root touch /run/adduser
    with=$(du -smx "$root" | cut -f 1)
    look >"$work/before"
    fetched=$(date +%s)

    # Installed and purged, untouched.
    apt install /tmp/new.deb
    echo "$suite: dependencies without recommendations $((with - size)) MB, papan $(($(du -smx "$root" | cut -f 1) - with)) MB; installing papan itself took $(($(date +%s) - fetched)) s"
    installed
    apt purge papan
    look >"$work/after"
    diff "$work/before" "$work/after" >"$work/diff" || { fail "a purge leaves or takes:"; cat "$work/diff" >&2; }
    [ -z "$(accounts)" ] || fail "a purge leaves the account: $(accounts)"

    # An older version, used; the new one over it; and back again.
    apt install /tmp/0.0.1-1.deb
    used
    contents >"$work/used"
    for version in new 9.0.0-1 new 0.0.1-1; do
        apt install --allow-downgrades /tmp/$version.deb
        contents | diff "$work/used" - >"$work/diff" || { fail "an upgrade or roll-back to $version changes:"; cat "$work/diff" >&2; }
    done
    [ "$(in_root stat -c '%U %a' /etc/papan/token)" = 'papan 400' ] || fail "the token is not the service's alone"
    check "the units are begun at boot, after a roll-back" systemctl is-enabled papan.service papan-display.service

    # Removed and installed again, all is as it was.
    apt remove papan
    contents | diff "$work/used" - >"$work/diff" || { fail "a removal changes:"; cat "$work/diff" >&2; }
    apt install /tmp/new.deb
    contents | diff "$work/used" - >"$work/diff" || { fail "an installation after a removal changes:"; cat "$work/diff" >&2; }

    # Purged: what the site wrote stays.
    apt purge papan
    in_root find /etc/papan /var/lib/papan /var/lib/misc -name '*papan*' -o -path '*papan/*' | LC_ALL=C sort >"$work/left"
    LC_ALL=C sort >"$work/wanted" <<'LEFT'
/etc/papan
/etc/papan/papan.toml
/etc/papan/token
/var/lib/papan
/var/lib/papan/playlists
/var/lib/papan/playlists/kami
/var/lib/papan/playlists/kami/playlist.toml
/var/lib/papan/playlists/lobi
/var/lib/papan/playlists/lobi/pages
/var/lib/papan/playlists/lobi/pages/ktp-el.md
LEFT
    diff "$work/wanted" "$work/left" >"$work/diff" || { fail "a purge of what a site used leaves otherwise:"; cat "$work/diff" >&2; }
    [ -f "$root/etc/systemd/system/papan.service.d/site.conf" ] || fail "a purge takes the site's own unit settings"
    contents | while read -r sum file; do
        grep -q "^$sum  $file\$" "$work/used" || fail "a purge changes $file"
    done
    no_orphans "a used one"

    # Once more over what was left: the site's, and in the group's hands again.
    apt install /tmp/new.deb
    in_root usermod --append --groups papan staf
    check "a playlist that was left can be edited again" setpriv --reuid=staf --regid=staf --init-groups sh -c 'umask 002; echo >>/var/lib/papan/playlists/lobi/pages/ktp-el.md'
    check "the token that was left is read again" setpriv --reuid=papan --regid=papan --init-groups cat /etc/papan/token
    grep -q 'Balai Kota' "$root/etc/papan/papan.toml" || fail "a config that was left is overwritten"
    apt purge papan

    # On a desktop nothing takes the screen.
    in_root ln -s /lib/systemd/system/gdm.service /etc/systemd/system/display-manager.service
    apt install /tmp/new.deb
    enabled=$(in_root systemctl is-enabled papan.service papan-display.service | sort -u)
    [ "$enabled" = disabled ] || fail "a desktop loses its screen: the units are $enabled"
    in_root systemctl --quiet enable papan.service papan-display.service
    apt install /tmp/9.0.0-1.deb
    check "a desktop's owner decides" systemctl is-enabled papan.service papan-display.service
    apt purge papan

    elsewhere
    interrupted
    not_ours

    umount "$root/proc"
    rm -rf "$root"
    echo "$suite: done in $(($(date +%s) - begun)) s"
done
[ $failed = 0 ] || { echo "deb-test: $failed not as it should be" >&2; exit 1; }
