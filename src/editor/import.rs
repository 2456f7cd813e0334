//! Files dropped on the window: checked, copied into the playlist's folder under safe names, oversized pictures
//! scaled. Invariant: a file stands in the folder whole or not at all, and none that was there is replaced.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use super::document::NewItem;

mod copy;
mod kind;
mod picture;

/// The most files of one drop.
const MAX_FILES: usize = 500;

/// Files on their way into the folder, on a thread of their own; dropping it ends it.
#[derive(Debug)]
pub struct Import {
    shared: Arc<Shared>,
}

/// What the thread and the window both know.
#[derive(Debug, Default)]
struct Shared {
    progress: Mutex<Progress>,
    done: Mutex<Option<Vec<Imported>>>,
    stop: AtomicBool,
}

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many files are done.
    pub done: usize,
    /// How many there are.
    pub all: usize,
    /// The name of the one that is worked on.
    pub now: String,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is in the folder.
    Copied {
        /// Where it came from.
        from: PathBuf,
        /// The item that shows it.
        item: NewItem,
        /// Its size before, where it was a picture that was scaled down.
        scaled: Option<(u32, u32)>,
    },
    /// It is not, and why, in Indonesian and English.
    Refused {
        /// Where it would have come from.
        from: PathBuf,
        /// In Indonesian.
        id: String,
        /// In English.
        en: String,
    },
}

/// Why a file is not taken, in Indonesian and English.
type Wrong = (String, String);

impl Import {
    /// Begins to copy files into a playlist's folder; `wake` is called when there is news.
    pub fn start(folder: &Path, mut files: Vec<PathBuf>, wake: impl Fn() + Send + 'static) -> Self {
        let too_many = files.split_off(files.len().min(MAX_FILES));
        let shared = Arc::new(Shared::default());
        shared.progress().all = files.len();
        let (folder, theirs) = (folder.to_owned(), Arc::clone(&shared));
        let mut refused: Vec<Imported> = Vec::new();
        if let Some(first) = too_many.into_iter().next() {
            let words = (
                format!("paling banyak {MAX_FILES} berkas sekali seret; seret sisanya lagi"),
                format!("at most {MAX_FILES} files at once; drop the rest again"),
            );
            refused.push(Imported::refused(&first, words));
        }
        let work = move || {
            copy::clear_left_behind(&folder);
            let mut all: Vec<Imported> = Vec::new();
            for (done, from) in files.into_iter().enumerate() {
                if theirs.stop.load(Ordering::Relaxed) {
                    break;
                }
                let now = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
                {
                    let mut progress = theirs.progress();
                    (progress.done, progress.now) = (done, now);
                }
                wake();
                all.push(match take(&folder, &from, &theirs.stop) {
                    Ok((item, scaled)) => Imported::Copied { from, item, scaled },
                    Err(wrong) => Imported::refused(&from, wrong),
                });
            }
            all.extend(refused);
            *theirs.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(all);
            wake();
        };
        if let Err(err) = thread::Builder::new().name("papan-import".to_owned()).spawn(work) {
            let words =
                (format!("berkas tidak dapat disalin ({err})"), format!("files cannot be copied ({err})"));
            let refused = Imported::refused(Path::new(""), words);
            *shared.done.lock().unwrap_or_else(PoisonError::into_inner) = Some(vec![refused]);
        }
        Self { shared }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.shared.progress().clone()
    }

    /// What became of each file, once, when all are done; `None` before.
    pub fn finished(&mut self) -> Option<Vec<Imported>> {
        self.shared.done.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Ends it: the file that is worked on is not taken, nor are those after it.
    pub fn cancel(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Shared {
    fn progress(&self) -> std::sync::MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Imported {
    fn refused(from: &Path, (id, en): Wrong) -> Self {
        let name = from.file_name().unwrap_or_default().to_string_lossy();
        Self::Refused { from: from.to_owned(), id: format!("`{name}`: {id}"), en: format!("`{name}`: {en}") }
    }
}

/// Takes one file: the item that shows it, and its size before where it was scaled.
fn take(folder: &Path, from: &Path, stop: &AtomicBool) -> Result<(NewItem, Option<(u32, u32)>), Wrong> {
    let kind = kind::of(from)?;
    // What lies in the folder already is shown from where it lies.
    if let Some(name) = within(folder, from) {
        return Ok((kind.item(name), None));
    }
    match kind {
        kind::Kind::Picture(format) => {
            let (name, scaled) = picture::take(folder, from, format, stop)?;
            Ok((kind.item(name), scaled))
        }
        kind::Kind::Film(ending) => {
            let name = copy::whole(folder, "films/", from, ending, stop)?;
            captions(folder, from, &name, stop);
            Ok((kind.item(name), None))
        }
        kind::Kind::Page => Ok((kind.item(copy::whole(folder, "pages/", from, "md", stop)?), None)),
    }
}

/// The captions beside a film come along, where there are some.
fn captions(folder: &Path, from: &Path, film: &str, stop: &AtomicBool) {
    for ending in ["srt", "SRT", "vtt", "VTT"] {
        let beside = from.with_extension(ending);
        if beside.is_file() {
            let stem = Path::new(film).file_stem().unwrap_or_default().to_string_lossy();
            if let Err((_, en)) =
                copy::named(folder, "films/", &beside, (&stem, &ending.to_lowercase()), stop)
            {
                tracing::warn!("{}: {en}", beside.display());
            }
            return;
        }
    }
}

/// The name of a file that lies in the folder already.
fn within(folder: &Path, from: &Path) -> Option<String> {
    let (folder, from) = (fs::canonicalize(folder).ok()?, fs::canonicalize(from).ok()?);
    let parts: Option<Vec<&str>> = from.strip_prefix(folder).ok()?.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

#[cfg(test)]
mod tests;
