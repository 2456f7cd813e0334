//! What entries are, how long and when, in a few words. Pure. Invariant: no more words than fit under a name.

use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};

use crate::{
    domain::{
        playlist::{Content, DEFAULT_DURATION, PlaylistItem},
        schedule::{Days, When},
    },
    editor::document::Kind,
    words::Language,
};

/// Indonesian or English.
pub fn say<'w>(language: Language, id: &'w str, en: &'w str) -> &'w str {
    match language {
        Language::Indonesian => id,
        Language::English => en,
    }
}

/// A kind by its name.
pub fn kind(kind: Kind, language: Language) -> &'static str {
    let (id, en) = match kind {
        Kind::Page => ("Halaman", "Page"),
        Kind::Image => ("Gambar", "Picture"),
        Kind::Film => ("Film", "Film"),
        Kind::Card => ("Kartu", "Card"),
        Kind::Qr => ("Kode QR", "QR code"),
        Kind::Survey => ("Survei", "Survey"),
        Kind::Message => ("Teks berjalan", "Running text"),
        Kind::Unknown => ("Tidak dikenal", "Unknown"),
    };
    say(language, id, en)
}

/// How long an item stays: `20 dtk`, `1 mnt 30 dtk`, `selama filmnya`.
pub fn length(item: &PlaylistItem, language: Language) -> String {
    match (item.duration, &item.content) {
        (Some(duration), _) => duration_of(duration, language),
        (None, Content::Film(_)) => say(language, "selama filmnya", "as long as the film").to_owned(),
        (None, _) => duration_of(DEFAULT_DURATION, language),
    }
}

/// A duration: `20 dtk`, `1 mnt 30 dtk`.
pub fn duration_of(duration: Duration, language: Language) -> String {
    let (minutes, seconds) = (duration.as_secs() / 60, duration.as_secs() % 60);
    let (minute, second) = (say(language, "mnt", "min"), say(language, "dtk", "s"));
    match (minutes, seconds) {
        (0, _) => format!("{seconds} {second}"),
        (_, 0) => format!("{minutes} {minute}"),
        _ => format!("{minutes} {minute} {seconds} {second}"),
    }
}

/// When something is on air: `Sen–Jum · 08.00–12.00 · s.d. 31 Des`.
pub fn when(when: &When, language: Language) -> String {
    let mut parts = Vec::new();
    if let Some(rule) = &when.recurrence {
        let every = rule.text().split(';').find_map(|part| part.trim().strip_prefix("INTERVAL="));
        let text = rule.text().to_ascii_uppercase();
        let unit = match () {
            () if text.contains("FREQ=WEEKLY") => say(language, "minggu", "weeks"),
            () if text.contains("FREQ=MONTHLY") => say(language, "bulan", "months"),
            () if text.contains("FREQ=DAILY") => say(language, "hari", "days"),
            () => "",
        };
        parts.push(match (every, unit) {
            (Some(every), unit) if !unit.is_empty() && every != "1" => {
                format!("{} {every} {unit}", say(language, "tiap", "every"))
            }
            _ => say(language, "bergilir", "by turns").to_owned(),
        });
    }
    if let Some(days) = when.days {
        parts.push(self::days(days, language));
    }
    parts.extend(when.hours.iter().map(|hours| {
        let until =
            if hours.until == Time::midnight() { "24".to_owned() } else { clock(hours.until, language) };
        format!("{}–{until}", clock(hours.from, language))
    }));
    parts.extend(when.dayparts.iter().map(|part| part.name.clone()));
    let except = |name: &str| format!("{} {name}", say(language, "bukan", "not"));
    parts.extend(when.not_dayparts.iter().map(|part| except(&part.name)));
    parts.extend(when.calendars.iter().map(|calendar| calendar.name().to_owned()));
    parts.extend(when.not_calendars.iter().map(|calendar| except(calendar.name())));
    match (when.from, when.until) {
        (Some(from), Some(until)) if from == until => parts.push(date(from, language)),
        (Some(from), Some(until)) => {
            parts.push(format!("{}–{}", date(from, language), date(until, language)))
        }
        (Some(from), None) => {
            parts.push(format!("{} {}", say(language, "mulai", "from"), date(from, language)))
        }
        (None, Some(until)) => {
            parts.push(format!("{} {}", say(language, "s.d.", "until"), date(until, language)))
        }
        (None, None) => {}
    }
    match parts.is_empty() {
        true => say(language, "selalu", "always").to_owned(),
        false => parts.join(" · "),
    }
}

/// Days of the week, runs of three and more as such: `Sen–Jum`, `Sel, Kam`.
fn days(days: Days, language: Language) -> String {
    let name = |day: Weekday| language.day(day).chars().take(3).collect::<String>();
    let all: Vec<Weekday> = days.iter().collect();
    let runs = all.chunk_by(|a, b| b.to_monday_zero_offset() == a.to_monday_zero_offset() + 1);
    let told = runs.map(|run| match run {
        [first, _, .., last] => format!("{}–{}", name(*first), name(*last)),
        few => few.iter().map(|day| name(*day)).collect::<Vec<_>>().join(", "),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// A date without its year: `31 Des`.
pub fn date(date: Date, language: Language) -> String {
    let month = language.words().months[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {}", date.day(), month.chars().take(3).collect::<String>())
}

/// A time of day: `08.00` or `08:00`.
pub fn clock(time: Time, language: Language) -> String {
    format!("{:02}{}{:02}", time.hour(), say(language, ".", ":"), time.minute())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::schedule::{Calendar, Recurrence};

    const ID: Language = Language::Indonesian;

    #[test]
    fn a_rule_is_told_in_a_few_words() {
        let week = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Friday];
        let days = week.into_iter().fold(Days::default(), Days::with);
        let first = jiff::civil::date(2026, 11, 2);
        let rule = When {
            days: Some(days),
            hours: vec!["08:00-12:00".parse().unwrap(), "18:00-24:00".parse().unwrap()],
            until: Some(jiff::civil::date(2026, 12, 31)),
            recurrence: Some(Recurrence::new("FREQ=WEEKLY;INTERVAL=4", first, None).unwrap()),
            not_calendars: vec![Arc::new(Calendar::new("libur".into(), Vec::new(), Vec::new()))],
            ..When::default()
        };
        assert_eq!(
            when(&rule, ID),
            "tiap 4 minggu · Sen–Rab, Jum · 08.00–12.00 · 18.00–24 · bukan libur · s.d. 31 Des"
        );
        assert_eq!(when(&When::default(), Language::English), "always");
    }

    #[test]
    fn a_length_is_told_as_people_say_it() {
        let of = |seconds| duration_of(Duration::from_secs(seconds), ID);
        assert_eq!([of(20), of(60), of(90)], ["20 dtk", "1 mnt", "1 mnt 30 dtk"]);
    }
}
