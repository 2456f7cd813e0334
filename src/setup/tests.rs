//! The questions without a terminal: what is asked, what is tried, and what comes of it.

use std::{cell::RefCell, collections::VecDeque, path::PathBuf};

use jiff::Timestamp;

use super::{
    answers::{self, Answers, ScreenAnswer, TokenChoice},
    ask::{Ask, Asker, Stopped},
    edit::{self, TokenKey},
    flow::{self, Before, Plan},
    given::Given,
    machine::{Machine, NoCard},
    outputs::Output,
};
use crate::{
    config::{Config, Region},
    domain::event::Snapshot,
    link::trial::{Trial, Trouble},
    words::Language,
};

/// Somebody who answers what is prepared, and sees everything.
#[derive(Default)]
struct Person {
    answers: VecDeque<String>,
    seen: Vec<String>,
}

impl Ask for Person {
    fn show(&mut self, line: &str) {
        self.seen.push(line.to_owned());
    }

    fn line(&mut self, prompt: &str) -> Result<String, Stopped> {
        self.seen.extend(prompt.lines().map(str::to_owned));
        self.answers.pop_front().ok_or(Stopped::EndOfInput)
    }

    fn secret(&mut self, prompt: &str) -> Result<String, Stopped> {
        self.line(prompt)
    }
}

/// A machine that tells what a test wants.
struct Made {
    outputs: Vec<Output>,
    met: RefCell<VecDeque<Result<Snapshot, Trouble>>>,
    tried: RefCell<Vec<(String, Option<String>)>>,
    sound: Result<(), String>,
}

impl Default for Made {
    fn default() -> Self {
        Self { outputs: Vec::new(), met: RefCell::default(), tried: RefCell::default(), sound: Ok(()) }
    }
}

impl Machine for Made {
    fn outputs(&self) -> Vec<Output> {
        self.outputs.clone()
    }

    fn devices(&self) -> Result<Vec<(String, String)>, String> {
        Ok(vec![
            ("default".into(), String::new()),
            (
                "plughw:CARD=PCH,DEV=3".into(),
                "HDA Intel PCH, HDMI 0, and a description that is longer than any line of a console".into(),
            ),
            ("surround71:CARD=PCH".into(), String::new()),
        ])
    }

    fn meet(&self, trial: &Trial) -> Result<Snapshot, Trouble> {
        self.tried.borrow_mut().push((trial.url.clone(), trial.token.clone()));
        self.met.borrow_mut().pop_front().unwrap_or(Err(Trouble::Refused))
    }

    fn sound(&self, _: &Config) -> Result<(), String> {
        self.sound.clone()
    }

    fn card(&self, _: &[ScreenAnswer]) -> Result<(), NoCard> {
        Err(NoCard::NoDisplay)
    }

    fn now(&self) -> Timestamp {
        "2026-11-22T09:38:00Z".parse().unwrap()
    }
}

fn hall() -> Snapshot {
    crate::demo::hall(3, "2026-11-22T09:38:00Z".parse().unwrap()).replicate()
}

/// Answers, one a line; what comes of them, and what was seen.
fn asked(
    machine: &Made,
    config: &Config,
    typed: &str,
    language: Language,
) -> (Result<Plan, Stopped>, Vec<String>) {
    let mut person = Person { answers: typed.lines().map(str::to_owned).collect(), seen: Vec::new() };
    let given = Given::default();
    let before = Before { config, given: &given, test: true };
    let plan = flow::ask_all(&mut Asker { who: &mut person, language }, machine, &before);
    (plan, person.seen)
}

fn output(name: &str, mode: (u32, u32), size_mm: Option<(u32, u32)>) -> Output {
    Output { name: name.into(), connected: true, mode: Some(mode), monitor: None, size_mm }
}

const PLAIN: &str = "\n\n\n\n-\n\n\n\n\nn\n\n\n\n-\n";

#[test]
fn enter_alone_keeps_what_the_config_says() {
    for language in [Language::Indonesian, Language::English] {
        let config = Config::default();
        let (plan, seen) = asked(&Made::default(), &config, &"\n".repeat(14), language);
        let plan = plan.unwrap_or_else(|error| panic!("{error}: {seen:#?}"));
        let before = Answers::of(&config);
        assert_eq!((plan.answers.name, plan.answers.timezone), (before.name, before.timezone));
        assert_eq!((plan.answers.url, plan.answers.device), (None, "default".to_owned()));
        assert_eq!(plan.answers.volume, before.volume);
        assert_eq!(plan.answers.screens[0].output, None);
        assert_eq!(plan.answers.screens[0].height_mm, None);
    }
}

#[test]
fn no_line_is_wider_than_a_console() {
    let troubles = || {
        let host = || "antrean.kendarikota.go.id".to_owned();
        [
            Trouble::NoSuchName(host()),
            Trouble::NoNameServer(host()),
            Trouble::Refused,
            Trouble::OutOfDate,
            Trouble::UnknownIssuer,
            Trouble::OtherName,
            Trouble::NotTls,
            Trouble::Token(401),
            Trouble::Status(404),
            Trouble::NoHall { wrong: 3, why: host() },
        ]
    };
    for language in [Language::Indonesian, Language::English] {
        for trouble in troubles() {
            let machine = Made {
                outputs: vec![
                    output("HDMI-A-1", (1920, 1080), Some((1210, 680))),
                    output("DP-1", (1080, 1920), None),
                ],
                ..Made::default()
            };
            machine.met.borrow_mut().push_back(Err(trouble));
            let typed = "Balai\n\nXYZ\nWIT\n\nwss://antrean.kendarikota.go.id/events\n\n\n3\n3\n3\n3\n";
            let (_, seen) = asked(&machine, &Config::default(), typed, language);
            for line in seen {
                assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
            }
        }
    }
}

#[test]
fn what_is_wrong_is_said_and_asked_again() {
    let machine = Made::default();
    machine.met.borrow_mut().push_back(Ok(hall()));
    let typed =
        "\n\nMars/Base\nWIB\n9\nen\nhttps://a.example/events\nwss://a.example/events\ntwo words\nsecret\n\n";
    let (_, seen) = asked(&machine, &Config::default(), typed, Language::English);
    let all = seen.join("\n");
    for said in [
        "\"Mars/Base\" is not known. Example: WITA",
        "from 1 to 2",
        "Write wss://a.example/events",
        "holds a space",
    ] {
        assert!(all.contains(said), "{said} not in:\n{all}");
    }
    assert_eq!(machine.tried.borrow()[0], ("wss://a.example/events".into(), Some("secret".into())));
    assert!(all.contains("The server's name for the hall: Mal Pelayanan Publik"), "{all}");
    assert!(all.contains("3 counters"), "{all}");
}

#[test]
fn a_wrong_token_is_told_and_can_be_put_right() {
    let machine = Made::default();
    machine.met.borrow_mut().extend([Err(Trouble::Token(401)), Ok(hall())]);
    let typed = format!("\n\n\n\nws://a.example/events\nwrong\n1\n\nright\n{}", "\n".repeat(9));
    let (plan, seen) = asked(&machine, &Config::default(), &typed, Language::English);
    let plan = plan.unwrap_or_else(|error| panic!("{error}: {seen:#?}"));
    let all = seen.join("\n");
    assert!(all.contains("refused this token (401)"), "{all}");
    assert!(!all.contains("right") || !all.contains("wrong"), "no secret is shown");
    assert_eq!(plan.answers.token, TokenChoice::New("right".into()));
    assert!(!format!("{plan:?}").contains("\"right\""), "nor in any debug text");
    assert_eq!(plan.answers.url.as_deref(), Some("ws://a.example/events"));
}

#[test]
fn two_outputs_make_two_screens() {
    let outputs =
        vec![output("HDMI-A-1", (1920, 1080), Some((1210, 680))), output("HDMI-A-2", (1920, 1080), None)];
    let machine = Made { outputs, ..Made::default() };
    let typed = "\n\n\n\n-\ny\n1\n\n\n12\ny\nvideotron\n0\n1152x576+8+0\n2880 mm\n30\nn\n\n\n\n-\n-\n";
    let (plan, seen) = asked(&machine, &Config::default(), typed, Language::English);
    let screens = plan.unwrap_or_else(|error| panic!("{error}: {seen:#?}")).answers.screens;
    let lobby = ScreenAnswer {
        output: Some("HDMI-A-1".into()),
        layout: Some("landscape".into()),
        height_mm: Some(680.0),
        viewing_distance_m: Some(12.0),
        ..ScreenAnswer::default()
    };
    assert_eq!(screens[0], lobby);
    let region = Region { x: 8, y: 0, width: 1152, height: 576 };
    assert_eq!((screens[1].region, screens[1].height_mm), (Some(region), Some(2880.0)));
    assert_eq!(screens[1].output.as_deref(), Some("HDMI-A-2"));
}

#[test]
fn without_sound_it_goes_on() {
    let machine = Made { sound: Err("the system has no sound device".into()), ..Made::default() };
    let (plan, seen) = asked(&machine, &Config::default(), PLAIN, Language::English);
    let all = seen.join("\n");
    assert!(plan.is_ok(), "{all}");
    assert!(all.contains("no sound device") && all.contains("aplay -l"), "{all}");
}

#[test]
fn sizes_are_read_as_people_write_them() {
    let of = |text: &str| answers::height(text, (1920, 1080), Language::English);
    assert_eq!((of("680"), of("68 cm"), of("0,68 m")), (Ok(680.0), Ok(680.0), Ok(680.0)));
    assert_eq!((of("55\""), of("55 inci"), of("55in")), (Ok(685.0), Ok(685.0), Ok(685.0)));
    for wrong in ["", "5 mm", "tall", "55 feet", "-5", "1e9", "NaN"] {
        assert!(of(wrong).is_err(), "{wrong}");
    }
    let region = |text: &str| answers::region(text, Language::English).ok();
    assert_eq!(region("1152x576"), Some(Region { x: 0, y: 0, width: 1152, height: 576 }));
    for wrong in ["1152", "0x5", "1x1+2", "1x1+1+1+1", "99999x1+0+0", "axb", "1x1+-1+0"] {
        assert_eq!(region(wrong), None, "{wrong}");
    }
    let volume = |text: &str| answers::volume(text, Language::English).ok();
    assert_eq!(
        (volume("90%"), volume("0,9"), volume("90"), volume("0")),
        (Some(0.9), Some(0.9), Some(0.9), Some(0.0))
    );
    assert_eq!((volume("101%"), volume("loud"), volume("NaN")), (None, None, None));
}

const OLD: &str = "# ours
[hall] # the hall
name = \"Old\" # its name
logo = \"logo.png\"

[[screen]]
# the lobby's
output = \"HDMI-A-1\"
theme = \"theme.toml\"

[voice]
repeat = 2
unknown = true
";

#[test]
fn a_config_is_changed_in_its_place() {
    let before = Answers { name: "Old".into(), ..Answers::of(&Config::default()) };
    let mut before = before;
    before.screens[0].output = Some("HDMI-A-1".into());
    assert_eq!(edit::edited(OLD, Some(&before), &before, TokenKey::Keep).unwrap(), OLD);
    let mut after = before.clone();
    after.name = "Balai \"Satu\"\\".into();
    after.url = Some("ws://a/".into());
    after.screens[0].height_mm = Some(680.0);
    after.screens.push(ScreenAnswer { output: Some("DP-1".into()), ..ScreenAnswer::default() });
    let token = PathBuf::from("/etc/papan/token");
    let text = edit::edited(OLD, Some(&before), &after, TokenKey::Set(&token)).unwrap();
    for kept in [
        "# ours",
        "[hall] # the hall",
        "# its name",
        "logo.png",
        "# the lobby's",
        "theme.toml",
        "unknown = true",
        "repeat = 2",
    ] {
        assert!(text.contains(kept), "{kept} lost:\n{text}");
    }
    let read: toml_edit::DocumentMut = text.parse().unwrap();
    assert_eq!(read["hall"]["name"].as_str(), Some("Balai \"Satu\"\\"));
    assert_eq!(read["queue"]["token_file"].as_str(), Some("/etc/papan/token"));
    assert_eq!(read["screen"][0]["height_mm"].as_integer(), Some(680));
    assert_eq!(read["screen"][1]["output"].as_str(), Some("DP-1"));
    // A screen that is no more goes, and the token's key with the token.
    after.screens.remove(0);
    let text = edit::edited(&text, Some(&after.clone()), &before, TokenKey::Remove).unwrap();
    assert!(!text.contains("token_file") && !text.contains("url ="), "{text}");
}

#[test]
fn a_key_that_stands_as_a_comment_comes_to_stand_there() {
    let template = "[hall]\n# The name.\n#name = \"Mal\"\n# The zone.\n#timezone = \"Asia/Makassar\"\n\n[queue]\n#url = \"wss://x\"\n\n[[screen]]\n# How high.\n#height_mm = 670\nplaylist = \"/p\"\n\n#[[screen]]\n#height_mm = 5\n[sound]\n#volume = 0.9\n";
    let before = Answers::of(&Config::default());
    let mut after = before.clone();
    after.name = "Satu".into();
    after.url = Some("ws://a/".into());
    after.volume = 0.5;
    after.screens[0].height_mm = Some(500.0);
    let text = edit::edited(template, Some(&before), &after, TokenKey::Keep).unwrap();
    let wanted = template
        .replace("#name = \"Mal\"", "name = \"Satu\"")
        .replace("#url = \"wss://x\"", "url = \"ws://a/\"")
        .replace("#height_mm = 670", "height_mm = 500")
        .replace("#volume = 0.9", "volume = 0.5");
    assert_eq!(text, wanted);
}
