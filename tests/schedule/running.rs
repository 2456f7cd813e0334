//! The running app's programme while its clock jumps.
//! Invariant: the app is stepped by hand; what is on the stage is looked at after each step.

use std::{sync::Arc, time::Duration};

use bevy::prelude::*;
use jiff::{Timestamp, tz::TimeZone};
use papan::{
    app,
    config::Config,
    domain::{event::Survey, playlist::Playlist},
    library::programme,
    picture::theme::Theme,
    state::{Glass, Hall, Listed, Now, OnAir, Playing, Stage, StageBox},
};

use super::read;

fn running(playlist: Playlist) -> App {
    let mut app = App::new();
    let zone = TimeZone::get("Asia/Makassar").unwrap();
    app.insert_resource(Now { wall: Timestamp::UNIX_EPOCH, mono: Duration::ZERO, zone });
    app::core(&mut app, Config::default(), Theme::default());
    app.insert_resource(Glass { width: 320, height: 180, rate: 60.0, refresh: 0 });
    app.insert_resource(Listed(Arc::new(playlist))).add_plugins(programme::plugin);
    app
}

fn step(app: &mut App, wall: Timestamp, millis: u64) {
    let mut now = app.world_mut().resource_mut::<Now>();
    now.wall = wall;
    now.mono += Duration::from_millis(millis);
    app.update();
}

fn names(app: &App) -> Vec<String> {
    app.world().resource::<OnAir>().items.iter().map(|item| item.name.clone()).collect()
}

const MANY: &str = r#"
[[item]]
card.title = "Pagi"
[item.when]
hours = ["08:00-12:00"]
[[item]]
card.title = "Minggu keempat"
[item.when]
from = 2026-11-02
rrule = "FREQ=WEEKLY;INTERVAL=4"
days = ["senin-jumat"]
[[item]]
card.title = "Nanti"
priority = 5
[item.when]
from = 2060-01-01
[[item]]
survey = {}
[item.when]
hours = ["13:00-14:00"]
[[ticker]]
text = "Sampai Jumat"
[ticker.when]
until = 2026-11-27
"#;

#[test]
fn a_clock_that_jumps_never_empties_the_stage() {
    let mut app = running(read(MANY).0);
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    let boot = Timestamp::UNIX_EPOCH;
    while app.world().resource::<Stage>().current.is_none() {
        assert!(std::time::Instant::now() < deadline, "nothing comes onto the stage");
        step(&mut app, boot, 16);
    }
    assert!(app.world().resource::<StageBox>().width > 0);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let jumps = [
        at("2026-11-23T01:00:00Z"),
        at("2099-12-31T23:59:59Z"),
        at("1970-01-01T00:00:00Z"),
        at("2026-11-30T00:30:00Z"),
        at("2026-11-30T04:00:00Z"),
        at("2026-11-29T23:00:00Z"),
        Timestamp::MIN,
        Timestamp::MAX,
        at("2026-11-30T06:00:00Z"),
        at("1999-01-01T00:00:00Z"),
    ];
    for round in 0..300_u64 {
        let wall = jumps[(round * 7 % jumps.len() as u64) as usize];
        for _ in 0..3 {
            step(&mut app, wall, 700);
            assert!(app.world().resource::<Stage>().current.is_some(), "empty at {wall}");
            assert!(!app.world().resource::<Playing>().item.is_empty(), "nothing plays at {wall}");
        }
    }
}

#[test]
fn what_is_on_air_is_decided_at_each_minute_and_changed_only_where_it_is_another() {
    let mut app = running(read(MANY).0);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for (wall, right) in [
        ("2026-11-22T23:59:59Z", &[][..]),
        ("2026-11-23T00:00:00Z", &["Pagi"]),
        ("2026-11-30T00:00:00Z", &["Pagi", "Minggu keempat"]),
        ("2026-11-30T04:00:00Z", &["Minggu keempat"]),
        ("2060-01-01T00:00:00Z", &["Nanti"]),
        ("2026-11-23T03:59:59Z", &["Pagi"]),
        ("2026-11-23T04:00:00Z", &[]),
    ] {
        step(&mut app, at(wall), 16);
        assert_eq!(names(&app), right, "{wall}");
        let on_air = app.world().resource::<OnAir>().0.clone();
        for second in 1..3 {
            step(&mut app, at(wall) + jiff::SignedDuration::from_secs(second * 20), 16);
            if at(wall).as_second() % 60 == 0 {
                assert!(Arc::ptr_eq(&on_air, &app.world().resource::<OnAir>().0), "{wall}");
            }
        }
    }
    let ticker = |app: &App| app.world().resource::<OnAir>().ticker.len();
    step(&mut app, at("2026-11-27T15:59:59Z"), 16);
    assert_eq!(ticker(&app), 1);
    step(&mut app, at("2026-11-27T16:00:00Z"), 16);
    assert_eq!(ticker(&app), 0);
}

#[test]
fn the_survey_is_on_air_where_somebody_answered_today() {
    let mut app = running(read(MANY).0);
    let noon: Timestamp = "2026-11-24T05:30:00Z".parse().unwrap();
    let answers = |date: &str, satisfied| {
        let date = date.parse().unwrap();
        Some(Survey { date, very_satisfied: 0, satisfied, dissatisfied: 0 })
    };
    for (survey, shown) in [
        (None, false),
        (answers("2026-11-24", 0), false),
        (answers("2026-11-23", 9), false),
        (answers("2026-11-24", 1), true),
        (None, false),
    ] {
        app.world_mut().resource_mut::<Hall>().survey = survey;
        step(&mut app, noon, 16);
        assert_eq!(!names(&app).is_empty(), shown);
    }
}

#[test]
fn a_playlist_that_is_all_on_air_is_not_copied() {
    let (playlist, _) = read("[[item]]\ncard.title = \"A\"\n[[ticker]]\ntext = \"B\"\n");
    let mut app = running(playlist);
    step(&mut app, Timestamp::UNIX_EPOCH, 16);
    let (listed, on_air) = (&app.world().resource::<Listed>().0, &app.world().resource::<OnAir>().0);
    assert!(Arc::ptr_eq(listed, on_air));
}
