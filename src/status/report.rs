//! What `papan status --json` says: names are stable, and units stand in them.
//! Invariant: nothing of it is a secret: no token, no user part or query of an address, no citizen's ticket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The form of the report; another number where a member's meaning changed.
pub const FORM: &str = "papan.status/1";

/// How the screen is, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The report's form, `papan.status/1`; members may be added to it, and none changes its meaning.
    pub form: String,
    /// Whether nothing is wrong: `problems` is empty.
    pub well: bool,
    /// The program's version.
    pub version: String,
    /// The machine's time, RFC 3339.
    pub time: String,
    /// How long the program has run.
    pub uptime_s: u64,
    /// Whether it started with board and running text alone, after several crashes.
    pub safe_mode: bool,
    /// What draws.
    pub renderer: Renderer,
    /// How long ago the drawing loop told this; more than a few seconds means that the picture stands still.
    pub answer_age_s: f64,
    /// The connection to the queue server.
    pub link: Link,
    /// The hall's data.
    pub data: Data,
    /// The screens, in the order of `papan.toml`.
    pub screens: Vec<Screen>,
    /// Sound.
    pub sound: Sound,
    /// What is wrong now.
    pub problems: Vec<Problem>,
    /// What happened since the start.
    pub totals: Totals,
    /// What the program takes of the machine.
    pub process: Process,
}

/// What draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Renderer {
    /// The CPU, in a window.
    #[default]
    Cpu,
    /// The GPU, in a window.
    Gpu,
    /// The CPU, into a PNG file: there is no window.
    File,
}

/// The connection to the queue server.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The server as `ws://HOST:PORT` or `wss://HOST:PORT`; null where none is followed.
    pub server: Option<String>,
    /// Whether it is the demo hall.
    pub demo: bool,
    /// Whether a connection stands and the hall's state came over it.
    pub connected: bool,
    /// How long it has been so.
    pub since_s: u64,
    /// The newest event's sequence; null before any.
    pub sequence: Option<u64>,
    /// Connections lost since the start.
    pub losses: u64,
    /// Messages ignored because they were wrong, since the start.
    pub rejected_messages: u64,
    /// Events of unknown type, since the start.
    pub unknown_events: u64,
}

/// The hall's data.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Data {
    /// Whether what is shown is still true.
    pub freshness: Freshness,
    /// How long ago it was last known to be true: 0 while it is live; null before any.
    pub age_s: Option<f64>,
}

/// Whether what is shown is still true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// No state was ever known.
    #[default]
    Waiting,
    /// The queue server says it now.
    Live,
    /// Cut off.
    Stale,
}

/// One screen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Screen {
    /// What staff call it: its output as in `papan.toml`, or its number.
    pub name: String,
    /// The output that it is on; null where that is not there, or there are no outputs.
    pub output: Option<String>,
    /// Width in pixels of the window; 0 where it is not shown.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// How often it is refreshed.
    pub refresh_hz: f64,
    /// Whether it is black by its hours (`on`).
    #[serde(default)]
    pub dark: bool,
    /// The item on the stage, as staff name it.
    pub playing: String,
    /// Frames in the last whole second, of all screens together; a still picture has few or none.
    pub frames_per_s: f64,
    /// Refreshes that passed without the frame that was wanted, of all screens together, since the start.
    pub dropped_frames: u64,
    /// The same in the last minute.
    pub dropped_frames_last_minute: u64,
}

/// Sound.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Sound {
    /// Whether there is a device.
    pub device: Device,
    /// The volume now, 0 to 1.
    pub volume: f64,
    /// Whether something is announced at this moment.
    pub speaking: bool,
    /// How many calls and notices wait to be announced.
    pub backlog: u64,
}

/// Whether there is a sound device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// The site wants no sound.
    #[default]
    Off,
    /// There is none now.
    Away,
    /// It takes sound.
    Ready,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// What it is about, such as `link`, `playlist` or `sound`.
    pub of: String,
    /// What is wrong and what to do, in the hall's language.
    pub text: String,
    /// Since when, RFC 3339.
    pub since: String,
}

/// What happened since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// Frames that came onto the glass.
    pub frames: u64,
    /// Refreshes that passed without the frame that was wanted.
    pub dropped_frames: u64,
    /// Calls that came.
    pub calls: u64,
    /// What became of calls and notices.
    pub announcements: Announcements,
}

/// What became of calls and notices that were to be announced.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Announcements {
    /// Heard to the end.
    pub spoken: u64,
    /// Waited too long.
    pub too_old: u64,
    /// There was no sound device.
    pub no_device: u64,
    /// Finished or called elsewhere, or cleared, before its turn.
    pub withdrawn: u64,
    /// Called again before its turn: that call counts.
    pub merged: u64,
    /// Too much waited.
    pub backlog: u64,
    /// The site wants no sound.
    pub off: u64,
    /// Its sound broke off.
    pub failed: u64,
}

impl Announcements {
    /// Each outcome by its name, as in the report.
    pub fn outcomes(&self) -> [(&'static str, u64); 8] {
        [
            ("spoken", self.spoken),
            ("too_old", self.too_old),
            ("no_device", self.no_device),
            ("withdrawn", self.withdrawn),
            ("merged", self.merged),
            ("backlog", self.backlog),
            ("off", self.off),
            ("failed", self.failed),
        ]
    }
}

/// What the program takes of the machine; null where the system does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Process {
    /// Memory of the program and its film processes, what they share counted once (PSS).
    pub memory_bytes: Option<u64>,
    /// Film processes.
    pub film_processes: u64,
    /// Open files of the program.
    pub open_files: Option<u64>,
    /// Threads of the program.
    pub threads: Option<u64>,
    /// Bytes given to the disk since the start.
    pub written_bytes: Option<u64>,
    /// The same a day, at the pace since the start; null in the first ten minutes.
    pub written_bytes_per_day: Option<u64>,
}

/// The JSON Schema of [`Report`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
