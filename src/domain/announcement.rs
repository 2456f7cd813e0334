//! The order in which calls are announced: one at a time, first called first.

use std::{collections::VecDeque, time::Duration};

use super::event::{CounterId, Ticket, TicketCalled};

/// How long a call-out stays at the least.
pub const SHORTEST: Duration = Duration::from_secs(6);
/// A call older than this is shown on the board but announced no more.
pub const TOO_OLD: Duration = Duration::from_secs(90);
/// How many calls can wait; the oldest gives way, and that is reported.
pub const MOST_WAITING: usize = 256;

/// A call on its way to being announced. Times are monotonic, since the program's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The call.
    pub call: TicketCalled,
    /// When the call came in.
    pub called_at: Duration,
    /// When its announcement began; `None` while it waits.
    pub started_at: Option<Duration>,
}

/// Why a call is not announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// It waited longer than [`TOO_OLD`].
    TooOld,
    /// The ticket was finished or called elsewhere while it waited.
    Withdrawn,
    /// More than [`MOST_WAITING`] waited.
    TooMany,
    /// A newer call of the same ticket to the same counter took its place.
    Merged,
}

/// What waits, and what is announced now.
#[derive(Debug, Default)]
pub struct Announcements {
    current: Option<Announcement>,
    waiting: VecDeque<Announcement>,
}

impl Announcements {
    /// The announcement under way.
    pub fn current(&self) -> Option<&Announcement> {
        self.current.as_ref()
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes a call in. A recall of a ticket that still waits merges with it and keeps its place; the
    /// same ticket of the same service waiting for another counter is dropped. Two services may both have a
    /// ticket `12`: those are two people.
    pub fn push(&mut self, call: TicketCalled, now: Duration) -> Vec<(Announcement, Dropped)> {
        let mut dropped = Vec::new();
        let elsewhere = |a: &Announcement| {
            let same_service = a.call.service == call.service;
            a.call.ticket == call.ticket && same_service && a.call.counter != call.counter
        };
        self.take_waiting(elsewhere, Dropped::Withdrawn, &mut dropped);
        let is_same = |a: &Announcement| a.call.ticket == call.ticket && a.call.counter == call.counter;
        if let Some(same) = self.waiting.iter_mut().find(|a| is_same(a)) {
            let newer = Announcement { call, called_at: now, started_at: None };
            dropped.push((std::mem::replace(same, newer), Dropped::Merged));
            return dropped;
        }
        self.waiting.push_back(Announcement { call, called_at: now, started_at: None });
        if self.waiting.len() > MOST_WAITING {
            dropped.extend(self.waiting.pop_front().map(|a| (a, Dropped::TooMany)));
        }
        dropped
    }

    /// A ticket is no longer wanted at a counter: what waits of it is dropped.
    pub fn withdraw(&mut self, ticket: &Ticket, counter: &CounterId) -> Vec<(Announcement, Dropped)> {
        let mut dropped = Vec::new();
        self.take_waiting(
            |a| a.call.ticket == *ticket && a.call.counter == *counter,
            Dropped::Withdrawn,
            &mut dropped,
        );
        dropped
    }

    /// Moves time on. `heard` says that the sound of the current one is over. Returns what was dropped;
    /// [`Announcements::current`] tells what is announced from now on.
    pub fn step(&mut self, now: Duration, heard: bool) -> Vec<(Announcement, Dropped)> {
        let mut dropped = Vec::new();
        let over = self
            .current
            .as_ref()
            .is_none_or(|a| heard && now.saturating_sub(a.started_at.unwrap_or(a.called_at)) >= SHORTEST);
        if !over {
            return dropped;
        }
        self.current = None;
        self.take_waiting(|a| now.saturating_sub(a.called_at) > TOO_OLD, Dropped::TooOld, &mut dropped);
        self.current = self.waiting.pop_front().map(|a| Announcement { started_at: Some(now), ..a });
        dropped
    }

    fn take_waiting(
        &mut self,
        which: impl Fn(&Announcement) -> bool,
        why: Dropped,
        dropped: &mut Vec<(Announcement, Dropped)>,
    ) {
        self.waiting.retain(|a| {
            let keep = !which(a);
            if !keep {
                dropped.push((a.clone(), why));
            }
            keep
        });
    }
}
