//! `papan setup`: five questions, each answer tried on the spot, and the config that comes of them.
//! Invariant: nothing is written before the last question is answered, and no secret is shown or put into the config.

use std::{
    env, fs,
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use crate::{
    check,
    cli::SetupArgs,
    config::{self, Config, Reading},
    problem::Problem,
    words::Language,
};

mod answers;
mod ask;
mod display;
mod edit;
mod ending;
mod flow;
mod given;
mod interrupt;
mod machine;
mod outputs;
mod save;
mod scripted;
mod server;
mod service;
mod terminal;
mod users;

#[cfg(test)]
mod tests;

pub use outputs::DRM;

use answers::{Answers, TokenChoice};
use ask::{Ask, Asker, Stopped, pick};
use edit::TokenKey;
use flow::{Before, Plan};
use given::Given;
use interrupt::Interrupt;
use machine::{Machine, This};
use terminal::Terminal;

/// So much of a problem is shown in the end, in characters; `papan check` tells all of it.
const MOST_TOLD: usize = 200;
/// The sample config, with every key explained.
const TEMPLATE: &str = "/usr/share/papan/papan.toml";

/// How it ended.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A flag is wrong or missing.
    #[error("{0}")]
    Usage(String),
    /// A trial failed, the config is broken, or it could not be written.
    #[error("{0}")]
    Failed(String),
}

impl SetupError {
    /// The status with which the program ends.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        }
    }
}

impl From<Stopped> for SetupError {
    fn from(stopped: Stopped) -> Self {
        Self::Failed(stopped.to_string())
    }
}

/// The config as it is.
struct Present {
    /// The file, where a link leads to.
    path: PathBuf,
    /// What is in it; `None`: there is none.
    text: Option<String>,
    config: Config,
    problems: Vec<Problem>,
}

/// Asks, tries, writes.
///
/// # Errors
/// Why nothing was written, or not all.
pub fn run(args: &SetupArgs) -> Result<(), SetupError> {
    let interrupt = Interrupt::watch("papan: nothing was changed / tidak ada yang berubah.")
        .map_err(|error| SetupError::Failed(error.to_string()))?;
    let machine = This { drm: args.drm.clone(), interrupt: &interrupt };
    let asks = !args.yes && io::stdin().is_terminal() && io::stdout().is_terminal();
    let done = run_with(args, &mut Terminal, &machine, &interrupt, asks);
    interrupt.finish();
    done
}

fn run_with(
    args: &SetupArgs,
    who: &mut dyn Ask,
    machine: &dyn Machine,
    interrupt: &Interrupt,
    asks: bool,
) -> Result<(), SetupError> {
    let by_default = args.language.unwrap_or_else(|| spoken(|name| env::var(name).ok()));
    let present = present(&args.config, by_default)?;
    let mut language = if present.text.is_some() { args.language.unwrap_or(by_default) } else { by_default };
    writable(&present.path, args.dry_run, language)?;
    if asks && args.language.is_none() {
        who.show("papan setup");
        who.show("");
        language = flow::language(who, language)?;
    }
    interrupt.tell(pick(language, "Dibatalkan. Tidak ada yang berubah.", "Cancelled. Nothing was changed."));
    let mut asker = Asker { who, language };
    told_problems(&mut asker, &present);
    let own: Vec<String> = present.config.layouts.keys().cloned().collect();
    let environment = env::var(config::TOKEN).ok();
    let given = Given::read(args, environment, &own, language).map_err(SetupError::Usage)?;
    let before = Before { config: &present.config, given: &given, test: !args.no_test };
    let plan = if asks {
        flow::ask_all(&mut asker, machine, &before)?
    } else {
        scripted::settle(&mut asker, args, machine, &before, !names_a_hall(present.text.as_deref()))?
    };
    finish(&mut asker, args, &present, &plan, interrupt, asks)
}

/// Shows what will be, asks whether to write it, writes it, and starts the screen.
fn finish(
    asker: &mut Asker<'_>,
    args: &SetupArgs,
    present: &Present,
    plan: &Plan,
    interrupt: &Interrupt,
    asks: bool,
) -> Result<(), SetupError> {
    let language = asker.language;
    let token_file = present.config.queue.token_file.clone();
    let token_path = token_file.clone().unwrap_or_else(|| present.path.with_file_name("token"));
    let key = match (&plan.answers.token, &token_file) {
        (TokenChoice::New(_), None) => TokenKey::Set(&token_path),
        (TokenChoice::Without, Some(_)) => TokenKey::Remove,
        _ => TokenKey::Keep,
    };
    let (start, known) = match &present.text {
        Some(text) => (text.clone(), Some(Answers::of(&present.config))),
        None => (fs::read_to_string(TEMPLATE).unwrap_or_default(), None),
    };
    let failed = |error: &dyn std::fmt::Display| SetupError::Failed(error.to_string());
    let text = edit::edited(&start, known.as_ref(), &plan.answers, key).map_err(|e| failed(&e))?;
    if args.dry_run {
        text.lines().for_each(|line| asker.who.show(line));
        return Ok(());
    }
    ending::summary(asker, plan, &present.config);
    if asks {
        let label = pick(
            language,
            &format!("Tulis ke {}?", present.path.display()),
            &format!("Write it to {}?", present.path.display()),
        )
        .to_owned();
        if !asker.yes(&label, true)? {
            asker.tell("Tidak ada yang berubah.", "Nothing was changed.");
            return Ok(());
        }
    }
    let token = match &plan.answers.token {
        TokenChoice::New(token) => Some((token_path.as_path(), token.as_str())),
        TokenChoice::Keep | TokenChoice::Without => None,
    };
    let changed = present.text.as_deref() != Some(text.as_str());
    let files =
        save::Files { config: &present.path, text: changed.then_some(&text), token, copies: &plan.copies };
    let hold = interrupt.hold();
    let saved = save::problems(&present.path, &text)
        .and_then(|problems| save::save(&files).map(|backup| (problems, backup)));
    drop(hold);
    let (problems, backup) = saved.map_err(|error| {
        let nothing = pick(language, "konfigurasi tidak berubah", "the config was not changed");
        SetupError::Failed(format!("{error}; {nothing}"))
    })?;
    interrupt.tell(pick(language, "Berhenti. Konfigurasi sudah ditulis.", "Ended. The config is written."));
    ending::written(asker, &files, backup.as_deref());
    let wrong: Vec<&Problem> = problems.iter().filter(|problem| problem.is_error()).collect();
    if !wrong.is_empty() {
        let lines: Vec<String> = wrong.iter().map(|problem| problem.display(language).to_string()).collect();
        let why = pick(
            language,
            "ditulis, tetapi papan tidak dapat mulai sebelum ini dibetulkan:",
            "written, yet papan cannot start before this is put right:",
        );
        return Err(SetupError::Failed(format!("{why}\n{}", lines.join("\n"))));
    }
    let report = check::run(Some(&present.path), None, None);
    for problem in report.problems.iter().filter(|p| p.file == present.path).take(5) {
        let text = problem.display(language).to_string();
        let short: String = text.chars().take(MOST_TOLD).collect();
        let more = if short.len() < text.len() { " ..." } else { "" };
        asker.note(&format!("! {short}{more}"));
    }
    if !report.problems.is_empty() {
        let (all, path) = (pick(language, "Semuanya", "All"), present.path.display());
        asker.note(&format!("{all}: papan check --config {path}"));
    }
    interrupt.finish();
    ending::start(asker, args, asks)
}

/// What of the config is wrong already.
fn told_problems(asker: &mut Asker<'_>, present: &Present) {
    if present.problems.is_empty() {
        return;
    }
    asker.tell("Konfigurasi yang ada sekarang bermasalah:", "The present config has problems:");
    for problem in &present.problems {
        let line = format!("! {}", problem.display(asker.language));
        asker.note(&line);
    }
}

fn present(path: &Path, language: Language) -> Result<Present, SetupError> {
    let path = fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .map_err(|error| SetupError::Failed(format!("{}: {error}", path.display())))?;
    if !path.exists() {
        return Ok(Present { path, text: None, config: Config::default(), problems: Vec::new() });
    }
    let reading = Reading::read(&path);
    // What is no file is not opened: a pipe would hold it for ever. The reading above says so.
    let text = match path.is_file() {
        true => fs::read_to_string(&path).map_err(|error| error.to_string()),
        false => Err(String::new()),
    };
    let parses = text.as_ref().is_ok_and(|text| text.parse::<toml_edit::DocumentMut>().is_ok());
    match text {
        Ok(text) if parses && fits(&text) => {
            Ok(Present { path, text: Some(text), config: reading.config, problems: reading.problems })
        }
        // It cannot be changed in its place, and it is not ours to throw away.
        _ => {
            let told = reading.problems.iter().map(|p| p.display(language).to_string());
            let told = told.collect::<Vec<_>>().join("\n");
            let cure = pick(
                language,
                "Betulkan, atau pindahkan berkas itu, lalu jalankan lagi. Tidak ada yang berubah.",
                "Put it right, or move that file away, and run this again. Nothing was changed.",
            );
            Err(SetupError::Failed(format!("{told}\n{cure}")))
        }
    }
}

/// Whether somebody said already which hall this is.
fn names_a_hall(text: Option<&str>) -> bool {
    let document = text.and_then(|text| text.parse::<toml_edit::DocumentMut>().ok());
    document.is_some_and(|d| d.get("hall").is_some_and(|hall| hall.get("name").is_some()))
}

/// Whether the sections that the answers go to are sections.
fn fits(text: &str) -> bool {
    let Ok(document) = text.parse::<toml_edit::DocumentMut>() else { return false };
    let table = |name: &str| document.get(name).is_none_or(toml_edit::Item::is_table_like);
    let screens = document
        .get("screen")
        .is_none_or(|item| item.is_array_of_tables() || item.clone().into_array_of_tables().is_ok());
    ["hall", "queue", "sound"].into_iter().all(table) && screens
}

/// Whether the config can be written, before anybody answers anything.
fn writable(path: &Path, dry_run: bool, language: Language) -> Result<(), SetupError> {
    if dry_run {
        return Ok(());
    }
    let folder = path.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK).map_err(|error| {
        let error = io::Error::from(error);
        let cure = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                pick(language, "jalankan sebagai root: sudo papan setup", "run it as root: sudo papan setup")
            }
            _ => pick(language, "folder itu tidak dapat ditulisi", "that folder cannot be written to"),
        };
        SetupError::Failed(format!("{}: {error}; {cure}", folder.display()))
    })
}

/// The language of the environment; Indonesian where it names neither.
fn spoken(variable: impl Fn(&str) -> Option<String>) -> Language {
    let set =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|n| variable(n).filter(|v| !v.is_empty()));
    if set.is_some_and(|lang| lang.starts_with("en")) { Language::English } else { Language::Indonesian }
}
