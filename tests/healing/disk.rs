//! A disk that takes nothing, and kills while it is written to. Invariant: a file is whole or as it was before, and
//! the screen goes on.

use std::{fs, path::PathBuf, process::Command, thread, time::Duration};

use super::hall::{Place, terminate};
use crate::outside::process::{Program, until};

/// The program with a state directory of its own, so large; `None` where this machine allows none.
fn on_a_small_disk(place: &Place, size: &str) -> Option<Program> {
    if !Command::new("unshare").args(["-m", "true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: this machine lets nobody mount a small disk");
        return None;
    }
    let inner = place.command();
    let mut command = Command::new("unshare");
    let mount = format!("mount -t tmpfs -o size={size} tmpfs \"$STATE_DIRECTORY\" && exec \"$0\" \"$@\"");
    command.args(["-m", "sh", "-c", &mount]).arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(Program::start(&mut command))
}

/// The state directory as the program sees it.
fn inside(place: &Place, program: &Program) -> PathBuf {
    let state = place.state();
    PathBuf::from(format!("/proc/{}/root", program.child.id()))
        .join(state.strip_prefix("/").expect("absolute"))
}

/// Mounts the state directory, where the program is, in its own place.
fn mount(place: &Place, program: &Program, how: &[&str]) {
    let state = place.state();
    let mut command = Command::new("nsenter");
    command.args(["-m", "-t", &program.child.id().to_string(), "mount"]).args(how);
    if how == ["--bind"] {
        command.arg(&state);
    }
    assert!(command.arg(&state).status().expect("nsenter is there").success(), "{how:?}");
}

/// The newest state on that disk.
fn kept(place: &Place, program: &Program) -> Option<String> {
    let files = fs::read_dir(inside(place, program)).ok()?.flatten();
    let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
    texts.into_iter().find(|text| text.contains("papan.hall.snapshot"))
}

#[test]
fn a_full_disk_stops_nothing_and_is_written_to_again_once_it_has_room() {
    let mut place = Place::new();
    let Some(mut program) = on_a_small_disk(&place, "96k") else { return };
    place.manager.waits_for("READY=1");
    place.shows_the_board(&mut program);
    until(|| "the state is kept".into(), || kept(&place, &program).is_some());
    // Somebody fills it.
    let filler = inside(&place, &program).join("filler");
    fs::write(&filler, vec![1; 1 << 20]).expect_err("it is full");
    place.queue.call(1, 61);
    program.says("the state cannot be kept");
    let before = kept(&place, &program).expect("the one before stays");
    assert!(!before.contains("-061") && before.ends_with('}'), "{before}");
    for number in 62..80 {
        place.queue.call(number % 8, number);
    }
    place.shows_the_board(&mut program);
    place.manager.waits_for("STATUS=live; ");
    assert_eq!(program.said().matches("the state cannot be kept").count(), 1, "{}", program.said());
    // Room again: what could not be written is, without anything that changes.
    fs::remove_file(&filler).expect("removed");
    mount(&place, &program, &["-o", "remount,size=200m"]);
    program.says("the state is kept again");
    until(|| "the newest state is kept".into(), || kept(&place, &program).is_some_and(|t| t.contains("079")));
    program.says("has a copy of its own again");
    terminate(&mut program);
}

#[test]
fn a_disk_that_is_read_only_stops_nothing() {
    let mut place = Place::new();
    let Some(mut program) = on_a_small_disk(&place, "200m") else { return };
    place.manager.waits_for("READY=1");
    until(|| "the state is kept".into(), || kept(&place, &program).is_some());
    // No file can be made there any more; what is open for writing keeps the disk itself from being made so.
    mount(&place, &program, &["--bind"]);
    mount(&place, &program, &["-o", "remount,bind,ro"]);
    place.queue.call(1, 61);
    program.says("the state cannot be kept");
    place.shows_the_board(&mut program);
    assert!(kept(&place, &program).is_some_and(|text| !text.contains("-061") && text.ends_with('}')));
    mount(&place, &program, &["-o", "remount,bind,rw"]);
    program.says("the state is kept again");
    terminate(&mut program);
}

#[test]
fn a_state_directory_that_cannot_be_made_is_told_once_and_all_is_shown() {
    let mut place = Place::new();
    let file = place.home.path().join("file");
    fs::write(&file, "").expect("written");
    let mut program = Program::start(place.command().env("STATE_DIRECTORY", file.join("state")));
    place.shows_the_board(&mut program);
    place.manager.waits_for("STATUS=live; ");
    assert_eq!(program.said().matches("no crash is recorded").count(), 1, "{}", program.said());
    terminate(&mut program);
}

#[test]
fn a_kill_at_any_moment_leaves_every_file_whole() {
    let place = Place::new();
    for round in 0..12 {
        let mut program = place.start();
        // It writes the state each second, and the record at its start: from before the first picture to after it.
        for step in 0..round {
            place.queue.call(step % 8, 100 + round * 10 + step);
            thread::sleep(Duration::from_millis(37 * (1 + round as u64 % 5)));
        }
        program.child.kill().expect("killed");
        program.child.wait().expect("over");
        for file in fs::read_dir(place.state()).expect("state").flatten() {
            let path = file.path();
            // What was not yet whole has a name of its own, and is never read.
            if path.extension().is_some_and(|e| e == "json") {
                let text = fs::read_to_string(&path).expect("read");
                assert!(
                    serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                    "{}: {text}",
                    path.display()
                );
            }
        }
    }
    // Kills have left no heap of such files.
    let mut program = place.start();
    // By now it is in safe mode.
    place.shows_the_board(&mut program);
    terminate(&mut program);
    let left = fs::read_dir(place.state()).expect("state").flatten();
    let left: Vec<_> = left.filter(|f| f.file_name().to_string_lossy().starts_with(".papan-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A file system that answers nobody, as a share whose server is away; the kernel lets go once it is dropped.
struct Deaf {
    place: PathBuf,
    _device: fs::File,
}

impl Deaf {
    /// `None` where this user may mount nothing, or the kernel has no such file systems.
    fn mount(place: PathBuf) -> Option<Self> {
        let device = fs::File::options().read(true).write(true).open("/dev/fuse").ok()?;
        let given = device.try_clone().ok()?;
        let options = "fd=0,rootmode=40000,user_id=0,group_id=0";
        let mut mount = Command::new("mount");
        mount.args(["-i", "-t", "fuse", "-o", options, "deaf"]).arg(&place).stdin(given);
        let done = mount.output().expect("mount is there");
        if !done.status.success() {
            eprintln!("left out: {}", String::from_utf8_lossy(&done.stderr));
            return None;
        }
        Some(Self { place, _device: device })
    }
}

impl Drop for Deaf {
    fn drop(&mut self) {
        _ = Command::new("umount").arg("--lazy").arg(&self.place).status();
    }
}

#[test]
fn a_playlist_s_folder_that_does_not_answer_holds_nothing_up() {
    let mut place = Place::new();
    let (folder, other) = (place.home.path().join("share"), place.home.path().join("other"));
    fs::create_dir(&folder).expect("made");
    fs::create_dir(&other).expect("made");
    fs::write(other.join("playlist.toml"), "[[item]]\ncard = { title = \"x\" }\n").expect("written");
    let Some(deaf) = Deaf::mount(folder.clone()) else { return };
    let mut program = Program::start(place.command().arg("--playlist").arg(&folder));
    place.manager.waits_for("READY=1");
    program.says("is not read yet");
    place.shows_the_board_of(&mut program, Some(&other));
    place.queue.call(2, 77);
    place.shows_the_board_of(&mut program, Some(&other));
    // Then it answers that it is gone, and that is told instead.
    drop(deaf);
    program.says(&folder.display().to_string());
    terminate(&mut program);
}
