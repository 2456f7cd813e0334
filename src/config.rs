//! `papan.toml`: read once, checked once; every error with file, line and what to write instead.
//! Invariant: a `Config` holds only values that were checked; a wrong one leaves its default and a problem.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::tz::TimeZone;

use crate::{
    domain::{announcement::Rules, daypart::Hours, layout::GridSpec, lighting::Lighting, speech::Manner},
    picture::turn::Turn,
    problem::Problem,
    words::Language,
};

mod cec;
mod defaults;
mod grid;
mod last_good;
mod metrics;
mod read;
mod screens;
mod volume;

pub use cec::Cec;
pub use metrics::Metrics;
pub use volume::{is_mute, volume};

/// The layouts that papan knows by itself.
pub const LAYOUTS: [&str; 3] = ["landscape", "portrait", "videotron"];
/// The chime that ships with papan.
pub const CHIME_DEFAULT: &str = "chime-default";
/// No chime.
pub const CHIME_NONE: &str = "none";
/// The environment's variable that holds the token.
pub const TOKEN: &str = "PAPAN_QUEUE_TOKEN";
/// The largest `papan.toml`, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// All that a site can set; every key has a default.
#[derive(Debug, Clone)]
pub struct Config {
    /// The hall.
    pub hall: Hall,
    /// The queue server.
    pub queue: Queue,
    /// The outputs; at least one.
    pub screens: Vec<Screen>,
    /// Sound.
    pub sound: Sound,
    /// The voice.
    pub voice: Voice,
    /// Films.
    pub film: Film,
    /// `[editor]`.
    pub editor: Editor,
    /// The play log.
    pub log: Log,
    /// `[metrics]`.
    pub metrics: Metrics,
    /// What of it is less than good, for staff.
    pub warnings: Vec<Problem>,
    /// The site's own layouts, by name.
    pub layouts: BTreeMap<String, GridSpec>,
    /// Safe mode: no playlist. No file says so.
    pub safe: bool,
    /// No sound, as where safe mode alone did not help. No file says so.
    pub silent: bool,
}

/// `[hall]`.
#[derive(Debug, Clone)]
pub struct Hall {
    /// Shown until the queue server sends a name.
    pub name: String,
    /// Shown until the queue server sends one.
    pub organization: String,
    /// A picture for the header's mark.
    pub logo: Option<PathBuf>,
    /// The hall's time zone; default Asia/Makassar.
    pub timezone: TimeZone,
    /// What the screen speaks.
    pub language: Language,
}

/// `[queue]`.
#[derive(Debug, Clone)]
pub struct Queue {
    /// `ws://` or `wss://`; `None`: the demo hall.
    pub url: Option<String>,
    /// The file that holds the token; the environment's [`TOKEN`] wins over it.
    pub token_file: Option<PathBuf>,
    /// A PEM file with certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// This display's name to the server.
    pub display: String,
}

/// `[[screen]]`.
#[derive(Debug, Clone)]
pub struct Screen {
    /// The output's name; `None`: the first one that no other screen names.
    pub output: Option<String>,
    /// A layout's name; `None`: by the glass's shape.
    pub layout: Option<String>,
    /// Exact pixels of the output, for an LED processor; `None`: all of it.
    pub region: Option<Region>,
    /// How far its picture is turned clockwise within the region, as `rotation` says in degrees.
    pub rotation: Turn,
    /// Whether its films are heard, of all screens' alone; `None`: the first screen's are, where no other says so.
    pub sound: Option<bool>,
    /// The playlist's folder; `None`: the one that ships with papan.
    pub playlist: Option<PathBuf>,
    /// A theme file; `None`: the one that ships with papan.
    pub theme: Option<PathBuf>,
    /// The glass's physical height.
    pub height_mm: Option<f64>,
    /// How far away the farthest viewer stands.
    pub viewing_distance_m: Option<f64>,
    /// Fades are cuts.
    pub reduce_motion: bool,
    /// How fast the running text moves; default 3 words a second.
    pub ticker_words_per_second: f64,
    /// When it is on, and how bright.
    pub lighting: Lighting,
    /// What tells its television to light up and to go to sleep.
    pub cec: Cec,
}

/// A rectangle of an output, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// `[sound]`.
#[derive(Debug, Clone)]
pub struct Sound {
    /// The device's name; `default` is the system's.
    pub device: String,
    /// 0 is silent, 1 is as loud as the sound is.
    pub volume: f64,
    /// The chime: `chime-default`, `none`, or a WAV file.
    pub chime: String,
    /// Volumes by time of day, in place of `volume`; the first one that holds counts.
    pub hours: Vec<(Hours, f64)>,
    /// How a film's sound makes room for an announcement.
    pub duck: Duck,
}

/// `[sound] duck`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Duck {
    /// How much softer a film is, in dB; never above 0.
    pub db: f64,
    /// How long it takes to become so.
    pub down: Duration,
    /// How long it takes to come back.
    pub up: Duration,
}

/// `[voice]`.
#[derive(Debug, Clone)]
pub struct Voice {
    /// Each call is said in these, one after the other; empty: the chime alone.
    pub languages: Vec<Speaker>,
    /// What speaks first; what it cannot say, the other says.
    pub source: VoiceSource,
    /// How often each call is said.
    pub repeat: u8,
    /// How much may wait to be said; with more, calls are said shorter. At most 90 s: what is older is not spoken.
    pub backlog: Duration,
    /// Whether a priority ticket is announced before others that wait.
    pub priority_first: bool,
}

/// `[voice.id]`, `[voice.en]`.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// What is said.
    pub manner: Manner,
    /// The folder of the voice pack; `None`: the one that ships with papan.
    pub pack: Option<PathBuf>,
    /// espeak-ng's voice, such as `id` or `en-gb`.
    pub espeak: String,
    /// How fast espeak-ng speaks, in words a minute.
    pub speed: u32,
}

/// What speaks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VoiceSource {
    /// The clips of a voice pack.
    #[default]
    Pack,
    /// espeak-ng.
    Espeak,
}

/// `[film]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Film {
    /// GStreamer's decoders that must not be used, by their names there, such as `vah264dec`.
    pub forbid: Vec<String>,
}

/// `[editor]`: the editor over the running screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Editor {
    /// Whether F2 opens it; whoever reaches the screen's keyboard can then change what is shown.
    pub enabled: bool,
}

/// `[log]`: the play log.
#[derive(Debug, Clone)]
pub struct Log {
    /// Its folder; `None`: `log` in the state's directory.
    pub folder: Option<PathBuf>,
    /// How much of the disk it takes at the most, in MiB; the oldest goes first.
    pub megabytes: u32,
}

/// What was found in a `papan.toml`: what is good, and a list of problems.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What is good; a wrong value has its default.
    pub config: Config,
    /// The files that it names, for `check`.
    pub files: Vec<NamedFile>,
    /// What is wrong, in the order of the file's sections.
    pub problems: Vec<Problem>,
}

/// A file or folder that `papan.toml` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// What it is for.
    pub role: Role,
    /// Where it is.
    pub path: PathBuf,
    /// The line that names it.
    pub line: usize,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The header's mark.
    Logo,
    /// The queue server's token.
    Token,
    /// Certificates to trust.
    Authorities,
    /// A playlist's folder.
    Playlist,
    /// A theme.
    Theme,
    /// A chime.
    Chime,
    /// A voice pack's folder.
    Voice,
    /// The play log's folder.
    Log,
}

impl Config {
    /// Reads a `papan.toml`; relative paths in it are taken from its folder.
    ///
    /// # Errors
    /// Every problem in it, if there is any.
    pub fn read(path: &Path) -> Result<Self, Vec<Problem>> {
        let reading = Reading::read(path);
        if reading.problems.is_empty() { Ok(reading.config) } else { Err(reading.problems) }
    }
}

impl Voice {
    /// A voice that speaks one language, where the site says nothing else.
    pub fn new(language: Language) -> Self {
        Self {
            languages: vec![Speaker::new(language)],
            source: VoiceSource::default(),
            repeat: 1,
            backlog: Duration::from_secs(30),
            priority_first: false,
        }
    }

    /// What the site decides of the order of speech, with a chime of this length.
    pub fn rules(&self, chime: Duration) -> Rules {
        Rules {
            backlog: self.backlog,
            priority_first: self.priority_first,
            repeat: self.repeat,
            languages: u8::try_from(self.languages.len()).unwrap_or(u8::MAX),
            chime,
        }
    }
}

impl Speaker {
    /// A language as it is spoken where the site says nothing.
    pub fn new(language: Language) -> Self {
        let espeak = match language {
            Language::Indonesian => "id",
            Language::English => "en-gb",
        };
        Self { manner: Manner::new(language), pack: None, espeak: espeak.to_owned(), speed: 160 }
    }
}
