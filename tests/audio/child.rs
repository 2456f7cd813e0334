//! The app that the sound tests run as a child, since a process has one ALSA configuration for all its life.
//! Invariant: it does what the lines on its stdin say, and says what it is told.

use std::{
    env, fs,
    io::{BufRead, Write},
    path::Path,
    process::Command,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use bevy::{log::LogPlugin, prelude::*};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use papan::{
    audio,
    config::{Config, Speaker},
    domain::{announcement::Number, speech::Called, speech::Wording},
    state::{FilmInput, FilmPiece, FilmSound, Lengths, Now, Settings, Sound, Speak, Voiced},
    words::Language,
};

use crate::process::Program;

/// In the child's environment: the chime of its config. Where it is not set, there is no child.
const CHIME: &str = "PAPAN_TEST_CHIME";
/// The film's tone: above all that chime and voice have.
pub const HERTZ: f32 = 13_000.0;
/// How long before it is to be heard a film's first sound comes, and how long a piece of it is.
const LEAD: Duration = Duration::from_millis(60);
const LENGTH: Duration = Duration::from_millis(20);
/// The silence after each announcement.
pub const GAP: Duration = Duration::from_millis(400);

#[test]
#[ignore = "a part of the other tests"]
fn child() {
    let Ok(chime) = env::var(CHIME) else { return };
    let mut config = Config::default();
    config.sound.chime = chime;
    config.sound.volume = 1.0;
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, LogPlugin::default(), audio::plugin))
        .insert_resource(Now { wall: Timestamp::now(), mono: Duration::ZERO, zone: TimeZone::UTC })
        .insert_resource(Settings(Arc::new(config)))
        .add_systems(Last, (tell_sound, tell_lengths, tell_voiced).chain());
    app.finish();
    app.cleanup();
    let (lines, asked) = mpsc::sync_channel(4);
    thread::spawn(move || {
        std::io::stdin().lock().lines().map_while(Result::ok).try_for_each(|l| lines.send(l))
    });
    loop {
        app.update();
        match asked.recv_timeout(Duration::from_millis(5)) {
            Ok(line) => obey(app.world_mut(), &line),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// `say NUMBER`, with `chime` or `voice` or both after it; `hush`; `film LEVEL`; `clicks`; anything else is said back.
fn obey(world: &mut World, line: &str) {
    let words: Vec<_> = line.split(' ').collect();
    match words[..] {
        ["say", number, ref what @ ..] => {
            let number = Number(number.parse().expect("a number"));
            let called = Called { ticket: "A-012", counter: "3", service: "" };
            let manner = Speaker::new(Language::Indonesian).manner;
            let sentences =
                if what.contains(&"voice") { vec![manner.call(called, Wording::Brief)] } else { vec![] };
            world.write_message(Speak::Say { number, chime: what.contains(&"chime"), sentences, gap: GAP });
        }
        ["hush"] => _ = world.write_message(Speak::Hush),
        ["film", level] => {
            let input = world.resource::<FilmSound>().0.clone().expect("there is a mixer");
            play(input, level.parse().expect("a level"));
        }
        ["clicks"] => click(world.resource::<FilmSound>().0.clone().expect("there is a mixer")),
        _ => println!("echo {line}"),
    }
}

/// A tone for ever.
fn play(input: FilmInput, level: f32) {
    let turn = std::f32::consts::TAU * HERTZ / FilmInput::RATE as f32;
    let mut phase = 0.0_f32;
    film(input, move |_, frames| {
        for frame in frames {
            phase = (phase + turn) % std::f32::consts::TAU;
            *frame = [level * phase.sin(); 2];
        }
    });
}

/// A click every half second for ever; it is said when each is due.
fn click(input: FilmInput) {
    let (mut piece, mut number) = (0, 0);
    film(input, move |due, frames| {
        piece += 1;
        if piece % 25 == 0 {
            frames[..8].fill([0.5; 2]);
            number += 1;
            let at = Timestamp::now() + SignedDuration::try_from(due - Instant::now()).expect("it is near");
            println!("click {number} at {}", at.as_millisecond());
        }
    });
}

/// Sound that is made piece by piece, for ever, and given as early as the mixer takes it.
fn film(input: FilmInput, mut sound: impl FnMut(Instant, &mut [[f32; 2]]) + Send + 'static) {
    let mut due = Instant::now() + LEAD;
    thread::spawn(move || {
        loop {
            let mut frames = vec![[0.0; 2]; FilmInput::PIECE];
            sound(due, &mut frames);
            if input.pieces.send(FilmPiece { due, frames }).is_err() {
                return;
            }
            due += LENGTH;
        }
    });
}

fn tell_sound(sound: Res<Sound>) {
    if sound.is_changed() {
        println!("sound {:?}", sound.0);
    }
}

fn tell_lengths(lengths: Res<Lengths>) {
    if lengths.is_changed() {
        println!("chime of {} ms", lengths.chime.as_millis());
    }
}

fn tell_voiced(mut voiced: MessageReader<Voiced>) {
    let told = Timestamp::now();
    for voiced in voiced.read() {
        match voiced {
            Voiced::Began { number, at } => println!("began {} at {}", number.0, at.as_millisecond()),
            Voiced::Ended { number, at, unsaid } => {
                println!("ended {} at {} unsaid {unsaid:?}", number.0, at.as_millisecond());
                println!("over {} at {}", number.0, told.as_millisecond());
            }
            Voiced::Said { number } => println!("said {} at {}", number.0, told.as_millisecond()),
            Voiced::Failed { number, why, .. } => println!("failed {} because {why}", number.0),
        }
    }
}

/// Starts the child with an ALSA configuration of its own, and the chime that its config names.
pub fn screen(alsa: &str, folder: &Path, chime: &str) -> Program {
    let conf = folder.join("asound.conf");
    fs::write(&conf, alsa).expect("written");
    let mut command = Command::new(env::current_exe().expect("it runs"));
    command
        .args(["--exact", "child::child", "--ignored", "--nocapture"])
        .env(CHIME, chime)
        .env("ALSA_CONFIG_PATH", conf)
        .env("RUST_LOG", "papan=debug,error")
        .env("NO_COLOR", "1");
    Program::start(&mut command)
}

/// Tells the child what to do.
pub fn ask(screen: &mut Program, what: &str) {
    let stdin = screen.child.stdin.as_mut().expect("piped");
    writeln!(stdin, "{what}").expect("it listens");
}

/// When the child said that this happened, in ms by the wall clock.
pub fn at(screen: &Program, what: &str) -> i64 {
    let said = screen.said();
    let line = said.lines().find(|line| line.starts_with(what)).expect("it was said");
    line.split(' ').nth(3).and_then(|ms| ms.parse().ok()).expect("a time")
}
