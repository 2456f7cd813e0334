//! Where the queue server is and what the display shows at its door: URL, display id, token.
//! Invariant: the token and a URL's user part and query are in no `Debug` or `Display` text.

use std::{fmt, fs, path::PathBuf};

use tokio_tungstenite::tungstenite::http::{Uri, uri::InvalidUri};

use crate::config::TOKEN;

/// Why a queue server's address cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is not a URL.
    #[error("the queue server's URL cannot be read")]
    NotAUrl(#[from] InvalidUri),
    /// It is a URL of another kind.
    #[error("the queue server's URL must begin with ws:// or wss://")]
    Scheme,
    /// It names no machine.
    #[error("the queue server's URL names no host")]
    NoHost,
}

/// A queue server's address, with the display's id in its query.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// The host's name or address, IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// `HOST` or `HOST:PORT` as the handshake names it.
    pub authority: String,
    /// What is asked for: path and query.
    pub target: String,
}

impl Address {
    /// Reads a `ws://` or `wss://` URL and puts `display=ID` into its query, in place of one that is there.
    pub fn new(url: &str, display: &str) -> Result<Self, AddressError> {
        let uri: Uri = url.parse()?;
        let secure = match uri.scheme_str() {
            Some("ws") => false,
            Some("wss") => true,
            _ => return Err(AddressError::Scheme),
        };
        let written = uri.host().filter(|host| !host.is_empty()).ok_or(AddressError::NoHost)?;
        let host = written.trim_start_matches('[').trim_end_matches(']').to_owned();
        let authority = match uri.port() {
            Some(port) => format!("{written}:{port}"),
            None => written.to_owned(),
        };
        let path = if uri.path().is_empty() { "/" } else { uri.path() };
        let kept = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("display"));
        let mut target = format!("{path}?");
        for pair in kept {
            target.push_str(pair);
            target.push('&');
        }
        target.push_str("display=");
        percent_encode(display, &mut target);
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Self { secure, host, port, authority, target })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "wss" } else { "ws" };
        let path = self.target.split('?').next().unwrap_or_default();
        write!(f, "{scheme}://{}{path}", self.authority)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// Writes `text` so that it is one value of a query (RFC 3986: all but the unreserved is escaped).
fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                into.push(char::from(byte))
            }
            _ => into.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// Why there is no token where one is wanted.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Its file cannot be read.
    #[error("the token file {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is empty, or holds what a header cannot: a space, a line end, a character beyond ASCII.
    #[error("the token from {0} is empty or has characters that a token cannot have")]
    Unusable(String),
}

/// The secret that the display shows to the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The secret itself, for the one header that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where the token comes from; the environment wins over the file.
#[derive(Debug, Clone, Default)]
pub struct TokenSource {
    environment: Option<Token>,
    file: Option<PathBuf>,
}

impl TokenSource {
    /// `environment` is what `PAPAN_QUEUE_TOKEN` holds; empty is as good as unset.
    pub fn new(environment: Option<String>, file: Option<PathBuf>) -> Self {
        let environment = environment.filter(|token| !token.trim().is_empty()).map(Token);
        Self { environment, file }
    }

    /// The token as it is now: a file is read again each time, so that a new token needs no restart.
    /// `None` where no source was given.
    pub fn read(&self) -> Result<Option<Token>, TokenError> {
        if let Some(Token(text)) = &self.environment {
            return checked(text, TOKEN).map(Some);
        }
        let Some(path) = &self.file else { return Ok(None) };
        let text = fs::read_to_string(path)
            .map_err(|source| TokenError::Unreadable { path: path.clone(), source })?;
        checked(&text, &path.display().to_string()).map(Some)
    }
}

fn checked(text: &str, from: &str) -> Result<Token, TokenError> {
    let token = text.trim();
    if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(TokenError::Unusable(from.to_owned()));
    }
    Ok(Token(token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_display_joins_the_query() {
        let target = |url: &str| Address::new(url, "lobi 1/ä").unwrap().target;
        assert_eq!(target("ws://h"), "/?display=lobi%201%2F%C3%A4");
        assert_eq!(target("ws://h/events"), "/events?display=lobi%201%2F%C3%A4");
        assert_eq!(target("ws://h/events?"), "/events?display=lobi%201%2F%C3%A4");
        assert_eq!(target("ws://h/e?a=1&b=x%20y"), "/e?a=1&b=x%20y&display=lobi%201%2F%C3%A4");
        assert_eq!(target("ws://h/e?display=old&a=1"), "/e?a=1&display=lobi%201%2F%C3%A4");
        assert_eq!(target("ws://h/e?a=1#part"), "/e?a=1&display=lobi%201%2F%C3%A4");
    }

    #[test]
    fn hosts_and_ports() {
        let address = |url: &str| Address::new(url, "x").unwrap();
        let a = address("wss://antrean.example/events");
        assert_eq!((a.secure, a.host.as_str(), a.port), (true, "antrean.example", 443));
        assert_eq!(a.authority, "antrean.example");
        let a = address("ws://[::1]:8080/");
        assert_eq!((a.secure, a.host.as_str(), a.port), (false, "::1", 8080));
        assert_eq!(a.authority, "[::1]:8080");
        let a = address("ws://user:secret@h:81/");
        assert_eq!(a.authority, "h:81");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(matches!(Address::new("https://h/", "x"), Err(AddressError::Scheme)));
        assert!(matches!(Address::new("/events", "x"), Err(AddressError::Scheme)));
        assert!(matches!(Address::new("ws://", "x"), Err(AddressError::NotAUrl(_))));
        assert!(matches!(Address::new("ws://a b/", "x"), Err(AddressError::NotAUrl(_))));
    }

    #[test]
    fn secrets_are_in_no_text() {
        let address = Address::new("ws://user:hush@h/events?key=hush", "x").unwrap();
        let source = TokenSource::new(Some("hush".into()), None);
        let token = source.read().unwrap();
        let text = format!("{address} {address:?} {source:?} {token:?}");
        assert!(!text.contains("hush"), "{text}");
        assert!(text.contains("ws://h/events"), "{text}");
    }

    #[test]
    fn the_environment_wins_and_the_file_is_read_again() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "  first\n").unwrap();
        let path = Some(file.path().to_owned());
        let source = TokenSource::new(Some("  ".into()), path.clone());
        assert_eq!(source.read().unwrap().unwrap().reveal(), "first");
        fs::write(file.path(), "second").unwrap();
        assert_eq!(source.read().unwrap().unwrap().reveal(), "second");
        let source = TokenSource::new(Some("env".into()), path);
        assert_eq!(source.read().unwrap().unwrap().reveal(), "env");
        assert_eq!(TokenSource::default().read().unwrap(), None);
    }

    #[test]
    fn a_token_cannot_smuggle_a_header() {
        for bad in ["a\r\nX: y", "a b", "kunci-é", ""] {
            let file = tempfile::NamedTempFile::new().unwrap();
            fs::write(file.path(), bad).unwrap();
            let source = TokenSource::new(None, Some(file.path().to_owned()));
            let error = source.read().unwrap_err();
            assert!(matches!(error, TokenError::Unusable(_)));
            assert!(bad.is_empty() || !error.to_string().contains(bad));
        }
        let gone = TokenSource::new(None, Some("/nowhere/token".into()));
        assert!(matches!(gone.read(), Err(TokenError::Unreadable { .. })));
    }
}
