//! `on`, `dim`, `brightness` and `cec` of `[[screen]]`: when a screen is lit, how brightly, and what it switches.
//! Invariant: a rule with anything wrong in it is no rule; a screen is never off or dark by half of one.

use std::path::Path;

use super::set;
use crate::{
    config::Cec,
    domain::{
        daypart::Hours,
        lighting::Lighting,
        schedule::{Days, When},
        visible::clean,
    },
    written::{Table, Value, times},
};

const ON_KEYS: &[&str] = &["hours", "days"];
const DIM_KEYS: &[&str] = &["hours", "days", "brightness"];
const ON: &str = "[\"07:00-17:30\"]";
const ON_EXAMPLE: &str = "on = [\"07:00-17:30\"]";
const ON_TABLE: &str = "on = [{ days = [\"senin-jumat\"], hours = [\"07:00-17:30\"] }]";
const DIM: &str = "[{ hours = [\"18:00-22:00\"], brightness = 0.4 }]";
const DIM_EXAMPLE: &str = "dim = [{ hours = [\"18:00-22:00\"], brightness = 0.4 }]";
const CEC_EXAMPLE: &str = "\"/dev/cec0\"";
/// The darkest that a screen that is on can be, as a share of its light; below it nothing is read any more.
const DARKEST: f64 = 0.01;
/// The most rules of one screen.
const MOST: usize = 100;

/// Reads when a screen is on, and how bright.
pub(super) fn lighting(table: Table<'_>) -> Lighting {
    let on = table.get("on").map(on).unwrap_or_default();
    let dim = table.get("dim").map(dim).unwrap_or_default();
    let mut lighting = Lighting { on, dim, ..Lighting::default() };
    set(&mut lighting.brightness, table.get("brightness").and_then(brightness));
    lighting
}

/// Reads which adapters tell the television.
pub(super) fn cec(value: Value<'_>) -> Option<Cec> {
    if let Some(path) = value.as_str() {
        if !path.starts_with('/') || path.contains(char::is_control) || Path::new(path).file_name().is_none()
        {
            let path = clean(path);
            value.error(
                format!("`cec` tidak mengenal \"{path}\"; tulis cec = true (perangkat dicari sendiri), cec = false, atau perangkatnya: cec = {CEC_EXAMPLE}"),
                format!("`cec` does not know \"{path}\"; write cec = true (the device is found), cec = false, or the device: cec = {CEC_EXAMPLE}"),
            );
            return None;
        }
        return Some(Cec::Device(path.into()));
    }
    value.boolean().map(|yes| if yes { Cec::Found } else { Cec::No })
}

/// Several rules, or one in their place; `None` and a problem where there are none or too many.
fn rules<'a>(value: Value<'a>, example: &str) -> Option<Vec<Value<'a>>> {
    let all = value.each(example)?;
    if all.len() > MOST {
        let (key, count) = (value.key(), all.len());
        value.error(
            format!("`{key}` berisi {count} aturan; tulis paling banyak {MOST}"),
            format!("`{key}` holds {count} rules; write at most {MOST}"),
        );
        return None;
    }
    Some(all)
}

/// When a screen is on: hours of every day, or tables with days and hours.
fn on(value: Value<'_>) -> Vec<When> {
    let one = |one: Value<'_>| {
        if one.is_table() {
            return when(&one.table(ON_KEYS, ON_TABLE)?, ON_TABLE);
        }
        let text = one.string(ON)?;
        let hours = text.parse::<Hours>().ok();
        if hours.is_none() {
            // The same words as for all other hours.
            times::hours(one)?;
        }
        Some(When { hours: vec![hours?], ..When::default() })
    };
    rules(value, ON).unwrap_or_default().into_iter().filter_map(one).collect()
}

/// How bright a screen is by time of day, in the order in which it is written.
fn dim(value: Value<'_>) -> Vec<(When, f64)> {
    let one = |one: Value<'_>| {
        let table = one.table(DIM_KEYS, DIM_EXAMPLE)?;
        let when = when(&table, DIM_EXAMPLE);
        let brightness = table.need("brightness", "0.4").and_then(brightness);
        Some((when?, brightness?))
    };
    rules(value, DIM).unwrap_or_default().into_iter().filter_map(one).collect()
}

/// Days and hours; one of them has to be there.
fn when(table: &Table<'_>, example: &str) -> Option<When> {
    let (days, hours) = (table.get("days"), table.get("hours"));
    if days.is_none() && hours.is_none() {
        table.error(
            format!("belum ada `hours` atau `days` di sini; tulis misalnya: {example}"),
            format!("neither `hours` nor `days` is here; write for example: {example}"),
        );
        return None;
    }
    let days: Option<Option<Days>> = days.map(times::days);
    let hours: Option<Option<Vec<Hours>>> = hours.map(times::hours);
    // What is there and wrong makes the whole rule wrong.
    if matches!(days, Some(None)) || matches!(hours, Some(None)) {
        return None;
    }
    Some(When { days: days.flatten(), hours: hours.flatten().unwrap_or_default(), ..When::default() })
}

/// A share of a screen's light.
fn brightness(value: Value<'_>) -> Option<f64> {
    if value.as_number() == Some(0.0) {
        value.error(
            format!("`brightness` 0 berarti layar gelap; tulis jam menyalanya saja: {ON_EXAMPLE}"),
            format!("`brightness` 0 is a dark screen; write when it is on instead: {ON_EXAMPLE}"),
        );
        return None;
    }
    value.number(DARKEST..=1.0, "0.4")
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;

    use crate::config::{Cec, Reading};

    fn read(text: &str) -> Reading {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("papan.toml");
        std::fs::write(&path, format!("[[screen]]\n{text}\n")).unwrap();
        Reading::read(&path)
    }

    fn levels(text: &str, times: &[&str]) -> Vec<u8> {
        let reading = read(text);
        assert_eq!(reading.problems, [], "{text}");
        let level = |time: &&str| reading.config.screens[0].lighting.level(time.parse::<DateTime>().unwrap());
        times.iter().map(level).collect()
    }

    #[test]
    fn hours_are_written_alone_or_with_days() {
        // The 21st is a Saturday.
        let times = ["2026-11-20T07:00", "2026-11-20T17:30", "2026-11-21T07:00", "2026-11-21T11:59"];
        for (text, right) in [
            ("", [255, 255, 255, 255]),
            ("on = [\"07:00-17:30\"]", [255, 0, 255, 255]),
            ("on = \"07.00-17.30\"", [255, 0, 255, 255]),
            (
                "on = [{ days = [\"senin-jumat\"], hours = [\"07:00-17:30\"] }, { days = [\"sabtu\"], hours = [\"08:00-12:00\"] }]",
                [255, 0, 0, 255],
            ),
            ("[[screen.on]]\ndays = [\"mon-fri\"]", [255, 255, 0, 0]),
            ("brightness = 0.4", [168; 4]),
            ("[[screen.dim]]\nhours = [\"11:00-22:00\"]\nbrightness = 0.4", [255, 168, 255, 168]),
        ] {
            assert_eq!(levels(text, &times), right, "{text}");
        }
    }

    #[test]
    fn a_television_is_told_only_where_the_config_says_so() {
        for (text, right) in [
            ("", Cec::No),
            ("cec = false", Cec::No),
            ("cec = true", Cec::Found),
            ("cec = \"/dev/cec1\"", Cec::Device("/dev/cec1".into())),
        ] {
            let reading = read(text);
            assert_eq!((reading.problems.len(), &reading.config.screens[0].cec), (0, &right), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_the_screen_stays_lit() {
        for text in [
            "on = []",
            "on = 7",
            "on = [\"7-17\"]",
            "on = [{ hours = [\"7\"] }]",
            "on = [{ days = [\"snin\"] }]",
            "on = [{}]",
            "on = [{ jam = [\"07:00-17:00\"] }]",
            "dim = [{ hours = [\"18:00-22:00\"] }]",
            "dim = [{ hours = [\"18:00-22:00\"], brightness = 0 }]",
            "dim = [{ hours = [\"18:00-22:00\"], brightness = 40 }]",
            "dim = [{ brightness = 0.4 }]",
            "dim = 0.4",
            "brightness = 0",
            "brightness = nan",
            "cec = \"cec0\"",
            "cec = 1",
        ] {
            let reading = read(text);
            assert!(!reading.problems.is_empty(), "{text}");
            assert!(reading.problems.iter().all(|p| p.line == Some(2) && p.id != p.en), "{text}");
            let screen = &reading.config.screens[0];
            assert_eq!(screen.lighting, Default::default(), "{text}");
            assert_eq!(screen.cec, Cec::No, "{text}");
        }
    }
}
