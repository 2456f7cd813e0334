//! `papan voice`: which clips a pack needs, which of them it has, and a new pack made by espeak-ng.
//! Invariant: a clip that is there is never overwritten but where that was asked for.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    espeak::{Espeak, EspeakError},
    pack::{self, Clip, LANGUAGES, MANIFEST, Pack},
};
use crate::{
    config::{Config, Speaker},
    domain::speech::Manner,
    problem::Problem,
    words::Language,
};

/// What a new pack is to be.
#[derive(Debug, Clone)]
pub struct Making {
    /// Its folder.
    pub folder: PathBuf,
    /// Its language.
    pub language: Language,
    /// A pack that is there gets the clips that it lacks.
    pub only_missing: bool,
    /// Clips that are there are made anew.
    pub force: bool,
}

/// Why a pack was not made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// There is one.
    #[error(
        "{0} holds a voice pack already: write --only-missing to add what it lacks, or --force to make all its clips anew"
    )]
    There(PathBuf),
    /// There is one that cannot be read, or in another language.
    #[error("{0}")]
    Broken(String),
    /// A phrase could not be said.
    #[error("espeak-ng did not say `{0}`: {1}")]
    Unsaid(String, String),
    /// A file could not be written.
    #[error("{0} cannot be written: {1}")]
    Write(PathBuf, #[source] io::Error),
    /// What the pack's progress is told to is gone.
    #[error(transparent)]
    Out(#[from] io::Error),
}

/// A language as the command line and the manifest name it: `id`, `en`.
///
/// # Errors
/// What to write instead.
pub fn language(text: &str) -> Result<Language, String> {
    let found = LANGUAGES.iter().find(|(name, _)| *name == text).map(|(_, language)| *language);
    found.ok_or_else(|| "write id or en".to_owned())
}

/// What is wrong with the voice pack in a folder that is to speak in this manner: its manifest, its clips, and a
/// warning that names the phrases for which it has none.
pub fn check(folder: &Path, manner: &Manner) -> Vec<Problem> {
    pack::check(folder, manner.language, &manner.clips())
}

/// Writes each phrase that a pack in this language needs with its file's name, and how it stands with the pack in
/// `folder` where one is given; without a language that of the pack, or else of the hall. Whether nothing is
/// missing or broken.
///
/// # Errors
/// Those of `out`.
pub fn list(
    out: &mut impl Write,
    config: &Config,
    folder: Option<&Path>,
    language: Option<Language>,
) -> io::Result<bool> {
    let (pack, problems) = folder.map(Pack::read).unwrap_or_default();
    for problem in &problems {
        writeln!(out, "{}", problem.display(config.hall.language))?;
    }
    let of_pack = pack.as_ref().map(|pack| pack.language);
    let language = language.or(of_pack).unwrap_or(config.hall.language);
    let wrong = of_pack.filter(|of| *of != language);
    if let (Some(wrong), Some(folder)) = (wrong, folder) {
        let (is, wanted, shown) = (pack::name(wrong), pack::name(language), folder.display());
        match config.hall.language {
            Language::Indonesian => writeln!(out, "{shown} berbahasa \"{is}\", bukan \"{wanted}\"")?,
            Language::English => writeln!(out, "{shown} speaks \"{is}\", not \"{wanted}\"")?,
        }
    }
    let needed = speaker(config, language).manner.clips();
    let named = pack.iter().flat_map(|pack| pack.clips.keys()).filter(|phrase| !needed.contains(phrase));
    let phrases: Vec<&String> = needed.iter().chain(named).collect();
    let names = Names::of(pack.as_ref(), &phrases);
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let wide = width(&mut phrases.iter().map(|p| p.chars().count()));
    let wider = width(&mut names.0.iter().map(|n| n.chars().count()));
    let mut bad = 0;
    for (phrase, file) in phrases.iter().zip(&names.0) {
        let state = folder.map(|_| state(pack.as_ref(), phrase, config.hall.language));
        bad += usize::from(matches!(state, Some(Err(_))));
        let state = state.map(|s| s.unwrap_or_else(|wrong| wrong)).unwrap_or_default();
        writeln!(out, "{}", format!("{phrase:wide$}  {file:wider$}  {state}").trim_end())?;
    }
    let count = phrases.len();
    match (folder, config.hall.language) {
        (None, Language::Indonesian) => writeln!(out, "{count} frasa.")?,
        (None, Language::English) => writeln!(out, "{count} phrases.")?,
        (Some(_), Language::Indonesian) => writeln!(out, "{count} frasa, {bad} di antaranya belum baik.")?,
        (Some(_), Language::English) => writeln!(out, "{count} phrases, {bad} of them not in order.")?,
    }
    Ok(bad == 0 && wrong.is_none() && problems.iter().all(|p| !p.is_error()))
}

/// How long a phrase's clip is, or what is wrong with it.
fn state(pack: Option<&Pack>, phrase: &str, told_in: Language) -> Result<String, String> {
    match pack.and_then(|pack| pack.load(phrase)) {
        Some(Ok(sound)) => Ok(format!("{:.2} s", sound.length().as_secs_f64())),
        Some(Err(error)) => {
            let (id, en) = error.told();
            Err(if told_in == Language::Indonesian { id } else { en })
        }
        None if told_in == Language::Indonesian => Err("belum ada di voice.toml".to_owned()),
        None => Err("not in voice.toml".to_owned()),
    }
}

/// Makes a voice pack by espeak-ng, with a clip for each phrase that a call can need; says how many.
///
/// # Errors
/// A pack that is there and was not to be touched, a phrase that espeak-ng does not say, a file that cannot be
/// written. Clips made before stay.
pub fn make(out: &mut impl Write, config: &Config, making: &Making) -> Result<(), MakeError> {
    let Making { folder, language, only_missing, force } = making;
    let manifest = folder.join(MANIFEST);
    let pack = if manifest.exists() {
        if !only_missing && !force {
            return Err(MakeError::There(folder.clone()));
        }
        Some(existing(folder, *language, config.hall.language)?)
    } else {
        None
    };
    let speaker = speaker(config, *language);
    let phrases = speaker.manner.clips();
    let names = Names::of(pack.as_ref(), &phrases.iter().collect::<Vec<_>>());
    fs::create_dir_all(folder).map_err(|err| MakeError::Write(folder.clone(), err))?;
    let espeak = Espeak::default();
    let (mut made, mut kept) = (0, 0);
    for (phrase, name) in phrases.iter().zip(&names.0) {
        let path = folder.join(name);
        if path.exists() && !force {
            kept += 1;
            continue;
        }
        let wav = wav(&espeak, &speaker, phrase)
            .map_err(|err| MakeError::Unsaid(phrase.clone(), err.to_string()))?;
        fs::write(&path, wav).map_err(|err| MakeError::Write(path, err))?;
        made += 1;
    }
    let text = match &pack {
        None => new_manifest(*language, phrases.iter().zip(&names.0)),
        Some(pack) => {
            let added = phrases.iter().zip(&names.0).filter(|(phrase, _)| !pack.clips.contains_key(*phrase));
            with_added(&manifest, added)?
        }
    };
    fs::write(&manifest, text).map_err(|err| MakeError::Write(manifest.clone(), err))?;
    let shown = folder.display();
    match config.hall.language {
        Language::Indonesian => writeln!(out, "{shown}: {made} klip dibuat, {kept} sudah ada.")?,
        Language::English => writeln!(out, "{shown}: {made} clips made, {kept} were there.")?,
    }
    Ok(())
}

fn existing(folder: &Path, language: Language, told_in: Language) -> Result<Pack, MakeError> {
    let (pack, problems) = Pack::read(folder);
    let lines: Vec<String> =
        problems.iter().filter(|p| p.is_error()).map(|p| p.display(told_in).to_string()).collect();
    let pack = pack.filter(|_| lines.is_empty()).ok_or_else(|| MakeError::Broken(lines.join("\n")))?;
    if pack.language != language {
        let (shown, is) = (folder.display(), pack::name(pack.language));
        return Err(MakeError::Broken(format!(
            "{shown} is a pack that speaks `{is}`: write --language {is}"
        )));
    }
    Ok(pack)
}

fn wav(espeak: &Espeak, speaker: &Speaker, phrase: &str) -> Result<Vec<u8>, EspeakError> {
    let sound = espeak.say_word(&speaker.espeak, speaker.speed, phrase)?;
    Ok(sound.wav().map_err(super::clip::ClipError::from)?)
}

fn new_manifest<'a>(language: Language, clips: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let (code, hint) = match language {
        Language::Indonesian => ("id", "# Tiap baris di bawah [clips]: frasa = berkas WAV di folder ini."),
        Language::English => ("en", "# Each line below [clips]: a phrase = a WAV file in this folder."),
    };
    let head = format!(
        "{hint}\nversion = 1\nlanguage = \"{code}\"\nname = \"espeak-ng\"\nlicence = \"MIT OR Apache-2.0\"\n\n[clips]\n"
    );
    clips.fold(head, |text, clip| text + &line(clip))
}

/// The manifest's text with more clips; all else stays as people wrote it.
fn with_added<'a>(
    manifest: &Path,
    clips: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<String, MakeError> {
    const HEADER: &str = "[clips]\n";
    let text = fs::read_to_string(manifest)?.replace("\r\n", "\n");
    let added: String = clips.map(line).collect();
    if added.is_empty() {
        return Ok(text);
    }
    let Some(at) = text.find(HEADER).filter(|at| *at == 0 || text[..*at].ends_with('\n')) else {
        let shown = manifest.display();
        return Err(MakeError::Broken(format!(
            "{shown}: has no line [clips] below which more can stand; add these:\n{added}"
        )));
    };
    let (before, after) = text.split_at(at + HEADER.len());
    Ok(format!("{before}{added}{after}"))
}

fn line((phrase, file): (&String, &String)) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    format!("{} = {}\n", quoted(phrase), quoted(file))
}

/// The file's name of each phrase, in order: as the pack has it, or made of the phrase.
struct Names(Vec<String>);

impl Names {
    fn of(pack: Option<&Pack>, phrases: &[&String]) -> Self {
        let named =
            |phrase: &str| pack.and_then(|pack| pack.clips.get(phrase)).map(|Clip { file, .. }| file.clone());
        let mut taken: BTreeSet<String> = phrases.iter().filter_map(|phrase| named(phrase)).collect();
        let name = |phrase: &&String| {
            named(phrase).unwrap_or_else(|| {
                let letters = |c: char| if c.is_alphanumeric() { c } else { '-' };
                let base: String = phrase.chars().map(letters).collect();
                let free =
                    (1..).map(|n| if n == 1 { format!("{base}.wav") } else { format!("{base}-{n}.wav") });
                let name = free.into_iter().find(|name| !taken.contains(name)).unwrap_or_default();
                taken.insert(name.clone());
                name
            })
        };
        Self(phrases.iter().map(name).collect())
    }
}

/// How a language is spoken in this hall.
fn speaker(config: &Config, language: Language) -> Speaker {
    let known = config.voice.languages.iter().find(|speaker| speaker.manner.language == language);
    known.cloned().unwrap_or_else(|| Speaker::new(language))
}
