//! One connection for a trial: up to the first snapshot, and why it did not come to that.
//! Invariant: it goes the link's own way, so what it finds is what the screen will find.

use std::{io, path::PathBuf, sync::Arc};

use rustls::{CertificateError, Error as TlsError};
use tokio::{
    runtime,
    sync::mpsc,
    time::{Instant, timeout},
};

use super::{
    Counts, NEWS, Timing,
    address::{Address, AddressError, TokenSource},
    connect::{ConnectError, Door},
    session::{Memory, News, Session, Wires},
    timing::{Backoff, LineRate},
};
use crate::domain::event::{Event, Snapshot};

/// What is tried.
#[derive(Clone)]
pub struct Trial {
    /// `ws://` or `wss://`.
    pub url: String,
    /// The display's name to the server.
    pub display: String,
    /// The secret; it is in no text that comes of it.
    pub token: Option<String>,
    /// A PEM file with certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
}

/// Why a queue server could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It is no address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Nobody knows the host's name.
    #[error("no machine is known by the name {0}")]
    NoSuchName(String),
    /// Nobody could be asked for the host's name.
    #[error("the name {0} could not be looked up")]
    NoNameServer(String),
    /// Nothing listens there.
    #[error("the connection was refused")]
    Refused,
    /// There is no way there.
    #[error("the network does not lead there")]
    Unreachable,
    /// Nothing answered in time.
    #[error("no answer in time")]
    TimedOut,
    /// The certificate is from an authority that is not trusted.
    #[error("the server's certificate is from an authority that is not trusted here")]
    UnknownIssuer,
    /// The certificate holds at another time than this machine believes it to be.
    #[error("the server's certificate does not hold at this machine's time")]
    OutOfDate,
    /// The certificate is for another name.
    #[error("the server's certificate is for another name")]
    OtherName,
    /// The certificate is wrong in another way.
    #[error("the server's certificate is wrong: {0}")]
    Certificate(String),
    /// What answered speaks no TLS.
    #[error("what answers there speaks no TLS")]
    NotTls,
    /// What answered speaks no HTTP, as a port for TLS does.
    #[error("what answers there is no WebSocket: {0}")]
    NotWebSocket(String),
    /// The server wants another token, or one at all.
    #[error("the server answered {0}: the token is wrong or missing")]
    Token(u16),
    /// The server answered something else.
    #[error("the server answered {0}")]
    Status(u16),
    /// The certificates to trust cannot be read.
    #[error("{0}")]
    CaFile(String),
    /// It was followed, and sent no snapshot.
    #[error("it is a WebSocket, yet no hall came of it ({wrong} messages were not understood): {why}")]
    NoHall {
        /// How many messages were no events.
        wrong: u64,
        /// How the connection ended.
        why: String,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Connects, and waits for the first snapshot: at most `timing.connect` and `timing.snapshot`.
///
/// # Errors
/// See [`Trouble`].
pub fn meet(trial: &Trial, timing: Timing) -> Result<Snapshot, Trouble> {
    let address = Address::new(&trial.url, &trial.display)?;
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| Trouble::Other(error.to_string()))?;
    let met = runtime.block_on(follow(trial, address, timing));
    // A name that is still being looked up must not hold it back.
    runtime.shutdown_background();
    met
}

async fn follow(trial: &Trial, address: Address, timing: Timing) -> Result<Snapshot, Trouble> {
    let (host, port) = (address.host.clone(), address.port);
    let looked_up = timeout(timing.connect, tokio::net::lookup_host((host.as_str(), port)))
        .await
        .map(|found| found.map(drop).map_err(|error| error.to_string()));
    match looked_up {
        Ok(Ok(())) => {}
        // The resolver's own words for nobody to ask.
        Ok(Err(why)) if !why.contains("Temporary failure") => return Err(Trouble::NoSuchName(host)),
        Ok(Err(_)) | Err(_) => return Err(Trouble::NoNameServer(host)),
    }
    let token = TokenSource::new(trial.token.clone(), None);
    let door = Door { address, token, ca_file: trial.ca_file.clone() };
    let socket = match timeout(timing.connect, door.open()).await {
        Err(_) => return Err(Trouble::TimedOut),
        Ok(opened) => opened.map_err(|error| Trouble::from(&error))?,
    };
    let (news_in, mut news) = mpsc::channel(NEWS);
    // Nothing is wanted of the session; it lasts as long as this end is held.
    let (_wants, wanted) = mpsc::channel(1);
    let counts = Arc::<Counts>::default();
    let mut wires = Wires { news: news_in, wanted, wake: None, counts: Arc::clone(&counts) };
    let mut memory = Memory {
        display: trial.display.clone(),
        timing,
        backoff: Backoff::new(&timing),
        sent: 0,
        lines: LineRate::default(),
        began: Instant::now(),
        trouble: None,
    };
    let session = Session::new(socket, &mut wires, &mut memory).follow();
    tokio::pin!(session);
    loop {
        let loss = tokio::select! {
            biased;
            heard = news.recv() => match heard {
                Some(News::Event { event: Event::Snapshot(hall), .. }) => return Ok(hall),
                _ => continue,
            },
            (loss, _) = &mut session => loss,
        };
        // The session may have ended in the moment in which the snapshot came.
        while let Ok(heard) = news.try_recv() {
            if let News::Event { event: Event::Snapshot(hall), .. } = heard {
                return Ok(hall);
            }
        }
        let wrong = counts.errors.load(std::sync::atomic::Ordering::Relaxed);
        return Err(Trouble::NoHall { wrong, why: loss.to_string() });
    }
}

impl From<&ConnectError> for Trouble {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::TimedOut => Self::TimedOut,
            ConnectError::Io(error) => by_io(error),
            ConnectError::Refused(status) if matches!(status.as_u16(), 401 | 403) => {
                Self::Token(status.as_u16())
            }
            ConnectError::Refused(status) => Self::Status(status.as_u16()),
            ConnectError::Handshake(why) => Self::NotWebSocket(why.clone()),
            ConnectError::CaFile { .. } => Self::CaFile(error.to_string()),
            ConnectError::Token(_) | ConnectError::Tls(_) | ConnectError::HostName(_) => {
                Self::Other(error.to_string())
            }
        }
    }
}

fn by_io(error: &io::Error) -> Trouble {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) {
        return by_tls(tls);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Trouble::Refused,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => Trouble::Unreachable,
        io::ErrorKind::TimedOut => Trouble::TimedOut,
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
            Trouble::NotWebSocket("it hung up".into())
        }
        _ => Trouble::Other(error.to_string()),
    }
}

fn by_tls(error: &TlsError) -> Trouble {
    match error {
        TlsError::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Trouble::OutOfDate,
            CertificateError::UnknownIssuer => Trouble::UnknownIssuer,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Trouble::OtherName
            }
            // Certificates that people make by openssl's shortest command.
            other if other.to_string().contains("CaUsedAsEndEntity") => Trouble::UnknownIssuer,
            other => Trouble::Certificate(other.to_string()),
        },
        TlsError::InvalidMessage(_) | TlsError::InappropriateMessage { .. } => Trouble::NotTls,
        other => Trouble::Other(other.to_string()),
    }
}
