//! The playlist's folder on disk, as the editor reads and writes it.
//! Invariant: a file is replaced whole or not at all, and no path leads out of the folder.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use super::document::OpenError;
use crate::{
    replace::UNFINISHED,
    written::{open, unreadable},
};

/// The largest `playlist.toml`, in bytes; what is larger is not read by the screen either.
pub const MAX_PLAYLIST: u64 = 1 << 20;
/// The largest page, in bytes.
pub const MAX_PAGE: u64 = 256 << 10;
/// The names by which pictures' files end.
pub const PICTURES: [&str; 4] = ["png", "jpg", "jpeg", "webp"];
/// The names by which films' files end.
pub const FILMS: [&str; 6] = ["mp4", "m4v", "mov", "mkv", "webm", "avi"];
/// The most files of a folder that are offered to choose from.
const MAX_LISTED: usize = 2000;

/// What tells a file from what it was before, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    #[cfg(unix)]
    inode: (u64, i64, i64),
}

/// A file's or folder's stamp; `None` where it is not there.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let meta = fs::metadata(path).ok()?;
    Some(Stamp {
        modified: meta.modified().ok(),
        length: meta.len(),
        #[cfg(unix)]
        inode: {
            use std::os::unix::fs::MetadataExt;
            (meta.ino(), meta.ctime(), meta.ctime_nsec())
        },
    })
}

/// A text file, with its byte order mark; `None` where it is not there.
///
/// # Errors
/// It is larger than `max` bytes, no UTF-8, or cannot be read.
pub fn read(path: &Path, max: u64) -> Result<Option<Arc<str>>, OpenError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let broken = |err: io::Error| {
        let problem = unreadable(path, &err);
        OpenError { id: format!("`{name}`: {}", problem.id), en: format!("`{name}`: {}", problem.en) }
    };
    let file = match open(path) {
        Ok(file) => file,
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(err) => return Err(broken(err)),
    };
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > max {
        let max = max / 1024;
        return Err(OpenError {
            id: format!("`{name}` terlalu besar; paling besar {max} KiB"),
            en: format!("`{name}` is too large; at most {max} KiB"),
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| OpenError {
        id: format!("`{name}` memuat huruf yang tidak terbaca; simpan berkas itu dengan encoding UTF-8"),
        en: format!("`{name}` holds letters that cannot be read; save it with the encoding UTF-8"),
    })?;
    Ok(Some(text.into()))
}

/// Writes a file whole: a reader sees the old one or the new one. A link stays a link, and who may read the file
/// may read the new one.
///
/// # Errors
/// It cannot be written; the old one is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file's, less what the umask says.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(meta) = fs::metadata(&path) {
        file.as_file().set_permissions(meta.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|err| err.error)?;
    // The name is on disk when its folder is; not every file system can be asked.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Where a name leads that is seen from the folder on.
///
/// # Errors
/// It leads out of the folder.
pub fn inside(folder: &Path, name: &Path) -> Result<PathBuf, OpenError> {
    let outside = || OpenError {
        id: format!("`{}` di luar folder daftar putar; salin berkasnya ke dalam folder itu", name.display()),
        en: format!("`{}` lies outside the playlist's folder; copy the file into it", name.display()),
    };
    let plain = name.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || name.as_os_str().is_empty() {
        return Err(outside());
    }
    let path = folder.join(name);
    // What is not there yet lies where its folder does.
    let there = path.ancestors().find_map(|path| fs::canonicalize(path).ok());
    let real = fs::canonicalize(folder).ok();
    match (there, real) {
        (Some(there), Some(real)) if !there.starts_with(&real) => Err(outside()),
        _ => Ok(path),
    }
}

/// A name written in `playlist.toml`, without `.` and `..`; `None` where it leads out of the folder.
pub fn plain(written: &str) -> Option<PathBuf> {
    let mut parts = PathBuf::new();
    for part in Path::new(written).components() {
        match part {
            Component::Normal(name) => parts.push(name),
            Component::CurDir => {}
            Component::ParentDir if parts.pop() => {}
            _ => return None,
        }
    }
    (!parts.as_os_str().is_empty()).then_some(parts)
}

/// The files in the folder whose names end in one of `endings`, by their names from the folder on with slashes, in
/// order; hidden ones and links are left out, and it looks no deeper than three folders.
pub fn files(folder: &Path, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    list(folder, "", 3, endings, &mut found);
    found.sort();
    found
}

fn list(folder: &Path, before: &str, depth: u8, endings: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
        if name.starts_with('.') || found.len() >= MAX_LISTED {
            continue;
        }
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        if kind.is_dir() && depth > 0 {
            list(&entry.path(), &format!("{before}{name}/"), depth - 1, endings, found);
        } else if kind.is_file() && endings.contains(&ending.as_str()) {
            found.push(format!("{before}{name}"));
        }
    }
}

/// A name that any system takes: small ASCII letters, digits and hyphens; `otherwise` where nothing is left.
pub fn safe_name(name: &str, otherwise: &str) -> String {
    let mut safe = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match unaccented(c) {
            Some(letters) => safe.push_str(letters),
            None if c.is_ascii_alphanumeric() => safe.push(c),
            None => safe.push('-'),
        }
    }
    let words: Vec<&str> = safe.split('-').filter(|word| !word.is_empty()).collect();
    let safe: String = words.join("-").chars().take(60).collect();
    let safe = safe.trim_matches('-');
    // Names that Windows keeps for itself.
    let kept = ["con", "prn", "aux", "nul"].contains(&safe)
        || (safe.len() == 4 && (safe.starts_with("com") || safe.starts_with("lpt")));
    match safe {
        "" => otherwise.to_owned(),
        safe if kept => format!("{otherwise}-{safe}"),
        safe => safe.to_owned(),
    }
}

fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' => "a",
        'ç' => "c",
        'è'..='ë' | 'ē' => "e",
        'ì'..='ï' | 'ī' => "i",
        'ñ' => "n",
        'ò'..='ö' | 'ø' | 'ō' => "o",
        'ù'..='ü' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'æ' => "ae",
        'ß' => "ss",
        '&' => "-dan-",
        // An apostrophe is part of its word, as in Jum'at.
        '\'' | '’' | 'ʼ' => "",
        _ => return None,
    })
}

/// The first of `stem.ending`, `stem-2.ending`, … below `within` that `is_taken` does not know.
pub fn free_name(within: &str, stem: &str, ending: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let name = |number: u32| match number {
        1 => format!("{within}{stem}.{ending}"),
        number => format!("{within}{stem}-{number}.{ending}"),
    };
    (1..10_000).map(name).find(|name| !is_taken(name)).unwrap_or_else(|| name(10_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_safe() {
        for (name, safe) in [
            ("Foto Pelayanan (final) 2.JPG", "foto-pelayanan-final-2-jpg"),
            ("Jum’at", "jumat"),
            ("Café & Résumé", "cafe-dan-resume"),
            ("../../etc/passwd", "etc-passwd"),
            ("日本", "gambar"),
            ("", "gambar"),
            ("--", "gambar"),
            ("CON", "gambar-con"),
            ("com1", "gambar-com1"),
        ] {
            assert_eq!(safe_name(name, "gambar"), safe, "{name}");
        }
        assert_eq!(safe_name(&"x".repeat(500), "gambar").len(), 60);
        let taken = ["images/a.png", "images/a-2.png"];
        assert_eq!(free_name("images/", "a", "png", |name| taken.contains(&name)), "images/a-3.png");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("lobi");
        fs::create_dir(&folder).unwrap();
        for name in ["../x.md", "/etc/passwd", "pages/../../x.md", "", "."] {
            assert!(inside(&folder, Path::new(name)).is_err(), "{name}");
        }
        assert_eq!(inside(&folder, Path::new("pages/x.md")).unwrap(), folder.join("pages/x.md"));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path(), folder.join("out")).unwrap();
            fs::write(dir.path().join("secret.md"), "x").unwrap();
            assert!(inside(&folder, Path::new("out/secret.md")).is_err());
            assert!(inside(&folder, Path::new("out/new.md")).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_rights_stay() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real.toml"), dir.path().join("playlist.toml"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o664)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o664);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}
