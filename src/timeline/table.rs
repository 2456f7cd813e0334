//! The timeline for people: a table for each day.
//! Invariant: every minute of a day stands in one row.

use std::{
    io::{self, Write},
    time::Duration,
};

use jiff::{Timestamp, Zoned, civil::Time};

use super::{Plan, kind};
use crate::{
    domain::{
        playlist::{Content, DEFAULT_DURATION, PlaylistItem},
        schedule::Programme,
        visible::clean,
    },
    words::Language,
};

/// The most items of one row that are named; the others are counted.
const MOST: usize = 40;
/// The longest name, in characters.
const NAME: usize = 48;

pub(super) fn write(plan: &Plan<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut told = None;
    for (number, (_, from, until)) in plan.windows().into_iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", heading(plan, from))?;
        let mut reached = from;
        for stretch in plan.stretches(from, until) {
            writeln!(out, "  {}", span(plan, from, stretch.from, stretch.until))?;
            reached = stretch.until;
            // The same as on the day before is not written again.
            if told.as_ref() == Some(&stretch.programme) {
                writeln!(out, "    {}", id_en(plan, "sama dengan sebelumnya", "the same as before"))?;
            } else {
                programme(plan, &stretch.programme, out)?;
            }
            told = Some(stretch.programme);
        }
        if reached < until {
            writeln!(
                out,
                "  {}",
                id_en(
                    plan,
                    "sisanya tidak dihitung: terlalu sering berganti",
                    "the rest is left out: it changes too often"
                )
            )?;
        }
    }
    Ok(())
}

fn id_en<'a>(plan: &Plan<'_>, id: &'a str, en: &'a str) -> &'a str {
    match plan.language {
        Language::Indonesian => id,
        Language::English => en,
    }
}

/// The day with the name of its time zone.
pub(super) fn heading(plan: &Plan<'_>, at: Timestamp) -> String {
    let at = at.to_zoned(plan.zone.clone());
    let zone = plan.zone.iana_name().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{zone}", plan.language.date(&at))
}

/// From when until when, of a day that begins at `day`.
pub(super) fn span(plan: &Plan<'_>, day: Timestamp, from: Timestamp, until: Timestamp) -> String {
    let zoned = |at: Timestamp| at.to_zoned(plan.zone.clone());
    let (day, from, until) = (zoned(day), zoned(from), zoned(until));
    // Where the clock is set, an hour may come twice.
    let set = day.start_of_day().is_ok_and(|day| day.offset() != until.offset());
    let time = |at: &Zoned| {
        let zone = if set { format!(" ({})", at.strftime("%:z")) } else { String::new() };
        format!("{}{zone}", plan.language.time(at))
    };
    // A day ends at 24 o'clock, not at 0 of the next one.
    let end = if until.time() == Time::midnight() && until.date() > from.date() {
        format!("24{}00", separator(plan.language))
    } else {
        time(&until)
    };
    format!("{}–{end}", time(&from))
}

fn separator(language: Language) -> char {
    match language {
        Language::Indonesian => '.',
        Language::English => ':',
    }
}

fn programme(plan: &Plan<'_>, programme: &Programme, out: &mut impl Write) -> io::Result<()> {
    let playlist = plan.playlist;
    if programme.items.is_empty() {
        let what = if programme.fallback.is_empty() {
            id_en(plan, "tidak ada butir: kartu dengan nama aula", "no item: the card with the hall's name")
        } else {
            id_en(plan, "tidak ada butir: cadangan (fallback) tampil", "no item: the fallback is shown")
        };
        writeln!(out, "    {what}")?;
        let fallback = programme.fallback.iter().filter_map(|i| playlist.fallback.get(*i));
        rows(plan, fallback, false, out)?;
    } else {
        rows(plan, programme.items.iter().filter_map(|i| playlist.items.get(*i)), true, out)?;
    }
    for message in programme.ticker.iter().filter_map(|i| playlist.ticker.get(*i)).take(MOST) {
        writeln!(
            out,
            "    {}: {}",
            id_en(plan, "teks berjalan", "running text"),
            short(&message.text, NAME * 2)
        )?;
    }
    let more = programme.ticker.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "    {}", rest(plan, more))?;
    }
    Ok(())
}

fn rest(plan: &Plan<'_>, more: usize) -> String {
    match plan.language {
        Language::Indonesian => format!("… dan {more} lagi"),
        Language::English => format!("… and {more} more"),
    }
}

fn rows<'i>(
    plan: &Plan<'_>,
    items: impl Iterator<Item = &'i PlaylistItem>,
    numbered: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let items: Vec<&PlaylistItem> = items.collect();
    let shown = items.get(..MOST).unwrap_or(&items);
    let width = shown.iter().map(|item| short(&item.name, NAME).chars().count()).max().unwrap_or(0);
    for item in shown {
        let number = if numbered { (item.entry + 1).to_string() } else { "-".to_owned() };
        let name = short(&item.name, NAME);
        let row = format!(
            "    {number:>3}  {name:<width$}  {:<8}  {:<10}  {}",
            kind_name(plan.language, item),
            length(plan.language, item),
            how_often(plan.language, item)
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    match items.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(out, "    {}", rest(plan, more)),
    }
}

/// A text that is cut where it is too long.
pub(super) fn short(text: &str, most: usize) -> String {
    let text = clean(text);
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn kind_name(language: Language, item: &PlaylistItem) -> &'static str {
    match (language, kind(&item.content)) {
        (Language::Indonesian, "page") => "halaman",
        (Language::Indonesian, "image") => "gambar",
        (Language::English, "image") => "picture",
        (Language::Indonesian, "card") => "kartu",
        (Language::Indonesian, "qr") => "kode QR",
        (Language::English, "qr") => "QR code",
        (Language::Indonesian, "survey") => "survei",
        (_, kind) => kind,
    }
}

fn length(language: Language, item: &PlaylistItem) -> String {
    let seconds = |length: Duration| {
        let (minutes, seconds) = (length.as_secs() / 60, length.as_secs() % 60);
        match (language, minutes, seconds) {
            (Language::Indonesian, 0, s) => format!("{s} dtk"),
            (Language::English, 0, s) => format!("{s} s"),
            (Language::Indonesian, m, 0) => format!("{m} mnt"),
            (Language::English, m, 0) => format!("{m} min"),
            (Language::Indonesian, m, s) => format!("{m} mnt {s} dtk"),
            (Language::English, m, s) => format!("{m} min {s} s"),
        }
    };
    match (item.duration, &item.content, language) {
        (Some(length), ..) => seconds(length),
        (None, Content::Film(_), Language::Indonesian) => "sepanjang film".to_owned(),
        (None, Content::Film(_), Language::English) => "the film's own".to_owned(),
        (None, ..) => seconds(DEFAULT_DURATION),
    }
}

fn how_often(language: Language, item: &PlaylistItem) -> String {
    let survey = matches!(item.content, Content::Survey { .. });
    let often = match (item.airing.every, item.airing.weight, language) {
        (Some(n), _, Language::Indonesian) => format!("setiap {n} butir"),
        (Some(n), _, Language::English) => format!("after each {n} items"),
        (None, 0 | 1, _) => String::new(),
        (None, n, Language::Indonesian) => format!("{n} kali seputaran"),
        (None, n, Language::English) => format!("{n} times a round"),
    };
    let data = match (survey, language) {
        (false, _) => "",
        (true, Language::Indonesian) => "bila ada jawaban hari itu",
        (true, Language::English) => "where there are answers that day",
    };
    [often.as_str(), data].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
