//! What is said at an announcement, from the config's manner and what the hall knows of the call.
//! Invariant: what is measured before is what is said then.

use crate::{
    config::Voice,
    domain::{
        announcement::{Form, Takes, What},
        event::{Notice, TicketCalled},
        hall::Hall,
        speech::{Called, Lengths, Part, Sentence, Wording},
    },
};

/// The longest part of a notice, in words: about ten seconds, for as long a call may have to wait for its end.
const MOST_WORDS: usize = 24;

/// The sentences of an announcement said once, in the order in which they are said.
pub(super) fn all(voice: &Voice, hall: &Hall, what: &What, form: Form) -> Vec<Sentence> {
    let languages = if form.one_language { 1 } else { usize::MAX };
    match what {
        What::Call(call) => call_in(voice, hall, call, form.wording, languages),
        What::Notice(notice) => parts(voice, notice).into_iter().nth(form.part).into_iter().collect(),
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

/// What a notice says, in parts between which calls may come. It is written in one language: the first.
pub(super) fn parts(voice: &Voice, notice: &Notice) -> Vec<Sentence> {
    whole(voice, notice).into_iter().flat_map(pieces).collect()
}

/// A notice's own sentences.
pub(super) fn whole(voice: &Voice, notice: &Notice) -> Vec<Sentence> {
    voice.languages.first().map(|speaker| speaker.manner.text(&notice.text)).unwrap_or_default()
}

/// A sentence in pieces that are not too long: broken at a pause where there is one.
fn pieces(sentence: Sentence) -> Vec<Sentence> {
    let mut pieces: Vec<Vec<Part>> = vec![Vec::new()];
    let mut count = 0;
    for part in sentence.parts {
        let Part::Words(words) = part else {
            pieces.last_mut().into_iter().for_each(|piece| piece.push(part.clone()));
            continue;
        };
        for words in words.chunks(MOST_WORDS) {
            if count + words.len() > MOST_WORDS {
                pieces.push(Vec::new());
                count = 0;
            }
            count += words.len();
            pieces.last_mut().into_iter().for_each(|piece| piece.push(Part::Words(words.to_vec())));
        }
    }
    // The pause between two pieces is that between two announcements.
    for piece in &mut pieces {
        piece.pop_if(|part| *part == Part::Comma);
    }
    let language = sentence.language;
    let parts = pieces.into_iter().filter(|p| !p.is_empty());
    parts.map(|parts| Sentence { language, parts, ..Sentence::default() }).collect()
}

/// How long saying a call takes.
pub(super) fn takes(voice: &Voice, hall: &Hall, lengths: &Lengths, call: &TicketCalled) -> Takes {
    let takes = |languages| {
        [Wording::Full, Wording::Brief, Wording::Row, Wording::Joined]
            .map(|wording| lengths.sentences(&call_in(voice, hall, call, wording, languages)))
    };
    Takes { all: takes(usize::MAX), first: takes(1) }
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
        counter: &hall.label(&call.counter),
        service: service.map_or("", |s| s.name.as_str()),
    };
    voice.languages.iter().take(languages).map(|s| s.manner.call(called, wording)).collect()
}
