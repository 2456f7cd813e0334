//! Writing: the token, the sample playlist, the config and its backup.
//! Invariant: each file is replaced whole or not at all, and what can fail is tried before the first is replaced.

use std::{
    fs::{self, File, Metadata, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::users;
use crate::{config::Reading, problem::Problem, replace::UNFINISHED};

/// What is to be written.
#[derive(Debug)]
pub struct Files<'a> {
    /// The config, where a link leads to.
    pub config: &'a Path,
    /// Its new text; `None`: it stays.
    pub text: Option<&'a str>,
    /// The token and its file.
    pub token: Option<(&'a Path, &'a str)>,
    /// Folders to which a playlist is copied: from, to.
    pub copies: &'a [(PathBuf, PathBuf)],
}

/// What could not be written; nothing of the config was changed.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct SaveError {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

trait At<T> {
    fn at(self, path: &Path) -> Result<T, SaveError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, SaveError> {
        self.map_err(|source| SaveError { path: path.to_owned(), source })
    }
}

/// The config's problems, as it would be with this text.
///
/// # Errors
/// It cannot be written beside the config.
pub fn problems(config: &Path, text: &str) -> Result<Vec<Problem>, SaveError> {
    let file = beside(config, text.as_bytes(), None)?;
    let problems = Reading::read(file.path()).problems;
    Ok(problems.into_iter().map(|problem| Problem { file: config.to_owned(), ..problem }).collect())
}

/// Writes all; the backup's path, where there is one.
///
/// # Errors
/// The first file that could not be written.
pub fn save(files: &Files<'_>) -> Result<Option<PathBuf>, SaveError> {
    let old = fs::metadata(files.config).ok();
    let config = files.text.map(|text| beside(files.config, text.as_bytes(), old.as_ref())).transpose()?;
    let backup = match (&config, &old) {
        (Some(_), Some(old)) => {
            let path = backup_of(files.config);
            let text = fs::read(files.config).at(files.config)?;
            Some((beside(&path, &text, Some(old))?, path))
        }
        _ => None,
    };
    let token = files.token.map(|(path, token)| secret(path, token).map(|file| (file, path))).transpose()?;
    for (from, to) in files.copies {
        copy(from, to)?;
    }
    if let Some((file, path)) = token {
        replace(file, path)?;
    }
    let kept = backup.map(|(file, path)| replace(file, &path).map(|()| path)).transpose()?;
    if let Some(file) = config {
        replace(file, files.config)?;
    }
    Ok(kept)
}

/// The file that holds the config as it was before.
fn backup_of(config: &Path) -> PathBuf {
    let mut name = config.file_name().unwrap_or_default().to_owned();
    name.push("~");
    config.with_file_name(name)
}

/// A file beside another one, written and safe on the disk.
fn beside(path: &Path, bytes: &[u8], like: Option<&Metadata>) -> Result<NamedTempFile, SaveError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = || {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        file.write_all(bytes)?;
        let mode = like.map_or(0o644, |like| like.mode() & 0o7777);
        file.as_file().set_permissions(Permissions::from_mode(mode))?;
        if let Some(like) = like {
            owned(file.as_file(), (like.uid(), like.gid()))?;
        }
        file.as_file().sync_all()?;
        Ok(file)
    };
    written().at(path)
}

/// The token's file: the service's user alone reads it.
fn secret(path: &Path, token: &str) -> Result<NamedTempFile, SaveError> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let written = || {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        writeln!(file, "{token}")?;
        file.as_file().set_permissions(Permissions::from_mode(0o400))?;
        if let Some(user) = users::papan() {
            owned(file.as_file(), user)?;
        }
        file.as_file().sync_all()?;
        Ok(file)
    };
    written().at(path)
}

/// Gives a file away, where one is root; anybody else's are their own.
fn owned(file: &File, (uid, gid): (u32, u32)) -> io::Result<()> {
    if rustix::process::geteuid().is_root() { fchown(file, Some(uid), Some(gid)) } else { Ok(()) }
}

fn replace(file: NamedTempFile, path: &Path) -> Result<(), SaveError> {
    file.persist(path).map_err(|error| error.error).at(path)?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).at(folder)
}

/// Copies a playlist's folder: what is there already stays, and `playlist.toml` comes last, so that nobody reads
/// half of it. What was begun is taken away again where it fails.
fn copy(from: &Path, to: &Path) -> Result<(), SaveError> {
    let mut made = Vec::new();
    let done = copy_into(from, to, &mut made);
    if done.is_err() {
        for path in made.iter().rev() {
            // Whatever is not empty was there before.
            let _ = if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) };
        }
    }
    done
}

fn copy_into(from: &Path, to: &Path, made: &mut Vec<PathBuf>) -> Result<(), SaveError> {
    make_folder(to, made)?;
    let group = fs::metadata(to).at(to)?;
    let mut entries: Vec<_> =
        fs::read_dir(from).and_then(Iterator::collect::<io::Result<Vec<_>>>).at(from)?;
    entries.sort_by_key(|entry| (entry.file_name() == "playlist.toml", entry.file_name()));
    for entry in entries {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_into(&source, &target, made)?;
        } else if !target.exists() {
            let bytes = fs::read(&source).at(&source)?;
            let file = beside(&target, &bytes, None)?;
            let shared = || {
                file.as_file().set_permissions(Permissions::from_mode(0o664))?;
                owned(file.as_file(), (group.uid(), group.gid()))
            };
            shared().at(&target)?;
            replace(file, &target)?;
            made.push(target);
        }
    }
    Ok(())
}

/// Makes a folder that belongs to whom the one above belongs.
fn make_folder(path: &Path, made: &mut Vec<PathBuf>) -> Result<(), SaveError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_folder(above, made)?;
    }
    fs::create_dir(path).at(path)?;
    made.push(path.to_owned());
    let above = path.parent().map(fs::metadata).transpose().at(path)?;
    if let Some(above) = above.filter(|_| rustix::process::geteuid().is_root()) {
        std::os::unix::fs::chown(path, Some(above.uid()), Some(above.gid())).at(path)?;
        // The group's mark is inherited, and the group may write where it may above.
        let group = above.mode() & 0o2020;
        fs::set_permissions(path, Permissions::from_mode(0o755 | group)).at(path)?;
    }
    Ok(())
}
