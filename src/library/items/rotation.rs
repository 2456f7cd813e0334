//! `rrule`: the days of a rotation.
//! Invariant: what is wrong is said in the words of people who plan a month, with a rule to write instead.

use std::{cell::RefCell, collections::BTreeMap};

use jiff::civil::Date;

use crate::{
    domain::{
        schedule::{Days, NotARule, Recurrence},
        visible::clean,
    },
    written::Value,
};

const EXAMPLE: &str = "\"FREQ=WEEKLY;INTERVAL=4\"";
const EXAMPLES: (&str, &str) = (
    "tulis misalnya rrule = \"FREQ=WEEKLY;INTERVAL=4\" (setiap empat minggu) atau \"FREQ=MONTHLY;BYDAY=1MO\" (Senin pertama setiap bulan)",
    "write for example rrule = \"FREQ=WEEKLY;INTERVAL=4\" (every fourth week) or \"FREQ=MONTHLY;BYDAY=1MO\" (the first Monday of each month)",
);

/// What came of rules that were read: many items may have the same one, and some take a while to be refused.
#[derive(Debug, Default)]
pub(super) struct Known(RefCell<BTreeMap<(String, Date, Option<Days>), Result<Recurrence, NotARule>>>);

impl Known {
    fn rule(&self, text: &str, from: Date, days: Option<Days>) -> Result<Recurrence, NotARule> {
        let mut known = self.0.borrow_mut();
        known
            .entry((text.to_owned(), from, days))
            .or_insert_with(|| Recurrence::new(text, from, days))
            .clone()
    }
}

/// Reads `rrule`; a `from` that is written but wrong has its own problem.
pub(super) fn read(
    value: Value<'_>,
    from: Option<Date>,
    from_is_written: bool,
    days: Option<Days>,
    known: &Known,
) -> Option<Recurrence> {
    let text = value.string(EXAMPLE)?;
    let Some(from) = from else {
        if !from_is_written {
            value.error(
                "`rrule` dihitung dari hari pertamanya, dan `from` belum ada; tulis misalnya: from = 2026-11-02",
                "`rrule` is counted from its first day, and there is no `from`; write for example: from = 2026-11-02",
            );
        }
        return None;
    };
    match known.rule(text, from, days) {
        Ok(rule) => Some(rule),
        Err(wrong) => {
            let (id, en) = told(&wrong, &clean(text), from);
            value.error(id, en);
            None
        }
    }
}

/// What is wrong with a rule, and what to write instead.
pub(in crate::library) fn told(wrong: &NotARule, text: &str, from: Date) -> (String, String) {
    let (id, en) = EXAMPLES;
    match wrong {
        NotARule::Syntax => (
            format!("aturan berulang \"{text}\" tidak dimengerti; {id}"),
            format!("the rotation \"{text}\" is not understood; {en}"),
        ),
        NotARule::Part(part) => (
            format!("bagian `{part}` dari aturan berulang tidak dimengerti; {id}"),
            format!("the part `{part}` of the rotation is not understood; {en}"),
        ),
        NotARule::Together(part) => (
            format!("bagian `{part}` tidak cocok dengan FREQ aturan ini; {id}"),
            format!("the part `{part}` does not go with this rule's FREQ; {en}"),
        ),
        NotARule::Hours => (
            format!(
                "aturan berulang hanya memilih hari, bukan jam; tulis jamnya dengan hours = [\"08:00-12:00\"], dan {id}"
            ),
            format!("a rotation chooses days, not hours; write those as hours = [\"08:00-12:00\"], and {en}"),
        ),
        NotARule::Ended => (
            format!(
                "UNTIL aturan ini sebelum hari pertamanya ({from}), jadi tidak pernah tayang; hapus UNTIL dan tulis misalnya: until = {from}"
            ),
            format!(
                "this rule's UNTIL is before its first day ({from}), so it is never on air; take UNTIL away and write for example: until = {from}"
            ),
        ),
        NotARule::Never => (
            format!("tidak ada hari yang cocok dengan aturan \"{text}\" sejak {from}; {id}"),
            format!("no day from {from} on is as the rule \"{text}\" says; {en}"),
        ),
    }
}
