//! The report, out of what the features share.
//! Invariant: it costs a frame some microseconds, once a second or when it is asked for.

use std::time::Duration;

use bevy::prelude::*;
use jiff::SignedDuration;

use super::{Office, PERIOD, Report, Tally, desk::Place, report as r};
use crate::{
    clock, config,
    domain::{announcement, visible::clean},
    state::{
        DemoHall, DrawnBy, Freshness, Glass, LinkStatus, Now, Output, Outputs, Placed, SafeMode, Screens,
        Settings, Shows, Sound, Troubles,
    },
};

/// Leaves a report on the desk.
pub(super) fn collect(
    mut office: ResMut<Office>,
    (now, settings, tally): (Res<Now>, Res<Settings>, Res<Tally>),
    (link, freshness, demo): (Option<Res<LinkStatus>>, Option<Res<Freshness>>, Option<Res<DemoHall>>),
    (glass, shows): (Option<Res<Glass>>, Option<Res<Shows>>),
    (shown, outputs): (Option<Res<Screens>>, Option<Res<Outputs>>),
    (sound, troubles, drawn_by): (Option<Res<Sound>>, Res<Troubles>, Option<Res<DrawnBy>>),
    safe: Option<Res<SafeMode>>,
) {
    let due = office.told.is_none_or(|told| now.mono.saturating_sub(told) >= PERIOD);
    if !office.desk.wants_report() && !due {
        return;
    }
    office.told = Some(now.mono);
    let shows = shows.as_deref().cloned().unwrap_or_default();
    let glass = glass.as_deref().copied().unwrap_or_default();
    let (shown, outputs) = (shown.as_deref().map_or(&[][..], |shown| shown), outputs.as_deref());
    let screens = shown.iter().map(|placed| screen(placed, outputs, &glass, &shows, now.mono)).collect();
    let report = Report {
        form: r::FORM.to_owned(),
        well: false,
        version: crate::VERSION.to_owned(),
        time: now.wall.to_string(),
        uptime_s: now.mono.as_secs(),
        safe_mode: safe.is_some_and(|safe| safe.0),
        renderer: match drawn_by.as_deref().copied().unwrap_or_default() {
            DrawnBy::Cpu => r::Renderer::Cpu,
            DrawnBy::Gpu => r::Renderer::Gpu,
            DrawnBy::File => r::Renderer::File,
        },
        answer_age_s: 0.0,
        link: connection(&settings, link.as_deref(), demo.as_deref(), &now),
        data: data(freshness.as_deref(), &now),
        screens,
        sound: r::Sound {
            device: match sound.as_deref().copied().unwrap_or_default().0 {
                announcement::Sound::Off => r::Device::Off,
                announcement::Sound::Away => r::Device::Away,
                announcement::Sound::Ready => r::Device::Ready,
            },
            volume: config::volume(&settings.sound, now.zone.to_datetime(now.wall).time()),
            speaking: tally.speaking.is_some(),
            backlog: tally.waiting.len() as u64,
        },
        problems: troubles
            .iter()
            .map(|(of, trouble)| r::Problem {
                of: of.to_owned(),
                text: clean(&trouble.text),
                since: seconds(trouble.since),
            })
            .collect(),
        totals: r::Totals {
            frames: shows.shown(),
            dropped_frames: shows.dropped(),
            calls: tally.calls,
            announcements: tally.announcements.clone(),
        },
        process: r::Process::default(),
    };
    let places = shown.iter().map(|placed| Place {
        names: placed.output.iter().chain([&placed.name]).cloned().collect(),
        at: placed.place.map(|place| place.at).unwrap_or_default(),
    });
    let places = places.collect();
    office.desk.leave_report(report, places);
}

/// One screen. All of them are in one window, so frames are counted for all together.
fn screen(
    placed: &Placed,
    outputs: Option<&Outputs>,
    glass: &Glass,
    shows: &Shows,
    now: Duration,
) -> r::Screen {
    let at = placed.place.map(|place| place.at).unwrap_or_default();
    let named = |output: &&Output| Some(&output.name) == placed.output.as_ref();
    let output = outputs.and_then(|outputs| outputs.all.iter().find(named));
    r::Screen {
        name: clean(&placed.name),
        output: placed.output.as_deref().map(clean),
        width_px: at.w,
        height_px: at.h,
        refresh_hz: tenths(output.map_or(glass.rate, |output| output.rate)),
        dark: placed.dark,
        playing: clean(&placed.playing.item),
        frames_per_s: f64::from(placed.playing.fps),
        dropped_frames: shows.dropped(),
        dropped_frames_last_minute: shows.dropped_last_minute(clock::real(now)),
    }
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn seconds(time: jiff::Timestamp) -> String {
    time.round(jiff::Unit::Second).unwrap_or(time).to_string()
}

fn connection(
    settings: &config::Config,
    link: Option<&LinkStatus>,
    demo: Option<&DemoHall>,
    now: &Now,
) -> r::Link {
    let link = link.cloned().unwrap_or_default();
    let url = settings.queue.url.as_ref().or(demo.map(|demo| &demo.0));
    r::Link {
        server: url.and_then(|url| host(url)),
        demo: settings.queue.url.is_none() && demo.is_some(),
        connected: link.connected,
        since_s: now.mono.saturating_sub(link.since).as_secs(),
        sequence: link.sequence,
        losses: link.losses,
        rejected_messages: link.errors,
        unknown_events: link.unknown,
    }
}

/// A URL's scheme, host and port: no user, no password, no path, no query.
fn host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = ["ws", "wss"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(format!("{scheme}://{}", clean(host)))
}

fn data(freshness: Option<&Freshness>, now: &Now) -> r::Data {
    match freshness {
        None | Some(Freshness::Waiting) => r::Data { freshness: r::Freshness::Waiting, age_s: None },
        Some(Freshness::Live) => r::Data { freshness: r::Freshness::Live, age_s: Some(0.0) },
        Some(Freshness::Stale(at)) => {
            // The clock may have been set back since.
            let age = now.wall.duration_since(*at).max(SignedDuration::ZERO);
            r::Data { freshness: r::Freshness::Stale, age_s: Some(tenths(age.as_secs_f64())) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_host_is_told() {
        for (url, told) in [
            ("ws://antrean.local/events", "ws://antrean.local"),
            ("wss://user:hush@antrean.local:8443/a?key=hush#hush", "wss://antrean.local:8443"),
            ("wss://hush@a@host", "wss://host"),
            ("WSS://[::1]:7?hush", "wss://[::1]:7"),
        ] {
            assert_eq!(host(url).as_deref(), Some(told));
        }
        assert_eq!(host("https://hush@host"), None);
        assert_eq!(host("hush"), None);
    }

    #[test]
    fn age_is_never_below_zero() {
        let at = |second| jiff::Timestamp::from_second(second).unwrap();
        let now = Now { wall: at(100), mono: default(), zone: jiff::tz::TimeZone::UTC };
        let age = |freshness| data(Some(&freshness), &now).age_s;
        assert_eq!(age(Freshness::Stale(at(40))), Some(60.0));
        assert_eq!(age(Freshness::Stale(at(400))), Some(0.0));
        assert_eq!((age(Freshness::Live), age(Freshness::Waiting)), (Some(0.0), None));
    }
}
