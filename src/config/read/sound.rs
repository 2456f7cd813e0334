//! `[sound]` of `papan.toml`: the device, how loud, the chime, and how a film makes room.
//! Invariant: a volume is from 0 to 1, and a film becomes softer at an announcement, never louder.

use std::time::Duration;

use super::{MAX_NAME, Reader, set};
use crate::{
    config::{CHIME_DEFAULT, CHIME_NONE, Duck, Role, Sound},
    domain::{daypart::Hours, visible::clean},
    written::{Table, Value},
};

pub(super) const KEYS: &[&str] = &["device", "volume", "chime", "hours", "duck"];
const HOURS_KEYS: &[&str] = &["hours", "volume"];
const HOURS_EXAMPLE: &str = "hours = [{ hours = [\"18:00-07:00\"], volume = 0.4 }]";
const DUCK_KEYS: &[&str] = &["db", "down_ms", "up_ms"];
const DUCK_EXAMPLE: &str = "duck = { db = -18, down_ms = 250, up_ms = 600 }";

impl Reader<'_> {
    pub(super) fn sound(&mut self, table: Table<'_>, sound: &mut Sound) {
        set(&mut sound.device, table.get("device").and_then(|v| v.text(MAX_NAME, "\"default\"")));
        set(&mut sound.volume, table.get("volume").and_then(|v| v.number(0.0..=1.0, "0.9")));
        set(&mut sound.chime, table.get("chime").and_then(|v| self.chime(v)));
        set(&mut sound.hours, table.get("hours").map(volumes));
        if let Some(table) = table.get("duck").and_then(|v| v.table(DUCK_KEYS, DUCK_EXAMPLE)) {
            duck(table, &mut sound.duck);
        }
    }

    fn chime(&mut self, value: Value<'_>) -> Option<String> {
        let name = value.text(4096, "\"chime-default\"")?;
        if name == CHIME_DEFAULT || name == CHIME_NONE {
            return Some(name);
        }
        if !name.to_lowercase().ends_with(".wav") {
            value.error(
                format!("`chime` tidak mengenal \"{name}\"; tulis \"chime-default\", \"none\", atau berkas WAV seperti \"nada.wav\""),
                format!("`chime` does not know \"{name}\"; write \"chime-default\", \"none\", or a WAV file such as \"chime.wav\""),
            );
            return None;
        }
        let path = self.file(Some(value), Role::Chime, "\"nada.wav\"")?;
        Some(path.to_string_lossy().into_owned())
    }
}

fn duck(table: Table<'_>, duck: &mut Duck) {
    let time = |key, example| {
        let ms = table.get(key).and_then(|v| v.whole(0..=5000, example));
        ms.map(|ms| Duration::from_millis(u64::from(ms)))
    };
    set(&mut duck.db, table.get("db").and_then(|v| v.number(-60.0..=0.0, "-18")));
    set(&mut duck.down, time("down_ms", "250"));
    set(&mut duck.up, time("up_ms", "600"));
}

/// The volumes by time of day, in the order in which they are written.
fn volumes(value: Value<'_>) -> Vec<(Hours, f64)> {
    let mut volumes = Vec::new();
    for one in value.list(HOURS_EXAMPLE).unwrap_or_default() {
        let Some(table) = one.table(HOURS_KEYS, HOURS_EXAMPLE) else { continue };
        let hours = table.need("hours", "[\"18:00-07:00\"]").map(hours).unwrap_or_default();
        let volume = table.need("volume", "0.4").and_then(|v| v.number(0.0..=1.0, "0.4"));
        volumes.extend(hours.into_iter().filter_map(|hours| Some((hours, volume?))));
    }
    volumes
}

/// A list of hours; each one that is wrong is a problem.
fn hours(value: Value<'_>) -> Vec<Hours> {
    const EXAMPLE: &str = "hours = [\"18:00-07:00\"]";
    let one = |value: Value<'_>| {
        let text = value.string("[\"18:00-07:00\"]")?;
        let hours = text.parse().ok();
        if hours.is_none() {
            let text = clean(text);
            value.error(
                format!("\"{text}\" bukan jam; tulis jam mulai dan jam selesai, misalnya: {EXAMPLE}"),
                format!("\"{text}\" says no hours; write when they begin and when they end, for example: {EXAMPLE}"),
            );
        }
        hours
    };
    let Some(list) = value.list(EXAMPLE) else { return Vec::new() };
    if list.is_empty() {
        value.error(
            format!("`hours` kosong, jadi tidak pernah berlaku; tulis misalnya: {EXAMPLE}"),
            format!("`hours` is empty, so that it never holds; write for example: {EXAMPLE}"),
        );
    }
    list.into_iter().filter_map(one).collect()
}
