//! `papan.toml`: read once, checked once; every error with file, line and what to write instead.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::tz::TimeZone;

use crate::{domain::layout::GridSpec, words::Language};

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
    /// The site's own layouts, by name.
    pub layouts: BTreeMap<String, GridSpec>,
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
    /// The file that holds the token; the environment's `PAPAN_QUEUE_TOKEN` wins over it.
    pub token_file: Option<PathBuf>,
    /// A PEM file with certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// This display's name to the server.
    pub display: String,
}

/// `[[screen]]`.
#[derive(Debug, Clone)]
pub struct Screen {
    /// The output's name; `None`: the only one.
    pub output: Option<String>,
    /// A layout's name; `None`: by the glass's shape.
    pub layout: Option<String>,
    /// Exact pixels of the output, for an LED processor; `None`: all of it.
    pub region: Option<Region>,
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
}
