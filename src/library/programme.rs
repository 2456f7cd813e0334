//! What of the folder's playlist is on air: decided at each minute of the hall's clock, and when what it depends on
//! changed. Invariant: [`OnAir`] is always part of [`Listed`], and is another one only where what it holds is.

use std::sync::Arc;

use bevy::prelude::*;
use jiff::civil::DateTime;

use crate::{
    domain::{
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
    let at = now.zone.to_datetime(now.wall);
    let minute = at.date().at(at.hour(), at.minute(), 0, 0);
    let answered = |s: &crate::domain::event::Survey| {
        s.date == at.date()
            && u64::from(s.very_satisfied) + u64::from(s.satisfied) + u64::from(s.dissatisfied) > 0
    };
    let data = Data { survey: hall.survey.as_ref().is_some_and(answered) };
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
