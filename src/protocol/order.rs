//! The order of a server's events: what is applied, what is ignored, and when something was lost.
//! Invariant: within one source and between two snapshots no sequence is applied twice.

/// What to do with an event that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the next one: apply it.
    Apply,
    /// It is not newer than the last: ignore it.
    Duplicate,
    /// Something before it was lost. It is true by itself, so apply it at once, and ask for a snapshot.
    Gap,
    /// It is from another source than the snapshot: ignore it, and ask for a snapshot.
    Foreign,
    /// No snapshot came before it: ignore it, the server owes one.
    Ignore,
}

/// Follows the sequence of one connection: make a new one for each connection, since a server begins
/// each with a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    newest: Option<(String, u64)>,
}

impl Order {
    /// The newest sequence taken; `None` before any snapshot.
    pub fn sequence(&self) -> Option<u64> {
        self.newest.as_ref().map(|(_, sequence)| *sequence)
    }

    /// Takes in that an event came. A snapshot is always applied, and what comes after is counted from
    /// it: one with a lower sequence or from another source is a server that started anew. An event of
    /// unknown type is taken like any other, because it has its place in the sequence. A gap is told
    /// once: what follows it is in order again, whether the snapshot has come or not.
    pub fn take(&mut self, source: &str, sequence: u64, snapshot: bool) -> Verdict {
        if snapshot {
            self.newest = Some((source.to_owned(), sequence));
            return Verdict::Apply;
        }
        let Some((known, last)) = &mut self.newest else {
            return Verdict::Ignore;
        };
        if known != source {
            return Verdict::Foreign;
        }
        let verdict = match sequence.checked_sub(*last) {
            None | Some(0) => return Verdict::Duplicate,
            Some(1) => Verdict::Apply,
            Some(_) => Verdict::Gap,
        };
        *last = sequence;
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_follow_a_snapshot() {
        let mut order = Order::default();
        assert_eq!(order.take("a", 1, false), Verdict::Ignore);
        assert_eq!(order.sequence(), None);
        assert_eq!(order.take("a", 7, true), Verdict::Apply);
        assert_eq!(order.take("a", 7, false), Verdict::Duplicate);
        assert_eq!(order.take("a", 8, false), Verdict::Apply);
        assert_eq!(order.take("a", 11, false), Verdict::Gap);
        assert_eq!(order.take("a", 10, false), Verdict::Duplicate);
        assert_eq!(order.take("a", 12, false), Verdict::Apply);
        assert_eq!(order.take("a", 14, false), Verdict::Gap);
        assert_eq!(order.sequence(), Some(14));
    }

    #[test]
    fn a_server_that_starts_anew_is_taken_as_it_is() {
        let mut order = Order::default();
        order.take("a", 100, true);
        assert_eq!(order.take("a", 3, true), Verdict::Apply);
        assert_eq!(order.take("a", 4, false), Verdict::Apply);
        assert_eq!(order.take("b", 5, false), Verdict::Foreign);
        assert_eq!(order.sequence(), Some(4));
        assert_eq!(order.take("b", 1, true), Verdict::Apply);
        assert_eq!(order.take("a", 5, false), Verdict::Foreign);
        assert_eq!(order.take("b", 2, false), Verdict::Apply);
    }

    #[test]
    fn the_largest_sequence_is_no_end() {
        let mut order = Order::default();
        order.take("a", 0, true);
        assert_eq!(order.take("a", u64::MAX, false), Verdict::Gap);
        assert_eq!(order.take("a", 1, false), Verdict::Duplicate);
        assert_eq!(order.take("a", 1, true), Verdict::Apply);
        assert_eq!(order.take("a", 2, false), Verdict::Apply);
    }
}
