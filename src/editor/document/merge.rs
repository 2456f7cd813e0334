//! Two changes of one text become one, line by line. Invariant: where both changed the same lines, or lines that
//! touch, nothing is made of them.

use super::text::lines;

/// How many lines may differ before it is given up: a text that is written anew is nobody's change.
const MAX_DIFFERENT: usize = 1000;

/// The text with both changes of `base`; `None` where they meet.
pub(super) fn merge(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let split = |text| lines(text).map(|(_, line)| line).collect::<Vec<_>>();
    let (base, ours, theirs) = (split(base), split(ours), split(theirs));
    let mut ours = changes(&base, &ours)?.into_iter().peekable();
    let mut theirs = changes(&base, &theirs)?.into_iter().peekable();
    let (mut out, mut at) = (String::new(), 0);
    loop {
        let change = match (ours.peek(), theirs.peek()) {
            (None, None) => break,
            (Some(a), Some(b)) => {
                if a == b {
                    theirs.next();
                    ours.next()
                } else if a.from <= b.until && b.from <= a.until {
                    return None;
                } else if a.from < b.from {
                    ours.next()
                } else {
                    theirs.next()
                }
            }
            (Some(_), None) => ours.next(),
            (None, Some(_)) => theirs.next(),
        };
        let change = change?;
        out.extend(base.get(at..change.from)?.iter().copied());
        out.extend(change.with.iter().copied());
        at = change.until;
    }
    out.extend(base.get(at..)?.iter().copied());
    Some(out)
}

/// Lines of the base that give their place to others.
#[derive(Debug, PartialEq)]
struct Change<'t> {
    from: usize,
    until: usize,
    with: Vec<&'t str>,
}

/// What changed from `a` to `b`, by Myers' greedy algorithm; `None` where that is too much.
fn changes<'t>(a: &[&'t str], b: &[&'t str]) -> Option<Vec<Change<'t>>> {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (a_mid, b_mid) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut changes: Vec<Change<'t>> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let pairs = common(a_mid, b_mid)?;
    for (x, y) in pairs.into_iter().chain(std::iter::once((a_mid.len(), b_mid.len()))) {
        if x > i || y > j {
            changes.push(Change { from: head + i, until: head + x, with: b_mid[j..y].to_vec() });
        }
        (i, j) = (x + 1, y + 1);
    }
    Some(changes)
}

/// The lines that stay, as pairs of their numbers.
fn common(a: &[&str], b: &[&str]) -> Option<Vec<(usize, usize)>> {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let most = (n + m).min(MAX_DIFFERENT as isize);
    let offset = most + 1;
    let mut reach = vec![0_isize; (2 * most + 3) as usize];
    let mut trace: Vec<Vec<isize>> = Vec::new();
    for d in 0..=most {
        // Only the diagonals that this round can have come from.
        let window = (offset - d - 1).max(0) as usize..=(offset + d + 1) as usize;
        trace.push(reach.get(window)?.to_vec());
        for k in (-d..=d).step_by(2) {
            let at = |k: isize| (offset + k) as usize;
            let mut x = if k == -d || (k != d && reach[at(k - 1)] < reach[at(k + 1)]) {
                reach[at(k + 1)]
            } else {
                reach[at(k - 1)] + 1
            };
            while x < n && x - k < m && x - k >= 0 && a[x as usize] == b[(x - k) as usize] {
                x += 1;
            }
            reach[at(k)] = x;
            if x >= n && x - k >= m {
                return Some(back(&trace, n, m));
            }
        }
    }
    None
}

/// The way back through the rounds, from the end of both.
fn back(trace: &[Vec<isize>], n: isize, m: isize) -> Vec<(usize, usize)> {
    let (mut x, mut y, mut pairs) = (n, m, Vec::new());
    for (d, reach) in trace.iter().enumerate().rev() {
        let (d, k) = (d as isize, x - y);
        // The window of this round begins at the diagonal -d-1.
        let at = |k: isize| reach.get((k + d + 1) as usize).copied().unwrap_or(0);
        let before = if k == -d || (k != d && at(k - 1) < at(k + 1)) { k + 1 } else { k - 1 };
        let from = if d == 0 { 0 } else { at(before) };
        let start = if d == 0 { (0, 0) } else { (from, from - before) };
        while x > start.0 && y > start.1 {
            (x, y) = (x - 1, y - 1);
            pairs.push((x as usize, y as usize));
        }
        (x, y) = start;
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changes_of_different_lines_are_both_kept() {
        let base = "a\nb\nc\nd\ne\n";
        assert_eq!(
            merge(base, "a\nB\nc\nd\ne\n", "a\nb\nc\nd\nE\nf\n").as_deref(),
            Some("a\nB\nc\nd\nE\nf\n")
        );
        assert_eq!(merge(base, "b\nc\nd\ne\n", "a\nb\nc\ne\n").as_deref(), Some("b\nc\ne\n"));
        assert_eq!(merge(base, base, "x").as_deref(), Some("x"));
        // The same change of both.
        assert_eq!(merge(base, "a\nX\nc\nd\ne\n", "a\nX\nc\nd\nE\n").as_deref(), Some("a\nX\nc\nd\nE\n"));
    }

    #[test]
    fn changes_that_meet_are_nobodys() {
        let base = "a\nb\nc\n";
        assert_eq!(merge(base, "a\nX\nc\n", "a\nY\nc\n"), None);
        assert_eq!(merge(base, "a\nX\nc\n", "a\nb\nY\n"), None);
        assert_eq!(merge(base, "a\nX\nb\nc\n", "a\nY\nb\nc\n"), None);
        assert_eq!(merge("", "a\n", "b\n"), None);
    }

    proptest! {
        #[test]
        fn one_sided_changes_are_taken_as_they_are(
            base in "[abc\n]{0,40}",
            other in "[abc\n]{0,40}",
        ) {
            prop_assert_eq!(merge(&base, &base, &other), Some(other.clone()));
            prop_assert_eq!(merge(&base, &other, &base), Some(other.clone()));
            prop_assert_eq!(merge(&base, &other, &other), Some(other));
        }

        #[test]
        fn changes_far_apart_do_not_meet(head in "[ab\n]{0,20}", tail in "[ab\n]{0,20}", other in "[ab\n]{0,20}") {
            let middle = "1\n2\n3\n";
            let text = |head: &str, tail: &str| format!("{head}\n{middle}{tail}");
            let (base, ours, theirs) = (text(&head, &tail), text(&other, &tail), text(&head, &other));
            prop_assert_eq!(merge(&base, &ours, &theirs), Some(text(&other, &other)));
        }
    }
}
