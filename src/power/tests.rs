//! What is wanted of outputs, and a real compositor that does it. Invariant: nothing here touches the machine's own.

use std::{
    fs,
    os::unix::process::CommandExt,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use super::*;
use crate::{config::Screen, words::Language};

fn screen(output: Option<&str>, scheduled: bool, cec: Cec) -> Screen {
    let mut screen = Screen { output: output.map(str::to_owned), cec, ..Screen::default() };
    if scheduled {
        screen.lighting.on = vec![crate::domain::schedule::When::default()];
    }
    screen
}

#[test]
fn an_output_is_off_only_where_all_its_screens_are() {
    let screens = vec![
        Screen { height_mm: Some(1.0), ..screen(Some("A"), true, Cec::No) },
        screen(Some("A"), true, Cec::No),
        screen(Some("B"), true, Cec::No),
    ];
    let config = Config { screens, ..Config::default() };
    let wanted = Wanted::of(&config, |screen| screen.height_mm.is_some());
    assert_eq!([wanted.output("A"), wanted.output("B"), wanted.output("C")], [Some(true), Some(false), None]);
    assert!(wanted.asked);
    let dark = Wanted::of(&config, |_| false);
    assert_eq!(dark.output("A"), Some(false));
}

#[test]
fn a_screen_without_an_output_is_on_all_of_them() {
    let config = Config { screens: vec![screen(None, false, Cec::No)], ..Config::default() };
    assert_eq!(Wanted::of(&config, |_| false).output("HDMI-A-1"), Some(false));
    assert!(!Wanted::of(&config, |_| false).asked, "nobody asked for it");
}

#[test]
fn televisions_are_told_where_the_config_says_so() {
    let device = Cec::Device("/dev/cec1".into());
    let screens = vec![screen(Some("A"), true, Cec::Found), screen(Some("B"), true, device)];
    let wanted = Wanted::of(&Config { screens, ..Config::default() }, |s| s.output.as_deref() == Some("B"));
    assert_eq!(wanted.found, BTreeMap::from([("A".to_owned(), false)]));
    assert_eq!(wanted.devices, BTreeMap::from([("/dev/cec1".into(), true)]));
    assert!(!wanted.asked, "the televisions go to sleep, whatever the compositor can do");
}

/// The user who may do nothing.
const NOBODY: u32 = 65_534;

/// A sway of two outputs without a machine's screens.
struct Sway {
    child: Child,
    folder: tempfile::TempDir,
}

impl Sway {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config");
        fs::write(&config, "xwayland disable\n").unwrap();
        let mut sway = Command::new("sway");
        if rustix::process::geteuid().is_root() {
            // It refuses to run as root.
            std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
            sway.uid(NOBODY).gid(NOBODY);
        }
        let child = sway
            .arg("--config")
            .arg(&config)
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DISPLAY")
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("SWAYSOCK", folder.path().join("sway.sock"))
            .env("WLR_BACKENDS", "headless")
            .env("WLR_HEADLESS_OUTPUTS", "2")
            .env("WLR_RENDERER", "pixman")
            .env("WLR_LIBINPUT_NO_DEVICES", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sway is there: scripts/setup.sh test");
        let sway = Self { child, folder };
        until("sway runs", || {
            sway.socket().exists() && sway.message(&["-t", "get_version"]).status.success()
        });
        sway
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("wayland-1")
    }

    fn message(&self, arguments: &[&str]) -> Output {
        let at = self.folder.path();
        let run = Command::new("swaymsg").arg("-s").arg(at.join("sway.sock")).args(arguments).output();
        run.expect("swaymsg is there")
    }

    /// Each output with whether it has power.
    fn powered(&self) -> BTreeMap<String, bool> {
        let said = self.message(&["-r", "-t", "get_outputs"]).stdout;
        let all: serde_json::Value = serde_json::from_slice(&said).unwrap();
        let one = |output: &serde_json::Value| {
            let power = output.get("power").or_else(|| output.get("dpms")).unwrap().as_bool().unwrap();
            (output["name"].as_str().unwrap().to_owned(), power)
        };
        all.as_array().unwrap().iter().map(one).collect()
    }
}

impl Drop for Sway {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn named(all: &[(&str, bool)]) -> BTreeMap<String, bool> {
    all.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect()
}

#[test]
fn outputs_go_off_and_on_come_back_as_they_should_and_are_on_at_the_end() {
    let sway = Sway::start();
    let hand = thread::start(Language::English, Wake::default(), Some(sway.socket())).unwrap();
    let want = |outputs: &[(&str, bool)]| {
        hand.want(Wanted { outputs: named(outputs), asked: true, ..Wanted::default() });
    };
    want(&[("HEADLESS-1", false), ("HEADLESS-2", true), ("HEADLESS-3", false)]);
    until("the first is off", || sway.powered() == named(&[("HEADLESS-1", false), ("HEADLESS-2", true)]));
    // An output is plugged in while it should be off.
    sway.message(&["create_output"]);
    until("what is plugged in is off too", || sway.powered().get("HEADLESS-3") == Some(&false));
    want(&[("HEADLESS-1", true), ("HEADLESS-2", false), ("HEADLESS-3", false)]);
    let turned = named(&[("HEADLESS-1", true), ("HEADLESS-2", false), ("HEADLESS-3", false)]);
    until("they changed", || sway.powered() == turned);
    hand.stop();
    until("all are on", || sway.powered().values().all(|on| *on));
    assert_eq!(hand.wrong().unwrap_or_default(), [""; 0]);
}

#[test]
fn where_nothing_can_put_outputs_off_it_is_said_if_anybody_asked() {
    let hand = thread::start(Language::English, Wake::default(), None).unwrap();
    hand.want(Wanted { others: Some(false), asked: true, ..Wanted::default() });
    let said = std::cell::RefCell::new(Vec::new());
    until("it is said", || {
        said.borrow_mut().extend(hand.wrong().into_iter().flatten());
        !said.borrow().is_empty()
    });
    assert!(said.borrow()[0].contains("only black"), "{said:?}");
    hand.want(Wanted { others: Some(false), ..Wanted::default() });
    until("it is taken back", || hand.wrong().is_some_and(|wrong| wrong.is_empty()));
    hand.stop();
}
