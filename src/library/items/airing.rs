//! How an item or a message shares the time: `when`, `priority`, `weight`, `every`, and how it comes on.
//! Invariant: a setting that changes nothing is a warning.

use super::when::{self, Named};
use crate::{
    domain::playlist::{Airing, Transition},
    written::{Source, Table, Value},
};

/// The keys that items and messages share.
const PRIORITY: std::ops::RangeInclusive<i32> = -100..=100;

/// Reads when something is on air, and before which others; how its `when` is headed is `header`. `None` where that
/// is not known: by no rule at all it would always be on air.
pub(super) fn read(source: &Source, table: &Table<'_>, header: &str, named: &Named) -> Option<Airing> {
    let usual = Airing::default();
    let every = table.get("every").and_then(|v| v.whole(1..=100, "3"));
    if let Some(weight) = table.get("weight").filter(|_| every.is_some()) {
        weight.warning(
            "`weight` tidak berpengaruh di samping `every`; hapus salah satunya",
            "`weight` changes nothing beside `every`; take one of them away",
        );
    }
    let priority = table.get("priority").and_then(|v| v.integer(PRIORITY, "10")).unwrap_or(usual.priority);
    let weight = table.get("weight").and_then(|v| v.whole(1..=20, "2")).unwrap_or(usual.weight);
    let when = match table.get("when") {
        None => usual.when,
        Some(value) => when::when(source, value, header, named)?,
    };
    Some(Airing { when, priority, weight, every })
}

/// Reads how an item comes onto the stage.
pub(super) fn transition(table: &Table<'_>) -> Transition {
    let known = [("fade", Transition::Fade), ("cut", Transition::Cut)];
    table.get("transition").and_then(|v| v.choice(&known)).unwrap_or_default()
}

/// Warns of settings that change nothing for what an item shows.
pub(super) fn without_effect(kind: &Value<'_>, table: &Table<'_>) {
    let warn = |key: &str, kinds: &[&str], id: &str, en: &str| {
        if let Some(value) = table.get(key).filter(|_| !kinds.contains(&kind.key())) {
            value.warning(
                format!("`{key}` hanya untuk {id}; hapus baris ini"),
                format!("`{key}` is for {en} only; take this line away"),
            );
        }
    };
    warn("fit", &["image", "film"], "gambar dan film", "pictures and films");
    warn("volume", &["film"], "film", "films");
}
