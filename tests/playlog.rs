//! The play log: what it says of each announcement, and that it says it once.
//! Invariant: time is given; the disk's thread is waited for by ending the app.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by a panic")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use bevy::prelude::*;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use papan::{
    config::Config,
    directory::StateDirectory,
    domain::{
        announcement::{Form, Number, Unspoken, What},
        event::{self, CounterId, Level, NoticeId, Priority, ServiceId, Ticket, TicketCalled},
        speech::Wording,
    },
    playlog::{
        self,
        files::{self, Series},
    },
    state::{Aired, Now, Presented, Proof, Settings},
};
use proptest::prelude::*;
use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(20);

/// An app with nothing but a play log, or without one where the config says so.
struct Screen(App);

impl Screen {
    fn new(folder: &Path) -> Self {
        let mut config = Config::default();
        config.log.folder = Some(folder.to_owned());
        Self::with(config, None)
    }

    fn with(config: Config, state: Option<PathBuf>) -> Self {
        let mut app = App::new();
        app.insert_resource(Now { wall: at(0), mono: Duration::ZERO, zone: TimeZone::UTC })
            .insert_resource(Settings(Arc::new(config)))
            .insert_resource(StateDirectory(state))
            .add_plugins(playlog::plugin);
        Self(app)
    }

    /// A frame that begins at this time, in which this is told and, where there is a time, the glass changes.
    fn frame(&mut self, ms: i64, proofs: impl IntoIterator<Item = Proof>, pixel: Option<i64>) {
        let mono = Duration::from_millis(ms.unsigned_abs());
        self.0.insert_resource(Now { wall: at(ms), mono, zone: TimeZone::UTC });
        for proof in proofs {
            self.0.world_mut().write_message(proof);
        }
        if let Some(pixel) = pixel {
            self.0.insert_resource(Presented(Some(at(pixel))));
        }
        self.0.update();
    }

    /// A frame in which this happens on the stage.
    fn aired(&mut self, ms: i64, aired: impl IntoIterator<Item = Aired>) {
        for aired in aired {
            self.0.world_mut().write_message(aired);
        }
        self.frame(ms, [], None);
    }

    fn exit(mut self) {
        self.0.world_mut().write_message(AppExit::Success);
        self.0.update();
    }
}

/// A time of the log, so many milliseconds after its beginning.
fn at(ms: i64) -> Timestamp {
    "2026-11-21T01:41:07Z".parse::<Timestamp>().unwrap() + ms.milliseconds()
}

fn call(ticket: &str) -> TicketCalled {
    let (ticket, counter) = (Ticket(ticket.into()), CounterId("3".into()));
    TicketCalled { ticket, counter, service: None, attempt: 1, priority: None, time: None }
}

fn came(number: u64, ms: i64) -> Proof {
    let what = What::Call(call(&format!("A-{number:03}")));
    Proof::Came { number: Number(number), what, at: at(ms) }
}

fn saying(number: u64, text: &str) -> Proof {
    let gap = Duration::from_millis(600);
    let form = Form { wording: Wording::Full, times: 1, one_language: false, part: 0, chime: true, gap };
    Proof::Saying { number: Number(number), text: text.into(), form, unsaid: Vec::new() }
}

fn began(number: u64, ms: i64) -> Proof {
    Proof::Began { number: Number(number), at: at(ms) }
}

fn ended(number: u64, ms: i64) -> Proof {
    Proof::Ended { number: Number(number), at: at(ms), unsaid: Vec::new() }
}

fn unspoken(number: u64, why: Unspoken, ms: i64) -> Proof {
    Proof::Unspoken { number: Number(number), why, at: at(ms) }
}

fn lines(folder: &Path) -> Vec<Value> {
    let texts =
        files::list(folder, Series::Calls).unwrap().into_iter().map(|path| fs::read_to_string(path).unwrap());
    let parse = |text: String| text.lines().map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<_>>();
    texts.flat_map(parse).collect()
}

/// The tickets of the lines, with one member of each.
fn tickets(lines: &[Value], member: &str) -> Vec<(String, Value)> {
    lines.iter().map(|l| (l["ticket"].as_str().unwrap().to_owned(), l[member].clone())).collect()
}

#[path = "playlog/items.rs"]
mod items;

#[test]
fn a_call_that_is_heard_and_a_notice_have_a_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    let called = TicketCalled {
        service: Some(ServiceId("ktp".into())),
        priority: Some(Priority::Elderly),
        time: Some("2026-11-21T09:41:06.5+08:00".parse().unwrap()),
        ..call("A-012")
    };
    let notice = event::Notice {
        id: NoticeId("n-7".into()),
        text: "Listrik \"padam\".\nTenang.".into(),
        level: Level::Emergency,
        speak: true,
        until: None,
    };
    let first = Proof::Came { number: Number(1), what: What::Call(called), at: at(0) };
    let second = Proof::Came { number: Number(2), what: What::Notice(notice), at: at(30) };
    let mut says = saying(1, "nomor antrean a , nol satu dua");
    if let Proof::Saying { unsaid, .. } = &mut says {
        unsaid.push("★".into());
    }
    screen.frame(0, [first, says], Some(9));
    screen.frame(30, [second, began(1, 700)], None);
    screen.frame(50, [], Some(51));
    let unsaid = vec!["pbb".to_owned()];
    screen.frame(5_000, [Proof::Ended { number: Number(1), at: at(4_321), unsaid }], Some(5_001));
    screen.frame(5_050, [saying(2, "listrik padam"), began(2, 5_100)], Some(5_051));
    screen.frame(9_000, [ended(2, 8_000)], None);
    screen.exit();
    let form = json!({"wording": "full", "times": 1, "one_language": false, "chime": true});
    assert_eq!(
        lines(folder.path()),
        [
            json!({"kind": "call", "ticket": "A-012", "counter": "3", "service": "ktp", "attempt": 1,
                "priority": "elderly", "called": "2026-11-21T01:41:06.500Z",
                "event": "2026-11-21T01:41:07.000Z", "pixel": "2026-11-21T01:41:07.009Z",
                "speech_start": "2026-11-21T01:41:07.700Z", "speech_end": "2026-11-21T01:41:11.321Z",
                "text": "nomor antrean a , nol satu dua", "form": form, "unspoken": null,
                "unsaid": ["★", "pbb"]}),
            json!({"kind": "notice", "notice": "n-7", "level": "emergency",
                "event": "2026-11-21T01:41:07.030Z", "pixel": "2026-11-21T01:41:07.051Z",
                "speech_start": "2026-11-21T01:41:12.100Z", "speech_end": "2026-11-21T01:41:15.000Z",
                "text": "listrik padam", "form": form, "unspoken": null, "unsaid": []}),
        ]
    );
}

#[test]
fn what_is_not_said_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    let reasons = [
        (Unspoken::TooOld, "too_old"),
        (Unspoken::NoDevice, "no_device"),
        (Unspoken::Withdrawn, "withdrawn"),
        (Unspoken::Merged, "merged"),
        (Unspoken::Backlog, "backlog"),
        (Unspoken::Off, "off"),
        (Unspoken::Failed, "failed"),
    ];
    for (number, (why, _)) in (1..).zip(reasons) {
        screen.frame(0, [came(number, 0), unspoken(number, why, 0)], Some(1));
    }
    // Cut off at the first try, and broken off at the second.
    screen.frame(100, [came(20, 100), saying(20, "satu"), began(20, 150)], Some(101));
    screen.frame(300, [saying(20, "dua"), unspoken(20, Unspoken::Failed, 300)], None);
    screen.exit();
    let lines = lines(folder.path());
    for (line, (_, why)) in lines.iter().zip(reasons) {
        assert_eq!(line["unspoken"], why);
        assert_eq!(
            (&line["text"], &line["form"], &line["speech_start"]),
            (&json!(null), &json!(null), &json!(null))
        );
    }
    assert_eq!(lines.len(), reasons.len() + 1);
    let broken = &lines[reasons.len()];
    assert_eq!((&broken["unspoken"], &broken["text"]), (&json!("failed"), &json!("dua")));
    assert_eq!(
        (&broken["speech_start"], &broken["speech_end"]),
        (&json!("2026-11-21T01:41:07.150Z"), &json!(null))
    );
}

#[test]
fn the_first_pixel_is_of_a_frame_that_can_show_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    // The glass tells of the frame before only now: this call is not on it.
    screen.frame(100, [came(1, 100), unspoken(1, Unspoken::Off, 100)], Some(95));
    screen.frame(120, [came(2, 120), unspoken(2, Unspoken::Off, 120)], Some(104));
    // Nothing was drawn for the second one, and then something is, too late.
    screen.frame(2_119, [], None);
    screen.frame(2_120, [], None);
    screen.frame(2_200, [], Some(2_200));
    // This one was gone before a frame could show it.
    screen.frame(3_000, [came(3, 3_000), unspoken(3, Unspoken::Withdrawn, 3_000)], None);
    screen.frame(3_050, [], Some(3_050));
    screen.exit();
    let lines = lines(folder.path());
    let want = [("A-001", json!("2026-11-21T01:41:07.104Z")), ("A-002", json!(null)), ("A-003", json!(null))];
    assert_eq!(tickets(&lines, "pixel"), want.map(|(t, v)| (t.to_owned(), v)));
    assert!(lines.iter().all(|line| line["unspoken"] != "stopped"));
}

#[test]
fn what_is_open_at_the_end_has_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    screen.frame(0, [came(1, 0), saying(1, "satu"), began(1, 500), came(2, 0)], Some(5));
    screen.frame(50, [came(3, 50), unspoken(3, Unspoken::Off, 50)], None);
    screen.exit();
    let first = lines(folder.path());
    let want = [("A-001", "stopped"), ("A-002", "stopped"), ("A-003", "off")];
    assert_eq!(tickets(&first, "unspoken"), want.map(|(t, v)| (t.to_owned(), json!(v))));
    assert_eq!(first[0]["speech_start"], "2026-11-21T01:41:07.500Z");

    // The next run goes on in the same log; one whose end is not told by the app leaves its lines too.
    let mut screen = Screen::new(folder.path());
    screen.frame(0, [came(1, 0)], None);
    drop(screen);
    assert_eq!(lines(folder.path())[3]["unspoken"], "stopped");
    assert_eq!(lines(folder.path()).len(), 4);
}

#[test]
fn the_log_lies_with_the_state_and_a_demo_hall_has_none() {
    let state = tempfile::tempdir().unwrap();
    let run = |config: &Config, state: Option<PathBuf>| {
        let mut screen = Screen::with(config.clone(), state);
        screen.frame(0, [came(1, 0), ended(1, 0)], Some(1));
        screen.exit();
    };
    let mut config = Config::default();
    run(&config, Some(state.path().to_owned()));
    assert_eq!(fs::read_dir(state.path()).unwrap().count(), 0, "the demo hall");
    config.queue.url = Some("ws://127.0.0.1:1/".into());
    run(&config, None);
    run(&config, Some(state.path().to_owned()));
    assert_eq!(lines(&state.path().join("log")).len(), 1);
}

#[test]
fn a_folder_that_takes_nothing_holds_no_frame_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let mut screen = Screen::new(&file.join("log"));
    // More than may wait for the disk.
    for number in 1..=1_500 {
        screen.frame(0, [came(number, 0), ended(number, 0)], Some(0));
    }
    screen.exit();
    assert!(file.is_file());
}

#[test]
fn lines_do_not_wait_for_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::new(folder.path());
    screen.frame(0, [came(1, 0), ended(1, 0)], Some(0));
    let begin = Instant::now();
    while files::list(folder.path(), Series::Calls).map_or(0, |files| files.len()) == 0 {
        assert!(begin.elapsed() < DEADLINE);
        std::thread::yield_now();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    /// Whatever is told of whatever numbers, in any order: a number that came has one line, any other none.
    #[test]
    fn each_announcement_has_one_line(told in prop::collection::vec((1_u64..12, 0_u8..7, any::<bool>()), 0..120)) {
        let folder = tempfile::tempdir().unwrap();
        let mut screen = Screen::new(folder.path());
        let (mut time, mut newest, mut expected) = (0, 0, BTreeMap::new());
        for (number, what, pixel) in told {
            time += 400;
            let proof = match what {
                0 | 1 => came(number, time),
                2 => saying(number, "satu"),
                3 => began(number, time),
                4 => ended(number, time),
                5 => unspoken(number, Unspoken::Withdrawn, time),
                _ => unspoken(number, Unspoken::Merged, time),
            };
            if what <= 1 && number > newest {
                newest = number;
                expected.insert(format!("A-{number:03}"), json!("stopped"));
            } else if let Some(is) = expected.get_mut(&format!("A-{number:03}")).filter(|is| **is == "stopped") {
                *is = match what {
                    4 => json!(null),
                    5 => json!("withdrawn"),
                    6 => json!("merged"),
                    _ => continue,
                };
            }
            screen.frame(time, [proof], pixel.then_some(time));
        }
        screen.exit();
        let mut lines = tickets(&lines(folder.path()), "unspoken");
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        prop_assert_eq!(lines, expected.into_iter().collect::<Vec<_>>());
    }
}
