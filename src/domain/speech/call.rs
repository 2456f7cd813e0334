//! A call's sentence: a template's clauses with its places filled.
//! Invariant: what is empty leaves no pause behind, neither doubled nor at an end, and where two numbers or codes
//! meet there is one: no call is said as another ticket's, or to another counter.

use super::{
    Called, Manner, Reading, Sentence, Wording,
    lexicon::{Letters, Lexicon},
    template::{COUNTERS, Item, Place, What, counter_word},
    ticket,
    word::{self, Word},
};
use crate::words::Language;

/// What a piece of a clause has become.
struct Said {
    /// The place that it fills; `None` for the template's own text.
    place: Option<Place>,
    words: Vec<Word>,
    /// Whether there is a pause before it, where the wording has pauses.
    pause: bool,
}

/// A call, with each place as it is spoken.
struct Filled<'a> {
    lexicon: &'a Lexicon,
    language: Language,
    ticket: ticket::Parts,
    counter: Vec<Word>,
    service: Vec<Word>,
    wording: Wording,
}

/// A call's sentence.
pub(super) fn sentence(manner: &Manner, called: Called<'_>, wording: Wording) -> Sentence {
    let lexicon = &Lexicon::new(manner);
    let filled = Filled {
        lexicon,
        language: manner.language,
        ticket: ticket::parts(called.ticket, lexicon, manner.numbers),
        counter: lexicon.text(called.counter, Letters::Label, manner.counters),
        service: lexicon.text(called.service, Letters::Words, Reading::Words),
        wording,
    };
    let mut runs: Vec<Vec<Word>> = Vec::new();
    let mut before = None;
    for said in filled.pieces(manner) {
        let in_ticket = (before, said.place) == (Some(Place::Prefix), Some(Place::Number));
        let meet = |last: &Word| said.words.first().is_some_and(|next| last.needs_pause(next, in_ticket));
        match runs.last_mut() {
            Some(run) if !said.pause && !run.last().is_some_and(meet) => run.extend(said.words),
            _ => runs.push(said.words),
        }
        before = said.place;
    }
    let skipped = filled.skipped(manner, called);
    Sentence { language: manner.language, parts: word::parts(&runs), written: word::written(&runs), skipped }
}

impl Filled<'_> {
    fn place(&self, place: Place) -> &[Word] {
        match place {
            Place::Prefix => &self.ticket.prefix,
            Place::Number => &self.ticket.number,
            Place::Counter => &self.counter,
            Place::Service => &self.service,
        }
    }

    /// What is said, in order; no piece is empty.
    fn pieces(&self, manner: &Manner) -> Vec<Said> {
        let mut pieces = Vec::new();
        let mut runs_on = false;
        for clause in &manner.template.clauses {
            let (mut said, next) = self.clause(clause);
            if let Some(first) = said.first_mut() {
                first.pause = !runs_on && self.wording < Wording::Row;
            }
            runs_on = next;
            pieces.extend(said);
        }
        pieces
    }

    /// A clause's pieces, and whether what follows runs on without a pause: the prefix that it would end with is
    /// missing.
    fn clause(&self, clause: &[Item]) -> (Vec<Said>, bool) {
        let items = || clause.iter().filter(|i| self.wording == Wording::Full || !i.polite).map(|i| &i.what);
        let places: Vec<Place> = items()
            .filter_map(|what| if let What::Place(place) = what { Some(*place) } else { None })
            .collect();
        let only = |one: Place| !places.is_empty() && places.iter().all(|place| *place == one);
        let empty = !places.is_empty() && places.iter().all(|place| self.place(*place).is_empty());
        // `Nomor antrean {prefix}, {number}` is still wanted for a ticket that is a number alone.
        let no_prefix = empty && only(Place::Prefix);
        if (empty && !no_prefix) || (self.wording == Wording::Joined && only(Place::Service)) {
            return (Vec::new(), false);
        }
        let said = self.words(items());
        let runs_on = no_prefix && !said.is_empty();
        (said, runs_on)
    }

    fn words<'w>(&self, items: impl Iterator<Item = &'w What>) -> Vec<Said> {
        let mut pieces: Vec<Said> = Vec::new();
        let mut after_text = false;
        for what in items {
            let (place, words) = match what {
                What::Text(text) => (None, self.lexicon.text(text, Letters::Words, Reading::Words)),
                What::Place(Place::Counter) => {
                    let last = pieces.last().and_then(|said| said.words.last());
                    (Some(Place::Counter), self.label(last.filter(|_| after_text)))
                }
                What::Place(place) => (Some(*place), self.place(*place).to_vec()),
            };
            after_text = place.is_none();
            if !words.is_empty() {
                pieces.push(Said { place, words, pause: false });
            }
        }
        pieces
    }

    /// The counter's label after a word of the template. A label such as `Loket 3` brings that word with it, and
    /// where it is another language's it becomes this one's.
    fn label(&self, before: Option<&Word>) -> Vec<Word> {
        let mut label = self.counter.clone();
        if let [first, _, ..] = label.as_mut_slice() {
            if COUNTERS.iter().any(|(l, word)| *l != self.language && *word == first.said) {
                *first = Word::plain(counter_word(self.language).to_owned(), self.language);
            }
            if before.is_some_and(|before| before.said == first.said) {
                label.remove(0);
            }
        }
        label
    }

    /// What was to be said and has nothing that can be: a label of a star alone.
    fn skipped(&self, manner: &Manner, called: Called<'_>) -> Vec<String> {
        let is_shorter = self.wording > Wording::Full;
        let items = manner.template.clauses.iter().flatten().filter(|item| !(is_shorter && item.polite));
        let says_service = self.wording < Wording::Joined
            && items.into_iter().any(|item| item.what == What::Place(Place::Service));
        let ticket = self.ticket.prefix.is_empty() && self.ticket.number.is_empty();
        let all = [
            (called.ticket, ticket),
            (called.counter, self.counter.is_empty()),
            (called.service, says_service && self.service.is_empty()),
        ];
        let shown = |text: &str| !text.trim().is_empty();
        all.into_iter()
            .filter(|(text, empty)| *empty && shown(text))
            .map(|(text, _)| text.to_owned())
            .collect()
    }
}
