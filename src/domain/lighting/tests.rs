//! Lighting against brute force, and the fade. Invariant: what is expected is written down or worked out otherwise.

use jiff::{
    civil::{Date, Weekday, date},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::*;
use crate::domain::{daypart::Hours, schedule::Days};

fn hours(text: &str) -> When {
    When { hours: vec![text.parse().unwrap()], ..When::default() }
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[test]
fn nothing_said_is_always_on_and_bright() {
    let lighting = Lighting::default();
    for time in ["2026-11-21T00:00", "2026-11-21T03:00", "2026-11-21T23:59:59.999"] {
        assert_eq!(lighting.level(at(time)), FULL);
    }
    assert!(lighting.needs_power(Timestamp::MIN, &TimeZone::UTC));
    assert!(lighting.needs_power(Timestamp::MAX, &TimeZone::UTC));
}

#[test]
fn on_begins_at_its_minute_and_ends_before_its_end() {
    let lighting = Lighting { on: vec![hours("07:00-17:30")], ..Lighting::default() };
    let on = ["06:59:59.999", "07:00", "17:29:59.999", "17:30"]
        .map(|t| lighting.on(at(&format!("2026-11-21T{t}"))));
    assert_eq!(on, [false, true, true, false]);
}

#[test]
fn the_first_brightness_that_holds_counts() {
    let dim = vec![(hours("20:00-05:00"), 0.1), (hours("18:00-07:00"), 0.4)];
    let lighting = Lighting { dim, brightness: 0.9, ..Lighting::default() };
    let shares = ["12:00", "18:00", "19:59", "20:00", "04:59", "05:00", "07:00"]
        .map(|t| lighting.brightness(at(&format!("2026-11-21T{t}"))));
    assert_eq!(shares, [0.9, 0.4, 0.4, 0.1, 0.1, 0.4, 0.9]);
}

#[test]
fn the_level_is_the_share_of_light() {
    // (168 / 255) ^ 2.2 = 0.4.
    assert_eq!([level(0.0), level(0.4), level(1.0), level(7.0)], [0, 168, 255, 255]);
    let dark = Lighting { brightness: 0.0, ..Lighting::default() };
    assert_eq!(dark.level(at("2026-11-21T12:00")), 1, "on is never off");
}

#[test]
fn power_comes_before_the_picture_and_goes_after_it() {
    let zone = TimeZone::get("Asia/Makassar").unwrap();
    let lighting = Lighting { on: vec![hours("07:00-17:30")], ..Lighting::default() };
    let needs = |time: &str| {
        let at: DateTime = format!("2026-11-21T{time}").parse().unwrap();
        lighting.needs_power(at.to_zoned(zone.clone()).unwrap().timestamp(), &zone)
    };
    let all = ["06:59:44", "06:59:45", "07:00:00", "17:29:59", "17:30:04", "17:30:05", "23:00:00"].map(needs);
    assert_eq!(all, [false, true, true, true, true, false, false]);
}

#[test]
fn a_fade_is_even_and_nothing_jumps() {
    let ms = Duration::from_millis;
    let mut fading = Fading::default();
    assert_eq!(fading.step(FULL, false, ms(0)), FULL, "a screen that starts does not fade");
    let mut before = fading.step(100, false, ms(1000));
    assert_eq!(before, FULL);
    for n in 0..=240 {
        // In the middle of the way it turns round.
        let to = if n < 100 { 100 } else { 240 };
        let level = fading.step(to, false, ms(1000 + n * 16));
        assert!(level.abs_diff(before) <= 2, "{before} → {level}");
        before = level;
    }
    assert_eq!(fading.step(240, false, ms(1000 + 100 * 16 + 3100)), 240);
    assert_eq!(fading.step(0, false, ms(20_000)), 240);
    assert_eq!(fading.step(FULL, true, ms(20_100)), FULL, "an emergency does not wait");
    assert_eq!(fading.step(0, false, ms(20_200)), FULL, "and goes gently");
    assert_eq!(fading.step(0, false, ms(23_200)), 0);
}

/// A rule in minutes from Monday's midnight on, worked out minute by minute over a week.
fn brute(rules: &[(Vec<usize>, usize, usize)]) -> Vec<bool> {
    const DAY: usize = 24 * 60;
    let mut week = vec![false; 7 * DAY];
    for (days, from, until) in rules {
        for day in days {
            let length = if until > from { until - from } else { DAY - from + until };
            for minute in 0..length {
                week[(day * DAY + from + minute) % (7 * DAY)] = true;
            }
        }
    }
    week
}

fn rule() -> impl Strategy<Value = (Vec<usize>, usize, usize)> {
    let time = 0..(24 * 12_usize);
    (proptest::collection::btree_set(0..7_usize, 1..=7), time.clone(), time)
        .prop_map(|(days, from, until)| (days.into_iter().collect(), from * 5, until * 5))
}

fn when((days, from, until): &(Vec<usize>, usize, usize)) -> When {
    let text = |m: &usize| format!("{:02}:{:02}", m / 60, m % 60);
    let hours: Hours = format!("{}-{}", text(from), text(until)).parse().unwrap();
    let weekday = |day: &usize| Weekday::Monday.cycle_forward().nth(*day).unwrap();
    let days = days.iter().map(weekday).fold(Days::default(), Days::with);
    When { days: Some(days), hours: vec![hours], ..When::default() }
}

fn monday() -> Date {
    // The week in which New York's clocks go back, on the Sunday at its end.
    date(2026, 10, 26)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rules_hold_as_minute_by_minute(rules in proptest::collection::vec(rule(), 1..4)) {
        let lighting = Lighting { on: rules.iter().map(when).collect(), ..Lighting::default() };
        let week = brute(&rules);
        let zone = TimeZone::get("America/New_York").unwrap();
        let first = monday().to_zoned(zone.clone()).unwrap().timestamp().as_second();
        // Real minutes: on the last day one hour comes twice, and holds or not as often.
        for minute in (0..(7 * 24 + 1) * 60).step_by(5) {
            let at = Timestamp::from_second(first + minute * 60).unwrap();
            let civil = zone.to_datetime(at);
            let day = usize::from(civil.weekday().to_monday_zero_offset().unsigned_abs());
            let of_week = day * 24 * 60 + usize::from(civil.hour().unsigned_abs()) * 60
                + usize::from(civil.minute().unsigned_abs());
            prop_assert_eq!(lighting.on(civil), week[of_week], "{}", civil);
            if week[of_week] {
                prop_assert!(lighting.needs_power(at, &zone), "{}: lit without power", civil);
            }
        }
    }
}
