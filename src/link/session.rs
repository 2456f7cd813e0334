//! One connection's life, from the open WebSocket to its loss.
//! Invariant: nothing that came is lost: where the app has no room, the socket is not read on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bevy::log::{info, warn};
use futures_util::{SinkExt, StreamExt};
use tokio::{
    sync::mpsc::{Receiver, Sender, error::TrySendError},
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout},
};
use tokio_tungstenite::tungstenite::{
    self, Bytes, Message, Utf8Bytes,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::{
    connect::Socket,
    timing::{Backoff, LineRate, Timing},
};
use crate::{
    clock,
    domain::event::Event,
    protocol::{self, Incoming, LinkState, Order, Outgoing, Status, Verdict},
    state::{Standing, Wake},
};

/// What the thread tells the app, in the order in which it happened.
#[derive(Debug)]
pub enum News {
    /// The server said this, and it is its turn.
    Event {
        /// The event.
        event: Event,
        /// Its sequence.
        sequence: u64,
    },
    /// The connection is gone.
    Lost {
        /// When something was last received over it.
        heard: std::time::Instant,
    },
}

/// What is counted, since the program's start.
#[derive(Debug, Default)]
pub struct Counts {
    /// Messages ignored because they were wrong.
    pub errors: AtomicU64,
    /// Events of unknown type.
    pub unknown: AtomicU64,
    /// Connections lost.
    pub losses: AtomicU64,
    /// Why the server is not followed now.
    pub wrong: Standing,
}

/// Adds one; the counts are read for reports alone, so no order between them is needed.
pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What joins the thread with the app.
pub struct Wires {
    /// To the app; bounded.
    pub news: Sender<News>,
    /// From the app; bounded.
    pub wanted: Receiver<Outgoing>,
    /// Called after each piece of news, so that it is drawn at once.
    pub wake: Option<Wake>,
    /// The counts.
    pub counts: Arc<Counts>,
}

impl Wires {
    /// Wakes the drawing loop.
    pub fn wake(&self) {
        if let Some(wake) = &self.wake {
            (wake.0)();
        }
    }
}

/// What outlives a connection.
pub struct Memory {
    /// This display's name.
    pub display: String,
    /// How long to wait for what.
    pub timing: Timing,
    /// The wait before the next connection.
    pub backoff: Backoff,
    /// How many messages were sent.
    pub sent: u64,
    /// Holds the lines about wrong messages to one a second.
    pub lines: LineRate,
    /// When the link began, for `lines`.
    pub began: Instant,
    /// The last trouble that was told of; the same one again is not worth a line.
    pub trouble: Option<String>,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub enum Loss {
    /// The server closed it.
    #[error("the server closed the connection")]
    Closed,
    /// It broke.
    #[error("the connection broke: {0}")]
    Broken(#[from] tungstenite::Error),
    /// A message was longer than is allowed.
    #[error("the server sent a message over {} bytes", protocol::LONGEST_MESSAGE)]
    TooLong,
    /// Nothing was received for too long.
    #[error("nothing was received for {0:?}")]
    Silent(Duration),
    /// What was sent found no way for too long.
    #[error("nothing could be sent for {0:?}")]
    Stuck(Duration),
    /// A snapshot was due and did not come.
    #[error("no snapshot came within {0:?}")]
    NoSnapshot(Duration),
    /// The app is gone; nothing is to be followed any more.
    #[error("the program ends")]
    AppGone,
}

/// What a session waits for.
enum Turn {
    /// The app has room again, or is gone.
    Room(bool),
    /// Something came, or the connection ended.
    Message(Option<Result<Message, tungstenite::Error>>),
    /// The app wants something said, or is gone.
    Wanted(Option<Outgoing>),
    /// It is time for a ping.
    Ping,
    /// Nothing came for too long.
    Silent,
    /// No snapshot came for too long.
    Overdue,
}

/// An open connection.
pub struct Session<'a> {
    socket: Socket,
    wires: &'a mut Wires,
    memory: &'a mut Memory,
    ping: Interval,
    /// Which event is whose turn.
    order: Order,
    /// When something was last received.
    heard: Instant,
    /// By when a snapshot must come; `None` where none is due.
    due: Option<Instant>,
    /// What the app had no room for yet.
    waiting: Option<News>,
}

impl<'a> Session<'a> {
    /// A connection that has just been opened; its snapshot is due.
    pub fn new(socket: Socket, wires: &'a mut Wires, memory: &'a mut Memory) -> Self {
        let now = Instant::now();
        let due = Some(now + memory.timing.snapshot);
        let mut ping = interval_at(now + memory.timing.ping, memory.timing.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { socket, wires, memory, ping, order: Order::default(), heard: now, due, waiting: None }
    }

    /// Follows the server until the connection is lost. Returns why, and when something was last received.
    pub async fn follow(mut self) -> (Loss, Instant) {
        let loss = loop {
            if let Err(loss) = self.step().await {
                break loss;
            }
        };
        if let Loss::TooLong = loss {
            let frame = CloseFrame { code: CloseCode::Size, reason: Utf8Bytes::from_static("too long") };
            // The server may not be listening; the connection is dropped either way.
            let _ =
                timeout(self.memory.timing.first_wait, self.socket.send(Message::Close(Some(frame)))).await;
        }
        // An event that waited for room still comes before the news of the loss.
        if let Some(news) = self.waiting.take() {
            let _ = self.wires.news.send(news).await;
            self.wires.wake();
        }
        (loss, self.heard)
    }

    /// Waits for the next thing to do, and does it.
    async fn step(&mut self) -> Result<(), Loss> {
        crate::fault::point("link");
        let timing = self.memory.timing;
        let reading = self.waiting.is_none();
        let turn = tokio::select! {
            room = self.wires.news.reserve(), if !reading => Turn::Room(room.is_ok()),
            message = self.socket.next(), if reading => Turn::Message(message),
            wanted = self.wires.wanted.recv() => Turn::Wanted(wanted),
            _ = self.ping.tick() => Turn::Ping,
            () = sleep_until(self.heard + timing.silence), if reading => Turn::Silent,
            () = sleep_until(self.due.unwrap_or(self.heard)), if reading && self.due.is_some() => Turn::Overdue,
        };
        match turn {
            Turn::Room(false) | Turn::Wanted(None) => Err(Loss::AppGone),
            Turn::Room(true) => {
                // What was not read cannot have been heard: the waits begin anew.
                self.heard = Instant::now();
                self.due = self.due.map(|_| self.heard + timing.snapshot);
                self.waiting.take().map_or(Ok(()), |news| self.pass_on(news))
            }
            Turn::Message(message) => self.receive(message.ok_or(Loss::Closed)?).await,
            Turn::Wanted(Some(Outgoing::Resync)) => self.ask().await,
            Turn::Wanted(Some(Outgoing::Status(status))) => {
                let status = Status { link: self.state(), ..status };
                self.report(&Outgoing::Status(status)).await
            }
            Turn::Wanted(Some(outgoing)) => self.report(&outgoing).await,
            Turn::Ping => self.send(Message::Ping(Bytes::new())).await,
            Turn::Silent => Err(Loss::Silent(timing.silence)),
            Turn::Overdue => Err(Loss::NoSnapshot(timing.snapshot)),
        }
    }

    async fn receive(&mut self, message: Result<Message, tungstenite::Error>) -> Result<(), Loss> {
        use tungstenite::Error;
        self.heard = Instant::now();
        match message {
            Ok(Message::Text(text)) => self.take(text.as_str()).await,
            Ok(Message::Binary(_)) => {
                self.reject(&"it is binary");
                Ok(())
            }
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => Ok(()),
            Ok(Message::Close(_)) => {
                // Sends the answer that tungstenite has ready; the server may be gone already.
                let _ = timeout(self.memory.timing.first_wait, self.socket.flush()).await;
                Err(Loss::Closed)
            }
            Err(Error::Capacity(_)) => {
                count(&self.wires.counts.errors);
                Err(Loss::TooLong)
            }
            Err(error) => {
                if matches!(error, Error::Utf8(_)) {
                    count(&self.wires.counts.errors);
                }
                Err(Loss::Broken(error))
            }
        }
    }

    /// Takes one message of the server in.
    async fn take(&mut self, text: &str) -> Result<(), Loss> {
        match protocol::decode(text) {
            Err(reject) => {
                self.reject(&reject);
                Ok(())
            }
            Ok(Incoming::Unknown { source, sequence, kind }) => {
                count(&self.wires.counts.unknown);
                bevy::log::debug!("an event of unknown type is ignored: {kind}");
                match sequence.map(|sequence| self.order.take(&source, sequence, false)) {
                    Some(Verdict::Gap | Verdict::Foreign) => self.ask().await,
                    None | Some(Verdict::Apply | Verdict::Duplicate | Verdict::Ignore) => Ok(()),
                }
            }
            Ok(Incoming::Event { source, sequence, event, .. }) => {
                let snapshot = matches!(event, Event::Snapshot(_));
                let verdict = self.order.take(&source, sequence, snapshot);
                if snapshot {
                    self.arrived();
                }
                if let Verdict::Apply | Verdict::Gap = verdict {
                    self.pass_on(News::Event { event, sequence })?;
                }
                match verdict {
                    Verdict::Gap | Verdict::Foreign => self.ask().await,
                    Verdict::Apply | Verdict::Duplicate | Verdict::Ignore => Ok(()),
                }
            }
        }
    }

    /// A good snapshot came: the connection is worth its name.
    fn arrived(&mut self) {
        self.due = None;
        self.memory.backoff.reset();
        self.wires.counts.wrong.say([]);
        if self.memory.trouble.take().is_some() {
            info!("the queue server is followed again");
        }
    }

    fn pass_on(&mut self, news: News) -> Result<(), Loss> {
        match self.wires.news.try_send(news) {
            Ok(()) => self.wires.wake(),
            Err(TrySendError::Full(news)) => self.waiting = Some(news),
            Err(TrySendError::Closed(_)) => return Err(Loss::AppGone),
        }
        Ok(())
    }

    fn reject(&mut self, reason: &dyn std::fmt::Display) {
        count(&self.wires.counts.errors);
        match self.memory.lines.allow(self.memory.began.elapsed()) {
            Some(0) => warn!("a message of the queue server is ignored: {reason}"),
            Some(more) => warn!("a message of the queue server is ignored: {reason} (and {more} before it)"),
            None => {}
        }
    }

    fn state(&self) -> LinkState {
        match (self.due, self.order.sequence()) {
            (None, _) => LinkState::Live,
            (Some(_), None) => LinkState::Waiting,
            (Some(_), Some(_)) => LinkState::Resync,
        }
    }

    /// Asks for a snapshot, unless one is due already.
    async fn ask(&mut self) -> Result<(), Loss> {
        if self.due.is_some() {
            return Ok(());
        }
        info!("something was lost on the way; a snapshot is asked for");
        self.report(&Outgoing::Resync).await?;
        self.due = Some(Instant::now() + self.memory.timing.snapshot);
        Ok(())
    }

    async fn report(&mut self, outgoing: &Outgoing) -> Result<(), Loss> {
        self.memory.sent += 1;
        let text = protocol::encode(outgoing, &self.memory.display, self.memory.sent, clock::wall());
        self.send(Message::text(text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), Loss> {
        let limit = self.memory.timing.silence;
        timeout(limit, self.socket.send(message)).await.map_err(|_| Loss::Stuck(limit))??;
        Ok(())
    }
}
