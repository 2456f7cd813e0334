//! What of the folder's playlist is on air: decided at each minute of the hall's clock, and when what it depends on
//! changed. Invariant: [`OnAir`] is always part of [`Listed`], and is another one only where what it holds is.

use std::sync::Arc;

use bevy::prelude::*;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    domain::{
        event::Survey,
        hall,
        playlist::Playlist,
        schedule::{Data, Programme},
    },
    state::{Hall, Listed, Now, OnAir, Scheduled},
};

/// Fills [`OnAir`] from [`Listed`], by [`Now`] and by what the [`Hall`] has data for.
pub fn plugin(app: &mut App) {
    app.init_resource::<Listed>().init_resource::<OnAir>().init_resource::<Hall>();
    app.add_systems(Update, decide.in_set(Scheduled));
}

/// What of a playlist is on air at a moment in a hall.
pub fn on_air(playlist: &Playlist, zone: &TimeZone, at: Timestamp, hall: &hall::Hall) -> Playlist {
    let (minute, data) = asked(zone, at, hall);
    Programme::at(playlist, minute, data).of(playlist)
}

/// The minute of the hall's clock, and what the hall has data for on that day.
fn asked(zone: &TimeZone, at: Timestamp, hall: &hall::Hall) -> (DateTime, Data) {
    let at = zone.to_datetime(at);
    let answers = |s: &Survey| [s.very_satisfied, s.satisfied, s.dissatisfied].iter().any(|count| *count > 0);
    let survey = hall.survey.as_ref().is_some_and(|survey| survey.date == at.date() && answers(survey));
    (at.date().at(at.hour(), at.minute(), 0, 0), Data { survey })
}

/// What was decided last.
struct Decided {
    listed: Arc<Playlist>,
    minute: DateTime,
    data: Data,
    programme: Programme,
}

fn decide(
    now: Res<Now>,
    hall: Res<Hall>,
    listed: Res<Listed>,
    mut on_air: ResMut<OnAir>,
    mut last: Local<Option<Decided>>,
) {
    let (minute, data) = asked(&now.zone, now.wall, &hall);
    let known = last.as_ref().filter(|last| Arc::ptr_eq(&last.listed, &listed.0));
    if known.is_some_and(|last| (last.minute, last.data) == (minute, data)) {
        return;
    }
    let programme = Programme::at(&listed, minute, data);
    let same = known.is_some_and(|last| last.programme == programme);
    if !same {
        on_air.0 = if programme.is_all(&listed) { listed.0.clone() } else { Arc::new(programme.of(&listed)) };
    }
    *last = Some(Decided { listed: listed.0.clone(), minute, data, programme });
}
