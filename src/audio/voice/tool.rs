//! `papan voice list`, and what `papan check` says of a pack: which clips it needs, and which of them it has.
//! Invariant: nothing is written here.

use std::{
    io::{self, Write},
    path::Path,
};

use super::{
    make::Names,
    pack::{self, LANGUAGES, Pack},
};
use crate::{
    config::{Config, Speaker},
    domain::speech::Manner,
    problem::Problem,
    words::Language,
};

/// A language as the command line and the manifest name it: `id`, `en`.
///
/// # Errors
/// What to write instead.
pub fn language(text: &str) -> Result<Language, String> {
    let found = LANGUAGES.iter().find(|(name, _)| *name == text).map(|(_, language)| *language);
    found.ok_or_else(|| "write id or en".to_owned())
}

/// What is wrong with the voice pack in a folder that is to speak in this manner: its manifest, its clips, and a
/// warning that names the phrases for which it has none. `config` is the file that names the folder.
pub fn check(folder: &Path, manner: &Manner, config: Option<&Path>) -> Vec<Problem> {
    pack::check(folder, manner.language, &manner.clips(), config)
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
    let told = |(id, en)| if told_in == Language::Indonesian { id } else { en };
    match pack.and_then(|pack| pack.prepare(phrase)) {
        Some(Ok(clip)) => {
            let doubt = clip.doubt().map(|doubt| format!("; {}", told(doubt))).unwrap_or_default();
            Ok(format!("{:.2} s{doubt}", clip.sound.length().as_secs_f64()))
        }
        Some(Err(error)) => Err(told(error.told())),
        None if told_in == Language::Indonesian => Err("belum ada di voice.toml".to_owned()),
        None => Err("not in voice.toml".to_owned()),
    }
}

/// How a language is spoken in this hall.
pub(super) fn speaker(config: &Config, language: Language) -> Speaker {
    let known = config.voice.languages.iter().find(|speaker| speaker.manner.language == language);
    known.cloned().unwrap_or_else(|| Speaker::new(language))
}
