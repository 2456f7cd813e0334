//! A call's sentence: a template's clauses with its places filled.
//! Invariant: what is empty leaves no pause behind, neither doubled nor at an end.

use super::{
    Called, Manner, Part, Reading, Wording,
    lexicon::{Letters, Lexicon},
    numbers,
    template::{Item, Place, What},
    ticket,
};

/// What a clause has become.
enum Clause {
    /// It is said.
    Said(Vec<String>),
    /// It is said, and what follows runs on without a pause: the prefix that it would end with is missing.
    RunsOn(Vec<String>),
    /// There is nothing to say.
    LeftOut,
}

/// A call, with each place as it is spoken.
struct Filled<'a> {
    lexicon: &'a Lexicon,
    ticket: ticket::Parts,
    counter: Vec<String>,
    service: Vec<String>,
    wording: Wording,
}

/// The words and pauses of a call.
pub(super) fn parts(manner: &Manner, called: Called<'_>, wording: Wording) -> Vec<Part> {
    let lexicon = &Lexicon::new(manner);
    let filled = Filled {
        lexicon,
        ticket: ticket::parts(called.ticket, lexicon, manner.numbers),
        counter: lexicon.text(called.counter, Letters::Label, manner.counters),
        service: lexicon.text(called.service, Letters::Words, Reading::Words),
        wording,
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut runs_on = false;
    for clause in &manner.template.clauses {
        let (words, next) = match filled.clause(clause) {
            Clause::Said(words) => (words, false),
            Clause::RunsOn(words) => (words, true),
            Clause::LeftOut => {
                runs_on = false;
                continue;
            }
        };
        match parts.last_mut() {
            Some(Part::Words(last)) if runs_on => last.extend(words),
            Some(Part::Words(last)) if wording >= Wording::Row && !numbers_meet(last, &words, manner) => {
                last.extend(words);
            }
            None => parts.push(Part::Words(words)),
            Some(_) => parts.extend([Part::Comma, Part::Words(words)]),
        }
        runs_on = next;
    }
    parts
}

/// Whether two numbers would become one without a pause between them: `satu dua` and `tiga`.
fn numbers_meet(before: &[String], after: &[String], manner: &Manner) -> bool {
    let vocabulary = numbers::vocabulary(manner.language);
    let is_number = |word: Option<&String>| word.is_some_and(|w| vocabulary.contains(&w.as_str()));
    is_number(before.last()) && is_number(after.first())
}

impl Filled<'_> {
    fn place(&self, place: Place) -> &[String] {
        match place {
            Place::Prefix => &self.ticket.prefix,
            Place::Number => &self.ticket.number,
            Place::Counter => &self.counter,
            Place::Service => &self.service,
        }
    }

    fn clause(&self, clause: &[Item]) -> Clause {
        let said = || clause.iter().filter(|i| self.wording == Wording::Full || !i.polite).map(|i| &i.what);
        let places: Vec<Place> = said()
            .filter_map(|what| if let What::Place(place) = what { Some(*place) } else { None })
            .collect();
        let only = |one: Place| !places.is_empty() && places.iter().all(|place| *place == one);
        let empty = !places.is_empty() && places.iter().all(|place| self.place(*place).is_empty());
        // `Nomor antrean {prefix}, {number}` is still wanted for a ticket that is a number alone.
        let no_prefix = empty && only(Place::Prefix);
        if (empty && !no_prefix) || (self.wording == Wording::Joined && only(Place::Service)) {
            return Clause::LeftOut;
        }
        let words = self.words(said());
        match (words.is_empty(), no_prefix) {
            (true, _) => Clause::LeftOut,
            (false, true) => Clause::RunsOn(words),
            (false, false) => Clause::Said(words),
        }
    }

    fn words<'w>(&self, said: impl Iterator<Item = &'w What>) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        let mut after_text = false;
        for what in said {
            match what {
                What::Text(text) => words.extend(self.lexicon.text(text, Letters::Words, Reading::Words)),
                What::Place(place) => {
                    let filling = self.place(*place);
                    // A label such as `Loket 3` brings the template's word with it.
                    let twice = *place == Place::Counter
                        && after_text
                        && filling.len() > 1
                        && filling.first() == words.last();
                    words.extend(filling.iter().skip(usize::from(twice)).cloned());
                }
            }
            after_text = matches!(what, What::Text(_));
        }
        words
    }
}
