//! A queue server of our own: CloudEvents over WebSocket on loopback, told what to send by the test.
//! Invariant: what a connection gets first is the whole hall, and after it each event once and in order.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc, Mutex, MutexGuard,
        mpsc::{self, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
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

/// Services of a real hall: id, name, agency, what tickets begin with.
const SERVICES: [(&str, &str, &str, &str); 8] = [
    ("ktp", "Perekaman KTP-el", "Dukcapil", "A"),
    ("kk", "Kartu Keluarga", "Dukcapil", "B"),
    ("akta", "Akta kelahiran", "Dukcapil", "C"),
    ("oss", "Perizinan usaha (OSS)", "DPM-PTSP", "D"),
    ("pbg", "Izin bangunan (PBG)", "DPM-PTSP", "E"),
    ("pbb", "PBB dan BPHTB", "Bapenda", "F"),
    ("skck", "SKCK", "Polresta", "G"),
    ("paspor", "Paspor", "Imigrasi", "H"),
];
/// How many messages may wait for a connection; one that is further behind is closed.
const MOST_WAITING: usize = 65_536;
/// How long a message may take to the socket.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
struct Outgoing {
    text: String,
    sent: SyncSender<Instant>,
}

#[derive(Debug)]
struct Hall {
    sequence: u64,
    /// Each counter's ticket.
    tickets: Vec<String>,
    connected_at: Option<Instant>,
    /// How often the whole hall was sent to a display that connected.
    snapshots: usize,
    /// What displays sent, by type and count of each.
    heard: Vec<String>,
}

/// A message on its way to a display.
pub struct Sent(mpsc::Receiver<Instant>);

impl Sent {
    /// Waits until it went out to a display, and tells when that was; `None` where none is connected.
    pub fn at(self) -> Option<Instant> {
        self.0.recv_timeout(PATIENCE).ok()
    }
}

/// The server; dropped, it closes.
pub struct Queue {
    address: SocketAddr,
    hall: Arc<Mutex<Hall>>,
    outgoing: broadcast::Sender<Outgoing>,
    running: Option<(watch::Sender<bool>, thread::JoinHandle<()>)>,
}

impl Queue {
    /// A hall with this many open counters, each serving its first ticket.
    pub fn start(counters: usize) -> Self {
        let tickets = (0..counters).map(|i| ticket(i, i + 1)).collect();
        let hall = Hall { sequence: 1, tickets, connected_at: None, snapshots: 0, heard: Vec::new() };
        let mut queue = Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            hall: Arc::new(Mutex::new(hall)),
            outgoing: broadcast::channel(MOST_WAITING).0,
            running: None,
        };
        queue.resume();
        queue
    }

    /// Where displays connect to.
    pub fn url(&self) -> String {
        format!("ws://{}/events", self.address)
    }

    /// When the first display had the hall sent to it.
    pub fn connected_at(&self) -> Option<Instant> {
        self.hall().connected_at
    }

    /// How many connections there have been.
    pub fn snapshots(&self) -> usize {
        self.hall().snapshots
    }

    /// How many messages of a type displays have sent.
    pub fn heard(&self, kind: &str) -> usize {
        self.hall().heard.iter().filter(|k| *k == kind).count()
    }

    /// Calls a ticket to a counter, counted from 0.
    pub fn call(&self, counter: usize, number: usize) -> Sent {
        self.event(|hall| {
            hall.tickets[counter] = ticket(counter, number);
            let service = SERVICES[counter % SERVICES.len()].0;
            let called = json!({"ticket": hall.tickets[counter], "counter": (counter + 1).to_string(),
                "service": service, "attempt": 1});
            ("papan.ticket.called", called)
        })
    }

    /// Finishes the ticket of a counter, and lets it serve another that was never called.
    pub fn serve(&self, counter: usize, number: usize) {
        self.event(|hall| {
            let done = json!({"ticket": hall.tickets[counter], "counter": (counter + 1).to_string(),
                "outcome": "served"});
            ("papan.ticket.finished", done)
        });
        self.event(|hall| {
            hall.tickets[counter] = ticket(counter, number);
            ("papan.counter.changed", counter_data(counter, &hall.tickets[counter]))
        });
    }

    /// Sends an event that leaves the hall as this server knows it.
    pub fn send(&self, kind: &'static str, data: Value) -> Sent {
        self.event(|_| (kind, data))
    }

    /// Sends what may be no event at all.
    pub fn send_raw(&self, text: &str) -> Sent {
        self.post(text.to_owned())
    }

    /// The hall as its snapshot's event.
    pub fn snapshot(&self) -> String {
        snapshot(&self.hall())
    }

    /// Closes the port and every connection.
    pub fn pause(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(true);
            let _ = thread.join();
        }
    }

    /// Opens the same port again.
    pub fn resume(&mut self) {
        let listener = TcpListener::bind(self.address).expect("the port is free");
        self.address = listener.local_addr().expect("it is bound");
        listener.set_nonblocking(true).expect("a socket");
        let (stop, stopped) = watch::channel(false);
        let (hall, outgoing) = (self.hall.clone(), self.outgoing.clone());
        let thread = thread::Builder::new().name("queue-server".into()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(serve(listener, hall, outgoing, stopped));
        });
        self.running = Some((stop, thread.expect("a thread")));
    }

    fn event(&self, make: impl FnOnce(&mut Hall) -> (&'static str, Value)) -> Sent {
        let mut hall = self.hall();
        hall.sequence += 1;
        let (kind, data) = make(&mut hall);
        // Under the lock, so that a connection made meanwhile gets it either here or in its snapshot.
        self.post(envelope(hall.sequence, kind, &data))
    }

    fn post(&self, text: String) -> Sent {
        let (sent, done) = mpsc::sync_channel(1);
        // Nobody is connected: then nobody gets it.
        let _ = self.outgoing.send(Outgoing { text, sent });
        Sent(done)
    }

    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.hall.lock().expect("not poisoned")
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.pause();
    }
}

async fn serve(
    listener: TcpListener,
    hall: Arc<Mutex<Hall>>,
    outgoing: broadcast::Sender<Outgoing>,
    mut stopped: watch::Receiver<bool>,
) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                tokio::spawn(follow(stream, hall.clone(), outgoing.clone()));
            },
        }
    }
}

/// One display, until either end closes.
async fn follow(
    stream: TcpStream,
    hall: Arc<Mutex<Hall>>,
    outgoing: broadcast::Sender<Outgoing>,
) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut socket = accept_hdr_async(stream, subprotocol).await.ok()?;
    let (first, mut events) = {
        let hall = hall.lock().expect("not poisoned");
        (snapshot(&hall), outgoing.subscribe())
    };
    socket.send(Message::text(first)).await.ok()?;
    {
        let mut hall = hall.lock().expect("not poisoned");
        hall.snapshots += 1;
        hall.connected_at.get_or_insert_with(Instant::now);
    }
    loop {
        tokio::select! {
            event = events.recv() => {
                let event = event.ok()?;
                socket.send(Message::text(event.text)).await.ok()?;
                let _ = event.sent.try_send(Instant::now());
            }
            heard = socket.next() => {
                let Message::Text(text) = heard?.ok()? else { continue };
                let event: Value = serde_json::from_str(&text).ok()?;
                let kind = event["type"].as_str()?.to_owned();
                let resync = kind == "papan.display.resync";
                let anew = {
                    let mut hall = hall.lock().expect("not poisoned");
                    hall.heard.push(kind);
                    snapshot(&hall)
                };
                if resync {
                    socket.send(Message::text(anew)).await.ok()?;
                }
            }
        }
    }
}

/// A browser ends a connection that does not take the subprotocol that it offers.
#[expect(clippy::result_large_err, reason = "the type is tungstenite's")]
fn subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let name = "sec-websocket-protocol";
    if request.headers().get(name).is_some() {
        response.headers_mut().insert(name, HeaderValue::from_static("cloudevents.json"));
    }
    Ok(response)
}

fn ticket(counter: usize, number: usize) -> String {
    format!("{}-{:03}", SERVICES[counter % SERVICES.len()].3, number % 1000)
}

fn counter_data(counter: usize, ticket: &str) -> Value {
    let id = (counter + 1).to_string();
    json!({"id": id, "label": id, "service": SERVICES[counter % SERVICES.len()].0, "state": "open",
        "serving": {"ticket": ticket, "attempt": 1}})
}

fn snapshot(hall: &Hall) -> String {
    let services: Vec<_> = SERVICES
        .iter()
        .map(|(id, name, agency, prefix)| {
            json!({"id": id, "name": name, "agency": agency, "prefix": prefix, "waiting": 7})
        })
        .collect();
    let counters: Vec<_> = hall.tickets.iter().enumerate().map(|(i, t)| counter_data(i, t)).collect();
    let data = json!({
        "hall": {"name": "Mal Pelayanan Publik", "organization": "Pemerintah Kota Kendari"},
        "services": services,
        "counters": counters,
    });
    envelope(hall.sequence, "papan.hall.snapshot", &data)
}

fn envelope(sequence: u64, kind: &str, data: &Value) -> String {
    json!({"specversion": "1.0", "id": format!("hall-{sequence}"), "source": "/hall", "type": kind,
        "sequence": sequence.to_string(), "time": jiff::Timestamp::now().to_string(),
        "datacontenttype": "application/json", "data": data})
    .to_string()
}
