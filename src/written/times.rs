//! Days of the week and hours of the day, as people write them in TOML: `senin-jumat`, `08:00-12:00`.
//! Invariant: a list with anything wrong in it is no list: nothing holds by half of one.

use jiff::civil::Weekday;

use super::Value;
use crate::domain::{daypart::Hours, schedule::Days, visible::clean};

const DAYS: &str = "[\"senin\", \"selasa\"]";
/// Hours of the day as an example.
pub const HOURS: &str = "[\"08:00-12:00\"]";

/// The names of the days, in Indonesian and English, full and short.
const NAMES: [(&str, Weekday); 27] = [
    ("senin", Weekday::Monday),
    ("selasa", Weekday::Tuesday),
    ("rabu", Weekday::Wednesday),
    ("kamis", Weekday::Thursday),
    ("jumat", Weekday::Friday),
    ("sabtu", Weekday::Saturday),
    ("minggu", Weekday::Sunday),
    ("ahad", Weekday::Sunday),
    ("jum'at", Weekday::Friday),
    ("sen", Weekday::Monday),
    ("sel", Weekday::Tuesday),
    ("rab", Weekday::Wednesday),
    ("kam", Weekday::Thursday),
    ("jum", Weekday::Friday),
    ("sab", Weekday::Saturday),
    ("min", Weekday::Sunday),
    ("ahd", Weekday::Sunday),
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
    ("tues", Weekday::Tuesday),
    ("thur", Weekday::Thursday),
    ("thurs", Weekday::Thursday),
];

/// Days of the week: `senin`, `mon`, or from one to another: `senin-jumat`.
pub fn days(value: Value<'_>) -> Option<Days> {
    let mut days = Days::default();
    let mut good = true;
    for one in value.each(DAYS)? {
        match one.string(DAYS).map(|text| span(text).ok_or(text)) {
            Some(Ok((first, last))) => {
                let count = 1 + last.since(first);
                days = first.cycle_forward().take(count.unsigned_abs().into()).fold(days, Days::with);
            }
            Some(Err(text)) => {
                let (word, right) = (clean(text), near(text));
                one.error(
                    format!("`days` tidak mengenal hari \"{word}\"; tulis \"{right}\" (yang dikenal: senin, selasa, rabu, kamis, jumat, sabtu, minggu, atau senin-jumat)"),
                    format!("`days` does not know the day \"{word}\"; write \"{right}\" (known: senin to minggu, mon to sun, or mon-fri)"),
                );
                good = false;
            }
            None => good = false,
        }
    }
    good.then_some(days)
}

fn span(text: &str) -> Option<(Weekday, Weekday)> {
    match text.split_once(['-', '–']) {
        None => weekday(text).map(|day| (day, day)),
        Some((first, last)) => weekday(first).zip(weekday(last)),
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    let word = text.trim().to_lowercase().replace('’', "'");
    let named = NAMES.iter().find(|(name, _)| *name == word).map(|(_, day)| *day);
    // `mon`, `tue`: the English names' first three letters.
    let short = || NAMES[17..24].iter().find(|(name, _)| name[..3] == word).map(|(_, day)| *day);
    named.or_else(short)
}

/// The name of a day that is most like what was written.
fn near(text: &str) -> &'static str {
    let word = text.split(['-', '–', ',', ' ']).next().unwrap_or_default().trim();
    NAMES[..7]
        .iter()
        .chain(&NAMES[17..24])
        .map(|(name, _)| *name)
        .max_by(|a, b| {
            let like = |name: &str| strsim::jaro_winkler(&word.to_lowercase(), name);
            like(a).total_cmp(&like(b))
        })
        .unwrap_or("senin")
}

/// Hours of the day.
pub fn hours(value: Value<'_>) -> Option<Vec<Hours>> {
    let mut hours = Vec::new();
    let all = value.each(HOURS)?;
    let count = all.len();
    for one in all {
        let Some(text) = one.string(HOURS) else { continue };
        match text.parse::<Hours>() {
            Ok(these) => hours.push(these),
            Err(_) => {
                let (text, right) = (clean(text), mended(text));
                one.error(
                    format!("jam \"{text}\" tidak dimengerti; tulis jam:menit sampai jam:menit, misalnya \"{right}\""),
                    format!("the hours \"{text}\" are not understood; write hour:minute to hour:minute, for example \"{right}\""),
                );
            }
        }
    }
    (hours.len() == count).then_some(hours)
}

/// What somebody meant who wrote `8-12`.
fn mended(text: &str) -> String {
    let side = |text: &str| {
        let text = text.trim();
        let (hour, minute) = text.split_once([':', '.', ',']).unwrap_or((text, "00"));
        let (hour, minute) = (hour.trim().parse::<u8>().ok()?, minute.trim().parse::<u8>().ok()?);
        Some(format!("{hour:02}:{minute:02}"))
    };
    let both = text.split_once(['-', '–', '—']).and_then(|(a, b)| Some(format!("{}-{}", side(a)?, side(b)?)));
    both.filter(|both| both.parse::<Hours>().is_ok()).unwrap_or_else(|| "08:00-12:00".to_owned())
}
