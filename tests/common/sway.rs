//! A sway without a monitor: outputs that come, go and change their mode as the test says, and pictures of each.
//! Invariant: what is seen is what the compositor would give to the output's cable.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use image::RgbImage;

/// How long sway may take to start.
const START: Duration = Duration::from_secs(30);

/// A sway of its own; dropped, it ends.
pub struct Sway {
    server: Child,
    /// The one that it is a client of, where it is one.
    outer: Option<Box<Sway>>,
    folder: tempfile::TempDir,
    wayland: String,
}

/// How large wlroots makes an output that is a window: width × height in pixels.
pub const WITHIN: (u32, u32) = (1280, 720);

impl Sway {
    /// Starts one with outputs of these sizes side by side, `HEADLESS-1` first. papan's window is to lie over all.
    pub fn start(sizes: &[(u32, u32)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = "default_border none\nseat * hide_cursor 1\nxwayland disable\n\
            for_window [app_id=\"papan\"] fullscreen enable global\n"
            .to_owned();
        let mut x = 0;
        for ((w, h), number) in sizes.iter().zip(1..) {
            config += &format!("output HEADLESS-{number} mode {w}x{h}@60Hz position {x} 0\n");
            x += w;
        }
        Self::run(folder, &config, sizes.len(), None)
    }

    /// Starts one whose outputs, `WL-1` first, are windows of another one, each [`WITHIN`] large: they can be pulled.
    pub fn within(count: usize) -> Self {
        let (w, h) = WITHIN;
        let outer = Self::start(&[(2 * w, 2 * h)]);
        // Every window there is an output here, as large as it wants to be.
        for set in ["floating enable", "border none"] {
            outer.say(&format!("for_window [app_id=\"wlroots\"] {set}"));
        }
        let folder = tempfile::tempdir().expect("a folder");
        // As the package has it: it looks at its outputs anew. Where the repository lies, nobody may not look.
        let script = folder.path().join("outputs");
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/lib/outputs"), &script)
            .expect("it is there");
        let config = format!(
            "default_border none\nxwayland disable\nexec sh {}\n\
            for_window [app_id=\"papan\"] fullscreen enable global\n",
            script.display()
        );
        Self::run(folder, &config, count, Some(Box::new(outer)))
    }

    /// Pulls an output; another one that is plugged in later has another name.
    pub fn pull(&self, output: &str) {
        let outer = self.outer.as_ref().expect("its outputs are windows");
        outer.say(&format!("[title=\"wlroots - {output}\"] kill"));
    }

    fn run(folder: tempfile::TempDir, config: &str, count: usize, outer: Option<Box<Sway>>) -> Self {
        fs::write(folder.path().join("config"), config).expect("written");
        // Whoever runs the tests, sway itself refuses to be root: it is nobody then, and all may come to its socket.
        let root = is_roots(folder.path());
        let mode = if root { 0o777 } else { 0o700 };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("its folder is ours");
        let mut command = Command::new(if root { "setpriv" } else { "sway" });
        if root {
            command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "sway"]);
        }
        command
            .arg("-c")
            .arg(folder.path().join("config"))
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("HOME", folder.path())
            .env("SWAYSOCK", folder.path().join("sway.sock"))
            .env("WLR_BACKENDS", if outer.is_some() { "wayland" } else { "headless" })
            .env("WLR_HEADLESS_OUTPUTS", count.to_string())
            .env("WLR_WL_OUTPUTS", count.to_string())
            .env("WLR_RENDERER", "pixman")
            .env("WLR_LIBINPUT_NO_DEVICES", "1")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("log")).expect("a log"));
        if let Some(outer) = &outer {
            // An absolute name is a socket's own path, so that its folder may be another's.
            command.env("WAYLAND_DISPLAY", outer.folder.path().join(&outer.wayland));
        }
        let server = command.spawn().expect("sway is installed");
        let begun = Instant::now();
        let wayland = loop {
            let names = fs::read_dir(folder.path()).expect("its folder").flatten();
            let mut names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
            let socket = names.find(|name| name.starts_with("wayland-") && !name.ends_with(".lock"));
            if let Some(name) = socket.filter(|_| folder.path().join("sway.sock").exists()) {
                break name;
            }
            let log = || fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            assert!(begun.elapsed() < START, "sway does not start: {}", log());
            thread::park_timeout(Duration::from_millis(10));
        };
        Self { server, outer, folder, wayland }
    }

    /// Lets a program open its windows there.
    pub fn on<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("WAYLAND_DISPLAY", &self.wayland)
            .env_remove("DISPLAY")
    }

    /// Says something to sway; what it answers.
    pub fn say(&self, words: &str) -> String {
        let mut command = Command::new("swaymsg");
        command.arg("--").arg(words).env("SWAYSOCK", self.folder.path().join("sway.sock"));
        let out = command.output().expect("swaymsg is there");
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "{words}: {said}");
        said
    }

    /// What an output shows; `None` where it is not there.
    pub fn picture(&self, output: &str) -> Option<RgbImage> {
        let mut command = Command::new("grim");
        command.args(["-t", "ppm", "-o", output, "-"]);
        let out = self.on(&mut command).output().expect("grim is installed");
        out.status.success().then(|| ppm(&out.stdout).expect("a picture"))
    }
}

/// A picture as grim writes it: `P6`, width, height and 255, then three bytes a pixel.
fn ppm(bytes: &[u8]) -> Option<RgbImage> {
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    let mut line = || lines.next();
    if line()? != b"P6" {
        return None;
    }
    let (width, height) = std::str::from_utf8(line()?).ok()?.split_once(' ')?;
    line()?;
    RgbImage::from_raw(width.parse().ok()?, height.parse().ok()?, line()?.to_vec())
}

/// Whether what this test makes is root's.
fn is_roots(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).is_ok_and(|meta| meta.uid() == 0)
}

impl Drop for Sway {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
