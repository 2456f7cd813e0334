//! A voice pack: a folder with `voice.toml` and a clip for each phrase, or the same built into the program.
//! Invariant: a pack that is open has a language and names only files within its folder.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Read,
    path::{Component, Path, PathBuf},
};

use super::clip::{self, ClipError, LARGEST_BYTES, Sound};
use crate::{
    domain::visible::clean,
    problem::Problem,
    words::Language,
    written::{Source, Table, Value, open, read_text},
};

/// A pack's manifest.
pub(super) const MANIFEST: &str = "voice.toml";
/// The languages, as the manifest names them.
pub(super) const LANGUAGES: [(&str, Language); 2] = [("id", Language::Indonesian), ("en", Language::English)];
/// The largest manifest, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The most clips; a complete pack has fewer than two hundred, and names of services come on top.
const MOST_CLIPS: usize = 2_000;
const MAX_NAME: usize = 200;
/// The longest phrase, in characters.
const MAX_PHRASE: usize = 100;

const KEYS: &[&str] = &["version", "language", "name", "licence", "clips"];

/// Files that are built into the program: name and content.
pub(super) type Files = &'static [(&'static str, &'static [u8])];

/// An open voice pack.
#[derive(Debug, Clone)]
pub(super) struct Pack {
    home: Home,
    pub(super) language: Language,
    /// Where each phrase's clip lies.
    pub(super) clips: BTreeMap<String, Clip>,
}

/// Where a phrase's clip lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clip {
    /// The file's name within the pack.
    pub(super) file: String,
    /// The manifest's line that names it.
    pub(super) line: usize,
}

#[derive(Debug, Clone)]
enum Home {
    Folder(PathBuf),
    Program(Files),
}

impl Pack {
    /// Reads a folder's manifest: the pack, if it can be used at all, and what is wrong with its manifest.
    pub(super) fn read(folder: &Path) -> (Option<Self>, Vec<Problem>) {
        let file = folder.join(MANIFEST);
        match read_text(&file, MAX_BYTES) {
            Ok(text) => Self::parse(&text, &file, Home::Folder(folder.to_owned())),
            Err(problem) => (None, vec![problem]),
        }
    }

    /// The pack that ships with papan in a language; `None` where the program was built without it.
    pub(super) fn shipped(language: Language) -> Option<Self> {
        let files = super::shipped::files(language);
        let (_, text) = files.iter().find(|(name, _)| *name == MANIFEST)?;
        Self::parse(std::str::from_utf8(text).ok()?, Path::new(MANIFEST), Home::Program(files)).0
    }

    fn parse(text: &str, file: &Path, home: Home) -> (Option<Self>, Vec<Problem>) {
        let source = Source::new(file, text);
        let pack = source.toml(text).and_then(|table| {
            let root = Table::root(&source, &table, KEYS);
            let version = root.need("version", "1").and_then(|v| v.whole(1..=1, "1"));
            let language = root.need("language", "\"id\"").and_then(|v| v.choice(&LANGUAGES));
            for key in ["name", "licence"] {
                root.get(key).and_then(|v| v.text(MAX_NAME, "\"Suara kantor\""));
            }
            let clips = root.need("clips", "{ nol = \"nol.wav\" }").map(clips).unwrap_or_default();
            version?;
            Some(Self { home, language: language?, clips })
        });
        (pack, source.into_problems())
    }

    /// A phrase's clip, ready to be joined; `None` where the pack names none.
    pub(super) fn load(&self, phrase: &str) -> Option<Result<Sound, ClipError>> {
        let Clip { file, .. } = self.clips.get(phrase)?;
        Some(match self.home {
            Home::Folder(ref folder) => from_file(&folder.join(file)),
            Home::Program(files) => match files.iter().find(|(name, _)| name == file) {
                Some((_, wav)) => clip::load(wav),
                None => Err(std::io::Error::from(std::io::ErrorKind::NotFound).into()),
            },
        })
    }

    /// A phrase's clip, for logs.
    pub(super) fn shown(&self, phrase: &str) -> String {
        let file = self.clips.get(phrase).map_or("", |clip| clip.file.as_str());
        match &self.home {
            Home::Folder(folder) => folder.join(file).display().to_string(),
            Home::Program(_) => format!("{file} that ships"),
        }
    }

    /// What is wrong with the clips that the manifest names: a problem for each, at its line.
    pub(super) fn broken(&self) -> Vec<Problem> {
        let Home::Folder(folder) = &self.home else { return Vec::new() };
        let manifest = folder.join(MANIFEST);
        let problem = |(phrase, clip): (&String, &Clip)| {
            let (id, en) = self.load(phrase)?.err()?.told();
            let name = &clip.file;
            Some(Problem::error(
                &manifest,
                Some(clip.line),
                format!("`{name}`: {id}"),
                format!("`{name}`: {en}"),
            ))
        };
        self.clips.iter().filter_map(problem).collect()
    }
}

fn from_file(path: &Path) -> Result<Sound, ClipError> {
    let mut wav = Vec::new();
    // One byte more than allowed is enough to know.
    open(path)?.take(LARGEST_BYTES + 1).read_to_end(&mut wav)?;
    if wav.len() as u64 > LARGEST_BYTES { Err(ClipError::Large) } else { clip::load(&wav) }
}

fn clips(value: Value<'_>) -> BTreeMap<String, Clip> {
    let mut named = value.named("[clips]");
    // In the order of the file, so that of two alike the second one is told.
    named.sort_by_key(Value::line);
    if named.len() > MOST_CLIPS {
        let count = named.len();
        value.error(
            format!("ada {count} klip; paling banyak {MOST_CLIPS}, hapus yang tidak dipakai"),
            format!("there are {count} clips; at most {MOST_CLIPS}: take out those that are not used"),
        );
        return BTreeMap::new();
    }
    let mut clips = BTreeMap::new();
    for value in named {
        let phrase = value.key().split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        let Some(file) = value.text(MAX_NAME, "\"nol.wav\"") else { continue };
        if phrase.is_empty() || phrase.chars().count() > MAX_PHRASE {
            value.error(
                format!("frasa di depan tanda = harus 1 sampai {MAX_PHRASE} huruf"),
                format!("the phrase before the = must have 1 to {MAX_PHRASE} characters"),
            );
        } else if !within(&file) {
            value.error(
                format!("`{file}` di luar folder ini; tulis nama berkas di dalamnya, misalnya \"nol.wav\""),
                format!(
                    "`{file}` is outside this folder; write the name of a file in it, such as \"nol.wav\""
                ),
            );
        } else {
            match clips.entry(phrase) {
                Entry::Vacant(place) => {
                    place.insert(Clip { file, line: value.line() });
                }
                Entry::Occupied(there) => {
                    let phrase = clean(there.key());
                    value.error(
                        format!("frasa `{phrase}` sudah ada di atas; hapus salah satu barisnya"),
                        format!("the phrase `{phrase}` is there already; take one of its lines out"),
                    );
                }
            }
        }
    }
    clips
}

/// Whether a file's name leads nowhere but into the pack's folder.
pub(super) fn within(file: &str) -> bool {
    let mut parts = Path::new(file).components();
    !file.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// What is wrong with the pack in a folder that is to say `phrases` in a language: its manifest, its clips, and
/// one line for all that is missing.
pub(super) fn check(folder: &Path, language: Language, phrases: &[String]) -> Vec<Problem> {
    let (pack, mut problems) = Pack::read(folder);
    let Some(pack) = pack else { return problems };
    let manifest = folder.join(MANIFEST);
    if pack.language != language {
        let (is, wanted) = (name(pack.language), name(language));
        problems.push(Problem::error(
            &manifest,
            None,
            format!("paket suara ini berbahasa \"{is}\", padahal dipakai untuk \"{wanted}\"; pilih paket lain atau tulis language = \"{wanted}\""),
            format!("this voice pack speaks \"{is}\" and is used for \"{wanted}\"; choose another or write language = \"{wanted}\""),
        ));
        return problems;
    }
    problems.extend(pack.broken());
    problems.extend(missing(&pack, &manifest, phrases));
    problems
}

/// How many missing phrases a problem names.
const MOST_NAMED: usize = 10;

fn missing(pack: &Pack, manifest: &Path, phrases: &[String]) -> Option<Problem> {
    let missing: Vec<&str> =
        phrases.iter().filter(|p| !pack.clips.contains_key(*p)).map(String::as_str).collect();
    if missing.is_empty() {
        return None;
    }
    let named = missing.iter().take(MOST_NAMED).map(|p| format!("`{p}`")).collect::<Vec<_>>().join(", ");
    let more = missing.len().saturating_sub(MOST_NAMED);
    let (id, en) = if more == 0 {
        (named.clone(), named)
    } else {
        (format!("{named}, dan {more} lagi"), format!("{named}, and {more} more"))
    };
    let add = format!("papan voice make --only-missing --language {}", name(pack.language));
    Some(Problem::warning(
        manifest,
        None,
        format!("klip ini belum ada, espeak-ng yang mengucapkannya: {id}; rekam, atau buat dengan {add}"),
        format!("these clips are missing, espeak-ng says them: {en}; record them, or make them: {add}"),
    ))
}

/// A language as the manifest names it.
pub(super) fn name(language: Language) -> &'static str {
    match language {
        Language::Indonesian => "id",
        Language::English => "en",
    }
}
