//! `papan voice make`: a new pack by espeak-ng, or what one lacks.
//! Invariant: a clip that is there is never overwritten but where that was asked for, and no file is ever half one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    clip::{self, ClipError},
    espeak::{Espeak, EspeakError, Wanted},
    pack::{self, Clip, MANIFEST, Pack},
    tool::speaker,
};
use crate::{
    config::{Config, Speaker},
    problem::Problem,
    replace::{Outlives, Readers, replace},
    words::Language,
};

/// The longest name of a file that is made of a phrase, in bytes, without `.wav`.
const LONGEST_NAME: usize = 60;

/// What a new pack is to be.
#[derive(Debug, Clone)]
pub struct Making {
    /// Its folder.
    pub folder: PathBuf,
    /// Its language.
    pub language: Language,
    /// A pack that is there gets the clips that it lacks.
    pub only_missing: bool,
    /// Clips that are there are made anew, and so is a manifest that cannot be read.
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
    /// There is one that cannot be read, or in another language, or that would be made worse.
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

/// Makes a voice pack by espeak-ng, with a clip for each phrase that a call can need; says how many. Whether all
/// clips that were there and stay can be used: the others are named.
///
/// # Errors
/// A pack that is there and was not to be touched, a phrase that espeak-ng does not say, a file that cannot be
/// written. Clips made before stay.
pub fn make(out: &mut impl Write, config: &Config, making: &Making) -> Result<bool, MakeError> {
    let Making { folder, language, force, .. } = making;
    let (manifest, told_in) = (folder.join(MANIFEST), config.hall.language);
    let (pack, problems) = existing(making, told_in)?;
    for problem in &problems {
        writeln!(out, "{}", problem.display(told_in))?;
    }
    let speaker = speaker(config, *language);
    let phrases = speaker.manner.clips();
    let names = Names::of(pack.as_ref(), &phrases.iter().collect::<Vec<_>>());
    let text = match &pack {
        None => new_manifest(*language, phrases.iter().zip(&names.0)),
        Some(pack) => {
            let added = phrases.iter().zip(&names.0).filter(|(phrase, _)| !pack.clips.contains_key(*phrase));
            with_added(&manifest, added)?
        }
    };
    readable(folder, &text, told_in)?;
    fs::create_dir_all(folder).map_err(|err| MakeError::Write(folder.clone(), err))?;
    let espeak = Espeak::default();
    let (mut made, mut kept, mut broken) = (0, 0, 0);
    for (phrase, name) in phrases.iter().zip(&names.0) {
        let path = folder.join(name);
        match pack::from_file(&path) {
            _ if *force => {}
            Ok(_) => {
                kept += 1;
                continue;
            }
            Err(ClipError::Read(err)) if err.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                broken += 1;
                let ((id, en), shown) = (error.told(), path.display());
                writeln!(out, "{shown}: {}", if told_in == Language::Indonesian { id } else { en })?;
                continue;
            }
        }
        let unsaid = |err: EspeakError| MakeError::Unsaid(phrase.clone(), err.to_string());
        put(folder, name, &wav(&espeak, &speaker, phrase).map_err(unsaid)?)?;
        made += 1;
    }
    put(folder, MANIFEST, text.as_bytes())?;
    let shown = folder.display();
    match (told_in, broken) {
        (Language::Indonesian, 0) => writeln!(out, "{shown}: {made} klip dibuat, {kept} sudah ada.")?,
        (Language::English, 0) => writeln!(out, "{shown}: {made} clips made, {kept} were there.")?,
        (Language::Indonesian, _) => writeln!(
            out,
            "{shown}: {made} klip dibuat, {kept} sudah ada, {broken} rusak; rekam ulang, atau hapus berkasnya lalu jalankan ini lagi."
        )?,
        (Language::English, _) => writeln!(
            out,
            "{shown}: {made} clips made, {kept} were there, {broken} are broken; record them again, or remove their files and run this again."
        )?,
    }
    Ok(broken == 0)
}

/// The pack that is there and stays, and what is wrong with one that does not.
fn existing(making: &Making, told_in: Language) -> Result<(Option<Pack>, Vec<Problem>), MakeError> {
    let Making { folder, language, only_missing, force } = making;
    // What a link that leads nowhere stands for is made, too.
    if fs::symlink_metadata(folder.join(MANIFEST)).is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return Ok((None, Vec::new()));
    }
    if !only_missing && !force {
        return Err(MakeError::There(folder.clone()));
    }
    let (pack, problems) = Pack::read(folder);
    let whole = !problems.iter().any(Problem::is_error);
    if let Some(is) = pack.as_ref().map(|pack| pack.language).filter(|is| is != language) {
        let (shown, is) = (folder.display(), pack::name(is));
        return Err(MakeError::Broken(format!(
            "{shown} is a pack that speaks `{is}`: write --language {is}"
        )));
    }
    match pack.filter(|_| whole) {
        Some(pack) if *force => unshared(&pack, folder).map(|()| (Some(pack), Vec::new())),
        Some(pack) => Ok((Some(pack), Vec::new())),
        None if *force => Ok((None, problems)),
        None => Err(MakeError::Broken(lines(&problems, told_in))),
    }
}

/// An error where two phrases share a file, or one has the manifest's: made anew, one would speak for the other.
fn unshared(pack: &Pack, folder: &Path) -> Result<(), MakeError> {
    let mut files = BTreeMap::from([(MANIFEST, "the manifest")]);
    for (phrase, Clip { file, line }) in &pack.clips {
        if let Some(other) = files.insert(file, phrase) {
            let manifest = folder.join(MANIFEST);
            return Err(MakeError::Broken(format!(
                "{}:{line}: `{file}` is there for `{other}` and for `{phrase}`: give each a file of its own",
                manifest.display()
            )));
        }
    }
    Ok(())
}

/// An error where a manifest is none that papan reads.
fn readable(folder: &Path, manifest: &str, told_in: Language) -> Result<(), MakeError> {
    let (_, problems) = Pack::with_manifest(folder, manifest);
    let errors: Vec<Problem> = problems.into_iter().filter(Problem::is_error).collect();
    if errors.is_empty() { Ok(()) } else { Err(MakeError::Broken(lines(&errors, told_in))) }
}

fn lines(problems: &[Problem], told_in: Language) -> String {
    let lines = problems.iter().filter(|p| p.is_error()).map(|p| p.display(told_in).to_string());
    lines.collect::<Vec<_>>().join("\n")
}

fn wav(espeak: &Espeak, speaker: &Speaker, phrase: &str) -> Result<Vec<u8>, EspeakError> {
    let sound = espeak.say_word(&speaker.espeak, speaker.speed, phrase, Wanted::ALWAYS)?;
    let wav = sound.wav().map_err(ClipError::from)?;
    // What a pack cannot use is not written.
    clip::load(&wav)?;
    Ok(wav)
}

/// Writes a file of a pack whole or not at all; a link in its place gives way to it, and its target stays.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), MakeError> {
    let path = folder.join(name);
    let home = path.parent().filter(|home| !home.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || {
        fs::create_dir_all(home)?;
        if !home.canonicalize()?.starts_with(folder.canonicalize()?) {
            return Err(io::Error::other("a link leads out of the pack's folder"));
        }
        replace(&path, bytes, Readers::Anyone, Outlives::Power)
    };
    written().map_err(|err| MakeError::Write(path.clone(), err))
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
    let shown = manifest.display();
    let read = fs::read_to_string(manifest).map_err(|err| MakeError::Broken(format!("{shown}: {err}")));
    let text = read?.replace("\r\n", "\n");
    let added: String = clips.map(line).collect();
    if added.is_empty() {
        return Ok(text);
    }
    let Some(at) = text.find(HEADER).filter(|at| *at == 0 || text[..*at].ends_with('\n')) else {
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
pub(super) struct Names(pub(super) Vec<String>);

impl Names {
    pub(super) fn of(pack: Option<&Pack>, phrases: &[&String]) -> Self {
        let named = |phrase: &str| pack.and_then(|pack| pack.clips.get(phrase)).map(|clip| clip.file.clone());
        // Also by phrases that are not asked for here, such as the names of services.
        let there = pack.iter().flat_map(|pack| pack.clips.values()).map(|clip| clip.file.clone());
        let mut taken: BTreeSet<String> = there.collect();
        let name = |phrase: &&String| {
            named(phrase).unwrap_or_else(|| {
                let letters = |c: char| if c.is_alphanumeric() { c } else { '-' };
                let base: String = phrase.chars().map(letters).collect();
                let base = &base[..base.floor_char_boundary(LONGEST_NAME)];
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
