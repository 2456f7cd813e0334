//! What the command line answers already, and what of it is missing where nobody can be asked.
//! Invariant: a flag answers its question as if it had been typed, by the same checks.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{
    answers::{self, Answers, ScreenAnswer, TokenChoice},
    ask::pick,
};
use crate::{cli::SetupArgs, words::Language};

/// The longest token file, in bytes.
const MAX_TOKEN: u64 = 16 << 10;
/// A `--screen` as it is written.
const SCREEN_EXAMPLE: &str = "--screen HDMI-A-1:landscape:height=680mm:distance=8";

/// Answers that are there.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The hall's name.
    pub name: Option<String>,
    /// Who runs it.
    pub organization: Option<String>,
    /// The time zone.
    pub timezone: Option<String>,
    /// What the screen speaks.
    pub language: Option<Language>,
    /// The queue server; `Some(None)`: the demo hall.
    pub url: Option<Option<String>>,
    /// What becomes of the token.
    pub token: Option<TokenChoice>,
    /// Certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// The screens, all of them.
    pub screens: Option<Vec<ScreenAnswer>>,
    /// The sound device.
    pub device: Option<String>,
    /// The volume.
    pub volume: Option<f64>,
    /// The playlist's folder, of every screen that names no other.
    pub playlist: Option<PathBuf>,
}

impl Given {
    /// Reads the flags, and the token where a flag says that it is. `environment` is `PAPAN_QUEUE_TOKEN`; `own`
    /// are the site's own layouts.
    ///
    /// # Errors
    /// Which flag is wrong, and an example.
    pub fn read(
        args: &SetupArgs,
        environment: Option<String>,
        own: &[String],
        language: Language,
    ) -> Result<Self, String> {
        let flag = |name: &str, why: String| format!("--{name}: {why}");
        let text = |name: &str, text: &Option<String>| {
            text.as_deref().map(|t| answers::name(t, language).map_err(|why| flag(name, why))).transpose()
        };
        let organization = match args.organization.as_deref() {
            Some(text) if text.trim().is_empty() => Some(String::new()),
            _ => text("organization", &args.organization)?,
        };
        let zone = args.timezone.as_deref().map(|t| answers::timezone(t, language));
        let url = args.queue.as_deref().map(|t| answers::url(t, language));
        let volume = args.volume.as_deref().map(|t| answers::volume(t, language));
        let device = text("sound-device", &args.sound_device)?;
        let screens: Vec<ScreenAnswer> = args
            .screen
            .iter()
            .map(|spec| screen(spec, own, language).map_err(|why| flag("screen", why)))
            .collect::<Result<_, _>>()?;
        if screens.len() > 1
            && let Some(wrong) = twice(&screens)
        {
            let why = pick(
                language,
                "setiap layar perlu nama output sendiri",
                "each screen needs an output of its own",
            );
            return Err(flag("screen", format!("{wrong}: {why}; {SCREEN_EXAMPLE}")));
        }
        Ok(Self {
            name: text("hall", &args.hall)?,
            organization,
            timezone: zone.transpose().map_err(|why| flag("timezone", why))?,
            language: args.language,
            url: if args.demo {
                Some(None)
            } else {
                url.transpose().map_err(|why| flag("queue", why))?.map(Some)
            },
            token: token(args, environment, language)?,
            ca_file: args.ca_file.as_deref().map(absolute),
            screens: (!screens.is_empty()).then_some(screens),
            device,
            volume: volume.transpose().map_err(|why| flag("volume", why))?,
            playlist: args.playlist.as_deref().map(absolute),
        })
    }

    /// Puts what is given in place of what the answers hold.
    pub fn apply(&self, answers: &mut Answers) {
        fn set<T: Clone>(place: &mut T, given: &Option<T>) {
            if let Some(given) = given {
                *place = given.clone();
            }
        }
        set(&mut answers.name, &self.name);
        set(&mut answers.organization, &self.organization);
        set(&mut answers.timezone, &self.timezone);
        set(&mut answers.language, &self.language);
        set(&mut answers.url, &self.url);
        set(&mut answers.token, &self.token);
        set(&mut answers.device, &self.device);
        set(&mut answers.volume, &self.volume);
        if self.ca_file.is_some() {
            answers.ca_file = self.ca_file.clone();
        }
        if let Some(screens) = &self.screens {
            let before = std::mem::take(&mut answers.screens);
            answers.screens = screens.iter().map(|screen| completed(screen, &before)).collect();
        }
        if let Some(playlist) = &self.playlist {
            let own = |at: usize| self.screens.as_ref().is_some_and(|all| all[at].playlist.is_some());
            for (at, screen) in answers.screens.iter_mut().enumerate() {
                if !own(at) {
                    screen.playlist = Some(playlist.clone());
                }
            }
        }
    }

    /// The flags without which nobody knows what is wanted, where the config does not say either.
    pub fn missing(&self, new: bool, present: &Answers) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.name.is_none() && new {
            missing.push("--hall");
        }
        if self.url.is_none() && present.url.is_none() {
            missing.push("--queue (--demo)");
        }
        missing
    }
}

/// A screen with what the config says of it where the flag says nothing.
fn completed(given: &ScreenAnswer, before: &[ScreenAnswer]) -> ScreenAnswer {
    let Some(old) = of_output(before, given.output.as_deref()) else { return given.clone() };
    ScreenAnswer {
        output: given.output.clone(),
        layout: given.layout.clone().or(old.layout.clone()),
        rotation: given.rotation,
        region: given.region.or(old.region),
        height_mm: given.height_mm.or(old.height_mm),
        viewing_distance_m: given.viewing_distance_m.or(old.viewing_distance_m),
        playlist: given.playlist.clone().or(old.playlist.clone()),
    }
}

/// What is known of an output's screen: its own, or the one that is for the only output.
pub fn of_output<'a>(screens: &'a [ScreenAnswer], output: Option<&str>) -> Option<&'a ScreenAnswer> {
    let own = screens.iter().find(|screen| screen.output.as_deref() == output);
    own.or_else(|| {
        screens.first().filter(|only| screens.len() == 1 && (only.output.is_none() || output.is_none()))
    })
}

fn twice(screens: &[ScreenAnswer]) -> Option<String> {
    screens.iter().enumerate().find_map(|(at, screen)| match &screen.output {
        None => Some("?".to_owned()),
        Some(name) => screens[..at].iter().any(|s| s.output == screen.output).then(|| name.clone()),
    })
}

/// `OUTPUT[:LAYOUT][:KEY=VALUE]…`; the keys are `rotation`, `region`, `height`, `distance`, `playlist`, the last of
/// which may hold colons and so comes last.
fn screen(spec: &str, own: &[String], language: Language) -> Result<ScreenAnswer, String> {
    let (spec, playlist) = match spec.split_once(":playlist=") {
        Some((spec, folder)) => (spec, Some(absolute(Path::new(folder)))),
        None => (spec, None),
    };
    let mut parts = spec.split(':');
    let output = parts.next().unwrap_or_default().trim();
    let output = match output {
        "" | "-" => None,
        name => Some(answers::name(name, language)?),
    };
    let mut screen = ScreenAnswer { output, playlist, ..ScreenAnswer::default() };
    let mut height = None;
    for part in parts {
        match part.split_once('=') {
            None => screen.layout = Some(answers::layout(part, own, language)?),
            Some(("layout", value)) => screen.layout = Some(answers::layout(value, own, language)?),
            Some(("rotation", value)) => screen.rotation = answers::rotation(value, language)?,
            Some(("region", value)) => screen.region = Some(answers::region(value, language)?),
            Some(("height" | "size", value)) => height = Some(value),
            Some(("distance", value)) => {
                screen.viewing_distance_m = Some(answers::distance(value, language)?)
            }
            Some((key, _)) => {
                let unknown = pick(language, "tidak dikenal; misalnya", "is not known; for example");
                return Err(format!("`{key}` {unknown} {SCREEN_EXAMPLE}"));
            }
        }
    }
    if let Some(value) = height {
        screen.height_mm = Some(answers::height(value, shape(&screen, None), language)?);
    }
    Ok(screen)
}

/// Width by height of what a screen shows, on an output of this mode.
pub fn shape(screen: &ScreenAnswer, mode: Option<(u32, u32)>) -> (u32, u32) {
    if let Some(region) = screen.region {
        return (region.width, region.height);
    }
    let (width, height) = mode.unwrap_or((1920, 1080));
    let turned =
        screen.rotation % 180 == 90 || (mode.is_none() && screen.layout.as_deref() == Some("portrait"));
    if turned { (height, width) } else { (width, height) }
}

fn token(
    args: &SetupArgs,
    environment: Option<String>,
    language: Language,
) -> Result<Option<TokenChoice>, String> {
    if args.no_token {
        return Ok(Some(TokenChoice::Without));
    }
    let mut text = String::new();
    let (from, read) = match (&args.token_file, args.token.as_deref()) {
        (Some(path), _) => {
            let read =
                crate::written::open(path).and_then(|file| file.take(MAX_TOKEN).read_to_string(&mut text));
            (format!("--token-file {}", path.display()), read.map_err(|error| error.to_string()))
        }
        (None, Some("-")) => {
            let read = io::stdin().lock().take(MAX_TOKEN).read_to_string(&mut text);
            ("--token -".to_owned(), read.map_err(|error| error.to_string()))
        }
        // It is in the list of processes already; it is not to be in a log as well.
        (None, Some(_)) => {
            return Err(pick(
                language,
                "--token: di baris perintah token dapat dibaca siapa saja (ps); tulis --token-file BERKAS, atau --token - dan berikan lewat stdin",
                "--token: on the command line a token can be read by everybody (ps); write --token-file FILE, or --token - and give it by stdin",
            )
            .to_owned());
        }
        (None, None) => match environment.filter(|token| !token.trim().is_empty()) {
            Some(token) => {
                text = token;
                ("PAPAN_QUEUE_TOKEN".to_owned(), Ok(0))
            }
            None => return Ok(None),
        },
    };
    read.map_err(|why| format!("{from}: {why}"))?;
    answers::token(&text, language).map(|t| Some(TokenChoice::New(t))).map_err(|why| format!("{from}: {why}"))
}

/// A path as it stands for whoever starts elsewhere.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The present token, as the running screen reads it.
pub fn present_token(file: Option<&Path>, language: Language) -> Option<String> {
    answers::token(&fs::read_to_string(file?).ok()?, language).ok()
}
