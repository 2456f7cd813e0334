//! The voice thread: it renders sentences while the chime sounds.
//! Invariant: only the newest announcement is rendered; one that is cut costs nothing more.

use std::{
    cell::RefCell,
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use tracing::error;

use super::{
    Outbox, Report,
    clip::Clip,
    script::{Rendered, Voice},
    voice::{Spoken, Voices},
};
use crate::{config, domain::speech::Sentence, fault};

/// How many announcements can wait for a voice; each one cuts the one before it, so only the last is rendered.
const MOST_JOBS: usize = 16;

/// An announcement to render.
pub(super) struct Job {
    /// What is said.
    pub(super) sentences: Vec<Sentence>,
    /// The device's frames a second.
    pub(super) rate: u32,
    /// Where the voice goes.
    pub(super) voice: Rendered,
}

/// Starts the voice thread; it ends when nobody can give it anything to say.
pub(super) fn spawn(voice: config::Voice, outbox: Outbox) -> io::Result<SyncSender<Job>> {
    let (jobs, waiting) = sync_channel(MOST_JOBS);
    thread::Builder::new().name("papan-voice".into()).spawn(move || run(&voice, &waiting, &outbox))?;
    Ok(jobs)
}

fn run(voice: &config::Voice, jobs: &Receiver<Job>, outbox: &Outbox) {
    let voices = Voices::open(voice);
    if !outbox.tell(Report::Clips(voices.lengths())) {
        return;
    }
    serve(&voices, jobs);
}

fn serve(voices: &Voices, jobs: &Receiver<Job>) {
    let newer = RefCell::new(None);
    while let Some(job) = newer.take().or_else(|| jobs.recv().ok()) {
        // One that comes after it cuts it; where the device went, nobody else holds its place.
        let wanted = || {
            if let Some(job) = jobs.try_iter().last() {
                newer.replace(Some(job));
            }
            newer.borrow().is_none() && !job.voice.is_cut() && Arc::strong_count(&job.voice) > 1
        };
        if !wanted() {
            continue;
        }
        // One sentence that cannot be rendered must not silence all that come after it.
        let spoken = fault::caught(|| {
            fault::point("papan-voice");
            let spoken = voices.say_while(&job.sentences, &wanted);
            wanted().then(|| voice(spoken, job.rate))
        });
        let rendered = spoken.unwrap_or_else(|_| {
            let unsaid: Vec<String> = job.sentences.iter().map(|s| s.written.clone()).collect();
            error!("sound: the voice broke off at {}", unsaid.join(" "));
            Some(Voice { clip: Clip::empty(job.rate), unsaid })
        });
        if let Some(rendered) = rendered {
            // The place is this job's own: it was empty.
            _ = job.voice.set(rendered);
        }
    }
}

/// The voice that says these sentences, at the device's rate, however long it takes.
pub(super) fn render(voices: &Voices, sentences: &[Sentence], rate: u32) -> Voice {
    voice(voices.say(sentences), rate)
}

fn voice(spoken: Spoken, rate: u32) -> Voice {
    Voice { clip: Clip::mono(&spoken.samples, spoken.rate).at(rate), unsaid: spoken.unsaid }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::Path,
        time::{Duration, Instant},
    };

    use kira::sound::SoundData;

    use super::*;
    use crate::{audio::script::Script, config::Speaker, domain::speech::Part, words::Language};

    const ID: Language = Language::Indonesian;
    const DEADLINE: Duration = Duration::from_secs(60);
    /// Longer than any test.
    const LONG: Duration = Duration::from_secs(90);

    fn until(what: impl Fn() -> bool) {
        let begun = Instant::now();
        while !what() {
            assert!(begun.elapsed() < DEADLINE, "it does not come");
            thread::yield_now();
        }
    }

    fn job(words: &str, place: &Rendered) -> Job {
        let words = words.split(' ').map(str::to_owned).collect();
        let sentences =
            vec![Sentence { language: ID, parts: vec![Part::Words(words)], ..Sentence::default() }];
        Job { sentences, rate: 48_000, voice: place.clone() }
    }

    /// Lets an announcement hang in espeak-ng, which `cut` gets, and waits until that espeak-ng is gone.
    fn hangs_until(cut: impl FnOnce(Rendered, &SyncSender<Job>)) {
        let folder = tempfile::tempdir().expect("a folder");
        let ids = folder.path().join("ids");
        let speaker = Speaker { espeak: ids.to_string_lossy().into_owned(), ..Speaker::new(ID) };
        let config = config::Voice { languages: vec![speaker], ..config::Voice::default() };
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/voice/hangs.sh");
        let voices = Voices::by(&config, &program, LONG, LONG);
        let (jobs, waiting) = sync_channel(MOST_JOBS);
        thread::scope(|scope| {
            // It goes where this fails, so that the thread ends.
            let jobs = jobs;
            scope.spawn(move || serve(&voices, &waiting));
            let place = Rendered::default();
            jobs.send(job("kartu keluarga", &place)).expect("it waits");
            let ids = || fs::read_to_string(&ids).unwrap_or_default();
            until(|| ids().ends_with('\n'));
            cut(place, &jobs);
            let own = ids().split(' ').next().expect("two ids").to_owned();
            until(|| !Path::new("/proc").join(&own).exists());
        });
    }

    #[test]
    fn an_announcement_that_comes_does_not_wait_for_the_one_that_it_cuts() {
        hangs_until(|first, jobs| {
            let (second, third) = (Rendered::default(), Rendered::default());
            jobs.send(job("nol", &second)).expect("room");
            jobs.send(job("satu", &third)).expect("room");
            until(|| third.get().is_some_and(|voice| voice.unsaid.is_empty()));
            assert!(first.get().is_none() && second.get().is_none_or(|voice| voice.unsaid.is_empty()));
        });
    }

    #[test]
    fn one_that_is_cut_stops_its_espeak_even_if_the_mixer_still_holds_it() {
        let mut held = None;
        hangs_until(|place, _| {
            let (chime, latency) = (None, Arc::default());
            let (lead, gap, rate) = (Duration::ZERO, Duration::ZERO, 48_000);
            let script = Script { lead, chime, voice: place, gap, rate, latency };
            let (sound, progress) = script.into_sound().expect("playable");
            progress.cut();
            held = Some((sound, progress));
        });
    }

    #[test]
    fn one_whose_device_is_gone_stops_its_espeak() {
        hangs_until(|place, _| drop(place));
    }
}
