//! A call's sentence as a site writes it, with places for prefix, number, counter and service.
//! Invariant: a template names the whole ticket and the counter, in every wording.

use std::fmt;

use thiserror::Error;

use super::text::ends;
use crate::words::Language;

/// The longest template, in characters.
pub const LONGEST: usize = 200;

/// A call's sentence with places for prefix, number, counter and service.
///
/// What stands in round brackets is the polite part, which is left out when many wait. A comma, semicolon,
/// colon or full stop is a pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pub(super) clauses: Vec<Vec<Item>>,
}

/// What languages call a counter.
pub(super) const COUNTERS: [(Language, &str); 2] =
    [(Language::Indonesian, "loket"), (Language::English, "counter")];

/// A place in a template; written between `{` and `}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What stands before the ticket's number.
    Prefix,
    /// The ticket's number.
    Number,
    /// The counter's label.
    Counter,
    /// The service's name.
    Service,
}

/// A piece of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Whether it is part of the polite part.
    pub(super) polite: bool,
    pub(super) what: What,
}

/// What is said there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Text(String),
    Place(Place),
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// It says nothing.
    #[error("the sentence is empty")]
    Empty,
    /// It has more characters than [`LONGEST`].
    #[error("the sentence has {0} characters; write at most {LONGEST}")]
    TooLong(usize),
    /// A place that there is not, and the one most like it.
    #[error("there is no place `{{{wrong}}}`; write `{{{right}}}`")]
    UnknownPlace {
        /// What was written.
        wrong: String,
        /// The place that is most like it.
        right: &'static str,
    },
    /// A bracket that is not closed, or was not opened.
    #[error("the bracket `{0}` has no partner")]
    Unbalanced(char),
    /// Round brackets within round brackets.
    #[error("there are round brackets within round brackets")]
    Nested,
    /// A place that has to be there, outside round brackets.
    #[error("`{{{0}}}` is missing outside the round brackets")]
    Missing(Place),
}

impl Template {
    /// A language's own.
    pub fn own(language: Language) -> Self {
        let (ticket, please) = match language {
            Language::Indonesian => ("Nomor antrean", "silakan menuju"),
            Language::English => ("Ticket number", "please go to"),
        };
        let counter = counter_word(language);
        let polite = |text: &str| Item { polite: true, what: What::Text(text.to_owned()) };
        let plain = |text: &str| Item { polite: false, what: What::Text(text.to_owned()) };
        let place = |place| Item { polite: false, what: What::Place(place) };
        Self {
            text: format!("({ticket}) {{prefix}}, {{number}}, ({please}) {counter} {{counter}}."),
            clauses: vec![
                vec![polite(ticket), place(Place::Prefix)],
                vec![place(Place::Number)],
                vec![polite(please), plain(counter), place(Place::Counter)],
            ],
        }
    }

    /// Reads a template.
    ///
    /// # Errors
    /// Where it is empty or too long, its brackets do not match, it names a place that there is not, or does
    /// not name the ticket's prefix and number and the counter outside round brackets: a number without its
    /// prefix is another person's.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let text = text.trim();
        let length = text.chars().count();
        if length > LONGEST {
            return Err(TemplateError::TooLong(length));
        }
        if !text.contains(char::is_alphanumeric) {
            return Err(TemplateError::Empty);
        }
        let clauses = clauses(text)?;
        for place in [Place::Prefix, Place::Number, Place::Counter] {
            let item = Item { polite: false, what: What::Place(place) };
            if !clauses.iter().any(|clause| clause.contains(&item)) {
                return Err(TemplateError::Missing(place));
            }
        }
        Ok(Self { text: text.to_owned(), clauses })
    }

    /// The template as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it has a place, be it in round brackets.
    pub fn names(&self, place: Place) -> bool {
        self.clauses.iter().flatten().any(|item| item.what == What::Place(place))
    }

    /// Whether the counter stands beside another place, with no word of the template between them, once what is
    /// in round brackets is left out: a number after a number is hard to follow.
    pub fn has_bare_counter(&self) -> bool {
        let said: Vec<&What> =
            self.clauses.iter().flatten().filter(|item| !item.polite).map(|item| &item.what).collect();
        let is_bare = |at: usize| {
            let beside = if at == 0 { said.get(1) } else { said.get(at - 1) };
            beside.is_some_and(|what| matches!(what, What::Place(_)))
        };
        said.iter().enumerate().any(|(at, what)| **what == What::Place(Place::Counter) && is_bare(at))
    }

    /// Its texts between places, brackets and pauses.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.clauses.iter().flatten().filter_map(|item| match &item.what {
            What::Text(text) => Some(text.as_str()),
            What::Place(_) => None,
        })
    }
}

impl Place {
    const ALL: [Self; 4] = [Self::Prefix, Self::Number, Self::Counter, Self::Service];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Number => "number",
            Self::Counter => "counter",
            Self::Service => "service",
        }
    }

    fn named(name: &str) -> Result<Self, TemplateError> {
        let name = name.trim().to_lowercase();
        if let Some(place) = Self::ALL.into_iter().find(|p| p.name() == name) {
            return Ok(place);
        }
        let likeness = |place: &Self| strsim::jaro_winkler(&name, place.name());
        let right = Self::ALL.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        let right = right.unwrap_or(Self::Number).name();
        Err(TemplateError::UnknownPlace { wrong: name, right })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a language calls a counter.
pub(super) fn counter_word(language: Language) -> &'static str {
    let [(_, id), (_, en)] = COUNTERS;
    match language {
        Language::Indonesian => id,
        Language::English => en,
    }
}

/// The clauses of a template: what stands between its pauses. None is empty.
fn clauses(text: &str) -> Result<Vec<Vec<Item>>, TemplateError> {
    let (mut clauses, mut clause, mut plain) = (Vec::new(), Vec::new(), String::new());
    let mut polite = false;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let after = rest.as_str();
        let pauses = matches!(character, '.' | '!' | '?' | ',' | ';' | ':') && ends(after.chars().next());
        if !pauses && !matches!(character, '(' | ')' | '{' | '}') {
            plain.push(character);
            continue;
        }
        let said = std::mem::take(&mut plain);
        if said.contains(char::is_alphanumeric) {
            clause.push(Item { polite, what: What::Text(said.trim().to_owned()) });
        }
        match character {
            '{' => {
                let (name, after) = after.split_once('}').ok_or(TemplateError::Unbalanced('{'))?;
                clause.push(Item { polite, what: What::Place(Place::named(name)?) });
                rest = after.chars();
            }
            '(' if polite => return Err(TemplateError::Nested),
            ')' | '}' if !(polite && character == ')') => return Err(TemplateError::Unbalanced(character)),
            '(' => polite = true,
            ')' => polite = false,
            _ => clauses.push(std::mem::take(&mut clause)),
        }
    }
    if polite {
        return Err(TemplateError::Unbalanced('('));
    }
    if plain.contains(char::is_alphanumeric) {
        clause.push(Item { polite, what: What::Text(plain.trim().to_owned()) });
    }
    clauses.push(clause);
    clauses.retain(|clause| !clause.is_empty());
    Ok(clauses)
}
