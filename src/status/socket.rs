//! Where the control socket is, and who has it.
//! Invariant: a living program's socket is never taken away, and a dead one's is never in the way.
//!
//! A lock on `papan.sock.lock` beside it says that its owner lives: the kernel lets it go when the program ends,
//! however that happens. A file of that name that is no socket is left alone.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions},
    io,
    os::unix::{
        fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::{
    fs::{FlockOperation, flock},
    net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with},
};

/// The socket's name in its folder.
const NAME: &str = "papan.sock";
/// Where the service has it.
const SERVICE: &str = "/run/papan/papan.sock";

/// Why there is no control socket.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program has it.
    #[error("another papan has it")]
    Taken,
    /// Something else stands there.
    #[error("what stands there is no socket")]
    Foreign,
    /// The system does not let us.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// The program's place for it: in systemd's `RUNTIME_DIRECTORY`, else in the user's `XDG_RUNTIME_DIR`; `None` where
/// the environment names neither. `variable` reads an environment variable.
pub fn place_by(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let first = |name: &str| variable(name).and_then(|all| env::split_paths(&all).next());
    let folder = first("RUNTIME_DIRECTORY").filter(|path| path.is_absolute());
    let folder = folder.or_else(|| variable("XDG_RUNTIME_DIR").map(PathBuf::from));
    folder.filter(|path| path.is_absolute()).map(|folder| folder.join(NAME))
}

/// Where a running program's may be: the service's first, then the user's own.
pub fn places() -> Vec<PathBuf> {
    let own = place_by(|name| env::var_os(name));
    let mut all = vec![PathBuf::from(SERVICE)];
    all.extend(own.filter(|own| own != Path::new(SERVICE)));
    all
}

/// The socket, for as long as this lives.
#[derive(Debug)]
pub struct Bound {
    pub(super) listener: UnixListener,
    path: PathBuf,
    /// Which file it is, to tell it from another that took its place.
    id: (u64, u64),
    _lock: File,
}

impl Bound {
    /// Takes the place, for any user of the machine to ask at.
    ///
    /// # Errors
    /// Another program has it, something else stands there, or the system's.
    pub fn at(path: &Path) -> Result<Self, Error> {
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path.with_extension("sock.lock"))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|_| Error::Taken)?;
        match fs::symlink_metadata(path) {
            Ok(there) if !there.file_type().is_socket() => return Err(Error::Foreign),
            // One that has no lock, and yet answers.
            Ok(_) if call(path).is_ok() => return Err(Error::Taken),
            Ok(_) => fs::remove_file(path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let listener = UnixListener::bind(path)?;
        listener.set_nonblocking(true)?;
        fs::set_permissions(path, Permissions::from_mode(0o666))?;
        let id = id(path)?;
        Ok(Self { listener, path: path.to_owned(), id, _lock: lock })
    }

    /// Whether it still stands at its place: someone may have cleaned up there.
    pub fn stands(&self) -> bool {
        id(&self.path).is_ok_and(|id| id == self.id)
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        if self.stands() {
            // Where it fails, the next program replaces it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn id(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|there| (there.dev(), there.ino()))
}

/// Calls whoever listens there, without waiting for a place in the queue.
///
/// # Errors
/// The system's: `NotFound` and `ConnectionRefused` where nobody listens, `WouldBlock` where too many wait.
pub fn call(path: &Path) -> io::Result<UnixStream> {
    let address = SocketAddrUnix::new(path)?;
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    connect(&socket, &address)?;
    let socket = UnixStream::from(socket);
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(super::client::PATIENCE))?;
    socket.set_write_timeout(Some(Duration::from_secs(5)))?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Option<PathBuf> {
        place_by(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_place_is_the_service_s_else_the_user_s_else_none() {
        let at = |path: &str| Some(PathBuf::from(path));
        let user = ("XDG_RUNTIME_DIR", "/run/user/7");
        assert_eq!(with(&[user, ("RUNTIME_DIRECTORY", "/run/papan:/run/b")]), at("/run/papan/papan.sock"));
        assert_eq!(with(&[user, ("RUNTIME_DIRECTORY", "")]), at("/run/user/7/papan.sock"));
        assert_eq!(with(&[user]), at("/run/user/7/papan.sock"));
        assert_eq!(with(&[("XDG_RUNTIME_DIR", "relative")]), None);
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn a_dead_one_is_replaced_and_a_living_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        drop(UnixListener::bind(&path).unwrap());
        assert!(call(&path).is_err() && path.exists(), "a socket without a program");
        let first = Bound::at(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o666);
        assert!(matches!(Bound::at(&path), Err(Error::Taken)));
        assert!(first.stands() && call(&path).is_ok());
        drop(first);
        assert!(!path.exists(), "it takes its socket with it");
        assert!(Bound::at(&path).is_ok());
    }

    #[test]
    fn one_that_answers_without_a_lock_is_not_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let _other = UnixListener::bind(&path).unwrap();
        assert!(matches!(Bound::at(&path), Err(Error::Taken)));
        assert!(call(&path).is_ok());
    }

    #[test]
    fn what_is_no_socket_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        fs::write(&path, "mine").unwrap();
        assert!(matches!(Bound::at(&path), Err(Error::Foreign)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert!(matches!(Bound::at(&folder.path().join("none/papan.sock")), Err(Error::Io(_))));
    }

    #[test]
    fn one_that_was_taken_away_is_seen_and_another_s_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let bound = Bound::at(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(!bound.stands());
        let _other = UnixListener::bind(&path).unwrap();
        assert!(!bound.stands());
        drop(bound);
        assert!(call(&path).is_ok());
    }
}
