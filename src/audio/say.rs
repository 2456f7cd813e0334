//! `papan say`: a call or a text, spoken as the screen speaks it, on a device or into a WAV file.
//! Invariant: what was not heard, or not whole, is an error.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::{
    Report, Threads, chime,
    device::{self, DEFAULT},
    mixer::{Command, Say},
    narrator, offline,
    script::{Rendered, Script, Voice},
    spawn, tracks,
    voice::Voices,
    wanted,
};
use crate::{
    config::Config,
    domain::{
        announcement::{Form, Haste, Number, What},
        event::{CounterId, Level, Notice, NoticeId, Ticket, TicketCalled},
        speech::{Called, Place, Sentence},
    },
    state::{Voiced, Wake},
    words::Language,
};

/// How long a device may take to open, and an announcement to be told of.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to speak, and where to.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What is spoken.
    pub what: Spoken<'a>,
    /// The WAV file to write; `None`: it is heard.
    pub out: Option<&'a Path>,
}

/// What is spoken.
#[derive(Debug, Clone, Copy)]
pub enum Spoken<'a> {
    /// A call; its service is empty where the sentence is to have none.
    Call(Called<'a>),
    /// A text, as a notice is spoken: in the first language.
    Text(&'a str),
}

/// Why it was not spoken, or not whole.
#[derive(Debug, thiserror::Error)]
pub enum SayError {
    /// The config wants no sound.
    #[error("the config wants neither a chime nor a language: there is nothing to hear")]
    Nothing,
    /// There is no device.
    #[error("no sound from device {0:?}: {1}")]
    Device(String, String),
    /// The devices could not be listed.
    #[error("the sound devices cannot be listed: {0}")]
    List(String),
    /// It broke off.
    #[error("it was not heard whole: {0}")]
    Broken(String),
    /// Nothing could say these words.
    #[error("neither clips nor espeak-ng could say: {}", .0.join(", "))]
    Unsaid(Vec<String>),
    /// There is nothing in them that can be said.
    #[error("nothing is said of {}: there is neither a letter nor a digit in it", .0.join(", "))]
    Skipped(Vec<String>),
    /// The threads could not be started.
    #[error("no thread for the sound: {0}")]
    Thread(#[source] io::Error),
    /// The file could not be written.
    #[error("{0}: {1}")]
    Write(PathBuf, #[source] io::Error),
    /// Nobody takes what is to be printed.
    #[error("the sentences cannot be printed: {0}")]
    Print(#[source] io::Error),
}

/// Prints what is said and speaks it; ends when it was heard, or written.
///
/// # Errors
/// See [`SayError`].
pub fn say(config: &Config, request: Request<'_>, print: &mut impl Write) -> Result<(), SayError> {
    if !wanted(config) {
        return Err(SayError::Nothing);
    }
    let (form, sentences) = sentences(config, request.what);
    let skipped = skipped(config, request.what, &sentences);
    for sentence in &sentences {
        writeln!(print, "{}", sentence.written).map_err(SayError::Print)?;
    }
    print.flush().map_err(SayError::Print)?;
    let time = config.hall.timezone.to_datetime(Timestamp::now()).time();
    let volume = tracks::volume(&config.sound, time);
    let unsaid = match request.out {
        Some(path) => write(config, form, &sentences, volume, path)?,
        None => sound(config, form, sentences, volume)?,
    };
    match (unsaid.is_empty(), skipped.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => Err(SayError::Skipped(skipped)),
        (false, _) => Err(SayError::Unsaid([unsaid, skipped].concat())),
    }
}

/// What to write so that the service is heard, where no language's sentence speaks of it.
pub fn unheard_service(config: &Config, what: Spoken<'_>) -> Option<String> {
    let Spoken::Call(Called { service, .. }) = what else { return None };
    let voice = &config.voice;
    let is_heard = voice.languages.iter().any(|s| s.manner.template.names(Place::Service));
    if service.is_empty() || is_heard {
        return None;
    }
    let language = voice.languages.first()?.manner.language;
    let (name, example) = match language {
        Language::Indonesian => {
            ("id", "(Nomor antrean) {prefix}, {number}, (layanan {service},) loket {counter}.")
        }
        Language::English => {
            ("en", "(Ticket number) {prefix}, {number}, (for {service},) counter {counter}.")
        }
    };
    Some(format!(
        "the service is not said, since the sentence has no {{service}}: write into [voice.{name}] for example call = \"{example}\", or try the name alone by --text"
    ))
}

/// The devices that `[sound] device` can name, the system's default first: name and description.
///
/// # Errors
/// The system does not tell.
pub fn device_names() -> Result<Vec<(String, String)>, SayError> {
    let all = device::all().map_err(|error| SayError::List(error.to_string()))?;
    Ok(all.into_iter().map(|named| (named.name, named.description)).collect())
}

/// Prints the devices that `[sound] device` can name.
///
/// # Errors
/// The system does not tell, or nobody takes what is printed.
pub fn devices(config: &Config, print: &mut impl Write) -> Result<(), SayError> {
    let all = device::all().map_err(|error| SayError::List(error.to_string()))?;
    let width = all.iter().map(|named| named.name.chars().count()).max().unwrap_or_default();
    for named in all {
        let (name, mut description) = (named.name, named.description);
        if name == DEFAULT {
            description = format!("(the system's default) {description}");
        }
        let mark = if name == config.sound.device { '*' } else { ' ' };
        let line = format!("{mark} {name:width$}  {description}");
        writeln!(print, "{}", line.trim_end()).map_err(SayError::Print)?;
    }
    writeln!(print, "* is what the config names; write another one as [sound] device = \"NAME\"")
        .map_err(SayError::Print)
}

/// What the screen would say if nothing else waited.
fn sentences(config: &Config, what: Spoken<'_>) -> (Form, Vec<Sentence>) {
    let voice = &config.voice;
    let form = |what: &What| voice.rules(Duration::ZERO).form(Haste::None, what, None);
    match what {
        Spoken::Call(called) => {
            let form = form(&What::Call(TicketCalled {
                ticket: Ticket(called.ticket.to_owned()),
                counter: CounterId(called.counter.to_owned()),
                service: None,
                attempt: 1,
                priority: None,
                time: None,
            }));
            let once: Vec<_> = voice.languages.iter().map(|s| s.manner.call(called, form.wording)).collect();
            (form, std::iter::repeat_n(once, usize::from(form.times)).flatten().collect())
        }
        Spoken::Text(text) => {
            let form = form(&What::Notice(Notice {
                id: NoticeId(String::new()),
                text: text.to_owned(),
                level: Level::Info,
                speak: true,
                until: None,
            }));
            (form, voice.languages.first().map(|s| s.manner.text(text)).unwrap_or_default())
        }
    }
}

/// What is in no sentence, having neither a letter nor a digit; each once.
fn skipped(config: &Config, what: Spoken<'_>, sentences: &[Sentence]) -> Vec<String> {
    if let (Spoken::Text(text), [], [_, ..]) = (what, sentences, config.voice.languages.as_slice()) {
        return vec![text.to_owned()];
    }
    let skipped: BTreeSet<&String> = sentences.iter().flat_map(|sentence| &sentence.skipped).collect();
    skipped.into_iter().cloned().collect()
}

/// Sounds it through the screen's own threads; the words that could not be said.
fn sound(
    config: &Config,
    form: Form,
    sentences: Vec<Sentence>,
    volume: f64,
) -> Result<Vec<String>, SayError> {
    let mut settings = config.sound.clone();
    settings.volume = volume;
    let no_device = |why: &str| SayError::Device(config.sound.device.clone(), why.to_owned());
    let Threads { commands, reports, film: _film } =
        spawn(&settings, &config.voice, Wake::default()).map_err(SayError::Thread)?;
    let mut sentences = Some(sentences);
    loop {
        match reports.recv_timeout(PATIENCE) {
            Ok(Report::Device(Ok(()))) => {
                let Some(sentences) = sentences.take() else { continue };
                let (asked, gap) = (Instant::now(), form.gap);
                let say = Say { number: Number(0), asked, chime: form.chime, sentences, gap };
                if commands.try_send(Command::Say(say)).is_err() {
                    return Err(no_device("it takes nothing"));
                }
            }
            // Where it broke off, this is told first.
            Ok(Report::Device(Err(why))) => return Err(no_device(&why)),
            Ok(Report::Voiced(Voiced::Ended { unsaid, .. })) => return Ok(unsaid),
            Ok(Report::Voiced(Voiced::Failed { why, .. })) => return Err(SayError::Broken(why)),
            Ok(Report::Voiced(Voiced::Began { .. } | Voiced::Said { .. })) => {}
            Ok(Report::Chime(_) | Report::Clips(_)) => {}
            Err(RecvTimeoutError::Timeout) => return Err(no_device("it does not answer")),
            Err(RecvTimeoutError::Disconnected) => return Err(no_device("its thread has ended")),
        }
    }
}

/// Writes it to a WAV file; the words that could not be said.
fn write(
    config: &Config,
    form: Form,
    sentences: &[Sentence],
    volume: f64,
    path: &Path,
) -> Result<Vec<String>, SayError> {
    let rate = offline::RATE;
    let voice = match sentences {
        [] => Voice { clip: super::clip::Clip::empty(rate), unsaid: Vec::new() },
        _ => narrator::render(&Voices::open(&config.voice), sentences, rate),
    };
    let (unsaid, rendered) = (voice.unsaid.clone(), Rendered::default());
    // It is empty: it was made here.
    _ = rendered.set(voice);
    let script = Script {
        lead: Duration::ZERO,
        chime: chime::for_hall(&config.sound.chime).filter(|_| form.chime).map(|chime| chime.at(rate)),
        voice: rendered,
        gap: form.gap,
        rate,
        latency: Default::default(),
    };
    let samples = offline::render(script, volume).map_err(|error| SayError::Broken(error.to_string()))?;
    let failed = |error| SayError::Write(path.to_owned(), error);
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    offline::write_wav(&samples, &mut file).and_then(|()| file.flush()).map_err(failed)?;
    Ok(unsaid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audio::limiter::CEILING, domain::speech::Template};

    const CALL: Spoken<'static> = call("A-012", "3", "");

    const fn call<'a>(ticket: &'a str, counter: &'a str, service: &'a str) -> Spoken<'a> {
        Spoken::Call(Called { ticket, counter, service })
    }

    fn wav(config: &Config, path: &Path) -> Vec<u8> {
        let request = Request { what: CALL, out: Some(path) };
        // What cannot be said here is not what is looked at.
        match say(config, request, &mut Vec::new()) {
            Ok(()) | Err(SayError::Unsaid(_)) => std::fs::read(path).expect("written"),
            Err(error) => panic!("{error}"),
        }
    }

    fn samples(wav: &[u8]) -> Vec<f32> {
        let words = wav[44..].as_chunks::<2>().0;
        words.iter().map(|w| f32::from(i16::from_le_bytes(*w)) / f32::from(i16::MAX)).collect()
    }

    #[test]
    fn the_file_begins_with_the_chime_and_ends_in_silence_the_same_each_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::default();
        config.sound.volume = 1.0;
        let first = wav(&config, &folder.path().join("a.wav"));
        assert!(first == wav(&config, &folder.path().join("b.wav")), "the same file");
        let sound = samples(&first);
        let loudest = |range: &[f32]| range.iter().fold(0.0_f32, |p, s| p.max(s.abs()));
        assert!(loudest(&sound[..96_000]) > 0.5, "the chime is heard in the first second");
        assert!(loudest(&sound) <= CEILING + 1.0e-4, "not clipped: {}", loudest(&sound));
        assert_eq!(loudest(&sound[sound.len() - 24_000..]), 0.0, "it ends in silence");
        config.sound.volume = 0.5;
        let soft = samples(&wav(&config, &folder.path().join("c.wav")));
        let ratio = loudest(&soft) / loudest(&sound);
        assert!((ratio - 0.5).abs() < 0.02, "the volume holds: {ratio}");
    }

    #[test]
    fn where_nothing_is_wanted_that_is_said() {
        let mut config = Config::default();
        config.sound.chime = crate::config::CHIME_NONE.to_owned();
        config.voice.languages.clear();
        let request = Request { what: CALL, out: None };
        assert!(matches!(say(&config, request, &mut Vec::new()), Err(SayError::Nothing)));
    }
    #[test]
    fn a_service_that_no_sentence_speaks_of_is_told_with_a_sentence_that_does() {
        for language in [Language::Indonesian, Language::English] {
            let mut config = Config { voice: crate::config::Voice::new(language), ..Config::default() };
            let hint = unheard_service(&config, call("A-012", "3", "Pajak")).expect("it is not heard");
            let template = hint.split('"').nth(1).expect("an example");
            config.voice.languages[0].manner.template = Template::parse(template).expect("a good one");
            assert_eq!(unheard_service(&config, call("A-012", "3", "Pajak")), None);
            let said = &sentences(&config, call("A-012", "3", "Pajak")).1[0].written;
            assert!(said.contains("pajak,"), "{said}");
        }
        assert_eq!(unheard_service(&Config::default(), CALL), None);
        assert_eq!(unheard_service(&Config::default(), Spoken::Text("Pajak")), None);
    }

    #[test]
    fn what_has_neither_a_letter_nor_a_digit_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("a.wav");
        let config = Config::default();
        for (what, told) in
            [(call("A-012", "★", ""), "★"), (call("🎫", "3", ""), "🎫"), (Spoken::Text("🎉"), "🎉")]
        {
            let error =
                say(&config, Request { what, out: Some(&out) }, &mut Vec::new()).expect_err("not whole");
            assert!(error.to_string().contains(told), "{error}");
        }
    }
}
