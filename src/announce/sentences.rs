//! What is said at an announcement, from the config's manner and what the hall knows of the call.
//! Invariant: what is measured before is what is said then.

use std::time::Duration;

use crate::{
    config::Voice,
    domain::{
        announcement::{Form, Takes, What},
        event::TicketCalled,
        hall::Hall,
        speech::{Called, Lengths, Sentence, Wording},
    },
};

/// The sentences of an announcement said once, in the order in which they are said.
pub(super) fn all(voice: &Voice, hall: &Hall, what: &What, form: Form) -> Vec<Sentence> {
    let languages = if form.one_language { 1 } else { usize::MAX };
    match what {
        What::Call(call) => call_in(voice, hall, call, form.wording, languages),
        // A notice is written in one language: the first.
        What::Notice(notice) => {
            voice.languages.first().map(|s| s.manner.text(&notice.text)).unwrap_or_default()
        }
    }
}

/// What was to be said in these sentences and cannot be, having neither a letter nor a digit; each once.
pub(super) fn skipped(voice: &Voice, what: &What, sentences: &[Sentence]) -> Vec<String> {
    let mut skipped: Vec<String> = Vec::new();
    if let What::Notice(notice) = what
        && sentences.is_empty()
        && !voice.languages.is_empty()
    {
        skipped.push(notice.text.clone());
    }
    for text in sentences.iter().flat_map(|sentence| &sentence.skipped) {
        if !skipped.contains(text) {
            skipped.push(text.clone());
        }
    }
    skipped
}

/// How long they take.
pub(super) fn takes(voice: &Voice, hall: &Hall, lengths: &Lengths, what: &What) -> Takes {
    match what {
        What::Call(call) => {
            let takes = |languages| {
                [Wording::Full, Wording::Brief, Wording::Row, Wording::Joined]
                    .map(|wording| lengths.sentences(&call_in(voice, hall, call, wording, languages)))
            };
            Takes { all: takes(usize::MAX), first: takes(1) }
        }
        What::Notice(notice) => {
            let manner = voice.languages.first().map(|s| &s.manner);
            let takes = manner.map_or(Duration::ZERO, |m| lengths.sentences(&m.text(&notice.text)));
            Takes { all: [takes; 4], first: [takes; 4] }
        }
    }
}

fn call_in(
    voice: &Voice,
    hall: &Hall,
    call: &TicketCalled,
    wording: Wording,
    languages: usize,
) -> Vec<Sentence> {
    let counter = hall.counter(&call.counter);
    let service = call.service.as_ref().or_else(|| counter.and_then(|c| c.service.as_ref()));
    let service = service.and_then(|id| hall.services.iter().find(|s| s.id == *id));
    let called = Called {
        ticket: &call.ticket.0,
        counter: counter.map_or(call.counter.0.as_str(), |c| c.label.as_str()),
        service: service.map_or("", |s| s.name.as_str()),
    };
    voice.languages.iter().take(languages).map(|s| s.manner.call(called, wording)).collect()
}
