//! From an address to an open WebSocket: TCP, TLS by rustls, the handshake.
//! Invariant: the handshake's request, which carries the token, is written nowhere but to the socket.
//!
//! The handshake is written here because tungstenite's own fails where the server selects no subprotocol,
//! which `protocol.md` allows, and because it logs the request at its lowest level.

use std::{fs::File, io, path::PathBuf, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, InvalidDnsNameError, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{
        self,
        handshake::{
            client::{Response, generate_key},
            derive_accept_key,
            machine::TryParse,
        },
        http::{HeaderName, StatusCode, header},
        protocol::{Role, WebSocketConfig},
    },
};

use super::address::{Address, Token, TokenError, TokenSource};
use crate::protocol::LONGEST_MESSAGE;

/// The WebSocket to the queue server.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The subprotocol of CloudEvents in structured JSON mode.
const SUBPROTOCOL: &str = "cloudevents.json";
/// The longest answer to a handshake, in bytes.
const LONGEST_ANSWER: usize = 16 << 10;
/// What is read from the socket at once, in bytes: a usual event is under 1 KiB.
const READ_BUFFER: usize = 16 << 10;

/// Why a connection did not come about.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It took too long.
    #[error("no connection within the time allowed")]
    TimedOut,
    /// The token is missing or unusable.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The network, or the server's certificate.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The host's name is none that a certificate can be for.
    #[error("the host's name is not valid for TLS")]
    HostName(#[from] InvalidDnsNameError),
    /// The extra certificates cannot be read.
    #[error("the certificates in {} cannot be read: {why}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The server answered, but not with a WebSocket.
    #[error("the server answered {0}")]
    Refused(StatusCode),
    /// The server's answer is none to a WebSocket handshake.
    #[error("the server's handshake is wrong: {0}")]
    Handshake(String),
}

/// What a connection is made with.
#[derive(Debug, Clone)]
pub struct Door {
    /// Where the server is.
    pub address: Address,
    /// The token's source.
    pub token: TokenSource,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
}

impl Door {
    /// Connects once. It has no time limit of its own.
    pub async fn open(&self) -> Result<Socket, ConnectError> {
        let token = self.token.read()?;
        let tcp = TcpStream::connect((self.address.host.as_str(), self.address.port)).await?;
        // An announcement's report must not wait for the next one.
        tcp.set_nodelay(true)?;
        let mut stream = if self.address.secure {
            let name = ServerName::try_from(self.address.host.clone())?;
            let connector = TlsConnector::from(Arc::new(tls(self.ca_file.as_ref())?));
            MaybeTlsStream::Rustls(connector.connect(name, tcp).await?)
        } else {
            MaybeTlsStream::Plain(tcp)
        };
        let read_ahead = shake_hands(&mut stream, &self.address, token.as_ref()).await?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_MESSAGE))
            .max_frame_size(Some(LONGEST_MESSAGE))
            .read_buffer_size(READ_BUFFER);
        Ok(WebSocketStream::from_partially_read(stream, read_ahead, Role::Client, Some(config)).await)
    }
}

/// TLS with the system's roots and those of `ca_file`; read anew each time, for both change on a machine
/// that runs for years.
fn tls(ca_file: Option<&PathBuf>) -> Result<ClientConfig, ConnectError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if let Some(path) = ca_file {
        let wrong = |why: String| ConnectError::CaFile { path: path.clone(), why };
        let file = File::open(path).map_err(|e| wrong(e.to_string()))?;
        let mut found = 0;
        for certificate in CertificateDer::pem_reader_iter(file) {
            let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
            roots.add(certificate).map_err(|e| wrong(e.to_string()))?;
            found += 1;
        }
        if found == 0 {
            return Err(wrong("it holds no certificate".into()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// The client's half of RFC 6455, section 4.1. Returns what was read beyond the server's answer.
async fn shake_hands(
    stream: &mut MaybeTlsStream<TcpStream>,
    address: &Address,
    token: Option<&Token>,
) -> Result<Vec<u8>, ConnectError> {
    let key = generate_key();
    let mut request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\
         Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nUser-Agent: papan/{}\r\n",
        address.target,
        address.authority,
        env!("CARGO_PKG_VERSION"),
    );
    if let Some(token) = token {
        request.push_str("Authorization: Bearer ");
        request.push_str(token.reveal());
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;

    let mut answer = Vec::with_capacity(1 << 10);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        let parsed = Response::try_parse(&answer).map_err(|e| ConnectError::Handshake(wrong(&e)))?;
        if let Some((length, response)) = parsed {
            verify(&response, &derive_accept_key(key.as_bytes()))?;
            return Ok(answer.split_off(length));
        }
        if answer.len() > LONGEST_ANSWER {
            return Err(ConnectError::Handshake("it is too long".into()));
        }
    }
}

fn wrong(error: &tungstenite::Error) -> String {
    error.to_string()
}

/// Whether the server's answer opens a WebSocket that we can use.
fn verify(response: &Response, accept_key: &str) -> Result<(), ConnectError> {
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(ConnectError::Refused(response.status()));
    }
    let has = |name: HeaderName, token: &str| {
        response
            .headers()
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|part| part.trim().eq_ignore_ascii_case(token))
    };
    let handshake = |what: &str| Err(ConnectError::Handshake(what.into()));
    if !has(header::UPGRADE, "websocket") || !has(header::CONNECTION, "upgrade") {
        return handshake("it does not upgrade to a WebSocket");
    }
    let headers = response.headers();
    if headers.get(header::SEC_WEBSOCKET_ACCEPT).is_none_or(|value| value != accept_key) {
        return handshake("its accept key is not ours");
    }
    if headers.contains_key(header::SEC_WEBSOCKET_EXTENSIONS) {
        return handshake("it has an extension that was not offered");
    }
    // A server that selects no subprotocol is accepted; one that selects another is not.
    if headers.get(header::SEC_WEBSOCKET_PROTOCOL).is_some_and(|value| value != SUBPROTOCOL) {
        return handshake("it has a subprotocol that was not offered");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Result<(), ConnectError> {
        let (_, response) = Response::try_parse(text.as_bytes()).unwrap().unwrap();
        verify(&response, "ours")
    }

    fn upgrade(more: &str) -> String {
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n{more}\r\n"
        )
    }

    #[test]
    fn a_server_may_select_our_subprotocol_or_none() {
        let key = "Sec-WebSocket-Accept: ours\r\n";
        assert!(answer(&upgrade(key)).is_ok());
        assert!(answer(&upgrade(&format!("{key}Sec-WebSocket-Protocol: cloudevents.json\r\n"))).is_ok());
        let other = upgrade(&format!("{key}Sec-WebSocket-Protocol: mqtt\r\n"));
        assert!(matches!(answer(&other), Err(ConnectError::Handshake(_))));
    }

    #[test]
    fn answers_that_open_no_websocket_are_refused() {
        let refused = answer("HTTP/1.1 401 Unauthorized\r\n\r\n");
        assert!(matches!(refused, Err(ConnectError::Refused(StatusCode::UNAUTHORIZED))));
        assert!(matches!(answer(&upgrade("")), Err(ConnectError::Handshake(_))));
        let foreign = upgrade("Sec-WebSocket-Accept: theirs\r\n");
        assert!(matches!(answer(&foreign), Err(ConnectError::Handshake(_))));
        let extended =
            upgrade("Sec-WebSocket-Accept: ours\r\nSec-WebSocket-Extensions: permessage-deflate\r\n");
        assert!(matches!(answer(&extended), Err(ConnectError::Handshake(_))));
        let plain = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: ours\r\n\r\n";
        assert!(matches!(answer(plain), Err(ConnectError::Handshake(_))));
    }
}
