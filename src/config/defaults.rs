//! What holds where `papan.toml` says nothing. Invariant: an empty file is a config that shows a hall.

use std::collections::BTreeMap;

use jiff::tz::{self, TimeZone};

use super::{
    CHIME_DEFAULT, Cec, Config, Duck, Editor, Film, Hall, Log, Metrics, Queue, Screen, Sound, Voice,
};
use crate::{domain::lighting::Lighting, picture::turn::Turn, words::Language};

impl Default for Config {
    fn default() -> Self {
        Self {
            hall: Hall::default(),
            queue: Queue::default(),
            screens: vec![Screen::default()],
            sound: Sound::default(),
            voice: Voice::default(),
            film: Film::default(),
            editor: Editor::default(),
            log: Log::default(),
            metrics: Metrics::default(),
            warnings: Vec::new(),
            layouts: BTreeMap::new(),
            safe: false,
            silent: false,
        }
    }
}

impl Default for Hall {
    fn default() -> Self {
        Self {
            name: "Mal Pelayanan Publik".to_owned(),
            organization: String::new(),
            logo: None,
            // The zones' data are built in; WITA has never had summer time, so the offset says the same.
            timezone: TimeZone::get("Asia/Makassar").unwrap_or_else(|_| TimeZone::fixed(tz::offset(8))),
            language: Language::default(),
        }
    }
}

impl Default for Queue {
    fn default() -> Self {
        Self { url: None, token_file: None, ca_file: None, display: "papan".to_owned() }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            output: None,
            layout: None,
            region: None,
            rotation: Turn::None,
            sound: None,
            playlist: None,
            theme: None,
            height_mm: None,
            viewing_distance_m: None,
            reduce_motion: false,
            ticker_words_per_second: 3.0,
            lighting: Lighting::default(),
            cec: Cec::default(),
        }
    }
}

impl Default for Sound {
    fn default() -> Self {
        Self {
            device: "default".to_owned(),
            volume: 0.9,
            chime: CHIME_DEFAULT.to_owned(),
            hours: Vec::new(),
            duck: Duck::default(),
        }
    }
}

impl Default for Voice {
    fn default() -> Self {
        Self::new(Language::default())
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { folder: None, megabytes: 256 }
    }
}
