//! The package's scripts, run over a folder in place of the system.
//! Invariant: nothing outside of that folder is touched: every path in the scripts is one of those that are moved.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

/// What the scripts call that belongs to the system.
const STUBS: [&str; 10] = [
    "getent",
    "addgroup",
    "adduser",
    "deluser",
    "delgroup",
    "chown",
    "chgrp",
    "deb-systemd-helper",
    "deb-systemd-invoke",
    "systemctl",
];
/// The roots of all paths in the scripts.
const MOVED: [&str; 4] = ["/etc/", "/var/", "/usr/", "/run/"];

struct System {
    root: tempfile::TempDir,
}

impl System {
    fn new() -> Self {
        let system = Self { root: tempfile::tempdir().expect("a folder") };
        for folder in ["bin", "var/lib/misc", "etc/systemd/system", "usr/share/papan/playlists"] {
            fs::create_dir_all(system.path(folder)).expect("it is made");
        }
        for stub in STUBS {
            system.stub(stub, "exit 0");
        }
        // No account: this machine has none of papan's.
        system.stub("getent", "exit 2");
        system.ship("erste");
        system
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn stub(&self, name: &str, does: &str) {
        let path = self.path("bin").join(name);
        fs::write(
            &path,
            format!("#!/bin/sh\necho {name} \"$@\" >>{}\n{does}\n", self.path("calls").display()),
        )
        .expect("it is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is a program");
    }

    /// What the package brings.
    fn ship(&self, word: &str) {
        self.write("usr/share/papan/papan.toml", &format!("# {word}\n"));
        self.write("usr/share/papan/playlists/README.md", "x");
        for (sample, page) in [("lobi", "a"), ("lobi", "b"), ("videotron", "a")] {
            self.write(
                &format!("usr/share/papan/playlists/{sample}/pages/{page}.md"),
                &format!("{word} {page}\n"),
            );
        }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }

    fn run(&self, script: &str, arguments: &[&str]) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/debian").join(script);
        let mut text = fs::read_to_string(path).expect("the script");
        for root in MOVED {
            let to = format!("{}{root}", self.root.path().display());
            text = text
                .replace(&format!(" {root}"), &format!(" {to}"))
                .replace(&format!("={root}"), &format!("={to}"));
        }
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").expect("a PATH"));
        let done =
            Command::new("sh").arg("-c").arg(&text).arg(script).args(arguments).env("PATH", path).output();
        let done = done.expect("a shell");
        assert!(done.status.success(), "{script} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// All files of the site's, with what is in them.
    fn files(&self) -> BTreeMap<String, String> {
        fn all(folder: &Path, from: &Path, found: &mut BTreeMap<String, String>) {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    all(&path, from, found);
                } else {
                    let name = path.strip_prefix(from).expect("it is in there").display().to_string();
                    found.insert(name, fs::read_to_string(&path).unwrap_or_default());
                }
            }
        }
        let mut found = BTreeMap::new();
        for part in ["etc/papan", "var"] {
            all(&self.path(part), self.root.path(), &mut found);
        }
        found
    }

    fn has(&self, path: &str, text: &str) -> bool {
        fs::read_to_string(self.path(path)).is_ok_and(|is| is == text)
    }

    fn called(&self, words: &str) -> bool {
        fs::read_to_string(self.path("calls")).is_ok_and(|calls| calls.lines().any(|line| line == words))
    }

    /// A purge as dpkg does it: the package's own files are away by then.
    fn purge(&self) {
        self.run("prerm", &["remove"]);
        fs::remove_dir_all(self.path("usr/share/papan")).expect("it was there");
        self.run("postrm", &["remove"]);
        self.run("postrm", &["purge"]);
    }
}

#[test]
fn untouched_it_leaves_nothing() {
    let system = System::new();
    system.run("postinst", &["configure", ""]);
    assert!(system.has("etc/papan/papan.toml", "# erste\n"));
    assert!(system.has("var/lib/papan/playlists/lobi/pages/b.md", "erste b\n"));
    system.purge();
    assert_eq!(system.files(), BTreeMap::new());
    assert!(!system.path("var/lib/papan/playlists").exists() && !system.path("etc/papan").exists());
}

#[test]
fn what_a_site_wrote_outlives_upgrades_and_the_purge() {
    let system = System::new();
    system.run("postinst", &["configure", ""]);
    system.write("var/lib/papan/playlists/lobi/pages/a.md", "ours\n");
    system.write("var/lib/papan/playlists/kami/playlist.toml", "version = 1\n");
    fs::remove_dir_all(system.path("var/lib/papan/playlists/videotron")).expect("it was there");
    // As `papan setup` leaves it.
    fs::rename(system.path("etc/papan/papan.toml"), system.path("etc/papan/papan.toml~"))
        .expect("it was there");
    system.write("etc/papan/papan.toml", "[hall]\n");
    system.write("etc/papan/token", "rahasia\n");
    let before = system.files();
    system.ship("zweite");
    system.run("prerm", &["upgrade", "0.2.0-1"]);
    system.run("postrm", &["upgrade", "0.2.0-1"]);
    system.run("postinst", &["configure", "0.1.0-1"]);
    system.run("postinst", &["configure", "0.2.0-1"]);
    assert_eq!(system.files(), before, "neither an upgrade nor a roll-back changes anything");
    system.purge();
    let left = system.files();
    let names: Vec<&str> = left.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "etc/papan/papan.toml",
            "etc/papan/token",
            "var/lib/papan/playlists/kami/playlist.toml",
            "var/lib/papan/playlists/lobi/pages/a.md",
        ]
    );
    assert!(left.iter().all(|(name, text)| before[name] == *text));
}

#[test]
fn a_sample_of_an_earlier_version_goes_too() {
    let system = System::new();
    system.run("postinst", &["configure", ""]);
    system.ship("zweite");
    system.run("postinst", &["configure", "0.1.0-1"]);
    assert!(
        system.has("var/lib/papan/playlists/lobi/pages/a.md", "erste a\n"),
        "an upgrade writes no playlist"
    );
    system.purge();
    assert_eq!(system.files(), BTreeMap::new());
}

#[test]
fn a_link_of_the_sites_own_is_left_alone() {
    let system = System::new();
    system.write("srv/toml", "[hall]\n");
    system.write("srv/lobi/playlist.toml", "version = 1\n");
    for folder in ["etc/papan", "var/lib/papan/playlists"] {
        fs::create_dir_all(system.path(folder)).expect("it is made");
    }
    symlink(system.path("srv/toml"), system.path("etc/papan/papan.toml")).expect("a link");
    symlink(system.path("srv/lobi"), system.path("var/lib/papan/playlists/lobi")).expect("a link");
    system.run("postinst", &["configure", ""]);
    system.purge();
    assert!(system.has("srv/toml", "[hall]\n") && system.has("srv/lobi/playlist.toml", "version = 1\n"));
    assert!(system.has("etc/papan/papan.toml", "[hall]\n"));
}

#[test]
fn the_screen_is_taken_at_boot_but_not_from_a_desktop() {
    let system = System::new();
    system.run("postinst", &["configure", ""]);
    assert!(system.called("deb-systemd-helper enable papan.service"));
    assert!(system.called("deb-systemd-helper enable papan-display.service"));
    let desktop = System::new();
    symlink("/lib/systemd/system/gdm.service", desktop.path("etc/systemd/system/display-manager.service"))
        .expect("a link");
    desktop.run("postinst", &["configure", ""]);
    assert!(!desktop.called("deb-systemd-helper enable papan.service"));
    assert!(desktop.called("deb-systemd-helper update-state papan.service"));
}

#[test]
fn every_script_is_one_that_a_shell_reads() {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging");
    let mut looked = 0;
    for folder in ["debian", "lib", "."] {
        for entry in fs::read_dir(packaging.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = if path.is_file() { fs::read_to_string(&path).expect("text") } else { String::new() };
            if !text.starts_with("#!/bin/sh") && path.extension().is_none_or(|end| end != "sh") {
                continue;
            }
            let done = Command::new("sh").arg("-n").arg(&path).output().expect("a shell");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            looked += 1;
        }
    }
    assert!(looked >= 8, "{looked}");
}
