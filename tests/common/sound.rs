//! A sound server of our own with a sink that goes nowhere, and what is heard there.
//! Invariant: what is judged is the sound that came out; nothing here knows the program's own code.

use std::{
    f32::consts::TAU,
    fs,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::process::{Program, until};

/// Samples a second of every recording.
pub const RATE: usize = 48_000;
/// What is softer than this is silence.
pub const SILENCE: f32 = 0.003;

/// A sound server with one sink.
pub struct Server {
    folder: tempfile::TempDir,
    daemon: Option<Program>,
}

impl Server {
    /// Starts one, with a folder of its own.
    pub fn new() -> Self {
        let mut server = Self { folder: tempfile::tempdir().expect("a folder"), daemon: None };
        server.start();
        server
    }

    /// A folder that lasts as long as this.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// As `PULSE_SERVER` has it.
    pub fn address(&self) -> String {
        format!("unix:{}/native", self.folder.path().display())
    }

    /// What tells ALSA to use this server.
    pub fn alsa(&self) -> String {
        format!("pcm.default {{ type pulse server \"{}\" hint.show on }}\n", self.address())
    }

    /// Starts it again after [`Server::stop`].
    pub fn start(&mut self) {
        let socket = format!(
            "module-native-protocol-unix socket={}/native auth-anonymous=1",
            self.folder.path().display()
        );
        // Without `norewinds` the sink rewrites what it has, and the first sound loses its head.
        let sink = "module-null-sink sink_name=hall norewinds=1 rate=48000 channels=2";
        let daemon = Program::start(
            self.client("pulseaudio")
                .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"])
                .args(["--disable-shm=yes", "-L", &socket, "-L", sink]),
        );
        self.daemon = Some(daemon);
        until(|| "the sound server answers".into(), || self.asks(&["info"]).is_some());
    }

    /// The server's process, while it runs.
    #[allow(dead_code, reason = "the benchmark's alone")]
    pub fn pid(&self) -> Option<u32> {
        self.daemon.as_ref().map(|daemon| daemon.child.id())
    }

    /// Takes it away from whoever sounds.
    pub fn stop(&mut self) {
        self.daemon = None;
        let _ = fs::remove_file(self.folder.path().join("native"));
    }

    /// Lets it hang, or go on: it lives, and answers nobody.
    pub fn hang(&self, hangs: bool) {
        let daemon = self.daemon.as_ref().expect("it runs").child.id().to_string();
        let signal = if hangs { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &daemon]).status().expect("kill runs").success());
    }

    /// Lets its sink take no sound, as a screen that is off does, or take some again.
    pub fn suspend(&self, suspended: bool) {
        let so = if suspended { "1" } else { "0" };
        self.asks(&["suspend-sink", "hall", so]).expect("the sink is there");
    }

    /// A program that is this server's client, or the server itself.
    pub fn client(&self, program: &str) -> Command {
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

    /// Waits until a program has its device open.
    pub fn has_a_client(&self) {
        until(
            || "the program opens its device".into(),
            || self.asks(&["list", "short", "sink-inputs"]).is_some_and(|inputs| !inputs.trim().is_empty()),
        );
    }

    /// A program that writes what sounds as 16 bits mono at [`RATE`].
    pub fn recorder(&self) -> Child {
        self.client("parec")
            .args(["--device=hall.monitor", "--format=s16le", "--rate=48000", "--channels=1"])
            .arg("--latency-msec=20")
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec runs")
    }

    /// Records what sounds from now on.
    pub fn record(&self) -> Recording {
        let mut parec = self.recorder();
        let mut out = parec.stdout.take().expect("piped");
        // What sounds before the recorder is connected would be missed: its first bytes tell.
        out.read_exact(&mut [0; 2]).expect("parec records");
        let samples = Arc::new(Mutex::new(Vec::new()));
        let begun = Arc::new(Mutex::new(SystemTime::now()));
        let (into, since) = (samples.clone(), begun.clone());
        thread::spawn(move || {
            let mut bytes = [0; 960];
            while out.read_exact(&mut bytes).is_ok() {
                let words = bytes.as_chunks::<2>().0.iter();
                let heard = words.map(|w| f32::from(i16::from_le_bytes(*w)) / 32_768.0);
                let mut samples = into.lock().expect("not poisoned");
                samples.extend(heard);
                let length = Duration::from_secs_f64(samples.len() as f64 / RATE as f64);
                let mut begun = since.lock().expect("not poisoned");
                *begun = (SystemTime::now() - length).min(*begun);
            }
        });
        Recording { parec, samples, begun, taken: 0 }
    }
}

/// What is heard at the sink.
pub struct Recording {
    parec: Child,
    samples: Arc<Mutex<Vec<f32>>>,
    /// When its first sample was heard, as the packet tells that was the least late of all.
    begun: Arc<Mutex<SystemTime>>,
    taken: usize,
}

impl Recording {
    /// All that was heard so far.
    pub fn all(&self) -> Vec<f32> {
        self.samples.lock().expect("not poisoned").clone()
    }

    /// When a sample was heard, in ms by the wall clock.
    #[allow(dead_code, reason = "not every test asks when")]
    pub fn at(&self, sample: usize) -> i64 {
        let begun = self.begun.lock().expect("not poisoned").duration_since(UNIX_EPOCH);
        let begun = begun.expect("after 1970").as_millis() as i64;
        begun + (sample * 1_000 / RATE) as i64
    }

    /// Waits until this much more was heard, and gives it.
    pub fn next(&mut self, seconds: f32) -> Vec<f32> {
        let wanted = self.taken + (seconds * RATE as f32) as usize;
        until(|| format!("{seconds} s are recorded"), || self.count() >= wanted);
        let sound = self.all()[self.taken..wanted].to_vec();
        self.taken = wanted;
        sound
    }

    /// Lets go what was heard so far.
    pub fn forget(&mut self) {
        self.taken = self.count();
    }

    /// The next span that is not silent, from its first loud sample to half a second of silence.
    pub fn next_sound(&mut self) -> Vec<f32> {
        let (mut at, mut begin, mut last) = (self.taken, None, 0);
        until(
            || "a sound is heard to its end".into(),
            || {
                let samples = self.samples.lock().expect("not poisoned");
                for (index, sample) in samples.iter().enumerate().skip(at) {
                    if sample.abs() > SILENCE {
                        begin.get_or_insert(index);
                        last = index;
                    }
                    if begin.is_some() && index - last > RATE / 2 {
                        return true;
                    }
                }
                at = samples.len();
                false
            },
        );
        self.taken = last + 1;
        self.all()[begin.expect("it was heard")..=last].to_vec()
    }

    fn count(&self) -> usize {
        self.samples.lock().expect("not poisoned").len()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.parec.kill();
        let _ = self.parec.wait();
    }
}

/// The loudest sample.
pub fn peak(sound: &[f32]) -> f32 {
    sound.iter().fold(0.0, |p, s| p.max(s.abs()))
}

/// The largest step between two samples: a click is one that is larger than its sound's own.
pub fn step(sound: &[f32]) -> f32 {
    sound.windows(2).fold(0.0, |p, w| p.max((w[1] - w[0]).abs()))
}

/// The spans that are not silent, each ended by this much silence, in samples.
pub fn spans(sound: &[f32], quiet: usize) -> Vec<std::ops::Range<usize>> {
    let mut spans: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, _) in sound.iter().enumerate().filter(|(_, s)| s.abs() > SILENCE) {
        match spans.last_mut() {
            Some(span) if index - span.end < quiet => span.end = index + 1,
            _ => spans.push(index..index + 1),
        }
    }
    spans
}

/// How loud a tone is in a sound, as its amplitude: one coefficient of Fourier's transform under Hann's window.
pub fn tone(sound: &[f32], hertz: f32) -> f32 {
    let (mut re, mut im) = (0.0, 0.0);
    for (i, sample) in sound.iter().enumerate() {
        let window = 0.5 - 0.5 * (TAU * i as f32 / sound.len() as f32).cos();
        let turn = TAU * hertz * i as f32 / RATE as f32;
        re += sample * window * turn.cos();
        im += sample * window * turn.sin();
    }
    4.0 * re.hypot(im) / sound.len() as f32
}

/// How loud a film's tone is, whose pitch may be off by a few Hz while the film comes to its time: over 5 ms that
/// is no other pitch.
#[allow(dead_code, reason = "not every test has a film")]
pub fn film_tone(sound: &[f32], hertz: f32) -> f32 {
    let chunks = sound.chunks_exact(RATE / 200);
    let count = chunks.len().max(1) as f32;
    chunks.map(|chunk| tone(chunk, hertz)).sum::<f32>() / count
}

/// The strongest pitch between 300 and 1,000 Hz.
pub fn pitch(sound: &[f32]) -> f32 {
    let loud = |hertz: &f32| tone(sound, *hertz);
    (60..200).map(|i| i as f32 * 5.0).max_by(|a, b| loud(a).total_cmp(&loud(b))).expect("some pitch")
}

/// What has to be true of the chime that ships, however it was recorded.
pub fn is_the_chime(sound: &[f32]) {
    let peak = peak(sound);
    assert!((0.5..0.95).contains(&peak), "peak {peak}");
    let seconds = sound.len() as f32 / RATE as f32;
    assert!((0.9..1.5).contains(&seconds), "{seconds} s");
    let (first, second) = (pitch(&sound[RATE / 20..RATE * 2 / 5]), pitch(&sound[RATE / 2..RATE]));
    assert!((first - 659.0).abs() < 12.0, "the first note is {first} Hz");
    assert!((second - 523.0).abs() < 12.0, "the second note is {second} Hz");
}
