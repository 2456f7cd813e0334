//! A rule of time said in a sentence, and when it comes next. Pure. Invariant: whatever is written is said, what is
//! not understood as it stands.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, Time, Weekday},
};

use super::{
    document::Written,
    rotation::{Rotation, day_name, weekday},
};
use crate::{domain::schedule::When, words::Language};

/// How far ahead the next time is looked for, in days.
const AHEAD: i64 = 400;

/// What a rule says: `Setiap Senin, setiap 4 minggu, 08.00–12.00, mulai 1 November 2026`.
pub fn of(rule: &Written, language: Language) -> String {
    let say = |id: &'static str, en: &'static str| match language {
        Language::Indonesian => id,
        Language::English => en,
    };
    if rule.is_always() {
        return say("Selalu tayang", "Always on air").to_owned();
    }
    let mut parts = Vec::new();
    let rotation = Rotation::read(&rule.rrule);
    let days = days(rule, language);
    match (&rotation, days.is_empty()) {
        (Rotation::None, true) => parts.push(say("Setiap hari", "Every day").to_owned()),
        (Rotation::None, false) => parts.push(format!("{} {days}", say("Setiap", "Every"))),
        (Rotation::Weeks(1), true) => parts.push(say("Setiap minggu", "Every week").to_owned()),
        (Rotation::Weeks(1), false) => parts.push(format!("{} {days}", say("Setiap", "Every"))),
        (Rotation::Weeks(number), _) => {
            // Counted from the first day on, whose weekday stands where none is chosen.
            let first = rule.from.parse::<Date>().ok().map(|date| language.day(date.weekday()).to_owned());
            let days = if days.is_empty() { first.unwrap_or_default() } else { days };
            parts.push(match language {
                Language::Indonesian => format!("Setiap {days} minggu ke-{number}").replace("  ", " "),
                Language::English => {
                    format!("Every {days} of each {} week", ordinal(*number)).replace("  ", " ")
                }
            });
        }
        (Rotation::MonthDay(-1), _) => {
            parts.push(say("Setiap hari terakhir bulan", "On the last day of each month").to_owned());
        }
        (Rotation::MonthDay(number), _) => {
            parts.push(format!("{} {number}", say("Setiap bulan pada tanggal", "Each month on day")));
        }
        (Rotation::MonthWeekday(number, day), _) => parts.push(match (number, language) {
            (-1, Language::Indonesian) => {
                format!("Setiap bulan pada {} terakhir", language.day(*day))
            }
            (_, Language::Indonesian) => format!("Setiap bulan pada {} ke-{number}", language.day(*day)),
            (-1, Language::English) => format!("Each month on the last {}", language.day(*day)),
            (_, Language::English) => {
                format!(
                    "Each month on the {} {}",
                    ordinal(u32::from(number.unsigned_abs())),
                    language.day(*day)
                )
            }
        }),
        (Rotation::Yearly, _) => {
            let on = rule.from.parse::<Date>().ok().map(|date| day_month(date, language));
            parts.push(format!("{} {}", say("Setiap tahun pada", "Each year on"), on.unwrap_or_default()));
        }
        (Rotation::Other(text), _) => {
            parts.push(format!("{} {text}", say("Menurut aturan", "By the rule")));
            if !days.is_empty() {
                parts.push(days);
            }
        }
    }
    parts.extend(rule.hours.iter().map(|hours| self::hours(hours, language)));
    let named = [
        (&rule.daypart, say("pada waktu", "during")),
        (&rule.not_daypart, say("kecuali waktu", "except during")),
        (&rule.calendar, say("hanya pada hari", "only on days of")),
        (&rule.not_calendar, say("kecuali hari", "except on days of")),
    ];
    for (names, words) in named {
        if !names.is_empty() {
            parts.push(format!("{words} {}", names.join(say(" atau ", " or "))));
        }
    }
    let date = |written: &str| {
        written.parse::<Date>().map_or_else(|_| written.to_owned(), |date| long(date, language))
    };
    match (rule.from.is_empty(), rule.until.is_empty()) {
        (true, true) => {}
        (false, true) => parts.push(format!("{} {}", say("mulai", "from"), date(&rule.from))),
        (true, false) => parts.push(format!("{} {}", say("sampai", "until"), date(&rule.until))),
        (false, false) if rule.from == rule.until => {
            parts.push(format!("{} {}", say("hanya pada", "on"), date(&rule.from)));
        }
        (false, false) => parts.push(format!(
            "{} {} {} {}",
            say("dari", "from"),
            date(&rule.from),
            say("sampai", "to"),
            date(&rule.until)
        )),
    }
    parts.join(", ")
}

fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn days(rule: &Written, language: Language) -> String {
    let name = |word: &String| weekday(word).map_or(word.clone(), |day| language.day(day).to_owned());
    let known: Vec<Option<Weekday>> = rule.days.iter().map(|word| weekday(word)).collect();
    let run: Vec<i8> = known.iter().flatten().map(|day| day.to_monday_zero_offset()).collect();
    let unbroken =
        run.len() == known.len() && run.len() > 2 && run.windows(2).all(|two| two[1] == two[0] + 1);
    let names: Vec<String> = rule.days.iter().map(name).collect();
    match (&names[..], unbroken) {
        ([first, .., last], true) => format!("{first}–{last}"),
        (names, _) => names.join(", "),
    }
}

fn hours(written: &str, language: Language) -> String {
    match language {
        Language::Indonesian => written.replace(':', ".").replace('-', "–"),
        Language::English => written.replace('-', "–"),
    }
}

/// A date as it is said: `1 November 2026`.
pub fn long(date: Date, language: Language) -> String {
    format!("{} {}", day_month(date, language), date.year())
}

fn day_month(date: Date, language: Language) -> String {
    let month = language.words().months[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {month}", date.day())
}

/// When a rule holds next, from a moment on, that moment included; `None` where it does not within a year or so.
pub fn next(when: &When, from: DateTime) -> Option<DateTime> {
    let from = DateTime::from_parts(from.date(), Time::constant(from.hour(), from.minute(), 0, 0));
    if when.holds(from) {
        return Some(from);
    }
    let begins = begins(when);
    (0..AHEAD).find_map(|ahead| {
        let date = from.date().checked_add(ahead.days()).ok()?;
        let moments = begins.iter().map(|time| DateTime::from_parts(date, *time));
        moments.filter(|at| *at > from && when.holds(*at)).min()
    })
}

/// Whether a rule holds at any time of a day.
pub fn holds_on(when: &When, date: Date) -> bool {
    begins(when).into_iter().any(|time| when.holds(DateTime::from_parts(date, time)))
}

/// The times of day at which a rule can begin to hold.
fn begins(when: &When) -> Vec<Time> {
    when.hours
        .iter()
        .chain(when.dayparts.iter().flat_map(|part| &part.hours))
        .map(|hours| hours.from)
        // Where something is excluded, what is left begins where that ends.
        .chain(when.not_dayparts.iter().flat_map(|part| &part.hours).map(|hours| hours.until))
        .chain([Time::midnight()])
        .collect()
}

/// Days of the week as they are written: those that were, in their words, and new ones in Indonesian; from Monday
/// on. None of them, or all: nothing is to be written.
pub fn days_written(before: &[String], chosen: &[Weekday]) -> Vec<String> {
    if chosen.len() == 7 {
        return Vec::new();
    }
    let known = |day: Weekday| before.iter().find(|word| weekday(word) == Some(day)).cloned();
    let days = Weekday::Monday.cycle_forward().take(7).filter(|day| chosen.contains(day));
    let strange = before.iter().filter(|word| weekday(word).is_none()).cloned();
    days.map(|day| known(day).unwrap_or_else(|| day_name(day).to_owned())).chain(strange).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::schedule::{Days, Recurrence};

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_rule_is_said_in_a_sentence() {
        let (id, en) = (Language::Indonesian, Language::English);
        let fourth = Written {
            days: texts(&["senin"]),
            hours: texts(&["08:00-12:00"]),
            from: "2026-11-01".into(),
            rrule: "FREQ=WEEKLY;INTERVAL=4".into(),
            ..Written::default()
        };
        assert_eq!(of(&fourth, id), "Setiap Senin minggu ke-4, 08.00–12.00, mulai 1 November 2026");
        assert_eq!(of(&fourth, en), "Every Monday of each 4th week, 08:00–12:00, from 1 November 2026");
        assert_eq!(of(&Written::default(), id), "Selalu tayang");
        let week = Written {
            days: texts(&["senin", "selasa", "wed", "kamis", "jumat"]),
            until: "2026-12-31".into(),
            not_calendar: texts(&["libur"]),
            ..Written::default()
        };
        assert_eq!(of(&week, id), "Setiap Senin–Jumat, kecuali hari libur, sampai 31 Desember 2026");
        let strange =
            Written { rrule: "FREQ=DAILY;COUNT=3".into(), days: texts(&["x"]), ..Written::default() };
        assert_eq!(of(&strange, id), "Menurut aturan FREQ=DAILY;COUNT=3, x");
    }

    #[test]
    fn the_next_time_is_found() {
        let monday = Days::default().with(Weekday::Monday);
        let rule = When {
            days: Some(monday),
            hours: vec!["08:00-12:00".parse().unwrap()],
            from: Some(date(2026, 11, 2)),
            recurrence: Some(
                Recurrence::new("FREQ=WEEKLY;INTERVAL=4", date(2026, 11, 2), Some(monday)).unwrap(),
            ),
            ..When::default()
        };
        assert_eq!(next(&rule, date(2026, 10, 1).at(9, 0, 0, 0)), Some(date(2026, 11, 2).at(8, 0, 0, 0)));
        assert_eq!(next(&rule, date(2026, 11, 2).at(9, 5, 3, 0)), Some(date(2026, 11, 2).at(9, 5, 0, 0)));
        assert_eq!(next(&rule, date(2026, 11, 2).at(12, 0, 0, 0)), Some(date(2026, 11, 30).at(8, 0, 0, 0)));
        let over = When { until: Some(date(2026, 1, 1)), ..When::default() };
        assert_eq!(next(&over, date(2026, 11, 2).at(12, 0, 0, 0)), None);
    }

    #[test]
    fn days_keep_the_words_they_have() {
        let before = texts(&["wed", "senin", "besok"]);
        let chosen = [Weekday::Wednesday, Weekday::Tuesday];
        assert_eq!(days_written(&before, &chosen), ["selasa", "wed", "besok"]);
        let all: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).collect();
        assert!(days_written(&before, &all).is_empty());
    }
}
