//! Several screens from outside: the real program in a real compositor, with outputs that go, come back and change.
//! Invariant: whatever happens to the outputs, each that is there shows its screen alone, pixel by pixel.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{fs, path::Path, process::Command};

use image::{Rgb, RgbImage, imageops};

#[path = "common/process.rs"]
#[allow(dead_code, reason = "more is used elsewhere")]
mod process;
#[path = "common/sway.rs"]
mod sway;

use process::{Program, until};
use sway::Sway;

const ONE: &str = "HEADLESS-1";
const TWO: &str = "HEADLESS-2";
/// A layout with nothing but the stage, on which an item is all that is to be seen.
const STAGE: &str = "[layout.panggung]\ncolumns = [1.0]\nrows = [1.0]\nareas = [\"stage\"]\n";

/// A picture in which no two corners are alike, with a white edge of one pixel and a line at every tenth.
fn pattern(w: u32, h: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_fn(w, h, |x, y| match (x == 0 || y == 0 || x == w - 1 || y == h - 1, x % 10 == 0) {
        (true, _) => Rgb([255; 3]),
        (_, true) => Rgb([0, 0, 0]),
        _ => Rgb([colour[0] / (1 + u8::from(2 * x < w)), colour[1] / (1 + u8::from(2 * y < h)), colour[2]]),
    })
}

/// A playlist of one picture, which stays.
fn playlist(folder: &Path, name: &str, picture: &RgbImage) -> String {
    let folder = folder.join(name);
    fs::create_dir(&folder).unwrap();
    picture.save(folder.join("gambar.png")).unwrap();
    let text = "version = 1\n\n[[item]]\nimage = \"gambar.png\"\nfit = \"cover\"\nduration = \"1h\"\n";
    fs::write(folder.join("playlist.toml"), text).unwrap();
    folder.to_str().unwrap().to_owned()
}

/// `picture` at (x, y) of a black output.
fn on_black((w, h): (u32, u32), picture: &RgbImage, (x, y): (u32, u32)) -> RgbImage {
    let mut all = RgbImage::new(w, h);
    imageops::replace(&mut all, picture, i64::from(x), i64::from(y));
    all
}

fn papan(sway: &Sway, state: &Path, config: &str, args: &[&str]) -> Program {
    let path = state.join("papan.toml");
    fs::write(&path, config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_papan"));
    command.arg("show").arg("--config").arg(&path).args(args);
    command.env("PAPAN_STATE", state).env("XDG_STATE_HOME", state);
    Program::start(sway.on(&mut command))
}

/// Waits until an output shows exactly this.
#[track_caller]
fn shows(sway: &Sway, output: &str, wanted: &RgbImage, when: &str) {
    let mut seen = None;
    let begun = std::time::Instant::now();
    let right = || {
        seen = sway.picture(output);
        seen.as_ref() == Some(wanted)
    };
    let told = || format!("{output} is right {when}");
    let mut right = right;
    while !right() {
        if begun.elapsed() > process::PATIENCE / 2 {
            let folder = std::env::temp_dir();
            wanted.save(folder.join("papan-wanted.png")).unwrap();
            if let Some(seen) = sway.picture(output) {
                seen.save(folder.join("papan-seen.png")).unwrap();
            }
            panic!("{}; see papan-wanted.png and papan-seen.png in {}", told(), folder.display());
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    println!("{} after {:?}", told(), begun.elapsed());
}

#[test]
fn two_screens_stay_right_whatever_becomes_of_their_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let (lobby, wall) = (pattern(360, 640, [200, 120, 40]), pattern(320, 160, [40, 160, 220]));
    let config = format!(
        "{STAGE}\n[[screen]]\noutput = {ONE:?}\nlayout = \"panggung\"\nrotation = 90\nplaylist = {:?}\n\n\
         [[screen]]\noutput = {TWO:?}\nlayout = \"panggung\"\n\
         region = {{ x = 64, y = 33, width = 320, height = 160 }}\nplaylist = {:?}\n",
        playlist(folder.path(), "lobi", &lobby),
        playlist(folder.path(), "videotron", &wall),
    );
    let sway = Sway::start(&[(640, 360)]);
    let mut screen = papan(&sway, folder.path(), &config, &["--renderer", "software"]);
    let turned = imageops::rotate90(&lobby);
    let region = |size| on_black(size, &wall, (64, 33));
    shows(&sway, ONE, &turned, "without the other");
    let told = format!("output {TWO} tidak ada");
    until(|| format!("{TWO} is missed: {}", screen.said()), || screen.said().contains(&told));

    // A cable is plugged in.
    sway.say("create_output");
    sway.say("output HEADLESS-2 mode 800x600@60Hz position 640 0");
    shows(&sway, TWO, &region((800, 600)), "once it is there");
    shows(&sway, ONE, &turned, "with the other there");
    // Another mode, and another place.
    sway.say("output HEADLESS-2 mode 1024x768@60Hz position 640 0");
    shows(&sway, TWO, &region((1024, 768)), "in another mode");
    shows(&sway, ONE, &turned, "beside another mode");
    sway.say("output HEADLESS-2 position 0 360");
    shows(&sway, TWO, &region((1024, 768)), "below the other");
    shows(&sway, ONE, &turned, "above the other");
    // The region does not fit: it is cut, and nothing of it is on the other output.
    sway.say("output HEADLESS-2 mode 320x240@60Hz");
    until(|| format!("it is told: {}", screen.said()), || screen.said().contains("melewati tepi output"));
    shows(&sway, ONE, &turned, "beside a region that is cut");
    sway.say("output HEADLESS-2 mode 1024x768@60Hz");
    shows(&sway, TWO, &region((1024, 768)), "large enough again");
    // More than is named: it is black, and the others stay right.
    sway.say("create_output");
    sway.say("output HEADLESS-3 mode 320x240@60Hz position 2000 0");
    shows(&sway, "HEADLESS-3", &RgbImage::new(320, 240), "as nobody's");
    shows(&sway, ONE, &turned, "beside a third");
    shows(&sway, TWO, &region((1024, 768)), "beside a third");
    assert!(screen.runs(), "{}", screen.said());
}

#[test]
fn a_screen_that_names_no_output_is_on_one_of_several() {
    let folder = tempfile::tempdir().unwrap();
    let lobby = pattern(640, 360, [200, 120, 40]);
    let config = format!(
        "{STAGE}\n[[screen]]\nlayout = \"panggung\"\nplaylist = {:?}\n",
        playlist(folder.path(), "lobi", &lobby)
    );
    let sway = Sway::start(&[(640, 360), (800, 600)]);
    let _screen = papan(&sway, folder.path(), &config, &["--renderer", "software"]);
    shows(&sway, ONE, &lobby, "at the start");
    shows(&sway, TWO, &RgbImage::new(800, 600), "at the start");
}

#[test]
fn outputs_that_are_pulled_take_nothing_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let (w, h) = sway::WITHIN;
    let pictures = [[200, 120, 40], [40, 160, 220], [90, 200, 90]].map(|colour| pattern(w, h, colour));
    let screens = pictures.iter().zip(1..).map(|(picture, number)| {
        let playlist = playlist(folder.path(), &format!("layar{number}"), picture);
        format!("[[screen]]\noutput = \"WL-{number}\"\nlayout = \"panggung\"\nplaylist = {playlist:?}\n")
    });
    let config = STAGE.to_owned() + &screens.collect::<String>();
    let sway = Sway::within(2);
    let mut screen = papan(&sway, folder.path(), &config, &["--renderer", "software"]);
    shows(&sway, "WL-1", &pictures[0], "at the start");
    shows(&sway, "WL-2", &pictures[1], "at the start");
    let told = |screen: &Program, what: &str| {
        until(|| format!("{what} is told: {}", screen.said()), || screen.said().contains(what));
    };
    sway.pull("WL-1");
    told(&screen, "output WL-1 tidak ada");
    shows(&sway, "WL-2", &pictures[1], "without the first");
    sway.pull("WL-2");
    told(&screen, "tidak ada output yang menyala");
    assert!(screen.runs(), "{}", screen.said());
    sway.say("create_output");
    shows(&sway, "WL-3", &pictures[2], "after all were gone");
    assert!(screen.runs(), "{}", screen.said());
}
