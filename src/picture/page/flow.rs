//! How a page's atoms are spread over columns and parts.
//! Invariant: every line is on exactly one part, in order, and no column is higher than its room.

use std::collections::VecDeque;

use super::atom::{Atom, height};

/// What one picture of a page shows between its head and its foot.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What stands over all columns.
    pub lead: Vec<Atom>,
    /// The columns below it.
    pub columns: Vec<Vec<Atom>>,
}

/// A page's text before it is spread.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// What stands over all columns.
    pub lead: Vec<Atom>,
    /// The sections; each begins with its heading.
    pub sections: Vec<Vec<Atom>>,
    /// How many columns the sections stand in: 1 or 2.
    pub columns: usize,
    /// Space between the lead and the columns.
    pub gap: f32,
    /// Space above the columns where no lead stands above them.
    pub start: f32,
}

impl Text {
    /// Where the columns begin on a part with this lead.
    pub fn top(&self, lead: &[Atom]) -> f32 {
        if lead.is_empty() { self.start } else { height(lead) + self.gap }
    }
}

/// All on one part, the sections balanced over the columns; `None` where that is higher than `room`.
pub(super) fn whole(text: &Text, room: f32) -> Option<Part> {
    let columns: Vec<Vec<Atom>> = if text.columns == 2 && text.sections.len() > 1 {
        let split = |at: usize| [text.sections[..at].concat(), text.sections[at..].concat()];
        let highest = |columns: &[Vec<Atom>; 2]| height(&columns[0]).max(height(&columns[1]));
        let best = (1..text.sections.len()).map(split).min_by(|a, b| highest(a).total_cmp(&highest(b)));
        best.unwrap_or_default().into()
    } else {
        vec![text.sections.concat()]
    };
    let most = columns.iter().map(|c| height(c)).fold(0.0, f32::max);
    let needs = if most > 0.0 { text.top(&text.lead) + most } else { height(&text.lead) };
    (needs <= room).then(|| Part { lead: text.lead.clone(), columns })
}

/// Spread over as many parts as it takes, at most `most`, column after column. A section that is divided has
/// its heading again where it goes on. `None` where something indivisible is higher than `room`.
pub(super) fn parts(text: &Text, room: f32, most: usize) -> Option<Vec<Part>> {
    let mut spread = Spread { parts: vec![Part::default()], room, text, most, fresh: true };
    spread.run(&text.lead, None)?;
    for section in &text.sections {
        let heading = section.first().filter(|a| a.keep && a.height < room / 3.0);
        if spread.parts.last()?.columns.is_empty() {
            spread.parts.last_mut()?.columns.push(Vec::new());
            spread.fresh = true;
        }
        // A section that would be divided here and stays whole in an empty column goes there.
        let whole = height(section);
        let left = spread.left(section.first().map_or(0.0, |a| a.gap));
        if !spread.fresh && whole > left && whole <= room - text.start {
            spread.next()?;
        }
        spread.run(section, heading)?;
    }
    Some(spread.parts)
}

struct Spread<'a> {
    parts: Vec<Part>,
    room: f32,
    text: &'a Text,
    most: usize,
    /// Whether nothing new stands in the column yet.
    fresh: bool,
}

impl Spread<'_> {
    fn turn(&mut self) -> Option<()> {
        self.parts.push(Part::default());
        (self.parts.len() <= self.most).then_some(())
    }

    /// The column that is being filled, and where it begins.
    fn column(&mut self) -> (&mut Vec<Atom>, f32) {
        let last = self.parts.len() - 1;
        let part = &mut self.parts[last];
        let top = self.text.top(&part.lead);
        match part.columns.last_mut() {
            Some(column) => (column, top),
            None => (&mut part.lead, 0.0),
        }
    }

    /// How much room is left below a gap.
    fn left(&mut self, gap: f32) -> f32 {
        let room = self.room;
        let (column, top) = self.column();
        room - top - if column.is_empty() { 0.0 } else { height(column) + gap }
    }

    fn next(&mut self) -> Option<()> {
        let in_lead = self.parts.last()?.columns.is_empty();
        if in_lead || self.parts.last()?.columns.len() == self.text.columns {
            self.turn()?;
        }
        if !in_lead {
            self.parts.last_mut()?.columns.push(Vec::new());
        }
        self.fresh = true;
        Some(())
    }

    fn put(&mut self, atoms: impl IntoIterator<Item = Atom>) {
        self.column().0.extend(atoms);
        self.fresh = false;
    }

    fn run(&mut self, atoms: &[Atom], heading: Option<&Atom>) -> Option<()> {
        let mut waiting: VecDeque<Atom> = atoms.to_vec().into();
        let mut begun = false;
        while let Some(first) = waiting.front() {
            let gap = first.gap;
            let kept = waiting.iter().take_while(|a| a.keep).count().min(waiting.len() - 1);
            let left = self.left(gap);
            let group = &waiting.make_contiguous()[..=kept];
            if height(group) <= left {
                self.put(waiting.drain(..=kept));
                begun = true;
                continue;
            }
            // What fits in no column is divided by lines where it stands.
            let last = &group[kept];
            let above = if kept == 0 { 0.0 } else { height(&group[..kept]) + last.gap };
            if (self.fresh || last.height > self.room)
                && let Some((head, tail)) = last.split(left - above)
            {
                let kept: Vec<Atom> = waiting.drain(..kept).collect();
                waiting[0] = tail;
                self.put(kept);
                self.put([head]);
                begun = true;
            } else if self.fresh {
                // Below a lead there is less room than on a part of its own.
                let part = self.parts.last_mut()?;
                if part.lead.is_empty()
                    || part.columns.is_empty()
                    || part.columns.iter().any(|c| !c.is_empty())
                {
                    return None;
                }
                part.columns.clear();
                self.turn()?;
                self.parts.last_mut()?.columns.push(Vec::new());
                continue;
            }
            self.next()?;
            if let Some(heading) = heading.filter(|_| begun && !waiting.is_empty()) {
                self.column().0.push(heading.clone());
                // What follows stands as far below it as it does where the section begins.
                if let (Some(next), Some(first)) = (waiting.front_mut(), atoms.get(1)) {
                    next.gap = first.gap;
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(height: f32) -> Atom {
        Atom { gap: 1.0, height, ..Atom::default() }
    }

    fn section(items: usize) -> Vec<Atom> {
        let heading = Atom { keep: true, ..atom(3.0) };
        std::iter::once(heading).chain((0..items).map(|_| atom(2.0))).collect()
    }

    fn text(sections: Vec<Vec<Atom>>, columns: usize) -> Text {
        Text { lead: Vec::new(), sections, columns, gap: 2.0, start: 0.0 }
    }

    #[test]
    fn columns_are_balanced() {
        let part = whole(&text(vec![section(4), section(1), section(1)], 2), 15.0).unwrap();
        assert_eq!(part.columns.iter().map(Vec::len).collect::<Vec<_>>(), [5, 4]);
        assert!(whole(&text(vec![section(9), section(1)], 2), 15.0).is_none());
    }

    #[test]
    fn a_divided_section_has_its_heading_again() {
        let parts = parts(&text(vec![section(7)], 1), 12.0, 9).unwrap();
        assert_eq!(parts.len(), 3);
        assert!(parts.iter().all(|p| p.columns[0][0].keep));
        assert_eq!(parts.iter().map(|p| p.columns[0].len() - 1).sum::<usize>(), 7);
        assert!(parts.iter().all(|p| height(&p.columns[0]) <= 12.0));
    }

    #[test]
    fn a_heading_is_not_left_alone() {
        let spread = parts(&text(vec![section(2), section(3)], 1), 13.5, 9).unwrap();
        assert!(spread.iter().flat_map(|p| &p.columns).all(|c| c.last().is_some_and(|a| !a.keep)));
    }

    #[test]
    fn what_is_higher_than_the_room_is_told() {
        assert!(parts(&text(vec![vec![atom(20.0)]], 1), 10.0, 9).is_none());
        assert!(parts(&text(vec![section(99)], 1), 10.0, 9).is_none());
    }
}
