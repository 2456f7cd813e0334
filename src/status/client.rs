//! Asks a running program, for `papan status` and `papan screenshot`.
//! Invariant: what comes is bounded in size and in time, whoever answers.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    answer::{Answer, Question},
    report::Report,
    socket,
};

/// How often it is asked where the door is closed, and how long is waited in between.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);
/// How long an answer may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// The longest line and the largest picture that are taken, in bytes.
const LINE: u64 = 4 << 20;
const PICTURE: u64 = 256 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody listens.
    #[error(
        "no papan is running here (looked at {}): start it with `systemctl start papan`, see why it ended with `journalctl -u papan -e`",
        list(.0)
    )]
    Nobody(Vec<PathBuf>),
    /// Someone listens and does not answer.
    #[error("papan at {} does not answer: {source}; see `systemctl status papan`", path.display())]
    Silent {
        /// The socket.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It says why not.
    #[error("{0}")]
    Refused(String),
    /// What it says is not understood.
    #[error("papan at {} answers in a way that is not understood: is it of another version?", .0.display())]
    Strange(PathBuf),
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// How the screen is. `socket` is where to ask; `None`: where the service, or else the user's own program, listens.
///
/// # Errors
/// Why there is no answer.
pub fn status(socket: Option<&Path>) -> Result<Report, Error> {
    match ask(socket, &Question::Status)? {
        (Answer::Status(report), ..) => Ok(*report),
        (Answer::Error(why), ..) => Err(Error::Refused(why)),
        (Answer::Picture { .. }, _, path) => Err(Error::Strange(path)),
    }
}

/// What the public sees now, as the bytes of a PNG, with its width and height in pixels; of one screen alone where
/// its `output` is named.
///
/// # Errors
/// Why there is no answer.
pub fn picture(socket: Option<&Path>, output: Option<String>) -> Result<(u32, u32, Vec<u8>), Error> {
    match ask(socket, &Question::Picture { output })? {
        (Answer::Picture { width, height, bytes }, mut rest, path) if bytes <= PICTURE => {
            let mut png = Vec::new();
            let read = (&mut rest).take(bytes).read_to_end(&mut png);
            let whole = read.and_then(|read| match read as u64 == bytes {
                true => Ok(()),
                false => Err(io::ErrorKind::UnexpectedEof.into()),
            });
            whole.map_err(|source| Error::Silent { path, source })?;
            Ok((width, height, png))
        }
        (Answer::Error(why), ..) => Err(Error::Refused(why)),
        (_, _, path) => Err(Error::Strange(path)),
    }
}

type Asked = (Answer, BufReader<std::os::unix::net::UnixStream>, PathBuf);

/// Asks, and asks again where the program closes the door: in a crowd of guests a new one may find no place until
/// those who were put out have left.
fn ask(socket: Option<&Path>, question: &Question) -> Result<Asked, Error> {
    let mut tries = 1;
    loop {
        match ask_once(socket, question) {
            Err(Error::Silent { source, .. }) if tries < TRIES && shut(&source) => {
                tries += 1;
                std::thread::sleep(PAUSE);
            }
            answer => return answer,
        }
    }
}

/// Whether the door was closed, rather than nobody having answered in time.
fn shut(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}

fn ask_once(socket: Option<&Path>, question: &Question) -> Result<Asked, Error> {
    let places = socket.map_or_else(socket::places, |socket| vec![socket.to_owned()]);
    let mut stream = None;
    for path in &places {
        match socket::call(path) {
            Ok(open) => {
                stream = Some((open, path.clone()));
                break;
            }
            Err(error) if nobody(&error) => {}
            Err(source) => return Err(Error::Silent { path: path.clone(), source }),
        }
    }
    let Some((mut stream, path)) = stream else { return Err(Error::Nobody(places)) };
    let silent = |source: io::Error| {
        // What the system calls "temporarily unavailable" is a program that said nothing for so long.
        let source = match source.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => io::Error::new(
                io::ErrorKind::TimedOut,
                format!("it said nothing for {} s", PATIENCE.as_secs()),
            ),
            _ => source,
        };
        Error::Silent { path: path.clone(), source }
    };
    let mut line = serde_json::to_vec(question).map_err(|error| silent(error.into()))?;
    line.push(b'\n');
    stream.write_all(&line).map_err(silent)?;
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    (&mut reader).take(LINE).read_until(b'\n', &mut line).map_err(silent)?;
    if line.is_empty() {
        return Err(silent(io::ErrorKind::UnexpectedEof.into()));
    }
    let answer = serde_json::from_slice(&line).map_err(|_| Error::Strange(path.clone()))?;
    Ok((answer, reader, path))
}

/// Whether an error says that nobody listens there.
fn nobody(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotADirectory
    )
}
