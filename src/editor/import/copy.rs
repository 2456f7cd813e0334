//! A file becomes another one in the playlist's folder. Invariant: its name appears when it is whole, and never in
//! another's place.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tempfile::NamedTempFile;

use super::{Wrong, kind::broken};
use crate::{
    editor::folder::{inside, safe_name},
    replace::UNFINISHED,
    written::open,
};

/// How much is copied between two looks at whether it is still wanted.
const PIECE: usize = 1 << 20;
/// How old a half copy is at least that nobody works on any more.
const LEFT: Duration = Duration::from_secs(3600);
/// The most files of one name.
const MAX_SAME: u32 = 10_000;

/// Copies a file below `within`, such as `images/`; its name from the folder on.
pub(super) fn whole(
    folder: &Path,
    within: &str,
    from: &Path,
    ending: &str,
    stop: &AtomicBool,
) -> Result<String, Wrong> {
    let stem = from.file_stem().unwrap_or_default().to_string_lossy();
    let otherwise = within.trim_end_matches('/').trim_end_matches('s');
    named(folder, within, from, (&safe_name(&stem, otherwise), ending), stop)
}

/// Copies a file under a name of its own: what stands before and behind its full stop.
pub(super) fn named(
    folder: &Path,
    within: &str,
    from: &Path,
    name: (&str, &str),
    stop: &AtomicBool,
) -> Result<String, Wrong> {
    let mut source = open(from).map_err(|err| broken(from, &err))?;
    let length = source.metadata().map_err(|err| broken(from, &err))?.len();
    let mut target = begin(folder, within)?;
    let mut piece = vec![0; PIECE];
    let mut copied = 0;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        match source.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => {
                target.write_all(&piece[..read]).map_err(|err| unwritten(&err))?;
                copied += read as u64;
            }
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            Err(err) => return Err(broken(from, &err)),
        }
    }
    if copied != length {
        return Err((
            "berkas ini masih berubah; tunggu sampai selesai disalin, lalu coba lagi".to_owned(),
            "this file is still changing; wait until it is whole, then try again".to_owned(),
        ));
    }
    finish(target, folder, within, name)
}

pub(super) fn stopped() -> Wrong {
    ("dibatalkan".to_owned(), "it was stopped".to_owned())
}

fn unwritten(err: &io::Error) -> Wrong {
    (
        format!("tidak dapat disalin ke folder daftar putar ({err}); periksa ruang cakram dan izinnya"),
        format!(
            "it cannot be copied into the playlist's folder ({err}); look at the disk's space and permissions"
        ),
    )
}

/// A file that has no name yet, as far as the screen sees; it is gone where it is not finished.
pub(super) fn begin(folder: &Path, within: &str) -> Result<NamedTempFile, Wrong> {
    let below = inside(folder, Path::new(within.trim_end_matches('/'))).map_err(|err| (err.id, err.en))?;
    fs::create_dir_all(&below).map_err(|err| unwritten(&err))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file's, less what the umask says: the screen may run as another user.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(below).map_err(|err| unwritten(&err))
}

/// Gives a whole file its name: the first that is free of `stem`, `stem-2`, …
pub(super) fn finish(
    file: NamedTempFile,
    folder: &Path,
    within: &str,
    (stem, ending): (&str, &str),
) -> Result<String, Wrong> {
    file.as_file().sync_all().map_err(|err| unwritten(&err))?;
    let mut file = file;
    for number in 1..=MAX_SAME {
        let name = match number {
            1 => format!("{within}{stem}.{ending}"),
            number => format!("{within}{stem}-{number}.{ending}"),
        };
        match file.persist_noclobber(folder.join(&name)) {
            Ok(_) => return Ok(name),
            Err(err) if err.error.kind() == io::ErrorKind::AlreadyExists => file = err.file,
            Err(err) => return Err(unwritten(&err.error)),
        }
    }
    Err(unwritten(&io::ErrorKind::AlreadyExists.into()))
}

/// Takes away what a copy left behind that was cut off long ago.
pub(super) fn clear_left_behind(folder: &Path) {
    for within in ["", "pages", "images", "films"] {
        for entry in fs::read_dir(folder.join(within)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with(UNFINISHED) && name.ends_with(".tmp");
            let old = |entry: &fs::DirEntry| entry.metadata().ok()?.modified().ok()?.elapsed().ok();
            if ours && old(&entry).is_some_and(|age| age > LEFT) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
