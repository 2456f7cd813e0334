//! Televisions by a `cec-ctl` that writes down what it is told. Invariant: time is an argument, but for the child's own.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// What cec-ctl 1.22 says of an adapter of a graphics card.
const SAID: &str = "Driver Info:\n\tDriver Name                : i915\n\tDRM Connector Info         : card 1, connector 87\n\tPhysical Address           : 2.0.0.0\n";

struct Bench {
    folder: tempfile::TempDir,
    televisions: Televisions,
    now: Instant,
}

impl Bench {
    /// A machine with these devices, whose `cec-ctl` is this script.
    fn new(devices: &[&str], script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for place in ["dev", "drm", "drm/card1-HDMI-A-2"] {
            fs::create_dir(at(place)).unwrap();
        }
        fs::write(at("drm/card1-HDMI-A-2/connector_id"), "87\n").unwrap();
        fs::write(at("dev/cecil"), "").unwrap();
        for device in devices {
            fs::write(at("dev").join(device), "").unwrap();
        }
        let log = at("log").display().to_string();
        fs::write(at("cec-ctl"), format!("#!/bin/sh\necho \"$@\" >> {log}\n{script}\n")).unwrap();
        fs::set_permissions(at("cec-ctl"), fs::Permissions::from_mode(0o755)).unwrap();
        let televisions = Televisions::with(Language::English, at("cec-ctl"), at("dev"), at("drm"));
        Self { folder, televisions, now: Instant::now() }
    }

    /// Steps until nothing runs and nothing is left.
    fn settle(&mut self, wanted: &Wanted) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            self.televisions.step(wanted, self.now);
            if self.televisions.run.is_none() {
                return;
            }
            assert!(Instant::now() < deadline, "not in time");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What was told since this was asked last, without the folder.
    fn told(&self) -> Vec<String> {
        let log = self.folder.path().join("log");
        let said = fs::read_to_string(&log).unwrap_or_default();
        fs::write(&log, "").unwrap();
        let folder = self.folder.path().join("dev").display().to_string();
        said.lines().map(|line| line.replace(&format!("--device {folder}/"), "")).collect()
    }
}

fn found(all: &[(&str, bool)]) -> Wanted {
    let found = all.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect();
    Wanted { found, ..Wanted::default() }
}

fn says(text: &str) -> String {
    format!("cat <<'SAID'\n{text}SAID")
}

#[test]
fn a_television_sleeps_and_wakes_once_for_each_change() {
    let mut bench = Bench::new(&["cec0"], &says(SAID));
    bench.settle(&found(&[("HDMI-A-2", false)]));
    assert_eq!(bench.told(), ["cec0 --playback --osd-name papan", "cec0 --to 0 --standby"]);
    bench.settle(&found(&[("HDMI-A-2", false)]));
    assert_eq!(bench.told(), [""; 0], "it is told once");
    bench.settle(&found(&[("HDMI-A-2", true)]));
    assert_eq!(
        bench.told(),
        ["cec0 --to 0 --image-view-on", "cec0 --to 15 --active-source phys-addr=2.0.0.0"]
    );
    assert_eq!(bench.televisions.wrong(&found(&[("HDMI-A-2", true)])), [""; 0]);
}

#[test]
fn the_device_of_another_output_is_left_alone() {
    let mut bench = Bench::new(&["cec0"], &says(SAID));
    bench.settle(&found(&[("HDMI-A-1", false)]));
    assert_eq!(bench.told(), ["cec0 --playback --osd-name papan"]);
}

#[test]
fn where_the_output_cannot_be_told_a_television_is_on_while_any_is() {
    let mut bench = Bench::new(&["cec0", "cec1"], "");
    bench.settle(&found(&[("HDMI-A-1", false), ("HDMI-A-2", true)]));
    let told = bench.told();
    assert_eq!(told.iter().filter(|line| line.contains("--image-view-on")).count(), 2, "{told:?}");
    assert!(!told.iter().any(|line| line.contains("standby") || line.contains("active-source")), "{told:?}");
}

#[test]
fn what_fails_is_said_and_tried_again_a_minute_later() {
    let mut bench = Bench::new(&["cec0"], "exit 1");
    let wanted = found(&[("", false)]);
    bench.settle(&wanted);
    assert_eq!(bench.told().len(), 1);
    let wrong = bench.televisions.wrong(&wanted);
    assert!(wrong.len() == 1 && wrong[0].contains("dev/cec0"), "{wrong:?}");
    bench.now += Duration::from_secs(59);
    bench.settle(&wanted);
    assert_eq!(bench.told(), [""; 0]);
    bench.now += Duration::from_secs(2);
    bench.settle(&wanted);
    assert_eq!(bench.told().len(), 1);
}

#[test]
fn a_child_that_hangs_is_ended_and_holds_nobody() {
    let mut bench = Bench::new(&["cec0"], "exec sleep 600");
    let wanted = found(&[("", false)]);
    assert_eq!(bench.televisions.step(&wanted, bench.now), Some(LOOK));
    assert!(bench.televisions.run.is_some());
    bench.now += Duration::from_secs(13);
    bench.settle(&wanted);
    let wrong = bench.televisions.wrong(&wanted);
    assert!(wrong.len() == 1 && wrong[0].contains("no answer in time"), "{wrong:?}");
}

#[test]
fn a_child_that_never_stops_talking_is_ended_too() {
    let mut bench = Bench::new(&["cec0"], "exec yes");
    let wanted = found(&[("", false)]);
    bench.televisions.step(&wanted, bench.now);
    bench.now += Duration::from_secs(13);
    bench.settle(&wanted);
    assert_eq!(bench.televisions.wrong(&wanted).len(), 1);
}

#[test]
fn without_the_program_or_a_device_staff_are_told_what_to_do() {
    let mut none = Bench::new(&[], "");
    none.settle(&found(&[("", true)]));
    assert!(none.televisions.wrong(&found(&[("", true)]))[0].contains("/dev/cec*"));
    assert_eq!(none.televisions.wrong(&Wanted::default()), [""; 0], "nobody asked");
    let mut bench = Bench::new(&["cec0"], "");
    fs::remove_file(bench.folder.path().join("cec-ctl")).unwrap();
    bench.settle(&found(&[("", true)]));
    assert!(bench.televisions.wrong(&found(&[("", true)]))[0].contains("v4l-utils"));
}

#[test]
fn what_cec_ctl_says_is_read() {
    assert_eq!((connector(SAID), address(SAID).as_deref()), (Some((1, 87)), Some("2.0.0.0")));
    for nothing in
        ["", "Physical Address : f.f.f.f", "Physical Address", "DRM Connector Info : card x, connector"]
    {
        assert_eq!((connector(nothing), address(nothing)), (None, None), "{nothing}");
    }
}
