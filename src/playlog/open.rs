//! The announcements that are not over yet, and the lines that become of them.
//! Invariant: an announcement has one line at the most, and every one that came has it once it is over.

use std::{collections::BTreeMap, time::Duration};

use bevy::log::error;
use jiff::Timestamp;

use super::line::{Announced, Call, Line, Notice, Time, Unspoken};
use crate::{
    domain::announcement::{self, Number, What},
    state::Proof,
};

/// How many can be open: more than can ever wait to be announced.
const MOST: usize = 1_024;
/// How long the line of what is over waits for its first pixel: a window is told of within two frames, and the
/// PNG file is written once a second.
const PATIENCE: Duration = Duration::from_secs(2);

/// The announcements that are not over yet. Times are monotonic, but for those of the log itself.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// By their numbers, and so in the order in which they came.
    records: BTreeMap<Number, Record>,
    /// The newest number that came: those that come after it are higher.
    newest: Option<Number>,
}

#[derive(Debug)]
struct Record {
    what: What,
    announced: Announced,
    /// When it was over, once it is.
    over: Option<Duration>,
}

impl Open {
    /// Takes in what became of an announcement; gives the line of one that has to make room.
    pub fn hear(&mut self, proof: &Proof, now: Duration) -> Vec<Line> {
        match proof {
            Proof::Came { number, what, at } => return self.came(*number, what, *at),
            Proof::Saying { number, text, form, unsaid } => self.change(*number, |record| {
                record.announced.text = Some(text.clone());
                record.announced.form = Some((*form).into());
                record.announced.unsaid.clone_from(unsaid);
            }),
            Proof::Began { number, at } => {
                self.change(*number, |record| record.announced.speech_start = Some(Time(*at)));
            }
            Proof::Ended { number, at, unsaid } => self.change(*number, |record| {
                record.announced.speech_end = Some(Time(*at));
                record.announced.unsaid.extend_from_slice(unsaid);
                record.over = Some(now);
            }),
            Proof::Unspoken { number, why, at: _ } => self.change(*number, |record| {
                record.announced.unspoken = Some((*why).into());
                // What is withdrawn is on no frame that is drawn from now on.
                let withdrawn = *why == announcement::Unspoken::Withdrawn;
                record.over = Some(if withdrawn { now.saturating_sub(PATIENCE) } else { now });
            }),
        }
        Vec::new()
    }

    /// A frame that differs from the one before came onto the glass: it shows whatever came before it was drawn.
    pub fn shown(&mut self, at: Timestamp) {
        for Record { announced, .. } in self.records.values_mut() {
            // What came after this frame was drawn is not on it.
            if announced.pixel.is_none() && announced.event.0 <= at {
                announced.pixel = Some(Time(at));
            }
        }
    }

    /// The lines of those that are over and wait for nothing more.
    pub fn over(&mut self, now: Duration) -> Vec<Line> {
        let is_over = |_: &Number, record: &mut Record| {
            let patient = |over: Duration| now.saturating_sub(over) < PATIENCE;
            record.over.is_some_and(|over| record.announced.pixel.is_some() || !patient(over))
        };
        self.records.extract_if(.., is_over).map(|(_, record)| record.line(Unspoken::Untold)).collect()
    }

    /// The lines of all that is open, at the program's end.
    pub fn stop(&mut self) -> Vec<Line> {
        std::mem::take(&mut self.records).into_values().map(|record| record.line(Unspoken::Stopped)).collect()
    }

    fn came(&mut self, number: Number, what: &What, at: Timestamp) -> Vec<Line> {
        if self.newest.is_some_and(|newest| number <= newest) {
            error!("the play log: announcement {} came after {:?}", number.0, self.newest);
            return Vec::new();
        }
        self.newest = Some(number);
        let mut lines = Vec::new();
        while self.records.len() >= MOST
            && let Some((_, oldest)) = self.records.pop_first()
        {
            lines.push(oldest.line(Unspoken::Untold));
        }
        let announced = Announced {
            event: Time(at),
            pixel: None,
            speech_start: None,
            speech_end: None,
            text: None,
            form: None,
            unspoken: None,
            unsaid: Vec::new(),
        };
        self.records.insert(number, Record { what: what.clone(), announced, over: None });
        lines
    }

    /// Changes what is not over yet.
    fn change(&mut self, number: Number, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.records.get_mut(&number).filter(|record| record.over.is_none()) {
            change(record);
        }
    }
}

impl Record {
    /// Its line; `else_` tells why it was not spoken, where it is not over.
    fn line(self, else_: Unspoken) -> Line {
        let mut announced = self.announced;
        if self.over.is_none() {
            announced.unspoken = Some(else_);
        }
        match self.what {
            What::Call(call) => Line::Call(Call {
                ticket: call.ticket.0,
                counter: call.counter.0,
                service: call.service.map(|service| service.0),
                attempt: call.attempt,
                priority: call.priority.map(Into::into),
                called: call.time.map(Time),
                announced,
            }),
            What::Notice(notice) => {
                Line::Notice(Notice { notice: notice.id.0, level: notice.level.into(), announced })
            }
        }
    }
}
