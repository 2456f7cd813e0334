//! The end: what will be written, what was, and the screen's start.
//! Invariant: the last lines say what is on the screen now, or how to see it.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    SetupError,
    answers::{ScreenAnswer, TokenChoice, region_text},
    ask::{Asker, pick},
    display,
    flow::Plan,
    save::Files,
    service::{self, DISPLAY_UNIT, UNIT},
};
use crate::{cli::SetupArgs, config::Config, words::Language};

/// The config that the service reads.
const SERVICE_CONFIG: &str = "/etc/papan/papan.toml";
/// How long the screen may take to say what it shows.
const STARTS: Duration = Duration::from_secs(20);
/// What it says in its first seconds is not yet how it is: the link and the sound are being opened.
const SETTLES: u64 = 3;

/// Shows the answers, a line each.
pub(super) fn summary(asker: &mut Asker<'_>, plan: &Plan, config: &Config) {
    let answers = &plan.answers;
    let title = asker.t("Ringkasan", "Summary").to_owned();
    asker.heading(&title);
    let language = if answers.language == Language::English { "en" } else { "id" };
    let organization = if answers.organization.is_empty() { "" } else { ", " };
    let hall =
        format!("{}{organization}{}; {}; {language}", answers.name, answers.organization, answers.timezone);
    let none = asker.t("(balai contoh)", "(the demo hall)").to_owned();
    let token = match &answers.token {
        TokenChoice::New(_) => asker.t("token baru", "new token"),
        TokenChoice::Keep if config.queue.token_file.is_some() => asker.t("token lama", "present token"),
        TokenChoice::Keep | TokenChoice::Without => asker.t("tanpa token", "no token"),
    }
    .to_owned();
    let url = answers.url.as_ref().map_or(none, |url| format!("{url}; {token}"));
    let mut lines =
        vec![(asker.t("Balai", "Hall").to_owned(), hall), (asker.t("Server", "Server").to_owned(), url)];
    for screen in &answers.screens {
        lines.push((asker.t("Layar", "Screen").to_owned(), screen_text(asker, screen)));
    }
    let volume = (answers.volume * 1000.0).round() / 10.0;
    lines.push((asker.t("Suara", "Sound").to_owned(), format!("{}; {volume}%", answers.device)));
    for (name, text) in lines {
        let wrapped = super::ask::wrapped(&text, "             ");
        for (at, line) in wrapped.into_iter().enumerate() {
            let name = if at == 0 { name.as_str() } else { "" };
            asker.who.show(&format!("   {name:8}  {}", line.trim_start()));
        }
    }
}

fn screen_text(asker: &Asker<'_>, screen: &ScreenAnswer) -> String {
    let output = screen.output.clone().unwrap_or_else(|| asker.t("satu-satunya", "the only one").to_owned());
    let mut parts = vec![
        screen.layout.clone().unwrap_or_else(|| asker.t("menurut bentuknya", "by its shape").to_owned()),
    ];
    if screen.rotation != 0 {
        parts.push(format!("{}°", screen.rotation));
    }
    parts.extend(screen.region.map(region_text));
    parts.extend(screen.height_mm.map(|mm| format!("{mm} mm")));
    parts.extend(screen.viewing_distance_m.map(|m| format!("{m} m")));
    let sample = || asker.t("daftar putar contoh", "the sample playlist").to_owned();
    parts.push(screen.playlist.as_ref().map_or_else(sample, |p| p.display().to_string()));
    format!("{output}: {}", parts.join("; "))
}

/// Says what was written.
pub(super) fn written(asker: &mut Asker<'_>, files: &Files<'_>, backup: Option<&Path>) {
    let config = files.config.display();
    match (files.text, backup) {
        (None, _) => {
            asker.tell(&format!("{config}: sudah begitu."), &format!("{config}: as it was."));
        }
        (Some(_), Some(backup)) => {
            let backup = backup.display();
            asker.tell(
                &format!("Ditulis: {config}; yang lama: {backup}"),
                &format!("Written: {config}; as it was before: {backup}"),
            );
        }
        (Some(_), None) => asker.tell(&format!("Ditulis: {config}"), &format!("Written: {config}")),
    }
    if let Some((path, _)) = files.token {
        let path = path.display();
        asker.tell(
            &format!("Token: {path}, hanya terbaca oleh layanan papan."),
            &format!("Token: {path}, which the service alone can read."),
        );
    }
    for (_, to) in files.copies {
        let to = to.display();
        asker.tell(&format!("Daftar putar contoh: {to}"), &format!("Sample playlist: {to}"));
    }
}

/// Enables and starts the service, and says what is on the screen.
pub(super) fn start(asker: &mut Asker<'_>, args: &SetupArgs, asks: bool) -> Result<(), SetupError> {
    let config = args.config.display();
    let is_service = std::fs::canonicalize(&args.config).ok() == std::fs::canonicalize(SERVICE_CONFIG).ok();
    if args.no_start || !is_service || !service::exists(UNIT) {
        asker.tell(
            &format!("Untuk menampilkannya: papan --config {config}"),
            &format!("To show it: papan --config {config}"),
        );
        return Ok(());
    }
    if asks {
        let label = asker
            .t(
                "Tampilkan sekarang, dan setiap kali mesin ini hidup?",
                "Show it now, and whenever this machine starts?",
            )
            .to_owned();
        if !asker.yes(&label, true)? {
            asker.tell(
                "Nanti: systemctl enable --now papan.service",
                "Later: systemctl enable --now papan.service",
            );
            return Ok(());
        }
    }
    let console = display::console();
    match console {
        Some(display::KIOSK_CONSOLE) => asker.tell(
            "Layar memakai terminal ini sekarang. Terminal lain: Ctrl+Alt+F2.",
            "The screen takes this terminal now. Another one: Ctrl+Alt+F2.",
        ),
        Some(_) => asker.tell("Layar ada di Ctrl+Alt+F1.", "The screen is at Ctrl+Alt+F1."),
        None => {}
    }
    let failed = |why: String| {
        SetupError::Failed(
            pick(
                asker.language,
                &format!("konfigurasi ditulis, tetapi layanan tidak mulai: {why}\nLihat: journalctl -u papan -n 20"),
                &format!("the config is written, yet the service does not start: {why}\nSee: journalctl -u papan -n 20"),
            )
            .to_owned(),
        )
    };
    if service::exists(DISPLAY_UNIT) {
        // It may be one that only comes with the other.
        let _ = service::systemctl(&["enable", DISPLAY_UNIT]);
    }
    service::systemctl(&["enable", UNIT]).map_err(failed)?;
    // The compositor waits as long as another console is looked at, and ends what runs at its own.
    let waits = console.is_some();
    let restart: &[&str] = if waits { &["--no-block", "restart", UNIT] } else { &["restart", UNIT] };
    service::systemctl(restart).map_err(failed)?;
    match Some(()).filter(|()| !waits || service::is_active(DISPLAY_UNIT)).and_then(|()| status()) {
        Some(text) => {
            let title = asker.t("Di layar sekarang", "On the screen now").to_owned();
            asker.heading(&title);
            for line in text.lines().take(24) {
                asker.who.show(&format!("   {line}"));
            }
        }
        None => asker.tell("Di layar sekarang: papan status", "What is on the screen: papan status"),
    }
    Ok(())
}

/// What the running screen says of itself, once it has had the time to find out.
fn status() -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let ask =
        |words: &[&str]| Command::new(&program).arg("status").args(words).stdin(Stdio::null()).output().ok();
    let begun = Instant::now();
    while begun.elapsed() < STARTS {
        let done = ask(&["--json"])?;
        if serde_json::from_slice(&done.stdout).is_ok_and(|report| is_settled(&report)) {
            break;
        }
        thread::sleep(Duration::from_millis(500));
    }
    let done = ask(&[])?;
    matches!(done.status.code(), Some(0 | 1)).then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Whether a report is not one of the first moments: something plays, the server was asked, the sound was opened.
fn is_settled(report: &serde_json::Value) -> bool {
    let playing =
        |screen: &serde_json::Value| screen["playing"].as_str().is_some_and(|item| !item.is_empty());
    let screens = report["screens"].as_array();
    report["uptime_s"].as_u64().is_some_and(|up| up >= SETTLES)
        && screens.is_some_and(|screens| !screens.is_empty() && screens.iter().all(playing))
}
