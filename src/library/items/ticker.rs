//! `[[ticker]]`: the messages of the running text.
//! Invariant: the same text at different times is two messages; the same at the same times is one, and told.

use std::collections::HashMap;

use super::{Reader, airing, note};
use crate::{
    domain::{
        playlist::{List, Message, Off},
        visible::clean,
    },
    written::{Table, Value},
};

const KEYS: &[&str] = &["text", "enabled", "note", "when", "priority", "weight", "every"];
const TEXT: &str = "\"Jam layanan 08.00–16.00 WITA\"";
/// Of one message.
const MAX_TEXT: usize = 50_000;
/// The most messages.
const MAX_MESSAGES: usize = 10_000;
/// How much of a message is its name.
const NAME: usize = 60;

impl Reader<'_> {
    /// Reads the messages; those that are switched off go into `off`.
    pub(super) fn ticker(&self, value: Option<Value<'_>>, off: &mut Vec<Off>) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        let mut same: HashMap<String, Vec<usize>> = HashMap::new();
        let all = value.and_then(|v| v.list("[[ticker]]")).unwrap_or_default();
        for (entry, one) in all.into_iter().enumerate() {
            if messages.len() >= MAX_MESSAGES {
                one.error(
                    format!("teks berjalan lebih dari {MAX_MESSAGES} pesan; hapus sebagian"),
                    format!("the running text has more than {MAX_MESSAGES} messages; take some away"),
                );
                break;
            }
            let Some(table) = one.table(KEYS, "[[ticker]]") else { continue };
            note(&table);
            if table.get("enabled").is_some_and(|v| v.boolean() == Some(false)) {
                let name = table.get("text").and_then(|v| v.as_str()).map(name_of).unwrap_or_default();
                off.push(Off { name, list: List::Ticker, entry });
                continue;
            }
            let Some(message) = self.message(&table, entry) else { continue };
            let others = same.entry(message.text.clone()).or_default();
            if others.iter().any(|i| messages.get(*i).is_some_and(|m| m.airing.when == message.airing.when)) {
                self.source.warning(
                    table.get("text").map_or(table.line(), |v| v.line()),
                    "teks berjalan ini sudah ditulis di atas; hapus salah satunya",
                    "this running text is written above already; take one away",
                );
            } else {
                others.push(messages.len());
                messages.push(message);
            }
        }
        messages
    }

    fn message(&self, table: &Table<'_>, entry: usize) -> Option<Message> {
        let before = self.source.errors();
        let text = table.need("text", TEXT).and_then(|v| v.text(MAX_TEXT, TEXT));
        let airing = airing::read(self.source, table, "[ticker.when]", &self.named);
        let good = text.zip(airing).filter(|_| self.source.errors() == before);
        good.map(|(text, airing)| Message { text, entry, airing })
    }
}

/// A message as staff name it: how it begins.
fn name_of(text: &str) -> String {
    clean(text).chars().take(NAME).collect()
}
