//! The demo hall's queue server: one thread, one life, any number of displays.
//! Invariant: a snapshot and the events after it are cut from one life under one lock, without a gap.

use std::{
    io,
    net::{Ipv4Addr, TcpListener as StdListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use bevy::log::debug;
use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::broadcast::{self, error::RecvError},
    time::{MissedTickBehavior, interval},
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        self, Message, Utf8Bytes,
        handshake::server::{ErrorResponse, Request, Response},
        http::{HeaderValue, header},
    },
};

use super::life::Life;
use crate::{
    clock,
    domain::event::Event,
    protocol::{self, Outgoing},
};

/// How often the hall is looked after.
const TICK: Duration = Duration::from_millis(100);
/// How many events a display may fall behind before it is told everything anew.
const BACKLOG: usize = 256;
/// Who speaks.
const SOURCE: &str = "urn:papan:demo";

/// Starts the demo hall with `counters` counters and returns its `ws://` URL. It lives as long as the program.
pub fn serve(counters: usize) -> io::Result<String> {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let url = format!("ws://{}/events", listener.local_addr()?);
    let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let life = Life::new(counters, rand::random(), clock::wall());
    let (events, _) = broadcast::channel(BACKLOG);
    let hall = Arc::new(Live { inner: Mutex::new(Inner { life, sequence: 0 }), events });
    thread::Builder::new().name("demo".into()).spawn(move || {
        runtime.block_on(async {
            match TcpListener::from_std(listener) {
                Ok(listener) => tokio::join!(live(&hall), welcome(&hall, listener)).1,
                Err(error) => bevy::log::error!("the demo hall cannot listen: {error}"),
            }
        });
    })?;
    Ok(url)
}

/// The life and those who watch it.
struct Live {
    inner: Mutex<Inner>,
    /// Messages as they go over the wire.
    events: broadcast::Sender<Utf8Bytes>,
}

struct Inner {
    life: Life,
    /// That of the newest event.
    sequence: u64,
}

impl Live {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets time pass and tells everyone what happened.
    fn step(&self, dt: Duration) {
        let at = clock::wall();
        let mut inner = self.lock();
        for event in inner.life.step(dt, at) {
            inner.sequence += 1;
            let text = protocol::encode_event(&event, SOURCE, inner.sequence, at);
            // That nobody listens is no error.
            let _ = self.events.send(text.into());
        }
    }

    /// The whole state, and everything that comes after it.
    fn watch(&self) -> (Message, broadcast::Receiver<Utf8Bytes>) {
        let inner = self.lock();
        let snapshot = Event::Snapshot(inner.life.hall().replicate());
        let text = protocol::encode_event(&snapshot, SOURCE, inner.sequence, clock::wall());
        (Message::text(text), self.events.subscribe())
    }
}

async fn live(hall: &Live) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = ticks.tick().await;
    loop {
        let now = ticks.tick().await;
        crate::fault::point("demo");
        hall.step(clock::hall(now - last));
        last = now;
    }
}

async fn welcome(hall: &Arc<Live>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let hall = Arc::clone(hall);
                tokio::spawn(async move {
                    if let Err(error) = serve_display(&hall, stream).await {
                        debug!("a display left the demo hall: {error}");
                    }
                });
            }
            // Out of file descriptors, for example: it passes.
            Err(error) => {
                debug!("the demo hall cannot accept a display: {error}");
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

async fn serve_display(hall: &Live, stream: TcpStream) -> Result<(), tungstenite::Error> {
    stream.set_nodelay(true)?;
    let mut socket = accept_hdr_async(stream, select_subprotocol).await?;
    let (snapshot, mut events) = hall.watch();
    socket.send(snapshot).await?;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(text) => socket.send(Message::Text(text)).await?,
                Err(RecvError::Lagged(_)) => events = tell_anew(hall, &mut socket).await?,
                Err(RecvError::Closed) => return Ok(()),
            },
            message = socket.next() => match message.transpose()? {
                None | Some(Message::Close(_)) => return Ok(()),
                Some(Message::Text(text)) => match protocol::decode_report(text.as_str()) {
                    Ok((_, Outgoing::Resync)) => events = tell_anew(hall, &mut socket).await?,
                    Ok(_) => {}
                    Err(reject) => debug!("the demo hall does not understand a display: {reject}"),
                },
                Some(_) => {}
            },
        }
    }
}

async fn tell_anew(
    hall: &Live,
    socket: &mut WebSocketStream<TcpStream>,
) -> Result<broadcast::Receiver<Utf8Bytes>, tungstenite::Error> {
    let (snapshot, events) = hall.watch();
    socket.send(snapshot).await?;
    Ok(events)
}

/// Selects the CloudEvents subprotocol where it is offered.
#[expect(clippy::result_large_err, reason = "the type is tungstenite's")]
#[expect(clippy::unnecessary_wraps, reason = "the type is tungstenite's")]
fn select_subprotocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    const OURS: &str = "cloudevents.json";
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL);
    let names = offered.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    if names.map(str::trim).any(|name| name == OURS) {
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(OURS));
    }
    Ok(response)
}
