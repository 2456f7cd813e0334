//! Every word that the screen says, in one place a language.

use jiff::{Zoned, civil::Weekday};

mod en;
mod id;

/// What the screen speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Language {
    /// Indonesian.
    #[default]
    Indonesian,
    /// English.
    English,
}

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// The board's caption over the counters' labels, and the word before a label.
    pub counter: &'static str,
    /// The board's caption over the tickets.
    pub now_serving: &'static str,
    /// Over a called ticket.
    pub ticket: &'static str,
    /// Over a ticket that is called again.
    pub ticket_again: &'static str,
    /// In place of a closed counter's ticket.
    pub closed: &'static str,
    /// In place of a paused counter's ticket.
    pub paused: &'static str,
    /// In place of the ticket of an open counter that serves nobody.
    pub idle: &'static str,
    /// Where no state was ever known.
    pub waiting_for_data: &'static str,
    /// Cut off; `{time}` is when the data were true.
    pub reconnecting: &'static str,
    /// A page of several; `{page}` and `{pages}`.
    pub page_of: &'static str,
    /// The running text's label.
    pub info: &'static str,
    /// After the service on a procedure page.
    pub procedure: &'static str,
    /// Over what it costs.
    pub cost: &'static str,
    /// Over how long it takes.
    pub time: &'static str,
    /// Over when it holds.
    pub valid: &'static str,
    /// Over an important notice.
    pub important: &'static str,
    /// Over an emergency notice.
    pub emergency: &'static str,
    /// On the card of a hall without a playlist.
    pub welcome: &'static str,
    /// Over today's survey, where its author gave no title.
    pub survey: &'static str,
    /// The survey's best answer.
    pub very_satisfied: &'static str,
    /// The survey's middle answer.
    pub satisfied: &'static str,
    /// The survey's worst answer.
    pub dissatisfied: &'static str,
    /// Below the survey; `{count}` is how many answered.
    pub answers: &'static str,
    /// Between the thousands of a number.
    pub thousands: char,
    /// The days, Monday first.
    pub days: [&'static str; 7],
    /// The months, January first.
    pub months: [&'static str; 12],
}

impl Language {
    /// This language's words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Indonesian => &id::WORDS,
            Self::English => &en::WORDS,
        }
    }

    /// The date in full: `Sabtu, 21 November 2026` or `Saturday, 21 November 2026`.
    pub fn date(self, at: &Zoned) -> String {
        let words = self.words();
        let day = words.days[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
        let month = words.months[usize::from(at.month().unsigned_abs()) - 1];
        format!("{day}, {} {month} {}", at.day(), at.year())
    }

    /// The time of day, 24 hours: `09.41` in Indonesian, `09:41` in English.
    pub fn time(self, at: &Zoned) -> String {
        let between = match self {
            Self::Indonesian => '.',
            Self::English => ':',
        };
        format!("{:02}{between}{:02}", at.hour(), at.minute())
    }

    /// A day and the month's first three letters: `18 Nov`.
    pub fn short_date(self, at: &Zoned) -> String {
        let month = self.words().months[usize::from(at.month().unsigned_abs()) - 1];
        format!("{} {}", at.day(), month.chars().take(3).collect::<String>())
    }

    /// A whole number as people write it: `1.234` in Indonesian, `1,234` in English.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.words().thousands);
            }
            text.push(digit);
        }
        text
    }

    /// The name of a day.
    pub fn day(self, day: Weekday) -> &'static str {
        self.words().days[usize::from(day.to_monday_zero_offset().unsigned_abs())]
    }
}
