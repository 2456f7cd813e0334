//! The editor from outside: the real program on an X server, with keys and the pointer, while a screen plays the
//! same folder. Invariant: what is saved in the one is seen on the other.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{fs, path::Path, process::Command};

#[path = "common/glass.rs"]
#[allow(dead_code, reason = "more is used elsewhere")]
mod glass;
#[path = "common/process.rs"]
#[allow(dead_code, reason = "more is used elsewhere")]
mod process;

use glass::{Glass, Rect};
use process::{Program, until};

const RED: &str = "images/merah.png";
const BLUE: &str = "images/biru.png";

/// Two pictures of one colour each; the first one is on air for long.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("images")).unwrap();
    for (name, colour) in [(RED, [200, 0, 0]), (BLUE, [0, 0, 200])] {
        image::RgbImage::from_pixel(640, 400, image::Rgb(colour)).save(folder.path().join(name)).unwrap();
    }
    let item = |name: &str| format!("[[item]]\nimage = \"{name}\"\nfit = \"cover\"\nduration = \"1h\"\n\n");
    let text = format!("# Jangan dihapus\nversion = 1\n\n{}{}", item(RED), item(BLUE));
    fs::write(folder.path().join("playlist.toml"), text).unwrap();
    folder
}

fn papan(glass: &Glass, state: &Path, args: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.args(args).env("DISPLAY", &glass.display).env_remove("WAYLAND_DISPLAY");
    Program::start(command.env("PAPAN_STATE", state).env("XDG_STATE_HOME", state))
}

/// Keys and the pointer, as a person at that glass.
fn hands(glass: &Glass, args: &[&str]) -> String {
    let out = Command::new("xdotool").args(args).env("DISPLAY", &glass.display).output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

/// The colour of a pixel: red, green, blue.
fn pixel(glass: &Glass, x: u32, y: u32) -> [u8; 3] {
    let pixels = glass.pixels(Rect { x, y, width: 1, height: 1 });
    [pixels[2], pixels[1], pixels[0]]
}

fn is(colour: [u8; 3], wanted: [u8; 3]) -> bool {
    colour.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 24)
}

#[test]
fn what_is_saved_in_the_editor_is_on_the_screen() {
    let folder = folder();
    let path = folder.path().to_str().unwrap().to_owned();
    let states = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (desk, hall) = (Glass::start(1280, 720), Glass::start(640, 360));
    let screen = papan(&hall, states[0].path(), &["show", "--playlist", &path, "--renderer", "software"]);
    let stage = || pixel(&hall, 120, 150);
    until(|| format!("the screen shows the first picture: {:?}", stage()), || is(stage(), [200, 0, 0]));
    let _editor = papan(&desk, states[1].path(), &["edit", &path, "--size", "1280x720"]);
    // Its preview shows the first picture too.
    let preview = || pixel(&desk, 960, 200);
    until(|| format!("the editor shows its preview: {:?}", preview()), || is(preview(), [200, 0, 0]));
    // No window manager is there to give it the keys.
    let window = hands(&desk, &["search", "--name", "papan"]);
    hands(&desk, &["windowfocus", "--sync", window.lines().last().unwrap()]);
    // A press on the first row, Delete, and Ctrl+S.
    hands(&desk, &["mousemove", "200", "170", "click", "1"]);
    let ring = || pixel(&desk, 13, 400);
    until(|| format!("the list has the keys: {:?}", ring()), || is(ring(), [0x0a, 0x50, 0x4b]));
    hands(&desk, &["key", "Delete"]);
    until(|| format!("the preview shows the other picture: {:?}", preview()), || is(preview(), [0, 0, 200]));
    let text = || fs::read_to_string(folder.path().join("playlist.toml")).unwrap();
    assert!(text().contains(RED), "nothing is written before it is saved");
    hands(&desk, &["key", "ctrl+s"]);
    until(|| format!("it is saved: {}", text()), || !text().contains(RED));
    assert_eq!(
        text(),
        format!(
            "# Jangan dihapus\nversion = 1\n\n[[item]]\nimage = \"{BLUE}\"\nfit = \"cover\"\nduration = \"1h\"\n\n"
        )
    );
    until(|| format!("the screen shows it: {:?}; {}", stage(), screen.said()), || is(stage(), [0, 0, 200]));
    // Undone and saved again: the first bytes, and the first picture.
    hands(&desk, &["key", "ctrl+z"]);
    hands(&desk, &["key", "ctrl+s"]);
    until(|| format!("it is as it was: {}", text()), || text().contains(RED));
}

#[test]
fn f2_lays_the_editor_over_the_screen_where_the_config_says_so() {
    let folder = folder();
    let state = tempfile::tempdir().unwrap();
    let config = state.path().join("papan.toml");
    for enabled in [true, false] {
        let text = format!(
            "[editor]\nenabled = {enabled}\n\n[[screen]]\nplaylist = {:?}\n",
            folder.path().to_str().unwrap()
        );
        fs::write(&config, text).unwrap();
        let hall = Glass::start(1280, 720);
        let screen = papan(
            &hall,
            state.path(),
            &["show", "--config", config.to_str().unwrap(), "--renderer", "software"],
        );
        // The stage's middle, where the editor has its form.
        let stage = || pixel(&hall, 600, 400);
        until(|| format!("the screen shows the first picture: {:?}", stage()), || is(stage(), [200, 0, 0]));
        let window = hands(&hall, &["search", "--name", "papan"]);
        hands(&hall, &["windowfocus", "--sync", window.lines().last().unwrap()]);
        hands(&hall, &["key", "F2"]);
        // The header's corner, where the editor has its white bar; calls come and go over the stage.
        let corner = || pixel(&hall, 4, 4);
        if enabled {
            until(
                || format!("the editor is open: {:?}; {}", corner(), screen.said()),
                || is(corner(), [255; 3]),
            );
            hands(&hall, &["key", "F2"]);
            until(|| format!("the editor is closed: {:?}", corner()), || is(corner(), [0x07, 0x24, 0x30]));
        } else {
            // Nothing says that a key was not followed: a second is many frames.
            std::thread::sleep(std::time::Duration::from_secs(1));
            assert!(is(corner(), [0x07, 0x24, 0x30]), "{:?}", corner());
            assert!(!screen.said().contains("editor"), "{}", screen.said());
        }
    }
}
