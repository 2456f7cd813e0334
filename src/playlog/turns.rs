//! The item on the stage, and the line that becomes of its turn.
//! Invariant: each turn that began has one line, also where its end is never told.

use std::time::Duration;

use jiff::Timestamp;

use super::line::{Cut, Item, Line, Time};
use crate::state::{self, Aired};

/// What is on the stage.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The screen, where there are several.
    screen: Option<String>,
    on: Option<Turn>,
    /// The newest frame's time, by the wall clock and in monotonic time.
    wall: Timestamp,
    mono: Duration,
}

#[derive(Debug)]
struct Turn {
    item: String,
    content: String,
    start: Timestamp,
    since: Duration,
}

impl Turns {
    /// Those of one of several screens.
    pub fn of(screen: &str) -> Self {
        Self { screen: Some(screen.to_owned()), ..Self::default() }
    }

    /// A frame begins, at these times.
    pub fn now(&mut self, wall: Timestamp, mono: Duration) {
        (self.wall, self.mono) = (wall, mono);
    }

    /// Takes in what happened on the stage; gives the line of what is over, or was skipped.
    pub fn hear(&mut self, aired: &Aired) -> Option<Line> {
        match aired {
            Aired::Began { item, kind, at } => {
                let line = self.over(*at, Some(state::Cut::Failed));
                let (item, content) = (item.clone(), (*kind).to_owned());
                self.on = Some(Turn { item, content, start: *at, since: self.mono });
                line
            }
            Aired::Over { at, cut } => self.over(*at, *cut),
            Aired::Skipped { item, kind, at, why } => Some(Line::Item(Item {
                item: item.clone(),
                content: (*kind).to_owned(),
                screen: self.screen.clone(),
                due: Time(*at),
                start: None,
                end: None,
                shown_ms: None,
                complete: false,
                cut: None,
                skipped: Some(why.clone()),
            })),
        }
    }

    /// The line of what is on the stage at the program's end.
    pub fn stop(&mut self) -> Option<Line> {
        self.over(self.wall, Some(state::Cut::Stopped))
    }

    fn over(&mut self, end: Timestamp, cut: Option<state::Cut>) -> Option<Line> {
        let Turn { item, content, start, since } = self.on.take()?;
        let shown = self.mono.saturating_sub(since).as_millis();
        Some(Line::Item(Item {
            item,
            content,
            screen: self.screen.clone(),
            due: Time(start),
            start: Some(Time(start)),
            end: Some(Time(end)),
            shown_ms: Some(u64::try_from(shown).unwrap_or(u64::MAX)),
            complete: cut.is_none(),
            cut: cut.map(Cut::from),
            skipped: None,
        }))
    }
}
