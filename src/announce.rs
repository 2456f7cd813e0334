//! Calls on their way to being announced: `domain::announcement` with the frame's time.
//! Invariant: one announcement at a time, and none is dropped without a line in the log.

use std::time::Duration;

use bevy::prelude::*;

use crate::{
    domain::announcement::{Announcement, Announcements, Dropped},
    state::{
        AnnouncementFinished, AnnouncementStarted, Announcing, Calling, Fresh, Now, Sound, Step, ToServer,
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
        .add_message::<Calling>()
        .add_message::<AnnouncementStarted>()
        .add_message::<AnnouncementFinished>()
        .add_message::<ToServer>()
        .add_systems(Update, announce.in_set(Step::Play));
}

fn announce(
    mut queue: ResMut<Queue>,
    mut announcing: ResMut<Announcing>,
    mut fresh: ResMut<Fresh>,
    mut calling: MessageReader<Calling>,
    mut started: MessageWriter<AnnouncementStarted>,
    mut finished: MessageWriter<AnnouncementFinished>,
    mut to_server: MessageWriter<ToServer>,
    sound: Res<Sound>,
    now: Res<Now>,
) {
    let mut dropped = Vec::new();
    for calling in calling.read() {
        match calling {
            Calling::Called(call) => {
                fresh.retain(|_, (_, at)| now.mono.saturating_sub(*at) < FORGET);
                fresh.insert(call.counter.clone(), (call.ticket.clone(), now.mono));
                dropped.extend(queue.push(call.clone(), now.mono));
            }
            Calling::Withdrawn { ticket, counter } => dropped.extend(queue.withdraw(ticket, counter)),
        }
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
        // A call that had to wait has its accent while it is announced, and after.
        fresh.insert(next.call.counter.clone(), (next.call.ticket.clone(), now.mono));
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

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::event::{CounterId, Ticket, TicketCalled};

    fn call(attempt: u32) -> TicketCalled {
        let (ticket, counter) = (Ticket("A-100".into()), CounterId("1".into()));
        TicketCalled { ticket, counter, service: None, attempt, priority: None, time: None }
    }

    #[test]
    fn what_happens_in_one_frame_happens_in_order() {
        let mut app = App::new();
        app.insert_resource(Now { wall: default(), mono: Duration::ZERO, zone: TimeZone::UTC });
        app.add_plugins(plugin);
        let void = Calling::Withdrawn { ticket: call(1).ticket, counter: call(1).counter };
        app.world_mut().write_message(Calling::Called(call(1)));
        app.world_mut().write_message(void.clone());
        app.world_mut().write_message(Calling::Called(call(2)));
        app.update();
        let announced = app.world().resource::<Announcing>().0.as_ref().map(|a| a.call.attempt);
        assert_eq!(announced, Some(2), "called again after it was finished");
        app.world_mut().write_message(Calling::Called(call(3)));
        app.world_mut().write_message(void);
        app.world_mut().resource_mut::<Now>().mono += Duration::from_secs(7);
        app.update();
        assert!(app.world().resource::<Announcing>().0.is_none(), "finished after it was called");
    }
}
