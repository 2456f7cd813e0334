//! The queue server: what it says becomes messages and the hall; what the display says goes out.
//! Invariant: events reach the hall in the server's order, each once, and none is lost on the way.
//!
//! One thread holds the connection (`thread`, `session`, `connect`); this file joins it with the app.

pub mod address;
mod connect;
mod freshness;
mod keeper;
mod session;
pub mod store;
mod thread;
mod timing;
pub mod trial;
mod words;

use std::{
    env,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bevy::{log::warn, prelude::*};
use jiff::SignedDuration;
use tokio::sync::mpsc::{self, Receiver, Sender};

pub use self::timing::{Backoff, LineRate, Timing};
use self::{
    address::{Address, TokenSource},
    connect::Door,
    freshness::Tracker,
    keeper::Keeper,
    session::{Counts, News, Wires},
};
use crate::{
    config,
    directory::{self, StateDirectory},
    domain::{
        event::{Event, Level},
        hall::Change,
    },
    protocol::{LinkState, Outgoing, Status},
    state::{
        Applied, Calling, Complaints, DemoHall, Freshness, Hall, LinkStatus, Now, Playing, Received,
        Settings, Step, ToServer, Troubles, Wake,
    },
};

/// How many events may wait for the app. When they do, the socket is not read on.
const NEWS: usize = 1_024;
/// What plays in safe mode, in the status that the queue server is told.
const SAFE_MODE: &str = "safe mode";
/// How many reports may wait for the thread.
const REPORTS: usize = 256;

/// The app's ends of the thread's channels.
#[derive(Resource)]
struct Link {
    news: Receiver<News>,
    reports: Sender<Outgoing>,
    counts: Arc<Counts>,
    /// What of its trouble was passed on.
    told: u64,
    /// When the last status was sent.
    reported: Option<Duration>,
}

/// How fresh the hall is, and why.
#[derive(Resource, Default, Deref, DerefMut)]
struct Fresh(Tracker);

/// Follows the queue server that [`Settings`] or else [`DemoHall`] names; with neither it stays still.
/// [`Settings`], [`Now`] and [`Wake`] are to be there before the first update.
pub fn plugin(app: &mut App) {
    app.init_resource::<Hall>()
        .init_resource::<Freshness>()
        .init_resource::<LinkStatus>()
        .init_resource::<Playing>()
        .init_resource::<Timing>()
        .init_resource::<Fresh>()
        .init_resource::<Troubles>()
        .add_message::<Received>()
        .add_message::<Calling>()
        .add_message::<ToServer>()
        .add_systems(Startup, start)
        .add_systems(
            PreUpdate,
            (receive.run_if(resource_exists::<Link>), refresh).chain().in_set(Step::Receive),
        )
        .add_systems(
            Update,
            (
                apply.in_set(Applied),
                keeper::keep.run_if(resource_exists::<Keeper>).in_set(Step::Apply).after(Applied),
            ),
        )
        .add_systems(PostUpdate, report.run_if(resource_exists::<Link>))
        .add_systems(Last, keeper::keep_last.run_if(resource_exists::<Keeper>));
}

/// Shows the last state and starts the thread.
fn start(
    mut commands: Commands,
    settings: Res<Settings>,
    (demo, wake, given): (Option<Res<DemoHall>>, Option<Res<Wake>>, Option<Res<StateDirectory>>),
    complaints: Option<Res<Complaints>>,
    timing: Res<Timing>,
    (mut fresh, mut troubles): (ResMut<Fresh>, ResMut<Troubles>),
    mut received: MessageWriter<Received>,
) {
    let queue = &settings.queue;
    let Some(url) = queue.url.as_ref().or(demo.as_deref().map(|demo| &demo.0)) else { return };
    let address = match Address::new(url, &queue.display) {
        Ok(address) => address,
        Err(error) => {
            troubles.set("link", [error.to_string()], jiff::Timestamp::now());
            return warn!("the queue server cannot be followed: {error}");
        }
    };
    let mut token = TokenSource::default();
    // The demo hall has neither a past nor secrets.
    if queue.url.is_some() {
        token = TokenSource::new(env::var(config::TOKEN).ok(), queue.token_file.clone());
        if let Some(path) =
            directory::state(given.as_deref()).map(|d| d.join(store::file_name(&queue.display, url)))
        {
            remember(&path, &mut fresh, &mut received);
            match Keeper::start(path, complaints.as_deref().cloned().unwrap_or_default()) {
                Ok(keeper) => commands.insert_resource(keeper),
                Err(error) => warn!("the state is not kept on disk: {error}"),
            }
        } else {
            warn!("the state is not kept on disk: the environment names no place for it");
        }
    }
    let (news_in, news) = mpsc::channel(NEWS);
    let (reports, wanted) = mpsc::channel(REPORTS);
    let counts = Arc::<Counts>::default();
    let wires = Wires { news: news_in, wanted, wake: wake.as_deref().cloned(), counts: Arc::clone(&counts) };
    let door = Door { address, token, ca_file: queue.ca_file.clone() };
    match thread::start(door, queue.display.clone(), *timing, wires) {
        Ok(()) => commands.insert_resource(Link { news, reports, counts, told: 0, reported: None }),
        Err(error) => warn!("the queue server cannot be followed: {error}"),
    }
}

/// Takes the state on disk, if there is one, the way that events go.
fn remember(path: &std::path::Path, fresh: &mut Fresh, received: &mut MessageWriter<Received>) {
    match store::read(path) {
        Ok(Some((mut snapshot, time))) => {
            // Nobody can know whether one that had no end still holds, and it would hide the board.
            snapshot.notices.retain(|n| n.level == Level::Info || n.until.is_some());
            fresh.remembered(time);
            received.write(Received { event: Event::Snapshot(snapshot), sequence: None });
        }
        Ok(None) => {}
        Err(error) => warn!("the state in {} is not shown: {error}", path.display()),
    }
}

/// Turns the thread's news into messages. It takes no more than the channel holds, so that a flood cannot
/// hold a frame for ever.
fn receive(
    mut link: ResMut<Link>,
    mut fresh: ResMut<Fresh>,
    mut status: ResMut<LinkStatus>,
    mut received: MessageWriter<Received>,
    (mut troubles, settings): (ResMut<Troubles>, Res<Settings>),
    now: Res<Now>,
) {
    let mut next = status.clone();
    for _ in 0..NEWS {
        let Ok(news) = link.news.try_recv() else { break };
        match news {
            News::Event { event, sequence } => {
                if let Event::Snapshot(_) = event {
                    fresh.snapshot();
                    if !next.connected {
                        (next.connected, next.since) = (true, now.mono);
                    }
                }
                next.sequence = Some(sequence);
                received.write(Received { event, sequence: Some(sequence) });
            }
            News::Lost { heard } => {
                let silent = SignedDuration::try_from(heard.elapsed()).unwrap_or(SignedDuration::ZERO);
                fresh.lost(now.mono, now.wall.checked_sub(silent).unwrap_or(now.wall));
                if next.connected {
                    (next.connected, next.since) = (false, now.mono);
                }
            }
        }
    }
    let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    next.errors = read(&link.counts.errors);
    next.unknown = read(&link.counts.unknown);
    next.losses = read(&link.counts.losses);
    status.set_if_neq(next);
    let Link { counts, told, .. } = &mut *link;
    counts.wrong.pass_on(told, &mut troubles, "link", settings.hall.language, now.wall);
}

/// Tells the others how fresh the hall is.
fn refresh(mut fresh: ResMut<Fresh>, mut freshness: ResMut<Freshness>, now: Res<Now>, timing: Res<Timing>) {
    fresh.step(now.mono, timing.grace);
    freshness.set_if_neq(fresh.freshness().clone());
}

/// Events change the hall. Whoever draws it looks at it only when it is otherwise than before.
fn apply(
    mut received: MessageReader<Received>,
    mut hall: ResMut<Hall>,
    now: Res<Now>,
    mut calling: MessageWriter<Calling>,
    mut to_server: MessageWriter<ToServer>,
) {
    let known = &mut hall.bypass_change_detection().0;
    let before = (!received.is_empty()).then(|| known.replicate());
    let mut changes = Vec::new();
    for Received { event, sequence } in received.read() {
        let asked = known.apply(event.clone(), now.wall).into_iter();
        // Nobody can know whether a notice that was kept on disk still holds.
        changes.extend(asked.filter(|c| sequence.is_some() || !matches!(c, Change::Speak(_))));
    }
    let expired = known.expire(now.wall);
    let changed = !expired.is_empty();
    for change in changes.into_iter().chain(expired) {
        match change {
            Change::Called(call) => drop(calling.write(Calling::Called(call))),
            Change::Withdrawn { ticket, counter } => {
                calling.write(Calling::Withdrawn { ticket, counter });
            }
            Change::CounterGone(id) => drop(calling.write(Calling::CounterGone(id))),
            Change::Speak(notice) => drop(calling.write(Calling::Notice(notice))),
            Change::NoticeGone(id) => drop(calling.write(Calling::NoticeGone(id))),
            Change::UnknownCounter(_) => drop(to_server.write(ToServer::Resync)),
        }
    }
    if changed || before.is_some_and(|before| before != known.replicate()) {
        hall.set_changed();
    }
}

/// What the display says. A report that finds no room is dropped: the next status says how things stand.
fn report(
    mut link: ResMut<Link>,
    mut to_server: MessageReader<ToServer>,
    status: Res<LinkStatus>,
    (playing, settings): (Res<Playing>, Res<Settings>),
    now: Res<Now>,
    timing: Res<Timing>,
) {
    for message in to_server.read() {
        let outgoing = match message.clone() {
            ToServer::Resync => Outgoing::Resync,
            ToServer::AnnouncementStarted(call) => Outgoing::AnnouncementStarted(call),
            ToServer::AnnouncementFinished(call) => Outgoing::AnnouncementFinished(call),
        };
        if link.reports.try_send(outgoing).is_err() {
            debug!("a report to the queue server found no room");
        }
    }
    if link.reported.is_none_or(|last| now.mono.saturating_sub(last) >= timing.status) {
        link.reported = Some(now.mono);
        let status = Status {
            version: env!("CARGO_PKG_VERSION").into(),
            uptime_s: now.mono.as_secs(),
            sequence: status.sequence.map(|sequence| sequence.to_string()),
            playing: if settings.safe { SAFE_MODE.to_owned() } else { playing.item.clone() },
            fps: playing.fps,
            // The session knows better, and says so before it is sent.
            link: LinkState::Waiting,
            errors: status.errors,
        };
        let _ = link.reports.try_send(Outgoing::Status(status));
    }
}
