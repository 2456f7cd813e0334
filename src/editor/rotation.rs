//! A rotation as staff choose it, and as an RRULE. Pure. Invariant: a rule that the form cannot show is kept as it
//! is written.

use jiff::civil::Weekday;

/// On which days an item's turn is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rotation {
    /// No rotation: each week is its own.
    #[default]
    None,
    /// Each so many weeks, from the first day on.
    Weeks(u32),
    /// Each month on this day of it; -1 is the last.
    MonthDay(i8),
    /// Each month on the first, second, … of a day of the week; -1 is the last.
    MonthWeekday(i8, Weekday),
    /// Each year on the first day's date.
    Yearly,
    /// Any other RRULE.
    Other(String),
}

/// The days as RRULE names them, Monday first.
const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

impl Rotation {
    /// A rule as it is written.
    pub fn read(rule: &str) -> Self {
        let other = || Self::Other(rule.to_owned());
        let (mut kind, mut interval, mut day, mut month_day) = ("", 1, None, None);
        let upper = rule.trim().trim_end_matches(';').to_ascii_uppercase();
        if upper.is_empty() {
            return Self::None;
        }
        for part in upper.split(';') {
            let Some((key, value)) = part.split_once('=') else { return other() };
            match (key.trim(), value.trim()) {
                ("FREQ", "WEEKLY") => kind = "weekly",
                ("FREQ", "MONTHLY") => kind = "monthly",
                ("FREQ", "YEARLY") => kind = "yearly",
                ("INTERVAL", value) => match value.parse::<u32>() {
                    Ok(number) if number > 0 => interval = number,
                    _ => return other(),
                },
                ("BYMONTHDAY", value) => match value.parse::<i8>() {
                    Ok(number) if (1..=31).contains(&number) || number == -1 => month_day = Some(number),
                    _ => return other(),
                },
                ("BYDAY", value) => match nth(value) {
                    Some(found) => day = Some(found),
                    None => return other(),
                },
                _ => return other(),
            }
        }
        match (kind, interval, day, month_day) {
            ("weekly", interval, None, None) => Self::Weeks(interval),
            ("monthly", 1, None, Some(number)) => Self::MonthDay(number),
            ("monthly", 1, Some((number, day)), None) => Self::MonthWeekday(number, day),
            ("yearly", 1, None, None) => Self::Yearly,
            _ => other(),
        }
    }

    /// The rule as it is to be written; `None` where there is none.
    pub fn rule(&self) -> Option<String> {
        Some(match self {
            Self::None => return None,
            Self::Weeks(1) => "FREQ=WEEKLY".to_owned(),
            Self::Weeks(number) => format!("FREQ=WEEKLY;INTERVAL={number}"),
            Self::MonthDay(number) => format!("FREQ=MONTHLY;BYMONTHDAY={number}"),
            Self::MonthWeekday(number, day) => {
                let name = DAYS.iter().find(|(_, known)| known == day).map_or("MO", |(name, _)| name);
                format!("FREQ=MONTHLY;BYDAY={number}{name}")
            }
            Self::Yearly => "FREQ=YEARLY".to_owned(),
            Self::Other(rule) => rule.clone(),
        })
    }

    /// Whether the days of the week are still to be chosen beside it.
    pub fn has_days(&self) -> bool {
        matches!(self, Self::None | Self::Weeks(_) | Self::Other(_))
    }
}

/// `1MO`, `-1FR`.
fn nth(text: &str) -> Option<(i8, Weekday)> {
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let number = number.trim_start_matches('+').parse::<i8>().ok()?;
    let day = DAYS.iter().find(|(known, _)| *known == name)?.1;
    ((1..=4).contains(&number) || number == -1).then_some((number, day))
}

/// A day of the week by its name in Indonesian or English, short or in full.
pub fn weekday(written: &str) -> Option<Weekday> {
    const NAMES: [[&str; 3]; 7] = [
        ["senin", "monday", ""],
        ["selasa", "tuesday", ""],
        ["rabu", "wednesday", ""],
        ["kamis", "thursday", ""],
        ["jumat", "friday", "jum'at"],
        ["sabtu", "saturday", ""],
        ["minggu", "sunday", "ahad"],
    ];
    let word = written.trim().to_lowercase();
    let is = |name: &str| !name.is_empty() && name.starts_with(&word);
    let at = NAMES.iter().position(|names| names.iter().any(|name| is(name)))?;
    (word.len() >= 3).then(|| DAYS[at].1)
}

/// A day of the week as it is written.
pub fn day_name(day: Weekday) -> &'static str {
    ["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"]
        [usize::from(day.to_monday_zero_offset().unsigned_abs())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_shown_by_words_or_kept() {
        for (rule, rotation) in [
            ("FREQ=WEEKLY;INTERVAL=4", Rotation::Weeks(4)),
            ("FREQ=WEEKLY", Rotation::Weeks(1)),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", Rotation::MonthDay(-1)),
            ("FREQ=MONTHLY;BYDAY=-1FR", Rotation::MonthWeekday(-1, Weekday::Friday)),
            ("FREQ=MONTHLY;BYDAY=2TU", Rotation::MonthWeekday(2, Weekday::Tuesday)),
            ("FREQ=YEARLY", Rotation::Yearly),
        ] {
            assert_eq!(Rotation::read(rule), rotation);
            assert_eq!(rotation.rule().as_deref(), Some(rule));
        }
        assert_eq!(Rotation::read("interval=2; freq=weekly;"), Rotation::Weeks(2));
        for rule in [
            "FREQ=WEEKLY;COUNT=3",
            "FREQ=WEEKLY;BYDAY=MO,TU",
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1",
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;BYDAY=MO",
            "setiap senin",
            "FREQ=WEEKLY;INTERVAL=0",
            "FREQ=MONTHLY;BYDAY=é",
        ] {
            assert_eq!(Rotation::read(rule), Rotation::Other(rule.to_owned()));
            assert_eq!(Rotation::read(rule).rule().as_deref(), Some(rule));
        }
        assert_eq!((Rotation::read(""), Rotation::None.rule()), (Rotation::None, None));
    }

    #[test]
    fn days_have_their_names() {
        for (name, day) in [
            ("Senin", Weekday::Monday),
            ("sen", Weekday::Monday),
            ("ahad", Weekday::Sunday),
            ("Jum'at", Weekday::Friday),
            ("wed", Weekday::Wednesday),
        ] {
            assert_eq!(weekday(name), Some(day), "{name}");
        }
        assert_eq!([weekday("s"), weekday(""), weekday("libur")], [None; 3]);
        assert!(DAYS.iter().all(|(_, day)| weekday(day_name(*day)) == Some(*day)));
    }
}
