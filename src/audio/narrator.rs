//! The voice thread: it renders sentences while the chime sounds.
//! Invariant: only the newest announcement is rendered; what was cut before its turn costs nothing.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
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
    voice::Voices,
};
use crate::{config, domain::speech::Sentence};

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
    while let Ok(mut job) = jobs.recv() {
        while let Ok(newer) = jobs.try_recv() {
            job = newer;
        }
        // Where it was cut meanwhile, nobody else holds its place.
        if Arc::strong_count(&job.voice) > 1 {
            // One sentence that cannot be rendered must not silence all that come after it.
            let rendered = catch_unwind(AssertUnwindSafe(|| render(&voices, &job.sentences, job.rate)));
            let voice = rendered.unwrap_or_else(|_| {
                let unsaid: Vec<String> = job.sentences.iter().map(|s| s.written.clone()).collect();
                error!("sound: the voice broke off at {}", unsaid.join(" "));
                Voice { clip: Clip::empty(job.rate), unsaid }
            });
            // The place is this job's own: it was empty.
            _ = job.voice.set(voice);
        }
    }
}

/// The voice that says these sentences, at the device's rate.
pub(super) fn render(voices: &Voices, sentences: &[Sentence], rate: u32) -> Voice {
    let spoken = voices.say(sentences);
    Voice { clip: Clip::mono(&spoken.samples, spoken.rate).at(rate), unsaid: spoken.unsaid }
}
