//! A queue server and a display for tests, joined by a real socket.
//! Invariant: everything that is waited for has a deadline, and nothing else is a matter of time.
#![allow(dead_code, reason = "each test file uses its part")]

mod display;
pub mod scene;

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use papan::{
    domain::event::{Event, Snapshot},
    protocol::{self, Outgoing},
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    runtime::{Builder, Runtime},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderMap, HeaderValue},
    },
};

#[allow(unused_imports, reason = "each test file uses its part")]
pub use self::display::{Display, quick};

/// How long anything is waited for.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// Who the server says it is.
pub const SOURCE: &str = "urn:test:server";

/// Runs a server's step to its end, which must come in time.
fn in_time<T>(runtime: &Runtime, what: &str, step: impl Future<Output = T>) -> T {
    // The timeout is made inside the runtime, whose clock it uses.
    let done = runtime.block_on(async { timeout(DEADLINE, step).await });
    done.unwrap_or_else(|_| panic!("not in time: {what}"))
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A queue server; it does what the test says and nothing by itself.
pub struct Server {
    runtime: Arc<Runtime>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    /// Whether it selects the subprotocol that is offered.
    pub selects: bool,
}

impl Server {
    pub fn start() -> Self {
        Self::on("127.0.0.1:0")
    }

    /// A server on an address that may have been another's.
    pub fn on(address: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind(address)).unwrap();
        Self { runtime: Arc::new(runtime), listener, tls: None, selects: true }
    }

    /// A server that shows this certificate.
    pub fn with_tls(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> Self {
        let config =
            rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate], key)
                .unwrap();
        Self { tls: Some(TlsAcceptor::from(Arc::new(config))), ..Self::start() }
    }

    pub fn address(&self) -> String {
        self.listener.local_addr().unwrap().to_string()
    }

    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        format!("{scheme}://localhost:{}/events", self.listener.local_addr().unwrap().port())
    }

    /// The next display that connects.
    pub fn accept(&self) -> Peer {
        self.try_accept().expect("the handshake succeeds")
    }

    /// The next display that connects, if its handshake succeeds.
    pub fn try_accept(&self) -> Result<Peer, String> {
        in_time(&self.runtime, "a display connects", self.open())
    }

    async fn open(&self) -> Result<Peer, String> {
        let (tcp, _) = self.listener.accept().await.unwrap();
        let stream: Box<dyn Stream> = match &self.tls {
            Some(tls) => Box::new(tls.accept(tcp).await.map_err(|e| e.to_string())?),
            None => Box::new(tcp),
        };
        let mut asked = None;
        let selects = self.selects;
        #[expect(clippy::result_large_err, reason = "the type is tungstenite's")]
        let look = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
            asked = Some((request.uri().to_string(), request.headers().clone()));
            if selects {
                let ours = HeaderValue::from_static("cloudevents.json");
                response.headers_mut().insert("Sec-WebSocket-Protocol", ours);
            }
            Ok(response)
        };
        let socket = accept_hdr_async(stream, look).await.map_err(|e| e.to_string())?;
        let (target, headers) = asked.unwrap();
        Ok(Peer { runtime: Arc::clone(&self.runtime), socket, target, headers, sequence: 0, pings: 0 })
    }

    /// Answers the next display's handshake with this text and hangs up.
    pub fn answer(&self, text: &str) {
        let answer = async {
            let (mut tcp, _) = self.listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                tokio::io::AsyncReadExt::read_buf(&mut tcp, &mut request).await.unwrap();
            }
            tcp.write_all(text.as_bytes()).await.unwrap();
            tcp.shutdown().await.unwrap();
        };
        in_time(&self.runtime, "a display connects", answer);
    }
}

/// A display's connection, as the server has it.
pub struct Peer {
    runtime: Arc<Runtime>,
    socket: WebSocketStream<Box<dyn Stream>>,
    /// What the display asked for: path and query.
    pub target: String,
    /// The handshake's headers.
    pub headers: HeaderMap,
    /// That of the newest event sent.
    pub sequence: u64,
    /// How many pings came.
    pub pings: u32,
}

impl Peer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Sends a message as it is.
    pub fn message(&mut self, message: Message) {
        let sent = in_time(&self.runtime, "the display takes a message", self.socket.send(message));
        sent.expect("the connection stands");
    }

    /// Sends a message as it is; the display may hang up meanwhile.
    pub fn try_message(&mut self, message: Message) {
        let _ = in_time(&self.runtime, "the display takes a message or hangs up", self.socket.send(message));
    }

    pub fn text(&mut self, text: &str) {
        self.message(Message::text(text));
    }

    /// Sends the whole state, with the newest event's sequence.
    pub fn snapshot(&mut self, sequence: u64, snapshot: &Snapshot) {
        self.sequence = sequence;
        self.event_as(SOURCE, sequence, &Event::Snapshot(snapshot.clone()));
    }

    /// Sends the next event.
    pub fn event(&mut self, event: &Event) {
        self.sequence += 1;
        self.event_as(SOURCE, self.sequence, event);
    }

    pub fn event_as(&mut self, source: &str, sequence: u64, event: &Event) {
        self.text(&protocol::encode_event(event, source, sequence, Timestamp::now()));
    }

    /// What the display says next, statuses aside.
    pub fn report(&mut self) -> Outgoing {
        loop {
            match self.any_report() {
                (_, Outgoing::Status(_)) => {}
                (_, other) => return other,
            }
        }
    }

    /// What the display says next, and its name.
    pub fn any_report(&mut self) -> (String, Outgoing) {
        loop {
            if let Message::Text(text) = self.next().expect("the connection stands") {
                return protocol::decode_report(text.as_str()).expect("a right report");
            }
        }
    }

    /// The next message of any kind; `None` when the connection is over.
    pub fn next(&mut self) -> Option<Message> {
        let next = in_time(&self.runtime, "the display says something or leaves", self.socket.next());
        let message = next?.ok();
        if let Some(Message::Ping(_)) = message {
            self.pings += 1;
        }
        message
    }

    /// Waits until the display has hung up. Returns the code that it closed with, if it said one.
    pub fn left(&mut self) -> Option<u16> {
        let mut code = None;
        while let Some(message) = self.next() {
            if let Message::Close(Some(frame)) = message {
                code = Some(frame.code.into());
            }
        }
        code
    }

    /// Closes the connection properly.
    pub fn close(mut self) {
        let _ = in_time(&self.runtime, "the display hears a goodbye", self.socket.close(None));
    }
}
