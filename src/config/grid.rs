//! `[layout.NAME]`: a site's own arrangement of zones.
//! Invariant: a grid that is returned fills the glass, and each zone in it is one rectangle.

use crate::{
    domain::{
        layout::{GridSpec, Track, Zone},
        visible::clean,
    },
    written::{Value, nearest},
};

const KEYS: &[&str] = &["columns", "rows", "areas"];
const COLUMNS: &str = "[0.5, 0.5]";
const ROWS: &str = "[\"9%\", \"1fr\", \"8%\"]";
const AREAS: &str = "[\"header header\", \"stage board\", \"ticker ticker\"]";
const ZONES: [(&str, Zone); 4] =
    [("header", Zone::Header), ("stage", Zone::Stage), ("board", Zone::Board), ("ticker", Zone::Ticker)];
/// The most columns, and the most rows.
const MAX_TRACKS: usize = 24;
/// Shares that people write as decimals need not add up to 1 exactly.
const TOLERANCE: f64 = 1e-6;

/// Reads one `[layout.NAME]`; `None`, with the problems noted, where it is wrong.
pub(super) fn read(value: Value<'_>) -> Option<GridSpec> {
    let table = value.table(KEYS, "[layout.lebar]")?;
    let columns = table.need("columns", COLUMNS).and_then(|v| tracks(v, COLUMNS));
    let rows = table.need("rows", ROWS).and_then(|v| tracks(v, ROWS));
    let value = table.need("areas", AREAS)?;
    let areas = areas(value);
    let (columns, rows, (areas, lines)) = (columns?, rows?, areas?);
    counts(value, &columns, &rows, &areas, &lines)?;
    rectangles(value, &areas)?;
    Some(GridSpec { columns, rows, areas })
}

fn tracks(value: Value<'_>, example: &str) -> Option<Vec<Track>> {
    let key = value.key();
    let values = value.list(&format!("{key} = {example}"))?;
    if values.is_empty() || values.len() > MAX_TRACKS {
        value.error(
            format!("`{key}` harus berisi 1 sampai {MAX_TRACKS} ukuran; tulis misalnya: {key} = {example}"),
            format!("`{key}` must hold 1 to {MAX_TRACKS} sizes; write for example: {key} = {example}"),
        );
        return None;
    }
    let read: Vec<Option<Track>> = values.iter().map(|v| track(*v)).collect();
    let tracks: Vec<Track> = read.into_iter().collect::<Option<_>>()?;
    let shares: f64 = tracks.iter().map(|t| if let Track::Share(s) = t { *s } else { 0.0 }).sum();
    let rest = tracks.iter().any(|t| matches!(t, Track::Rest(_)));
    let percent = (shares * 1000.0).round() / 10.0;
    if shares > 1.0 + TOLERANCE || (rest && shares > 1.0 - TOLERANCE) {
        value.error(
            format!("ukuran di `{key}` berjumlah {percent}%, tidak ada sisa; kecilkan sampai semuanya muat dalam 100%"),
            format!("the sizes in `{key}` add up to {percent}%, nothing is left; make them smaller until all fit in 100%"),
        );
        return None;
    }
    if !rest && shares < 1.0 - TOLERANCE {
        value.error(
            format!("ukuran di `{key}` hanya berjumlah {percent}%; tulis \"1fr\" pada bagian yang mengisi sisanya"),
            format!("the sizes in `{key}` add up to {percent}% only; write \"1fr\" for the one that fills the rest"),
        );
        return None;
    }
    Some(tracks)
}

fn track(value: Value<'_>) -> Option<Track> {
    let part = |text: &str| text.trim().parse::<f64>().ok();
    let track = match (value.as_number(), value.as_str()) {
        (Some(share), _) => Some(Track::Share(share)),
        (_, Some(text)) => match (text.strip_suffix('%'), text.strip_suffix("fr")) {
            (Some(percent), _) => part(percent).map(|p| Track::Share(p / 100.0)),
            (_, Some(rest)) => part(rest).map(Track::Rest),
            _ => None,
        },
        _ => None,
    };
    let good = track.filter(|t| match t {
        Track::Share(share) => *share > 0.0 && *share <= 1.0,
        Track::Rest(rest) => *rest > 0.0 && *rest <= 1000.0,
    });
    if good.is_none() {
        let key = value.key();
        value.error(
            format!("ukuran di `{key}` tidak dimengerti; tulis pecahan seperti 0.5, persen seperti \"9%\", atau sisa seperti \"1fr\""),
            format!("a size in `{key}` is not understood; write a fraction such as 0.5, a percentage such as \"9%\", or a rest such as \"1fr\""),
        );
    }
    good
}

type Areas = Vec<Vec<Option<Zone>>>;

/// The rows of zones, and the line of each.
fn areas<'a>(value: Value<'a>) -> Option<(Areas, Vec<Value<'a>>)> {
    let rows = value.list(&format!("areas = {AREAS}"))?;
    let read: Vec<Option<Vec<Option<Zone>>>> = rows.iter().map(|row| area_row(*row)).collect();
    Some((read.into_iter().collect::<Option<_>>()?, rows))
}

fn area_row(row: Value<'_>) -> Option<Vec<Option<Zone>>> {
    let cell = |word: &str| {
        if word == "." {
            return Some(None);
        }
        let zone = ZONES.iter().find(|(name, _)| *name == word).map(|(_, zone)| Some(*zone));
        if zone.is_none() {
            let (word, right) = (clean(word), nearest(word, ZONES.map(|(name, _)| name)).unwrap_or("stage"));
            row.error(
                format!("zona \"{word}\" tidak dikenal; tulis {right} (yang dikenal: header, stage, board, ticker, dan . untuk kosong)"),
                format!("unknown zone \"{word}\"; write {right} (known: header, stage, board, ticker, and . for empty)"),
            );
        }
        zone
    };
    let cells: Vec<Option<Option<Zone>>> =
        row.string("[\"header header\"]")?.split_whitespace().map(cell).collect();
    cells.into_iter().collect()
}

fn counts(
    value: Value<'_>,
    columns: &[Track],
    rows: &[Track],
    areas: &Areas,
    lines: &[Value<'_>],
) -> Option<()> {
    let mut good = true;
    if areas.len() != rows.len() {
        let (has, wants) = (areas.len(), rows.len());
        value.error(
            format!(
                "`areas` berisi {has} baris, padahal `rows` berisi {wants}; tulis {wants} teks di `areas`"
            ),
            format!("`areas` has {has} rows, yet `rows` has {wants}; write {wants} texts in `areas`"),
        );
        good = false;
    }
    for (cells, line) in areas.iter().zip(lines) {
        let (has, wants) = (cells.len(), columns.len());
        if has != wants {
            line.error(
                format!("baris ini berisi {has} zona, padahal `columns` berisi {wants}; tulis {wants} zona, . untuk yang kosong"),
                format!("this row has {has} zones, yet `columns` has {wants}; write {wants} zones, . for an empty one"),
            );
            good = false;
        }
    }
    good.then_some(())
}

fn rectangles(value: Value<'_>, areas: &Areas) -> Option<()> {
    let mut good = true;
    let mut any = false;
    for (name, zone) in ZONES {
        let cells: Vec<(usize, usize)> = areas
            .iter()
            .enumerate()
            .flat_map(|(y, row)| row.iter().enumerate().map(move |(x, cell)| (x, y, *cell)))
            .filter(|(_, _, cell)| *cell == Some(zone))
            .map(|(x, y, _)| (x, y))
            .collect();
        let span = |of: fn(&(usize, usize)) -> usize| {
            let (low, high) = (cells.iter().map(of).min()?, cells.iter().map(of).max()?);
            Some(high - low + 1)
        };
        let (Some(width), Some(height)) = (span(|c| c.0), span(|c| c.1)) else { continue };
        any = true;
        if width * height != cells.len() {
            value.error(
                format!("zona {name} bukan persegi panjang; tulis {name} pada sel-sel yang bersebelahan dan membentuk satu persegi panjang"),
                format!("the zone {name} is not a rectangle; write {name} in cells that lie side by side and make one rectangle"),
            );
            good = false;
        }
    }
    if !any {
        value.error(
            format!("`areas` tidak berisi satu zona pun; tulis misalnya: areas = {AREAS}"),
            format!("`areas` holds no zone at all; write for example: areas = {AREAS}"),
        );
        good = false;
    }
    good.then_some(())
}
