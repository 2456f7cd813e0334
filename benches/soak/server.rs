//! The queue server of the soak: the demo hall's life over a WebSocket that closes, breaks, refuses and falls silent.
//! Invariant: a call counts as delivered only when the display's own pong came back for what was sent behind it.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard},
    thread,
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use jiff::Timestamp;
use papan::{
    demo::life::Life,
    domain::event::{Event, Notice},
    protocol::{self, Outgoing, Status},
};
use serde_json::json;
use tokio::{
    net::TcpStream,
    sync::{broadcast, watch},
};
use tokio_tungstenite::{
    accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::HeaderValue,
    },
};

use crate::traffic::COUNTERS;

const SOURCE: &str = "/soak";
/// How many messages a display may be behind before it is let go.
const MOST_WAITING: usize = 4_096;
/// How long a silent connection is kept: longer than a display waits.
const SILENT: Duration = Duration::from_secs(120);

/// How the server treats its displays from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As it should.
    Live,
    /// It closes every connection by the protocol, and takes new ones.
    Close,
    /// It lets every connection go without a word.
    Drop,
    /// The same, and nobody listens on the port.
    Refuse,
    /// Connections stay open, and nothing is said or heard over them any more.
    Mute,
}

/// A call that was made.
#[derive(Debug, Clone)]
pub struct Call {
    sequence: u64,
    pub ticket: String,
    pub counter: String,
    pub attempt: u32,
    /// When, in ms.
    pub at: i64,
    /// Whether the display has it.
    pub delivered: bool,
}

struct Inner {
    life: Life,
    sequence: u64,
    /// The notices that the life does not know.
    notices: Vec<Notice>,
    calls: Vec<Call>,
    status: Option<Status>,
    connections: u32,
    /// The hall's clock when something happened last.
    at: Timestamp,
}

/// The server.
pub struct Server {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    events: broadcast::Sender<(u64, String)>,
    mode: watch::Sender<Mode>,
}

impl Server {
    /// A hall whose day begins at `at`.
    pub fn start(at: Timestamp) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let inner = Arc::new(Mutex::new(Inner {
            life: Life::new(COUNTERS, 7, at),
            sequence: 1,
            notices: Vec::new(),
            calls: Vec::new(),
            status: None,
            connections: 0,
            at,
        }));
        let (events, (mode, _)) = (broadcast::channel(MOST_WAITING).0, watch::channel(Mode::Live));
        let server = Self { address: listener.local_addr().expect("bound"), inner, events, mode };
        let (inner, events, mode) = (server.inner.clone(), server.events.clone(), server.mode.clone());
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(listen(listener, &inner, &events, &mode));
        });
        server
    }

    /// Where displays connect to.
    pub fn url(&self) -> String {
        format!("ws://{}/events", self.address)
    }

    /// Treats displays otherwise from now on.
    pub fn turn(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// Lets the hall live for a while, up to `at`.
    pub fn live(&self, dt: Duration, at: Timestamp) {
        let mut inner = self.lock();
        inner.at = at;
        for event in inner.life.step(dt, at) {
            self.post(&mut inner, &event, at);
        }
    }

    /// Says something that the hall's life does not say.
    pub fn send(&self, event: Event, at: Timestamp) {
        let mut inner = self.lock();
        inner.notices.retain(|notice| notice.until.is_none_or(|until| until > at));
        match &event {
            Event::NoticePosted(notice) => inner.notices.push(notice.clone()),
            Event::NoticeCleared(id) => inner.notices.retain(|notice| notice.id != *id),
            _ => {}
        }
        self.post(&mut inner, &event, at);
    }

    /// Says something wrong, or something that no display knows.
    pub fn wrong(&self, number: u32, at: Timestamp) {
        let mut inner = self.lock();
        let (sequence, text) = match number % 3 {
            0 => (0, "{\"specversion\": \"1.0\", ".to_owned()),
            1 => (
                0,
                json!({"specversion": "1.0", "id": "x", "source": SOURCE, "type": "papan.ticket.called"})
                    .to_string(),
            ),
            _ => {
                inner.sequence += 1;
                let sequence = inner.sequence;
                let event = json!({"specversion": "1.0", "id": sequence.to_string(), "source": SOURCE,
                    "type": "papan.coffee.ready", "sequence": sequence.to_string(), "time": at.to_string(),
                    "data": {}});
                (sequence, event.to_string())
            }
        };
        let _ = self.events.send((sequence, text));
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// What the display said of itself last.
    pub fn status(&self) -> Option<Status> {
        self.lock().status.clone()
    }

    /// How many connections there have been.
    pub fn connections(&self) -> u32 {
        self.lock().connections
    }

    fn post(&self, inner: &mut Inner, event: &Event, at: Timestamp) {
        inner.sequence += 1;
        let sequence = inner.sequence;
        if let Event::TicketCalled(call) = event {
            inner.calls.push(Call {
                sequence,
                ticket: call.ticket.0.clone(),
                counter: call.counter.0.clone(),
                attempt: call.attempt,
                at: at.as_millisecond(),
                delivered: false,
            });
        }
        // Nobody is connected: then nobody gets it.
        let _ = self.events.send((sequence, protocol::encode_event(event, SOURCE, sequence, at)));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("not poisoned")
    }
}

async fn listen(
    first: TcpListener,
    inner: &Arc<Mutex<Inner>>,
    events: &broadcast::Sender<(u64, String)>,
    mode: &watch::Sender<Mode>,
) {
    let address = first.local_addr().expect("bound");
    let mut listener = tokio::net::TcpListener::from_std(first).expect("a socket");
    let mut turns = mode.subscribe();
    loop {
        tokio::select! {
            _ = turns.changed() => if *turns.borrow_and_update() == Mode::Refuse {
                drop(listener);
                while turns.changed().await.is_ok() && *turns.borrow_and_update() == Mode::Refuse {}
                listener = tokio::net::TcpListener::bind(address).await.expect("the port is free");
            },
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                // What was said of the mode before is not of this connection.
                let mut turns = mode.subscribe();
                turns.mark_unchanged();
                tokio::spawn(follow(stream, inner.clone(), events.clone(), turns));
            },
        }
    }
}

/// One display, until either end closes.
async fn follow(
    stream: TcpStream,
    inner: Arc<Mutex<Inner>>,
    events: broadcast::Sender<(u64, String)>,
    mut turns: watch::Receiver<Mode>,
) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut socket = accept_hdr_async(stream, subprotocol).await.ok()?;
    let (first, since, mut events) = {
        let mut inner = inner.lock().expect("not poisoned");
        inner.connections += 1;
        (snapshot(&inner), inner.sequence, events.subscribe())
    };
    socket.send(Message::text(first)).await.ok()?;
    loop {
        tokio::select! {
            _ = turns.changed() => {
                let mode = *turns.borrow_and_update();
                match mode {
                    Mode::Live => {}
                    Mode::Close => return socket.close(None).await.ok(),
                    Mode::Drop | Mode::Refuse => return None,
                    Mode::Mute => {
                        tokio::time::sleep(SILENT).await;
                        return None;
                    }
                }
            }
            event = events.recv() => {
                let (sequence, text) = event.ok()?;
                socket.send(Message::text(text)).await.ok()?;
                if sequence > 0 {
                    socket.send(Message::Ping(sequence.to_be_bytes().to_vec().into())).await.ok()?;
                }
            }
            heard = socket.next() => match heard?.ok()? {
                Message::Text(text) => match protocol::decode_report(&text).ok()?.1 {
                    Outgoing::Status(status) => inner.lock().expect("not poisoned").status = Some(status),
                    Outgoing::Resync => {
                        let anew = snapshot(&inner.lock().expect("not poisoned"));
                        socket.send(Message::text(anew)).await.ok()?;
                    }
                    Outgoing::AnnouncementStarted(_) | Outgoing::AnnouncementFinished(_) => {}
                },
                Message::Pong(bytes) => {
                    let upto = u64::from_be_bytes(bytes.as_ref().try_into().ok()?);
                    let mut inner = inner.lock().expect("not poisoned");
                    let news = inner.calls.iter_mut().rev().take_while(|call| call.sequence > since);
                    news.filter(|call| call.sequence <= upto).for_each(|call| call.delivered = true);
                }
                _ => {}
            },
        }
    }
}

fn snapshot(inner: &Inner) -> String {
    let mut snapshot = inner.life.hall().replicate();
    snapshot.notices.extend(inner.notices.iter().cloned());
    protocol::encode_event(&Event::Snapshot(snapshot), SOURCE, inner.sequence, inner.at)
}

#[expect(clippy::result_large_err, reason = "the type is tungstenite's")]
#[expect(clippy::unnecessary_wraps, reason = "the type is tungstenite's")]
fn subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let name = "sec-websocket-protocol";
    if request.headers().get(name).is_some() {
        response.headers_mut().insert(name, HeaderValue::from_static("cloudevents.json"));
    }
    Ok(response)
}
