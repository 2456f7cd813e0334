//! Calls on their way to being announced: `domain::announcement` with the frame's time.
//! Invariant: one announcement at a time, and none is dropped without a line in the log.

use std::time::Duration;

use bevy::prelude::*;

use crate::{
    domain::announcement::{Announcement, Announcements, Dropped},
    state::{
        AnnouncementFinished, AnnouncementStarted, Announcing, Called, Fresh, Now, Sound, Step, ToServer,
        Withdrawn,
    },
};

/// A call's time is forgotten when no accent can depend on it any more.
const FORGET: Duration = Duration::from_secs(120);

#[derive(Resource, Default, Deref, DerefMut)]
struct Queue(Announcements);

/// Announces calls one after the other.
pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Queue>()
        .init_resource::<Announcing>()
        .init_resource::<Fresh>()
        .init_resource::<Sound>()
        .add_message::<Called>()
        .add_message::<Withdrawn>()
        .add_message::<AnnouncementStarted>()
        .add_message::<AnnouncementFinished>()
        .add_message::<ToServer>()
        .add_systems(Update, announce.in_set(Step::Play));
}

fn announce(
    mut queue: ResMut<Queue>,
    mut announcing: ResMut<Announcing>,
    mut fresh: ResMut<Fresh>,
    mut called: MessageReader<Called>,
    mut withdrawn: MessageReader<Withdrawn>,
    mut started: MessageWriter<AnnouncementStarted>,
    mut finished: MessageWriter<AnnouncementFinished>,
    mut to_server: MessageWriter<ToServer>,
    sound: Res<Sound>,
    now: Res<Now>,
) {
    let mut dropped = Vec::new();
    for Called(call) in called.read() {
        fresh.retain(|_, (_, at)| now.mono.saturating_sub(*at) < FORGET);
        fresh.insert(call.counter.clone(), (call.ticket.clone(), now.mono));
        dropped.extend(queue.push(call.clone(), now.mono));
    }
    for gone in withdrawn.read() {
        dropped.extend(queue.withdraw(&gone.ticket, &gone.counter));
    }
    dropped.extend(queue.step(now.mono, !sound.busy));
    for (announcement, why) in &dropped {
        report(announcement, *why);
    }
    if announcing.0.as_ref() == queue.current() {
        return;
    }
    if let Some(before) = announcing.0.take() {
        to_server.write(ToServer::AnnouncementFinished(before.call.clone()));
        finished.write(AnnouncementFinished(before));
    }
    if let Some(next) = queue.current() {
        to_server.write(ToServer::AnnouncementStarted(next.call.clone()));
        started.write(AnnouncementStarted(next.clone()));
    }
    announcing.0 = queue.current().cloned();
}

fn report(announcement: &Announcement, why: Dropped) {
    let call = &announcement.call;
    let reason = match why {
        Dropped::TooOld => "it waited too long",
        Dropped::Withdrawn => "it was finished or called elsewhere",
        Dropped::TooMany => "too many calls wait",
        Dropped::Merged => "it was called again",
    };
    info!("{} to counter {} is not announced: {reason}", call.ticket.0, call.counter.0);
}
