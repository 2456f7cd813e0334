//! What an espeak-ng that is slow or fails costs an announcement, and what the log says of it.
//! Invariant: no assertion depends on how fast the machine is.

use std::sync::{Arc, Mutex};

use tracing::{Event, Level, Metadata, Subscriber, field, span};

use super::*;

/// Keeps the warnings of this thread.
#[derive(Default)]
struct Warnings(Mutex<Vec<String>>);

impl Subscriber for Warnings {
    fn enabled(&self, data: &Metadata<'_>) -> bool {
        *data.level() <= Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut visit = |_: &field::Field, value: &dyn std::fmt::Debug| {
            self.0.lock().unwrap().push(format!("{value:?}"));
        };
        event.record(&mut visit as &mut dyn field::Visit);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The warnings that come while something is done.
fn warnings(what: impl FnOnce()) -> Vec<String> {
    let kept = Arc::new(Warnings::default());
    tracing::subscriber::with_default(kept.clone(), what);
    let lines = kept.0.lock().unwrap();
    lines.clone()
}

#[test]
fn the_same_failure_is_warned_of_once() {
    let folder = three();
    fs::write(folder.path().join("satu.wav"), "no sound").unwrap();
    for (espeak, cause) in [
        (MISSING, "no espeak-ng"),
        ("fails.sh", "no such voice"),
        ("complains.sh", "cannot say"),
        ("babbles.sh", "it made no sound"),
    ] {
        let voices = voices(Some(folder.path()), espeak, Path::new("x"));
        let lines = warnings(|| {
            for words in ["nol satu kartu", "keluarga", "kartu nol keluarga", "kartu", "satu"] {
                voices.say(&[sentence(&[words])]);
            }
        });
        let count = |part: &str| lines.iter().filter(|line| line.contains(part)).count();
        assert_eq!(count("satu.wav"), 1, "{lines:?}");
        assert_eq!(count("espeak-ng"), 1, "{lines:?}");
        assert_eq!(count(cause), 1, "{lines:?}");
        let unsaid: Vec<_> = lines.iter().filter(|line| line.contains("nothing can say")).collect();
        assert_eq!(unsaid.len(), 2, "each text once: {lines:?}");
    }
}

/// An espeak-ng that takes half a second for each run, and the file with what it was asked.
fn slow(folder: &TempDir) -> (Voices, PathBuf) {
    let voice = folder.path().join("espeak");
    fs::write(&voice, tone(400.0, 0.3, 0.0).wav().unwrap()).unwrap();
    (voices(Some(folder.path()), "slow.sh", &voice), folder.path().join("espeak.asked"))
}

#[test]
fn all_of_an_announcement_has_one_limit_and_its_clips_are_heard() {
    let folder = three();
    let (voices, asked) = slow(&folder);
    let voices = Voices { budget: Duration::from_millis(1_200), ..voices };
    let texts: Vec<String> = (0..15).map(|i| format!("kata{i}")).collect();
    let spoken = voices.say_while(&[sentence(&[&texts.join(" nol ")])], &|| true);
    let asked = fs::read_to_string(asked).unwrap_or_default().lines().count();
    assert!(asked < 10, "{asked}");
    assert!(spoken.unsaid.len() > 10 && spoken.unsaid == texts[15 - spoken.unsaid.len()..]);
    assert!(spoken.samples.len() > 14 * RATE as usize / 4, "fourteen clips");
}

#[test]
fn what_nobody_wants_any_more_is_not_said() {
    let folder = three();
    let (voices, asked) = slow(&folder);
    let asked = || fs::read_to_string(&asked).unwrap_or_default().lines().count();
    let both = [sentence(&["kartu nol keluarga"]), sentence(&["paspor"])];
    let lines = warnings(|| {
        voices.say_while(&both, &|| false);
        assert_eq!(asked(), 0);
        voices.say_while(&both, &|| asked() == 0);
        assert_eq!(asked(), 1);
    });
    assert!(lines.is_empty(), "{lines:?}");
    assert!(voices.say(&both).unsaid.is_empty() && asked() == 4, "by itself it is asked to the end");
}

#[test]
fn an_espeak_that_is_slow_each_time_rests() {
    let folder = three();
    let (voices, _) = slow(&folder);
    let voices = Voices { budget: Duration::ZERO, ..voices };
    let (text, wanted) = ([sentence(&["kartu"])], || true);
    let late = || assert_eq!(voices.say_while(&text, &wanted).unsaid, ["kartu"]);
    let lines = warnings(|| {
        late();
        late();
        assert!(voices.say(&text).unsaid.is_empty(), "it is asked, and answers");
        late();
        late();
        assert!(voices.say(&text).unsaid.is_empty(), "three in a row it takes");
        late();
        late();
        late();
        assert_eq!(voices.say(&text).unsaid, ["kartu"]);
        late();
    });
    let count = |part: &str| lines.iter().filter(|line| line.contains(part)).count();
    assert_eq!((count("is not asked for 60s"), count("too long"), lines.len()), (1, 1, 3), "{lines:?}");
}
