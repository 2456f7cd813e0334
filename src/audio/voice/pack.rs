//! A voice pack: a folder with `voice.toml` and a clip for each phrase, or the same built into the program.
//! Invariant: a pack that is open has a language and names only files within its folder.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    io::Read,
    path::{Component, Path, PathBuf},
};

use super::clip::{self, ClipError, LARGEST_BYTES, Prepared, Sound};
use crate::{
    domain::{
        speech::{LONGEST_PHRASE, LONGEST_TEMPLATE},
        visible::clean,
    },
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
/// The longest phrase, in characters: as many words as are looked for at once, each as long as a text can be.
const MAX_PHRASE: usize = LONGEST_PHRASE * (LONGEST_TEMPLATE + 1);

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
            Ok(text) => Self::with_manifest(folder, &text),
            Err(problem) => (None, vec![problem]),
        }
    }

    /// The pack that ships with papan in a language; `None` where the program was built without it.
    pub(super) fn shipped(language: Language) -> Option<Self> {
        let files = super::shipped::files(language);
        let (_, text) = files.iter().find(|(name, _)| *name == MANIFEST)?;
        Self::parse(std::str::from_utf8(text).ok()?, Path::new(MANIFEST), Home::Program(files)).0
    }

    /// A folder's pack with this manifest, as [`Pack::read`] would read it.
    pub(super) fn with_manifest(folder: &Path, text: &str) -> (Option<Self>, Vec<Problem>) {
        Self::parse(text, &folder.join(MANIFEST), Home::Folder(folder.to_owned()))
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
        Some(self.prepare(phrase)?.map(|clip| clip.sound))
    }

    /// The same, with what else can be told of it.
    pub(super) fn prepare(&self, phrase: &str) -> Option<Result<Prepared, ClipError>> {
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
            let (problem, (id, en)): (fn(&_, _, _, _) -> _, _) = match self.prepare(phrase)? {
                Err(error) => (Problem::error, error.told()),
                Ok(clip) => (Problem::warning, clip.doubt()?),
            };
            let name = &clip.file;
            Some(problem(&manifest, Some(clip.line), format!("`{name}`: {id}"), format!("`{name}`: {en}")))
        };
        self.clips.iter().filter_map(problem).collect()
    }
}

/// A clip of a folder, ready to be joined.
pub(super) fn from_file(path: &Path) -> Result<Prepared, ClipError> {
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
    let mut clips: BTreeMap<String, Clip> = BTreeMap::new();
    for value in named {
        let phrase = value.key().split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        let Some(file) = value.text(MAX_NAME, "\"nol.wav\"") else { continue };
        let (words, count) = (phrase.split(' ').count(), phrase.chars().count());
        if phrase.is_empty() || count > MAX_PHRASE || words > LONGEST_PHRASE {
            value.error(
                format!("frasa di depan tanda = harus 1 sampai {LONGEST_PHRASE} kata"),
                format!("the phrase before the = must have 1 to {LONGEST_PHRASE} words"),
            );
            continue;
        }
        let Some(file) = inside(&file) else {
            value.error(
                format!("`{file}` di luar folder ini; tulis nama berkas di dalamnya, misalnya \"nol.wav\""),
                format!(
                    "`{file}` is outside this folder; write the name of a file in it, such as \"nol.wav\""
                ),
            );
            continue;
        };
        if let Some((other, _)) = clips.iter().find(|(other, clip)| clip.file == file && **other != phrase) {
            let other = clean(other);
            value.warning(
                format!("`{file}` sudah dipakai untuk `{other}`; tulis berkas lain, supaya yang terdengar bukan kata itu"),
                format!("`{file}` is there for `{other}` already; write another file, so that not that word is heard"),
            );
        }
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
    clips
}

/// The name of a file that lies in the pack's folder, without detours; `None` where it leads elsewhere.
fn inside(file: &str) -> Option<String> {
    let mut inside = PathBuf::new();
    for part in Path::new(file).components() {
        match part {
            Component::Normal(name) => inside.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    inside.to_str().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// What is wrong with the pack in a folder that is to say `phrases` in a language: its manifest, its clips, and
/// one line for all that is missing, with the command that makes it for the config that was read.
pub(super) fn check(
    folder: &Path,
    language: Language,
    phrases: &[String],
    config: Option<&Path>,
) -> Vec<Problem> {
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
    let add = command(folder, language, config);
    problems.extend(missing(&pack, &manifest, phrases, &add));
    problems
}

/// How many missing phrases a problem names.
const MOST_NAMED: usize = 10;

fn missing(pack: &Pack, manifest: &Path, phrases: &[String], add: &str) -> Option<Problem> {
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
    Some(Problem::warning(
        manifest,
        None,
        format!("klip ini belum ada, espeak-ng yang mengucapkannya: {id}; rekam, atau buat dengan: {add}"),
        format!("these clips are missing, espeak-ng says them: {en}; record them, or make them: {add}"),
    ))
}

/// The command that makes what a pack lacks, for a shell.
fn command(folder: &Path, language: Language, config: Option<&Path>) -> String {
    let config = config.map(|path| format!(" --config {}", quoted(path))).unwrap_or_default();
    format!("papan voice make {} --language {} --only-missing{config}", quoted(folder), name(language))
}

/// A path as a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    if !path.is_empty() && !path.starts_with('-') && path.chars().all(plain) {
        return path;
    }
    let dots = if path.starts_with('-') { "./" } else { "" };
    format!("'{dots}{}'", path.replace('\'', "'\\''"))
}

/// A language as the manifest names it.
pub(super) fn name(language: Language) -> &'static str {
    match language {
        Language::Indonesian => "id",
        Language::English => "en",
    }
}
