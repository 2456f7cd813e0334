//! A file is put into another one's place in one step.
//! Invariant: whoever reads there finds the one or the other, whole.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// How a file's name begins while it is written: what a kill leaves behind is known by it.
pub const UNFINISHED: &str = ".papan-";

/// What a new file outlives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlives {
    /// The end of the program.
    Program,
    /// The power: it is on the disk when the call returns.
    Power,
}

/// Who may read a new file, less what the umask says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The program's user and group.
    Group,
    /// Any user.
    Anyone,
}

/// Puts `bytes` where a file is or is to be, in a folder that is there. A link gives way.
///
/// # Errors
/// It cannot be written; what was there is as it was.
pub fn replace(path: &Path, bytes: &[u8], readers: Readers, outlives: Outlives) -> io::Result<()> {
    let folder = folder_of(path);
    let mode = if readers == Readers::Anyone { 0o644 } else { 0o640 };
    // On the same file system, so that renaming is one step.
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if outlives == Outlives::Power {
        file.as_file().sync_all()?;
    }
    file.persist(path)?;
    if outlives == Outlives::Power {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The same in a folder that is made where it is not there.
///
/// # Errors
/// As of [`replace`].
pub fn replace_within(path: &Path, bytes: &[u8], readers: Readers, outlives: Outlives) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    replace(path, bytes, readers, outlives)
}

/// Writes what somebody asked for where they asked for it, for any user to read: a file is replaced in one step, a link
/// stays and leads to it, and what is no file, such as `/dev/stdout` or a pipe, takes it as it comes.
///
/// # Errors
/// It cannot be written.
pub fn write_out(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => {
            replace(&fs::canonicalize(path)?, bytes, Readers::Anyone, Outlives::Program)
        }
        Ok(meta) if !meta.is_dir() => File::options().write(true).open(path)?.write_all(bytes),
        _ => replace(path, bytes, Readers::Anyone, Outlives::Program),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_one_is_there_whole_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file");
        for (text, readers, outlives, mode) in [
            ("one", Readers::Group, Outlives::Program, 0o640),
            ("another", Readers::Anyone, Outlives::Power, 0o644),
        ] {
            replace_within(&path, text.as_bytes(), readers, outlives).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            // Whoever runs this may have a umask that allows less.
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777 & !mode, 0);
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_stays_and_what_is_no_file_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "old").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        write_out(&at("link"), b"new").unwrap();
        assert_eq!(fs::read_to_string(at("file")).unwrap(), "new");
        assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
        // A device, by a link: it must be one still.
        std::os::unix::fs::symlink("/dev/null", at("null")).unwrap();
        write_out(&at("null"), b"x").unwrap();
        assert!(fs::symlink_metadata(at("null")).unwrap().is_symlink());
        write_out(&at("another"), b"x").unwrap();
        assert!(write_out(folder.path(), b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn what_cannot_be_replaced_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/folder");
        fs::create_dir_all(path.join("with")).unwrap();
        assert!(replace(&path, b"x", Readers::Group, Outlives::Power).is_err());
        assert!(replace(&path.join("nowhere/file"), b"x", Readers::Group, Outlives::Program).is_err());
        assert!(path.join("with").is_dir());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
