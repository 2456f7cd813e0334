//! The lines of the play log, as JSON has them: one object a line, and its `kind` says what it is of.
//! Invariant: every member is always there; what is not known is null.

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

use crate::{
    domain::{announcement, event, speech},
    state,
};

/// A line of the play log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// What became of a call.
    Call(Call),
    /// What became of a notice that was to be spoken.
    Notice(Notice),
    /// What became of an item of the playlist.
    Item(Item),
}

/// One turn of an item on the stage, or one that it did not get. All parts of a page are one turn; what a call or a
/// notice covered of it counts as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// As staff name it: its file as written in `playlist.toml`, or its title.
    pub item: String,
    /// Its kind: `page`, `image`, `film`, `card`, `qr` or `survey`.
    pub content: String,
    /// The screen, as staff call it, where there are several; null where there is one.
    pub screen: Option<String>,
    /// When it came onto the stage; for one that was skipped, when that was found out.
    pub due: Time,
    /// When it came onto the stage; null where it was skipped.
    pub start: Option<Time>,
    /// When it was over; null where it was skipped. Before `start` where the display's clock was set back.
    pub end: Option<Time>,
    /// How long it was shown in milliseconds, whatever was done to the clock; null where it was skipped.
    pub shown_ms: Option<u64>,
    /// Whether it was shown for as long as it was to be.
    pub complete: bool,
    /// Why it was cut short; null where it was not.
    pub cut: Option<Cut>,
    /// Why it could not be shown, in English; null where it was.
    pub skipped: Option<String>,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Call {
    /// The ticket, as it is printed.
    pub ticket: String,
    /// The counter's identity.
    pub counter: String,
    /// The service's identity, where the server said for which the ticket was drawn.
    pub service: Option<String>,
    /// 1 for the first call; 2 and more are recalls.
    pub attempt: u32,
    /// Why it was called before others, where it was.
    pub priority: Option<Priority>,
    /// When the server called it, by the server's clock; null where it did not say.
    pub called: Option<Time>,
    /// How it was announced.
    #[serde(flatten)]
    pub announced: Announced,
}

/// What became of a notice that was to be spoken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// The notice's identity.
    pub notice: String,
    /// How far it reaches.
    pub level: Level,
    /// How it was announced.
    #[serde(flatten)]
    pub announced: Announced,
}

/// How something was announced; all times are by the display's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Announced {
    /// When its event came to the display.
    pub event: Time,
    /// When the first frame that was drawn with it, and that differs from the frame before, was handed to the
    /// display server, to the GPU or to the PNG file; when the panel lights up nobody says. Null where there was
    /// none until two seconds after its end: under an emergency, with the window gone, for a recall that looks as
    /// the call before it; and where it was withdrawn before that. On a board of several pages the row of a call
    /// that waits may be on another page until it is announced; an info notice comes into sight as the running text
    /// moves.
    pub pixel: Option<Time>,
    /// When the voice began, the last time where it began several times; where nothing was to be said, the
    /// chime. Null where nothing was heard.
    pub speech_start: Option<Time>,
    /// When its last word was over; null where it was not said to its end.
    pub speech_end: Option<Time>,
    /// What was said, or was to be said when its sound broke off; null where it never came to that.
    pub text: Option<String>,
    /// How it was said; null where `text` is.
    pub form: Option<Form>,
    /// Why it was not said, or not to its end; null where it was.
    pub unspoken: Option<Unspoken>,
    /// Words of `text` that neither clips nor espeak-ng could say, and what is not in `text` since it has neither a
    /// letter nor a digit, such as a counter's label of a star alone.
    pub unsaid: Vec<String>,
}

/// How an announcement was said: it is said shorter when many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    /// How much of the sentence.
    pub wording: Wording,
    /// How often.
    pub times: u8,
    /// Whether in the first language alone.
    pub one_language: bool,
    /// Whether the chime came first.
    pub chime: bool,
}

/// A moment, written by RFC 3339 in UTC with milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub struct Time(pub Timestamp);

/// Makes an enum of the log with the same variants as the one of the domain.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $of:path {
        $($(#[$each:meta])* $variant:ident),*
        $(; $($(#[$own_doc:meta])* $own:ident),*)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$each])* $variant,)* $($($(#[$own_doc])* $own),*)? }

        impl From<$of> for $name {
            fn from(domain: $of) -> Self {
                use $of as Of;
                match domain { $(Of::$variant => Self::$variant),* }
            }
        }
    };
}

mirror!(
    /// Why a ticket is called before others.
    Priority of event::Priority {
        /// An elderly person.
        Elderly,
        /// A person with a disability.
        Disability,
        /// A pregnant person.
        Pregnant,
        /// A person with a small child.
        Child,
        /// Another reason.
        Other
    }
);
mirror!(
    /// How far a notice reaches.
    Level of event::Level {
        /// Joins the running text.
        Info,
        /// Takes the stage.
        Important,
        /// Takes the whole screen.
        Emergency
    }
);
mirror!(
    /// How much of a call's sentence is said.
    Wording of speech::Wording {
        /// All of it.
        Full,
        /// Without the polite part.
        Brief,
        /// Also without pauses: in a row with the call before it.
        Row,
        /// Also without the service, which the call before it named.
        Joined
    }
);
mirror!(
    /// Why something was not spoken, or not to its end.
    Unspoken of announcement::Unspoken {
        /// It waited too long.
        TooOld,
        /// There was no sound device.
        NoDevice,
        /// The ticket was finished or called elsewhere, or the notice cleared.
        Withdrawn,
        /// It was called again while it waited: that call has a line of its own.
        Merged,
        /// Too much waited to be said.
        Backlog,
        /// The site wants no sound.
        Off,
        /// Its sound broke off each time.
        Failed;
        /// The program ended before it was over.
        Stopped,
        /// So much was open at once that it was not followed to its end.
        Untold
    }
);

mirror!(
    /// Why an item was not shown for as long as it was to be.
    Cut of state::Cut {
        /// Its time on air ended, or another one of higher priority came.
        Schedule,
        /// It was changed or taken out of the playlist.
        Changed,
        /// It could not go on, as a film that breaks.
        Failed,
        /// Its output was gone.
        Unseen,
        /// The program ended.
        Stopped
    }
);

/// The JSON Schema of a line.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Line).to_value()
}

impl From<announcement::Form> for Form {
    fn from(form: announcement::Form) -> Self {
        let announcement::Form { wording, times, one_language, chime, gap: _, part: _ } = form;
        Self { wording: wording.into(), times, one_language, chime }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by a panic")]

    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_time_is_written_with_milliseconds_in_utc() {
        let written = |text: &str| serde_json::to_string(&Time(text.parse::<Timestamp>().unwrap())).unwrap();
        assert_eq!(written("2026-11-21T09:41:07.1239999+08:00"), "\"2026-11-21T01:41:07.123Z\"");
        assert_eq!(written("2026-11-21T01:41:07Z"), "\"2026-11-21T01:41:07.000Z\"");
    }

    /// Every member of a line, and no other, stands in the schema of its kind, and is required there exactly
    /// where it cannot be null.
    #[test]
    fn the_schema_has_the_members_of_the_lines() {
        let time = Time(Timestamp::UNIX_EPOCH);
        let announced = Announced {
            event: time,
            pixel: None,
            speech_start: None,
            speech_end: None,
            text: None,
            form: None,
            unspoken: None,
            unsaid: Vec::new(),
        };
        let call = Line::Call(Call {
            ticket: "A-012".into(),
            counter: "3".into(),
            service: None,
            attempt: 1,
            priority: None,
            called: None,
            announced: announced.clone(),
        });
        let notice = Line::Notice(Notice { notice: "n".into(), level: Level::Info, announced });
        let item = Line::Item(Item {
            item: "pages/ktp-el.md".into(),
            content: "page".into(),
            screen: None,
            due: time,
            start: None,
            end: None,
            shown_ms: None,
            complete: false,
            cut: None,
            skipped: None,
        });
        let schema = schema();
        for (line, kind) in [(call, "call"), (notice, "notice"), (item, "item")] {
            let value = serde_json::to_value(&line).unwrap();
            assert_eq!(value["kind"], kind);
            let resolve = |schema: &Value| match schema["$ref"].as_str() {
                Some(r) => self::schema().pointer(&r[1..]).unwrap().clone(),
                None => json!({}),
            };
            let of_kind = schema["oneOf"].as_array().unwrap().iter();
            let of_kind = of_kind.clone().find(|s| s["properties"]["kind"]["const"] == kind).unwrap();
            let (mut members, mut required) = (Vec::new(), Vec::new());
            for part in [of_kind.clone(), resolve(of_kind)] {
                members.extend(part["properties"].as_object().into_iter().flatten().map(|(k, _)| k.clone()));
                required.extend(part["required"].as_array().into_iter().flatten().cloned());
            }
            members.sort();
            let mut written: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
            written.sort();
            assert_eq!(members, written);
            for (key, value) in value.as_object().unwrap() {
                assert_eq!(required.contains(&json!(key)), !value.is_null(), "{key}");
            }
        }
    }
}
