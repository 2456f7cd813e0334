//! The chime as a real sound server plays it, and a screen that runs on where there is none.
//! Invariant: what is judged is the sound that came out, or the lines of the log.

#![allow(clippy::expect_used, reason = "a test may end at what it did not expect")]

use std::{
    env, fs,
    io::{BufRead, Read, Write},
    path::Path,
    process::{ChildStdout, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use bevy::{log::LogPlugin, prelude::*};
use papan::{
    audio,
    config::Config,
    domain::{
        announcement::Announcement,
        event::{CounterId, Ticket, TicketCalled},
    },
    state::{AnnouncementStarted, Settings, Sound},
};

#[path = "common/process.rs"]
mod process;

use process::{Program, until};

const RATE: usize = 48_000;
/// In the child's environment: the chime of its config. Where it is not set, there is no child.
const CHIME: &str = "PAPAN_TEST_CHIME";

/// The app that the tests below run as a child, since a process has one ALSA configuration for all its life.
/// It calls at each line `call`, and says when its sound begins and ends.
#[test]
#[ignore = "a part of the other tests"]
fn child() {
    let Ok(chime) = env::var(CHIME) else { return };
    let mut config = Config::default();
    config.sound.chime = chime;
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, LogPlugin::default(), audio::plugin))
        .insert_resource(Settings(Arc::new(config)))
        .add_systems(Last, |sound: Res<Sound>| {
            if sound.is_changed() {
                println!("busy={}", sound.busy);
            }
        });
    app.finish();
    app.cleanup();
    let (lines, asked) = mpsc::sync_channel(4);
    thread::spawn(move || {
        std::io::stdin().lock().lines().map_while(Result::ok).try_for_each(|l| lines.send(l))
    });
    loop {
        app.update();
        match asked.recv_timeout(Duration::from_millis(5)) {
            Ok(line) if line == "call" => {
                app.world_mut().write_message(AnnouncementStarted(announcement()));
            }
            Ok(line) => println!("echo {line}"),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn announcement() -> Announcement {
    let call = TicketCalled {
        ticket: Ticket("A-012".into()),
        counter: CounterId("3".into()),
        service: None,
        attempt: 1,
        priority: None,
        time: None,
    };
    Announcement { call, called_at: Duration::ZERO, started_at: Some(Duration::ZERO) }
}

/// Starts the child above with an ALSA configuration of its own, and the chime that its config names.
fn screen(alsa: &str, folder: &Path, chime: &str) -> Program {
    let conf = folder.join("asound.conf");
    fs::write(&conf, alsa).expect("written");
    let mut command = Command::new(env::current_exe().expect("it runs"));
    command
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env(CHIME, chime)
        .env("ALSA_CONFIG_PATH", conf)
        .env("RUST_LOG", "papan=debug,error")
        .env("NO_COLOR", "1");
    Program::start(&mut command)
}

fn ask(screen: &mut Program, what: &str) {
    let stdin = screen.child.stdin.as_mut().expect("piped");
    writeln!(stdin, "{what}").expect("it listens");
}

/// A sound server of our own with a sink that goes nowhere.
struct Server {
    folder: tempfile::TempDir,
    daemon: Option<Program>,
}

impl Server {
    fn new() -> Self {
        let mut server = Self { folder: tempfile::tempdir().expect("a folder"), daemon: None };
        server.start();
        server
    }

    fn address(&self) -> String {
        format!("unix:{}/native", self.folder.path().display())
    }

    fn alsa(&self) -> String {
        format!("pcm.default {{ type pulse server \"{}\" }}\n", self.address())
    }

    fn start(&mut self) {
        let socket = format!(
            "module-native-protocol-unix socket={}/native auth-anonymous=1",
            self.folder.path().display()
        );
        let daemon = Program::start(
            self.client("pulseaudio")
                .args([
                    "-n",
                    "--daemonize=no",
                    "--exit-idle-time=-1",
                    "--use-pid-file=no",
                    "--disable-shm=yes",
                ])
                // Without `norewinds` the sink rewrites what it has, and the first sound loses its head.
                .args([
                    "-L",
                    &socket,
                    "-L",
                    "module-null-sink sink_name=hall norewinds=1 rate=48000 channels=2",
                ]),
        );
        self.daemon = Some(daemon);
        until(|| "the sound server answers".into(), || self.asks(&["info"]).is_some());
    }

    fn stop(&mut self) {
        self.daemon = None;
        let _ = fs::remove_file(self.folder.path().join("native"));
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("PULSE_SERVER", self.address());
        if program == "pulseaudio" {
            command.env_remove("PULSE_SERVER");
        }
        command
    }

    fn asks(&self, args: &[&str]) -> Option<String> {
        let answer = self.client("pactl").args(args).stderr(Stdio::null()).output().expect("pactl runs");
        answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    /// Waits until the screen has its device open.
    fn has_a_client(&self) {
        until(
            || "the screen opens its device".into(),
            || self.asks(&["list", "short", "sink-inputs"]).is_some_and(|inputs| !inputs.trim().is_empty()),
        );
    }

    fn record(&self) -> Recording {
        let mut parec = self
            .client("parec")
            .args([
                "--device=hall.monitor",
                "--format=s16le",
                "--rate=48000",
                "--channels=1",
                "--latency-msec=20",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec runs");
        let mut out = parec.stdout.take().expect("piped");
        // What sounds before the recorder is connected would be missed: its first bytes tell.
        out.read_exact(&mut [0; 2]).expect("parec records");
        Recording { parec, out }
    }
}

struct Recording {
    parec: std::process::Child,
    out: ChildStdout,
}

impl Recording {
    /// The next span that is not silent, from its first loud sample to half a second of silence.
    fn next_sound(&mut self) -> Vec<f32> {
        let (mut sound, mut quiet, mut passed) = (Vec::new(), 0, 0);
        let mut bytes = [0; 960];
        while quiet < RATE / 2 {
            self.out.read_exact(&mut bytes).expect("parec goes on");
            for pair in bytes.chunks_exact(2) {
                let sample = f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0;
                quiet = if sample.abs() > 0.003 { 0 } else { quiet + 1 };
                if sound.is_empty() && quiet > 0 {
                    (quiet, passed) = (0, passed + 1);
                    assert!(passed < 30 * RATE, "30 s of silence");
                    continue;
                }
                sound.push(sample);
            }
        }
        sound.truncate(sound.len() - quiet);
        sound
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.parec.kill();
        let _ = self.parec.wait();
    }
}

/// The strongest pitch between 300 and 1,000 Hz, by Goertzel's filter.
fn pitch(sound: &[f32]) -> f32 {
    let power = |hertz: f32| {
        let turn = 2.0 * (std::f32::consts::TAU * hertz / RATE as f32).cos();
        let (a, b) = sound.iter().fold((0.0, 0.0), |(a, b), s| (s + turn * a - b, a));
        a * a + b * b - turn * a * b
    };
    (60..200).map(|i| i as f32 * 5.0).max_by(|a, b| power(*a).total_cmp(&power(*b))).expect("some pitch")
}

/// What has to be true of the chime that ships, however it was recorded.
fn is_the_chime(sound: &[f32]) {
    let peak = sound.iter().fold(0.0_f32, |p, s| p.max(s.abs()));
    assert!((0.5..0.95).contains(&peak), "peak {peak}");
    let seconds = sound.len() as f32 / RATE as f32;
    assert!((0.9..1.5).contains(&seconds), "{seconds} s");
    let (first, second) = (pitch(&sound[RATE / 20..RATE * 2 / 5]), pitch(&sound[RATE / 2..RATE]));
    assert!((first - 659.0).abs() < 12.0, "the first note is {first} Hz");
    assert!((second - 523.0).abs() < 12.0, "the second note is {second} Hz");
}

#[test]
fn the_chime_is_heard_at_a_call() {
    let server = Server::new();
    let mut screen = screen(&server.alsa(), server.folder.path(), "chime-default");
    server.has_a_client();
    let mut recording = server.record();
    for call in 1..=2 {
        ask(&mut screen, "call");
        is_the_chime(&recording.next_sound());
        until(|| "its end is reported".into(), || screen.said().matches("busy=false").count() > call);
        assert_eq!(screen.said().matches("busy=true").count(), call, "{}", screen.said());
    }
}

#[test]
fn a_sound_server_that_died_and_came_back_is_used_again() {
    let mut server = Server::new();
    let broken = server.folder.path().join("gong.wav");
    fs::write(&broken, "no sound").expect("written");
    let mut screen = screen(&server.alsa(), server.folder.path(), &broken.to_string_lossy());
    server.has_a_client();
    server.stop();
    screen.says("it was lost");
    server.start();
    server.has_a_client();
    let mut recording = server.record();
    ask(&mut screen, "call");
    is_the_chime(&recording.next_sound());
    let said = screen.said();
    assert_eq!(said.matches("WARN").count(), 2, "the broken chime, and the lost device: {said}");
    assert!(said.contains("gong.wav"), "{said}");
}

#[test]
fn with_no_device_the_screen_runs_on_and_says_so_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut screen = screen("# No device at all.\n", folder.path(), "chime-default");
    screen.says("the screen runs on without sound");
    ask(&mut screen, "call");
    // The second try of the device is for debugging alone.
    screen.says("DEBUG");
    ask(&mut screen, "still there");
    screen.says("echo still there");
    let said = screen.said();
    assert_eq!(said.matches("WARN").count(), 1, "{said}");
    assert!(!said.contains("ALSA lib"), "ALSA wrote past the log: {said}");
    assert!(!said.contains("busy=true"), "{said}");
    assert!(screen.runs());
}
