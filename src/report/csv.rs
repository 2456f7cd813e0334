//! The table: one row for each day and item, by RFC 4180, in UTF-8. Pure.
//! Invariant: whatever an item is named, a reader of CSV gets that name back.

use super::tally::Tally;

/// The first row: names that are the same in every language, so that programs can rely on them.
pub const HEADER: &str =
    "date,item,content,shown,complete,seconds,cut_schedule,cut_changed,cut_failed,cut_stopped,skipped";

/// The table of a report.
pub fn table(tally: &Tally) -> String {
    let mut text = format!("{HEADER}\r\n");
    for ((day, item), sum) in &tally.items {
        let [schedule, changed, failed, stopped] = sum.cut;
        let (name, content) = (field(&item.name), field(&item.content));
        let (shown, complete, skipped) = (sum.shown, sum.complete, sum.skipped);
        let (seconds, thousandths) = (sum.ms / 1_000, sum.ms % 1_000);
        text.push_str(&format!(
            "{day},{name},{content},{shown},{complete},{seconds}.{thousandths:03},{schedule},{changed},{failed},{stopped},{skipped}\r\n"
        ));
    }
    text
}

/// A field, in quotes where it needs them.
fn field(text: &str) -> String {
    let plain = !text.contains(['"', ',', '\r', '\n']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
